"""Who has a part in a matter, and why, as its records tell.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from workflow.definition import DECISION_BODY, Gate, Procedure, Step
from workflow.directory import Directory
from workflow.facts import ARCHIVING, CONCLUDE, Facts
from workflow.ports import StepKind
from workflow.ties import Party, Side, Tie


def parties(
    procedure: Procedure, facts: Facts, directory: Directory, kinds: Mapping[str, StepKind]
) -> frozenset[Party]:
    """Every unit and person with a part in a matter, with why, as its records tell."""
    return facts.once(
        ("parties", procedure.digest, directory.version),
        lambda: frozenset((*_units(procedure, facts, directory, kinds), *_persons(facts))),
    )


def called_on(
    procedure: Procedure,
    step: Step,
    facts: Facts,
    directory: Directory,
    kinds: Mapping[str, StepKind],
) -> Iterator[Party]:
    """Whoever is asked in a step: the experts chosen, counsel, the units heard.

    The task of experts and counsel has ended where the matter can never come back to the step.
    """
    for party in kinds[step.kind].calls_on(facts, step):
        if party.tie is Tie.ASKED and _ended(procedure, step, facts):
            continue
        if party.side is Side.FUNCTION:
            for unit in directory.units_of(party.code, facts):
                yield Party(Side.UNIT, unit, party.tie)
        else:
            yield party


def _ended(procedure: Procedure, step: Step, facts: Facts) -> bool:
    return procedure.reachable(facts.stage).isdisjoint(step.acts)


def bodies_before(procedure: Procedure, facts: Facts) -> frozenset[str]:
    """The bodies on whose agenda the matter is, or which came to a conclusion on it."""
    found = {each.text("body") for each in facts.of(CONCLUDE)}
    if facts.meeting is not None:
        coming = facts.next_body(procedure.meetings(facts.answers))
        if coming is not None:
            found.add(coming)
    return frozenset(found & procedure.bodies.keys())


def sits_in(procedure: Procedure, body: str, directory: Directory) -> frozenset[str]:
    """The units whose people sit in a body."""
    meant = procedure.bodies[body]
    return frozenset(
        unit
        for holder in (*meant.chair, *meant.members)
        for unit in directory.units_of(holder.of, None)
    )


def _units(
    procedure: Procedure, facts: Facts, directory: Directory, kinds: Mapping[str, StepKind]
) -> Iterator[Party]:
    ties: dict[Tie, Iterable[str | None]] = {
        Tie.PROPOSING: (facts.proposing_unit,),
        Tie.LEAD: (facts.lead_unit,),
        Tie.CO: facts.co_units,
        Tie.STUDY: (facts.study_unit,),
        Tie.EXECUTING: facts.executing_units,
        Tie.DECIDING: directory.units_of(DECISION_BODY, facts),
        Tie.TABLED: (
            unit
            for body in bodies_before(procedure, facts)
            for unit in sits_in(procedure, body, directory)
        ),
        Tie.ARCHIVE: _archives(procedure, facts, directory),
    }
    for tie, units in ties.items():
        yield from (Party(Side.UNIT, unit, tie) for unit in units if unit)
    under_way = facts.stage != procedure.initial
    consulted: set[str] = set()
    for step in procedure.steps.values():
        functions, asking = procedure.consulted[step.id], kinds[step.kind].calling
        # Most steps consult nobody and ask nobody: whether they apply is then all the same.
        if (functions or asking) and procedure.required(step, facts.answers):
            if under_way or facts.begun(step):
                consulted.update(functions)
            if asking:
                yield from called_on(procedure, step, facts, directory, kinds)
    for function in consulted:
        for unit in directory.units_of(function, facts):
            yield Party(Side.UNIT, unit, Tie.CONSULTED)


def _archives(procedure: Procedure, facts: Facts, directory: Directory) -> frozenset[str]:
    """The units that file the matter, once it is decided or has ended."""
    if not procedure.stages[facts.stage].end and facts.stage not in procedure.lasting:
        return frozenset()
    return frozenset(
        unit
        for act in ARCHIVING
        for holder in procedure.holders(act)
        for unit in directory.units_of(holder.of, facts)
    )


def _persons(facts: Facts) -> Iterator[Party]:
    doers = {person for record in facts.records for person in record.persons()}
    for person in doers:
        yield Party(Side.PERSON, person, Tie.DOER)
    for draft in facts.drafts:
        for person in draft.authors:
            yield Party(Side.PERSON, person, Tie.AUTHOR)
    for person in facts.withdrawn():
        yield Party(Side.PERSON, person, Tie.TABLED)
    for person in facts.named or ():
        yield Party(Side.PERSON, person, Tie.NAMED)


def told_to_all(step: Step) -> bool:
    """Whether whoever is asked at all is told of the step: what says what the matter is about."""
    return step.before is Gate.START
