"""The public side: what everybody may see and send, and nothing that was not made public."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from pydantic import TypeAdapter

from api.http.errors import NOTE
from api.http.shapes import public as told
from api.http.table import Entry, Table
from api.http.turnstile import Rates, Turnstile, shipped_rates
from tests.integration.house import (
    CLERK,
    CLOSE,
    HEAD,
    LOCAL,
    PLAIN,
    PUBLISH,
    WITHDRAW,
    Act,
    Zone,
)
from tests.integration.http.caller import Caller, calling

HOME = "/api/v1/public/jiyuan_htz"


@dataclass
class Visitor:
    """Somebody whom nobody knows."""

    caller: Caller

    @property
    def zone(self) -> Zone:
        return self.caller.zone

    def get(self, path: str, **how: Any) -> httpx.Response:
        return self.caller.client.request("GET", HOME + path, **how)

    def post(self, path: str, body: object, **how: Any) -> httpx.Response:
        return self.caller.client.request("POST", HOME + path, json=body, **how)

    def send(self, key: str, text: str = "请缓行", **how: Any) -> httpx.Response:
        return self.post(f"/calls/{key}/submissions", {"text": text}, **how)

    def called(self) -> str:
        """A call that runs; its key."""
        self.zone.advance_to("drafted", PLAIN)
        self.zone.do(PUBLISH)
        return str(self.get("/calls").json()["items"][0]["key"])

    def slow(self, **rate: int) -> None:
        """Let only so many in."""
        given = shipped_rates().model_dump()
        given["per_call"] |= rate
        door = self.caller.app.state.door
        object.__setattr__(door, "turnstile", Turnstile(Rates.model_validate(given), b"x"))


@pytest.fixture
def visitor(zone: Zone) -> Iterator[Visitor]:
    with calling(zone) as caller:
        yield Visitor(caller)


def test_a_call_is_seen_with_its_text_and_hour_and_nothing_else(visitor: Visitor) -> None:
    assert visitor.get("/calls").json() == {"items": [], "next": None}
    key = visitor.called()
    found = visitor.get(f"/calls/{key}").json()
    TypeAdapter(told.PublicCall).validate_python(found)
    assert found["running"] is True
    end = datetime.fromisoformat(found["ends_at"])
    assert end.utcoffset() == timedelta(hours=8)
    assert (end - timedelta(seconds=1)).date().isoformat() == found["closes_on"]
    assert visitor.get(f"/calls/{key}/text").json()["text"].startswith("第一条")
    raw = visitor.get(f"/calls/{key}").text
    zone = visitor.zone
    for hidden in (str(zone.matter), CLERK, "drafting", "planning_construction"):
        assert hidden not in raw
    visitor.zone.do(WITHDRAW.by(HEAD))
    # A withdrawal that nobody published is not to be seen.
    assert visitor.get(f"/calls/{key}").text == raw


def test_an_opinion_is_sent_followed_and_its_sender_forgotten(visitor: Visitor) -> None:
    key = visitor.called()
    body = {"text": "请缓行", "person": {"name": "某甲", "contact": "13800138000"}}
    given = visitor.post(f"/calls/{key}/submissions", body)
    assert given.status_code == 201, given.text
    receipt = TypeAdapter(told.SubmissionReceipt).validate_json(given.text)
    assert not receipt.late
    found = visitor.post("/outcomes", {"receipt": receipt.receipt.lower()})
    assert TypeAdapter(told.SubmissionOutcome).validate_json(found.text).state == "received"
    # Those who work on the matter read it; who sent it they do not.
    staff = visitor.caller.get(f"/api/v1/matters/{visitor.zone.matter}/submissions", CLERK)
    assert [each["text"] for each in staff.json()["items"]] == ["请缓行"]
    assert "某甲" not in staff.text
    assert receipt.receipt not in staff.text
    for left in (True, False):
        gone = visitor.post("/personal-data-deletions", {"receipt": receipt.receipt})
        assert gone.json() == {"deleted": left}
    visitor.zone.do(Act("take_in_opinions", CLERK))
    found = visitor.post("/outcomes", {"receipt": receipt.receipt})
    assert found.json()["state"] == "taken_in"


def test_late_ones_are_kept_and_told_so_in_both_languages(visitor: Visitor) -> None:
    key = visitor.called()
    visitor.zone.wait(46)
    chinese, english = (
        visitor.send(key, headers={"Accept-Language": each}).json() for each in ("zh", "en")
    )
    assert chinese["late"] is english["late"] is True
    assert chinese["message"] != english["message"]
    assert visitor.zone.do(CLOSE.with_(received=0, channel_proof="截图")).done


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_wrong_is_told(visitor: Visitor) -> None:
    key = visitor.called()
    mistyped = visitor.post("/outcomes", {"receipt": "2222"})
    assert (mistyped.status_code, mistyped.json()["code"]) == (422, "submission.receipt_mistyped")
    unknown = visitor.post("/outcomes", {"receipt": "2222-" * 6 + "2222"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown.receipt")
    assert visitor.send("0" * 24).status_code == 404
    assert visitor.send(key, "").status_code == 422
    assert (
        visitor.post(f"/calls/{key}/submissions", {"text": "x", "late": False}).status_code == 422
    )
    elsewhere = visitor.caller.client.request("GET", "/api/v1/public/nobody/calls")
    assert elsewhere.status_code == 404
    for path in ("/hearings", "/decisions", "/feedback"):
        assert visitor.get(path).json()["items"] == []
        assert visitor.get(f"{path}/{key}").status_code == 404


@pytest.mark.parametrize("backend", ["sqlite"])
def test_whoever_has_to_wait_comes_in_with_their_note_and_once(visitor: Visitor) -> None:
    key = visitor.called()
    visitor.slow(requests=2, seconds=20)
    assert [visitor.send(key).status_code for _ in range(3)] == [201, 201, 429]
    told_ = visitor.send(key)
    wait, note = int(told_.headers["retry-after"]), told_.headers[NOTE.lower()]
    assert told_.json()["code"] == "http.too_many"
    assert visitor.send(key, headers={NOTE: note}).status_code == 429
    clock = visitor.zone.house.clock
    clock.set(clock.now() + timedelta(seconds=wait))
    assert visitor.send(key, headers={NOTE: note}).status_code == 201
    assert visitor.send(key, headers={NOTE: note + "0"}).status_code == 429


@pytest.mark.parametrize("backend", ["sqlite"])
def test_nobody_is_made_late_by_waiting(visitor: Visitor) -> None:
    key = visitor.called()
    visitor.slow(requests=1, seconds=30)
    end = datetime.fromisoformat(visitor.get(f"/calls/{key}").json()["ends_at"])
    visitor.zone.house.clock.set(end.astimezone(LOCAL) - timedelta(seconds=5))
    given = [visitor.send(key) for _ in range(4)]
    assert [each.status_code for each in given] == [201] * 4
    assert not any(each.json()["late"] for each in given)


def test_every_question_of_the_public_has_a_page(visitor: Visitor) -> None:
    table: Table = visitor.caller.app.state.table
    lists: list[Entry] = [
        each for each in table.entries if each.path.startswith("/api/v1/public") and each.paged
    ]
    assert len(lists) == 4
    first = visitor.called()
    visitor.zone.wait(1)
    visitor.zone.do(PUBLISH)
    page = visitor.get("/calls?limit=1")
    assert page.json()["items"][0]["key"] != first
    after = visitor.get("/calls", params={"limit": 1, "cursor": page.json()["next"]}).json()
    assert [each["key"] for each in after["items"]] == [first]
    assert (after["items"][0]["replaced"], after["next"]) == (True, None)
