"""Carrying a decision out (执行): assigned, reported on, suspended, resumed, ended.

It is carried out once every unit that it was given to has said so.  A decision that another has
changed or ended is not carried out any more; that is recorded even after it was closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from procedures.departures import OVERDUE
from procedures.kinds.base import Kind, accept, pending, satisfied, underway, within
from procedures.kinds.issuance import EXPIRES
from workflow.definition import Relation, Rule
from workflow.facts import ISSUE, Record, as_list
from workflow.idle import Told
from workflow.ports import (
    Act,
    ActPart,
    Assessment,
    Deadline,
    RuleShape,
    Ruling,
    StepPayload,
    View,
)
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

ASSIGN, PROGRESS, PROBLEM = "assign_execution", "report_progress", "report_problem"
INSPECT, FEEDBACK = "inspect_execution", "record_feedback"
COMPLETE, SUSPEND, RESUME = "complete_execution", "suspend_execution", "resume_execution"
TERMINATE, ADJUST = "terminate_execution", "record_adjustment"

#: What ends it besides being carried out: another decision that ends it or takes its place.
BY_DECISION = (TERMINATE, ADJUST)

#: The outcome of a completion after which other units still carry it out.
IN_PART = "in_part"


class Assignment(StepPayload):
    """交办执行: which units carry it out, what each has to do, and until when.

    `reason_for_delay` is owed where it is assigned anew after its last day, and not done.
    """

    units: Annotated[tuple[Name, ...], Field(min_length=1)]
    duties: Told
    due_on: Day
    reason_for_delay: Prose | None = None


class Progress(StepPayload):
    """进展: how far it is carried out.  `reason_for_delay` is owed where the report is late."""

    progress: Told
    reason_for_delay: Prose | None = None


class Problem(StepPayload):
    """What goes wrong in carrying it out, reported at once, and what is proposed."""

    cause: Literal["problem", "changed_facts", "force_majeure"]
    account: Told
    proposal: Told


class Inspection(StepPayload):
    """督促检查: what the decision body found, and what it demands."""

    done_on: Day
    findings: Told
    demands: Prose | None = None


class Feedback(StepPayload):
    """What people say of the decision and how it is carried out: by which way, and how many."""

    received_on: Day
    way: Literal["letter", "telephone", "email", "visit", "other"]
    people: Annotated[StrictInt, Field(ge=1)]
    summary: Told


class Completion(StepPayload):
    """执行完毕: what a unit made of its duties.  `reason_for_delay` is owed after the last day."""

    done_on: Day
    result: Told
    reason_for_delay: Prose | None = None


class Suspension(StepPayload):
    """中止执行: the head of the decision body suspends first, in an urgent case on report."""

    reasons: Told


class Resumption(StepPayload):
    """恢复执行."""

    reasons: Told


class ByDecision(StepPayload):
    """终止或者调整: by which other matter that was decided; it ran every step of the procedure."""

    by: Line
    reasons: Told

    def named_matters(self) -> tuple[str, ...]:
        """The matter by which it was decided."""
        return (self.by,)


def judge_assignment(view: View, paper: Assignment) -> Ruling:
    """Refuse units that there are not or where nobody could report it done, and a day past.

    Another day after the last one does not make what is late to be in time.
    """
    unknown = tuple(name for name in paper.units if name not in view.units)
    found = out_of_force(view, view.step.rules["no_change_without"])
    if unknown:
        found += (view.unmet("unit_unknown", "", ASSIGN, units=unknown),)
    unable = view.units.keys() - _able(view)
    idle = tuple(view.units[name] for name in paper.units if name in unable)
    if idle:
        found += (view.unmet("unit_unstaffed", "", ASSIGN, units=idle),)
    if paper.due_on < view.today:
        found += (view.unmet("due_day_past", "", ASSIGN, day=paper.due_on),)
    before = view.facts.last(ASSIGN, step=view.step)
    if before is None or view.today <= before.day("due_on") or not _open(view):
        return Ruling(found)
    if not view.tells(paper.reason_for_delay):
        ends = before.day("due_on")
        found += (view.unmet("late_without_reason", "due", ASSIGN, ends=ends),)
    return Ruling(found, extra={OVERDUE: "due"})


def _able(view: View) -> frozenset[str]:
    """The units where somebody could report it done, were it given to them."""
    holders = view.step.acts[COMPLETE]
    wanted = {each.role for each in holders if each.of == Relation.EXECUTING_UNIT}
    return frozenset(name for name in view.units if wanted & view.roles(name))


def _superseded(view: View) -> tuple[Unmet, ...]:
    """Refuses to carry out what another decision that was issued has changed or ended."""
    return tuple(_changed(view, view.step.rules["no_change_without"]))


def out_of_force(view: View, rule: Rule) -> tuple[Unmet, ...]:
    """Refuses to begin what rests on a decision that was changed or ended, or has run out."""
    return (*_changed(view, rule), *_expired(view, rule))


def _changed(view: View, rule: Rule) -> Iterator[Unmet]:
    if view.facts.changed_by:
        matters = {"matters": view.facts.changed_by}
        yield Unmet(
            "execution.superseded",
            rule.citations,
            matters,
            view.step.id,
            cured_by=view.procedure.holders(ADJUST),
            act=ADJUST,
        )


def _expired(view: View, rule: Rule) -> Iterator[Unmet]:
    expires = "" if view.facts.issue is None else view.facts.issue.text(EXPIRES)
    if expires and date.fromisoformat(expires) < view.today:
        day = {"day": date.fromisoformat(expires)}
        yield Unmet("execution.expired", rule.citations, day, view.step.id)


def judge_progress(view: View, paper: Progress) -> Ruling:
    """Refuse a report on what another decision has changed or ended, or a late one without why."""
    found, due = _superseded(view), progress_due(view, view.unit)
    if due is None or view.today <= due:
        return Ruling(found)
    if not view.tells(paper.reason_for_delay):
        found += (view.unmet("late_without_reason", "progress", PROGRESS, ends=due),)
    return Ruling(found, extra={OVERDUE: "progress"})


def progress_due(view: View, unit: str) -> date | None:
    """The last day of a unit's next report, where the definition sets an interval.

    It runs from the unit's last report or its assignment; after a suspension, from its end.
    """
    found = _next_report(view, unit)
    return None if found is None else found.by


def _next_report(view: View, unit: str) -> Deadline | None:
    rule = view.step.rules.get("progress")
    if rule is None:
        return None
    said = view.facts.of(ASSIGN, PROGRESS, RESUME, step=view.step)
    own = [each for each in said if each.command != PROGRESS or each.unit == unit]
    if not own:
        return None
    by, unsure = view.counting.end(rule, own[-1].filed_on)
    return Deadline(by, own[-1].filed_on, rule, unsure)


def still_at_work(view: View) -> tuple[str, ...]:
    """The units that have not reported it done; none while it is suspended, or after it ended."""
    if suspended(view) is not None or view.facts.last(*BY_DECISION, step=view.step) is not None:
        return ()
    return _open(view)


def reports_due(view: View) -> Iterator[tuple[str, Deadline]]:
    """The last day of the next report of each unit that is at work, where an interval is set."""
    for unit in still_at_work(view):
        found = _next_report(view, unit)
        if found is not None:
            yield unit, found


def judge_inspection(view: View, paper: Inspection) -> Ruling:
    """Refuse what is dated ahead, or before anybody was charged with it."""
    return Ruling(within(view, paper.done_on, _first(view, ASSIGN)))


def judge_feedback(view: View, paper: Feedback) -> Ruling:
    """Refuse what is dated ahead, or before the decision was issued."""
    return Ruling(within(view, paper.received_on, _first(view, ISSUE)))


def _first(view: View, command: str) -> date | None:
    found = view.facts.of(command)
    return found[0].filed_on if found else None


def judge_completion(view: View, paper: Completion) -> Ruling:
    """Refuse what is dated ahead or before the assignment, or comes late and does not say why.

    It is done in part while other units have not said so.
    """
    charged = [
        each
        for each in view.facts.of(ASSIGN, step=view.step)
        if view.unit in as_list(each.payload["units"])
    ]
    found = _superseded(view)
    found += within(view, paper.done_on, charged[0].filed_on if charged else None)
    outcome = IN_PART if set(_open(view)) - {view.unit} else ""
    due = view.facts.of(ASSIGN, step=view.step)[-1].day("due_on")
    if view.today <= due:
        return Ruling(found, outcome)
    if not view.tells(paper.reason_for_delay):
        found += (view.unmet("late_without_reason", "due", COMPLETE, ends=due),)
    return Ruling(found, outcome, extra={OVERDUE: "due"} if paper.done_on > due else {})


def _open(view: View) -> tuple[str, ...]:
    """The units that have not said so since it was last assigned."""
    said: set[str] = set()
    for each in view.facts.of(ASSIGN, COMPLETE, step=view.step):
        said = set() if each.command == ASSIGN else said | {each.unit}
    return tuple(dict.fromkeys(unit for unit in view.facts.executing_units if unit not in said))


def judge_resumption(view: View, paper: Resumption) -> Ruling:
    """Refuse to go on with what another decision has changed or ended, or what has run out."""
    return Ruling(out_of_force(view, view.step.rules["no_change_without"]))


def judge_suspension(view: View, paper: Suspension) -> Ruling:
    """Refuse to suspend where nobody who carries it out has reported a reason."""
    reported = view.facts.last(PROBLEM, step=view.step)
    since = view.facts.last(RESUME, step=view.step)
    if reported is None or (since is not None and since.position > reported.position):
        return Ruling((view.unmet("nothing_reported", "suspension", PROBLEM),))
    return Ruling()


def judge_by_decision(view: View, paper: ByDecision) -> Ruling:
    """Refuse to end or change a decision but by another that is about it and was issued."""
    found = view.linked.get(paper.by)
    if found is None or found.adjusts != view.facts.number:
        return Ruling((view.unmet("not_about_this", "no_change_without", "", matter=paper.by),))
    if not found.issued:
        return Ruling((view.unmet("not_issued_yet", "no_change_without", "", matter=paper.by),))
    return Ruling()


def suspended(view: View) -> Record | None:
    """The suspension that still holds; None where it was resumed, or never was one."""
    last = view.facts.last(SUSPEND, RESUME, step=view.step)
    return last if last is not None and last.command == SUSPEND else None


def ends(view: View) -> Deadline | None:
    """The day that the assignment names; while it is suspended nothing is due."""
    assigned = view.facts.last(ASSIGN, step=view.step)
    if assigned is None or suspended(view) is not None:
        return None
    return Deadline(assigned.day("due_on"), assigned.filed_on)


def assess(view: View) -> Assessment:
    """Open until every unit has carried it out, or another decision that stands ended it."""
    ended = view.facts.last(*BY_DECISION, step=view.step)
    return _carried_out(view) if ended is None else _ended(view, ended)


def _carried_out(view: View) -> Assessment:
    assigned = view.facts.last(ASSIGN, step=view.step)
    waiting = _open(view)
    if assigned is not None and not waiting:
        return satisfied(view.facts.of(COMPLETE, step=view.step)[-1].filed_on)
    if superseded := _superseded(view):
        return underway(*superseded)
    if assigned is None:
        return pending(view.unmet("not_assigned", "", ASSIGN))
    if (halted := suspended(view)) is not None:
        return underway(view.unmet("suspended", "suspension", RESUME, since=halted.filed_on))
    due = assigned.day("due_on")
    unmet = view.unmet("not_completed", "", COMPLETE, due_on=due, waiting=len(waiting))
    return underway(unmet, *_silent(view, waiting))


def _silent(view: View, waiting: Iterable[str]) -> Iterator[Unmet]:
    """The reports that were due and did not come."""
    silent = [day for unit in waiting if (day := progress_due(view, unit)) and day < view.today]
    if silent:
        due = min(silent)
        yield view.unmet("progress_owed", "progress", PROGRESS, due=due, silent=len(silent))


def leaves(view: View) -> tuple[Unmet, ...]:
    """Reports on the progress that are overdue."""
    return tuple(each for each in assess(view).unmet if each.act == PROGRESS)


def _ended(view: View, ended: Record) -> Assessment:
    """By another decision; should the number of that be voided, it is open again."""
    if ended.text("by") in view.facts.changed_by:
        return satisfied(ended.filed_on)
    by, act = ended.text("by"), ended.command
    return underway(view.unmet("not_issued_yet", "no_change_without", act, matter=by))


KIND = Kind(
    name="execution",
    acts={
        ASSIGN: Act(Assignment, judge_assignment),
        PROGRESS: Act(Progress, judge_progress, part=ActPart.ASIDE),
        PROBLEM: Act(Problem, accept, part=ActPart.ASIDE),
        INSPECT: Act(Inspection, judge_inspection, part=ActPart.ASIDE),
        FEEDBACK: Act(Feedback, judge_feedback, part=ActPart.ASIDE),
        COMPLETE: Act(Completion, judge_completion, outcomes=("", IN_PART), part=ActPart.END),
        SUSPEND: Act(Suspension, judge_suspension, part=ActPart.ASIDE),
        RESUME: Act(Resumption, judge_resumption, part=ActPart.ASIDE),
        TERMINATE: Act(ByDecision, judge_by_decision, part=ActPart.END),
        ADJUST: Act(ByDecision, judge_by_decision, part=ActPart.END),
    },
    rules={
        "due": RuleShape(),
        "progress": RuleShape(period=True, optional=True),
        "suspension": RuleShape(),
        "no_change_without": RuleShape(),
    },
    judge=assess,
    leaves=leaves,
    ends=ends,
)
