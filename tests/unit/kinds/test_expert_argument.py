"""专家论证: chosen, without interest, heard to the last (Order 713 arts. 19 and 20)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.builders import (
    CLERK,
    EXPERT,
    OTHER_EXPERT,
    Matter,
    assess,
    codes,
    day,
    judge,
    law,
    only,
    unmets,
)
from workflow.ports import StepState

STEP = "expert_argument"
CHOICE, RELEASE = "choose_experts", "release_expert"
DECLARATION, OPINION = "declare_interest", "file_expert_opinion"
THREE = (EXPERT, OTHER_EXPERT, "expert.law")


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

    def test_experts_are_drawn_from_the_pool__order_713_art_21(self) -> None:
        stranger = [{"expert": CLERK, "field": "给排水", "employer": "规划建设局"}]
        unmet = only(judge(CHOICE, Matter(), experts=stranger))
        assert (unmet.code, unmet.params) == (
            "expert_argument.not_in_pool",
            {"experts": (CLERK,)},
        )

    def test_who_drafted_does_not_argue_about_it__order_713_art_20_2(self) -> None:
        unmet = only(judge(CHOICE, Matter().drafted(authors=[CLERK, EXPERT])))
        assert (unmet.code, unmet.params) == ("expert_argument.drafted", {"experts": (EXPERT,)})
        assert law(unmet) == ["order_713 20.2"]


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
        assert (unmet.code, law(unmet)) == ("expert_argument.not_declared", ["order_713 20.2"])

    def test_an_expert_with_a_direct_interest_is_not__order_713_art_20_2(self) -> None:
        matter = chosen().did(
            DECLARATION, by=EXPERT, direct_interest=True, relations="运营单位顾问"
        )
        unmet = only(judge(OPINION, matter, by=EXPERT))
        assert (unmet.code, law(unmet)) == (
            "expert_argument.direct_interest",
            ["order_713 20.2"],
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
