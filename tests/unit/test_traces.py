"""Records, verdicts, conclusions, numbers and the like say what the journal tells, no more."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from workflow.canonical import canonical, digest_of
from workflow.journal import Flaw
from workflow.signing import statement
from workflow.traces import (
    Leaving,
    Trace,
    conclusion,
    convened,
    differing,
    filed,
    listed,
    meeting_day,
    number,
    signature,
    standing,
    text_of,
    verdict,
)

ZONE = ZoneInfo("Asia/Shanghai")
ADOPTED = conclusion("2026-1", "PG-2026-1", "adopted")
FIRST = number("济高管", 2026, 1, "2026-1")


def entry(command: str, **payload: Any) -> dict[str, Any]:
    return {
        "command": command,
        "status": "done",
        "matter": "2026-1",
        "meeting": "PG-2026-1",
        # Past midnight in the zone.
        "at": "2026-09-01T16:30:00+00:00",
        "payload": payload,
        "actor": "clerk",
        "principal": None,
        "version": 4,
        "stage": ["tabled", "decided"],
    }


def beside(command: str, **payload: Any) -> dict[str, Any]:
    """An act that is not about a matter."""
    return {**entry(command, **payload), "matter": None}


FILED = filed(3, ("2026-1", 4), "x", "clerk", None, "{}")


def left(*told: dict[str, Any]) -> list[Trace]:
    leaving = Leaving(ZONE)
    for seq, each in enumerate(told, 3):
        leaving.see(seq, each)
    return [trace for trace, _ in leaving.left]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (entry("conclude_item", conclusion="adopted"), [ADOPTED]),
        (entry("issue", series="济高管", year=2026, number=1), [FIRST]),
        (entry("propose_agenda_item"), [listed(3, "2026-1", "PG-2026-1", urgent=False)]),
        (
            entry("propose_agenda_item", urgent={"reasons": "x"}),
            [listed(3, "2026-1", "PG-2026-1", urgent=True)],
        ),
        (entry("revise_draft", number=2, digest="d"), [text_of("2026-1", 2, "d")]),
        (
            entry("recheck_text", reviewed_digest="d", verdict="lawful", passed=True),
            [verdict("2026-1", 4, "d", "lawful", passed=True)],
        ),
        (entry("take_ballot"), []),
    ],
)
def test_an_act_on_a_matter_leaves_its_record_and_what_rests_on_it(
    told: dict[str, Any], expected: list[Trace]
) -> None:
    payload = canonical(told["payload"])
    act = filed(3, ("2026-1", 4), told["command"], "clerk", None, payload)
    assert left(told) == [act, *expected, standing("2026-1", 4, "decided")]


def test_a_signed_act_leaves_its_signature_with_its_key() -> None:
    draft = {"number": 1, "digest": "d"}
    signed = {"value": "v", "key": "k", "algorithm": "ed25519", "public": "p", "draft": draft}
    more = ("organisation", "step", "unit", "role", "mandate", "reauthenticated")
    rules = ("procedure", "procedure_version", "procedure_digest")
    told = {**dict.fromkeys((*more, *rules)), **entry("give_counsel_opinion"), "signature": signed}
    said = digest_of(statement(told, told["at"], draft, "k"))
    assert signature(3, "2026-1", 4, said, "v", ("k", "ed25519", "p")) in left(told)


def test_a_matter_stands_where_its_last_entry_put_it() -> None:
    later = {**entry("issue", series="济高管", year=2026, number=1), "version": 5}
    stood = {**later, "stage": ["decided", "issued"]}
    assert left(entry("sign"), stood)[-1] == standing("2026-1", 5, "issued")


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (
            beside("open_meeting"),
            [
                filed(3, "PG-2026-1", "open_meeting", "clerk", None, "{}"),
                meeting_day("PG-2026-1", "open_meeting", date(2026, 9, 2)),
            ],
        ),
        (
            beside("convene_meeting", body="party_group", held_on="2026-09-20"),
            [convened("PG-2026-1", "party_group", date(2026, 9, 20))],
        ),
        (
            beside("publish_catalogue", year=2026),
            [filed(3, 2026, "publish_catalogue", "clerk", None, '{"year":2026}')],
        ),
        ({**beside("grant_mandate"), "meeting": None}, []),
        ({**beside("open_meeting"), "status": "refused"}, []),
        # What no command writes: an instant that is none, a payload that is none, no stage.
        ({**beside("open_meeting"), "at": "x"}, [("edited", (3,))]),
        ({**entry("issue"), "payload": None}, [("edited", (3,))]),
        ({**entry("sign"), "stage": None}, [("edited", (3,))]),
    ],
)
def test_what_is_done_beside_matters_leaves_what_it_tells(
    told: dict[str, Any], expected: list[Trace]
) -> None:
    assert left(told) == expected


@pytest.mark.parametrize(
    ("told", "kept", "flaws"),
    [
        ([(ADOPTED, 5), (FIRST, 7)], [(FIRST, 7), (ADOPTED, 4)], []),
        ([(ADOPTED, 5)], [], [Flaw(5, "conclusion")]),
        ([], [(FIRST, 7)], [Flaw(7, "number")]),
        ([(ADOPTED, 5), (ADOPTED, 9)], [(ADOPTED, 4)], [Flaw(5, "conclusion")]),
        ([(FIRST, 7)], [(FIRST, 7), (FIRST, 8)], [Flaw(8, "number")]),
        ([(FILED, 3)], [], [Flaw(3, "filed")]),
        # Under the first schema nothing was filed of a meeting, and an agenda was fixed already.
        ([(filed(3, "PG-2026-1", "freeze_agenda", "clerk", None, "{}"), 3)], [], []),
    ],
)
def test_what_one_side_says_alone_is_a_flaw(
    told: list[tuple[Trace, int]], kept: list[tuple[Trace, int]], flaws: list[Flaw]
) -> None:
    assert list(differing(told, kept)) == flaws
