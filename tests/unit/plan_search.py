"""A second opinion on plans: walk forward day by day and do whatever may be done.

It knows the moves of a definition and the judges of its kinds, counts days on its fingers, and uses
neither the courses of the kinds nor anything of the planning.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from procedures.dates import load_days
from procedures.kinds import KINDS
from procedures.opinions import BY_PARTY, answers, heard, tables
from tests.reasons import rulings
from tests.unit.builders import COUNSEL, EXPERT, GOOD, OTHER_EXPERT, TODAY, act, directory
from workflow.calendar import Direction, Span, Unit
from workflow.canonical import digest_of
from workflow.counting import Counting
from workflow.definition import Answer, Gate, Nature, Procedure, Rule, Step
from workflow.facts import Facts, Record, as_list
from workflow.guards import REACH, Lens, assess_step
from workflow.ports import StepKind, StepPayload, View
from workflow.retainers import Retainers

ONE_DAY: Final = timedelta(days=1)
LOOKED_AHEAD: Final = 150
MOST_ROUNDS: Final = 20
STUCK_AFTER: Final = timedelta(days=150)
REVIEW: Final = "legality_review"
EXPERTS: Final = (EXPERT, OTHER_EXPERT, "expert.law")
VIEWS: Final = tuple(
    {"source": source, "summary": "不同意见", "treatment": "已经说明理由"}
    for source in ("public", "participation", "hearing", "department", "group", "expert")
)

#: Ways to hear the public, the least demanding first.
METHODS: Final = (("seminar",), ("hearing",), ("open_call",), ("open_call", "hearing"))


@cache
def works() -> Mapping[date, bool]:
    """Every day that a case can meet, and whether it is worked."""
    table = load_days()
    first, last = date(2025, 1, 1).toordinal(), date(2029, 12, 31).toordinal()
    days = map(date.fromordinal, range(first, last + 1))
    return {day: table.day(day).working for day in days}


class OnFingers(Counting):
    """The periods of rules, each day told off one by one."""

    __slots__ = ()

    def end(
        self,
        rule: Rule,
        start: date,
        pauses: tuple[Span, ...] = (),
        direction: Direction = Direction.LATER,
    ) -> tuple[date, bool]:
        assert rule.counting is not None
        counting = self.rules[rule.counting]
        onward = ONE_DAY if direction is Direction.LATER else -ONE_DAY
        left, day, known = rule.value or 0, start, works()

        def paused(day: date) -> bool:
            return rule.paused and any(day in span for span in pauses)

        assert not counting.start_day_counted
        while left:
            day += onward
            if not paused(day) and (rule.unit is Unit.CALENDAR_DAYS or known[day]):
                left -= 1
        if counting.clear_days:
            day += onward
            while paused(day):
                day += onward
        while counting.roll and (not known[day] or paused(day)):
            day += onward
        others = [self.end(other, start, pauses, direction)[0] for other in rule.also]
        farthest = max if direction is Direction.LATER else min
        return farthest((day, *others)), False


@cache
def fingers() -> OnFingers:
    days = load_days()
    return OnFingers(days, days.rules)


@cache
def retained() -> Retainers:
    """Both firms, retained throughout: walks begin in other years than the sample's retainers."""
    found = directory().retainers
    always = (replace(each, since=date.min, until=date.max) for each in found.all)
    return replace(found, all=tuple(always))


