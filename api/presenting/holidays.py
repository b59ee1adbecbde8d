"""Notices on holidays, and the dates that one of them moved, on a terminal and for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final

from api.presenting.page import Page, Style
from procedures.dates import ChinaDays
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.holiday_forms import ImportHolidays
from workflow.inquiry import HolidayStanding

#: What the outcome of taking in a notice tells of dates.
SHIFTS: Final = "shifts"


def notices_data(days: ChinaDays, standing: HolidayStanding) -> dict[str, Any]:
    """Every notice that the days rest on, those that came with the program first."""
    shipped: list[dict[str, Any]] = [
        {
            "year": each.year,
            "number": each.number,
            "dated": each.dated.isoformat(),
            "published": each.published.isoformat(),
            "amends": each.amends,
            "holidays": [],
            "worked": [day.isoformat() for day in each.worked],
            "withdrawn": [day.isoformat() for day in each.withdrawn],
            "taken_in": None,
            "actor": None,
        }
        for each in days.notices
    ]
    own = [
        notice.model_dump(mode="json", exclude={"text"})
        | {"taken_in": record.filed_on.isoformat(), "actor": record.actor}
        for notice, record in zip(standing.notices, standing.records, strict=True)
    ]
    return {"firm_through": days.firm_through.isoformat(), "notices": [*shipped, *own]}


@dataclass(frozen=True)
class NoticeSheet:
    """The notices that an organisation took in, with the words for them."""

    catalogue: Catalogue
    wording: Wording
    days: ChinaDays
    standing: HolidayStanding

    def write(self, page: Page) -> None:
        """How far the calendar is settled, and a line for each notice."""
        say = self.catalogue.text
        page.heading(say("holidays_page.firm", day=self.days.firm_through))
        page.table([self._shipped()], indent="  ")
        for notice, record in zip(self.standing.notices, self.standing.records, strict=True):
            page.blank()
            kind = "amended" if notice.amends else "yearly"
            page.heading(say(f"holidays_page.{kind}", number=notice.number, year=notice.year))
            by = self.wording.person(record.actor)
            page.line(say("holidays_page.taken_in", day=record.filed_on, person=by), first="  ")
            page.table(self._rows(notice), indent="  ")

    def _shipped(self) -> tuple[str, str]:
        say, years = self.catalogue.text, [each.year for each in self.days.notices]
        return say("holidays_page.shipped"), say(
            "holidays_page.years", first=str(min(years)), last=str(max(years))
        )

    def _rows(self, notice: ImportHolidays) -> list[tuple[str, str]]:
        say = self.catalogue.text
        rows = [
            (each.name, say("holidays_page.off", first=each.first, last=each.last))
            for each in notice.holidays
        ]
        for what, days in (("worked", notice.worked), ("withdrawn", notice.withdrawn)):
            if days:
                rows.append((say(f"holidays_page.{what}"), say("holidays_page.days", days=days)))
        return rows


@dataclass(frozen=True)
class ShiftSheet:
    """What a notice did to open dates, as the outcome of taking it in tells it."""

    catalogue: Catalogue
    wording: Wording
    result: Mapping[str, Any]
    #: What of the result is told here.
    told: ClassVar[frozenset[str]] = frozenset({SHIFTS, "moved"})

    def write(self, page: Page) -> None:
        """A line for each date that moved, and how many only became settled."""
        say = self.catalogue.text
        shifts: Sequence[Mapping[str, Any]] = self.result[SHIFTS]
        moved = [each for each in shifts if each["old"] != each["new"]]
        settled = len(shifts) - len(moved)
        hidden = self.result["moved"] - len(moved)
        style = Style.WARNING if moved else Style.QUIET
        page.line(say("holidays_page.moved", count=len(moved)), style=style)
        page.table([self._row(each) for each in moved], indent="  ")
        if settled:
            page.line(say("holidays_page.settled", count=settled), style=Style.QUIET)
        if hidden:
            page.line(say("holidays_page.hidden", count=hidden), style=Style.QUIET)

    def _row(self, shift: Mapping[str, Any]) -> tuple[str, ...]:
        act, step = shift["act"], shift["step"] or ""
        what = self.wording.command(act) if act else self.wording.rule(step, shift["rule"])
        return (
            shift["matter"] or shift["meeting"] or "",
            what,
            self.wording.step(step),
            self._day(shift["old"]),
            "→",
            self._day(shift["new"]),
        )

    def _day(self, told: str | None) -> str:
        if told is None:
            return self.catalogue.text("holidays_page.none")
        return self.wording.day(date.fromisoformat(told))
