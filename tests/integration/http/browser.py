"""A browser at the door: real sessions, cookies that are kept, proofs that are sent back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http.app import create_app
from api.http.etags import tag
from api.http.settings import DoorSettings
from api.identity.sealing import make_key
from tests.integration.door import CLERK, PASSWORD, Door, door_of
from tests.integration.house import Zone
from tests.integration.http.caller import Client

ORIGIN = "http://door.example"
_ACCOUNT = re.compile(r"/accounts/([^/]+)/")


@dataclass
class Browser:
    """Keeps its cookies and sends the proof that it was given."""

    door: Door
    client: Client
    cookies: dict[str, str] = field(default_factory=dict)
    proof: str = ""
    keys: Iterator[int] = field(default_factory=lambda: count(1))

    def send(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        told = {"Origin": ORIGIN, "X-CSRF-Token": self.proof}
        if method == "POST":
            told["Idempotency-Key"] = f"browser-{next(self.keys):04}"
            told |= self._seen(path)
        told |= headers
        if self.cookies:
            told["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        how: dict[str, Any] = {} if body is None else {"json": body}
        answer = self.client.request(method, f"/api/v1{path}", headers=told, **how)
        for line in answer.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0].strip('"')
        if "csrf" in answer.text and answer.is_success:
            self.proof = answer.json()["csrf"]
        return answer

    def _seen(self, path: str) -> dict[str, str]:
        """What an administrator who looked at the account before changing it names."""
        found = _ACCOUNT.match(path)
        if found is None:
            return {}
        name, organisation = found[1], self.door.organisation
        return {"If-Match": tag(organisation, "account", name, self.door.mark(name))}

    def sign_in(
        self, account: str = CLERK, password: str = PASSWORD, **more: str
    ) -> httpx.Response:
        shown = {"organisation": self.door.organisation, "account": account, "password": password}
        return self.send("POST", "/session", {**shown, **more})


@contextmanager
def browsing(zone: Zone, folder: Path, settings: DoorSettings | None = None) -> Iterator[Browser]:
    """A browser at the door of a zone, whose identity costs nothing."""
    make_key(folder / "key")
    door = door_of(zone, folder)
    # The house puts its own together only if it is asked before.
    zone.house.__dict__["identity"] = door.identity
    with closing(Client(create_app(zone.house, door.identity, settings))) as client:
        yield Browser(door, client)


@pytest.fixture
def browser(zone: Zone, tmp_path: Path) -> Iterator[Browser]:
    with browsing(zone, tmp_path) as found:
        yield found
