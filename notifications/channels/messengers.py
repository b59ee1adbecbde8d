"""Everything that `apprise` knows: WeCom, DingTalk, Feishu, gateways for SMS and more."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from notifications.channels.port import Failed, Parcel, Result, Sent

if TYPE_CHECKING:
    from apprise import Apprise


@dataclass(frozen=True, slots=True)
class Messenger:
    """A service by its apprise URL; `{address}` in it stands for whom a message is for.

    No such service tells apart a message that is sent twice, nor why one failed: every failure is
    doubtful, and none is known to last.
    """

    id: str
    url: str
    pattern: re.Pattern[str]
    brief: bool = True
    seconds: int = 30

    def takes(self, address: str) -> bool:
        """Whether the pattern allows it."""
        return self.pattern.fullmatch(address) is not None

    def known(self) -> bool:
        """Whether apprise knows what the URL means."""
        return len(self._service("1")) == 1

    def send(self, parcel: Parcel) -> Result:
        """Send it as plain text."""
        service = self._service(parcel.to)
        if not len(service):
            return Failed("misconfigured:url", lasting=True)
        try:
            done = service.notify(body=parcel.plain, title=parcel.subject, body_format="text")
        except Exception as error:  # noqa: BLE001 (a hundred services, each with errors of its own)
            return Failed(f"unanswered:{type(error).__name__}", doubtful=True)
        return Sent() if done else Failed("refused", doubtful=True)

    def _service(self, address: str) -> Apprise:
        with warnings.catch_warnings():
            # It imports what newer versions of Python will not have.
            warnings.simplefilter("ignore", DeprecationWarning)
            # A hundred services: loaded when needed.
            from apprise import Apprise, AppriseAsset  # noqa: PLC0415

            asset = AppriseAsset(storage_mode="memory", service_timeout=self.seconds / 2)
            asset.async_mode = False
            asset.http_redirects = False
            found = Apprise(asset=asset)
            found.add(self.url.replace("{address}", quote(address, safe="")))
            return found
