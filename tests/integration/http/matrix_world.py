"""Two organisations on one database, and everybody who stands at the door: what the matrix asks.

Every matter has a word in its title that occurs nowhere else.  Nothing that is asked here is kept:
each transaction is undone where it would have been committed, so that no question changes what the
next one finds.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from fastapi import FastAPI

from api.founding import found as found_organisation
from api.http.app import create_app
from api.http.csrf import COOKIE, HEADER
from api.http.documenting import payload_examples
from api.http.etags import tag
from api.http.table import Entry
from api.identity.identity import Identity
from api.identity.principal import Administrator, Principal
from api.identity.sealing import make_key
from procedures.kinds import KINDS
from tests.integration.door import HERE, PASSWORD, Door, door_of
from tests.integration.house import (
    CLERK,
    CONVENE,
    DRAFT,
    HEAD,
    LEGAL_HEAD,
    PLAIN,
    QUICK,
    STUDY,
    TABLE,
    WHOLE,
    WITHDRAW,
    Act,
    Zone,
    always,
    founded,
    grant,
    propose,
    sample,
    way,
)
from tests.integration.test_files import upload
from workflow.commands import Subject, every_command
from workflow.files import CONFIRM_QUARANTINE, RELEASE_QUARANTINE

#: The matters of the sample organisation, by the words that stand for them in the matrix.
MATTERS: Final = ("tabled", "other_unit", "kin", "ended", "superior", "restricted")
ORIGIN: Final = "http://door.example"
SERVICE: Final = "service.oa"
OTHER_UNIT: Final = "economy.clerk"
RESTRICTED_TO: Final = (HEAD, CLERK, LEGAL_HEAD)
PROJECT: Final[Mapping[str, Any]] = {"project": "标准厂房", "amount_yuan": 6_000_000}
#: Occurs in every title of the other organisation.
FOREIGN_WORD: Final = "canary-foreign"


def word(matter: str) -> str:
    """The word in the title of a matter of the sample organisation."""
    return f"canary-{matter.replace('_', '-')}"


@dataclass(frozen=True)
class Answer:
    """What came back, to the last byte."""

    status: int
    headers: bytes
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)

    @property
    def everything(self) -> bytes:
        return self.headers + self.body


class Quick:
    """Calls an application within this process, as plainly as can be: it is called very often."""

    def __init__(self, app: FastAPI) -> None:
        self._app = app
        self._runner = asyncio.Runner()

    def __call__(
        self, method: str, address: str, headers: Mapping[str, str], body: object = None
    ) -> Answer:
        path, _, query = address.partition("?")
        sent = b"" if body is None else json.dumps(body, ensure_ascii=False).encode()
        given = {"host": "door.example", "content-type": "application/json", **headers}
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [
                (name.lower().encode(), value.encode())
                for name, value in {**given, "content-length": str(len(sent))}.items()
            ],
            "client": ("192.0.2.1", 4711),
            "server": ("door.example", 80),
        }
        return self._runner.run(self._ask(scope, sent))

    async def _ask(self, scope: dict[str, Any], sent: bytes) -> Answer:
        came: list[Mapping[str, Any]] = []

        asked = False

        async def receive() -> dict[str, Any]:
            nonlocal asked
            if asked:  # whoever streams an answer listens whether the caller has gone
                await asyncio.Event().wait()
            asked = True
            return {"type": "http.request", "body": sent, "more_body": False}

        async def send(message: Mapping[str, Any]) -> None:
            came.append(message)

        await self._app(scope, receive, send)
        headers = b"\n".join(b": ".join(each) for each in came[0]["headers"])
        return Answer(
            came[0]["status"], headers, b"".join(each.get("body", b"") for each in came[1:])
        )

    def close(self) -> None:
        self._runner.close()


class Remembered:
    """Identity, which is asked once for each session; and service tokens that it never made."""

    def __init__(self, identity: Identity, tokens: Mapping[str, Principal]) -> None:
        self._identity = identity
        self._tokens = tokens
        self._known: dict[str, Principal | None] = {}

    def by_session(self, token: str, *, client: str) -> Principal | None:
        if token not in self._known:
            self._known[token] = self._identity.by_session(token, client=client)
        return self._known[token]

    def by_token(self, token: str, *, client: str) -> Principal | None:
        del client
        return self._tokens.get(token)

    def out_of_scope(self, principal: Principal, *, client: str) -> None:
        """Nobody writes it down here."""

    def csrf(self, token: str) -> str:
        return self._identity.csrf(token)


@dataclass
class World:
    """The door, who stands before it with which headers, and what there is behind it."""

    zone: Zone
    ask: Quick
    entries: tuple[Entry, ...]
    headers: Mapping[str, Mapping[str, str]]
    things: Mapping[str, Mapping[str, str]]
    tags: Mapping[str, str]

    def asked(self, entry: Entry, asker: str, thing: str) -> Answer:
        """A route asked for a thing by somebody."""
        address = self.address(entry, thing)
        headers = {**self.headers[asker], "accept-language": "en"}
        if entry.method == "GET":
            return self.ask("GET", address, headers)
        headers["idempotency-key"] = "asked-by-the-matrix"
        named = self.tags.get(thing) if entry.versioned else None
        if named is not None:
            headers["if-match"] = named
        return self.ask("POST", address, headers, self.body(entry, thing))

    def address(self, entry: Entry, thing: str) -> str:
        """Where a thing is asked for by a route."""
        values = {
            "name": "propose",
            "procedure": "jiyuan_htz",
            "year": "2026",
            "code": "refused",
            "draft": "1",
            "a": "1",
            "b": "1",
            "act": "unlock",
            "organisation": "jiyuan_htz",
            "key": "no-such-key",
            "alert": "1000000",
            "delivery": "1000000",
            "feed": "1000000",
            "secret": "no-such-secret",
            **self.things.get(thing, {}),
        }
        query = QUERIES.get(entry.name, "")
        if entry.command and SPECS[entry.command].subject is Subject.MATTER_AND_MEETING:
            query = f"?meeting={self.things['own_meeting']['code']}"
        return entry.path.format_map(values) + query

    def body(self, entry: Entry, thing: str) -> object:
        """A body that fits the route, whatever the rules say of it."""
        if entry.name == "unmask":
            return {**payload_examples()["unmask"], "matter": self.things[thing]["number"]}
        if entry.command in (CONFIRM_QUARANTINE, RELEASE_QUARANTINE):
            return {**payload_examples()[entry.command], **self.things["held_file"]}
        if entry.command:
            return BODIES.get(entry.command) or payload_examples()[entry.command]
        return BODIES.get(entry.name, {})


SPECS: Final = every_command(KINDS)
QUERIES: Final[Mapping[str, str]] = {
    "calendar_count": "?start=2026-03-02&amount=5&unit=working_days",
    "calendar_span": "?start=2026-03-02&end=2026-04-02&unit=months",
    "procedure_differences": "?before=order_713",
}
_SHOWN: Final[Mapping[str, str]] = {
    "organisation": "jiyuan_htz",
    "account": "nobody.at.all",
    "password": PASSWORD,
}
BODIES: Final[Mapping[str, object]] = {
    "sign_in": _SHOWN,
    "replace_password": {**_SHOWN, "new_password": "Other-horse-8"},
    "submit_opinion": {"text": "希望分档"},
    "submission_outcome": {"receipt": "no-such-receipt"},
    "delete_submission_person": {"receipt": "no-such-receipt"},
    "open_link": {"token": "x" * 30},
    "redeem_link": {"token": "x" * 30, "new_password": "Other-horse-8"},
    "finish_external": {"state": "x" * 30, "code": "y"},
    "show_external_second_factor": {"code": "123456"},
    "confirm_password": {"password": PASSWORD},
    "change_password": {"password": PASSWORD, "new_password": "Other-horse-8"},
    "show_second_factor": {"code": "123456"},
    "confirm_second_factor": {"code": "123456"},
    "make_token": {"purpose": "OA", "scopes": ["people"], "days": 30},
    "make_account": {"account": "service.new", "kind": "service"},
    "link_external": {"issuer": "https://id.example", "subject": "s-1"},
    "file_evidence": {
        "done_on": "2026-03-02",
        "step": "cost_audit",
        "evidence": "成本监审报告",
        "summary": "核定成本",
        "concluded": True,
    },
    "migrate": {"procedure": "jiyuan_htz", "version": "2026-01-01", "reasons": "规则修订"},
    "bulk": {"mode": "each", "commands": []},
}


def _propose(name: str, answers: Mapping[str, object], actor: str = CLERK, **more: Any) -> Act:
    return propose(answers, actor).with_(title=f"污水处理 {name}", **more)


def _advanced(zone: Zone, stage: str, answers: Mapping[str, object], name: str) -> str:
    for act in way(stage, answers):
        if act.command == "propose":
            zone.do(_propose(name, answers))
        elif act.command == STUDY.command:
            paper = upload(zone, name.encode(), f"{name}.txt")
            zone.do(act.with_(files=[paper.file.key]))
        elif act.command == DRAFT.command:
            zone.do(act.with_(authors=[CLERK, "leader.deputy"]))
        else:
            zone.do(act)
    return str(zone.matter)


def furnished(zone: Zone) -> dict[str, dict[str, str]]:
    """The matters, meetings and entries of the sample organisation."""
    found: dict[str, dict[str, str]] = {}
    zone.do(grant("legal.reviewer.2"))
    everyones = zone.rows("SELECT max(seq) FROM journal")[0][0]
    tabled = _advanced(zone, "tabled", WHOLE, word("tabled"))
    own_meeting = str(zone.meeting)
    zone.do(_propose(word("other_unit"), WHOLE, OTHER_UNIT, **PROJECT))
    other = str(zone.matter)
    zone.do(_propose(word("kin"), WHOLE, **PROJECT))
    kin = str(zone.matter)
    zone.do(_propose(word("ended"), PLAIN))
    ended = str(zone.matter)
    zone.do(WITHDRAW)
    zone.do(_propose(word("superior"), {**PLAIN, "decision_level": "superior"}))
    superior = str(zone.matter)
    restricted = _advanced(zone, "review_passed", QUICK, word("restricted"))
    zone.meeting = own_meeting
    zone.do(CONVENE)
    hidden_meeting = str(zone.meeting)
    zone.do(TABLE)
    given = always(named=list(RESTRICTED_TO), reasons="谈判尚未结束", basis="工作秘密清单第三项")
    zone.do(Act("restrict_access", HEAD, given))
    for name, number in (
        ("tabled", tabled),
        ("other_unit", other),
        ("kin", kin),
        ("ended", ended),
        ("superior", superior),
        ("restricted", restricted),
    ):
        last = zone.rows(
            "SELECT max(j.seq) FROM journal j JOIN matter m ON m.id = j.matter_id"
            " WHERE m.number = :number",
            number=number,
        )[0][0]
        found[name] = {"number": number, "entry": str(last)}
    for name, number in (("own_file", tabled), ("restricted_file", restricted)):
        key = zone.rows(
            "SELECT f.key FROM file f JOIN matter m ON m.id = f.matter_id"
            " WHERE m.number = :number ORDER BY f.id",
            number=number,
        )[0][0]
        found[name] = {"file": str(key)}
    # Of a matter it is not: whose hands may judge it is asked.
    found["held_file"] = {"file": upload(zone, "机密★".encode()).file.key}
    found["own_meeting"] = {"code": own_meeting}
    found["other_meeting"] = {"code": hidden_meeting}
    found["everyones"] = {"entry": str(everyones)}
    return found


def _tags(zone: Zone, things: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """What If-Match has to name, looked up past everybody's rights."""
    found: dict[str, str] = {}
    for name, told in things.items():
        if "number" in told and name != "foreign":
            facts = zone.house.inquiry.matter(zone.code, told["number"]).facts
            found[name] = tag(zone.code, "matter", facts.number, facts.version)
        elif "code" in told and name != "foreign_meeting":
            meeting = zone.house.inquiry.meeting(zone.code, told["code"])
            found[name] = tag(zone.code, "meeting", meeting.code, meeting.mark)
    mark = zone.house.identity.administration.view_account(None, zone.code, SERVICE).mark
    found["account"] = tag(zone.code, "account", SERVICE, mark)
    for name, kind, key in (
        ("foreign_account", "account", "name"),
        ("foreign", "matter", "number"),
        ("foreign_meeting", "meeting", "code"),
    ):
        found[name] = tag(zone.code, kind, things[name][key], "1")
    return found


