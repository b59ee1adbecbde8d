"""`yicheng security`: what happened to accounts, read by whoever sits at the machine itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.cli.forms import LISTED, WholeNumber
from api.cli.invocation import current
from api.cli.shell import Command, Group, Option

if TYPE_CHECKING:
    from api.identity.events import Event
    from workflow.catalogue import Catalogue


def _events(after: int, limit: int) -> None:
    from api.presenting.accounts import event_data

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        zone = ZoneInfo(house.inquiry.organisation(organisation).time_zone)
        found = house.identity.administration.view_security_events(None, organisation, after, limit)
    if invocation.as_json:
        invocation.give([event_data(each) for each in found])
        return
    page, catalogue = invocation.page, invocation.catalogue
    for each in found:
        page.line(_line(each, each.at.astimezone(zone), catalogue))
    if not found:
        page.line(catalogue.text("security.none"))


def _line(event: Event, at: datetime, catalogue: Catalogue) -> str:
    say = catalogue.text
    return say(
        "security.line",
        event=event.seq,
        at=at,
        kind=say(f"security.kind.{event.kind}"),
        result=say("security.done" if event.done else "security.refused"),
        reason="" if event.reason is None else say(f"security.reason.{event.reason}"),
        account=event.account or "–",
        actor=event.actor or "–",
        client=event.client or "–",
    )


def _purge() -> None:
    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        gone = house.identity.purging.purge(None, organisation)
    if invocation.as_json:
        invocation.give(dict(gone))
    else:
        invocation.page.line(invocation.catalogue.text("security.purged", **gone))


purge = Command("security.purge", callback=_purge, params=[])
events = Command(
    "security.events",
    callback=_events,
    params=[
        Option("--after", about="after", metavar="N", type=WholeNumber(), default=0),
        Option("--limit", about="limit", metavar="N", type=WholeNumber(), default=LISTED),
    ],
)
command = Group(
    "security", {"events": "api.cli.security:events", "purge": "api.cli.security:purge"}
)
