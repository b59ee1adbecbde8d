"""Who one is said to be: tokens forged, fixed, replayed and lent; addresses made up; clocks set."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.http.etags import tag
from api.http.settings import settings_from
from tests.integration.door import CLERK, PASSWORD
from tests.integration.house import CLERK as PLANNER
from tests.integration.house import QUICK, Zone, propose
from tests.integration.http.browser import ORIGIN, Browser, browsing
from tests.integration.http.caller import COOKIE

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])

HEAD = "planning.head"


@pytest.fixture
def inside(browser: Browser) -> Browser:
    """Somebody who is signed in."""
    browser.door.join()
    assert browser.sign_in().status_code == 200
    return browser


def test_no_token_but_the_one_that_was_given_opens_a_session(inside: Browser) -> None:
    own = inside.cookies[COOKIE]
    digest = inside.door.intruder.ask("SELECT digest FROM session")
    for forged in (
        own[:-1],
        own + "A",
        own[:-1] + ("A" if own[-1] != "A" else "B"),
        own.swapcase(),
        f"yct_{own}",
        str(digest),
        "",
        "null",
        "undefined",
        "../" + own,
        own + "%00",
        "1",
        "A" * 43,
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhZG1pbiJ9.",
        "x" * 600,
    ):
        inside.cookies[COOKIE] = forged
        told = inside.send("GET", "/session")
        assert told.status_code == 401, forged
        bearer = {"Authorization": f"Bearer {forged}"}
        assert inside.client.request("GET", "/api/v1/people", headers=bearer).status_code == 401
    # Nor is the token of a session one of a service.
    bearer = {"Authorization": f"Bearer {own}"}
    assert inside.client.request("GET", "/api/v1/people", headers=bearer).status_code == 401
    inside.cookies[COOKIE] = own
    assert inside.send("GET", "/session").status_code == 200


def test_a_session_that_somebody_else_prepared_is_not_the_one_that_begins(inside: Browser) -> None:
    """Session fixation: with a session of the attacker's own, and with one that never was."""
    prepared = dict(inside.cookies)
    inside.door.join(HEAD)
    for planted in (prepared[COOKIE], "A" * 43):
        inside.cookies = {COOKIE: planted}
        assert inside.sign_in(HEAD).status_code == 200
        assert inside.cookies[COOKIE] != planted
        assert inside.send("GET", "/session").json()["account"] == HEAD
        inside.cookies = {COOKIE: planted}
        assert inside.send("GET", "/session").status_code == 401


def test_the_proof_of_another_session_proves_nothing(inside: Browser) -> None:
    own, proof = dict(inside.cookies), inside.proof
    inside.door.join(HEAD)
    inside.cookies = {}
    inside.sign_in(HEAD)
    theirs = inside.proof
    inside.cookies = own
    for given in (theirs, "", proof[:-1], proof.upper(), proof + "0", own[COOKIE]):
        told = inside.send("POST", "/session/end", {}, **{"X-CSRF-Token": given})
        assert (told.status_code, told.json()["code"]) == (403, "http.csrf"), given
    assert inside.send("POST", "/session/end", {}, **{"X-CSRF-Token": proof}).status_code == 200


def test_no_origin_but_our_own_changes_anything(inside: Browser) -> None:
    for origin in (
        "null",
        "http://door.example.evil.invalid",
        "http://evil.invalid",
        "https://door.example",
        "http://door.example:81",
        "http://sub.door.example",
        "http://door.example/",
        "door.example",
        "",
    ):
        told = inside.send("POST", "/session/end", {}, Origin=origin)
        assert (told.status_code, told.json()["code"]) == (403, "http.cross_site"), origin
    for site in ("cross-site", "same-site", "CROSS-SITE", "?"):
        told = inside.send("POST", "/session/end", {}, **{"Sec-Fetch-Site": site})
        assert told.status_code == 403, site
    # Without an Origin, as a form of long ago sends it, the proof is still asked for.
    bare = {"Cookie": f"{COOKIE}={inside.cookies[COOKIE]}", "Content-Type": "text/plain"}
    told = inside.client.request("POST", "/api/v1/session/end", headers=bare, content=b"{}")
    assert told.status_code == 403
    assert inside.send("GET", "/session", Origin=ORIGIN).status_code == 200


def test_a_cookie_of_another_name_or_besides_a_token_is_no_way_in(inside: Browser) -> None:
    own = inside.cookies[COOKIE]
    for name in ("yicheng", "__Secure-yicheng", "__host-yicheng", " __Host-yicheng2"):
        told = inside.client.request("GET", "/api/v1/session", headers={"Cookie": f"{name}={own}"})
        assert told.status_code == 401, name
    both = {"Cookie": f"{COOKIE}={own}", "Authorization": "Bearer x"}
    told = inside.client.request("GET", "/api/v1/session", headers=both)
    assert (told.status_code, told.json()["code"]) == (400, "http.both")


