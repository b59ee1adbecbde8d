"""Clients that ask one after the other, over connections that they keep, and how long that took."""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Final

_LENGTH: Final = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)
_TAG: Final = re.compile(rb"\r\netag: ([^\r]+)\r\n", re.IGNORECASE)
_BLOCK: Final = 262_144


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as far as anybody looks at it here."""

    status: int
    tag: str
    body: bytes


class Client:
    """One connection; no library's work is measured along."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def close(self) -> None:
        self._socket.close()

    def ask(self, request: bytes) -> Answer:
        """Send a request and read its answer whole."""
        self._socket.sendall(request)
        found = bytearray()
        while (end := found.find(b"\r\n\r\n")) < 0:
            found += self._more()
        head = bytes(found[: end + 2])
        length = _LENGTH.search(head)
        whole = end + 4 + (int(length[1]) if length else 0)
        while len(found) < whole:
            found += self._more()
        tag = _TAG.search(head)
        return Answer(int(head[9:12]), tag[1].decode() if tag else "", bytes(found[end + 4 :]))

    def _more(self) -> bytes:
        found = self._socket.recv(_BLOCK)
        if not found:
            raise ConnectionError("the server hung up")
        return found


#: Asks once; made for each client, that it may remember what it needs for the next request.
Ask = Callable[[Client], Answer]


def load(port: int, asks: Sequence[Ask], seconds: float, least: int = 1) -> list[float]:
    """Let every client ask for so long, and so often at least; gives the seconds of each request.

    RuntimeError for an answer that is not a good one.
    """
    clients = [Client(port) for _ in asks]
    try:
        with ThreadPoolExecutor(len(asks)) as pool:
            over = perf_counter() + seconds
            found = pool.map(partial(_one, over, least), clients, asks)
            return [each for many in found for each in many]
    finally:
        for client in clients:
            client.close()


def _one(over: float, least: int, client: Client, ask: Ask) -> list[float]:
    took: list[float] = []
    begun = perf_counter()
    while len(took) < least or begun < over:
        answer = ask(client)
        if answer.status != 200:
            message = f"{answer.status} {answer.body[:500]!r}"
            raise RuntimeError(message)
        ended = perf_counter()
        took.append(ended - begun)
        begun = ended
    return took
