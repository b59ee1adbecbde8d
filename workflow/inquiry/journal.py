"""Questions about the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from math import inf
from zoneinfo import ZoneInfo

from workflow.anchoring import NOTHING_KNOWN, Anchors, Trust
from workflow.bundle import Start, Writer
from workflow.errors import NotFound
from workflow.inquiry.answers import Audit
from workflow.inquiry.base import PAGE, Base
from workflow.journal import Entry, Flaw, verify
from workflow.signing import entry_flaws
from workflow.store import Store
from workflow.ties import Party
from workflow.traces import differing, left_by

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
            count, zone = 0, ZoneInfo(store.home.time_zone)

            def counted() -> Iterator[Entry]:
                nonlocal count
                for entry in _entries(store, BEFORE_ALL):
                    count += 1
                    yield entry

            anchors = Anchors(store.home.code, trust)
            unread: list[Flaw] = []
            flaws = list(verify(_anchored(counted(), store, anchors, unread), head))
            coverage = anchors.end(head.seq)
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
                flaws += self._signatures(store)
                flaws += self._parties(store)
            return Audit(count, head, (*flaws, *unread, *anchors.flaws), coverage)

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

    def _signatures(self, store: Store) -> Iterator[Flaw]:
        """Entries of acts that are signed whose signature is missing, or does not hold."""
        algorithms = self._book.signatures.algorithms
        for each in _entries(store, BEFORE_ALL):
            told = json.loads(each.body)
            if told.get("signature") is not None:
                if entry_flaws(told, algorithms):
                    yield Flaw(each.seq, "signature")
            elif (
                each.seq >= store.home.signs_from
                and told["status"] == "done"
                and told["command"] in self._book.signed
            ):
                yield Flaw(each.seq, "unsigned")

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
