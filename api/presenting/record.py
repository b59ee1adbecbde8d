"""Checkpoints, bundles and how far they vouch for a journal: in words and as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.presenting.page import Page, Style
from workflow.anchoring import Coverage
from workflow.bundle import Report
from workflow.catalogue import Catalogue
from workflow.checkpoints import Checkpoint, grouped
from workflow.journal import Flaw
from workflow.signers import Signer
from workflow.timeline import Turn


def checkpoint_data(found: Checkpoint | None) -> Mapping[str, Any] | None:
    """A checkpoint as data; `handed_out` is the line that is given to others."""
    if found is None:
        return None
    return {
        "number": found.number,
        "entry": found.entry,
        "digest": found.digest,
        "at": found.at.isoformat(),
        "fingerprint": found.fingerprint,
        "handed_out": found.as_json(),
    }


def write_checkpoint(page: Page, catalogue: Catalogue, found: Checkpoint, zone: ZoneInfo) -> None:
    """A checkpoint to be copied onto paper and kept elsewhere."""
    at = found.at.astimezone(zone)
    say = catalogue.text
    page.line(say("record.checkpoint", number=found.number, organisation=found.organisation, at=at))
    page.line(say("record.entry", entry=found.entry), first="  ")
    page.line(say("record.digest", digest=found.digest), first="  ")
    page.line(say("record.fingerprint", fingerprint=grouped(found.fingerprint)), first="  ")
    page.line(found.as_json(), first="  ", style=Style.QUIET)


def flaw_data(catalogue: Catalogue, flaw: Flaw) -> Mapping[str, Any]:
    """A flaw as data."""
    return {"entry": flaw.seq, "code": flaw.code, "message": flaw_text(catalogue, flaw)}


def flaw_text(catalogue: Catalogue, flaw: Flaw) -> str:
    """A flaw in words."""
    told = {name: _shown(value) for name, value in flaw.told}
    return catalogue.text(f"audit.flaw.{flaw.code}", entry=flaw.seq, **told)


def _shown(value: object) -> object:
    """An instant with its zone: whoever reads this may be anywhere."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if isinstance(value, datetime) else value


def coverage_data(coverage: Coverage, head: int) -> Mapping[str, Any]:
    """How far checkpoints vouch, as data."""
    return {
        "checkpoints": coverage.checkpoints,
        "covered_to": coverage.entry,
        "uncovered": max(0, head - coverage.entry),
        "newest": checkpoint_data(coverage.newest),
        "fingerprints": list(coverage.fingerprints),
        "key_named": coverage.pinned,
    }


def write_coverage(page: Page, catalogue: Catalogue, coverage: Coverage, head: int) -> None:
    """How far checkpoints vouch, and by whose word."""
    say, newest = catalogue.text, coverage.newest
    if newest is None:
        page.line(say("record.nothing_covered", head=head))
        return
    page.line(say("record.covered", entry=newest.entry, number=newest.number, at=_shown(newest.at)))
    if head > newest.entry:
        page.line(say("record.uncovered", first=newest.entry + 1, last=head))
    page.line(say("record.fingerprint", fingerprint=grouped(newest.fingerprint)))
    if not coverage.pinned:
        page.line(say("record.own_word"))


def signers_data(signers: Sequence[Signer]) -> list[Mapping[str, Any]]:
    """The keys with which acts are signed, as data."""
    return [asdict(each) for each in signers]


def write_signers(page: Page, catalogue: Catalogue, signers: Sequence[Signer]) -> None:
    """Whose keys signed, by their fingerprints, which somebody compares with what the office told.

    Nothing where none did.
    """
    say = catalogue.text
    if not signers:
        return
    page.line(say("record.signers", count=sum(each.count for each in signers)))
    for each in signers:
        told = {"account": each.account, "algorithm": each.algorithm, "count": each.count}
        page.line(
            say("record.signer", **told, from_entry=each.first, to_entry=each.last), first="  "
        )
        page.line(grouped(each.fingerprint), first="    ", style=Style.QUIET)
    page.line(say("record.compare_signers"))


def turns_data(turns: Sequence[Turn]) -> list[Mapping[str, Any]]:
    """Where the clock was set back, as data."""
    return [
        {"entry": each.seq, "at": each.at.isoformat(), "after": each.after.isoformat()}
        for each in turns
    ]


def write_turns(page: Page, catalogue: Catalogue, turns: Sequence[Turn]) -> None:
    """Where the clock was set back, which somebody has to account for; nothing where nowhere."""
    for each in turns:
        told = {"entry": each.seq, "at": _shown(each.at), "after": _shown(each.after)}
        page.line(catalogue.text("record.clock_set_back", **told), style=Style.WARNING)


def report_data(catalogue: Catalogue, report: Report) -> Mapping[str, Any]:
    """What was found of a bundle, as data."""
    start = report.start
    return {
        "organisation": None if start is None else start.organisation,
        "first": None if start is None else start.first,
        "entries": report.entries,
        "head": {"entry": report.head.seq, "digest": report.head.digest},
        "flaws": [flaw_data(catalogue, flaw) for flaw in report.flaws],
        "more_flaws": report.more,
        "coverage": coverage_data(report.coverage, report.head.seq),
        "signers": signers_data(report.signers),
        "unsigned": report.unsigned,
        "clock_set_back": turns_data(report.turns),
    }


def write_report(page: Page, catalogue: Catalogue, report: Report) -> None:
    """What was found of a bundle."""
    say, start = catalogue.text, report.start
    if start is not None:
        name = start.name.get(catalogue.locale) or start.organisation
        page.line(say("record.bundle", name=name, organisation=start.organisation))
        if start.first > 1:
            page.line(say("record.part", first=start.first))
    if report.flaws:
        flaws = len(report.flaws) + report.more
        page.line(say("record.broken", entries=report.entries, flaws=flaws), style=Style.REFUSED)
        for flaw in report.flaws:
            page.line(flaw_text(catalogue, flaw), first="  - ")
        if report.more:
            page.line(say("record.more_flaws", count=report.more))
    else:
        page.line(say("audit.sound", entries=report.entries), style=Style.DONE)
    page.line(
        say("audit.head", entry=report.head.seq, digest=report.head.digest), style=Style.QUIET
    )
    if start is not None:
        write_coverage(page, catalogue, report.coverage, report.head.seq)
        write_signers(page, catalogue, report.signers)
        if report.unsigned:
            page.line(say("record.unsigned", count=report.unsigned))
        write_turns(page, catalogue, report.turns)
