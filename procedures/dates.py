"""China's days: the `holidays` package, checked against and corrected by a dated, cited file.

The file lists the yearly notices of the State Council's General Office.  A year is firm once its
notice is listed; then the package must name exactly the make-up days of the notice, so that a
package older than the file cannot pass off its guesses as settled.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Final, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from procedures.known import remembered
from procedures.source import Document, parse, read_again
from workflow.calendar import Almanac, CountingRule, DayKind
from workflow.counting import Counting
from workflow.errors import BadInput, BrokenDefinition
from workflow.holiday_forms import Festival, ImportHolidays
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
    offered: tuple[ImportHolidays, ...] = ()
    festivals: Mapping[Line, Line] = Field(default_factory=dict)
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
                if day.year not in (notice.year - 1, notice.year) or not self.rests(day):
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
            if override.kind in (_WORK if self.rests(day) else _REST):
                raise fault("calendar.override_kind", day=day, at=(*at, "kind"))
            seen.add(day)
        return self

    @property
    def firm_year(self) -> int:
        return self.notices[-1].year

    def festivals_in_english(self, name: str) -> str | None:
        """A festival, or several at once, in English; None where one of them is not listed."""
        names = [self.festivals.get(each) for each in name.split(self.between.zh)]
        return self.between.en.join(filter(None, names)) if all(names) else None

    def rests(self, day: dt.date) -> bool:
        """Whether it is a day of the weekly rest."""
        return day.isoweekday() in self.weekly_rest.weekdays


class ChinaDays(Almanac):
    """The days of mainland China: weekends, holidays, and the weekend days worked for them.

    `rules` are the counting rules of the file by id, `notices` what the firm years rest on.  The
    last days of the last firm year are provisional as well, as far as the notice of the year to
    come may still move them.  Regional and part-day holidays do not count.
    """

    def __init__(self, file: _File, name: str, imported: tuple[ImportHolidays, ...] = ()) -> None:
        self.firm_year = max((file.firm_year, *(each.year for each in imported)))
        super().__init__(
            range(file.notices[0].year, file.last_year + 1),
            dt.date(self.firm_year, 12, 31) - dt.timedelta(days=file.open_tail.days),
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
        self.imported = imported
        #: The years whose days are those of their notices alone, whatever the package knows.
        self._told = {each.year for each in imported if not each.amends}

    @cached_property
    def edition(self) -> dt.date:
        """The day on which the newest notice or correction was published."""
        notices = [notice.published for notice in self.notices]
        notices += (notice.published for notice in self.imported)
        return max(notices + [override.published for override in self._file.overrides])

    @property
    def numbers(self) -> frozenset[str]:
        """The numbers of all notices that these days rest on."""
        numbers = {notice.number for notice in self.notices}
        return frozenset(numbers | {notice.number for notice in self.imported})

    def with_notices(self, imported: tuple[ImportHolidays, ...]) -> ChinaDays:
        """The days of the file with these notices besides, in their order.

        Raises BadInput ``holidays.not_a_day_of_rest`` for a day that is to be worked though it is
        worked anyway, ``holidays.not_worked`` for one that is withdrawn though nobody worked it.
        """
        found = ChinaDays(self._file, self._name, imported)
        for notice in imported:
            for year in (notice.year - 1, notice.year):
                if year in range(found.first.year, found.last.year + 1):
                    found.day(dt.date(year, 1, 1))
        return found

    def offered(self, year: int) -> ImportHolidays | None:
        """The notice of a year that came with the program, for organisations to take in."""
        return next((each for each in self._file.offered if each.year == year), None)

    def of_package(self, year: int) -> tuple[tuple[Festival, ...], tuple[dt.date, ...]] | None:
        """The days off of a year and those worked for them, as the package has them by now.

        None while it only computes the festivals, and knows of no notice.
        """
        package = self._package(year, "zh_CN")
        worked = tuple(sorted(day for day in package.weekend_workdays if day.year == year))
        if not worked:
            return None
        festivals: list[Festival] = []
        for day in sorted(each for each in package if each.year == year):
            name = _named(package, day, self._file.between.zh)
            newest = festivals[-1] if festivals else None
            if newest and newest.name == name and (day - newest.last).days == 1:
                festivals[-1] = newest.model_copy(update={"last": day})
            else:
                festivals.append(Festival(name=name, first=day, last=day))
        return tuple(festivals), worked

    def english(self, date: dt.date) -> str | None:
        """The name of a holiday or make-up day in English; raises OutOfCalendar."""
        day = self.day(date)
        override = self._overrides.get(date)
        if override and override.name_en:
            return override.name_en
        if day.kind is DayKind.MAKE_UP:
            return self._file.make_up_day.en
        if day.kind is DayKind.HOLIDAY:
            if (own := self._file.festivals_in_english(day.name or "")) is not None:
                return own
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
        numbers += (notice.number for notice in self.imported if notice.year == date.year)
        return self._file.between.zh.join(numbers) or self._file.basis

    def _special_days(self, year: int) -> Mapping[dt.date, tuple[DayKind, str | None]]:
        special = {} if year in self._told else self._of_package(year)
        for day, override in self._overrides.items():
            if day.year == year:
                usual = self._file.make_up_day.zh if override.kind is DayKind.MAKE_UP else None
                special[day] = override.kind, override.name or usual
        for notice in self.imported:
            if year in (notice.year - 1, notice.year):
                self._apply(notice, year, special)
        return special

    def _of_package(self, year: int) -> dict[dt.date, tuple[DayKind, str | None]]:
        package = self._package(year, "zh_CN", alone=year + 1 in self._told)
        make_up = {day for day in package.weekend_workdays if day.year == year}
        if year <= self._file.firm_year:
            self._compare(year, make_up)
        special: dict[dt.date, tuple[DayKind, str | None]] = {
            day: (DayKind.HOLIDAY, _named(package, day, self._file.between.zh))
            for day in package
            if day.year == year
        }
        special |= dict.fromkeys(make_up, (DayKind.MAKE_UP, self._file.make_up_day.zh))
        return special

    def _apply(
        self, notice: ImportHolidays, year: int, special: dict[dt.date, tuple[DayKind, str | None]]
    ) -> None:
        """What a notice says of the days of a year, over what was known of them before."""
        for each in notice.holidays:
            off = tuple(_days_from(each.first, each.last))
            if notice.amends:
                for day in self._run_around(off, special):
                    special.pop(day, None)
            special |= {day: (DayKind.HOLIDAY, each.name) for day in off if day.year == year}
        for day in notice.withdrawn:
            if day.year == year:
                if special.get(day, (None,))[0] is not DayKind.MAKE_UP:
                    raise BadInput("holidays.not_worked", day=day)
                del special[day]
        special |= {day: self._worked(day, special) for day in notice.worked if day.year == year}

    def _worked(
        self, day: dt.date, special: Mapping[dt.date, tuple[DayKind, str | None]]
    ) -> tuple[DayKind, str | None]:
        """What a day of rest is that a notice wants worked."""
        if self._file.rests(day):
            return DayKind.MAKE_UP, self._file.make_up_day.zh
        if special.get(day, (None,))[0] is DayKind.HOLIDAY:
            # A festival was moved: this day of it is an ordinary workday again.
            return DayKind.WORKDAY, None
        raise BadInput("holidays.not_a_day_of_rest", day=day)

    def _run_around(
        self, off: tuple[dt.date, ...], special: Mapping[dt.date, tuple[DayKind, str | None]]
    ) -> Iterator[dt.date]:
        """The days off in one piece with these, as they were: the festival before its notice."""

        def rests(day: dt.date) -> bool:
            kind = special.get(day, (None,))[0]
            return kind is DayKind.HOLIDAY or (kind is None and self._file.rests(day))

        yield from off
        for start, onward in ((off[0], -1), (off[-1], 1)):
            day = start + dt.timedelta(days=onward)
            while rests(day):
                yield day
                day += dt.timedelta(days=onward)

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
    def _package(year: int, language: str, *, alone: bool = False) -> HolidayBase:
        # It takes longer to import than the command line may take to start.
        from holidays import country_holidays  # noqa: PLC0415

        # The year after may work a weekend at the end of this one.
        years = (year,) if alone else (year, year + 1)
        return country_holidays("CN", years=years, expand=False, language=language)


def load_days(path: Path = CHINA) -> ChinaDays:
    """Read the calendar.

    Raises SourceError for a file that cannot be taken.  A year in which package and file disagree
    about the make-up days raises BrokenDefinition ``calendar.package_disagrees`` when first used.
    """
    return _days(read_again(path))


@remembered
def _days(document: Document) -> ChinaDays:
    return ChinaDays(parse(document, _File), document.name)


class ChinaCalendars:
    """The days of China for organisations, each with the notices that it took in itself."""

    def __init__(self, days: ChinaDays) -> None:
        self._days = days
        self._with: dict[tuple[ImportHolidays, ...], ChinaDays] = {(): days}

    def days(self, notices: tuple[ImportHolidays, ...]) -> ChinaDays:
        """The days with these notices besides.  Raises BadInput where one of them cannot be."""
        found = self._with.get(notices)
        if found is None:
            found = self._with[notices] = self._days.with_notices(notices)
        return found

    def counting(self, notices: tuple[ImportHolidays, ...]) -> Counting:
        """The same to count with."""
        found = self.days(notices)
        return Counting(found, found.rules)

    def known(self, notices: tuple[ImportHolidays, ...]) -> tuple[int, frozenset[str]]:
        """The last year whose notice is known with these, and the numbers of all that are."""
        found = self.days(notices)
        return found.firm_year, found.numbers


def _days_from(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    return map(dt.date.fromordinal, range(first.toordinal(), last.toordinal() + 1))


def _named(package: HolidayBase, day: dt.date, separator: str) -> str:
    return separator.join(package.get_list(day))
