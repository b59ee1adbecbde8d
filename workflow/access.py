"""Who sees what of the business (阅读权限): areas, scopes, and the parties to a matter.  Pure.

A table says, for each role in a unit or function, how far it sees in each area.  Together with the
parties to a matter, which follow from what is on record, it tells what a person sees of it.  Acting
is another question, asked by `decisions.authority`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import IntEnum, StrEnum
from typing import Final

from workflow.definition import Holder
from workflow.directory import Appointment, Directory, Mandate
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


#: What a mandate for some commands lends, beside the matters that they are about: what everybody in
#: the post reads, and tells of no matter.
_COMMON: Final = frozenset({Area.CATALOGUE, Area.PEOPLE, Area.PROCEDURES, Area.LAW, Area.CALENDAR})
_OF_MATTERS: Final = frozenset({Area.MATTERS, Area.DRAFTS, Area.OPINIONS})
_OF_MEETINGS: Final = frozenset({Area.MEETINGS, Area.BALLOTS})


def _nobody(_: Appointment) -> frozenset[str]:
    return frozenset()


@dataclass(frozen=True, slots=True)
class Loan:
    """What a mandate for some commands lends of what a post reads: what these acts need.

    Matters while they are in one of the `stages`; `meetings` where an act is on one, `names` where
    personal data may be asked for.
    """

    stages: frozenset[str] = frozenset()
    meetings: bool = False
    names: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing of the post is lent."""
        return not (self.stages or self.meetings or self.names)

    def of(self, area: Area, reach: Reach) -> Reach:
        """What of a reach is lent."""
        if area in _COMMON or (self.meetings and area in _OF_MEETINGS):
            return reach
        named = self.names and area in (Area.MATTERS, Area.PERSONAL_DATA)
        if named or not self.stages or area not in _OF_MATTERS:
            return reach if named else _CLOSED
        # Not everything, whatever the post reads: a list has to look at the stages.
        scope = min(reach.scope, Scope.UNIT)
        return Reach(scope, lent=(Lent(self.stages, reach),))


def _whole(_: Mandate, __: Appointment) -> None:
    return None


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

    Of a matter that has only one of `asked` in it, a part is seen.  What is `lent` for some acts is
    seen while a matter is where they can be done.
    """

    scope: Scope = Scope.NOTHING
    parties: frozenset[Party] = frozenset()
    asked: frozenset[Party] = frozenset()
    lent: tuple[Lent, ...] = ()

    @property
    def everything(self) -> bool:
        """Whether no matter of the organisation is out of it."""
        return self.scope is Scope.ORGANISATION

    @property
    def asked_at_all(self) -> frozenset[Party]:
        """As whom the account is asked, be it by what is lent."""
        return self.asked.union(*(each.reach.asked for each in self.lent))

    @property
    def unasked(self) -> Reach:
        """What is seen as a whole."""
        lent = tuple(Lent(each.stages, each.reach.unasked) for each in self.lent)
        return replace(self, asked=frozenset(), lent=lent)

    def of(self, parties: Collection[Party], stage: str = "") -> Sight:
        """How much is seen of a matter with these parties, in a stage; lent is none without it."""
        if self.everything or not self.parties.isdisjoint(parties):
            return Sight.WHOLE
        asked = Sight.NONE if self.asked.isdisjoint(parties) else Sight.PART
        lent = (each.reach.of(parties) for each in self.lent if stage in each.stages)
        return max((asked, *lent))

    def joined(self, other: Reach) -> Reach:
        """What is in one or the other: whoever holds two posts sees what each of them sees."""
        return Reach(
            max(self.scope, other.scope),
            self.parties | other.parties,
            self.asked | other.asked,
            (*self.lent, *(each for each in other.lent if each not in self.lent)),
        )


@dataclass(frozen=True, slots=True)
class Lent:
    """What is seen of matters while they are in one of these stages."""

    stages: frozenset[str]
    reach: Reach


_CLOSED: Final = Reach()


@dataclass(frozen=True, slots=True)
class Rights:
    """What an account sees on a day.

    `units` are those in which it, or somebody whose mandate for every act it has, holds a post;
    `persons` are the account and whoever gave it a mandate.
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
        return self.reach(area).of(parties, facts.stage) if self.named(facts) else Sight.NONE


def rights(
    table: AccessTable,
    directory: Directory,
    account: str,
    day: date,
    retained: Collection[Holder] = (),
    stands_in: Callable[[Appointment], frozenset[str]] = _nobody,
    lends: Callable[[Mandate, Appointment], Loan | None] = _whole,
) -> Rights:
    """What an account sees on a day, by its own posts and by those it stands in for by mandate.

    `lends` tells what a mandate lends of what a post reads, None for all of it.

    Nobody without a post sees anything: no administrator of the program is a person here.  Whoever
    must be `retained` and is not on the day is not among those whom their firm was asked for.
    `stands_in` tells for whom a post stands in where they withdraw from a matter.
    """
    persons, units = {account}, set[str]()
    posts: list[tuple[Appointment, Loan | None]] = []
    posts += ((held, None) for held in directory.of_person(account, day))
    for mandate in _mandates(directory, account, day):
        persons.add(mandate.principal)
        theirs = directory.of_person(mandate.principal, day)
        posts += ((held, lends(mandate, held)) for held in theirs)
    found: dict[Area, Reach] = {}
    for held, loan in posts:
        if loan is not None and loan.empty:
            continue
        if loan is None or loan.meetings:
            units.add(held.unit)
        through = _for_unit(directory, held, retained, day)
        instead = stands_in(held)
        for row in table.rows:
            if directory.fits(held, row.holder, None):
                for area, grant in row.grants.items():
                    reach = _reach(area, grant, held, through, instead)
                    reach = reach if loan is None else loan.of(area, reach)
                    found[area] = found.get(area, _CLOSED).joined(reach)
    return Rights(
        account,
        frozenset(units),
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


def _mandates(directory: Directory, account: str, day: date) -> Iterator[Mandate]:
    for mandate in directory.mandates.values():
        if mandate.agent == account and mandate.stands(day):
            yield mandate


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
