"""A year of random life: matters, meetings, pauses, returns, withdrawals, and people who are slow.

Everything goes through the real service, at instants that are never the same twice.  What was
accepted is in the journal, which is all that the oracle is given of it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from random import Random
from typing import Final

from tests.integration import house as h
from tests.integration.house import LOCAL, Act, Zone, always, days
from tests.year.duties import Period, periods

SUPERIOR: Final = "superior.director"
SECRETARY: Final = "party.secretary"
MEMBERS: Final = (SECRETARY, "party.member.1", "party.member.2")
WHO: Final = {"decision_level": "superior"}
PLAIN: Final = {**h.PLAIN, **WHO}
QUICK: Final = {**h.QUICK, **WHO}
#: The kinds of matters, and how many of thirteen are of each.
KINDS: Final = (
    (4, QUICK),
    (2, PLAIN),
    (2, {**QUICK, "technical": True}),
    (2, {**PLAIN, "hearing_required_by_law": True, "direct_interests": True}),
    (1, {**PLAIN, "technical": True, "direct_interests": True}),
    (2, {**PLAIN, "stability_risk": True, "direct_interests": True}),
)
_DAY: Final = timedelta(days=1)
_MOST_TRIES: Final = 4
LEGAL_HEAD: Final = "legal.head"
#: Whoever duties are assigned to, and how many of these are taken care of at all.
DOERS: Final = (h.KEEPER, h.OFFICE_HEAD, LEGAL_HEAD, "legal.reviewer.1")
_DUTIFUL: Final = 0.8

#: An act with the least and the most days that pass before it; None stands for no more acts.
Step = tuple[Act, int, int]
Flow = Generator[Step, bool, None]


def opening(today: date) -> dict[str, object]:
    return {
        "held_on": today.isoformat(),
        "chair": SECRETARY,
        "recorder": h.KEEPER,
        "present": list(MEMBERS),
    }


OPEN: Final = Act("open_meeting", h.KEEPER, opening, about="meeting")
CANCEL: Final = Act(
    "cancel_meeting", h.KEEPER, always(cause="postponed", reasons="改期"), about="meeting"
)
CLOSE: Final = Act(
    "close_meeting",
    h.KEEPER,
    always(minutes="会议研究了各项议题。", issued_by=SECRETARY),
    about="meeting",
)
BALLOT: Final = Act(
    "take_ballot",
    h.KEEPER,
    always(mode="hand", votes=[{"person": who, "vote": "for"} for who in MEMBERS]),
    about="both",
)
CONCLUDE: Final = Act(
    "conclude_item", h.KEEPER, always(conclusion="adopted", decision="同意。"), about="both"
)
REQUEST: Final = Act(
    "submit_request",
    h.KEEPER,
    lambda today: {
        "addressee": "济源示范区党工委",
        "number": "济高管〔2026〕请1号",
        "submitted_on": today.isoformat(),
        "asks": "请求批准。",
        "one_matter": True,
        "bypasses_level": False,
    },
)
REPLY: Final = Act(
    "record_reply",
    h.KEEPER,
    lambda today: {
        "number": "济管复〔2026〕31号",
        "replied_on": today.isoformat(),
        "result": "approved",
        "opinion": "同意。",
    },
)
MINUTES: Final = h.COST_AUDIT.by(h.KEEPER).with_(
    step="superior_meeting", evidence="上级会议纪要", papers=["superior_minutes"]
)
SIGN: Final = Act("sign_document", SUPERIOR, always(approval="同意印发。"))
ISSUE: Final = Act("issue", h.KEEPER, always(series="济高管"))
CHARGE: Final = Act(
    "assign_execution",
    SUPERIOR,
    lambda today: {
        "units": ["planning_construction"],
        "duties": "执行。",
        "due_on": days(today, 40),
    },
)
SHORT_CALL: Final = Act(
    "publish_open_call",
    h.CLERK,
    lambda today: {
        "closes_on": days(today, 20),
        "channels": ["government_site"],
        "how_to_answer": "来信",
        "explanation": "起草说明",
        "reason_for_shortening": "汛期将至，工程须在雨季以前招标。",
    },
)
PUBLISH: Final = Act(
    "publish_decision",
    h.CLERK,
    lambda today: {
        "released_by": h.HEAD,
        "secrecy_reviewed": True,
        "published_on": today.isoformat(),
        "places": [{"channel": "website", "proof": "门户网站"}],
        "reason_for_delay": "网站检修，推迟公布。",
    },
)
EXEMPT: Final = Act(
    "exempt_publication",
    h.HEAD,
    always(
        released_by=h.OFFICE_HEAD,
        secrecy_reviewed=True,
        ground="internal",
        basis="政府信息公开条例第十六条",
        reasons="内部管理事项，对外没有影响。",
        reason_for_delay="核对依据，推迟认定。",
    ),
)
EXPLAIN: Final = Act(
    "publish_interpretation",
    h.CLERK,
    lambda today: {
        "released_by": h.HEAD,
        "secrecy_reviewed": True,
        "published_on": today.isoformat(),
        "channel": "website",
        "proof": "门户网站",
        "adopted": "采纳了低收入家庭减免的意见。",
        "reason_for_delay": "等待收费系统切换后一并说明。",
    },
)
COMPLETE: Final = Act(
    "complete_execution",
    h.HEAD,
    lambda today: {
        "done_on": today.isoformat(),
        "result": "已经执行完毕。",
        "reason_for_delay": "施工延误，推迟完成。",
    },
)


@dataclass
class Case:
    """A matter on its way, as those who work on it see it."""

    number: str
    answers: h.Payload
    gone: bool = False
    wants_meeting: bool = False
    decided: bool = False
    hearing_on: date | None = None


@dataclass
class Life:
    """What happens in a zone, from instant to instant; `until` is called up to each."""

    zone: Zone
    luck: Random
    last: date
    leaving: Callable[[str, date, str], None] | None = None
    cases: list[Case] = field(default_factory=list)
    done: int = 0
    refused: int = 0
    _queue: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    # when

    def at(self, day: date) -> datetime:
        """An instant of office hours, never the same twice."""
        seconds = self.luck.randrange(9 * 3600, 18 * 3600)
        return datetime.combine(day, time(), LOCAL) + timedelta(
            seconds=seconds, microseconds=next(self._numbers) % 1_000_000
        )

    def plan(self, day: date, do: Callable[[], object]) -> None:
        # What follows on the same day comes afterwards, and not earlier in it.
        at = max(self.at(day), self.zone.house.clock.now() + timedelta(seconds=61))
        heappush(self._queue, (at, next(self._numbers), do))

    def plan_at(self, at: datetime, do: Callable[[], object]) -> None:
        heappush(self._queue, (at, next(self._numbers), do))

    def run(self) -> None:
        """Let everything happen, in its order, up to the last day."""
        while self._queue:
            at, _, do = heappop(self._queue)
            if at.astimezone(LOCAL).date() > self.last:
                return
            self.zone.house.clock.set(at)
            do()

    # what

    def give(self, act: Act, case: Case | None = None, meeting: str | None = None) -> bool:
        """Give a command; whether it was done."""
        self.zone.matter = None if case is None else case.number
        self.zone.meeting = meeting
        outcome = self.zone.try_(replace(act, wait=0))
        if outcome.done:
            self.done += 1
            if act.makes == "matter":
                self.zone.matter = outcome.matter
            if act.makes == "meeting":
                self.zone.meeting = outcome.meeting
            return True
        self.refused += 1
        return False

    def begin(self, first: date, matters: int) -> None:
        """Plan all matters and meetings of the year."""
        length = (self.last - first).days
        for _ in range(matters):
            day = first + timedelta(days=self.luck.randrange(max(1, length * 3 // 4)))
            self.plan(day, self._propose)
        day = first + timedelta(days=5)
        while day < self.last:
            self.plan(day, self._meeting)
            day += timedelta(days=self.luck.randrange(14, 30))
        day = first + timedelta(days=20)
        while day < self.last:
            self.plan(day, self._lend)
            day += timedelta(days=self.luck.randrange(20, 60))
        for year in range(first.year, self.last.year + 1):
            for period in periods(year):
                if self.luck.random() < _DUTIFUL:
                    day = period.opens + timedelta(days=self.luck.randrange(60))
                    self.plan(max(first, day), partial(self._charge, period))

    def _propose(self) -> None:
        luck = self.luck
        answers = luck.choices([kind for _, kind in KINDS], [weight for weight, _ in KINDS])[0]
        if not self.give(h.propose(answers)):
            return
        case = Case(str(self.zone.matter), answers)
        self.cases.append(case)
        self._go(case, self._course(case), None)
        today = self.zone.today
        if luck.random() < 0.35:
            self.plan(today + timedelta(days=luck.randrange(5, 90)), lambda: self._pause(case))
        if luck.random() < 0.12:
            self.plan(today + timedelta(days=luck.randrange(3, 90)), lambda: self._withdraw(case))

    def _pause(self, case: Case) -> None:
        if self.give(h.PAUSE, case):
            later = self.zone.today + timedelta(days=self.luck.choice((0, 1, 3, 9, 20, 45)))
            self.plan(later, lambda: self._resume(case))

    def _resume(self, case: Case) -> None:
        self.give(h.RESUME, case)
        if self.luck.random() < 0.3:
            later = self.zone.today + timedelta(days=self.luck.randrange(1, 30))
            self.plan(later, lambda: self._pause(case))

    def _withdraw(self, case: Case) -> None:
        if self.give(h.WITHDRAW, case):
            case.gone, case.wants_meeting = True, False

    def _lend(self) -> None:
        who = self.luck.sample((h.KEEPER, h.OFFICE_HEAD, h.CLERK, h.HEAD), 2)
        long = self.luck.randrange(2, 30)
        if self.give(h.grant(who[1], actor=who[0], until=long)) and self.leaving is not None:
            # Whoever lends for a while is mostly away for it, or for a little longer.
            away = self.zone.today + timedelta(days=long + self.luck.randrange(-2, 4))
            self.leaving(who[0], max(self.zone.today, away), who[1])

    # what comes every quarter

    def _charge(self, period: Period) -> None:
        """Assign a duty to somebody, who may not be of a post that carries it out."""
        person = self.luck.choice(DOERS)
        charge = always(**period.of, person=person)
        if self.give(Act("assign_duty", h.KEEPER, charge, about="")):
            later = self.zone.today + timedelta(days=self.luck.randrange(3, 70))
            if self.luck.random() < 0.1:
                self.plan(later, partial(self._charge, period))
            self.plan(later, partial(self._evidence, period, person, list(period.papers)))

    def _evidence(self, period: Period, person: str, owed: list[str]) -> None:
        """File what shows it, now and then not all of it at once."""
        now = owed[: self.luck.randint(1, len(owed))]
        paper = always(
            **period.of,
            done_on=self.zone.today.isoformat(),
            summary="已经办理。",
            papers=[{"kind": each, "proof": "归档"} for each in now],
        )
        if not self.give(Act("file_duty_evidence", person, paper, about="")):
            return
        later = self.zone.today + timedelta(days=self.luck.randrange(1, 30))
        if left := owed[len(now) :]:
            self.plan(later, partial(self._evidence, period, person, left))
        else:
            by = next(each for each in (h.OFFICE_HEAD, LEGAL_HEAD) if each != person)
            end = always(**period.of, reasons="人员调整，推迟办理。")
            self.plan(later, partial(self.give, Act("close_duty", by, end, about="")))

    # a matter

    def _go(self, case: Case, course: Flow, done: bool | None, tries: int = 0) -> None:
        """Plan the next act of a course; people are slow, and some never go on."""
        try:
            step = next(course) if done is None else course.send(done)
        except StopIteration:
            return
        self._later(case, course, step, tries)

    def _later(self, case: Case, course: Flow, step: Step, tries: int) -> None:
        act, least, most = step
        if self.luck.random() < 0.015:
            return
        wait = least + self.luck.randrange(max(1, most - least + 1))
        if self.luck.random() < 0.04:
            wait += 25

        day = self.zone.today + timedelta(days=wait)
        if act.command == "hold_hearing" and case.hearing_on is not None:
            day = max(self.zone.today, case.hearing_on)

        def do() -> None:
            if case.gone:
                return
            if self.give(act, case):
                if act.command == "publish_hearing_notice":
                    case.hearing_on = self.zone.today + 20 * _DAY
                    if self.luck.random() < 0.3:
                        # Not everything that was announced is held.
                        later = self.zone.today + timedelta(days=self.luck.randrange(4, 12))
                        self.plan(later, lambda: self._withdraw(case))
                self._go(case, course, True)
            elif tries < _MOST_TRIES:
                self._later(case, course, (act, 2, 9), tries + 1)
            else:
                self._go(case, course, False)

        self.plan(day, do)

    def _course(self, case: Case) -> Flow:
        """From the study to the end; how long each thing takes is luck."""
        answers = case.answers
        for act in (h.STUDY, h.CLASSIFY, h.START.by(SUPERIOR), h.ASSIGN.by(SUPERIOR)):
            yield act, 0, 4
        for act in h.before_review(answers):
            waits = {"close_open_call": (46, 55), "hold_hearing": (0, 0)}
            waits |= {"publish_hearing_list": (0, 3), "deliver_hearing_papers": (0, 11)}
            least, most = waits.get(act.command, (0, 5))
            short = act.command == SHORT_CALL.command and self.luck.random() < 0.2
            yield (SHORT_CALL if short else act), least, most
        yield from self._review()
        # Whoever sits in the meeting takes it from here.
        case.wants_meeting = True

    def _after(self, case: Case) -> Flow:
        """From the decision to the end of its execution."""
        answers = case.answers
        yield REQUEST.with_(number=f"济高管〔2026〕请{int(case.number[-4:])}号"), 0, 5
        yield REPLY, 3, 40
        yield MINUTES, 0, 3
        yield SIGN, 0, 3
        yield ISSUE, 0, 3
        yield CHARGE, 0, 8
        quick = answers["confidential_by_law"]
        yield (EXEMPT if quick else PUBLISH), 0, 45
        if answers["direct_interests"] or answers["technical"]:
            yield EXPLAIN, 0, 40
        yield COMPLETE, 10, 60

    def _review(self) -> Flow:
        luck = self.luck
        while True:
            yield h.SUBMIT, 0, 5
            while luck.random() < 0.3:
                yield h.RETURN, 0, 6
                yield h.SUBMIT, 0, 6
            yield h.ACCEPT, 0, 7
            if luck.random() < 0.15:
                yield h.RETURN, 0, 6
                continue
            if luck.random() < 0.4:
                yield h.ASK_COUNSEL, 0, 2
            yield h.COUNSEL_OPINION, 0, 9
            if luck.random() < 0.15:
                yield h.UNLAWFUL, 8, 25
                yield h.REWRITE, 0, 9
                continue
            yield h.VERDICT, 8, 25
            return

    # a meeting

    def _meeting(self) -> None:
        ahead = self.luck.randrange(6, 18)
        held_on = self.zone.today + timedelta(days=ahead)
        convene = h.CONVENE.with_(held_on=held_on.isoformat())
        if not self.give(convene):
            return
        code = str(self.zone.meeting)
        today = self.zone.today
        if self.luck.random() < 0.15:
            self.plan(today + timedelta(days=ahead - 1), lambda: self._call_off(code))
            return
        for case in self.luck.sample(self.cases, min(2, len(self.cases))):
            for _ in range(self.luck.randrange(4)):
                later = today + timedelta(days=self.luck.randrange(ahead))
                self.plan(later, partial(self._try_to_table, case, code))
        fixed = held_on - timedelta(days=self.luck.choice((2, 2, 3, 4)))
        self.plan(max(today, fixed - _DAY), lambda: self._table(code))
        self.plan(max(today, fixed), lambda: self._freeze(code))
        self.plan(held_on, lambda: self._hold(code))

    def _call_off(self, code: str) -> None:
        self.give(CANCEL, meeting=code)

    def _table(self, code: str) -> None:
        for case in self.cases:
            if case.wants_meeting and not case.gone and not case.decided:
                self._tick()
                self.give(h.TABLE, case, code)

    def _try_to_table(self, case: Case, code: str) -> None:
        """Somebody wants it on the agenda though it is not ready."""
        if not (case.wants_meeting or case.decided or case.gone):
            self.give(h.TABLE, case, code)

    def _freeze(self, code: str) -> None:
        if not self.give(h.FREEZE, meeting=code):
            self._tick()
            self.give(CANCEL, meeting=code)

    def _hold(self, code: str) -> None:
        if not self.give(OPEN, meeting=code):
            return
        for case in self.cases:
            if not case.wants_meeting or case.decided or case.gone:
                continue
            done = True
            for who in (*MEMBERS[1:], SECRETARY):
                self._tick()
                said = always(person=who, stance="support", text="同意，材料齐全。")
                if not self.give(Act("record_statement", h.KEEPER, said, about="both"), case, code):
                    done = False
                    break
            if done:
                self._tick()
                self.give(BALLOT, case, code)
                self._tick()
                if self.give(CONCLUDE, case, code):
                    case.decided, case.wants_meeting = True, False
                    self._go(case, self._after(case), None)
        self._tick()
        self.give(CLOSE, meeting=code)

    def _tick(self) -> None:
        clock = self.zone.house.clock
        clock.set(clock.now() + timedelta(seconds=1))
