"""专家论证: chosen, without interest, heard to the last (Order 713 arts. 19 and 20)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from tests.unit.builders import (
    CLERK,
    EXPERT,
    OTHER_EXPERT,
    Matter,
    act,
    assess,
    codes,
    day,
    directory,
    earliest,
    give,
    judge,
    law,
    only,
    payload,
    procedure,
    unmets,
    with_step,
)
from workflow.definition import Citation, Procedure, Rule
from workflow.ports import StepState, View

STEP = "expert_argument"
CHOICE, RELEASE = "choose_experts", "release_expert"
DECLARATION, OPINION = "declare_interest", "file_expert_opinion"
PUBLISH, DRAW = "publish_draw", "draw_experts"
THREE = (EXPERT, OTHER_EXPERT, "expert.law")


def with_new_rule(name: str, **values: Any) -> Procedure:
    """The definition with a rule that a locality adds."""
    rule = Rule(name, (Citation("order_713", "21"),), **values)
    rules = procedure().steps[STEP].rules
    return with_step(procedure(), STEP, rules={**rules, name: rule})


def chosen() -> Matter:
    return Matter().did(CHOICE)


def declared(*experts: str, interest: bool = False) -> Matter:
    matter = chosen()
    for expert in experts:
        matter.did(DECLARATION, by=expert, expert=expert, direct_interest=interest)
    return matter


def opined(*experts: str, on: str = "2026-09-03") -> Matter:
    matter = declared(*experts)
    for expert in experts:
        matter.did(OPINION, on, by=expert, expert=expert)
    return matter


class TestChoice:
    def test_experts_may_be_chosen(self) -> None:
        assert codes(judge(CHOICE, Matter())) == []

    def test_nobody_is_chosen_twice(self) -> None:
        twice = [{"expert": EXPERT, "field": "给排水", "employer": "设计院"}] * 2
        unmet = only(judge(CHOICE, Matter(), experts=twice))
        assert (unmet.code, unmet.params) == (
            "expert_argument.named_twice",
            {"experts": (EXPERT,)},
        )

    def test_the_first_named_place_of_work_stands__order_713_art_20(self) -> None:
        moved = [{"expert": EXPERT, "field": "给排水", "employer": "大学"}]
        unmet = only(judge(CHOICE, chosen(), experts=moved))
        assert (unmet.code, unmet.params) == (
            "expert_argument.relabelled",
            {"experts": (EXPERT,), "employers": ("设计院",)},
        )
        same = [{"expert": EXPERT, "field": "水", "employer": " 设计 院"}]
        assert codes(judge(CHOICE, chosen(), experts=same)) == []

    def test_experts_are_drawn_from_the_pool__order_713_art_21(self) -> None:
        stranger = [{"expert": "discipline.supervisor", "field": "给排水", "employer": "设计院"}]
        unmet = only(judge(CHOICE, Matter(), experts=stranger))
        assert (unmet.code, unmet.params) == (
            "expert_argument.not_in_pool",
            {"experts": ("discipline.supervisor",)},
        )
        pooled = with_new_rule("pool")
        cited = only(judge(CHOICE, Matter(rules=pooled), experts=stranger))
        assert law(cited) == ["order_713 21"]

    def test_who_drafted_does_not_argue_about_it__order_713_art_20_2(self) -> None:
        unmet = only(judge(CHOICE, Matter().drafted(authors=[CLERK, EXPERT])))
        assert (unmet.code, unmet.params) == ("expert_argument.drafted", {"experts": (EXPERT,)})
        assert law(unmet) == ["order_713 20"]


class TestRelease:
    def test_an_expert_who_cannot_give_an_opinion_is_let_go(self) -> None:
        assert codes(judge(RELEASE, chosen())) == []
        matter = opined(EXPERT, "expert.law").did(RELEASE)
        assert codes(assess(STEP, matter)) == ["expert_argument.too_few_opinions"]

    def test_one_who_was_not_chosen_is_not(self) -> None:
        assert codes(judge(RELEASE, Matter())) == ["expert_argument.not_among_chosen"]
        assert codes(judge(RELEASE, chosen().did(RELEASE))) == ["expert_argument.not_among_chosen"]

    def test_a_dissenter_does_not_disappear__order_713_art_20_1(self) -> None:
        matter = opined(EXPERT, OTHER_EXPERT)
        unmet = only(judge(RELEASE, matter, expert=OTHER_EXPERT))
        assert (unmet.code, unmet.params) == (
            "expert_argument.opinion_given",
            {"expert": OTHER_EXPERT},
        )

    def test_a_silent_dissenter_is_not_sent_away__order_713_art_20_1(self) -> None:
        matter = declared(EXPERT)
        unmet = only(judge(RELEASE, matter, expert=EXPERT))
        assert (unmet.code, unmet.params) == (
            "expert_argument.released_by_side",
            {"expert": EXPERT},
        )
        under_mandate = only(judge(RELEASE, matter, by="", expert=EXPERT))
        assert under_mandate.code == "expert_argument.released_by_side"

    @pytest.mark.parametrize("by", [EXPERT, "legal.head"])
    def test_who_declared_leaves_by_own_act_or_by_one_outside_the_matter(self, by: str) -> None:
        assert codes(judge(RELEASE, declared(EXPERT), by=by, expert=EXPERT)) == []

    def test_a_co_unit_does_not_count_as_outside(self) -> None:
        matter = declared(EXPERT)
        matter.co_units = ("legal_office",)
        found = judge(RELEASE, matter, by="legal.head", expert=EXPERT)
        assert codes(found) == ["expert_argument.released_by_side"]

    def test_who_has_an_interest_is_let_go_by_the_lead_unit__order_713_art_20_2(self) -> None:
        assert codes(judge(RELEASE, declared(EXPERT, interest=True), expert=EXPERT)) == []

    def test_no_expert_lets_go_of_another(self) -> None:
        found = judge(RELEASE, chosen(), by=EXPERT, expert=OTHER_EXPERT)
        assert codes(found) == ["expert_argument.not_in_person"]

    def test_an_expert_may_be_chosen_again(self) -> None:
        matter = chosen().did(RELEASE).did(CHOICE)
        assert codes(judge(RELEASE, matter)) == []

    def test_letting_go_of_a_stranger_changes_nothing(self) -> None:
        matter = chosen().did(RELEASE, expert="expert.operator")
        assert only(unmets(assess(STEP, matter))[:1]).params == {"experts": THREE}


@pytest.mark.parametrize("act", [DECLARATION, OPINION])
class TestInPerson:
    def test_nobody_speaks_for_an_expert__order_713_art_19_2(self, act: str) -> None:
        unmet = only(judge(act, declared(EXPERT), by=OTHER_EXPERT, expert=EXPERT))
        assert (unmet.code, unmet.params) == (
            "expert_argument.not_in_person",
            {"expert": EXPERT},
        )

    def test_who_was_not_chosen_is_not_heard(self, act: str) -> None:
        matter = declared(EXPERT).did(DECLARATION, by="expert.operator", expert="expert.operator")
        unmet = only(judge(act, matter, by="expert.operator", expert="expert.operator"))
        assert unmet.code == "expert_argument.not_among_chosen"


class TestDeclaration:
    def test_an_interest_may_and_must_be_declared(self) -> None:
        assert codes(judge(DECLARATION, chosen(), by=EXPERT, direct_interest=True)) == []

    def test_without_the_pledge_of_secrecy_it_is_refused__order_713_art_19_2(self) -> None:
        unmet = only(judge(DECLARATION, chosen(), by=EXPERT, secrecy_pledged=False))
        assert (unmet.code, law(unmet)) == ("expert_argument.no_pledge", ["order_713 19.2"])


class TestOpinion:
    def test_a_declared_expert_without_interest_is_heard(self) -> None:
        assert codes(judge(OPINION, declared(EXPERT), by=EXPERT)) == []

    def test_an_undeclared_expert_is_not__order_713_art_20_2(self) -> None:
        unmet = only(judge(OPINION, chosen(), by=EXPERT))
        assert (unmet.code, law(unmet)) == ("expert_argument.not_declared", ["order_713 20"])

    def test_an_expert_with_a_direct_interest_is_not__order_713_art_20_2(self) -> None:
        matter = chosen().did(
            DECLARATION, by=EXPERT, direct_interest=True, relations="运营单位顾问"
        )
        unmet = only(judge(OPINION, matter, by=EXPERT))
        assert (unmet.code, law(unmet)) == (
            "expert_argument.direct_interest",
            ["order_713 20"],
        )
        assert unmet.params == {"expert": EXPERT, "relations": "运营单位顾问"}

    def test_an_interest_once_declared_is_not_taken_back__order_713_art_20_2(self) -> None:
        matter = declared(EXPERT, interest=True).did(DECLARATION, by=EXPERT)
        assert codes(judge(OPINION, matter, by=EXPERT)) == ["expert_argument.direct_interest"]
        assert "expert_argument.opinions_missing" not in codes(assess(STEP, matter))

    def test_an_unsigned_opinion_does_not_count__order_713_art_19_2(self) -> None:
        unmet = only(judge(OPINION, declared(EXPERT), by=EXPERT, signed=False))
        assert (unmet.code, law(unmet)) == ("expert_argument.unsigned", ["order_713 19.2"])

    def test_an_opinion_signed_ahead_is_refused(self) -> None:
        found = judge(OPINION, declared(EXPERT), by=EXPERT, signed_on="2026-09-02")
        assert codes(found) == ["record.future_day"]


class TestStanding:
    def test_without_experts_it_is_open__order_713_art_19_1(self) -> None:
        found = assess(STEP, Matter())
        assert (found.state, codes(found)) == (
            StepState.PENDING,
            ["expert_argument.not_chosen"],
        )
        assert law(only(found)) == ["order_713 19.1"]

    def test_every_chosen_expert_has_to_declare(self) -> None:
        undeclared, too_few = unmets(assess(STEP, chosen()))
        assert undeclared.code == "expert_argument.declarations_missing"
        assert undeclared.params == {"experts": THREE}
        assert too_few.params == {"wanted": 3, "given": 0}

    def test_a_dissenter_is_waited_for(self) -> None:
        matter = opined(EXPERT, OTHER_EXPERT).did(DECLARATION, by="expert.law", expert="expert.law")
        too_few, silent = unmets(assess(STEP, matter))
        assert (too_few.code, too_few.params) == (
            "expert_argument.too_few_opinions",
            {"wanted": 3, "given": 2},
        )
        assert (silent.code, silent.params) == (
            "expert_argument.opinions_missing",
            {"experts": ("expert.law",)},
        )

    def test_an_interested_expert_is_neither_counted_nor_waited_for(self) -> None:
        matter = opined(EXPERT, OTHER_EXPERT)
        matter.did(DECLARATION, by="expert.law", expert="expert.law", direct_interest=True)
        assert codes(assess(STEP, matter)) == ["expert_argument.too_few_opinions"]

    def test_an_interest_declared_afterwards_takes_the_opinion_away(self) -> None:
        matter = opined(*THREE).did(DECLARATION, by=EXPERT, direct_interest=True)
        assert codes(assess(STEP, matter)) == ["expert_argument.too_few_opinions"]

    def test_two_opinions_of_one_expert_count_once(self) -> None:
        matter = opined(EXPERT, OTHER_EXPERT).did(OPINION, by=EXPERT)
        unmet = unmets(assess(STEP, matter))[1]
        assert unmet.params == {"wanted": 3, "given": 2}

    def test_a_second_choice_adds_to_the_first(self) -> None:
        replacement: list[dict[str, Any]] = [
            {"expert": "expert.operator", "field": "运营", "employer": "协会"}
        ]
        matter = opined(EXPERT, OTHER_EXPERT)
        matter.did(DECLARATION, by="expert.law", expert="expert.law", direct_interest=True)
        matter.did(CHOICE, experts=replacement)
        matter.did(DECLARATION, by="expert.operator", expert="expert.operator")
        matter.did(OPINION, "2026-09-09", by="expert.operator", expert="expert.operator")
        found = assess(STEP, matter)
        assert (found.state, found.on) == (StepState.SATISFIED, day("2026-09-09"))

    def test_enough_opinions_satisfy_it__profile(self) -> None:
        assert assess(STEP, opined(*THREE)).state is StepState.SATISFIED


class TestTies:
    """What the system finds out by itself, besides the expert's own word (Order 713 art. 20)."""

    def test_who_counsels_does_not_argue__order_713_art_20_2(self) -> None:
        matter = Matter().did("record_counsel_opinion", by=EXPERT)
        unmet = only(judge(CHOICE, matter))
        assert (unmet.code, unmet.params) == ("expert_argument.counsels", {"experts": (EXPERT,)})
        assert law(unmet) == ["order_713 20"]

    @pytest.mark.parametrize(
        "sides",
        [
            {"proposing_unit": "expert_pool"},
            {"lead_unit": "expert_pool"},
            {"co_units": ("expert_pool",)},
        ],
    )
    def test_a_post_with_a_side_is_a_tie__order_713_art_20_2(self, sides: dict[str, Any]) -> None:
        one = [{"expert": EXPERT, "field": "给排水", "employer": "设计院"}]
        unmet = only(judge(CHOICE, Matter(**sides), experts=one))
        assert (unmet.code, unmet.params) == (
            "expert_argument.holds_post",
            {"experts": (EXPERT,), "units": ("expert_pool",)},
        )

    @pytest.mark.parametrize("employer", ["规划建设局", " 规划 建设局 ", "planning_construction"])
    def test_who_works_for_a_side_is_tied_to_it__order_713_art_20_2(self, employer: str) -> None:
        one = [{"expert": EXPERT, "field": "给排水", "employer": employer}]
        unmet = only(judge(CHOICE, Matter(), experts=one))
        assert unmet.code == "expert_argument.employer_concerned"
        assert unmet.params == {"experts": (EXPERT,), "employers": (employer.strip(),)}

    def test_who_works_for_a_unit_consulted_is_tied_to_it__order_713_art_20_2(self) -> None:
        one = [{"expert": EXPERT, "field": "财务", "employer": "财政金融局"}]
        assert codes(judge(CHOICE, Matter(), experts=one)) == []
        consulted = Matter().did("file_consultation")
        found = judge(CHOICE, consulted, experts=one)
        assert codes(found) == ["expert_argument.employer_concerned"]

    def test_a_tie_that_comes_after_the_choice_bars_the_opinion__order_713_art_20_2(self) -> None:
        matter = declared(EXPERT).drafted(authors=[CLERK, EXPERT])
        assert codes(judge(OPINION, matter, by=EXPERT)) == ["expert_argument.drafted"]


