"""That something could not be delivered, told to somebody who can tell them otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from notifications.policy import UNDELIVERED, DeliveryPolicy
from workflow.canonical import canonical
from workflow.definition import AlertOn
from workflow.service.rulebook import Rulebook
from workflow.store import Store


def tell_undelivered(
    store: Store,
    rules: Rulebook,
    policy: DeliveryPolicy,
    rows: Sequence[Any],
    reason: str,
    day: date,
    at: datetime,
) -> None:
    """An alert a day for each person and channel that could not be reached; more of them count.

    It goes to whom the policy names, and into nobody's inbox for what he himself does not get:
    there the notice stands already.
    """
    recipient, channel = rows[0].recipient, rows[0].channel
    procedure = rules.current(store.home, day).procedure
    body = canonical(
        {
            "matter": None,
            "title": "",
            "meeting": None,
            "command": UNDELIVERED,
            "actor": recipient,
            "entry": 0,
            "procedure": procedure.digest,
            "on": AlertOn.DONE.value,
            "refusals": [],
            "channel": channel,
            "reason": reason,
        }
    )
    for held in rules.directory(store).people(policy.failures_to.holders, None, day):
        if held.person == recipient:
            continue
        store.add_alert(
            {
                "key": f"{UNDELIVERED}:{channel}:{recipient}:{held.person}:{day.isoformat()}",
                "kind": UNDELIVERED,
                "recipient": held.person,
                "matter_id": None,
                "meeting_id": None,
                "day": day,
                "body": body,
                "count": 1,
                "first_at": at,
                "last_at": at,
            }
        )
