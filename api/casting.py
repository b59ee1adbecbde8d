"""Who is meant where a scenario names a role of a unit: ids or the names that people use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from procedures.scenario import Who
from workflow.definition import Procedure, Text
from workflow.directory import Directory
from workflow.errors import BadInput


class _Named(Protocol):
    @property
    def name(self) -> Text: ...


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of an organisation on a day, for step `number` of a scenario."""

    procedure: Procedure
    directory: Directory
    day: date
    number: int

    def one(self, who: Who) -> str:
        """The account of the one person meant.

        Raises BadInput where nobody or several hold the role, or the names mean nothing.
        """
        if who.account is not None:
            return who.account
        found = self.all(who)
        if len(found) != 1:
            raise BadInput(
                "rehearsal.several_hold_it" if found else "rehearsal.nobody_holds_it",
                number=self.number,
                unit=who.unit,
                role=who.role,
                accounts=found,
            )
        return found[0]

    def all(self, who: Who) -> tuple[str, ...]:
        """The accounts of everybody meant.  Raises BadInput where the names mean nothing."""
        if who.account is not None:
            return (who.account,)
        unit = self._id("rehearsal.unknown_unit", who.unit, self.directory.units)
        role = self._id("rehearsal.unknown_role", who.role, self.procedure.roles)
        held = self.directory.appointments
        return tuple(
            dict.fromkeys(
                each.person
                for each in held
                if (each.unit, each.role) == (unit, role) and each.valid(self.day)
            )
        )

    def everybody(self, named: Iterable[Who]) -> frozenset[str]:
        """The accounts of all of them together."""
        return frozenset(account for who in named for account in self.all(who))

    def mandate(self, principal: str, agent: str) -> int:
        """The newest mandate between the two.  Raises BadInput where there is none.

        Whether it covers the act and the day is for the engine to say.
        """
        numbers = [
            mandate.id
            for mandate in self.directory.mandates.values()
            if (mandate.principal, mandate.agent) == (principal, agent)
        ]
        if not numbers:
            raise BadInput(
                "rehearsal.no_mandate", number=self.number, principal=principal, agent=agent
            )
        return max(numbers)

    def stage(self, name: str) -> str:
        """The id of a stage.  Raises BadInput."""
        return self._id("rehearsal.unknown_stage", name, self.procedure.stages)

    def _id(self, code: str, name: str | None, known: Mapping[str, _Named]) -> str:
        for id_, each in known.items():
            if name in (id_, each.name.zh, each.name.en):
                return id_
        raise BadInput(code, number=self.number, name=name, known=tuple(_told(known)))


def _told(known: Mapping[str, _Named]) -> Iterator[Text]:
    return (each.name for each in known.values())
