"""Definitions of procedures, what parts them, their proof; how the duties of law are held."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.http.shapes.common import Names, Told


class Head(Told):
    """A definition in a list."""

    id: str
    version: date
    digest: str
    name: Names
    lineage: list[str]


class RuleOf(Told):
    """A rule of law with its number and citations."""

    id: str
    value: int | None
    unit: str | None
    floor: str
    counting: str | None
    also: list[RuleOf]
    choices: list[str]
    cites: list[str]


class Instrument(Told):
    """A law or rule that is cited."""

    id: str
    title: Names
    number: str | None
    in_force: date | None
    confidence: str


class StepOf(Told):
    """A step of a procedure."""

    id: str
    kind: str
    name: Names
    cites: list[str]
    required_when: Any
    after: list[str]
    before: str | None
    rules: list[RuleOf]
    acts: dict[str, list[str]]


class Procedure(Told):
    """A definition with its steps, rules and permissions."""

    id: str
    version: date
    digest: str
    name: Names
    lineage: list[str]
    joins: list[str]
    offers: list[str]
    stages: list[str]
    instruments: list[Instrument]
    steps: list[StepOf]
    rules: list[RuleOf]
    permissions: dict[str, list[str]]


class Side(Told):
    """One of the two that are compared."""

    id: str
    version: date
    digest: str


class Difference(Told):
    """One thing that parts two definitions, in words; whether it is `looser`."""

    part: str
    step: str | None
    subject: str
    aspect: str
    before: Any
    after: Any
    cites: Any
    looser: bool
    words: str
    law: list[str]


class Differences(Told):
    """What parts two definitions."""

    before: Side
    after: Side
    differences: list[Difference]


class Move(Told):
    """A command on the way past a gate."""

    command: str
    outcome: str
    stage: str


class Fault(Told):
    """A way past what the law asks, the shortest there is."""

    code: str
    subject: str
    message: str
    path: list[Move]


class Proof(Told):
    """What the proof of a definition found; no faults means that the promise holds."""

    id: str
    version: date
    states: int
    faults: list[Fault]
    looser: list[Difference]


class Coverage(Told):
    """Every duty of the registry, how it is held, and the numbers."""

    sources: list[dict[str, Any]]
    summary: dict[str, Any]
    flaws: list[dict[str, Any]]
