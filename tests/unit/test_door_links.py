"""What leads where follows from the addresses."""

from __future__ import annotations

from api.http.links import leads
from api.http.table import Entry


def entry(method: str, path: str, name: str, *, versioned: bool = False) -> Entry:
    return Entry(method, path, name, "matters", (200,), versioned=versioned)


def test_from_a_place_lead_links_to_all_that_is_asked_or_done_there() -> None:
    found = leads(
        (
            entry("GET", "/m/{number}", "place"),
            entry("GET", "/m/{number}/why", "question"),
            entry("POST", "/m/{number}/acts", "change", versioned=True),
            entry("GET", "/other", "elsewhere"),
        )
    )
    there = {each.target: each.told() for each in found if each.source == "place"}
    assert there == {
        "question": {
            "operationId": "question",
            "parameters": {"path.number": "$request.path.number"},
        },
        # Whoever changes it names the version that they saw.
        "change": {
            "operationId": "change",
            "parameters": {
                "path.number": "$request.path.number",
                "header.If-Match": "$response.header.ETag",
            },
        },
    }


def test_a_link_may_take_nothing_or_only_what_is_sent() -> None:
    told = {(each.source, each.target): each.told() for each in leads(())}
    assert told["sign_in", "session"] == {"operationId": "session"}
    assert told["open_link", "redeem_link"] == {
        "operationId": "redeem_link",
        "requestBody": {"token": "$request.body#/token"},
    }
