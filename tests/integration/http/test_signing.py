"""Signing over HTTP: only by whoever has just shown who they are, and of what they were shown."""

from __future__ import annotations

import base64
from datetime import timedelta

import httpx
import pytest

from tests.integration import house as h
from tests.integration.door import MINUTE, PASSWORD
from tests.integration.house import REVIEWER, Zone
from tests.integration.http.browser import Browser

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_session_alone_signs_nothing__neither_does_an_old_password_or_factor(
    zone: Zone, browser: Browser
) -> None:
    number = zone.advance_to("under_review", h.QUICK)
    zone.wait(h.VERDICT.wait)
    door = browser.door
    door.join(REVIEWER)
    browser.sign_in(REVIEWER)
    told = browser.send("POST", "/session/second-factor/enrolment", {}).json()
    secret = base64.b32decode(told["secret"])

    def show(what: str) -> None:
        shown = {
            "password": ("confirmation", {"password": PASSWORD}),
            "factor": ("second-factor", {"code": door.code(secret)}),
            "first": ("second-factor/confirmation", {"code": door.code(secret)}),
        }
        path, body = shown[what]
        assert browser.send("POST", f"/session/{path}", body).status_code == 200

    def sign(tag: str | None = None) -> httpx.Response:
        seen = browser.send("GET", f"/matters/{number}").headers["etag"] if tag is None else tag
        path = f"/matters/{number}/commands/give_review_verdict"
        return browser.send("POST", path, dict(h.VERDICT.given(zone.today)), **{"If-Match": seen})

    def refused() -> bool:
        told = sign().json()
        return [each["code"] for each in told["refusals"]] == ["authority.reauthentication"]

    show("first")
    seen = browser.send("GET", f"/matters/{number}").headers["etag"]
    door.wait(5 * MINUTE)
    assert refused()
    show("password")
    assert refused(), "the second factor is old"
    door.wait(6 * MINUTE)
    show("factor")
    assert refused(), "the password is old"
    show("password")
    door.wait(-4 * SECOND)
    assert refused(), "the clock was set back"
    door.wait(4 * SECOND)
    assert zone.rows("SELECT count(*) FROM signature WHERE position > 11") == [(0,)]
    # What has changed since it was shown is not signed.
    zone.do(h.COUNSEL_OPINION)
    assert sign(seen).status_code == 412
    assert sign().status_code == 200
    (signed,) = [
        each
        for each in browser.send("GET", f"/matters/{number}").json()["signatures"]
        if each["signer"] == REVIEWER
    ]
    assert (signed["holds"], signed["for"]) == (True, None)
    assert zone.flaws() == []
