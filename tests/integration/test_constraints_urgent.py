"""Raw SQL gets nothing onto a frozen agenda by a mere flag, nor onto one that was called off."""

from __future__ import annotations

from typing import Any, Final

import pytest

from tests.integration.raw import (
    NEWEST,
    READY,
    TABLED,
    Intruder,
    agenda_item,
    clearance,
    closed,
    draft,
    frozen,
    opened,
    said,
    set_draft,
    unlisted,
)
from tests.integration.test_constraints import Attack, intruder, on

__all__ = ["intruder"]

FROZEN: Final = on(READY, *frozen())
SAID: Final = '{"payload": {"urgent": {"reasons": "x"}}}'
URGENT: Final = agenda_item(clearance_id=2, urgent=True)
CANCEL: Final = "UPDATE meeting SET cancelled_on = '2026-09-12' WHERE id = 1"
CANCELLING: Final = said("cancel_meeting", meeting_id=1)
CANCELLED: Final = on(READY, *CANCELLING, CANCEL)


def told(**values: object) -> tuple[str, ...]:
    """An entry that says that matter 1 comes urgently onto the agenda of meeting 1."""
    row: dict[str, Any] = {
        "command": "propose_agenda_item",
        "matter_id": 1,
        "matter_version": 2,
        "meeting_id": 1,
        "body": SAID,
        **values,
    }
    return (*said(**row), clearance(2, "text 1", journal_seq=NEWEST))


def claimed(**values: object) -> Attack:
    before = on(FROZEN, *told(**values))
    return Attack("agenda_item_urgent_without_journal", URGENT, before)


def unfounded(**values: object) -> Attack:
    """The entry does not even found the clearance that the item would rest on."""
    *entry_of_it, issued = told(**values)
    return Attack("clearance_without_journal", issued, on(FROZEN, *entry_of_it))


LISTED: Final = on(FROZEN, *told(), URGENT)
ATTACKS: Final = {
    "a flag and no entry": Attack(
        "agenda_item_urgent_without_journal", agenda_item(urgent=True), FROZEN
    ),
    "an entry that refused": unfounded(status="refused"),
    "an entry for another meeting": claimed(meeting_id=2),
    "an entry for another matter": unfounded(matter_id=2),
    "an entry of another command": unfounded(command="remove_agenda_item"),
    "an entry that says nothing of urgency": claimed(body='{"payload": {}}'),
    "an entry that denies it": claimed(body='{"payload": {"urgent": null}}'),
    "an entry that is not the newest": Attack(
        "agenda_item_urgent_without_journal",
        URGENT,
        on(FROZEN, *told(), *said("appoint")),
    ),
    "a clearance that was used before": Attack(
        "agenda_item_urgent_without_journal",
        agenda_item(2, clearance_id=2, urgent=True),
        on(LISTED, *unlisted()),
    ),
    "a meeting that is over": Attack(
        "agenda_item_urgent_without_journal",
        URGENT,
        on(FROZEN, *opened(), *closed(), *told()),
    ),
    "the entry without the flag": Attack(
        "agenda_item_agenda_frozen", agenda_item(clearance_id=2), on(FROZEN, *told())
    ),
    "a text that was not reviewed": Attack(
        "agenda_item_without_clearance",
        URGENT,
        on(FROZEN, *told(), draft(3, 2, "text 3"), set_draft(3)),
    ),
    "a flag set afterwards": Attack(
        "agenda_item_unchangeable", "UPDATE agenda_item SET urgent = true WHERE id = 1", TABLED
    ),
    "a flag taken away": Attack(
        "agenda_item_unchangeable", "UPDATE agenda_item SET urgent = false WHERE id = 1", LISTED
    ),
    "an item of a meeting called off": Attack(
        "agenda_item_meeting_cancelled", agenda_item(), CANCELLED
    ),
    "an urgent item of a meeting called off": Attack(
        "agenda_item_meeting_cancelled", URGENT, on(FROZEN, *CANCELLING, CANCEL, *told())
    ),
    "a meeting called off with its items": Attack(
        "meeting_cancelled", CANCEL, on(TABLED, *CANCELLING)
    ),
    "a meeting called off once open": Attack(
        "meeting_cancelled",
        CANCEL,
        on(FROZEN, *opened(), *CANCELLING),
    ),
    "a meeting called off and on again": Attack(
        "meeting_cancelled", "UPDATE meeting SET cancelled_on = NULL WHERE id = 1", CANCELLED
    ),
    "a meeting called off and frozen": Attack(
        "meeting_cancelled",
        "UPDATE meeting SET frozen_on = '2026-09-13' WHERE id = 1",
        on(CANCELLED, *said("freeze_agenda", meeting_id=1)),
    ),
    "a meeting convened as called off": Attack(
        "meeting_cancelled",
        "INSERT INTO meeting (id, organisation_id, code, year, serial, body, held_on, version,"
        " created_at, cancelled_on) SELECT 7, 1, 'M2026-007', year, 7, body, held_on, 1,"
        " created_at, held_on FROM meeting WHERE id = 1",
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_raw_sql_is_refused(name: str, intruder: Intruder) -> None:
    attack = ATTACKS[name]
    intruder.run(*attack.before)
    assert intruder.refused(attack.sql) == f"yicheng:{attack.code}"


def test_an_urgent_item_comes_by_its_newest_entry(intruder: Intruder) -> None:
    intruder.run(*LISTED)
    assert intruder.ask("SELECT agenda_item_id FROM matter WHERE id = 1") == 1


def test_a_meeting_with_nothing_on_it_is_called_off(intruder: Intruder) -> None:
    intruder.run(*on(TABLED, *unlisted()), *CANCELLING, CANCEL)
    assert intruder.ask("SELECT count(*) FROM meeting WHERE cancelled_on IS NOT NULL") == 1
