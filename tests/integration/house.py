"""The sample organisation on a database of the test's own, and the ways through its procedure.

A `Zone` is acted on as people do, by commands given to the service, and looked at from outside, by
plain SQL that knows nothing of the store.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from threading import Barrier, Event, local
from time import sleep
from typing import Any, Final, TypeVar
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import make_url, text

from api.bootstrap import House
from api.files.examining import Looking
from api.files.folder import Folder
from api.founding import found
from api.settings import FILES_VARIABLE, secret_file
from api.signing.keeper import Keeper
from notifications.open_dates import dates_of_house, dates_of_matter
from procedures.book import LAW, ProcedureBook
from procedures.dates import ChinaCalendars, ChinaDays, load_days
from procedures.kinds import KINDS
from procedures.organisation import ORGANISATIONS, Organisation, load_organisation
from tests.integration.raw import Intruder
from tests.reasons import sample_rulings
from workflow import tables
from workflow.canonical import digest_of
from workflow.clock import FixedClock
from workflow.errors import YichengError
from workflow.files import FileLimits, FileStore
from workflow.inquiry import Inquiry, Standing
from workflow.inquiry.published import Public
from workflow.inquiry.shifting import Shifting
from workflow.ports import StepKind
from workflow.service import Outcome, Request, Service
from workflow.service.filing import Filing
from workflow.service.rulebook import Rulebook
from workflow.service.submitting import Submitting
from workflow.signing import Shown, Signatures
from workflow.store import Store, home
from workflow.uow import UnitOfWork, check_schema, create_engine

SAMPLE: Final = "jiyuan_htz"
LOCAL: Final = ZoneInfo("Asia/Shanghai")
FIRST_DAY: Final = date(2026, 3, 2)
PATIENCE: Final = 30.0

CLERK: Final = "planning.clerk"
HEAD: Final = "planning.head"
DIRECTOR: Final = "leader.director"
KEEPER: Final = "office.keeper"
OFFICE_HEAD: Final = "office.head"
REVIEWER: Final = "legal.reviewer.1"
OTHER_REVIEWER: Final = "legal.reviewer.2"
LEGAL_HEAD: Final = "legal.head"
COUNSEL: Final = "firm.counsel"
EXPERTS: Final = ("expert.water", "expert.price", "expert.law")

Payload = Mapping[str, object]
Rows = dict[str, list[tuple[object, ...]]]

# --- what is asked at intake ----------------------------------------------------------------------

PLAIN: Final[Payload] = {
    "decision_level": "zone",
    "origin": "department",
    "category": "public_policy",
    "specific_groups": False,
    "touches_other_units": False,
    "confidential_by_law": False,
    "direct_interests": False,
    "hearing_required_by_law": False,
    "technical": False,
    "stability_risk": False,
    "market_activity": False,
    "spends_money": False,
    "people_congress": "none",
    "pricing_list": False,
    "normative_document": False,
    "expropriates_houses": False,
    "acquires_land": False,
    "sets_price": False,
    "environmental_impact": False,
    "signs_contract": False,
    "statutory_plan": False,
}
QUICK: Final[Payload] = {**PLAIN, "confidential_by_law": True}
"""Nothing is asked for but a study, research and the review."""
WHOLE: Final[Payload] = {
    **PLAIN,
    "specific_groups": True,
    "touches_other_units": True,
    "direct_interests": True,
    "hearing_required_by_law": True,
    "technical": True,
    "stability_risk": True,
    "market_activity": True,
    "spends_money": True,
    "people_congress": "none",
    "pricing_list": False,
    "normative_document": False,
    "expropriates_houses": False,
    "acquires_land": False,
    "sets_price": True,
    "environmental_impact": True,
    "signs_contract": False,
    "statutory_plan": False,
}
"""Every step is asked for."""

# --- acts -----------------------------------------------------------------------------------------


def nothing(_: date) -> Payload:
    return {}


@dataclass(frozen=True)
class Act:
    """A command as somebody gives it; `wait` are the days that pass before."""

    command: str
    actor: str
    given: Callable[[date], Payload] = nothing
    wait: int = 0
    about: str = "matter"
    makes: str = ""

    def by(self, actor: str) -> Act:
        return replace(self, actor=actor)

    def with_(self, **values: object) -> Act:
        """The same with other values; None leaves one out."""

        def given(today: date) -> Payload:
            changed = {**self.given(today), **values}
            return {name: value for name, value in changed.items() if value is not None}

        return replace(self, given=given)


def always(**payload: object) -> Callable[[date], Payload]:
    return lambda _: payload


def days(today: date, amount: int) -> str:
    return (today + timedelta(days=amount)).isoformat()


TEXT: Final = "第一条　污水处理费按用水量计收。𠮷䶮"
WHY: Final = always(reasons="情况有变")


def propose(answers: Payload = PLAIN, actor: str = CLERK) -> Act:
    payload = always(
        state_secret=False, title="污水处理收费标准调整", reasons="成本上升", answers=answers
    )
    return Act("propose", actor, payload, about="", makes="matter")


PROPOSE_SECRET: Final = Act("propose", CLERK, always(state_secret=True), about="", makes="matter")
STUDY: Final = Act(
    "study",
    CLERK,
    lambda today: {
        "done_on": today.isoformat(),
        "problem": "收不抵支",
        "grounds": "价格法",
        "necessity": "必要",
        "feasibility": "可行",
        "outline": "分三档",
    },
)
ASSIGN_STUDY: Final = Act(
    "assign_study", KEEPER, always(unit="planning_construction", reasons="属于其职责")
)
CLASSIFY: Final = Act(
    "classify",
    KEEPER,
    lambda _: {"rulings": sample_rulings(), "category_reasons": "公共政策"},
)
PART_ANSWERS: Final[Payload] = {
    "decision_level": "zone",
    "item_class": "large_fund",
    "major_decision": False,
    "signs_contract": False,
}
PART: Final = propose(PART_ANSWERS).with_(
    procedure="major_items", project="标准厂房", amount_yuan=6_000_000
)
"""Half of a project; two of them come to more than the house's threshold."""
CLASSIFY_PART: Final = CLASSIFY.with_(
    rulings=[
        {"question": name, "reasons": "低于标准"} for name in ("major_decision", "signs_contract")
    ]
)
SEPARATE: Final = Act(
    "rule_separate", LEGAL_HEAD, always(matters=["2026-0002"], reasons="两个项目")
)
EXCLUDE: Final = Act("exclude", DIRECTOR, always(ground="special_law", reasons="法律另有规定"))
START: Final = Act(
    "start", DIRECTOR, lambda today: {"decided_on": today.isoformat(), "reasons": "同意启动"}
)
DECLINE: Final = Act("decline", DIRECTOR, WHY)
WITHDRAW: Final = Act("withdraw", HEAD, WHY)
ASSIGN: Final = Act("assign", DIRECTOR, always(lead_unit="planning_construction"))
SHARE: Final = ASSIGN.with_(co_units=["finance"])
"""Only where the duties of other units are touched."""
RESEARCH: Final = Act(
    "file_research",
    CLERK,
    lambda today: {"done_on": today.isoformat(), "method": "走访", "findings": "收不抵支"},
)
BASIS: Final = Act(
    "file_legal_basis",
    CLERK,
    always(items=[{"instrument": "价格法", "article": "23", "relation": "依据"}]),
)
DRAFT: Final = Act(
    "revise_draft", CLERK, always(text=TEXT, nature="first", authors=[CLERK], explanation="初稿")
)
EDIT: Final = DRAFT.with_(text=TEXT + "。", nature="editorial", explanation="补标点")
REWRITE: Final = DRAFT.with_(text="第一条　另行规定。", nature="substantive", explanation="重写")
CONSULT: Final = Act(
    "file_consultation",
    CLERK,
    lambda today: {
        "opinions": [
            {
                "unit": "finance",
                "position": "agrees",
                "opinion": "同意",
                "given_on": today.isoformat(),
                "paper": "财函〔2026〕3号",
                "paper_dated": today.isoformat(),
            }
        ]
    },
)
OWN_OPINION: Final = Act(
    "file_unit_opinion",
    "finance.head",
    always(unit="finance", position="agrees", opinion="同意"),
)
PUBLISH: Final = Act(
    "publish_open_call",
    CLERK,
    lambda today: {
        "closes_on": days(today, 45),
        "channels": ["government_site"],
        "how_to_answer": "来信",
        "explanation": "起草说明",
    },
)
CLOSE: Final = Act("close_open_call", CLERK, always(received=0, channel_proof="截图三张"), wait=46)
ADOPT: Final = Act("adopt_opinions", CLERK, always(statement="未收到意见"))
PUBLISH_ADOPTION: Final = Act(
    "publish_adoption",
    CLERK,
    lambda today: {
        "place": "门户网站",
        "published_on": today.isoformat(),
        "looked_over_by": "planning.head",
    },
)
PLAN: Final = Act(
    "file_participation_plan",
    CLERK,
    always(methods=["open_call"], groups=["低收入家庭"], schedule="三月至四月"),
)
PLAN_OF_BOTH: Final = PLAN.with_(methods=["open_call", "hearing"])
REPORT: Final = Act(
    "file_participation_report",
    CLERK,
    lambda today: {
        "done_on": today.isoformat(),
        "activities": [
            {"method": method, "held_on": today.isoformat(), "summary": "已经办结"}
            for method in ("open_call", "hearing")
        ],
    },
)
TALKS: Final = Act(
    "file_group_talks",
    CLERK,
    lambda today: {
        "talks": [
            {
                "group": "低收入家庭",
                "counterpart": "social_body",
                "held_on": today.isoformat(),
                "opinions": "希望减免",
            }
        ]
    },
)
OPTIONS: Final = Act(
    "file_options",
    CLERK,
    always(
        options=[
            {"name": name, "content": f"分{name}", "forecast": "收支平衡"}
            for name in ("两档", "三档")
        ],
        divergence="分几档有分歧",
    ),
)
HEARING_NOTICE: Final = Act(
    "publish_hearing_notice",
    CLERK,
    lambda today: {
        "held_on": days(today, 20),
        "begins_at": "09:00",
        "place": "会议室",
        "explanation": "说明",
        "selection_method": "报名抽取",
        "sides": ["用户", "经营者"],
    },
)
HEARING_LIST: Final = Act(
    "publish_hearing_list",
    CLERK,
    always(
        participants=[
            {
                "participant": who,
                "category": category,
                "side": side,
                "serving_official": False,
            }
            for who, category, side in (
                ("用户代表一", "affected", "用户"),
                ("企业代表一", "operator", "经营者"),
            )
        ]
    ),
)
HEARING_PAPERS: Final = Act(
    "deliver_hearing_papers",
    CLERK,
    lambda today: {
        "receipts": [
            {"participant": "用户代表一", "delivered_on": today.isoformat()},
            {"participant": "企业代表一", "delivered_on": today.isoformat()},
        ]
    },
)
HEARING: Final = Act(
    "hold_hearing",
    CLERK,
    lambda today: {
        "held_on": today.isoformat(),
        "chair": "主持人",
        "recorder": "记录员",
        "present": ["用户代表一", "企业代表一"],
        "order": ["presentation", "statements", "questions", "debate", "confirmation"],
    },
    wait=20,
)
HEARING_RECORD: Final = Act(
    "sign_hearing_record",
    CLERK,
    always(
        signatures=[
            {"participant": "用户代表一", "signed": True},
            {"participant": "企业代表一", "signed": False, "note": "当场拒签"},
        ],
        pages=3,
        opinions=[{"number": 1, "side": "用户", "opinion": "希望分档"}],
        conclusions="多数赞成",
    ),
)
CHOOSE: Final = Act(
    "choose_experts",
    CLERK,
    always(
        experts=[{"expert": name, "field": "专业", "employer": f"院所{name}"} for name in EXPERTS],
        method="随机抽取",
        dissent_sought="已邀请持异议者",
    ),
)


