"""Refusals on a terminal: every unmet condition with its law, its cure and its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.presenting.page import Page, Style
from procedures.wording import RefusalWords, Wording
from workflow.catalogue import Catalogue
from workflow.definition import Relation
from workflow.directory import Directory
from workflow.facts import Facts
from workflow.refusals import Unmet


class Refusals:
    """Words for refusals about one matter (or none) on one day."""

    def __init__(
        self,
        catalogue: Catalogue,
        wording: Wording,
        directory: Directory,
        facts: Facts | None,
        day: date,
    ) -> None:
        self._say = catalogue.text
        self._wording = wording
        self._directory = directory
        self._facts = facts
        self._day = day

    def words(self, unmet: Unmet) -> RefusalWords:
        """A condition in words."""
        return self._wording.refusal(unmet, self._facts, self._day)

    def write(self, page: Page, refusals: Sequence[Unmet], indent: str = "") -> None:
        """Every condition, numbered."""
        for number, unmet in enumerate(refusals, 1):
            mark = f"{indent}{number}. "
            told = self.words(unmet)
            page.line(told.what, first=mark, style=Style.REFUSED)
            page.pairs(list(self._rows(unmet, told)), indent=" " * len(mark))

    def as_data(self, unmet: Unmet) -> dict[str, object]:
        """A condition in words, for programs that show it."""
        told = self.words(unmet)
        return {
            "what": told.what,
            "law": list(told.law),
            "evidence": told.evidence,
            "who": list(told.who),
            "accounts": self._accounts(unmet),
            "earliest": told.earliest,
        }

    def _rows(self, unmet: Unmet, told: RefusalWords) -> list[tuple[str, str]]:
        rows = [
            (self._say("refused.law"), self._listed(told.law)),
            (self._say("refused.evidence"), told.evidence),
        ]
        if told.who:
            accounts = self._accounts(unmet)
            code = "refused.posts_held" if accounts else "refused.posts"
            listed = {"posts": self._listed(told.who), "accounts": accounts}
            names = self._say(code, **listed)
            rows.append((self._say("refused.who"), names))
        if told.earliest is not None:
            code = "refused.provisional_day" if told.provisional else "refused.day"
            rows.append((self._say("refused.earliest"), self._say(code, day=told.earliest)))
        return rows

    def _listed(self, items: Sequence[str]) -> str:
        """Items that may themselves hold commas."""
        return self._say("days.between").join(items)

    def _accounts(self, unmet: Unmet) -> list[str]:
        """Who holds the posts, without those whom the refusal bars; not where anybody may do it."""
        holders = tuple(each for each in unmet.cured_by if each.of != Relation.ANY_UNIT)
        barred = unmet.params.get("people")
        return [
            held.person
            for held in self._directory.people(holders, self._facts, self._day)
            if not (isinstance(barred, tuple) and held.person in barred)
        ]
