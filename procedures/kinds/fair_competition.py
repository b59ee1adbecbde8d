"""Fair-competition review (公平竞争审查) of whatever touches the business of operators."""

from __future__ import annotations

from datetime import date
from typing import Literal

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.texts import Day, Prose


class LawfulException(Payload):
    """例外规定: the listed ground, why nothing less harmful would do, and when it ends."""

    ground: Prose
    nothing_less_harmful: Prose
    ends_on: Day


class FairCompetitionReview(StepPayload):
    """公平竞争审查表: who was heard, and whether the text restricts competition."""

    done_on: Day
    heard: Prose
    findings: Prose
    conclusion: Literal["compliant", "exception", "violation"]
    exception: LawfulException | None = None


def judge_review(view: View, review: FairCompetitionReview) -> Ruling:
    """Refuse an exception without its ground and its end."""
    found = not_ahead(view, review.done_on)
    if view.facts.draft is None:
        found += (view.unmet("no_draft"),)
    if review.conclusion == "exception":
        if review.exception is None:
            found += (view.unmet("exception_unfounded", "exception"),)
        elif review.exception.ends_on <= view.today:
            found += (view.unmet("exception_ended", "exception", ends_on=review.exception.ends_on),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until the present text was found compliant, or stands on an exception still running."""
    review = view.facts.last("file_fair_competition_review", step=view.step)
    if review is None:
        return pending(view.unmet("missing"))
    if review.text("conclusion") == "violation":
        return underway(view.unmet("violation", "no_violation"))
    exception = review.payload.get("exception")
    if isinstance(exception, dict):
        ends_on = date.fromisoformat(exception["ends_on"])
        if ends_on <= view.today:
            return underway(view.unmet("exception_ended", "exception", ends_on=ends_on))
    return satisfied(review.filed_on)


KIND = Kind(
    name="fair_competition",
    acts={"file_fair_competition_review": Act(FairCompetitionReview, judge_review)},
    rules={"exception": RuleShape(), "no_violation": RuleShape()},
    judge=assess,
)
