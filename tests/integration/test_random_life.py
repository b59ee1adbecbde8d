"""Random people give random commands; whatever they do, no uncleared text is ever on an agenda.

What is true after each step is found out anew, from plain rows and by rules written down here a
second time and in another way, so that a mistake of the engine has nobody to cover for it.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any, ClassVar, Final

import pytest
import yaml
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, text

from api.founding import found
from procedures.book import LAW
from tests.integration import house as h
from tests.integration.house import Act, Zone, sample
from tests.integration.raw import GENESIS
from tests.integration.test_service_commands import CASES
from workflow.errors import BadInput, Conflict, NotFound
from workflow.inquiry import Standing

# --- what must be true, written a second time -----------------------------------------------------


class Untoward(AssertionError):
    """Something that must never be so is so."""


@dataclass(frozen=True)
class Filed:
    """A record as it lies in its row."""

    position: int
    command: str
    step: str | None
    persons: frozenset[str]
    unit: str
    payload: Mapping[str, Any]
    draft: int
    on: date


@dataclass(frozen=True)
class Case:
    """All that a listed matter rests on."""

    number: str
    answers: Mapping[str, Any]
    co_units: Sequence[str]
    listed_on: date
    filed: tuple[Filed, ...]

    def all(self, command: str, since: int = 0) -> list[Filed]:
        return [each for each in self.filed if each.command == command and each.position > since]

    def last(self, command: str, since: int = 0) -> Filed | None:
        return next(reversed(self.all(command, since)), None)


def assigned(case: Case) -> bool:
    return any(each.payload["unit"] for each in case.all("assign_study"))


def studied(case: Case) -> bool:
    headings = {"problem", "grounds", "outline", "necessity", "feasibility"}
    paper, assignment = case.last("study"), case.last("assign_study")
    if paper is None or not headings <= paper.payload.keys():
        return False
    return assignment is None or paper.unit == assignment.payload["unit"]


def classified(case: Case) -> bool:
    ruling = case.last("classify")
    if ruling is None:
        return False
    spared = {
        "hearing_required_by_law": False,
        "direct_interests": False,
        "technical": False,
        "stability_risk": False,
        "confidential_by_law": True,
    }
    owed = {name for name, answer in spared.items() if case.answers[name] is answer}
    return owed <= {each["question"] for each in ruling.payload["rulings"]}


def researched(case: Case) -> bool:
    return bool(case.all("file_research")) and any(
        each.payload["items"] for each in case.all("file_legal_basis")
    )


def consulted(case: Case) -> bool:
    file = case.last("file_consultation")
    if file is None:
        return False
    opinions = file.payload["opinions"]
    disputed = any(each["position"] == "disagrees" for each in opinions)
    heard = {each["unit"] for each in opinions}
    return heard >= set(case.co_units) and (not disputed or "dispute" in file.payload)


def called(case: Case) -> bool:
    notice = case.last("publish_open_call")
    if notice is None:
        return False
    closes_on = date.fromisoformat(notice.payload["closes_on"])
    long_enough = closes_on >= notice.on + timedelta(days=30)
    if not (long_enough or notice.payload.get("reason_for_shortening")):
        return False
    closing = case.last("close_open_call", notice.position)
    if closing is None or closing.on <= closes_on:
        return False
    received = closing.payload["received"]
    return received > 0 or bool(closing.payload.get("channel_proof"))


def took_part(case: Case) -> bool:
    """A plan, every method of it or begun that leaves traces gone through, a report after all."""
    plan = case.last("file_participation_plan")
    if plan is None:
        return False
    report = case.last("file_participation_report", plan.position)
    traces = {"open_call": "close_open_call", "hearing": "sign_hearing_record"}
    begun = {"open_call": "publish_open_call", "hearing": "publish_hearing_notice"}
    followed = {*plan.payload["methods"], *(each for each in begun if case.last(begun[each]))}
    ended = {each: case.last(traces[each]) for each in followed if each in traces}
    return report is not None and all(
        waived(case, method) if end is None else end.position < report.position
        for method, end in ended.items()
    )


def talked(case: Case) -> bool:
    plan, talks = case.last("file_participation_plan"), case.last("file_group_talks")
    named = set() if plan is None else set(plan.payload["groups"])
    return talks is not None and named <= {each["group"] for each in talks.payload["talks"]}


def answered(case: Case) -> bool:
    """Whoever asked for something was told afterwards what became of it, and why not."""
    owed: dict[tuple[str, Any], int] = {}
    closing = case.last("close_open_call")
    if closing is not None:
        numbers = range(1, closing.payload["received"] + 1)
        owed |= {("public", number): closing.position for number in numbers}
    talks = case.last("file_group_talks")
    if talks is not None:
        numbers = range(1, len(talks.payload["talks"]) + 1)
        first = next(
            each.position
            for each in case.all("file_group_talks")
            if each.payload["talks"] == talks.payload["talks"]
        )
        owed |= {("group", number): first for number in numbers}
    record = case.last("sign_hearing_record")
    if record is not None:
        said = [each["number"] for each in record.payload.get("opinions", [])]
        owed |= {("hearing", number): record.position for number in said}
    file = case.last("file_consultation")
    for opinion in [] if file is None else file.payload["opinions"]:
        if opinion["position"] != "agrees":
            owed["department", opinion["unit"]] = 0
    for opinion_ in case.all("file_expert_opinion"):
        if opinion_.payload["conclusion"] != "supports":
            owed["expert", opinion_.payload["expert"]] = opinion_.position
    given: dict[tuple[str, Any], tuple[int, Mapping[str, Any]]] = {
        (entry["source"], entry.get("party", entry.get("number"))): (table.position, entry)
        for table in case.all("adopt_opinions")
        for entry in table.payload.get("opinions", [])
    }
    explained = all(
        entry.get("passage") if entry["disposition"] == "adopted" else entry.get("reason")
        for _, entry in given.values()
    )
    since = 0 if closing is None else closing.position
    stated = case.last("adopt_opinions", since) is not None or not heard_anybody(case)
    answered_since = all(key in given and given[key][0] > owed[key] for key in owed)
    return bool(explained) and stated and answered_since


def heard_anybody(case: Case) -> bool:
    questions = ("touches_other_units", "hearing_required_by_law", "technical", "specific_groups")
    return not case.answers["confidential_by_law"] or any(case.answers[each] for each in questions)


def heard(case: Case) -> bool:
    notice = case.last("publish_hearing_notice")
    if notice is None:
        return False
    held_on = date.fromisoformat(notice.payload["held_on"])
    sides = set(notice.payload["sides"])
    list_ = case.last("publish_hearing_list", notice.position)
    papers = list_ and case.last("deliver_hearing_papers", list_.position)
    session = papers and case.last("hold_hearing", papers.position)
    if (
        list_ is None
        or papers is None
        or session is None
        or notice.on > held_on - timedelta(days=11)
    ):
        return False
    receipts = papers.payload["receipts"]
    in_time = all(
        date.fromisoformat(each["delivered_on"]) <= held_on - timedelta(days=8) for each in receipts
    )
    listed = {each["participant"] for each in list_.payload["participants"]}
    served = {each["participant"] for each in receipts}
    stood_for = {each["side"] for each in list_.payload["participants"]}
    if len(sides) < 2 or not in_time or served != listed or not stood_for >= sides:
        return False
    signed = case.last("sign_hearing_record", session.position)
    if signed is None or session.payload["held_on"] != notice.payload["held_on"]:
        return False
    settled = {
        each["participant"]
        for each in signed.payload["signatures"]
        if each["signed"] or each.get("note")
    }
    present = set(session.payload["present"])
    return session.on >= held_on and listed >= present and settled == present


def argued(case: Case) -> bool:
    employers = {
        each["expert"]: each["employer"]
        for choice in (*case.all("publish_draw"), *case.all("choose_experts"))
        for each in choice.payload["experts"]
    }
    chosen = {
        each["expert"]
        for choice in case.all("choose_experts")
        for each in choice.payload["experts"]
    }
    declared = case.all("declare_interest")
    interested = {each.payload["expert"] for each in declared if each.payload["direct_interest"]}
    released = {each.payload["expert"] for each in case.all("release_expert")}
    for draw in case.all("draw_experts"):
        notice = [n for n in case.all("publish_draw") if n.position < draw.position][-1].payload
        seed = "".join(sign for sign in draw.payload["seed"] if sign.isdigit())
        places = notice["places"]
        lots = {
            hashlib.sha256(f"{seed}\n{case.number}\n{each['expert']}".encode()).hexdigest(): each[
                "expert"
            ]
            for each in notice["experts"]
        }
        for lot in sorted(lots):
            # Who fell out made room for the next.
            if places and lots[lot] not in chosen:
                places -= lots[lot] not in interested | released
                chosen.add(lots[lot])
    spoken = {
        each.payload["expert"]
        for each in case.all("file_expert_opinion")
        if each.payload["signed"] and each.persons == {each.payload["expert"]}
    }
    free = chosen - interested
    return (
        {each.payload["expert"] for each in declared} >= chosen
        and len(free & spoken) >= 3
        and len({employers[each] for each in free & spoken}) >= 2
        and free <= spoken
    )


def assessed(case: Case) -> bool:
    report = case.last("file_risk_assessment")
    if report is None:
        return False
    told = report.payload
    return bool(
        told["grade"] == "low"
        and told["points"]
        and told.get("contingency_plan")
        and told["departments_heard"]
    )


def fair(case: Case) -> bool:
    changed = max(
        (
            each.draft
            for each in case.all("revise_draft")
            if each.payload["nature"] == "substantive"
        ),
        default=0,
    )
    review = case.last("file_fair_competition_review")
    if review is None or review.draft < changed:
        return False
    if review.payload["conclusion"] == "exception":
        return date.fromisoformat(review.payload["exception"]["ends_on"]) > case.listed_on
    return bool(review.payload["conclusion"] == "compliant")


def budgeted(case: Case) -> bool:
    line = case.last("confirm_budget_line")
    return line is not None and line.payload["covered"] is True


def audited(case: Case) -> bool:
    filed = [each for each in case.all("file_evidence") if each.step == "cost_audit"]
    return bool(filed and filed[-1].payload["concluded"])


def examined(case: Case) -> bool:
    filed = [each for each in case.all("file_evidence") if each.step == "environmental_assessment"]
    papers = {name for each in filed for name in each.payload.get("papers", ())}
    owed = {"environmental_report", "environmental_review"}
    return bool(filed and filed[-1].payload["concluded"] and papers >= owed)


def asked(question: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda answers: answers[question] is True


ALWAYS: Final = lambda _: True  # noqa: E731 (it stands beside the questions)
STEPS: Final[Mapping[str, tuple[Callable[[Mapping[str, Any]], bool], Callable[[Case], bool]]]] = {
    "study_assignment": (lambda answers: answers["origin"] != "department", assigned),
    "study": (ALWAYS, studied),
    "classification": (ALWAYS, classified),
    "research": (ALWAYS, researched),
    "department_consultation": (asked("touches_other_units"), consulted),
    "open_call": (lambda answers: not answers["confidential_by_law"], called),
    "participation": (lambda answers: not answers["confidential_by_law"], took_part),
    "group_talks": (asked("specific_groups"), talked),
    "adoption": (ALWAYS, answered),
    "hearing": (asked("hearing_required_by_law"), heard),
    "expert_argument": (asked("technical"), argued),
    "risk_assessment": (asked("stability_risk"), assessed),
    "fair_competition": (asked("market_activity"), fair),
    "budget": (asked("spends_money"), budgeted),
    "cost_audit": (asked("sets_price"), audited),
    "environmental_assessment": (asked("environmental_impact"), examined),
}
WAIVABLE: Final = {"open_call", "expert_argument", "risk_assessment"}


def waived(case: Case, step: str) -> bool:
    """The newest ruling on the step says that it does not apply; somebody else had asked."""
    rulings = [each for each in case.all("rule_waiver") if each.payload["step"] == step]
    requests = [each for each in case.all("request_waiver") if each.payload["step"] == step]
    if step not in WAIVABLE or not rulings or not requests or not rulings[-1].payload["approved"]:
        return False
    asking = frozenset(person for each in requests for person in each.persons)
    return not asking & rulings[-1].persons


def demand(holds: object, *told: object) -> None:
    if not holds:
        raise Untoward(*told)


def _moves() -> set[tuple[str, str, str]]:
    """Every command with the stages that it leads from and to, read from the files as they are."""
    found_: set[tuple[str, str, str]] = set()
    whole = (LAW / "common_course.yaml").read_text("utf-8")
    # Only this block, which any reader of YAML can take; the zone adds no moves of its own.
    block = whole[whole.index("\nmoves:") : whole.index("\nalerts:")]
    for move in yaml.safe_load(block)["moves"]:
        commands = move["command"] if isinstance(move["command"], list) else [move["command"]]
        for command in commands:
            for stage in move["from"]:
                found_.add((command, stage, move.get("to", stage)))
    return found_


MOVES: Final = _moves()


@dataclass
class Watch:
    """Looks at the rows of one organisation after each step."""

    code: str
    entries: int = 0
    previous: str = GENESIS

    def look(self, connection: Connection) -> int:
        """Raise Untoward where something must not be so; gives how many items are listed."""
        self._journal(connection)
        self._stages(connection)
        listed = self._rows(
            connection,
            "SELECT matter.id, matter.number, matter.answers, matter.co_units, "
            "matter.current_draft_id, matter.stage, matter.paused_since, clearance.draft_id, "
            "clearance.digest, clearance.review_id, agenda_item.listed_at "
            "FROM agenda_item JOIN clearance ON clearance.id = agenda_item.clearance_id "
            "JOIN matter ON matter.id = agenda_item.matter_id "
            "JOIN organisation ON organisation.id = agenda_item.organisation_id "
            "WHERE agenda_item.removed_at IS NULL AND organisation.code = :code",
        )
        for item in listed:
            self._item(connection, item)
        return len(listed)

    def _journal(self, connection: Connection) -> None:
        for row in self._rows(
            connection,
            "SELECT seq, previous, digest, body FROM journal JOIN organisation "
            "ON organisation.id = journal.organisation_id "
            f"WHERE code = :code AND seq > {self.entries} ORDER BY seq",
        ):
            told = json.loads(row.body)
            demand(row.seq == self.entries + 1, "a gap", row.seq)
            demand(row.previous == told["previous"] == self.previous, "a broken link", row.seq)
            demand(hashlib.sha256(row.body.encode()).hexdigest() == row.digest, "edited", row.seq)
            if told["status"] == "done" and told.get("stage", [None, None])[1] is not None:
                before, after = told["stage"]
                move = (told["command"], before or "proposed", after)
                demand(move in MOVES, "no such move", move)
            self.entries, self.previous = row.seq, row.digest

    def _stages(self, connection: Connection) -> None:
        """A matter stands where its newest accepted act left it, one version for each."""
        for row in self._rows(
            connection,
            "SELECT matter.stage, matter.version, matter.number, count(record.id) AS records, "
            "max(record.journal_seq) AS newest FROM matter "
            "JOIN record ON record.matter_id = matter.id "
            "JOIN organisation ON organisation.id = matter.organisation_id "
            "WHERE code = :code GROUP BY matter.id, matter.stage, matter.version, matter.number",
        ):
            demand(row.version == row.records, "versions and records differ", row.number)
            (entry,) = self._rows(
                connection,
                "SELECT body FROM journal JOIN organisation "
                "ON organisation.id = journal.organisation_id "
                f"WHERE code = :code AND seq = {row.newest}",
            )
            demand(json.loads(entry.body)["stage"][1] == row.stage, "another stage", row.number)

    def _item(self, connection: Connection, item: Any) -> None:
        drafts = self._rows(
            connection, f"SELECT id, number, text FROM draft WHERE matter_id = {item.id}"
        )
        newest = max(drafts, key=lambda row: row.number)
        demand(item.stage == "tabled", "listed in another stage", item.number, item.stage)
        demand(item.paused_since is None, "paused", item.number)
        demand(item.current_draft_id == newest.id == item.draft_id, "another text", item.number)
        digest = hashlib.sha256(newest.text.encode()).hexdigest()
        demand(digest == item.digest, "another digest", item.number)
        reviews = self._rows(
            connection,
            "SELECT id, position, digest, passed, draft_id FROM review "
            f"WHERE matter_id = {item.id} ORDER BY position",
        )
        demand(reviews, "no review", item.number)
        review = reviews[-1]
        demand(review.id == item.review_id, "an older review", item.number)
        demand(review.passed and review.digest == digest, "not passed", item.number)
        case = self._case(connection, item)
        for step, (applies, done) in STEPS.items():
            if applies(case.answers):
                demand(done(case) or waived(case, step), "an open step", step, item.number)
        verdict = next(each for each in case.filed if each.position == review.position)
        authors = {
            author for each in case.all("revise_draft") for author in each.payload["authors"]
        }
        demand(verdict.command in ("give_review_verdict", "confirm_changes"), "no verdict")
        demand(not authors & verdict.persons, "a drafter reviewed", authors & verdict.persons)

    def _case(self, connection: Connection, item: Any) -> Case:
        filed = self._rows(
            connection,
            "SELECT position, command, step, actor, principal, unit, payload, draft_number, "
            f"filed_on FROM record WHERE matter_id = {item.id} ORDER BY position",
        )
        return Case(
            number=item.number,
            answers=_json(item.answers),
            co_units=_json(item.co_units),
            listed_on=_day(item.listed_at),
            filed=tuple(
                Filed(
                    row.position,
                    row.command,
                    row.step,
                    frozenset({row.actor, row.principal} - {None}),
                    row.unit,
                    json.loads(row.payload),
                    row.draft_number,
                    _day(row.filed_on),
                )
                for row in filed
            ),
        )

    def _rows(self, connection: Connection, sql: str) -> list[Any]:
        values = {"code": self.code} if ":code" in sql else {}
        return list(connection.execute(text(sql), values))


def _json(value: Any) -> Any:
    """PostgreSQL gives JSON columns as what they say, SQLite as text."""
    return json.loads(value) if isinstance(value, str) else value


def _day(value: Any) -> date:
    """A day of the organisation, from whatever the database gives for it."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if len(value) > 10 else date.fromisoformat(value)
    if isinstance(value, datetime):
        return (value.replace(tzinfo=None) + timedelta(hours=8)).date()
    assert isinstance(value, date)
    return value


