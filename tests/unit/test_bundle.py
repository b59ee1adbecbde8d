"""A bundle proves itself, and whatever is done to a copy is found and named."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

import pytest

from api.cli.payloads import LIMIT_BYTES
from tests.journals import (
    ATTACKS,
    LENGTH,
    REPLACED,
    STRANGER,
    Attack,
    Copy,
    bundled,
    chain,
    signed,
    signer,
)
from workflow import bundle
from workflow.anchoring import Trust
from workflow.bundle import Report, verify_bundle
from workflow.canonical import canonical
from workflow.checkpoints import fingerprint_of
from workflow.journal import GENESIS, Flaw, Head, write
from workflow.submissions import MOST_AT_ONCE, MOST_CHARACTERS

ENTRIES = chain()
CHECKPOINTS = signed(ENTRIES, signer())
LINES = bundled(ENTRIES, CHECKPOINTS)
OWN = fingerprint_of(signer().public.hex())
HANDED = Trust(handed=tuple(CHECKPOINTS))
PINNED = Trust(pins=(OWN,), demanded=True)


def found(flaws: Iterable[Flaw]) -> dict[int, set[str]]:
    told: dict[int, set[str]] = {}
    for flaw in flaws:
        told.setdefault(flaw.seq, set()).add(flaw.code)
    return told


def of(copy: Copy, trust: Trust = Trust()) -> Report:  # noqa: B008 (it is frozen)
    return verify_bundle(copy.bytes(), trust)


class TestABundle:
    def test_that_nobody_touched_is_whole_and_says_how_far_it_is_vouched_for(self) -> None:
        report = verify_bundle(LINES, PINNED)
        assert (report.flaws, report.entries, report.head.seq) == ((), LENGTH, LENGTH)
        assert (report.coverage.entry, report.coverage.checkpoints) == (8, 2)
        assert report.coverage.fingerprints == (OWN,)
        assert report.coverage.pinned
        assert not verify_bundle(LINES).coverage.pinned

    def test_without_checkpoints_is_vouched_for_by_nobody(self) -> None:
        report = verify_bundle(bundled(ENTRIES, ()))
        assert (report.flaws, report.coverage.entry) == ((), 0)
        assert found(verify_bundle(bundled(ENTRIES, ()), PINNED).flaws) == {11: {"no_pinned_key"}}

    def test_of_a_part_says_where_it_begins(self) -> None:
        part = bundled(ENTRIES[4:], CHECKPOINTS)
        report = verify_bundle(part, HANDED)
        assert report.start is not None
        assert (report.flaws, report.start.first, report.entries) == ((), 5, 7)
        assert report.coverage.entry == 8
        assert found(verify_bundle(bundled(ENTRIES[4:7], ()), HANDED).flaws) == {8: {"older"}}

    def test_may_pass_from_one_algorithm_to_another(self) -> None:
        entries = chain(3)
        for algorithm in ("sm3", "sha256"):
            head = Head(entries[-1].seq, entries[-1].digest)
            told = json.loads(entries[-1].body)
            entries.append(write(head, told, CHECKPOINTS[0].at, algorithm))
        assert entries[3].digest.startswith("sm3:")
        assert entries[4].previous == entries[3].digest
        report = verify_bundle(bundled(entries, signed(entries, signer(), (4, 5))))
        assert (report.flaws, report.coverage.entry) == ((), 5)
        told = json.loads(entries[3].body)
        entries[3] = replace(entries[3], body=canonical({**told, "actor": "x"}))
        assert found(verify_bundle(bundled(entries, ())).flaws) == {4: {"edited"}}


@pytest.mark.parametrize("name", ATTACKS)
class TestWhatIsDoneToACopy:
    def test_is_found_and_named(self, name: str) -> None:
        attack = ATTACKS[name]
        copy = Copy(LINES)
        attack.act(copy)
        report = of(copy)
        assert found(report.flaws) == attack.alone
        assert report.coverage.entry == attack.covered

    def test_is_found_with_what_was_handed_out(self, name: str) -> None:
        attack = ATTACKS[name]
        copy = Copy(LINES)
        attack.act(copy)
        assert found(of(copy, HANDED).flaws) == with_handed(attack)


def with_handed(attack: Attack) -> dict[int, set[str]]:
    return dict(attack.alone if attack.handed is None else attack.handed)


def test_a_journal_replaced_as_a_whole_is_found_by_a_named_key_or_a_handed_checkpoint() -> None:
    copy = Copy(LINES)
    REPLACED(copy)
    assert of(copy).flaws == ()
    assert of(copy).coverage.fingerprints == (fingerprint_of(STRANGER.public.hex()),)
    assert found(of(copy, PINNED).flaws) == {11: {"no_pinned_key"}}
    assert found(of(copy, HANDED).flaws) == {
        4: {"checkpoint_swapped"},
        8: {"handed_entry", "checkpoint_swapped"},
    }


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"x\n",
        b"[]\n",
        b"{}\n",
        b'{"kind":"entry"}\n',
        b'{"kind":"yicheng.journal.1"}\n',
        LINES[0].rstrip(),
        LINES[0].replace(b'"first":1', b'"first":0'),
        LINES[0].replace(b'"first":1', b'"first":true'),
        LINES[0].replace(b'"zone"', b'"a\\u001b[2J"'),
        LINES[0].replace(b'"zone"', b"7"),
        LINES[0].replace(b'"Zone"', b"7"),
        LINES[0].replace(b'"previous":"0', b'"previous":"1'),
        LINES[0].replace(GENESIS.encode(), b"x"),
    ],
)
def test_what_is_no_bundle_is_told_so(line: bytes) -> None:
    lines = [line, *LINES[1:]] if line else []
    assert found(verify_bundle(lines).flaws) == {0: {"no_bundle"}}


def entry_line(**changes: object) -> bytes:
    return (json.dumps(json.loads(LINES[2]) | changes) + "\n").encode()


@pytest.mark.parametrize(
    "line",
    [
        b"{" * 100_000 + b"\n",
        b"[" * 100_000 + b"\n",
        b'{"kind":"entry","seq":' + b"9" * 5000 + b"}\n",
        b'{"kind":"other"}\n',
        b'{"kind":"checkpoint"}\n',
        b"\xff\n",
        entry_line(seq="2"),
        entry_line(seq=True),
        entry_line(body=7),
        entry_line(body="\ud800"),
        entry_line(digest="x"),
        entry_line(previous=None),
        entry_line(body="[" * 100_000),
    ],
)
def test_a_line_that_is_none_breaks_nothing(line: bytes) -> None:
    report = verify_bundle([*LINES[:2], line, *LINES[3:]])
    assert report.flaws
    assert {flaw.code for flaw in report.flaws} <= {
        "damaged",
        "edited",
        "removed",
        "unchained",
        "tail",
        "checkpoints_missing",
        "damaged_whole",
    }


def test_no_entry_that_can_be_written_is_too_long_for_a_line() -> None:
    # A quotation mark is escaped in the body, and both signs of that once more in the line.
    sign = len(canonical(canonical('"'))) - len(canonical(canonical("")))
    assert sign == 4
    assert MOST_AT_ONCE * MOST_CHARACTERS * sign < bundle.LONGEST_LINE
    assert LIMIT_BYTES * sign < bundle.LONGEST_LINE


def test_a_line_beyond_all_bounds_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "LONGEST_LINE", 100)
    assert verify_bundle(LINES).start is None


def test_of_very_many_flaws_only_so_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "MOST_FLAWS", 3)
    wrong = [line.replace(b"clerk", b"Clerk") for line in LINES]
    report = verify_bundle([*wrong[:2], b"x\n", b"x\n", b"x\n", b"x\n", *wrong[2:]])
    assert len(report.flaws) == 3
    assert report.more > 5


def test_the_end_must_say_what_came_before_and_be_the_last() -> None:
    def closed(**changes: object) -> dict[int, set[str]]:
        end = canonical(json.loads(LINES[-1]) | changes).encode() + b"\n"
        return found(verify_bundle([*LINES[:-1], end]).flaws)

    assert closed() == {}
    assert closed(entries=10) == {11: {"tail"}}
    assert closed(head=None) == {11: {"tail"}}
    assert closed(checkpoints=3) == {11: {"checkpoints_missing"}}
    assert closed(whole="x") == {11: {"damaged_whole"}}
    assert found(verify_bundle([*LINES, b"more\n"]).flaws) == {11: {"after_end"}}
