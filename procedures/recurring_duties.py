"""The recurring duties of a profile, read from strict files in `procedures/recurring/`.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Final

from pydantic import Field

from procedures.problems import Problem, SourceError
from procedures.schema import SOME, Bilingual, Citations, Holders, InstrumentForm, Strict
from procedures.source import Document, parse, read
from workflow.definition import Text
from workflow.recurring import Every, RecurringDuty
from workflow.texts import Name

#: The duties of the distribution.
RECURRING: Final = Path(__file__).with_name("recurring")

Months = Annotated[int, Field(ge=0, le=12)]


class LastDayForm(Strict):
    """So many months after the end of the period, to the end of the last of them."""

    months: Months


class PaperForm(Strict):
    """A kind of paper that shows that it was done."""

    id: Name
    name: Bilingual


class DutyForm(Strict):
    """One duty."""

    id: Name
    name: Bilingual
    every: Every
    afterwards: bool = False
    by: LastDayForm
    does: Holders
    evidence: Annotated[tuple[PaperForm, ...], SOME]
    cite: Citations

    @property
    def duty(self) -> RecurringDuty:
        """As the engine takes it."""
        return RecurringDuty(
            self.id,
            _text(self.name),
            self.every,
            self.by.months,
            self.afterwards,
            self.does,
            {each.id: _text(each.name) for each in self.evidence},
            self.cite,
        )


class RecurringFile(Strict):
    """One file; `recurring` is the id of the profile that it is for, `version` since when."""

    recurring: Name
    version: date
    name: Bilingual
    instruments: Mapping[Name, InstrumentForm] = {}
    duties: Annotated[tuple[DutyForm, ...], SOME]


@dataclass(frozen=True)
class RecurringBook:
    """Every file there is."""

    files: tuple[RecurringFile, ...]

    def duties(self, profile: str, year: int) -> tuple[RecurringDuty, ...]:
        """The duties of a year: those of the version in force when it ends."""
        ends = date(year, 12, 31)
        found = [each for each in self.files if each.recurring == profile and each.version <= ends]
        newest = max(found, key=lambda each: each.version, default=None)
        return () if newest is None else tuple(each.duty for each in newest.duties)

    @cached_property
    def titles(self) -> Mapping[str, Text]:
        """The titles of everything that any of them cites."""
        return {
            name: _text(each.title)
            for file in self.files
            for name, each in file.instruments.items()
        }


@cache
def shipped_recurring() -> RecurringBook:
    """The duties of the distribution, read once."""
    return load_recurring()


def load_recurring(*folders: Path) -> RecurringBook:
    """Read the duties of these folders, those of the distribution where none is named.

    Raises `SourceError` with everything that is wrong.
    """
    found: list[RecurringFile] = []
    problems: list[Problem] = []
    for path in sorted(
        each for folder in folders or (RECURRING,) for each in folder.glob("*.yaml")
    ):
        try:
            document = read(path)
            file = parse(document, RecurringFile)
        except SourceError as error:
            problems += error.problems
            continue
        found.append(file)
        problems += _faults(document, file)
    if problems:
        raise SourceError(problems)
    return RecurringBook(tuple(found))


def _faults(document: Document, file: RecurringFile) -> Iterator[Problem]:
    """Duties and papers told twice, and citations of what the file does not know."""
    told: set[str] = set()
    for place, duty in enumerate(file.duties):
        at = ("duties", place)
        if duty.id in told:
            yield document.problem((*at, "id"), "recurring.duty_twice", id=duty.id)
        told.add(duty.id)
        papers = [each.id for each in duty.evidence]
        for each in papers:
            if papers.count(each) > 1:
                yield document.problem((*at, "evidence"), "recurring.paper_twice", id=each)
                break
        for cited in duty.cite:
            if cited.instrument not in file.instruments:
                known = (*at, "cite")
                yield document.problem(known, "recurring.unknown_instrument", id=cited.instrument)


def _text(form: Bilingual) -> Text:
    return Text(form.zh, form.en)
