"""The earliest lawful meeting of a matter, what to do today, and what a wished day would take."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.unit.builders import (
    HEAD,
    NO_STEP,
    REVIEWER,
    Matter,
    day,
    law,
    lens,
    procedure,
    ready,
    with_rule,
    with_step,
)
from workflow.calendar import Direction, OutOfCalendar, Unit
from workflow.definition import Floor, Gate, Holder, Lapse, Rule
from workflow.planning import Assumption, Errand, Leg, Means, Outlook, Plan, Variant, Wish
from workflow.planning import feasible as asked
from workflow.planning import plan as reckoned

EVERY_STEP = {**NO_STEP, **{name: True for name, given in NO_STEP.items() if given is False}}
EVERY_STEP["confidential_by_law"] = False
CALL = {**NO_STEP, "confidential_by_law": False}
HEARING = {**NO_STEP, "hearing_required_by_law": True}
CALL_AND_HEARING = {**CALL, **HEARING, "confidential_by_law": False}


def plan(matter: Matter, on: str = "2026-09-01") -> Plan:
    return reckoned(lens(on, matter.rules), matter.facts)


def feasible(matter: Matter, wished: str, on: str = "2026-09-01") -> Wish:
    return asked(lens(on, matter.rules), matter.facts, day(wished))


def _nobody_approves(act: str, _: tuple[Holder, ...]) -> tuple[str, ...]:
    return () if act == "approve_override" else ("planning.clerk",)


def leg(found: Plan | Wish, step: str) -> Leg:
    (one,) = (each for each in found.legs if each.step.id == step)
    return one


def errand(found: Plan | Wish, command: str) -> Errand:
    (one,) = (each for each in found.errands if each.command == command)
    return one


def taken(found: Plan) -> tuple[Assumption, ...]:
    return tuple(each.what for each in found.assumptions)


def steps(legs: tuple[Leg, ...]) -> list[str]:
    return [each.step.id for each in legs]


def days(*told: date | None) -> list[str]:
    return [str(each) for each in told]


class TestTheEarliestMeeting:
    def test_call_then_review_then_notice__order_713_arts_15_1_and_26_2(self) -> None:
        """30 days from 5 September roll on to 8 October; seven working days more to 19 October."""
        found = plan(ready(answers=CALL), "2026-09-05")
        assert steps(found.legs) == ["open_call", "participation", "adoption", "legality_review"]
        call, *_, review = found.legs
        assert days(call.start, call.done) == ["2026-09-05", "2026-10-09"]
        assert days(review.start, review.done) == ["2026-10-09", "2026-10-19"]
        assert days(found.tabled_from, found.tabled_by) == ["2026-10-19", "2026-10-19"]
        assert days(found.meeting, found.working_meeting) == ["2026-10-21", "2026-10-21"]

    def test_make_up_workdays_count_for_the_review__order_713_art_26_2(self) -> None:
        """Seven working days from 12 February 2026 end on Saturday 28 February."""
        found = plan(ready(), "2026-02-12")
        assert days(found.tabled_from, found.meeting) == ["2026-02-28", "2026-03-02"]

    def test_a_meeting_may_fall_on_a_day_of_rest_and_a_working_day_is_told_too(self) -> None:
        found = plan(ready().passed(), "2026-09-24")
        assert days(found.meeting, found.working_meeting) == ["2026-09-26", "2026-09-28"]

    def test_the_notice_is_counted_back_from_the_meeting(self) -> None:
        """Tabled on 30 September: the notice of the holidays' first days would roll back to it."""
        found = plan(ready().passed(), "2026-09-30")
        (count,) = found.notice
        assert (count.direction, count.amount) == (Direction.EARLIER, 2)
        assert days(count.start, count.end) == days(found.meeting, found.tabled_by)
        assert days(found.tabled_by, found.meeting) == ["2026-09-30", "2026-10-02"]

    def test_of_a_matter_with_nothing_open_only_the_notice_is_left(self) -> None:
        found = plan(replace_stage(ready().passed(), "review_passed"), "2026-09-21")
        assert (found.legs, found.paths) == ((), ())
        assert days(found.tabled_from, found.meeting) == ["2026-09-21", "2026-09-23"]

    def test_a_day_beyond_the_holiday_notice_is_provisional(self) -> None:
        assert plan(ready(), "2026-12-20").provisional
        assert not plan(ready(), "2026-09-01").provisional

    def test_a_meeting_alone_can_be_provisional(self) -> None:
        found = plan(replace_stage(ready().passed(), "review_passed"), "2026-12-28")
        assert days(found.tabled_from, found.meeting) == ["2026-12-28", "2026-12-30"]
        assert found.provisional

    def test_beyond_the_calendar_there_is_no_plan(self) -> None:
        with pytest.raises(OutOfCalendar):
            plan(ready(answers=CALL), "2036-12-10")


