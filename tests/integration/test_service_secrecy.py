"""Of a state secret nothing stays here: not when the stub is taken, and not when it is refused."""

from __future__ import annotations

import pytest

from tests.integration import house as h
from tests.integration.house import Act, Zone
from workflow.inquiry import Query

MARK = "青鸾计划"
SECRET_TELLING: tuple[dict[str, object], ...] = (
    {"title": MARK},
    {"reasons": MARK},
    {"answers": {"decision_level": MARK}},
    {"title": MARK, "reasons": MARK, "answers": {**h.PLAIN, "decision_level": MARK}},
)


def kept(zone: Zone) -> bool:
    """Whether the mark is anywhere in the database."""
    rows = repr(zone.everything())
    if zone.intruder.backend == "sqlite":
        return MARK in rows or MARK.encode() in zone.bytes()
    return MARK in rows


def test_the_search_would_find_it(zone: Zone) -> None:
    assert not kept(zone)
    zone.do(h.propose().with_(title=MARK))
    assert kept(zone)


@pytest.mark.parametrize("telling", SECRET_TELLING, ids="+".join)
def test_what_is_told_of_a_secret_is_refused_and_forgotten(
    telling: dict[str, object], zone: Zone
) -> None:
    act = h.PROPOSE_SECRET.with_(**telling)
    outcome = zone.try_(act, key="once")
    assert [unmet.code for unmet in outcome.refusals] == ["matter.secret_content"]
    assert MARK not in repr(outcome)
    assert not kept(zone)
    assert zone.try_(act, key="once").replayed
    assert zone.rows("SELECT count(*) FROM matter") == [(0,)]
    assert zone.flaws() == []


@pytest.mark.parametrize(
    "telling",
    [
        {"title": f"{MARK}<b>"},
        {"title": f"{MARK}\x00"},
        {"titel": MARK},
        {MARK: "x"},
        {"reasons": [MARK]},
        {"state_secret": MARK},
    ],
    ids=["markup", "control character", "wrong key", "key", "wrong type", "instead of the answer"],
)
def test_what_cannot_even_be_read_is_forgotten_too(telling: dict[str, object], zone: Zone) -> None:
    error = zone.fail(h.PROPOSE_SECRET.with_(**telling), key="once")
    assert error.code == "input.refused"
    assert not kept(zone)


def test_a_key_does_not_tell_what_was_asked(zone: Zone) -> None:
    """What is kept for a key is a digest of the request, not the request."""
    zone.refuse(h.PROPOSE_SECRET.with_(title=MARK), key="once")
    ((fingerprint, outcome),) = zone.rows("SELECT fingerprint, outcome FROM request")
    assert len(fingerprint) == 64
    assert MARK not in outcome


def test_the_stub_has_a_number_and_nothing_else(zone: Zone) -> None:
    zone.do(h.PROPOSE_SECRET)
    facts = zone.standing().facts
    assert (facts.number, facts.stage, facts.title, facts.answers) == (
        "2026-0001",
        "off_system",
        "",
        {},
    )
    assert zone.rows("SELECT title FROM matter") == [(None,)]
    (record,) = facts.records
    assert record.payload == {"state_secret": True}
    assert [line.title for line in zone.house.inquiry.listed(zone.code, Query()).items] == [""]


@pytest.mark.parametrize(
    "act",
    [
        h.STUDY.with_(problem=MARK),
        h.START.with_(reasons=MARK),
        h.DRAFT.with_(text=MARK),
        h.RESEARCH.with_(findings=MARK),
        h.PAUSE.with_(reasons=MARK),
        h.WITHDRAW.with_(reasons=MARK),
        h.REQUEST_WAIVER.with_(reasons=MARK),
    ],
    ids=lambda act: act.command,
)
def test_nothing_is_done_on_a_stub(act: Act, zone: Zone) -> None:
    zone.do(h.PROPOSE_SECRET)
    before = zone.everything()
    zone.refuse(act)
    assert zone.changed(before) == {"journal": 1, "journal_head": 0}


def test_what_is_told_later_on_a_stub_is_forgotten(zone: Zone) -> None:
    """Somebody goes on here with what was sent off the system."""
    zone.do(h.PROPOSE_SECRET)
    zone.refuse(h.STUDY.with_(problem=MARK))
    zone.refuse(h.WITHDRAW.with_(reasons=MARK))
    assert not kept(zone)


def test_a_stub_is_never_tabled(zone: Zone) -> None:
    zone.do(h.PROPOSE_SECRET)
    zone.do(h.CONVENE)
    zone.refuse(h.TABLE.by(h.KEEPER))
    assert zone.standing().facts.stage == "off_system"
    assert zone.rows("SELECT count(*) FROM agenda_item") == [(0,)]