def _neighbour(zone: Zone) -> dict[str, dict[str, str]]:
    """The other organisation: the same people, and more of everything than the sample's."""
    other = sample("neighbour")
    found_organisation(zone.house.uow, other, zone.house.clock)
    there = Zone(zone.url, zone.house, other.id)
    for _ in range(9):
        there.do(_propose(FOREIGN_WORD, PLAIN))
    for number in range(4):
        there.do(CONVENE.with_(held_on=f"2026-12-{number + 1:02}"))
    there.do(grant("legal.reviewer.2"))
    return {
        "foreign": {"number": str(there.matter), "entry": "9999"},
        "foreign_meeting": {"code": str(there.meeting)},
        "foreign_file": {"file": upload(there, FOREIGN_WORD.encode()).file.key},
    }


def _scopes(named: object) -> frozenset[str]:
    """The scopes of a token; `all` are those of every route."""
    if isinstance(named, list):
        return frozenset(named)
    every = create_app(None, None).state.table.entries  # type: ignore[arg-type]
    return frozenset({each.area for each in every} | {each.command for each in every})


def _session(door: Door, account: str) -> dict[str, str]:
    """The headers of somebody who sets a first password and signs in."""
    door.join(account)
    found = door.sign_in(account)
    return {"cookie": f"{COOKIE}={found.token}", HEADER: found.csrf, "origin": ORIGIN}


