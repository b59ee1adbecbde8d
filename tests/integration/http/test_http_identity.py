"""The door with real sessions: cookies, proofs against forgery, what is said to whom."""

from __future__ import annotations

import base64

import pytest

from api.http.documenting import description
from api.identity.principal import Administrator
from tests.integration.door import CLERK, OTHER, PASSWORD
from tests.integration.http.browser import Browser
from tests.integration.http.caller import COOKIE
from workflow.catalogue import locales


def test_a_session_begins_with_a_cookie_that_only_our_pages_can_use(browser: Browser) -> None:
    browser.door.join()
    answer = browser.sign_in()
    assert answer.status_code == 200, answer.text
    (cookie,) = answer.headers.get_list("set-cookie")
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert part in cookie
    assert "Domain" not in cookie
    assert browser.cookies[COOKIE] not in answer.text
    assert browser.send("GET", "/session").json()["account"] == CLERK
    assert browser.send("GET", "/inbox").status_code == 200
    stolen = dict(browser.cookies)
    assert browser.send("POST", "/session/end", {}).json() == {"done": True}
    browser.cookies = stolen
    assert browser.send("GET", "/session").status_code == 401


def test_a_change_without_the_proof_or_from_elsewhere_is_refused(browser: Browser) -> None:
    browser.door.join()
    assert browser.sign_in().status_code == 200
    for headers in (
        {"X-CSRF-Token": "forged"},
        {"Origin": "https://elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
    ):
        assert browser.send("POST", "/session/end", {}, **headers).status_code == 403
    assert browser.send("GET", "/session").status_code == 200
    shown = {"organisation": browser.door.organisation, "account": CLERK, "password": PASSWORD}
    for headers in ({"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert browser.send("POST", "/session", shown, **headers).status_code == 403


def test_whoever_is_kept_out_hears_401_and_nothing_else(browser: Browser) -> None:
    browser.door.join()
    told = [browser.sign_in("nobody"), browser.sign_in(password="wrong")]
    assert {each.status_code for each in told} == {401}
    assert len({(each.json()["code"], each.json()["detail"]) for each in told}) == 1
    assert not any(each.headers.get_list("set-cookie") for each in told)
    strange = browser.send("POST", "/session", {"account": CLERK, "administrator": "audit"})
    assert strange.status_code == 422
    assert PASSWORD not in browser.sign_in(password=PASSWORD, role="x").text


def test_no_name_is_sent_that_no_database_could_hold(browser: Browser) -> None:
    for name in ("a\x00", "\x00$P", "a\nb", "\x7f"):
        assert browser.sign_in(name).status_code == 422
        assert browser.sign_in(organisation=name).status_code == 422


def test_a_link_sets_a_password_and_a_rise_changes_the_cookie(browser: Browser) -> None:
    token = browser.door.link(CLERK)
    opened = browser.send("POST", "/links/opening", {"token": token})
    assert opened.json()["account"] == CLERK
    bad = browser.send("POST", "/links/redemption", {"token": token, "new_password": "short"})
    assert (bad.status_code, bad.json()["code"]) == (422, "identity.password.refused")
    good = {"token": token, "new_password": PASSWORD}
    assert browser.send("POST", "/links/redemption", good).status_code == 200
    assert browser.send("POST", "/links/redemption", good).status_code == 401
    browser.sign_in()
    before = dict(browser.cookies)
    assert browser.send("POST", "/session/confirmation", {"password": PASSWORD}).status_code == 200
    assert browser.cookies != before
    changed = {"password": PASSWORD, "new_password": OTHER}
    assert browser.send("POST", "/session/password", changed).status_code == 200
    assert browser.sign_in(password=OTHER).status_code == 200


def test_a_second_factor_and_a_service_token_by_http(browser: Browser) -> None:
    browser.door.join()
    browser.sign_in()
    told = browser.send("POST", "/session/second-factor/enrolment", {}).json()
    secret = base64.b32decode(told["secret"])
    code = {"code": browser.door.code(secret)}
    assert browser.send("POST", "/session/second-factor/confirmation", code).status_code == 200
    assert browser.send("POST", "/session/second-factor", code).status_code == 401
    assert browser.send("GET", "/session").json()["second_factor_at"] is not None
    form = {"purpose": "OA", "scopes": ["people"], "days": 30}
    made = browser.send("POST", "/tokens", form).json()
    assert [each["id"] for each in browser.send("GET", "/tokens").json()["items"]] == [made["id"]]
    bearer = {"Authorization": f"Bearer {made['token']}"}
    assert browser.client.request("GET", "/api/v1/people", headers=bearer).status_code == 200
    assert browser.client.request("GET", "/api/v1/journal", headers=bearer).status_code == 403
    assert browser.send("POST", f"/tokens/{made['id']}/revocation", {}).status_code == 200
    assert browser.client.request("GET", "/api/v1/people", headers=bearer).status_code == 401


def test_administrators_do_what_is_theirs_and_see_no_business(browser: Browser) -> None:
    for kind in Administrator:
        browser.door.administrator(kind)
    reached = {
        "system": "/accounts/planning.clerk/acts/disable",
        "security": "/accounts/planning.clerk/acts/link",
    }
    browser.door.join()
    for kind in Administrator:
        assert browser.sign_in(f"administrator.{kind.value}").status_code == 200
        assert browser.send("GET", "/matters").status_code == 403
        assert browser.send("GET", "/inbox").status_code == 403
        assert browser.send("GET", "/accounts").status_code == 200
        found = browser.send("GET", "/security-events").status_code
        assert found == (200 if kind is Administrator.AUDIT else 403)
        for who, path in reached.items():
            done = browser.send("POST", path, {})
            assert done.status_code == (200 if who == kind.value else 403), done.text
            if done.is_success and who == "security":
                assert "/start/" in done.json()["link"]
        found = browser.send("GET", "/identity-policy").status_code
        assert found == (200 if kind is Administrator.SECURITY else 403)
        if kind is Administrator.SYSTEM:
            assert browser.send("POST", "/accounts/planning.clerk/acts/enable", {}).is_success


@pytest.mark.parametrize("backend", ["sqlite"])
def test_every_route_is_described_in_each_language(browser: Browser) -> None:
    for locale in locales():
        told = description(browser.client.app.state.table, locale)
        for path in ("/api/v1/session", "/api/v1/tokens", "/api/v1/accounts/{name}/acts/{act}"):
            for operation in told["paths"][path].values():
                assert operation["summary"]
                assert operation["description"]
