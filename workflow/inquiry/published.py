"""What the public may ask about, without anybody being recognised: only what was made public.

These are the raw facts; `procedures.public` says what of them is shown, field by field.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime

from workflow.canonical import digest_of
from workflow.definition import Procedure
from workflow.directory import Directory
from workflow.errors import NotFound
from workflow.facts import Facts, Record
from workflow.inquiry.base import PAGE, Base
from workflow.ports import Clock
from workflow.service.rulebook import Rulebook
from workflow.store import Home, Store
from workflow.store.submissions import Publication
from workflow.submissions import KEY_SIGNS, Submission, typed_receipt
from workflow.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Published:
    """Something that became public, by the record `record` of its matter.

    `facts` are those of the matter today: what was filed since is not public by this.  `key` is its
    public name, `at` the instant at which it was entered.
    """

    key: str
    at: datetime
    record: Record
    facts: Facts
    procedure: Procedure
    directory: Directory
    home: Home
    today: date
    now: datetime

    @property
    def then(self) -> Facts:
        """The matter as it stood when this became public, and nothing that came later."""
        return until(self.facts, self.record.position)


@dataclass(frozen=True, slots=True)
class Heard:
    """What became of an opinion that was sent in: as it is kept, and its matter today."""

    submission: Submission
    facts: Facts
    procedure: Procedure


class Public(Base):
    """What is open to everybody: nothing of an organisation that only rehearses.

    With `rehearsing` it is asked by those who rehearse, as the public would.
    """

    def __init__(
        self, uow: UnitOfWork, book: Rulebook, clock: Clock, *, rehearsing: bool = False
    ) -> None:
        super().__init__(uow, book, clock)
        self._rehearsing = rehearsing

    @contextmanager
    def _store(self, organisation: str) -> Iterator[Store]:
        with super()._store(organisation) as store:
            if store.home.rehearsal and not self._rehearsing:
                raise NotFound("unknown.organisation", organisation=organisation)
            yield store

    def published(
        self, organisation: str, command: str, limit: int = PAGE, after: str | None = None
    ) -> list[Published]:
        """What was made public by a command, the newest first; after one of them only, by its key.

        Raises NotFound.
        """
        with self._store(organisation) as store:
            before = None if after is None else self._one(store, command, after).seq
            return [
                self._published(store, each) for each in store.published(command, limit, before)
            ]

    def publication(self, organisation: str, command: str, key: str) -> Published:
        """One thing that was made public.  Raises NotFound."""
        with self._store(organisation) as store:
            return self._published(store, self._one(store, command, key))

    def published_text(self, organisation: str, command: str, key: str) -> str:
        """The text that was made public with it.  Raises NotFound."""
        with self._store(organisation) as store:
            entry = self._one(store, command, key)
            stored = store.matter(entry.matter, lock=False)
            record = None if stored is None else stored.facts.records[entry.position - 1]
            found = None
            if stored is not None and record is not None:
                found = store.draft_text(stored.id, record.draft)
            if found is None:
                raise NotFound("unknown.publication", publication=key)
            return found

    def heard(self, organisation: str, receipt: str) -> Heard:
        """What became of the opinion of a receipt.

        It is looked for by the digest of the receipt, so that how long it takes tells nobody how
        near a guess was.  Raises NotFound, and BadInput for a receipt that is mistyped.
        """
        digest = digest_of(typed_receipt(receipt))
        with self._store(organisation) as store:
            found = store.submission(digest)
            stored = None if found is None else store.matter(found.matter, lock=False)
            if found is None or stored is None:
                raise NotFound("unknown.receipt")
            rules = self._book.pinned(stored.digest, store)
            return Heard(found, stored.facts, rules.procedure)

    def _one(self, store: Store, command: str, key: str) -> Publication:
        found = store.publication(command, key)
        if found is None:
            raise NotFound("unknown.publication", publication=key)
        return found

    def _published(self, store: Store, entry: Publication) -> Published:
        stored = store.matter(entry.matter, lock=False)
        if stored is None:
            raise NotFound("unknown.publication", publication=entry.digest[:KEY_SIGNS])
        return Published(
            entry.digest[:KEY_SIGNS],
            entry.at,
            stored.facts.records[entry.position - 1],
            stored.facts,
            self._book.pinned(stored.digest, store).procedure,
            self._book.directory(store),
            store.home,
            self._today(store),
            self._clock.now(),
        )


def until(facts: Facts, position: int) -> Facts:
    """The matter by its records up to one of them.

    What its row says of today goes too: who asks by the records alone learns nothing of later.
    """
    return replace(
        facts,
        records=facts.records[:position],
        stage="",
        version=position,
        paused_since=None,
        meeting=None,
        kin=(),
        changes=(),
        without_minutes=frozenset(),
        continuation=None,
        waiting={},
    )