# --- what people do -------------------------------------------------------------------------------

PEOPLE: Final = tuple(person.account for person in sample().people)
REVIEWERS: Final = (h.REVIEWER, h.OTHER_REVIEWER, h.LEGAL_HEAD)
NOW: Final = {
    act.command: replace(act, wait=0)
    for act in (h.CLOSE, h.HEARING, h.VERDICT, h.WITH_CHANGES, h.UNLAWFUL)
}
VERDICTS: Final = tuple(replace(act, wait=0) for act in (h.VERDICT, h.WITH_CHANGES, h.UNLAWFUL))
ANSWER: Final = {
    "source": "public",
    "number": 1,
    "summary": "太高",
    "disposition": "adopted",
    "passage": "第一条",
    "draft": 1,
}
ANSWERED: Final = h.ADOPT.with_(opinions=[ANSWER])
ANSWERED_HEARING: Final = h.ADOPT.with_(opinions=[{**ANSWER, "source": "hearing"}])
ANSWERED_GROUP: Final = h.ADOPT.with_(opinions=[{**ANSWER, "source": "group"}])
CURES: Final[Mapping[str, tuple[Act, ...]]] = {
    "assignment.missing": (h.ASSIGN_STUDY,),
    "study.missing": (h.STUDY,),
    "study.other_unit": (h.STUDY,),
    "classification.missing": (h.CLASSIFY,),
    "research.report_missing": (h.RESEARCH,),
    "research.legal_basis_missing": (h.BASIS,),
    "department_consultation.missing": (h.CONSULT,),
    "department_consultation.unit_not_heard": (h.CONSULT,),
    "open_call.not_published": (h.DRAFT, h.PUBLISH),
    "open_call.still_open": (NOW["close_open_call"],),
    "open_call.not_closed": (NOW["close_open_call"],),
    "open_call.not_planned": (h.PLAN_OF_BOTH, h.PLAN),
    "participation.plan_missing": (h.PLAN_OF_BOTH, h.PLAN),
    "participation.report_missing": (h.REPORT,),
    "group_talks.missing": (h.TALKS,),
    "group_talks.group_not_heard": (h.TALKS,),
    "adoption.missing": (h.ADOPT,),
    "adoption.opinions_missing": (ANSWERED, ANSWERED_GROUP, ANSWERED_HEARING),
    "open_call.text_changed": (h.PUBLISH,),
    "hearing.not_announced": (h.HEARING_NOTICE,),
    "hearing.list_missing": (h.HEARING_LIST,),
    "hearing.papers_not_served": (h.HEARING_PAPERS,),
    "hearing.not_held": (NOW["hold_hearing"],),
    "hearing.record_missing": (h.HEARING_RECORD,),
    "expert_argument.not_chosen": (h.CHOOSE,),
    "expert_argument.declarations_missing": tuple(map(h.declare, h.EXPERTS)),
    "expert_argument.too_few_opinions": tuple(map(h.opine, h.EXPERTS)),
    "expert_argument.opinions_missing": tuple(map(h.opine, h.EXPERTS)),
    "risk_assessment.missing": (h.RISK,),
    "risk_assessment.not_controllable": (h.RISK,),
    "fair_competition.missing": (h.DRAFT, h.COMPETITION),
    "fair_competition.violation": (h.COMPETITION,),
    "budget.missing": (h.BUDGET,),
    "budget.not_covered": (h.BUDGET,),
    "declared.missing": (h.COST_AUDIT, h.ENVIRONMENT),
    "declared.not_concluded": (h.COST_AUDIT, h.ENVIRONMENT),
}
STOCK: Final = (
    *(replace(case.act, wait=0) for case in CASES.values()),
    *(replace(case.unlawful, wait=0) for case in CASES.values()),
    *VERDICTS,
    h.RULE_WAIVER.with_(step="expert_argument"),
    h.REQUEST_WAIVER.with_(step="expert_argument"),
    h.RULE_WAIVER.with_(approved=False),
    h.PUBLISH.with_(closes_on="2026-03-10", reason_for_shortening="应急"),
    NOW["close_open_call"].with_(received=1, channel_proof=None),
    ANSWERED,
    ANSWERED.with_(opinions=[{**ANSWER, "disposition": "not_adopted"}]),
    h.PLAN.with_(methods=["seminar"]),
    h.PLAN_OF_BOTH,
    h.CONSULT.with_(opinions=[]),
    h.COMPETITION.with_(conclusion="violation"),
    h.BUDGET.with_(covered=False),
    h.COST_AUDIT.with_(concluded=False),
    h.RISK.with_(grade="high"),
    h.declare("expert.law").with_(direct_interest=True),
    h.CHOOSE.with_(experts=[{"expert": "expert.operator", "field": "运营", "employer": "企业"}]),
    h.SHARE,
    h.ASSIGN.with_(co_units=["finance", "discipline"]),
    h.CLASSIFY.with_(answers={"technical": True}),
    h.CLASSIFY.with_(answers={"touches_other_units": True}),
)
ANSWERS: Final = tuple(
    {**base, **more}
    for base in (h.QUICK, h.PLAIN)
    for more in (
        {},
        {"technical": True, "touches_other_units": True},
        {"hearing_required_by_law": True, "stability_risk": True},
        {"specific_groups": True},
        {"market_activity": True, "spends_money": True},
        {"sets_price": True, "spends_money": True, "origin": "citizens"},
        {"environmental_impact": True},
    )
)


