"""Watchpoints and notices as JSON, as the database keeps them. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from notifications.due import Notice, Seen, Told
from notifications.watchpoints import About, Watchpoint
from workflow.canonical import canonical
from workflow.definition import Citation, Holder, Text


def point_to_json(point: Watchpoint) -> dict[str, object]:
    """A watchpoint as plain data."""
    return {
        "about": point.about.value,
        "rule": point.rule,
        "by": point.by.isoformat(),
        "since": point.since.isoformat(),
        "step": point.step,
        "act": point.act,
        "entry": point.entry,
        "kind": point.kind,
        "holders": [[each.role, each.of] for each in point.holders],
        "people": None if point.people is None else list(point.people),
        "citations": [[each.instrument, each.article, each.confidence] for each in point.citations],
        "provisional": point.provisional,
        "frozen": point.frozen,
        "meeting": point.meeting,
        "ends": None if point.ends is None else point.ends.isoformat(),
        "tally": [list(each) for each in point.tally],
        "name": None if point.name is None else [point.name.zh, point.name.en],
    }


def point_from_json(kept: Mapping[str, Any]) -> Watchpoint:
    """The same back again."""
    people, ends, name = kept["people"], kept["ends"], kept.get("name")
    return Watchpoint(
        about=About(kept["about"]),
        rule=kept["rule"],
        by=date.fromisoformat(kept["by"]),
        since=date.fromisoformat(kept["since"]),
        step=kept["step"],
        act=kept["act"],
        entry=kept["entry"],
        kind=kept["kind"],
        holders=tuple(Holder(*each) for each in kept["holders"]),
        people=None if people is None else tuple(people),
        citations=tuple(Citation(*each) for each in kept["citations"]),
        provisional=kept["provisional"],
        frozen=kept["frozen"],
        meeting=kept["meeting"],
        ends=None if ends is None else date.fromisoformat(ends),
        tally=tuple((matter, command, count) for matter, command, count in kept["tally"]),
        name=None if name is None else Text(*name),
    )


def seen_to_row(seen: Seen) -> dict[str, object]:
    """A row of what was seen, but for the organisation and the subject."""
    point = seen.point
    return {
        "point": point.point,
        "by": point.by,
        "provisional": point.provisional,
        "told": " ".join(seen.told),
        "body": canonical({"point": point_to_json(point), "acts": seen.acts}),
    }


def seen_from_row(told: str, body: str) -> Seen:
    """What such a row tells."""
    kept = json.loads(body)
    return Seen(point_from_json(kept["point"]), tuple(told.split()), kept["acts"])


def notice_to_json(notice: Notice) -> dict[str, object]:
    """What the words of a notice are made of, as an alert keeps it."""
    return {
        "rule": notice.rule.id,
        "threshold": notice.threshold,
        "when": notice.when,
        "point": point_to_json(notice.point),
        "late": notice.late,
        "was": None if notice.was is None else notice.was.isoformat(),
        "cause": notice.cause,
        "cite": [[each.instrument, each.article, each.confidence] for each in notice.rule.cite],
    }


def told_from_row(row: Any) -> Told:  # noqa: ANN401 (a row of the database)
    """An alert that stands, from its row."""
    point = point_from_json(json.loads(row.body)["notice"]["point"])
    return Told(
        id=row.id,
        rule=row.rule,
        threshold=row.threshold,
        point=point.point,
        by=point.by,
        day=row.day,
        acknowledged=row.acknowledged_at is not None,
        escalated=row.escalated,
    )
