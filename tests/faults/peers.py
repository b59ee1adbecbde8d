"""A mail server and a web server that hang, fail, answer late or twice, by chance.

`python -m tests.faults.peers SEED` says its ports; `calm` on the input has it behave from then on,
`tell` has it say what it took, in order.
"""

from __future__ import annotations

import asyncio
import json
import sys
from contextlib import closing
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from socket import create_server
from threading import Lock, Thread
from time import sleep
from typing import ClassVar, Final

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

#: Longer than a channel waits, so that what was taken is never heard of.
HANGING: Final = 0.8
LATE: Final = 0.2
#: Out of a hundred messages.
MISHAPS: Final = {"hangs": 5, "fails": 10, "late": 10, "twice": 5, "cut": 5}


class Chance:
    """What happens to the next message; and what was taken, whether or not anybody heard of it."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)
        self._lock = Lock()
        self.calm = False
        self.taken: list[tuple[str, str, bool]] = []

    def next(self) -> str:
        with self._lock:
            drawn = self._random.randrange(100)
        for mishap, share in () if self.calm else MISHAPS.items():
            if drawn < share:
                return mishap
            drawn -= share
        return "well"

    def take(self, channel: str, name: str, mishap: str) -> None:
        """Whether somebody may have heard of it is noted too."""
        with self._lock:
            self.taken.append((channel, name, mishap not in ("hangs", "cut")))


class Post:
    """Takes mail as it happens to."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        mishap = self._chance.next()
        if mishap == "fails":
            return "451 later"
        name = message_from_bytes(envelope.original_content or b"")["Message-ID"]
        self._chance.take("mail", name.strip("<>").partition("@")[0], mishap)
        if mishap == "cut":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        elif mishap == "twice":
            await server.push("250 taken")
        elif mishap != "well":
            await asyncio.sleep(HANGING if mishap == "hangs" else LATE)
        return "250 taken"


class Web(BaseHTTPRequestHandler):
    """Takes messages as it happens to."""

    chance: ClassVar[Chance]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        mishap = self.chance.next()
        if mishap != "fails":
            self.chance.take("hook", self.headers["Idempotency-Key"], mishap)
        if mishap in ("hangs", "late"):
            sleep(HANGING if mishap == "hangs" else LATE)
        if mishap == "cut":
            return
        for _ in range(2 if mishap == "twice" else 1):
            self.send_response(503 if mishap == "fails" else 202)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def handle(self) -> None:
        """Whoever was killed or has left hears no answer."""
        try:
            super().handle()
        except OSError:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def main(seed: int) -> None:
    chance = Web.chance = Chance(seed)
    web = ThreadingHTTPServer(("127.0.0.1", 0), Web)
    web.daemon_threads = True
    Thread(target=web.serve_forever, daemon=True).start()
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    post = Controller(Post(chance), hostname="127.0.0.1", port=port)
    post.start()
    ports = {"hook": web.server_address[1], "mail": port}
    print(json.dumps(ports), flush=True)  # noqa: T201 (read by whoever started it)
    for line in sys.stdin:
        if line.strip() == "calm":
            chance.calm = True
        print(json.dumps(chance.taken), flush=True)  # noqa: T201 (the same)
    post.stop(no_assert=True)


if __name__ == "__main__":
    main(int(sys.argv[1]))
