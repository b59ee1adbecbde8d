"""A command's payload from what was handed in, or everything that is wrong with it at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from workflow.catalogue import Lines, Said
from workflow.errors import BadInput
from workflow.explaining.explain import Finding, explain
from workflow.explaining.paths import key_of

TOLD_PROBLEMS = 20

#: More than a form has places; whoever sends a hundred thousand wrong ones hears of no more.
MOST_FINDINGS = 200

M = TypeVar("M", bound=BaseModel)


class BadPayload(BadInput):
    """A payload that does not fit its command; `findings` says everything that is wrong.

    `left` is how much more was wrong with it than anybody could want to hear.
    """

    def __init__(self, findings: tuple[Finding, ...], left: int = 0) -> None:
        self.findings = findings
        told: list[Said] = [
            Said(
                "input.at_key" if finding.path else "input.at_whole",
                {"key": key_of(finding.path), "reason": Said(finding.code, finding.params)},
            )
            for finding in findings[:TOLD_PROBLEMS]
        ]
        rest = len(findings) - len(told) + left
        if rest:
            told.append(Said("input.more", {"count": rest}))
        super().__init__("input.refused", count=len(findings) + left, problems=Lines(told))


def validate(model: type[M], data: Mapping[str, object]) -> M:
    """Build a payload from JSON types.  Raises `BadPayload` with every finding."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        left = max(0, error.error_count() - MOST_FINDINGS)
        raise BadPayload(explain(model, data, error, MOST_FINDINGS), left) from error
