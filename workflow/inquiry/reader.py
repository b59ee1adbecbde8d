"""The same questions as one account may ask them: cut to its rights, masked, nothing leaked.

What is kept from the account is answered as if it were not there; an area that is closed to it,
or a part of a matter that it may know of, with `Forbidden`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time
from functools import cache, partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from workflow.access import Area, Rights, Scope, Sight
from workflow.anchoring import NOTHING_KNOWN, Trust
from workflow.catalogue import Said
from workflow.decisions.options import Option
from workflow.decisions.prospect import Prospect
from workflow.definition import Procedure
from workflow.directory import Directory
from workflow.errors import Forbidden, NotFound
from workflow.facts import Facts, Record
from workflow.files import CONFIRM_QUARANTINE, Filed, FileState
from workflow.inquiry.answers import (
    Audit,
    CatalogueStanding,
    Convened,
    Forecast,
    HolidayStanding,
    LedgerStanding,
    Line,
    Notice,
    Standing,
)
from workflow.inquiry.base import PAGE
from workflow.inquiry.inbox import Alerted
from workflow.inquiry.showing import Showing
from workflow.inquiry.signatures import signatures_beside
from workflow.inquiry.whole import Whole
from workflow.journal import Entry
from workflow.listing import Page, Place, Query, alone, cut, whole
from workflow.meeting import Meeting
from workflow.ports import Clock, NobodyWatches, Watch
from workflow.sealing import SignedAct
from workflow.searching import Part
from workflow.service.choke import IN_VAIN
from workflow.service.looking import options_of
from workflow.service.requests import Request
from workflow.service.rulebook import Rulebook, Wished
from workflow.store import Home, Sighted, Store
from workflow.submissions import Submission
from workflow.uow import UnitOfWork
from workflow.veil import VEIL, mentioned, veiled

T = TypeVar("T")


class Reader:
    """Answers one account of one organisation.

    With `names` personal data is shown where the account may see it and has said why today, by the
    command `unmask`; otherwise it is masked.
    """

    def __init__(
        self,
        uow: UnitOfWork,
        book: Rulebook,
        clock: Clock,
        organisation: str,
        account: str,
        *,
        names: bool = False,
        watch: Watch | None = None,
    ) -> None:
        self._watch = NobodyWatches() if watch is None else watch
        self._book = book
        self._names = names
        self._code = organisation
        self._account = account
        self._whole = Whole(uow, book, clock)
        self._eyes = _Eyes(uow, book, clock, account)

    @property
    def zone(self) -> str:
        """The time zone of the organisation, once something was asked; empty before."""
        return self._eyes.zone

    # --- what holds for all matters ---

    def rights(self) -> Rights:
        """What the account sees, today."""
        with self._look() as store:
            return store.rights

    def need(self, area: Area) -> Scope:
        """How far the account sees in an area.  Raises Forbidden where it is closed to it."""
        with self._look() as store:
            return _needed(store, area)

    def organisation(self) -> Home:
        """The organisation of the account."""
        with self._look() as store:
            return store.home

    def directory(self) -> Directory:
        """Who is who, with the mandates that the account sees.  Raises Forbidden."""
        with self._look(Area.PEOPLE) as store:
            return self._showing(store).directory(self._book.directory(store))

    def words_for(self, number: str) -> tuple[Procedure, Directory, Facts, date]:
        """What is needed to put into words what concerns a matter.  Raises NotFound.

        It is the program that asks this, for an answer to something else.
        """
        with self._eyes.look(self._code, Area.MATTERS) as store:
            found = store.matter(number, lock=False)
            if found is None:
                raise NotFound("unknown.matter", matter=number)
            rules = self._book.pinned(found.digest, store)
            directory = self._showing(store).directory(self._book.directory(store))
            facts = self._book.oriented(rules, found.facts)
            return rules.procedure, directory, facts, self._eyes.today(store)

    def words(self) -> tuple[Procedure, Directory]:
        """What is needed to put into words what concerns no matter: the definition, and who is who.

        Of the latter nobody where people are closed to the account: it is told what it may not do
        all the same.
        """
        with self._look() as store:
            procedure = self._book.current(store.home, self._eyes.today(store)).procedure
            return procedure, self._showing(store).directory(self._book.directory(store))

    def procedure(self) -> Procedure:
        """The definition under which the organisation works today.  Raises Forbidden."""
        with self._look(Area.PROCEDURES) as store:
            return self._book.current(store.home, self._eyes.today(store)).procedure

    # --- matters ---

    def listed(self, query: Query) -> Page[Line]:
        """The matters that a query finds among those that the account sees.

        Nothing is found by what the account is not shown.  Raises BadInput for a place of another
        order.
        """
        with self._look(Area.MATTERS) as store:
            page = self._eyes.page(store, query)
            shown = tuple(_open_to(store, each) for each in page.items)
            return replace(page, items=_veiled(store, shown))

    def standings(self, limit: int = PAGE) -> list[Standing]:
        """How they stand today."""
        with self._look(Area.MATTERS) as store:
            rows = store.listed(Query(), (), limit)
            return self._shown(store, [self._eyes.standing(store, row.number) for row in rows])

    def departures_page(self, limit: int = PAGE, after: Place = ()) -> Page[Standing]:
        """How those stand today of which the account sees where they left their course.

        By number, which is the place.  Raises BadInput for what is no place.
        """
        with self._look(Area.DEPARTURES) as store:
            numbers = store.departed(after, limit + 1)
            page = cut(numbers, limit, [(each,) for each in numbers])
            found = [self._eyes.standing(store, each) for each in page.items]
            return Page(self._shown(store, found), page.next)

    def debts(self, after: Place = ()) -> Iterator[Standing]:
        """Those on which something is owed afterwards, which the account sees as a whole.

        By number, those behind a place only, and each looked at when it is asked for: whoever
        wants a few does not wait for all.  Raises BadInput for what is no place.
        """
        with self._look(Area.MATTERS) as store:
            for each in self._eyes.debts_in(store, after):
                if store.sight(Area.MATTERS, each.facts.number) is Sight.WHOLE:
                    yield self._shown(store, [each])[0]

    def matter(self, number: str) -> Standing:
        """How a matter stands today.  Raises NotFound, and Forbidden for its names."""
        with self._look(Area.MATTERS) as store:
            found = self._eyes.signed_standing(store, number)
            if self._names:
                self._may_see_names(store, number)
            return self._shown(store, [found])[0]

    def opinions(self, number: str) -> Standing:
        """A matter with what was said on its draft.  Raises NotFound and Forbidden."""
        with self._look(Area.OPINIONS) as store:
            if store.matter(number, lock=False) is None:
                raise NotFound("unknown.matter", matter=number)
            _seen_whole(store, Area.OPINIONS, number)
        return self.matter(number)

    def plan(self, number: str, wished: date | None = None) -> Forecast:
        """When it can be heard, of a matter that is seen as a whole.  As `Inquiry.plan`."""
        with self._look(Area.MATTERS) as store:
            forecast = self._eyes.forecast(store, number, wished)
            meeting = forecast.meeting
            if meeting is not None:
                meeting = self._meeting(store, meeting)[0]
            found = self._shown(store, [forecast.standing])[0]
            shown = replace(forecast, standing=found, meeting=meeting)
            return _veiled(store, shown, number)

    def prospect(self, request: Request, wished: Wished) -> Prospect:
        """What a move to other rules would bring, of a matter that is seen as a whole."""
        number = str(request.matter)
        with self._look(Area.MATTERS) as store:
            if store.matter(number, lock=False) is None:
                raise NotFound("unknown.matter", matter=number)
            _seen_whole(store, Area.MATTERS, number)
            found = self._whole.prospect(replace(request, organisation=self._code), wished)
            return _veiled(store, found, number)

    def options(
        self,
        *,
        matter: str | None = None,
        meeting: str | None = None,
        mandate: int | None = None,
    ) -> tuple[Option, ...]:
        """What the account may do now, and why not the rest.  Raises NotFound.

        Of a matter in which it is only asked, what belongs to the steps in which it is.
        """
        area = Area.MEETINGS if meeting is not None else None
        with self._look(Area.MATTERS if matter is not None else area) as store:
            request = Request(self._code, "", self._account, {}, matter, meeting, mandate=mandate)
            found = options_of(self._book, store, request, self._eyes.today(store))
            if matter is not None:
                seen = self._shown(store, [self._eyes.standing(store, matter)])[0]
                acts = {act for name in seen.assessments for act in seen.procedure.steps[name].acts}
                whole = store.sight(Area.MATTERS, matter) is Sight.WHOLE
                found = tuple(each for each in found if whole or each.command in acts)
            return _veiled(store, found, matter or "")

    def signatures(self, number: str) -> tuple[SignedAct, ...]:
        """Who signed which text of a matter that is seen as a whole.  Raises NotFound, Forbidden.

        What is signed is not told: statements repeat whole opinions.
        """
        with self._look(Area.MATTERS) as store:
            found = self._eyes.signed_in(store, number)
            _seen_whole(store, Area.MATTERS, number)
            return tuple(each.without_words for each in found)

    def draft_text(self, number: str, draft: int) -> str:
        """The text of a version.  Raises NotFound and Forbidden."""
        with self._look(Area.DRAFTS) as store:
            stored = store.matter(number, lock=False)
            found = None if stored is None else store.draft_text(stored.id, draft)
            if found is None:
                raise NotFound("unknown.draft", matter=number, draft=draft)
            if store.sight(Area.DRAFTS, number) is Sight.NONE:
                raise _closed(Area.DRAFTS)
            return found

    def submissions(self, number: str, limit: int = PAGE, after: int = 0) -> list[Submission]:
        """What the public sent in on a matter, the oldest first, with who did where they said so.

        Raises NotFound and Forbidden.
        """
        with self._look(Area.OPINIONS) as store:
            found = self._eyes.sent_in(store, number, limit, after)
            if store.sight(Area.OPINIONS, number) is not Sight.WHOLE:
                raise _closed(Area.OPINIONS)
            if self._names:
                self._may_see_names(store, number)
            open_ = self._open(store).get(number, frozenset())
            return [each if {None, each.step} & open_ else self._masked(each) for each in found]

    def _masked(self, sent_in: Submission) -> Submission:
        """The opinion with nothing of a person but that something was said."""
        name, contact = (None if each is None else VEIL for each in (sent_in.name, sent_in.contact))
        text = self._book.masked(sent_in.text)
        return replace(sent_in, text=text, name=name, contact=contact)

    # --- files ---

    def file(self, key: str, *, whole: bool = False) -> Filed:
        """A file that the account may know of; with `whole` one whose bytes it may have.

        That is whoever uploaded it, until an act attaches it, and from then on whoever sees the
        record of that act.  Raises NotFound, and Forbidden for papers with names.
        """
        with self._look(Area.MATTERS) as store:
            found = store.file(key)
            if found is None:
                raise NotFound("unknown.file", file=key)
            if found.matter is None:
                if found.uploader == self._account:
                    return found
                if whole or not self._judges(store) or found.state is not FileState.QUARANTINED:
                    raise NotFound("unknown.file", file=key)
                return replace(found, name="", digest="")
        try:
            seen = {each.key for each in self.matter_files(found.matter)}
        except NotFound:
            seen = set()
        if key not in seen:
            raise NotFound("unknown.file", file=key)
        if whole:
            self._may_have(found.matter, key)
        return found

    def files(self) -> list[Filed]:
        """What the account uploaded and did not use yet, and what it may judge in quarantine."""
        with self._look(Area.MATTERS) as store:
            own = store.files_of(self._account, PAGE)
            if not self._judges(store):
                return own
            others = store.files_quarantined(PAGE)
            return own + [
                replace(each, name="", digest="")
                for each in others
                if each.uploader != self._account
            ]

    def matter_files(self, number: str) -> list[Filed]:
        """What is attached to a matter, by records that the account sees.  Raises NotFound."""
        told = _filed(self.matter(number).facts.records)
        with self._look() as store:
            return [each for each in store.files_of_matter(number) if each.key in told]

    def _may_have(self, number: str, key: str) -> None:
        """Raises Forbidden where the paper tells what the account is shown masked or not at all."""
        standing = self.matter(number)
        record = _filed(standing.facts.records)[key]
        step = standing.procedure.steps.get(record.step or "")
        with self._look() as store:
            if store.matter(number, lock=False) is None:
                raise NotFound("unknown.matter", matter=number)
            drafts = store.sight(Area.DRAFTS, number)
            if record.command == "revise_draft" and drafts is Sight.NONE:
                raise _closed(Area.DRAFTS)
            heard = step is not None and step.kind in store.rights.opinions
            if heard and store.sight(Area.PERSONAL_DATA, number) is not Sight.WHOLE:
                raise Forbidden("access.names_closed", matter=number)

    def _judges(self, store: Sighted) -> bool:
        """Whether the account may look after the quarantine."""
        day = self._eyes.today(store)
        holders = self._book.current(store.home, day).procedure.holders(CONFIRM_QUARANTINE)
        people = self._book.directory(store).people(holders, None, day)
        return any(held.person == self._account for held in people)

    # --- meetings, catalogue, inbox ---

    def meeting(self, code: str) -> Meeting:
        """A meeting with its agenda; items kept from the account have no number."""
        return self.convened(code).meeting

    def convened(self, code: str) -> Convened:
        """A meeting with its matters.  Raises NotFound."""
        with self._look(Area.MEETINGS) as store:
            found = store.meeting(code, lock=False)
            if found is None:
                raise NotFound("unknown.meeting", meeting=code)
            return self._convened(store, found.meeting)

    def meetings_page(self, limit: int = PAGE, after: Place = ()) -> Page[Convened]:
        """The meetings that the account sees, the newest first; places are codes.

        Raises NotFound where it sees no meeting of that code, BadInput for what is no place.
        """
        with self._look(Area.MEETINGS) as store:
            page = self._eyes.latest(store, limit, after)
            return Page([self._convened(store, each) for each in page.items], page.next)

    def people_page(self, limit: int = PAGE, after: Place = ()) -> Page[str]:
        """The accounts of everybody, by account, which is the place.  Raises Forbidden.

        Raises BadInput for what is no place.
        """
        with self._look(Area.PEOPLE) as store:
            return self._eyes.accounts(store, limit, after)

    def catalogue(self, year: int) -> CatalogueStanding:
        """The yearly catalogue, with those of its matters that the account sees."""
        with self._look(Area.CATALOGUE) as store:
            found = self._eyes.catalogue_in(store, year)
            directory = self._showing(store).directory(found.directory)
            return _veiled(store, replace(found, directory=directory))

    def holidays(self) -> HolidayStanding:
        """The notices on holidays that were taken in."""
        with self._look(Area.CALENDAR) as store:
            found = self._eyes.holidays_in(store)
            return replace(found, directory=self._showing(store).directory(found.directory))

    def duties(self, year: int) -> LedgerStanding:
        """The recurring duties of a year."""
        with self._look(Area.CATALOGUE) as store:
            found = self._eyes.duties_in(store, year)
            return replace(found, directory=self._showing(store).directory(found.directory))

    def inbox_page(self, limit: int = PAGE, after: Place = ()) -> Page[Notice]:
        """The account's own alerts, newest first; places are the instant and the id of an alert.

        Raises BadInput for what is no place.
        """
        with self._look(Area.INBOX) as store:
            page = self._eyes.notices(store, limit, after)
            return replace(page, items=_veiled(store, tuple(page.items)))

    def alerted(self, alerts: Collection[int]) -> tuple[Alerted, ...]:
        """These alerts of the account, as far as it may know of what they are about."""
        with self._look(Area.INBOX) as store:
            return _veiled(store, self._eyes.alerted(store, alerts))

    def told_and_standing(self) -> tuple[Alerted, ...]:
        """What the account was reminded of and that still stands, the oldest first."""
        with self._look(Area.INBOX) as store:
            alerts = store.told_and_standing(store.rights.account)
            return _veiled(store, self._eyes.alerted(store, alerts))

    def told_of(self, notices: Iterable[Notice]) -> dict[str, Facts]:
        """What is known of the matters of alerts, of those that the account sees."""
        with self._look(Area.INBOX) as store:
            numbers = {str(each.body["matter"]) for each in notices if each.body["matter"]}
            if not numbers or store.rights.scope(Area.MATTERS) is Scope.NOTHING:
                return {}
            there = sorted(store.among(numbers))
            found = self._shown(store, [self._eyes.standing(store, each) for each in there])
            return {each.facts.number: each.facts for each in found}

    # --- the journal ---

    def entries(self, after: int = 0, matter: str | None = None) -> Iterator[Entry]:
        """The journal from an entry on, as far as the account sees it; of a matter, if named.

        Raises Forbidden, and NotFound for a matter that it sees nothing of.
        """
        with self._look(Area.JOURNAL) as store:
            _there(store, matter)
            while page := store.entries(after, PAGE, matter):
                yield from self._entries(store, page)
                after = page[-1].seq

    def journal_page(
        self, limit: int = PAGE, after: Place = (), matter: str | None = None
    ) -> Page[Entry]:
        """A page of the same; places are the numbers of entries.

        Raises as `entries`, and BadInput for what is no place.
        """
        with self._look(Area.JOURNAL) as store:
            _there(store, matter)
            found = store.entries(whole(alone(after)) if after else 0, limit + 1, matter)
            page = cut(found, limit, [(str(each.seq),) for each in found])
            return Page(list(self._entries(store, page.items)), page.next)

    def _entries(self, store: Sighted, entries: Sequence[Entry]) -> Iterator[Entry]:
        showing, open_ = self._showing(store), self._open(store)
        hears = cache(partial(_hears, store, showing))
        hidden = _not_to_be_told(store, [(each.columns, each.body) for each in entries])
        for entry in entries:
            names = None in open_.get(str(entry.columns["matter"]), ())
            yield showing.entry(entry, hidden, names=names, hears=hears)

    def audit(self, trust: Trust = NOTHING_KNOWN) -> Audit:
        """Verify the whole journal; for those who see all of it.  Raises Forbidden."""
        with self._look(Area.JOURNAL) as store:
            if not store.rights.reach(Area.JOURNAL).everything:
                raise _closed(Area.JOURNAL)
        return self._whole.audit(self._code, trust)

    # --- how it is cut ---

    @contextmanager
    def _look(self, area: Area | None = None) -> Iterator[Sighted]:
        """What the account sees; what it asks for in vain is noted once the look has ended."""
        try:
            with self._eyes.look(self._code, area) as store:
                yield store
        except NotFound as error:
            if error.code in IN_VAIN:
                self._watch.asked_in_vain(self._code, self._account)
            raise

    def _showing(self, store: Sighted) -> Showing:
        return Showing(store.rights, self._book.kinds, self._book.masked)

    def _open(self, store: Sighted) -> dict[str, frozenset[str | None]]:
        """The steps whose names the account has unmasked today, by matter."""
        if not self._names:
            return {}
        day, zone = self._eyes.today(store), ZoneInfo(store.home.time_zone)
        since = datetime.combine(day, time.min, zone).astimezone(UTC)
        return dict(store.unmasked(self._account, since))

    def _may_see_names(self, store: Sighted, number: str) -> None:
        if store.sight(Area.PERSONAL_DATA, number) is not Sight.WHOLE:
            raise Forbidden("access.names_closed", matter=number)
        if number not in self._open(store):
            raise Forbidden("access.unmask_first", matter=number)

    def _shown(self, store: Sighted, standings: list[Standing]) -> list[Standing]:
        """Standings as the account sees them, with what they tell of other matters."""
        showing, open_ = self._showing(store), self._open(store)
        told = {number for each in standings for number in _others(each)}
        others = store.among(told) if told else frozenset[str]()
        found = []
        for each in standings:
            number = each.facts.number
            parties = store.parties[number]
            personal = store.sight(Area.PERSONAL_DATA, number) is Sight.WHOLE
            names = open_.get(number, frozenset()) if personal else ()
            seen = showing.standing(each, parties, others, names)
            # What it tells of other matters itself is all that has to be looked up.
            unseen = (told - others) | store.hidden.keys()
            found.append(veiled(seen, unseen - {number}))
        return found

    def _meeting(self, store: Sighted, meeting: Meeting) -> tuple[Meeting, tuple[str, ...]]:
        return self._showing(store).meeting(meeting, sits=meeting.body in store.bodies)

    def _convened(self, store: Sighted, meeting: Meeting) -> Convened:
        found, items = self._eyes.convened_in(store, meeting)
        seen, left_out = self._meeting(store, meeting)
        standings = self._shown(store, items)
        shown = replace(
            found,
            meeting=seen,
            matters={each.facts.number: each.facts for each in standings},
            owed={each.facts.number: each.owed for each in standings},
            directory=self._showing(store).directory(found.directory),
            withheld=left_out,
        )
        return _veiled(store, shown)


class _Eyes(Whole):
    """Asks everything of a store that shows what one account sees."""

    def __init__(self, uow: UnitOfWork, book: Rulebook, clock: Clock, account: str) -> None:
        super().__init__(uow, book, clock)
        self._account = account
        self.zone = ""

    @contextmanager
    def look(self, organisation: str, area: Area | None) -> Iterator[Sighted]:
        """The store; raises Forbidden where the area is closed to the account."""
        with self._store(organisation) as store:
            if not isinstance(store, Sighted):
                raise TypeError("a reader looks through its account's eyes")
            if area is not None:
                _needed(store, area)
            yield store

    def _opened(self, connection: Connection, where: Home) -> Sighted:
        self.zone = where.time_zone
        plain = Store(connection, where)
        return self._book.sighted(plain, self._account, self._today(plain))

    def today(self, store: Store) -> date:
        """The business date."""
        return self._today(store)

    def page(self, store: Sighted, query: Query) -> Page[Line]:
        """A page of matters."""
        return self._page(store, query)

    def _line(self, store: Store, row: Any) -> Line:  # noqa: ANN401
        """A line without what is owed on a matter that is not seen as a whole.

        Before it is asked whether something is owed: nothing is found by what is not told.
        """
        line = super()._line(store, row)
        if not (line.owed or line.duties) or _whole(store, line.number):
            return line
        return replace(line, owed=(), duties=())

    def latest(self, store: Sighted, limit: int, after: Place) -> Page[Meeting]:
        """The latest meetings."""
        return self._latest(store, limit, after)

    def accounts(self, store: Sighted, limit: int, after: Place) -> Page[str]:
        """The accounts of everybody."""
        return self._accounts(store, limit, after)

    def standing(self, store: Sighted, number: str) -> Standing:
        """How a matter stands.  Raises NotFound."""
        return self._standing(store, number)[0]

    def signed_standing(self, store: Sighted, number: str) -> Standing:
        """The same with its signatures.  Raises NotFound."""
        return signatures_beside(self._book, store, self.standing(store, number))

    def forecast(self, store: Sighted, number: str, wished: date | None) -> Forecast:
        """When a matter can be heard that is seen as a whole.  Raises NotFound and Forbidden."""
        standing, lens = self._standing(store, number)
        _seen_whole(store, Area.MATTERS, number)
        return self._forecast(store, standing, lens, wished)

    def sent_in(self, store: Sighted, number: str, limit: int, after: int) -> list[Submission]:
        """What the public sent in on a matter."""
        return self._sent_in(store, number, limit, after)

    def signed_in(self, store: Sighted, number: str) -> tuple[SignedAct, ...]:
        """The signatures on a matter."""
        return self._signed(store, number)

    def debts_in(self, store: Sighted, after: Place) -> Iterator[Standing]:
        """The matters on which something is owed."""
        return self._owing(store, after)

    def convened_in(self, store: Sighted, meeting: Meeting) -> tuple[Convened, list[Standing]]:
        """A meeting, and how its matters stand."""
        items = self._items(store, meeting)
        return self._convened(store, meeting, items), list(items.values())

    def catalogue_in(self, store: Sighted, year: int) -> CatalogueStanding:
        """The catalogue of a year."""
        return self._of_year(store, year)

    def holidays_in(self, store: Sighted) -> HolidayStanding:
        """The notices on holidays that were taken in."""
        return self._holidays_of(store)

    def duties_in(self, store: Sighted, year: int) -> LedgerStanding:
        """The recurring duties of a year."""
        return self._duties_of(store, year)

    def notices(self, store: Sighted, limit: int, after: Place) -> Page[Notice]:
        """The account's alerts; how they stand is told even of what it sees nothing else of."""
        return self._notices(store, store.whole(), self._account, limit, after)

    def alerted(self, store: Sighted, alerts: Collection[int]) -> tuple[Alerted, ...]:
        """Some of them, with how long they matter."""
        return self._alerted(store, store.whole(), self._account, alerts)