def replace_stage(matter: Matter, stage: str) -> Matter:
    matter.stage = stage
    return matter


class TestWaits:
    def test_are_told_with_law_and_arithmetic__order_713_art_15_1(self) -> None:
        (stretch,) = leg(plan(ready(answers=CALL), "2026-09-05"), "open_call").waits
        (count,) = stretch.counts
        assert [each.article for each in stretch.wait.rule.citations] == ["15.1"]
        assert days(count.start, count.end) == ["2026-09-05", "2026-10-08"]
        assert (stretch.wait.act, stretch.wait.then) == ("publish_open_call", "close_open_call")
        assert (stretch.running, stretch.wait.chosen) == (False, False)

    def test_of_a_hearing_are_counted_back__order_713_art_16_3(self) -> None:
        waits = leg(plan(ready(answers=HEARING), "2026-09-01"), "hearing").waits
        assert [each.wait.rule.id for each in waits] == ["notice_before", "papers_before"]
        for stretch in waits:
            (count,) = stretch.counts
            assert (count.direction, count.start) == (Direction.EARLIER, stretch.wait.until)
            assert count.end >= day("2026-09-01")

    def test_periods_that_bind_together_are_told_together(self) -> None:
        period = procedure().steps["open_call"].rules["period"]
        other = replace(period, value=25, unit=Unit.WORKING_DAYS, counting="period_working_days")
        rules = with_rule(procedure(), "open_call", "period", also=(other,))
        (stretch,) = leg(plan(ready(answers=CALL, rules=rules), "2026-09-05"), "open_call").waits
        calendar, working = stretch.counts
        assert days(calendar.end, working.end) == ["2026-10-08", "2026-10-15"]
        assert days(stretch.wait.until) == ["2026-10-16"]

    def test_a_published_call_runs_and_its_day_stands(self) -> None:
        matter = ready(answers=CALL).did("publish_open_call", "2026-09-01", closes_on="2026-11-02")
        found = plan(matter, "2026-09-05")
        call = leg(found, "open_call")
        (stretch,) = call.waits
        assert (stretch.running, stretch.wait.chosen, call.running) == (True, True, True)
        assert days(stretch.wait.since, stretch.wait.until) == ["2026-09-01", "2026-11-03"]
        assert Assumption.ANNOUNCED in taken(found)

    def test_a_pause_has_shifted_the_review__order_713_art_26_2(self) -> None:
        matter = replace_stage(ready(), "under_review")
        matter.did("submit_for_review", "2026-09-01").did("accept_papers", "2026-09-01", REVIEWER)
        assert days(leg(plan(matter, "2026-09-02"), "legality_review").done) == ["2026-09-10"]
        matter.did("pause", "2026-09-02").did("resume", "2026-09-04")
        (stretch,) = leg(plan(matter, "2026-09-04"), "legality_review").waits
        assert days(stretch.wait.until) == ["2026-09-14"]
        assert stretch.running


