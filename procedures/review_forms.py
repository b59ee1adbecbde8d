"""What is filed in a legality review (合法性审查): papers, counsel's opinion, the verdict."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from workflow.idle import Told
from workflow.ports import StepPayload
from workflow.texts import Day, Line, Name, Prose


class Submission(StepPayload):
    """送审: the papers handed to the reviewer; which are owed is data (rule ``papers``)."""

    papers: tuple[Name, ...]
    note: Prose | None = None


class Return(StepPayload):
    """退回补正: what is missing, and what the lead unit is asked to do."""

    missing: Annotated[tuple[Line, ...], Field(min_length=1)]
    reasons: Told


class Acceptance(StepPayload):
    """受理: the papers are complete; the reviewer's time runs from today."""


class CounselAsked(StepPayload):
    """委请法律顾问: which firm is asked on this matter, and which of its lawyers (none: any of it).

    Asked anew, whoever was asked before is asked no more.
    """

    firm: Name
    lawyers: tuple[Name, ...] = ()


class CounselOpinion(StepPayload):
    """法律意见书 of a legal adviser or public lawyer: an input to the review, never the review.

    `conflict_of_interest`: whether whoever gives it, or their firm, serves somebody with an
    interest in the matter, above all the other side of it; declared every time.
    `government_clients`: of how many governments and their departments whoever gives it is the
    adviser, this one included; owed where a rule bounds their number.
    """

    opinion: Prose
    concerns: tuple[Prose, ...] = ()
    conflict_of_interest: StrictBool
    government_clients: Annotated[StrictInt, Field(ge=1)] | None = None
    signed: StrictBool
    signed_on: Day


class ReviewVerdict(StepPayload):
    """审查意见书 in its three parts. `changes` are those on which lawfulness depends.

    `reason_for_delay` is owed where the time that a ceiling allows is over.
    """

    verdict: Literal["lawful", "lawful_with_changes", "unlawful", "exploratory_reform"]
    powers: Prose
    procedure: Prose
    content: Prose
    changes: tuple[Prose, ...] = ()
    risk: Prose | None = None
    reason_for_delay: Prose | None = None


class Confirmation(StepPayload):
    """The reviewer confirms that the listed changes, and nothing else of weight, were made."""

    statement: Prose


class Recheck(StepPayload):
    """复核: whether the text as a meeting amended it is lawful and is what the meeting decided."""

    verdict: Literal["lawful", "unlawful"]
    statement: Prose
    as_decided: StrictBool
