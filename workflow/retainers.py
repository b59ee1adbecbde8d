"""Retainers (聘用) of law firms: on which days which lawyers may sign, and what one of them lacks.

A retainer is folded from the records of it.  How long one may be, whether it must be filed and how
many governments a lawyer may advise stands in the definitions.  All days are business dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final

from workflow.definition import Holder, Procedure, Step
from workflow.facts import Record

FILE, REGISTER, STATE, END = "file_retainer", "register_retainer", "state_clients", "end_retainer"

#: Rules of a step: for which of its acts whoever does it must be retained, whether the retainer
#: must have been filed, and of how many governments a lawyer may be the adviser.
RETAINED, FILED, CLIENTS = "retained", "filed", "clients"

#: The rule of how many calendar days before its end a retainer is warned of.
WARNING: Final = "retainer.warning"

ONE_DAY: Final = timedelta(days=1)


class Lack(StrEnum):
    """Why somebody may not sign as retained counsel."""

    NO_RETAINER = "no_retainer"
    RETAINER_OVER = "retainer_over"
    RETAINER_UNFILED = "retainer_unfiled"
    TOO_MANY_CLIENTS = "too_many_clients"


@dataclass(frozen=True, slots=True)
class Retainer:
    """A retainer from `since` to `until`, both included; `ended_on` its last day if cut short."""

    number: int
    firm: str
    lawyers: tuple[str, ...]
    since: date
    until: date
    basis: str
    filing: Mapping[str, Any] | None = None
    ended_on: date | None = None

    @property
    def last_day(self) -> date:
        """The last day on which it holds; before `since` where it was called off."""
        return self.until if self.ended_on is None else min(self.ended_on, self.until)

    def holds(self, day: date) -> bool:
        """Whether it holds on this day."""
        return self.since <= day <= self.last_day


@dataclass(frozen=True, slots=True)
class Statement:
    """Of how many governments a lawyer is the adviser, as stated on a day."""

    lawyer: str
    clients: int
    stated_on: date


@dataclass(frozen=True, slots=True)
class Retainers:
    """All retainers of an organisation, and what their lawyers stated; `records` made them."""

    all: tuple[Retainer, ...] = ()
    statements: tuple[Statement, ...] = ()
    records: int = 0

    def of(self, number: int) -> Retainer | None:
        """The retainer of that number, None where there is none."""
        return next((each for each in self.all if each.number == number), None)

    def naming(self, lawyer: str, firm: str | None = None) -> tuple[Retainer, ...]:
        """The retainers that name a lawyer, of one firm or of any."""
        return tuple(
            each for each in self.all if lawyer in each.lawyers and firm in (None, each.firm)
        )

    def clients_of(self, lawyer: str, day: date) -> int | None:
        """What a lawyer had last stated on a day; before the first statement, the first."""
        told = [each for each in self.statements if each.lawyer == lawyer]
        known = [each for each in told if each.stated_on <= day]
        if known:
            newest = max(each.stated_on for each in known)
            return [each for each in known if each.stated_on == newest][-1].clients
        return min(told, key=lambda each: each.stated_on).clients if told else None

    def covered_until(self, firm: str, lawyer: str, day: date) -> date | None:
        """The last day without a gap on which a lawyer is retained from `day` on, None if not."""
        found: date | None = None
        at = day
        while running := [e.last_day for e in self.naming(lawyer, firm) if e.holds(at)]:
            found = max(running)
            if found == date.max:
                break
            at = found + ONE_DAY
        return found

    def ending(self, each: Retainer, day: date, days: int) -> bool:
        """Whether one that holds on a day ends within so many calendar days, for some lawyer.

        A lawyer who is retained anew without a gap is not without one.
        """
        if not each.holds(day):
            return False
        latest = day + timedelta(days=days)
        ends = (self.covered_until(each.firm, lawyer, day) for lawyer in each.lawyers)
        return any(end is not None and end <= latest for end in ends)

    def lack(
        self, step: Step, firm: str, lawyer: str, days: tuple[date, ...]
    ) -> tuple[Lack, date] | None:
        """What somebody lacks who signs for a firm, and the day on which; None for nothing.

        `days` are those on which it must be in order, above all the one of the signature.
        """
        named = self.naming(lawyer, firm)
        for day in days:
            holding = [each for each in named if each.holds(day)]
            if not holding:
                over = any(each.last_day < day for each in named)
                return (Lack.RETAINER_OVER if over else Lack.NO_RETAINER), day
            if FILED in step.rules and all(each.filing is None for each in holding):
                return Lack.RETAINER_UNFILED, day
            rule, clients = step.rules.get(CLIENTS), self.clients_of(lawyer, day)
            most = None if rule is None else rule.value
            if most is not None and clients is not None and clients > most:
                return Lack.TOO_MANY_CLIENTS, day
        return None

    def with_(self, act: Record) -> Retainers:
        """The retainers after one more act."""
        told: Mapping[str, Any] = act.payload
        found = replace(self, records=self.records + 1)
        match act.command:
            case "file_retainer":
                return replace(
                    found,
                    all=(*self.all, _retainer(told)),
                    statements=(*self.statements, *_statements(told["lawyers"])),
                )
            case "state_clients":
                told = {**told, "account": told["lawyer"]}
                return replace(found, statements=(*self.statements, *_statements([told])))
            case "register_retainer":
                changed: dict[str, Any] = {"filing": told["filing"]}
            case _:
                changed = {"ended_on": date.fromisoformat(told["last_day"])}
        return replace(
            found,
            all=tuple(
                replace(each, **changed) if each.number == told["retainer"] else each
                for each in self.all
            ),
        )


NO_RETAINERS: Final = Retainers()


def fold(acts: Iterable[Record]) -> Retainers:
    """The retainers that these acts made, in their order."""
    found = Retainers()
    for act in acts:
        found = found.with_(act)
    return found


def asks(step: Step, act: str) -> bool:
    """Whether whoever does an act of the step must be retained."""
    rule = step.rules.get(RETAINED)
    return rule is not None and act in rule.choices


def retained_for(procedure: Procedure) -> tuple[Holder, ...]:
    """Those who must be retained for something that a definition gives them to do."""
    return tuple(
        dict.fromkeys(
            holder
            for step in procedure.steps.values()
            for act, holders in step.acts.items()
            if asks(step, act)
            for holder in holders
        )
    )


def _retainer(told: Mapping[str, Any]) -> Retainer:
    return Retainer(
        number=told["number"],
        firm=told["firm"],
        lawyers=tuple(each["account"] for each in told["lawyers"]),
        since=date.fromisoformat(told["since"]),
        until=date.fromisoformat(told["until"]),
        basis=told["basis"],
        filing=told.get("filing"),
    )


def _statements(lawyers: Iterable[Mapping[str, Any]]) -> Iterator[Statement]:
    for each in lawyers:
        yield Statement(each["account"], each["clients"], date.fromisoformat(each["stated_on"]))
