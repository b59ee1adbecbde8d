"""No way past a meeting: what raw SQL is refused of sittings, records and document numbers."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

import pytest

from tests.integration.raw import (
    LAST,
    OVER,
    READY,
    SITTING,
    TABLED,
    Intruder,
    agenda_item,
    close_sitting,
    closed,
    conclude,
    concluding,
    document_number,
    entry,
    freeze,
    frozen,
    issuing,
    meeting,
    move_head,
    numbered,
    open_sitting,
    opened,
    proceeding,
    remove_item,
    said,
    unlisted,
)
from tests.integration.test_constraints import ATTACKS as BASE
from tests.integration.test_constraints import CODE, REFUSED, REPLACE, Attack, on
from tests.integration.test_constraints import REPLACEMENTS as BASE_REPLACEMENTS
from tests.integration.test_constraints_urgent import ATTACKS as URGENT

FROZEN: Final = on(TABLED, *frozen())
OPENING: Final = said("open_meeting", meeting_id=1)
CLOSING: Final = said("close_meeting", meeting_id=1)
RECORDED: Final = on(READY, *OPENING, proceeding(1, 1))
NUMBERED: Final = on(READY, *numbered(1), *numbered(2))
ADOPTED: Final = on(SITTING, *concluding())


@pytest.fixture
def intruder(database_url: str) -> Intruder:
    return Intruder(database_url)


ATTACKS: Final = {
    # sittings
    "a meeting opened before its agenda is fixed": Attack(
        "meeting_sitting", open_sitting(), on(TABLED, *OPENING)
    ),
    "a meeting closed that never sat": Attack(
        "meeting_sitting", close_sitting(), on(READY, *frozen(), *CLOSING)
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
    "a meeting closed over an open item": Attack(
        "meeting_items_open", close_sitting(), on(SITTING, *CLOSING)
    ),
    # items
    "an item concluded before the meeting": Attack(
        "agenda_item_not_sitting", conclude(), on(FROZEN, *concluding())
    ),
    "an item concluded on an agenda that is not fixed": Attack(
        "agenda_item_not_sitting", conclude(), on(TABLED, *concluding())
    ),
    "an item concluded without leaving the agenda": Attack(
        "agenda_item_unchangeable", "UPDATE agenda_item SET concluded = 'adopted'", SITTING
    ),
    "a conclusion turned": Attack(
        "agenda_item_unchangeable", conclude("not_adopted"), on(ADOPTED, conclude())
    ),
    "a conclusion put to an item that was taken off": Attack(
        "agenda_item_unchangeable", conclude(), on(FROZEN, *unlisted(), *opened())
    ),
    "an item taken off while its meeting sits": Attack(
        "agenda_item_in_session",
        remove_item(),
        on(SITTING, *said("remove_agenda_item", matter_id=1)),
    ),
    "a conclusion erased": Attack(
        "agenda_item_unchangeable", "UPDATE agenda_item SET concluded = NULL", OVER
    ),
    "an item born concluded": Attack("agenda_item_not_active", agenda_item(concluded="adopted")),
    # each day of a meeting, and each end of an item, by the newest entry of the journal
    "an agenda fixed and nobody knows by whom": Attack(
        "meeting_without_journal", freeze(), on(TABLED, *OPENING)
    ),
    "a meeting opened and nobody knows by whom": Attack(
        "meeting_without_journal", open_sitting(), FROZEN
    ),
    "a meeting opened by an entry for another": Attack(
        "meeting_without_journal", open_sitting(), on(FROZEN, *said("open_meeting", meeting_id=2))
    ),
    "a meeting opened by an entry that refused": Attack(
        "meeting_without_journal",
        open_sitting(),
        on(FROZEN, *said("open_meeting", meeting_id=1, status="refused")),
    ),
    "a meeting opened by an entry that is not the newest": Attack(
        "meeting_without_journal", open_sitting(), on(FROZEN, *OPENING, *said("appoint"))
    ),
    "a meeting closed and nobody knows by whom": Attack(
        "meeting_without_journal", close_sitting(), on(ADOPTED, conclude())
    ),
    "a meeting called off and nobody knows by whom": Attack(
        "meeting_without_journal",
        "UPDATE meeting SET cancelled_on = '2026-09-12' WHERE id = 2",
        on(READY, *said("freeze_agenda", meeting_id=2)),
    ),
    "two days at once by one entry": Attack(
        "meeting_without_journal",
        "UPDATE meeting SET frozen_on = '2026-09-18', opened_on = '2026-09-20' WHERE id = 1",
        on(TABLED, *OPENING),
    ),
    "an item taken off and nobody knows by whom": Attack(
        "agenda_item_without_journal", remove_item(), FROZEN
    ),
    "an item taken off by the entry of another matter": Attack(
        "agenda_item_without_journal",
        remove_item(),
        on(TABLED, *said("remove_agenda_item", matter_id=2)),
    ),
    "an item taken off by the entry of its conclusion": Attack(
        "agenda_item_without_journal", remove_item(), ADOPTED
    ),
    "a conclusion that nobody came to": Attack("agenda_item_without_journal", conclude(), SITTING),
    "a conclusion by the entry of a removal": Attack(
        "agenda_item_without_journal",
        conclude(),
        on(SITTING, *said("remove_agenda_item", matter_id=1)),
    ),
    "another conclusion than the entry tells": Attack(
        "agenda_item_without_journal", conclude(), on(SITTING, *concluding("not_adopted"))
    ),
    "a conclusion by an entry of another meeting": Attack(
        "agenda_item_without_journal", conclude(), on(SITTING, *concluding(meeting_id=2))
    ),
    # what was done in a meeting
    "a proceeding rewritten": Attack(
        "proceeding_unchangeable", "UPDATE proceeding SET payload = '[]'", RECORDED
    ),
    "a proceeding deleted": Attack("proceeding_undeletable", "DELETE FROM proceeding", RECORDED),
    "a proceeding under another organisation": Attack(
        "proceeding_organisation",
        proceeding(1, 1, organisation_id=9),
        on(READY, *OPENING),
    ),
    "a proceeding of a meeting elsewhere": Attack(
        "proceeding_organisation",
        proceeding(1, 1, meeting_id=9),
        on(READY, *OPENING),
    ),
    "a proceeding without a journal entry": Attack(
        "proceeding_without_journal", proceeding(1, 1, journal_seq=77), on(READY, *OPENING)
    ),
    "a proceeding by an old entry": Attack(
        "proceeding_without_journal",
        proceeding(1, 1, journal_seq=LAST + 1),
        on(READY, *OPENING, *said("appoint")),
    ),
    "a proceeding of another command": Attack(
        "proceeding_without_journal",
        proceeding(1, 1, command="freeze_agenda"),
        on(READY, *OPENING),
    ),
    "a proceeding of another meeting": Attack(
        "proceeding_without_journal", proceeding(1, 1, meeting_id=2), on(READY, *OPENING)
    ),
    "a proceeding of what was done on a matter": Attack(
        "proceeding_without_journal",
        proceeding(1, 1, command="conclude_item"),
        on(READY, *concluding()),
    ),
    "two proceedings by one entry": Attack(
        "proceeding_without_journal", proceeding(2, 2), RECORDED
    ),
    "a proceeding by somebody else": Attack(
        "proceeding_without_journal", proceeding(1, 1, actor="clerk-2"), on(READY, *OPENING)
    ),
    "a meeting born with a fixed agenda": Attack(
        "meeting_sitting", meeting(5, frozen_on="2026-09-18")
    ),
    "a proceeding after the meeting": Attack(
        "proceeding_meeting_closed", proceeding(1, 1), on(OVER, *OPENING)
    ),
    "a meeting closed twice over": Attack(
        "proceeding_meeting_closed",
        proceeding(2, 2, command="close_meeting"),
        on(OVER, proceeding(1, 1, command="close_meeting"), *CLOSING),
    ),
    # document numbers
    "a number that leaves a gap": Attack(
        "document_number_out_of_order", document_number(2), on(READY, *issuing(2))
    ),
    "a series that begins in the middle": Attack(
        "document_number_out_of_order",
        document_number(3, year=2027),
        on(NUMBERED, *issuing(3, year=2027)),
    ),
    "a number before the first": Attack(
        "document_number_out_of_order", document_number(0), on(READY, *issuing(0))
    ),
    "a number for the matter of another organisation": Attack(
        "document_number_organisation", document_number(1, matter_id=9), on(READY, *issuing(1))
    ),
    "a number that was never given": Attack("document_number_without_journal", document_number(1)),
    "a number without a journal entry": Attack(
        "document_number_without_journal",
        document_number(1, journal_seq=77),
        on(READY, *issuing(1)),
    ),
    "a number by an old entry": Attack(
        "document_number_without_journal",
        document_number(1, journal_seq=LAST + 1),
        on(READY, *issuing(1), *said("appoint")),
    ),
    "a number by the issue of another matter": Attack(
        "document_number_without_journal", document_number(1), on(READY, *issuing(1, matter_id=2))
    ),
    "a number by an issue that was refused": Attack(
        "document_number_without_journal",
        document_number(1),
        on(READY, *issuing(1, status="refused")),
    ),
    "a number by another act": Attack(
        "document_number_without_journal",
        document_number(1),
        on(READY, *said("sign_document", matter_id=1)),
    ),
    "another number than the entry tells": Attack(
        "document_number_without_journal", document_number(1), on(READY, *issuing(2))
    ),
    "a number of another series than the entry tells": Attack(
        "document_number_without_journal",
        document_number(1),
        on(READY, *issuing(1, series="济高党")),
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
    assert intruder.refused(attack.sql) == f"yicheng:{attack.code}"


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
    intruder.run(*SITTING, proceeding(1, 1), *concluding(), conclude(), *closed())
    intruder.run(proceeding(2, 2, command="close_meeting"))
    assert intruder.ask("SELECT agenda_item_id FROM matter WHERE id = 1") is None
    assert intruder.ask("SELECT concluded FROM agenda_item WHERE id = 1") == "adopted"


def test_before_the_meeting_sits_an_item_may_be_taken_off(intruder: Intruder) -> None:
    intruder.run(*FROZEN, *unlisted())
    assert intruder.ask("SELECT concluded FROM agenda_item WHERE id = 1") is None


def test_each_series_and_year_counts_from_one(intruder: Intruder) -> None:
    intruder.run(*NUMBERED, *numbered(1, year=2027), *numbered(1, series="济高党"), *numbered(3))
    body = '{"payload": {"series": "济高管", "year": 2026, "number": 1}}'
    intruder.run(entry(3, home=9, command="issue", body=body), move_head(3, home=9))
    intruder.run(document_number(1, organisation_id=9, matter_id=9, journal_seq=3))
    assert intruder.ask("SELECT count(*) FROM document_number") == 6


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_every_refusal_has_its_attack(name: str) -> None:
    script = files("api.migrations").joinpath(f"versions/0002_{name}.sql").read_text("utf-8")
    written = set(CODE.findall(script)) | set(REFUSED.findall(script))
    attacks = (BASE, BASE_REPLACEMENTS, ATTACKS, REPLACEMENTS, URGENT)
    assert written <= {attack.code for tried in attacks for attack in tried.values()}
