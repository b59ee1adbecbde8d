"""The choke point itself: which command, with a payload that fits, on what; then one transaction.

Lock, authorise, evaluate, change, journal, queue alerts: all in one transaction, or nothing.  A
refusal changes nothing but the journal and the alerts, and these too stand or fall together.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from workflow.commands import CommandSpec, ConfirmQuarantine, Subject, every_command
from workflow.errors import BadInput, Conflict, NotFound
from workflow.meeting_forms import CancelMeeting
from workflow.ports import Clock, NobodyWatches, Watch
from workflow.service.filing import Filing
from workflow.service.requests import Bulk, Outcome, Request, fingerprint
from workflow.service.rulebook import Rulebook
from workflow.service.run import Along, Asked, meeting_known, only_refuse, run, same_meeting
from workflow.store import Home, Store, home
from workflow.uow import UnitOfWork
from workflow.validation import validate

LONGEST_PART = 200
#: What is answered of a matter or meeting that there is not, or that the actor may not know of.
IN_VAIN: Final = ("unknown.matter", "unknown.meeting")
HIGHEST_VERSION = 2**31 - 1

_NAME = re.compile(rf"[^\x00-\x1f\x7f\ud800-\udfff]{{1,{LONGEST_PART}}}")


class Service:
    """Executes commands. Safe to share between threads; each command has its own connection."""

    def __init__(
        self,
        uow: UnitOfWork,
        book: Rulebook,
        clock: Clock,
        watch: Watch | None = None,
        filing: Filing | None = None,
    ) -> None:
        self._uow = uow
        self._book = book
        self._clock = clock
        self._watch = NobodyWatches() if watch is None else watch
        self._filing = filing

    @cached_property
    def specs(self) -> Mapping[str, CommandSpec]:
        """Every command there is, of the lifecycle and of the step kinds."""
        return every_command(self._book.kinds)

    def execute(self, request: Request) -> Outcome:
        """Carry out one command, or refuse it with every reason.

        Raises BadInput for a payload that is not the command's, NotFound for an unknown command,
        organisation, person, matter or meeting, Conflict where somebody else acted in between or
        the key was used for another request, StoreTrouble where the database is the reason.
        Nothing is changed, and nothing journaled, when it raises.
        """
        asked = self._asked(request)
        with self._watched((request,)):
            if isinstance(asked.payload, CancelMeeting):
                return self._call_off(request, asked.payload)
            return self._one(asked)

    def _one(self, asked: Asked) -> Outcome:
        """A single command in its transaction."""
        request = asked.request
        doomed = self._doomed(asked)
        try:
            with self._uow.write_after(lambda look: self._look(look, request)) as (work, seen):
                where, version = seen
                store = Store(work, where)
                outcome = run(self._book, self._clock, store, asked, version)
        except IntegrityError as error:
            if request.key and "request" in str(error.orig):
                raise Conflict("request.key_in_use", key=request.key) from error
            raise
        self._clear(doomed, outcome)
        return outcome

    def _doomed(self, *asked: Asked) -> dict[str, str]:
        """The bytes of files that are to be erased, if that is confirmed, by organisation."""
        if self._filing is None:
            return {}
        return {
            digest: each.request.organisation
            for each in asked
            if isinstance(each.payload, ConfirmQuarantine)
            if (digest := self._filing.to_erase(each.request.organisation, each.payload.file))
        }

    def _clear(self, doomed: Mapping[str, str], *outcomes: Outcome | None) -> None:
        """Delete them now that their rows are gone; what a crash leaves, a sweep takes away."""
        if self._filing is not None and any(each is not None and each.done for each in outcomes):
            for digest, organisation in doomed.items():
                self._filing.clear(organisation, digest)
            if doomed:
                self._uow.fold_log()

    def _call_off(self, request: Request, payload: CancelMeeting) -> Outcome:
        """Take every item off the agenda and call the meeting off, all of it or nothing.

        Each matter has an entry and a record of its own for that.  What came onto the agenda in
        between is found by the decision, which then refuses.
        """
        with self._uow.read() as connection:
            store = Store(connection, self._look(connection, request)[0])
            stored = store.meeting(str(request.meeting), lock=False)
            answered = request.key is not None and store.request(request.key) is not None
            hidden = store.kept_from(request.actor)
            zone = ZoneInfo(store.home.time_zone)
            today = self._clock.now().astimezone(zone).date()
            meeting_known(self._book, store, request, (stored, None), today)
        if stored is None:
            raise NotFound("unknown.meeting", meeting=request.meeting)
        if not answered:
            same_meeting(request, stored.meeting)
        # Its own removals change the meeting.
        request = replace(request, expected_meeting=None)
        meeting = stored.meeting
        still = () if meeting.sitting is not None else meeting.agenda
        listed = [each.matter for each in still if not each.concluded]
        told = {"reasons": payload.reasons}
        taken_off = (
            replace(
                request,
                command="remove_agenda_item",
                payload=told,
                matter=matter,
                meeting=None,
                key=None,
                expected_version=None,
            )
            for matter in listed
        )
        # Also what is kept from whoever calls the meeting off: the meeting is theirs to call off.
        items = (replace(self._asked(each), within=True) for each in taken_off)
        known = [each for each in listed if each not in hidden]
        bulk = self._all([*items, self._asked(request)], along={"untabled": known} if known else {})
        came = [each for each in bulk.outcomes if each is not None]
        if bulk.done:
            return came[-1]
        return replace(came[0], matter=None) if came[0].matter in hidden else came[0]

    def execute_all(
        self, requests: Sequence[Request], along: Mapping[str, object] | None = None
    ) -> Bulk:
        """Carry out several commands of one organisation in one transaction, or none of them.

        Where any is refused, nothing is done; the refusals are journaled and alerted as those of
        single commands are, in a transaction of their own.  Raises as `execute` does, and BadInput
        for requests of several organisations; then nothing is changed, and nothing journaled.
        With `along` all others are done for the last one, which tells that with its own answer.
        """
        with self._watched(requests):
            return self._all([self._asked(request) for request in requests], along)

    @contextmanager
    def _watched(self, requests: Sequence[Request]) -> Iterator[None]:
        """Tell the watch of what was asked in vain; whether it is there makes no difference."""
        try:
            yield
        except NotFound as error:
            if error.code in IN_VAIN:
                named = {str(each) for each in error.params.values()}
                about = next(
                    (each for each in requests if {each.matter, each.meeting} & named), requests[0]
                )
                self._watch.asked_in_vain(about.organisation, about.actor)
            raise

    def _all(self, asked: Sequence[Asked], along: Mapping[str, object] | None) -> Bulk:
        if len({each.request.organisation for each in asked}) != 1:
            raise BadInput("request.one_organisation")
        prints = [fingerprint(each.request) for each in asked]
        twice = [
            each.request.matter or each.request.command
            for place, each in enumerate(asked)
            if prints[place] in prints[:place]
        ]
        if twice:
            raise BadInput("request.asked_twice", what=twice)
        doomed = self._doomed(*asked)
        try:
            bulk = Bulk(done=True, outcomes=self._together(asked, along))
        except _Refused as refused:
            # The attempt is undone as a whole; what was refused stays on record all the same.
            return Bulk(done=False, outcomes=self._refusals(asked, refused.places))
        self._clear(doomed, *bulk.outcomes)
        return bulk

    def _together(
        self, asked: Sequence[Asked], along: Mapping[str, object] | None
    ) -> tuple[Outcome, ...]:
        """Several commands in one transaction."""
        with self._uow.write_after(lambda look: self._look_at(look, asked)) as (work, seen):
            store = Store(work, seen[0][0])
            found: list[Outcome] = []
            acted: set[str] = set()
            for each, (_, version) in zip(asked, seen, strict=True):
                # What an earlier one of them did to the matter is no surprise to a later one.
                matter = each.request.matter or ""
                known = None if matter in acted else version
                before = None
                if along is not None and each is asked[-1]:
                    alerted = (account for outcome in found for account in outcome.alerts)
                    before = Along(along, tuple(alerted))
                found.append(run(self._book, self._clock, store, each, known, before))
                acted.add(matter)
            refused = tuple(place for place, each in enumerate(found) if not each.done)
            if refused:
                # Appointments and mandates among them are undone with the rest.
                self._book.forget(store.home.code)
                raise _Refused(refused)
            return tuple(found)

    def _refusals(
        self, asked: Sequence[Asked], places: Collection[int]
    ) -> tuple[Outcome | None, ...]:
        """Journal those that are refused, and nothing else."""
        with self._uow.write_after(lambda look: self._look_at(look, asked)) as (work, seen):
            store = Store(work, seen[0][0])
            return tuple(
                only_refuse(self._book, self._clock, store, each, version)
                if place in places
                else None
                for place, (each, (_, version)) in enumerate(zip(asked, seen, strict=True))
            )

    def _look_at(
        self, connection: Connection, asked: Sequence[Asked]
    ) -> list[tuple[Home, int | None]]:
        return [self._look(connection, each.request) for each in asked]

    def _asked(self, request: Request) -> Asked:
        spec = self._spec(request)
        _sane(request)
        return Asked(request, spec, validate(spec.payload, self._with_text(request)))

    def _with_text(self, request: Request) -> Mapping[str, object]:
        """The payload; of a draft that names a file and no text, with the text out of the file."""
        given, filing = request.payload, self._filing
        # Whatever was sent is looked at for the first time here.
        sent: object = given
        if filing is None or request.command != "revise_draft" or not isinstance(sent, Mapping):
            return given
        named = sent.get("file")
        if "text" in sent or not isinstance(named, str):
            return given
        text = filing.draft_text(request.organisation, request.actor, named)
        return {**given, "text": text}

    def _spec(self, request: Request) -> CommandSpec:
        spec = self.specs.get(request.command)
        if spec is None:
            raise NotFound("unknown.command", command=request.command)
        wants_matter = spec.subject in (Subject.MATTER, Subject.MATTER_AND_MEETING)
        wants_meeting = spec.subject in (Subject.MEETING, Subject.MATTER_AND_MEETING)
        for wanted, given, what in (
            (wants_matter, request.matter, "matter"),
            (wants_meeting, request.meeting, "meeting"),
        ):
            if wanted and not given:
                raise BadInput(f"request.wants_{what}", command=spec.name)
            if given and not wanted:
                raise BadInput(f"request.takes_no_{what}", command=spec.name)
        return spec

    def _look(self, connection: Connection, request: Request) -> tuple[Home, int | None]:
        found = home(connection, request.organisation, request.matter)
        if found is None:
            raise NotFound("unknown.organisation", organisation=request.organisation)
        if request.matter is not None and found[1] is None:
            raise NotFound("unknown.matter", matter=request.matter)
        return found


class _Refused(Exception):
    """Some of several commands are refused, so that none is done."""

    def __init__(self, places: tuple[int, ...]) -> None:
        super().__init__(places)
        self.places = places


def _sane(request: Request) -> None:
    """Refuse names and numbers that no driver of a database should be bothered with."""
    parts = ("organisation", "matter", "meeting", "key")
    for part in parts:
        given = getattr(request, part)
        if given is not None and not _NAME.fullmatch(given):
            raise BadInput("request.odd_part", part=part, longest=LONGEST_PART)
    version = request.expected_version
    if version is not None and not 0 < version <= HIGHEST_VERSION:
        raise BadInput("request.odd_version", highest=HIGHEST_VERSION)
