"""A clock that was set back while the journal was written is told by the journal itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflow import timeline
from workflow.timeline import Timeline, Turn


def turns(*at: object) -> list[int]:
    line = Timeline()
    for seq, each in enumerate(at, 1):
        line.look(seq, {"at": each})
    return [turn.seq for turn in line.turns]


def test_it_says_which_entry_and_by_how_much() -> None:
    line = Timeline()
    line.look(1, {"at": "2026-09-02T00:00:00+00:00"})
    line.look(2, {"at": "2026-09-01T00:00:00+00:00"})
    at, after = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)
    assert line.turns == [Turn(2, at, after)]


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
