"""Alerts that tell of files: of each nothing but its id, for a name can be a secret as well."""

from __future__ import annotations

from datetime import date, datetime

from workflow.canonical import canonical
from workflow.definition import AlertOn
from workflow.files import CONFIRM_QUARANTINE


def file_alert(
    kind: str,
    recipient: str,
    file: str,
    *,
    actor: str,
    procedure: str,
    day: date,
    at: datetime,
    until: date | None = None,
) -> dict[str, object]:
    """An alert on a file, once for everybody who is told.

    `actor` uploaded it; `procedure` is the digest of the definition that words the alert; `until`
    the day on which something becomes of the file.
    """
    body: dict[str, object] = {
        "matter": None,
        "title": "",
        "meeting": None,
        "command": CONFIRM_QUARANTINE,
        "actor": actor,
        "entry": 0,
        "procedure": procedure,
        "on": AlertOn.DONE.value,
        "refusals": [],
        "file": file,
    }
    if until is not None:
        body["until"] = until.isoformat()
    return {
        "key": f"{kind}:{file}:{recipient}",
        "kind": kind,
        "recipient": recipient,
        "matter_id": None,
        "meeting_id": None,
        "day": day,
        "body": canonical(body),
        "count": 1,
        "first_at": at,
        "last_at": at,
    }
