"""Somebody who calls the door of a zone: a fake authenticator, a client without a socket."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI

from api.http.app import create_app
from api.http.settings import DoorSettings
from api.identity.principal import Administrator, Principal
from tests.integration.house import SAMPLE, Act, Zone

COOKIE = "__Host-yicheng"


class Faces:
    """Knows everybody by their account: the token is the account; some are special."""

    def __init__(self, organisation: str = SAMPLE) -> None:
        self.organisation = organisation

    def by_session(self, token: str, *, client: str) -> Principal | None:
        return None if token == "over" else self._principal(token, session=1)

    def by_token(self, token: str, *, client: str) -> Principal | None:
        if token.startswith("only-"):
            scope, _, account = token.removeprefix("only-").partition("-")
            return Principal(self.organisation, account, scopes=frozenset({scope}))
        return None if token == "none" else self._principal(token)

    def out_of_scope(self, principal: Principal, *, client: str) -> None:
        """Nobody writes it down here."""

    def csrf(self, token: str) -> str:
        return f"proof of {token}"

    def _principal(self, token: str, session: int | None = None) -> Principal:
        special = token in set(map(str, Administrator))
        return Principal(
            self.organisation,
            token,
            Administrator(token) if special else None,
            session=session,
        )


class Client:
    """Calls an application within this process, one request after the other."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=False),
            base_url="http://door.example",
        )
        self._runner = asyncio.Runner()

    def request(self, method: str, path: str, **how: Any) -> httpx.Response:
        return self._runner.run(self._client.request(method, path, **how))

    def close(self) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()


@dataclass
class Caller:
    """The door of a zone, and whoever calls."""

    zone: Zone
    client: Client
    app: FastAPI
    keys: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def get(self, path: str, account: str, **how: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {account}", **how.pop("headers", {})}
        return self.client.request("GET", path, headers=headers, **how)

    def post(
        self,
        path: str,
        account: str,
        body: Mapping[str, object] | None = None,
        *,
        tag: str | None = None,
        key: str | None = None,
        **how: Any,
    ) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {account}",
            "Idempotency-Key": key or f"key-number-{next(self.keys)}",
            **({} if tag is None else {"If-Match": tag}),
            **how.pop("headers", {}),
        }
        return self.client.request("POST", path, json=body or {}, headers=headers, **how)

    def tag(self, account: str) -> str:
        """The tag of the matter last made."""
        found = self.get(f"/api/v1/matters/{self.zone.matter}", account)
        assert found.status_code == 200, found.text
        return str(found.headers["etag"])

    def do(self, act: Act, **how: Any) -> httpx.Response:
        """An act on the matter last made, with its version looked up."""
        address = f"/api/v1/matters/{self.zone.matter}/commands/{act.command}"
        given = act.given(self.zone.today)
        return self.post(address, act.actor, given, tag=self.tag(act.actor), **how)


def door(zone: Zone, settings: DoorSettings | None = None) -> FastAPI:
    return create_app(zone.house, Faces(zone.code), settings)


@contextmanager
def calling(zone: Zone, settings: DoorSettings | None = None) -> Iterator[Caller]:
    """Call the door of a zone."""
    with closing(Client(door(zone, settings))) as client:
        yield Caller(zone, client, client.app)
