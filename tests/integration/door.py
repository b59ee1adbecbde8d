"""The sample organisation with a door: identity on its database, at the cost of nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from api.identity import codes
from api.identity.administration import mark_of
from api.identity.events import Event, Origin
from api.identity.identity import Identity
from api.identity.policy import Settings, load_policy
from api.identity.principal import Administrator, Principal
from api.identity.records import Admitted
from api.identity.sealing import Sealer, make_key
from api.identity.signing_in import Credentials
from tests.integration.house import SAMPLE, Zone, founded
from tests.integration.raw import Intruder
from workflow.clock import FixedClock

CHEAP = Path(__file__).with_name("identity_policy.yaml")
CLERK = "planning.clerk"
PASSWORD = "Correct-horse-7"
OTHER = "Battery-staple-8"
HERE = Origin("192.0.2.1", "r-1")
ELSEWHERE = Origin("198.51.100.7", "r-2")
MINUTE = timedelta(minutes=1)


def cheap_policy() -> Settings:
    return load_policy(CHEAP)


@dataclass
class Door:
    """Identity of one organisation, with what tests do over and over."""

    identity: Identity
    clock: FixedClock
    intruder: Intruder
    organisation: str = SAMPLE

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def wait(self, period: timedelta) -> None:
        """Let time pass, or jump back."""
        self.clock.set(self.clock.now() + period)

    def link(self, name: str, by: Principal | None = None) -> str:
        return self.identity.administration.make_link(by, self.organisation, name).token

    def mark(self, name: str) -> str:
        """The state of an account, as whoever changes it has to name it."""
        core = self.identity.administration.core
        return core.act(
            self.organisation, HERE, lambda room: mark_of(room, room.store.account(name))
        )

    def join(self, name: str = CLERK, password: str = PASSWORD) -> None:
        """Have somebody set a first password."""
        self.identity.passwords.redeem(self.link(name), password, HERE)

    def shown(
        self, name: str = CLERK, password: str = PASSWORD, code: str | None = None
    ) -> Credentials:
        return Credentials(self.organisation, name, password, code)

    def sign_in(
        self,
        name: str = CLERK,
        password: str = PASSWORD,
        code: str | None = None,
        origin: Origin = HERE,
    ) -> Admitted:
        return self.identity.signing_in.sign_in(self.shown(name, password, code), origin)

    def who(self, token: str) -> Principal | None:
        return self.identity.by_session(token, client=HERE.client)

    def administrator(self, kind: Administrator) -> Principal:
        """One of the three, as recognised by a session of theirs."""
        self.identity.first_administrators(self.organisation)
        name = f"administrator.{kind.value}"
        if self.intruder.ask(f"SELECT password FROM account WHERE name = '{name}'") is None:
            self.join(name)
        return self.sign_in(name).principal

    def enrolled(self, token: str) -> tuple[bytes, str]:
        """The secret of a second factor that was confirmed; the session's new token."""
        secret = base64.b32decode(self.identity.second_factors.enrol(token, HERE).secret)
        risen = self.identity.second_factors.confirm(token, self.code(secret), HERE)
        return secret, risen.token

    def code(self, secret: bytes, steps: int = 0) -> str:
        at = self.now + timedelta(seconds=30 * steps)
        return codes.code_at(secret, at, self.identity.policy)

    def events(self) -> list[Event]:
        core = self.identity.administration.core
        return core.act(self.organisation, HERE, lambda room: room.store.events(0, 1000))

    def told(self) -> list[tuple[str, str | None]]:
        """What happened, and why not."""
        return [(each.kind, each.reason) for each in self.events()]


@pytest.fixture
def door(database_url: str, tmp_path: Path) -> Iterator[Door]:
    make_key(tmp_path / "key")
    with founded(database_url) as zone:
        yield door_of(zone, tmp_path)


def door_of(zone: Zone, folder: Path) -> Door:
    identity = Identity(
        zone.house.uow,
        zone.house.clock,
        cheap_policy(),
        Sealer(folder / "key"),
    )
    return Door(identity, zone.house.clock, Intruder(zone.url))
