"""Clients that send as little as they can for as long as they may, on a port of this machine."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep

import pytest
import uvicorn

from api.http import patience
from api.http.app import create_app
from api.http.serving import server_settings
from api.http.settings import DoorSettings
from tests.integration.house import CLERK, Zone, folder_of
from tests.integration.http.caller import Faces

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])

#: Long beside what a machine under load takes to look, short beside a test.
SHORT = 0.3
PATIENCE = 20.0
HEAD = (
    b"POST /api/v1/commands/propose HTTP/1.1\r\nHost: door.example\r\n"
    b"Authorization: Bearer %s\r\nIdempotency-Key: attack-0001\r\n"
    b"Content-Type: application/json\r\nContent-Length: 1000\r\n" % CLERK.encode()
)


@contextmanager
def listening(zone: Zone) -> Iterator[int]:
    """The door on a free port of this machine, stopped by its own handle."""
    settings = DoorSettings(body_seconds=SHORT)
    app = create_app(zone.house, Faces(zone.code), settings)
    config = uvicorn.Config(app, **server_settings("127.0.0.1", 0, 1, settings), log_config=None)
    server = uvicorn.Server(config)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                sleep(0.01)
            yield int(listener.getsockname()[1])
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()


def drip(port: int, first: bytes, drop: bytes) -> bytes:
    """What is answered to somebody who sends a drop now and then, until they are cut off."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
        connection.settimeout(SHORT / 6)
        connection.sendall(first)
        heard = b""
        for _ in range(round(PATIENCE / SHORT * 6)):
            try:
                connection.sendall(drop)
                told = connection.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                return heard
            if not told:
                return heard
            heard += told
    raise AssertionError("nobody cut the connection")


def test_whoever_drips_is_cut_off_and_others_are_served_meanwhile(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "HEADERS_SECONDS", SHORT)
    monkeypatch.setattr(patience, "BODY_SECONDS", 8 * SHORT)
    with listening(zone) as port:
        # More who wait than there are threads: they hold none.
        crowd = [socket.create_connection(("127.0.0.1", port), PATIENCE) for _ in range(60)]
        for each in crowd:
            each.sendall(HEAD + b"\r\n{")
        assert drip(port, b"GET /health HTTP/1.1\r\nHost: door.example\r\n", b"") == b""
        assert drip(port, b"GET /health HTTP/1.1\r\nHost: x\r\nX: ", b"y") == b""
        slow = drip(port, HEAD + b"\r\n{", b" ")
        assert slow.startswith(b"HTTP/1.1 408 ")
        assert b'"http.too_slow"' in slow
        # A body that nobody asked for, of a request that was answered long ago.
        unasked = HEAD.replace(b"POST /api/v1/commands/propose", b"GET /health") + b"\r\n"
        assert drip(port, unasked, b" ").startswith(b"HTTP/1.1 200 ")
        for each in crowd:
            assert each.recv(64).startswith(b"HTTP/1.1 408 ")
            each.close()
        # A file may take its time as long as it comes on; drops of it do not, and leave nothing.
        upload = HEAD.replace(b"/api/v1/commands/propose", b"/api/v1/files") + b"\r\n"
        assert not drip(port, upload + b"x", b"y").startswith(b"HTTP/1.1 2")
    assert [each for each in folder_of(zone.url).root.rglob("*") if each.is_file()] == []


def test_what_is_no_http_is_refused_and_the_next_request_is_its_own(zone: Zone) -> None:
    """No request is smuggled in the body of another, nor hidden behind two lengths."""
    lines = (
        b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /health HTTP/1.1\r\nHost: x\r\nContent-Length: 1_0\r\n\r\n",
        b"POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n",
        b"POST /health HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX : y\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX: a\x00b\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",
        b"GET /he\x01alth HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /health HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 40_000 + b"\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    )
    with listening(zone) as port:
        for raw in lines:
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
                connection.sendall(raw)
                told = connection.recv(65536)
                assert told.startswith((b"HTTP/1.1 400 ", b"HTTP/1.1 431 ")), (raw, told)
        both = (
            b"POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
            b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as connection:
            connection.sendall(both)
            heard = b""
            while told := connection.recv(65536):
                heard += told
        # By the chunks, which come before a length (RFC 9112, 6.1): never both ways at once.
        assert heard.count(b"HTTP/1.1 ") <= 2
        assert heard.count(b"HTTP/1.1 404 ") + heard.count(b"HTTP/1.1 400 ") == 1
