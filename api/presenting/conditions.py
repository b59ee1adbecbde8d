"""When a step is required, in words: a predicate over the questions of a definition."""

from __future__ import annotations

from collections.abc import Mapping

from workflow.catalogue import Catalogue
from workflow.definition import Answer, Condition, Question


class Conditions:
    """Words for predicates over some questions."""

    def __init__(self, catalogue: Catalogue, questions: Mapping[str, Question]) -> None:
        self._catalogue = catalogue
        self._say = catalogue.text
        self._questions = questions

    def words(self, condition: Condition) -> str:
        """The predicate as a clause."""
        if condition.op in ("always", "never"):
            return self._say(f"condition.{condition.op}")
        if condition.op in ("all", "any"):
            inside = map(self._bracketed, condition.parts)
            return self._say(f"condition.{condition.op}_between").join(inside)
        if condition.op == "not":
            (part,) = condition.parts
            if part.op == "is" and isinstance(part.value, bool):
                return self.words(Condition("is", (), part.question, not part.value))
            return self._say("condition.not", condition=self._bracketed(part))
        asked = {"question": self.question(condition.question)}
        return self._say(f"condition.{condition.op}", answer=self.answer(condition.value), **asked)

    def question(self, name: str) -> str:
        """The words of a question without what explains its answers."""
        found = self._questions.get(name)
        told = name if found is None else found.text[self._catalogue.locale]
        for sign in self._say("condition.question_ends"):
            told = told.partition(sign)[0]
        return told.strip()

    def answer(self, answer: Answer) -> str:
        """An answer: yes, no, a number, or the id of what was chosen."""
        if isinstance(answer, bool):
            return self._say("condition.yes" if answer else "condition.no")
        return str(answer)

    def _bracketed(self, condition: Condition) -> str:
        words = self.words(condition)
        nested = condition.op in ("all", "any")
        return self._say("condition.bracket", condition=words) if nested else words
