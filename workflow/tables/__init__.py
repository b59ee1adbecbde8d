"""The tables. Their triggers, which hold the promises against raw SQL, stand in the migration.

Every table but `organisation`, `procedure_version` and `waiting_line` carries its organisation, and
foreign keys between rows of an organisation carry it with them, so that nothing crosses over.
Timestamps are instants in UTC; columns named `..._on`, `day`, `since` and `until` are business
dates of the organisation.

The triggers ask for this order within a transaction: matter or meeting, journal, journal head,
draft, record, signing key, signature, review, clearance, agenda item, then the change of the
matter.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Table

from workflow.tables.alerts import AlertRow
from workflow.tables.columns import Id, Instant, Row, metadata
from workflow.tables.deliveries import DeliveryRow, FeedRow, PreferenceRow
from workflow.tables.files import FileRow
from workflow.tables.journals import CheckpointRow, JournalHeadRow, JournalRow, RequestRow
from workflow.tables.lines import WaitingLineRow
from workflow.tables.matters import (
    DocumentNumberRow,
    DraftRow,
    MatterPartyRow,
    MatterRow,
    ProcedureVersionRow,
)
from workflow.tables.meetings import AgendaItemRow, ClearanceRow, MeetingRow, ReviewRow
from workflow.tables.organisations import (
    AppointmentRow,
    MandateRow,
    OrganisationRow,
    PersonRow,
    UnitRow,
)
from workflow.tables.records import (
    CatalogueRecordRow,
    DutyRecordRow,
    HolidayRecordRow,
    ProceedingRow,
    RecordRow,
    RetainerRecordRow,
)
from workflow.tables.signatures import SignatureRow, SigningKeyRow
from workflow.tables.submissions import SubmissionPersonRow, SubmissionRow
from workflow.tables.texts import MatterTextRow
from workflow.tables.wakes import DeadlineSeenRow, WakeRow

__all__ = [
    "SCHEMA_HEAD",
    "AgendaItemRow",
    "AlertRow",
    "AppointmentRow",
    "CatalogueRecordRow",
    "CheckpointRow",
    "ClearanceRow",
    "DeadlineSeenRow",
    "DeliveryRow",
    "DocumentNumberRow",
    "DraftRow",
    "DutyRecordRow",
    "FeedRow",
    "FileRow",
    "HolidayRecordRow",
    "Id",
    "Instant",
    "JournalHeadRow",
    "JournalRow",
    "MandateRow",
    "MatterPartyRow",
    "MatterRow",
    "MatterTextRow",
    "MeetingRow",
    "OrganisationRow",
    "PersonRow",
    "PreferenceRow",
    "ProcedureVersionRow",
    "ProceedingRow",
    "RecordRow",
    "RequestRow",
    "RetainerRecordRow",
    "ReviewRow",
    "Row",
    "SignatureRow",
    "SigningKeyRow",
    "SubmissionPersonRow",
    "SubmissionRow",
    "UnitRow",
    "WaitingLineRow",
    "WakeRow",
    "agenda_item",
    "alert",
    "appointment",
    "catalogue_record",
    "checkpoint",
    "clearance",
    "deadline_seen",
    "delivery",
    "document_number",
    "draft",
    "duty_record",
    "feed",
    "file",
    "holiday_record",
    "journal",
    "journal_head",
    "mandate",
    "matter",
    "matter_party",
    "matter_text",
    "meeting",
    "metadata",
    "organisation",
    "person",
    "preference",
    "procedure_version",
    "proceeding",
    "record",
    "request",
    "retainer_record",
    "review",
    "signature",
    "signing_key",
    "submission",
    "submission_person",
    "unit",
    "waiting_line",
    "wake",
]

SCHEMA_HEAD: Final = "0018"
"""The newest migration that this code knows; revisions are four digits and grow."""


def _table(name: str) -> Table:
    return metadata.tables[name]


# The same tables for SQLAlchemy Core, which the hot paths speak.
organisation: Final = _table("organisation")
unit: Final = _table("unit")
person: Final = _table("person")
appointment: Final = _table("appointment")
mandate: Final = _table("mandate")
procedure_version: Final = _table("procedure_version")
matter: Final = _table("matter")
matter_party: Final = _table("matter_party")
matter_text: Final = _table("matter_text")
draft: Final = _table("draft")
file: Final = _table("file")
record: Final = _table("record")
review: Final = _table("review")
clearance: Final = _table("clearance")
meeting: Final = _table("meeting")
agenda_item: Final = _table("agenda_item")
proceeding: Final = _table("proceeding")
catalogue_record: Final = _table("catalogue_record")
duty_record: Final = _table("duty_record")
holiday_record: Final = _table("holiday_record")
retainer_record: Final = _table("retainer_record")
document_number: Final = _table("document_number")
journal: Final = _table("journal")
journal_head: Final = _table("journal_head")
checkpoint: Final = _table("checkpoint")
alert: Final = _table("alert")
request: Final = _table("request")
signing_key: Final = _table("signing_key")
signature: Final = _table("signature")
submission: Final = _table("submission")
submission_person: Final = _table("submission_person")
waiting_line: Final = _table("waiting_line")
wake: Final = _table("wake")
delivery: Final = _table("delivery")
preference: Final = _table("preference")
feed: Final = _table("feed")
deadline_seen: Final = _table("deadline_seen")
