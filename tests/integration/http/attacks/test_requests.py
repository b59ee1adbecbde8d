"""Addresses, headers and parameters made to mean one thing here and another there."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator

import pytest

from api.http import pages
from api.http.logs import LOGGER
from api.http.settings import DoorSettings
from tests.integration.house import CLERK, DIRECTOR, KEEPER, QUICK, propose
from tests.integration.house import Zone as House
from tests.integration.http.attacks.wire import JSON, bearer, send
from tests.integration.http.caller import Caller, calling

SQLITE = pytest.mark.parametrize("backend", ["sqlite"])
MATTERS = b"/api/v1/matters"


@pytest.fixture
def door(zone: House) -> Iterator[Caller]:
    zone.do(propose(QUICK))
    with calling(zone, DoorSettings(page=1)) as caller:
        yield caller


# On both databases: they differ in which text and which numbers they can take.
TARGETS = (
    b"/api/v1/matters/%2e%2e",
    b"/api/v1/matters/../matters",
    b"/api/v1/matters/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    b"/api/v1/matters/..%5c..%5cwindows",
    b"/api/v1/matters/2026-0001%2fdrafts%2f1",
    b"/api/v1/matters/2026-0001%00",
    b"/api/v1/matters/%00",
    b"/api/v1/matters/%ff%fe",
    b"/api/v1/matters/%ed%a0%80",
    b"/api/v1/matters/%c0%ae%c0%ae",
    b"/api/v1/matters/2026-0001%0d%0aX-Injected:%201",
    b"/api/v1/matters/2026-0001;x=1",
    b"/api/v1/matters/2026-0001%20",
    b"/api/v1/matters/%E2%80%8B2026-0001",
    b"/api/v1/matters/%EF%BC%92026-0001",
    b"/api/v1/matters/2026-0001'--",
    b"/api/v1/matters/2026-0001%27%20OR%201=1--",
    b"/api/v1/matters/%25%25%25",
    b"/api/v1/matters/" + b"9" * 10_000,
    b"/api/v1/matters/" + "污".encode().hex("%").join(("%", "")).encode() * 300,
    b"/api/v1//matters",
    b"/api/v1/matters/",
    b"/API/v1/matters",
    b"//api/v1/matters",
    b"/api/v1/./matters",
    b"/api/v1/matters/2026-0001/drafts/0",
    b"/api/v1/matters/2026-0001/drafts/-1",
    b"/api/v1/matters/2026-0001/drafts/+1",
    b"/api/v1/matters/2026-0001/drafts/1.0",
    b"/api/v1/matters/2026-0001/drafts/1_0",
    b"/api/v1/matters/2026-0001/drafts/%EF%BC%91",
    b"/api/v1/matters/2026-0001/drafts/%D9%A1",
    b"/api/v1/matters/2026-0001/drafts/99999999999999999999",
    b"/api/v1/matters/2026-0001/drafts/2147483648",
    b"/api/v1/journal/9223372036854775808",
    b"/api/v1/catalogue/%EF%BC%92026",
    b"/api/v1/catalogue/99999",
    b"/api/v1/matters?limit=0",
    b"/api/v1/matters?limit=-1",
    b"/api/v1/matters?limit=10001",
    b"/api/v1/matters?limit=1e3",
    b"/api/v1/matters?limit=%EF%BC%91",
    b"/api/v1/matters?limit=1&limit=200",
    b"/api/v1/matters?limit=1&%6cimit=200",
    b"/api/v1/matters?limit[]=1&limit[]=2",
    b"/api/v1/matters?stage=%00",
    b"/api/v1/matters?stage=%ff",
    b"/api/v1/matters?stage=proposed&stage=drafting",
    b"/api/v1/matters?stage='%20OR%20''='",
    b"/api/v1/matters?cursor=" + b"A" * 100_000,
    b"/api/v1/matters?cursor=%00",
    b"/api/v1/calendar/counts?start=9999-12-31&amount=3660&unit=working_days",
    b"/api/v1/calendar/counts?start=9999-12-31&amount=3660&unit=months",
    b"/api/v1/calendar/counts?start=0001-01-01&amount=3660&unit=months&direction=earlier",
    b"/api/v1/calendar/counts?start=2026-01-01&amount=99999999999&unit=months",
    b"/api/v1/calendar/counts?start=1770854400&amount=1&unit=months",
    b"/api/v1/calendar/counts?start=2026-02-12T00:00:00Z&amount=1&unit=months",
    b"/api/v1/calendar/counts?start=%EF%BC%92026-02-12&amount=1&unit=months",
    b"/api/v1/matters/2026-0001/plan?wished=2026-02-12T00:00:00%2B14:00",
    b"/api/v1/matters/2026-0001/commands?mandate=9223372036854775808",
    b"/problems/..%2f..%2fapi",
    b"/problems/%7B0.__class__%7D",
)
#: What can be answered: the ends of the calendar are far, not wrong.
ENDS = (
    b"/api/v1/matters/2026-0001/plan?wished=9999-12-31",
    b"/api/v1/matters/2026-0001/plan?wished=0001-01-01",
    b"/api/v1/calendar/spans?start=0001-01-01&end=9999-12-31&unit=working_days",
    b"/api/v1/calendar/spans?start=9999-12-31&end=0001-01-01&unit=months",
    b"/api/v1/procedures/jiyuan_htz?version=9999-12-31",
    b"/api/v1/procedures/jiyuan_htz?version=0001-01-01",
    b"/api/v1/matters?limit=9999",
)


def test_no_address_leads_elsewhere_or_breaks_anything(door: Caller) -> None:
    for target in TARGETS:
        heard = send(door.app, "GET", target, [bearer(DIRECTOR)])
        assert heard.status in (400, 404, 422), (target, heard.status, heard.body[:300])
        heard.sound()
        assert heard.header(b"x-injected") is None
    for target in ENDS:
        heard = send(door.app, "GET", target, [bearer(DIRECTOR)])
        assert heard.status in (200, 404, 409, 422), (target, heard.status, heard.body[:300])


def test_a_cursor_made_by_somebody_else_is_none(door: Caller) -> None:
    """Its mark is no secret, so that whatever it names is looked at before it is looked up."""
    for path, named in (
        ("/api/v1/journal", [2**31, 2**63, 10**300, -1, True, 1.5, "1", None, [1]]),
        ("/api/v1/matters", ["\x00", "\ud800", "x" * 250, "2026-0001\n", 7, "", "'--"]),
        ("/api/v1/meetings", ["\x00", "\ud800", 0, "M9999-999"]),
    ):
        filters = {"stage": None} if path.endswith("matters") else {}
        for after in named:
            mark = pages._mark(path, filters)  # noqa: SLF001 (as an attacker works it out)
            told = json.dumps([after, mark], ensure_ascii=False, separators=(",", ":"))
            raw = told.encode("utf-8", "surrogatepass")
            made = base64.urlsafe_b64encode(raw).decode().rstrip("=")
            heard = send(door.app, "GET", f"{path}?cursor={made}".encode(), [bearer(DIRECTOR)])
            assert heard.status in (200, 400, 404, 422), (path, after, heard.status, heard.body)
            if heard.status == 200:
                assert json.loads(heard.body)["items"] == [], (path, after)


@SQLITE
def test_what_means_one_thing_is_said_once(door: Caller) -> None:
    """A proxy that reads the first and a program that reads the second see two requests."""
    before = door.zone.everything()
    body = json.dumps(propose(QUICK).given(door.zone.today)).encode()
    given = [bearer(CLERK), JSON, (b"idempotency-key", b"attack-0001")]
    for twin in (
        bearer(DIRECTOR),
        (b"content-type", b"text/plain"),
        (b"idempotency-key", b"attack-0002"),
        (b"host", b"elsewhere.example"),
        (b"content-length", b"2"),
    ):
        extra = [(b"content-length", b"0")] if twin[0] == b"content-length" else []
        headers = [*given, *extra, twin]
        heard = send(door.app, "POST", b"/api/v1/commands/propose", headers, body)
        heard.sound()
        assert (heard.status, heard.code) == (400, "http.header_twice"), twin
    two = [(b"if-match", b'"1-a"'), (b"if-match", door.tag(CLERK).encode())]
    address = f"/api/v1/matters/{door.zone.matter}/commands/withdraw".encode()
    heard = send(door.app, "POST", address, [*given, *two], b"{}")
    assert (heard.status, heard.code) == (400, "http.header_twice")
    heard = send(door.app, "GET", MATTERS + b"?limit=1&stage=proposed&limit=2", [bearer(CLERK)])
    assert (heard.status, heard.code) == (400, "http.parameter_twice")
    assert door.zone.everything() == before


@SQLITE
def test_no_method_is_taken_for_another(door: Caller) -> None:
    before = door.zone.everything()
    paths = {entry.path: set[str]() for entry in door.app.state.table.entries}
    for entry in door.app.state.table.entries:
        paths[entry.path].add(entry.method)
    for path, known in paths.items():
        address = path.replace("{", "").replace("}", "").encode()
        for method in (
            "PUT",
            "PATCH",
            "DELETE",
            "TRACE",
            "OPTIONS",
            "CONNECT",
            "post",
            "X",
        ):
            heard = send(door.app, method, address, [bearer(DIRECTOR)])
            assert heard.status in (404, 405), (method, path, heard.status)
            assert known.isdisjoint({method})
    for name in (b"x-http-method-override", b"x-http-method", b"x-method-override"):
        heard = send(door.app, "GET", MATTERS, [bearer(CLERK), (name, b"POST")])
        assert heard.status == 200
        heard = send(door.app, "GET", MATTERS + b"?_method=POST", [bearer(CLERK)])
        assert heard.status == 422
    assert door.zone.everything() == before


@SQLITE
def test_the_head_of_an_answer_is_what_the_whole_of_it_would_have_been(door: Caller) -> None:
    """RFC 9110 9.3.2."""
    for address in {entry.path.encode() for entry in door.app.state.table.entries}:
        heard, asked = (send(door.app, each, address, [bearer(CLERK)]) for each in ("HEAD", "GET"))
        assert (heard.status, heard.body) == (asked.status, b""), address


@SQLITE
def test_nothing_that_was_sent_breaks_a_line_of_the_log_or_of_the_answer(door: Caller) -> None:
    lines: list[logging.LogRecord] = []

    class Keeping(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record)

    keeping, level = Keeping(), LOGGER.level
    LOGGER.addHandler(keeping)
    LOGGER.setLevel(logging.INFO)
    marker = "canary7d1f"
    try:
        for name in (b"x-request-id", b"user-agent", b"accept-language", b"x-forwarded-for"):
            for value in (
                f"{marker}\r\nSet-Cookie: a=b".encode(),
                f'{marker}","level":"INFO'.encode(),
                f"{marker}\x1b[2J${{jndi:ldap://x}}%n%s{{0}}".encode(),
                marker.encode() + b"\xff\x00",
                f"{marker}\u2028new line".encode(),
            ):
                target = f"/api/v1/matters/{marker}%0a?stage={marker}%0d%0a".encode()
                heard = send(door.app, "GET", target, [bearer(CLERK), (name, value)])
                heard.sound()
                assert heard.header(b"set-cookie") is None
                assert marker.encode() not in b"".join(sum(heard.headers, ()))
        send(door.app, f"{marker}\r\n", MATTERS, [bearer(CLERK)])
    finally:
        LOGGER.removeHandler(keeping)
        LOGGER.setLevel(level)
    assert len(lines) == 21
    assert not any(marker in repr(line.__dict__) for line in lines)


@SQLITE
def test_another_host_is_written_nowhere(door: Caller) -> None:
    """Links and places are told relative to wherever one came to, or by the address that is set."""
    body = json.dumps(propose(QUICK).given(door.zone.today)).encode()
    for number, host in enumerate(
        (b"evil.invalid", b"evil.invalid:80@door.example", b"evil.invalid/")
    ):
        given = [
            bearer(CLERK),
            JSON,
            (b"x-forwarded-host", b"evil.invalid"),
            (b"x-forwarded-proto", b"evil.invalid"),
            (b"idempotency-key", f"attack-{number:04}".encode()),
        ]
        for told in (
            send(door.app, "POST", b"/api/v1/commands/propose", given, body, host=host),
            send(door.app, "GET", MATTERS + b"?limit=1", given, host=host),
            send(door.app, "GET", b"/api/v1/openapi.json", given, host=host),
            send(door.app, "GET", b"/nowhere", given, host=host),
        ):
            assert b"evil" not in told.body + b"".join(sum(told.headers, ()))
    assert door.get("/api/v1/matters", KEEPER).headers["link"].startswith("</api/v1/matters?")


@SQLITE
def test_the_numbers_are_for_this_machine_and_no_proxy_opens_them(door: Caller) -> None:
    def metrics(client: str, *headers: tuple[bytes, bytes]) -> int:
        return send(door.app, "GET", b"/metrics", headers, client=client).status

    assert metrics("127.0.0.1") == 200
    assert metrics("192.0.2.9") == 404
    assert metrics("192.0.2.9", (b"x-forwarded-for", b"127.0.0.1")) == 404
    # A proxy on this machine, whether or not it was named.
    assert metrics("127.0.0.1", (b"x-forwarded-for", b"192.0.2.9")) == 404
    assert metrics("127.0.0.1", (b"forwarded", b"for=127.0.0.1")) == 404
