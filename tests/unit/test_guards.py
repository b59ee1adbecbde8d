"""The gate: everything that stands in the way, its law, its cure and its day."""

from __future__ import annotations

import pytest

from procedures.kinds.adoption import HEARING_KINDS
from tests.unit.builders import (
    COUNSEL,
    DIRECTOR,
    NO_STEP,
    Matter,
    codes,
    day,
    law,
    lens,
    only,
    procedure,
    ready,
    with_step,
)
from workflow.definition import Gate
from workflow.facts import Facts
from workflow.guards import (
    REACH,
    assess,
    assess_step,
    barring,
    dated,
    day_after,
    earliest,
    out_of_order,
    reviewing,
    standing_in_way,
    text_reviewed,
    unmet_before,
)
from workflow.ports import Assessment, StepState
from workflow.refusals import Unmet

#: What has to be done before a meeting.
TO_AGENDA = REACH[Gate.AGENDA]

EVERY_STEP = {**NO_STEP, **{name: True for name in NO_STEP if NO_STEP[name] is False}}
EVERY_STEP |= {"confidential_by_law": False, "origin": "citizens"}

CLOSED = {name: Assessment(StepState.SATISFIED) for name in procedure().steps}


def everything() -> Matter:
    """A matter to which every step of the profile applies, and nothing done."""
    return Matter(answers=EVERY_STEP)


def way(matter: Matter, gate: Gate = Gate.AGENDA, on: str = "2026-09-01") -> tuple[Unmet, ...]:
    return unmet_before(lens(on, matter.rules), gate, matter.facts)


class TestAssessing:
    def test_a_step_that_does_not_apply_is_not_required(self) -> None:
        found = assess(lens(), Matter().facts)
        required = [
            name
            for name, each in found.items()
            if each.state != "not_required" and procedure().steps[name].before in TO_AGENDA
        ]
        assert required == ["study", "classification", "research", "legality_review"]

    def test_every_step_of_the_profile_can_apply(self) -> None:
        found = assess(lens(), everything().facts)
        assert list(found) == list(procedure().steps)
        # Of two views to choose from and of looking back there is none before somebody asks for it.
        open_ = {name: each.state for name, each in found.items()}
        assert open_.pop("options") is not StepState.SATISFIED
        for name in ("evaluation", "congress_resolution", "congress_report", "superior_meeting"):
            assert open_.pop(name) is StepState.NOT_REQUIRED
        assert set(open_.values()) == {StepState.PENDING}

    @pytest.mark.parametrize(
        ("question", "step"),
        [
            ("touches_other_units", "department_consultation"),
            ("specific_groups", "group_talks"),
            ("hearing_required_by_law", "hearing"),
            ("technical", "expert_argument"),
            ("stability_risk", "risk_assessment"),
            ("market_activity", "fair_competition"),
            ("spends_money", "budget"),
            ("sets_price", "cost_audit"),
            ("environmental_impact", "environmental_assessment"),
        ],
    )
    def test_an_answer_makes_its_step_apply__order_713_arts_13_to_22(
        self, question: str, step: str
    ) -> None:
        answers = {**NO_STEP, question: True}
        found = assess(lens(), Matter(answers=answers).facts)
        applying = {
            name
            for name, each in found.items()
            if each.state != "not_required" and procedure().steps[name].before in TO_AGENDA
        }
        always = {"study", "classification", "research", "legality_review"}
        # What is assessed is filed as well.
        filed = {"stability_filing"} if step == "risk_assessment" else set()
        assert applying - {"adoption"} == {*always, step, *filed}
        assert ("adoption" in applying) is (step in HEARING_KINDS)

    def test_what_by_law_is_not_public_needs_no_call__order_713_art_14_1(self) -> None:
        step = procedure().steps["open_call"]
        public = Matter(answers={**NO_STEP, "confidential_by_law": False})
        assert assess_step(lens(), step, public.facts).state is StepState.PENDING
        assert assess_step(lens(), step, Matter().facts).state is StepState.NOT_REQUIRED

    def test_an_unanswered_question_does_not_exempt_from_the_call__order_713_art_14_1(self) -> None:
        step = procedure().steps["open_call"]
        assert assess_step(lens(), step, Matter(answers={}).facts).state is StepState.PENDING

    def test_a_waiver_closes_a_step_on_its_day__order_713_art_14_1(self) -> None:
        matter = everything().did("rule_waiver", "2026-09-03", DIRECTOR)
        found = assess_step(lens(), procedure().steps["open_call"], matter.facts)
        assert (found.state, found.on) == (StepState.WAIVED, day("2026-09-03"))


