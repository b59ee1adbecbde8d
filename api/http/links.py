"""What leads where: from an answer to the requests that it makes possible (links of OpenAPI).

They follow from the addresses in the table of routes.  A *place* is a question about one thing
(`…/matters/{number}`).  From it lead links to everything asked of that thing or done to it, with
the version that its answer told where a change has to name one.  What has to be told is only where
a thing is named first: `NAMED`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from api.http.table import Entry

Parameters = Mapping[str, str]

_PART: Final = re.compile(r"\{(\w+)\}")
_VERSION: Final = {"header.If-Match": "$response.header.ETag"}
_ITEM: Final = "$response.body#/items/0"
_HERE: Final = "$request.path"


@dataclass(frozen=True, slots=True)
class Lead:
    """From the good answers of one operation to another, which takes this from it."""

    source: str
    target: str
    parameters: Parameters = field(default_factory=dict)
    body: Parameters = field(default_factory=dict)

    def told(self) -> dict[str, object]:
        """The link in the words of OpenAPI."""
        found: dict[str, object] = {"operationId": self.target}
        if self.parameters:
            found["parameters"] = dict(self.parameters)
        if self.body:
            found["requestBody"] = dict(self.body)
        return found


def _public(place: str) -> Lead:
    given = {"path.organisation": f"{_HERE}.organisation", "path.key": f"{_ITEM}/key"}
    return Lead(f"{place}s", place, given)


def _receipt(target: str) -> Lead:
    given = {"path.organisation": f"{_HERE}.organisation"}
    return Lead("submit_opinion", target, given, {"receipt": "$response.body#/receipt"})


#: Where a thing is named first, and where it is looked at.
NAMED: Final = (
    Lead("propose", "matter", {"path.number": "$response.body#/matter"}),
    Lead("propose", "matter_options", {"path.number": "$response.body#/matter"}),
    Lead("matters", "matter", {"path.number": f"{_ITEM}/matter"}),
    Lead("departures", "matter", {"path.number": f"{_ITEM}/matter"}),
    Lead("convene_meeting", "meeting", {"path.code": "$response.body#/meeting"}),
    Lead("meetings", "meeting", {"path.code": f"{_ITEM}/meeting"}),
    Lead("meeting", "propose_agenda_item", {"query.meeting": f"{_HERE}.code"}),
    Lead("meeting", "matter", {"path.number": "$response.body#/agenda/0/matter"}),
    Lead(
        "drafts",
        "draft",
        {"path.number": f"{_HERE}.number", "path.draft": "$response.body#/drafts/0/number"},
    ),
    Lead(
        "drafts",
        "draft_differences",
        {
            "path.number": f"{_HERE}.number",
            "path.a": "$response.body#/drafts/0/number",
            "path.b": "$response.body#/drafts/1/number",
        },
    ),
    Lead("add_file", "file", {"path.file": "$response.body#/id"}),
    Lead("files", "file", {"path.file": f"{_ITEM}/id"}),
    Lead("matter_files", "file", {"path.file": f"{_ITEM}/id"}),
    Lead("journal", "journal_entry", {"path.entry": f"{_ITEM}/entry"}),
    Lead("matter_journal", "journal_entry", {"path.entry": f"{_ITEM}/entry"}),
    Lead("procedures", "procedure", {"path.procedure": "$response.body#/0/id"}),
    Lead("commands", "command", {"path.name": "$response.body#/0/name"}),
    Lead("options", "command", {"path.name": "$response.body#/options/0/command"}),
    Lead("accounts", "account", {"path.name": f"{_ITEM}/account"}),
    Lead("make_account", "account", {"path.name": "$request.body#/account"}),
    Lead("tokens", "revoke_token", {"path.token": f"{_ITEM}/id"}),
    Lead("make_token", "revoke_token", {"path.token": "$response.body#/id"}),
    Lead("make_token", "tokens"),
    *(
        Lead("inbox", name, {"path.alert": f"{_ITEM}/id"})
        for name in ("read_alert", "acknowledge_alert")
    ),
    Lead("preferences", "prefer", _VERSION),
    Lead("deliveries", "resend_delivery", {"path.delivery": f"{_ITEM}/id"}),
    Lead("feeds", "revoke_feed", {"path.feed": f"{_ITEM}/feed"}),
    Lead("make_feed", "feed_calendar", {"path.secret": "$response.body#/secret"}),
    Lead("sign_in", "session"),
    Lead("open_link", "redeem_link", body={"token": "$request.body#/token"}),
    *(Lead("session", name) for name in ("sign_out", "confirm_password", "inbox", "tokens")),
    *(
        Lead("session", name, {"path.organisation": "$response.body#/organisation"})
        for name in ("public_calls", "public_hearings", "public_decisions", "public_feedbacks")
    ),
    *map(_public, ("public_call", "public_hearing", "public_decision", "public_feedback")),
    *map(_receipt, ("submission_outcome", "delete_submission_person")),
)


def leads(entries: Iterable[Entry]) -> tuple[Lead, ...]:
    """Every link, in the order of the table; each pair of operations once."""
    known = tuple(entries)
    found = {(each.source, each.target): each for each in NAMED}
    for place in known:
        if place.method == "GET" and place.path.endswith("}"):
            for each in known:
                if each.path.startswith(f"{place.path}/"):
                    found.setdefault((place.name, each.name), _to(place, each))
    return tuple(found.values())


def _to(place: Entry, other: Entry) -> Lead:
    """From a place to what is asked or done there."""
    shared = {f"path.{part}": f"{_HERE}.{part}" for part in _PART.findall(place.path)}
    return Lead(place.name, other.name, shared | (_VERSION if other.versioned else {}))
