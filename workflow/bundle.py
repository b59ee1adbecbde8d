"""A bundle (过程记录包): the journal as one text file that proves itself.  Pure.

One JSON object a line: what it is of, then the entries in order, each checkpoint behind the entry
that it is of, and the end.  It is read line by line, once, in constant memory; there is nothing in
it to unpack and no name that could lead anywhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from workflow.anchoring import NOT_COVERED, NOTHING_KNOWN, Anchors, Coverage, Trust
from workflow.canonical import canonical
from workflow.checkpoints import NAME, Checkpoint, read
from workflow.journal import GENESIS, Entry, Flaw, Head, verify
from workflow.signers import Signer, Signers
from workflow.signing import Algorithm
from workflow.timeline import Timeline, Turn

FORMAT: Final = "yicheng.journal.1"
LONGEST_LINE: Final = 16 * 2**20
"""Of bytes; a longer line is none that was ever exported."""
MOST_FLAWS: Final = 1000
"""So many are told one by one; of more only how many there are."""

_READ: Final = json.JSONDecoder().decode
_DIGEST: Final = re.compile(r"(?:[a-z0-9]{2,16}:)?[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Start:
    """What a bundle says it is: a journal from an entry on, which follows on `previous`."""

    organisation: str
    name: Mapping[str, str]
    first: int
    previous: str


@dataclass(frozen=True, slots=True)
class Report:
    """What was found of a bundle, `start` None where it is none.  `more` flaws are left out.

    `signers` are the keys with which acts are signed, `unsigned` how many acts of those that are
    signed stand before the first signature without one, `turns` where the clock was set back.
    """

    start: Start | None
    entries: int
    head: Head
    flaws: tuple[Flaw, ...]
    more: int
    coverage: Coverage
    signers: tuple[Signer, ...] = ()
    unsigned: int = 0
    turns: tuple[Turn, ...] = ()


class Writer:
    """The lines of a bundle, one after the other; the last one holds the digest of all before."""

    def __init__(self, start: Start) -> None:
        self._start = start
        self._whole = hashlib.sha256()
        self._entries = self._checkpoints = 0
        self._head = Head(start.first - 1, start.previous)

    def begin(self) -> str:
        """The first line."""
        start = self._start
        return self._line(
            {
                "kind": FORMAT,
                "organisation": start.organisation,
                "name": start.name,
                "first": start.first,
                "previous": start.previous,
            }
        )

    def entry(self, entry: Entry) -> str:
        """The line of an entry."""
        self._entries += 1
        self._head = Head(entry.seq, entry.digest)
        told = {"seq": entry.seq, "previous": entry.previous, "digest": entry.digest}
        return self._line({"kind": "entry", **told, "body": entry.body})

    def checkpoint(self, checkpoint: Checkpoint) -> str:
        """The line of a checkpoint."""
        self._checkpoints += 1
        told = {"statement": checkpoint.statement, "signature": checkpoint.signature}
        return self._line({"kind": "checkpoint", **told})

    def end(self) -> str:
        """The last line."""
        return self._line(
            {
                "kind": "end",
                "entries": self._entries,
                "checkpoints": self._checkpoints,
                "head": {"seq": self._head.seq, "digest": self._head.digest},
                "whole": self._whole.hexdigest(),
            }
        )

    def _line(self, told: Mapping[str, object]) -> str:
        line = canonical(told) + "\n"
        self._whole.update(line.encode())
        return line


def verify_bundle(
    lines: Iterable[bytes],
    trust: Trust = NOTHING_KNOWN,
    algorithms: Mapping[str, Algorithm] = MappingProxyType({}),
    acts: Collection[str] = (),
) -> Report:
    """Everything that is wrong with a bundle.  Nothing that it holds makes this raise.

    `algorithms` are those by which signatures are verified, `acts` the commands that are signed.
    But for a digest that the platform cannot make: StoreTrouble (`digest.unavailable`).
    """
    reading = _Reading(lines)
    start = reading.start()
    if start is None:
        return Report(None, 0, Head(0, ""), (Flaw(0, "no_bundle"),), 0, NOT_COVERED)
    anchors = Anchors(start.organisation, trust, first=start.first == 1)
    before = Head(start.first - 1, start.previous)
    passing = anchors.pass_entries(reading.entries(anchors))
    kept: list[Flaw] = []
    count = 0
    signers = Signers(algorithms, acts, whole=start.first == 1)
    times = Timeline()

    def look(seq: int, told: dict[str, Any], body: str) -> Iterable[Flaw]:
        times.look(seq, told)
        return signers.look(seq, told, body)

    for flaw in verify(passing, None, before, look):
        count += 1
        if count <= MOST_FLAWS:
            kept.append(flaw)
    coverage = anchors.end(reading.head.seq)
    flaws = [*kept, *reading.flaws, *anchors.flaws]
    flaws.sort(key=lambda flaw: flaw.seq)
    more = count - len(kept) + max(0, len(flaws) - MOST_FLAWS)
    return Report(
        start,
        reading.count,
        reading.head,
        tuple(flaws[:MOST_FLAWS]),
        more,
        coverage,
        signers.signers,
        signers.unsigned,
        tuple(times.turns),
    )


class _Reading:
    """The lines of a bundle, taken one after the other; what is no line of one is noted."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self._whole = hashlib.sha256()
        self.head = Head(0, GENESIS)
        self.count = self.checkpoints = 0
        self.flaws: list[Flaw] = []

    def start(self) -> Start | None:
        told = _parsed(self._next())
        if told is None or told.get("kind") != FORMAT:
            return None
        name, first = told.get("name"), told.get("first")
        organisation, previous = told.get("organisation"), told.get("previous")
        fits = (
            isinstance(organisation, str)
            and NAME.fullmatch(organisation) is not None
            and isinstance(name, dict)
            and all(isinstance(each, str) and NAME.fullmatch(each) for each in name.values())
            and type(first) is int
            and first > 0
            and _is_digest(previous)
            and (first > 1 or previous == GENESIS)
        )
        if not fits:
            return None
        found = Start(str(organisation), dict(name or {}), int(first or 0), str(previous))
        self.head = Head(found.first - 1, found.previous)
        return found

    def entries(self, anchors: Anchors) -> Iterator[Entry]:
        """The entries; the checkpoints between them are shown to `anchors` on the way."""
        while (line := self._next(hashing=False)) is not None:
            told = _parsed(line)
            kind = None if told is None else told.get("kind")
            if told is not None and kind == "end":
                self._end(told)
                return
            self._whole.update(line)
            if told is not None and kind == "entry" and (entry := _entry(told)) is not None:
                self.count += 1
                self.head = Head(entry.seq, entry.digest)
                yield entry
            elif told is not None and kind == "checkpoint":
                self.checkpoints += 1
                found = read(told.get("statement"), told.get("signature"))
                if found is None:
                    self._wrong("damaged")
                else:
                    anchors.checkpoint(found)
            else:
                self._wrong("damaged")
        self._wrong("cut")

    def _next(self, *, hashing: bool = True) -> bytes | None:
        line = next(self._lines, None)
        if line is not None and hashing:
            self._whole.update(line)
        return line

    def _end(self, told: Mapping[str, Any]) -> None:
        """The last line must be the last, and say what came before."""
        if (
            told.get("head") != {"seq": self.head.seq, "digest": self.head.digest}
            or told.get("entries") != self.count
        ):
            self._wrong("tail")
        elif told.get("checkpoints") != self.checkpoints:
            self._wrong("checkpoints_missing")
        elif told.get("whole") != self._whole.hexdigest():
            self._wrong("damaged_whole")
        if self._next() is not None:
            self._wrong("after_end")

    def _wrong(self, code: str) -> None:
        if len(self.flaws) < MOST_FLAWS:
            self.flaws.append(Flaw(self.head.seq, code))


def _parsed(line: bytes | None) -> dict[str, Any] | None:
    """The object on a line; None for what is none, is too long or has no end."""
    if line is None or len(line) > LONGEST_LINE or not line.endswith(b"\n"):
        return None
    try:
        told = _READ(line.decode())
    except (RecursionError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _entry(told: Mapping[str, Any]) -> Entry | None:
    seq, body = told.get("seq"), told.get("body")
    previous, digest = told.get("previous"), told.get("digest")
    if type(seq) is not int or not isinstance(body, str):
        return None
    if not _is_digest(previous) or not _is_digest(digest):
        return None
    return Entry(seq, str(previous), str(digest), body, {})


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None