def declare(expert: str) -> Act:
    payload = always(expert=expert, direct_interest=False, relations="无", secrecy_pledged=True)
    return Act("declare_interest", expert, payload)


def opine(expert: str) -> Act:
    return Act(
        "file_expert_opinion",
        expert,
        lambda today: {
            "expert": expert,
            "conclusion": "supports",
            "opinion": "可行",
            "signed": True,
            "signed_on": today.isoformat(),
        },
    )


RISK: Final = Act(
    "file_risk_assessment",
    CLERK,
    lambda today: {
        "done_on": today.isoformat(),
        "assessor": "第三方机构",
        "points": [{"risk": "群众不满", "likelihood": 2, "impact": 2, "measure": "解释宣传"}],
        "departments_heard": ["信访"],
        "contingency_plan": "预案",
        "opposition": {
            "statement": "逐条研究了不同意见",
            "views": [
                {"source": source, "summary": "不赞成", "treatment": "解释说明"}
                for source in ("public", "department", "expert")
            ],
        },
        "grade": "low",
    },
)
COMPETITION: Final = Act(
    "file_fair_competition_review",
    CLERK,
    lambda today: {
        "done_on": today.isoformat(),
        "heard": [
            {
                "party": "行业协会",
                "role": "association",
                "opinion": "没有意见",
                "heard_on": today.isoformat(),
            }
        ],
        "findings": "无限制",
        "conclusion": "compliant",
    },
)
BUDGET: Final = Act(
    "confirm_budget_line",
    "finance.clerk",
    always(line="212 城乡社区支出", amount_yuan=500_000, covered=True, opinion="已列入"),
)
COST_AUDIT: Final = Act(
    "file_evidence",
    CLERK,
    lambda today: {
        "done_on": today.isoformat(),
        "step": "cost_audit",
        "evidence": "成本监审报告",
        "summary": "核定成本",
        "concluded": True,
    },
)
FILING: Final = COST_AUDIT.with_(
    step="stability_filing", evidence="政法委备案回执", summary="已报政法委备案"
)
ENVIRONMENT: Final = COST_AUDIT.with_(
    step="environmental_assessment",
    evidence="环境影响报告书及审查意见",
    made_by="环境科学研究院",
    papers=["environmental_report", "environmental_review"],
)
REQUEST_WAIVER: Final = Act(
    "request_waiver", HEAD, always(step="open_call", reasons="依法不公开", basis="第14条")
)
RULE_WAIVER: Final = Act(
    "rule_waiver", DIRECTOR, always(step="open_call", approved=True, reasons="同意")
)
OVERRIDE: Final = Act(
    "approve_override",
    LEGAL_HEAD,
    always(step="legality_review", rule="review_time", reasons="内容简单"),
)
PAUSE: Final = Act("pause", HEAD, WHY)
RESUME: Final = Act("resume", HEAD, WHY)
SUBMIT: Final = Act(
    "submit_for_review",
    CLERK,
    always(papers=["draft", "explanation", "legal_basis_list", "procedure_statement"]),
)
ACCEPT: Final = Act("accept_papers", REVIEWER)
RETURN: Final = Act("return_papers", REVIEWER, always(missing=["起草说明"], reasons="材料不全"))
ASK_COUNSEL: Final = Act("ask_counsel", REVIEWER, always(firm="law_firm", lawyers=[COUNSEL]))
COUNSEL_OPINION: Final = Act(
    "record_counsel_opinion",
    COUNSEL,
    lambda today: {
        "opinion": "合法",
        "conflict_of_interest": False,
        "government_clients": 2,
        "signed": True,
        "signed_on": today.isoformat(),
    },
)
VERDICT: Final = Act(
    "give_review_verdict",
    REVIEWER,
    always(verdict="lawful", powers="在权限内", procedure="程序完备", content="内容合法"),
    wait=20,
)
WITH_CHANGES: Final = VERDICT.with_(verdict="lawful_with_changes", changes=["删去第二条"])
UNLAWFUL: Final = VERDICT.with_(verdict="unlawful")
CONFIRM: Final = Act("confirm_changes", REVIEWER, always(statement="已改"))
CONVENE: Final = Act(
    "convene_meeting",
    KEEPER,
    lambda today: {"body": "party_group", "held_on": days(today, 14)},
    about="",
    makes="meeting",
)
TABLE: Final = Act("propose_agenda_item", CLERK, about="both")
UNTABLE: Final = Act("remove_agenda_item", KEEPER, WHY)
FREEZE: Final = Act("freeze_agenda", KEEPER, about="meeting")


