"""Which law may replace which: what is the same instrument, and which of two ranks higher.  Pure.

"Unless otherwise provided" (另有规定) is for what ranks no lower than what it replaces (Legislation
Law, arts. 99 and 103): a locality's own rule does not replace a regulation of the State Council.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from procedures.schema import InstrumentForm, ProcedureForm, Rank, RuleForm, StepForm
from workflow.definition import Citation

#: The lowest first.
_ORDER: Final = tuple(reversed(Rank))


def alike(one: InstrumentForm, other: InstrumentForm) -> bool:
    """Whether both are one instrument, whatever they are called by: one number, or one title.

    A number without a digit only says that none is known.
    """
    numbers = _key(one.number), _key(other.number)
    if numbers[0] == numbers[1] and any(each.isdigit() for each in numbers[0]):
        return True
    return _key(one.title.zh) == _key(other.title.zh) or _key(one.title.en) == _key(other.title.en)


def rank_of(form: ProcedureForm, name: str) -> Rank | None:
    """The rank of an instrument, the lowest under whatever name it stands; None where not stated.

    What is no law is internal.
    """
    own = form.instruments[name]
    known = [_rank(each) for each in form.instruments.values() if alike(own, each)]
    stated = [rank for rank in known if rank is not None]
    return min(stated, key=_ORDER.index, default=None)


def outranked(special: Rank, replaced: Rank | None) -> bool:
    """Whether a law ranks lower than what it would replace; unstated counts as the highest."""
    return _ORDER.index(special) < _ORDER.index(replaced or _ORDER[-1])


def step_of(form: ProcedureForm, name: str) -> StepForm | None:
    """A step by its id."""
    return next((each for each in form.steps if each.id == name), None)


def cited_at(form: ProcedureForm, where: tuple[str, ...]) -> tuple[Citation, ...]:
    """On what a part rests, as `Loose.where` names it; on what its step does where it is not."""
    match where:
        case ("steps", name, *rest):
            step = step_of(form, name)
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


def _rank(instrument: InstrumentForm) -> Rank | None:
    return instrument.rank if instrument.law else Rank.INTERNAL


def _key(told: str) -> str:
    """A text as far as it tells instruments apart: letters and digits, width and case aside."""
    return "".join(
        each for each in unicodedata.normalize("NFKC", told).casefold() if each.isalnum()
    )
