"""Questions about matters, people's alerts and the journal. Reads one unchanging view, no locks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from workflow.canonical import unmet_from_json
from workflow.commands import CORE, Migrate
from workflow.decisions import cured
from workflow.decisions.authority import able
from workflow.decisions.decide import paused, stage_forbids
from workflow.decisions.flags import flags, under
from workflow.decisions.owing import owed
from workflow.decisions.prospect import Prospect, prospect
from workflow.definition import AlertOn, Gate, Procedure
from workflow.directory import Directory
from workflow.errors import NotFound
from workflow.facts import ARCHIVING, CONCLUDE, MIGRATE, Facts, Linked
from workflow.guards import Lens, assess, dated, next_gate, unmet_before
from workflow.journal import Entry, Flaw, Head, verify
from workflow.meeting import Meeting
from workflow.planning import NOTICE, Able, Duty, Plan, Wish, afterwards, feasible, following, plan
from workflow.ports import Assessment, Clock
from workflow.refusals import Unmet
from workflow.service.requests import Request
from workflow.service.rulebook import Rulebook, Rules, Wished
from workflow.service.run import Asked, scene_of
from workflow.store import Home, Store, home
from workflow.traces import differing, left_by
from workflow.uow import UnitOfWork
from workflow.validation import validate
from workflow.yearly_catalogue import Entry as CatalogueEntry
from workflow.yearly_catalogue import (
    YearlyCatalogue,
    completion_due,
    named,
    publication_due,
)

PAGE = 500
ANYBODY = ""
"""Stands for the account where it does not matter who asks."""
BEFORE_ALL = -(2**62)
TABLING = "propose_agenda_item"


@dataclass(frozen=True, slots=True)
class Line:
    """A matter in a list. `procedure` names its stages.

    `owed` is what is owed on it for what was let pass, `duties` what is after the decision.
    """

    number: str
    title: str
    stage: str
    unit: str
    paused: bool
    changed_at: datetime
    procedure: Procedure
    owed: tuple[Unmet, ...] = ()
    duties: tuple[Duty, ...] = ()


@dataclass(frozen=True, slots=True)
class Standing:
    """A matter with everything that can be said of it today.

    `unmet` is what still stands before `gate`: the agenda, after the decision its issue, and after
    that its close.  `commands` is what its stage allows; `owed` what is owed on it for what was let
    pass in advance, `linked` the emergency whose measure it is to make permanent.  `flags` are what
    a meeting is told of it though nothing refuses, `entry` the entry of a yearly catalogue that it
    is, `duties` what is owed where no meeting is ahead.
    """

    facts: Facts
    procedure: Procedure
    directory: Directory
    today: date
    assessments: Mapping[str, Assessment]
    unmet: tuple[Unmet, ...]
    commands: tuple[str, ...]
    flags: tuple[Unmet, ...] = ()
    entry: CatalogueEntry | None = None
    gate: Gate = Gate.AGENDA
    owed: tuple[Unmet, ...] = ()
    duties: tuple[Duty, ...] = ()
    linked: Mapping[str, Linked] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CatalogueStanding:
    """The catalogue of a year as it stands; `matters` are those that are its entries.

    `publication_due` and `completion_due` are the last days for it, where a rule sets one.
    """

    catalogue: YearlyCatalogue
    procedure: Procedure
    directory: Directory
    today: date
    matters: tuple[tuple[int, str, str], ...]

    @property
    def publication_due(self) -> date | None:
        """The last day for publishing it."""
        return publication_due(self.procedure, self.catalogue.year)

    @property
    def completion_due(self) -> date | None:
        """The last day for publishing what became of its entries."""
        return completion_due(self.procedure, self.catalogue.year)


@dataclass(frozen=True, slots=True)
class Convened:
    """A meeting with the matters that are or were on its agenda, and the rules of its body.

    `notice_by` is the last day for fixing its agenda.
    """

    meeting: Meeting
    matters: Mapping[str, Facts]
    procedure: Procedure
    directory: Directory
    today: date
    owed: Mapping[str, tuple[Unmet, ...]]
    notice_by: date


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a matter can be heard; `meeting` is the one whose agenda it is on already, if any.

    `wish` is there where a day was wished for.
    """

    standing: Standing
    plan: Plan
    wish: Wish | None
    meeting: Meeting | None


