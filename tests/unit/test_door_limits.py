"""What is read of a request: strict JSON of bounded size, depth and numbers."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from api.http.errors import (
    BadRequest,
    DoorError,
    HeadersTooLarge,
    TooLarge,
    TooSlow,
    WrongMedia,
)
from api.http.limits import (
    arrived,
    check_headers,
    check_media,
    check_repeats,
    parse_object,
    read_object,
)
from api.http.settings import DoorSettings

LIMITS = DoorSettings(body_bytes=100, json_depth=3, header_bytes=50, headers=3, body_seconds=0.01)


def test_one_object_is_read_as_it_is() -> None:
    read = parse_object('{"a": [1, -2, 1.5, true, null, "污水𠮷"]}'.encode(), LIMITS)
    assert read == {"a": [1, -2, 1.5, True, None, "污水𠮷"]}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[]", "http.no_object"),
        (b'"x"', "http.no_object"),
        (b"{", "http.broken_json"),
        (b'{"a":1}x', "http.broken_json"),
        (b"\xff", "http.not_utf8"),
        ("\ufeff{}".encode(), "http.broken_json"),
        (b'{"a":1,"b":{"x":1,"x":2}}', "http.twice"),
        (b'{"' + b"n" * 201 + b'":1}', "http.name_too_long"),
        (b'{"a":NaN}', "http.number"),
        (b'{"a":-Infinity}', "http.number"),
        (b'{"a":1e999}', "http.number"),
        (b'{"a":' + b"9" * 20 + b"}", "http.number"),
        (b'{"a":0.' + b"1" * 60 + b"}", "http.number"),
        (b'{"a":"\\ud800"}', "http.half_character"),
        (b'{"\\udfff":1}', "http.half_character"),
        (b'{"a":[[[]]]}', "http.too_deep"),
        (b'{"a":' + b"[" * 100_000, "http.too_deep"),
    ],
)
def test_anything_else_is_refused_by_its_code(body: bytes, code: str) -> None:
    with pytest.raises(BadRequest) as caught:
        parse_object(body, LIMITS)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("media", "packed"),
    [
        (None, None),
        ("text/plain", None),
        ("application/json; charset=gbk", None),
        ("application/json", "gzip"),
    ],
)
def test_only_plain_json_in_utf8_is_read(media: str | None, packed: str | None) -> None:
    with pytest.raises(WrongMedia):
        check_media(media, packed)
    check_media('Application/JSON; charset="UTF-8"', "identity")


def test_too_many_or_too_long_headers_are_not_read() -> None:
    check_headers([(b"a", b"b")] * 3, LIMITS)
    for given in ([(b"a", b"b")] * 4, [(b"a", b"b" * 50)]):
        with pytest.raises(HeadersTooLarge):
            check_headers(given, LIMITS)


@pytest.mark.parametrize(
    ("headers", "query", "code"),
    [
        ([b"if-match", b"if-match"], b"", "http.header_twice"),
        ([], b"a=1&b=2&a=3", "http.parameter_twice"),
        ([], b"a=1&%61=1", "http.parameter_twice"),
        ([], b"=1&=2", "http.parameter_twice"),
        ([], b"a=%ff", "http.query_unreadable"),
    ],
)
def test_what_means_one_thing_comes_once(headers: list[bytes], query: bytes, code: str) -> None:
    check_repeats([(b"accept", b"a"), (b"accept", b"b"), (b"host", b"x")], b"a=1&b=1&c")
    with pytest.raises(BadRequest) as caught:
        check_repeats([(name, b"x") for name in headers], query)
    assert caught.value.code == code


def posted(*chunks: bytes, length: str | None = None, ends: bool = True) -> Request:
    """A request whose body comes in pieces, or never to its end."""
    waiting = [*chunks]
    headers = [(b"content-type", b"application/json")]
    if length is not None:
        headers.append((b"content-length", length.encode()))

    async def receive() -> Message:
        if waiting:
            body = waiting.pop(0)
            return {"type": "http.request", "body": body, "more_body": bool(waiting) or not ends}
        await asyncio.Event().wait()
        raise AssertionError

    return Request({"type": "http", "method": "POST", "headers": headers}, receive)


def test_a_body_is_read_from_its_pieces_and_none_is_an_empty_object() -> None:
    assert asyncio.run(read_object(posted(b'{"a"', b":1}"), LIMITS)) == {"a": 1}
    assert asyncio.run(read_object(posted(b""), LIMITS)) == {}


def test_a_short_body_is_taken_in_before_anybody_looks_who_sent_it_and_read_once() -> None:
    request = posted(b'{"a"', b":1}", length="7")
    assert asyncio.run(arrived(request, LIMITS))
    assert asyncio.run(read_object(request, LIMITS)) == {"a": 1}


def test_nothing_of_a_long_body_is_taken_in_until_somebody_was_recognised() -> None:
    assert not asyncio.run(arrived(posted(b"{", length="9" * 9, ends=False), LIMITS))
    assert not asyncio.run(arrived(posted(b"{", ends=False), LIMITS))
    asked = Request({"type": "http", "method": "GET", "headers": []})
    assert asyncio.run(arrived(asked, LIMITS))


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (posted(b"x" * 60, b"x" * 60), TooLarge),
        (posted(b"{}", length="101"), TooLarge),
        (posted(b"{}", length="9" * 5000), TooLarge),
        (posted(b"{", ends=False), TooSlow),
    ],
    ids=["in pieces", "by its length", "by an absurd length", "that never ends"],
)
def test_a_body_too_large_or_too_slow_is_given_up(
    request_: Request, error: type[DoorError]
) -> None:
    with pytest.raises(error):
        asyncio.run(read_object(request_, LIMITS))
