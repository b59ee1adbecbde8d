"""Lists that grow are told in pages, and nobody asks faster than anybody works."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.http.settings import DoorSettings
from api.http.turnstile import Rate, shipped_rates
from api.identity.principal import Administrator
from tests.integration.door import CLERK, PASSWORD
from tests.integration.house import HEAD, REWRITE, Zone, grant
from tests.integration.http.browser import Browser, browsing
from tests.integration.http.caller import calling

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


def walked(browser: Browser, path: str, member: str = "items") -> list[Any]:
    """A list to its end, one thing a page."""
    found: list[Any] = []
    address = f"{path}?limit=1"
    while True:
        told = browser.send("GET", address)
        assert told.status_code == 200, told.text
        assert len(told.json()[member]) <= 1
        found += told.json()[member]
        if told.json()["next"] is None:
            assert "link" not in told.headers
            return found
        address = told.headers["link"].partition("</api/v1")[2].partition(">")[0]


def test_what_grows_without_end_is_told_in_pages(zone: Zone, tmp_path: Path) -> None:
    zone.advance_to("drafted")
    zone.do(REWRITE)
    for agent in ("planning.head", "finance.clerk"):
        zone.do(grant(agent, "revise_draft", actor=CLERK))
    with browsing(zone, tmp_path) as browser:
        door = browser.door
        door.join()
        browser.sign_in()
        drafts = walked(browser, f"/matters/{zone.matter}/drafts", "drafts")
        assert [each["number"] for each in drafts] == [1, 2]
        assert len(walked(browser, "/mandates", "mandates")) == 2
        for purpose in ("一", "二"):
            form = {"purpose": purpose, "scopes": ["matters"], "days": 3}
            assert browser.send("POST", "/tokens", form).status_code == 200
        assert [each["purpose"] for each in walked(browser, "/tokens")] == ["一", "二"]
        # A cursor of another list, or one of another kind, is none.
        other = browser.send("GET", "/tokens?limit=1").json()["next"]
        assert browser.send("GET", f"/mandates?cursor={other}").status_code == 400
        door.administrator(Administrator.SYSTEM)
        browser.cookies = {}
        browser.sign_in("administrator.system", PASSWORD)
        whole = browser.send("GET", "/accounts?limit=200").json()["items"]
        assert walked(browser, "/accounts") == whole
        assert len(whole) >= 4


def test_whoever_is_faster_than_anybody_works_waits_and_others_do_not(zone: Zone) -> None:
    three = Rate(requests=3, seconds=30, reason="x")
    rates = shipped_rates().model_copy(update={"per_account": three, "per_token": three})
    with calling(zone, DoorSettings(rates=rates)) as caller:
        found = [caller.get("/api/v1/units", CLERK) for _ in range(4)]
        assert [each.status_code for each in found] == [200, 200, 200, 429]
        assert found[-1].headers["retry-after"] == "10"
        assert found[-1].json()["code"] == "http.too_fast"
        # Another person, and the same person signed in, are let in; after a while so is the token.
        assert caller.get("/api/v1/units", HEAD).status_code == 200
        cookie = {"Cookie": f"__Host-yicheng={CLERK}"}
        told = [
            caller.client.request("GET", "/api/v1/units", headers=cookie).status_code
            for _ in range(4)
        ]
        assert told == [200, 200, 200, 429]
        zone.house.clock.set(zone.house.clock.now() + timedelta(seconds=10))
        assert caller.get("/api/v1/units", CLERK).status_code == 200
