"""Raw SQL changes neither who has a part in a matter nor who may know of it."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import pytest

from tests.integration.raw import READY, Intruder, insert, matter, said
from tests.integration.test_constraints import CODE, REFUSED, REPLACE, Attack, intruder, on

__all__ = ["intruder"]

TOLD: Final = said("study", matter_id=1)
OTHER: Final = said("convene_meeting")
RESTRICTING: Final = said("restrict_access", matter_id=1)
RESTRICT: Final = "UPDATE matter SET restricted = true WHERE id = 1"


def party(code: str = "clerk-1", verb: str = "INSERT", **values: object) -> str:
    row = {"organisation_id": 1, "matter_id": 1, "side": "person", "code": code, "tie": "doer"}
    return insert("matter_party", verb, **row | values)


KEPT: Final = on(READY, *TOLD, party())
ATTACKS: Final = {
    "a matter restricted without the command": Attack(
        "matter_restricted_without_journal", RESTRICT, on(READY, *TOLD)
    ),
    "a restriction lifted without the command": Attack(
        "matter_restricted_without_journal",
        "UPDATE matter SET restricted = false WHERE id = 1",
        on(READY, *RESTRICTING, RESTRICT, *TOLD),
    ),
    "a matter born restricted": Attack(
        "matter_restricted_without_journal", matter(5, restricted=True)
    ),
    "a restriction lifted by a proposal": Attack(
        "matter_restricted_without_journal",
        "UPDATE matter SET restricted = false WHERE id = 1",
        on(READY, *RESTRICTING, RESTRICT, *said("propose", matter_id=1)),
    ),
    "a party without an act on the matter": Attack(
        "matter_party_without_journal", party(), on(READY, *OTHER)
    ),
    "a party taken out without an act on the matter": Attack(
        "matter_party_without_journal", "DELETE FROM matter_party", on(KEPT, *OTHER)
    ),
    "a party made another": Attack(
        "matter_party_unchangeable", "UPDATE matter_party SET code = 'clerk-2'", KEPT
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_raw_sql_is_refused(name: str, intruder: Intruder) -> None:
    attack = ATTACKS[name]
    intruder.run(*attack.before)
    assert intruder.refused(attack.sql) == f"yicheng:{attack.code}"


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_party_is_replaced_by_an_insert(intruder: Intruder) -> None:
    intruder.run(*KEPT)
    assert intruder.refused(party(verb=REPLACE)) == "yicheng:matter_party_replaced"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_the_parties_are_not_truncated(intruder: Intruder) -> None:
    intruder.run(*KEPT)
    assert intruder.refused("TRUNCATE matter_party") == "yicheng:matter_party_unchangeable"


@pytest.mark.parametrize(
    "values", [{"side": "function"}, {"tie": "friend"}, {"code": ""}], ids=["side", "tie", "code"]
)
def test_a_party_is_a_unit_or_person_with_a_known_tie(
    values: dict[str, str], intruder: Intruder
) -> None:
    intruder.run(*on(READY, *TOLD))
    assert f"ck_matter_party_{next(iter(values))}" in intruder.refused(party(**values))


def test_the_lawful_way_is_open(intruder: Intruder) -> None:
    intruder.run(*KEPT, *RESTRICTING, RESTRICT, "DELETE FROM matter_party")
    assert intruder.ask("SELECT count(*) FROM matter_party") == 0


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_every_refusal_has_its_attack(name: str) -> None:
    script = files("api.migrations").joinpath(f"versions/0004_{name}.sql").read_text("utf-8")
    written = set(CODE.findall(script)) | set(REFUSED.findall(script))
    assert written <= {attack.code for attack in ATTACKS.values()} | {"matter_party_replaced"}
