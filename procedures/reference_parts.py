"""What every part of a definition may hold: provisions, holders, rules and predicates.

Whether each that is named is there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import Final

from procedures.merge import Piece
from procedures.problems import Problem
from procedures.schema import ProcedureForm, QuestionForm, RuleForm, leaves
from workflow.definition import Citation, Condition, Holder, Relation
from workflow.explaining.paths import Path
from workflow.explaining.quoting import described, shown
from workflow.ports import RuleShape
from workflow.texts import NAME_FORM

_NAME: Final = re.compile(NAME_FORM)


class Parts:
    """Checks the parts of one definition that stand in several places of it."""

    def __init__(self, piece: Piece, form: ProcedureForm, counting: Collection[str]) -> None:
        self._piece = piece
        self._form = form
        self._counting = counting

    def _wrong(self, path: Path, code: str, **params: object) -> Problem:
        return self._piece.problem(path, code, **params)

    def _named(self, path: Path, code: str, name: str, known: Collection[str]) -> Iterator[Problem]:
        if name not in known:
            near = get_close_matches(name, known, n=3) or sorted(known)
            yield self._wrong(path, code, name=shown(name), known=near)

    def _cited(self, path: Path, citations: Iterable[Citation]) -> Iterator[Problem]:
        for place, citation in enumerate(citations):
            yield from self._named(
                (*path, place),
                "definition.unknown_instrument",
                citation.instrument,
                self._form.instruments,
            )

    def _special(self, path: Path, citations: tuple[Citation, ...] | None) -> Iterator[Problem]:
        """Only a law in force replaces what a law says, and it says so in an article."""
        yield from self._cited(path, citations or ())
        for place, citation in enumerate(citations or ()):
            instrument = self._form.instruments.get(citation.instrument)
            if instrument is None:
                continue
            at, name = (*path, place), shown(citation.instrument)
            if not instrument.law:
                yield self._wrong(at, "definition.special_law_no_law", name=name)
            if not citation.article:
                yield self._wrong(at, "definition.special_law_no_article", name=name)
            day = instrument.in_force
            if day is not None and day > self._form.version:
                yield self._wrong(at, "definition.special_law_not_yet", name=name, day=day)

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
        yield from self._choices((*path, "choices"), rule.choices, shape)
        bare = replace(
            shape,
            choices=False,
            questions=False,
            answers=False,
            levels=False,
            steps=False,
            words=(),
        )
        for place, beside in enumerate(rule.also):
            yield from self._rule((*path, "also", place), beside, bare)
        version = self._form.version
        dated = rule.value if isinstance(rule.value, Mapping) else {}
        later = sorted(day for day in dated if day > version)
        for day in later:
            at = (*path, "value", day.isoformat())
            yield self._wrong(at, "definition.value_too_late", day=day, version=version)
        if rule.value is not None and not later and rule.value_on(version) is None:
            yield self._wrong((*path, "value"), "definition.no_value_yet", version=version)

    def _choices(self, path: Path, choices: tuple[str, ...], shape: RuleShape) -> Iterator[Problem]:
        """What a rule chooses among is named as everything in a definition is, or are words."""
        for place, name in enumerate(() if shape.free_words else choices):
            if _NAME.fullmatch(name) is None:
                yield self._wrong((*path, place), "definition.choice_form", name=shown(name))
        if shape.questions:
            yield from self._asked(path, choices, answers=shape.answers)
        if shape.levels:
            yield from self._levels(path, choices)
        for place, name in enumerate(choices if shape.steps else ()):
            known = tuple(step.id for step in self._form.steps)
            yield from self._named((*path, place), "definition.unknown_step", name, known)
        for place, name in enumerate(choices if shape.words else ()):
            yield from self._named((*path, place), "definition.unknown_choice", name, shape.words)

    def _asked(
        self, path: Path, names: tuple[str, ...], *, answers: bool = False
    ) -> Iterator[Problem]:
        """A rule goes by the yes or no that was answered to each of these questions.

        Where it may also go by one of several answers, that is named after its question and a dot.
        """
        questions = self._form.questions
        for place, name in enumerate(names):
            at: Path = (*path, place)
            question, _, answer = name.rpartition(".")
            if answers and question in questions:
                known = questions[question].choices
                yield from self._named(at, "definition.unknown_answer", answer, known)
                continue
            yield from self._named(at, "definition.unknown_question", name, questions)
            if name in questions and questions[name].kind != "yes_no":
                yield self._wrong(at, "definition.question_not_yes_no", question=shown(name))

    def _levels(self, path: Path, names: tuple[str, ...]) -> Iterator[Problem]:
        """A rule goes by who decides, as one question tells."""
        deciders = self._form.deciders
        if deciders is None:
            yield self._wrong(path, "definition.levels_without_deciders")
        elif deciders.question in self._form.questions:
            known = self._form.questions[deciders.question].choices
            for place, name in enumerate(names):
                yield from self._named((*path, place), "definition.unknown_answer", name, known)

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


def _fits(leaf: Condition, question: QuestionForm) -> bool:
    """Whether an answer that a predicate names can be given to its question."""
    if question.kind == "number":
        return isinstance(leaf.value, int) and not isinstance(leaf.value, bool) and leaf.value >= 0
    if question.kind == "yes_no":
        return leaf.op == "is" and isinstance(leaf.value, bool)
    return leaf.op == "is" and leaf.value in question.choices
