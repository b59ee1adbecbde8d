"""`yicheng journal`: the record, verified and shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

from api.cli.failing import REFUSED
from api.cli.forms import LISTED, WholeNumber
from api.cli.invocation import current
from api.cli.shell import Command, Group, Option
from api.presenting.page import Style
from workflow.catalogue import Catalogue


def _verify() -> int:
    from api.presenting.audits import write_audit

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        audit = house.inquiry.audit(organisation)
    if invocation.as_json:
        flaws = [
            {
                "entry": flaw.seq,
                "code": flaw.code,
                "message": invocation.catalogue.text(f"audit.flaw.{flaw.code}", entry=flaw.seq),
            }
            for flaw in audit.flaws
        ]
        head = {"entry": audit.head.seq, "digest": audit.head.digest}
        invocation.give({"entries": audit.entries, "head": head, "flaws": flaws})
    else:
        write_audit(invocation.page, invocation.catalogue, audit)
    return REFUSED if audit.flaws else 0


def _show(after: int, limit: int) -> None:
    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        zone = ZoneInfo(house.inquiry.organisation(organisation).time_zone)
        # One more than is shown tells whether there are more.
        found = islice(house.inquiry.entries(organisation, after), limit + 1)
        entries = [json.loads(entry.body) | {"digest": entry.digest} for entry in found]
    bodies = entries[:limit]
    if invocation.as_json:
        invocation.give(bodies)
        return
    catalogue, page = invocation.catalogue, invocation.page
    for body in bodies:
        at = datetime.fromisoformat(body["at"]).astimezone(zone)
        status = catalogue.text(f"audit.status.{body['status']}")
        page.line(
            catalogue.text(
                "audit.entry",
                entry=body["seq"],
                at=at,
                actor=_who(catalogue, body),
                command=_title(catalogue, body["command"]),
                status=status,
            )
        )
        for name in ("matter", "meeting"):
            if body.get(name):
                page.line(catalogue.text(f"audit.{name}", number=body[name]), first="    ")
        for refusal in body.get("refusals", ()):
            page.line(refusal["code"], first="    - ")
        page.line(body["digest"], first="    ", style=Style.QUIET)
    if bodies and len(entries) > limit:
        page.line(catalogue.text("audit.more", entry=bodies[-1]["seq"]), style=Style.QUIET)


def _who(catalogue: Catalogue, body: Mapping[str, Any]) -> str:
    """The account that acted, and the one in whose place."""
    if body.get("principal") is None:
        return str(body["actor"])
    told = {"agent": body["actor"], "principal": body["principal"]}
    return catalogue.text("departure.for_another", **told)


def _title(catalogue: Catalogue, command: str) -> str:
    code = f"command.{command}.title"
    return catalogue.text(code) if code in catalogue else catalogue.text("audit.founded")


command = Group("journal", {"verify": "api.cli.journal:verify", "show": "api.cli.journal:show"})
verify = Command("journal.verify", callback=_verify)
show = Command(
    "journal.show",
    callback=_show,
    params=[
        Option("--after", about="after", type=WholeNumber(), default=0, metavar="N"),
        Option("--limit", about="limit", type=WholeNumber(), default=LISTED, metavar="N"),
    ],
)
