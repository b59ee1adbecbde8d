"""Attempts in vain become security events: few of them, and with nothing of what was asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from api.identity.policy import load_policy
from api.identity.watching import Watchman
from tests.integration.house import ASSIGN_STUDY, CLERK, HEAD, PLAIN, Act, Zone, always, propose
from workflow.errors import NotFound

OTHER = "finance.clerk"
EVENTS = "SELECT kind, result, account_id, reason, client FROM security_event ORDER BY seq"


def ask(zone: Zone) -> None:
    zone.house.inquiry.seen_by(zone.code, OTHER).matter(str(zone.matter))


def act(zone: Zone) -> None:
    zone.try_(ASSIGN_STUDY.by(OTHER))


def vain(zone: Zone, number: str, attempt: Callable[[Zone], None]) -> None:
    zone.matter = number
    with pytest.raises(NotFound, match=r"unknown\.matter"):
        attempt(zone)


@pytest.fixture(autouse=True)
def watched(zone: Zone, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the program is put together."""
    man = Watchman(zone.house.uow, zone.house.clock, lambda: load_policy().policy)
    for asked in (zone.house.service, zone.house.inquiry):
        monkeypatch.setattr(asked, "_watch", man)


def test_repeated_probing_is_noted_and_a_flood_is_folded(zone: Zone) -> None:
    zone.do(propose(PLAIN))
    given = always(named=[HEAD, CLERK], reasons="谈判尚未结束", basis="工作秘密清单第三项")
    zone.do(Act("restrict_access", HEAD, given))
    assert zone.rows(EVENTS) == []
    for number in ("2026-0001", "2026-9999"):
        for attempt in (act, ask, act, ask):
            vain(zone, number, attempt)
    told = ("asked_in_vain", "refused", None, None, "")
    assert zone.rows(EVENTS) == [told], "what is hidden and what is not there are told alike"
    minutes = load_policy().policy.lock_minutes
    zone.house.clock.set(zone.house.clock.now() + timedelta(minutes=minutes, seconds=1))
    vain(zone, "2026-0001", ask)
    assert zone.rows(EVENTS) == [told, told]
    assert zone.flaws() == []