APPOINT: Final = Act(
    "appoint",
    "office.head",
    lambda today: {
        "person": CLERK,
        "unit": "finance",
        "role": "clerk",
        "since": today.isoformat(),
        "basis": "人事任免通知",
        "decided_on": today.isoformat(),
    },
    about="",
)
DISMISS: Final = Act(
    "end_appointment",
    "office.head",
    lambda today: {
        "person": CLERK,
        "unit": "planning_construction",
        "role": "clerk",
        "last_day": today.isoformat(),
        "reasons": "调离",
    },
    about="",
)


RETAIN: Final = Act(
    "file_retainer",
    LEGAL_HEAD,
    lambda today: {
        "firm": "law_firm",
        "lawyers": [{"account": COUNSEL, "clients": 2, "stated_on": today.isoformat()}],
        "since": today.isoformat(),
        "until": days(today, 1000),
        "basis": "聘用合同",
    },
    about="",
)
REGISTER: Final = Act(
    "register_retainer",
    LEGAL_HEAD,
    lambda today: {
        "retainer": 3,
        "filing": {"office": "司法局", "number": "3", "filed_on": today.isoformat()},
    },
    about="",
)
STATE: Final = Act(
    "state_clients",
    LEGAL_HEAD,
    lambda today: {"lawyer": COUNSEL, "clients": 6, "stated_on": today.isoformat()},
    about="",
)
RELEASE: Final = Act(
    "end_retainer",
    LEGAL_HEAD,
    lambda today: {"retainer": 1, "last_day": today.isoformat(), "reasons": "协商解除"},
    about="",
)