@dataclass(frozen=True, slots=True)
class Notice:
    """An alert in somebody's inbox; `count` says how often the same thing was tried that day.

    `now` tells of each refusal how it stands today: None where it has been cured since.
    """

    id: int
    kind: str
    day: date
    count: int
    first_at: datetime
    last_at: datetime
    read: bool
    body: Mapping[str, Any]
    refusals: tuple[Unmet, ...]
    now: tuple[Unmet | None, ...]
    procedure: Procedure


@dataclass(frozen=True, slots=True)
class Audit:
    """The result of verifying a journal: how many entries, where it ends, and what is wrong."""

    entries: int
    head: Head
    flaws: tuple[Flaw, ...]


class Inquiry:
    """Answers questions for one database."""

    def __init__(self, uow: UnitOfWork, book: Rulebook, clock: Clock) -> None:
        self._uow = uow
        self._book = book
        self._clock = clock

    def organisation(self, code: str) -> Home:
        """The organisation of that code.  Raises NotFound."""
        with self._store(code) as store:
            return store.home

    def directory(self, organisation: str) -> Directory:
        """Who is who."""
        with self._store(organisation) as store:
            return self._book.directory(store)

    def procedure(self, organisation: str) -> Procedure:
        """The definition under which the organisation works today."""
        with self._store(organisation) as store:
            return self._book.current(store.home, self._today(store)).procedure

    def matters(self, organisation: str, stage: str | None = None, limit: int = PAGE) -> list[Line]:
        """Matters in the order in which they were proposed."""
        with self._store(organisation) as store:
            debts = self._debts(store)
            return [self._line(store, row, debts) for row in store.matters(stage, 0, limit)]

    def _line(self, store: Store, row: Any, debts: Mapping[str, Standing]) -> Line:  # noqa: ANN401
        """A matter for a list; only of one that may owe something is more read than its row."""
        procedure = self._book.pinned(row.digest, store).procedure
        standing = debts.get(row.number)
        if standing is None and row.title and row.stage in afterwards(procedure):
            standing = self._standing(store, row.number)[0]
        return Line(
            row.number,
            row.title or "",
            row.stage,
            row.unit,
            row.paused_since is not None,
            row.updated_at,
            procedure,
            () if standing is None else standing.owed,
            () if standing is None else standing.duties,
        )

    def standings(self, organisation: str, limit: int = PAGE) -> list[Standing]:
        """How matters stand today, in the order in which they were proposed."""
        with self._store(organisation) as store:
            rows = store.matters(None, 0, limit)
            return [self._standing(store, row.number)[0] for row in rows]

    def debts(self, organisation: str) -> list[Standing]:
        """The matters on which something is owed afterwards, in time or late, by number.

        That is for what was let pass in advance, or because they were decided and are not closed.
        """
        with self._store(organisation) as store:
            found = self._debts(store)
            procedure = self._book.current(store.home, self._today(store)).procedure
            for stage in sorted(afterwards(procedure)):
                if not procedure.stages[stage].end:
                    for row in store.matters(stage, 0, PAGE):
                        found.setdefault(row.number, self._standing(store, row.number)[0])
            return [found[number] for number in sorted(found)]

    def _debts(self, store: Store) -> dict[str, Standing]:
        rules = self._book.current(store.home, self._today(store))
        ends = {name for name, stage in rules.procedure.stages.items() if stage.end}
        archived = [each for act in ARCHIVING for each in rules.lifecycle.sources(act)]
        numbers = store.owing(ends.intersection(archived), ARCHIVING)
        standings = {number: self._standing(store, number)[0] for number in numbers}
        return {number: each for number, each in standings.items() if each.owed}

    def matter(self, organisation: str, number: str) -> Standing:
        """How a matter stands today.  Raises NotFound."""
        with self._store(organisation) as store:
            return self._standing(store, number)[0]

    def plan(self, organisation: str, number: str, wished: date | None = None) -> Forecast:
        """The earliest lawful meeting of a matter, and whether it can make the one wished for.

        Raises NotFound, and OutOfCalendar where a day lies beyond the calendar.
        """
        with self._store(organisation) as store:
            standing, lens = self._standing(store, number)
            code = standing.facts.meeting
            tabled = None if code is None else store.meeting(code, lock=False)
        return Forecast(
            standing,
            plan(lens, standing.facts, standing.owed),
            None if wished is None else feasible(lens, standing.facts, wished, _able(standing)),
            None if tabled is None else tabled.meeting,
        )

    def _standing(self, store: Store, number: str) -> tuple[Standing, Lens]:
        stored = store.matter(number, lock=False)
        if stored is None:
            raise NotFound("unknown.matter", matter=number)
        rules = self._book.pinned(stored.digest, store)
        lens = self._book.lens(rules, self._today(store))
        facts = self._book.oriented(rules, stored.facts)
        assessments = assess(lens, facts)
        gate, debts = next_gate(rules.procedure, facts), owed(lens, facts)
        standing = Standing(
            gate=gate,
            facts=facts,
            procedure=rules.procedure,
            directory=self._book.directory(store),
            today=lens.today,
            assessments=assessments,
            unmet=_in_the_way(rules, lens, facts, assessments, gate),
            commands=tuple(rules.lifecycle.commands(facts.stage)),
            flags=_flagged(
                under(rules.procedure, self._book.flagging(rules, store.home, lens.today)),
                facts,
                store,
                lens.today,
            ),
            entry=_entry(facts, store),
            owed=debts,
            duties=following(lens, facts, assessments, debts),
            linked=self._book.linked(store, (facts.continues,) if facts.continues else ()),
        )
        return standing, lens

    def prospect(self, request: Request, wished: Wished) -> Prospect:
        """What a move of a matter to other rules would bring, with the answers in the request.

        By whom does not matter where the request says ANYBODY: then somebody who may is taken.
        Raises NotFound for a matter, person or version that there is not.
        """
        with self._store(request.organisation) as store:
            stored = store.matter(str(request.matter), lock=False)
            if stored is None:
                raise NotFound("unknown.matter", matter=request.matter)
            day = self._today(store)
            rules = self._book.pinned(stored.digest, store)
            found = self._book.wished(rules, wished, day)
            named = {"procedure": found.id, "version": found.version}
            payload = validate(Migrate, {**request.payload, **named})
            if request.actor == ANYBODY:
                request = replace(request, actor=self._mover(store, rules, stored.facts, day))
            asked = Asked(request, CORE[MIGRATE], payload)
            return prospect(scene_of(self._book, store, asked, stored, None, day), payload)

    def catalogue(self, organisation: str, year: int) -> CatalogueStanding:
        """The yearly catalogue; an empty one where nothing was filed of it."""
        with self._store(organisation) as store:
            today = self._today(store)
            return CatalogueStanding(
                store.catalogue(year),
                self._book.current(store.home, today).procedure,
                self._book.directory(store),
                today,
                tuple(store.matters_of_entries(year)),
            )

    def _mover(self, store: Store, rules: Rules, facts: Facts, day: date) -> str:
        """Somebody who may move the matter, or anybody at all where nobody may."""
        directory = self._book.directory(store)
        able = directory.people(rules.procedure.holders(MIGRATE), facts, day)
        return next((held.person for held in able), next(iter(directory.persons)))

    def draft_text(self, organisation: str, number: str, draft: int) -> str:
        """The text of a version.  Raises NotFound."""
        with self._store(organisation) as store:
            stored = store.matter(number, lock=False)
            found = None if stored is None else store.draft_text(stored.id, draft)
            if found is None:
                raise NotFound("unknown.draft", matter=number, draft=draft)
            return found

    def meeting(self, organisation: str, code: str) -> Meeting:
        """A meeting with its agenda.  Raises NotFound."""
        with self._store(organisation) as store:
            found = store.meeting(code, lock=False)
            if found is None:
                raise NotFound("unknown.meeting", meeting=code)
            return found.meeting

    def meetings(self, organisation: str, limit: int = PAGE) -> list[Convened]:
        """The latest meetings, the newest first."""
        with self._store(organisation) as store:
            return [self._convened(store, each.meeting) for each in store.meetings(limit)]

    def convened(self, organisation: str, code: str) -> Convened:
        """A meeting with its matters.  Raises NotFound."""
        with self._store(organisation) as store:
            found = store.meeting(code, lock=False)
            if found is None:
                raise NotFound("unknown.meeting", meeting=code)
            return self._convened(store, found.meeting)

    def _convened(self, store: Store, meeting: Meeting) -> Convened:
        items = (*meeting.agenda, *meeting.taken_off)
        standings = {each.matter: self._standing(store, each.matter)[0] for each in items}
        today = self._today(store)
        rules = self._book.current(store.home, today)
        notice = rules.procedure.rules[NOTICE]
        return Convened(
            meeting,
            {number: each.facts for number, each in standings.items()},
            rules.procedure,
            self._book.directory(store),
            today,
            {number: each.owed for number, each in standings.items()},
            self._book.lens(rules, today).counting.latest(notice, meeting.held_on)[0],
        )

    def inbox(self, organisation: str, account: str, limit: int = PAGE) -> list[Notice]:
        """A person's alerts, newest first.  Raises NotFound for an unknown account."""
        with self._store(organisation) as store:
            if account not in self._book.directory(store).persons:
                raise NotFound("unknown.person", person=account)
            known: dict[str, tuple[Standing, Lens]] = {}
            return [self._notice(store, row, known) for row in store.alerts(account, 0, limit)]

    def entries(self, organisation: str, after: int = 0) -> Iterator[Entry]:
        """The journal from an entry on, in order."""
        with self._store(organisation) as store:
            yield from _entries(store, after)

    def audit(self, organisation: str) -> Audit:
        """Verify the whole journal of an organisation, and what other tables say beside it."""
        with self._store(organisation) as store:
            head = store.head()
            count, zone = 0, ZoneInfo(store.home.time_zone)

            def counted() -> Iterator[Entry]:
                nonlocal count
                for entry in _entries(store, BEFORE_ALL):
                    count += 1
                    yield entry

            flaws = list(verify(counted(), head))
            rested_on = store.newest_reference()
            if not flaws and rested_on > head.seq:
                # Records and clearances outlive a tail that was cut with its head moved back.
                flaws.append(Flaw(rested_on, "removed"))
            if not flaws:
                # What a broken chain tells is nothing to hold other tables against.
                entries = (
                    (each.seq, json.loads(each.body)) for each in _entries(store, BEFORE_ALL)
                )
                flaws += dict.fromkeys(differing(left_by(entries, zone), store.traces()))
            return Audit(count, head, tuple(flaws))

    def _notice(
        self,
        store: Store,
        row: Any,  # noqa: ANN401
        known: dict[str, tuple[Standing, Lens]],
    ) -> Notice:
        body = json.loads(row.body)
        refusals = tuple(unmet_from_json(unmet) for unmet in body["refusals"])
        now: tuple[Unmet | None, ...] = refusals
        number, command = body["matter"], body["command"]
        if number is not None:
            if number not in known:
                known[number] = self._standing(store, number)
            standing, lens = known[number]
            now = (
                _flagged_now(standing, refusals)
                if body.get("on") == AlertOn.FLAGGED
                else (None,) * len(refusals)
                if self._done_since(store, number, command, body["entry"])
                else cured.today(lens, standing.facts, standing.assessments, command, refusals)
            )
        return Notice(
            id=row.id,
            kind=row.kind,
            day=row.day,
            count=row.count,
            first_at=row.first_at,
            last_at=row.last_at,
            read=row.read_at is not None,
            body=body,
            refusals=refusals,
            now=now,
            procedure=self._book.pinned(body["procedure"], store).procedure,
        )

    @staticmethod
    def _done_since(store: Store, number: str, command: str, entry: int) -> bool:
        """Whether the command was done on the matter after a journal entry."""
        stored = store.matter(number, lock=False)
        changes = () if stored is None else store.changes_since(stored.id, 0)
        return any(seq > entry and done == command for seq, _, _, done in changes)

    def _today(self, store: Store) -> date:
        return self._clock.now().astimezone(ZoneInfo(store.home.time_zone)).date()

    @contextmanager
    def _store(self, organisation: str) -> Iterator[Store]:
        with self._uow.read() as connection:
            found = home(connection, organisation)
            if found is None:
                raise NotFound("unknown.organisation", organisation=organisation)
            yield Store(connection, found[0])


