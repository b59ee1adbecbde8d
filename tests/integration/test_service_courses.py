"""What each command leaves in the database when whole courses are played, step by step.

Meetings, what follows a decision and the yearly catalogue stand at the end of long courses; the
scenarios lead there, so that here every step of them is held against the rows that it may leave.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import pytest
from sqlalchemy import Connection

from api.rehearsal import Played, play
from procedures.kinds import KINDS
from tests.integration.house import TABLES, Rows
from tests.integration.test_service_commands import CASES, ELSEWHERE, FILED, JOURNAL
from tests.scenarios.test_scenarios import scenario, stage
from workflow import tables
from workflow.commands import CORE, every_command
from workflow.facts import as_list
from workflow.uow import create_engine

COURSES: Final = (
    "amended_text",
    "contracts_and_budget",
    "emergency_made_permanent",
    "meeting_called_off",
    "meeting_rules",
    "meeting_true_record",
    "profile_shenyang_type",
    "recurring_duties",
    "request_refused",
    "sewage_charge",
    "suspend_then_adjust",
    "urgent_item",
    "void_number",
    "work_secret",
    "yearly_catalogue",
    "holiday_notice",
)
OF_MEETING: Final = {**JOURNAL, "meeting": 0, "proceeding": 1}
OF_RETAINERS: Final = {**JOURNAL, "retainer_record": 1, "organisation": 0}
OF_CATALOGUE: Final = {**JOURNAL, "catalogue_record": 1}
OF_DUTIES: Final = {**JOURNAL, "duty_record": 1}
OF_HOLIDAYS: Final = {**JOURNAL, "holiday_record": 1, "organisation": 0}
#: The rows that a command leaves where they are not those of an act on a matter.
LEAVES: Final = {
    "cancel_meeting": OF_MEETING,
    "close_meeting": OF_MEETING,
    "freeze_agenda": OF_MEETING,
    "open_meeting": OF_MEETING,
    "record_attendance": {**JOURNAL, "proceeding": 1},
    "adjust_catalogue": OF_CATALOGUE,
    "compile_catalogue": OF_CATALOGUE,
    "complete_catalogue": OF_CATALOGUE,
    "consent_catalogue": OF_CATALOGUE,
    "nominate_entry": OF_CATALOGUE,
    "publish_catalogue": OF_CATALOGUE,
    "assign_duty": OF_DUTIES,
    "file_duty_evidence": OF_DUTIES,
    "close_duty": OF_DUTIES,
    "import_holidays": OF_HOLIDAYS,
    "conclude_item": {**FILED, "agenda_item": 0},
    "convene_meeting": {**JOURNAL, "meeting": 1},
    "appoint": {**JOURNAL, "appointment": 1, "organisation": 0},
    "end_retainer": OF_RETAINERS,
    "file_retainer": OF_RETAINERS,
    "register_retainer": OF_RETAINERS,
    "state_clients": OF_RETAINERS,
    "grant_mandate": {**JOURNAL, "mandate": 1, "organisation": 0},
    "issue": {**FILED, "document_number": 1},
    "propose": {**FILED, "matter": 1},
    "propose_agenda_item": {**FILED, "agenda_item": 1, "clearance": 1},
    "remove_agenda_item": {**FILED, "agenda_item": 0},
    "revise_draft": {**FILED, "draft": 1},
    "confirm_changes": {**FILED, "review": 1},
    "give_review_verdict": {**FILED, "review": 1},
    "recheck_text": {**FILED, "review": 1},
    # Whose data was looked at is in the journal; the matter is as it was.
    "unmask": JOURNAL,
    "take_in_opinions": {**FILED, "submission": 0},
}

#: Rows that say again, for lists and search, what the records of a matter say, and when the sweep
#: is to look at it.
DERIVED: Final = ("matter_party", "matter_text", "wake")

COLUMNS: Final = [column.name for column in tables.journal.columns]
SEQ, BODY = COLUMNS.index("seq"), COLUMNS.index("body")


class Watch:
    """Tells after each step what has changed since the last."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._rows = self._look()

    def _look(self) -> Rows:
        try:
            return {
                name: sorted(
                    (
                        tuple(row)
                        for row in self._connection.exec_driver_sql(f'SELECT * FROM "{name}"')
                    ),
                    key=repr,
                )
                for name in TABLES
            }
        finally:
            self._connection.rollback()

    def changed(self) -> dict[str, int]:
        before, self._rows = self._rows, self._look()
        return {
            name: len(rows) - len(before[name])
            for name, rows in self._rows.items()
            if rows != before[name]
        }

    def last_entry(self) -> dict[str, Any]:
        """What the newest journal entry says."""
        rows = {int(str(row[SEQ])): str(row[BODY]) for row in self._rows["journal"]}
        told: dict[str, Any] = json.loads(rows[max(rows)])
        return told


@contextmanager
def watching(url: str) -> Iterator[Watch]:
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            yield Watch(connection)
    finally:
        engine.dispose()


def owed(played: Played, changed: dict[str, int], signers: set[str]) -> dict[str, int]:
    """The rows that the step may leave; the optional ones only where something came of them.

    `signers` are those who have a key already, and then also who signs here.
    """
    outcome = played.outcome
    assert outcome is not None
    rows = dict(LEAVES.get(played.step.do, FILED)) if outcome.done else dict(JOURNAL)
    if outcome.alerts:
        rows["alert"] = changed.get("alert", 0)
    if outcome.done:
        # Who has a part in the matter, and what it is found by: told by the act, where it changes.
        rows |= {name: changed[name] for name in DERIVED if name in changed}
    if outcome.done and every_command(KINDS)[played.step.do].signed:
        rows |= {"signature": 1, **({} if played.actor in signers else {"signing_key": 1})}
        signers.add(played.actor)
    if played.step.sent_in is not None:
        rows["submission"] = len(played.step.sent_in)
    if played.step.key is not None and outcome.done:
        rows["request"] = 1
    if played.step.do == "propose" and "procedure_version" in changed:
        rows["procedure_version"] = 1
    untabled = list(as_list((outcome.result or {}).get("untabled")))
    if untabled:
        # Each matter that leaves the agenda has an entry of its own.
        rows |= {**FILED, "journal": 1 + len(untabled), "agenda_item": 0}
        rows["record"] = len(untabled)
    return rows


@pytest.mark.parametrize("name", COURSES)
def test_a_step_leaves_exactly_its_rows(name: str, database_url: str) -> None:
    written, signers = scenario(name), set[str]()
    with stage(database_url, profile=written.profile) as set_stage, watching(database_url) as watch:
        for played in play(written, set_stage):
            changed = watch.changed()
            if played.outcome is None or played.outcome.replayed:
                assert changed == {}
                continue
            assert changed == owed(played, changed, signers), (played.number, played.step.do)
            body = watch.last_entry()
            assert body["command"] == played.step.do
            assert body["status"] == ("done" if played.outcome.done else "refused")
            assert (body["actor"], body["principal"]) == (played.actor, played.principal)
            assert [each["code"] for each in body.get("refusals", ())] == [
                unmet.code for unmet in played.outcome.refusals
            ]


def test_every_command_is_tried_here_or_by_a_case_of_its_own() -> None:
    done = {step.do for name in COURSES for step in scenario(name).steps if step.expect == "done"}
    known = CORE.keys() | {act for kind in KINDS.values() for act in kind.acts}
    assert done | CASES.keys() | ELSEWHERE == known
