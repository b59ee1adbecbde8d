"""Issue (印发) under a document number, once all that must come before it is done.

The serial follows the agency code and the year without gaps; a number that was voided stays on
record and is never given out again.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from typing import Annotated

from pydantic import AfterValidator

from procedures.kinds.base import Kind, pending, satisfied, underway
from procedures.papers import standing
from workflow.definition import Gate
from workflow.facts import ISSUE, VOID, Facts, Record
from workflow.idle import Told
from workflow.ports import Act, ActPart, Assessment, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Day, Line, fault

SIGN = "sign_document"

#: Where the issue keeps the last day on which the decision is in force.
EXPIRES = "expires_on"

_CODE = re.compile(r"[^\s\d\u3014\u3015\[\]()\uff08\uff09]{1,20}")


def _agency_code(text: str) -> str:
    if not _CODE.fullmatch(text):
        raise fault("input.agency_code", value=text[:40])
    return text


AgencyCode = Annotated[Line, AfterValidator(_agency_code)]


def same_code(code: str) -> str:
    """What is compared of an agency code: however it is written, it is one series of numbers."""
    folded = unicodedata.normalize("NFKC", code)
    return "".join(sign for sign in folded if unicodedata.category(sign) != "Mn").casefold()


class Signature(StepPayload):
    """签发: the head approves exactly the present text for issue."""

    approval: Told


class Issue(StepPayload):
    """印发: under which agency code (机关代字), and the last day of force where it has one."""

    series: AgencyCode
    expires_on: Day | None = None


class VoidedNumber(StepPayload):
    """作废: why the number that was given out is not used."""

    reasons: Told


def judge_signature(view: View, signature: Signature) -> Ruling:
    """Bind the signature to the text that it is given for."""
    draft = view.facts.draft
    return Ruling(extra={"signed_digest": "" if draft is None else draft.digest})


def judge_issue(view: View, issue: Issue) -> Ruling:
    """Refuse what nobody signed in exactly this text, or that has its number, or another's."""
    found = _unsigned(view)
    if issued(view.facts) is not None:
        found += (view.unmet("issued_already", "number", VOID),)
    known = {same_code(code): code for code in view.series}
    if known and same_code(issue.series) not in known:
        found += (view.unmet("series_unknown", "number", ISSUE, codes=view.series),)
    if issue.expires_on is not None and issue.expires_on <= view.today:
        found += (view.unmet("expired_already", "signature", ISSUE, day=issue.expires_on),)
    return Ruling(found, series=known.get(same_code(issue.series), issue.series))


def _unsigned(view: View) -> tuple[Unmet, ...]:
    draft, signed = view.facts.draft, standing(view.facts, view.facts.last(SIGN))
    digest = "" if signed is None else signed.text("signed_digest")
    if draft is not None and digest == draft.digest:
        return ()
    return (view.unmet("not_signed", "signature", SIGN),)


def judge_void(view: View, voided: VoidedNumber) -> Ruling:
    """Refuse to void what was not given out, is published, or has ended or changed another matter.

    Execution may have begun: the document then takes another number, and goes on.
    """
    found: tuple[Unmet, ...] = ()
    if issued(view.facts) is None:
        found += (view.unmet("nothing_issued", "number", ISSUE),)
    elif view.facts.last("publish_decision") is not None:
        found += (view.unmet("published_already", "number", VOID),)
    other = view.linked.get(view.facts.adjusts)
    if other is not None and other.ended_by == view.facts.number:
        rested = view.unmet("rested_on", "ended", matter=other.number)
        found += (replace(rested, cured_by=()),)
    return Ruling(found)


def issued(facts: Facts) -> Record | None:
    """The issue that stands; None before it and once its number was voided."""
    return facts.issue


def assess(view: View) -> Assessment:
    """Open until the decision is issued under a number that stands."""
    found = issued(view.facts)
    if found is not None:
        return satisfied(found.filed_on)
    if view.facts.last(VOID) is not None:
        return underway(*_unsigned(view), view.unmet("voided", "number", ISSUE))
    return pending(*_unsigned(view), view.unmet("missing", "", ISSUE))


KIND = Kind(
    name="issuance",
    acts={
        SIGN: Act(Signature, judge_signature),
        ISSUE: Act(Issue, judge_issue, gate=Gate.ISSUE, part=ActPart.END),
        VOID: Act(VoidedNumber, judge_void, part=ActPart.UNDO),
    },
    rules={"number": RuleShape(), "signature": RuleShape(), "ended": RuleShape()},
    judge=assess,
)
