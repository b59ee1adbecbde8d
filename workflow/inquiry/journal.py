"""Questions about the journal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

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
                flaws += self._signatures(store)
                flaws += self._parties(store)
            return Audit(count, head, tuple(flaws))

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


def _entries(store: Store, after: int, matter: str | None = None) -> Iterator[Entry]:
    while page := store.entries(after, PAGE, matter):
        yield from page
        after = page[-1].seq
