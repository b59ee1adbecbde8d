"""What a move to other rules would bring, on a terminal and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api.presenting.conditions import Conditions
from api.presenting.differences import Differences
from api.presenting.page import Page, Style
from api.presenting.refusals import Refusals
from procedures.wording import Wording
from workflow.canonical import unmet_to_json
from workflow.catalogue import Catalogue
from workflow.decisions.migration import edition
from workflow.decisions.prospect import Prospect, StepChange
from workflow.directory import Directory
from workflow.ports import StepState
from workflow.service import Bulk


class Prospects:
    """Words for moves of the matters of one organisation on one day."""

    def __init__(self, catalogue: Catalogue, directory: Directory, day: date) -> None:
        self._catalogue = catalogue
        self._say = catalogue.text
        self._directory = directory
        self._day = day

    def write(self, page: Page, found: Prospect) -> None:
        """One matter: which duties differ, which steps and days move, what is to be answered."""
        say, facts = self._say, found.facts
        page.heading(say("matter.name", number=facts.number, title=facts.title))
        names = [
            say("matter.edition", name=each.name, version=each.version.isoformat())
            for each in (found.before, found.after)
        ]
        page.line(say("difference.title", before=names[0], after=names[1]), first="  ")
        differences = Differences(self._catalogue, found.before, found.after)
        if found.differences:
            page.line(say("migrate.differences", count=len(found.differences)), first="  ")
            differences.write_list(page, found.differences, indent="  ")
            page.blank()
        else:
            page.line(say("migrate.no_differences"), first="  ")
        for change in found.steps:
            style = Style.WARNING if change.reopened else None
            page.line(self._step(found, change), first="  · ", style=style)
        if found.outcome:
            page.line(say("migrate.review_lapses"), first="  · ", style=Style.WARNING)
        days = [self._date(each) for each in found.agenda]
        code = "migrate.agenda" if days[0] != days[1] else "migrate.agenda_same"
        page.line(say(code, before=days[0], after=days[1]), first="  · ")
        conditions = Conditions(self._catalogue, found.after.questions)
        for question in found.questions:
            choices = tuple(question.choices or (question.kind,))
            told = {"question": conditions.question(question.id), "id": question.id}
            page.line(say("migrate.question", choices=choices, **told), first="  ? ")
        unmet = found.verdict.decision.unmet
        if unmet:
            page.line(say("migrate.refused", count=len(unmet)), first="  ", style=Style.REFUSED)
            self._refusals(found).write(page, unmet, indent="  ")
        page.blank()

    def write_end(self, page: Page, found: Sequence[Prospect], bulk: Bulk | None) -> None:
        """Whether they were moved, or how to do it."""
        count = len(found)
        if bulk is None:
            barred = [each for each in found if each.verdict.decision.unmet]
            code = "migrate.cannot" if barred else "migrate.only_shown"
            numbers = tuple(each.facts.number for each in barred)
            page.line(self._say(code, count=count, numbers=numbers), style=Style.QUIET)
        elif bulk.done:
            entries = tuple(each.entry for each in bulk.outcomes if each is not None)
            told = self._say("migrate.moved", count=count, entries=entries)
            page.line(told, style=Style.DONE)
        else:
            page.line(self._say("migrate.none_moved", count=count), style=Style.REFUSED)

    def as_data(self, found: Prospect) -> dict[str, object]:
        """One matter for programs."""
        differences = Differences(self._catalogue, found.before, found.after)
        refusals, unmet = self._refusals(found), found.verdict.decision.unmet
        return {
            "matter": found.facts.number,
            "version": found.facts.version,
            "from": {"edition": edition(found.before), "digest": found.before.digest},
            "to": {"edition": edition(found.after), "digest": found.after.digest},
            "differences": [differences.as_data(each) for each in found.differences],
            "steps": [
                {
                    "step": each.step,
                    "before": None if each.before is None else each.before.value,
                    "after": None if each.after is None else each.after.value,
                    "ready_before": _iso(each.ready_before),
                    "ready_after": _iso(each.ready_after),
                    "words": self._step(found, each),
                }
                for each in found.steps
            ],
            "questions": [each.id for each in found.questions],
            "review_lapses": bool(found.outcome),
            "agenda": [_iso(each) for each in found.agenda],
            "can_be_moved": not unmet,
            "unmet": [unmet_to_json(each) for each in unmet],
            "words": [refusals.as_data(each) for each in unmet],
        }

    def _refusals(self, found: Prospect) -> Refusals:
        wording = Wording(self._catalogue, found.after, self._directory)
        return Refusals(self._catalogue, wording, self._directory, found.facts, self._day)

    def _step(self, found: Prospect, change: StepChange) -> str:
        wordings = [Wording(self._catalogue, each) for each in (found.after, found.before)]
        name = wordings[0].step(change.step)
        told = {
            "step": wordings[1].step(change.step) if name == change.step else name,
            "before": self._state(change.before, change.ready_before),
            "after": self._state(change.after, change.ready_after),
        }
        return self._say("migrate.step", **told)

    def _state(self, state: StepState | None, ready: date | None) -> str:
        if state is None:
            return self._say("migrate.no_step")
        named = self._say(f"step_state.{state.value}")
        if ready is None:
            return named
        return self._say("migrate.state_until", state=named, day=self._date(ready))

    def _date(self, day: date) -> str:
        return self._say("days.plain", day=day)


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
