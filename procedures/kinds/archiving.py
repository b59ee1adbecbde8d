"""Archiving (归档): everything that was done is listed, complete, under its retention period.

What ended without being issued (withdrawn, not adopted, outside the procedure) is archived too.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from procedures.departures import OVERDUE
from procedures.kinds.base import Kind, pending, satisfied, within
from workflow.definition import Step
from workflow.facts import CALL, CONCLUDE
from workflow.guards import minutes_owed
from workflow.kin import months_on
from workflow.ports import (
    Act,
    ActPart,
    Assessment,
    Deadline,
    Payload,
    RuleShape,
    Ruling,
    StepPayload,
    View,
)
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

FILE, FILE_ENDED = "file_archive", "archive_ended"


class ArchivedPaper(Payload):
    """One paper of the archive list; `paper` is a word of the definition, or of a locality.

    `retention` where it is kept for another time than the list as a whole.
    """

    paper: Name
    title: Line
    step: Name | None = None
    retention: Name | None = None


class ArchiveList(StepPayload):
    """归档目录: the papers, by the steps that they show, with retention and place.

    `reason_for_delay` is owed where the time for archiving is over.
    """

    archived_on: Day
    retention: Name
    place: Line
    papers: Annotated[tuple[ArchivedPaper, ...], Field(min_length=1)]
    reason_for_delay: Prose | None = None


def judge_archive(view: View, listed: ArchiveList) -> Ruling:
    """Refuse a list that lacks a paper owed, or anything of a step that was done, or is late."""
    return _ruling(view, listed, "papers", FILE)


def judge_ended(view: View, listed: ArchiveList) -> Ruling:
    """Refuse a list, of what ended without being issued, that is not complete."""
    return _ruling(view, listed, "papers_of_ended", FILE_ENDED)


def _ruling(view: View, listed: ArchiveList, rule: str, act: str) -> Ruling:
    found = _against(view, listed, rule, act)
    ends = due(view).by
    # Whoever sent an opinion in had their answer; what is archived is the opinion.
    forgets = "senders" in view.step.rules and view.facts.last(CALL) is not None
    told: dict[str, object] = {"senders_forgotten": True} if forgets else {}
    if listed.archived_on <= ends:
        return Ruling(found, extra=told, forgets=forgets)
    if not view.tells(listed.reason_for_delay):
        found += (view.unmet("late_without_reason", "deadline", act, ends=ends),)
    return Ruling(found, extra={**told, OVERDUE: "deadline"}, forgets=forgets)


def due(view: View) -> Deadline:
    """The last day for archiving: so many months into the year after the last act on the matter."""
    done = [each.filed_on for each in view.facts.records if each.step != view.step.id]
    last, rule = (done[-1] if done else view.today), view.step.rules["deadline"]
    return Deadline(months_on(date(last.year, 12, 31), rule.value or 0), last, rule)


def _against(view: View, listed: ArchiveList, rule: str, act: str) -> tuple[Unmet, ...]:
    found = within(view, listed.archived_on, _latest(view))
    owed = view.step.rules[rule].choices
    lacking = tuple(name for name in owed if name not in {each.paper for each in listed.papers})
    if lacking:
        found += (view.unmet("papers_missing", rule, act, papers=lacking),)
    shown = {each.step for each in listed.papers}
    steps = tuple(
        step.name
        for step in view.procedure.steps.values()
        if step.id not in shown and step.id != view.step.id and _left_papers(view, step)
    )
    if steps:
        found += (view.unmet("steps_missing", "complete", act, steps=steps),)
    unknown = tuple(sorted({name for name in shown if name} - view.procedure.steps.keys()))
    if unknown:
        found += (view.unmet("steps_unknown", "complete", act, unknown=unknown),)
    found += _of_meetings(view, listed, act)
    known, lasting = (view.step.rules[name].choices for name in ("retention", "lasting"))
    kept = {listed.retention, *(each.retention for each in listed.papers if each.retention)}
    if not kept <= set(known):
        found += (view.unmet("retention_unknown", "retention", act, retentions=known),)
    brief = set(known) - set(lasting)
    short = tuple(
        each.paper
        for each in listed.papers
        if each.paper in owed and (each.retention or listed.retention) in brief
    )
    if short:
        found += (view.unmet("kept_too_short", "lasting", act, papers=short, retentions=lasting),)
    return found


def _latest(view: View) -> date | None:
    """The day of the last act on the matter, lists apart; nothing is archived before it."""
    acts = [each.filed_on for each in view.facts.records if each.step != view.step.id]
    return acts[-1] if acts else None


def _left_papers(view: View, step: Step) -> bool:
    """Whether a step was begun, or ruled not to apply: that ruling is a paper too."""
    return view.facts.begun(step) or view.facts.waiver(step) is not None


def _of_meetings(view: View, listed: ArchiveList, act: str) -> tuple[Unmet, ...]:
    """Refuses a list with fewer papers of a kind than there were meetings that concluded.

    Minutes that nobody has issued are no paper of any list.
    """
    meetings = tuple(dict.fromkeys(each.text("meeting") for each in view.facts.of(CONCLUDE)))
    found = minutes_owed(view.procedure, view.facts, view.today)
    for name in view.step.rules["of_each_meeting"].choices:
        titles = {each.title for each in listed.papers if each.paper == name}
        if len(titles) < len(meetings):
            found += (
                view.unmet(
                    "meetings_missing",
                    "of_each_meeting",
                    act,
                    paper=name,
                    meetings=meetings,
                    given=len(titles),
                ),
            )
    return found


def assess(view: View) -> Assessment:
    """Open until a complete list is on file, made after the last act on any other step."""
    listed = view.facts.last(FILE, FILE_ENDED, step=view.step)
    if listed is None:
        return pending(view.unmet("missing", "", FILE, ends=due(view).by))
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
    acts={
        FILE: Act(ArchiveList, judge_archive),
        FILE_ENDED: Act(ArchiveList, judge_ended, ahead=True, part=ActPart.ASIDE),
    },
    rules={
        "papers": RuleShape(choices=True),
        "papers_of_ended": RuleShape(choices=True),
        "of_each_meeting": RuleShape(choices=True),
        "complete": RuleShape(),
        "retention": RuleShape(choices=True, wider_is_looser=True),
        "lasting": RuleShape(choices=True, wider_is_looser=True),
        "deadline": RuleShape(number=True),
        "senders": RuleShape(optional=True),
    },
    judge=assess,
    ends=due,
)
