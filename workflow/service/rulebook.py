"""Definitions and people made ready: machines beside their procedures, directories by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Final, Protocol, Self

from workflow.access import AccessTable, Rights, rights
from workflow.canonical import SHA256
from workflow.commands import Migrate, Propose, every_command
from workflow.counting import Counting
from workflow.decisions.authority import stands_in_for
from workflow.decisions.lending import lent
from workflow.decisions.scene import Imported, Target
from workflow.definition import Answer, Holder, Procedure
from workflow.directory import Directory
from workflow.errors import BadInput, BrokenDefinition, Conflict
from workflow.facts import MIGRATE, Facts, Linked
from workflow.files import Mark
from workflow.guards import Lens
from workflow.holiday_forms import ImportHolidays
from workflow.machine import Lifecycle
from workflow.parties import parties, sits_in
from workflow.ports import Procedures, StepKind
from workflow.recurring import Ledger, ledger
from workflow.retainers import retained_for
from workflow.sealing import sealed
from workflow.shifting import Shifts
from workflow.signing import Signatures
from workflow.store import Home, Sighted, Store, StoredMatter
from workflow.ties import Party

#: Of so many accounts what they see is kept for an organisation; then all is found anew.
MOST_RIGHTS: Final = 2048


@dataclass(frozen=True, slots=True)
class Rules:
    """A definition made ready: its machine stands beside it, and who must be retained for it."""

    procedure: Procedure
    lifecycle: Lifecycle
    retained: tuple[Holder, ...]


@dataclass(frozen=True, slots=True)
class _Staff:
    """Who is who and which days are worked in one version, and what accounts may see.

    The latter as found by account, day, and the digest of the procedure.
    """

    directory: Directory
    notices: tuple[ImportHolidays, ...]
    counting: Counting
    rights: dict[tuple[str, date, str], tuple[AccessTable, Rights]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wished:
    """The rules that somebody wishes a matter under.

    `procedure` None: those of the procedure that it is under.  `version` None: as in force today.
    """

    procedure: str | None = None
    version: date | None = None


class Calendars(Protocol):
    """Where the days of the year come from."""

    def counting(self, notices: tuple[ImportHolidays, ...]) -> Counting:
        """The days with these notices besides those known to everybody, in their order.

        Raises BadInput for a notice that cannot be: a day that is worked already, a day of rest
        ordered to be one.
        """
        ...

    def known(self, notices: tuple[ImportHolidays, ...]) -> tuple[int, frozenset[str]]:
        """The last year whose notice is known with these, and the numbers of all that are."""
        ...


class Shifting(Protocol):
    """Compares what is open by two calendars."""

    def __call__(self, before: Rulebook, after: Rulebook, store: Store, today: date, /) -> Shifts:
        """What is another date by the calendar of `after`."""
        ...


def _nothing_shifts(_: Rulebook, __: Rulebook, ___: Store, ____: date, /) -> Shifts:
    return Shifts()


class Rulebook:
    """What commands and questions share. Safe to share between threads: it only adds."""

    def __init__(
        self,
        procedures: Procedures,
        kinds: Mapping[str, StepKind],
        calendars: Calendars,
        signatures: Signatures,
        digests: str = SHA256,
        shifting: Shifting = _nothing_shifts,
    ) -> None:
        self._procedures = procedures
        self.kinds = kinds
        self.signatures = signatures
        #: The commands that are signed.
        self.signed = frozenset(name for name, each in every_command(kinds).items() if each.signed)
        self._calendars = calendars
        self._shifting = shifting
        self._fixed: Counting | None = None
        self.digests = digests
        self._rules: dict[str, Rules] = {}
        self._staff: dict[str, _Staff] = {}

    def pinned(self, digest: str, store: Store) -> Rules:
        """The definition that a matter is pinned to; from the database where no file has it now."""
        ready = self._rules.get(digest)
        if ready is None:
            procedure = self._procedures.by_digest(digest)
            if procedure is None:
                procedure = self._procedures.compile(store.procedure_source(digest))
                if procedure.digest != digest:
                    raise BrokenDefinition("procedure.rewritten", procedure=procedure.name)
            ready = self._ready(procedure)
        return ready

    def current(self, where: Home, day: date) -> Rules:
        """The definition under which an organisation works on a day."""
        return self._ready(self._procedures.current(where.profile, day))

    def proposed(self, where: Home, proposal: Propose, day: date) -> Rules:
        """The definition that a matter proposed on a day is to be pinned to.

        It is the main procedure with all that the answers bring in beside it.  Raises BadInput
        for a main procedure that the organisation's profile does not offer.
        """
        profile = main = self._procedures.current(where.profile, day)
        if proposal.state_secret:
            return self._ready(profile)
        if proposal.procedure not in (None, profile.id):
            if proposal.procedure not in profile.offers:
                raise BadInput(
                    "request.procedure_not_offered",
                    procedure=proposal.procedure,
                    known=(profile.id, *profile.offers),
                )
            main = self._procedures.current(proposal.procedure, day)
        return self._ready(self._procedures.joined(main, proposal.answers, day, where.profile))

    def corrected(
        self, rules: Rules, where: Home, facts: Facts, answers: Mapping[str, Answer]
    ) -> Rules:
        """The definition that binds a matter once some of its answers are corrected.

        Versions stay those of the day of its proposal, or of its last move to other rules.  What
        is on an agenda stays as it is.
        """
        if not answers or facts.meeting is not None:
            return rules
        since = facts.last(MIGRATE) or facts.records[0]
        given = {**facts.answers, **answers}
        found = self._procedures.joined(rules.procedure, given, since.filed_on, where.profile)
        return rules if found.digest == rules.procedure.digest else self._ready(found)

    def flagging(self, rules: Rules, where: Home, day: date) -> Procedure | None:
        """The organisation's profile of a day, for what it flags of matters that it does not bind.

        None of a matter that it binds: what it runs under is kept, whatever becomes of the files.
        """
        if where.profile in {part.id for part in rules.procedure.parts}:
            return None
        return self.current(where, day).procedure

    def _ready(self, procedure: Procedure) -> Rules:
        if procedure.digest not in self._rules:
            self._rules[procedure.digest] = Rules(
                procedure, Lifecycle(procedure), retained_for(procedure)
            )
        return self._rules[procedure.digest]

    def wished(self, rules: Rules, wished: Wished, day: date) -> Procedure:
        """The main definition that is wished for a matter under `rules`.  Raises NotFound."""
        name = rules.procedure.parts[0].id if wished.procedure is None else wished.procedure
        if wished.version is None:
            return self._procedures.current(name, day)
        return self._procedures.edition(name, wished.version)

    def target(
        self, store: Store, rules: Rules, facts: Facts, wished: Migrate, day: date
    ) -> Target:
        """The rules that a matter under `rules` is to be moved to.

        They are the main definition that is wished, with all that the answers bring in beside it,
        as in force on the day.  Raises NotFound for a version that there is not, and Conflict
        where the definition has become another than the one whose differences were shown.
        """
        where = store.home
        main = self._procedures.edition(wished.procedure, wished.version)
        answers = {**facts.answers, **wished.answers}
        found = self._procedures.joined(main, answers, day, where.profile)
        if wished.digest is not None and wished.digest != found.digest:
            raise Conflict("migration.definition_changed", procedure=found.name)
        own = frozenset({rules.procedure.parts[0].id, where.profile})
        return Target(Lens(found, self.kinds, self.counting(store), day), own)

    def directory(self, store: Store) -> Directory:
        """Who is who, read anew when somebody changed it."""
        return self._who(store).directory

    def _who(self, store: Store) -> _Staff:
        known = self._staff.get(store.home.code)
        if known is None or known.directory.version != store.home.directory_version:
            notices = store.holiday_notices()
            counting = self._calendars.counting(notices)
            known = _Staff(store.directory(), notices, counting)
            self._staff[store.home.code] = known
        return known

    def forget(self, organisation: str) -> None:
        """Read the directory anew: what was read of it within an undone transaction never was."""
        self._staff.pop(organisation, None)

    def counting(self, store: Store) -> Counting:
        """The days of the organisation, with the notices that it took in."""
        return self._fixed or self._who(store).counting

    def calendar(self, store: Store) -> Imported:
        """What these days rest on."""
        notices = self._who(store).notices
        return Imported(*self._calendars.known(notices), notices)

    def shifts(self, store: Store, today: date, notice: ImportHolidays) -> Shifts:
        """What would change of all that is open, were a notice taken in on a day.

        Raises BadInput for a notice that names impossible days.
        """
        return self._shifting(self, self.counted_with(store, notice), store, today)

    def counted_with(self, store: Store, notice: ImportHolidays) -> Rulebook:
        """The same rules by the calendar that there would be with one more notice.

        Raises BadInput for a notice that names impossible days.
        """
        return self._by(self._calendars.counting((*self._who(store).notices, notice)))

    def _by(self, counting: Counting) -> Self:
        other = copy(self)
        other.__dict__["_fixed"] = counting
        return other

    def look_up(self, store: Store, days: Iterable[date]) -> None:
        """Raises OutOfCalendar for a day that the calendar does not know; none counts from it."""
        table = self.counting(store).table
        for day in days:
            table.day(day)

    def lens(self, store: Store, rules: Rules, day: date) -> Lens:
        """How facts are looked at under these rules on a day."""
        return Lens(rules.procedure, self.kinds, self.counting(store), day)

    def linked(self, store: Store, numbers: tuple[str, ...]) -> dict[str, Linked]:
        """What an act may need to know of other matters, each with the rules that bind it."""
        found = store.linked(numbers) if numbers else {}
        return {
            number: replace(each, procedure=self.pinned(each.digest, store).procedure)
            for number, each in found.items()
        }

    def oriented(self, rules: Rules, facts: Facts) -> Facts:
        """The facts with whoever stands in for another function on this matter."""
        found = rules.procedure.stand_ins(facts.answers)
        return replace(facts, stand_ins=found) if found else facts

    def sealed(self, facts: Facts) -> Facts:
        """The facts with what is wrong with the signatures that the verdict rests on."""
        return sealed(facts, self.signed, self.signatures.algorithms)

    def rights(
        self, store: Store, account: str, day: date, matter: StoredMatter | None = None
    ) -> Rights:
        """What an account of the organisation sees on a day.

        Who of counsel must be retained is asked of what binds the `matter`, if there is one: that
        needs no file, which may be gone while the matter runs.
        """
        where, staff = store.home, self._who(store)
        rules = self.current(where, day) if matter is None else self.pinned(matter.digest, store)
        table = self._procedures.access(where.profile, day)
        asked = (account, day, rules.procedure.digest)
        known = staff.rights.get(asked)
        if known is not None and known[0] is table:
            return known[1]
        if len(staff.rights) >= MOST_RIGHTS:
            staff.rights.clear()
        stands_in = partial(stands_in_for, rules.procedure, staff.directory, day)
        lends = partial(lent, rules.procedure, staff.directory)
        found = rights(table, staff.directory, account, day, rules.retained, stands_in, lends)
        staff.rights[asked] = table, found
        return found

    def sighted(self, store: Store, account: str, day: date) -> Sighted:
        """The store as an account of the organisation is to see it on a day."""
        rights, directory = self.rights(store, account, day), self.directory(store)
        procedure = self.current(store.home, day).procedure
        bodies = (
            body
            for body in procedure.bodies
            if not rights.units.isdisjoint(sits_in(procedure, body, directory))
        )
        return Sighted.of(store, rights, tuple(bodies), partial(self.parties, store))

    def parties(self, store: Store, matter: StoredMatter) -> frozenset[Party]:
        """Who has a part in a matter, and why."""
        rules = self.pinned(matter.digest, store)
        facts = self.oriented(rules, matter.facts)
        return parties(rules.procedure, facts, self.directory(store), self.kinds)

    def ledger(self, store: Store, year: int) -> Ledger:
        """The recurring duties of a year, and what was done about them."""
        duties = self._procedures.recurring(store.home.profile, year)
        return ledger(year, duties, store.duty_records(year))

    def masked(self, text: str) -> str:
        """A text without the personal data in it that has a form of its own."""
        return self._procedures.masked(text)

    def marks_in(self, pieces: Iterable[str]) -> tuple[Mark, ...]:
        """The classification marks in a text, the gravest first."""
        return self._procedures.marks_in(pieces)

    def marks_of(self, name: str) -> tuple[Mark, ...]:
        """The classification marks in the name of a file."""
        return self._procedures.marks_of(name)

    def source(self, procedure: Procedure) -> str:
        """The definition as it is kept in the database for the matters that are pinned to it."""
        return self._procedures.source(procedure)
