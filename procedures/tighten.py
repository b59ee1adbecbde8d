"""A profile may only tighten what it rests on; where a special law replaces it, it must say so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from typing import Final, cast

from procedures.answers import find
from procedures.compile import Compiled
from procedures.merge import Piece
from procedures.problems import Problem
from procedures.references import engine_rules
from procedures.schema import Bound, ProcedureForm, RuleForm, StepForm
from workflow.calendar import CountingRule
from workflow.definition import Floor, Gate, Holder, Lapse
from workflow.explaining.paths import Path
from workflow.ports import RuleShape, StepKind

#: From the tightest to the loosest; None is a step that precedes nothing.
GATES: Final = (*Gate, None)
LAPSES: Final = (Lapse.ANY, Lapse.SUBSTANTIVE, Lapse.NEVER)
_SPECIAL: Final = "special_law"
_FIELDS: Final = (
    "bound",
    "unit",
    "value",
    "share",
    "floor",
    "counting",
    "paused",
    "choices",
    "override",
    "also",
)

#: Commands for which a profile may add no move to those of its base: from wherever they may be done
#: hangs what text is reviewed, and that it is reviewed before the agenda.
FIXED_MOVES: Final = frozenset(
    {
        "accept_papers",
        "conclude_item",
        "confirm_changes",
        "give_review_verdict",
        "migrate",
        "propose_agenda_item",
        "recheck_text",
        "revise_draft",
    }
)


def loosened(
    base: ProcedureForm,
    compiled: Compiled,
    own: Piece,
    kinds: Mapping[str, StepKind],
    counting: Mapping[str, CountingRule],
) -> tuple[Problem, ...]:
    """Every place at which a profile is looser than its base without citing a special law.

    `compiled` is the profile laid over the base, `own` the profile alone: only its own
    `special_law` excuses, not one that the base relied on.  Values are compared as they stand on
    the day of the profile's version.
    """
    return tuple(_Comparison(base, compiled, own, kinds, counting).run())


class _Comparison:
    def __init__(
        self,
        base: ProcedureForm,
        compiled: Compiled,
        own: Piece,
        kinds: Mapping[str, StepKind],
        counting: Mapping[str, CountingRule],
    ) -> None:
        self._base = base
        self._form = compiled.form
        self._merged = compiled.piece
        self._own = cast("Mapping[str, object]", own.data)
        self._kinds = kinds
        self._counting = counting

    def run(self) -> Iterator[Problem]:
        asked = tuple(self._questions())
        yield from asked
        if asked:
            # Predicates over questions of another kind cannot be compared.
            return
        yield from self._rules(
            (), self._base.rules, self._form.rules, engine_rules(self._base), self._own
        )
        places = {step.id: place for place, step in enumerate(self._form.steps)}
        for step in self._base.steps:
            place = places[step.id]
            yield from self._step(("steps", place), step, self._form.steps[place])
        kinds = {(each.act, each.rule): at for at, each in enumerate(self._form.separations)}
        for separation in self._base.separations:
            place = kinds[separation.act, separation.rule]
            kept = self._form.separations[place]
            at: Path = ("separations", place)
            if not set(separation.not_by) <= set(kept.not_by):
                yield self._merged.problem(
                    (*at, "not_by"),
                    "definition.separation_narrowed",
                    base=separation.not_by,
                    profile=kept.not_by,
                )
            for key in ("not_of", "not_lent_to"):
                before, now = getattr(separation, key), getattr(kept, key)
                if not set(before) <= set(now):
                    yield self._merged.problem(
                        (*at, key),
                        "definition.separation_of_units_narrowed",
                        base=before,
                        profile=now,
                    )
        yield from self._what_binds_all()

    def _what_binds_all(self) -> Iterator[Problem]:
        """What stands with no rule or step that a special law could be cited for."""
        for name, instrument in self._base.instruments.items():
            if self._form.instruments[name].law and not instrument.law:
                yield self._changed(("instruments", name, "law"), "false", "true")
        places = {alert.kind: place for place, alert in enumerate(self._form.alerts)}
        for alert in self._base.alerts:
            place = places[alert.kind]
            now = self._form.alerts[place].command
            if now != alert.command:
                yield self._changed(("alerts", place, "command"), alert.command, now)
        yield from self._moves()

    def _moves(self) -> Iterator[Problem]:
        """New ways towards the agenda for what the review and the agenda hang on."""
        known = {
            way
            for move in self._base.moves
            for way in product(move.command, move.outcome, move.from_)
        }
        for place, move in enumerate(self._form.moves):
            added = set(product(move.command, move.outcome, move.from_)) - known
            for command in sorted({command for command, *_ in added} & FIXED_MOVES):
                stages = sorted({stage for name, _, stage in added if name == command})
                at: Path = ("moves", place)
                yield self._merged.problem(
                    at, "definition.move_added", command=command, stages=stages
                )

    def _questions(self) -> Iterator[Problem]:
        for name, before in self._base.questions.items():
            now = self._form.questions[name]
            if now.kind != before.kind:
                yield self._changed(("questions", name, "kind"), before.kind, now.kind)
            if now.optional and not before.optional:
                path: Path = ("questions", name, "optional")
                yield self._looser(path, before.optional, now.optional)

    def _changed(self, path: Path, base: object, profile: object) -> Problem:
        """Something that even a special law cannot turn into something else."""
        return self._merged.problem(path, "definition.changed", base=base, profile=profile)

    def _looser(self, path: Path, base: object, profile: object) -> Problem:
        return self._merged.problem(
            path, "definition.loosened", base=_told(base), profile=_told(profile)
        )

    # --- steps ------------------------------------------------------------------------------------

    def _step(self, path: Path, base: StepForm, step: StepForm) -> Iterator[Problem]:
        if step.kind != base.kind:
            yield self._changed((*path, "kind"), base.kind, step.kind)
            return
        own = self._own_step(base.id)
        if _SPECIAL not in own:
            yield from self._bindings(path, base, step)
        shapes = self._kinds[step.kind].rules
        yield from self._rules(path, base.rules, step.rules, shapes, own)

    def _bindings(self, path: Path, base: StepForm, step: StepForm) -> Iterator[Problem]:
        spared = self._spared(base, step)
        if spared is not None:
            yield self._merged.problem(
                (*path, "required_when"),
                "definition.loosened_condition",
                answers=[f"{name}: {_word(answer)}" for name, answer in spared.items()],
            )
        if GATES.index(step.before) > GATES.index(base.before):
            yield self._looser((*path, "before"), base.before, step.before)
        if LAPSES.index(step.lapses_on) > LAPSES.index(base.lapses_on):
            yield self._looser((*path, "lapses_on"), base.lapses_on, step.lapses_on)
        if step.waivable is not None and base.waivable is None:
            yield self._merged.problem((*path, "waivable"), "definition.loosened_waivable")

    def _spared(self, base: StepForm, step: StepForm) -> Mapping[str, object] | None:
        """Answers under which the base requires the step and the profile does not."""
        wanted = ((base.required_when, True), (step.required_when, False))
        return find(self._form.questions, wanted)

    def _own_step(self, name: str) -> Mapping[str, object]:
        steps = cast("list[Mapping[str, object]]", self._own.get("steps", []))
        return next((step for step in steps if step["id"] == name), {})

    # --- rules ------------------------------------------------------------------------------------

    def _rules(
        self,
        path: Path,
        base: Mapping[str, RuleForm],
        now: Mapping[str, RuleForm],
        shapes: Mapping[str, RuleShape],
        own: Mapping[str, object],
    ) -> Iterator[Problem]:
        told = cast("Mapping[str, Mapping[str, object]]", own.get("rules", {}))
        for name, rule in base.items():
            if _SPECIAL not in told.get(name, {}):
                shape = shapes.get(name, RuleShape())
                yield from self._rule((*path, "rules", name), rule, now[name], shape)

    def _rule(
        self, path: Path, base: RuleForm, rule: RuleForm, shape: RuleShape
    ) -> Iterator[Problem]:
        day = self._form.version
        for name in weaker(base, rule, shape, day, self._counting):
            if name == "value":
                yield self._looser((*path, name), base.value_on(day), rule.value_on(day))
            elif name == "also":
                yield self._merged.problem((*path, name), "definition.loosened_also")
            else:
                yield self._looser((*path, name), getattr(base, name), getattr(rule, name))


# --- one rule against another ---------------------------------------------------------------------


def weaker(
    base: RuleForm,
    rule: RuleForm,
    shape: RuleShape,
    day: date,
    counting: Mapping[str, CountingRule],
) -> tuple[str, ...]:
    """The fields in which a rule is looser than its base, as both stand on a day.

    A period of the base is met by any period of the rule: by the one that it names first, or by
    one that binds beside it.
    """
    period = weaker_period(base, rule, day, counting)
    if period and any(not weaker_period(base, each, day, counting) for each in rule.also):
        period = ()
    least = base.bound is Bound.MINIMUM
    found = {
        **dict.fromkeys(period, True),
        "share": rule.share is not None
        and base.share is not None
        and (rule.share < base.share if least else rule.share > base.share),
        "floor": rule.floor is Floor.SOFT and base.floor is Floor.HARD,
        "choices": not _tighter_choices(base, rule, shape),
        "override": base.override is None and rule.override is not None,
        "also": any(
            weaker_period(beside, rule, day, counting)
            and all(weaker_period(beside, each, day, counting) for each in rule.also)
            for beside in base.also
        ),
    }
    return tuple(name for name in _FIELDS if found.get(name))


def weaker_period(
    base: RuleForm, rule: RuleForm, day: date, counting: Mapping[str, CountingRule]
) -> tuple[str, ...]:
    """The same of their first periods or numbers alone, whatever binds beside them."""
    least = base.bound is Bound.MINIMUM
    value, floor = rule.value_on(day), base.value_on(day)
    found = {
        "bound": rule.bound is not base.bound,
        "unit": rule.unit is not base.unit,
        "value": rule.unit is base.unit
        and value is not None
        and floor is not None
        and (value < floor if least else value > floor),
        "counting": _counts_looser(base, rule, counting),
        "paused": base.paused is least and rule.paused is not least,
    }
    return tuple(name for name, is_looser in found.items() if is_looser)


def _counts_looser(base: RuleForm, rule: RuleForm, counting: Mapping[str, CountingRule]) -> bool:
    """Whether the same period ends sooner where it is a least one, later where it is a most."""
    before, now = (counting.get(each.counting or "") for each in (base, rule))
    if before is None or now is None:
        return False
    least = base.bound is Bound.MINIMUM
    pairs = zip(_longer(before), _longer(now), strict=True)
    return any(was is least and is_ is not least for was, is_ in pairs)


def _longer(rule: CountingRule) -> tuple[bool, bool, bool]:
    """What of a counting rule makes a period longer."""
    return rule.clear_days, not rule.start_day_counted, rule.roll


def _tighter_choices(base: RuleForm, rule: RuleForm, shape: RuleShape) -> bool:
    if shape.exact:
        return base.choices == rule.choices
    before, now = set(base.choices), set(rule.choices)
    return now <= before if shape.wider_is_looser else before <= now


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
