"""In what two definitions differ: duties, numbers, order, hands, questions, provisions.  Pure.

It stands with the engine because the journal of a move to other rules says what the move changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum, StrEnum
from fractions import Fraction
from operator import attrgetter
from typing import Any, Final

from workflow.definition import Citation, Condition, Holder, Procedure, Rule, Separation, Step, Text


class Part(StrEnum):
    """What of a definition differs."""

    STEP = "step"
    ACT = "act"
    RULE = "rule"
    QUESTION = "question"
    PERMISSION = "permission"
    SEPARATION = "separation"
    DENIAL = "denial"
    PAUSE = "pause"
    STAGE = "stage"
    MOVE = "move"
    MEETING = "meeting"
    DECIDER = "decider"
    ALERT = "alert"
    ROLE = "role"
    FUNCTION = "function"
    INSTRUMENT = "instrument"


#: Parts that say what must be done; the others say who is who, or where it is written.
DUTIES: Final = (Part.STEP, Part.ACT, Part.RULE, Part.QUESTION)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in which a definition differs from an earlier or broader one.

    `subject` is the id of the part, within `step` where it belongs to one.  `aspect` says what of
    it differs; where it is empty the whole part is there on one side only, and `before` or `after`
    is None.  `citations` are the provisions that it rests on now, or rested on if it is gone.
    """

    part: Part
    subject: str
    aspect: str
    before: object
    after: object
    citations: tuple[Citation, ...] = ()
    step: str | None = None

    @property
    def added(self) -> bool:
        """The whole part is new."""
        return not self.aspect and self.before is None

    @property
    def dropped(self) -> bool:
        """The whole part is gone."""
        return not self.aspect and self.after is None

    @property
    def about(self) -> str | None:
        """The step that it concerns, None where it concerns the procedure."""
        return self.subject if self.part is Part.STEP else self.step

    def as_json(self) -> dict[str, object]:
        """The difference as JSON types, with the ids of the definitions."""
        return {
            "part": self.part.value,
            "step": self.step,
            "subject": self.subject,
            "aspect": self.aspect,
            "before": _plain(self.before),
            "after": _plain(self.after),
            "cites": _plain(self.citations),
        }


@dataclass(frozen=True, slots=True)
class Amount:
    """What a rule asks for in numbers; see `workflow.definition.Rule`."""

    value: int | None
    unit: str | None
    share: Fraction | None
    also: tuple[Amount, ...] = ()


_Of = Callable[[Any], object]


def compare(before: Procedure, after: Procedure) -> tuple[Difference, ...]:
    """Everything in which the second differs from the first; nothing for one and the same."""
    return tuple(_differences(before, after))


def amount_of(rule: Rule) -> Amount:
    """The numbers of a rule; all None for a bare duty."""
    unit = None if rule.unit is None else rule.unit.value
    return Amount(rule.value, unit, rule.share, tuple(map(amount_of, rule.also)))


def _sorted(holders: tuple[Holder, ...]) -> tuple[Holder, ...]:
    return tuple(sorted(holders, key=attrgetter("role", "of")))


def _names(name: str) -> _Of:
    return lambda each: tuple(sorted(getattr(each, name)))


_CITED: Final[Mapping[str, _Of]] = {"citations": attrgetter("citations")}
_STEP: Final[Mapping[str, _Of]] = {
    "name": attrgetter("name"),
    "kind": attrgetter("kind"),
    "required_when": attrgetter("required_when"),
    "after": _names("after"),
    "before": attrgetter("before"),
    "lapses_on": attrgetter("lapses_on"),
    "waivable": attrgetter("waivable"),
    **_CITED,
}
_RULE: Final[Mapping[str, _Of]] = {
    "amount": amount_of,
    "bound": attrgetter("bound"),
    "floor": attrgetter("floor"),
    "counting": attrgetter("counting"),
    "paused": attrgetter("paused"),
    "choices": attrgetter("choices"),
    "override": lambda rule: _sorted(rule.override),
    **_CITED,
}
_QUESTION: Final[Mapping[str, _Of]] = {
    "text": attrgetter("text"),
    "kind": attrgetter("kind"),
    "choices": attrgetter("choices"),
    "recorded": attrgetter("recorded"),
    "follows": attrgetter("follows"),
    "optional": attrgetter("optional"),
    **_CITED,
}
_ALERT: Final[Mapping[str, _Of]] = {
    "command": attrgetter("command"),
    "to": lambda alert: _sorted(alert.to),
    **_CITED,
}
_INSTRUMENT: Final[Mapping[str, _Of]] = {
    "title": attrgetter("title"),
    "number": attrgetter("number"),
    "in_force": attrgetter("in_force"),
    "confidence": attrgetter("confidence"),
}
_HOLDERS: Final[Mapping[str, _Of]] = {"holders": _sorted}
_APART: Final[Mapping[str, _Of]] = {
    **{name: _names(name) for name in ("others", "units", "not_lent_to", "not_appointed_by")},
    "not_lent": attrgetter("not_lent"),
}
_WHOLE: Final[Mapping[str, _Of]] = {"value": lambda value: value}