def grant(
    agent: str, *commands: str, actor: str = REVIEWER, since: int = 0, until: int = 60
) -> Act:
    """A mandate from the actor; its days count from the day of the act."""
    return Act(
        "grant_mandate",
        actor,
        lambda today: {
            "agent": agent,
            "since": days(today, since),
            "until": days(today, until),
            "commands": list(commands),
        },
        about="",
    )


# --- the ways -------------------------------------------------------------------------------------

CALL: Final = (PUBLISH, CLOSE, REPORT, ADOPT)
HEARD: Final = (HEARING_NOTICE, HEARING_LIST, HEARING_PAPERS, HEARING, HEARING_RECORD)
ARGUED: Final = (CHOOSE, *map(declare, EXPERTS), *map(opine, EXPERTS))


def planned(answers: Payload) -> tuple[Act, ...]:
    """The plan of participation, where the public is heard."""
    if answers["confidential_by_law"]:
        return ()
    return (PLAN_OF_BOTH if answers["hearing_required_by_law"] else PLAN,)


def adopted(answers: Payload) -> tuple[Act, ...]:
    """The table that answers everybody who was heard on these ways, if anybody was."""
    heard = ("touches_other_units", "technical", "hearing_required_by_law", "specific_groups")
    if answers["confidential_by_law"] and not any(answers[question] for question in heard):
        return ()
    said = {"group": "specific_groups", "hearing": "hearing_required_by_law"}
    owed = [source for source, question in said.items() if answers[question]]
    opinions = [
        {
            "source": source,
            "number": 1,
            "summary": "希望减免",
            "disposition": "adopted",
            "passage": "第一条",
            "draft": 1,
        }
        for source in owed
    ]
    return (ADOPT.with_(opinions=opinions),)


