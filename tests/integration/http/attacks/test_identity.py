"""Who may open whose account: keys sent twice, versions not seen, one who wants to be two."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from api.identity.events import Once, Origin
from api.identity.principal import Administrator
from tests.integration.door import CLERK, HERE, OTHER, PASSWORD
from tests.integration.house import APPOINT, Zone, at_once
from tests.integration.http.browser import Browser
from tests.integration.http.caller import COOKIE

HEAD = "planning.head"
SYSTEM, SECURITY = "administrator.system", "administrator.security"
DONE = {"done": True}
NEW = {"account": "oa.two", "kind": "service"}


@pytest.fixture
def staffed(browser: Browser) -> Browser:
    """A clerk with a password, and the three."""
    browser.door.join()
    for kind in Administrator:
        browser.door.administrator(kind)
    return browser


def as_(browser: Browser, account: str) -> Browser:
    browser.cookies = {}
    assert browser.sign_in(account).status_code == 200
    return browser


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": f"the-key-{name}"}


def test_a_change_is_made_once_under_its_key_and_no_secret_is_told_twice(staffed: Browser) -> None:
    as_(staffed, SYSTEM)
    assert staffed.send("POST", "/accounts", {}, **key("x")).status_code == 422
    assert staffed.send("POST", "/accounts", NEW, **{"Idempotency-Key": "short"}).status_code == 400
    first, again = (staffed.send("POST", "/accounts", NEW, **key("x")) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json()) == (200, DONE)
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    other = staffed.send("POST", "/accounts", {**NEW, "account": "oa.three"}, **key("x"))
    assert (other.status_code, other.json()["code"]) == (422, "request.key_reused")
    assert "the-key-x" in other.json()["detail"]
    # The same key of another account is another key.
    as_(staffed, SECURITY)
    path = f"/accounts/{HEAD}/acts/link"
    seen = staffed.door.mark(HEAD)
    link = staffed.send("POST", path, {}, **key("x"))
    assert link.json()["waits"] is False
    assert staffed.door.mark(HEAD) != seen
    again = staffed.send("POST", path, {}, **key("x"))
    assert (again.status_code, again.json()["code"]) == (409, "identity.done_already")
    assert "/start/" not in again.text
    # Signed in again under the same key: no second session, and none of the first one's secrets.
    shown = {"organisation": staffed.door.organisation, "account": CLERK, "password": PASSWORD}
    staffed.cookies = {}
    assert staffed.send("POST", "/session", shown, **key("s")).status_code == 200
    staffed.cookies = {}
    told = staffed.send("POST", "/session", shown, **key("s"))
    assert (told.status_code, told.headers.get_list("set-cookie")) == (409, [])
    # What failed was not done: the key is free still, and each try counts.
    wrong = {**shown, "password": "Wrong-horse-1"}
    for _ in range(2):
        assert staffed.send("POST", "/session", wrong, **key("w")).status_code == 401
    assert staffed.door.told()[-1] == ("sign_in", "wrong_password")
    kept = str(staffed.door.intruder.ask("SELECT max(fingerprint) FROM identity_request"))
    assert len(kept) == 64


def test_two_at_once_under_one_key_are_one(staffed: Browser) -> None:
    door = staffed.door
    origin = replace(HERE, once=Once("k", "0" * 64, ("1" * 64,)))
    found = at_once(*(lambda: door.identity.signing_in.sign_in(door.shown(), origin),) * 3)
    assert sorted(type(each).__name__ for each in found) == [
        "Admitted",
        "DoneAlready",
        "DoneAlready",
    ]


def test_an_account_is_changed_as_it_was_seen_or_not_at_all(staffed: Browser) -> None:
    as_(staffed, SYSTEM)
    path = f"/accounts/{CLERK}/acts/disable"
    seen = staffed.send("GET", f"/accounts/{CLERK}").headers["etag"]
    for given, status in (("*", 428), ('"0-000000000000000000000000"', 412), ("x", 400)):
        assert staffed.send("POST", path, {}, **{"If-Match": given}).status_code == status, given
    # Guesses from outside change nothing that an administrator sees; another administrator does.
    staffed.door.identity.administration.disable_account(None, staffed.door.organisation, CLERK)
    told = staffed.send("POST", path, {}, **{"If-Match": seen})
    assert (told.status_code, told.json()["code"]) == (412, "identity.account_changed")
    other = staffed.send("GET", f"/accounts/{HEAD}").headers["etag"]
    assert staffed.send("POST", path, {}, **{"If-Match": other}).status_code == 412
    cookies = {"Cookie": f"{COOKIE}={staffed.cookies[COOKIE]}", "X-CSRF-Token": staffed.proof}
    bare = {**cookies, "Origin": "http://door.example", "Idempotency-Key": "a-key-for-once"}
    told = staffed.client.request("POST", f"/api/v1{path}", headers=bare, json={})
    assert told.status_code == 428


def test_nobody_alone_takes_an_account_over(staffed: Browser) -> None:
    door = staffed.door
    _, mine = door.enrolled(door.sign_in().token)
    token = door.identity.tokens.make_own(mine, "OA", ["people"], 30, HERE)
    as_(staffed, SECURITY)
    made = staffed.send("POST", f"/accounts/{CLERK}/acts/link", {}).json()
    assert made["waits"] is True
    link = made["link"].rpartition("/")[2]
    new = {"token": link, "new_password": OTHER}
    assert staffed.send("POST", "/links/opening", {"token": link}).json()["waits"] is True
    told = staffed.send("POST", "/links/redemption", new)
    assert (told.status_code, told.json()["code"]) == (401, "identity.link_waits")
    # Whoever made it cannot release it; nor can somebody who audits, or the person.
    for name in (SECURITY, "administrator.audit"):
        as_(staffed, name)
        assert staffed.send("POST", f"/accounts/{CLERK}/acts/release", {}).status_code == 403
    assert door.who(mine) is not None
    as_(staffed, SYSTEM)
    assert staffed.send("GET", f"/accounts/{CLERK}").json()["waiting"] == 1
    assert staffed.send("POST", f"/accounts/{CLERK}/acts/release", {}).status_code == 200
    assert staffed.send("POST", f"/accounts/{CLERK}/acts/release", {}).status_code == 404
    assert staffed.send("POST", "/links/redemption", new).status_code == 200
    assert door.who(mine) is None
    assert door.identity.by_token(token.token, client="192.0.2.1") is None
    told = staffed.sign_in(password=OTHER)
    assert (told.status_code, told.json()["code"]) == (401, "identity.second_factor_wanted")
    # Whoever it is hears of it, in the inbox and with the session.
    door.wait(timedelta(minutes=1))
    door.identity.administration.remove_second_factor(None, door.organisation, CLERK, HERE)
    told = staffed.sign_in(password=OTHER)
    heard = [each["kind"] for each in told.json()["notices"]]
    assert heard[0] == "remove_second_factor"
    assert {"make_link", "release", "link_redeemed", "token_revoked"} <= {*heard}
    items = staffed.send("GET", "/inbox").json()["items"]
    assert [each["kind"] for each in items].count("account") == len(heard)
    as_(staffed, "administrator.audit")
    noted = [each["kind"] for each in staffed.send("GET", "/security-events").json()["items"]]
    assert {"make_link", "release", "link_redeemed", "session_ended", "token_revoked"} <= {*noted}


def test_a_link_of_the_identity_provider_waits_and_is_undone_only_where_it_stands(
    staffed: Browser,
) -> None:
    as_(staffed, SECURITY)
    form = {"issuer": "https://sso.example", "subject": "me"}
    path = "external-identities"
    assert staffed.send("POST", f"/accounts/{CLERK}/{path}", form).status_code == 200
    as_(staffed, SYSTEM)
    assert staffed.send("GET", f"/accounts/{CLERK}").json()["waiting"] == 1
    as_(staffed, SECURITY)
    gone = {**form, "linked": False}
    assert staffed.send("POST", f"/accounts/{SYSTEM}/{path}", gone).status_code == 403
    assert staffed.send("POST", f"/accounts/{HEAD}/{path}", gone).status_code == 404
    assert staffed.send("POST", f"/accounts/{CLERK}/{path}", gone).status_code == 200


def guess(browser: Browser, address: str, times: int = 5) -> None:
    for _ in range(times):
        with pytest.raises(Exception, match="not_recognised"):
            browser.door.sign_in(password="Wrong-horse-1", origin=Origin(address))


def test_whoever_knows_a_name_locks_themselves_out_and_not_its_owner(staffed: Browser) -> None:
    door, home = staffed.door, Origin("198.51.100.50")
    guess(staffed, "203.0.113.1")
    with pytest.raises(Exception, match="not_recognised"):
        door.sign_in(origin=Origin("203.0.113.1"))
    assert door.sign_in(origin=home).token
    # One household, one source, however many addresses it has.
    for number in range(5):
        guess(staffed, f"2001:db8::{number}", 1)
    with pytest.raises(Exception, match="not_recognised"):
        door.sign_in(origin=Origin("2001:db8::99"))
    # Guesses from everywhere slow the account down for those that are not known.
    for number in range(25):
        guess(staffed, f"192.0.2.{100 + number}", 1)
    assert door.told()[-1] == ("sign_in", "locked")
    with pytest.raises(Exception, match="not_recognised"):
        door.sign_in(origin=Origin("198.51.100.51"))
    assert door.sign_in(origin=home).token
    door.wait(timedelta(seconds=61))
    assert door.sign_in(origin=Origin("198.51.100.51")).token


def test_tokens_that_open_nothing_leave_one_event_an_hour_and_a_flood_no_more_than_is_allowed(
    staffed: Browser,
) -> None:
    door = staffed.door
    session = door.sign_in()
    made, lapsed = (
        door.identity.tokens.make_own(session.token, "OA", ["people"], days, HERE)
        for days in (30, 1)
    )
    door.identity.tokens.revoke_own(session.token, made.id, HERE)

    def shown(token: str, path: str = "/api/v1/people") -> int:
        bearer = {"Authorization": f"Bearer {token}"}
        return staffed.client.request("GET", path, headers=bearer).status_code

    assert [shown(lapsed.token, "/api/v1/journal") for _ in range(2)] == [403, 403]
    # Nor does a command among several go past what the token was made for, without a trace.
    door.wait(timedelta(hours=1))
    bulk = {"mode": "each", "commands": [{"command": "propose"}]}
    bearer = {"Authorization": f"Bearer {lapsed.token}", "Idempotency-Key": "out-of-scope-1"}
    told = staffed.client.request("POST", "/api/v1/bulk", headers=bearer, json=bulk)
    assert told.json()["items"][0]["problem"]["code"] == "http.scope"
    door.wait(timedelta(days=2))
    for token in (made.token, lapsed.token, "yct_" + "x" * 43, "nonsense"):
        assert [shown(token) for _ in range(3)] == [401] * 3
    reasons = [reason for kind, reason in door.told() if kind == "token_refused"]
    assert reasons == ["out_of_scope", "out_of_scope", "revoked", "expired", "unknown_token"]
    door.wait(timedelta(hours=1))
    for malformed in ("", "a b", "x" * 600, "yct_;"):
        assert shown(malformed) == 401
    assert door.told()[-1] == ("token_refused", "unknown_token")
    assert {e.account for e in door.events() if e.reason in ("revoked", "expired")} == {CLERK}
    door.wait(timedelta(hours=1))
    for number in range(150):
        assert door.identity.by_token("none", client=f"198.51.100.{number}") is None
    reasons = [reason for kind, reason in door.told() if kind == "token_refused"]
    assert len(reasons) == 6 + 101
    assert reasons[-1] == "many_more"


def test_no_administrator_gets_a_post_and_nobody_with_a_post_administers(staffed: Browser) -> None:
    """Neither by the accounts nor by the directory."""
    as_(staffed, SYSTEM)
    for kind in ("security", "service"):
        for name in (CLERK, "market.head", SYSTEM):
            told = staffed.send("POST", "/accounts", {"account": name, "kind": kind})
            assert told.status_code == 409, (name, kind)
    assert staffed.send("POST", f"/accounts/{SECURITY}/acts/link", {}).status_code == 403
    house = staffed.client.app.state.door.house
    zone = Zone(staffed.door.intruder.url, house, staffed.door.organisation)
    error = zone.fail(APPOINT.with_(person=SYSTEM, name="经办人二"))
    assert error.code == "conflict.account_taken"