class TestOrder:
    def test_before_the_start_study_start_assignment_and_text_are_told(self) -> None:
        found = plan(Matter(stage="proposed", answers=EVERY_STEP))
        assert [each.command for each in found.errands] == [
            "start",
            "assign",
            "file_participation_plan",
            "revise_draft",
            "propose_agenda_item",
        ]
        assert errand(found, "start").who[0].role == "director"
        assert days(errand(found, "propose_agenda_item").day) == days(found.tabled_from)

    def test_whatever_comes_after_the_start_waits_for_what_comes_before__order_713_art_10(
        self,
    ) -> None:
        """A call that must precede the start holds up the research, which follows no step."""
        rules = with_step(procedure(), "open_call", before=Gate.START, after=())
        rules = replace(
            rules,
            moves=tuple(
                replace(move, sources=(*move.sources, "proposed"))
                if move.command in rules.steps["open_call"].acts
                else move
                for move in rules.moves
            ),
        )
        found = plan(Matter(stage="proposed", answers=CALL, rules=rules).did("study"))
        assert days(leg(found, "open_call").done) == ["2026-10-09"]
        assert days(leg(found, "research").start, errand(found, "start").day) == [
            "2026-10-09",
            "2026-10-09",
        ]
        assert days(errand(found, "start").latest) == ["2026-10-09"]

    def test_what_is_done_by_the_lead_unit_waits_for_its_assignment__order_713_art_11(self) -> None:
        """A call of 30 days cannot begin before the unit that holds it is named."""
        found = plan(Matter(stage="started", answers=CALL).did("study"), "2026-09-08")
        assert found.tasks[0] == errand(found, "assign")
        assert errand(found, "assign").latest == leg(found, "open_call").latest

    def test_a_step_that_is_open_to_work_before_the_start_does_not_wait_for_it(self) -> None:
        rules = with_step(procedure(), "open_call", before=Gate.START, after=())
        early = {*rules.steps["open_call"].acts, *rules.steps["research"].acts}
        rules = replace(
            rules,
            moves=tuple(
                replace(move, sources=(*move.sources, "proposed"))
                if move.command in early
                else move
                for move in rules.moves
            ),
        )
        found = plan(Matter(stage="proposed", answers=CALL, rules=rules).did("study"))
        assert days(leg(found, "research").start) == ["2026-09-01"]

    def test_the_review_waits_for_every_step_before_its_gate__order_713_art_26_1(self) -> None:
        """Even for one that it is not said to follow: papers are taken in only when it is done."""
        rules = with_step(procedure(), "legality_review", after=())
        found = plan(ready(answers=CALL, rules=rules), "2026-09-05")
        assert days(leg(found, "legality_review").start) == ["2026-10-09"]

    def test_a_step_that_has_no_place_after_the_review_comes_before_it(self) -> None:
        rules = with_step(procedure(), "open_call", before=Gate.AGENDA)
        rules = with_step(rules, "legality_review", after=())
        found = plan(ready(answers=CALL, rules=rules), "2026-09-05")
        assert "open_call" in leg(found, "legality_review").after

    def test_the_budget_runs_beside_the_review(self) -> None:
        found = plan(ready(answers={**NO_STEP, "spends_money": True}))
        assert leg(found, "legality_review").after == ()
        assert days(leg(found, "budget").latest) == days(found.tabled_by)

    def test_a_step_before_the_gate_that_itself_follows_the_review_does_not_hold_it_up(
        self,
    ) -> None:
        rules = with_step(procedure(), "risk_assessment", after=("legality_review",))
        rules = with_step(rules, "legality_review", after=("research",))
        answers = {**NO_STEP, "stability_risk": True}
        found = plan(ready(answers=answers, rules=rules))
        assert leg(found, "risk_assessment").after == ("legality_review",)

    def test_a_step_before_the_start_that_follows_a_later_one_is_not_waited_for(self) -> None:
        rules = with_step(procedure(), "study", after=("research",))
        found = plan(Matter(stage="proposed", rules=rules))
        assert leg(found, "research").after == ()

    def test_a_hearing_that_the_plan_of_participation_names_is_waited_for__order_713_art_14_2(
        self,
    ) -> None:
        """No answer asks for it, but the report on participation does."""
        matter = ready(answers=CALL).did(
            "file_participation_plan", methods=["open_call", "hearing"]
        )
        found = plan(matter)
        assert "hearing" in leg(found, "participation").after
        assert leg(found, "hearing").waits
        assert leg(found, "hearing").unmet[0].code == "hearing.not_announced"

    def test_what_may_be_done_ahead_is_due_with_the_steps_that_it_is_for__order_713_art_14_2(
        self,
    ) -> None:
        """The plan of participation comes before the call, and its report after it."""
        found = plan(ready(answers=CALL), "2026-09-05")
        report, call = leg(found, "participation"), leg(found, "open_call")
        planned = errand(found, "file_participation_plan")
        assert days(planned.day, report.start) == ["2026-09-05", "2026-10-09"]
        assert days(planned.latest) == days(call.latest) == ["2026-09-08"]
        assert planned.step == report.step
        assert planned.who == report.step.acts["file_participation_plan"]
        assert not report.ready
        told = plan(ready(answers=CALL).did("file_participation_plan"), "2026-09-05")
        assert [each.command for each in told.errands] == ["propose_agenda_item"]

    def test_what_may_be_done_ahead_is_pressing_with_the_steps_that_it_is_for__order_713_art_14_2(
        self,
    ) -> None:
        found = plan(ready(answers=CALL), "2026-09-08")
        assert [each.command for each in found.pressing_errands] == ["file_participation_plan"]
        assert steps(found.pressing) == ["open_call"]

    def test_before_the_start_it_waits_for_the_start(self) -> None:
        found = plan(Matter(stage="proposed", answers=CALL))
        commands = [each.command for each in found.errands]
        assert commands.index("assign") < commands.index("file_participation_plan")
        assert days(
            *(errand(found, each).day for each in ("start", "file_participation_plan"))
        ) == [
            "2026-09-01",
            "2026-09-01",
        ]

    def test_a_duty_that_asks_for_another_day_waits_without_a_period(self) -> None:
        """The seed of a draw is known a day after the draw was announced; nothing is counted."""
        step = procedure().steps["expert_argument"]
        draw = Rule("draw", step.citations)
        rules = with_step(procedure(), step.id, rules={**step.rules, "draw": draw})
        matter = ready(answers={**NO_STEP, "technical": True}, rules=rules)
        (stretch,) = leg(plan(matter), "expert_argument").waits
        assert (stretch.wait.rule.id, stretch.counts) == ("draw", ())
        assert days(stretch.wait.until) == ["2026-09-02"]