def _differences(before: Procedure, after: Procedure) -> Iterator[Difference]:
    yield from _pair(Part.STEP, before.steps, after.steps, _STEP)
    for name in (each for each in after.steps if each in before.steps):
        yield from _within(before.steps[name], after.steps[name])
    yield from _pair(Part.RULE, before.rules, after.rules, _RULE)
    yield from _pair(Part.QUESTION, before.questions, after.questions, _QUESTION)
    yield from _pair(Part.PERMISSION, before.permissions, after.permissions, _HOLDERS)
    yield from _pair(Part.SEPARATION, _separations(before), _separations(after), _APART)
    yield from _pair(Part.DENIAL, _denials(before), _denials(after), {})
    yield from _pair(Part.PAUSE, _pauses(before), _pauses(after), {})
    staged = {"name": attrgetter("name"), "end": attrgetter("end")}
    yield from _pair(Part.STAGE, before.stages, after.stages, staged)
    yield from _pair(Part.MOVE, _moves(before), _moves(after), _WHOLE)
    yield from _pair(Part.MEETING, _meeting(before), _meeting(after), _WHOLE)
    yield from _pair(Part.DECIDER, _deciders(before), _deciders(after), _WHOLE)
    yield from _pair(Part.ALERT, _alerts(before), _alerts(after), _ALERT)
    roles = {"name": attrgetter("name"), "single": attrgetter("single")}
    yield from _pair(Part.ROLE, before.roles, after.roles, roles)
    yield from _pair(Part.FUNCTION, before.functions, after.functions, _WHOLE)
    yield from _pair(Part.INSTRUMENT, before.instruments, after.instruments, _INSTRUMENT)


def _within(before: Step, after: Step) -> Iterator[Difference]:
    """What differs below a step that is on both sides; of a new one the step itself says all."""
    yield from _pair(Part.ACT, before.acts, after.acts, _HOLDERS, after)
    yield from _pair(Part.RULE, before.rules, after.rules, _RULE, after)


def _pair(
    part: Part,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    aspects: Mapping[str, _Of],
    step: Step | None = None,
) -> Iterator[Difference]:
    for name in dict.fromkeys((*after, *before)):
        old, new = before.get(name), after.get(name)
        # What has no provision of its own rests on that of its step.
        own = getattr(old if new is None else new, "citations", None)
        cited: tuple[Citation, ...] = own or (() if step is None else step.citations)
        place = None if step is None else step.id
        if old is None or new is None:
            yield Difference(part, name, "", old, new, cited, place)
            continue
        for aspect, of in aspects.items():
            was, now = of(old), of(new)
            if was != now:
                yield Difference(part, name, aspect, was, now, cited, place)


def _separations(procedure: Procedure) -> dict[str, Separation]:
    return {f"{each.act} {each.rule}": each for each in procedure.separations}


def _denials(procedure: Procedure) -> dict[str, object]:
    return {f"{each.act} {each.role}": each for each in procedure.denials}


def _pauses(procedure: Procedure) -> dict[str, object]:
    return dict.fromkeys(sorted(procedure.while_paused), True)


def _moves(procedure: Procedure) -> dict[str, tuple[tuple[str, str], ...]]:
    """The ways of each command and outcome: from which stage to which."""
    found: dict[str, set[tuple[str, str]]] = {}
    for move in procedure.moves:
        ways = found.setdefault(f"{move.command} {move.outcome}".strip(), set())
        ways |= {(source, move.to or source) for source in move.sources}
    return {name: tuple(sorted(ways)) for name, ways in found.items()}


def _meeting(procedure: Procedure) -> dict[str, Text | Condition]:
    further = {f"further_meetings {each.body}": each.when for each in procedure.further_meetings}
    return {"meeting_body": procedure.bodies[procedure.meeting_body].name, **further}


def _deciders(procedure: Procedure) -> dict[str, str]:
    return {f"{procedure.decided_by} {each}": to for each, to in procedure.deciders.items()}


def _alerts(procedure: Procedure) -> dict[str, object]:
    return {each.kind: each for each in procedure.alerts}


def _plain(value: object) -> object:
    """A value of a definition as JSON types, as one would write it in a file."""
    told: object
    match value:
        case Enum():
            told = value.value
        case date():
            told = value.isoformat()
        case Fraction():
            told = f"{value.numerator}/{value.denominator}"
        case Citation():
            told = f"{value.instrument} {value.article} ({value.confidence})".replace("  ", " ")
        case Holder():
            told = f"{value.role} of {value.of}"
        case Condition():
            told = condition_json(value)
        case Mapping():
            told = {str(name): _plain(each) for name, each in value.items()}
        case tuple():
            told = [_plain(each) for each in value]
        case _ if is_dataclass(value):
            told = {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
        case _:
            told = value
    return told


def condition_json(condition: Condition) -> object:
    """A predicate as JSON types, as one would write it in a file."""
    if condition.question:
        return {"question": condition.question, condition.op: condition.value}
    if condition.op == "not":
        return {"not": condition_json(condition.parts[0])}
    if condition.parts:
        return {condition.op: [condition_json(part) for part in condition.parts]}
    return condition.op
