"""A matter that follows another, to change or end its decision or to continue its emergency.

What follows is bound by at least what bound the other.  Otherwise a decision could be changed by
a lighter procedure, or by a lower body, than the one that made it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workflow.decisions.owing import report_owed
from workflow.decisions.scene import Scene
from workflow.definition import Answer, Procedure
from workflow.facts import Linked
from workflow.refusals import Unmet


def lighter(scene: Scene, other: Linked | None, answers: Mapping[str, Answer]) -> Iterator[Unmet]:
    """What bound the other matter and would not bind this one with these answers."""
    if other is None or other.procedure is None:
        return
    was, now = other.procedure, scene.procedure
    holders = scene.procedure.holders("propose")
    rule = scene.procedure.rules["matter.succession"]
    lacking = (*_procedures(was, now), *_bodies(other, was, now, answers))
    if lacking:
        yield Unmet(
            "matter.lighter_procedure",
            rule.citations,
            {"matter": other.number, "lacking": lacking},
            cured_by=holders,
            earliest=scene.today,
        )
    decided, decides = was.stand_ins(other.answers), now.stand_ins(answers)
    if lower := tuple(each for key, each in decided.items() if decides.get(key) != each):
        yield Unmet(
            "matter.lower_level",
            rule.citations,
            {"matter": other.number, "decider": was.functions[lower[0]]},
            cured_by=holders,
            earliest=scene.today,
        )


def _procedures(was: Procedure, now: Procedure) -> Iterator[object]:
    """Procedures that bound the other and neither bind this one nor are what its own rest on.

    A profile may have become another; but what it offers for lesser matters is not in its place.
    """
    bound = {*(part.id for part in now.parts), *now.lineage}
    main, *beside = was.parts
    if main.id not in bound and now.parts[0].id in was.offers:
        yield main.name
    yield from (part.name for part in beside if part.id not in bound)


def _bodies(
    other: Linked, was: Procedure, now: Procedure, answers: Mapping[str, Answer]
) -> Iterator[object]:
    """Bodies that adopted the other, and neither they nor one above them meets on this one."""
    sits, decided = now.meetings(answers), was.stand_ins(other.answers)
    above = {key for key, each in now.stand_ins(answers).items() if decided.get(key) != each}
    for body in was.meetings(other.answers):
        # Of whom a body is made tells whose body it is.
        if body not in sits and not {each.of for each in was.bodies[body].members} <= above:
            yield was.bodies[body].name


def against_succession(scene: Scene) -> Iterator[Unmet]:
    """Why what follows another matter cannot go to a meeting yet, as it stands by now."""
    matter = scene.matter
    for number in (matter.adjusts, matter.continues):
        yield from lighter(scene, scene.linked.get(number), matter.answers)
    source = scene.linked.get(matter.continues)
    if source is not None and source.report_by is not None and not source.reported:
        # Until its last day it is still owed; after that, what is built on it waits for it.
        owed = report_owed(scene.lens, source.number, source.report_by)
        if source.report_by < scene.today:
            yield replace(owed, earliest=scene.today)
