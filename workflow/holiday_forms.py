"""What is filed of the days of the year: a notice on holidays, taken into the calendar."""

from __future__ import annotations

from typing import Annotated, Final, Self

from pydantic import Field, StrictBool, model_validator

from workflow.idle import ToldLine
from workflow.ports import Payload
from workflow.texts import Day, Prose, fault
from workflow.yearly_forms import Year

IMPORT: Final = "import_holidays"

#: More than any year has had of either.
_MOST: Final = 40
Days = Annotated[tuple[Day, ...], Field(max_length=_MOST)]


class Festival(Payload):
    """The days off for a festival, first and last included, days of rest among them as well."""

    name: ToldLine
    first: Day
    last: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.last < self.first:
            raise fault("holidays.festival_order", name=self.name, first=self.first, last=self.last)
        return self


class ImportHolidays(Payload):
    """Take in the yearly notice on holidays (放假安排通知), or one that amends it.

    `dated` is the day below the notice, `published` that on which it became known.  `worked` are
    the days on which work is made up for, `withdrawn` those on which an earlier notice had ordered
    that and this one no longer does.  `amends`: it changes what is known of its year, and whatever
    it does not name stays.  `text` is the notice to the letter.
    """

    year: Year
    number: ToldLine
    dated: Day
    published: Day
    amends: StrictBool = False
    holidays: Annotated[tuple[Festival, ...], Field(max_length=_MOST)] = ()
    worked: Days = ()
    withdrawn: Days = ()
    text: Prose | None = None

    @model_validator(mode="after")
    def _of_one_piece(self) -> Self:
        if self.published < self.dated:
            raise fault("holidays.published_early", dated=self.dated, published=self.published)
        if not (self.holidays or (self.amends and (self.worked or self.withdrawn))):
            raise fault("holidays.nothing_said")
        if self.withdrawn and not self.amends:
            raise fault("holidays.withdrawn_without_amending")
        off = [each.first for each in self.holidays] + [each.last for each in self.holidays]
        for day in (*off, *self.worked, *self.withdrawn):
            # A notice may also reach into the last days of the year before.
            if day.year not in (self.year - 1, self.year):
                raise fault("holidays.other_year", day=day, year=self.year)
        for day in self.worked:
            if day in self.withdrawn or any(e.first <= day <= e.last for e in self.holidays):
                raise fault("holidays.worked_and_off", day=day)
        return self
