"""Alternatives (备选方案): two or more ways to decide, each with its forecast."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from procedures.kinds.base import Kind, pending, satisfied
from workflow.idle import core
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.texts import Line, Prose


class Alternative(Payload):
    """One way to decide, with the forecast of its costs, benefits and effects."""

    name: Line
    content: Prose
    forecast: Prose


class Alternatives(StepPayload):
    """The alternatives, and the divergence of opinions for which they are laid before."""

    options: Annotated[tuple[Alternative, ...], Field(min_length=1)]
    divergence: Prose


def judge_options(view: View, paper: Alternatives) -> Ruling:
    """Refuse a paper that leaves no choice: what has one name or one content is one alternative."""
    wanted = view.step.rules["minimum"].value or 0
    contents = {core(option.content) for option in paper.options}
    offered = min(len({core(option.name) for option in paper.options}), len(contents))
    if offered < wanted:
        return Ruling((view.unmet("too_few", "minimum", wanted=wanted, offered=offered),))
    return Ruling()


def assess(view: View) -> Assessment:
    """Open until the paper is there; asked only where a definition requires the step."""
    paper = view.facts.last("file_options", step=view.step)
    return pending(view.unmet("missing")) if paper is None else satisfied(paper.filed_on)


KIND = Kind(
    name="options",
    acts={"file_options": Act(Alternatives, judge_options)},
    rules={"minimum": RuleShape(number=True)},
    judge=assess,
)
