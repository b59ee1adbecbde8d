"""A scenario as it is played, on a terminal: who did what on which day, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from api.presenting.clocks import stories
from api.presenting.days import Days
from api.presenting.matters import document_number
from api.presenting.page import Page, Style
from api.presenting.refusals import Refusals
from api.rehearsal import Played, Stage
from procedures.scenario import Scenario
from procedures.wording import Wording
from workflow.calendar import Unit, between
from workflow.catalogue import Catalogue
from workflow.counting import Counting
from workflow.facts import ISSUE
from workflow.inquiry import Standing
from workflow.service import Outcome

_DAY = "  "
_DETAIL = " " * 10


@dataclass
class Journey:
    """Writes one step after the other; keeps what the steps before have shown."""

    page: Page
    catalogue: Catalogue
    days: Days
    counting: Counting
    stage: Stage
    day: date | None = None
    stages: dict[str, str] = field(default_factory=dict)
    matters: set[str] = field(default_factory=set)
    done: int = 0
    refused: int = 0
    unmet: int = 0

    def begin(self, scenario: Scenario) -> None:
        """The title, and what the scenario shows."""
        text = self.catalogue.text
        self.page.heading(text("days.names", names=(scenario.title,)))
        self.page.line(text("days.names", names=(scenario.about,)), first=_DAY, style=Style.QUIET)

    def write(self, played: Played) -> None:
        """One step."""
        self._new_day(played.at.date())
        standing = self._standing(played)
        wording = self._wording(standing)
        if played.step.say is not None:
            remark = self.catalogue.text("days.names", names=(played.step.say,))
            self.page.line(remark, first=f"{_DAY}  ", style=Style.QUIET)
        self._act(played, wording)
        if played.error is not None:
            self._error(played)
        elif played.outcome is not None and played.outcome.done:
            self._done(played, wording, standing, played.outcome)
        elif played.outcome is not None:
            self._refused(played, wording, standing, played.outcome)
        for difference in played.differences:
            self.unmet += 1
            told = self.catalogue.text("journey.unexpected", difference=difference)
            self.page.line(told, first=_DETAIL, style=Style.WARNING)

    def end(self) -> None:
        """How many steps there were, and whether all went as expected."""
        text = self.catalogue.text
        self.page.blank()
        counts = {"done": self.done, "refused": self.refused, "unmet": self.unmet}
        code = "journey.as_expected" if not self.unmet else "journey.otherwise"
        style = Style.DONE if not self.unmet else Style.REFUSED
        self.page.line(text(code, **counts), style=style)

    def _new_day(self, day: date) -> None:
        if day == self.day:
            return
        self.page.blank()
        told = self.days.full(day)
        if self.day is not None:
            table = self.counting.table
            told = self.catalogue.text(
                "journey.day",
                day=told,
                days=between(table, self.day, day, Unit.CALENDAR_DAYS),
                working=between(table, self.day, day, Unit.WORKING_DAYS),
            )
        self.day = day
        self.page.heading(told)

    def _standing(self, played: Played) -> Standing | None:
        known = played.matter is not None and played.error is None
        inquiry, organisation = self.stage.inquiry, self.stage.organisation
        return inquiry.matter(organisation, str(played.matter)) if known else None

    def _wording(self, standing: Standing | None) -> Wording:
        inquiry, organisation = self.stage.inquiry, self.stage.organisation
        if standing is None:
            procedure = inquiry.procedure(organisation)
            return Wording(self.catalogue, procedure, inquiry.directory(organisation))
        return Wording(self.catalogue, standing.procedure, standing.directory)

    def _act(self, played: Played, wording: Wording) -> None:
        done = played.outcome is not None and played.outcome.done
        mark, style = ("\u2713", Style.DONE) if done else ("\u2717", Style.REFUSED)
        actor = wording.person(played.actor)
        if played.principal is not None:
            principal = wording.person(played.principal)
            actor = self.catalogue.text("journey.for", actor=actor, principal=principal)
        # A command that there is not, which a scenario may try, has no title.
        code = f"command.{played.step.do}.title"
        command = wording.command(played.step.do) if code in self.catalogue else played.step.do
        time = f"{played.at:%H:%M}"
        if played.matter is not None:
            self.matters.add(played.matter)
        one = played.matter is None or len(self.matters) == 1
        line = self.catalogue.text(
            "journey.act" if one else "journey.act_on",
            actor=actor,
            command=command,
            matter=played.matter,
        )
        self.page.line(line, first=f"{_DAY}{mark} {time} ", rest=_DETAIL, style=style)

    def _done(
        self, played: Played, wording: Wording, standing: Standing | None, outcome: Outcome
    ) -> None:
        self.done += 1
        text = self.catalogue.text
        if standing is not None and "step" in played.step.with_:
            # Several steps can have the same act, as the evidence and the requests: tell of which.
            step = wording.step(str(played.step.with_["step"]))
            self.page.line(text("journey.step", value=step), first=_DETAIL)
        for name, value in self._made(played, outcome):
            self.page.line(text(f"journey.{name}", value=value), first=_DETAIL)
        if played.step.do == ISSUE and standing is not None and standing.facts.issue is not None:
            number = document_number(self.catalogue, standing.facts.issue)
            self.page.line(text("journey.number", value=number), first=_DETAIL)
        if outcome.matter is not None and outcome.stage is not None:
            before = self.stages.get(outcome.matter)
            if before is not None and before != outcome.stage:
                names = {"old": wording.stage(before), "new": wording.stage(outcome.stage)}
                self.page.line(text("journey.stage", **names), first=_DETAIL)
            self.stages[outcome.matter] = outcome.stage
        if standing is not None:
            told = stories(self.catalogue, self.days, self.counting, standing, played.step.do)
            for story in told:
                self.page.line(story, first=f"{_DETAIL}\u2192 ", style=Style.TIME)

    def _made(self, played: Played, outcome: Outcome) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        if played.step.do == "propose" and outcome.matter is not None:
            found.append(("matter", outcome.matter))
        if played.step.do == "convene_meeting" and outcome.meeting is not None:
            found.append(("meeting", outcome.meeting))
        comma = self.catalogue.text("law.comma")
        for name, value in (outcome.result or {}).items():
            told = comma.join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            found.append((name, told))
        return found

    def _refused(
        self, played: Played, wording: Wording, standing: Standing | None, outcome: Outcome
    ) -> None:
        self.refused += 1
        count = len(outcome.refusals)
        self.page.line(self.catalogue.text("journey.refused", count=count), first=_DETAIL)
        directory = self.stage.inquiry.directory(self.stage.organisation)
        facts = None if standing is None else standing.facts
        refusals = Refusals(self.catalogue, wording, directory, facts, played.at.date())
        refusals.write(self.page, outcome.refusals, indent=_DETAIL)
        if outcome.alerts:
            people = tuple(wording.person(account) for account in outcome.alerts)
            told = self.catalogue.text("journey.alerts", people=people)
            self.page.line(told, first=_DETAIL, style=Style.WARNING)

    def _error(self, played: Played) -> None:
        self.refused += 1
        told = self.catalogue.text("journey.error", error=played.error)
        self.page.line(told, first=_DETAIL)