def test_a_service_token_does_nothing_that_asks_for_a_person(inside: Browser) -> None:
    scopes = ["session", "tokens", "accounts", "security_events", "people"]
    made = inside.send("POST", "/tokens", {"purpose": "OA", "scopes": scopes, "days": 30})
    if made.status_code != 200:
        scopes = ["people"]
        made = inside.send("POST", "/tokens", {"purpose": "OA", "scopes": scopes, "days": 30})
    bearer = {
        "Authorization": f"Bearer {made.json()['token']}",
        "Idempotency-Key": "a-key-of-ones-own",
        "If-Match": tag(inside.door.organisation, "account", CLERK, inside.door.mark(CLERK)),
    }
    for path, body in (
        ("/tokens", {"purpose": "more", "scopes": ["propose"], "days": 366}),
        (f"/tokens/{made.json()['id']}/revocation", {}),
        ("/session/confirmation", {"password": PASSWORD}),
        ("/session/password", {"password": PASSWORD, "new_password": "Other-horse-8"}),
        ("/session/second-factor/enrolment", {}),
        ("/accounts", {"account": "mine", "kind": "security"}),
        (f"/accounts/{CLERK}/acts/link", {}),
    ):
        told = inside.client.request("POST", f"/api/v1{path}", headers=bearer, json=body)
        assert told.status_code in (401, 403), (path, told.text)
    assert inside.client.request("GET", "/api/v1/people", headers=bearer).status_code == 200


def test_a_clock_that_jumps_opens_nothing_and_keeps_what_was_done(inside: Browser) -> None:
    door, zone_of = inside.door, inside.client.app.state.door.house
    form = {"purpose": "OA", "scopes": ["propose", "matters"], "days": 30}
    made = inside.send("POST", "/tokens", form).json()
    given = propose(QUICK).given(door.now.date())
    headers = {"Authorization": f"Bearer {made['token']}", "Idempotency-Key": "attack-clock"}

    def propose_it() -> tuple[int, str | None]:
        told = inside.client.request(
            "POST", "/api/v1/commands/propose", headers=headers, json=given
        )
        return told.status_code, told.json().get("matter")

    first = propose_it()
    assert first[0] == 201
    for jump in (timedelta(days=29), timedelta(days=-28)):
        door.wait(jump)
        # What was done once under a key is not done again on any day.
        assert propose_it() == first
    door.wait(timedelta(days=-2))
    # Before its making the token is none, and the session is over for good.
    assert propose_it()[0] == 401
    assert inside.send("GET", "/session").status_code == 401
    door.wait(timedelta(days=1))
    assert inside.send("GET", "/session").status_code == 401
    door.wait(timedelta(days=31))
    assert propose_it()[0] == 401
    assert zone_of.inquiry.audit(door.organisation).flaws == ()


def test_a_lock_outlives_a_clock_that_is_set_back_and_ends_by_its_end(browser: Browser) -> None:
    browser.door.join()
    for _ in range(5):
        assert browser.sign_in(password="Wrong-horse-1").status_code == 401
    assert browser.sign_in().status_code == 401
    browser.door.wait(timedelta(minutes=-30))
    assert browser.sign_in().status_code == 401
    browser.door.wait(timedelta(minutes=46))
    assert browser.sign_in().status_code == 200


def clients(browser: Browser) -> set[str | None]:
    return {event.client for event in browser.door.events() if event.kind == "sign_in"}


def test_nobody_passes_for_another_address_by_saying_so(zone: Zone, tmp_path: Path) -> None:
    """Otherwise guesses from one place would look like guesses from thousands."""
    with browsing(zone, tmp_path) as browser:
        browser.door.join(PLANNER)
        for number in range(25):
            said = {
                "X-Forwarded-For": f"203.0.113.{number}",
                "X-Real-IP": f"203.0.113.{number}",
                "Forwarded": f"for=203.0.113.{number}",
                "True-Client-IP": f"203.0.113.{number}",
            }
            shown = {"organisation": zone.code, "account": f"guess.{number}", "password": "x"}
            assert browser.send("POST", "/session", shown, **said).status_code == 401
        assert clients(browser) == {"127.0.0.1"}
        told = [reason for kind, reason in browser.door.told() if kind == "sign_in"]
        assert "unknown_account" in told
        # By then the address as a whole has to wait, whatever it calls itself.
        browser.send("POST", "/session", {**shown, "account": PLANNER}, **said)
        assert browser.door.told()[-1] == ("sign_in", "slowed")


def test_a_proxy_that_was_named_tells_who_comes_and_only_its_last_word_counts(
    zone: Zone, tmp_path: Path
) -> None:
    settings = settings_from({"YICHENG_TRUSTED_PROXIES": "127.0.0.0/8"})
    with browsing(zone, tmp_path, settings) as browser:
        browser.door.join(PLANNER)
        said = {"X-Forwarded-For": "198.51.100.1, 203.0.113.77"}
        shown = {"organisation": zone.code, "account": PLANNER, "password": PASSWORD}
        assert browser.send("POST", "/session", shown, **said).status_code == 200
        assert clients(browser) == {"203.0.113.77"}


def test_an_office_behind_one_address_works_on_while_somebody_there_guesses(
    browser: Browser,
) -> None:
    """Forty people behind one address: one of them guesses; whoever came in before still does."""
    staff = ["planning.clerk", "planning.head", "finance.clerk", "office.keeper"]
    for name in staff:
        browser.door.join(name)
        assert browser.sign_in(name).status_code == 200
    for number in range(40):
        browser.sign_in(f"guess.{number}", "Wrong-horse-1")
    browser.cookies = {}
    for name in staff:
        assert browser.sign_in(name).status_code == 200, name
    browser.door.join("economy.head")
    assert browser.sign_in("economy.head").status_code == 401
    browser.door.wait(timedelta(seconds=31))
    assert browser.sign_in("economy.head").status_code == 200
