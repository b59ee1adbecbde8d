"""Raw SQL neither unsends a delivery nor makes it somebody else's, nor opens a revoked calendar."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import pytest

from tests.integration.raw import AT, READY, Intruder, Sql, insert
from tests.integration.test_constraints import CODE, REFUSED, REPLACE, intruder

__all__ = ["intruder"]

WHO: Final = Sql("(SELECT min(account) FROM person WHERE organisation_id = 1)")
ALERT: Final = insert(
    "alert",
    id=1,
    organisation_id=1,
    key="k",
    kind="blocked_agenda",
    recipient="clerk-1",
    day="2026-09-01",
    body="{}",
    count=1,
    first_at=AT,
    last_at=AT,
)


def delivery(key: int, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 1,
        "alert_id": 1,
        "recipient": "clerk-1",
        "channel": "mail",
        "round": key,
        "digest": "",
        "state": "waiting",
        "not_before": AT,
        "next_at": AT,
        "expires_at": AT,
        "attempts": 0,
        "doubtful": 0,
        "created_at": AT,
    }
    return insert("delivery", verb, **row | values)


def feed(key: int, verb: str = "INSERT") -> str:
    return insert(
        "feed",
        verb,
        id=key,
        organisation_id=1,
        account=WHO,
        digest=str(key) * 64,
        created_at=AT,
    )


def preference(verb: str = "INSERT") -> str:
    return insert("preference", verb, organisation_id=1, account=WHO, body="{}", version=1)


STANDING: Final = (
    *READY,
    ALERT,
    delivery(1),
    delivery(2),
    f"UPDATE delivery SET state = 'sent', sent_at = '{AT}', attempts = 1, batch = 2 WHERE id = 2",
    "UPDATE delivery SET attempts = 1 WHERE id = 1",
    preference(),
    feed(1),
    feed(2),
    f"UPDATE feed SET revoked_at = '{AT}' WHERE id = 2",
)
ATTACKS: Final = {
    "delivery_born_ended": delivery(3, attempts=1),
    "delivery_identity": "UPDATE delivery SET recipient = 'head-1' WHERE id = 1",
    "delivery_ended": "UPDATE delivery SET state = 'waiting', sent_at = NULL WHERE id = 2",
    "delivery_backwards": "UPDATE delivery SET attempts = 0 WHERE id = 1",
    "delivery_undeletable": "DELETE FROM delivery WHERE id = 2",
    "preference_version": "UPDATE preference SET body = '[]'",
    "feed_identity": f"UPDATE feed SET digest = '{'3' * 64}' WHERE id = 1",
    "feed_revoked": "UPDATE feed SET revoked_at = NULL WHERE id = 2",
    "feed_undeletable": "DELETE FROM feed WHERE id = 2",
}
REPLACEMENTS: Final = {
    "delivery_replaced": delivery(2, REPLACE, round=9),
    "feed_replaced": feed(2, REPLACE),
    "preference_replaced": preference(REPLACE),
}


def test_raw_sql_is_refused(intruder: Intruder) -> None:
    intruder.run(*STANDING)
    attacks = dict(ATTACKS)
    if intruder.backend == "sqlite":
        attacks |= REPLACEMENTS
    told = {code: intruder.refused(sql) for code, sql in attacks.items()}
    assert told == {code: f"yicheng:{code}" for code in attacks}
    if intruder.backend == "postgresql":
        for table in ("delivery", "feed"):
            said = intruder.refused(f"TRUNCATE {table} CASCADE")
            assert said == f"yicheng:{table}_undeletable"


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_every_refusal_has_its_attack(name: str) -> None:
    script = files("api.migrations").joinpath(f"versions/0015_{name}.sql").read_text("utf-8")
    written = set(CODE.findall(script)) | set(REFUSED.findall(script))
    assert written <= ATTACKS.keys() | REPLACEMENTS.keys()
