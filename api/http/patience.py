"""How long the server waits for whoever sends a request piece by piece (a slow client)."""

from __future__ import annotations

import asyncio
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEADERS_SECONDS: Final = 10.0
#: Longer than whoever reads a body waits for it: this is for bodies that nobody reads.
BODY_SECONDS: Final = 60.0
#: Where large bodies come in: as long as this much has come within that time, more is waited for.
UPLOADS: Final = "/api/v1/files"
LEAST_BYTES: Final = 256 * 1024


class Patient(H11Protocol):
    """uvicorn's protocol, which by itself waits for ever until the headers are complete."""

    def __init__(self, *given: Any, **named: Any) -> None:  # noqa: ANN401 (uvicorn's signature)
        super().__init__(*given, **named)
        self._waiting: asyncio.TimerHandle | None = None
        self._waits_for: object = None
        self._came = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        """Take what came; wait on where it is no whole request yet."""
        self._came += len(data)
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Each part of a request has its time as a whole, in however many pieces it comes."""
        state = self.conn.their_state
        if state is self._waits_for:
            return
        self._stop()
        self._came = 0
        seconds = {h11.IDLE: HEADERS_SECONDS, h11.SEND_BODY: BODY_SECONDS}.get(state)
        if seconds is not None:
            self._waits_for = state
            self._waiting = self.loop.call_later(seconds, self._give_up)

    def _hurries(self) -> bool:
        """Whether a file is on its way, and came on well enough to wait for more of it."""
        return (
            self._waits_for is h11.SEND_BODY
            and self.scope["path"] == UPLOADS
            and self._came >= LEAST_BYTES
        )

    def _stop(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        self._waits_for = None

    def _give_up(self) -> None:
        overdue = self.conn.their_state is self._waits_for
        if overdue and self._hurries():
            self._came = 0
            self._waiting = self.loop.call_later(BODY_SECONDS, self._give_up)
            return
        self._stop()
        if overdue and not self.transport.is_closing():
            self.transport.close()
