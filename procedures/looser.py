"""Which of the differences between two definitions mean that less is asked for.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, cast

from procedures.answers import find
from procedures.looseness import handed_over
from procedures.references import engine_rules
from procedures.weighing import GATES, LAPSES, weaker
from workflow.calendar import CountingRule
from workflow.definition import Condition, Gate, Holder, Lapse, Procedure, Rule, Waivable
from workflow.difference import Difference, Part
from workflow.ports import RuleShape, StepKind

#: The numbers of a rule, which a difference tells as one amount.
_AMOUNT: Final = frozenset({"value", "unit", "share", "also"})

_WHOLE: Final = frozenset({Part.STEP, Part.RULE, Part.SEPARATION, Part.DENIAL})


class Looser:
    """Weighs differences between two definitions, the kinds and counting rules being given."""

    def __init__(
        self,
        before: Procedure,
        after: Procedure,
        kinds: Mapping[str, StepKind],
        counting: Mapping[str, CountingRule],
    ) -> None:
        self._before = before
        self._after = after
        self._kinds = kinds
        self._counting = counting

    def is_looser(self, difference: Difference) -> bool:
        """Whether the second definition asks for less here than the first.

        Questions, moves and names are no matter of looser and tighter: what follows from an
        answer stands with the step, and the proof holds of every definition.
        """
        if difference.dropped and difference.part in _WHOLE:
            return True
        match difference.part:
            case Part.STEP if difference.aspect:
                found = self._step(difference)
            case Part.RULE if difference.aspect:
                found = self._rule(difference)
            case Part.ACT | Part.PERMISSION:
                found = bool(handed_over(difference.subject, *_holders(difference)))
            case Part.SEPARATION if difference.aspect:
                found = not _listed(difference.before) <= _listed(difference.after)
            case Part.DECIDER:
                known = set(self._before.deciders.values())
                found = difference.before is not None or difference.after not in known
            case _:
                found = False
        return found

    def _step(self, difference: Difference) -> bool:
        was, now = difference.before, difference.after
        match difference.aspect:
            case "required_when":
                found = self._spared(cast("Condition", was), cast("Condition", now))
            case "after":
                found = not _listed(was) <= _listed(now)
            case "before":
                found = GATES.index(cast("Gate | None", now)) > GATES.index(
                    cast("Gate | None", was)
                )
            case "lapses_on":
                found = LAPSES.index(cast("Lapse", now)) > LAPSES.index(cast("Lapse", was))
            case "waivable":
                found = not _waived_by(now) <= _waived_by(was)
            case aspect:
                found = aspect == "kind"
        return found

    def _spared(self, was: Condition, now: Condition) -> bool:
        questions = {**self._before.questions, **self._after.questions}
        return find(questions, ((was, True), (now, False))) is not None

    def _rule(self, difference: Difference) -> bool:
        before, after = (self._found(each, difference) for each in (self._before, self._after))
        found = set(weaker(before, after, self._shape(difference), self._counting))
        if difference.aspect == "amount":
            return bool(found & _AMOUNT)
        return difference.aspect in found

    def _found(self, procedure: Procedure, difference: Difference) -> Rule:
        step = difference.step
        rules = procedure.rules if step is None else procedure.steps[step].rules
        return rules[difference.subject]

    def _shape(self, difference: Difference) -> RuleShape:
        if difference.step is None:
            return engine_rules(self._after.bodies).get(difference.subject, RuleShape())
        kind = self._kinds.get(self._after.steps[difference.step].kind)
        return RuleShape() if kind is None else kind.rules.get(difference.subject, RuleShape())


def _holders(difference: Difference) -> tuple[tuple[Holder, ...], tuple[Holder, ...]]:
    """Who had an act and who has it; nobody where it is not there."""
    before, after = difference.before or (), difference.after or ()
    return cast("tuple[Holder, ...]", before), cast("tuple[Holder, ...]", after)


def _listed(value: object) -> set[object]:
    return set(value) if isinstance(value, tuple) else set()


def _waived_by(value: object) -> set[object]:
    """Who may rule a step not applicable; nobody where it cannot be."""
    return set(value.approve) if isinstance(value, Waivable) else set()
