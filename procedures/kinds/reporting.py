"""Reporting (报告) of a decision: it carries no request and waits for no reply.

Whether there is anything to report must be known before the issue: where the step applies because a
question that it depends on was never answered, that is what it wants.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pydantic import StrictBool

from procedures.kinds.base import Kind, not_ahead, pending, satisfied
from procedures.papers import OUTGOING, decided_after, kept, key, standing
from workflow.idle import Told, ToldLine
from workflow.ports import Act, Assessment, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Day

FILE, CLASSIFY = "file_report", "classify"


class ReportPaper(StepPayload):
    """报告: what was reported to whom; it carries no request and waits for no reply."""

    addressee: ToldLine
    number: ToldLine
    submitted_on: Day
    told: Told
    carries_request: StrictBool

    def paper_key(self) -> str:
        """Requests and reports are numbered together."""
        return key(OUTGOING, self.number)


def judge_report(view: View, paper: ReportPaper) -> Ruling:
    """Refuse a report that asks for something, is of another day than it can have.

    What is not decided yet cannot be reported.
    """
    found = not_ahead(view, paper.submitted_on)
    decided = decided_after(view.facts, paper.submitted_on)
    if decided is not None:
        found += (view.unmet("before_decision", "no_request", FILE, decided_on=decided),)
    if view.paper_of:
        found += (view.unmet("number_used", "no_request", FILE, matter=view.paper_of),)
    if paper.carries_request:
        found += (view.unmet("report_asks", "no_request", FILE),)
    return Ruling(found, extra=kept(paper))


def assess(view: View) -> Assessment:
    """Open until the report is filed, or while nobody has said whether one is due."""
    open_ = tuple(_unanswered(view))
    if open_:
        return pending(*open_)
    told = standing(view.facts, view.facts.last(FILE, step=view.step))
    return pending(view.unmet("missing")) if told is None else satisfied(told.filed_on)


def _unanswered(view: View) -> Iterator[Unmet]:
    asked = dict.fromkeys(leaf.question for leaf in view.step.required_when.leaves())
    for name in asked:
        if name not in view.facts.answers:
            question = view.procedure.questions[name]
            unmet = view.unmet("unanswered", question=question.text, id=question.id)
            yield replace(unmet, cured_by=view.procedure.holders(CLASSIFY))


KIND = Kind(
    name="reporting",
    acts={FILE: Act(ReportPaper, judge_report)},
    rules={
        "no_request": RuleShape(),
    },
    judge=assess,
)