class TestWhatAPlanTakesForGranted:
    """No plan of participation is filed yet: it decides whether there is a call (art. 15.1 if)."""

    def test_no_open_call_where_none_has_to_be__order_713_art_15_1(self) -> None:
        found = plan(ready(answers=CALL, rules=procedure("order_713")))
        (left_out, *_) = (a for a in found.assumptions if a.what is Assumption.LEFT_OUT)
        assert [step.id for step in left_out.steps] == ["open_call", "hearing"]
        assert [each.article for each in left_out.citations][:2] == ["14.1", "15.1"]
        assert "open_call" not in steps(found.legs)

    def test_only_no_hearing_where_a_call_is_held_in_any_case(self) -> None:
        (left_out, *_) = (
            a for a in plan(ready(answers=CALL)).assumptions if a.what is Assumption.LEFT_OUT
        )
        assert [step.id for step in left_out.steps] == ["hearing"]

    def test_once_there_is_a_plan_it_holds(self) -> None:
        matter = ready(answers=CALL).did("file_participation_plan")
        assert Assumption.LEFT_OUT not in taken(plan(matter))


class TestSlack:
    def test_is_what_a_step_can_wait_without_moving_the_meeting(self) -> None:
        """The call may begin until 8 September: the holidays end it on 8 October either way."""
        found = plan(ready(answers=CALL_AND_HEARING), "2026-09-05")
        assert days(leg(found, "open_call").latest) == ["2026-09-08"]
        assert leg(found, "open_call").slack == 3
        assert leg(found, "hearing").slack == 23
        assert leg(found, "legality_review").slack == 0

    def test_the_critical_path_is_the_chain_that_determines_the_day(self) -> None:
        found = plan(ready(answers=CALL_AND_HEARING), "2026-09-05")
        assert [(link.step.id, *days(link.since, link.until)) for link in found.paths[0]] == [
            ("open_call", "2026-09-05", "2026-10-09"),
            ("legality_review", "2026-10-09", "2026-10-19"),
        ]

    def test_chains_that_are_equally_long_are_all_told(self) -> None:
        """With a notice of 32 days the hearing comes on the very day after the call."""
        rules = with_rule(procedure(), "hearing", "notice_before", value=30)
        matter = ready(answers=CALL_AND_HEARING, rules=rules)
        found = [[link.step.id for link in way] for way in plan(matter, "2026-07-01").paths]
        assert found == [["open_call", "legality_review"], ["hearing", "legality_review"]]

    def test_a_day_that_was_announced_ends_the_critical_path(self) -> None:
        """Nothing before it would bring a hearing on that was announced for a later day."""
        rules = with_step(procedure(), "research", lapses_on=Lapse.SUBSTANTIVE)
        matter = ready(answers=HEARING, rules=rules)
        matter.did("publish_hearing_notice", "2026-09-01", held_on="2026-10-28")
        matter.drafted("第二稿", "substantive", "2026-09-02")
        found = plan(matter, "2026-09-03")
        assert [link.step.id for link in found.paths[0]] == ["hearing", "legality_review"]
        assert days(leg(found, "hearing").start) == ["2026-09-03"]

    def test_what_loses_a_day_today_is_pressing(self) -> None:
        found = plan(ready(answers=CALL_AND_HEARING), "2026-09-08")
        assert steps(found.pressing) == ["open_call"]
        assert steps(found.ready) == ["open_call", "hearing"]

    def test_so_are_acts_of_the_lifecycle(self) -> None:
        found = plan(Matter(stage="proposed", answers=CALL), "2026-09-08")
        assert [each.command for each in found.pressing_errands] == [
            "start",
            "assign",
            "file_participation_plan",
            "revise_draft",
        ]

    def test_a_running_period_is_nothing_to_be_done_today(self) -> None:
        matter = ready(answers=CALL).did("file_participation_plan")
        found = plan(matter.did("publish_open_call", "2026-09-01"), "2026-09-05")
        assert (found.ready, found.pressing) == ((), ())

    def test_a_running_wait_has_slack_from_its_end_though_more_papers_came_since(self) -> None:
        """The first paper begins the wait; the day of a second one changes nothing about it."""
        cites = procedure().steps["cost_audit"].citations
        unit, count = Unit.CALENDAR_DAYS, "period_days"
        wait = Rule("wait", cites, value=30, unit=unit, counting=count)
        step = procedure().steps["cost_audit"]
        rules = with_step(procedure(), step.id, rules={**step.rules, "wait": wait})
        matter = ready(answers={**NO_STEP, "sets_price": True}, rules=rules)
        matter.did("file_evidence", "2026-09-01", concluded=False)
        matter.did("file_evidence", "2026-09-04", concluded=False)
        found = plan(matter, "2026-09-07")
        audit = leg(found, step.id)
        assert step.id in {link.step.id for link in found.paths[0]}
        assert days(audit.done, audit.latest) == ["2026-10-09", "2026-10-09"]
        assert (audit.running, audit.slack, audit.ready) == (True, 0, False)

    def test_papers_of_an_announced_hearing_have_their_last_day__order_713_art_16_3(self) -> None:
        matter = ready(answers=HEARING)
        matter.did("publish_hearing_notice", "2026-09-01", held_on="2026-10-28")
        found = plan(matter, "2026-09-05")
        assert days(leg(found, "hearing").done, leg(found, "hearing").latest) == [
            "2026-10-28",
            "2026-10-20",
        ]
        assert steps(found.ready) == ["hearing"]

    def test_who_can_do_what_a_step_wants_first_is_told(self) -> None:
        found = plan(ready(answers={**CALL, "spends_money": True}))
        assert [holder.of for holder in leg(found, "budget").who] == ["finance", "finance"]
        assert [law(each) for each in leg(found, "open_call").unmet] == [
            ["order_713 14.1", "order_713 15.1"]
        ]


