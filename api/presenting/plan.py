"""When a matter can be heard, on a terminal: the answer, today's work, the way there, the law."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import cached_property
from typing import Final

from api.presenting.days import Days
from api.presenting.duties import Following
from api.presenting.page import Page, Style
from api.presenting.refusals import Refusals
from procedures.wording import Wording
from workflow.calendar import Unit
from workflow.catalogue import Catalogue
from workflow.definition import Citation, Holder, Relation, Step
from workflow.inquiry import Forecast
from workflow.planning import (
    NOTICE,
    Duty,
    Errand,
    Leg,
    Link,
    Outlook,
    Plan,
    Shortening,
    Stretch,
    Variant,
    Wish,
    tasks,
)

_OUTLOOK: Final = {
    Outlook.BARRED: Style.REFUSED,
    Outlook.TABLED: Style.DONE,
    Outlook.ENDED: Style.QUIET,
    Outlook.DECIDED: Style.HEADING,
}


@dataclass(frozen=True, slots=True)
class NextTask:
    """The one thing to be done now: an act, or work on a step, in words; `latest` is its last day.

    `until` says of that day whether the meeting is put off after it.  After the decision an act
    need not have a last day.
    """

    act: str | None
    step: str | None
    what: str
    who: str
    until: str
    latest: date | None
    evidence: str = ""

    def as_data(self) -> dict[str, object]:
        """The same for programs."""
        return {**asdict(self), "latest": None if self.latest is None else self.latest.isoformat()}


@dataclass(frozen=True)
class Outline:
    """A forecast with the words for it."""

    catalogue: Catalogue
    days: Days
    forecast: Forecast

    def write(self, page: Page) -> None:
        """The answer first; then what to do today, the timeline, the periods and their law."""
        plan, wish = self.forecast.plan, self.forecast.wish
        if plan.outlook is not Outlook.OPEN:
            page.line(self._settled(plan), style=_OUTLOOK[plan.outlook])
            self._following.write(page)
            return
        page.line(self._answer(plan, wish), style=self._style(wish))
        if plan.working_meeting is not None and plan.working_meeting != plan.meeting:
            working = self.days.full(plan.working_meeting)
            page.line(self._say("plan.working", day=working), style=Style.QUIET)
        if plan.provisional:
            told = self._say("plan.provisional", day=self.days.firm_through)
            page.line(told, style=Style.WARNING)
        if wish is not None and wish.chosen is not None:
            number = wish.variants.index(wish.chosen) + 1
            page.line(self._say("plan.under_variant", number=number), style=Style.WARNING)
        self._today(page)
        if wish is not None and not wish.feasible:
            self._shortenings(page, wish)
        self._timeline(page, plan)
        self._periods(page, plan)
        self._remarks(page, plan)

    def write_next(self, page: Page) -> None:
        """The one thing to be done now: what, by whom, until when, with what."""
        plan, told = self.forecast.plan, self.next_task
        if plan.outlook is not Outlook.OPEN and told is None:
            return
        page.heading(self._say("plan.next.heading"))
        if told is None:
            # Some work only wants another day than today, without any period.
            ends = (self._ends(leg) for leg in plan.legs if leg.waits)
            until = min(ends, default=plan.tabled_from or plan.today)
            page.line(self._say("plan.next.wait", day=self.days.full(until)), first="  ")
        else:
            page.line(told.what, first="  ", style=Style.WARNING)
            rows = [(self._say("refused.who"), told.who)]
            rows += [(self._say("plan.latest"), told.until)] if told.until else []
            rows += [(self._say("plan.wanted"), told.evidence)] if told.evidence else []
            page.pairs(rows, indent="  ")
        page.blank()

    @property
    def next_task(self) -> NextTask | None:
        """What is to be done first: of what is paused, resuming it; None where all only wait."""
        standing, plan = self.forecast.standing, self.forecast.plan
        if standing.facts.paused_since is not None and plan.outlook is Outlook.OPEN:
            who = self._posts(standing.procedure.holders("resume"))
            until = self._say("plan.next.soon", day=self.days.full(plan.today))
            return NextTask("resume", None, self._wording.command("resume"), who, until, plan.today)
        if plan.duties:
            return self._next_duty(plan.duties)
        if not plan.tasks:
            return None
        task, evidence = plan.tasks[0], ""
        if isinstance(task, Leg) and task.unmet:
            evidence = self._refusals.words(task.unmet[0]).evidence
        late = task.latest <= plan.today
        return NextTask(
            task.command if isinstance(task, Errand) else task.act,
            None if task.step is None else task.step.id,
            self.task(task),
            self._posts(task.who),
            self._say(f"plan.next.{'today' if late else 'until'}", day=self.days.full(task.latest)),
            task.latest,
            evidence,
        )

    def _next_duty(self, duties: tuple[Duty, ...]) -> NextTask | None:
        """What is to be done first of what is owed; None where nothing can be done yet."""
        duty = next((duty for duty in duties if duty.ready), None)
        if duty is None:
            return None
        told = self._following
        return NextTask(
            duty.act,
            None if duty.step is None else duty.step.id,
            told.title(duty),
            self._posts(duty.who),
            told.until(duty),
            None if duty.deadline is None else duty.deadline.by,
            told.evidence(duty),
        )

    @property
    def _following(self) -> Following:
        forecast = self.forecast
        return Following(
            self.catalogue, self.days, forecast.standing, forecast.plan.duties, self._posts
        )

    # --- the answer -------------------------------------------------------------------------------

    def _settled(self, plan: Plan) -> str:
        """What is to be said of a matter for which there is nothing to plan."""
        standing, meeting = self.forecast.standing, self.forecast.meeting
        return self._say(
            f"plan.{plan.outlook.value}",
            matter=standing.facts.number,
            meeting=None if meeting is None else meeting.code,
            day=None if meeting is None else self.days.full(meeting.held_on),
            stage=self._wording.stage(standing.facts.stage),
            steps=tuple(step.name for step in plan.barred),
            count=len(plan.duties),
        )

    def _answer(self, plan: Plan, wish: Wish | None) -> str:
        code = "plan.answer"
        if wish is not None:
            within = "within_reach" if wish.within_reach else "infeasible"
            code = f"plan.{'feasible' if wish.feasible else within}"
        return self._say(
            code,
            matter=self.forecast.standing.facts.number,
            day="" if plan.meeting is None else self.days.full(plan.meeting),
            wished="" if wish is None else self.days.full(wish.wished),
        )

    @staticmethod
    def _style(wish: Wish | None) -> Style:
        if wish is None:
            return Style.HEADING
        if wish.feasible:
            return Style.DONE
        return Style.WARNING if wish.within_reach else Style.REFUSED

    # --- today ------------------------------------------------------------------------------------

    def _today(self, page: Page) -> None:
        """What is to be done today, by whom, and what only waits."""
        legs, errands = self._schedule
        today = self.forecast.plan.today
        found = tasks(legs, errands, today)
        self._tasks(page, "plan.today.pressing", [task for task in found if task.latest <= today])
        self._tasks(page, "plan.today.ready", [task for task in found if task.latest > today])
        waiting = [leg for leg in legs if leg.start == today and not leg.ready]
        if waiting:
            page.blank()
            page.heading(self._say("plan.today.waiting"))
            page.table([(self._name(leg), self._until(leg)) for leg in waiting], indent="  ")

    def _tasks(self, page: Page, heading: str, tasks: Sequence[Leg | Errand]) -> None:
        if not tasks:
            return
        page.blank()
        page.heading(self._say(heading))
        for number, task in enumerate(tasks, 1):
            rows = [(self._say("refused.who"), self._posts(task.who))]
            if isinstance(task, Leg):
                rows += [
                    (self._say("plan.wanted"), self._refusals.words(unmet).evidence)
                    for unmet in task.unmet[:1]
                ]
            page.line(self.task(task), first=f"  {number}. ")
            page.pairs([*rows, *self._latest(task.latest)], indent="     ")

    def _latest(self, latest: date) -> Iterator[tuple[str, str]]:
        if latest > self.forecast.plan.today:
            yield self._say("plan.latest"), self.days.full(latest)

    def _until(self, leg: Leg) -> str:
        return self._say("plan.until", day=self.days.full(self._ends(leg)))

    @staticmethod
    def _ends(leg: Leg) -> date:
        return max(stretch.wait.until for stretch in leg.waits)

    # --- the way there ----------------------------------------------------------------------------

    def _timeline(self, page: Page, plan: Plan) -> None:
        """Every open step with its days and slack, the agenda and the meeting."""
        legs, errands = self._schedule
        told = () if self._shortened else plan.paths
        on_path = {link.step.id for way in told for link in way}
        *first, tabling = [
            (self._short(each.day), self._wording.command(each.command), self._till(each.latest))
            for each in errands
        ]
        rows = [
            (self._span(leg.start, leg.done), self._name(leg), self._slack(leg, on_path))
            for leg in legs
        ]
        page.blank()
        page.heading(self._say("plan.timeline"))
        page.table([*first, *rows, tabling], indent="  ")
        for number, way in enumerate(told, 1):
            code = "plan.path" if len(told) == 1 else "plan.path_of_several"
            mark = self._say(code, number=number)
            page.line(self._chain(plan, way), first=f"  {mark}")

    def _slack(self, leg: Leg, on_path: set[str]) -> str:
        return self._say(
            "plan.slack_running" if leg.running else "plan.slack",
            latest=self._short(leg.latest),
            slack=self.days.units(leg.slack, Unit.CALENDAR_DAYS),
            critical=self._say("plan.critical") if leg.step.id in on_path else "",
        )

    def _till(self, latest: date) -> str:
        return self._say("plan.till", latest=self._short(latest))

    def _chain(self, plan: Plan, way: tuple[Link, ...]) -> str:
        """A critical path on one line."""
        links = [
            self._say("plan.link", step=link.step.name, span=self._span(link.since, link.until))
            for link in way
        ]
        if plan.tabled_from is not None and plan.meeting is not None:
            links.append(
                self._say(
                    "plan.link",
                    step=self._wording.command("propose_agenda_item"),
                    span=self._short(plan.tabled_from),
                )
            )
            day = self._short(plan.meeting)
            links.append(self._say("plan.link", step=self._say("plan.meeting"), span=day))
        return self._say("plan.then").join(links)

    # --- periods ----------------------------------------------------------------------------------

    def _periods(self, page: Page, plan: Plan) -> None:
        """Every wait with its law and its arithmetic, and the notice of the agenda."""
        page.blank()
        page.heading(self._say("plan.periods"))
        for leg in self._schedule[0]:
            for stretch in leg.waits:
                self._period(page, leg.step, stretch)
        if self._shortened:
            return  # The notice is counted for the meeting without shortenings.
        rule = self.forecast.standing.procedure.rules[NOTICE]
        for count in plan.notice:
            page.line(self.days.story(self._say("plan.notice"), count), first="  ")
        page.line(self._law(rule.citations), first="    ", style=Style.QUIET)

    def _period(self, page: Page, step: Step, stretch: Stretch) -> None:
        wait, words = stretch.wait, self._wording
        rule = words.rule(step.id, wait.rule.id)
        what = self._say("plan.period", step=words.step(step.id), rule=rule)
        for count in stretch.counts:
            page.line(self.days.story(what, count), first="  ")
        if wait.chosen:
            page.line(self._say("plan.announced", day=self.days.full(wait.until)), first="    ")
        page.line(self._law(wait.rule.citations), first="    ", style=Style.QUIET)

    def _law(self, citations: tuple[Citation, ...]) -> str:
        cited = self._say("days.between").join(map(self._wording.citation, citations))
        return self._say("plan.law", law=cited)

    # --- shortenings ------------------------------------------------------------------------------

    def _shortenings(self, page: Page, wish: Wish) -> None:
        """What would lawfully make the wish, and what would not."""
        page.blank()
        if not wish.alone:
            page.line(self._say("plan.shorten.nothing"), style=Style.REFUSED)
            return
        page.heading(self._say("plan.shorten.heading", wished=self.days.full(wish.wished)))
        for number, variant in enumerate(wish.variants, 1):
            self._variant(page, number, variant)
        if not wish.within_reach:
            page.line(self._say("plan.shorten.in_vain"), style=Style.REFUSED)

    def _variant(self, page: Page, number: int, variant: Variant) -> None:
        makes = "makes_it" if variant.makes_it else "too_late"
        told = self._say(
            f"plan.shorten.{makes}",
            steps=tuple(
                self._say(
                    "plan.period",
                    step=each.step.name,
                    rule=self._wording.rule(each.step.id, each.rule.id),
                )
                for each in variant.shortenings
            ),
            day=self.days.full(variant.meeting),
        )
        style = Style.DONE if variant.makes_it else Style.REFUSED
        page.line(told, first=f"  {number}. ", style=style)
        for each in variant.shortenings if variant.makes_it else ():
            page.line(self._terms(each), first="     ")

    def _terms(self, each: Shortening) -> str:
        """How far a period would be shortened, by whom and with which reason."""
        unit = each.rule.unit or Unit.CALENDAR_DAYS
        return self._say(
            f"plan.shorten.{each.means.value}",
            step=each.step.name,
            whole=self.days.units(each.rule.value or 0, unit),
            amount=self.days.units(each.amount or 0, unit),
            until="" if each.until is None else self.days.full(each.until),
            posts=self._posts(each.by, each.people),
            law=self._say("days.between").join(map(self._wording.citation, each.citations)),
        )

    # --- remarks ----------------------------------------------------------------------------------

    def _remarks(self, page: Page, plan: Plan) -> None:
        page.blank()
        page.line(self._say("plan.remark"), style=Style.QUIET)
        for each in plan.assumptions:
            told = self._say(
                f"plan.assumption.{each.what.value}", steps=tuple(step.name for step in each.steps)
            )
            page.line(told, style=Style.QUIET)
            if each.citations:
                page.line(self._law(each.citations), first="  ", style=Style.QUIET)

    # --- words ------------------------------------------------------------------------------------

    @property
    def _schedule(self) -> tuple[tuple[Leg, ...], tuple[Errand, ...]]:
        """Steps and acts; where a wished day is within reach, with the last days for that one."""
        wish, plan = self.forecast.wish, self.forecast.plan
        if wish is not None and (wish.feasible or wish.within_reach):
            return wish.legs, wish.errands
        return plan.legs, plan.errands

    @property
    def _shortened(self) -> bool:
        """Whether what is told rests on shortenings: the plan's own way there is another then."""
        wish = self.forecast.wish
        return wish is not None and wish.within_reach

    @cached_property
    def _wording(self) -> Wording:
        standing = self.forecast.standing
        return Wording(self.catalogue, standing.procedure, standing.directory)

    @cached_property
    def _refusals(self) -> Refusals:
        standing = self.forecast.standing
        return Refusals(
            self.catalogue, self._wording, standing.directory, standing.facts, standing.today
        )

    def _posts(self, holders: tuple[Holder, ...], able: tuple[str, ...] | None = None) -> str:
        standing = self.forecast.standing
        posts = tuple(
            dict.fromkeys(
                post for each in holders for post in self._wording.posts(each, standing.facts)
            )
        )
        asked = tuple(each for each in holders if each.of != Relation.ANY_UNIT)
        people = standing.directory.people(asked, standing.facts, standing.today)
        listed = self._say("days.between").join(posts)
        accounts = tuple(held.person for held in people) if able is None else able
        code = "refused.posts_held" if accounts else "refused.posts"
        return self._say(code, posts=listed, accounts=accounts)

    def task(self, task: Leg | Errand) -> str:
        """What is to be done: the act, or where several would do the step that it is for."""
        if isinstance(task, Errand):
            return self._wording.command(task.command)
        return self._name(task) if task.act is None else self._wording.command(task.act)

    def _name(self, leg: Leg) -> str:
        return self._wording.step(leg.step.id)

    def _span(self, first: date, last: date) -> str:
        if first == last:
            return self._short(first)
        return self._say("plan.span", first=self._short(first), last=self._short(last))

    def _short(self, day: date) -> str:
        return self.days.short(day, self.forecast.plan.today)

    def _say(self, code: str, **values: object) -> str:
        return self.catalogue.text(code, **values)
