"""A clock that was set back while the journal was written is told by the journal itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflow import timeline
from workflow.facts import UNMASK
from workflow.timeline import Timeline, Turn


def turns(*at: object) -> list[int]:
    line = Timeline()
    for seq, each in enumerate(at, 1):
        assert list(line.look(seq, {"at": each})) == []
    return [turn.seq for turn in line.turns]


def test_it_says_which_entry_and_by_how_much() -> None:
    line = Timeline()
    for seq, day in ((1, "2026-09-02"), (2, "2026-09-01")):
        assert list(line.look(seq, {"at": f"{day}T00:00:00+00:00"})) == []
    at, after = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)
    assert line.turns == [Turn(2, at, after)]


def versions(*told: tuple[object, object], whole: bool = True, **other: object) -> list[int]:
    line, found = Timeline(whole=whole), []
    for seq, (matter, version) in enumerate(told, 1):
        act = {"status": "done", "matter": matter, "version": version, **other}
        found += [flaw.seq for flaw in line.look(seq, act)]
    return found


def test_every_act_on_a_matter_makes_its_next_version() -> None:
    assert versions(("1", 1), ("2", 1), ("1", 2), ("2", 2), (None, None)) == []
    assert versions(("1", 1), ("1", 3), ("1", 4)) == [2]
    assert versions(("1", 2)) == [1]
    assert versions(("1", 1), ("1", 1)) == [2]
    assert versions(("1", 7), ("1", 8), ("1", 10), whole=False) == [3]
    # What is refused, or only looks at names, makes none.
    assert versions(("1", 7), ("1", 7), status="refused") == []
    assert versions(("1", 7), ("1", 7), command=UNMASK) == []
    assert versions(("1", True), ({}, 1)) == []


def test_a_version_that_an_unread_entry_may_have_made_is_told_by_that_alone() -> None:
    line = Timeline()

    def look(seq: int, version: int) -> list[int]:
        act = {"status": "done", "matter": "1", "version": version}
        return [flaw.seq for flaw in line.look(seq, act)]

    assert look(1, 1) == []
    assert look(3, 3) == []
    assert look(4, 5) == [4]
    assert look(7, 9) == [7]


def test_only_an_earlier_instant_is_one() -> None:
    first, second = "2026-09-01T00:00:00+00:00", "2026-09-01T00:00:00.5+00:00"
    assert turns(first, first, second) == []
    assert turns(second, first, second, first) == [2, 4]


@pytest.mark.parametrize("odd", [None, 7, "", "2026", "2026-09-01T00:00:00", "x"])
def test_what_is_no_instant_breaks_nothing(odd: object) -> None:
    assert turns("2026-09-02T00:00:00+00:00", odd, "2026-09-02T00:00:00+00:00") == []
    assert turns("2026-09-02T00:00:00+00:00", odd, "1999") == []


def test_of_very_many_only_so_many_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeline, "MOST", 1)
    assert turns("2026-09-02T00:00:00+00:00", *(f"2026-08-0{n}T00:00:00+00:00" for n in "321")) == [
        2
    ]
