"""Attacks on what everybody may send: tricks of text, weight, time and address."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest

from api.http.idempotency import HEADER as KEY
from tests.integration.house import CLERK, HEAD, PLAIN, PUBLISH, WITHDRAW, Act, Zone, always
from tests.integration.http.attacks.wire import JSON, Heard, send
from tests.integration.http.caller import Caller, calling
from workflow.canonical import digest_of
from workflow.facts import CALL

HOME: Final = b"/api/v1/public/jiyuan_htz"

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@pytest.fixture
def caller(zone: Zone) -> Iterator[Caller]:
    zone.advance_to("drafted", PLAIN)
    zone.do(PUBLISH)
    with calling(zone) as found:
        yield found


def key_of(zone: Zone) -> bytes:
    return zone.house.public.published(zone.code, CALL)[0].key.encode()


def post(caller: Caller, body: bytes, *headers: tuple[bytes, bytes], **how: Any) -> Heard:
    target = HOME + b"/calls/" + key_of(caller.zone) + b"/submissions"
    return send(caller.app, "POST", target, (JSON, *headers), body, **how)


def opinion(text: str, **person: str) -> bytes:
    return json.dumps({"text": text, "person": person}).encode()


def test_what_cannot_be_read_one_way_only_is_refused_and_nothing_is_kept(caller: Caller) -> None:
    for body in (
        *(b'{"text": "\\ud800"}', b'{"text": "\\udc00\\ud800"}', b'{"text": "a\\u0000b"}'),
        *(b'{"text": "a", "text": "b"}', b'{"text": 1e999}', b'{"text": NaN}'),
        *(b'{"text": ' + b"9" * 5000 + b"}", b"[" * 100_000, b'{"a":' * 50_000),
        *(b'{"text": ["a"]}', b'{"text": null}', b"\xef\xbb\xbf{}", b'{"text": "\xff"}', b""),
        *(b'{"text": "a", "late": false}', b'{"text": "a", "person": {"id": 1}}'),
        *(opinion("x" * 20_001), opinion("a", name="x\ny"), opinion("a", name="x" * 5000)),
        b'{"text": "' + b"x" * 2_000_000 + b'"}',
        opinion(" \u200b\ufeff\u2060"),
    ):
        heard = post(caller, body)
        assert heard.status in (400, 413, 422), (body[:60], heard.body)
        heard.sound()
    packed = post(caller, gzip.compress(opinion("a")), (b"content-encoding", b"gzip"))
    assert packed.status == 415
    assert caller.zone.rows("SELECT count(*) FROM submission") == [(0,)]


def test_letters_that_look_alike_are_kept_as_they_came_and_are_other_texts(caller: Caller) -> None:
    """Nothing is folded: whoever reads sees what was sent, and what differs is counted apart.

    What would not show, or turn what stands around it, is refused.
    """
    for text in ("a\u200bbc", "\u202eabc", "a\u2066bc", "a\ufeffbc"):
        assert post(caller, opinion(text)).status == 422
    texts = ("é", "e\u0301", "\u0430bc", "abc")
    for text in texts:
        assert post(caller, opinion(text)).status == 201
    told = caller.get(f"/api/v1/matters/{caller.zone.matter}/submissions", CLERK).json()
    assert [each["digest"] for each in told["items"]] == [digest_of(text) for text in texts]


def test_a_key_gives_the_same_receipt_and_only_to_the_same_opinion(caller: Caller) -> None:
    key = (KEY.lower().encode(), b"6f1c2c1e-8f0e-4a57-9d0a-0f6f6d9a4f11")
    first, again = (post(caller, opinion("请缓行"), key) for _ in range(2))
    assert (first.status, again.status, first.body) == (201, 201, again.body)
    other = post(caller, opinion("别的"), key)
    assert (other.status, other.code) == (422, "request.key_reused")
    for weak in (b"short-key", b"", b"x" * 200):
        heard = post(caller, opinion("请缓行"), (KEY.lower().encode(), weak))
        assert (heard.status, heard.code) == (400, "http.public_key_form")
    assert caller.zone.rows("SELECT count(*) FROM submission") == [(1,)]


def test_what_is_sent_again_without_a_key_has_its_receipt_and_nobody_has_anothers(
    caller: Caller,
) -> None:
    bodies = [opinion("请缓行", name="某甲"), opinion("请缓行", name="某乙"), opinion("请缓行")]
    first = [post(caller, each).body for each in bodies]
    assert [post(caller, each).body for each in bodies] == first
    assert len(set(first)) == 3
    assert caller.zone.rows("SELECT count(*) FROM submission") == [(3,)]


def test_a_clock_that_jumps_makes_no_opinion_late_nor_in_time(caller: Caller) -> None:
    clock = caller.zone.house.clock
    now = clock.now()
    clock.set(now + timedelta(days=400))
    assert json.loads(post(caller, opinion("一")).body)["late"] is True
    clock.set(now - timedelta(days=400))
    assert json.loads(post(caller, opinion("二")).body)["late"] is False
    clock.set(now)
    assert json.loads(post(caller, opinion("三")).body)["late"] is False
    assert caller.zone.rows("SELECT late FROM submission ORDER BY id") == [(1,), (0,), (0,)]
    assert caller.zone.flaws() == []


def test_what_became_of_the_matter_inside_is_not_told_by_the_call(caller: Caller) -> None:
    """Paused, restricted, withdrawn: to the public the call is as its notice made it."""
    zone = caller.zone
    target = HOME + b"/calls/" + key_of(zone)
    before = send(caller.app, "GET", target)
    zone.do(
        Act(
            "restrict_access",
            HEAD,
            always(named=[HEAD, CLERK], basis="内部核查", reasons="内部核查"),
        )
    )
    restricted = send(caller.app, "GET", target)
    sent = post(caller, opinion("请缓行"))
    zone.do(WITHDRAW.by(HEAD))
    withdrawn = send(caller.app, "GET", target)
    assert before.body == restricted.body == withdrawn.body
    assert (sent.status, post(caller, opinion("再请缓行")).status) == (201, 201)
    for heard in (before, restricted, withdrawn):
        names = {name for name, _ in heard.headers}
        assert not names & {b"etag", b"last-modified", b"set-cookie", b"server"}
        assert not any(name.startswith(b"access-control") for name in names)


def test_no_host_method_or_origin_opens_more(caller: Caller) -> None:
    target = HOME + b"/calls"
    heard = send(caller.app, "GET", target + b"?limit=1", host=b"evil.example")
    assert b"evil" not in heard.body + b"".join(value for _, value in heard.headers)
    preflight = ((b"origin", b"https://evil.example"), (b"access-control-request-method", b"POST"))
    for method in ("OPTIONS", "PUT", "DELETE", "TRACE"):
        told = send(caller.app, method, target, preflight)
        assert told.status == 405
        assert not any(name.startswith(b"access-control") for name, _ in told.headers)
    # An address that the client claims is no other source.
    claimed = [(b"x-forwarded-for", f"198.51.100.{n}".encode()) for n in range(3)]
    assert all(post(caller, opinion("甲"), each).status == 201 for each in claimed)
    assert caller.app.state.door.turnstile.remembered == 2


def test_receipts_are_neither_guessed_nor_told_apart(caller: Caller) -> None:
    """A receipt of somebody else's call, one that nobody has and one of another organisation."""
    sent = json.loads(post(caller, opinion("请缓行", name="某甲")).body)["receipt"]
    nobody = "2222-" * 6 + "2222"
    asked = [
        send(
            caller.app,
            "POST",
            place + b"/outcomes",
            (JSON,),
            json.dumps({"receipt": each}).encode(),
        )
        for place, each in ((HOME, nobody), (b"/api/v1/public/neighbour", sent))
    ]
    assert [each.status for each in asked] == [404, 404]
    found = send(
        caller.app, "POST", HOME + b"/outcomes", (JSON,), json.dumps({"receipt": sent}).encode()
    )
    assert found.status == 200
    assert "某甲".encode() not in found.body
    assert sent.encode() not in found.body
