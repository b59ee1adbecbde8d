"""The sample organisation as attackers find it: matters in a few stages, and people of every kind.

Sessions, passwords, tokens and administrators are real; only hashing costs nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from pathlib import Path
from random import Random

from fastapi import FastAPI

from api.http import csrf
from api.http.app import create_app
from api.http.etags import tag
from api.http.settings import DoorSettings
from api.identity.errors import NotRecognised
from api.identity.principal import Administrator
from api.identity.sealing import make_key
from tests.integration.door import CLERK, HERE, PASSWORD, Door, door_of
from tests.integration.house import (
    CONVENE,
    DIRECTOR,
    HEAD,
    KEEPER,
    PLAIN,
    PUBLISH,
    QUICK,
    REVIEWER,
    Zone,
    founded,
    propose,
)
from workflow.facts import CALL

SUPERVISOR = "discipline.supervisor"
SCOPES = ("matters", "propose", "people", "drafts", "revise_draft", "commands", "journal")
STAGES = ("proposed", "drafting", "under_review", "tabled")
PEOPLE = (CLERK, HEAD, KEEPER, REVIEWER, DIRECTOR, SUPERVISOR)


@dataclass
class Visitor:
    """Somebody who comes by session, by token, or as nobody."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class Office:
    """The door with everybody who comes to it."""

    zone: Zone
    door: Door
    app: FastAPI
    random: Random
    matters: list[str] = field(default_factory=list)
    meetings: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    strangers: tuple[str, ...] = ()
    keys: Iterator[int] = field(default_factory=lambda: count(1))
    sessions: dict[str, str] = field(default_factory=dict)
    token: str = ""
    renewed: int = 0

    def settle(self) -> None:
        """Have matters under way and everybody with a password."""
        for stage in STAGES:
            self.matters.append(self.zone.advance_to(stage))
        self.matters.append(self.zone.advance_to("drafted", PLAIN))
        self.zone.do(PUBLISH)
        published = self.zone.house.public.published(self.zone.code, CALL, 1, None)
        self.calls += [each.key for each in published]
        self.zone.do(propose(QUICK, actor="finance.clerk"))
        self.matters.append(str(self.zone.matter))
        self.zone.do(CONVENE.with_(body="executive_meeting"))
        rows = self.zone.rows("SELECT code FROM meeting ORDER BY code")
        self.meetings += [str(code) for (code,) in rows]
        for name in PEOPLE:
            self.door.join(name)
        people = self.zone.rows("SELECT account FROM person ORDER BY account")
        self.strangers = tuple(str(each) for (each,) in people if each not in PEOPLE)
        for kind in Administrator:
            self.door.administrator(kind)
        made = self.door.identity.tokens.make_own(self._session(CLERK), "OA", SCOPES, 30, HERE)
        self.token = made.token

    def names(self) -> tuple[str, ...]:
        """Everybody who may come."""
        administrators = (f"administrator.{kind.value}" for kind in Administrator)
        return (*PEOPLE, *administrators, "service", "nobody")

    def visitor(self, name: str) -> Visitor:
        """Somebody as they come now, signed in anew where their session ended."""
        if name == "nobody":
            return Visitor(name)
        if name == "service":
            return Visitor(name, {"Authorization": f"Bearer {self.token}"})
        token = self._session(name)
        return Visitor(
            name,
            {
                "Cookie": f"{csrf.COOKIE}={token}",
                csrf.HEADER: self.door.identity.csrf(token),
            },
        )

    def today(self) -> date:
        """The day at the office."""
        return self.zone.house.clock.now().date()

    def sent(self, name: str, random: Random) -> tuple[str, dict[str, object]] | None:
        """Who sends what, where it is no command: a person, a public, an administrator."""
        here = {"organisation": self.zone.code}
        person = {"name": "某甲", "contact": "13800138000"}
        again = f"{PASSWORD}-{random.randrange(10**6)}"
        known: dict[str, tuple[str, dict[str, object]]] = {
            "submit_opinion": ("nobody", {"text": f"请缓行之{random.random()}", "person": person}),
            "sign_in": ("nobody", {**here, "account": HEAD, "password": PASSWORD}),
            "confirm_password": (CLERK, {"password": PASSWORD}),
            "make_token": (CLERK, {"purpose": "OA", "scopes": ["matters"], "days": 30}),
            "make_account": (
                "administrator.system",
                {"account": f"service.{random.randrange(10**6)}", "kind": "service"},
            ),
            "sign_out": (random.choice(PEOPLE), {}),
            "revoke_token": (CLERK, {}),
            "redeem_link": ("nobody", {"token": "x", "new_password": again}),
        }
        return known.get(name)

    def key(self) -> str:
        """A key of its own for every request."""
        return f"attack-{next(self.keys):012d}"

    def tag(self, path: Mapping[str, object]) -> str | None:
        """The present tag of what a path names, if it is there."""
        if (number := path.get("number")) in self.matters:
            rows = self.zone.rows("SELECT version FROM matter WHERE number = :n", n=number)
            return tag(self.zone.code, "matter", str(number), rows[0][0])
        if (code := path.get("code")) in self.meetings:
            meeting = self.zone.house.inquiry.convened(self.zone.code, str(code)).meeting
            return tag(self.zone.code, "meeting", str(code), meeting.mark)
        return None

    def _session(self, name: str) -> str:
        token = self.sessions.get(name)
        if token is None or self.door.who(token) is None:
            token = self.sessions[name] = self._signed_in(name)
        return token

    def _signed_in(self, name: str) -> str:
        self.renewed += 1
        try:
            return self.door.sign_in(name).token
        except NotRecognised:
            # Locked or disabled by one of the attacks: the machine itself lets them in again.
            self.door.intruder.run(
                "UPDATE account SET disabled_at = NULL, locked_until = NULL, failures = 0,"
                f" version = version + 1 WHERE name = '{name}'"
            )
            password = PASSWORD + secrets.token_urlsafe(4)
            self.door.join(name, password)
            return self.door.sign_in(name, password).token


@contextmanager
def attacked(url: str, folder: Path, seed: int) -> Iterator[Office]:
    """The office on a fresh database."""
    key = folder / "key"
    if not key.exists():
        make_key(key)
    with founded(url) as zone:
        door = door_of(zone, folder)
        # The house puts its own together only if it is asked before.
        zone.house.__dict__["identity"] = door.identity
        app = create_app(zone.house, door.identity, DoorSettings())
        office = Office(zone, door, app, Random(seed))
        office.settle()
        yield office
