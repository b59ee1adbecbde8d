"""Everything or nothing: whatever breaks on the way, the database is as it was before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final
from unittest.mock import patch

import pytest
from sqlalchemy import Connection, event

from tests.integration import house as h
from tests.integration.house import Act, Zone
from workflow import prepared
from workflow.service import Outcome
from workflow.store import Store


class Broken(Exception):
    """What breaks on purpose."""


@dataclass(frozen=True)
class Try:
    """An act in its place, and the calls that its writing consists of, in order."""

    stage: str
    act: Act
    writes: tuple[str, ...]
    before: tuple[Act, ...] = ()


FILED: Final = ("add_entry", "add_record", "change_parties", "move_matter", "wake", "add_request")
ALERTED: Final = ("add_entry", *("add_alert",) * 6, "add_request")
TRIES: Final = {
    "propose": Try(
        "",
        h.propose(),
        (
            "procedure_version",
            "add_matter",
            "add_entry",
            "add_record",
            "change_parties",
            "tell",
            "wake",
            "add_request",
        ),
    ),
    "study": Try(
        "proposed",
        h.STUDY,
        ("add_entry", "add_record", "change_parties", "tell", "move_matter", "wake", "add_request"),
    ),
    "assign": Try("started", h.ASSIGN, FILED),
    "revise_draft": Try(
        "drafted",
        h.REWRITE,
        (
            "add_entry",
            "add_draft",
            "add_record",
            "change_parties",
            "tell",
            "move_matter",
            "wake",
            "add_request",
        ),
    ),
    "pause": Try("drafting", h.PAUSE, FILED),
    "give_review_verdict": Try(
        "under_review",
        h.VERDICT,
        (
            "add_entry",
            "add_record",
            "change_parties",
            "add_signing_key",
            "add_signature",
            "add_review",
            "move_matter",
            "wake",
            "add_request",
        ),
    ),
    "convene_meeting": Try("", h.CONVENE, ("add_meeting", "add_entry", "wake", "add_request")),
    "propose_agenda_item": Try(
        "review_passed",
        h.TABLE,
        (
            "add_entry",
            "add_record",
            "change_parties",
            "table",
            "move_matter",
            "wake",
            "add_request",
        ),
        (h.CONVENE,),
    ),
    "remove_agenda_item": Try(
        "tabled",
        h.UNTABLE,
        (
            "add_entry",
            "untable",
            "add_record",
            "change_parties",
            "move_matter",
            "wake",
            "add_alert",
            "add_alert",
            "add_request",
        ),
    ),
    "freeze_agenda": Try(
        "tabled", h.FREEZE, ("add_entry", "change_meeting", "add_proceeding", "wake", "add_request")
    ),
    "grant_mandate": Try("", h.grant(h.CLERK), ("add_entry", "add_mandate", "wake", "add_request")),
    "appoint": Try("", h.APPOINT, ("add_entry", "add_appointment", "wake", "add_request")),
    "end_appointment": Try("", h.DISMISS, ("add_entry", "end_appointment", "wake", "add_request")),
    "file_retainer": Try("", h.RETAIN, ("add_entry", "add_retainer_record", "wake", "add_request")),
    "end_mandate": Try(
        "",
        Act("end_mandate", h.REVIEWER, h.always(mandate=1, reasons="已返岗"), about=""),
        ("add_entry", "end_mandate", "wake", "add_request"),
        (h.grant(h.CLERK),),
    ),
    "a refusal": Try("ready", h.TABLE, ALERTED, (h.CONVENE,)),
}
READS: Final = {
    "matter",
    "meeting",
    "lock_head",
    "request",
    "directory",
    "every_matter",
    "procedure_source",
    "draft_text",
    "catalogue",
    "with_waiting",
    "files_and_copies",
    "files_named",
    "kept_from",
    "kept_signatures",
    "signing_key",
}


@contextmanager
def breaking(at: int, *, after: bool) -> Iterator[list[str]]:
    """Break before or after the call to the store of that number; gives the calls made."""
    calls: list[str] = []

    def breakable(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*given: Any, **named: Any) -> Any:
            calls.append(name)
            here = len(calls) == at
            if here and not after:
                raise Broken
            result = real(*given, **named)
            if here:
                raise Broken
            return result

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in dir(Store):
            if not name.startswith("_") and callable(getattr(Store, name)):
                patch.setattr(Store, name, breakable(name, getattr(Store, name)))
        yield calls


@contextmanager
def breaking_statement(zone: Zone, at: int) -> Iterator[list[str]]:
    """Break before the statement of that number reaches the database."""
    statements: list[str] = []

    def note(statement: str) -> None:
        statements.append(statement)
        if len(statements) == at:
            raise Broken

    def look(_: object, __: object, statement: str, *___: object) -> None:
        note(statement)

    def send(connection: Connection, statement: str, values: object) -> object:
        note(statement)
        return sent(connection, statement, values)

    sent = prepared.send
    event.listen(zone.house.engine, "before_cursor_execute", look)
    try:
        with patch.object(prepared, "send", send):
            yield statements
    finally:
        event.remove(zone.house.engine, "before_cursor_execute", look)


def place(zone: Zone, name: str) -> Act:
    """Bring the zone to where the act is tried; gives the act."""
    try_ = TRIES[name]
    if try_.stage:
        zone.advance_to(try_.stage)
    for act in try_.before:
        zone.do(act)
    zone.wait(try_.act.wait)
    return replace(try_.act, wait=0)


@pytest.mark.parametrize("name", TRIES)
def test_a_break_at_any_call_to_the_store_leaves_no_trace(name: str, zone: Zone) -> None:
    act = place(zone, name)
    before = zone.everything()
    for at, after in product(range(1, 50), (False, True)):
        with breaking(at, after=after) as calls:
            try:
                outcome: Outcome = zone.try_(act, key="once")
            except Broken:
                assert zone.everything() == before, (calls[-1], after)
                continue
        break
    assert (len(calls), after) == (at - 1, False)
    assert tuple(call for call in calls if call not in READS) == TRIES[name].writes
    assert outcome.done is (name != "a refusal")
    assert zone.everything() != before
    assert zone.flaws() == []


@pytest.mark.parametrize("name", ["revise_draft", "propose_agenda_item", "a refusal"])
def test_a_break_at_any_statement_leaves_no_trace(name: str, zone: Zone) -> None:
    act = place(zone, name)
    before = zone.everything()
    broken = 0
    for at in range(1, 60):
        with breaking_statement(zone, at) as statements:
            try:
                zone.try_(act, key="once")
            except Broken:
                broken += 1
            else:
                break
        assert zone.everything() == before, statements[-1]
    assert broken == len(statements) > len(TRIES[name].writes)
    assert zone.everything() != before
    assert zone.flaws() == []


def test_after_a_break_the_same_request_acts(zone: Zone) -> None:
    zone.advance_to("drafting")
    with breaking(3, after=True), pytest.raises(Broken):
        zone.try_(h.RESEARCH, key="once")
    outcome = zone.do(h.RESEARCH, key="once")
    assert not outcome.replayed
    assert zone.try_(h.RESEARCH, key="once").replayed


@pytest.mark.parametrize("backend", ["sqlite"])
def test_after_a_break_not_even_the_file_differs(zone: Zone) -> None:
    """Bit for bit: nothing of a text that was not taken stays behind in a freed page."""
    zone.advance_to("drafting")
    marker = "绝不留存的文字"
    with breaking(6, after=True) as calls, pytest.raises(Broken):
        zone.try_(h.DRAFT.with_(text=marker))
    assert "add_draft" in calls
    assert marker.encode() not in zone.bytes()
    zone.do(h.DRAFT.with_(text=marker))
    assert marker.encode() in zone.bytes()
