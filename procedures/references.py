"""Whether everything that a definition names exists, and whether it says all that is needed.

`ENGINE_RULES` are the rules that the engine itself cites when it refuses; a definition must give
their provisions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from procedures.merge import Piece
from procedures.problems import Problem
from procedures.schema import ProcedureForm, QuestionForm, RuleForm, StepForm, leaves
from workflow.commands import CORE, Subject
from workflow.definition import Citation, Condition, Holder, Nature, Relation
from workflow.explaining.paths import Path
from workflow.explaining.quoting import described, shown
from workflow.facts import REVIEW_LAPSED
from workflow.ports import RuleShape, StepKind

ENGINE_RULES: Final[Mapping[str, RuleShape]] = {
    "agenda.notice": RuleShape(period=True),
    "exclusion": RuleShape(choices=True, wider_is_looser=True),
    "exclusion.level": RuleShape(choices=True),
    **dict.fromkeys(
        (
            "agenda.already_listed",
            "agenda.empty",
            "agenda.frozen",
            "agenda.meeting_past",
            "agenda.not_listed",
            "agenda.wrong_body",
            "authority",
            "draft.nature",
            "draft.unchanged",
            "mandate.dates",
            "mandate.passed_on",
            "mandate.to_oneself",
            "matter.not_paused",
            "matter.paused",
            "matter.secret_content",
            "matter.started_before_study",
            "migration",
            "proposal",
            "record.future_day",
            "reviewed_text",
            "staffing.lead_reviews",
            "stage.not_allowed",
        ),
        RuleShape(),
    ),
}

#: Outcomes of the engine's own commands, where they have any besides the plain one.
CORE_OUTCOMES: Final[Mapping[str, tuple[str, ...]]] = {
    "migrate": ("", REVIEW_LAPSED),
    "propose": ("", "state_secret"),
    "revise_draft": tuple(nature.value for nature in Nature),
}

#: Commands whose holders stand elsewhere: with the step or rule concerned, or with everybody.
HELD_ELSEWHERE: Final = frozenset(
    {"request_waiver", "rule_waiver", "approve_override", "grant_mandate", "end_mandate"}
)

#: Acts by which one side judges what the other side has made or asks for: the verdict of the
#: review, how a matter is classified, whether it starts or lies outside of the procedure, whether a
#: step or a period is forgone, what an expert says.
#: They may not lie with a unit as it stands to the matter (proposing, leading, taking part, or any
#: at all), for then both sides would be in one hand.  So whoever may do them holds a post in a unit
#: with a function.  This is the engine's structure, not law: no definition may set it aside.
INDEPENDENT: Final = frozenset(
    {
        "accept_papers",
        "approve_override",
        "assign_study",
        "classify",
        "confirm_changes",
        "declare_interest",
        "decline",
        "exclude",
        "file_expert_opinion",
        "file_regulator_opinion",
        "give_review_verdict",
        "migrate",
        "return_papers",
        "rule_waiver",
        "start",
    }
)

#: Relations that a separation can name; `any_unit` would keep everybody from the act.
SEPARABLE: Final = tuple(each.value for each in Relation if each is not Relation.ANY_UNIT)

#: Stands in a separation for having written any version of the text.
DRAFT_AUTHOR: Final = "draft"


def outcomes(kinds: Mapping[str, StepKind]) -> dict[str, tuple[str, ...]]:
    """Every command that a matter can move by, with the outcomes that it may have."""
    found = {
        spec.name: CORE_OUTCOMES.get(spec.name, ("",))
        for spec in CORE.values()
        if spec.name == "propose" or spec.subject in (Subject.MATTER, Subject.MATTER_AND_MEETING)
    }
    for kind in kinds.values():
        found |= {name: act.outcomes for name, act in kind.acts.items()}
    return found


def faults(
    piece: Piece,
    form: ProcedureForm,
    kinds: Mapping[str, StepKind],
    counting: Collection[str],
) -> tuple[Problem, ...]:
    """Everything in a well-formed definition that refers to nothing, or that it leaves out."""
    return tuple(_Check(piece, form, kinds, counting).run())


class _Check:
    def __init__(
        self,
        piece: Piece,
        form: ProcedureForm,
        kinds: Mapping[str, StepKind],
        counting: Collection[str],
    ) -> None:
        self._piece = piece
        self._form = form
        self._kinds = kinds
        self._counting = counting
        self._outcomes = outcomes(kinds)
        self._commands = sorted(self._outcomes.keys() | CORE.keys())
        self._stages = [stage.id for stage in form.stages]
        self._moves: dict[tuple[str, str], set[str]] = {}
        for move in form.moves:
            for command in move.command:
                for outcome in move.outcome:
                    self._moves.setdefault((command, outcome), set()).update(move.from_)

    def run(self) -> Iterator[Problem]:
        yield from self._questions()
        for place, step in enumerate(self._form.steps):
            yield from self._step(("steps", place), step)
        yield from self._cycles()
        yield from self._rules()
        yield from self._permissions()
        yield from self._separations()
        yield from self._moves_of_commands()
        yield from self._proposal()
        yield from self._alerts()
        yield from self._deciders()
        for place, join in enumerate(self._form.joins):
            yield from self._condition(("joins", place, "when"), join.when)
        yield from self._named(
            ("meeting_body",), "definition.unknown_body", self._form.meeting_body, self._form.bodies
        )

    def _wrong(self, path: Path, code: str, **params: object) -> Problem:
        return self._piece.problem(path, code, **params)

    def _named(self, path: Path, code: str, name: str, known: Collection[str]) -> Iterator[Problem]:
        if name not in known:
            near = get_close_matches(name, known, n=3) or sorted(known)
            yield self._wrong(path, code, name=shown(name), known=near)

    # --- what every part may hold -----------------------------------------------------------------

    def _cited(self, path: Path, citations: Iterable[Citation]) -> Iterator[Problem]:
        for place, citation in enumerate(citations):
            yield from self._named(
                (*path, place),
                "definition.unknown_instrument",
                citation.instrument,
                self._form.instruments,
            )

    def _special(self, path: Path, citations: tuple[Citation, ...] | None) -> Iterator[Problem]:
        """Only a law replaces what a law says, not a report or house rule."""
        yield from self._cited(path, citations or ())
        for place, citation in enumerate(citations or ()):
            instrument = self._form.instruments.get(citation.instrument)
            if instrument is not None and not instrument.law:
                yield self._wrong(
                    (*path, place), "definition.special_law_no_law", name=shown(citation.instrument)
                )

    def _held(self, path: Path, holders: Iterable[Holder]) -> Iterator[Problem]:
        units = [*Relation, *self._form.functions]
        for place, holder in enumerate(holders):
            at = (*path, place)
            yield from self._named(at, "definition.unknown_role", holder.role, self._form.roles)
            yield from self._named(at, "definition.unknown_unit", holder.of, units)

    def _rule(self, path: Path, rule: RuleForm, shape: RuleShape) -> Iterator[Problem]:
        yield from self._cited((*path, "cite"), rule.cite)
        yield from self._special((*path, "special_law"), rule.special_law)
        yield from self._held((*path, "override"), rule.override or ())
        given = {
            "value": (rule.value is not None, shape.number or shape.period),
            "share": (rule.share is not None, shape.share),
            "unit": (rule.unit is not None, shape.period),
            "counting": (rule.counting is not None, shape.period),
            "choices": (bool(rule.choices), shape.choices),
            "also": (bool(rule.also), shape.period and bool(rule.also)),
        }
        for name, (there, wanted) in given.items():
            if there and not wanted:
                yield self._wrong((*path, name), "definition.rule_excess", name=name)
            if wanted and not there:
                yield self._wrong((*path, name), "definition.rule_lacks", name=name)
        if rule.counting is not None:
            yield from self._named(
                (*path, "counting"), "definition.unknown_counting", rule.counting, self._counting
            )
        for place, beside in enumerate(rule.also):
            yield from self._rule((*path, "also", place), beside, replace(shape, choices=False))
        version = self._form.version
        dated = rule.value if isinstance(rule.value, Mapping) else {}
        later = sorted(day for day in dated if day > version)
        for day in later:
            at = (*path, "value", day.isoformat())
            yield self._wrong(at, "definition.value_too_late", day=day, version=version)
        if rule.value is not None and not later and rule.value_on(version) is None:
            yield self._wrong((*path, "value"), "definition.no_value_yet", version=version)

    # --- questions and steps ----------------------------------------------------------------------

    def _questions(self) -> Iterator[Problem]:
        for name, instrument_of in self._form.questions.items():
            yield from self._cited(("questions", name, "cite"), instrument_of.cite)

    def _condition(self, path: Path, condition: Condition) -> Iterator[Problem]:
        for leaf, at in leaves(condition, path):
            question = self._form.questions.get(leaf.question)
            if question is None:
                yield from self._named(
                    (*at, "question"),
                    "definition.unknown_question",
                    leaf.question,
                    self._form.questions,
                )
                continue
            if not _fits(leaf, question):
                yield self._wrong(
                    (*at, leaf.op),
                    "definition.answer_unfit",
                    question=leaf.question,
                    found=described(leaf.value),
                )

    def _step(self, path: Path, step: StepForm) -> Iterator[Problem]:
        yield from self._cited((*path, "cite"), step.cite)
        yield from self._special((*path, "special_law"), step.special_law)
        yield from self._condition((*path, "required_when"), step.required_when)
        steps = [other.id for other in self._form.steps]
        for place, before in enumerate(step.after):
            at: Path = (*path, "after", place)
            yield from self._named(at, "definition.unknown_step", before, steps)
        if step.waivable is not None:
            for part in ("request", "approve"):
                yield from self._held((*path, "waivable", part), getattr(step.waivable, part))
            yield from self._cited((*path, "waivable", "cite"), step.waivable.cite)
        yield from self._named(
            (*path, "kind"), "definition.unknown_kind", step.kind, list(self._kinds)
        )
        for act, holders in step.acts.items():
            yield from self._held((*path, "acts", act), holders)
            denied = {denial.role for denial in self._form.denials if denial.act == act}
            for place, holder in enumerate(holders):
                if holder.role in denied:
                    at = (*path, "acts", act, place)
                    yield self._wrong(at, "definition.denied_holder", act=act, role=holder.role)
        kind = self._kinds.get(step.kind)
        if kind is not None:
            yield from self._of_kind(path, step, kind)

    def _of_kind(self, path: Path, step: StepForm, kind: StepKind) -> Iterator[Problem]:
        for act in step.acts:
            yield from self._named(
                (*path, "acts", act), "definition.act_of_other_kind", act, kind.acts
            )
        for act in kind.acts:
            if act not in step.acts:
                at = (*path, "acts")
                yield self._wrong(at, "definition.act_missing", act=act, kind=kind.name)
            else:
                yield from self._moved((*path, "acts", act), act)
        for name in step.rules:
            yield from self._named(
                (*path, "rules", name), "definition.rule_of_other_kind", name, kind.rules
            )
        for name, shape in kind.rules.items():
            if name not in step.rules and shape.optional:
                continue
            if name not in step.rules:
                yield self._wrong(
                    (*path, "rules"), "definition.rule_missing", name=name, kind=kind.name
                )
            else:
                yield from self._rule((*path, "rules", name), step.rules[name], shape)

    def _moved(self, path: Path, act: str) -> Iterator[Problem]:
        """Each outcome that an act may have needs a move wherever the act may be done at all."""
        known = self._outcomes[act]
        stages = {outcome: self._moves.get((act, outcome), set()) for outcome in known}
        anywhere = set().union(*stages.values())
        if not anywhere:
            yield self._wrong(path, "definition.act_without_move", act=act)
        for outcome, there in stages.items():
            for stage in sorted(anywhere - there):
                yield self._wrong(
                    path, "definition.outcome_without_move", act=act, outcome=outcome, stage=stage
                )

    def _cycles(self) -> Iterator[Problem]:
        after = {step.id: step.after for step in self._form.steps}
        done: set[str] = set()
        for place, step in enumerate(self._form.steps):
            ring = _ring(step.id, after, done, ())
            if ring:
                yield self._wrong(("steps", place, "after"), "definition.cycle", steps=ring)
                return

    # --- rules, people, moves ---------------------------------------------------------------------

    def _rules(self) -> Iterator[Problem]:
        cited = {separation.rule for separation in self._form.separations}
        cited |= {denial.rule for denial in self._form.denials}
        for name in ENGINE_RULES:
            if name not in self._form.rules:
                yield self._wrong(("rules",), "definition.engine_rule_missing", name=name)
        for name, rule in self._form.rules.items():
            if name in ENGINE_RULES or name in cited:
                shape = ENGINE_RULES.get(name, RuleShape())
                yield from self._rule(("rules", name), rule, shape)
            else:
                yield from self._named(
                    ("rules", name), "definition.rule_unused", name, sorted(ENGINE_RULES)
                )

    def _permissions(self) -> Iterator[Problem]:
        held = sorted(CORE.keys() - HELD_ELSEWHERE)
        for command, holders in self._form.permissions.items():
            at = ("permissions", command)
            yield from self._named(at, "definition.unknown_permission", command, held)
            yield from self._held(at, holders)

    def _command(self, path: Path, name: str) -> Iterator[Problem]:
        yield from self._named(path, "definition.unknown_command", name, self._commands)

    def _separations(self) -> Iterator[Problem]:
        rules = self._form.rules
        for place, separation in enumerate(self._form.separations):
            at: Path = ("separations", place)
            yield from self._command((*at, "act"), separation.act)
            for index, other in enumerate(separation.not_by):
                if other != DRAFT_AUTHOR:
                    yield from self._command((*at, "not_by", index), other)
            for key in ("not_of", "not_lent_to"):
                for index, unit in enumerate(getattr(separation, key)):
                    where = (*at, key, index)
                    yield from self._named(where, "definition.unknown_relation", unit, SEPARABLE)
            yield from self._named((*at, "rule"), "definition.unknown_rule", separation.rule, rules)
        for place, denial in enumerate(self._form.denials):
            at = ("denials", place)
            yield from self._command((*at, "act"), denial.act)
            yield from self._named(
                (*at, "role"), "definition.unknown_role", denial.role, self._form.roles
            )
            yield from self._named((*at, "rule"), "definition.unknown_rule", denial.rule, rules)

    def _moves_of_commands(self) -> Iterator[Problem]:
        seen: set[tuple[str, str, str]] = set()
        for place, move in enumerate(self._form.moves):
            at: Path = ("moves", place)
            for index, stage in enumerate(move.from_):
                yield from self._named(
                    (*at, "from", index), "definition.unknown_stage", stage, self._stages
                )
            if move.to is not None:
                yield from self._named(
                    (*at, "to"), "definition.unknown_stage", move.to, self._stages
                )
            for index, command in enumerate(move.command):
                if command not in self._outcomes:
                    yield from self._named(
                        (*at, "command", index),
                        "definition.unknown_command",
                        command,
                        list(self._outcomes),
                    )
                    continue
                for number, outcome in enumerate(move.outcome):
                    if outcome not in self._outcomes[command]:
                        yield self._wrong(
                            (*at, "outcome", number),
                            "definition.unknown_outcome",
                            command=command,
                            found=described(outcome),
                            known=[described(each) for each in self._outcomes[command]],
                        )
                    twice = [s for s in move.from_ if (command, outcome, s) in seen]
                    if twice:
                        yield self._wrong(
                            at, "definition.move_twice", command=command, stages=twice
                        )
                    seen.update((command, outcome, stage) for stage in move.from_)

    def _proposal(self) -> Iterator[Problem]:
        """A matter begins with its proposal, and one with a state secret leaves at once."""
        for outcome in CORE_OUTCOMES["propose"]:
            if self._stages[0] not in self._moves.get(("propose", outcome), ()):
                yield self._wrong(
                    ("moves",),
                    "definition.outcome_without_move",
                    act="propose",
                    outcome=outcome,
                    stage=self._stages[0],
                )

    def _deciders(self) -> Iterator[Problem]:
        deciders = self._form.deciders
        if deciders is None:
            return
        question = self._form.questions.get(deciders.question)
        yield from self._named(
            ("deciders", "question"),
            "definition.unknown_question",
            deciders.question,
            self._form.questions,
        )
        for answer, function in deciders.instead.items():
            at: Path = ("deciders", "instead", answer)
            if question is not None:
                yield from self._named(at, "definition.unknown_answer", answer, question.choices)
            yield from self._named(at, "definition.unknown_unit", function, self._form.functions)

    def _alerts(self) -> Iterator[Problem]:
        for place, alert in enumerate(self._form.alerts):
            at: Path = ("alerts", place)
            yield from self._command((*at, "command"), alert.command)
            yield from self._held((*at, "to"), alert.to)
            yield from self._cited((*at, "cite"), alert.cite)


def _fits(leaf: Condition, question: QuestionForm) -> bool:
    """Whether an answer that a predicate names can be given to its question."""
    if question.kind == "number":
        return isinstance(leaf.value, int) and not isinstance(leaf.value, bool) and leaf.value >= 0
    if question.kind == "yes_no":
        return leaf.op == "is" and isinstance(leaf.value, bool)
    return leaf.op == "is" and leaf.value in question.choices


def _ring(
    step: str, after: Mapping[str, tuple[str, ...]], done: set[str], way: tuple[str, ...]
) -> tuple[str, ...]:
    """The steps of a circle that leads from `step` back to one on the way to it."""
    if step in way:
        return (*way[way.index(step) :], step)
    if step not in done:
        for before in after.get(step, ()):
            ring = _ring(before, after, done, (*way, step))
            if ring:
                return ring
        done.add(step)
    return ()
