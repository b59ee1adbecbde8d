"""A webhook: JSON by POST, with an Idempotency-Key that is the same at every try."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import httpx

from notifications.channels.port import Failed, Parcel, Result, Sent

_WAIT: Final = frozenset({408, 425, 429})
_GOOD: Final = range(200, 300)
_SERVER: Final = 500
_SAID: Final = 100


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that takes messages; `{address}` in it stands for whom one is for."""

    id: str
    url: str
    pattern: re.Pattern[str]
    token: str = ""
    brief: bool = True
    seconds: int = 20

    def takes(self, address: str) -> bool:
        """Whether the pattern allows it."""
        return self.pattern.fullmatch(address) is not None

    def send(self, parcel: Parcel) -> Result:
        """Post it. Redirects are not followed; what the other side did not answer is doubtful."""
        url = self.url.replace("{address}", quote(parcel.to, safe=""))
        headers = {"Idempotency-Key": parcel.id}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        body = {
            "id": parcel.id,
            "to": parcel.to,
            "subject": parcel.subject,
            "text": parcel.plain,
            "link": parcel.link,
        }
        try:
            with (
                httpx.Client(timeout=self.seconds / 2, follow_redirects=False) as client,
                # The answer's body is of no interest, however long it is.
                client.stream("POST", url, json=body, headers=headers) as answered,
            ):
                status = answered.status_code
                told = answered.headers.get("X-Request-Id", "")[:_SAID]
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            return Failed(f"unreachable:{type(error).__name__}")
        except httpx.UnsupportedProtocol:
            return Failed("misconfigured:url", lasting=True)
        except httpx.HTTPError as error:
            return Failed(f"unanswered:{type(error).__name__}", doubtful=True)
        if status in _GOOD:
            return Sent(told)
        if status >= _SERVER:
            return Failed(f"refused:{status}", doubtful=True)
        return Failed(f"refused:{status}", lasting=status not in _WAIT)