class TestMixture:
    """Professional, representative, neutral (Order 713 art. 20)."""

    def test_all_from_one_place_of_work_are_not_representative__order_713_art_20_1(self) -> None:
        same = [{"expert": name, "field": "水", "employer": "设计院"} for name in THREE]
        same[2]["employer"] = "设 计 院"
        unmet = unmets(assess(STEP, Matter().did(CHOICE, experts=same)))[-1]
        assert (unmet.code, unmet.params) == (
            "expert_argument.too_few_employers",
            {"wanted": 2, "given": 1},
        )
        assert law(unmet) == ["order_713 20"]

    def test_an_even_number_is_refused_where_it_has_to_be_odd__local_rule(self) -> None:
        matter = opined(EXPERT, OTHER_EXPERT)
        matter.did(DECLARATION, by="expert.law", expert="expert.law", direct_interest=True)
        matter.rules = with_new_rule("odd")
        unmet = unmets(assess(STEP, matter))[-1]
        assert (unmet.code, unmet.params) == ("expert_argument.even_number", {"given": 2})
        whole = opined(*THREE)
        whole.rules = with_new_rule("odd")
        assert assess(STEP, whole).state is StepState.SATISFIED

    def test_the_department_in_charge_has_at_most_its_share__local_rule(self) -> None:
        rules = with_new_rule("sector_share", share=Fraction(1, 3))
        officials = [
            {"expert": name, "field": "水", "employer": f"{name}厅", "sector": name != EXPERT}
            for name in THREE
        ]
        matter = Matter(rules=rules).did(CHOICE, experts=officials)
        unmet = unmets(assess(STEP, matter))[-1]
        assert (unmet.code, unmet.params) == (
            "expert_argument.sector_heavy",
            {"experts": ("expert.law", OTHER_EXPERT), "given": 3, "most": 1},
        )
        officials[1]["sector"] = False
        assert codes(judge(CHOICE, matter, experts=officials)) == ["expert_argument.relabelled"]
        matter.did(CHOICE, experts=officials)
        assert "expert_argument.sector_heavy" in codes(assess(STEP, matter))

    def test_a_complex_matter_wants_more_opinions__local_rule(self) -> None:
        rules = with_new_rule("minimum_complex", value=7, choices=("stability_risk",))
        matter = opined(*THREE)
        matter.rules = rules
        assert assess(STEP, matter).state is StepState.SATISFIED
        matter.answers = {**matter.answers, "stability_risk": True}
        unmet = only(assess(STEP, matter))
        assert (unmet.params, law(unmet)) == ({"wanted": 7, "given": 3}, ["order_713 21"])


