"""An edition may be looser than the one before it only where another law says so.  Pure.

The law may become looser when the legislator says so; it does not by somebody writing a smaller
number into a new file, nor by resting the new edition on a looser base.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from procedures.compile import Compiled
from procedures.looseness import FRAME, Comparison, Loose
from procedures.merge import Piece
from procedures.problems import Problem
from procedures.schema import ProcedureForm, RuleForm, StepForm
from procedures.tighten import SPECIAL, OwnLaw
from workflow.calendar import CountingRule
from workflow.catalogue import Said
from workflow.definition import Citation
from workflow.ports import StepKind

#: An instrument in one of its editions: an amended one has another number or day.
_Law = tuple[str, str, date | None]

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
        self._known = {_law(before, name) for name in before.instruments}

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
        before, now = _cited(self._before, found.where), _cited(self._now, found.where)
        if not _there(self._now, found.where):
            # The rule is gone: what carried it must name the law.
            before = (*before, *_cited(self._before, found.where[:2]))
        old = {_law(self._before, each.instrument) for each in before}
        any_law = all(not self._before.instruments[each.instrument].law for each in before)
        named = self._named(found.where)
        return any(
            law not in old
            and (law not in self._known or each.instrument in named)
            and (any_law or self._now.instruments[each.instrument].law)
            and (law[2] is None or law[2] <= self._now.version)
            for each in now
            for law in (_law(self._now, each.instrument),)
        )

    def _named(self, where: tuple[str, ...]) -> set[str]:
        """The instruments that the file itself names for a part."""
        part = self._own.part(where) or self._own.part(where[:2])
        return {str(text).partition(" ")[0] for key in _SINGLE for text in _listed(part.get(key))}


def _law(form: ProcedureForm, name: str) -> _Law:
    instrument = form.instruments[name]
    return name, instrument.number, instrument.in_force


def _step(form: ProcedureForm, name: str) -> StepForm | None:
    return next((each for each in form.steps if each.id == name), None)


def _there(form: ProcedureForm, where: tuple[str, ...]) -> bool:
    """Whether a rule of a step is there; what is none always is."""
    match where:
        case ("steps", name, rule):
            step = _step(form, name)
            return step is not None and rule in step.rules
        case _:
            return True


def _cited(form: ProcedureForm, where: tuple[str, ...]) -> tuple[Citation, ...]:
    """On what a part rests; on what its step does where the part is not there."""
    match where:
        case ("steps", name, *rest):
            step = _step(form, name)
            if step is None:
                return ()
            if rest and rest[0] in step.rules:
                return tuple(_of_rule(step.rules[rest[0]]))
            return (*step.cite, *(step.special_law or ()))
        case ("rules" | "separations", name):
            rule = form.rules.get(name)
            return () if rule is None else tuple(_of_rule(rule))
        case _:
            deciders = form.deciders
            if deciders is None:
                return ()
            question = form.questions[deciders.question]
            return (*question.cite, *(deciders.special_law or ()))


def _of_rule(rule: RuleForm) -> Iterator[Citation]:
    yield from rule.cite
    yield from rule.special_law or ()
    for each in rule.also:
        yield from _of_rule(each)


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
