"""Whole ways through the door: everything that leads a matter to a meeting, with faults between.

Schemathesis draws requests from the description; it does not know that a law firm has to be asked
before a verdict.  So these journeys are walked act by act, by those whose acts they are, each after
a few twisted ones, with questions between; and every answer is checked as Schemathesis checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from schemathesis.checks import CHECKS as KNOWN
from schemathesis.core.failures import FailureGroup

from api.http.idempotency import HEADER as KEY
from tests.attacks.found import CHECKS, Found
from tests.attacks.office import SUPERVISOR, Office
from tests.integration.door import PASSWORD
from tests.integration.house import CLERK, DIRECTOR, HEAD, PLAIN, PUBLISH, QUICK, WHOLE, Act, way

#: The ways that are walked, one after the other.
WAYS: Final = (WHOLE, PLAIN, QUICK)
#: How many twisted requests come before each that is right.
TWISTED: Final = 4
READERS: Final = (CLERK, HEAD, DIRECTOR, SUPERVISOR, "nobody")
ABOUT_MATTERS: Final = (
    *("matter", "why", "matter_options", "plan", "deadlines", "drafts", "opinions"),
    *("submissions", "matter_journal"),
)
#: What is put where something else stood.
ODD: Final[tuple[object, ...]] = (
    *(None, True, -1, 0, 2**63, 1e300, "", " ", "x" * 70_000, [], {}, [[[]]], [None] * 200),
    *("2026-02-30", "9999-12-31", "0001-01-01", "１２", "é", "e\u0301", "\u202e机密", "a\u200bb"),
    *("=cmd()", "\r\nSet-Cookie: x=1", "%00", "../../etc/passwd", "' OR 1=1 --", "{{7*7}}"),
    *("\U0010ffff", "\ufeff", "𠮷", "\x7f", "a\x00b"),
)


def twisted(payload: Mapping[str, Any], random: Random) -> dict[str, Any]:
    """The payload with one thing wrong, at any depth."""
    found = dict(payload)
    if not found or random.random() < 0.1:
        return {**found, random.choice(("state", "organisation", "__proto__", "编号")): 1}
    name = random.choice(sorted(found))
    value = found[name]
    if isinstance(value, Mapping) and value and random.random() < 0.6:
        found[name] = twisted(value, random)
    elif isinstance(value, list) and value and random.random() < 0.6:
        first = value[0]
        inner = twisted(first, random) if isinstance(first, Mapping) else random.choice(ODD)
        found[name] = [inner, *value[1:]]
    elif random.random() < 0.2:
        del found[name]
    else:
        found[name] = random.choice(ODD)
    return found


@dataclass
class Walker:
    """Walks at an office, by the description that Schemathesis read."""

    office: Office
    found: Found
    random: Random
    operations: Mapping[str, Any]
    checks: list[Any] = field(default_factory=lambda: list(KNOWN.get_by_names(list(CHECKS))))

    def journeys(self, count: int, stage: str = "tabled") -> None:
        """Walk so many ways, each with what the public does and with an account that is new."""
        for number in range(count):
            self.matter(WAYS[number % len(WAYS)], stage)
            self.public()
            self.account(number)

    def matter(self, answers: Mapping[str, Any], stage: str) -> None:
        """A matter from its proposal on."""
        self.office.zone.matter = None
        for act in way(stage, answers):
            self.act(act)
            self.questions()
        self.found.chains["matter"] += 1

    def act(self, act: Act) -> None:
        """An act by whose it is, after twisted ones."""
        office, zone = self.office, self.office.zone
        if act.wait:
            zone.wait(act.wait)
        payload = dict(act.given(zone.house.clock.now().date()))
        path = self._path(act)
        for _ in range(TWISTED):
            by = act.actor if self.random.random() < 0.8 else self.random.choice(office.names())
            self.send(act.command, by, path, twisted(payload, self.random))
        # What was twisted into something lawful stands corrected by this.
        told = self.send(act.command, act.actor, path, payload)
        if told.status_code < 300:
            self.found.chains["act"] += 1
            if act.makes:
                made = str(told.json()[act.makes])
                setattr(zone, act.makes, made)
                {"matter": office.matters, "meeting": office.meetings}[act.makes].append(made)

    def _path(self, act: Act) -> dict[str, str]:
        zone = self.office.zone
        parts = self.operations[act.command].path_parameters
        given = {"number": zone.matter, "code": zone.meeting}
        return {each.name: str(given[each.name]) for each in parts if each.name in given}

    def questions(self) -> None:
        """Two questions about the matter, by anybody."""
        if (number := self.office.zone.matter) is not None:
            for name in self.random.sample(ABOUT_MATTERS, 2):
                self.send(name, self.random.choice(READERS), {"number": number})

    def public(self) -> None:
        """What people do from a call to the answer of their opinion."""
        zone = self.office.zone
        here = {"organisation": zone.code}
        zone.advance_to("drafted", PLAIN)
        zone.do(PUBLISH)
        calls = self.send("public_calls", "nobody", here)
        key = {**here, "key": calls.json()["items"][0]["key"]}
        self.send("public_call", "nobody", key)
        self.send("public_call_text", "nobody", key)
        body = {"text": "请缓行", "person": {"name": "某甲", "contact": "13800138000"}}
        for _ in range(TWISTED):
            self.send("submit_opinion", "nobody", key, twisted(body, self.random))
        again = {KEY: f"{self.office.key()}-of-the-public"}
        given = [self.send("submit_opinion", "nobody", key, body, again) for _ in range(2)]
        receipts = {each.json()["receipt"] for each in given if each.status_code == 201}
        assert len(receipts) == 1, [each.text for each in given]
        receipt = {"receipt": receipts.pop()}
        for name in ("submission_outcome", "delete_submission_person", "submission_outcome"):
            self.send(name, "nobody", here, twisted(receipt, self.random))
            told = self.send(name, "nobody", here, receipt)
            assert told.status_code == 200, told.text
        zone.do(Act("take_in_opinions", CLERK))
        assert self.send("submission_outcome", "nobody", here, receipt).json()["state"]
        self.found.chains["public"] += 1

    def account(self, number: int) -> None:
        """A person from the link for a first password to the end of a session."""
        office = self.office
        name = office.strangers[number % len(office.strangers)]
        by = "administrator.security"
        seen = self.send("account", by, {"name": name})
        place, tagged = {"name": name, "act": "link"}, {"If-Match": seen.headers["etag"][0]}
        told = self.send("administer", by, place, None, tagged)
        token = told.json()["link"].rpartition("=")[2].rpartition("/")[2].rpartition("#")[2]
        self.send("open_link", "nobody", {}, {"token": token})
        password = f"{PASSWORD}-{number}"
        self.send("redeem_link", "nobody", {}, {"token": token, "new_password": password})
        given = {"organisation": office.zone.code, "account": name, "password": password}
        for each in (twisted(given, self.random), given):
            self.send("sign_in", "nobody", {}, each)
        for question in ("session", "tokens", "inbox"):
            self.send(question, name, {})
        self.send("sign_out", name, {}, {})
        # The account is another by now than whoever saw it first means.
        late = self.send("administer", by, place, None, tagged)
        assert late.status_code == 412, late.text
        self.found.chains["account"] += 1

    def send(
        self,
        name: str,
        by: str,
        path: Mapping[str, str],
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Any:
        """Send it, check the answer, count it; gives the answer."""
        operation = self.operations[name]
        given = {**(headers or {}), **self.office.visitor(by).headers}
        if operation.method.upper() == "POST" and KEY not in given:
            if not operation.path.startswith("/api/v1/public"):
                given[KEY] = self.office.key()
            tagged = self.office.tag(path)
            if tagged is not None:
                given["If-Match"] = tagged
        more: dict[str, Any] = {}
        if body is not None:
            more = {"body": body, "media_type": "application/json"}
        if any(each.name == "meeting" for each in operation.query):
            more["query"] = {"meeting": self.office.zone.meeting or "none"}
        case = operation.Case(path_parameters=dict(path), headers=given, **more)
        response = case.call()
        found = self.found
        found.note("journeys", operation.label, response.status_code, by)
        try:
            case.validate_response(response, checks=self.checks)
        except FailureGroup as group:
            for failure in group.exceptions:
                found.add(type(failure).__name__, operation.label, str(failure))
        return response


def operations_of(schema: Any) -> Iterator[tuple[str, Any]]:
    """The operations of a description, by their names."""
    for each in schema.get_all_operations():
        operation = each.ok()
        yield str(operation.definition.raw["operationId"]), operation
