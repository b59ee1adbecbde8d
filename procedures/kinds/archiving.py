"""Archiving (归档): everything that was done is listed, complete, under its retention period."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from procedures.kinds.base import Kind, not_ahead, pending, satisfied
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.texts import Day, Line, Name

FILE = "file_archive"


class ArchivedPaper(Payload):
    """One paper of the archive list; `paper` is a word of the definition, or of a locality."""

    paper: Name
    title: Line
    step: Name | None = None


class ArchiveList(StepPayload):
    """归档目录: the papers, by the steps that they show, with retention and place."""

    archived_on: Day
    retention: Name
    place: Line
    papers: Annotated[tuple[ArchivedPaper, ...], Field(min_length=1)]


def judge_archive(view: View, listed: ArchiveList) -> Ruling:
    """Refuse a list that lacks a paper owed, or anything of a step that was done."""
    found = not_ahead(view, listed.archived_on)
    owed = view.step.rules["papers"].choices
    lacking = tuple(name for name in owed if name not in {each.paper for each in listed.papers})
    if lacking:
        found += (view.unmet("papers_missing", "papers", FILE, papers=lacking),)
    shown = {each.step for each in listed.papers}
    steps = tuple(
        step.name
        for step in view.procedure.steps.values()
        if step.id not in shown and step.id != view.step.id and view.facts.begun(step)
    )
    if steps:
        found += (view.unmet("steps_missing", "complete", FILE, steps=steps),)
    if listed.retention not in view.step.rules["retention"].choices:
        known = view.step.rules["retention"].choices
        found += (view.unmet("retention_unknown", "retention", FILE, retentions=known),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until a complete list is on file, made after the last act on any other step."""
    listed = view.facts.last(FILE, step=view.step)
    if listed is None:
        return pending(view.unmet("missing"))
    later = [
        each
        for each in view.facts.records
        if each.position > listed.position and each.step not in (None, view.step.id)
    ]
    if later:
        return pending(view.unmet("done_since", "complete", FILE, archived_on=listed.filed_on))
    return satisfied(listed.filed_on)


KIND = Kind(
    name="archiving",
    acts={FILE: Act(ArchiveList, judge_archive)},
    rules={
        "papers": RuleShape(choices=True),
        "complete": RuleShape(),
        "retention": RuleShape(choices=True, wider_is_looser=True),
    },
    judge=assess,
)
