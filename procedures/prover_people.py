"""Whether somebody is left for every act, once those who did another one may not do it.

Asked of roles, not of people: of a role that one person holds in a unit there is one person, of
any other as many as are needed, and units of different names are different units.  So what is
found here fails however an organisation is staffed; the rest is asked where it is staffed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from procedures.prover_reader import WAIVER
from procedures.references import DRAFT_AUTHOR
from workflow.definition import Holder, Procedure, Relation, Separation
from workflow.facts import RECUSE, RECUSED

#: Relations in which several units can stand to a matter, each with its own head.
_SEVERAL: Final = (Relation.ANY_UNIT, Relation.CO_UNIT, Relation.EXECUTING_UNIT)

Act = tuple[str, str]


def nobody_left(procedure: Procedure, needed: Collection[str]) -> Iterator[Separation]:
    """The separations of duties that leave nobody for their act, among the commands needed.

    Each is weighed together with those before it, for one person can be forced by several.  More
    separations only leave fewer people: where all of them leave somebody, so do any of them.
    """
    concerned = [each for each in procedure.separations if each.act in needed]
    if _staffed(procedure, needed, concerned):
        return
    weighed: list[Separation] = []
    for separation in concerned:
        if _staffed(procedure, needed, [*weighed, separation]):
            weighed.append(separation)
        else:
            yield separation


def _staffed(
    procedure: Procedure, needed: Collection[str], separations: Collection[Separation]
) -> bool:
    """Whether every act can have a person such that no separation is broken."""
    apart = {
        frozenset((one, other))
        for separation in separations
        for one in _acts(procedure, separation.act)
        for name in separation.others
        for other in _acts(procedure, _done_by(name))
        if name in needed or name == DRAFT_AUTHOR
    }
    for separation in separations:
        for act in _acts(procedure, separation.act):
            if _holders(procedure, act) and not _outside(procedure, act, separations):
                return False
    forced = {
        act: people
        for pair in apart
        for act in pair
        if (people := _people(procedure, _outside(procedure, act, separations))) is not None
    }
    return _assigned(sorted(forced), forced, apart, {})


def _assigned(
    open_: list[Act],
    forced: Mapping[Act, tuple[Holder, ...]],
    apart: Collection[frozenset[Act]],
    given: Mapping[Act, Holder],
) -> bool:
    if not open_:
        return True
    act, *rest = open_
    rivals = {given[other] for other in given if frozenset((act, other)) in apart}
    return any(
        person not in rivals and _assigned(rest, forced, apart, {**given, act: person})
        for person in forced[act]
    )


def _done_by(name: str) -> str:
    """The command by which one comes to stand in a separation."""
    return {DRAFT_AUTHOR: "revise_draft", RECUSED: RECUSE}.get(name, name)


def _acts(procedure: Procedure, command: str) -> tuple[Act, ...]:
    """A command with each step that it can be given for; alone where it belongs to none."""
    if command in WAIVER:
        return tuple(
            (command, step.id) for step in procedure.steps.values() if step.waivable is not None
        )
    steps = procedure.steps_of(command)
    return tuple((command, step.id) for step in steps) or ((command, ""),)


def _holders(procedure: Procedure, act: Act) -> tuple[Holder, ...]:
    command, name = act
    step = procedure.steps.get(name)
    if step is None or step.waivable is None or command not in WAIVER:
        return procedure.holders(command, step)
    return step.waivable.request if command == "request_waiver" else step.waivable.approve


def _outside(
    procedure: Procedure, act: Act, separations: Collection[Separation]
) -> tuple[Holder, ...]:
    """The holders of an act who hold no post in a unit that is kept from it."""
    barred = {
        unit for separation in separations if separation.act == act[0] for unit in separation.units
    }
    return tuple(holder for holder in _holders(procedure, act) if holder.of not in barred)


def _people(procedure: Procedure, holders: tuple[Holder, ...]) -> tuple[Holder, ...] | None:
    """The persons who could act, one a holder; None where there are as many as one likes.

    An act without any holder is left out as well: it fails for that, and not for a separation.
    """
    plenty = (
        not procedure.roles[holder.role].single or holder.of in _SEVERAL for holder in holders
    )
    return None if not holders or any(plenty) else holders
