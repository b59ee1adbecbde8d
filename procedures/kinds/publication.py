"""Publication of a decision (公布) within its limit, its interpretation, or why it is exempt.

The limit is counted from the day on which the decision was formed, that is from its first issue: a
number that is voided and given anew wins no time.  Where the rule `counted_from` names steps, it is
counted from the first day that the papers concluding them give, such as the day on which an
approval arrived (Land Regulations art. 31).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field, StrictBool

from procedures.departures import OVERDUE
from procedures.kinds.base import (
    Kind,
    counted,
    not_ahead,
    pending,
    satisfied,
    underway,
    unsure,
)
from procedures.kinds.declared import FILE as EVIDENCE
from procedures.kinds.issuance import issued
from workflow.facts import Record
from workflow.idle import Told, ToldLine
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
from workflow.texts import Day, Name, Prose

PUBLISH, EXEMPT, INTERPRET = "publish_decision", "exempt_publication", "publish_interpretation"
CLASSIFY = "classify"


class Released(StepPayload):
    """By whom it was looked through before release (an account), and whether for secrecy too.

    `reason_for_delay` is owed where a limit is over, or where it is entered long afterwards.
    """

    released_by: Name
    secrecy_reviewed: StrictBool
    reason_for_delay: Prose | None = None


class Published(Payload):
    """Where it was published, and what shows it."""

    channel: Name
    proof: ToldLine


class Publication(Released):
    """公布: where and when."""

    published_on: Day
    places: Annotated[tuple[Published, ...], Field(min_length=1)]


class Exemption(Released):
    """不予公开: on which of the grounds that the definition names, by which provision, and why."""

    ground: Name
    basis: ToldLine
    reasons: Told


class Interpretation(Released):
    """解读: what was adopted of the opinions, and where the interpretation was published."""

    published_on: Day
    channel: Name
    proof: ToldLine
    adopted: Told


def judge_publication(view: View, paper: Publication) -> Ruling:
    """Refuse what no second person looked through, lacks a channel, or is late without a reason."""
    found = not_ahead(view, paper.published_on) + _looked_through(view, paper, PUBLISH)
    owed = view.step.rules["channels"].choices
    lacking = tuple(name for name in owed if name not in {each.channel for each in paper.places})
    if lacking:
        found += (view.unmet("channels_missing", "channels", PUBLISH, channels=lacking),)
    found += _before_issue(view, paper.published_on)
    return _in_time(view, paper, found, PUBLISH, paper.published_on, limit(view))


def judge_exemption(view: View, paper: Exemption) -> Ruling:
    """Refuse an exemption on no ground that there is, against the answers, or once published."""
    found = _looked_through(view, paper, EXEMPT)
    if view.facts.last(PUBLISH, step=view.step) is not None:
        found += (view.unmet("published_already", "exemptions", INTERPRET),)
    grounds = view.step.rules["exemptions"].choices
    if paper.ground not in grounds:
        found += (view.unmet("ground_unknown", "exemptions", EXEMPT, exemptions=grounds),)
    found += _open_to_all(view)
    return _in_time(view, paper, found, EXEMPT, view.today, limit(view))


def judge_interpretation(view: View, paper: Interpretation) -> Ruling:
    """Refuse what comes before the publication, elsewhere than it may, or late without a reason."""
    found = not_ahead(view, paper.published_on) + _looked_through(view, paper, INTERPRET)
    published = view.facts.last(PUBLISH, step=view.step)
    if published is None:
        found += (view.unmet("nothing_to_explain", "limit", PUBLISH),)
    elif paper.published_on < published.day("published_on"):
        day = published.day("published_on")
        found += (view.unmet("explained_first", "limit", INTERPRET, published_on=day),)
    rule = view.step.rules.get("interpretation_channels")
    if rule is not None and paper.channel not in rule.choices:
        unknown = view.unmet(
            "channel_unknown", "interpretation_channels", INTERPRET, channels=rule.choices
        )
        found += (unknown,)
    due = None if published is None else _explained_by(view, published)
    return _in_time(view, paper, found, INTERPRET, paper.published_on, due)


def limit(view: View) -> Deadline | None:
    """The end of the limit of publication; None before the first issue."""
    formed = view.facts.first_issue
    if formed is None:
        return None
    return counted(view, view.step.rules["limit"], _begun(view, formed.filed_on))


def ends(view: View) -> Deadline | None:
    """The end of the limit, until it is published or ruled exempt; then that of explaining it."""
    done = view.facts.last(PUBLISH, EXEMPT, step=view.step)
    if done is None:
        return limit(view)
    explained = view.facts.last(INTERPRET, step=view.step) is not None
    owed = done.command == PUBLISH and _interpretation_due(view) and not explained
    return _explained_by(view, done) if owed else None


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


def _explained_by(view: View, published: Record) -> Deadline:
    """The last day of the interpretation, counted from the publication."""
    rule = view.step.rules.get("interpretation_limit", view.step.rules["limit"])
    return counted(view, rule, published.day("published_on"))


def _in_time(
    view: View, paper: Released, found: tuple[Unmet, ...], act: str, day: date, due: Deadline | None
) -> Ruling:
    """What is done after its last day, or entered long after it was done, owes its reason.

    Either is marked in the record, by the rule that it exceeds.
    """
    entered, _ = view.counting.end(view.step.rules["late_entry"], day)
    told = view.tells(paper.reason_for_delay)
    if due is not None and due.rule is not None and day > due.by:
        if not told:
            shown = unsure(provisional=due.provisional)
            late = view.unmet("late_without_reason", due.rule.id, act, ends=due.by, unsure=shown)
            found += (late,)
        return Ruling(found, extra={OVERDUE: due.rule.id})
    if view.today <= entered:
        return Ruling(found)
    if not told:
        found += (view.unmet("entered_late", "late_entry", act, day=day, ends=entered),)
    return Ruling(found, extra={OVERDUE: "late_entry"})


def _open_to_all(view: View) -> tuple[Unmet, ...]:
    """Refuses to withhold what no answer, and no ruling on one, says is not made public."""
    rule = view.step.rules.get("exempted_by")
    if rule is None or any(view.facts.answers.get(name) is True for name in rule.choices):
        return ()
    unmet = view.unmet("not_withheld", rule.id)
    return (replace(unmet, cured_by=view.procedure.holders(CLASSIFY)),)


def _before_issue(view: View, day: date) -> tuple[Unmet, ...]:
    formed = issued(view.facts)
    if formed is None or day >= formed.filed_on:
        return ()
    return (view.unmet("before_issue", "limit", PUBLISH, issued_on=formed.filed_on),)


def _looked_through(view: View, paper: Released, act: str) -> tuple[Unmet, ...]:
    """Refuses what was not looked through by another person, in office here, and for secrecy."""
    found: tuple[Unmet, ...] = ()
    person, outside = paper.released_by, set(view.step.rules["release"].choices)
    if person in view.persons:
        found += (view.unmet("looked_through_by_oneself", "release", act, account=person),)
    elif not any(outside.isdisjoint(view.functions[unit]) for unit in view.posts(person)):
        found += (view.unmet("releaser_unknown", "release", act, account=person),)
    if not paper.secrecy_reviewed:
        found += (view.unmet("secrecy_unreviewed", "secrecy_review", act),)
    return found


def assess(view: View) -> Assessment:
    """Open until it is published, with its interpretation where one is due, or ruled exempt."""
    done = view.facts.last(PUBLISH, EXEMPT, step=view.step)
    if done is None:
        due = limit(view)
        if due is None:
            return pending(view.unmet("missing", "limit"))
        problem = "overdue" if due.by < view.today else "due"
        shown = unsure(provisional=due.provisional)
        return pending(view.unmet(problem, "limit", PUBLISH, ends=due.by, unsure=shown))
    if done.command == PUBLISH and _interpretation_due(view):
        explained = view.facts.last(INTERPRET, step=view.step)
        if explained is None:
            return underway(_unexplained(view, done))
    return satisfied(done.filed_on)


def _unexplained(view: View, published: Record) -> Unmet:
    due = _explained_by(view, published)
    problem = "interpretation_overdue" if due.by < view.today else "interpretation_missing"
    shown = unsure(provisional=due.provisional)
    return view.unmet(problem, "interpretation", INTERPRET, ends=due.by, unsure=shown)


def leaves(view: View) -> tuple[Unmet, ...]:
    """A decision that was formed and is not published in time."""
    found = assess(view)
    return tuple(each for each in found.unmet if each.code.endswith("overdue"))


def _interpretation_due(view: View) -> bool:
    rule = view.step.rules.get("interpretation")
    asked = () if rule is None else rule.choices
    return any(view.facts.answers.get(question) is True for question in asked)


KIND = Kind(
    name="publication",
    acts={
        PUBLISH: Act(Publication, judge_publication),
        EXEMPT: Act(Exemption, judge_exemption, part=ActPart.END),
        INTERPRET: Act(Interpretation, judge_interpretation),
    },
    rules={
        "limit": RuleShape(period=True),
        "late_entry": RuleShape(period=True),
        "counted_from": RuleShape(choices=True, steps=True, optional=True),
        "channels": RuleShape(choices=True),
        "exemptions": RuleShape(choices=True, wider_is_looser=True),
        "exempted_by": RuleShape(choices=True, questions=True, optional=True, wider_is_looser=True),
        "release": RuleShape(choices=True),
        "secrecy_review": RuleShape(),
        "interpretation": RuleShape(choices=True, questions=True, optional=True),
        "interpretation_channels": RuleShape(choices=True, optional=True, wider_is_looser=True),
        "interpretation_limit": RuleShape(period=True, optional=True),
    },
    judge=assess,
    leaves=leaves,
    ends=ends,
)
