"""事项认定: answers confirmed or corrected, with reasons for what they spare (Order 713 art. 3)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

import pytest

from tests.unit.builders import (
    GOOD,
    KEEPER,
    LEGAL_HEAD,
    NO_STEP,
    OFFICE_HEAD,
    TODAY,
    Matter,
    act,
    assess,
    codes,
    day,
    earliest,
    give,
    judge,
    law,
    lens,
    only,
    payload,
    procedure,
    unmets,
    with_rule,
    with_step,
)
from workflow.decisions.scene import SetMatter
from workflow.kin import Kin, key_of
from workflow.planning import Assumption, plan
from workflow.ports import StepState

STEP, ACT = "classification", "classify"


def rulings(*without: str) -> list[Any]:
    given: Any = GOOD[ACT]["rulings"]
    return [each for each in given if each["question"] not in without]


def proposed() -> Matter:
    return Matter(stage="proposed", lead_unit=None).did("study")


class TestReasons:
    def test_without_a_classification_the_step_is_open__order_713_art_3_1(self) -> None:
        found = assess(STEP, proposed())
        assert (found.state, codes(found)) == (StepState.PENDING, ["classification.missing"])
        assert law(only(found)) == ["order_713 3.1", "order_713 3.2"]

    def test_with_every_reason_it_is_classified__order_713_art_3_1(self) -> None:
        assert codes(judge(ACT, proposed())) == []
        assert assess(STEP, proposed().did(ACT)).state is StepState.SATISFIED

    @pytest.mark.parametrize(
        "question",
        ["hearing_required_by_law", "direct_interests", "technical", "stability_risk"],
    )
    def test_no_is_a_reasoned_ruling__order_713_arts_16_1_and_19_1(self, question: str) -> None:
        unmet = only(judge(ACT, proposed(), rulings=rulings(question)))
        assert (unmet.code, unmet.params) == (
            "classification.unreasoned",
            {"question": procedure().questions[question].text, "id": question},
        )
        own = [
            f"{each.instrument} {each.article}"
            for each in procedure().questions[question].citations
        ]
        assert law(unmet) == ["order_713 3.1", *own]

    def test_that_a_matter_is_not_made_public_is_one_too__order_713_art_14_1(self) -> None:
        unmet = only(judge(ACT, proposed(), rulings=rulings("confidential_by_law")))
        assert unmet.params["id"] == "confidential_by_law"
        assert law(unmet)[:2] == ["order_713 3.1", "order_713 14.1"]

    def test_where_the_step_is_taken_no_reason_is_owed(self) -> None:
        given: dict[str, Any] = {"answers": {"technical": True}, "rulings": rulings("technical")}
        assert codes(judge(ACT, proposed(), **given)) == []

    def test_a_yes_that_spares_a_step_wants_one_though_no_rule_names_it__order_713_art_3_1(
        self,
    ) -> None:
        step = procedure().steps[STEP]
        rules = {name: rule for name, rule in step.rules.items() if name != "reasoned_if_yes"}
        matter = proposed()
        matter.rules = with_step(procedure(), STEP, rules=rules)
        unmet = only(judge(ACT, matter, rulings=rulings("confidential_by_law")))
        assert unmet.params["id"] == "confidential_by_law"

    @pytest.mark.parametrize(
        "question",
        ["market_activity", "spends_money", "touches_other_units", "specific_groups"],
    )
    def test_whatever_no_spares_a_step_is_reasoned__order_713_art_3_1(self, question: str) -> None:
        unmet = only(judge(ACT, proposed(), rulings=rulings(question)))
        assert (unmet.code, unmet.params["id"]) == ("classification.unreasoned", question)
        assert {"order_713 3.1"} < set(law(unmet))

    @pytest.mark.parametrize("question", ["acquires_land", "normative_document", "signs_contract"])
    def test_a_no_that_keeps_a_procedure_from_joining_is_too__order_713_art_3_1(
        self, question: str
    ) -> None:
        unmet = only(judge(ACT, proposed(), rulings=rulings(question)))
        assert (unmet.code, unmet.params["id"]) == ("classification.unreasoned", question)

    def test_an_answer_that_no_duty_hangs_on_wants_none(self) -> None:
        matter = proposed()
        matter.rules = with_rule(procedure(), STEP, "reasoned", choices=())
        assert codes(judge(ACT, matter, rulings=rulings("direct_interests"))) == []

    def test_a_reason_for_no_question_is_refused(self) -> None:
        given = [*rulings(), {"question": "weather", "reasons": "晴"}]
        unmet = only(judge(ACT, proposed(), rulings=given))
        assert (unmet.code, unmet.params) == (
            "classification.ruling_on_nothing",
            {"questions": ("weather",)},
        )

    def test_a_locality_may_ask_for_more_reasons(self) -> None:
        matter = proposed()
        matter.rules = with_rule(procedure(), STEP, "reasoned", choices=("direct_interests",))
        found = judge(ACT, matter, rulings=rulings("direct_interests"))
        assert codes(found) == ["classification.unreasoned"]


class TestCorrections:
    def test_only_what_differs_is_corrected__order_713_art_3_1(self) -> None:
        given = {"technical": True, "spends_money": False}
        ruling = judge(ACT, proposed(), answers=given)
        assert (codes(ruling), ruling.answers) == ([], {"technical": True})

    def test_it_takes_effect_with_old_and_new_in_the_journal(self) -> None:
        verdict = give(ACT, KEEPER, proposed(), answers={"technical": True})
        assert verdict.decision.effects == (SetMatter({"answers": {**NO_STEP, "technical": True}}),)
        assert verdict.decision.changes == {"answers.technical": (False, True)}

    def test_what_it_would_correct_is_known_before_it_is_judged(self) -> None:
        given = payload(ACT, answers={"technical": True})
        assert given.corrections() == {"technical": True}

    def test_an_answer_must_fit_its_question(self) -> None:
        found = judge(ACT, proposed(), answers={"category": "policy", "weather": True})
        assert codes(found) == ["matter.question_unknown", "matter.answer_unfit"]
        assert {unmet.step for unmet in unmets(found)} == {STEP}
        assert all(unmet.cured_by for unmet in unmets(found))

    def test_a_question_left_open_by_an_older_version_is_answered_now(self) -> None:
        matter = proposed()
        matter.answers = {name: answer for name, answer in NO_STEP.items() if name != "origin"}
        assert codes(judge(ACT, matter)) == ["matter.question_open"]
        assert codes(judge(ACT, matter, answers={"origin": "leader"})) == []

    def test_an_answer_to_a_question_that_is_gone_does_no_harm(self) -> None:
        matter = proposed()
        matter.answers = {**NO_STEP, "weather": True}
        assert codes(judge(ACT, matter)) == []

    def test_no_cannot_stand_against_a_co_unit__order_713_art_13(self) -> None:
        answers = {**NO_STEP, "touches_other_units": True}
        matter = Matter(answers=answers, co_units=("finance",))
        assert codes(judge(ACT, matter)) == []
        unmet = only(judge(ACT, matter, answers={"touches_other_units": False}))
        assert (unmet.code, law(unmet)) == ("matter.answer_contradicts", ["order_713 13"])
        assert [holder.role for holder in unmet.cured_by] == ["director"]


class TestWhoDecides:
    def test_before_the_start_the_level_may_be_corrected__order_713_art_27(self) -> None:
        ruling = judge(ACT, proposed(), answers={"decision_level": "superior"})
        assert (codes(ruling), ruling.answers) == ([], {"decision_level": "superior"})

    def test_after_the_start_it_may_not__order_713_art_27(self) -> None:
        matter = proposed().did(ACT).did("start")
        unmet = only(judge(ACT, matter, answers={"decision_level": "superior"}))
        assert (unmet.code, law(unmet)) == ("classification.decider_changes", ["order_713 27"])
        assert [holder.role for holder in unmet.cured_by] == ["head", "head"]

    def test_confirmed_it_is_not_changed(self) -> None:
        matter = proposed().did(ACT).did("start")
        assert codes(judge(ACT, matter, answers={"decision_level": "zone"})) == []

    def test_a_matter_of_the_superior_is_not_started_here__order_713_art_27(self) -> None:
        matter = proposed().did(ACT)
        matter.answers = {**NO_STEP, "decision_level": "superior"}
        assert codes(give("start", "leader.director", matter)) == ["authority.role"]
        assert codes(give("start", "superior.director", matter)) == []


class TestWhatHasBegun:
    """No answer rules away what a step has begun to find out."""

    def technical(self) -> Matter:
        answers = {**NO_STEP, "technical": True}
        return Matter(answers=answers).did(ACT).drafted().did("choose_experts")

    def test_a_step_that_was_begun_is_not_answered_away__order_713_art_19_1(self) -> None:
        unmet = only(judge(ACT, self.technical(), answers={"technical": False}))
        assert (unmet.code, law(unmet)) == ("classification.begun", ["order_713 19.1"])
        argument = procedure().steps["expert_argument"]
        assert unmet.params == {"step": argument.name}
        assert unmet.cured_by == argument.first_act

    def test_one_that_may_never_be_waived_cites_its_own_law__order_713_art_13(self) -> None:
        matter = Matter(answers={**NO_STEP, "touches_other_units": True})
        matter.drafted().did("file_consultation")
        unmet = only(judge(ACT, matter, answers={"touches_other_units": False}))
        step = procedure().steps["department_consultation"]
        assert step.waivable is None
        assert (unmet.code, unmet.citations) == ("classification.begun", step.citations)

    def test_it_stays_on_file_where_its_work_lapsed__order_713_art_19_1(self) -> None:
        matter = self.technical().drafted(text="改", nature="substantive")
        refused = judge(ACT, matter, answers={"technical": False})
        assert codes(refused) == ["classification.begun"]

    def test_before_it_began_it_may_be__order_713_art_3_1(self) -> None:
        matter = Matter(answers={**NO_STEP, "technical": True}).did(ACT)
        assert codes(judge(ACT, matter, answers={"technical": False})) == []

    def test_what_asks_for_it_still_does_no_harm__order_713_art_3_1(self) -> None:
        assert codes(judge(ACT, self.technical(), answers={"spends_money": True})) == []

    def test_what_was_done_without_being_asked_for_binds_nobody(self) -> None:
        matter = Matter().did("choose_experts")
        assert codes(judge(ACT, matter, answers={"spends_money": True})) == []

    def test_a_step_of_a_joined_procedure_is_kept_with_it__order_713_art_19_1(self) -> None:
        """Where the corrected answers no longer bring in the procedure that knows the step."""
        matter = self.technical()
        rules = procedure()
        steps = {name: step for name, step in rules.steps.items() if name != "expert_argument"}
        view = replace(
            matter.view(rules.steps[STEP]), procedure=replace(rules, steps=steps), before=rules
        )
        assert codes(act(ACT).judge(view, payload(ACT))) == ["classification.begun"]


class TestWhoAndWhen:
    def test_the_agenda_office_classifies_and_nobody_else(self) -> None:
        assert codes(give(ACT, KEEPER, proposed())) == []
        assert codes(give(ACT, "planning.clerk", proposed())) == ["authority.role"]

    def test_who_proposed_does_not_classify__order_713_art_3_1(self) -> None:
        matter = proposed().did("propose", by=OFFICE_HEAD)
        unmet = only(give(ACT, OFFICE_HEAD, matter))
        assert (unmet.code, unmet.params["people"]) == (
            "classification.own_proposal",
            (OFFICE_HEAD,),
        )

    @pytest.mark.parametrize(
        ("stage", "refused"),
        [
            ("drafting", []),
            ("under_review", []),
            ("review_passed", ["classification.too_late"]),
            ("tabled", ["stage.not_allowed"]),
        ],
    )
    def test_until_the_review_has_passed_it_may_be_given_again(
        self, stage: str, refused: list[str]
    ) -> None:
        matter = replace(proposed(), stage=stage)
        assert codes(give(ACT, KEEPER, matter)) == refused

    def test_after_the_review_only_what_is_asked_before_the_issue_is_answered__order_713_art_8_1(
        self,
    ) -> None:
        open_ = {name: given for name, given in NO_STEP.items() if name != "people_congress"}
        matter = replace(proposed(), stage="decided", answers=open_)
        late: dict[str, Any] = {"answers": {"people_congress": "report"}, "rulings": []}
        assert codes(give(ACT, KEEPER, matter, **late)) == ["classification.late_unreasoned"]
        told = {"question": "people_congress", "reasons": "本级人大要求报告"}
        assert codes(give(ACT, KEEPER, matter, **late | {"rulings": [told]})) == []
        other: dict[str, Any] = {"answers": {"technical": True}, "rulings": []}
        assert codes(give(ACT, KEEPER, matter, **other)) == ["classification.too_late"]
        assert codes(give(ACT, KEEPER, matter, **late, project="另一项目")) == [
            "classification.late_unreasoned",
            "classification.too_late",
        ]

    def test_it_takes_no_time_of_its_own(self) -> None:
        assert earliest(STEP, proposed(), "2026-09-05") == ("2026-09-05", False)


class TestSplitting:
    """Parts of one project are added up, and no part is small by itself (three_major)."""

    RULED: Final[dict[str, Any]] = {
        "rulings": [
            {"question": "major_decision", "reasons": "执行已有决定"},
            {"question": "signs_contract", "reasons": "自行建设"},
        ]
    }

    def part(self, amount: int | None = 4_000_000, others: int = 6_000_000) -> Matter:
        """A matter under the house rules with one of the same project, proposed on one day."""
        rules = procedure("major_items")
        answers: dict[str, Any] = {
            "decision_level": "zone",
            "item_class": "project",
            "major_decision": False,
            "signs_contract": False,
        }
        kin = Kin("2026-2", "二期", others, day(TODAY), {"project": key_of("标准厂房")})
        matter = Matter("proposed", rules=rules, answers=answers, kin=(kin,))
        return matter.did("propose", project="标准厂房", amount_yuan=amount)

    def told(self, matter: Matter, **changes: Any) -> list[str]:
        return codes(judge(ACT, matter, **{**self.RULED, **changes}))

    def test_parts_that_come_to_the_threshold_are_not_answered_by_no__three_major(self) -> None:
        matter = self.part()
        unmet = only(judge(ACT, matter, **self.RULED))
        assert unmet.code == "classification.split"
        assert law(unmet) == ["three_major", "order_713 3.1", "order_713 3.2"]
        assert unmet.params == {
            "question": matter.rules.questions["major_decision"].text,
            "tie": "project",
            "own": 4_000_000,
            "matters": ("2026-2 (6000000) 二期",),
            "total": 10_000_000,
            "threshold": 10_000_000,
        }
        units = [holder.of for holder in unmet.cured_by]
        assert units == ["agenda_office", "agenda_office", "legal_office", "legal_office"]

    def test_below_the_threshold_they_are_as_classified__three_major(self) -> None:
        assert self.told(self.part(others=5_999_999)) == []

    def test_answered_by_yes_they_are_what_they_are__three_major(self) -> None:
        assert self.told(self.part(), answers={"major_decision": True}) == []

    def test_kin_proposed_after_the_adoption_undoes_nothing__three_major(self) -> None:
        (kin,) = self.part().kin
        matter = replace(self.part(), kin=(replace(kin, proposed_on=day("2026-11-06")),))
        matter = matter.did(ACT)
        assert codes(assess(STEP, matter)) == ["classification.split"]
        assert codes(assess(STEP, matter.adopted())) == []
        before = replace(matter, kin=(replace(kin, proposed_on=day("2026-11-05")),))
        assert codes(assess(STEP, before)) == ["classification.split"]

    def test_kin_proposed_later_opens_the_classification_again__three_major(self) -> None:
        matter = self.part()
        matter.kin, kin = (), matter.kin
        matter.did(ACT, **self.RULED)
        assert assess(STEP, matter).state is StepState.SATISFIED
        matter.kin = kin
        found = assess(STEP, matter)
        assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["classification.split"])

    def test_the_plan_takes_them_as_ruled_independent__three_major(self) -> None:
        matter = self.part()
        matter.did(ACT, **self.RULED)
        found = plan(lens(TODAY, matter.rules), matter.facts)
        assert Assumption.INDEPENDENT in {each.what for each in found.assumptions}
        assert "rule_separate" in {each.command for each in found.errands if each.day == day(TODAY)}
        assert "classification" not in {leg.step.id for leg in found.legs}

    def test_ruled_independent_they_are_not_added_up__three_major(self) -> None:
        matter = self.part().did("rule_separate", by=LEGAL_HEAD)
        assert self.told(matter) == []

    def test_alone_at_the_threshold_it_waits_for_the_legal_office__three_major(self) -> None:
        matter = self.part(amount=10_000_000)
        matter.kin = ()
        assert self.told(matter) == []
        matter.did(ACT, **self.RULED)
        found = assess(STEP, matter)
        assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["classification.large"])
        unmet = only(found)
        assert law(unmet) == ["three_major", "order_713 3.1", "order_713 3.2"]
        assert "legal_office" in {holder.of for holder in unmet.cured_by}
        matter.did("rule_not_major", by=LEGAL_HEAD)
        assert assess(STEP, matter).state is StepState.SATISFIED
        assert codes(assess(STEP, matter.did(ACT, **self.RULED))) == ["classification.large"]

    def test_a_budget_confirmed_for_more_opens_it_again__three_major(self) -> None:
        matter = self.part(amount=None)
        matter.kin, matter.records = (), ()
        matter.did("propose").did(ACT, **self.RULED)
        assert assess(STEP, matter).state is StepState.SATISFIED
        matter.did("confirm_budget_line", amount_yuan=10_000_000, covered=True)
        assert codes(assess(STEP, matter)) == ["classification.large"]

    def test_what_is_answered_by_yes_is_not_held_up__three_major(self) -> None:
        matter = self.part(amount=10_000_000)
        matter.kin, matter.answers = (), {**matter.answers, "major_decision": True}
        assert assess(STEP, matter.did(ACT, **self.RULED)).state is StepState.SATISFIED

    def test_without_an_amount_nobody_can_tell__three_major(self) -> None:
        matter = self.part(amount=None)
        unmet = only(judge(ACT, matter, **self.RULED))
        assert unmet.code == "classification.amount_missing"
        assert {holder.of for holder in unmet.cured_by} == {"agenda_office"}
        assert self.told(matter, amount_yuan=3_999_999) == []
        assert self.told(matter, amount_yuan=4_000_000) == ["classification.split"]

    def test_who_classifies_can_state_what_the_proposal_left_out__three_major(self) -> None:
        matter = self.part()
        matter.records = ()
        matter.did("propose")
        given = {**self.RULED, "project": "标准厂房", "amount_yuan": 4_000_000}
        assert codes(judge(ACT, matter, **self.RULED)) == []
        assert codes(judge(ACT, matter, **given)) == ["classification.split"]
        decision = give(ACT, KEEPER, matter.did("study"), **{**given, "amount_yuan": 1}).decision
        links = {"project_key": key_of("标准厂房"), "amount_yuan": 1}
        assert decision.effects == (SetMatter(links),)

    @pytest.mark.parametrize(
        ("rule", "changes", "refused"),
        [
            ("aggregation", None, []),
            ("aggregation_by", {"choices": ("counterparty",)}, []),
            ("aggregation_by", None, ["classification.split"]),
            ("aggregation_months", None, ["classification.split"]),
            ("aggregation", {"choices": ("weather",)}, []),
        ],
    )
    def test_what_counts_is_for_the_rules_of_the_house_to_say__three_major(
        self, rule: str, changes: dict[str, Any] | None, refused: list[str]
    ) -> None:
        matter = self.part()
        step = matter.rules.steps[STEP]
        kept = {name: each for name, each in step.rules.items() if name != rule}
        if changes is not None:
            kept[rule] = replace(step.rules[rule], **changes)
        matter.rules = with_step(matter.rules, STEP, rules=kept)
        assert self.told(matter) == refused
