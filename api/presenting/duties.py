"""What is still owed on a matter after the decision, on a terminal: now, later, until when, why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from api.presenting.days import Days
from api.presenting.page import Page, Style
from api.presenting.refusals import Refusals
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.definition import Holder
from workflow.inquiry import Standing
from workflow.planning import Duty

#: The acts that carry a decision out, of which each report is a step on the way.
_PROGRESS = "report_progress"
_COMPLETING = "complete_execution"


def deadline_mark(catalogue: Catalogue, duties: Sequence[Duty], wording: Wording) -> str:
    """The act that is due first, with its last day, in a few words; empty where nothing is due."""
    due = [(duty.deadline.by, duty) for duty in duties if duty.deadline is not None]
    if not due:
        return ""
    by, duty = min(due, key=lambda each: each[0])
    code = "matter.overdue_mark" if duty.overdue else "matter.due_mark"
    return catalogue.text(code, act=wording.act(duty.act, duty.step), day=by)


@dataclass(frozen=True)
class Following:
    """The duties of a matter with the words for them; `posts` names who holds what."""

    catalogue: Catalogue
    days: Days
    standing: Standing
    duties: tuple[Duty, ...]
    posts: Callable[[tuple[Holder, ...]], str]

    def write(self, page: Page) -> None:
        """What can be done now, what only later, the periods with their law, and the progress."""
        self._listed(page, "plan.after.now", [duty for duty in self.duties if duty.ready])
        self._listed(page, "plan.after.later", [duty for duty in self.duties if not duty.ready])
        self._periods(page)
        if any(duty.act == _COMPLETING for duty in self.duties):
            page.blank()
            page.line(self._progress(), style=Style.QUIET)

    def title(self, duty: Duty) -> str:
        """The act of a duty in words."""
        return self._wording.act(duty.act, duty.step)

    def until(self, duty: Duty) -> str:
        """The last day of a duty in words; empty where it has none."""
        if duty.deadline is None:
            return ""
        code = "plan.after.overdue" if duty.overdue else "plan.after.by"
        if duty.deadline.provisional:
            code = f"{code}_provisional"
        return self._say(code, day=self.days.full(duty.deadline.by))

    def evidence(self, duty: Duty) -> str:
        """What a duty wants to be brought; empty where nothing more is to be said."""
        if duty.unmet is None:
            return self._say("plan.after.closing")
        return self._refusals.words(duty.unmet).evidence

    def _listed(self, page: Page, heading: str, duties: Sequence[Duty]) -> None:
        if not duties:
            return
        page.blank()
        page.heading(self._say(heading))
        for number, duty in enumerate(duties, 1):
            style = Style.REFUSED if duty.overdue else None
            page.line(self.title(duty), first=f"  {number}. ", style=style)
            page.pairs(list(self._rows(duty)), indent="     ")

    def _rows(self, duty: Duty) -> Iterator[tuple[str, str]]:
        if duty.unmet is not None:
            yield self._say("plan.after.because"), self._refusals.words(duty.unmet).what
        if duty.who:
            yield self._say("refused.who"), self.posts(duty.who)
        if until := self.until(duty):
            yield self._say("plan.latest"), until
        yield self._say("plan.wanted"), self.evidence(duty)
        if duty.waits_for:
            steps = tuple(step.name for step in duty.waits_for)
            yield self._say("plan.after.steps_first"), self._say("days.names", names=steps)
        if duty.first:
            acts = tuple(self._wording.command(act) for act in duty.first)
            yield self._say("plan.after.acts_first"), self._say("plan.after.acts", commands=acts)

    def _periods(self, page: Page) -> None:
        """Every last day with its law and its arithmetic, or the paper that named it."""
        due = [duty for duty in self.duties if duty.deadline is not None]
        if not due:
            return
        page.blank()
        page.heading(self._say("plan.periods"))
        for duty in due:
            self._period(page, duty)

    def _period(self, page: Page, duty: Duty) -> None:
        what, deadline = self.title(duty), duty.deadline
        if deadline is None:
            return
        for count in duty.counts:
            page.line(self.days.story(what, count), first="  ")
        if not duty.counts:
            code = "plan.after.named" if deadline.rule is None else "plan.after.set"
            page.line(self._say(code, act=what, day=self.days.full(deadline.by)), first="  ")
        if deadline.rule is not None:
            between = self._say("days.between")
            law = between.join(map(self._wording.citation, deadline.rule.citations))
            page.line(self._say("plan.law", law=law), first="    ", style=Style.QUIET)

    def _progress(self) -> str:
        """When progress was last reported, or that it never was."""
        told = self.standing.facts.last(_PROGRESS)
        if told is None:
            return self._say("plan.after.no_progress")
        return self._say("plan.after.progress", day=told.filed_on, told=told.text("progress"))

    @property
    def _wording(self) -> Wording:
        return Wording(self.catalogue, self.standing.procedure, self.standing.directory)

    @property
    def _refusals(self) -> Refusals:
        standing = self.standing
        return Refusals(
            self.catalogue, self._wording, standing.directory, standing.facts, standing.today
        )

    def _say(self, code: str, **values: object) -> str:
        return self.catalogue.text(code, **values)


def duty_data(duty: Duty) -> dict[str, object]:
    """A duty for programs: days as ISO text, ids of the definition, no words."""
    deadline = duty.deadline
    return {
        "act": duty.act,
        "step": None if duty.step is None else duty.step.id,
        "who": [f"{each.role} of {each.of}" for each in duty.who],
        "ready": duty.ready,
        "waits_for": [step.id for step in duty.waits_for],
        "first": list(duty.first),
        "by": None if deadline is None else _iso(deadline.by),
        "since": None if deadline is None else _iso(deadline.since),
        "provisional": deadline is not None and deadline.provisional,
        "overdue": duty.overdue,
    }


def _iso(day: date) -> str:
    return day.isoformat()
