"""Raw SQL neither makes a key or a signature by itself, nor clears what is not signed."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any, Final

import pytest

from tests.integration.raw import (
    AT,
    NEWEST,
    READY,
    Intruder,
    clearance,
    digest,
    insert,
    organisation,
    record,
    said,
)
from tests.integration.test_constraints import CODE, REFUSED, REPLACE, Attack, intruder, on

__all__ = ["intruder"]

KEY: Final = digest("key")
BODY: Final = json.dumps(
    {"signature": {"key": KEY, "public": "p", "algorithm": "ed25519", "value": "v"}}
)
TOLD: Final = said("give_review_verdict", matter_id=1, matter_version=2, body=BODY)
SAID_NOTHING: Final = said("give_review_verdict", matter_id=1, matter_version=2)
OF_ANOTHER: Final = said(
    "give_review_verdict", matter_id=1, matter_version=3, body=BODY, actor="clerk-2"
)


def key(verb: str = "INSERT", **values: Any) -> str:
    row = {
        "id": 1,
        "organisation_id": 1,
        "person_id": 1,
        "fingerprint": KEY,
        "algorithm": "ed25519",
        "public": "p",
        "held": "sealed",
        "made_at": AT,
    }
    return insert("signing_key", verb, **row | values)


def signature(verb: str = "INSERT", **values: Any) -> str:
    row = {
        "id": 1,
        "organisation_id": 1,
        "matter_id": 1,
        "position": 2,
        "key_id": 1,
        "statement": "{}",
        "value": "v",
        "signed_at": AT,
        "journal_seq": NEWEST,
    }
    return insert("signature", verb, **row | values)


END: Final = f"UPDATE signing_key SET ended_at = '{AT}', ended_why = 'revoked'"
FILED: Final = on(READY, *TOLD, record(3, 2))
KEYED: Final = on(FILED, key())
SIGNED: Final = on(KEYED, signature())
UNSIGNED: Final = (
    organisation(1, signs_from=1),
    *(each for each in READY if each not in (organisation(1), clearance(1, "text 1"))),
)
ATTACKS: Final = {
    "signing put off": Attack(
        "organisation_signs_from", "UPDATE organisation SET signs_from = 2000 WHERE id = 1"
    ),
    "a clearance by a verdict that is not signed": Attack(
        "clearance_without_signature", clearance(1, "text 1"), UNSIGNED
    ),
    "a key that no entry tells of": Attack(
        "signing_key_without_journal", key(), on(READY, *SAID_NOTHING)
    ),
    "a key of another form than the entry tells": Attack(
        "signing_key_without_journal", key(public="q"), on(READY, *TOLD)
    ),
    "a key for somebody else": Attack(
        "signing_key_without_journal", key(person_id=2), on(READY, *TOLD)
    ),
    "a key edited": Attack("signing_key_unchangeable", f"{END}, public = 'q'", KEYED),
    "a key that ended taken up again": Attack(
        "signing_key_unchangeable",
        "UPDATE signing_key SET ended_at = NULL, ended_why = NULL",
        on(KEYED, END),
    ),
    "a key deleted": Attack("signing_key_undeletable", "DELETE FROM signing_key", KEYED),
    "a signature that no entry tells of": Attack(
        "signature_without_journal", signature(value="w"), KEYED
    ),
    "a signature on another record": Attack(
        "signature_without_journal", signature(position=1), KEYED
    ),
    "a signature on another matter": Attack(
        "signature_without_journal", signature(matter_id=2, position=1), KEYED
    ),
    "a signature with a key that ended": Attack(
        "signature_of_another", signature(), on(KEYED, END)
    ),
    "a signature with the key of somebody else": Attack(
        "signature_of_another",
        signature(position=3),
        on(KEYED, *OF_ANOTHER, record(4, 3, actor="clerk-2")),
    ),
    "a signature edited": Attack(
        "signature_unchangeable", "UPDATE signature SET value = 'w'", SIGNED
    ),
    "a signature moved to another record": Attack(
        "signature_unchangeable", "UPDATE signature SET position = 1", SIGNED
    ),
    "a signature deleted": Attack("signature_undeletable", "DELETE FROM signature", SIGNED),
}
REPLACEMENTS: Final = {
    "a key": Attack("signing_key_replaced", key(REPLACE, held="mine"), KEYED),
    "a signature": Attack("signature_replaced", signature(REPLACE, statement="[]"), SIGNED),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_raw_sql_is_refused(name: str, intruder: Intruder) -> None:
    attack = ATTACKS[name]
    intruder.run(*attack.before)
    assert intruder.refused(attack.sql) == f"yicheng:{attack.code}"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("name", REPLACEMENTS)
def test_neither_is_replaced_by_an_insert(name: str, intruder: Intruder) -> None:
    intruder.run(*REPLACEMENTS[name].before)
    assert intruder.refused(REPLACEMENTS[name].sql) == f"yicheng:{REPLACEMENTS[name].code}"


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("table", ["signature", "signing_key"])
def test_neither_is_truncated(table: str, intruder: Intruder) -> None:
    intruder.run(*SIGNED)
    assert intruder.refused(f"TRUNCATE {table} CASCADE") == f"yicheng:{table}_undeletable"


def test_the_lawful_way_is_open(intruder: Intruder) -> None:
    intruder.run(*SIGNED, END)
    assert intruder.ask("SELECT count(*) FROM signature") == 1


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_every_refusal_has_its_attack(name: str) -> None:
    script = files("api.migrations").joinpath(f"versions/0011_{name}.sql").read_text("utf-8")
    written = set(CODE.findall(script)) | set(REFUSED.findall(script))
    tried = {attack.code for attack in (*ATTACKS.values(), *REPLACEMENTS.values())}
    assert written <= tried
