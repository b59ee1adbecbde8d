"""Publication of a decision (公布) within its limit, its interpretation, or why it is exempt.

The limit is counted from the day on which the decision was formed, that is from its issue; where
the rule `counted_from` names steps, from the first day that the papers concluding them give, such
as the day on which an approval arrived (Land Regulations art. 31).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, StrictBool

from procedures.departures import OVERDUE
from procedures.kinds.base import Kind, counted, not_ahead, pending, satisfied, underway
from procedures.kinds.declared import FILE as EVIDENCE
from procedures.kinds.issuance import issued
from workflow.ports import (
    Act,
    ActPart,
    Assessment,
    Deadline,
    Payload,
    RuleShape,
    Ruling,
    StepPayload,
    View,
)
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

PUBLISH, EXEMPT, INTERPRET = "publish_decision", "exempt_publication", "publish_interpretation"


class Released(StepPayload):
    """By whom it was looked through before release (an account), and whether for secrecy too."""

    released_by: Name
    secrecy_reviewed: StrictBool


class Published(Payload):
    """Where it was published, and what shows it."""

    channel: Name
    proof: Line


class Publication(Released):
    """公布: where and when.  `reason_for_delay` is owed where the limit is over."""

    published_on: Day
    places: Annotated[tuple[Published, ...], Field(min_length=1)]
    reason_for_delay: Prose | None = None


class Exemption(Released):
    """不予公开: on which of the grounds that the definition names, by which provision, and why."""

    ground: Name
    basis: Line
    reasons: Prose


class Interpretation(Released):
    """解读: what was adopted of the opinions, and where the interpretation was published."""

    published_on: Day
    channel: Name
    proof: Line
    adopted: Prose


def judge_publication(view: View, paper: Publication) -> Ruling:
    """Refuse what no second person looked through, lacks a channel, or is late without a reason."""
    found = not_ahead(view, paper.published_on) + _looked_through(view, paper, PUBLISH)
    owed = view.step.rules["channels"].choices
    lacking = tuple(name for name in owed if name not in {each.channel for each in paper.places})
    if lacking:
        found += (view.unmet("channels_missing", "channels", PUBLISH, channels=lacking),)
    found += _before_issue(view, paper.published_on, PUBLISH)
    ends = limit(view)
    if ends is None or paper.published_on <= ends:
        return Ruling(found)
    if paper.reason_for_delay is None:
        found += (view.unmet("late_without_reason", "limit", PUBLISH, ends=ends),)
    return Ruling(found, extra={OVERDUE: "limit"})


def judge_exemption(view: View, paper: Exemption) -> Ruling:
    """Refuse an exemption on no ground that there is, or that no second person looked through."""
    found = _looked_through(view, paper, EXEMPT)
    grounds = view.step.rules["exemptions"].choices
    if paper.ground not in grounds:
        found += (view.unmet("ground_unknown", "exemptions", EXEMPT, exemptions=grounds),)
    return Ruling(found)


def judge_interpretation(view: View, paper: Interpretation) -> Ruling:
    """Refuse what is dated ahead or before the issue, or what no second person looked through."""
    found = not_ahead(view, paper.published_on) + _looked_through(view, paper, INTERPRET)
    return Ruling(found + _before_issue(view, paper.published_on, INTERPRET))


def limit(view: View) -> date | None:
    """The last day of publication; None before the issue."""
    found = _limit(view)
    return None if found is None else found.by


def ends(view: View) -> Deadline | None:
    """The end of the limit, until it is published or ruled exempt."""
    published = view.facts.last(PUBLISH, EXEMPT, step=view.step) is not None
    return None if published else _limit(view)


def _limit(view: View) -> Deadline | None:
    formed = issued(view.facts)
    if formed is None:
        return None
    return counted(view, view.step.rules["limit"], _begun(view, formed.filed_on))


def _begun(view: View, issued_on: date) -> date:
    """The day from which the limit runs; a paper that is filed again does not begin it anew."""
    rule = view.step.rules.get("counted_from")
    named = () if rule is None else rule.choices
    papers = [
        paper.day("done_on")
        for name in named
        for paper in view.facts.of(EVIDENCE, step=view.procedure.steps[name])
        if paper.payload["concluded"] is True
    ]
    return min([issued_on, *papers])


def _before_issue(view: View, day: date, act: str) -> tuple[Unmet, ...]:
    formed = issued(view.facts)
    if formed is None or day >= formed.filed_on:
        return ()
    return (view.unmet("before_issue", "limit", act, issued_on=formed.filed_on),)


def _looked_through(view: View, paper: Released, act: str) -> tuple[Unmet, ...]:
    """Refuses what was not looked through by another person, in office here, and for secrecy."""
    found: tuple[Unmet, ...] = ()
    person = paper.released_by
    if person in view.persons:
        found += (view.unmet("looked_through_by_oneself", "release", act, account=person),)
    elif not view.posts(person):
        found += (view.unmet("releaser_unknown", "release", act, account=person),)
    if not paper.secrecy_reviewed:
        found += (view.unmet("secrecy_unreviewed", "secrecy_review", act),)
    return found


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
        "counted_from": RuleShape(choices=True, steps=True, optional=True),
        "channels": RuleShape(choices=True),
        "exemptions": RuleShape(choices=True, wider_is_looser=True),
        "release": RuleShape(),
        "secrecy_review": RuleShape(),
        "interpretation": RuleShape(choices=True, questions=True, optional=True),
    },
    judge=assess,
    ends=ends,
)
