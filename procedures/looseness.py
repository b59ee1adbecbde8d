"""Where one definition asks for less than another, be it its base or the edition before it.  Pure.

Nothing is excused here: `tighten` and `succession` say what law excuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from procedures.answers import find
from procedures.compile import settled
from procedures.references import INDEPENDENT, engine_rules
from procedures.schema import (
    AlertForm,
    ProcedureForm,
    QuestionForm,
    RuleForm,
    SeparationForm,
    StepForm,
)
from procedures.weighing import GATES, LAPSES, weaker
from workflow.calendar import CountingRule
from workflow.definition import DECISION_BODY, Condition, Holder, Relation
from workflow.explaining.paths import Path
from workflow.ports import RuleShape, StepKind

#: Commands for which a profile may add no move to those of its base: from wherever they may be done
#: hangs what text is reviewed, what must be done for it, and that it is reviewed before the agenda.
FIXED_MOVES: Final = frozenset(
    {
        "accept_papers",
        "approve_override",
        "classify",
        "conclude_item",
        "confirm_changes",
        "give_review_verdict",
        "migrate",
        "propose_agenda_item",
        "recheck_text",
        "request_waiver",
        "revise_draft",
        "rule_waiver",
    }
)

#: Commands that alone lead to where a matter has been accepted, judged or put on the agenda.
_WAYS_ON: Final = frozenset(
    {
        "accept_papers",
        "confirm_changes",
        "give_review_verdict",
        "propose_agenda_item",
        "remove_agenda_item",
    }
)

#: What is no duty, but the frame in which the engine moves matters.
FRAME: Final = frozenset({"answers", "changed", "move_added", "move_into"})


@dataclass(frozen=True, slots=True)
class Loose:
    """One place at which less is asked for.

    `what` names the message, filled by `params`.  `at` is where the looser definition says so;
    `where` names the part whose law may excuse it: ``(steps, step)``, ``(steps, step, rule)``,
    ``(rules, rule)``, ``(separations, rule)``, ``(deciders,)``; empty where none can.
    """

    at: Path
    what: str
    where: tuple[str, ...] = ()
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compares `now` with the `base` that it must not be looser than.

    Values are compared as they stand on the day of `now`'s version.
    """

    base: ProcedureForm
    now: ProcedureForm
    kinds: Mapping[str, StepKind]
    counting: Mapping[str, CountingRule]

    def run(self) -> Iterator[Loose]:
        """Every place at which `now` is looser."""
        yield from self._rules(
            ("rules",), ("rules",), self.base.rules, self.now.rules, engine_rules(self.base.bodies)
        )
        places = {step.id: place for place, step in enumerate(self.now.steps)}
        for step in self.base.steps:
            if step.id in places:
                place = places[step.id]
                yield from self._step(("steps", place), step, self.now.steps[place])
            else:
                yield Loose(("steps",), "step", ("steps", step.id), {"name": step.id})
        yield from self._separations()
        yield from self._permissions()
        yield from self._deciders()
        yield from self.frame()

    def frame(self) -> Iterator[Loose]:
        """What stands with no rule or step that a special law could be cited for."""
        for name, instrument in self.base.instruments.items():
            kept = self.now.instruments.get(name)
            if kept is None:
                continue
            if kept.law and not instrument.law:
                yield _changed(("instruments", name, "law"), "false", "true")
            # Its number and day tell one edition of an instrument from another; a rank that is
            # not stated may be.
            for key in ("number", "in_force", "rank"):
                was, is_ = getattr(instrument, key), getattr(kept, key)
                if is_ != was and (key != "rank" or was is not None):
                    yield _changed(("instruments", name, key), was, is_)
        places = {alert.kind: place for place, alert in enumerate(self.now.alerts)}
        for alert in self.base.alerts:
            place = places.get(alert.kind)
            if place is not None:
                yield from _alert(("alerts", place), alert, self.now.alerts[place])
        yield from self._questions()
        yield from self._moves()

    # --- questions and moves ----------------------------------------------------------------------

    def _questions(self) -> Iterator[Loose]:
        for name, before in self.base.questions.items():
            now = self.now.questions.get(name)
            if now is None:
                continue
            if now.kind != before.kind:
                yield _changed(("questions", name, "kind"), before.kind, now.kind)
            if now.optional and not before.optional:
                yield _changed(("questions", name, "optional"), before.optional, now.optional)
            elif not before.recorded and set(now.choices) != set(before.choices):
                told = {"base": before.choices, "profile": now.choices}
                yield Loose(("questions", name, "choices"), "answers", (), told)
            # What no step depends on may be put in the words of the place.
            for tongue in () if before.recorded else ("zh", "en"):
                was, is_ = getattr(before.text, tongue), getattr(now.text, tongue)
                if is_ != was:
                    yield _changed(("questions", name, "text", tongue), was, is_)
            if before.follows is not None and now.follows != before.follows:
                yield _changed(("questions", name, "follows"), before.follows, now.follows)

    def _moves(self) -> Iterator[Loose]:
        """New ways towards the agenda, for what the review and the agenda hang on."""
        ways = {
            (way, move.to)
            for move in self.base.moves
            for way in product(move.command, move.outcome, move.from_)
        }
        known = {way for way, _ in ways}
        guarded = {to for (command, *_), to in ways if command in _WAYS_ON and to is not None}
        for place, move in enumerate(self.now.moves):
            added = set(product(move.command, move.outcome, move.from_)) - known
            for command in sorted({command for command, *_ in added}):
                stages = sorted({stage for name, _, stage in added if name == command})
                at: Path = ("moves", place)
                if command in FIXED_MOVES:
                    yield Loose(at, "move_added", (), {"command": command, "stages": stages})
                elif move.to in guarded:
                    yield Loose(at, "move_into", (), {"command": command, "stage": move.to})

    # --- in whose hands ---------------------------------------------------------------------------

    def _permissions(self) -> Iterator[Loose]:
        for act in sorted(self.now.permissions):
            before = self.base.permissions.get(act, ())
            at: Path = ("permissions", act)
            yield from _hands(at, ("rules", "authority"), act, before, self.now.permissions[act])

    def _separations(self) -> Iterator[Loose]:
        kept = {(each.act, each.rule): at for at, each in enumerate(self.now.separations)}
        for before in self.base.separations:
            place = kept.get((before.act, before.rule))
            where = ("separations", before.rule)
            if place is None:
                yield Loose(("separations",), "separation_gone", where, {"act": before.act})
            else:
                at: Path = ("separations", place)
                yield from _narrowed(at, where, before, self.now.separations[place])
        denied = {(each.act, each.role) for each in self.now.denials}
        for denial in self.base.denials:
            if (denial.act, denial.role) not in denied:
                yield Loose(
                    ("denials",),
                    "denial_gone",
                    ("separations", denial.rule),
                    {"act": denial.act, "role": denial.role},
                )

    def _deciders(self) -> Iterator[Loose]:
        """No other body may decide than the base says; a matter may only be taken further up."""
        before, now = self.base.deciders, self.now.deciders
        if before is not None and (now is None or now.question != before.question):
            asked = None if now is None else now.question
            yield _decider(("deciders",), before.question, asked)
            return
        was = {} if before is None else dict(before.instead)
        is_ = {} if now is None else dict(now.instead)
        for answer in dict.fromkeys((*was, *is_)):
            mine, other = was.get(answer), is_.get(answer)
            if mine != other and (mine is not None or other not in was.values()):
                at: Path = ("deciders", "instead", answer)
                yield _decider(at, mine or DECISION_BODY, other or DECISION_BODY)

    # --- steps ------------------------------------------------------------------------------------

    def _step(self, path: Path, base: StepForm, step: StepForm) -> Iterator[Loose]:
        where = ("steps", base.id)
        if step.kind != base.kind:
            yield Loose((*path, "kind"), "kind", where, {"base": base.kind, "profile": step.kind})
            return
        spared = self._spared(base.required_when, step.required_when)
        if spared is not None:
            answers = [f"{name}: {_word(answer)}" for name, answer in spared.items()]
            yield Loose((*path, "required_when"), "condition", where, {"answers": answers})
        missing = tuple(name for name in base.after if name not in step.after)
        if missing:
            yield Loose((*path, "after"), "order", where, {"steps": missing})
        if GATES.index(step.before) > GATES.index(base.before):
            yield _value((*path, "before"), where, base.before, step.before)
        if LAPSES.index(step.lapses_on) > LAPSES.index(base.lapses_on):
            yield _value((*path, "lapses_on"), where, base.lapses_on, step.lapses_on)
        yield from self._step_hands(path, where, base, step)
        shapes = self.kinds[step.kind].rules
        yield from self._rules((*path, "rules"), where, base.rules, step.rules, shapes)

    def _step_hands(
        self, path: Path, where: tuple[str, ...], base: StepForm, step: StepForm
    ) -> Iterator[Loose]:
        for act in sorted(step.acts):
            yield from _hands((*path, "acts", act), where, act, base.acts[act], step.acts[act])
        if step.waivable is not None and base.waivable is None:
            yield Loose((*path, "waivable"), "waivable", where)
        elif step.waivable is not None and base.waivable is not None:
            at = (*path, "waivable", "approve")
            before, now = base.waivable.approve, step.waivable.approve
            yield from _hands(at, where, "rule_waiver", before, now)

    def _spared(self, base: Condition, now: Condition) -> Mapping[str, object] | None:
        """Answers under which the base requires the step and `now` does not."""
        if base == now:
            return None
        asked = {leaf.question for each in (base, now) for leaf in each.leaves()}
        turned = sorted(
            name
            for name in asked & self.base.questions.keys() & self.now.questions.keys()
            if self.base.questions[name].kind != self.now.questions[name].kind
        )
        if turned and now.op != "always":
            # Predicates over questions of another kind cannot be compared.
            return dict.fromkeys(turned, "?")
        questions: Mapping[str, QuestionForm] = {**self.base.questions, **self.now.questions}
        return find(questions, ((base, True), (now, False)))

    # --- rules ------------------------------------------------------------------------------------

    def _rules(
        self,
        path: Path,
        where: tuple[str, ...],
        base: Mapping[str, RuleForm],
        now: Mapping[str, RuleForm],
        shapes: Mapping[str, RuleShape],
    ) -> Iterator[Loose]:
        for name, rule in base.items():
            if name in now:
                shape = shapes.get(name, RuleShape())
                yield from self._rule((*path, name), (*where, name), rule, now[name], shape)
            elif not shapes.get(name, RuleShape()).eases:
                yield Loose(path, "rule", (*where, name), {"name": name})
        for name in now:
            if name not in base and shapes.get(name, RuleShape()).eases:
                yield Loose((*path, name), "eased", (*where, name), {"name": name})

    def _rule(
        self, path: Path, where: tuple[str, ...], base: RuleForm, rule: RuleForm, shape: RuleShape
    ) -> Iterator[Loose]:
        day = self.now.version
        before, now = settled("", base, day), settled("", rule, day)
        for name in weaker(before, now, shape, self.counting):
            if name == "also":
                yield Loose((*path, name), "also", where)
            else:
                yield _value((*path, name), where, getattr(before, name), getattr(now, name))


