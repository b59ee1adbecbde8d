"""Publication of a decision (公布) within its limit, its interpretation, or why it is exempt.

The limit is counted from the day on which the decision was formed, that is from its issue.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field

from procedures.departures import OVERDUE
from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from procedures.kinds.issuance import issued
from workflow.ports import Act, ActPart, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

PUBLISH, EXEMPT, INTERPRET = "publish_decision", "exempt_publication", "publish_interpretation"


class Published(Payload):
    """Where it was published, and what shows it."""

    channel: Name
    proof: Line


class Publication(StepPayload):
    """公布: by whom it was looked through before release, where, and when.

    `reason_for_delay` is owed where the limit is over.
    """

    published_on: Day
    released_by: Name
    places: Annotated[tuple[Published, ...], Field(min_length=1)]
    reason_for_delay: Prose | None = None


class Exemption(StepPayload):
    """不予公开: on which basis, looked through by whom."""

    basis: Line
    reasons: Prose
    released_by: Name


class Interpretation(StepPayload):
    """解读: what explains the decision and the opinions adopted, and where it was published."""

    published_on: Day
    channel: Name
    proof: Line


def judge_publication(view: View, paper: Publication) -> Ruling:
    """Refuse what no second person looked through, lacks a channel, or is late without a reason."""
    found = not_ahead(view, paper.published_on) + _looked_through(view, paper.released_by, PUBLISH)
    owed = view.step.rules["channels"].choices
    lacking = tuple(name for name in owed if name not in {each.channel for each in paper.places})
    if lacking:
        found += (view.unmet("channels_missing", "channels", PUBLISH, channels=lacking),)
    formed = issued(view.facts)
    if formed is not None and paper.published_on < formed.filed_on:
        found += (view.unmet("before_issue", "limit", PUBLISH, issued_on=formed.filed_on),)
    ends = limit(view)
    if ends is None or paper.published_on <= ends:
        return Ruling(found)
    if paper.reason_for_delay is None:
        found += (view.unmet("late_without_reason", "limit", PUBLISH, ends=ends),)
    return Ruling(found, extra={OVERDUE: True})


def judge_exemption(view: View, paper: Exemption) -> Ruling:
    """Refuse an exemption that no second person looked through."""
    return Ruling(_looked_through(view, paper.released_by, EXEMPT))


def judge_interpretation(view: View, paper: Interpretation) -> Ruling:
    """Refuse what is dated ahead."""
    return Ruling(not_ahead(view, paper.published_on))


def limit(view: View) -> date | None:
    """The last day of publication; None before the issue."""
    formed = issued(view.facts)
    if formed is None:
        return None
    return view.counting.end(view.step.rules["limit"], formed.filed_on)[0]


def _looked_through(view: View, person: str, act: str) -> tuple[Unmet, ...]:
    if person == view.actor:
        return (view.unmet("looked_through_by_oneself", "release", act, account=person),)
    return ()


def assess(view: View) -> Assessment:
    """Open until it is published, with its interpretation where one is due, or ruled exempt."""
    done = view.facts.last(PUBLISH, EXEMPT, step=view.step)
    if done is None:
        ends = limit(view)
        if ends is None:
            return pending(view.unmet("missing", "limit"))
        return pending(view.unmet("due", "limit", PUBLISH, ends=ends))
    if done.command == PUBLISH and _interpretation_due(view):
        explained = view.facts.last(INTERPRET, step=view.step)
        if explained is None:
            return underway(view.unmet("interpretation_missing", "interpretation", INTERPRET))
    return satisfied(done.filed_on)


def _interpretation_due(view: View) -> bool:
    rule = view.step.rules.get("interpretation")
    asked = () if rule is None else rule.choices
    return any(view.facts.answers.get(question) is True for question in asked)


KIND = Kind(
    name="publication",
    acts={
        PUBLISH: Act(Publication, judge_publication),
        EXEMPT: Act(Exemption, judge_exemption, part=ActPart.END),
        INTERPRET: Act(Interpretation, judge_interpretation, ahead=True),
    },
    rules={
        "limit": RuleShape(period=True),
        "channels": RuleShape(choices=True),
        "release": RuleShape(),
        "interpretation": RuleShape(choices=True, questions=True, optional=True),
    },
    judge=assess,
)