class TestLeavingThePool:
    """Whoever left the pool is not chosen any more; what was said before stays (art. 21)."""

    @staticmethod
    def without(matter: Matter, expert: str) -> View:
        view = matter.view(matter.rules.steps[STEP])
        return replace(view, able=lambda act: view.able(act) - {expert})

    def test_who_left_is_not_chosen__order_713_art_21(self) -> None:
        ruling = act(CHOICE).judge(self.without(Matter(), EXPERT), payload(CHOICE))
        assert only(ruling).params == {"experts": (EXPERT,)}

    def test_the_opinion_given_before_stays__order_713_art_21(self) -> None:
        assert assess(STEP, opined(*THREE), on="2027-09-01").state is StepState.SATISFIED

    def test_who_left_before_the_opinion_cannot_give_it_and_is_released__order_713_art_21(
        self,
    ) -> None:
        people = directory()
        ended = tuple(
            replace(held, until=day("2026-08-31")) if held.person == EXPERT else held
            for held in people.appointments
        )
        left = replace(people, appointments=ended)
        matter = opined(OTHER_EXPERT, "expert.law").did(DECLARATION, by=EXPERT)
        matter.did("study").did("file_research").did("file_legal_basis").drafted()
        found = give(OPINION, EXPERT, matter, people=left)
        assert codes(found) == ["authority.role"]
        assert codes(give(RELEASE, CLERK, matter, people=left, expert=EXPERT)) == []

    def test_an_opinion_signed_outside_the_pool_does_not_count__order_713_art_21(self) -> None:
        people = directory()
        late = tuple(
            replace(held, since=day("2026-09-02")) if held.person == EXPERT else held
            for held in people.appointments
        )
        matter = opined(OTHER_EXPERT, "expert.law").did(DECLARATION, by=EXPERT)
        matter.people = replace(people, appointments=late)
        unmet = only(judge(OPINION, matter, "2026-09-03", EXPERT, signed_on="2026-09-01"))
        assert (unmet.code, unmet.params) == (
            "expert_argument.signed_outside_pool",
            {"expert": EXPERT, "signed_on": day("2026-09-01")},
        )
        assert codes(judge(OPINION, matter, "2026-09-03", EXPERT, signed_on="2026-09-02")) == []


