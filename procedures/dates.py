"""China's days: the `holidays` package, checked against and corrected by a dated, cited file.

The file lists the yearly notices of the State Council's General Office.  A year is firm once its
notice is listed; then the package must name exactly the make-up days of the notice, so that a
package older than the file cannot pass off its guesses as settled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from procedures.known import remembered
from procedures.source import Document, parse, read_again
from workflow.calendar import Almanac, CountingRule, DayKind
from workflow.errors import BrokenDefinition
from workflow.texts import Line, Name, Prose, fault

if TYPE_CHECKING:
    from holidays import HolidayBase

CHINA: Final = Path(__file__).with_name("calendars") / "cn.yaml"

_LAST_LUNAR_YEAR: Final = 2099  # the package computes lunar festivals up to here
_REST: Final = (DayKind.WEEKEND, DayKind.MAKE_UP)
_WORK: Final = (DayKind.WORKDAY,)


class Confidence(StrEnum):
    """How well a statement of the file has been checked against its source."""

    SURE = "S"
    FAIRLY_SURE = "M"
    UNSURE = "U"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Notice(_Strict):
    """A notice of the General Office on the holidays of `year`, or one that amends it.

    `dated` is the day that stands below it, `published` the day on which it became known.  It
    makes the days of rest in `worked` workdays and takes that back for those in `withdrawn`.
    """

    year: int
    number: Line
    dated: dt.date
    published: dt.date
    confidence: Confidence
    amends: bool = False
    worked: tuple[dt.date, ...] = ()
    withdrawn: tuple[dt.date, ...] = ()


class Override(_Strict):
    """A day that the package has wrong or does not know yet, with the source that says so."""

    date: dt.date
    kind: DayKind
    name: Line | None = None
    name_en: Line | None = None
    citation: Prose
    published: dt.date


class _Bilingual(_Strict):
    zh: Line
    en: Line


class _WeeklyRest(_Strict):
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = Field(min_length=1, max_length=6)
    citation: Prose


class _OpenTail(_Strict):
    days: Annotated[int, Field(ge=0, le=31)]
    citation: Prose


class _Rule(_Strict):
    start_day_counted: bool
    roll: bool
    clear_days: bool
    citation: Prose


class _File(_Strict):
    id: Name
    basis: Prose
    last_year: Annotated[int, Field(le=_LAST_LUNAR_YEAR)]
    weekly_rest: _WeeklyRest
    open_tail: _OpenTail
    make_up_day: _Bilingual
    between: _Bilingual
    notices: tuple[Notice, ...] = Field(min_length=1)
    overrides: tuple[Override, ...] = ()
    rules: Mapping[Name, _Rule]

    @model_validator(mode="after")
    def _notices_follow_each_other(self) -> Self:
        expected = self.notices[0].year
        for place, notice in enumerate(self.notices):
            at = ("notices", place)
            if notice.year != expected - notice.amends:
                raise fault("calendar.notice_order", year=notice.year, at=(*at, "year"))
            if notice.published < notice.dated:
                raise fault("calendar.notice_published_early", at=(*at, "published"))
            for day in (*notice.worked, *notice.withdrawn):
                # A notice may also reach into the last days of the year before.
                if day.year not in (notice.year - 1, notice.year) or not self._rests(day):
                    raise fault("calendar.notice_day", day=day, at=at)
            expected = notice.year + 1
        if self.last_year < self.firm_year:
            raise fault("calendar.last_year", year=self.firm_year, at=("last_year",))
        return self

    @model_validator(mode="after")
    def _overrides_are_possible(self) -> Self:
        seen: set[dt.date] = set()
        for place, override in enumerate(self.overrides):
            at = ("overrides", place)
            day = override.date
            if day in seen or not self.notices[0].year <= day.year <= self.last_year:
                raise fault("calendar.override_day", day=day, at=(*at, "date"))
            if override.kind in (_WORK if self._rests(day) else _REST):
                raise fault("calendar.override_kind", day=day, at=(*at, "kind"))
            seen.add(day)
        return self

    @property
    def firm_year(self) -> int:
        return self.notices[-1].year

    def _rests(self, day: dt.date) -> bool:
        return day.isoweekday() in self.weekly_rest.weekdays


class ChinaDays(Almanac):
    """The days of mainland China: weekends, holidays, and the weekend days worked for them.

    `rules` are the counting rules of the file by id, `notices` what the firm years rest on.  The
    last days of the last firm year are provisional as well, as far as the notice of the year to
    come may still move them.  Regional and part-day holidays do not count.
    """

    def __init__(self, file: _File, name: str) -> None:
        super().__init__(
            range(file.notices[0].year, file.last_year + 1),
            dt.date(file.firm_year, 12, 31) - dt.timedelta(days=file.open_tail.days),
            frozenset(file.weekly_rest.weekdays),
            self._special_days,
        )
        self.rules: Mapping[str, CountingRule] = MappingProxyType(
            {
                id_: CountingRule(
                    id_, rule.start_day_counted, rule.roll, rule.clear_days, rule.citation
                )
                for id_, rule in file.rules.items()
            }
        )
        self.notices = file.notices
        self._file = file
        self._name = name
        self._overrides = {override.date: override for override in file.overrides}

    @cached_property
    def edition(self) -> dt.date:
        """The day on which the newest notice or correction in the file was published."""
        notices = [notice.published for notice in self.notices]
        return max(notices + [override.published for override in self._file.overrides])

    def english(self, date: dt.date) -> str | None:
        """The name of a holiday or make-up day in English; raises OutOfCalendar."""
        day = self.day(date)
        override = self._overrides.get(date)
        if override and override.name_en:
            return override.name_en
        if day.kind is DayKind.MAKE_UP:
            return self._file.make_up_day.en
        if day.kind is DayKind.HOLIDAY:
            return _named(self._package(date.year, "en_US"), date, self._file.between.en) or None
        return None

    def citation(self, date: dt.date) -> str:
        """What settles the day: a correction, the notices of its year, or only the general basis.

        Raises OutOfCalendar.
        """
        self.day(date)
        if override := self._overrides.get(date):
            return override.citation
        numbers = [notice.number for notice in self.notices if notice.year == date.year]
        return self._file.between.zh.join(numbers) or self._file.basis

    def _special_days(self, year: int) -> Mapping[dt.date, tuple[DayKind, str | None]]:
        package = self._package(year, "zh_CN")
        make_up = {day for day in package.weekend_workdays if day.year == year}
        if year <= self._file.firm_year:
            self._compare(year, make_up)
        special: dict[dt.date, tuple[DayKind, str | None]] = {
            day: (DayKind.HOLIDAY, _named(package, day, self._file.between.zh))
            for day in package
            if day.year == year
        }
        special |= dict.fromkeys(make_up, (DayKind.MAKE_UP, self._file.make_up_day.zh))
        for day, override in self._overrides.items():
            if day.year == year:
                usual = self._file.make_up_day.zh if override.kind is DayKind.MAKE_UP else None
                special[day] = override.kind, override.name or usual
        return special

    def _compare(self, year: int, make_up: set[dt.date]) -> None:
        official: set[dt.date] = set()
        for notice in self.notices:
            official |= {day for day in notice.worked if day.year == year}
            official -= set(notice.withdrawn)
        differing = (official ^ make_up) - self._overrides.keys()
        if differing:
            raise BrokenDefinition(
                "calendar.package_disagrees", file=self._name, year=year, days=sorted(differing)
            )

    @staticmethod
    def _package(year: int, language: str) -> HolidayBase:
        # It takes longer to import than the command line may take to start.
        from holidays import country_holidays  # noqa: PLC0415

        # The year after may work a weekend at the end of this one.
        return country_holidays("CN", years=(year, year + 1), expand=False, language=language)


def load_days(path: Path = CHINA) -> ChinaDays:
    """Read the calendar.

    Raises SourceError for a file that cannot be taken.  A year in which package and file disagree
    about the make-up days raises BrokenDefinition ``calendar.package_disagrees`` when first used.
    """
    return _days(read_again(path))


@remembered
def _days(document: Document) -> ChinaDays:
    return ChinaDays(parse(document, _File), document.name)


def _named(package: HolidayBase, day: dt.date, separator: str) -> str:
    return separator.join(package.get_list(day))