class TestStages:
    def test_on_an_agenda_there_is_nothing_to_plan(self) -> None:
        matter = replace_stage(ready().passed(), "tabled")
        matter.meeting = "PG-2026-1"
        assert plan(matter) == Plan(Outlook.TABLED, day("2026-09-01"))

    @pytest.mark.parametrize("stage", ["declined", "withdrawn", "off_system"])
    def test_what_has_ended_is_not_heard__secrets_law_art_31(self, stage: str) -> None:
        assert plan(Matter(stage=stage, title="")) == Plan(Outlook.ENDED, day("2026-09-01"))

    def test_what_is_paused_is_taken_as_resumed_today(self) -> None:
        matter = ready(paused_since=day("2026-08-20"))
        found = plan(matter)
        assert taken(found) == (Assumption.RESUMED, Assumption.PASSES)
        assert found.meeting == plan(ready()).meeting

    def test_an_open_pause_stops_the_review_up_to_today__order_713_art_26_2(self) -> None:
        matter = replace_stage(ready(), "under_review")
        matter.did("submit_for_review", "2026-09-01").did("accept_papers", "2026-09-01", REVIEWER)
        matter.did("pause", "2026-09-02")
        matter.paused_since = day("2026-09-02")
        assert days(leg(plan(matter, "2026-09-04"), "legality_review").done) == ["2026-09-14"]

    def test_papers_returned_start_the_review_anew__order_713_art_26_2(self) -> None:
        matter = replace_stage(ready(), "returned")
        matter.did("submit_for_review", "2026-09-01").did("accept_papers", "2026-09-01", REVIEWER)
        matter.did("return_papers", "2026-09-03", REVIEWER)
        assert days(plan(matter, "2026-09-07").tabled_from) == ["2026-09-16"]

    def test_papers_returned_after_a_verdict_are_reviewed_again__order_713_art_25_2(self) -> None:
        """The last verdict covers the text, but the stage allows no tabling before another one."""
        matter = replace_stage(ready().passed("2026-09-10"), "returned")
        matter.did("return_papers", "2026-09-11", REVIEWER)
        found = plan(matter, "2026-09-14")
        assert steps(found.legs) == ["legality_review"]
        assert days(found.tabled_from) == ["2026-09-22"]
        assert leg(found, "legality_review").unmet == ()
        assert leg(found, "legality_review").who == matter.rules.holders("submit_for_review")

    def test_after_a_negative_verdict_the_review_takes_its_time_again(self) -> None:
        matter = replace_stage(ready().passed("2026-09-10", verdict="unlawful"), "review_failed")
        found = plan(matter, "2026-09-14")
        assert days(found.tabled_from) == ["2026-09-22"]
        assert Assumption.SAME_SUBSTANCE in taken(found)

    @pytest.mark.parametrize(
        ("stage", "act"),
        [
            ("drafting", "submit_for_review"),
            ("awaiting_review", "accept_papers"),
            ("under_review", "give_review_verdict"),
            ("awaiting_changes", "confirm_changes"),
        ],
    )
    def test_the_act_that_goes_on_with_the_review_is_told(self, stage: str, act: str) -> None:
        found = leg(plan(replace_stage(ready(), stage)), "legality_review")
        assert (found.act, found.who) == (act, procedure().holders(act))

    def test_changes_that_were_asked_for_only_want_confirming__order_713_art_28(self) -> None:
        changes = {"verdict": "lawful_with_changes", "changes": ["改第三条"]}
        matter = replace_stage(ready().passed("2026-09-10", **changes), "awaiting_changes")
        assert days(plan(matter, "2026-09-14").tabled_from) == ["2026-09-14"]

    def test_what_the_stage_no_longer_allows_sends_the_papers_back(self) -> None:
        """A duty that comes up under review is done with the papers back, and reviewed anew."""
        matter = replace_stage(ready(), "under_review")
        matter.did("submit_for_review", "2026-09-01").did("accept_papers", "2026-09-01", REVIEWER)
        matter.answers = {**NO_STEP, "stability_risk": True}
        found = plan(matter, "2026-09-10")
        assert Assumption.SENT_BACK in taken(found)
        assert days(found.tabled_from) == ["2026-09-20"]
        returning = errand(found, "return_papers")
        assert days(returning.day, returning.latest) == ["2026-09-10", "2026-09-10"]
        assert [holder.of for holder in returning.who] == ["legal_office", "legal_office"]

    def test_where_papers_cannot_go_back_the_step_is_left_to_its_own_day(self) -> None:
        matter = replace_stage(ready(), "under_review")
        matter.did("submit_for_review", "2026-09-01").did("accept_papers", "2026-09-01", REVIEWER)
        matter.answers = {**NO_STEP, "stability_risk": True}
        moves = tuple(move for move in matter.rules.moves if move.command != "return_papers")
        matter.rules = replace(matter.rules, moves=moves)
        found = plan(matter, "2026-09-07")
        assert Assumption.SENT_BACK not in taken(found)
        assert days(found.tabled_from) == ["2026-09-10"]

    def test_a_step_that_no_stage_ahead_allows_bars_the_matter(self) -> None:
        matter = ready()
        matter.records = matter.records[1:]
        found = plan(matter)
        assert (found.outlook, [step.id for step in found.barred]) == (Outlook.BARRED, ["study"])
        assert not feasible(matter, "2027-01-05").feasible

    def test_a_waived_step_is_not_waited_for__order_713_art_14_1(self) -> None:
        matter = ready(answers=CALL).did("rule_waiver", by="leader.director")
        assert "open_call" not in steps(plan(matter).legs)

    def test_an_approved_shortening_leaves_the_review_no_time__order_713_art_26_2(self) -> None:
        matter = ready().did("approve_override", by=HEAD)
        assert days(plan(matter, "2026-09-07").tabled_from) == ["2026-09-07"]

    def test_a_shortening_approved_before_there_is_a_text_lapses_with_the_first(self) -> None:
        matter = Matter().did("study").did("approve_override", by=HEAD)
        assert days(plan(matter, "2026-09-07").tabled_from) == ["2026-09-16"]


