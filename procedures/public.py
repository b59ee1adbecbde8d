"""What everybody may see, field by field, of what an authority made public. Pure.

Nothing is left out of a record here: what is shown is put together from the few fields that the act
of publishing made public, so that a field that is added to a form stays hidden until somebody names
it here.  Prose is shown without personal data that has a form of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal

from procedures.kinds.hearing import LISTING
from procedures.kinds.publication import INTERPRET
from procedures.masking import MASK, masked
from procedures.opinions import COUNSEL, PUBLIC, Answer, answers, heard, only_counsel, tables
from workflow.definition import Procedure, Text
from workflow.facts import CALL, ISSUE, Facts, Record, as_list
from workflow.submissions import Submission, number_in_table

FEEDBACK: Final = "publish_adoption"

#: Sources whose opinions stand under the name of a unit; all others are nobody's.
_OF_UNITS: Final = "department"


@dataclass(frozen=True, slots=True)
class Call:
    """A call for opinions. `ends_at` is the first instant after it.

    `replaced`: a newer notice of the same step took its place.
    """

    title: str
    explanation: str
    how_to_answer: str
    channels: tuple[str, ...]
    published_on: date
    closes_on: date
    ends_at: datetime
    running: bool
    replaced: bool
    reason_for_shortening: str | None


@dataclass(frozen=True, slots=True)
class Attendant:
    """Somebody on the list of a hearing, by a masked name."""

    participant: str
    category: str


@dataclass(frozen=True, slots=True)
class Hearing:
    """A hearing as announced, with the list of who takes part once that is published."""

    title: str
    explanation: str
    published_on: date
    held_on: date
    begins_at: str
    place: str
    selection_method: str
    sides: tuple[str, ...]
    participants: tuple[Attendant, ...] | None


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What was published to explain a decision."""

    published_on: date
    channel: str
    adopted: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as published; `series`, `year` and `number` make its document number."""

    title: str
    series: str | None
    year: int | None
    number: int | None
    issued_on: date | None
    published_on: date
    expires_on: date | None
    channels: tuple[str, ...]
    interpretation: Interpretation | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one opinion; `number` is its place in the table, where it has one."""

    source: str
    number: int | None
    unit: str | None
    summary: str
    disposition: str
    reason: str | None
    passage: str | None


@dataclass(frozen=True, slots=True)
class Feedback:
    """What became of every opinion, as published."""

    title: str
    place: str
    published_on: date
    statement: str
    opinions: tuple[Outcome, ...]


State = Literal["late", "received", "taken_in", "answered"]


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of an opinion that was sent in, for whoever has its receipt.

    Its answer is told once it was published; until then only that it is on record.
    """

    state: State
    answer: Outcome | None = None
    published_on: date | None = None


def call(facts: Facts, notice: Record, ends_at: datetime, now: datetime) -> Call:
    """A call, by its notice. Whether it was closed, and what came in, is nobody's here."""
    replaced = any(
        each.step == notice.step and each.position > notice.position for each in facts.of(CALL)
    )
    reason = notice.payload.get("reason_for_shortening")
    return Call(
        title=masked(facts.title),
        explanation=masked(notice.text("explanation")),
        how_to_answer=notice.text("how_to_answer"),
        channels=_names(notice.payload["channels"]),
        published_on=notice.filed_on,
        closes_on=notice.day("closes_on"),
        ends_at=ends_at,
        running=now < ends_at and not replaced,
        replaced=replaced,
        reason_for_shortening=None if reason is None else masked(str(reason)),
    )


def hearing(facts: Facts, notice: Record) -> Hearing:
    """A hearing, by its notice, with the newest list that was published before another notice."""
    later = (each for each in facts.of(notice.command) if each.step == notice.step)
    until = next((each.position for each in later if each.position > notice.position), None)
    lists = [
        each
        for each in facts.of(LISTING)
        if each.step == notice.step
        and each.position > notice.position
        and (until is None or each.position < until)
    ]
    return Hearing(
        title=masked(facts.title),
        explanation=masked(notice.text("explanation")),
        published_on=notice.filed_on,
        held_on=notice.day("held_on"),
        begins_at=notice.text("begins_at"),
        place=notice.text("place"),
        selection_method=masked(notice.text("selection_method")),
        sides=tuple(masked(each) for each in _names(notice.payload["sides"])),
        participants=_attendants(lists[-1]) if lists else None,
    )


