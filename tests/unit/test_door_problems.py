"""Errors as problems, and what comes and goes with a request."""

from __future__ import annotations

import pytest

from api.http import csrf
from api.http.door import Trace
from api.http.errors import CrossSite, NotAuthenticated, Stale
from api.http.headers import security_headers
from api.http.logs import known_method
from api.http.problems import Problem, pointer, status_of
from api.http.requests import request_id
from api.http.settings import DoorSettings, settings_from
from workflow.errors import (
    BadInput,
    Conflict,
    Forbidden,
    NotFound,
    StoreTrouble,
    YichengError,
)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (BadInput("x"), 422),
        (NotFound("x"), 404),
        (Forbidden("x"), 403),
        (Conflict("x"), 409),
        (Conflict("conflict.matter_changed"), 412),
        (Conflict("conflict.meeting_changed"), 412),
        (Conflict("request.key_reused"), 422),
        (StoreTrouble("x"), 503),
        (NotAuthenticated("x"), 401),
        (Stale("x"), 412),
        (YichengError("x"), 500),
    ],
)
def test_each_kind_of_error_has_its_status(error: YichengError, status: int) -> None:
    assert status_of(error) == status


def test_a_place_in_a_payload_is_a_json_pointer() -> None:
    assert pointer(("answers", "a/b~c", 0)) == "/answers/a~1b~0c/0"
    assert pointer(()) == ""


def test_a_problem_has_the_members_of_rfc_9457_and_its_own() -> None:
    trace = Trace("id-of-request", "en", "/api/v1/matters")
    told = Problem(409, "refused", "Nothing was done.", {"refusals": []}).data(trace)
    assert told == {
        "type": "/problems/refused",
        "title": "Refused by law",
        "status": 409,
        "detail": "Nothing was done.",
        "instance": "/api/v1/matters",
        "code": "refused",
        "request_id": "id-of-request",
        "refusals": [],
    }


@pytest.mark.parametrize(
    "given",
    [None, b"", b"short", b"has blank in it", b"line\r\nbreak-in-it", b"x" * 65, b"-begins"],
)
def test_an_id_that_could_not_stand_in_a_log_is_replaced(given: bytes | None) -> None:
    found = request_id(given)
    assert found.encode() != given
    assert len(found) == 32


def test_the_id_of_a_proxy_is_kept() -> None:
    assert request_id(b"proxy-0001.a_b") == "proxy-0001.a_b"


def check(changed: dict[str, str | None], method: str = "POST") -> None:
    given: dict[str, str | None] = {
        "given": "proof",
        "origin": "https://door.example",
        "site": "same-origin",
        **changed,
    }
    csrf.check(
        method,
        expected="proof",
        given=given["given"],
        origin=given["origin"],
        site=given["site"],
        own="https://door.example",
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"given": None},
        {"given": "other"},
        {"given": "proof\ud800"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"site": "cross-site"},
        {"site": "same-site"},
    ],
)
def test_a_change_by_cookie_needs_proof_of_where_it_comes_from(
    changed: dict[str, str | None],
) -> None:
    with pytest.raises(CrossSite):
        check(changed)
    check(changed, "GET")


@pytest.mark.parametrize("changed", [{}, {"origin": None}, {"site": None}, {"site": "none"}])
def test_a_change_from_our_own_page_goes_through(changed: dict[str, str | None]) -> None:
    check(changed)


def test_only_by_https_are_people_told_to_come_by_https() -> None:
    told = dict(security_headers(secure=False))
    assert told[b"cache-control"] == b"no-store"
    assert b"strict-transport-security" not in told
    assert b"strict-transport-security" in dict(security_headers(secure=True))


def test_the_address_says_whether_it_is_safe_and_what_its_origin_is() -> None:
    found = settings_from({"YICHENG_ADDRESS": "https://Door.example/yicheng/ "})
    assert (found.secure, found.origin) == (True, "https://door.example")
    nowhere = settings_from({})
    assert (nowhere.secure, nowhere.origin) == (False, "")
    with pytest.raises(BadInput):
        settings_from({"YICHENG_ADDRESS": "door.example"})


def test_a_page_is_never_longer_than_is_allowed() -> None:
    settings = DoorSettings(page=5, longest_page=9)
    assert [settings.page_of(each) for each in (None, 7, 100)] == [5, 7, 9]


def test_a_method_that_nobody_knows_stays_out_of_the_logs() -> None:
    assert [known_method("GET"), known_method("X\r\nY")] == ["GET", "OTHER"]
