"""Who is who in an organisation, as of a day: units, people, appointments and mandates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from workflow.definition import Holder, Relation, Text
from workflow.facts import Facts
from workflow.retainers import NO_RETAINERS, Retainers


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit (单位) with the functions that it has for the whole organisation."""

    id: str
    name: Text
    functions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Appointment:
    """A role held in a unit, from `since` to `until` (both days included; None = open).

    One that ends before it begins was called off and never holds.  `appointed_by` is the account
    that entered it, empty where the organisation was founded with it.
    """

    person: str
    unit: str
    role: str
    since: date
    until: date | None
    appointed_by: str = ""

    def valid(self, day: date) -> bool:
        """Whether the appointment holds on this day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def meets(self, since: date, until: date | None) -> bool:
        """Whether it holds on any day of these, `until` None being without end."""
        first = max(self.since, since)
        return all(last is None or first <= last for last in (self.until, until))


@dataclass(frozen=True, slots=True)
class Mandate:
    """A recorded authority (代理授权) to act for somebody: `commands` empty means every act."""

    id: int
    principal: str
    agent: str
    commands: frozenset[str]
    since: date
    until: date
    ended_on: date | None

    def covers(self, command: str, day: date) -> bool:
        """Whether the mandate allows this act on this day."""
        return self.stands(day) and (not self.commands or command in self.commands)

    def stands(self, day: date) -> bool:
        """Whether the mandate holds on this day, for whichever acts."""
        if self.ended_on is not None and day >= self.ended_on:
            return False
        return self.since <= day <= self.until


#: The units that stand to a matter in each relation.  Before a lead unit is named, whoever proposed
#: the matter answers for it.
_OF_MATTER: Mapping[str, Callable[[Facts], frozenset[str]]] = {
    Relation.PROPOSING_UNIT: lambda facts: frozenset((facts.proposing_unit,)),
    Relation.LEAD_UNIT: lambda facts: frozenset((facts.lead_unit or facts.proposing_unit,)),
    Relation.CO_UNIT: lambda facts: frozenset(facts.co_units),
    Relation.STUDY_UNIT: lambda facts: frozenset((facts.study_unit,)),
    Relation.EXECUTING_UNIT: lambda facts: frozenset(facts.executing_units),
}


@dataclass(frozen=True)
class Directory:
    """An organisation's people, as loaded for one version of its directory."""

    organisation: str
    version: int
    units: Mapping[str, Unit]
    persons: Mapping[str, Text]
    appointments: tuple[Appointment, ...]
    mandates: Mapping[int, Mandate]
    retainers: Retainers = NO_RETAINERS

    def of_person(self, person: str, day: date) -> Iterator[Appointment]:
        """The appointments that a person holds on a day."""
        return (held for held in self._by_person.get(person, ()) if held.valid(day))

    def stood_for(self, person: str, day: date) -> frozenset[str]:
        """Whom a person stands for on a day: itself, and whoever lent it a mandate."""
        lent = (
            each.principal
            for each in self.mandates.values()
            if each.agent == person and each.stands(day)
        )
        return frozenset((person, *lent))

    @cached_property
    def _by_person(self) -> Mapping[str, list[Appointment]]:
        found: dict[str, list[Appointment]] = {}
        for held in self.appointments:
            found.setdefault(held.person, []).append(held)
        return found

    def with_(self, held: Appointment) -> Directory:
        """The same people with one more appointment."""
        return replace(self, appointments=(*self.appointments, held))

    def made_by(self, held: Appointment, units: Collection[str], day: date) -> bool:
        """Whether somebody made it who, from its beginning to the day, was ever of these units."""
        return any(
            post.unit in units and post.meets(held.since, day)
            for post in self._by_person.get(held.appointed_by, ())
        )

    @cached_property
    def unit_names(self) -> Mapping[str, Text]:
        """The name of every unit by its id."""
        return {name: unit.name for name, unit in self.units.items()}

    def without(self, held: Appointment, last_day: date) -> Directory:
        """The same people, but for this appointment, which ends with `last_day`."""
        ended = replace(held, until=last_day)
        return replace(
            self,
            appointments=tuple(ended if each == held else each for each in self.appointments),
        )

    def fits(self, held: Appointment, holder: Holder, facts: Facts | None) -> bool:
        """Whether an appointment is of the kind that a holder asks for, towards this matter."""
        return held.role == holder.role and held.unit in self.units_of(holder.of, facts)

    def units_of(self, of: str, facts: Facts | None) -> frozenset[str]:
        """The units that stand in a relation to the matter, or that have a function."""
        if of == Relation.ANY_UNIT:
            return frozenset(self.units)
        if of in _OF_MATTER:
            return frozenset() if facts is None else _OF_MATTER[of](facts)
        if facts is not None:
            of = facts.stand_ins.get(of, of)
        return self._with_function.get(of, frozenset())

    @cached_property
    def _with_function(self) -> Mapping[str, frozenset[str]]:
        functions = {each for unit in self.units.values() for each in unit.functions}
        return {
            of: frozenset(unit.id for unit in self.units.values() if of in unit.functions)
            for of in functions
        }

    def people(
        self, holders: tuple[Holder, ...], facts: Facts | None, day: date
    ) -> tuple[Appointment, ...]:
        """Every appointment, valid on the day, that fits one of the holders; each person once."""
        found: dict[str, Appointment] = {}
        for held in self.fitting(holders, facts, day):
            found.setdefault(held.person, held)
        return tuple(found.values())

    def fitting(
        self, holders: tuple[Holder, ...], facts: Facts | None, day: date
    ) -> Iterator[Appointment]:
        """The appointments, valid on the day, that fit a holder, for one after the other."""
        for holder in holders:
            units = self.units_of(holder.of, facts)
            for held in self._by_role.get(holder.role, ()):
                if held.unit in units and held.valid(day):
                    yield held

    @cached_property
    def _by_role(self) -> Mapping[str, list[Appointment]]:
        found: dict[str, list[Appointment]] = {}
        for held in self.appointments:
            found.setdefault(held.role, []).append(held)
        return found
