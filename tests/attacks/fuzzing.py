"""Schemathesis at the door: every request that its description allows, and many that it does not.

Who asks, about what and under which version is drawn by a seed of our own on top of what
Schemathesis makes up, so that the requests get past the first lines of the door.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from copy import deepcopy
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
#: What must never be read in an answer: where the program lies, and what keeps doors shut.
SECRET: Final = ("Traceback", "site-packages", "sqlalchemy", "sqlite", "$argon2", "psycopg")
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
    journeys: int = 40
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
        self._random = Random(seed)

    def dress(self, case: Any) -> None:
        """Dress a request up."""
        draw = self._random.random
        office = self._office
        path = case.path_parameters
        if draw() < 0.8:
            if "number" in path:
                path["number"] = self._random.choice(office.matters)
            if "code" in path:
                path["code"] = self._random.choice(office.meetings)
            if "name" in path and draw() < 0.5:
                path["name"] = self._random.choice(office.names())
        headers = case.headers
        for name in ("Authorization", "Cookie", "X-CSRF-Token"):
            if draw() < 0.9:
                headers.pop(name, None)
        case.cookies.clear()
        visitor = office.visitor(self._random.choice(office.names()))
        self._found.visitors[visitor.name] += 1
        if draw() < 0.95:
            headers.update(visitor.headers)
        if case.method.upper() == "POST":
            if draw() < 0.9:
                headers["Idempotency-Key"] = office.key()
            if draw() < 0.9 and (tagged := office.tag(path)) is not None:
                headers["If-Match"] = tagged
            example = payload_examples().get(str(case.operation.definition.raw["operationId"]))
            if example is not None and draw() < 0.3:
                # As a rehearsed matter had it, so that the engine itself has to judge.
                case.body = deepcopy(example)
        headers["Accept-Language"] = self._random.choice(("zh", "en", "fr"))

    def count(self, case: Any, response: Any) -> None:
        """Count an answer."""
        found = self._found
        found.cases += 1
        found.operations.add(case.operation.label)
        found.statuses[response.status_code] += 1
        if response.status_code == 201 and len(self._office.matters) < MOST_MATTERS:
            told = response.json()
            self._office.matters += [told["matter"]] if told["matter"] else []
            self._office.meetings += [told["meeting"]] if told["meeting"] else []


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


def fuzz(office: Office, attack: Attack) -> Found:
    """Attack the office; everything that was found wrong."""
    found = Found()
    attacker = Attacker(office, found, attack.seed)
    schema = schemathesis.openapi.from_asgi(DESCRIPTION, office.app, config=configured(attack))

    if attack.every > 1:
        numbers = count(attack.seed)
        chosen = {
            each.ok().label
            for each in schema.get_all_operations()
            if next(numbers) % attack.every == 0
        }
        schema = schema.include(lambda context: context.operation.label in chosen)

    @schemathesis.hook
    def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:
        attacker.dress(case)

    @schemathesis.hook
    def after_call(context: Any, case: Any, response: Any) -> None:
        attacker.count(case, response)

    try:
        for event in from_schema(schema).execute():
            match event:
                case events.ScenarioFinished():
                    found.phases[event.phase.value] += len(event.recorder.cases)
                    for case_id, nodes in event.recorder.checks.items():
                        for node in nodes:
                            if node.failure_info is not None:
                                operation = event.recorder.cases[case_id].value.operation.label
                                failure = node.failure_info.failure
                                told = f"{failure.title}: {failure.message}"
                                sample = node.failure_info.code_sample
                                found.add(node.name, operation, f"{told}\n{sample}")
                case events.NonFatalError():
                    found.errors.append(f"{event.label}: {event.info.format()}")
                case events.FatalError():
                    raise event.exception
                case _:
                    pass
    finally:
        hooks.unregister(before_call)
        hooks.unregister(after_call)
    return found
