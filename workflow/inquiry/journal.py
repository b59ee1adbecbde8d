"""Questions about the journal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from math import inf
from typing import Any
from zoneinfo import ZoneInfo

from workflow.anchoring import NOTHING_KNOWN, Anchors, Trust
from workflow.bundle import Start, Writer
from workflow.errors import NotFound
from workflow.inquiry.answers import Audit
from workflow.inquiry.base import PAGE, Base
from workflow.journal import Entry, Flaw, verify
from workflow.signers import Signers
from workflow.store import Store
from workflow.ties import Party
from workflow.timeline import Timeline
from workflow.traces import Leaving, differing

BEFORE_ALL = -(2**62)


class Journal(Base):
    """The entries in order, and whether they hold."""

    def entries(
        self, organisation: str, after: int = 0, matter: str | None = None
    ) -> Iterator[Entry]:
        """The journal from an entry on, in order; of one matter only, where it is named."""
        with self._store(organisation) as store:
            yield from _entries(store, after, matter)

    def audit(self, organisation: str, trust: Trust = NOTHING_KNOWN) -> Audit:
        """Verify the whole journal of an organisation, and what other tables say beside it.

        It is held against its checkpoints too, and these against what is known from outside.
        """
        with self._store(organisation) as store:
            head = store.head()
            watch = _Watch(
                Leaving(ZoneInfo(store.home.time_zone)),
                Signers(self._book.signatures.algorithms, self._book.signed, store.home.signs_from),
            )
            anchors = Anchors(store.home.code, trust)
            unread: list[Flaw] = []
            entries = _anchored(watch.counted(store), store, anchors, unread)
            flaws = list(verify(entries, head, look=watch.look))
            coverage = anchors.end(head.seq)
            rested_on = store.newest_reference()
            if not flaws and rested_on > head.seq:
                # Records and clearances outlive a tail that was cut with its head moved back.
                flaws.append(Flaw(rested_on, "removed"))
            if not flaws:
                # What a broken chain tells is nothing to hold other tables against.
                flaws += dict.fromkeys(differing(watch.leaving.left, store.traces()))
                flaws += watch.flaws
                flaws += self._parties(store)
            told = (*flaws, *unread, *anchors.flaws)
            return Audit(
                watch.count, head, told, coverage, watch.signers.signers, tuple(watch.times.turns)
            )

    def entry_at(self, organisation: str, seq: int) -> datetime | None:
        """When an entry was made; None where there is none."""
        with self._store(organisation) as store:
            return store.entry_at(seq)

    def bundle(self, organisation: str, first: int = 1, last: int | None = None) -> Iterator[str]:
        """The journal from one entry to another, as the lines of a bundle.

        The same state gives the same lines.  Raises NotFound for a first entry that is not there.
        """
        with self._store(organisation) as store:
            until = store.head().seq if last is None else min(last, store.head().seq)
            begun = store.entries(first - 1, 1)
            if not begun or begun[0].seq != first or first > until:
                raise NotFound("unknown.entry", entry=first)
            name = {"zh": store.home.name.zh, "en": store.home.name.en}
            writer = Writer(Start(store.home.code, name, first, begun[0].previous))
            yield writer.begin()
            signed = (each for each in store.every_checkpoint() if first <= each[1] <= until)
            coming = next(signed, None)
            for entry in _entries(store, first - 1):
                if entry.seq > until:
                    break
                yield writer.entry(entry)
                while coming is not None and coming[1] <= entry.seq:
                    if coming[2] is not None:
                        yield writer.checkpoint(coming[2])
                    coming = next(signed, None)
            yield writer.end()

    def _parties(self, store: Store) -> Iterator[Flaw]:
        """Matters whose parties, or whose restriction, are not what their records tell."""
        kept: dict[str, set[Party]] = {}
        for number, party in store.every_party():
            kept.setdefault(number, set()).add(party)
        restricted = store.kept_from("")
        for number, _, _ in store.every_matter():
            stored = store.matter(number, lock=False)
            if stored is not None:
                told = self._book.parties(store, stored)
                if told != kept.get(number, set()) or (stored.facts.named is not None) != (
                    number in restricted
                ):
                    newest = [seq for seq, *_ in store.changes_since(stored.id, 0)]
                    yield Flaw(max(newest, default=0), "parties")


class _Watch:
    """What is asked of each entry while the chain is verified, so that it is read only once."""

    def __init__(self, leaving: Leaving, signers: Signers) -> None:
        self.leaving = leaving
        self.signers = signers
        self.times = Timeline()
        self.count = 0
        self.flaws: list[Flaw] = []

    def counted(self, store: Store) -> Iterator[Entry]:
        """Every entry of the journal."""
        for entry in _entries(store, BEFORE_ALL):
            self.count += 1
            yield entry

    def look(self, seq: int, told: dict[str, Any], body: str) -> Iterable[Flaw]:
        """Nothing that breaks the chain; what is wrong besides is kept for afterwards."""
        self.leaving.see(seq, told)
        self.times.look(seq, told)
        self.flaws += self.signers.look(seq, told, body)
        return ()


def _anchored(
    entries: Iterator[Entry], store: Store, anchors: Anchors, unread: list[Flaw]
) -> Iterator[Entry]:
    """The entries, with each checkpoint shown to `anchors` behind the entry that it is of."""
    signed = store.every_checkpoint()
    coming = next(signed, None)

    def show(until: float) -> None:
        nonlocal coming
        while coming is not None and coming[1] <= until:
            number, entry, found = coming
            if found is None:
                unread.append(Flaw(entry, "checkpoint_damaged", (("number", number),)))
            else:
                anchors.checkpoint(found)
            coming = next(signed, None)

    for entry in entries:
        anchors.entry(entry)
        yield entry
        show(entry.seq)
    show(inf)


def _entries(store: Store, after: int, matter: str | None = None) -> Iterator[Entry]:
    while page := store.entries(after, PAGE, matter):
        yield from page
        after = page[-1].seq
