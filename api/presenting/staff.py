"""Who is who in an organisation: people, posts, mandates and retainers; units with theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from api.presenting.page import Page, Style
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.definition import Procedure
from workflow.directory import Appointment, Directory, Mandate
from workflow.retainers import WARNING, Retainer


@dataclass(frozen=True)
class Staff:
    """The people and units of an organisation on a day, with the words for them."""

    catalogue: Catalogue
    procedure: Procedure
    directory: Directory
    day: date

    def write_people(self, page: Page) -> None:
        """A line for every post that somebody holds, then mandates in force and retainers."""
        page.heading(self._say("people.of", count=len(self.directory.persons), day=self.day))
        page.table(
            [
                (self._named(person), post)
                for person in self.directory.persons
                for post in self._posts(person) or [self._say("people.no_post")]
            ],
            indent="  ",
        )
        mandates = self._mandates()
        if mandates:
            page.blank()
            page.heading(self._say("people.mandates"))
        for each in mandates:
            page.line(self._mandate(each), first="  ")
        retainers = self._retainers()
        if retainers:
            page.blank()
            page.heading(self._say("people.retainers"))
        for retainer in retainers:
            page.line(self._retainer(retainer), first="  ")
            if self._ends_soon(retainer):
                told = self._say("people.retainer_ends", day=retainer.last_day)
                page.line(told, first="    ", style=Style.REFUSED)

    def write_units(self, page: Page) -> None:
        """Every unit with what it does for all, and who holds which of its posts."""
        page.heading(self._say("units.of", count=len(self.directory.units), day=self.day))
        for unit in self.directory.units.values():
            functions = tuple(self._function(each) for each in sorted(unit.functions))
            name = self._say("people.named", name=self._wording.unit(unit.id), id=unit.id)
            page.line(name, first="  ")
            if functions:
                page.line(self._say("units.functions", functions=functions), first="    ")
            held = [
                (self._role(each), self._named(each.person))
                for each in self.directory.appointments
                if each.unit == unit.id and each.valid(self.day)
            ]
            if held:
                page.table(held, indent="    ")
            else:
                page.line(self._say("units.nobody"), first="    ", style=Style.QUIET)

    def mandates_data(self, page: Collection[str] | None = None) -> list[dict[str, Any]]:
        """The mandates in force; of a `page` of accounts those that they gave."""
        return [
            {
                "mandate": each.id,
                "principal": each.principal,
                "agent": each.agent,
                "since": each.since.isoformat(),
                "until": each.until.isoformat(),
                "commands": sorted(each.commands),
            }
            for each in self._mandates()
            if page is None or each.principal in page
        ]

    def people_data(self, page: Collection[str] | None = None) -> dict[str, object]:
        """The people for programs: ids of the definitions and both names.

        Of a `page` of accounts only those, and the mandates that they gave.
        """
        persons = self.directory.persons
        shown = persons if page is None else {each: persons[each] for each in page}
        return {
            "day": self.day.isoformat(),
            "people": [
                {
                    "account": person,
                    "name": {"zh": name.zh, "en": name.en},
                    "posts": [
                        _appointment(each) for each in self.directory.of_person(person, self.day)
                    ],
                }
                for person, name in shown.items()
            ],
            "mandates": self.mandates_data(page),
            "retainers": [
                {
                    "retainer": each.number,
                    "firm": each.firm,
                    "lawyers": [
                        {
                            "account": lawyer,
                            "clients": self.directory.retainers.clients_of(lawyer, self.day),
                        }
                        for lawyer in each.lawyers
                    ],
                    "since": each.since.isoformat(),
                    "last_day": each.last_day.isoformat(),
                    "filing": None if each.filing is None else dict(each.filing),
                    "ends_soon": self._ends_soon(each),
                }
                for each in self._retainers()
            ],
        }

    def units_data(self) -> dict[str, object]:
        """The units for programs."""
        return {
            "day": self.day.isoformat(),
            "units": [
                {
                    "unit": unit.id,
                    "name": {"zh": unit.name.zh, "en": unit.name.en},
                    "functions": sorted(unit.functions),
                    "posts": [
                        {"account": each.person, **_appointment(each)}
                        for each in self.directory.appointments
                        if each.unit == unit.id and each.valid(self.day)
                    ],
                }
                for unit in self.directory.units.values()
            ],
        }

    def _mandates(self) -> list[Mandate]:
        """Those in force on the day."""
        return [
            each
            for each in self.directory.mandates.values()
            if (each.ended_on is None or self.day < each.ended_on)
            and each.since <= self.day <= each.until
        ]

    def _retainers(self) -> list[Retainer]:
        """Those that hold on the day or are to come."""
        return [each for each in self.directory.retainers.all if self.day <= each.last_day]

    def _ends_soon(self, each: Retainer) -> bool:
        """Whether it is to be renewed now, lest somebody can sign no more."""
        rule = self.procedure.rules.get(WARNING)
        if rule is None or rule.value is None:
            return False
        return self.directory.retainers.ending(each, self.day, int(rule.value))

    def _retainer(self, each: Retainer) -> str:
        stated = self.directory.retainers.clients_of
        lawyers = tuple(
            self._say(
                "people.lawyer", name=self._named(person), count=stated(person, self.day) or 0
            )
            for person in each.lawyers
        )
        return self._say(
            "people.retainer" if each.filing is not None else "people.retainer_unfiled",
            number=each.number,
            firm=self._wording.unit(each.firm),
            lawyers=lawyers,
            since=each.since,
            until=each.last_day,
        )

    def _mandate(self, each: Mandate) -> str:
        titles = tuple(self._wording.command(name) for name in sorted(each.commands))
        return self._say(
            "people.mandate" if titles else "people.mandate_for_all",
            number=each.id,
            principal=self._named(each.principal),
            agent=self._named(each.agent),
            since=each.since,
            until=each.until,
            commands=titles,
        )

    def _posts(self, person: str) -> list[str]:
        return list(self._held(person))

    def _held(self, person: str) -> Iterator[str]:
        for each in self.directory.of_person(person, self.day):
            unit = self._wording.unit(each.unit)
            post = self._say("holder.post", unit=unit, role=self._role(each))
            if each.until is not None:
                post = self._say("people.post_until", post=post, until=each.until)
            yield post

    def _role(self, each: Appointment) -> str:
        found = self.procedure.roles.get(each.role)
        return each.role if found is None else found.name[self.catalogue.locale]

    def _function(self, function: str) -> str:
        found = self.procedure.functions.get(function)
        return function if found is None else found[self.catalogue.locale]

    def _named(self, account: str) -> str:
        return self._say("people.named", name=self._wording.person(account), id=account)

    @cached_property
    def _wording(self) -> Wording:
        return Wording(self.catalogue, self.procedure, self.directory)

    def _say(self, code: str, **values: object) -> str:
        return self.catalogue.text(code, **values)


def _appointment(each: Appointment) -> dict[str, object]:
    return {
        "unit": each.unit,
        "role": each.role,
        "since": None if each.since == date.min else each.since.isoformat(),
        "until": None if each.until is None else each.until.isoformat(),
    }
