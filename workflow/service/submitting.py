"""Opinions that the public sends in to open calls: kept at once, whoever works on the matter.

This is no command: nobody acts for the organisation, and nothing of the matter changes.  So it
takes neither the organisation's lock nor an entry of its journal, and a flood of opinions keeps
nobody from work; the journal tells of each by the command that takes it in.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from workflow.canonical import digest_of
from workflow.errors import Conflict, NotFound
from workflow.facts import CALL
from workflow.guards import day_after
from workflow.ports import Clock
from workflow.store import Home, Store, home
from workflow.store.submissions import StoredCall
from workflow.submissions import (
    Opinion,
    Person,
    Sender,
    new_receipt,
    receipt_of,
    typed_receipt,
)
from workflow.uow import UnitOfWork
from workflow.validation import validate

CALLS_KEPT = 1000


@dataclass(frozen=True, slots=True)
class OpenCall:
    """An open call as its notice fixed it for good; `ends_at` is the first instant after it.

    `secret` is the digest of its notice, of which the public name of the call is the beginning: the
    rest is known to nobody outside.
    """

    home: Home
    stored: StoredCall
    ends_at: datetime
    secret: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the sender of an opinion is given. `digest` is that of the text as it is kept.

    `late`: the call had ended at `ends_at`, or was `replaced` by another, when it came; it is kept,
    and no answer is owed to it.
    """

    receipt: str
    received_at: datetime
    digest: str
    late: bool
    replaced: bool
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """A receipt that the same opinion would have had, under which name, and since when it counts.

    Without a `since` it counts for good.
    """

    receipt: str
    name: str
    since: datetime | None


class Submitting:
    """Keeps what people send in. Safe to share between threads; each has its own connection."""

    def __init__(self, uow: UnitOfWork, clock: Clock, *, rehearsing: bool = False) -> None:
        self._uow = uow
        self._clock = clock
        self._rehearsing = rehearsing
        self._calls: dict[tuple[str, str], OpenCall] = {}

    def call(self, organisation: str, key: str) -> OpenCall:
        """The call under this public key.  Raises NotFound."""
        known = self._calls.get((organisation, key))
        if known is not None:
            return known
        with self._uow.read() as connection:
            store = self._open(connection, organisation)
            entry = None if store is None else store.publication(CALL, key)
            stored = None if store is None or entry is None else store.call(entry.seq)
        if store is None or entry is None or stored is None:
            raise NotFound("unknown.call", call=key)
        if len(self._calls) >= CALLS_KEPT:
            self._calls.clear()
        ends_at = end_of_call(stored.closes_on, store.home.time_zone)
        found = OpenCall(store.home, stored, ends_at, entry.digest)
        self._calls[organisation, key] = found
        return found

    def submit(
        self,
        organisation: str,
        key: str,
        data: Mapping[str, object],
        sent_as: str | None = None,
        sender: Sender | None = None,
    ) -> Receipt:
        """Keep an opinion on a call, and give a receipt for it.

        Whether it came in time is told by the clock of this server, read when nobody can end the
        call any more until it is kept.  What is sent again under the same name `sent_as`, a word
        of the sender's own, is kept once and has the receipt that it had; without one, so is the
        same that this `sender` sent shortly before.  Raises NotFound, BadPayload, StoreTrouble,
        and Conflict where another opinion was sent under that name.
        """
        opinion = validate(Opinion, data)
        call = self.call(organisation, key)
        names, since = self._names(opinion, sent_as, sender)
        if not names:
            return self._keep(call, opinion, new_receipt(secrets.choice), ())
        receipts = [receipt_of(call.secret, each) for each in names]
        known = [Known(*each, since) for each in zip(receipts, names, strict=True)]
        try:
            return self._keep(call, opinion, receipts[0], known)
        except IntegrityError:
            # The same came twice at once, and the other one was first.
            with self._uow.read() as connection:
                before = _before(Store(connection, call.home), call, opinion, known)
            if before is None:
                raise
            return before

    def _names(
        self, opinion: Opinion, sent_as: str | None, sender: Sender | None
    ) -> tuple[tuple[str, ...], datetime | None]:
        """As what an opinion is sent, the newest first, and since when that counts."""
        if sent_as is not None:
            return (sent_as,), None
        if sender is None:
            return (), None
        now = self._clock.now()
        return sender.names(opinion, now), now - timedelta(seconds=sender.seconds(opinion))

    def _keep(
        self, call: OpenCall, opinion: Opinion, receipt: str, known: Sequence[Known]
    ) -> Receipt:
        digest = digest_of(opinion.text)
        with self._uow.write() as work:
            store = Store(work, call.home)
            store.join_the_line(call.stored.matter)
            before = _before(store, call, opinion, known)
            if before is not None:
                return before
            at = self._clock.now()
            replaced = store.replaced(call.stored)
            late = replaced or at >= call.ends_at
            store.add_submission(
                {
                    "matter_id": call.stored.matter,
                    "call_seq": call.stored.seq,
                    "step": call.stored.step,
                    "receipt": digest_of(typed_receipt(receipt)),
                    "text": opinion.text,
                    "digest": digest,
                    "received_at": at,
                    "late": late,
                },
                # No answer is owed to what comes late, so nobody needs to know from whom it is.
                Person() if late else opinion.person,
            )
        return Receipt(receipt, at, digest, late, replaced, call.ends_at)

    def forget(self, organisation: str, receipt: str) -> bool:
        """Delete who sent in the opinion of this receipt; the opinion itself stays.

        Gives whether anything was kept of them.  Raises NotFound for a receipt that nobody has, and
        BadInput for one that is mistyped.
        """
        digest = digest_of(typed_receipt(receipt))
        with self._uow.write() as work:
            store = self._open(work, organisation)
            if store is None or store.submission(digest) is None:
                raise NotFound("unknown.receipt")
            return store.forget(digest)

    def _open(self, connection: Connection, organisation: str) -> Store | None:
        """The organisation, where it works for the public: a rehearsal is none to it."""
        found = home(connection, organisation)
        if found is None or (found[0].rehearsal and not self._rehearsing):
            return None
        return Store(connection, found[0])


def _before(
    store: Store, call: OpenCall, opinion: Opinion, known: Sequence[Known]
) -> Receipt | None:
    """The receipt as it was given before; None where it was not.  Raises Conflict."""
    for each in known:
        found = store.submission(digest_of(typed_receipt(each.receipt)))
        if found is None or (each.since is not None and found.received_at < each.since):
            continue
        # Whoever had their name deleted in between is not taken for somebody else.
        person = (found.name, found.contact)
        other = any(person) and person != (opinion.person.name, opinion.person.contact)
        if other or found.digest != digest_of(opinion.text):
            raise Conflict("request.key_reused", key=each.name)
        at = found.received_at
        replaced = found.late and at < call.ends_at
        return Receipt(each.receipt, at, found.digest, found.late, replaced, call.ends_at)
    return None


def end_of_call(closes_on: date, time_zone: str) -> datetime:
    """The end of the last day of a call, where the organisation is (Civil Code art. 203.2).

    What is sent in by itself needs nobody's office hours, so that a day ends with its 24th hour.
    """
    return datetime.combine(day_after(closes_on), time(), ZoneInfo(time_zone))
