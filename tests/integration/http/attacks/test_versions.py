"""Keys and versions of others: what is sent twice, sent late, or sent in somebody else's name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.house import CLERK, DIRECTOR, QUICK, WITHDRAW, Zone, propose
from tests.integration.http.caller import Caller, calling

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])

PROPOSE = "/api/v1/commands/propose"


@pytest.fixture
def door(zone: Zone) -> Iterator[Caller]:
    zone.do(propose(QUICK))
    with calling(zone) as caller:
        yield caller


def test_a_key_opens_no_answer_of_another_account_organisation_or_body(
    door: Caller, neighbour: Zone
) -> None:
    body = {**propose(QUICK).given(door.zone.today), "title": "绝密标记七四一"}
    key = "attack-key-1"
    first = door.post(PROPOSE, CLERK, body, key=key)
    assert first.status_code == 201
    with calling(neighbour) as beside:
        same = beside.post(PROPOSE, CLERK, body, key=key)
        assert (same.status_code, same.json()["replayed"]) == (201, False)
        assert beside.zone.rows("SELECT count(*) FROM matter")[0] == (3,)
    other = door.post(PROPOSE, "finance.clerk", body, key=key)
    assert (other.status_code, other.json()["replayed"]) == (201, False)
    before = door.zone.everything()
    for changed, address in (
        ({**body, "reasons": "另有原因"}, PROPOSE),
        (
            {"body": "executive_meeting", "held_on": "2026-04-30"},
            "/api/v1/commands/convene_meeting",
        ),
    ):
        told = door.post(address, CLERK, changed, key=key)
        assert (told.status_code, told.json()["code"]) == (422, "request.key_reused")
        assert "七四一" not in told.text
    bulk = {"mode": "each", "commands": [{"command": "propose", "payload": body}]}
    for by in (CLERK, "finance.clerk"):
        told = door.post("/api/v1/bulk", by, bulk, key=key)
        assert told.json()["items"][0]["outcome"]["replayed"] is False
    # The answer to one's own under the key is not that to another body, together or each alone.
    another = {"command": "propose", "payload": {**body, "reasons": "另有原因"}}
    told = door.post("/api/v1/bulk", CLERK, {"mode": "each", "commands": [another]}, key=key)
    assert told.json()["items"][0]["problem"]["code"] == "request.key_reused"
    assert "七四一" not in told.text
    together = {"mode": "together", "commands": [another]}
    told = door.post("/api/v1/bulk", CLERK, together, key=key)
    assert (told.status_code, told.json()["code"]) == (422, "request.key_reused")
    assert key in told.json()["detail"]
    assert door.zone.everything() != before


@pytest.mark.parametrize(
    "key",
    ["", "short", "a b c d e f", "x" * 129, "tab\tinside1", '""', "key\x7f12345"],
)
def test_a_key_that_could_be_anybodys_is_none(door: Caller, key: str) -> None:
    before = door.zone.everything()
    headers = {"Idempotency-Key": key}
    body = propose(QUICK).given(door.zone.today)
    told = door.post(PROPOSE, CLERK, body, headers=headers)
    assert (told.status_code, told.json()["code"]) == (400, "http.key_form")
    assert door.zone.everything() == before


def test_no_version_but_the_one_that_was_seen_lets_a_change_through(door: Caller) -> None:
    address = f"/api/v1/matters/{door.zone.matter}/commands/withdraw"
    body = WITHDRAW.given(door.zone.today)
    seen = door.tag(WITHDRAW.actor)
    door.zone.do(propose(QUICK))
    other = door.tag(DIRECTOR)
    before = door.zone.everything()
    for given, status in (
        ("*", 428),
        (" * ", 428),
        (f"W/{seen}", 412),
        (f"*, {seen}", 400),
        (other, 412),
        ('"1-000000000000000000000000"', 412),
        (seen.strip('"'), 400),
        (f"'{seen}'", 400),
        (seen.replace('"1-', '"01-'), 412),
        (seen.upper(), 412),
        (", ".join([f"W/{seen}"] * 20), 412),
        (", ".join([seen] * 200), 400),
        (f"{seen},", 400),
        ("", 400),
    ):
        told = door.post(address, WITHDRAW.actor, body, tag=given)
        assert told.status_code == status, (given, told.text)
    assert door.zone.everything() == before
    # A list is one of several that the caller would take; the right one among them counts.
    told = door.post(address, WITHDRAW.actor, body, tag=f'W/"x", {other}, {seen}')
    assert told.status_code == 200, told.text
