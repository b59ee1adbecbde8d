"""What came of an attack: every answer counted, every fault kept once for each operation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

#: What is checked of every answer; the last is ours.
CHECKS: Final = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "ours",
)


@dataclass
class Found:
    """What came of it; `chains` are whole ways, and what was done on the way."""

    cases: int = 0
    operations: set[str] = field(default_factory=set)
    succeeded: set[str] = field(default_factory=set)
    statuses: Counter[int] = field(default_factory=Counter)
    visitors: Counter[str] = field(default_factory=Counter)
    phases: Counter[str] = field(default_factory=Counter)
    good: Counter[str] = field(default_factory=Counter)
    chains: Counter[str] = field(default_factory=Counter)
    failures: dict[str, str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def note(self, phase: str, operation: str, status: int, visitor: str = "") -> None:
        """Count an answer."""
        self.cases += 1
        self.phases[phase] += 1
        self.operations.add(operation)
        self.statuses[status] += 1
        if status < 300:
            self.succeeded.add(operation)
            self.good[phase] += 1
        if visitor:
            self.visitors[visitor] += 1

    def add(self, check: str, operation: str, told: str) -> None:
        """Keep the first of each kind for each operation."""
        self.failures.setdefault(f"{check}: {operation}", told[:2000])


def by_class(statuses: Mapping[int, int]) -> dict[str, int]:
    """How many answers there were of each class."""
    found: Counter[str] = Counter()
    for status, count in statuses.items():
        found[f"{status // 100}xx"] += count
    return dict(sorted(found.items()))
