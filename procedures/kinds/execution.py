"""Carrying a decision out (执行): assigned, reported on, suspended, resumed, ended."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictInt

from procedures.kinds.base import Kind, accept, not_ahead, pending, satisfied, underway
from workflow.facts import Record
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

#: What ends it: carried out, ended by another decision, or put in the place of by one.
ENDS = (COMPLETE, TERMINATE, ADJUST)


class Assignment(StepPayload):
    """交办执行: which units carry it out, what each has to do, and until when."""

    units: Annotated[tuple[Name, ...], Field(min_length=1)]
    duties: Prose
    due_on: Day


class Progress(StepPayload):
    """进展: how far it is carried out."""

    progress: Prose


class Problem(StepPayload):
    """What goes wrong in carrying it out, reported at once, and what is proposed."""

    cause: Literal["problem", "changed_facts", "force_majeure"]
    account: Prose
    proposal: Prose


class Inspection(StepPayload):
    """督促检查: what the decision body found, and what it demands."""

    done_on: Day
    findings: Prose
    demands: Prose | None = None


class Feedback(StepPayload):
    """What people say of the decision and how it is carried out: by which way, and how many."""

    received_on: Day
    way: Literal["letter", "telephone", "email", "visit", "other"]
    people: Annotated[StrictInt, Field(ge=1)]
    summary: Prose


class Completion(StepPayload):
    """执行完毕: what came of it."""

    done_on: Day
    result: Prose


class Suspension(StepPayload):
    """中止执行: the head of the decision body suspends first, in an urgent case on report."""

    reasons: Prose


class Resumption(StepPayload):
    """恢复执行."""

    reasons: Prose


class ByDecision(StepPayload):
    """终止或者调整: by which other matter that was decided; it ran every step of the procedure."""

    by: Line
    reasons: Prose

    def named_matters(self) -> tuple[str, ...]:
        """The matter by which it was decided."""
        return (self.by,)


def judge_assignment(view: View, paper: Assignment) -> Ruling:
    """Refuse units that there are not, and a day that is past."""
    unknown = tuple(name for name in paper.units if name not in view.units)
    found: tuple[Unmet, ...] = ()
    if unknown:
        found += (view.unmet("unit_unknown", "", ASSIGN, units=unknown),)
    if paper.due_on < view.today:
        found += (view.unmet("due_day_past", "", ASSIGN, day=paper.due_on),)
    return Ruling(found)


def judge_inspection(view: View, paper: Inspection) -> Ruling:
    """Refuse what is dated ahead."""
    return Ruling(not_ahead(view, paper.done_on))


def judge_feedback(view: View, paper: Feedback) -> Ruling:
    """Refuse what is dated ahead."""
    return Ruling(not_ahead(view, paper.received_on))


def judge_completion(view: View, paper: Completion) -> Ruling:
    """Refuse what is dated ahead."""
    return Ruling(not_ahead(view, paper.done_on))


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
    """Open until it is carried out, or ended or replaced by another decision."""
    assigned = view.facts.last(ASSIGN, step=view.step)
    if assigned is None:
        return pending(view.unmet("not_assigned", "", ASSIGN))
    ended = view.facts.last(*ENDS, step=view.step)
    if ended is None and (halted := suspended(view)) is not None:
        return underway(view.unmet("suspended", "suspension", RESUME, since=halted.filed_on))
    if ended is None:
        return underway(view.unmet("not_completed", "", COMPLETE, due_on=assigned.day("due_on")))
    return satisfied(ended.filed_on)


KIND = Kind(
    name="execution",
    acts={
        ASSIGN: Act(Assignment, judge_assignment),
        PROGRESS: Act(Progress, accept, part=ActPart.ASIDE),
        PROBLEM: Act(Problem, accept, part=ActPart.ASIDE),
        INSPECT: Act(Inspection, judge_inspection, part=ActPart.ASIDE),
        FEEDBACK: Act(Feedback, judge_feedback, part=ActPart.ASIDE),
        COMPLETE: Act(Completion, judge_completion, part=ActPart.END),
        SUSPEND: Act(Suspension, judge_suspension, part=ActPart.ASIDE),
        RESUME: Act(Resumption, accept, part=ActPart.ASIDE),
        TERMINATE: Act(ByDecision, judge_by_decision, part=ActPart.END),
        ADJUST: Act(ByDecision, judge_by_decision, part=ActPart.END),
    },
    rules={"suspension": RuleShape(), "no_change_without": RuleShape()},
    judge=assess,
    ends=ends,
)
