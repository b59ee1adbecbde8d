"""Hearing (听证): notice, papers to the participants, the session itself, the signed record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from procedures.kinds.base import Kind, at_once, not_ahead, not_firm, pending, satisfied, underway
from workflow.facts import Record, as_list
from workflow.ports import (
    Act,
    Assessment,
    Course,
    Payload,
    RuleShape,
    Ruling,
    StepPayload,
    View,
    Wait,
)
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

MOST_PAGES = 100_000
SERVING = "deliver_hearing_papers"


class HearingNotice(StepPayload):
    """听证公告: when and where, what it is about, and how participants are selected."""

    held_on: Day
    place: Line
    explanation: Prose
    selection_method: Prose
    sides: Annotated[tuple[Line, ...], Field(min_length=1)]


class Receipt(Payload):
    """Proof that one participant (by category, no name) has the papers."""

    participant: Line
    side: Line
    delivered_on: Day


class HearingPapers(StepPayload):
    """The participants, as published, with the receipt of the papers for each."""

    receipts: Annotated[tuple[Receipt, ...], Field(min_length=1)]


class HearingHeld(StepPayload):
    """The session: who came, and which parts of its order were gone through."""

    held_on: Day
    chair: Line
    recorder: Line
    present: Annotated[tuple[Line, ...], Field(min_length=1)]
    order: tuple[Name, ...]


class Signature(Payload):
    """A participant's signature under the record, or the note that it was refused and why."""

    participant: Line
    signed: StrictBool
    note: Prose | None = None


class HearingRecord(StepPayload):
    """听证笔录: confirmed and signed by those who took part."""

    signatures: Annotated[tuple[Signature, ...], Field(min_length=1)]
    pages: Annotated[StrictInt, Field(ge=1, le=MOST_PAGES)]
    conclusions: Prose


def judge_notice(view: View, notice: HearingNotice) -> Ruling:
    """Refuse a notice that comes too late, or that hears only one side."""
    found: tuple[Unmet, ...] = ()
    if view.facts.draft is None:
        found += (view.unmet("no_draft"),)
    rule = view.step.rules["notice_before"]
    latest, _ = view.counting.latest(rule, notice.held_on)
    if view.today > latest:
        found += (
            view.unmet("notice_too_late", "notice_before", held_on=notice.held_on, latest=latest),
        )
    wanted = view.step.rules["sides"].value or 0
    if len(set(notice.sides)) < wanted:
        found += (view.unmet("too_few_sides", "sides", wanted=wanted),)
    return Ruling(found)


def judge_papers(view: View, papers: HearingPapers) -> Ruling:
    """Refuse papers that were served too close to the hearing, or not to every side."""
    notice = _notice(view)
    if notice is None:
        return Ruling((view.unmet("not_announced"),))
    held_on = notice.day("held_on")
    latest, provisional = view.counting.latest(view.step.rules["papers_before"], held_on)
    found: tuple[Unmet, ...] = ()
    late = tuple(r.participant for r in papers.receipts if r.delivered_on > latest)
    if late:
        unmet = view.unmet(
            "papers_late",
            "papers_before",
            participants=late,
            delivered_on=max(receipt.delivered_on for receipt in papers.receipts),
            held_on=held_on,
            latest=latest,
        )
        day, unsure = _first_day(view, view.today)
        found += (replace(unmet, earliest=day, provisional=provisional or unsure),)
    early = tuple(r.participant for r in papers.receipts if r.delivered_on < notice.filed_on)
    if early:
        found += (view.unmet("papers_before_notice", "papers_before", participants=early),)
    sides: dict[str, set[str]] = {}
    for receipt in papers.receipts:
        sides.setdefault(receipt.participant, set()).add(receipt.side)
    torn = tuple(participant for participant, held in sides.items() if len(held) > 1)
    if torn:
        found += (view.unmet("on_two_sides", "sides", participants=torn),)
    for day in sorted({receipt.delivered_on for receipt in papers.receipts}):
        found += not_ahead(view, day)
    served = {receipt.side for receipt in papers.receipts}
    absent = tuple(str(side) for side in as_list(notice.payload["sides"]) if side not in served)
    if absent:
        found += (view.unmet("side_missing", "sides", sides=absent),)
    return Ruling(found)


