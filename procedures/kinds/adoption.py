"""Adoption of opinions (意见采纳): one table that answers everybody, and its publication."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, StrictInt

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from procedures.kinds.legality_review import with_reviewer
from procedures.opinions import (
    BY_PARTY,
    COUNSEL,
    Heard,
    heard,
    key_of,
    only_counsel,
    still_unanswered,
)
from workflow.facts import TAKE_IN, Record
from workflow.ports import (
    Act,
    Assessment,
    Payload,
    RuleShape,
    Ruling,
    StepPayload,
    StepState,
    View,
)
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose

#: The kinds of step by which a matter hears others; where none applies there is nothing to answer.
HEARING_KINDS = (
    "department_consultation",
    "expert_argument",
    "group_talks",
    "hearing",
    "open_call",
    "participation",
)


class Entry(Payload):
    """What became of one opinion.

    `party` is the unit or the expert where the source is one; an opinion of any other source has
    its `number`, and may name who gave it (never printed in the masked view).  `passage` is the
    passage of the text that was changed or that already says it, `draft` the version with it.
    """

    source: Literal[
        "public", "participation", "department", "hearing", "group", "expert", "counsel"
    ]
    number: Annotated[StrictInt, Field(ge=1)] | None = None
    party: Line | None = None
    summary: Prose
    disposition: Literal["adopted", "partly_adopted", "not_adopted"]
    reason: Prose | None = None
    passage: Line | None = None
    draft: StrictInt | None = None


class Adoption(StepPayload):
    """A part of the table: what it answers anew counts, and all that it does not name stands."""

    opinions: tuple[Entry, ...] = ()
    statement: Prose


class Publication(StepPayload):
    """The table as published, without anybody's identity: where, and on which day.

    `looked_over_by` is the account of whoever read it before its release: a name in prose has no
    form by which a program could take it out.
    """

    place: Line
    published_on: Day
    looked_over_by: Name


def judge_adoption(view: View, table: Adoption) -> Ruling:
    """Refuse entries without reason or passage, and answers to what nobody said."""
    found: tuple[Unmet, ...] = ()
    others = not table.opinions or any(entry.source != COUNSEL for entry in table.opinions)
    if others and with_reviewer(view.facts):
        found += (view.unmet("with_reviewer", "every_opinion"),)
    given = heard(view.facts)
    keys = [key_of(entry.journal_form()) for entry in table.opinions]
    twice = tuple(place for place, key in enumerate(keys, 1) if keys.index(key) < place - 1)
    if twice:
        found += (view.unmet("answered_twice", "every_opinion", entries=twice),)
    unknown = tuple(place for place, key in enumerate(keys, 1) if given.since(*key) is None)
    if unknown:
        found += (view.unmet("no_such_opinion", "every_opinion", entries=unknown),)
    return Ruling(found + _unreasoned(view, table) + _untraced(view, table))


def _unreasoned(view: View, table: Adoption) -> tuple[Unmet, ...]:
    bare = tuple(
        place
        for place, entry in enumerate(table.opinions, 1)
        if entry.disposition != "adopted" and not view.tells(entry.reason)
    )
    return (view.unmet("reason_missing", "reasons", entries=bare),) if bare else ()


def _untraced(view: View, table: Adoption) -> tuple[Unmet, ...]:
    """Refuses what is said to be adopted without a passage in a version of the text that exists."""
    taken = [
        (place, entry)
        for place, entry in enumerate(table.opinions, 1)
        if entry.disposition != "not_adopted"
    ]
    found: tuple[Unmet, ...] = ()
    loose = tuple(place for place, entry in taken if entry.passage is None or entry.draft is None)
    if loose:
        found += (view.unmet("passage_missing", "every_opinion", entries=loose),)
    known = {draft.number for draft in view.facts.drafts}
    strange = tuple(
        place for place, entry in taken if entry.draft is not None and entry.draft not in known
    )
    if strange:
        found += (view.unmet("no_such_draft", "every_opinion", entries=strange),)
    return found


def judge_publication(view: View, publication: Publication) -> Ruling:
    """Refuse to publish a table that is not complete or read by another, or before it was there."""
    found = not_ahead(view, publication.published_on)
    reader = publication.looked_over_by
    if reader in view.persons or reader not in view.able("publish_adoption"):
        found += (view.unmet("not_looked_over", person=reader),)
    table = _newest(view)
    if table is None:
        return Ruling((*found, view.unmet("missing", "every_opinion")))
    found += _unanswered(view) + _not_taken_in(view)
    if publication.published_on < table.filed_on:
        found += (view.unmet("published_too_early", "every_opinion", filed_on=table.filed_on),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until everything heard so far has its answer, and, where feedback is owed, published.

    What counsel says is asked before the agenda, by the review, for it mostly comes in later.
    """
    given = heard(view.facts)
    if not _anything_to_hear(view, given):
        return Assessment(StepState.NOT_REQUIRED)
    table = _newest(view)
    if table is None:
        return pending(view.unmet("missing", "every_opinion"))
    closing = view.facts.last("close_open_call")
    lacking = _unanswered(view) + _not_taken_in(view)
    if not lacking and closing is not None and table.position < closing.position:
        # That nobody said anything is stated too.
        lacking = (view.unmet("missing", "every_opinion"),)
    if lacking:
        return underway(*lacking)
    if "feedback" not in view.step.rules:
        return satisfied(table.filed_on)
    published = _published(view)
    if published is None:
        return underway(view.unmet("not_published", "feedback", "publish_adoption"))
    return satisfied(max(table.filed_on, published.filed_on))