class TestTheGate:
    def test_a_bare_matter_lacks_every_step_that_applies_to_it(self) -> None:
        assert codes(way(everything())) == [
            "assignment.missing",
            "study.missing",
            "classification.missing",
            "research.report_missing",
            "research.legal_basis_missing",
            "department_consultation.missing",
            "group_talks.missing",
            "open_call.not_published",
            "hearing.not_announced",
            "participation.plan_missing",
            "expert_argument.not_chosen",
            "adoption.missing",
            "risk_assessment.missing",
            "fair_competition.missing",
            "budget.missing",
            "declared.missing",
            "declared.missing",
            "declared.missing",
            "legality_review.missing",
        ]

    def test_every_condition_names_its_law_its_cure_and_its_day(self) -> None:
        for unmet in way(everything()):
            assert unmet.citations
            assert unmet.cured_by
            assert unmet.earliest is not None

    def test_before_the_start_study_and_classification_are_asked__order_713_arts_3_10(self) -> None:
        assert codes(way(everything(), Gate.START)) == [
            "assignment.missing",
            "study.missing",
            "classification.missing",
        ]

    def test_before_the_review_neither_budget_nor_review_is_asked(self) -> None:
        asked = codes(way(everything(), Gate.REVIEW))
        assert "budget.missing" not in asked
        assert "legality_review.missing" not in asked
        assert "declared.missing" in asked

    def test_a_reviewed_matter_without_further_steps_may_pass__order_713_art_25(self) -> None:
        assert way(ready().passed()) == ()

    def test_without_a_review_nothing_is_tabled__order_713_art_25(self) -> None:
        unmet = only(way(ready()))
        assert (unmet.code, law(unmet)) == (
            "legality_review.missing",
            ["order_713 25.1", "jiyuan_report_2022"],
        )

    def test_counsels_opinion_is_no_way_round__order_713_art_25_1(self) -> None:
        matter = ready().did("record_counsel_opinion", by=COUNSEL)
        assert codes(way(matter)) == ["legality_review.counsel_is_not_review"]

    def test_a_changed_text_is_not_the_reviewed_one__order_713_art_25(self) -> None:
        matter = ready().passed().drafted("第二稿", "editorial")
        assert codes(way(matter)) == ["legality_review.other_text"]

    def test_a_step_whose_gate_is_nowhere_bars_nothing(self) -> None:
        matter = Matter(rules=with_step(procedure(), "study", before=None))
        assert "study.missing" not in codes(way(matter))

    def test_an_open_step_bars_even_if_its_kind_is_silent(self) -> None:
        silent = {
            name: Assessment(StepState.PENDING if name == "study" else StepState.SATISFIED)
            for name in procedure().steps
        }
        unmet = only(standing_in_way(procedure(), Gate.START, NO_STEP, silent))
        assert (unmet.code, law(unmet)) == ("step.open", ["order_713 10"])
        assert unmet.cured_by == procedure().steps["study"].first_act


class TestTheTextItself:
    """Asked a second time, apart from the step of the review (Order 713 art. 25)."""

    def test_the_passed_digest_must_be_the_current_one(self) -> None:
        assert text_reviewed(procedure(), "a", "a") == ()
        unmet = only(text_reviewed(procedure(), "a", "b"))
        assert unmet.code == "agenda.text_not_reviewed"
        assert law(unmet) == ["order_713 25.1", "order_713 25.2", "jiyuan_report_2022"]
        assert [holder.role for holder in unmet.cured_by] == ["clerk", "head"]

    def test_no_text_is_never_a_reviewed_text(self) -> None:
        assert codes(text_reviewed(procedure(), None, None)) == ["agenda.text_not_reviewed"]
        assert codes(text_reviewed(procedure(), "a", None)) == ["agenda.text_not_reviewed"]

    def test_a_review_that_calls_itself_done_is_not_believed(self) -> None:
        found = barring(procedure(), Gate.AGENDA, NO_STEP, CLOSED, "a", "b")
        assert codes(found) == ["agenda.text_not_reviewed"]
        assert barring(procedure(), Gate.AGENDA, NO_STEP, CLOSED, "a", "a") == ()

    def test_before_other_gates_the_text_is_not_asked(self) -> None:
        assert barring(procedure(), Gate.REVIEW, NO_STEP, CLOSED, None, None) == ()

    def test_an_open_review_is_told_once(self) -> None:
        open_review = {**CLOSED, "legality_review": Assessment(StepState.PENDING)}
        found = barring(procedure(), Gate.AGENDA, NO_STEP, open_review, "a", None)
        assert codes(found) == ["step.open"]

    def test_the_reviewing_step_is_the_one_that_gives_verdicts(self) -> None:
        assert reviewing(procedure()) == ("legality_review",)


