"""`yicheng journal`: the record, verified and shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from api.cli.failing import REFUSED
from api.cli.forms import LISTED, WholeNumber
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Group, Option
from api.presenting.page import Style
from workflow.catalogue import Catalogue

if TYPE_CHECKING:
    from workflow.anchoring import Trust


def _verify(bundle: str | None, pins: tuple[str, ...], shown: tuple[str, ...]) -> int:
    """Of the database, or of a bundle: then without a database, a network or any setting."""
    from api.record.ledger import handed
    from api.record.pins import pinned
    from workflow.anchoring import Trust

    invocation = current()
    given = Trust(
        pins=tuple(each for named in pins for each in pinned(named)),
        handed=tuple(each for file in shown for each in handed(Path(file))),
        demanded=bool(pins),
    )
    if bundle is not None:
        return _verify_bundle(Path(bundle), given)
    from api.presenting.audits import write_audit
    from api.presenting.record import coverage_data, flaw_data, signers_data, turns_data

    with invocation.house() as house:
        organisation = invocation.organisation(house)
        own = house.checkpointing.trust()
        trust = replace(given, pins=given.pins or own.pins, kept=own.kept)
        audit = house.inquiry.audit(organisation, trust)
    if invocation.as_json:
        flaws = [flaw_data(invocation.catalogue, flaw) for flaw in audit.flaws]
        head = {"entry": audit.head.seq, "digest": audit.head.digest}
        coverage = coverage_data(audit.coverage, audit.head.seq)
        invocation.give(
            {
                "entries": audit.entries,
                "head": head,
                "flaws": flaws,
                "coverage": coverage,
                "signers": signers_data(audit.signers),
                "clock_set_back": turns_data(audit.turns),
            }
        )
    else:
        write_audit(invocation.page, invocation.catalogue, audit)
    return REFUSED if audit.flaws else 0


def _verify_bundle(path: Path, trust: Trust) -> int:
    from api.presenting.record import report_data, write_report
    from api.record.bundles import read_bundle

    invocation = current()
    report = read_bundle(path, trust)
    if invocation.as_json:
        invocation.give(report_data(invocation.catalogue, report))
    else:
        write_report(invocation.page, invocation.catalogue, report)
    return REFUSED if report.flaws else 0


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


command = Group(
    "journal",
    {
        "verify": "api.cli.journal:verify",
        "show": "api.cli.journal:show",
        "key": "api.cli.journal_record:key",
        "checkpoint": "api.cli.journal_record:checkpoint",
        "export": "api.cli.journal_record:export",
    },
)
verify = Command(
    "journal.verify",
    callback=_verify,
    params=[
        Argument("bundle", about="bundle", required=False),
        Option("--key", "pins", about="pin", metavar="FINGERPRINT|FILE", multiple=True),
        Option("--checkpoint", "shown", about="shown", metavar="FILE", multiple=True),
    ],
)
show = Command(
    "journal.show",
    callback=_show,
    params=[
        Option("--after", about="after", type=WholeNumber(), default=0, metavar="N"),
        Option("--limit", about="limit", type=WholeNumber(), default=LISTED, metavar="N"),
    ],
)
