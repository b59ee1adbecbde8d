"""Talks with the groups whose interests are touched (听取特定群体意见)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from workflow.facts import as_list
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.texts import Day, Line, Prose


class Talk(Payload):
    """A talk about one group's interests, and what was said; its number is its place in the file.

    Heard is a people's organisation, another social body, or representatives of the group.
    """

    group: Line
    counterpart: Literal["peoples_organisation", "social_body", "representatives"]
    held_on: Day
    opinions: Prose


class GroupTalks(StepPayload):
    """All talks held so far; a later file corrects and adds, but takes no opinion back."""

    talks: Annotated[tuple[Talk, ...], Field(min_length=1)]


def judge_talks(view: View, file: GroupTalks) -> Ruling:
    """Refuse talks that lie ahead, and a file that leaves out a group that the plan names."""
    found = tuple(each for talk in file.talks for each in not_ahead(view, talk.held_on))
    unheard = _unheard(view, {talk.group for talk in file.talks})
    if unheard:
        found += (view.unmet("group_not_heard", "heard", groups=unheard),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until every group that the participation plan names was talked with."""
    filed = view.facts.last("file_group_talks", step=view.step)
    if filed is None:
        return pending(view.unmet("missing"))
    unheard = _unheard(view, {str(talk["group"]) for talk in filed.items("talks")})
    if unheard:
        return underway(view.unmet("group_not_heard", "heard", groups=unheard))
    return satisfied(filed.filed_on)


def _unheard(view: View, talked_with: set[str]) -> tuple[str, ...]:
    plan = view.facts.last("file_participation_plan")
    named = () if plan is None else tuple(map(str, as_list(plan.payload.get("groups"))))
    return tuple(group for group in named if group not in talked_with)


KIND = Kind(
    name="group_talks",
    acts={"file_group_talks": Act(GroupTalks, judge_talks)},
    rules={"heard": RuleShape()},
    judge=assess,
)