@dataclass(frozen=True)
class Way:
    """How those go about it who do what ought to be done; at one stage they may be hasty."""

    verdict: Act
    authors: tuple[str, ...]
    hasty: str


class Life(RuleBasedStateMachine):
    """One organisation, some matters and meetings, and people who do as they like.

    There is one rule with many turns, because Hypothesis leaves out whole rules for whole lives.
    """

    zone: ClassVar[Zone]
    numbers: ClassVar[Iterator[int]] = count(1)
    seen: ClassVar[Counter[str]] = Counter()

    def __init__(self) -> None:
        super().__init__()
        organisation = sample(f"life-{next(self.numbers)}")
        house = self.zone.house
        self.home = Zone(self.zone.url, house, organisation.id)
        self.home.on(h.FIRST_DAY)
        found(house.uow, organisation, house.clock)
        self.watch = Watch(organisation.id)
        self.matters: list[str] = []
        self.meetings: list[str] = []
        self.mandates: list[int] = []
        self.texts = 0
        self.was_listed = False

    @initialize(answers=st.sampled_from(ANSWERS))
    def begin(self, answers: Mapping[str, object]) -> None:
        self._try(h.propose(answers))

    @rule(turn=st.deferred(lambda: TURNS))
    def live(self, turn: Callable[[Life], None]) -> None:
        turn(self)

    def propose(self, answers: Mapping[str, object]) -> None:
        if len(self.matters) < 3:
            self._try(h.propose(answers))

    def go_on(self, matter: int, steps: int, way: Way) -> None:
        """People do the next few things that ought to be done."""
        self._about(matter)
        for _ in range(steps):
            if not self._next(way):
                return

    def do_something(
        self, act: Act, actor: str | None, place: tuple[int, int], mandate: int | None
    ) -> None:
        """Somebody does something, fitting or not."""
        self._about(*place)
        more: dict[str, Any] = {}
        if mandate is not None and self.mandates:
            more["mandate"] = self.mandates[mandate % len(self.mandates)]
        self._try(act if actor is None else act.by(actor), **more)

    def revise(self, matter: int, nature: str, authors: list[str], text_: int) -> None:
        """The text is changed, or said to be; now and then an earlier one comes back."""
        self._about(matter)
        self._try(h.DRAFT.with_(text=f"第{text_}稿", nature=nature, authors=sorted({*authors})))

    def lend(self, principal: str, agent: str) -> None:
        if len(self.mandates) < 4:
            self._try(h.grant(agent, actor=principal))

    def let_time_pass(self, days: int) -> None:
        if self.home.today.year < 2030:
            self.home.wait(days)

    @invariant()
    def nothing_untoward(self) -> None:
        with self.home.house.uow.read() as connection:
            self.was_listed |= self.watch.look(connection) > 0

    def teardown(self) -> None:
        self.seen["lives"] += 1
        self.seen["listed"] += self.was_listed
        demand(self.home.flaws() == [], "the journal does not verify")

    def _about(self, matter: int, meeting: int = 0) -> None:
        self.home.matter = self.matters[matter % len(self.matters)] if self.matters else "2026-0001"
        self.home.meeting = (
            self.meetings[-1 - meeting % len(self.meetings)] if self.meetings else "M2026-001"
        )

    def _try(self, act: Act, **more: Any) -> bool:
        """Give a command; bad input and what is not there is told by errors, trouble never."""
        try:
            outcome = self.home.try_(act, **more)
        except (BadInput, NotFound, Conflict):
            self.seen["failed"] += 1
            return False
        self.seen["done" if outcome.done else "refused"] += 1
        if outcome.done and act.command == "propose" and outcome.matter is not None:
            self.matters.append(outcome.matter)
        if outcome.done and act.command == "convene_meeting" and outcome.meeting is not None:
            self.meetings.append(outcome.meeting)
        if outcome.done and act.command == "grant_mandate" and outcome.result is not None:
            self.mandates.append(int(str(outcome.result["mandate"])))
        return outcome.done

    def _next(self, way: Way) -> bool:
        """The next thing that ought to be done on a matter, as far as its stage tells."""
        if not self.matters:
            return False
        standing = self.home.standing()
        if standing.facts.paused_since is not None:
            return self._try(h.RESUME)
        ways: dict[str, Callable[[], bool]] = {
            "proposed": lambda: self._duly(standing, way, lambda: self._try(h.START)),
            "started": lambda: self._try(h.SHARE) or self._try(h.ASSIGN),
            "drafting": lambda: self._prepare(standing, way),
            "returned": lambda: self._prepare(standing, way),
            "review_failed": lambda: self._prepare(standing, way),
            "awaiting_review": lambda: self._try(h.ACCEPT) or self._try(h.RETURN),
            "under_review": lambda: self._judge(way),
            "awaiting_changes": lambda: self._change(standing, way),
            "review_passed": lambda: self._table(standing, way),
        }
        stage = standing.facts.stage
        return stage in ways and ways[stage]()

    def _prepare(self, standing: Standing, way: Way) -> bool:
        if standing.facts.draft is None:
            return self._try(h.DRAFT.with_(authors=way.authors))
        if standing.facts.stage == "review_failed":
            self.texts += 1
            return self._try(h.REWRITE.with_(text=f"第{self.texts}次重写", authors=way.authors))
        return self._duly(standing, way, lambda: self._try(h.SUBMIT))

    def _judge(self, way: Way) -> bool:
        self._try(h.COUNSEL_OPINION)
        self.home.wait(20)
        return any(self._try(way.verdict.by(reviewer)) for reviewer in REVIEWERS)

    def _change(self, standing: Standing, way: Way) -> bool:
        draft, last = standing.facts.draft, standing.facts.reviews[-1]
        if draft is not None and draft.digest == last.digest:
            self.texts += 1
            return self._try(h.EDIT.with_(text=f"第{self.texts}次修改", authors=way.authors))
        return self._duly(
            standing,
            way,
            lambda: any(self._try(h.CONFIRM.by(reviewer)) for reviewer in REVIEWERS),
        )

    def _table(self, standing: Standing, way: Way) -> bool:
        self._try(h.CONVENE)
        self.home.meeting = self.meetings[-1]
        return self._duly(standing, way, lambda: self._try(h.TABLE))

    def _duly(self, standing: Standing, way: Way, leap: Callable[[], bool]) -> bool:
        """The diligent do what is still open before they go on; the hasty try the other way."""
        if standing.facts.stage == way.hasty:
            return leap() or self._cure(standing)
        return self._cure(standing) or leap()

    def _cure(self, standing: Standing) -> bool:
        """Do what an open step asks for, if anything can be done about it."""
        wanted = [unmet for each in standing.assessments.values() for unmet in each.unmet]
        for unmet in wanted:
            if unmet.code == "open_call.still_open" and unmet.earliest is not None:
                self.home.on(max(self.home.today, unmet.earliest))
            notice = standing.facts.last("publish_hearing_notice")
            if unmet.code == "hearing.not_held" and notice is not None:
                self.home.on(max(self.home.today, notice.day("held_on")))
            done = [self._try(act) for act in CURES.get(unmet.code, ())]
            if any(done):
                return True
        return False