def before_review(answers: Payload) -> tuple[Act, ...]:
    """What the answers ask for between the first text and the review, in order."""
    wanted = (
        (True, (RESEARCH, BASIS, DRAFT, *planned(answers))),
        (answers["specific_groups"], (TALKS,)),
        (answers["touches_other_units"], (CONSULT,)),
        (answers["technical"], ARGUED),
        (answers["stability_risk"], (RISK, FILING)),
        (answers["market_activity"], (COMPETITION,)),
        (answers["spends_money"], (BUDGET,)),
        (answers["sets_price"], (COST_AUDIT,)),
        (answers["environmental_impact"], (ENVIRONMENT,)),
        (answers["hearing_required_by_law"], HEARD),
        (not answers["confidential_by_law"], (PUBLISH, CLOSE, REPORT)),
        (True, adopted(answers)),
    )
    return tuple(act for applies, acts in wanted if applies for act in acts)


def way(stage: str, answers: Payload) -> tuple[Act, ...]:
    """Every act that leads a matter from nothing to a stage.

    Besides the stages there are three points within drafting: `drafted` (research and a first
    text are there), and `ready` (only the review is wanting).
    """
    ways: dict[str, tuple[str, tuple[Act, ...]]] = {
        "proposed": ("", (propose(answers),)),
        "off_system": ("", (PROPOSE_SECRET,)),
        "declined": ("proposed", (DECLINE,)),
        "excluded": ("proposed", (EXCLUDE,)),
        "withdrawn": ("proposed", (WITHDRAW,)),
        "started": ("proposed", (STUDY, CLASSIFY, START)),
        "drafting": ("started", (SHARE if answers["touches_other_units"] else ASSIGN,)),
        "drafted": ("drafting", (RESEARCH, BASIS, DRAFT, *planned(answers))),
        "ready": ("drafting", before_review(answers)),
        "awaiting_review": ("ready", (SUBMIT,)),
        "returned": ("awaiting_review", (RETURN,)),
        "under_review": ("awaiting_review", (ACCEPT, COUNSEL_OPINION)),
        "awaiting_changes": ("under_review", (WITH_CHANGES,)),
        "review_failed": ("under_review", (UNLAWFUL,)),
        "review_passed": ("under_review", (VERDICT,)),
        "tabled": ("review_passed", (CONVENE, TABLE)),
    }
    before, acts = ways[stage]
    return (*way(before, answers), *acts) if before else acts