@dataclass
class Walker:
    """A matter acted on day by day; `held_back` are steps not to be touched before a day.

    `meeting` is the day that it is to be heard on, where that is settled.
    """

    rules: Procedure
    answers: Mapping[str, Answer]
    today: date
    kinds: Mapping[str, StepKind] = field(default_factory=lambda: KINDS)
    stage: str = "proposed"
    records: tuple[Record, ...] = ()
    paused_since: date | None = None
    lead_unit: str | None = None
    co_units: tuple[str, ...] = ()
    text: int = 0
    held_back: Mapping[str, date] = field(default_factory=dict)
    meeting: date | None = None
    _facts: Facts | None = None
    _closed: dict[str, bool] = field(default_factory=dict)
    _places: dict[tuple[str, str, str], str | None] = field(default_factory=dict)

    @property
    def facts(self) -> Facts:
        if self._facts is None:
            self._facts = Facts(
                number="2026-1",
                title="收费标准",
                stage=self.stage,
                version=len(self.records),
                answers=self.answers,
                proposing_unit="planning_construction",
                lead_unit=self.lead_unit,
                co_units=self.co_units,
                paused_since=self.paused_since,
                records=self.records,
            )
        return self._facts

    def copy(self, **changes: Any) -> Walker:
        return replace(self, **changes, _facts=None, _closed={})

    def become(self, other: Walker) -> None:
        self.records, self.stage, self.text = other.records, other.stage, other.text
        self._facts, self._closed = None, {}

    def lens(self) -> Lens:
        return Lens(self.rules, self.kinds, fingers(), self.today, self.meeting)

    def view(self, step: Step, by: str = "planning.clerk") -> View:
        return View(
            self.rules,
            step,
            self.facts,
            fingers(),
            self.today,
            by,
            {name: unit.name for name, unit in directory().units.items()},
            lambda _: frozenset(EXPERTS),
            lambda _: frozenset(("expert_pool",)),
            lambda _act, _day: frozenset(EXPERTS),
            meeting=self.meeting,
            persons=(by,),
            unit=next(held.unit for held in directory().of_person(by, self.today)),
            retainers=retained(),
        )

    def closed(self, step: Step) -> bool:
        found = self._closed.get(step.id)
        if found is None:
            found = assess_step(self.lens(), step, self.facts).state.closed
            self._closed[step.id] = found
        return found

    def planned_methods(self) -> list[Step]:
        """Open steps that the plan of participation names, whether or not an answer asks for them.

        And those begun without a plan; a hearing once announced is held.
        They must be gone through before participation can be reported on.
        """
        found: list[Step] = []
        for step in self.open_steps():
            plan = self.facts.last("file_participation_plan", step=step)
            if step.kind == "participation":
                named = () if plan is None else tuple(as_list(plan.payload["methods"]))
                found += (
                    each
                    for each in self.rules.steps.values()
                    if each.kind in named
                    or (each.kind in {"open_call", "hearing"} and self.facts.begun(each))
                )
        return [
            step
            for step in found
            if self.facts.waiver(step) is None
            and not self.kinds[step.kind].assess(self.view(step)).state.closed
        ]

    def next_day(self) -> None:
        self.today += ONE_DAY
        self._closed = {}

    def open_steps(self) -> Iterator[Step]:
        """The steps that stand in the way of an agenda."""
        for step in self.rules.steps.values():
            if step.before in REACH[Gate.AGENDA] and not self.closed(step):
                yield step

    def passes(self, gate: Gate) -> bool:
        return all(step.before not in REACH[gate] for step in self.open_steps())

    # --- acting -----------------------------------------------------------------------------------

    def lets(self, command: str, outcome: str = "") -> bool:
        """Whether the stage has a place for the command."""
        if not self._places:
            for move in self.rules.moves:
                for stage in move.sources:
                    self._places.setdefault((move.command, move.outcome, stage), move.to)
        return (command, outcome, self.stage) in self._places

    def core(
        self, command: str, outcome: str = "", step: str | None = None, **kept: object
    ) -> bool:
        """A command of the lifecycle; whether it was done."""
        if not self.lets(command, outcome):
            return False
        if self.paused_since is not None and command != "resume":
            return False
        if command == "start" and not self.passes(Gate.START):
            return False
        if command == "resume" and self.paused_since is None:
            return False
        if command == "pause":
            self.paused_since = self.today
        elif command == "resume":
            self.paused_since = None
        elif command == "assign":
            self.lead_unit = "planning_construction"
        self._file(command, outcome, step, "planning.clerk", kept)
        return True

    def revise(self, nature: Nature) -> bool:
        """A new version of the text."""
        self.text += 1
        return self.core(
            "revise_draft",
            nature.value,
            nature=nature.value,
            authors=["planning.clerk"],
            digest=digest_of(f"{self.text}"),
        )

    def act(self, step: Step, command: str, by: str = "planning.clerk", **changes: Any) -> bool:
        """An act of a step; whether it was done."""
        if self.paused_since is not None or self.today < self.held_back.get(step.id, self.today):
            return False
        found = self.kinds[step.kind].acts[command]
        if not any(self.lets(command, outcome) for outcome in found.outcomes):
            return False
        if found.gate is not None:
            if not self.passes(found.gate):
                return False
        elif any(not self.closed(self.rules.steps[name]) for name in step.after) > found.ahead:
            return False
        if command == "classify":
            changes["rulings"] = rulings(self.rules)
        payload = paper(command, self.today, **changes)
        ruling = found.judge(self.view(step, by), payload)
        if ruling.unmet:
            return False
        kept = {**payload.journal_form(), **ruling.extra}
        self._file(command, ruling.outcome, step.id, by, kept)
        return True

    def _file(
        self, command: str, outcome: str, step: str | None, by: str, kept: Mapping[str, object]
    ) -> None:
        number = 0 if self.facts.draft is None else self.facts.draft.number
        record = Record(
            position=len(self.records) + 1,
            command=command,
            step=step,
            outcome=outcome,
            actor=by,
            principal=None,
            unit=self.facts.study_unit if command == "study" else "planning_construction",
            role="clerk",
            payload=kept,
            draft=number + (command == "revise_draft"),
            filed_on=self.today,
        )
        self.records += (record,)
        self.stage = self._places.get((command, outcome, self.stage)) or self.stage
        self._facts, self._closed = None, {}

    # --- searching --------------------------------------------------------------------------------

    def resume(self) -> None:
        if self.paused_since is not None:
            self.core("resume")

    def do_what_may_be_done(self, *, hold_back_submission: bool = False) -> None:
        """Everything that today allows on the way to the agenda."""
        for _ in range(MOST_ROUNDS):
            before = len(self.records)
            for step in tuple(self.open_steps()):
                if step.id != REVIEW:
                    self.work(step)
            self.core("start")
            if self.lead_unit is None:
                self.core("assign")
            if self.facts.draft is None:
                self.revise(Nature.FIRST)
            others = [step for step in self.open_steps() if step.id != REVIEW]
            review = self.rules.steps.get(REVIEW)
            if review and self.stage != "review_passed" and not (hold_back_submission and others):
                self.bring_through_review(review)
            if before == len(self.records):
                return
        raise AssertionError([record.command for record in self.records])

    def work(self, step: Step) -> None:
        """Take a step as far as today allows."""
        own = {
            "adoption": self.answer,
            "expert_argument": self.argue,
            "hearing": self.hear,
            "open_call": self.call,
            "participation": self.involve,
        }
        if step.kind in own:
            own[step.kind](step)
            return
        for command in self.kinds[step.kind].acts:
            owed = step.rules.get("evidence")
            papers: dict[str, Any] = {"papers": list(owed.choices)} if owed else {}
            if step.kind == "risk_assessment":
                papers["opposition"] = {"statement": "逐一写明", "views": list(VIEWS)}
            self.act(step, command, **papers)

    def involve(self, step: Step) -> None:
        """The plan with as few methods as there may be, and the report on those planned."""
        plan = self.facts.last("file_participation_plan", step=step)
        for methods in METHODS if plan is None else ():
            if self.act(step, "file_participation_plan", methods=list(methods)):
                return
        planned = () if plan is None else tuple(as_list(plan.payload["methods"]))
        for method in self.planned_methods():
            self.work(method)
        done = [
            {"method": str(name), "held_on": self.today.isoformat(), "summary": "已经办结"}
            for name in planned
        ]
        if done:
            self.act(step, "file_participation_report", activities=done)

    def answer(self, step: Step) -> None:
        """The table that turns down everything that has no answer yet."""
        given = heard(self.facts)
        answered = answers(tables(self.rules, self.facts), given)
        owed = [
            *((source, key) for source, key in given.listed if source != "counsel"),
            *(("public", str(number)) for number in range(1, given.received + 1)),
        ]
        opinions = [
            {
                "source": source,
                **({"party": key} if source in BY_PARTY else {"number": int(key)}),
                "summary": "意见",
                "disposition": "not_adopted",
                "reason": "理由",
            }
            for source, key in owed
            if (source, key) not in answered
        ]
        self.act(step, "adopt_opinions", opinions=opinions)
        self.act(step, "publish_adoption")

    def call(self, step: Step) -> None:
        self.act(step, "close_open_call")
        found = assess_step(self.lens(), step, self.facts)
        wants = {unmet.code for unmet in found.unmet}
        if wants & {"open_call.not_published", "open_call.text_changed"}:
            for closes_on in self.days_from_now():
                if self.act(step, "publish_open_call", closes_on=closes_on.isoformat()):
                    return
                if not self.lets("publish_open_call"):
                    return

    def hear(self, step: Step) -> None:
        notice, *preparing, session, record = (name for name in self.kinds["hearing"].acts)
        announced = self.facts.last(notice, step=step)
        if announced is None:
            self.announce(step, notice, preparing)
            return

        before = announced.position
        for command in preparing:
            if self.outdated(step, command, before) and not self.act(step, command):
                self.announce(step, notice, preparing)
                return
            filed = self.facts.last(command, step=step)
            before = before if filed is None else filed.position
        if self.outdated(step, session, before):
            self.act(step, session, held_on=announced.text("held_on"))
        self.act(step, record)

    def outdated(self, step: Step, command: str, before: int) -> bool:
        """Whether an act is still to be done that must follow another one."""
        filed = self.facts.last(command, step=step)
        return filed is None or filed.position < before

    def announce(self, step: Step, notice: str, preparing: list[str]) -> None:
        """A hearing on the first day for which all that must come before it is in time today."""
        for held_on in self.days_from_now() if self.lets(notice) else ():
            trial = self.copy()
            announced = trial.act(step, notice, held_on=held_on.isoformat())
            if announced and all(trial.act(step, command) for command in preparing):
                self.become(trial)
                return

    def argue(self, step: Step) -> None:
        found = assess_step(self.lens(), step, self.facts)
        if {unmet.code for unmet in found.unmet} & {"expert_argument.not_chosen"}:
            self.act(step, "choose_experts")
        for expert in EXPERTS:
            self.act(step, "declare_interest", by=expert, expert=expert)
            self.act(step, "file_expert_opinion", by=expert, expert=expert)

    def bring_through_review(self, step: Step) -> None:
        refused = self.lets("submit_for_review") and not self.act(step, "submit_for_review")
        if refused and self.passes(Gate.REVIEW) and self.facts.reviews:
            # What comes back must not be what was refused; a report may have been added to.
            trial = self.copy()
            trial.act(self.rules.steps["research"], "file_research")
            if trial.act(step, "submit_for_review"):
                self.become(trial)
        self.act(step, "accept_papers")
        if self.stage == "awaiting_changes" and not self.confirmed(step):
            trial = self.copy()
            trial.revise(Nature.EDITORIAL)
            if trial.confirmed(step):
                self.become(trial)
            elif self.passes(Gate.REVIEW):
                self.act(step, "return_papers")
        if self.stage == "under_review":
            self.counselled(step)
            self.act(step, "give_review_verdict")

    def confirmed(self, step: Step) -> bool:
        self.counselled(step)
        return self.act(step, "confirm_changes")

    def counselled(self, step: Step) -> None:
        if self.facts.last("record_counsel_opinion", step=step) is None:
            self.act(step, "record_counsel_opinion", COUNSEL)

    def days_from_now(self) -> Iterator[date]:
        for ahead in range(LOOKED_AHEAD):
            yield self.today + ahead * ONE_DAY