#: The command that asks each gate from the agenda on.
_ASKS: Mapping[Gate, str] = {
    Gate.AGENDA: TABLING,
    Gate.ISSUE: "issue",
    Gate.CLOSE: "close_matter",
}


def _in_the_way(
    rules: Rules, lens: Lens, facts: Facts, assessments: Mapping[str, Assessment], gate: Gate
) -> tuple[Unmet, ...]:
    """What stands before the next gate of a matter; of one that has ended, only that it has."""
    if facts.meeting is not None:
        return ()
    asked = _ASKS[gate]
    if rules.procedure.stages[facts.stage].end:
        return stage_forbids(rules.lifecycle, asked, facts.stage, lens.today)
    waiting = paused(rules.procedure, facts, asked)
    unmet = waiting + unmet_before(lens, gate, facts, assessments)
    unmet += dated(lens, facts, assessments, _of_the_act(rules.procedure, assessments, asked))
    return unmet or stage_forbids(rules.lifecycle, asked, facts.stage, lens.today)


def _of_the_act(
    procedure: Procedure, assessments: Mapping[str, Assessment], asked: str
) -> tuple[Unmet, ...]:
    """What the step of the act that asks the gate wants besides that act, as a signature."""
    return tuple(
        unmet
        for step in procedure.steps_of(asked)
        for unmet in assessments[step.id].unmet
        if unmet.act != asked
    )


def _flagged(procedure: Procedure, facts: Facts, store: Store, today: date) -> tuple[Unmet, ...]:
    """What is flagged of a matter that has not been decided yet."""
    if procedure.stages[facts.stage].end or facts.last(CONCLUDE) is not None or not facts.title:
        return ()
    return flags(procedure, facts, store.catalogue, today)


def _flagged_now(standing: Standing, flagged: tuple[Unmet, ...]) -> tuple[Unmet | None, ...]:
    """How each thing that was flagged stands today; None where it is flagged no more."""
    now = {each.code: each for each in standing.flags}
    return tuple(now.get(each.code) for each in flagged)


def _entry(facts: Facts, store: Store) -> CatalogueEntry | None:
    meant = named(facts)
    return None if meant is None else store.catalogue(meant.year).nominated.get(meant.number)


def _able(standing: Standing) -> Able:
    """Who may do an act on the matter as it stands."""
    return partial(able, standing.procedure, standing.directory, standing.facts, standing.today)


def _entries(store: Store, after: int) -> Iterator[Entry]:
    while page := store.entries(after, PAGE):
        yield from page
        after = page[-1].seq