# --- the zone -------------------------------------------------------------------------------------


@dataclass
class Zone:
    """One organisation of a database.

    `matter` and `meeting` are the ones last made, which acts are about unless told otherwise.
    """

    url: str
    house: House[FixedClock]
    code: str = SAMPLE
    matter: str | None = None
    meeting: str | None = None
    intruder: Intruder = field(init=False)

    def __post_init__(self) -> None:
        self.intruder = Intruder(self.url)

    # acting

    @property
    def today(self) -> date:
        return self.house.clock.now().astimezone(LOCAL).date()

    def on(self, day: str | date, hour: int = 9, minute: int = 0) -> None:
        """Let it be this day, at a local hour."""
        found_ = date.fromisoformat(day) if isinstance(day, str) else day
        self.house.clock.set(
            datetime(found_.year, found_.month, found_.day, hour, minute, tzinfo=LOCAL)
        )

    def wait(self, days_: int) -> None:
        """Let days pass."""
        self.on(self.today + timedelta(days=days_))

    def request(self, act: Act, **more: Any) -> Request:
        """The act as a request, about the matter and the meeting last made."""
        request = Request(
            self.code,
            act.command,
            act.actor,
            act.given(self.today),
            reauthenticated=Shown.PASSWORD,
        )
        if act.about in ("matter", "both"):
            request = replace(request, matter=self.matter)
        if act.about in ("meeting", "both"):
            request = replace(request, meeting=self.meeting)
        return replace(request, **more)

    def try_(self, act: Act, **more: Any) -> Outcome:
        """Give the command, whatever comes of it."""
        if act.wait:
            self.wait(act.wait)
        return self.house.service.execute(self.request(act, **more))

    def do(self, act: Act, **more: Any) -> Outcome:
        """Give a command that must be done."""
        outcome = self.try_(act, **more)
        assert outcome.done, [(unmet.code, unmet.params) for unmet in outcome.refusals]
        if act.makes == "matter":
            self.matter = outcome.matter
        elif act.makes == "meeting":
            self.meeting = outcome.meeting
        return outcome

    def refuse(self, act: Act, **more: Any) -> tuple[str, ...]:
        """Give a command that must be refused; the codes of the refusal."""
        outcome = self.try_(act, **more)
        assert not outcome.done
        return tuple(unmet.code for unmet in outcome.refusals)

    def fail(self, act: Act, **more: Any) -> YichengError:
        """Give a command that must raise, and change nothing."""
        before = self.everything()
        with pytest.raises(YichengError) as caught:
            self.try_(act, **more)
        assert self.everything() == before
        return caught.value

    def advance_to(self, stage: str, answers: Payload = QUICK) -> str:
        """Bring a new matter to a stage (or point of one, see `way`); gives its number."""
        for act in way(stage, answers):
            self.do(act)
        assert self.matter is not None
        return self.matter

    # looking

    def standing(self) -> Standing:
        assert self.matter is not None
        return self.house.inquiry.matter(self.code, self.matter)

    def unmet(self) -> tuple[str, ...]:
        """The codes of what stands between the matter and the agenda."""
        return tuple(each.code for each in self.standing().unmet)

    def flaws(self) -> list[tuple[int, str]]:
        """What is wrong with the journal."""
        return [(flaw.seq, flaw.code) for flaw in self.house.inquiry.audit(self.code).flaws]

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """What a query gives, past the store."""
        with self.house.uow.read() as connection:
            return [tuple(row) for row in connection.execute(text(sql), values)]

    def everything(self) -> Rows:
        """Every row of every table, in an order of its own."""
        with self.house.uow.read() as connection:
            return {
                name: sorted(
                    (tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"')),
                    key=repr,
                )
                for name in TABLES
            }

    def until_somebody_waits(self) -> None:
        """Return as soon as somebody waits for a lock; SQLite cannot tell, and need not."""
        if self.intruder.backend == "postgresql":
            while not self.rows("SELECT 1 FROM pg_locks WHERE NOT granted"):
                sleep(0.01)

    def bytes(self) -> bytes:
        """Everything that an SQLite database has on the disk."""
        path = Path(str(make_url(self.url).database))
        return b"".join(file.read_bytes() for file in sorted(path.parent.glob(f"{path.name}*")))

    def changed(self, before: Rows) -> dict[str, int]:
        """The tables that differ from before, with the rows that each has more."""
        now = self.everything()
        return {
            name: len(now[name]) - len(before[name]) for name in TABLES if now[name] != before[name]
        }


TABLES: Final = (*sorted(tables.metadata.tables), "alembic_version")


# --- opening and founding -------------------------------------------------------------------------


@cache
def calendar() -> ChinaDays:
    return load_days()


@cache
def sample(code: str = SAMPLE) -> Organisation:
    """The organisation that is shipped, as one that works; under another code if so wished."""
    shipped = load_organisation(ORGANISATIONS / "jiyuan.yaml", ProcedureBook())
    return replace(shipped, id=code, rehearsal=False)


FILE_LIMITS: Final = FileLimits(128 * 1024 * 1024, 256 * 1024 * 1024, 7, 2)


def folder_of(url: str) -> Folder:
    """The folder for the files of a database, one for each."""
    return Folder(Path(os.environ[FILES_VARIABLE]) / digest_of(url)[:16])


def open_(
    url: str,
    *,
    law: Path = LAW,
    patience: float = PATIENCE,
    at: date = FIRST_DAY,
    kinds: Mapping[str, StepKind] = KINDS,
    signatures: Signatures | None = None,
    files: FileStore | None = None,
) -> House[FixedClock]:
    """The program on a database, as after a start; with law and kinds of one's own if so wished.

    `patience` are the seconds that a writer waits for another's lock.
    """
    engine = create_engine(url, lock_timeout_seconds=patience)
    try:
        check_schema(engine)
    except BaseException:
        engine.dispose()
        raise
    days_ = calendar()
    calendars = ChinaCalendars(days_)
    counting = calendars.counting(())
    book = ProcedureBook(law, kinds=kinds, counting=days_.rules)
    shifting = Shifting(dates_of_matter, dates_of_house)
    keeper = signatures or Keeper(secret_file())
    rules = Rulebook(book, kinds, calendars, keeper, shifting=shifting)
    uow = UnitOfWork(engine)
    clock = FixedClock(datetime(at.year, at.month, at.day, 9, tzinfo=LOCAL))
    filing = Filing(uow, rules, clock, files or folder_of(url), Looking(), FILE_LIMITS)
    return House(
        engine,
        uow,
        clock,
        calendars,
        kinds,
        counting,
        book,
        Service(uow, rules, clock, filing=filing),
        Inquiry(uow, rules, clock),
        Submitting(uow, clock),
        Public(uow, rules, clock),
        filing,
        rules,
    )


@contextmanager
def founded(url: str, organisation: Organisation | None = None, **how: Any) -> Iterator[Zone]:
    """An organisation on a database, founded if it is not there yet."""
    wanted = sample() if organisation is None else organisation
    with open_(url, **how) as house:
        found(house.uow, wanted, house.clock)
        yield Zone(url, house, wanted.id)


@pytest.fixture
def zone(database_url: str) -> Iterator[Zone]:
    """The sample organisation on a fresh database, on the first day."""
    with founded(database_url) as found_:
        yield found_


@pytest.fixture
def neighbour(zone: Zone) -> Zone:
    """A second organisation in the same database, with the same people and rules."""
    other = sample("neighbour")
    found(zone.house.uow, other, zone.house.clock)
    return Zone(zone.url, zone.house, other.id)


# --- two at once ----------------------------------------------------------------------------------

T = TypeVar("T")


def at_once(*jobs: Callable[[], T]) -> list[T | YichengError]:
    """What comes of jobs that start together, each in a thread of its own."""
    start = Barrier(len(jobs))

    def run(job: Callable[[], T]) -> T | YichengError:
        start.wait()
        try:
            return job()
        except YichengError as error:
            return error

    with ThreadPoolExecutor(len(jobs)) as threads:
        return list(threads.map(run, jobs))


@contextmanager
def after_looking(act: Callable[[], object]) -> Iterator[None]:
    """Have something happen after each command has looked and before it takes its lock."""

    def looking(*given: Any) -> Any:
        seen = home(*given)
        act()
        return seen

    with patch("workflow.service.choke.home", looking):
        yield


def overtaken(
    zone: Zone, first: Callable[[], T], second: Callable[[], T]
) -> tuple[T | YichengError, T | YichengError]:
    """The first holds its locks, about to write its entry, until the second waits for them."""
    mine, holding, may_go, looked = local(), Event(), Event(), Event()
    add_entry = Store.add_entry

    def slowly(store: Store, *given: Any) -> None:
        if getattr(mine, "first", False):
            holding.set()
            assert may_go.wait(PATIENCE)
        add_entry(store, *given)

    def leading() -> T | YichengError:
        mine.first = True
        return _tried(first)

    with patch.object(Store, "add_entry", slowly), ThreadPoolExecutor(2) as threads:
        try:
            leader = threads.submit(leading)
            assert holding.wait(PATIENCE)
            with after_looking(looked.set):
                follower = threads.submit(_tried, second)
                assert looked.wait(PATIENCE)
                zone.until_somebody_waits()
        finally:
            may_go.set()
        return leader.result(), follower.result()


def _tried(job: Callable[[], T]) -> T | YichengError:
    try:
        return job()
    except YichengError as error:
        return error


# --- breaking in ----------------------------------------------------------------------------------


def unlock(zone: Zone) -> None:
    """Drop every trigger and foreign key, as somebody can who has the database in hand."""
    if zone.intruder.backend == "sqlite":
        names = zone.rows("SELECT name, '' FROM sqlite_master WHERE type = 'trigger'")
        zone.intruder.run(*(f'DROP TRIGGER "{name}"' for name, _ in names))
        return
    triggers = zone.rows(
        "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    )
    keys = zone.rows(
        "SELECT conname, conrelid::regclass::text FROM pg_constraint WHERE contype = 'f'"
    )
    zone.intruder.run(
        *(f'DROP TRIGGER "{name}" ON {table}' for name, table in triggers),
        *(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"' for name, table in keys),
    )