@dataclass(frozen=True)
class Found:
    """What a walk came to: the agenda's first day, the first meeting, each step's closing."""

    gate: date
    meeting: date
    closed: Mapping[str, date]


def search(start: Walker) -> Found | None:
    """The first day on which a meeting can hear the matter, and how the walk to it goes.

    Where an exception may end before a meeting, day after day is tried.
    """
    found = _search(start)
    if not any("exception" in record.payload for record in start.records):
        return found
    first = start.today if found is None else found.meeting
    for later in range(LOOKED_AHEAD):
        held_on = first + later * ONE_DAY
        found = _search(start.copy(meeting=held_on))
        if found is not None and found.meeting <= held_on:
            return replace(found, meeting=held_on)
    return None


def _search(start: Walker) -> Found | None:
    """The best way: on with it at once, else papers sent in last, else papers back first."""
    for back, hold_back in ((False, False), (False, True), (True, False), (True, True)):
        walker = start.copy()
        walker.resume()
        if not back or walker.act(walker.rules.steps[REVIEW], "return_papers"):
            found = _walk(walker, hold_back=hold_back)
            if found is not None:
                return found
    return None


def _walk(walker: Walker, *, hold_back: bool) -> Found | None:
    closed: dict[str, date] = {}
    last_done = walker.today
    while walker.today < last_done + STUCK_AFTER:
        before = len(walker.records)
        walker.do_what_may_be_done(hold_back_submission=hold_back)
        if len(walker.records) > before:
            last_done = walker.today
        open_ = {step.id for step in walker.open_steps()}
        still = open_ | {step.id for step in walker.planned_methods()}
        for name in walker.rules.steps.keys() - still:
            closed.setdefault(name, walker.today)
        if not open_ and walker.lets("propose_agenda_item"):
            return Found(walker.today, first_meeting(walker.rules, walker.today), closed)
        walker.next_day()
    return None


