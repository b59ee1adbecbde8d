"""The yearly notice on holidays (放假安排通知) as the General Office words it, read into its form.

Whatever of an item is not understood is refused with its line: a notice that is taken in half is
worse than none, and what this does not read can be written down as YAML.  Pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from pydantic import ValidationError

from procedures.problems import Problem, SourceError
from procedures.schema import Strict
from procedures.source import parse, read
from workflow.explaining.explain import explain
from workflow.holiday_forms import Festival, ImportHolidays

WORDING: Final = Path(__file__).with_name("holiday_text.yaml")


class _Wording(Strict):
    """How such a notice is worded; patterns of regular expressions, and words."""

    title: str
    moved: str
    number: str
    written_number: str
    published: str
    below: str
    item: str
    day: str
    days: str
    off: str
    sentences: str
    range: str
    some_off: str
    some_worked: str
    count: str
    says_nothing: tuple[str, ...]
    recommended: str
    weekday: str
    weekdays: tuple[str, ...]

    def pattern(self, text: str) -> re.Pattern[str]:
        """A pattern with its parts filled in."""
        for name in ("days", "day", "off"):
            text = text.replace(f"<{name}>", getattr(self, name))
        return re.compile(text)


@cache
def _wording() -> _Wording:
    return parse(read(WORDING), _Wording)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return _wording().pattern(getattr(_wording(), name))


@dataclass
class _Item:
    """One item of the notice: a festival, and what was read of it so far."""

    file: str
    line: int
    year: int
    name: str
    holidays: list[Festival] = field(default_factory=list)
    worked: list[date] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    _month: int = 0

    def wrong(self, code: str, **params: object) -> None:
        self.problems.append(Problem(self.file, self.line, 1, "", f"holiday_text.{code}", params))

    def read(self, body: str) -> None:
        for sentence in _pattern("sentences").split(body):
            if not sentence.startswith(_wording().recommended):
                for clause in sentence.split(","):
                    self._clause(clause)

    def _clause(self, clause: str) -> None:
        if not clause or clause in _wording().says_nothing:
            return
        if found := _pattern("count").fullmatch(clause):
            self._counted(int(found[1]))
        elif found := _pattern("range").fullmatch(clause):
            days = [*self._days(clause)]
            if len(days) == 2:  # noqa: PLR2004 (the first and the last)
                self._off(days[0], days[1])
            self._counted_if(found[found.re.groups])
        elif found := _pattern("some_off").fullmatch(clause):
            for day in self._days(clause):
                self._off(day, day)
            self._counted_if(found[found.re.groups])
        elif _pattern("some_worked").fullmatch(clause):
            self.worked += self._days(clause)
        else:
            self.wrong("unclear", clause=clause)

    def _off(self, first: date, last: date) -> None:
        if last < first:
            self.wrong("order", first=first, last=last)
        else:
            self.holidays.append(Festival(name=self.name, first=first, last=last))

    def _counted_if(self, told: str | None) -> None:
        if told is not None:
            self._counted(int(told))

    def _counted(self, told: int) -> None:
        found = sum((each.last - each.first).days + 1 for each in self.holidays)
        if found != told:
            self.wrong("count", name=self.name, told=told, found=found)

    def _days(self, clause: str) -> Iterator[date]:
        for year, month, day, note in _pattern("day").findall(clause):
            self._month = int(month or self._month)
            try:
                found = date(int(year or self.year), self._month, int(day))
            except ValueError:
                self.wrong("no_day", month=self._month, day=int(day))
                continue
            weekday = _pattern("weekday").search(note)
            if weekday and weekday[1] not in _wording().weekdays[found.weekday()]:
                self.wrong("weekday", day=found, told=weekday[0])
            yield found


def read_notice(text: str, file: str, published: date | None = None) -> ImportHolidays:
    """The notice that a text is, `file` the name that stands for it.

    Year and number are taken from its head, the day from below it, the day of publication from a
    line that tells it, or else from `published`, or else it is the day below.  Raises SourceError
    with everything that is missing or not understood.
    """
    plain = unicodedata.normalize("NFKC", text)
    lines = ["".join(line.split()) for line in plain.splitlines()]
    whole = "".join(lines)
    problems: list[Problem] = []
    title, number, dated = (
        _pattern("title").search(whole),
        _pattern("number").search(whole),
        _day_below(lines),
    )
    for what, found in (("title", title), ("number", number), ("dated", dated)):
        if found is None:
            problems.append(Problem(file, 0, 0, "", f"holiday_text.no_{what}"))
    items = (
        []
        if title is None
        else [*_items(lines, int(title[2]), file, _pattern("moved").search(whole))]
    )
    problems += (problem for item in items for problem in item.problems)
    if not items and title is not None:
        problems.append(Problem(file, 0, 0, "", "holiday_text.no_items"))
    if title is None or number is None or dated is None or problems:
        raise SourceError(problems)
    told = {
        "year": int(title[2]),
        "number": _number(number),
        "dated": dated,
        "published": published or _told_published(whole) or dated,
        "amends": title[1] is not None,
        "holidays": [each.model_dump() for item in items for each in item.holidays],
        "worked": sorted(day for item in items for day in item.worked),
        "text": text,
    }
    try:
        return ImportHolidays.model_validate(told)
    except ValidationError as error:
        raise SourceError(
            Problem(file, 0, 0, "", found.code, found.params)
            for found in explain(ImportHolidays, told, error)
        ) from error


def _items(lines: list[str], year: int, file: str, moved: re.Match[str] | None) -> Iterator[_Item]:
    for place, line in enumerate(lines, 1):
        found = _pattern("item").fullmatch(line)
        if found is None:
            continue
        item = _Item(file, place, year, found[1] or (moved[1] if moved else ""))
        if item.name:
            item.read(found[2])
        else:
            item.wrong("no_festival")
        yield item


def _day_below(lines: list[str]) -> date | None:
    """The last line that is a day and nothing else."""
    found = [_pattern("below").fullmatch(line) for line in lines]
    return _day([each for each in found if each is not None][-1:])


def _told_published(whole: str) -> date | None:
    return _day([*_pattern("published").finditer(whole)][:1])


def _day(found: list[re.Match[str]]) -> date | None:
    for each in found:
        try:
            return date(int(each[1]), int(each[2]), int(each[3]))
        except ValueError:
            return None
    return None


def _number(found: re.Match[str]) -> str:
    written = _wording().written_number
    for name, part in zip(("kind", "year", "number"), found.groups(), strict=True):
        written = written.replace(f"<{name}>", part)
    return written
