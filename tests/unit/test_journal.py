"""The journal's chain: whatever is edited, removed, inserted or reordered is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workflow.canonical import canonical, digest_of
from workflow.journal import GENESIS, Entry, Flaw, Head, verify, write

AT = datetime(2026, 9, 1, 1, 30, tzinfo=UTC)


def chain(length: int = 4) -> list[Entry]:
    entries: list[Entry] = []
    head = Head(0, GENESIS)
    for number in range(length):
        entry = write(head, {"command": "study", "actor": f"clerk.{number}"}, AT)
        entry = replace(entry, columns={"actor": f"clerk.{number}"})
        head = Head(entry.seq, entry.digest)
        entries.append(entry)
    return entries


def head_of(entries: list[Entry]) -> Head:
    return Head(entries[-1].seq, entries[-1].digest)


def rewritten(entry: Entry, **changes: object) -> Entry:
    """An entry whose body was changed together with its digest."""
    body = canonical({**json.loads(entry.body), **changes})
    return replace(entry, body=body, digest=digest_of(body))


def test_the_first_entry_follows_the_genesis() -> None:
    entry = write(Head(0, GENESIS), {"command": "study"}, AT)
    assert (entry.seq, entry.previous) == (1, GENESIS)
    assert json.loads(entry.body) == {
        "command": "study",
        "seq": 1,
        "at": "2026-09-01T01:30:00+00:00",
        "previous": GENESIS,
    }
    assert entry.digest == digest_of(entry.body)


def test_each_entry_carries_the_digest_of_the_one_before() -> None:
    first, second, *_ = chain()
    assert second.previous == first.digest
    assert json.loads(second.body)["previous"] == first.digest


def test_what_an_entry_says_of_its_place_cannot_be_given() -> None:
    entry = write(Head(3, "x"), {"seq": 99, "previous": "y", "at": "never"}, AT)
    assert json.loads(entry.body)["seq"] == 4
    assert json.loads(entry.body)["previous"] == "x"


def test_a_whole_chain_has_no_flaw() -> None:
    entries = chain()
    assert list(verify(entries, head_of(entries))) == []


def test_an_empty_chain_has_no_flaw() -> None:
    assert list(verify([], Head(0, GENESIS))) == []


def of_body(entry: Entry, body: str) -> Entry:
    """An entry with another body and the digest that goes with it."""
    return replace(entry, body=body, digest=digest_of(body))


MISSING = [Flaw(4, "moved"), Flaw(4, "columns"), Flaw(4, "tail")]

Tampering = Callable[[list[Entry]], list[Entry]]


@pytest.mark.parametrize(
    ("tampering", "flaws"),
    [
        (
            lambda e: [e[0], replace(e[1], body=e[1].body.replace("clerk.1", "clerk.9")), *e[2:]],
            [Flaw(2, "edited")],
        ),
        (
            lambda e: [e[0], rewritten(e[1], command="start"), *e[2:]],
            [Flaw(3, "unchained")],
        ),
        (lambda e: [e[0], *e[2:]], [Flaw(2, "removed"), Flaw(3, "unchained")]),
        (lambda e: e[1:], [Flaw(1, "removed"), Flaw(2, "unchained")]),
        (lambda e: [*e[:2], e[1], *e[2:]], [Flaw(3, "inserted"), Flaw(2, "unchained")]),
        (
            lambda e: [e[0], e[2], e[1], e[3]],
            [
                Flaw(2, "removed"),
                Flaw(3, "unchained"),
                Flaw(4, "inserted"),
                Flaw(2, "unchained"),
                Flaw(3, "removed"),
                Flaw(4, "unchained"),
            ],
        ),
        (lambda e: e[:-1], [Flaw(4, "tail")]),
        (lambda e: [], [Flaw(4, "tail")]),
        (lambda e: [*e[:3], rewritten(e[3], seq=7)], [Flaw(4, "moved"), Flaw(4, "tail")]),
        (
            lambda e: [*e[:3], rewritten(e[3], previous=GENESIS)],
            [Flaw(4, "moved"), Flaw(4, "tail")],
        ),
        (
            lambda e: [*e[:3], replace(e[3], columns={"actor": "somebody.else"})],
            [Flaw(4, "columns")],
        ),
        (lambda e: [*e[:3], replace(e[3], columns={"no_such": 1})], [Flaw(4, "columns")]),
        (lambda e: [*e[:3], of_body(e[3], "{")], [Flaw(4, "edited"), Flaw(4, "tail")]),
        (lambda e: [*e[:3], of_body(e[3], "[]")], [Flaw(4, "edited"), Flaw(4, "tail")]),
        (lambda e: [*e[:3], of_body(e[3], "{}")], MISSING),
    ],
    ids=[
        "edited",
        "edited with its digest",
        "removed",
        "first removed",
        "inserted",
        "reordered",
        "tail cut",
        "all removed",
        "numbered anew",
        "hung up elsewhere",
        "column changed",
        "column unknown",
        "not JSON",
        "not an object",
        "emptied",
    ],
)
def test_tampering_is_found_where_it_was_done(tampering: Tampering, flaws: list[Flaw]) -> None:
    entries = chain()
    assert list(verify(tampering(list(entries)), head_of(entries))) == flaws


def test_an_entry_added_behind_the_head_is_found() -> None:
    entries = chain(5)
    assert list(verify(entries, head_of(entries[:-1]))) == [Flaw(5, "tail")]


def test_a_head_with_another_digest_is_found() -> None:
    assert list(verify(chain(), Head(4, "f" * 64))) == [Flaw(4, "tail")]
