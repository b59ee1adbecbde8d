"""Raw SQL neither attaches nor erases a file, and makes no other of it."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import pytest

from tests.integration.raw import AT, NEWEST, READY, Intruder, draft, insert, said
from tests.integration.test_constraints import CODE, REFUSED, REPLACE, Attack, intruder, on

__all__ = ["intruder"]

KEY: Final = "f" + "a" * 25
NAMED: Final = f'{{"payload":{{"files":[{{"id":"{KEY}"}}]}}}}'
ABOUT_MATTER: Final = said("study", body=NAMED, matter_id=1)
UNNAMED: Final = said("study", matter_id=1)


def file(key: int = 1, verb: str = "INSERT", **values: object) -> str:
    row = {
        "id": key,
        "organisation_id": 1,
        "key": KEY,
        "uploader": "clerk-1",
        "name": "a.txt",
        "size": 1,
        "algorithm": "sha256",
        "digest": "0" * 64,
        "media": "text/plain",
        "searched": True,
        "level": "",
        "state": "staged",
        "staged_at": AT,
    }
    return insert("file", verb, **row | values)


def change(state: str, **values: str) -> str:
    told = {"state": f"'{state}'", **values}
    changes = ", ".join(f"{name} = {value}" for name, value in told.items())
    return f"UPDATE file SET {changes} WHERE id = 1"


GONE: Final = {"name": "''", "digest": "''", "algorithm": "''", "media": "''", "size": "0"}
HELD: Final = file(state="quarantined", level="secret")
ATTACH: Final = change("attached", matter_id="1", journal_seq=f"({NEWEST})")
ATTACHED: Final = on(READY, *ABOUT_MATTER, file(), ATTACH)
ATTACKS: Final = {
    "a file born attached": Attack(
        "file_born_attached", file(state="attached", matter_id=1), on(READY, *ABOUT_MATTER)
    ),
    "a file attached by an entry that does not name it": Attack(
        "file_without_journal", ATTACH, on(READY, *UNNAMED, file())
    ),
    "a file that is attached made another": Attack(
        "file_unchangeable", "UPDATE file SET digest = replace(digest, '0', '1')", ATTACHED
    ),
    "a file let go of without the command": Attack(
        "file_without_journal",
        change("staged", released_seq=f"({NEWEST})"),
        on(READY, *ABOUT_MATTER, HELD),
    ),
    "a file erased without the command": Attack(
        "file_without_journal",
        change("erased", journal_seq=f"({NEWEST})", **GONE),
        on(READY, *ABOUT_MATTER, HELD),
    ),
    "a file that is attached erased": Attack(
        "file_unchangeable", change("erased", **GONE), ATTACHED
    ),
    "a file that is attached deleted": Attack("file_undeletable", "DELETE FROM file", ATTACHED),
    "a draft that says it is of a file that was not attached with it": Attack(
        "draft_file", draft(7, 2, "text 2", file_digest="0" * 64), (*READY, *ABOUT_MATTER, file())
    ),
    "a file in quarantine deleted": Attack("file_undeletable", "DELETE FROM file", (*READY, HELD)),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_raw_sql_is_refused(name: str, intruder: Intruder) -> None:
    attack = ATTACKS[name]
    intruder.run(*attack.before)
    assert intruder.refused(attack.sql) == f"yicheng:{attack.code}"


def test_what_the_commands_do_is_let_through(intruder: Intruder) -> None:
    confirmed = said("confirm_quarantine", body=NAMED)
    intruder.run(*on(READY, HELD, *confirmed))
    intruder.run(change("erased", journal_seq=f"({NEWEST})", **GONE))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_no_file_is_replaced_by_an_insert(intruder: Intruder) -> None:
    intruder.run(*on(READY, file()))
    assert intruder.refused(file(verb=REPLACE)) == "yicheng:file_replaced"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_files_are_not_truncated(intruder: Intruder) -> None:
    intruder.run(*on(READY, file()))
    assert intruder.refused("TRUNCATE file CASCADE") == "yicheng:file_undeletable"


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_every_refusal_has_its_attack(name: str) -> None:
    script = files("api.migrations").joinpath(f"versions/0012_{name}.sql").read_text("utf-8")
    written = set(CODE.findall(script)) | set(REFUSED.findall(script))
    assert written <= {attack.code for attack in ATTACKS.values()} | {"file_replaced"}
