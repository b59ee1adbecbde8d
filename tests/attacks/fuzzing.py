"""Schemathesis at the door: every request that its description allows, and many that it does not.

Who asks, about what and under which version is drawn by a seed of our own on top of what
Schemathesis makes up, so that the requests get past the first lines of the door.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
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
from tests.attacks.office import Office
from tests.integration.door import CLERK

DESCRIPTION: Final = "/api/v1/openapi.json"
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ours",
)
MOST_MATTERS: Final = 40
#: How often a payload is one that a rehearsed matter had.
OFTEN: Final = 0.3
#: To how many acts on a matter each act on it leads.
LINKS: Final = 6
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

    `coverage` goes through every edge of the description; `every` takes each n-th operation only.
    """

    seed: int = 1
    examples: int = 60
    journeys: int = 200
    journey_steps: int = 6
    coverage: bool = True
    every: int = 1


@dataclass
class Found:
    """What came of it."""

    cases: int = 0
    operations: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    visitors: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def add(self, check: str, operation: str, told: str) -> None:
        """Keep the first of each kind for each operation."""
        self.failures.setdefault(f"{check}: {operation}", told[:2000])


class Attacker:
    """Takes what Schemathesis made up and gives it a sender, a thing and a version."""

    def __init__(self, office: Office, found: Found, seed: int) -> None:
        self._office = office
        self._found = found
        self.seed = seed
        self._random = Random(seed)

    def dress(self, case: Any) -> None:
        """Dress a request up."""
        self._about(case.path_parameters)
        self._from(case)
        if case.method.upper() == "POST":
            self._commanding(case)
        case.headers["Accept-Language"] = self._random.choice(("zh", "en", "fr"))

    def _about(self, path: dict[str, Any]) -> None:
        """Mostly something that there is."""
        office, draw = self._office, self._random
        if path.get("number") not in office.matters and draw.random() < 0.8:
            known = {
                "number": office.matters,
                "code": office.meetings,
                "organisation": [office.zone.code],
                "key": office.calls,
            }
            path.update({name: draw.choice(known[name]) for name in path if name in known})
        if "name" in path and draw.random() < 0.4:
            path["name"] = draw.choice(office.names())

    def _from(self, case: Any) -> None:
        """Mostly somebody who is known."""
        draw = self._random
        for name in ("Authorization", "Cookie", "X-CSRF-Token"):
            if draw.random() < 0.9:
                case.headers.pop(name, None)
        case.cookies.clear()
        proposing = case.operation.definition.raw["operationId"] == "propose"
        asks = CLERK if proposing and draw.random() < 0.5 else draw.choice(self._office.names())
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

    def count(self, case: Any, response: Any) -> None:
        """Count an answer."""
        found = self._found
        found.cases += 1
        found.operations.add(case.operation.label)
        found.statuses[response.status_code] += 1
        if response.status_code == 201 and len(self._office.matters) < MOST_MATTERS:
            told = response.json()
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
        each.ok().label for each in schema.get_all_operations() if next(numbers) % attack.every == 0
    }
    return schema.include(lambda context: context.operation.label in labels)


def linked(described: dict[str, Any], random: Random) -> None:
    """Have acts on a matter lead to others on the same: journeys, in the words of OpenAPI."""
    acts = [
        operation
        for path, methods in described["paths"].items()
        if path.startswith(("/api/v1/matters/{number}", "/api/v1/commands/propose"))
        for operation in methods.values()
        if isinstance(operation, dict) and "operationId" in operation
    ]
    onward = [each["operationId"] for each in acts if each["operationId"] != "propose"]
    for each in acts:
        for status in ("200", "201", "409"):
            if status in each["responses"]:
                each["responses"][status]["links"] = {
                    name: {
                        "operationId": name,
                        "parameters": {"number": "$response.body#/matter"},
                    }
                    for name in random.sample(onward, LINKS)
                }


@contextmanager
def attended(attacker: Attacker) -> Iterator[None]:
    """Have every request dressed and every answer counted; Schemathesis has one set of hooks."""

    @schemathesis.hook
    def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
        linked(raw_schema, Random(attacker.seed))

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
            found.phases[event.phase.value] += len(recorder.cases)
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
    with attended(Attacker(office, found, attack.seed)):
        described = schemathesis.openapi.from_asgi(
            DESCRIPTION, office.app, config=configured(attack)
        )
        for event in from_schema(chosen(described, attack)).execute():
            heed(found, event)
    return found