def _anything_to_hear(view: View, given: Heard) -> bool:
    if given.calls or any(source != COUNSEL for source, _ in given.listed):
        return True
    return any(
        view.procedure.required(step, view.facts.answers) and view.facts.waiver(step) is None
        for step in view.procedure.steps.values()
        if step.kind in HEARING_KINDS
    )


def _unanswered(view: View) -> tuple[Unmet, ...]:
    """One condition for each source that has opinions without an answer."""
    found: list[Unmet] = []
    for source, open_ in still_unanswered(view.procedure, view.facts).items():
        if source == COUNSEL:
            continue
        if source not in BY_PARTY:
            found.append(
                view.unmet("opinions_missing", "every_opinion", source=source, numbers=open_)
            )
        elif source == "expert":
            found.append(view.unmet("experts_missing", "every_opinion", experts=open_))
        else:
            found.append(view.unmet("units_missing", "every_opinion", units=open_))
    return tuple(found)


def _not_taken_in(view: View) -> tuple[Unmet, ...]:
    """What the public sent in in time and no record has: it has no number to be answered under."""
    count = sum(view.facts.waiting.values())
    if not count:
        return ()
    unmet = view.unmet("not_taken_in", "every_opinion", count=count)
    return (replace(unmet, cured_by=view.procedure.holders(TAKE_IN), act=TAKE_IN),)


def _newest(view: View) -> Record | None:
    return view.facts.last("adopt_opinions", step=view.step)


def _published(view: View) -> Record | None:
    """The publication of the table, unless more than what counsel said was answered since."""
    published = view.facts.last("publish_adoption", step=view.step)
    table = [
        record
        for record in view.facts.of("adopt_opinions", step=view.step)
        if not only_counsel(record)
    ]
    if published is None or (table and published.position < table[-1].position):
        return None
    return published


KIND = Kind(
    name="adoption",
    acts={
        "adopt_opinions": Act(Adoption, judge_adoption),
        "publish_adoption": Act(Publication, judge_publication),
    },
    rules={
        "every_opinion": RuleShape(),
        "reasons": RuleShape(),
        "feedback": RuleShape(optional=True),
    },
    judge=assess,
)