def _attendants(paper: Record) -> tuple[Attendant, ...]:
    return tuple(
        Attendant(masked(str(each["participant"])), str(each["category"]))
        for each in paper.items("participants")
    )


def decision(facts: Facts, published: Record) -> Decision:
    """A decision, with the number that it was published under."""
    issued = next((e for e in reversed(facts.of(ISSUE)) if e.position < published.position), None)
    explained = [
        each
        for each in facts.of(INTERPRET)
        if each.step == published.step and each.position > published.position
    ]
    told = {} if issued is None else issued.payload
    expires = told.get("expires_on")
    return Decision(
        title=masked(facts.title),
        series=None if issued is None else issued.text("series"),
        year=None if issued is None else int(issued.text("year")),
        number=None if issued is None else int(issued.text("number")),
        issued_on=None if issued is None else issued.filed_on,
        published_on=published.day("published_on"),
        expires_on=None if expires is None else date.fromisoformat(str(expires)),
        channels=tuple(str(each["channel"]) for each in published.items("places")),
        interpretation=_interpretation(explained[-1]) if explained else None,
    )


def _interpretation(paper: Record) -> Interpretation:
    return Interpretation(
        paper.day("published_on"), paper.text("channel"), masked(paper.text("adopted"))
    )


def feedback(
    procedure: Procedure, then: Facts, published: Record, units: Mapping[str, Text], locale: str
) -> Feedback:
    """What became of the opinions, by the facts as they stood when it was published."""
    parts = [each for each in tables(procedure, then) if not only_counsel(each)]
    found = answers(tables(procedure, then), heard(then))
    clean = _cleaner(found.values())
    told = (
        _outcome(each, clean, units, locale)
        for each in sorted(found.values(), key=_place)
        if each.source != COUNSEL
    )
    return Feedback(
        title=masked(then.title),
        place=masked(published.text("place")),
        published_on=published.day("published_on"),
        statement=clean(parts[-1].text("statement")) if parts else "",
        opinions=tuple(told),
    )


def followed(
    procedure: Procedure,
    facts: Facts,
    submission: Submission,
) -> Followed:
    """What became of an opinion: its answer is told as it was published last, and not before."""
    if submission.late:
        return Followed("late")
    if submission.taken_in is None:
        return Followed("received")
    for published in reversed(facts.of(FEEDBACK)):
        then = _until(facts, published.position)
        number = number_in_table(then, submission)
        if number is None:
            break
        table = answers(tables(procedure, then), heard(then))
        found = table.get((PUBLIC, str(number)))
        if found is not None:
            told = _outcome(found, _cleaner(table.values()))
            return Followed("answered", told, published.day("published_on"))
    return Followed("taken_in")


def _until(facts: Facts, position: int) -> Facts:
    return Facts(
        facts.number, facts.title, "", position, facts.answers, records=facts.records[:position]
    )


def _outcome(
    answer: Answer,
    clean: Callable[[str], str],
    units: Mapping[str, Text] | None = None,
    locale: str = "",
) -> Outcome:
    entry = answer.entry
    reason, passage = (
        clean(str(entry[key])) if entry.get(key) is not None else None
        for key in ("reason", "passage")
    )
    unit = (units or {}).get(answer.key) if answer.source == _OF_UNITS else None
    return Outcome(
        source=answer.source,
        # Experts and units have none; theirs is their name.
        number=int(answer.key) if answer.key.isdecimal() else None,
        unit=None if unit is None else unit[locale],
        summary=clean(str(entry["summary"])),
        disposition=str(entry["disposition"]),
        reason=reason,
        passage=passage,
    )


def _cleaner(table: Iterable[Answer]) -> Callable[[str], str]:
    """Takes out what is personal by its form, and everybody whom the table names as a person."""
    given = (each.entry.get("party") for each in table if each.source != _OF_UNITS)
    names = sorted({str(name) for name in given if name}, key=len, reverse=True)

    def clean(text: str) -> str:
        for name in names:
            text = text.replace(name, MASK)
        return masked(text)

    return clean


def _place(answer: Answer) -> tuple[str, int, str]:
    return answer.source, int(answer.key) if answer.key.isdecimal() else 0, answer.key


def _names(value: object) -> tuple[str, ...]:
    return tuple(map(str, as_list(value)))
