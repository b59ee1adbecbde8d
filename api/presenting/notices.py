"""Notices in words and as data: what is due, and how a rule would say it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from notifications.due import Findings, Notice
from notifications.keeping import notice_to_json
from notifications.recipients import recipients
from notifications.rules import NoticeRules
from notifications.sweep import points, urgency
from notifications.wording import Letters, Wordy
from workflow.catalogue import Catalogue
from workflow.errors import NotFound
from workflow.inquiry.watched import Watched


class Noticing:
    """The notices of one subject, in one language."""

    def __init__(
        self, catalogue: Catalogue, letters: Letters, watched: Watched, rules: NoticeRules
    ) -> None:
        self._catalogue = catalogue
        self._letters = letters
        self._watched = watched
        self._rules = rules

    def due_data(self, found: Findings) -> Iterator[dict[str, object]]:
        """What is to be told by now, each with whom it is for."""
        for each in found.notices:
            yield {**self._data(each), "to": list(self._told(each))}

    def preview(self, rule: str) -> list[tuple[dict[str, object], Wordy]]:
        """How a rule would say each of its occasions of what falls under it now.

        Raises NotFound for a rule that there is not, and where nothing falls under it.
        """
        form = self._rules.named(rule)
        if form is None:
            known = tuple(each.id for each in self._rules.rules)
            raise NotFound("notices.no_rule", rule=rule, known=known)
        fitting = [
            each for each in points(self._watched, self._rules) if self._rules.of(each) is form
        ]
        if not fitting:
            raise NotFound("notices.nothing_fits", rule=rule, matter=self._watched.subject)
        notices = [
            Notice(form, each, occasion.id, form.to)
            for each in fitting
            for occasion in form.thresholds
        ]
        return [(self._data(each), self.words(each)) for each in notices]

    def words(self, notice: Notice) -> Wordy:
        """The words of a notice."""
        standing = self._watched.standing
        body: Mapping[str, Any] = {
            "matter": None if standing is None else standing.facts.number,
            "title": "" if standing is None else standing.facts.title,
            "notice": notice_to_json(notice),
        }
        watched = self._watched
        return self._letters.words(self._catalogue, watched.procedure, watched.directory, body)

    def _data(self, notice: Notice) -> dict[str, object]:
        words = self.words(notice)
        return {
            "rule": notice.rule.id,
            "threshold": notice.threshold,
            "matter": self._watched.subject or None,
            "step": notice.point.step or None,
            "act": notice.point.act or None,
            "by": notice.point.by.isoformat(),
            "late": notice.late,
            "urgency": urgency(notice),
            "text": words.first,
        }

    def _told(self, notice: Notice) -> tuple[str, ...]:
        standing = self._watched.standing
        return recipients(
            notice,
            self._rules.otherwise,
            self._watched.procedure,
            self._watched.directory,
            None if standing is None else standing.facts,
            self._watched.lens.today,
        )
