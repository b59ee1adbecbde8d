"""What became of every opinion (意见采纳情况表), as it stands on file or without identities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from api.presenting.paper import template
from procedures.masking import MASK, masked
from procedures.opinions import COUNSEL, Answer, answers, heard, only_counsel, tables, unanswered
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.inquiry import Standing

_SOURCES: Final = (
    "public",
    "participation",
    "department",
    "hearing",
    "group",
    "expert",
    "counsel",
)
_UNITS: Final = "department"
_PEOPLE: Final = "expert"
#: What somebody wrote, and may have written personal data into.
_WRITTEN: Final = ("summary", "reason", "passage")


def adoption_data(standing: Standing, *, identities: bool) -> dict[str, Any]:
    """The table for programs.

    Without `identities` no person is named, and what was written is free of telephone numbers,
    addresses and the like; units are named, for they are no persons, and what counsel advised is
    left out, for it is not the public's.
    """
    facts = standing.facts
    given, filed = heard(facts), tables(standing.procedure, facts)
    table = answers(filed, given)
    parts = [record for record in filed if identities or not only_counsel(record)]
    published = facts.last("publish_adoption")
    clean = str if identities else _cleaner(table)
    return {
        "matter": facts.number,
        "title": clean(facts.title),
        "identities": identities,
        "statement": clean(parts[-1].text("statement")) if parts else None,
        "opinions": [
            _entry(answer, clean, identities=identities)
            for answer in sorted(table.values(), key=_place)
            if identities or answer.source != COUNSEL
        ],
        "unanswered": {
            source: list(keys) if identities or source != _PEOPLE else [len(keys)]
            for source, keys in unanswered(given, table).items()
            if identities or source != COUNSEL
        },
        "published": None
        if published is None
        else {
            "place": clean(published.text("place")),
            "published_on": published.text("published_on"),
            "looked_over_by": published.text("looked_over_by") if identities else None,
        },
    }


def adoption_table(
    catalogue: Catalogue, standing: Standing, *, identities: bool, width: int = 76
) -> str:
    """The table in words, source by source."""
    wording = Wording(catalogue, standing.procedure, standing.directory)
    data = adoption_data(standing, identities=identities)
    sources = [
        {
            "name": wording.choice("opinion_source", source),
            "entries": [
                _worded(catalogue, wording, entry)
                for entry in data["opinions"]
                if entry["source"] == source
            ],
            "unanswered": _unanswered(catalogue, wording, source, data),
        }
        for source in _SOURCES
    ]
    shown = [source for source in sources if source["entries"] or source["unanswered"]]
    published = data["published"]
    if published is not None and published["looked_over_by"]:
        published["looked_over_by"] = wording.person(published["looked_over_by"])
    found = template("adoption_table", catalogue.locale, width)
    unit = standing.facts.lead_unit or standing.facts.proposing_unit
    return found.render(data | {"sources": shown, "lead_unit": wording.unit(unit)})


def _cleaner(table: Mapping[tuple[str, str], Answer]) -> Callable[[str], str]:
    """Takes out what is personal by its form, and the name of everybody whom the table names."""
    given = (a.entry.get("party") for a in table.values() if a.source not in (_UNITS, _PEOPLE))
    names = sorted({str(name) for name in given if name}, key=len, reverse=True)

    def clean(text: str) -> str:
        for name in names:
            text = text.replace(name, MASK)
        return masked(text)

    return clean


def _entry(answer: Answer, clean: Callable[[str], str], *, identities: bool) -> dict[str, Any]:
    entry = answer.entry
    named = identities or answer.source == _UNITS
    kept = {
        "source": answer.source,
        "number": entry.get("number"),
        "party": entry.get("party") if named else None,
        "disposition": entry["disposition"],
        "draft": entry.get("draft"),
    }
    return kept | {
        key: None if entry.get(key) is None else clean(str(entry[key])) for key in _WRITTEN
    }


def _worded(
    catalogue: Catalogue, wording: Wording, entry: Mapping[str, Any]
) -> Mapping[str, object]:
    party = entry["party"]
    if party is not None:
        party = wording.unit(party) if entry["source"] == _UNITS else wording.person(party)
    label = "" if entry["number"] is None else catalogue.text("adoption.number", **entry)
    return {
        **entry,
        "label": label,
        "party": party,
        "disposition": wording.choice("disposition", entry["disposition"]),
    }


def _unanswered(
    catalogue: Catalogue, wording: Wording, source: str, data: Mapping[str, Any]
) -> str | None:
    """Which opinions of a source have no answer; of experts only how many, where unnamed."""
    keys = data["unanswered"].get(source)
    if keys is None:
        return None
    if source == _UNITS:
        keys = [wording.unit(key) for key in keys]
    elif source == _PEOPLE and data["identities"]:
        keys = [wording.person(key) for key in keys]
    elif source == _PEOPLE:
        return catalogue.text("adoption.unanswered_count", count=keys[0])
    return catalogue.text("adoption.unanswered", items=keys)


def _place(answer: Answer) -> tuple[int, int, str]:
    number = int(answer.key) if answer.key.isdecimal() else 0
    return _SOURCES.index(answer.source), number, answer.key
