"""A matter keeps the rules that it started under, whatever becomes of their files."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from procedures.book import LAW
from tests.integration import house as h
from tests.integration.house import Zone, founded, unlock
from workflow.errors import YichengError
from workflow.inquiry import Line, Query
from workflow.tables import procedure_version

CALL_RULES: Final = "  - id: open_call\n    rules:\n"
SIXTY_DAYS: Final = "      period: {value: {2026-04-01: 60}, cite: jiyuan_report_2022 (U)}\n"
NEW: Final = "2026-04-01"
CALL: Final = h.PUBLISH.with_(closes_on=None)


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """A folder of law of its own, as shipped."""
    folder = tmp_path / "law"
    shutil.copytree(LAW, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    return folder


def enact(law: Path) -> None:
    """From April on, a call stands open for sixty days."""
    text = (law / "jiyuan.yaml").read_text("utf-8")
    changed = text.replace("version: 2026-01-01", f"version: {NEW}", 1)
    assert CALL_RULES in changed
    changed = changed.replace(CALL_RULES, CALL_RULES + SIXTY_DAYS, 1)
    (law / "jiyuan_2026_04.yaml").write_text(changed, "utf-8")


def repeal(law: Path) -> None:
    """No file is left."""
    for path in law.glob("*.yaml"):
        path.unlink()


@contextmanager
def restarted(zone: Zone, law: Path) -> Iterator[Zone]:
    """The program started anew, with what is in the folder now."""
    with founded(zone.url, law=law, at=zone.today) as other:
        other.matter, other.meeting = zone.matter, zone.meeting
        yield other


@pytest.fixture
def begun(database_url: str, law: Path) -> Iterator[Zone]:
    """A matter with a first text, proposed in March under the law of January."""
    with founded(database_url, law=law) as zone:
        zone.advance_to("drafted", h.PLAIN)
        yield zone


def version(zone: Zone) -> str:
    return zone.standing().procedure.version.isoformat()


def call(zone: Zone, days: int) -> h.Act:
    return h.PUBLISH.with_(closes_on=h.days(zone.today, days))


def test_a_matter_keeps_its_rules_when_newer_ones_appear(begun: Zone, law: Path) -> None:
    enact(law)
    with restarted(begun, law) as zone:
        zone.on(NEW)
        assert version(zone) == "2026-01-01"
        zone.do(call(zone, 35))
        assert version(zone) == "2026-01-01"


def test_a_matter_proposed_later_has_the_newer_rules(begun: Zone, law: Path) -> None:
    enact(law)
    with restarted(begun, law) as zone:
        zone.on(NEW)
        old = zone.matter
        zone.advance_to("drafted", h.PLAIN)
        assert version(zone) == NEW
        assert zone.refuse(call(zone, 35)) == ("open_call.short_without_reason",)
        zone.do(call(zone, 70))
        versions = zone.rows("SELECT version FROM procedure_version ORDER BY version")
        assert [str(each) for (each,) in versions] == ["2026-01-01", NEW]
        assert {line.number: line.procedure.version.isoformat() for line in _list(zone)} == {
            old: "2026-01-01",
            zone.matter: NEW,
        }


def test_rules_are_in_force_from_their_day_on(begun: Zone, law: Path) -> None:
    enact(law)
    with restarted(begun, law) as zone:
        zone.on("2026-03-31", hour=23)
        zone.do(h.propose())
        assert version(zone) == "2026-01-01"
        zone.on(NEW, hour=0)
        zone.do(h.propose())
        assert version(zone) == NEW


def test_a_matter_goes_its_way_when_the_file_is_gone(begun: Zone, law: Path) -> None:
    repeal(law)
    with restarted(begun, law) as zone:
        digest = begun.standing().procedure.digest
        assert zone.standing().procedure.digest == digest
        assert version(zone) == "2026-01-01"
        for act in (*h.CALL, h.SUBMIT, h.ACCEPT, h.COUNSEL_OPINION, h.VERDICT):
            zone.do(act)
        assert zone.standing().facts.stage == "review_passed"
        assert zone.unmet() == ()
        assert zone.flaws() == []


def test_what_is_read_from_the_database_is_the_same_definition(begun: Zone, law: Path) -> None:
    before = begun.standing()
    repeal(law)
    with restarted(begun, law) as zone:
        assert zone.standing() == replace(before, directory=zone.standing().directory)


def test_without_a_file_nothing_new_is_proposed(begun: Zone, law: Path) -> None:
    repeal(law)
    with restarted(begun, law) as zone:
        error = zone.fail(h.propose())
        assert error.code == "procedure.unknown"


def test_a_broken_newer_file_does_not_stop_a_running_matter(begun: Zone, law: Path) -> None:
    enact(law)
    path = law / "jiyuan_2026_04.yaml"
    path.write_text(path.read_text("utf-8") + "\nunknown_key: 1\n", "utf-8")
    with restarted(begun, law) as zone:
        zone.on(NEW)
        zone.do(call(zone, 35))
        assert isinstance(zone.fail(h.propose()), YichengError)


def test_one_definition_is_stored_once(begun: Zone) -> None:
    begun.do(h.propose())
    begun.do(h.propose())
    assert begun.rows("SELECT count(*) FROM procedure_version") == [(1,)]


def test_a_definition_changed_in_its_place_is_told(begun: Zone, law: Path) -> None:
    """A version that matters run under was edited instead of getting a day of its own."""
    path = law / "jiyuan.yaml"
    text = path.read_text("utf-8").replace(CALL_RULES, CALL_RULES + SIXTY_DAYS, 1)
    path.write_text(text.replace("{2026-04-01: 60}", "{2026-01-01: 60}"), "utf-8")
    with restarted(begun, law) as zone:
        zone.do(call(zone, 35))
        error = zone.fail(h.propose())
        assert error.code != "source.refused", error


def test_a_definition_rewritten_in_the_database_is_not_taken(begun: Zone, law: Path) -> None:
    """Whoever has the file in hand shortens every call that is not published yet."""
    repeal(law)
    unlock(begun)
    ((source,),) = begun.rows("SELECT source FROM procedure_version")
    rewritten = str(source).replace('"2019-09-01":30', '"2019-09-01":3')
    assert rewritten != source
    with begun.intruder.transaction() as connection:
        connection.execute(procedure_version.update().values(source=rewritten))
    with restarted(begun, law) as zone:
        zone.fail(call(zone, 5))


def _list(zone: Zone) -> list[Line]:
    return list(zone.house.inquiry.listed(zone.code, Query()).items)
