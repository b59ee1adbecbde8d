"""Answers of intake against their questions: at the proposal, and where they are corrected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workflow.definition import Answer, Procedure, Question
from workflow.refusals import Unmet


def fits(question: Question, answer: Answer) -> bool:
    """Whether an answer is of the kind that its question asks for."""
    if question.kind == "yes_no":
        return isinstance(answer, bool)
    if question.kind == "number":
        return isinstance(answer, int) and not isinstance(answer, bool) and answer >= 0
    return answer in question.choices


def unfit(procedure: Procedure, answers: Mapping[str, Answer]) -> Iterator[Unmet]:
    """What is wrong with the answers as a whole: unknown questions, open ones, wrong answers."""
    for name in answers:
        if name not in procedure.questions:
            citations = procedure.rules["proposal"].citations
            yield Unmet("matter.question_unknown", citations, {"question": name})
    yield from unanswered(procedure, answers)


def unanswered(procedure: Procedure, answers: Mapping[str, Answer]) -> Iterator[Unmet]:
    """The questions of a procedure, joined ones included, that have no answer or an unfit one."""
    for question in procedure.questions.values():
        if question.id not in answers:
            if question.optional:
                continue
            code = "matter.question_open"
        elif not fits(question, answers[question.id]):
            code = "matter.answer_unfit"
        else:
            continue
        params = {
            "question": question.text,
            "id": question.id,
            "choices": question.choices or (question.kind,),
        }
        yield Unmet(code, question.citations, params)


def contradicted(
    procedure: Procedure, answers: Mapping[str, Answer], co_units: tuple[str, ...], cure: str
) -> Iterator[Unmet]:
    """Questions that were answered no although co-units take part (`Question.follows`).

    Those who may give the command `cure` can mend it.
    """
    for question in procedure.questions.values():
        if co_units and question.follows == "co_units" and answers.get(question.id) is False:
            yield Unmet(
                "matter.answer_contradicts",
                question.citations,
                {"question": question.text, "units": co_units},
                cured_by=procedure.holders(cure),
            )
