"""Requests as they come off the wire, byte by byte: no client puts anything right on the way."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from fastapi import FastAPI

JSON = (b"content-type", b"application/json")


@dataclass(frozen=True)
class Heard:
    """An answer."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        return next((value for each, value in self.headers if each == name), None)

    @property
    def code(self) -> str:
        return str(json.loads(self.body)["code"])

    def sound(self) -> None:
        """It is a problem of ours, of bounded size, on one line for each header."""
        assert 400 <= self.status < 500, (self.status, self.body[:300])
        assert self.header(b"content-type") == b"application/problem+json"
        assert self.header(b"x-content-type-options") == b"nosniff"
        assert len(self.body) < 100_000
        for name, value in self.headers:
            assert not set(name + value) & set(b"\r\n\x00")


def send(
    app: FastAPI,
    method: str,
    target: bytes,
    headers: Iterable[tuple[bytes, bytes]] = (),
    body: bytes = b"",
    client: str = "192.0.2.9",
    host: bytes = b"door.example",
) -> Heard:
    """A request as uvicorn hands it on."""
    path, _, query = target.partition(b"?")
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", host), *headers],
        "client": (client, 4711),
        "server": ("door.example", 80),
    }
    started: dict[str, Any] = {}
    told = bytearray()

    async def run() -> None:
        waiting = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> Any:
            return waiting.pop() if waiting else {"type": "http.disconnect"}

        async def answer(message: Any) -> None:
            if message["type"] == "http.response.start":
                started.update(message)
            else:
                told.extend(message.get("body", b""))

        await app(scope, receive, answer)

    asyncio.run(run())
    return Heard(started["status"], tuple(started["headers"]), bytes(told))


def bearer(account: str) -> tuple[bytes, bytes]:
    return b"authorization", f"Bearer {account}".encode()
