"""Fair-competition review (公平竞争审查) of whatever touches the business of operators."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal

from pydantic import StrictBool

from procedures.kinds.base import Kind, adopted_on, not_ahead, pending, satisfied, underway
from workflow.facts import Record
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Prose

ASSIGN = "assign_execution"
EXECUTED = ("complete_execution", "terminate_execution", "record_adjustment")
REVIEW, REGULATOR = "file_fair_competition_review", "file_regulator_opinion"


class Heard(Payload):
    """One of those who were heard on what the text does to competition, and what was said."""

    party: Line
    role: Literal["operator", "association", "consumer", "public"]
    opinion: Prose
    heard_on: Day


class LawfulException(Payload):
    """例外规定: the listed ground, why nothing less harmful would do, and when it ends."""

    ground: Prose
    nothing_less_harmful: Prose
    ends_on: Day


class FairCompetitionReview(StepPayload):
    """公平竞争审查表: who was heard, and whether the text restricts competition.

    `public_interest` says that the interest of the public is touched, which is then heard as well.
    """

    done_on: Day
    heard: tuple[Heard, ...]
    public_interest: StrictBool = False
    findings: Prose
    conclusion: Literal["compliant", "exception", "violation"]
    exception: LawfulException | None = None


class RegulatorOpinion(StepPayload):
    """市场监管部门的审查意见: given on the text and on the drafter's own review of it."""

    done_on: Day
    conclusion: Literal["agrees", "objects"]
    opinion: Prose


def judge_review(view: View, review: FairCompetitionReview) -> Ruling:
    """Refuse a review that heard nobody, and an exception without its ground and its end."""
    found = not_ahead(view, review.done_on)
    for each in review.heard:
        found += not_ahead(view, each.heard_on)
    if view.facts.draft is None:
        found += (view.unmet("no_draft"),)
    roles = {each.role for each in review.heard}
    if not roles & {"operator", "association"}:
        found += (view.unmet("nobody_heard", "heard"),)
    if review.public_interest and not roles & {"consumer", "public"}:
        found += (view.unmet("public_not_heard", "heard"),)
    if review.conclusion == "exception":
        if review.exception is None:
            found += (view.unmet("exception_unfounded", "exception"),)
        elif review.exception.ends_on <= view.today:
            found += (view.unmet("exception_ended", "exception", ends_on=review.exception.ends_on),)
    return Ruling(found)


def judge_regulator(view: View, opinion: RegulatorOpinion) -> Ruling:
    """Refuse an opinion before there is a review of the present text that it could be on."""
    found = not_ahead(view, opinion.done_on)
    if view.facts.last(REVIEW, step=view.step) is None:
        found += (view.unmet("missing"),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until the present text was found compliant, or stands on an exception still running.

    Where the matter is asked about for a meeting, the exception must still run on its day.
    """
    review = view.facts.last(REVIEW, step=view.step)
    if review is None:
        return pending(view.unmet("missing"))
    if review.text("conclusion") == "violation":
        return underway(view.unmet("violation", "no_violation"))
    ended, regulated = _ended(view, review), _regulated(view, review)
    if ended or regulated:
        return underway(ended, regulated)
    opinion = view.facts.last(REGULATOR, step=view.step)
    return satisfied(max(each.filed_on for each in (review, opinion) if each is not None))


def leaves(view: View) -> tuple[Unmet, ...]:
    """An exception is of limited time: who carries the decision out stops with its last day."""
    review = view.facts.last(REVIEW, step=view.step)
    exception = None if review is None else _exception(review)
    if exception is None or view.facts.last(*EXECUTED) is not None:
        return ()
    ends_on = date.fromisoformat(exception["ends_on"])
    problem = "exception_overrun" if ends_on <= view.today else "exception_running"
    told = view.unmet(problem, "exception", ends_on=ends_on)
    return (replace(told, cured_by=view.procedure.holders(ASSIGN)),)


def _exception(review: Record) -> dict[str, str] | None:
    """The exception that a review relies on, if it relies on one."""
    told = review.payload.get("exception")
    return told if review.text("conclusion") == "exception" and isinstance(told, dict) else None


def _ended(view: View, review: Record) -> Unmet | None:
    """What is wrong with the exception that the review relies on, if it relies on one.

    What was adopted while it ran is lawful; afterwards its end is a duty of the execution.
    """
    exception = _exception(review)
    if exception is None:
        return None
    if view.facts.issue is not None:
        return None
    ends_on = date.fromisoformat(exception["ends_on"])
    decided = adopted_on(view)
    if ends_on <= (decided or view.today):
        return view.unmet("exception_ended", "exception", ends_on=ends_on)
    if decided is None and view.meeting is not None and ends_on <= view.meeting:
        return view.unmet(
            "exception_ends_first", "exception", ends_on=ends_on, held_on=view.meeting
        )
    return None


def _regulated(view: View, review: Record) -> Unmet | None:
    """What is still wanted of the market regulator, where whoever decides must have asked it."""
    rule = view.step.rules.get("regulator")
    level = str(view.facts.answers.get(view.procedure.decided_by))
    if rule is None or level not in rule.choices:
        return None
    opinion = view.facts.last(REGULATOR, step=view.step)
    if opinion is None or opinion.position < review.position:
        return view.unmet("regulator_not_asked", "regulator", REGULATOR)
    if opinion.text("conclusion") == "objects":
        return view.unmet("regulator_objects", "regulator")
    return None


KIND = Kind(
    name="fair_competition",
    acts={
        REVIEW: Act(FairCompetitionReview, judge_review),
        REGULATOR: Act(RegulatorOpinion, judge_regulator),
    },
    rules={
        "exception": RuleShape(),
        "no_violation": RuleShape(),
        "heard": RuleShape(),
        "regulator": RuleShape(choices=True, optional=True, levels=True),
    },
    judge=assess,
    leaves=leaves,
)
