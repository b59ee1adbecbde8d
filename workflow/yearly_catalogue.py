"""The yearly catalogue of decisions (决策事项目录): what it holds, folded from its records.

Units nominate; the owner draws up an edition; the Party committee of the same level consents to it;
then it is published.  An adjustment is a further edition that goes the same way, and until it is
published the one before it stands.  After the year's end it is told what became of every entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from workflow.definition import Procedure
from workflow.facts import Facts, Record, as_list
from workflow.kin import months_on

#: The acts on a catalogue.
NOMINATE: Final = "nominate_entry"
COMPILE: Final = "compile_catalogue"
CONSENT: Final = "consent_catalogue"
PUBLISH: Final = "publish_catalogue"
ADJUST: Final = "adjust_catalogue"
COMPLETE: Final = "complete_catalogue"

#: The acts on a matter that tell how it stands to the catalogue.
LINK: Final = "link_entry"
NOT_MAJOR: Final = "rule_not_major"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as nominated; `number` counts from 1 within the year and is never used again.

    `decide_by` is the day until which it is meant to be decided, `hearing` whether one is to be
    held; None where that was not said.
    """

    number: int
    title: str
    unit: str
    reasons: str
    decide_by: date | None = None
    hearing: bool | None = None


@dataclass(frozen=True, slots=True)
class Edition:
    """A version of the catalogue: the numbers of its entries, and how far it has come.

    `basis` is the record that drew it up, `consent` the committee's latest answer to it.
    """

    numbers: tuple[int, ...]
    basis: Record
    consent: Record | None = None
    publication: Record | None = None

    @property
    def consented(self) -> bool:
        """Whether the committee's latest answer is its consent."""
        return self.consent is not None and self.consent.payload["granted"] is True


@dataclass(frozen=True, slots=True)
class YearlyCatalogue:
    """The catalogue of a year as it stands, with its records in their order.

    `pending` is the edition that is not published yet, `published` those that were, oldest first.
    """

    year: int
    records: tuple[Record, ...] = ()
    nominated: Mapping[int, Entry] = field(default_factory=dict)
    pending: Edition | None = None
    published: tuple[Edition, ...] = ()
    completion: Record | None = None

    @property
    def current(self) -> Edition | None:
        """The edition that stands; None before the first is published."""
        return self.published[-1] if self.published else None

    def stands(self, number: int) -> bool:
        """Whether an entry is in the published catalogue."""
        return self.current is not None and number in self.current.numbers


def fold(year: int, records: tuple[Record, ...]) -> YearlyCatalogue:
    """The catalogue of a year as its records, in their order, leave it."""
    found = YearlyCatalogue(year, records)
    for record in records:
        found = _after(found, record)
    return found


def _after(found: YearlyCatalogue, record: Record) -> YearlyCatalogue:
    match record.command:
        case "nominate_entry":
            entry = _entry(record)
            return replace(found, nominated={**found.nominated, entry.number: entry})
        case "compile_catalogue":
            return replace(found, pending=Edition(_numbers(record, "entries"), record))
        case "adjust_catalogue":
            return replace(found, pending=Edition(_adjusted(found, record), record))
        case "consent_catalogue" if found.pending is not None:
            return replace(found, pending=replace(found.pending, consent=record))
        case "publish_catalogue" if found.pending is not None:
            edition = replace(found.pending, publication=record)
            return replace(found, pending=None, published=(*found.published, edition))
        case "complete_catalogue":
            return replace(found, completion=record)
        case _:
            raise ValueError(f"{record.command} at {record.position} is no act on a catalogue")


def _entry(record: Record) -> Entry:
    hearing = record.payload.get("hearing")
    return Entry(
        number=int(record.text("entry")),
        title=record.text("title"),
        unit=record.unit,
        reasons=record.text("reasons"),
        decide_by=record.day("decide_by") if "decide_by" in record.payload else None,
        hearing=None if hearing is None else hearing is True,
    )


def _adjusted(found: YearlyCatalogue, record: Record) -> tuple[int, ...]:
    before = () if found.current is None else found.current.numbers
    gone = {int(str(each["entry"])) for each in record.items("remove")}
    kept = tuple(number for number in before if number not in gone)
    return (*kept, *_numbers(record, "add"))


def _numbers(record: Record, key: str) -> tuple[int, ...]:
    return tuple(int(str(number)) for number in as_list(record.payload.get(key)))


@dataclass(frozen=True, slots=True)
class Named:
    """The entry that a matter says it is."""

    year: int
    number: int


def named(facts: Facts) -> Named | None:
    """The entry that a matter was last linked to, at its proposal or later."""
    told = [each for each in facts.of("propose", LINK) if "entry" in each.payload]
    if not told:
        return None
    (entry,) = (told[-1].payload["entry"],)
    return Named(**entry) if isinstance(entry, dict) else None


def ruled_out(facts: Facts) -> Record | None:
    """The ruling that the matter is no major decision.

    A later classification undoes it, and so does an amount above the one that it rests on.
    """
    ruling, classified = facts.last(NOT_MAJOR), facts.last("classify")
    if ruling is None or (classified is not None and classified.position > ruling.position):
        return None
    rests_on = int(ruling.text("amount_yuan") or 0)
    return ruling if (facts.links.amount_yuan or 0) <= rests_on else None


def publication_due(procedure: Procedure, year: int) -> date | None:
    """The last day for publishing the catalogue of a year; None where no rule sets one."""
    return _months(procedure, "catalogue.publish_by", year - 1)


def completion_due(procedure: Procedure, year: int) -> date | None:
    """The last day for publishing what became of its entries; None where no rule sets one."""
    return _months(procedure, "catalogue.completion_by", year)


def _months(procedure: Procedure, name: str, year: int) -> date | None:
    """So many months after the end of a year, to the end of the last of them."""
    rule = procedure.rules.get(name)
    if rule is None or rule.value is None:
        return None
    return months_on(date(year, 12, 31), rule.value)