class TestExceptions:
    """A fair-competition review that relies on an exception must hold on the meeting's day."""

    def excepted(self, ends_on: str) -> Matter:
        grounds = {"ground": "例外", "nothing_less_harmful": "别无他法", "ends_on": ends_on}
        matter = ready(answers={**NO_STEP, "market_activity": True})
        return matter.did("file_fair_competition_review", conclusion="exception", exception=grounds)

    def test_one_that_still_runs_then_is_left_alone__fair_competition_art_12(self) -> None:
        assert steps(plan(self.excepted("2026-12-31")).legs) == ["legality_review"]

    def test_one_that_ends_before_it_is_to_be_done_anew__fair_competition_art_12(self) -> None:
        found = plan(self.excepted("2026-09-08"))
        assert steps(found.legs) == ["fair_competition", "legality_review"]

    def test_one_that_ends_under_review_sends_the_papers_back(self) -> None:
        matter = replace_stage(self.excepted("2026-09-11"), "under_review")
        matter.did("submit_for_review", "2026-09-01").did("accept_papers", "2026-09-01", REVIEWER)
        found = plan(matter, "2026-09-07")
        assert Assumption.SENT_BACK in taken(found)
        assert days(found.tabled_from) == ["2026-09-16"]

    def test_a_wish_is_asked_about_on_its_own_day(self) -> None:
        matter = self.excepted("2026-10-10")
        assert steps(feasible(matter, "2026-09-30").legs) == ["legality_review"]
        later = feasible(matter, "2026-10-20")
        assert later.feasible
        assert steps(later.legs) == ["fair_competition", "legality_review"]


