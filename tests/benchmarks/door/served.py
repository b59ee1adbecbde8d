"""A server of one side, in a process of its own: `python -m tests.benchmarks.door.served FILE`.

The file is a pickled `Place`.  Both sides have the server settings of `yicheng serve`.
"""

from __future__ import annotations

import pickle
import sys
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Final

import uvicorn
from anyio.to_thread import current_default_thread_limiter
from sqlalchemy import make_url
from starlette.types import ASGIApp, Receive, Scope, Send

from api.bootstrap import open_rehearsal
from api.http.app import create_app
from api.http.serving import server_settings
from api.http.settings import DoorSettings
from api.http.turnstile import Rate, shipped_rates
from tests.benchmarks.door.bare import Script, bare_app
from tests.benchmarks.office import AT

PROCESSOR: Final = "/processor"


@dataclass(frozen=True)
class Place:
    """What to serve and where; a script is that of the bare side."""

    url: str
    port: int
    script: Script | None


class Watched:
    """An application that also tells for how long the processor has worked in this process."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["path"] != PROCESSOR:
            await self._app(scope, receive, send)
            return
        told = str(process_time()).encode()
        headers = [(b"content-length", str(len(told)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": told})


def main(file: Path) -> None:
    """Serve until told to stop."""
    place: Place = pickle.loads(file.read_bytes())
    # One account asks as fast as can be: it is counted, and never too fast.
    endless = Rate(requests=10**9, seconds=600, reason="measured")
    rates = shipped_rates().model_copy(update={"per_account": endless, "per_token": endless})
    limits = DoorSettings(rates=rates)
    app: ASGIApp
    if place.script is not None:
        threads = limits.threads_on(make_url(place.url).get_backend_name())
        bare = bare_app(place.url, threads, place.script)

        async def begin() -> None:
            current_default_thread_limiter().total_tokens = threads

        bare.router.on_startup.append(begin)
        app = bare
    else:
        house = open_rehearsal(place.url, AT)
        app = create_app(house, house.identity, limits)
    uvicorn.run(Watched(app), **server_settings("127.0.0.1", place.port, 1, limits))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