def judge_session(view: View, session: HearingHeld) -> Ruling:
    """Refuse a session on another day than announced, without papers served, or out of order."""
    notice, papers = _notice(view), _since_notice(view, SERVING)
    if notice is None:
        return Ruling((view.unmet("not_announced"),))
    found = not_ahead(view, session.held_on)
    if session.held_on != notice.day("held_on"):
        found += (
            view.unmet("other_day", held_on=session.held_on, announced=notice.day("held_on")),
        )
    if papers is None:
        return Ruling((*found, view.unmet("papers_not_served", "papers_before")))
    if session.chair == session.recorder:
        found += (view.unmet("chair_records", "order"),)
    owed = view.step.rules["order"].choices
    if tuple(part for part in session.order if part in owed) != owed:
        found += (view.unmet("order", "order", owed=owed),)
    sides = {
        receipt["side"]
        for receipt in papers.items("receipts")
        if receipt["participant"] in session.present
    }
    absent = tuple(str(side) for side in as_list(notice.payload["sides"]) if side not in sides)
    if absent:
        found += (view.unmet("side_missing", "sides", sides=absent),)
    return Ruling(found)


def judge_record(view: View, record: HearingRecord) -> Ruling:
    """Refuse a record that somebody present neither signed nor refused to sign with a note."""
    session = _since_notice(view, "hold_hearing")
    if session is None:
        return Ruling((view.unmet("not_held"),))
    settled = {s.participant for s in record.signatures if s.signed or s.note is not None}
    open_ = tuple(str(who) for who in as_list(session.payload["present"]) if who not in settled)
    if open_:
        return Ruling((view.unmet("unsigned", "signed_record", participants=open_),))
    return Ruling()


def assess(view: View) -> Assessment:
    """Open until an announced hearing was held and its record signed."""
    notice = _notice(view)
    if notice is None:
        return pending(view.unmet("not_announced"))
    if _since_notice(view, "hold_hearing") is None:
        found: list[Unmet] = [view.unmet("not_held")]
        if _since_notice(view, SERVING) is None:
            latest, _ = view.counting.latest(
                view.step.rules["papers_before"], notice.day("held_on")
            )
            found.insert(0, view.unmet("papers_not_served", "papers_before", latest=latest))
        return underway(*found)
    record = _since_notice(view, "sign_hearing_record")
    if record is None:
        return underway(view.unmet("record_missing", "signed_record"))
    return satisfied(record.filed_on)


def course(view: View, start: date) -> Course:
    """The day of the hearing: as announced if its papers can still be in time, else anew."""
    if _since_notice(view, "hold_hearing") is not None:
        return at_once(view, start)
    notice = _notice(view)
    papers = view.step.rules["papers_before"]
    if notice is not None:
        held_on = notice.day("held_on")
        latest, provisional = view.counting.latest(papers, held_on)
        if _since_notice(view, SERVING) is not None or view.today <= latest:
            day = max(start, held_on)
            wait = Wait(papers, SERVING, latest, "hold_hearing", held_on, chosen=True)
            return Course(day, provisional, (wait,) if held_on > view.today else ())
    day, provisional = _first_day(view, start)
    waits = (
        Wait(
            view.step.rules["notice_before"], "publish_hearing_notice", start, "hold_hearing", day
        ),
        Wait(papers, SERVING, start, "hold_hearing", day),
    )
    return Course(day, provisional, waits)


def _first_day(view: View, start: date) -> tuple[date, bool]:
    """The first day for which both the notice and the papers, given on `start`, are in time."""
    rules = (view.step.rules["notice_before"], view.step.rules["papers_before"])
    day = max(view.counting.end(rule, start)[0] for rule in rules)
    while any(view.counting.latest(rule, day)[0] < start for rule in rules):
        day = day.fromordinal(day.toordinal() + 1)
    return day, not_firm(view, day)


def _notice(view: View) -> Record | None:
    return view.facts.last("publish_hearing_notice", step=view.step)


def _since_notice(view: View, command: str) -> Record | None:
    """The newest record of the command, if it follows the newest notice."""
    notice = _notice(view)
    newest = view.facts.last(command, step=view.step)
    if notice is None or newest is None or newest.position < notice.position:
        return None
    return newest


KIND = Kind(
    name="hearing",
    acts={
        "publish_hearing_notice": Act(HearingNotice, judge_notice),
        SERVING: Act(HearingPapers, judge_papers),
        "hold_hearing": Act(HearingHeld, judge_session),
        "sign_hearing_record": Act(HearingRecord, judge_record),
    },
    rules={
        "notice_before": RuleShape(period=True),
        "papers_before": RuleShape(period=True),
        "sides": RuleShape(number=True),
        "order": RuleShape(choices=True),
        "signed_record": RuleShape(),
    },
    judge=assess,
    soonest=course,
)
