"""Where something may be owed after the decision: too often rather than once too rarely."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS
from tests.unit.builders import machine, procedure
from workflow.decisions.lasting import may_owe
from workflow.facts import Facts, Record

LIFE = machine(procedure())
DAY = date(2026, 3, 2)


def record(command: str, step: str | None = None, **payload: object) -> Record:
    return Record(1, command, step, "", "somebody", None, "", "", payload, 0, DAY)


def facts(*records: Record) -> Facts:
    return Facts("2026-0001", "收费", "drafting", 3, records=records)


SOME = record("file_research", "research")


@pytest.mark.parametrize(
    ("stage", "before", "filed", "owing"),
    [
        ("drafting", (), SOME, False),
        ("executing", (), SOME, True),
        ("excluded", (), record("exclude", report_by="2026-03-09"), True),
        ("excluded", (record("exclude", report_by="2026-03-09"),), SOME, True),
        ("tabled", (), record("propose_agenda_item", urgent={"reasons": "急"}), True),
        ("tabled", (), record("propose_agenda_item", meeting="M"), False),
        ("drafting", (record("issue"),), SOME, True),
        (
            "closed",
            (record("issue"), record("file_archive", "archive")),
            record("close_matter"),
            False,
        ),
        ("withdrawn", (SOME,), record("withdraw"), True),
        ("withdrawn", (), record("withdraw"), True),
        ("withdrawn", (SOME, record("withdraw")), record("archive_ended"), False),
        ("off_system", (), record("propose", state_secret=True), False),
    ],
)
def test_it_is_told_by_stage_and_acts(
    stage: str, before: tuple[Record, ...], filed: Record, owing: bool
) -> None:
    assert may_owe(LIFE, KINDS, facts(*before), stage, filed) is owing


def test_a_new_matter_is_looked_at_by_its_first_act() -> None:
    assert not may_owe(LIFE, KINDS, None, "proposed", record("propose"))
    assert may_owe(LIFE, KINDS, None, "withdrawn", replace(SOME, step=None))


def test_a_closed_matter_is_looked_at_where_it_is_evaluated_again__order_713_art_36() -> None:
    life = machine(shipped().get("half_yearly_type"))
    filed, closed = record("issue"), record("close_matter")
    archived = facts(filed, record("file_archive", "archive"))
    assert may_owe(life, KINDS, archived, "closed", closed)
    assert not may_owe(LIFE, KINDS, archived, "closed", closed)
