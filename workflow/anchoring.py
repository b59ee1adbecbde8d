"""The journal held against its checkpoints while it passes by, entry after entry.  Pure.

One pass in constant memory, whether the entries come from the database or from a bundle.  What is
found wrong is a `Flaw` at the entry that it concerns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from workflow.checkpoints import Checkpoint, fingerprint_of
from workflow.journal import Entry, Flaw


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far checkpoints vouch for the journal.

    `checkpoints` is how many there were, `newest` the last that holds and whose key is trusted (any
    key where none was named).  `fingerprints` are those of all keys that signed, in their order.
    """

    checkpoints: int = 0
    newest: Checkpoint | None = None
    fingerprints: tuple[str, ...] = ()
    pinned: bool = False

    @property
    def entry(self) -> int:
        """The last entry that is covered; 0 for none."""
        return 0 if self.newest is None else self.newest.entry


@dataclass(frozen=True, slots=True)
class Trust:
    """What is known from outside of what is verified.

    `pins` are fingerprints of the keys that are trusted, none for any; `demanded` says that there
    must be a checkpoint by one of them.  `handed` are checkpoints that somebody shows.  `kept` are
    those of the list beside the key: they must still be among those of the journal, but may also be
    of another journal that is kept with the same key.
    """

    pins: Collection[str] = ()
    handed: tuple[Checkpoint, ...] = ()
    demanded: bool = False
    kept: tuple[Checkpoint, ...] = ()


NOTHING_KNOWN: Final = Trust()
NOT_COVERED: Final = Coverage()


class Anchors:
    """Watches a journal pass, its checkpoints each behind the entry that they are of.

    `first` is False for a part of a journal that does not begin with its first entry.
    """

    def __init__(
        self, organisation: str, trust: Trust = NOTHING_KNOWN, *, first: bool = True
    ) -> None:
        self.flaws: list[Flaw] = []
        self._organisation = organisation
        self._trust = trust
        self._first = first
        self._journal: str | None = None
        self._entry: Entry | None = None
        self._last: Checkpoint | None = None
        self._newest: Checkpoint | None = None
        self._trusted = set(trust.pins)
        self._signers: dict[str, None] = {}
        self._count = 0
        self._shown: dict[int, list[Checkpoint]] = {}
        self._others: list[Checkpoint] = []
        self._own: dict[int, Checkpoint] = {}
        for each in (*trust.handed, *trust.kept):
            if each.organisation != organisation:
                if each in trust.handed:
                    self._wrong(each, "handed_foreign")
            elif not each.genuine:
                self._wrong(each, "handed_forged")
            else:
                self._shown.setdefault(each.entry, []).append(each)

    def pass_entries(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The same entries, each looked at as it goes by."""
        for entry in entries:
            self.entry(entry)
            yield entry

    def entry(self, entry: Entry) -> None:
        """Look at the next entry."""
        if self._first and self._journal is None:
            self._journal = entry.digest
        self._entry = entry
        for each in self._shown.get(entry.seq, ()):
            if not self._is_own(each):
                continue
            if each.digest != entry.digest:
                self._wrong(each, "handed_entry")
            elif not self._trust.pins or each.fingerprint in self._trusted:
                self._newest = each

    def checkpoint(self, found: Checkpoint) -> None:
        """Look at a checkpoint, which comes after the entry that it is of."""
        self._count += 1
        if self._journal is None:
            # Of a part without the beginning the checkpoints say which journal it is of.
            self._journal = found.journal
        if (found.organisation, found.journal) != (self._organisation, self._journal):
            self._wrong(found, "checkpoint_foreign")
        elif not found.genuine:
            self._wrong(found, "checkpoint_forged")
        else:
            self._signers[found.fingerprint] = None
            self._follow(found)
            self._last = found

    def end(self, head: int) -> Coverage:
        """Close with the number of the last entry; what was handed out beyond it is missing."""
        if self._newest is None and self._trust.pins and (self._trust.demanded or self._count):
            self.flaws.append(Flaw(head, "no_pinned_key"))
        for entry, shown in sorted(self._shown.items()):
            if entry > head and (own := [each for each in shown if self._is_own(each)]):
                self._wrong(own[-1], "older", ("first", head + 1), ("last", entry))
        if self._others and not self._own:
            self._wrong(self._others[-1], "handed_foreign")
        last = 0 if self._last is None else self._last.number
        for each in self._trust.kept:
            if each.number in self._own and each.number > last and each.entry <= head:
                self._wrong(each, "checkpoint_removed")
        return Coverage(
            self._count, self._newest, tuple(self._signers), pinned=bool(self._trust.pins)
        )

    def _follow(self, found: Checkpoint) -> None:
        last, entry = self._last, self._entry
        if last is None:
            in_order, signer = found.number == 1 or not self._first, None
        else:
            in_order = (found.number, found.previous) == (last.number + 1, last.own_digest)
            signer = fingerprint_of(last.introduces or last.public)
        known = self._own.get(found.number, found)
        if not in_order:
            self._wrong(found, "checkpoint_order")
        elif signer not in (None, found.fingerprint):
            self._wrong(found, "checkpoint_key")
        elif known.statement != found.statement:
            self._wrong(found, "checkpoint_swapped")
        elif entry is None or (found.entry, found.digest) != (entry.seq, entry.digest):
            self._wrong(found, "checkpoint_entry")
        elif not self._trust.pins or found.fingerprint in self._trusted:
            self._newest = found
            if found.introduces is not None:
                self._trusted.add(fingerprint_of(found.introduces))

    def _is_own(self, shown: Checkpoint) -> bool:
        """Whether it is of this journal; of another one only what is kept may be."""
        if self._journal in (None, shown.journal):
            self._own[shown.number] = shown
            return True
        if shown in self._trust.kept:
            self._others.append(shown)
        else:
            self._wrong(shown, "handed_foreign")
        return False

    def _wrong(self, found: Checkpoint, code: str, *more: tuple[str, object]) -> None:
        told = (("number", found.number), ("at", found.at), *more)
        self.flaws.append(Flaw(found.entry, code, told))
