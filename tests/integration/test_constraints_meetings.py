"""No way past a meeting: what raw SQL is refused of sittings, records and document numbers."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import pytest

from tests.integration.raw import (
    OVER,
    READY,
    SITTING,
    TABLED,
    Intruder,
    agenda_item,
    close_sitting,
    conclude,
    document_number,
    freeze,
    meeting,
    open_sitting,
    proceeding,
    remove_item,
)
from tests.integration.test_constraints import ATTACKS as BASE
from tests.integration.test_constraints import CODE, REFUSED, REPLACE, Attack, on
from tests.integration.test_constraints import REPLACEMENTS as BASE_REPLACEMENTS
from tests.integration.test_constraints_urgent import ATTACKS as URGENT

FROZEN: Final = on(TABLED, freeze())
RECORDED: Final = on(READY, proceeding(1, 1))
NUMBERED: Final = on(READY, document_number(1), document_number(2))


@pytest.fixture
def intruder(database_url: str) -> Intruder:
    return Intruder(database_url)


ATTACKS: Final = {
    # sittings
    "a meeting opened before its agenda is fixed": Attack(
        "meeting_sitting", open_sitting(), TABLED
    ),
    "a meeting closed that never sat": Attack(
        "meeting_sitting", close_sitting(), on(READY, freeze())
    ),
    "a meeting opened again on another day": Attack(
        "meeting_sitting", "UPDATE meeting SET opened_on = '2026-09-21' WHERE id = 1", SITTING
    ),
    "a meeting that never took place after all": Attack(
        "meeting_sitting", "UPDATE meeting SET opened_on = NULL WHERE id = 1", SITTING
    ),
    "a meeting reopened": Attack(
        "meeting_sitting", "UPDATE meeting SET closed_on = NULL WHERE id = 1", OVER
    ),
    "a meeting reopened as if it had never sat": Attack(
        "meeting_sitting",
        "UPDATE meeting SET opened_on = NULL, closed_on = NULL WHERE id = 1",
        OVER,
    ),
    "a meeting born open": Attack("meeting_sitting", meeting(5, opened_on="2026-09-20")),
    "a meeting born closed": Attack("meeting_sitting", meeting(5, closed_on="2026-09-20")),
    "a meeting closed over an open item": Attack("meeting_items_open", close_sitting(), SITTING),
    # items
    "an item concluded before the meeting": Attack("agenda_item_not_sitting", conclude(), FROZEN),
    "an item concluded on an agenda that is not fixed": Attack(
        "agenda_item_not_sitting", conclude(), TABLED
    ),
    "an item concluded without leaving the agenda": Attack(
        "agenda_item_unchangeable", "UPDATE agenda_item SET concluded = 'adopted'", SITTING
    ),
    "a conclusion turned": Attack(
        "agenda_item_unchangeable", conclude("not_adopted"), on(SITTING, conclude())
    ),
    "a conclusion put to an item that was taken off": Attack(
        "agenda_item_unchangeable", conclude(), on(SITTING, remove_item())
    ),
    "a conclusion erased": Attack(
        "agenda_item_unchangeable", "UPDATE agenda_item SET concluded = NULL", OVER
    ),
    "an item born concluded": Attack("agenda_item_not_active", agenda_item(concluded="adopted")),
    # what was done in a meeting
    "a proceeding rewritten": Attack(
        "proceeding_unchangeable", "UPDATE proceeding SET payload = '[]'", RECORDED
    ),
    "a proceeding deleted": Attack("proceeding_undeletable", "DELETE FROM proceeding", RECORDED),
    "a proceeding under another organisation": Attack(
        "proceeding_organisation", proceeding(1, 1, organisation_id=9)
    ),
    "a proceeding of a meeting elsewhere": Attack(
        "proceeding_organisation", proceeding(1, 1, meeting_id=9)
    ),
    "a proceeding without a journal entry": Attack(
        "proceeding_without_journal",
        proceeding(1, 1, journal_seq=77),
        key="fk_proceeding_organisation_id_journal_seq",
    ),
    # document numbers
    "a number that leaves a gap": Attack("document_number_out_of_order", document_number(2)),
    "a series that begins in the middle": Attack(
        "document_number_out_of_order", document_number(3, year=2027), NUMBERED
    ),
    "a number before the first": Attack("document_number_out_of_order", document_number(0)),
    "a number for the matter of another organisation": Attack(
        "document_number_organisation", document_number(1, matter_id=9)
    ),
    "a number given to another matter": Attack(
        "document_number_unchangeable",
        "UPDATE document_number SET matter_id = 2 WHERE serial = 2",
        NUMBERED,
    ),
    "a number taken back": Attack(
        "document_number_undeletable", "DELETE FROM document_number WHERE serial = 2", NUMBERED
    ),
}

REPLACEMENTS: Final = {
    "a proceeding": Attack("proceeding_replaced", proceeding(1, 2, REPLACE), RECORDED),
    "a proceeding by its position": Attack(
        "proceeding_replaced", proceeding(5, 1, REPLACE), RECORDED
    ),
    "a document number": Attack("document_number_replaced", document_number(2, REPLACE), NUMBERED),
    "a document number by the row's hidden number": Attack(
        "document_number_replaced", document_number(3, REPLACE, rowid=1), NUMBERED
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_raw_sql_is_refused(name: str, intruder: Intruder) -> None:
    attack = ATTACKS[name]
    intruder.run(*attack.before)
    said = intruder.refused(attack.sql)
    if attack.key and intruder.backend == "postgresql":
        assert f'violates foreign key constraint "{attack.key}"' in said
    else:
        assert said == f"yicheng:{attack.code}"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.softened])
def test_no_conflict_clause_of_sqlite_softens_a_refusal(name: str, intruder: Intruder) -> None:
    attack = ATTACKS[name]
    intruder.run(*attack.before)
    verb, rest = attack.sql.split(" ", 1)
    for conflict in ("IGNORE", "REPLACE", "FAIL"):
        assert intruder.refused(f"{verb} OR {conflict} {rest}") == f"yicheng:{attack.code}"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("name", REPLACEMENTS)
def test_no_row_is_replaced_by_an_insert(name: str, intruder: Intruder) -> None:
    attack = REPLACEMENTS[name]
    intruder.run(*attack.before)
    assert intruder.refused(attack.sql) == f"yicheng:{attack.code}"


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("table", ["proceeding", "document_number"])
def test_no_table_of_the_record_is_truncated(table: str, intruder: Intruder) -> None:
    intruder.run(*READY)
    assert intruder.refused(f"TRUNCATE {table} CASCADE") == f"yicheng:{table}_undeletable"


def test_the_lawful_way_is_open(intruder: Intruder) -> None:
    intruder.run(*SITTING, proceeding(1, 1), conclude(), close_sitting(), proceeding(2, 2))
    assert intruder.ask("SELECT agenda_item_id FROM matter WHERE id = 1") is None
    assert intruder.ask("SELECT concluded FROM agenda_item WHERE id = 1") == "adopted"


def test_an_item_may_be_taken_off_without_a_conclusion(intruder: Intruder) -> None:
    intruder.run(*SITTING, remove_item(), close_sitting())
    assert intruder.ask("SELECT concluded FROM agenda_item WHERE id = 1") is None


def test_each_series_and_year_counts_from_one(intruder: Intruder) -> None:
    intruder.run(*NUMBERED, document_number(1, year=2027), document_number(1, series="济高党"))
    intruder.run(document_number(3), document_number(1, organisation_id=9, matter_id=9))
    assert intruder.ask("SELECT count(*) FROM document_number") == 6


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_every_refusal_has_its_attack(name: str) -> None:
    script = files("api.migrations").joinpath(f"versions/0002_{name}.sql").read_text("utf-8")
    written = set(CODE.findall(script)) | set(REFUSED.findall(script))
    attacks = (BASE, BASE_REPLACEMENTS, ATTACKS, REPLACEMENTS, URGENT)
    assert written <= {attack.code for tried in attacks for attack in tried.values()}
