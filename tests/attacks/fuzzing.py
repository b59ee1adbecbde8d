"""Schemathesis at the door: every request that its description allows, and many that it does not.

Who asks, about what and under which version is drawn by a seed of our own on top of what
Schemathesis makes up, so that the requests get past the first lines of the door.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import count
from random import Random
from typing import Any, Final

import schemathesis
from schemathesis import hooks
from schemathesis.config import (
    ChecksConfig,
    CoveragePhaseConfig,
    ExamplesPhaseConfig,
    FuzzingPhaseConfig,
    GenerationConfig,
    PhasesConfig,
    ProjectConfig,
    ProjectsConfig,
    SchemathesisConfig,
    StatefulPhaseConfig,
)
from schemathesis.engine import events, from_schema

from api.http import csrf
from api.http.documenting import payload_examples
from tests.attacks.found import CHECKS, Found
from tests.attacks.journeys import Walker, operations_of
from tests.attacks.office import Office
from tests.integration import house
from tests.integration.door import CLERK

DESCRIPTION: Final = "/api/v1/openapi.json"
MOST_MATTERS: Final = 40
STATEFUL: Final = "stateful"
#: How often what a link leads to is done by whose act it is, with what belongs there.
LAWFUL: Final = 0.8
#: Every act that the house knows, as it is given.
ACTS: Final = (
    *(house.propose(answers) for answers in (house.PLAIN, house.QUICK, house.WHOLE)),
    # The stub of a state secret leads nowhere.
    *(
        each
        for each in vars(house).values()
        if isinstance(each, house.Act) and each != house.PROPOSE_SECRET
    ),
)
#: What is reached from each other: names of operations, and (from `/` on) beginnings of addresses.
THEMES: Final = (
    (
        "propose",
        "matter",
        "study",
        "classify",
        "start",
        "assign",
        "assign_study",
        "pause",
        "resume",
    ),
    ("propose", "/matters"),
    ("matters", "matter", "file_research", "file_legal_basis", "revise_draft", "drafts", "draft"),
    ("/session", "/tokens", "/accounts", "/links", "inbox"),
    ("convene_meeting", "/meetings", "matters", "matter", "propose_agenda_item"),
    ("session", "/public", "sign_in"),
    ("matters", "matter", "publish_open_call", "request_waiver", "file_consultation", "plan"),
    ("/files", "/journal", "/procedures", "commands", "command", "departures", "matter"),
)
STAGES: Final = ("proposed", "started", "drafting", "under_review", "tabled")
#: How often a payload is one that a rehearsed matter had.
OFTEN: Final = 0.5
#: How often somebody comes who was let in before.
KNOWN: Final = 0.5
#: What must never be read in an answer: where the program lies, and what keeps doors shut.
SECRET: Final = (
    "Traceback (most recent call last)",
    "site-packages/",
    "sqlalchemy.exc",
    "sqlite3.",
    "psycopg.",
    "$argon2id$",
)
#: From how many signs on a text that was sent is taken for it where an answer says it again.
OWN_WORDS: Final = 4
#: What every answer carries, whatever it is.
CARRIED: Final = (
    "cache-control",
    "content-language",
    "content-security-policy",
    "vary",
    "x-content-type-options",
    "x-request-id",
)


@dataclass(frozen=True)
class Attack:
    """How much is tried: requests per operation made up at random, and journeys of several.

    `coverage` goes through every edge of the description; `every` takes each n-th operation only;
    `walks` are whole ways to a stage.  `followed` are the requests that links lead to,
    made up in runs of their own (`by_links`).
    """

    seed: int = 1
    examples: int = 60
    journeys: int = 200
    journey_steps: int = 12
    coverage: bool = True
    every: int = 1
    walks: int = 12
    followed: int = 3000
    by_links: bool = False
    stage: str = "tabled"


def name_of(case: Any) -> str:
    """The name of the operation that a request is for."""
    return str(case.operation.definition.raw["operationId"])


def is_command(case: Any) -> bool:
    """Whether a request carries a command out."""
    return "/commands/" in case.operation.path and case.method.upper() == "POST"


def phase_of(case: Any) -> str:
    """The phase of Schemathesis that made a request up."""
    return "made by hand" if case.meta is None else str(case.meta.phase.name.value)


class Attacker:
    """Takes what Schemathesis made up and gives it a sender, a thing and a version."""

    def __init__(self, office: Office, found: Found, seed: int) -> None:
        self._office = office
        self._found = found
        self.seed = seed
        self._random = Random(seed)
        self._let_in: dict[str, list[str]] = {}
        self._asks = ""

    def dress(self, case: Any) -> None:
        """Dress a request up."""
        follows = phase_of(case) == STATEFUL
        self._about(case.path_parameters, often=0.3 if follows else 0.8)
        if "meeting" in case.query and self._random.random() < 0.8:
            case.query["meeting"] = self._random.choice(self._office.meetings)
        self._from(case)
        if case.method.upper() == "POST":
            self._commanding(case)
        if follows:
            self._as_it_is_done(case)
        case.headers["Accept-Language"] = self._random.choice(("zh", "en", "fr"))

    def _as_it_is_done(self, case: Any) -> None:
        """Mostly by whose act it is and with what belongs there, so that links lead on."""
        draw, name = self._random, name_of(case)
        if name == "matters" and draw.random() < OFTEN:
            # The first of a list is what a link leads to: any of them.
            case.query = {"stage": draw.choice(STAGES)}
        if draw.random() >= LAWFUL:
            return
        # What a link told stays: the meeting that an item is to be on the agenda of.
        case.query = {each: case.query[each] for each in ("meeting", "stage") if each in case.query}
        if case.method.upper() == "POST":
            case.headers["Idempotency-Key"] = f"{self._office.key()}-of-a-journey"
        if (tagged := self._office.tag(case.path_parameters)) is not None:
            case.headers["If-Match"] = tagged
        if acts := [each for each in ACTS if each.command == name]:
            act = draw.choice(acts)
            self._comes(case, act.actor)
            case.body = dict(act.given(self._office.today()))
        elif (told := self._office.sent(name, draw)) is not None:
            by, case.body = told
            self._comes(case, by)
        elif case.method.upper() == "GET":
            self._comes(case, draw.choice([CLERK, *self._let_in.get(name, ())]))

    def _comes(self, case: Any, by: str) -> None:
        """By nobody but this one."""
        for header in ("Authorization", "Cookie", csrf.HEADER):
            case.headers.pop(header, None)
        self._asks = by
        case.headers.update(self._office.visitor(by).headers)

    def _about(self, path: dict[str, Any], often: float) -> None:
        """Mostly something that there is."""
        office, draw = self._office, self._random
        known = {
            "number": office.matters,
            "code": office.meetings,
            "meeting": office.meetings,
            "organisation": [office.zone.code],
            "key": office.calls,
            "year": ["2026"],
            "draft": ["1"],
            "a": ["1"],
            "b": ["1"],
            "entry": ["1", "2", "17"],
            "procedure": ["jiyuan_htz", "order_713", "national"],
        }
        for name, value in list(path.items()):
            # What a link led to stays.
            if name in known and value not in office.made and draw.random() < often:
                path[name] = draw.choice(known[name])
        if "name" in path and draw.random() < often / 2:
            path["name"] = draw.choice(office.names())

    def _from(self, case: Any) -> None:
        """Mostly somebody who is known."""
        draw = self._random
        for name in ("Authorization", "Cookie", "X-CSRF-Token"):
            if draw.random() < 0.9:
                case.headers.pop(name, None)
        case.cookies.clear()
        name = name_of(case)
        let_in = self._let_in.get(name) or ([CLERK] if name == "propose" else [])
        asks = draw.choice(self._office.names())
        if let_in and draw.random() < KNOWN:
            asks = draw.choice(let_in)
        self._asks = asks
        visitor = self._office.visitor(asks)
        self._found.visitors[visitor.name] += 1
        if draw.random() < 0.95:
            case.headers.update(visitor.headers)

    def _commanding(self, case: Any) -> None:
        """Mostly with a key and the present version; now and then as a rehearsed matter had it."""
        draw, headers = self._random.random, case.headers
        if draw() < 0.9:
            headers["Idempotency-Key"] = self._office.key()
        if draw() < 0.9 and (tagged := self._office.tag(case.path_parameters)) is not None:
            headers["If-Match"] = tagged
        example = payload_examples().get(name_of(case))
        if example is not None and draw() < OFTEN:
            # The engine itself has to judge.
            case.body = deepcopy(example)

    def _learn(self, case: Any, status: int) -> None:
        """Remember who was let in, to come as them the more often."""
        if status < 300 or status == 409:
            known = self._let_in.setdefault(name_of(case), [])
            known += [self._asks] if self._asks not in known else []

    def count(self, case: Any, response: Any) -> None:
        """Count an answer."""
        if phase_of(case) == STATEFUL and response.status_code < 300 and is_command(case):
            self._found.chains["commands done by links"] += 1
        self._found.note(phase_of(case), case.operation.label, response.status_code)
        self._learn(case, response.status_code)
        if response.status_code == 201 and len(self._office.matters) < MOST_MATTERS:
            told = response.json()
            self._office.made |= {
                each for each in (told.get("matter"), told.get("meeting")) if each
            }
            self._office.matters += [told["matter"]] if told.get("matter") else []
            self._office.meetings += [told["meeting"]] if told.get("meeting") else []


def strings(sent: object) -> Iterator[str]:
    """Every text of more than a few signs in what was sent, which an answer may say again."""
    if isinstance(sent, str):
        yield from [sent] if len(sent) >= OWN_WORDS else []
    elif isinstance(sent, Mapping):
        yield from (text for each in sent.items() for text in strings(each))
    elif isinstance(sent, list | tuple):
        yield from (text for each in sent for text in strings(each))


@schemathesis.check
def ours(ctx: Any, response: Any, case: Any) -> None:
    """What we ask of every answer besides what the description promises."""
    told = response.content.decode("utf-8")
    lower = {name.lower() for name in response.headers}
    missing = [name for name in CARRIED if name not in lower]
    assert not missing, f"without {missing}"
    echoed = told
    for sent in strings((case.query, case.path_parameters, case.body)):
        echoed = echoed.replace(sent, "")
    leaked = [each for each in SECRET if each in echoed]
    assert not leaked, f"tells {leaked}"
    if response.status_code >= 400 and case.method != "HEAD":
        problem = response.json()
        assert problem["status"] == response.status_code
        assert problem["detail"]
        assert problem["title"]


def configured(attack: Attack) -> SchemathesisConfig:
    """Bounded, seeded, without a clock and without shrinking."""
    generation = GenerationConfig(
        max_examples=attack.examples,
        deterministic=True,
        no_shrink=True,
        with_security_parameters=False,
        database="none",
    )
    journeys = GenerationConfig(
        max_examples=attack.journeys,
        deterministic=True,
        no_shrink=True,
        with_security_parameters=False,
        database="none",
    )
    checks = ChecksConfig()
    checks.update(included_check_names=list(CHECKS))
    project = ProjectConfig(
        continue_on_failure=True,
        workers=1,
        generation=generation,
        checks=checks,
        phases=PhasesConfig(
            examples=ExamplesPhaseConfig(enabled=not attack.by_links),
            coverage=CoveragePhaseConfig(
                enabled=attack.coverage, generate_duplicate_query_parameters=True
            ),
            fuzzing=FuzzingPhaseConfig(enabled=attack.examples > 0),
            stateful=StatefulPhaseConfig(
                enabled=attack.by_links, generation=journeys, max_steps=attack.journey_steps
            ),
        ),
    )
    return SchemathesisConfig(seed=attack.seed, projects=ProjectsConfig(default=project))


def name_in(context: Any) -> str:
    """The name of the operation that a filter of Schemathesis is asked about."""
    return str(context.operation.definition.raw["operationId"])


def chosen(schema: Any, attack: Attack) -> Any:
    """The operations that are tried."""
    if attack.by_links:
        there = THEMES[attack.seed % len(THEMES)]
        addresses = tuple(f"/api/v1{each}" for each in there if each.startswith("/"))
        return schema.include(
            lambda context: (
                name_in(context) in there or context.operation.path.startswith(addresses)
            )
        )
    if attack.every == 1:
        return schema
    numbers = count(attack.seed)
    labels = {
        operation.label
        for name, operation in operations_of(schema)
        if next(numbers) % attack.every == 0
    }
    return schema.include(lambda context: context.operation.label in labels)


@contextmanager
def attended(attacker: Attacker) -> Iterator[None]:
    """Have every request dressed and every answer counted; Schemathesis has one set of hooks."""

    @schemathesis.hook
    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
        attacker.dress(case)

    @schemathesis.hook
    def after_call(context: Any, case: Any, response: Any) -> None:
        attacker.count(case, response)

    try:
        yield
    finally:
        hooks.unregister(before_call)
        hooks.unregister(after_call)


def heed(found: Found, event: object) -> None:
    """Keep what an event tells of."""
    match event:
        case events.ScenarioFinished():
            recorder = event.recorder
            if event.phase.value == "stateful":
                found.chains["links followed"] += sum(
                    node.is_transition_applied for node in recorder.cases.values()
                )
            for case_id, nodes in recorder.checks.items():
                operation = recorder.cases[case_id].value.operation.label
                for node in nodes:
                    if (info := node.failure_info) is not None:
                        told = f"{info.failure.title}: {info.failure.message}\n{info.code_sample}"
                        found.add(node.name, operation, told)
        case events.NonFatalError():
            found.errors.append(f"{event.label}: {event.info.format()}")
        case events.FatalError():
            raise event.exception
        case _:
            pass


def fuzz(office: Office, attack: Attack) -> Found:
    """Attack the office; everything that was found wrong."""
    found = Found()
    walk(office, attack, found)
    with attended(Attacker(office, found, attack.seed)):
        run(office, attack, found)
        follow(office, attack, found)
    return found


def run(office: Office, attack: Attack, found: Found) -> None:
    """One run of Schemathesis over the description."""
    described = schemathesis.openapi.from_asgi(DESCRIPTION, office.app, config=configured(attack))
    for event in from_schema(chosen(described, attack)).execute():
        heed(found, event)


def follow(office: Office, attack: Attack, found: Found) -> None:
    """Follow the links, again and again: what was made up to follow does not repeat itself.

    What is behind the door changes with each request, so Schemathesis soon finds that its journeys
    cannot be repeated and ends them; then it begins anew, from another seed, until there were as
    many requests as are wanted, or no more come.
    """
    seed = 0
    while (had := found.phases[STATEFUL]) < attack.followed:
        seed += 1
        run(office, replace(attack, seed=seed, examples=0, coverage=False, by_links=True), found)
        if found.phases[STATEFUL] == had:
            return


def walk(office: Office, attack: Attack, found: Found) -> None:
    """The whole ways, before anything is made up at random."""
    described = schemathesis.openapi.from_asgi(DESCRIPTION, office.app, config=configured(attack))
    walker = Walker(office, found, Random(attack.seed), dict(operations_of(described)))
    walker.journeys(attack.walks, attack.stage)
