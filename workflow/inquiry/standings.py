"""How one matter stands today, with what stands before its next gate."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from workflow.decisions.decide import paused, stage_forbids
from workflow.decisions.flags import flags, under
from workflow.decisions.owing import owed
from workflow.definition import Gate, Procedure
from workflow.errors import NotFound
from workflow.facts import CONCLUDE, Facts
from workflow.guards import Lens, assess, dated, next_gate, unmet_before
from workflow.inquiry.answers import Standing
from workflow.inquiry.base import Base
from workflow.planning import following
from workflow.ports import Assessment
from workflow.refusals import Unmet
from workflow.service.rulebook import Rulebook, Rules
from workflow.store import Store, StoredMatter
from workflow.yearly_catalogue import Entry as CatalogueEntry
from workflow.yearly_catalogue import named

TABLING = "propose_agenda_item"

#: The command that asks each gate from the agenda on.
_ASKS: Mapping[Gate, str] = {
    Gate.AGENDA: TABLING,
    Gate.ISSUE: "issue",
    Gate.CLOSE: "close_matter",
}


class Standings(Base):
    """What most answers are made of."""

    def _standing(self, store: Store, number: str) -> tuple[Standing, Lens]:
        stored = store.seen(number)
        if stored is None:
            raise NotFound("unknown.matter", matter=number)
        return standing_of(self._book, store, stored, self._today(store))


def standing_of(
    book: Rulebook, store: Store, stored: StoredMatter, today: date
) -> tuple[Standing, Lens]:
    """How a matter stands on a day, and how it was looked at."""
    rules = book.pinned(stored.digest, store)
    lens = book.lens(store, rules, today)
    facts = book.sealed(book.oriented(rules, stored.facts))
    assessments = assess(lens, facts)
    gate, debts = next_gate(rules.procedure, facts), owed(lens, facts)
    standing = Standing(
        gate=gate,
        facts=facts,
        procedure=rules.procedure,
        directory=book.directory(store),
        today=lens.today,
        assessments=assessments,
        unmet=_in_the_way(rules, lens, facts, assessments, gate),
        commands=tuple(rules.lifecycle.commands(facts.stage)),
        flags=_flagged(
            under(rules.procedure, book.flagging(rules, store.home, lens.today)),
            facts,
            store,
            lens.today,
        ),
        entry=_entry(facts, store),
        owed=debts,
        duties=following(lens, facts, assessments, debts),
        linked=book.linked(store, (facts.continues,) if facts.continues else ()),
    )
    return standing, lens


def _in_the_way(
    rules: Rules, lens: Lens, facts: Facts, assessments: Mapping[str, Assessment], gate: Gate
) -> tuple[Unmet, ...]:
    """What stands before the next gate of a matter; of one that has ended, only that it has."""
    if facts.meeting is not None:
        return ()
    asked = _ASKS[gate]
    if rules.procedure.stages[facts.stage].end:
        return stage_forbids(rules.lifecycle, asked, facts.stage, lens.today)
    waiting = paused(rules.procedure, facts, asked)
    unmet = waiting + unmet_before(lens, gate, facts, assessments)
    unmet += dated(lens, facts, assessments, _of_the_act(rules.procedure, assessments, asked))
    return unmet or stage_forbids(rules.lifecycle, asked, facts.stage, lens.today)


def _of_the_act(
    procedure: Procedure, assessments: Mapping[str, Assessment], asked: str
) -> tuple[Unmet, ...]:
    """What the step of the act that asks the gate wants besides that act, as a signature."""
    return tuple(
        unmet
        for step in procedure.steps_of(asked)
        for unmet in assessments[step.id].unmet
        if unmet.act != asked
    )


def _flagged(procedure: Procedure, facts: Facts, store: Store, today: date) -> tuple[Unmet, ...]:
    """What is flagged of a matter that has not been decided yet."""
    if procedure.stages[facts.stage].end or facts.last(CONCLUDE) is not None or not facts.title:
        return ()
    return flags(procedure, facts, store.catalogue, today)


def _entry(facts: Facts, store: Store) -> CatalogueEntry | None:
    meant = named(facts)
    return None if meant is None else store.catalogue(meant.year).nominated.get(meant.number)
