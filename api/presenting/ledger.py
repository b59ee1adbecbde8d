"""The ledger of recurring duties on a terminal, and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.presenting.page import Page
from api.presenting.yearly import record_data
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.inquiry import LedgerStanding
from workflow.recurring import DutyLine


@dataclass(frozen=True)
class DutySheet:
    """The ledger of a year, with the words for it."""

    catalogue: Catalogue
    standing: LedgerStanding

    def write(self, page: Page) -> None:
        """A line for each occurrence, by duty, with what it rests on."""
        say, found = self.catalogue.text, self.standing.ledger
        page.heading(say("duties.heading", year=found.year))
        if not found.lines:
            page.line(say("duties.none"))
        wording = Wording(self.catalogue, self.standing.procedure, self.standing.directory)
        for duty in dict.fromkeys(line.occurrence.duty.id for line in found.lines):
            lines = [line for line in found.lines if line.occurrence.duty.id == duty]
            page.blank()
            page.heading(lines[0].occurrence.duty.name[self.catalogue.locale])
            page.table([self._row(line, wording) for line in lines], indent="  ")

    def _row(self, line: DutyLine, wording: Wording) -> tuple[str, ...]:
        say, occurrence = self.catalogue.text, line.occurrence
        period = say(f"duties.period_{occurrence.duty.every.value}", number=occurrence.number)
        return (
            period,
            say(f"duties.state_{line.state(self.standing.today).value}"),
            say("duties.by", day=occurrence.by),
            wording.person(line.person) if line.person else "",
            "" if line.done_on is None else say("duties.done", day=line.done_on),
        )


def ledger_data(standing: LedgerStanding, locale: str) -> dict[str, Any]:
    """The ledger with its records; the names of duties and papers in a language."""
    found = standing.ledger
    return {
        "year": found.year,
        "duties": [_line(each, standing, locale) for each in found.lines],
        "records": [record_data(each) for each in found.records],
    }


def _line(line: DutyLine, standing: LedgerStanding, locale: str) -> dict[str, Any]:
    occurrence = line.occurrence
    duty = occurrence.duty
    return {
        "duty": duty.id,
        "name": duty.name[locale],
        "number": occurrence.number,
        "opens": occurrence.opens.isoformat(),
        "by": occurrence.by.isoformat(),
        "state": line.state(standing.today).value,
        "person": line.person or None,
        "done_on": None if line.done_on is None else line.done_on.isoformat(),
        "missing": list(line.missing),
        "evidence": {kind: name[locale] for kind, name in duty.evidence.items()},
        "basis": [f"{each.instrument} {each.article}".strip() for each in duty.citations],
    }
