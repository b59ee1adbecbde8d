"""Asking before issue (请示): about one matter, of the next level, waiting for the reply."""

from __future__ import annotations

from typing import Literal

from pydantic import StrictBool

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from procedures.papers import INCOMING, OUTGOING, decided_after, kept, key, standing
from workflow.idle import Told, ToldLine, core
from workflow.ports import Act, ActPart, Assessment, RuleShape, Ruling, StepPayload, View
from workflow.texts import Day, Prose

SUBMIT, REPLY = "submit_request", "record_reply"
APPROVED, CHANGES = "approved", "changes_required"


class RequestPaper(StepPayload):
    """请示: what is asked of whom; one matter in one paper (一文一事), level by level."""

    addressee: ToldLine
    number: ToldLine
    submitted_on: Day
    asks: Told
    one_matter: StrictBool
    bypasses_level: StrictBool
    reason_for_bypassing: Prose | None = None

    def paper_key(self) -> str:
        """Requests and reports are numbered together."""
        return key(OUTGOING, self.number)


class Reply(StepPayload):
    """批复: what the addressee answered, under which number."""

    number: ToldLine
    replied_on: Day
    result: Literal["approved", "changes_required", "refused"]
    opinion: Told

    def paper_key(self) -> str:
        """A reply answers one request."""
        return key(INCOMING, self.number)


def judge_request(view: View, paper: RequestPaper) -> Ruling:
    """Refuse a request about several matters, past a level, of another day than it can have.

    What is not decided yet cannot be asked about.
    """
    found = not_ahead(view, paper.submitted_on)
    decided = decided_after(view.facts, paper.submitted_on)
    if decided is not None:
        found += (view.unmet("before_decision", "reply", SUBMIT, decided_on=decided),)
    if view.paper_of:
        found += (view.unmet("number_used", "one_matter", SUBMIT, matter=view.paper_of),)
    known = view.step.rules.get("addressees")
    if known is not None and core(paper.addressee) not in {core(each) for each in known.choices}:
        addressees = known.choices
        found += (view.unmet("misaddressed", "addressees", SUBMIT, addressees=addressees),)
    if not paper.one_matter:
        found += (view.unmet("several_matters", "one_matter", SUBMIT),)
    if paper.bypasses_level and not view.tells(paper.reason_for_bypassing):
        found += (view.unmet("level_bypassed", "levels", SUBMIT),)
    return Ruling(found, extra=kept(paper))


def judge_reply(view: View, reply: Reply) -> Ruling:
    """Refuse a reply to nothing, one that answers another request, or is older than the request."""
    asked = view.facts.last(SUBMIT, step=view.step)
    found = not_ahead(view, reply.replied_on)
    if view.paper_of:
        found += (view.unmet("number_used", "one_matter", REPLY, matter=view.paper_of),)
    if asked is None:
        found += (view.unmet("nothing_asked", "reply", SUBMIT),)
    elif reply.replied_on < asked.day("submitted_on"):
        day = asked.day("submitted_on")
        found += (view.unmet("reply_before_request", "reply", REPLY, submitted_on=day),)
    return Ruling(found, reply.result, kept(reply))


def assess(view: View) -> Assessment:
    """Open until what was asked about the present text, as it was decided last, is approved."""
    last = standing(view.facts, view.facts.last(SUBMIT, REPLY, step=view.step))
    if last is None:
        return pending(view.unmet("not_requested", "reply", SUBMIT))
    if last.command == SUBMIT:
        day = last.day("submitted_on")
        return underway(view.unmet("awaiting_reply", "reply", REPLY, submitted_on=day))
    if last.text("result") != APPROVED:
        return underway(view.unmet("not_approved", "reply", SUBMIT, replied_on=last.filed_on))
    return satisfied(last.filed_on)


KIND = Kind(
    name="request_reply",
    acts={
        SUBMIT: Act(RequestPaper, judge_request, part=ActPart.ASIDE),
        REPLY: Act(Reply, judge_reply, outcomes=(APPROVED, CHANGES, "refused"), part=ActPart.END),
    },
    rules={
        "reply": RuleShape(),
        "one_matter": RuleShape(),
        "levels": RuleShape(),
        "addressees": RuleShape(choices=True, optional=True, wider_is_looser=True, free_words=True),
    },
    judge=assess,
)