def _hears(store: Sighted, showing: Showing, code: str, matter: str | None) -> bool:
    """Whether the account is told what was said in a meeting, on a matter of its agenda.

    Of a matter from which it withdrew it is not, even where it sits.
    """
    found = store.whole().meeting(code, lock=False)
    if found is None:
        return showing.rights.scope(Area.BALLOTS) is Scope.ORGANISATION
    about = None if matter is None else store.whole().matter(matter, lock=False)
    if about is not None and store.rights.account in about.facts.withdrawn():
        return False
    return showing.hears(found.meeting, sits=found.meeting.body in store.bodies)


def _filed(records: Iterable[Record]) -> dict[str, Record]:
    """The records that attached files, by the ids of these."""
    return {str(each["id"]): record for record in records for each in record.items("files")}


def _open_to(store: Sighted, line: Line) -> Line:
    """A line of a list without excerpts from what the account is not shown of its matter."""
    if not line.found:
        return line
    seen = _whole(store, line.number)
    drafts = store.sight(Area.DRAFTS, line.number) is not Sight.NONE
    found = tuple(
        each
        for each in line.found
        if each.part <= Part.TITLE or (drafts if each.part is Part.DRAFT else seen)
    )
    return replace(line, found=found)


def _whole(store: Store, number: str) -> bool:
    """Whether a matter that is seen at all is seen as a whole."""
    if not isinstance(store, Sighted):
        raise TypeError("a reader looks through its account's eyes")
    if number not in store.parties:
        store.matter(number, lock=False)
    return store.sight(Area.MATTERS, number) is Sight.WHOLE


