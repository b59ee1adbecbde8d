"""No way past the program: what raw SQL is refused on both databases, and what it may do."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

import pytest

from tests.integration.raw import (
    AT,
    GENESIS,
    LAST,
    NEWEST,
    READY,
    RETAINED,
    TABLED,
    Intruder,
    agenda_item,
    appointment,
    catalogue_record,
    clearance,
    digest,
    draft,
    entry,
    filed,
    first_head,
    frozen,
    mandate,
    matter,
    meeting,
    move_head,
    nominated,
    organisation,
    person,
    procedure_version,
    record,
    remove_item,
    retainer_record,
    review,
    said,
    set_draft,
    unit,
    unlisted,
)

CODE: Final = re.compile(r"yicheng:([a-z_]+)")
REFUSED: Final = re.compile(r"yicheng_(?:refuse|matter_tabled)\('([a-z_]+)'\)")


@pytest.fixture
def intruder(database_url: str) -> Intruder:
    return Intruder(database_url)


@dataclass(frozen=True)
class Attack:
    """`before` is lawful; `sql` must be refused with `code`."""

    code: str
    sql: str
    before: tuple[str, ...] = READY
    only: str = ""

    @property
    def softened(self) -> bool:
        """SQLite has a form of the statement that asks for leniency."""
        return self.only != "postgresql" and not self.sql.startswith("DELETE")


def on(before: tuple[str, ...], *more: str) -> tuple[str, ...]:
    return (*before, *more)


NEXT: Final = LAST + 1
SECOND_TEXT = on(READY, draft(3, 2, "text 3"), set_draft(3))
NOT_PASSED = on(READY, *filed(3, 2), review(3, 2, "text 1", draft_id=1, passed=False))
OFF = on(TABLED, *unlisted())
NOMINATED: Final = on(READY, *nominated(1, 1))
RETAINING: Final = on(READY, *said("file_retainer", body=f'{{"payload":{RETAINED}}}'))
RETAINED_BY: Final = on(RETAINING, retainer_record(1, 1))
TOLD: Final = said("propose_agenda_item", matter_id=1, matter_version=2, meeting_id=1)
PAUSE: Final = "UPDATE matter SET paused_since = '2026-09-02', version = 2 WHERE id = 1"
PAUSED: Final = on(READY, *TOLD, PAUSE)

APPOINTED: Final = on(READY, *said("appoint"))
DISMISSED: Final = on(READY, *said("end_appointment"))
LENT: Final = on(READY, *said("grant_mandate"))
GIVEN_BACK: Final = on(READY, *said("end_mandate"))
BY_CLERK: Final = {"appointed_by": "clerk-1"}

OF_CATALOGUE: Final = {
    "an act on a catalogue that leaves a gap": Attack(
        "catalogue_record_out_of_order", catalogue_record(2, 3), NOMINATED
    ),
    "an act on a catalogue that no entry tells of": Attack(
        "catalogue_record_without_journal",
        catalogue_record(2, 2, journal_seq=77),
        NOMINATED,
    ),
    "a consent that no act recorded": Attack(
        "catalogue_record_without_journal",
        catalogue_record(2, 2, command="consent_catalogue"),
        on(NOMINATED, *said("nominate_entry")),
    ),
    "two acts on a catalogue by one entry": Attack(
        "catalogue_record_without_journal", catalogue_record(2, 2), NOMINATED
    ),
    "another consent than was given": Attack(
        "catalogue_record_unchangeable",
        "UPDATE catalogue_record SET payload = '[]' WHERE id = 1",
        NOMINATED,
    ),
    "a nomination that is gone": Attack(
        "catalogue_record_undeletable", "DELETE FROM catalogue_record WHERE id = 1", NOMINATED
    ),
    "a catalogue emptied": Attack(
        "catalogue_record_undeletable", "TRUNCATE catalogue_record", NOMINATED, only="postgresql"
    ),
    "a stage by the way": Attack(
        "matter_without_journal", "UPDATE matter SET stage = 'cleared too' WHERE id = 1"
    ),
    "answers by the way": Attack(
        "matter_without_journal",
        "UPDATE matter SET answers = '{\"technical\": false}' WHERE id = 1",
    ),
    "another lead unit by the way": Attack(
        "matter_without_journal", "UPDATE matter SET lead_unit = 'legal' WHERE id = 1"
    ),
    "a pause taken back by the way": Attack(
        "matter_without_journal", "UPDATE matter SET paused_since = NULL WHERE id = 1", PAUSED
    ),
    "a version that no entry tells of": Attack(
        "matter_without_journal", "UPDATE matter SET version = 2 WHERE id = 1"
    ),
    "answers by an entry that told of an earlier change": Attack(
        "matter_without_journal",
        "UPDATE matter SET answers = '{\"technical\": false}' WHERE id = 1",
        PAUSED,
    ),
    "answers by an entry that others have followed": Attack(
        "matter_without_journal",
        "UPDATE matter SET answers = '[]', version = 2 WHERE id = 1",
        on(READY, *TOLD, *said("appoint")),
    ),
    "answers under a tabled matter": Attack(
        "matter_tabled_answers",
        "UPDATE matter SET answers = '[]', version = 2 WHERE id = 1",
        on(TABLED, *TOLD),
    ),
    "units under a tabled matter": Attack(
        "matter_tabled_answers",
        "UPDATE matter SET lead_unit = 'legal', version = 2 WHERE id = 1",
        on(TABLED, *TOLD),
    ),
}

ATTACKS: Final = {
    # the rules that a matter is under
    "other rules by the way": Attack(
        "matter_without_journal",
        "UPDATE matter SET procedure_version_id = 2 WHERE id = 1",
        on(READY, procedure_version(2)),
    ),
    "other rules that no entry tells of": Attack(
        "matter_without_journal",
        "UPDATE matter SET procedure_version_id = 2, version = 2 WHERE id = 1",
        on(READY, procedure_version(2)),
    ),
    "other rules by an entry that refused": Attack(
        "matter_without_journal",
        "UPDATE matter SET procedure_version_id = 2, version = 2 WHERE id = 1",
        on(
            READY,
            procedure_version(2),
            *said("migrate", matter_id=1, matter_version=2, status="refused"),
        ),
    ),
    "other rules by the entry of another matter": Attack(
        "matter_without_journal",
        "UPDATE matter SET procedure_version_id = 2, version = 2 WHERE id = 1",
        on(READY, procedure_version(2), *said("migrate", matter_id=2, matter_version=2)),
    ),
    "other rules for what is on an agenda": Attack(
        "matter_tabled_rules",
        "UPDATE matter SET procedure_version_id = 2, version = 2 WHERE id = 1",
        on(TABLED, procedure_version(2), *said("migrate", matter_id=1, matter_version=2)),
    ),
    # what it may be a part of
    "an amount made smaller by the way": Attack(
        "matter_without_journal", "UPDATE matter SET amount_yuan = 1 WHERE id = 1"
    ),
    "a project renamed by an entry that refused": Attack(
        "matter_without_journal",
        "UPDATE matter SET project_key = 'other', version = 2 WHERE id = 1",
        on(READY, *said("migrate", matter_id=1, matter_version=2, status="refused")),
    ),
    "an entry of the catalogue by the way": Attack(
        "matter_without_journal",
        "UPDATE matter SET entry_year = 2026, entry_number = 1 WHERE id = 1",
    ),
    "another decision changed by the way": Attack(
        "matter_without_journal", "UPDATE matter SET adjusts = '2026-0001' WHERE id = 1"
    ),
    # retainers of law firms
    "a retainer that leaves a gap": Attack(
        "retainer_record_out_of_order", retainer_record(1, 2), RETAINING
    ),
    "a retainer that no entry tells of": Attack(
        "retainer_record_without_journal", retainer_record(1, 1, journal_seq=1)
    ),
    "a retainer by an entry long past": Attack(
        "retainer_record_without_journal", retainer_record(1, 1), on(RETAINING, *said("pause"))
    ),
    "another retainer than the entry tells of": Attack(
        "retainer_record_without_journal", retainer_record(1, 1, payload='{"number":1}'), RETAINING
    ),
    "an end by the entry of a beginning": Attack(
        "retainer_record_without_journal", retainer_record(1, 1, command="end_retainer"), RETAINING
    ),
    "a retainer extended": Attack(
        "retainer_record_unchangeable",
        "UPDATE retainer_record SET payload = '{}' WHERE id = 1",
        RETAINED_BY,
    ),
    "a retainer that is gone": Attack(
        "retainer_record_undeletable", "DELETE FROM retainer_record WHERE id = 1", RETAINED_BY
    ),
    "retainers emptied": Attack(
        "retainer_record_undeletable", "TRUNCATE retainer_record", RETAINED_BY, only="postgresql"
    ),
    # the recurring duties and the holidays of a year
    **{
        name.replace("a catalogue", other): Attack(
            attack.code.replace("catalogue_record", table),
            attack.sql.replace("catalogue_record", table),
            tuple(each.replace("catalogue_record", table) for each in attack.before),
            attack.only,
        )
        for name, attack in OF_CATALOGUE.items()
        for table, other in (("duty_record", "duties"), ("holiday_record", "a notice"))
    },
    # the yearly catalogue
    **OF_CATALOGUE,
    # the agenda
    "a clearance whose review lapsed since": Attack(
        "agenda_item_without_clearance",
        agenda_item(),
        on(READY, *filed(3, 2, command="migrate", outcome="review_lapsed")),
    ),
    "a clearance on a review that lapsed": Attack(
        "clearance_without_passed_review",
        clearance(2, "text 1"),
        on(READY, *filed(3, 2, command="migrate", outcome="review_lapsed")),
    ),
    "a clearance that does not exist": Attack(
        "agenda_item_without_clearance", agenda_item(clearance_id=77)
    ),
    "the clearance of another organisation": Attack(
        "agenda_item_without_clearance", agenda_item(clearance_id=9)
    ),
    "the clearance of another matter": Attack(
        "agenda_item_without_clearance", agenda_item(matter_id=2)
    ),
    "a clearance for a text that was changed since": Attack(
        "agenda_item_without_clearance", agenda_item(), SECOND_TEXT
    ),
    "a clearance while a newer text lies there": Attack(
        "agenda_item_without_clearance", agenda_item(), on(READY, draft(3, 2, "text 3"))
    ),
    "a clearance whose review was followed by one that did not pass": Attack(
        "agenda_item_without_clearance", agenda_item(), NOT_PASSED
    ),
    "a clearance whose review was followed by any other": Attack(
        "agenda_item_without_clearance",
        agenda_item(),
        on(READY, *filed(3, 2), review(3, 2, "text 1", draft_id=1)),
    ),
    "a matter of another organisation": Attack(
        "agenda_item_organisation", agenda_item(matter_id=9, clearance_id=9)
    ),
    "a meeting of another organisation": Attack(
        "agenda_item_organisation", agenda_item(meeting_id=9)
    ),
    "an item under another organisation": Attack(
        "agenda_item_organisation", agenda_item(organisation_id=9)
    ),
    "a clearance that served before": Attack(
        "agenda_item_without_journal", agenda_item(2, meeting_id=2), OFF
    ),
    "a clearance for another meeting": Attack(
        "agenda_item_without_journal", agenda_item(meeting_id=2)
    ),
    "a paused matter": Attack(
        "agenda_item_matter_paused",
        agenda_item(),
        PAUSED,
    ),
    "a frozen agenda": Attack(
        "agenda_item_agenda_frozen",
        agenda_item(),
        on(READY, *frozen()),
    ),
    "a matter that is listed already": Attack(
        "agenda_item_matter_listed", agenda_item(2, meeting_id=2), TABLED
    ),
    "a place that is taken": Attack(
        "agenda_item_place_taken",
        agenda_item(2, matter_id=2, clearance_id=2),
        on(
            TABLED,
            review(2, 1, "text 2", about=2),
            *said("propose_agenda_item", matter_id=2),
            clearance(2, "text 2", about=2, journal_seq=NEXT),
        ),
    ),
    "an item removed before it was listed": Attack(
        "agenda_item_not_active", agenda_item(removed_at=AT)
    ),
    "an item moved to another meeting": Attack(
        "agenda_item_unchangeable", "UPDATE agenda_item SET meeting_id = 2", TABLED
    ),
    "an item given to another matter as it is removed": Attack(
        "agenda_item_unchangeable",
        f"UPDATE agenda_item SET matter_id = 2, removed_at = '{AT}'",
        on(TABLED, *said("remove_agenda_item", matter_id=1)),
    ),
    "an item put back": Attack(
        "agenda_item_unchangeable", "UPDATE agenda_item SET removed_at = NULL", OFF
    ),
    "an item removed twice": Attack("agenda_item_unchangeable", remove_item(), OFF),
    "an item deleted": Attack("agenda_item_undeletable", "DELETE FROM agenda_item", TABLED),
    "an item deleted after it was removed": Attack(
        "agenda_item_undeletable", "DELETE FROM agenda_item", OFF
    ),
    # clearances
    "a clearance without a review": Attack(
        "clearance_without_passed_review", clearance(2, "text 2", about=2)
    ),
    "a clearance by the review of another matter": Attack(
        "clearance_without_passed_review", clearance(2, "text 2", about=2, review_id=1)
    ),
    "a clearance by a review that did not pass": Attack(
        "clearance_without_passed_review", clearance(3, "text 1", review_id=3), NOT_PASSED
    ),
    "a clearance by an older review that passed": Attack(
        "clearance_without_passed_review", clearance(3, "text 1"), NOT_PASSED
    ),
    "a clearance for a text that the review never saw": Attack(
        "clearance_without_passed_review", clearance(3, "text 3", draft_id=3), SECOND_TEXT
    ),
    "a clearance for a text that is not current any more": Attack(
        "clearance_without_passed_review", clearance(3, "text 1"), SECOND_TEXT
    ),
    "a clearance that calls the new text by the old digest": Attack(
        "clearance_without_passed_review", clearance(3, "text 1", draft_id=3), SECOND_TEXT
    ),
    "a clearance without a journal entry": Attack(
        "clearance_without_journal",
        clearance(3, "text 1", journal_seq=77),
    ),
    "a clearance by the entry of another act": Attack(
        "clearance_without_journal",
        clearance(3, "text 1", journal_seq=NEXT),
        on(READY, *said("convene_meeting", matter_id=None)),
    ),
    "a clearance by an entry that is over": Attack(
        "clearance_without_journal", clearance(3, "text 1"), on(READY, *said("appoint"))
    ),
    "a clearance under another organisation": Attack(
        "clearance_organisation", clearance(3, "text 1", organisation_id=9)
    ),
    "a clearance edited": Attack("clearance_unchangeable", "UPDATE clearance SET matter_id = 2"),
    "a clearance deleted": Attack("clearance_undeletable", "DELETE FROM clearance"),
    # matters
    "another text under a tabled matter": Attack("matter_tabled_text", set_draft(2), TABLED),
    "no text under a tabled matter": Attack(
        "matter_tabled_text", "UPDATE matter SET current_draft_id = NULL WHERE id = 1", TABLED
    ),
    "a new text filed on a tabled matter": Attack(
        "matter_tabled_text", draft(3, 2, "text 3"), TABLED
    ),
    "back to the text that was passed": Attack(
        "matter_draft_not_newest", set_draft(1), SECOND_TEXT
    ),
    "the text of another matter": Attack("matter_draft_not_newest", set_draft(2)),
    "the text of another organisation": Attack("matter_draft_not_newest", set_draft(9)),
    "a listing that does not exist": Attack(
        "matter_agenda_item", "UPDATE matter SET agenda_item_id = 1 WHERE id = 2", TABLED
    ),
    "a listing hidden": Attack(
        "matter_agenda_item", "UPDATE matter SET agenda_item_id = NULL WHERE id = 1", TABLED
    ),
    "a matter born with a text": Attack("matter_born_tabled", matter(5, current_draft_id=1)),
    "a matter born on an agenda": Attack("matter_born_tabled", matter(5, agenda_item_id=1), TABLED),
    "a matter given to another organisation": Attack(
        "matter_identity", "UPDATE matter SET organisation_id = 9 WHERE id = 1"
    ),
    "a matter renumbered": Attack(
        "matter_identity", "UPDATE matter SET number = '2026-0099' WHERE id = 1"
    ),
    "a matter in another place of the year": Attack(
        "matter_identity", "UPDATE matter SET serial = 99 WHERE id = 1"
    ),
    "a matter under another key": Attack(
        "matter_identity", "UPDATE matter SET id = 5 WHERE id = 1"
    ),
    "a matter deleted": Attack("matter_undeletable", "DELETE FROM matter WHERE id = 2"),
    # meetings
    "an agenda thawed": Attack(
        "meeting_unfrozen",
        "UPDATE meeting SET frozen_on = NULL WHERE id = 1",
        on(READY, *frozen()),
    ),
    "a meeting of another body": Attack(
        "meeting_identity", "UPDATE meeting SET body = 'office' WHERE id = 1"
    ),
    "a meeting on another day": Attack(
        "meeting_identity", "UPDATE meeting SET held_on = '2026-09-19' WHERE id = 1"
    ),
    "a meeting deleted": Attack("meeting_undeletable", "DELETE FROM meeting WHERE id = 2"),
    # drafts, records, reviews
    "a text rewritten": Attack("draft_unchangeable", "UPDATE draft SET text = 'other'"),
    "a text deleted": Attack("draft_undeletable", "DELETE FROM draft WHERE id = 2"),
    "a text under another organisation": Attack(
        "draft_organisation", draft(3, 2, "text 3", organisation_id=9)
    ),
    "a text numbered out of order": Attack("draft_out_of_order", draft(3, 7, "text 3")),
    "a text with the digest of another": Attack(
        "draft_digest", draft(3, 2, "text 3", digest=digest("text 1")), only="postgresql"
    ),
    "a record rewritten": Attack("record_unchangeable", "UPDATE record SET payload = '[]'"),
    "a record deleted": Attack("record_undeletable", "DELETE FROM record WHERE id = 2"),
    "a record under another organisation": Attack(
        "record_organisation",
        record(3, 2, organisation_id=9),
    ),
    "a record without a journal entry": Attack(
        "record_without_journal",
        record(3, 2, journal_seq=77),
    ),
    "a record by an old entry": Attack("record_without_journal", record(3, 2, journal_seq=1)),
    "a reply that no act recorded": Attack(
        "record_without_journal", record(3, 2, command="record_reply"), on(READY, *TOLD)
    ),
    "a record by somebody else": Attack(
        "record_without_journal",
        record(3, 2, command="propose_agenda_item", actor="clerk-2"),
        on(READY, *TOLD),
    ),
    "a record on another matter": Attack(
        "record_without_journal",
        record(3, 2, about=2, command="propose_agenda_item"),
        on(READY, *TOLD),
    ),
    "a second record by one entry": Attack(
        "record_without_journal", record(4, 3), on(READY, *filed(3, 2))
    ),
    "a record by an entry that refused": Attack(
        "record_without_journal",
        record(3, 2),
        on(
            READY,
            *said("give_review_verdict", matter_id=1, matter_version=2, status="refused"),
        ),
    ),
    "a verdict turned": Attack(
        "review_unchangeable", "UPDATE review SET passed = true", NOT_PASSED
    ),
    "a verdict deleted": Attack(
        "review_undeletable", "DELETE FROM review WHERE id = 3", NOT_PASSED
    ),
    "a verdict under another organisation": Attack(
        "review_organisation", review(2, 1, "text 2", about=2, organisation_id=9)
    ),
    "a verdict without its record": Attack(
        "review_without_record", review(3, 2, "text 1", draft_id=1)
    ),
    "a verdict by the record of another act": Attack(
        "review_without_record",
        review(3, 2, "text 1", draft_id=1),
        on(READY, *filed(3, 2, command="revise_draft")),
    ),
    "a verdict slipped in before the latest": Attack(
        "review_out_of_order",
        review(4, 2, "text 1", draft_id=1),
        on(READY, *filed(3, 2), *filed(4, 3), review(3, 3, "text 1", draft_id=1, passed=False)),
    ),
    "a verdict on a text of another matter": Attack(
        "review_of_another_text", review(2, 1, "text 1", about=2, draft_id=1)
    ),
    "a verdict on a digest that is not the text's": Attack(
        "review_of_another_text", review(2, 1, "text 1", about=2)
    ),
    # the journal
    "an entry rewritten": Attack("journal_unchangeable", "UPDATE journal SET body = '[]'"),
    "an entry deleted": Attack("journal_undeletable", "DELETE FROM journal WHERE seq = 1"),
    "an entry that leaves a gap": Attack("journal_out_of_order", entry(NEXT + 1)),
    "an entry that does not follow the last": Attack(
        "journal_out_of_order", entry(NEXT, previous=GENESIS)
    ),
    "an entry where there is no chain": Attack(
        "journal_out_of_order", entry(1, home=5), on(READY, organisation(5))
    ),
    "two entries in one step of the head": Attack(
        "journal_out_of_order", entry(NEXT + 1), on(READY, entry(NEXT))
    ),
    "a head without its entry": Attack("journal_head_out_of_order", move_head(NEXT)),
    "a head of another digest": Attack(
        "journal_head_out_of_order", move_head(NEXT, to=digest("other")), on(READY, entry(NEXT))
    ),
    "a head moved back": Attack("journal_head_out_of_order", move_head(0, to=GENESIS)),
    "a head given to another organisation": Attack(
        "journal_head_out_of_order",
        "UPDATE journal_head SET organisation_id = 5 WHERE organisation_id = 1",
        on(READY, organisation(5)),
    ),
    "a head deleted": Attack("journal_head_undeletable", "DELETE FROM journal_head"),
    "a chain begun in the middle": Attack(
        "journal_head_not_first", first_head(5, seq=4), on(READY, organisation(5))
    ),
    # organisations, mandates, definitions
    "an organisation renamed": Attack(
        "organisation_identity", "UPDATE organisation SET code = 'other' WHERE id = 9"
    ),
    "an organisation under another profile": Attack(
        "organisation_identity", "UPDATE organisation SET profile = 'loose' WHERE id = 9"
    ),
    "a unit that comes to judge": Attack(
        "unit_identity", "UPDATE unit SET functions = '[\"legal_office\"]'"
    ),
    "a unit deleted": Attack("unit_undeletable", "DELETE FROM unit"),
    "an account handed on": Attack(
        "person_identity", "UPDATE person SET account = 'other' WHERE id = 1"
    ),
    "a person deleted": Attack("person_undeletable", "DELETE FROM person WHERE id = 2"),
    "an appointment that no entry tells of": Attack(
        "appointment_without_journal", appointment(2, **BY_CLERK)
    ),
    "an appointment in the name of another": Attack(
        "appointment_without_journal", appointment(2, appointed_by="clerk-2"), APPOINTED
    ),
    "an appointment put back": Attack(
        "appointment_without_journal",
        appointment(2, since="2026-08-01", until=None, **BY_CLERK),
        APPOINTED,
    ),
    "an appointment backwards": Attack(
        "appointment_days", appointment(2, until="2026-08-31", **BY_CLERK), APPOINTED
    ),
    "a dismissal that no entry tells of": Attack(
        "appointment_without_journal", "UPDATE appointment SET until = '2026-09-30'"
    ),
    "a dismissal put back": Attack(
        "appointment_without_journal", "UPDATE appointment SET until = '2020-01-01'", DISMISSED
    ),
    "a mandate that no entry tells of": Attack("mandate_without_journal", mandate(2)),
    "a mandate of somebody else": Attack(
        "mandate_without_journal", mandate(2, principal_id=2, agent_id=1), LENT
    ),
    "the end of a mandate that no entry tells of": Attack(
        "mandate_without_journal", "UPDATE mandate SET ended_on = '2026-09-02'"
    ),
    "an organisation deleted": Attack("organisation_undeletable", "DELETE FROM organisation"),
    "an appointment prolonged": Attack(
        "appointment_unchangeable", "UPDATE appointment SET until = '2027-01-31'", DISMISSED
    ),
    "an appointment without end": Attack(
        "appointment_unchangeable", "UPDATE appointment SET until = NULL", DISMISSED
    ),
    "an appointment to another post": Attack(
        "appointment_unchangeable",
        "UPDATE appointment SET role = 'head', until = '2026-09-30'",
        DISMISSED,
    ),
    "an appointment deleted": Attack("appointment_undeletable", "DELETE FROM appointment"),
    "a mandate widened": Attack(
        "mandate_unchangeable",
        "UPDATE mandate SET until = '2027-09-30', ended_on = '2026-09-02'",
        GIVEN_BACK,
    ),
    "a mandate widened in scope": Attack(
        "mandate_unchangeable",
        """UPDATE mandate SET commands = '["x"]', ended_on = '2026-09-02'""",
        GIVEN_BACK,
    ),
    "a mandate ended twice": Attack(
        "mandate_unchangeable",
        "UPDATE mandate SET ended_on = '2026-09-09'",
        on(GIVEN_BACK, "UPDATE mandate SET ended_on = '2026-09-02'"),
    ),
    "a mandate deleted": Attack("mandate_undeletable", "DELETE FROM mandate"),
    "a definition rewritten": Attack(
        "procedure_version_unchangeable", "UPDATE procedure_version SET source = ''"
    ),
    "a definition deleted": Attack(
        "procedure_version_undeletable",
        "DELETE FROM procedure_version WHERE id = 2",
        on(READY, procedure_version(2)),
    ),
}

# INSERT OR REPLACE would remove the row that stands in its way, past every DELETE trigger.
REPLACE: Final = "INSERT OR REPLACE"
REPLACEMENTS: Final = {
    "an organisation": Attack("organisation_replaced", organisation(1, REPLACE)),
    "an organisation by its code": Attack(
        "organisation_replaced", organisation(5, REPLACE, code="office-1")
    ),
    "a unit": Attack("unit_replaced", unit(1).replace("INSERT", "INSERT OR REPLACE")),
    "a person": Attack("person_replaced", person(1).replace("INSERT", "INSERT OR REPLACE")),
    "an appointment": Attack("appointment_replaced", appointment(1, REPLACE, role="head")),
    "a mandate": Attack("mandate_replaced", mandate(1, REPLACE, until="2027-09-30")),
    "a definition": Attack("procedure_version_replaced", procedure_version(1, REPLACE, source="")),
    "a definition by its digest": Attack(
        "procedure_version_replaced",
        procedure_version(5, REPLACE, digest=digest("procedure 1")),
    ),
    "a definition by its version": Attack(
        "procedure_version_replaced", procedure_version(5, REPLACE, version="2026-01-01")
    ),
    "a matter": Attack("matter_replaced", matter(1, verb=REPLACE)),
    "a matter by its number": Attack(
        "matter_replaced", matter(5, verb=REPLACE, number="2026-0001")
    ),
    "a matter by its serial": Attack("matter_replaced", matter(5, verb=REPLACE, serial=1)),
    "a meeting": Attack("meeting_replaced", meeting(1, verb=REPLACE)),
    "a meeting by its code": Attack("meeting_replaced", meeting(5, verb=REPLACE, code="M2026-001")),
    "an entry": Attack("journal_replaced", entry(1, verb=REPLACE)),
    "an entry by the row's hidden number": Attack(
        "journal_replaced", entry(NEXT, verb=REPLACE, rowid=1)
    ),
    "an entry ahead of the head": Attack(
        "journal_replaced", entry(NEXT, verb=REPLACE, body="[]"), on(READY, entry(NEXT))
    ),
    "a head": Attack("journal_head_replaced", first_head(1, REPLACE)),
    "a text": Attack("draft_replaced", draft(1, 2, "text 3", verb=REPLACE)),
    "a text by its number": Attack("draft_replaced", draft(5, 1, "text 3", verb=REPLACE)),
    "a record": Attack("record_replaced", record(1, 2, verb=REPLACE)),
    "a record by its position": Attack("record_replaced", record(5, 1, verb=REPLACE)),
    "a verdict": Attack("review_replaced", review(1, 2, "text 1", verb=REPLACE)),
    "a verdict by its position": Attack("review_replaced", review(5, 1, "text 1", verb=REPLACE)),
    "an act on a catalogue": Attack(
        "catalogue_record_replaced", catalogue_record(1, 2, verb=REPLACE), NOMINATED
    ),
    "an act on a catalogue by its position": Attack(
        "catalogue_record_replaced", catalogue_record(5, 1, verb=REPLACE), NOMINATED
    ),
    "an act on a retainer": Attack(
        "retainer_record_replaced", retainer_record(1, 2, verb=REPLACE), RETAINED_BY
    ),
    "an act on a retainer by its position": Attack(
        "retainer_record_replaced", retainer_record(5, 1, verb=REPLACE), RETAINED_BY
    ),
    "a clearance": Attack("clearance_replaced", clearance(1, "text 1", verb=REPLACE)),
    "an agenda item": Attack("agenda_item_replaced", agenda_item(verb=REPLACE, place=2), TABLED),
}


@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if not attack.only])
def test_raw_sql_is_refused(name: str, intruder: Intruder) -> None:
    attack = ATTACKS[name]
    intruder.run(*attack.before)
    assert intruder.refused(attack.sql) == f"yicheng:{attack.code}"


@pytest.mark.parametrize(
    ("name", "backend"), [(name, attack.only) for name, attack in ATTACKS.items() if attack.only]
)
def test_what_only_one_database_can_tell_is_refused_there(name: str, intruder: Intruder) -> None:
    intruder.run(*ATTACKS[name].before)
    assert intruder.refused(ATTACKS[name].sql) == f"yicheng:{ATTACKS[name].code}"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("name", [name for name, attack in ATTACKS.items() if attack.softened])
@pytest.mark.parametrize("conflict", ["IGNORE", "REPLACE", "FAIL"])
def test_no_conflict_clause_of_sqlite_softens_a_refusal(
    name: str, conflict: str, intruder: Intruder
) -> None:
    attack = ATTACKS[name]
    intruder.run(*attack.before)
    verb, rest = attack.sql.split(" ", 1)
    assert intruder.refused(f"{verb} OR {conflict} {rest}") == f"yicheng:{attack.code}"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("name", REPLACEMENTS)
def test_no_row_is_replaced_by_an_insert(name: str, intruder: Intruder) -> None:
    attack = REPLACEMENTS[name]
    intruder.run(*attack.before)
    assert intruder.refused(attack.sql) == f"yicheng:{attack.code}"


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("name", ["rowid", "oid", "_rowid_"])
def test_no_matter_moves_by_the_hidden_name_of_its_key(name: str, intruder: Intruder) -> None:
    intruder.run(*READY)
    said = intruder.refused(f"UPDATE OR REPLACE matter SET {name} = 2 WHERE id = 1")
    assert said == "yicheng:matter_identity"


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize(
    "table",
    [
        "agenda_item",
        "appointment",
        "clearance",
        "draft",
        "journal",
        "journal_head",
        "mandate",
        "matter",
        "meeting",
        "organisation",
        "person",
        "procedure_version",
        "record",
        "review",
        "unit",
    ],
)
def test_no_table_of_the_record_is_truncated(table: str, intruder: Intruder) -> None:
    intruder.run(*TABLED)
    assert intruder.refused(f"TRUNCATE {table} CASCADE") == f"yicheng:{table}_undeletable"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_an_upsert_is_an_update(intruder: Intruder) -> None:
    intruder.run(*TABLED)
    said = intruder.refused(
        f"{first_head(1)} ON CONFLICT (organisation_id) DO UPDATE SET seq = excluded.seq"
    )
    assert said == "yicheng:journal_head_out_of_order"


def test_temporary_tables_are_not_taken_for_the_real_ones(intruder: Intruder) -> None:
    intruder.run(*READY)
    names = ("clearance", "matter", "draft", "review", "meeting", "journal_head")
    forged = [f"CREATE TEMPORARY TABLE {name} AS SELECT * FROM {name}" for name in names]
    statements = [
        *forged,
        f"UPDATE {_temporary(intruder)}.matter SET current_draft_id = 2 WHERE id = 2",
        agenda_item(matter_id=2, clearance_id=1).replace(
            "INTO agenda_item", f"INTO {_real(intruder)}.agenda_item"
        ),
    ]
    assert intruder.refused(*statements) == "yicheng:agenda_item_without_clearance"


def _temporary(intruder: Intruder) -> str:
    return "temp" if intruder.backend == "sqlite" else "pg_temp"


def _real(intruder: Intruder) -> str:
    return "main" if intruder.backend == "sqlite" else "public"


def test_the_lawful_way_is_open(intruder: Intruder) -> None:
    intruder.run(*TABLED)
    assert intruder.ask("SELECT agenda_item_id FROM matter WHERE id = 1") == 1
    # Taken off, rewritten, passed anew and tabled at another meeting.
    intruder.run(
        *unlisted(),
        draft(3, 2, "text 3"),
        set_draft(3),
        *filed(3, 2),
        review(3, 2, "text 3", draft_id=3),
        *said("propose_agenda_item", matter_id=1, meeting_id=2),
        clearance(3, "text 3", draft_id=3, review_id=3, journal_seq=NEWEST),
    )
    assert intruder.ask("SELECT agenda_item_id FROM matter WHERE id = 1") is None
    intruder.run(agenda_item(2, meeting_id=2, clearance_id=3))
    assert intruder.ask("SELECT agenda_item_id FROM matter WHERE id = 1") == 2


def test_a_text_that_was_passed_before_may_come_back(intruder: Intruder) -> None:
    """The review passed these very bytes; that another text stood in between changes nothing."""
    intruder.run(*SECOND_TEXT, draft(4, 3, "text 1"), set_draft(4))
    intruder.run(clearance(4, "text 1", draft_id=4), agenda_item(clearance_id=4))
    assert intruder.ask("SELECT agenda_item_id FROM matter WHERE id = 1") == 1


@pytest.mark.parametrize(
    ("command", "sql"),
    [
        ("appoint", "UPDATE organisation SET directory_version = 2 WHERE id = 1"),
        ("appoint", appointment(2, **BY_CLERK)),
        ("end_appointment", "UPDATE appointment SET until = '2026-09-30'"),
        # Called off before it has begun.
        ("end_appointment", "UPDATE appointment SET until = '2026-08-31'"),
        ("grant_mandate", mandate(2)),
        ("end_mandate", "UPDATE mandate SET ended_on = '2026-09-02'"),
        (
            "pause",
            "UPDATE matter SET stage = 'on', version = 2, paused_since = '2026-09-02' WHERE id = 1",
        ),
        ("freeze_agenda", "UPDATE meeting SET frozen_on = '2026-09-10', version = 2 WHERE id = 1"),
    ],
)
def test_what_may_change_changes(command: str, sql: str, intruder: Intruder) -> None:
    about = {"meeting_id": 1} if command == "freeze_agenda" else {"matter_id": 1}
    intruder.run(*TABLED, procedure_version(2), *said(command, matter_version=2, **about))
    with intruder.transaction() as connection:
        assert connection.exec_driver_sql(sql).rowcount == 1


MOVED_RULES: Final = "UPDATE matter SET procedure_version_id = 2, version = 2 WHERE id = 1"


def test_other_rules_come_with_a_version_that_the_journal_tells_of(intruder: Intruder) -> None:
    told = said("migrate", matter_id=1, matter_version=2)
    intruder.run(*READY, procedure_version(2), *told, MOVED_RULES)
    assert intruder.ask("SELECT procedure_version_id FROM matter WHERE id = 1") == 2


# --- two at once ----------------------------------------------------------------------------------

PATIENCE: Final = "SET LOCAL lock_timeout = '100ms'"
RACES: Final = {
    "a text changed": (SECOND_TEXT[-2:], "agenda_item_without_clearance"),
    "an agenda frozen": (
        frozen(),
        "agenda_item_agenda_frozen",
    ),
    "a matter paused": (
        (PAUSE,),
        "agenda_item_matter_paused",
    ),
    "a verdict given": (NOT_PASSED[len(READY) :], "agenda_item_without_clearance"),
}


#: Matter 1 may be tabled by the newest entry, which brings its second version besides.
RACING: Final = on(READY, *TOLD, clearance(7, "text 1", journal_seq=NEWEST))
LISTING: Final = agenda_item(clearance_id=7)


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("name", RACES)
def test_tabling_waits_for_what_it_rests_on(name: str, intruder: Intruder) -> None:
    statements, code = RACES[name]
    intruder.run(*RACING)
    with intruder.transaction() as first:
        for statement in statements:
            first.exec_driver_sql(statement)
        assert "lock timeout" in intruder.refused(PATIENCE, LISTING)
    assert intruder.refused(LISTING) == f"yicheng:{code}"


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize("name", RACES)
def test_what_tabling_rests_on_waits_for_it(name: str, intruder: Intruder) -> None:
    statements, _ = RACES[name]
    intruder.run(*RACING)
    with intruder.transaction() as first:
        first.exec_driver_sql(LISTING)
        assert "lock timeout" in intruder.refused(PATIENCE, statements[0])


@pytest.mark.parametrize("backend", ["postgresql"])
@pytest.mark.parametrize(
    ("winner", "loser", "code"),
    [
        ((agenda_item(),), draft(3, 2, "text 3"), "matter_tabled_text"),
        (
            (agenda_item(),),
            "UPDATE matter SET current_draft_id = NULL WHERE id = 1",
            "matter_tabled_text",
        ),
        ((draft(3, 2, "text 3"), set_draft(3)), agenda_item(), "agenda_item_without_clearance"),
        (
            (entry(NEXT), move_head(NEXT)),
            entry(NEXT, digest=digest("other")),
            "journal_out_of_order",
        ),
    ],
)
def test_whoever_waited_sees_what_the_other_did(
    winner: tuple[str, ...], loser: str, code: str, intruder: Intruder
) -> None:
    intruder.run(*READY)
    with ThreadPoolExecutor() as threads:
        with intruder.transaction() as first:
            for statement in winner:
                first.exec_driver_sql(statement)
            said = threads.submit(intruder.refused, loser)
            while not intruder.ask("SELECT count(*) FROM pg_locks WHERE NOT granted"):
                assert not said.done()
        assert said.result() == f"yicheng:{code}"


@pytest.mark.parametrize("backend", ["postgresql"])
def test_entries_follow_each_other_one_by_one(intruder: Intruder) -> None:
    intruder.run(*READY)
    with intruder.transaction() as first:
        first.exec_driver_sql(entry(NEXT))
        first.exec_driver_sql(move_head(NEXT))
        assert "lock timeout" in intruder.refused(PATIENCE, entry(NEXT))
    assert intruder.refused(entry(NEXT, digest=digest("other"))) == "yicheng:journal_out_of_order"
    intruder.run(entry(NEXT + 1), move_head(NEXT + 1))


# --- nothing left out -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["sqlite", "postgresql"])
def test_every_refusal_has_its_attack(name: str) -> None:
    script = files("api.migrations").joinpath(f"versions/0001_{name}.sql").read_text("utf-8")
    written = set(CODE.findall(script))
    written |= set(REFUSED.findall(script))
    tried = {attack.code for attack in (*ATTACKS.values(), *REPLACEMENTS.values())}
    assert written <= tried
