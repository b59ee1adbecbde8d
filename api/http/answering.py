"""Answers: data as JSON, with its version, and conditions in the caller's words."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from api.http.door import Call
from api.http.etags import tag
from api.presenting.refusals import Refusals
from procedures.dates import ChinaDays
from procedures.wording import Wording
from workflow.canonical import unmet_to_json
from workflow.decisions.options import Option
from workflow.inquiry import Standing
from workflow.meeting import Meeting
from workflow.refusals import Unmet

MATTER = "matter"
MEETING = "meeting"


def answer(
    data: object, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Data as an answer."""
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Response(told, status, None if headers is None else dict(headers), "application/json")


def days_of(call: Call) -> ChinaDays:
    """The days of the organisation of whoever calls."""
    return call.house.days_of(call.organisation)


def matter_tag(call: Call, number: str, version: int) -> str:
    """The entity tag of a matter."""
    return tag(call.organisation, MATTER, number, version)


def meeting_tag(call: Call, meeting: Meeting) -> str:
    """The entity tag of a meeting."""
    return tag(call.organisation, MEETING, meeting.code, meeting.mark)


def of_matter(call: Call, standing: Standing, data: object) -> Response:
    """An answer about a matter, with the tag that a change of it has to name."""
    facts = standing.facts
    return answer(data, headers={"ETag": matter_tag(call, facts.number, facts.version)})


def words_of(call: Call, standing: Standing | None = None) -> Refusals:
    """Words for what concerns one matter, or none."""
    if standing is not None:
        wording = Wording(call.catalogue, standing.procedure, standing.directory)
        return Refusals(call.catalogue, wording, standing.directory, standing.facts, standing.today)
    procedure, directory = call.ask.words()
    wording = Wording(call.catalogue, procedure, directory)
    return Refusals(call.catalogue, wording, directory, None, today(call))


def today(call: Call) -> date:
    """The business date of the caller's organisation."""
    zone = ZoneInfo(call.ask.organisation().time_zone)
    return call.house.clock.now().astimezone(zone).date()


def conditions(words: Refusals, unmet: Iterable[Unmet]) -> list[dict[str, Any]]:
    """Conditions for programs and in words, in one."""
    return [condition(words, each) for each in unmet]


def condition(words: Refusals, unmet: Unmet) -> dict[str, Any]:
    """One condition."""
    worded = words.as_data(unmet)
    return {**unmet_to_json(unmet), **worded, "earliest": _day(unmet), "when": worded["earliest"]}


def options_data(call: Call, words: Refusals, found: Iterable[Option]) -> dict[str, Any]:
    """What may be done and what not, each with its reasons."""
    specs = call.house.service.specs
    return {
        "options": [
            {
                "command": each.command,
                "title": call.catalogue.text(f"command.{each.command}.title"),
                "about": specs[each.command].subject.value,
                "step": each.step,
                "rule": each.rule,
                "required": each.required,
                "allowed": each.allowed,
                "refusals": conditions(words, each.unmet),
            }
            for each in found
        ]
    }


def _day(unmet: Unmet) -> str | None:
    return None if unmet.earliest is None else unmet.earliest.isoformat()
