"""The sweep over a database: what is told to whom, once, and what a command has to do with it."""

from __future__ import annotations

from notifications.rules import load_notices
from notifications.sweep import Sweep
from tests.integration import house as h
from tests.integration.house import Zone


def sweep_of(zone: Zone) -> Sweep:
    return Sweep(zone.house.uow, zone.house.inquiry, zone.house.clock, load_notices())


def told(zone: Zone) -> list[tuple[str, str, str]]:
    rows = zone.rows(
        "SELECT rule, threshold, recipient FROM alert WHERE rule IS NOT NULL ORDER BY id"
    )
    return [(str(rule), str(threshold), str(who)) for rule, threshold, who in rows]


def test_try(zone: Zone) -> None:
    sweep = sweep_of(zone)
    zone.advance_to("awaiting_review", h.WHOLE)
    zone.do(h.ACCEPT)
    print(sweep.run())
    for _ in range(30):
        zone.wait(1)
        n = len(told(zone))
        print(zone.today, sweep.run(), told(zone)[n:])
    print(zone.rows("select subject, at, beat from wake"))
    assert 0
