"""Waivers, shortened floors and the like of a matter in words, with reason and approver."""

from __future__ import annotations

from typing import Any

from api.presenting.behind import behind
from procedures.departures import Departure, departures
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.inquiry import Standing


def departure_rows(catalogue: Catalogue, standing: Standing) -> list[tuple[str, str]]:
    """Of each departure of a matter its step or act, and a sentence: what, who, when and why."""
    wording = Wording(catalogue, standing.procedure, standing.directory)
    found = departures(standing.procedure, standing.facts)
    return [
        (
            wording.step(each.step) if each.step else wording.command(each.record.command),
            _told(catalogue, wording, each),
        )
        for each in found
    ]


def _told(catalogue: Catalogue, wording: Wording, departure: Departure) -> str:
    return catalogue.text(
        f"departure.{departure.way.value}",
        who=_who(catalogue, wording, departure),
        day=departure.record.filed_on,
        reasons=departure.reasons,
        rule=wording.rule(departure.step, departure.rule),
        until=departure.until,
        usual=departure.usual,
        matters=departure.matters,
        days=departure.days,
    )


def _who(catalogue: Catalogue, wording: Wording, departure: Departure) -> str:
    record = departure.record
    return behind(catalogue, wording, record.actor, record.principal)


def departures_data(standing: Standing) -> list[dict[str, Any]]:
    """The same for programs."""
    return [
        {
            "way": each.way.value,
            "step": each.step or None,
            "rule": each.rule or None,
            "reasons": each.reasons,
            "by": each.record.actor,
            "for": each.record.principal,
            "on": each.record.filed_on.isoformat(),
            "until": None if each.until is None else each.until.isoformat(),
            "matters": list(each.matters),
            "days_overdue": each.days,
            "usual": None if each.usual is None else each.usual.isoformat(),
        }
        for each in departures(standing.procedure, standing.facts)
    ]
