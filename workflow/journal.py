"""The journal (过程记录): entries chained by hash, and what verifies the chain. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from workflow.canonical import SHA256, canonical, digest_of, matches

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as stored. `body` is canonical JSON and carries everything, the chain included.

    `columns` are the values that the table repeats beside the body for its indexes; they must say
    the same as the body.  `withheld` says what of the body was left out or masked for whoever
    asked; its digest is still that of the whole.
    """

    seq: int
    previous: str
    digest: str
    body: str
    columns: Mapping[str, object]
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain as the database keeps it apart from the entries."""

    seq: int
    digest: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong at an entry; `code` is the message `audit.flaw.<code>`.

    `told` are what that message says besides, by name.
    """

    seq: int
    code: str
    told: tuple[tuple[str, object], ...] = ()


def write(
    head: Head, content: Mapping[str, object], at: datetime, algorithm: str = SHA256
) -> Entry:
    """The next entry of the chain: number, time and predecessor go into what is hashed.

    The predecessor's digest may be of another algorithm: each says its own.
    """
    seq = head.seq + 1
    body = canonical({**content, "seq": seq, "at": at.isoformat(), "previous": head.digest})
    return Entry(seq, head.digest, digest_of(body, algorithm), body, {})


#: What else is wrong with an entry, by its number, what its body says, and the body itself.
Look = Callable[[int, dict[str, Any], str], Iterable[Flaw]]


def nothing_else(_seq: int, _told: dict[str, Any], _body: str) -> Iterable[Flaw]:
    """What is asked of entries besides the chain, unless somebody asks for more."""
    return ()


def verify(
    entries: Iterable[Entry],
    head: Head | None,
    before: Head = Head(0, GENESIS),
    look: Look = nothing_else,
) -> Iterator[Flaw]:
    """Every flaw of a chain that should follow on `before` and end at `head`, wherever if None.

    Finds entries edited, removed, inserted or put in another order, a cut tail, and columns that
    no longer say what the body says.  `look` is shown each entry whose body has its digest, which
    is so read only once.
    """
    expected, previous = before.seq + 1, before.digest
    for entry in entries:
        if entry.seq != expected:
            yield Flaw(expected, "removed" if entry.seq > expected else "inserted")
        if entry.previous != previous:
            yield Flaw(entry.seq, "unchained")
        told = _told(entry)
        if told is None:
            yield Flaw(entry.seq, "edited")
        else:
            yield from _apart(entry, told)
            yield from look(entry.seq, told, entry.body)
        expected, previous = entry.seq + 1, entry.digest
    if head is not None and (expected - 1, previous) != (head.seq, head.digest):
        yield Flaw(max(expected - 1, head.seq), "tail")


def _told(entry: Entry) -> dict[str, Any] | None:
    """What a body says; None where it has not the digest of its entry, or says nothing."""
    try:
        told = _READ(entry.body) if matches(entry.body, entry.digest) else None
    except (RecursionError, ValueError):
        return None
    return told if isinstance(told, dict) else None


def _apart(entry: Entry, told: dict[str, Any]) -> Iterator[Flaw]:
    """Where the place or the columns of an entry say something else than its body."""
    if told.get("seq") != entry.seq or told.get("previous") != entry.previous:
        yield Flaw(entry.seq, "moved")
    if any(told.get(name) != value for name, value in entry.columns.items()):
        yield Flaw(entry.seq, "columns")


_READ: Final = json.JSONDecoder().decode
