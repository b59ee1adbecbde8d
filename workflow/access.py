"""Who sees what of the business (阅读权限): areas, scopes, and the parties to a matter.  Pure.

A table says, for each role in a unit or function, how far it sees in each area.  Together with the
parties to a matter, which follow from what is on record, it tells what a person sees of it.  Acting
is another question, asked by `decisions.authority`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final

from workflow.definition import Holder
from workflow.directory import Appointment, Directory
from workflow.facts import Facts
from workflow.ties import Party, Side, Tie


class Area(StrEnum):
    """What of the business is looked at; every role is given a scope for each."""

    MATTERS = "matters"
    DRAFTS = "drafts"
    OPINIONS = "opinions"
    PERSONAL_DATA = "personal_data"
    MEETINGS = "meetings"
    BALLOTS = "ballots"
    CATALOGUE = "catalogue"
    PEOPLE = "people"
    MANDATES = "mandates"
    PROCEDURES = "procedures"
    LAW = "law"
    DEPARTURES = "departures"
    JOURNAL = "journal"
    CALENDAR = "calendar"
    INBOX = "inbox"


class Scope(IntEnum):
    """How far somebody sees in an area; each scope holds those before it.

    ASKED: the matters in which one is asked as expert or counsel, and of these only that; of what
    is no matter's, one's own (the alerts and mandates, the meetings that one sat in).  TABLED:
    what is or was before the body that one sits in, and what one did oneself.  UNIT: what one's
    unit has a part in.
    """

    NOTHING = 0
    ASKED = 1
    TABLED = 2
    UNIT = 3
    ORGANISATION = 4


class Sight(IntEnum):
    """How much somebody sees of one matter in an area."""

    NONE = 0
    PART = 1
    WHOLE = 2


#: Ties of a unit that may count for those in it; which of them do, the table says.
UNIT_TIES: Final = frozenset(
    {
        Tie.PROPOSING,
        Tie.LEAD,
        Tie.CO,
        Tie.STUDY,
        Tie.EXECUTING,
        Tie.CONSULTED,
        Tie.DECIDING,
        Tie.ARCHIVE,
    }
)
_OWN: Final = (Tie.AUTHOR, Tie.DOER)


def _nobody(_: Appointment) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Grant:
    """How far a role sees in an area; at `UNIT`, `ties` are those of the unit that count."""

    scope: Scope
    ties: frozenset[Tie] = frozenset()


@dataclass(frozen=True, slots=True)
class AccessRow:
    """What one role in a unit or function sees; areas left out are closed."""

    holder: Holder
    grants: Mapping[Area, Grant]


@dataclass(frozen=True, slots=True)
class AccessTable:
    """The rows that bind an organisation; `opinions` are the kinds of steps that hear people."""

    rows: tuple[AccessRow, ...] = ()
    opinions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reach:
    """The matters that somebody sees in an area: all, or those with one of these parties.

    Of a matter that has only one of `asked` in it, a part is seen.
    """

    scope: Scope = Scope.NOTHING
    parties: frozenset[Party] = frozenset()
    asked: frozenset[Party] = frozenset()

    @property
    def everything(self) -> bool:
        """Whether no matter of the organisation is out of it."""
        return self.scope is Scope.ORGANISATION

    def of(self, parties: Collection[Party]) -> Sight:
        """How much is seen of a matter with these parties."""
        if self.everything or not self.parties.isdisjoint(parties):
            return Sight.WHOLE
        return Sight.NONE if self.asked.isdisjoint(parties) else Sight.PART

    def joined(self, other: Reach) -> Reach:
        """What is in one or the other: whoever holds two posts sees what each of them sees."""
        return Reach(
            max(self.scope, other.scope), self.parties | other.parties, self.asked | other.asked
        )


_CLOSED: Final = Reach()


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account sees on a day.

    `units` are those in which it, or somebody whose mandate it has, holds a post.
    """

    account: str
    units: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    reaches: Mapping[Area, Reach] = field(default_factory=dict)
    opinions: frozenset[str] = frozenset()

    def reach(self, area: Area) -> Reach:
        """How far the account sees in an area."""
        return self.reaches.get(area, _CLOSED)

    def scope(self, area: Area) -> Scope:
        """The widest scope in an area."""
        return self.reach(area).scope

    def named(self, facts: Facts) -> bool:
        """Whether the account may know of the matter at all, as far as a restriction goes."""
        return facts.named is None or self.account in facts.named

    def sees(self, area: Area, facts: Facts, parties: Collection[Party]) -> Sight:
        """How much the account sees of a matter in an area; nothing of one that is kept from it."""
        return self.reach(area).of(parties) if self.named(facts) else Sight.NONE


def rights(
    table: AccessTable,
    directory: Directory,
    account: str,
    day: date,
    retained: Collection[Holder] = (),
    stands_in: Callable[[Appointment], frozenset[str]] = _nobody,
) -> Rights:
    """What an account sees on a day, by its own posts and by those it stands in for by mandate.

    Nobody without a post sees anything: no administrator of the program is a person here.  Whoever
    must be `retained` and is not on the day is not among those whom their firm was asked for.
    `stands_in` tells for whom a post stands in where they withdraw from a matter.
    """
    persons = {account, *_principals(directory, account, day)}
    posts = [held for person in sorted(persons) for held in directory.of_person(person, day)]
    found: dict[Area, Reach] = {}
    for held in posts:
        through = _for_unit(directory, held, retained, day)
        instead = stands_in(held)
        for row in table.rows:
            if directory.fits(held, row.holder, None):
                for area, grant in row.grants.items():
                    reach = _reach(area, grant, held, through, instead)
                    found[area] = found.get(area, _CLOSED).joined(reach)
    return Rights(
        account,
        frozenset(held.unit for held in posts),
        frozenset(persons),
        found,
        table.opinions,
    )


def _for_unit(
    directory: Directory, held: Appointment, retained: Collection[Holder], day: date
) -> bool:
    """Whether what a unit is asked is asked of this post in it."""
    if not any(directory.fits(held, holder, None) for holder in retained):
        return True
    named = directory.retainers.naming(held.person, held.unit)
    return any(each.holds(day) for each in named)


def _principals(directory: Directory, account: str, day: date) -> Iterator[str]:
    for mandate in directory.mandates.values():
        if mandate.agent == account and mandate.stands(day):
            yield mandate.principal


def _reach(
    area: Area,
    grant: Grant,
    held: Appointment,
    through: bool,  # noqa: FBT001 (of one caller)
    instead: Collection[str],
) -> Reach:
    """What one post reaches by what it is granted; `through` its unit, what that was asked.

    What those withdrew from `instead` of whom it acts is its to see.  Personal data is for the
    unit's work alone: to have done something once opens none of it.
    """
    scope, person, unit = grant.scope, held.person, held.unit
    asked = {Party(Side.PERSON, person, Tie.ASKED)}
    if through:
        asked.add(Party(Side.UNIT, unit, Tie.ASKED))
    parties: set[Party] = set()
    if scope >= Scope.TABLED and area is not Area.PERSONAL_DATA:
        parties.add(Party(Side.UNIT, unit, Tie.TABLED))
        parties |= {Party(Side.PERSON, person, tie) for tie in _OWN}
        parties |= {Party(Side.PERSON, each, Tie.TABLED) for each in instead}
    if scope >= Scope.UNIT:
        parties |= {Party(Side.UNIT, unit, tie) for tie in grant.ties}
    return Reach(scope, frozenset(parties), frozenset(asked if scope >= Scope.ASKED else ()))