class TestWishes:
    def test_a_day_that_can_be_made_tells_when_everything_must_start(self) -> None:
        wish = feasible(ready(answers=CALL_AND_HEARING), "2026-11-06", "2026-09-05")
        assert wish.feasible
        assert days(wish.tabled_by) == ["2026-11-04"]
        assert days(leg(wish, "legality_review").latest) == ["2026-10-26"]
        assert days(leg(wish, "open_call").latest) == ["2026-09-23"]
        assert days(errand(wish, "propose_agenda_item").latest) == ["2026-11-04"]
        assert (wish.alone, wish.together, wish.within_reach) == ((), None, False)

    def test_the_earliest_day_can_be_made_and_the_one_before_cannot(self) -> None:
        matter = ready(answers=CALL)
        assert feasible(matter, "2026-10-21", "2026-09-05").feasible
        assert not feasible(matter, "2026-10-20", "2026-09-05").feasible

    def test_the_review_can_be_shortened_with_approval__order_713_art_26_2(self) -> None:
        wish = feasible(ready(), "2026-09-14", "2026-09-05")
        (variant,) = wish.alone
        (told,) = variant.shortenings
        assert (wish.together, wish.within_reach, variant.makes_it) == (None, True, True)
        assert (told.step.id, told.means, told.amount) == ("legality_review", Means.APPROVAL, 5)
        assert [holder.role for holder in told.by] == ["head"]
        assert [each.article for each in told.citations] == ["26.2"]
        assert days(told.since, told.until) == ["2026-09-05", "2026-09-11"]
        assert days(variant.meeting) == ["2026-09-09"]
        assert wish.chosen == variant

    def test_a_day_within_reach_tells_when_everything_must_start_with_the_first_shortening(
        self,
    ) -> None:
        """A call of 17 days, of the notice's own wish, in time for the agenda of 10 October."""
        wish = feasible(ready(answers=CALL), "2026-10-12", "2026-09-05")
        assert wish.chosen == wish.alone[0]
        assert {each.latest <= wish.tabled_by for each in wish.legs} == {True}
        assert leg(wish, "legality_review").done <= wish.tabled_by
        assert errand(wish, "propose_agenda_item").latest == wish.tabled_by
        none = feasible(ready(answers=CALL), "2026-09-06", "2026-09-05")
        assert (none.chosen, none.legs, none.errands) == (None, (), ())

    def test_a_call_can_be_shortened_by_a_reason_in_its_notice__order_713_art_15_1(self) -> None:
        wish = feasible(ready(answers=CALL), "2026-10-12", "2026-09-05")
        call = reaches(wish.alone, "open_call")
        (told,) = call.shortenings
        assert (call.makes_it, told.means, told.amount) == (True, Means.STATED_REASON, 17)
        assert told.by == procedure().steps["open_call"].acts["publish_open_call"]
        assert [each.article for each in told.citations] == ["15.1"]
        assert days(told.since, told.until) == ["2026-09-05", "2026-09-23"]

    def test_together_they_are_shortened_in_proportion_and_no_more_than_needed(self) -> None:
        wish = feasible(ready(answers=CALL), "2026-09-20", "2026-09-05")
        assert [variant.makes_it for variant in wish.alone] == [True, False]
        assert wish.together is None  # The call alone is enough.
        wish = feasible(ready(answers=CALL), "2026-09-12", "2026-09-05")
        assert [variant.makes_it for variant in wish.alone] == [False, False]
        assert wish.together is not None
        assert {each.step.id: each.amount for each in wish.together.shortenings} == {
            "open_call": 4,
            "legality_review": 0,
        }

    def test_what_nobody_may_shorten_is_no_help__order_713_art_26_2(self) -> None:
        """Whoever drafted or undertakes a matter cannot approve; then nobody is left to."""
        matter, (lens_, wished) = ready(answers=CALL), (lens("2026-09-05"), day("2026-10-12"))
        wish = asked(lens_, matter.facts, wished, _nobody_approves)
        assert steps_of(wish.alone) == ["open_call"]
        assert wish.alone[0].shortenings[0].people == ("planning.clerk",)

    def test_what_the_others_leave_nothing_to_do_is_not_shortened_with_them(self) -> None:
        """Beside a long hearing a shorter call would not help."""
        rules = with_rule(procedure(), "hearing", "notice_before", value=60)
        wish = feasible(ready(answers=CALL_AND_HEARING, rules=rules), "2026-11-06", "2026-09-01")
        assert wish.within_reach
        assert [v.makes_it for v in wish.alone] == [False, True]
        assert wish.together is None

    def test_a_hard_floor_is_never_shortened__order_713_art_16_3(self) -> None:
        wish = feasible(ready(answers=HEARING), "2026-09-08", "2026-09-01")
        assert {each.step.id for v in wish.alone for each in v.shortenings} == {"legality_review"}
        assert not wish.within_reach

    @pytest.mark.parametrize("step", ["open_call", "legality_review"])
    def test_the_same_period_made_hard_is_left_alone(self, step: str) -> None:
        rule = {"open_call": "period", "legality_review": "review_time"}[step]
        rules = with_rule(procedure(), step, rule, floor=Floor.HARD)
        wish = feasible(ready(answers=CALL, rules=rules), "2026-09-08", "2026-09-05")
        assert step not in {each.step.id for v in wish.alone for each in v.shortenings}

    def test_a_soft_period_that_binds_beside_a_hard_one_is_left_alone(self) -> None:
        period = procedure().steps["open_call"].rules["period"]
        other = replace(period, floor=Floor.HARD, value=10)
        rules = with_rule(procedure(), "open_call", "period", also=(other,))
        wish = feasible(ready(answers=CALL, rules=rules), "2026-09-30", "2026-09-05")
        assert steps_of(wish.alone) == ["legality_review"]

    def test_a_soft_floor_that_nobody_may_shorten_is_left_alone(self) -> None:
        rules = with_rule(procedure(), "legality_review", "review_time", override=())
        assert feasible(ready(rules=rules), "2026-09-08").alone == ()

    def test_what_was_announced_is_left_alone(self) -> None:
        matter = ready(answers=CALL).did("publish_open_call", "2026-09-01")
        assert steps_of(feasible(matter, "2026-10-12", "2026-09-05").alone) == ["legality_review"]

    def test_a_period_of_nothing_cannot_be_shortened(self) -> None:
        rules = with_rule(procedure(), "open_call", "period", value=0)
        wish = feasible(ready(answers=CALL, rules=rules), "2026-09-08", "2026-09-05")
        assert steps_of(wish.alone) == ["legality_review"]

    def test_before_there_is_a_text_a_shortening_is_reckoned_all_the_same(self) -> None:
        matter = Matter().did("study").did("file_research").did("file_legal_basis")
        (variant,) = feasible(matter, "2026-09-10", "2026-09-07").alone
        assert (variant.makes_it, variant.shortenings[0].amount) == (True, 1)

    def test_a_day_gone_by_cannot_be_made_by_anything(self) -> None:
        wish = feasible(ready(), "2026-08-20")
        assert (wish.feasible, wish.within_reach) == (False, False)

    def test_of_what_is_tabled_nothing_is_feasible(self) -> None:
        matter = replace_stage(ready().passed(), "tabled")
        matter.meeting = "PG-2026-1"
        assert not feasible(matter, "2026-12-01").feasible

    def test_near_the_end_of_the_calendar_a_late_start_is_no_start(self) -> None:
        notice = replace(procedure().rules["agenda.notice"], value=0)
        rules = replace(procedure(), rules={**procedure().rules, "agenda.notice": notice})
        wish = feasible(ready(rules=rules), "2036-12-31", "2036-12-01")
        assert wish.feasible
        assert days(leg(wish, "legality_review").latest) == ["2036-12-22"]

    def test_a_wish_beyond_the_calendar_is_told_as_such(self) -> None:
        with pytest.raises(OutOfCalendar):
            feasible(ready(), "2037-01-05")


def reaches(variants: tuple[Variant, ...], step: str) -> Variant:
    (one,) = (each for each in variants if each.shortenings[0].step.id == step)
    return one


def steps_of(variants: tuple[Variant, ...]) -> list[str]:
    return [each.step.id for variant in variants for each in variant.shortenings]


def test_a_plan_is_the_same_however_often_it_is_asked() -> None:
    matter: Any = ready(answers=EVERY_STEP)
    assert plan(matter) == plan(matter)
