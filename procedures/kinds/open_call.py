"""Open call for opinions (公开征求意见): notice, period, closing. `adoption` answers it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field, StrictInt

from procedures.departures import USUAL_END
from procedures.kinds.base import Kind, not_firm, pending, satisfied, underway
from workflow.definition import Floor, Nature
from workflow.facts import CLOSE_CALL, TAKE_IN, Record, as_list
from workflow.guards import day_after
from workflow.ports import (
    Act,
    ActPart,
    Assessment,
    Course,
    RuleShape,
    Ruling,
    StepPayload,
    StepState,
    View,
    Wait,
)
from workflow.refusals import Unmet
from workflow.submissions import known_texts, since_closing, take_in, taken_in
from workflow.texts import Day, Name, Prose

MOST_OPINIONS = 1_000_000

#: The act that names the ways in which the public is heard.
PLANNING = "file_participation_plan"


class CallNotice(StepPayload):
    """The notice as published today: until when, where, how to answer.

    `closes_on` is the last day on which opinions are taken.  A period shorter than the floor needs
    its reason in the notice itself; words that say nothing are none.
    """

    closes_on: Day
    channels: Annotated[tuple[Name, ...], Field(min_length=1)]
    how_to_answer: Prose
    explanation: Prose
    reason_for_shortening: Prose | None = None


class CallClosing(StepPayload):
    """How many opinions came in since the last closing; none needs proof of open channels.

    Those of an earlier closed call stay numbered before them, and stay owed an answer.

    `explained`: how points that people cared about, or technical ones, were explained meanwhile.
    """

    received: Annotated[StrictInt, Field(ge=0, le=MOST_OPINIONS)]
    channel_proof: Prose | None = None
    explained: Prose | None = None


def judge_notice(view: View, notice: CallNotice) -> Ruling:
    """Refuse a notice whose period is too short without lawful reason, or that few would see."""
    found: list[Unmet] = [*_unplanned(view)]
    if view.facts.draft is None:
        found.append(view.unmet("no_draft"))
    # The calendar must reach beyond the call, or nothing after it could be dated.
    view.counting.table.day(notice.closes_on)
    view.counting.table.day(day_after(notice.closes_on))
    if notice.closes_on < view.today:
        found.append(view.unmet("closes_in_the_past", "period", closes_on=notice.closes_on))
    found += _too_short(view, notice)
    channels = view.step.rules["channels"]
    unknown = tuple(name for name in notice.channels if name not in channels.choices)
    if unknown:
        found.append(
            view.unmet("channel_unknown", "channels", channels=unknown, known=channels.choices)
        )
    if channels.value is not None and len(set(notice.channels)) < channels.value:
        found.append(view.unmet("too_few_channels", "channels", wanted=channels.value))
    usual, _ = view.counting.end(view.step.rules["period"], view.today)
    short = {USUAL_END: usual.isoformat()} if notice.closes_on < usual else {}
    return Ruling(tuple(found), extra=short)


def _too_short(view: View, notice: CallNotice) -> tuple[Unmet, ...]:
    period = view.step.rules["period"]
    ends, provisional = view.counting.end(period, view.today)
    soft = period.floor is Floor.SOFT
    if notice.closes_on >= ends:
        return ()
    if soft and view.tells(notice.reason_for_shortening):
        return _below_shortest(view, notice)
    unmet = view.unmet(
        "short_without_reason" if soft else "too_short",
        "shortening" if soft else "period",
        closes_on=notice.closes_on,
        ends=ends,
        amount=period.value,
        unit=period.unit,
    )
    return (replace(unmet, provisional=provisional),)


def _below_shortest(view: View, notice: CallNotice) -> tuple[Unmet, ...]:
    """Refuses a period that no reason shortens so far, where the rule `shortest` sets a least."""
    rule = view.step.rules.get("shortest")
    if rule is None:
        return ()
    ends, provisional = view.counting.end(rule, view.today)
    if notice.closes_on >= ends:
        return ()
    unmet = view.unmet(
        "below_shortest",
        "shortest",
        closes_on=notice.closes_on,
        ends=ends,
        amount=rule.value,
        unit=rule.unit,
    )
    return (replace(unmet, provisional=provisional),)


class TakingIn(StepPayload):
    """What people sent in, the oldest first, as much of it as one record holds."""


def judge_taking_in(view: View, _: TakingIn) -> Ruling:
    """Number what people sent in by itself, equal texts under one number; nothing is chosen."""
    if not view.waiting:
        return Ruling((view.unmet("nothing_waiting", "", TAKE_IN),))
    found = take_in(since_closing(view.facts, view.step.id), view.waiting)
    return Ruling(extra=found.kept, taken_in=found.numbers)


def judge_closing(view: View, closing: CallClosing) -> Ruling:
    """Refuse to close early, to leave out what was sent in, or to report silence without proof."""
    notice = _current(view)
    if notice is None:
        return Ruling((view.unmet("not_published"),))
    if _since_notice(view, "close_open_call") is not None:
        return Ruling((view.unmet("already_closed"),))
    found = _still_open(view, notice) + _rewritten(view, notice)
    if closing.received == 0 and closing.channel_proof is None:
        found += (view.unmet("zero_without_proof", "proof"),)
    taken = since_closing(view.facts, view.step.id)
    texts = len(known_texts(taken))
    found += not_taken_in(view)
    if closing.received < texts:
        found += (view.unmet("fewer_than_taken_in", "", CLOSE_CALL, taken=texts),)
    return Ruling(found, extra={"submitted": taken_in(taken)} if taken else {})


def not_taken_in(view: View) -> tuple[Unmet, ...]:
    """What came in in time and is on no record yet: a call does not end without it."""
    count = view.facts.waiting.get(view.step.id, 0)
    return (view.unmet("not_taken_in", "", TAKE_IN, count=count),) if count else ()


def assess(view: View) -> Assessment:
    """Open until a notice is followed by its closing; not asked for while no plan names it.

    Publishing again restarts the clock: only what follows the newest notice counts.
    """
    notice = _current(view)
    if notice is None:
        if not _foreseen(view):
            # While there is no plan, the step that asks for one bars the way.
            return Assessment(StepState.NOT_REQUIRED)
        return pending(view.unmet("not_published"))
    closing = _since_notice(view, "close_open_call")
    if closing is None:
        waiting = _rewritten(view, notice) or _still_open(view, notice)
        return underway(*(waiting or (*not_taken_in(view), view.unmet("not_closed"))))
    left = not_taken_in(view)
    if left:
        return underway(*left)
    return satisfied(closing.filed_on)


def course(view: View, start: date) -> Course:
    """The day after the call closes: of the notice that runs, or of one published on `start`."""
    notice = _current(view)
    if notice is None or _rewritten(view, notice):
        ends, provisional = view.counting.end(view.step.rules["period"], start)
        return Course(day_after(ends), provisional, (_wait(view, start, day_after(ends)),))
    over = day_after(notice.day("closes_on"))
    day = max(start, over)
    waits = (_wait(view, notice.filed_on, over, chosen=True),) if over > view.today else ()
    return Course(day, not_firm(view, day), waits)


def _wait(view: View, since: date, until: date, *, chosen: bool = False) -> Wait:
    rule = view.step.rules["period"]
    reasoned = view.step.rules["shortening"] if rule.floor is Floor.SOFT else None
    return Wait(
        rule, "publish_open_call", since, "close_open_call", until, chosen, shortening=reasoned
    )


def _foreseen(view: View) -> bool:
    """Whether the call is to be held: by the definition itself, or by the participation plan."""
    return "mandatory" in view.step.rules or not _planning(view) or KIND.name in _planned(view)


def _unplanned(view: View) -> tuple[Unmet, ...]:
    """Refuses a call that no participation plan names, where there has to be a plan."""
    if not _planning(view) or KIND.name in _planned(view):
        return ()
    unmet = view.unmet("not_planned")
    return (replace(unmet, cured_by=view.procedure.holders(PLANNING), earliest=view.today),)


def awaits(view: View) -> tuple[str, ...]:
    """The participation plan that has to name the call before it is published."""
    if _current(view) is not None or not _unplanned(view):
        return ()
    return tuple(step.id for step in view.procedure.steps_of(PLANNING))


def _planning(view: View) -> bool:
    return any(
        view.procedure.required(step, view.facts.answers) and view.facts.waiver(step) is None
        for step in view.procedure.steps_of(PLANNING)
    )


def _planned(view: View) -> tuple[str, ...]:
    """The methods that the plan names; none where there is no plan."""
    plan = view.facts.last(PLANNING)
    return () if plan is None else tuple(map(str, as_list(plan.payload["methods"])))


def _current(view: View) -> Record | None:
    return view.facts.last("publish_open_call", step=view.step)


def _since_notice(view: View, command: str) -> Record | None:
    """The newest record of the command, if it follows the newest notice."""
    notice = _current(view)
    newest = view.facts.last(command, step=view.step)
    if notice is None or newest is None or newest.position < notice.position:
        return None
    return newest


def _rewritten(view: View, notice: Record) -> tuple[Unmet, ...]:
    """A text changed in substance while people are asked about another: publish it again."""
    changed = [
        draft.number
        for draft in view.facts.drafts
        if draft.number > notice.draft and draft.nature is Nature.SUBSTANTIVE
    ]
    if not changed:
        return ()
    return (view.unmet("text_changed", "period", published=notice.draft, current=changed[-1]),)


def _still_open(view: View, notice: Record) -> tuple[Unmet, ...]:
    closes_on = notice.day("closes_on")
    if view.today > closes_on:
        return ()
    unmet = view.unmet("still_open", "period", closes_on=closes_on)
    return (replace(unmet, earliest=day_after(closes_on)),)


KIND = Kind(
    name="open_call",
    acts={
        "publish_open_call": Act(CallNotice, judge_notice),
        TAKE_IN: Act(TakingIn, judge_taking_in, part=ActPart.ASIDE),
        CLOSE_CALL: Act(CallClosing, judge_closing),
    },
    rules={
        "period": RuleShape(period=True),
        "shortening": RuleShape(),
        # The least that a reason leaves of a soft period.
        "shortest": RuleShape(period=True, optional=True),
        "channels": RuleShape(number=True, choices=True, wider_is_looser=True),
        "proof": RuleShape(),
        "mandatory": RuleShape(optional=True),
    },
    judge=assess,
    soonest=course,
    waits=awaits,
)
