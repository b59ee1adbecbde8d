"""Conclusions, numbers and days of meetings say what the journal tells, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from workflow.journal import Flaw
from workflow.traces import Trace, conclusion, differing, left_by, meeting_day, number

ZONE = ZoneInfo("Asia/Shanghai")
ADOPTED = conclusion("2026-1", "PG-2026-1", "adopted")
FIRST = number("济高管", 2026, 1, "2026-1")


def entry(command: str, status: str = "done", **payload: Any) -> dict[str, Any]:
    return {
        "command": command,
        "status": status,
        "matter": "2026-1",
        "meeting": "PG-2026-1",
        # Past midnight in the zone.
        "at": "2026-09-01T16:30:00+00:00",
        "payload": payload,
    }


@pytest.mark.parametrize(
    ("told", "left"),
    [
        (entry("conclude_item", conclusion="adopted"), [ADOPTED]),
        (entry("issue", series="济高管", year=2026, number=1), [FIRST]),
        (entry("open_meeting"), [meeting_day("PG-2026-1", "open_meeting", date(2026, 9, 2))]),
        (entry("open_meeting", "refused"), []),
        (entry("take_ballot"), []),
    ],
)
def test_an_entry_that_is_done_leaves_what_it_tells(
    told: dict[str, Any], left: list[Trace]
) -> None:
    assert list(left_by(told, ZONE)) == left


@pytest.mark.parametrize(
    ("told", "kept", "flaws"),
    [
        ([(ADOPTED, 5), (FIRST, 7)], [(FIRST, 7), (ADOPTED, 4)], []),
        ([(ADOPTED, 5)], [], [Flaw(5, "conclusion")]),
        ([], [(FIRST, 7)], [Flaw(7, "number")]),
        ([(ADOPTED, 5), (ADOPTED, 9)], [(ADOPTED, 4)], [Flaw(5, "conclusion")]),
        ([(FIRST, 7)], [(FIRST, 7), (FIRST, 8)], [Flaw(8, "number")]),
    ],
)
def test_what_one_side_says_alone_is_a_flaw(
    told: list[tuple[Trace, int]], kept: list[tuple[Trace, int]], flaws: list[Flaw]
) -> None:
    assert list(differing(told, kept)) == flaws