def _administrator(door: Door, kind: Administrator) -> Principal:
    return door.sign_in(f"administrator.{kind.value}").principal


_MAKERS: Final = (Administrator.SYSTEM, Administrator.SECURITY)


def _undone(connection: object, driver: Any) -> None:
    """In the place of a commit, on this database alone: another world may be in the making."""
    del connection
    driver.rollback()


@contextmanager
def world(url: str, folder: Path, askers: Mapping[str, Mapping[str, Any]]) -> Iterator[World]:
    """Everything, ready to be asked about; afterwards nothing that is done is kept."""
    make_key(folder / "key")
    with founded(url) as zone:
        things = furnished(zone) | _neighbour(zone)
        door = door_of(zone, folder)
        zone.house.__dict__["identity"] = door.identity
        headers: dict[str, dict[str, str]] = {}
        tokens: dict[str, Principal] = {}
        door.identity.first_administrators(zone.code)
        for name, told in askers.items():
            account = told.get("account", "")
            if "scopes" in told:
                scopes = _scopes(told["scopes"])
                tokens[f"yct_{name}"] = Principal(zone.code, account, scopes=scopes)
                headers[name] = {"authorization": f"Bearer yct_{name}"}
            elif account:
                headers[name] = _session(door, account)
            else:
                headers[name] = {"origin": ORIGIN, **told.get("headers", {})}
        things |= _of_identity(door)
        app = create_app(zone.house, Remembered(door.identity, tokens))
        with closing(Quick(app)) as ask, patch.object(zone.house.uow, "_commit", _undone):
            entries = tuple(app.state.table.entries)
            yield World(zone, ask, entries, headers, things, _tags(zone, things))


def _of_identity(door: Door) -> dict[str, dict[str, str]]:
    """Accounts and tokens: of the organisation, and of the other."""
    identity = door.identity
    system, security = (_administrator(door, each) for each in _MAKERS)
    make = identity.administration.make_account
    make(system, door.organisation, SERVICE, "service", HERE)
    token = identity.tokens.make_for_service(security, SERVICE, "OA", ["people"], 30, HERE)
    neighbours = Door(identity, door.clock, door.intruder, "neighbour")
    identity.first_administrators("neighbour")
    for each in _MAKERS:
        neighbours.join(f"administrator.{each.value}")
    there, safe = (_administrator(neighbours, each) for each in _MAKERS)
    make(there, "neighbour", "service.there", "service", HERE)
    foreign = identity.tokens.make_for_service(safe, "service.there", "OA", ["people"], 30, HERE)
    return {
        "account": {"name": SERVICE},
        "foreign_account": {"name": "service.there"},
        "token": {"token": str(token.id)},
        "foreign_token": {"token": str(foreign.id)},
    }