def _there(store: Sighted, matter: str | None) -> None:
    """Raises NotFound for a matter of which the account sees nothing."""
    if matter is not None and not store.among((matter,)):
        raise NotFound("unknown.matter", matter=matter)


def _needed(store: Sighted, area: Area) -> Scope:
    scope = store.rights.scope(area)
    if scope is Scope.NOTHING:
        raise _closed(area)
    return scope


def _closed(area: Area) -> Forbidden:
    return Forbidden("access.area_closed", area=Said(f"access.area.{area.value}"))


def _seen_whole(store: Sighted, area: Area, number: str) -> None:
    if store.sight(area, number) is not Sight.WHOLE:
        raise _closed(area)


def _others(standing: Standing) -> Iterator[str]:
    """The numbers of other matters that a standing tells of."""
    yield from (each.number for each in standing.facts.kin)
    yield from (each.number for each in standing.facts.changes)
    yield from standing.linked


def _veiled(store: Sighted, answer: T, own: str = "") -> T:
    """The answer without matters that are kept from the account, or that it does not see."""
    return veiled(answer, _not_to_be_told(store, answer, own))


def _not_to_be_told(store: Sighted, answer: object, own: str = "") -> frozenset[str]:
    """The numbers in an answer of matters of which the account sees nothing; never its `own`."""
    hidden = frozenset(store.hidden) - {own}
    if store.rights.reach(Area.MATTERS).everything:
        return hidden
    told = mentioned(answer) - hidden - {own}
    return hidden | store.unseen(told) if told else hidden