def when_closed(walker: Walker, step: Step) -> date | None:
    """The day on which a step is closed by whoever works on nothing else; None if on none."""
    walker = walker.copy()
    for _ in range(LOOKED_AHEAD):
        walker.do_what_may_be_done()
        if walker.closed(step):
            return walker.today
        walker.next_day()
    return None


def first_meeting(rules: Procedure, gate: date) -> date:
    """The first day for which the notice can still be in time on the day of the gate."""
    day = gate
    while fingers().latest(rules.rules["agenda.notice"], day)[0] < gate:
        day += ONE_DAY
    return day


# --- papers ---------------------------------------------------------------------------------------

_PAPERS: Final[dict[object, StepPayload]] = {}


def paper(command: str, today: date, **changes: Any) -> StepPayload:
    """The payload that is in order today."""
    key = (command, today, repr(changes))
    if key not in _PAPERS:
        if len(_PAPERS) > 10_000:
            _PAPERS.clear()
        given = {**_dated(GOOD[command], today.isoformat()), **changes}
        _PAPERS[key] = act(command).payload.model_validate(given)
    return _PAPERS[key]


def _dated(value: Any, today: str) -> Any:
    """The same with every mention of the day of the samples replaced."""
    if isinstance(value, Mapping):
        return {name: _dated(each, today) for name, each in value.items()}
    if isinstance(value, list):
        return [_dated(each, today) for each in value]
    return today if value == TODAY else value
