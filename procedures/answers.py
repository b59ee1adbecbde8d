"""Which answers a predicate can meet: a search over the answers that questions allow."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from workflow.definition import Answer, Condition


class Asked(Protocol):
    """A question, as far as its answers go."""

    @property
    def kind(self) -> str:
        """Either yes_no, number or choice."""
        ...

    @property
    def choices(self) -> tuple[str, ...]:
        """The answers to a choice."""
        ...


def find(
    questions: Mapping[str, Asked], wanted: tuple[tuple[Condition, bool], ...]
) -> dict[str, Answer] | None:
    """Answers under which every condition has the truth that is wanted of it; None without any.

    Numbers are tried at the thresholds that the conditions name and next to them, which is all
    that can make a difference.  A branch is left as soon as a condition is settled otherwise, so
    that many questions do not mean as many doublings.
    """
    return _search(_domains(questions, [condition for condition, _ in wanted]), wanted, {})


def _search(
    open_: tuple[tuple[str, tuple[Answer, ...]], ...],
    wanted: tuple[tuple[Condition, bool], ...],
    answers: dict[str, Answer],
) -> dict[str, Answer] | None:
    truths = [(_truth(condition, answers), want) for condition, want in wanted]
    if any(truth is (not want) for truth, want in truths):
        return None
    if not open_:
        return answers
    name, domain = open_[0]
    tried = (_search(open_[1:], wanted, {**answers, name: answer}) for answer in domain)
    return next((found for found in tried if found is not None), None)


def _truth(condition: Condition, answers: Mapping[str, Answer]) -> bool | None:
    """Whether the predicate holds, None while that depends on a question not answered yet."""
    if condition.question:
        return condition.holds(answers) if condition.question in answers else None
    truths = [_truth(part, answers) for part in condition.parts]
    if condition.op == "not":
        return None if truths[0] is None else not truths[0]
    if condition.op == "never":
        return False
    settling = condition.op == "any"
    if settling in truths:
        return settling
    return None if None in truths else not settling


def _domains(
    questions: Mapping[str, Asked], conditions: Iterable[Condition]
) -> tuple[tuple[str, tuple[Answer, ...]], ...]:
    asked: dict[str, list[Answer]] = {}
    for condition in conditions:
        for leaf in condition.leaves():
            asked.setdefault(leaf.question, []).append(leaf.value)
    return tuple((name, tuple(_domain(questions[name], at))) for name, at in asked.items())


def _domain(question: Asked, thresholds: Iterable[Answer]) -> Iterator[Answer]:
    if question.kind == "yes_no":
        yield from (True, False)
    elif question.kind == "choice":
        yield from question.choices
    else:
        near = {int(at) + shift for at in thresholds for shift in (-1, 0, 1)}
        yield from sorted(number for number in near if number >= 0)