def turn(does: Callable[..., None], /, **how: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """What a life does, as a strategy that gives it ready to be done."""
    return st.fixed_dictionaries(how).map(lambda given: lambda life: does(life, **given))


MATTER: Final = st.sampled_from((0, 0, 0, 1, 2))
SIDES: Final = st.sampled_from((h.CLERK, h.HEAD, h.DIRECTOR, *REVIEWERS))
FORWARD: Final = turn(
    Life.go_on,
    matter=MATTER,
    steps=st.integers(3, 9),
    way=st.builds(
        Way,
        verdict=st.sampled_from((VERDICTS[0], *VERDICTS)),
        authors=st.sampled_from(((h.CLERK,), (h.CLERK,), (h.CLERK, h.REVIEWER))),
        hasty=st.sampled_from(("", "", "proposed", "drafting", "review_passed")),
    ),
)
ANYTHING: Final = turn(
    Life.do_something,
    act=st.sampled_from(STOCK),
    actor=st.one_of(st.none(), st.sampled_from(PEOPLE)),
    place=st.tuples(MATTER, st.integers(0, 2)),
    mandate=st.one_of(st.none(), st.none(), st.integers(0, 3)),
)
REVISING: Final = turn(
    Life.revise,
    matter=MATTER,
    nature=st.sampled_from(("first", "editorial", "substantive")),
    authors=st.lists(st.sampled_from((h.CLERK, *REVIEWERS)), min_size=1, max_size=3),
    text_=st.integers(1, 4),
)
TURNS: Final[st.SearchStrategy[Any]] = st.one_of(
    FORWARD,
    ANYTHING,
    FORWARD,
    ANYTHING,
    FORWARD,
    ANYTHING,
    REVISING,
    turn(Life.lend, principal=SIDES, agent=SIDES),
    turn(Life.let_time_pass, days=st.integers(0, 40)),
    turn(Life.propose, answers=st.sampled_from(ANSWERS)),
)
LIVES: Final = settings(max_examples=25, stateful_step_count=30)
BUGGED: Final = settings(
    max_examples=100,
    stateful_step_count=30,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)


@contextmanager
def lives(zone: Zone) -> Iterator[type[Life]]:
    """Lives on a database, counted from nothing."""

    class Lives(Life):
        seen: ClassVar[Counter[str]] = Counter()

    Lives.zone = zone
    yield Lives


def test_whatever_people_do_no_uncleared_text_is_on_an_agenda(zone: Zone) -> None:
    with lives(zone) as kind:
        run_state_machine_as_test(kind, settings=LIVES)
    assert kind.seen["lives"] >= 20
    assert kind.seen["listed"] * 3 >= kind.seen["lives"], kind.seen
    assert kind.seen["refused"] * 5 >= kind.seen["done"], kind.seen
    assert kind.seen["done"] * 5 >= kind.seen["refused"], kind.seen


DOORS: Final = {
    "the gate": ("workflow.guards.standing_in_way",),
    "the gate and the order of steps": (
        "workflow.guards.standing_in_way",
        "workflow.decisions.decide.out_of_order",
    ),
    "the separation of duties": ("workflow.decisions.authority._separated",),
}


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("doors", DOORS.values(), ids=DOORS)
def test_a_door_left_open_is_noticed(
    doors: tuple[str, ...], zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watch is worth something: what would let the wrong thing pass is caught."""
    for door in doors:
        monkeypatch.setattr(door, lambda *_: ())
    with lives(zone) as kind, pytest.raises(Untoward):
        run_state_machine_as_test(kind, settings=BUGGED)