def _hands(
    at: Path, where: tuple[str, ...], act: str, base: Iterable[Holder], now: Iterable[Holder]
) -> Iterator[Loose]:
    """Whoever may do an act of the side that judges, the base must trust with it."""
    before = tuple(base)
    if added := handed_over(act, before, tuple(now)):
        told = {"act": act, "base": _told(before), "added": _told(added)}
        yield Loose(at, "hands", where, told)


def handed_over(
    act: str, before: tuple[Holder, ...], now: tuple[Holder, ...]
) -> tuple[Holder, ...]:
    """To whom an act is newly given who may not have it.

    Nobody new may judge.  What units with a function do, such as the opinion of finance or of
    counsel, no unit may do by how it stands to the matter.
    """
    added = tuple(holder for holder in now if holder not in before)
    if act in INDEPENDENT:
        return added
    sides = set(Relation)
    if not before or any(holder.of in sides for holder in before):
        return ()
    return tuple(holder for holder in added if holder.of in sides)


def _narrowed(
    at: Path, where: tuple[str, ...], base: SeparationForm, now: SeparationForm
) -> Iterator[Loose]:
    for key, what in (
        ("not_by", "separation_narrowed"),
        ("not_of", "separation_of_units_narrowed"),
        ("not_lent_to", "separation_of_units_narrowed"),
        ("not_appointed_by", "separation_of_units_narrowed"),
    ):
        before, kept = getattr(base, key), getattr(now, key)
        if not set(before) <= set(kept):
            yield Loose((*at, key), what, where, {"base": before, "profile": kept})
    if base.not_lent and not now.not_lent:
        yield _changed((*at, "not_lent"), base.not_lent, now.not_lent)


def _changed(at: Path, base: object, now: object) -> Loose:
    """Something that even a special law cannot turn into something else."""
    return Loose(at, "changed", (), {"base": base, "profile": now})


def _alert(at: Path, base: AlertForm, now: AlertForm) -> Iterator[Loose]:
    """Whoever is told of a refusal goes on being told of it; others may be told besides."""
    if now.command != base.command:
        yield _changed((*at, "command"), base.command, now.command)
    if now.on != base.on:
        yield _changed((*at, "on"), base.on, now.on)
    if not set(base.to) <= set(now.to):
        yield _changed((*at, "to"), _told(base.to), _told(now.to))


def _decider(at: Path, base: object, now: object) -> Loose:
    return Loose(at, "decider", ("deciders",), {"base": base, "profile": now})


def _value(at: Path, where: tuple[str, ...], base: object, now: object) -> Loose:
    return Loose(at, "value", where, {"base": _told(base), "profile": _told(now)})


def _told(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(_word(each) for each in value) or None
    return value


def _word(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case Holder():
            return f"{value.role} of {value.of}"
        case _:
            return str(value)
