"""Schemathesis at the door: every request that its description allows, and many that it does not.

Who asks, about what and under which version is drawn by a seed of our own on top of what
Schemathesis makes up, so that the requests get past the first lines of the door.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
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

from api.http.documenting import payload_examples
from tests.attacks.found import CHECKS, Found
from tests.attacks.journeys import Walker, operations_of
from tests.attacks.office import Office
from tests.integration.door import CLERK

DESCRIPTION: Final = "/api/v1/openapi.json"
#: What others are reached from, and some of those.
LINKED: Final = ("propose", "matters", "matter", "why", "public_calls", "submit_opinion")
MOST_MATTERS: Final = 40
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
    `walks` are whole ways to a stage.
    """

    seed: int = 1
    examples: int = 60
    journeys: int = 200
    journey_steps: int = 6
    coverage: bool = True
    every: int = 1
    walks: int = 12
    stage: str = "tabled"


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
        self._about(case.path_parameters)
        if "meeting" in case.query and self._random.random() < 0.8:
            case.query["meeting"] = self._random.choice(self._office.meetings)
        self._from(case)
        if case.method.upper() == "POST":
            self._commanding(case)
        case.headers["Accept-Language"] = self._random.choice(("zh", "en", "fr"))

    def _about(self, path: dict[str, Any]) -> None:
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
            if name in known and value not in office.made and draw.random() < 0.8:
                path[name] = draw.choice(known[name])
        if "name" in path and draw.random() < 0.4:
            path["name"] = draw.choice(office.names())

    def _from(self, case: Any) -> None:
        """Mostly somebody who is known."""
        draw = self._random
        for name in ("Authorization", "Cookie", "X-CSRF-Token"):
            if draw.random() < 0.9:
                case.headers.pop(name, None)
        case.cookies.clear()
        name = str(case.operation.definition.raw["operationId"])
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
        example = payload_examples().get(str(case.operation.definition.raw["operationId"]))
        if example is not None and draw() < OFTEN:
            # The engine itself has to judge.
            case.body = deepcopy(example)

    def _learn(self, case: Any, status: int) -> None:
        """Remember who was let in, to come as them the more often."""
        if status < 300 or status == 409:
            known = self._let_in.setdefault(str(case.operation.definition.raw["operationId"]), [])
            known += [self._asks] if self._asks not in known else []

    def count(self, case: Any, response: Any) -> None:
        """Count an answer."""
        phase = "made by hand" if case.meta is None else case.meta.phase.name.value
        self._found.note(phase, case.operation.label, response.status_code)
        self._learn(case, response.status_code)
        if response.status_code == 201 and len(self._office.matters) < MOST_MATTERS:
            told = response.json()
            self._office.made |= {
                each for each in (told.get("matter"), told.get("meeting")) if each
            }
            self._office.matters += [told["matter"]] if told.get("matter") else []
            self._office.meetings += [told["meeting"]] if told.get("meeting") else []


@schemathesis.check
def ours(ctx: Any, response: Any, case: Any) -> None:
    """What we ask of every answer besides what the description promises."""
    told = response.content.decode("utf-8")
    lower = {name.lower() for name in response.headers}
    missing = [name for name in CARRIED if name not in lower]
    assert not missing, f"without {missing}"
    leaked = [each for each in SECRET if each in told]
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
            examples=ExamplesPhaseConfig(enabled=True),
            coverage=CoveragePhaseConfig(
                enabled=attack.coverage, generate_duplicate_query_parameters=True
            ),
            fuzzing=FuzzingPhaseConfig(enabled=attack.examples > 0),
            stateful=StatefulPhaseConfig(
                enabled=attack.journeys > 0, generation=journeys, max_steps=attack.journey_steps
            ),
        ),
    )
    return SchemathesisConfig(seed=attack.seed, projects=ProjectsConfig(default=project))


def chosen(schema: Any, attack: Attack) -> Any:
    """The operations that are tried."""
    if attack.every == 1:
        return schema
    numbers = count(attack.seed)
    labels = {
        operation.label
        for name, operation in operations_of(schema)
        if next(numbers) % attack.every == 0 or name in LINKED
    }
    return schema.include(lambda context: context.operation.label in labels)


def linked(described: dict[str, Any]) -> None:
    """Have what was made lead to what can be done with it: journeys, in the words of OpenAPI."""
    by_name = {
        operation["operationId"]: (path, operation)
        for path, methods in described["paths"].items()
        for operation in methods.values()
        if isinstance(operation, dict) and "operationId" in operation
    }

    def lead(source: str, status: str, part: str, where: str) -> None:
        links = by_name[source][1]["responses"][status].setdefault("links", {})
        for name, (path, _) in by_name.items():
            if f"{{{part}}}" in path and name != source:
                links[name] = {"operationId": name, "parameters": {f"path.{part}": where}}

    lead("propose", "201", "number", "$response.body#/matter")
    lead("matters", "200", "number", "$response.body#/items/0/number")
    lead("convene_meeting", "201", "code", "$response.body#/meeting")
    lead("public_calls", "200", "key", "$response.body#/items/0/key")
    links = by_name["submit_opinion"][1]["responses"]["201"].setdefault("links", {})
    for name in ("submission_outcome", "delete_submission_person"):
        links[name] = {
            "operationId": name,
            "parameters": {"path.organisation": "$request.path.organisation"},
            "requestBody": {"receipt": "$response.body#/receipt"},
        }


@contextmanager
def attended(attacker: Attacker) -> Iterator[None]:
    """Have every request dressed and every answer counted; Schemathesis has one set of hooks."""

    @schemathesis.hook
    def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
        linked(raw_schema)

    @schemathesis.hook
    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
        attacker.dress(case)

    @schemathesis.hook
    def after_call(context: Any, case: Any, response: Any) -> None:
        attacker.count(case, response)

    try:
        yield
    finally:
        hooks.unregister(before_load_schema)
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
        described = schemathesis.openapi.from_asgi(
            DESCRIPTION, office.app, config=configured(attack)
        )
        for event in from_schema(chosen(described, attack)).execute():
            heed(found, event)
    return found


def walk(office: Office, attack: Attack, found: Found) -> None:
    """The whole ways, before anything is made up at random."""
    described = schemathesis.openapi.from_asgi(DESCRIPTION, office.app, config=configured(attack))
    walker = Walker(office, found, Random(attack.seed), dict(operations_of(described)))
    walker.journeys(attack.walks, attack.stage)