class TestDays:
    def test_the_review_waits_for_the_call_before_it(self) -> None:
        """A call of 5 September can close on 9 October; seven working days on it is 19 October."""
        matter = ready(answers={**NO_STEP, "confidential_by_law": False})
        call, plan, table, review = way(matter, on="2026-09-05")
        assert (plan.step, plan.earliest) == ("participation", day("2026-09-05"))
        assert (table.step, table.earliest) == ("adoption", day("2026-10-09"))
        assert (call.step, call.earliest) == ("open_call", day("2026-10-09"))
        assert (review.step, review.earliest) == ("legality_review", day("2026-10-19"))

    def test_the_review_waits_for_its_whole_gate__order_713_art_26_1(self) -> None:
        """Also for a step that it is not said to follow: papers come in only when that is done."""
        rules = with_step(procedure(), "legality_review", after=())
        matter = ready(answers={**NO_STEP, "confidential_by_law": False}, rules=rules)
        found = {unmet.step: unmet.earliest for unmet in way(matter, on="2026-09-05")}
        assert found["legality_review"] == day("2026-10-19")

    def test_what_follows_the_start_waits_for_what_precedes_it__order_713_art_10(self) -> None:
        rules = with_step(procedure(), "open_call", before=Gate.START, after=())
        matter = Matter(answers={**NO_STEP, "confidential_by_law": False}, rules=rules)
        found = {unmet.step: unmet.earliest for unmet in way(matter, on="2026-09-05")}
        assert found["research"] == day("2026-10-09")

    def test_a_step_that_is_demanded_is_waited_for__order_713_art_14_2(self) -> None:
        """A hearing that the plan names but no answer asks for bars nothing itself."""
        matter = ready(answers={**NO_STEP, "confidential_by_law": False})
        matter.did("file_participation_plan", methods=["open_call", "hearing"])
        found = assess(lens("2026-10-20"), matter.facts)
        assert found["hearing"].state is StepState.PENDING
        told = {unmet.step: unmet.earliest for unmet in way(matter, on="2026-10-20")}
        assert "hearing" not in told
        alone = replace_call(matter)
        reported = {unmet.step: unmet.earliest for unmet in way(alone, on="2026-10-20")}
        assert (
            reported["participation"]
            == earliest(
                lens("2026-10-20"), alone.facts, assess(lens("2026-10-20"), alone.facts), "hearing"
            )[0]
        )

    def test_definitions_that_go_round_in_circles_have_a_day_too(self) -> None:
        rules = with_step(procedure(), "risk_assessment", after=("legality_review",))
        matter = ready(answers={**NO_STEP, "stability_risk": True}, rules=rules)
        facts, looked = matter.facts, lens("2026-09-05", rules)
        found = assess(looked, facts)
        assert earliest(looked, facts, found, "risk_assessment")[0] >= day("2026-09-05")

    def test_a_closed_step_keeps_nobody_waiting(self) -> None:
        facts = ready().facts
        found = assess(lens(), facts)
        assert earliest(lens(), facts, found, "research") == (day("2026-09-01"), False)

    def test_what_is_known_is_not_reckoned_again(self) -> None:
        known = {"research": (day("2030-01-01"), True)}
        facts = everything().facts
        found = assess(lens(), facts)
        assert earliest(lens(), facts, found, "research", known) == (day("2030-01-01"), True)
        assert earliest(lens(), facts, found, "hearing", known)[1] is True

    def test_a_day_that_rests_on_a_provisional_one_is_provisional(self) -> None:
        known = {"research": (day("2026-09-02"), True)}
        facts = everything().facts
        found = assess(lens(), facts)
        assert earliest(lens(), facts, found, "expert_argument", known) == (day("2026-09-02"), True)

    def test_beyond_the_last_holiday_notice_a_day_is_provisional(self) -> None:
        assert all(unmet.provisional for unmet in way(ready(), on="2026-12-28"))

    def test_a_day_that_is_told_already_stays(self) -> None:
        told = Unmet("x", (), step="study", earliest=day("2026-10-01"))
        apart = Unmet("y", ())
        facts = everything().facts
        assert dated(lens(), facts, assess(lens(), facts), (told, apart)) == (told, apart)

    def test_the_day_after_is_the_next_calendar_day(self) -> None:
        assert day_after(day("2026-09-30")) == day("2026-10-01")

    def test_given_assessments_are_not_made_again(self) -> None:
        facts = Facts("2026-1", "", "drafting", 1, answers=NO_STEP)
        assert unmet_before(lens(), Gate.REVIEW, facts, CLOSED) == ()


def replace_call(matter: Matter) -> Matter:
    """The matter with its call published long ago and closed."""
    matter.did("publish_open_call", "2026-09-05").did("close_open_call", "2026-10-09")
    return matter


class TestOrder:
    def test_a_call_before_the_research_is_out_of_order__order_713_art_12(self) -> None:
        call = procedure().steps["open_call"]
        unmet = only(out_of_order(lens(), call, everything().facts))
        assert unmet.code == "step.out_of_order"
        assert unmet.params == {
            "step": call.name,
            "waiting": (procedure().steps["research"].name,),
        }
        assert unmet.cured_by == procedure().steps["research"].first_act

    def test_after_it_the_call_may_begin(self) -> None:
        call = procedure().steps["open_call"]
        assert out_of_order(lens(), call, ready(answers=EVERY_STEP).facts) == ()

    def test_a_step_that_follows_nothing_may_always_begin(self) -> None:
        assert out_of_order(lens(), procedure().steps["study_assignment"], everything().facts) == ()


def test_when_a_step_is_only_looked_at_nobody_acts() -> None:
    view = lens().view(procedure().steps["study"], Matter().facts)
    assert (view.actor, view.today) == ("", day("2026-09-01"))
