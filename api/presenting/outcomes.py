"""What became of a command, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from api.presenting.holidays import SHIFTS, ShiftSheet
from api.presenting.page import Page, Style
from api.presenting.refusals import Refusals
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.service import Outcome


def write_outcome(
    page: Page,
    catalogue: Catalogue,
    wording: Wording,
    refusals: Refusals,
    command: str,
    outcome: Outcome,
) -> None:
    """The outcome: what was done, or every reason why not, and who was alerted."""
    say = catalogue.text
    title = wording.command(command)
    if outcome.done:
        page.line(say("outcome.done", command=title), style=Style.DONE)
        if outcome.warnings:
            page.line(say("outcome.warned", count=len(outcome.warnings)), style=Style.REFUSED)
            refusals.write(page, outcome.warnings, indent="  ")
    else:
        count = len(outcome.refusals)
        page.line(say("outcome.refused", command=title, count=count), style=Style.REFUSED)
        refusals.write(page, outcome.refusals, indent="  ")
    result = outcome.result or {}
    rows: list[tuple[str, str]] = []
    if outcome.matter is not None:
        rows.append((say("outcome.matter"), outcome.matter))
    if outcome.meeting is not None:
        rows.append((say("outcome.meeting"), outcome.meeting))
    if outcome.stage is not None:
        rows.append((say("outcome.stage"), wording.stage(outcome.stage)))
    rows += _made(catalogue, result)
    rows.append((say("outcome.entry"), say("outcome.entry_number", entry=outcome.entry)))
    if outcome.alerts:
        people = tuple(wording.person(account) for account in outcome.alerts)
        rows.append((say("outcome.alerts"), say("outcome.people", people=people)))
    page.pairs(rows, indent="  ")
    if SHIFTS in result:
        ShiftSheet(catalogue, wording, result).write(page)
    if outcome.replayed:
        page.line(say("outcome.replayed"), first="  ", style=Style.QUIET)


def _made(catalogue: Catalogue, result: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    say = catalogue.text
    for name, value in result.items():
        if name not in ShiftSheet.told:
            made = tuple(value) if isinstance(value, list) else (value,)
            yield say(f"outcome.made.{name}"), say("outcome.people", people=made)
