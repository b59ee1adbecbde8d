"""Study of a proposal (论证) before the decision body decides to start."""

from __future__ import annotations

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from workflow.ports import Act, Assessment, RuleShape, Ruling, StepPayload, View
from workflow.texts import Day, Prose


class StudyPaper(StepPayload):
    """The study paper under its headings; which of them are owed is data (rule ``content``)."""

    done_on: Day
    problem: Prose | None = None
    grounds: Prose | None = None
    necessity: Prose | None = None
    feasibility: Prose | None = None
    outline: Prose | None = None


def judge_study(view: View, paper: StudyPaper) -> Ruling:
    """Refuse a paper that is dated ahead or lacks a heading."""
    owed = view.step.rules["content"].choices
    lacking = tuple(name for name in owed if not getattr(paper, name))
    unmet = not_ahead(view, paper.done_on)
    if lacking:
        unmet += (view.unmet("headings_missing", "content", headings=lacking),)
    return Ruling(unmet)


def assess(view: View) -> Assessment:
    """Open until the unit that studies the proposal has filed its paper."""
    filed = view.facts.last("study", step=view.step)
    if filed is None:
        return pending(view.unmet("missing"))
    if filed.unit != view.facts.study_unit:
        units = (view.facts.study_unit,)
        return underway(view.unmet("other_unit", units=units))
    return satisfied(filed.filed_on)


KIND = Kind(
    name="study",
    acts={"study": Act(StudyPaper, judge_study)},
    rules={"content": RuleShape(choices=True)},
    judge=assess,
)