class TestDraw:
    """A draw that anybody can recompute, with a seed that nobody knew when it was published."""

    ORDER = (EXPERT, "expert.operator", OTHER_EXPERT, "expert.law")

    @staticmethod
    def published() -> Matter:
        return Matter().did(PUBLISH)

    def drawn(self) -> Matter:
        return self.published().did(DRAW, "2026-09-03")

    @pytest.mark.parametrize("digits", [0, 1, 5])
    def test_a_seed_of_few_digits_could_be_steered__local_rule(self, digits: int) -> None:
        with pytest.raises(ValidationError, match="seed_digits"):
            judge(PUBLISH, Matter(), seed_digits=digits)
        assert codes(judge(PUBLISH, Matter(), seed_digits=6)) == []

    def test_a_draw_is_published_before_its_seed_is_known__local_rule(self) -> None:
        assert codes(judge(PUBLISH, Matter())) == []
        unmet = only(judge(PUBLISH, Matter(), seed_on="2026-09-01"))
        assert (unmet.code, unmet.params) == (
            "expert_argument.seed_known",
            {"seed_on": day("2026-09-01")},
        )

    def test_there_is_something_to_draw(self) -> None:
        unmet = only(judge(PUBLISH, Matter(), places=4))
        assert (unmet.code, unmet.params) == (
            "expert_argument.draw_of_all",
            {"places": 4, "given": 4},
        )

    def test_nobody_publishes_until_the_lot_suits(self) -> None:
        assert codes(judge(PUBLISH, self.published())) == ["expert_argument.draw_published"]
        assert codes(judge(PUBLISH, self.published(), instead="当期停止开奖")) == []

    def test_from_its_seeds_day_a_draw_stands_for_the_units_of_the_matter(self) -> None:
        again = {"instead": "专家有事", "seed_on": "2026-09-08"}
        unmet = only(judge(PUBLISH, self.published(), "2026-09-03", **again))
        assert (unmet.code, unmet.params) == (
            "expert_argument.draw_stands",
            {"seed_on": day("2026-09-03")},
        )
        held = judge(PUBLISH, self.drawn(), "2026-09-04", **again)
        assert codes(held) == ["expert_argument.draw_stands"]
        assert codes(judge(PUBLISH, self.drawn(), "2026-09-04", by="legal.head", **again)) == []

    def test_the_seed_is_that_of_the_announced_day(self) -> None:
        found = judge(DRAW, self.published(), "2026-09-05", observed_on="2026-09-04")
        assert codes(found) == ["expert_argument.seed_of_another_day"]
        assert codes(judge(DRAW, self.published(), "2026-09-05")) == []

    @pytest.mark.parametrize("seed", ["03 07 15 20 27 31 040", "无"])
    def test_the_seed_has_the_announced_number_of_digits(self, seed: str) -> None:
        unmet = only(judge(DRAW, self.published(), "2026-09-03", seed=seed))
        assert unmet.code == "expert_argument.seed_form"

    def test_candidates_are_fit_to_be_chosen__order_713_art_20_2(self) -> None:
        matter = Matter().drafted(authors=[CLERK, EXPERT])
        assert codes(judge(PUBLISH, matter)) == ["expert_argument.drafted"]

    def test_it_is_not_held_unpublished_too_early_or_twice(self) -> None:
        on = "2026-09-03"
        assert codes(judge(DRAW, Matter(), on)) == ["expert_argument.draw_not_published"]
        early = only(judge(DRAW, self.published(), on, observed_on="2026-09-02"))
        assert (early.code, early.params) == (
            "expert_argument.seed_not_due",
            {"seed_on": day("2026-09-03")},
        )
        assert codes(judge(DRAW, self.published(), "2026-09-02")) == ["record.future_day"]
        assert codes(judge(DRAW, self.drawn(), on)) == ["expert_argument.draw_held"]

    def test_it_gives_the_order_that_seed_and_names_give(self) -> None:
        ruling = judge(DRAW, self.published(), "2026-09-03")
        assert ruling.extra == {"order": list(self.ORDER), "places": 3}

    def left(self, person: str, last_day: str) -> Matter:
        """A published draw, one of whose candidates leaves the pool with this day."""
        matter = Matter().did(PUBLISH, places=2)
        (held,) = directory().of_person(person, day("2026-09-01"))
        matter.people = directory().without(held, day(last_day))
        return matter

    def test_who_left_by_the_announced_day_is_not_drawn__order_713_art_21(self) -> None:
        order = [name for name in self.ORDER if name != "expert.operator"]
        ruling = judge(DRAW, self.left("expert.operator", "2026-09-02"), "2026-09-04")
        assert ruling.extra == {"order": order, "places": 2, "left": ["expert.operator"]}

    def test_who_leaves_once_the_seed_is_known_is_drawn_and_then_released(self) -> None:
        ruling = judge(DRAW, self.left("expert.operator", "2026-09-03"), "2026-09-04")
        assert ruling.extra == {"order": list(self.ORDER), "places": 2}

    def test_where_nothing_is_left_to_draw_it_is_published_anew(self) -> None:
        matter = self.left("expert.operator", "2026-09-02")
        (held,) = matter.people.of_person("expert.law", day("2026-09-01"))
        matter.people = matter.people.without(held, day("2026-09-02"))
        unmet = only(judge(DRAW, matter, "2026-09-03"))
        assert (unmet.code, unmet.params) == (
            "expert_argument.left_pool",
            {"experts": ("expert.law", "expert.operator"), "places": 2},
        )

    def test_the_drawn_experts_are_the_chosen_ones(self) -> None:
        undeclared, too_few = unmets(assess(STEP, self.drawn()))
        assert undeclared.params == {"experts": self.ORDER[:3]}
        assert too_few.code == "expert_argument.too_few_opinions"

    def test_until_it_is_held_it_is_owed(self) -> None:
        owed, _ = unmets(assess(STEP, self.published()))
        assert (owed.code, owed.params) == (
            "expert_argument.draw_owed",
            {"seed_on": day("2026-09-03")},
        )

    def test_who_has_an_interest_makes_room_for_the_next_once__order_713_art_20_2(self) -> None:
        matter = self.drawn()
        for _ in range(2):
            matter.did(DECLARATION, by=EXPERT, direct_interest=True)
        undeclared = unmets(assess(STEP, matter))[0]
        assert undeclared.params == {"experts": self.ORDER[1:]}

    def test_who_is_released_makes_room_for_the_next(self) -> None:
        matter = self.drawn().did(RELEASE, expert=EXPERT)
        assert unmets(assess(STEP, matter))[0].params == {"experts": self.ORDER[1:]}

    def test_nobody_is_chosen_past_it(self) -> None:
        unmet = only(judge(CHOICE, self.drawn()))
        assert (unmet.code, unmet.params) == (
            "expert_argument.not_drawn",
            {"experts": ("expert.law",)},
        )

    def test_who_was_drawn_may_be_named_again(self) -> None:
        listed = payload(PUBLISH).model_dump(mode="json")["experts"]
        drawn = [each for each in listed if each["expert"] in self.ORDER[:3]]
        assert codes(judge(CHOICE, self.drawn(), experts=drawn)) == []

    def test_where_it_is_demanded_nobody_is_chosen_without__local_rule(self) -> None:
        unmet = only(judge(CHOICE, Matter(rules=with_new_rule("draw"))))
        assert (unmet.code, law(unmet)) == ("expert_argument.not_drawn", ["order_713 21"])

    def test_a_second_draw_fills_up_the_first(self) -> None:
        matter = self.drawn().did(PUBLISH, instead="人数不足", seed_on="2026-09-08", places=1)
        matter.did(DRAW, "2026-09-08", observed_on="2026-09-08")
        assert unmets(assess(STEP, matter))[0].params == {"experts": self.ORDER}

    def test_the_seed_is_waited_for__local_rule(self) -> None:
        assert earliest(STEP, Matter(), "2026-09-01") == ("2026-09-01", False)
        assert earliest(STEP, self.published(), "2026-09-01") == ("2026-09-03", False)
        assert earliest(STEP, self.published(), "2026-09-04") == ("2026-09-04", False)
        assert earliest(STEP, self.drawn(), "2026-09-03") == ("2026-09-03", False)
        demanded = Matter(rules=with_new_rule("draw"))
        assert earliest(STEP, demanded, "2026-09-01") == ("2026-09-02", False)
