"""The yearly catalogue of decisions on a terminal, and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.presenting.page import Page
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.facts import Record
from workflow.inquiry import CatalogueStanding
from workflow.yearly_catalogue import ADJUST, Edition, YearlyCatalogue


def state_of(catalogue: YearlyCatalogue) -> str:
    """How far the catalogue has come, in a word."""
    pending = catalogue.pending
    if catalogue.completion is not None:
        return "completed"
    if catalogue.published:
        return "published" if pending is None else "adjusting"
    if pending is None:
        return "nominating"
    if pending.consent is None:
        return "pending"
    return "consented" if pending.consented else "declined"


@dataclass(frozen=True)
class CatalogueSheet:
    """A catalogue as it stands, with the words for it."""

    catalogue: Catalogue
    standing: CatalogueStanding

    def write(self, page: Page) -> None:
        """Standing, entries, the version that is pending, candidates, adjustments."""
        say, found = self.catalogue.text, self.standing.catalogue
        page.heading(say("yearly.heading", year=found.year))
        if not found.nominated:
            page.line(say("yearly.none", year=found.year))
        page.pairs(list(self._head()), indent="  ")
        current = () if found.current is None else found.current.numbers
        pending = () if found.pending is None else found.pending.numbers
        self._entries(page, "yearly.entries", current)
        self._entries(page, "yearly.pending", pending)
        taken = {*current, *pending}
        self._entries(page, "yearly.candidates", (n for n in found.nominated if n not in taken))
        changes = [each for each in found.records if each.command == ADJUST]
        if changes:
            page.blank()
            page.heading(say("yearly.history"))
            page.table([self._change(each) for each in changes], indent="  ")

    def _head(self) -> Iterator[tuple[str, str]]:
        say, standing = self.catalogue.text, self.standing
        found = standing.catalogue
        yield say("yearly.state"), say(f"yearly.state_{state_of(found)}")
        for edition in (*found.published, *([] if found.pending is None else [found.pending])):
            if edition.consent is not None:
                letter = edition.consent.text("letter")
                day = self._day(edition.consent.day("given_on"))
                yield say("yearly.consent"), say("yearly.letter", letter=letter, day=day)
            if edition.publication is not None:
                yield say("yearly.published"), self._published(edition.publication)
        for code, due, done in (
            ("yearly.publication_due", standing.publication_due, bool(found.published)),
            ("yearly.completion_due", standing.completion_due, found.completion is not None),
        ):
            if due is not None and not done:
                late = due < standing.today
                yield say(code), say("yearly.overdue", day=due) if late else self._day(due)
        if found.completion is not None:
            yield say("yearly.completion"), self._published(found.completion)

    def _published(self, record: Record) -> str:
        channels = tuple(
            self.wording.choice("channel", str(each["channel"])) for each in record.items("places")
        )
        day = self._day(record.day("published_on"))
        return self.catalogue.text("yearly.publication", day=day, places=channels)

    @property
    def wording(self) -> Wording:
        """The words of the procedure under which the organisation works."""
        return Wording(self.catalogue, self.standing.procedure, self.standing.directory)

    def _entries(self, page: Page, title: str, numbers: Iterable[int]) -> None:
        rows = [self._row(number) for number in numbers]
        if rows:
            page.blank()
            page.heading(self.catalogue.text(title))
            page.table(rows, indent="  ")

    def _row(self, number: int) -> tuple[str, ...]:
        say, entry = self.catalogue.text, self.standing.catalogue.nominated[number]
        matters = tuple(told for of, told, _ in self.standing.matters if of == number)
        results = {each["entry"]: str(each["result"]) for each in self._outcomes()}
        return (
            str(number),
            entry.title,
            self.wording.unit(entry.unit),
            "" if entry.decide_by is None else say("yearly.decide_by", day=entry.decide_by),
            say("yearly.hearing") if entry.hearing else "",
            say("yearly.matters", matters=matters) if matters else "",
            self.wording.choice("entry_result", results[number]) if number in results else "",
        )

    def _outcomes(self) -> tuple[Any, ...]:
        completion = self.standing.catalogue.completion
        return () if completion is None else completion.items("outcomes")

    def _change(self, record: Record) -> tuple[str, ...]:
        say = self.catalogue.text
        parts = [
            say("yearly.removed", entry=each["entry"], reasons=each["reasons"])
            for each in record.items("remove")
        ]
        if added := tuple(str(number) for number in _numbers(record, "add")):
            parts.insert(0, say("yearly.added", entries=added))
        return (
            self._day(record.filed_on),
            record.text("reasons"),
            say("days.names", names=tuple(parts)),
        )

    def _day(self, day: date) -> str:
        return self.catalogue.text("days.plain", day=day)


def catalogue_data(standing: CatalogueStanding) -> dict[str, Any]:
    """The catalogue with its records, as plain JSON without words."""
    found = standing.catalogue
    return {
        "year": found.year,
        "state": state_of(found),
        "publication_due": _iso(standing.publication_due),
        "completion_due": _iso(standing.completion_due),
        "nominated": [
            {
                "entry": entry.number,
                "title": entry.title,
                "unit": entry.unit,
                "reasons": entry.reasons,
                "decide_by": _iso(entry.decide_by),
                "hearing": entry.hearing,
                "matters": [number for of, number, _ in standing.matters if of == entry.number],
            }
            for entry in found.nominated.values()
        ],
        "entries": [] if found.current is None else list(found.current.numbers),
        "pending": None if found.pending is None else _edition(found.pending),
        "published": [_edition(each) for each in found.published],
        "completion": None if found.completion is None else dict(found.completion.payload),
        "records": [record_data(each) for each in found.records],
    }


def record_data(record: Record) -> dict[str, Any]:
    """An act on something of a year."""
    return {
        "position": record.position,
        "command": record.command,
        "actor": record.actor,
        "principal": record.principal,
        "unit": record.unit,
        "role": record.role,
        "payload": dict(record.payload),
        "filed_on": record.filed_on.isoformat(),
    }


def _edition(edition: Edition) -> dict[str, Any]:
    return {
        "entries": list(edition.numbers),
        "drawn_up_on": edition.basis.filed_on.isoformat(),
        "consent": None if edition.consent is None else dict(edition.consent.payload),
        "publication": None if edition.publication is None else dict(edition.publication.payload),
    }


def _numbers(record: Record, key: str) -> list[Any]:
    given = record.payload.get(key)
    return given if isinstance(given, list) else []


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
