"""Public participation (公众参与): the plan of how the public is heard, and the report of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated, Final

from pydantic import Field

from procedures.kinds import hearing, open_call
from procedures.kinds.base import Kind, at_once, not_ahead, pending, satisfied, underway
from workflow.definition import Step
from workflow.facts import Record, as_list
from workflow.ports import (
    Act,
    Assessment,
    Course,
    Payload,
    RuleShape,
    Ruling,
    StepKind,
    StepPayload,
    StepState,
    View,
)
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

#: The methods that are steps of their own, with the acts that end them.
STEPPED: Final[Mapping[str, StepKind]] = {
    kind.name: kind for kind in (open_call.KIND, hearing.KIND)
}
ENDINGS: Final = ("close_open_call", "sign_hearing_record")


class ParticipationPlan(StepPayload):
    """By which methods the public is heard, which groups are talked with, and when."""

    methods: Annotated[tuple[Name, ...], Field(min_length=1)]
    groups: tuple[Line, ...] = ()
    schedule: Prose


class Activity(Payload):
    """What was done by one method: for a stretch of days, the last of them."""

    method: Name
    held_on: Day
    summary: Prose


class ParticipationReport(StepPayload):
    """What was done, and the opinions heard otherwise than by open call, hearing and talks.

    They are numbered by their place, and answered in the adoption table like all others.  A later
    report corrects and adds: what it leaves out stays owed an answer.
    """

    done_on: Day
    activities: Annotated[tuple[Activity, ...], Field(min_length=1)]
    opinions: tuple[Prose, ...] = ()


def judge_plan(view: View, plan: ParticipationPlan) -> Ruling:
    """Refuse methods there are not, too few of them, and a plan without what it has to name.

    That is what is mandatory, and what was begun and is not brought to its end.
    """
    rule = view.step.rules["methods"]
    found: tuple[Unmet, ...] = ()
    unknown = tuple(name for name in plan.methods if name not in rule.choices)
    if unknown:
        found += (view.unmet("method_unknown", "methods", methods=unknown, offered=rule.choices),)
    if len(set(plan.methods)) < (rule.value or 0):
        found += (view.unmet("too_few_methods", "methods", wanted=rule.value),)
    owed = tuple(
        name
        for name in dict.fromkeys((*_mandatory(view), *_begun(view)))
        if name not in plan.methods
    )
    if owed:
        found += (view.unmet("method_owed", "methods", methods=owed),)
    if not plan.groups and any(step.kind == "group_talks" for step in _applying(view)):
        found += (view.unmet("groups_missing", "methods"),)
    return Ruling(found)


def judge_report(view: View, report: ParticipationReport) -> Ruling:
    """Refuse a report while a planned method is not gone through, or that is silent about one."""
    days = {report.done_on, *(activity.held_on for activity in report.activities)}
    found = tuple(each for day in sorted(days) for each in not_ahead(view, day))
    plan = _plan(view)
    if plan is None:
        return Ruling((*found, view.unmet("plan_missing", "methods")))
    planned = _methods(view, plan)
    told = {activity.method for activity in report.activities}
    silent = tuple(name for name in planned if name not in told and not _waived(view, name))
    if silent:
        found += (view.unmet("method_not_reported", "methods", methods=silent),)
    open_ = tuple(name for name in planned if _open(view, name))
    if open_:
        found += (view.unmet("method_open", "methods", methods=open_),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until a plan is followed by its methods, and these by a report."""
    plan = _plan(view)
    if plan is None:
        missing = view.unmet("plan_missing", "methods")
        return pending(replace(missing, earliest=view.today))
    report = view.facts.last("file_participation_report", step=view.step)
    ended = view.facts.last(*ENDINGS)
    since = max(plan.position, 0 if ended is None else ended.position)
    if report is None or report.position < since:
        open_ = tuple(name for name in _methods(view, plan) if _open(view, name))
        return underway(
            view.unmet("method_open", "methods", methods=open_) if open_ else None,
            view.unmet("report_missing", "methods", "file_participation_report"),
        )
    return satisfied(report.filed_on)


def demands(view: View) -> tuple[str, ...]:
    """The steps of the planned methods that are open, whether or not an answer asks for them.

    Of the methods that were begun as well: a hearing that was announced is held.
    """
    return tuple(step.id for name in _methods(view, _plan(view)) for step in _open(view, name))


def course(view: View, start: date) -> Course:
    """At once, as if the plan that is still to be made used no method that takes its time."""
    found = at_once(view, start)
    if _plan(view) is not None:
        return found
    return replace(found, left_out=tuple(step for name in STEPPED for step in _free(view, name)))


def _free(view: View, method: str) -> Iterator[Step]:
    """The steps of a method that only a plan of participation would ask for."""
    for step in _steps(view, method):
        found = STEPPED[method].assess(replace(view, step=step))
        asked = view.procedure.required(step, view.facts.answers)
        if not asked or found.state is StepState.NOT_REQUIRED:
            yield step


def _mandatory(view: View) -> tuple[str, ...]:
    """The methods that the procedure itself asks for on this matter."""
    return tuple(
        step.kind
        for step in _applying(view)
        if step.kind == "hearing" or (step.kind == "open_call" and "mandatory" in step.rules)
    )


def _begun(view: View) -> tuple[str, ...]:
    """The methods of which an act is on file, and which are not brought to their end."""
    return tuple(
        name for name in STEPPED if any(view.facts.begun(step) for step in _open(view, name))
    )


def _applying(view: View) -> tuple[Step, ...]:
    return tuple(
        step
        for step in view.procedure.steps.values()
        if view.procedure.required(step, view.facts.answers) and view.facts.waiver(step) is None
    )


def _open(view: View, method: str) -> tuple[Step, ...]:
    """The steps of a planned method that are not closed."""
    return tuple(
        step
        for step in _steps(view, method)
        if view.facts.waiver(step) is None
        and not STEPPED[method].assess(replace(view, step=step)).state.closed
    )


def _waived(view: View, method: str) -> bool:
    return any(view.facts.waiver(step) is not None for step in _steps(view, method))


def _steps(view: View, method: str) -> tuple[Step, ...]:
    if method not in STEPPED:
        return ()
    return tuple(step for step in view.procedure.steps.values() if step.kind == method)


def _plan(view: View) -> Record | None:
    return view.facts.last("file_participation_plan", step=view.step)


def _methods(view: View, plan: Record | None) -> tuple[str, ...]:
    """The methods of the plan, and those begun without standing in it."""
    planned = () if plan is None else tuple(map(str, as_list(plan.payload["methods"])))
    return tuple(dict.fromkeys((*planned, *_begun(view))))


KIND = Kind(
    name="participation",
    acts={
        "file_participation_plan": Act(ParticipationPlan, judge_plan, ahead=True),
        "file_participation_report": Act(ParticipationReport, judge_report),
    },
    rules={"methods": RuleShape(number=True, choices=True, wider_is_looser=True)},
    judge=assess,
    soonest=course,
    asks=demands,
)
