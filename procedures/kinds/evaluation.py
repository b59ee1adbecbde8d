"""Post-evaluation (后评估) of a decision that is being carried out, or has been.

Nobody has to be asked for it unless the definition sets a schedule; once it was opened it is
finished before the matter is closed.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from procedures.kinds.base import Kind, counted, not_ahead, pending, satisfied, underway
from workflow.facts import Facts, Record
from workflow.ports import (
    Act,
    ActPart,
    Assessment,
    Deadline,
    RuleShape,
    Ruling,
    StepPayload,
    StepState,
    View,
)
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

OPEN, FILE = "open_evaluation", "file_evaluation"


class EvaluationOpened(StepPayload):
    """决定开展后评估: on what grounds, and who evaluates."""

    trigger: Name
    evaluator: Line
    reasons: Prose


class EvaluationReport(StepPayload):
    """后评估报告: what was found, whose opinions were heard, and what is recommended."""

    done_on: Day
    effects: Prose
    heard: Prose
    recommendation: Literal["go_on", "adjust", "terminate"]
    advice: Prose


def judge_opening(view: View, paper: EvaluationOpened) -> Ruling:
    """Refuse a ground that there is not, and the one who was the main assessor before."""
    found: tuple[Unmet, ...] = ()
    triggers = view.step.rules["triggers"]
    if paper.trigger not in triggers.choices:
        found += (view.unmet("trigger_unknown", "triggers", OPEN, triggers=triggers.choices),)
    if _took_part(view, paper.evaluator):
        found += (view.unmet("assessed_before", "evaluator", OPEN, evaluator=paper.evaluator),)
    return Ruling(found)


def judge_report(view: View, paper: EvaluationReport) -> Ruling:
    """Refuse a report of an evaluation that nobody opened, or dated ahead."""
    found = not_ahead(view, paper.done_on)
    if _opened(view) is None:
        found += (view.unmet("not_opened", "evaluator", OPEN),)
    return Ruling(found)


def assessors(facts: Facts) -> frozenset[str]:
    """Who was the main assessor of the matter before it was decided."""
    records = facts.of("file_risk_assessment", "reuse_risk_assessment")
    return frozenset(record.text("assessor") for record in records)


def _took_part(view: View, evaluator: str) -> bool:
    """Whether the evaluator is one of the assessors, alone or together with others.

    Names are compared without spaces and case; a unit may be named by its id.
    """
    named = {_plain(evaluator)}
    if evaluator in view.units:
        named |= {_plain(view.units[evaluator].zh), _plain(view.units[evaluator].en)}
    before = [_plain(name) for name in assessors(view.facts)]
    return any(name in other or other in name for name in named for other in before)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()


def ends(view: View) -> Deadline | None:
    """When the schedule asks for it; None where there is no schedule, or no issue."""
    formed, rule = view.facts.first_issue, view.step.rules.get("schedule")
    return None if formed is None or rule is None else counted(view, rule, formed.filed_on)


def due(view: View) -> date | None:
    """The day by which the schedule asks for it; None where there is no schedule, or no issue."""
    found = ends(view)
    return None if found is None else found.by


def _opened(view: View) -> Record | None:
    last = view.facts.last(OPEN, FILE, step=view.step)
    return last if last is not None and last.command == OPEN else None


def assess(view: View) -> Assessment:
    """Open once it was opened, or is scheduled, and until its report is on file."""
    last = view.facts.last(OPEN, FILE, step=view.step)
    if last is not None and last.command == FILE:
        return satisfied(last.filed_on)
    if last is not None:
        return underway(view.unmet("not_reported", "evaluator", FILE))
    if "schedule" not in view.step.rules:
        return Assessment(StepState.NOT_REQUIRED)
    return pending(view.unmet("scheduled", "schedule", OPEN, due_on=due(view)))


KIND = Kind(
    name="evaluation",
    acts={
        OPEN: Act(EvaluationOpened, judge_opening),
        FILE: Act(EvaluationReport, judge_report, part=ActPart.END),
    },
    rules={
        "triggers": RuleShape(choices=True, wider_is_looser=True),
        "evaluator": RuleShape(),
        "schedule": RuleShape(period=True, optional=True),
    },
    judge=assess,
    ends=ends,
)
