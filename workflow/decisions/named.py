"""Who was named for an act and cannot do it any more: gone, on a side, or with a hand in the text.

Others may be there for the act; but the matter waits for these.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from workflow.decisions.authority import able
from workflow.decisions.scene import Open, Scene
from workflow.definition import Relation, Step
from workflow.directory import Directory
from workflow.facts import Facts
from workflow.guards import assess_step
from workflow.refusals import Unmet

#: Whoever has a post in such a unit is on a side of the matter.
_SIDES: Final = (Relation.PROPOSING_UNIT, Relation.LEAD_UNIT, Relation.CO_UNIT)

_RELATIONS: Final = frozenset(Relation)

#: People and a matter, as they are at one time.
State = tuple[Directory, Facts]


def named_fall_out(
    scene: Scene, open_: Open, before: State, after: State, day: date
) -> Iterator[Unmet]:
    """Every act of an open step for which somebody was named who cannot do it any more from a day.

    Named is only who could do it before.
    """
    procedure = open_.lens.procedure
    for step in procedure.steps.values():
        waited = open_.lens.kinds[step.kind].waits_for(open_.facts, step)
        if not waited or assess_step(open_.lens, step, open_.facts).state.closed:
            continue
        for act, people in waited.items():
            fits = (
                _fit(open_, step, act, before, scene.today),
                _fit(open_, step, act, after, day),
            )
            gone = tuple(name for name in people if name in fits[0] and name not in fits[1])
            if gone:
                yield Unmet(
                    "staffing.named_falls_out",
                    step.citations,
                    {"matter": open_.facts.number, "act": (act,), "people": gone},
                    cured_by=step.first_act,
                    earliest=scene.today,
                )


def named_apart(scene: Scene, staffed: Facts) -> tuple[Unmet, ...]:
    """Whoever was named and cannot act any more on the matter once it stands as `staffed`."""
    open_, people = Open(scene.lens, scene.matter), scene.directory
    was, then = (people, scene.matter), (people, staffed)
    return tuple(named_fall_out(scene, open_, was, then, scene.today))


def _fit(open_: Open, step: Step, act: str, state: State, day: date) -> frozenset[str]:
    """Those who can do the act, or have it done for them, as named persons.

    What belongs to a side of the matter is entered by it, whoever did the work: a post of any kind
    is enough for that.  What belongs to others is theirs in person, and no side's.
    """
    directory, facts = state
    holders = step.acts[act]
    if any(holder.of in _RELATIONS for holder in holders):
        return frozenset(held.person for held in directory.appointments if held.valid(day))
    sides = {unit for relation in _SIDES for unit in directory.units_of(relation, facts)}
    tied = {h.person for h in directory.appointments if h.unit in sides and h.valid(day)}
    fit = able(open_.lens.procedure, directory, facts, day, act, holders)
    return frozenset(fit) - tied - facts.doers("draft")
