"""Whoever follows a plan day by day reaches the agenda on the day that it names, and no sooner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from tests.integration.house import (
    CONVENE,
    PAUSE,
    PLAIN,
    QUICK,
    RESUME,
    TABLE,
    WHOLE,
    Act,
    Payload,
    Zone,
    propose,
    way,
)
from workflow.definition import Gate, Procedure
from workflow.errors import NotFound
from workflow.planning import Errand, Leg, Plan

ONE_DAY = timedelta(days=1)

#: What a paper names, by the command that files it: the day before a wait is over, or that day.
NAMED = {
    "publish_open_call": ("closes_on", -ONE_DAY),
    "publish_hearing_notice": ("held_on", timedelta()),
}


@dataclass(frozen=True)
class Due:
    """An act on the day on which the plan has it."""

    day: date
    act: Act


def planned(zone: Zone) -> Plan:
    assert zone.matter is not None
    return zone.house.inquiry.plan(zone.code, zone.matter).plan


def schedule(zone: Zone, plan: Plan, answers: Payload) -> list[Due]:
    """The acts that the plan lists, and no others, on its days and on each of them in its order.

    What comes before the start is done first, then the errands, then the work on steps.
    """
    procedure = zone.standing().procedure
    papers = [(act, _step_of(procedure, act)) for act in way("review_passed", answers)[1:]]
    early = [leg for leg in plan.legs if leg.step.before is Gate.START]
    later = [leg for leg in plan.legs if leg.step.before is not Gate.START]
    found: list[Due] = []
    tasks: tuple[Leg | Errand, ...] = (*early, *plan.errands, *later)
    for task in tasks:
        if isinstance(task, Errand):
            done = [Due(task.day, act) for act, _ in papers if act.command == task.command]
        else:
            told = {each.command for each in plan.errands}
            own = [act for act, step in papers if step == task.step.id]
            done = list(work(task, [act for act in own if act.command not in told]))
        found += done
    return sorted(found, key=lambda due: due.day)


def _step_of(procedure: Procedure, act: Act) -> str | None:
    return next((step.id for step in procedure.steps_of(act.command)), None)


def work(leg: Leg, acts: Iterable[Act]) -> Iterator[Due]:
    """The acts of a step on its first day and, from the one on that a wait holds up, after that."""
    day = leg.start
    for act in acts:
        for stretch in leg.waits:
            if stretch.wait.then == act.command:
                day = stretch.wait.until
        if act.command in NAMED:
            name, before = NAMED[act.command]
            until = leg.waits[0].wait.until + before
            act = act.with_(**{name: until.isoformat()})  # noqa: PLW2901
        yield Due(day, act)


def follow(zone: Zone, plan: Plan, answers: Payload) -> None:
    """Do what the plan says, on its days; on each of them the plan must still be the same."""
    for due in schedule(zone, plan, answers):
        if due.day > zone.today:
            zone.on(due.day)
            assert planned(zone).meeting == plan.meeting
        zone.do(Act(due.act.command, due.act.actor, due.act.given))
    assert plan.tabled_from is not None
    zone.on(plan.tabled_from)


def convene(zone: Zone, held_on: date | None) -> str:
    assert held_on is not None
    meeting = zone.do(CONVENE.with_(held_on=held_on.isoformat())).meeting
    assert meeting is not None
    return meeting


@pytest.mark.parametrize(
    ("begun", "answers"),
    [("2026-09-07", WHOLE), ("2026-01-20", PLAIN), ("2026-04-20", WHOLE), ("2026-02-10", QUICK)],
)
def test_the_agenda_is_reached_on_the_planned_day_and_no_sooner(
    zone: Zone, begun: str, answers: Payload
) -> None:
    # Given a matter just proposed, its plan, and meetings on the planned day and the day before
    zone.on(begun)
    zone.do(propose(answers))
    plan = planned(zone)
    assert plan.meeting is not None
    right, early = convene(zone, plan.meeting), convene(zone, plan.meeting - ONE_DAY)
    # When everything is done on the day that the plan has for it
    follow(zone, plan, answers)
    # Then a meeting a day sooner is refused, and the planned one hears the matter
    assert zone.refuse(TABLE, meeting=early) == ("agenda.notice",)
    zone.do(TABLE, meeting=right)
    assert zone.standing().facts.stage == "tabled"
    forecast = zone.house.inquiry.plan(zone.code, str(zone.matter))
    assert forecast.meeting is not None
    assert (forecast.plan.outlook, forecast.meeting.held_on) == ("tabled", plan.meeting)


def test_the_day_before_nothing_can_be_tabled(zone: Zone) -> None:
    zone.on("2026-09-07")
    zone.do(propose(PLAIN))
    plan = planned(zone)
    meeting = convene(zone, plan.meeting)
    *before, last = schedule(zone, plan, PLAIN)
    for due in before:
        zone.on(max(due.day, zone.today))
        zone.do(Act(due.act.command, due.act.actor, due.act.given))
    zone.on(last.day - ONE_DAY)
    assert zone.refuse(Act(last.act.command, last.act.actor, last.act.given)) == (
        "legality_review.too_early",
    )
    assert zone.refuse(TABLE, meeting=meeting) == ("legality_review.in_progress",)


def test_a_wish_that_is_feasible_can_be_made_by_starting_at_the_latest(zone: Zone) -> None:
    zone.on("2026-09-07")
    zone.do(propose(QUICK))
    wish = zone.house.inquiry.plan(zone.code, str(zone.matter), date(2026, 11, 6)).wish
    assert wish is not None
    assert wish.feasible
    (review,) = (leg for leg in wish.legs if leg.step.id == "legality_review")
    meeting = convene(zone, wish.wished)
    zone.on(review.latest)
    follow(zone, planned(zone), QUICK)
    assert zone.today <= wish.tabled_by
    zone.do(TABLE, meeting=meeting)


def test_a_pause_moves_the_plan_by_the_days_that_the_review_stood_still(zone: Zone) -> None:
    zone.on("2026-03-02")
    zone.advance_to("under_review", QUICK)
    before = planned(zone)
    zone.wait(1)
    zone.do(PAUSE)
    zone.wait(4)
    paused = planned(zone)
    assert [each.what.value for each in paused.assumptions] == ["resumed", "passes"]
    zone.do(RESUME)
    after = planned(zone)
    assert (before.tabled_from, after.tabled_from) == (date(2026, 3, 11), date(2026, 3, 17))
    assert paused.meeting == after.meeting


def test_of_a_matter_that_there_is_not_there_is_no_plan(zone: Zone) -> None:
    with pytest.raises(NotFound):
        zone.house.inquiry.plan(zone.code, "2026-0009")
