"""An edition may be looser than the one before it only where another law says so.  Pure.

The law may become looser when the legislator says so; it does not by somebody writing a smaller
number into a new file, nor by resting the new edition on a looser base.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from procedures.compile import Compiled
from procedures.looseness import FRAME, Comparison, Loose
from procedures.merge import Piece
from procedures.problems import Problem
from procedures.ranking import alike, cited_at, step_of
from procedures.schema import InstrumentForm, ProcedureForm
from procedures.tighten import SPECIAL, OwnLaw
from workflow.calendar import CountingRule
from workflow.catalogue import Said
from workflow.ports import StepKind

_SINGLE: Final = ("cite", SPECIAL)


def revised(
    before: Compiled,
    compiled: Compiled,
    own: Piece,
    kinds: Mapping[str, StepKind],
    counting: Mapping[str, CountingRule],
) -> tuple[Problem, ...]:
    """Every place at which an edition is looser than the one before without another law for it.

    A part is excused by a citation of an instrument, or of an edition of one, that the part did
    not cite before: one that is law, unless there was none before either; that is in force; and
    that the file names there itself, or that the edition before did not know.  Moves and answers
    are left to the proof, which every definition must pass.
    """
    succession = _Succession(before.form, compiled.form, OwnLaw(own))
    found = Comparison(before.form, compiled.form, kinds, counting).run()
    return tuple(
        succession.problem(compiled.piece, own, each)
        for each in found
        if each.what not in FRAME and not succession.excuses(each)
    )


class _Succession:
    def __init__(self, before: ProcedureForm, now: ProcedureForm, own: OwnLaw) -> None:
        self._before = before
        self._now = now
        self._own = own

    def problem(self, piece: Piece, own: Piece, found: Loose) -> Problem:
        """What to say of it, where this file says it or else at its head."""
        what = Said(f"definition.looser.{found.what}", found.params)
        told = {"before": self._before.version, "where": found.where[-1], "what": what}
        problem = piece.problem(found.at, "definition.revised_looser", **told)
        if problem.file == own.name:
            return problem
        return own.problem(("extends",), "definition.revised_looser", **told)

    def excuses(self, found: Loose) -> bool:
        """Whether another law than before is cited for a looser part."""
        before, now = cited_at(self._before, found.where), cited_at(self._now, found.where)
        if not _there(self._now, found.where):
            # The rule is gone: what carried it must name the law.
            before = (*before, *cited_at(self._before, found.where[:2]))
        old = [self._before.instruments[each.instrument] for each in before]
        any_law = all(not each.law for each in old)
        named = self._named(found.where)
        return any(
            not _known(law, old)
            and (each.instrument in named or not _known(law, self._before.instruments.values()))
            and (any_law or law.law)
            and (law.in_force is None or law.in_force <= self._now.version)
            for each in now
            for law in (self._now.instruments[each.instrument],)
        )

    def _named(self, where: tuple[str, ...]) -> set[str]:
        """The instruments that the file itself names for a part."""
        part = self._own.part(where) or self._own.part(where[:2])
        return {str(text).partition(" ")[0] for key in _SINGLE for text in _listed(part.get(key))}


def _known(law: InstrumentForm, others: Iterable[InstrumentForm]) -> bool:
    """Whether this is one of these in the same edition: an amended one has another number or day.

    Another name for it does not make it another.
    """
    return any(
        alike(law, each) and (law.number, law.in_force) == (each.number, each.in_force)
        for each in others
    )


def _there(form: ProcedureForm, where: tuple[str, ...]) -> bool:
    """Whether a rule of a step is there; what is none always is."""
    match where:
        case ("steps", name, rule):
            step = step_of(form, name)
            return step is not None and rule in step.rules
        case _:
            return True


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
