"""Matters and scenes over the shipped definitions and the real calendar, a line each.

Every command has a payload that is in order; a test names only what it changes (None leaves a key
out).  Records are filed as the service would file them, but without asking whether they may be.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any, Final, Self

from procedures.book import shipped
from procedures.dates import load_days
from procedures.kinds import KINDS
from procedures.organisation import ORGANISATIONS, load_organisation
from tests.reasons import sample_rulings
from tests.unit.after_decision import AFTER
from workflow.canonical import digest_of
from workflow.commands import CommandSpec, RuleSeparate, every_command
from workflow.counting import Counting
from workflow.decisions.decide import Verdict, decide
from workflow.decisions.scene import Actor, Scene
from workflow.definition import Answer, Procedure, Step
from workflow.directory import Appointment, Directory, Mandate, Unit
from workflow.facts import Facts, Linked, Record
from workflow.guards import Lens
from workflow.kin import Kin
from workflow.machine import Lifecycle
from workflow.meeting import AgendaEntry, Meeting
from workflow.ports import Act, Assessment, Payload, Ruling, View
from workflow.refusals import Unmet
from workflow.retainers import FILE, fold
from workflow.signing import Shown
from workflow.submissions import Waiting
from workflow.yearly_forms import RuleNotMajor

TODAY: Final = "2026-09-01"
PAPER_ID: Final = "fa2b3c4d5e6f7g2h3i4j5k6l7m"
LONG_AGO: Final = date(2019, 1, 1)
CLERK, HEAD, DIRECTOR = "planning.clerk", "planning.head", "leader.director"
KEEPER, SECRETARY = "office.keeper", "party.secretary"
MEMBER, OTHER_MEMBER = "party.member.1", "party.member.2"
RECORDER = "office.head"
OFFICE_HEAD, SUPERIOR = "office.head", "superior.director"
REVIEWER, OTHER_REVIEWER, LEGAL_HEAD = "legal.reviewer.1", "legal.reviewer.2", "legal.head"
COUNSEL, EXPERT, OTHER_EXPERT = "firm.counsel", "expert.water", "expert.price"

GOOD: Final[Mapping[str, Mapping[str, object]]] = {
    "propose": {
        "state_secret": False,
        "title": "高新区污水处理收费标准调整",
        "reasons": "现行标准不能覆盖处理成本",
    },
    "withdraw": {"reasons": "情况已经变化"},
    "start": {"decided_on": TODAY, "reasons": "论证充分"},
    "decline": {"reasons": "理由不足"},
    "end_decision": {"reasons": "上级已有统一规定"},
    "exclude": {"ground": "special_law", "reasons": "法律另有规定"},
    "file_emergency_report": {
        "measures": "征用抽排设备",
        "since": "2026-08-01",
        "until": "2026-08-10",
        "permanent": False,
    },
    "confirm_urgent_item": {"meeting": "PG-2026-1", "statement": "情况属实"},
    "cancel_meeting": {"cause": "postponed", "reasons": "改期"},
    "assign": {"lead_unit": "planning_construction"},
    "revise_draft": {
        "text": "第一条 为了规范收费，制定本办法。",
        "nature": "first",
        "authors": [CLERK],
        "explanation": "起草说明",
    },
    "request_waiver": {"step": "open_call", "reasons": "依法不予公开", "basis": "第十四条"},
    "rule_waiver": {"step": "open_call", "approved": True, "reasons": "同意"},
    "approve_override": {"step": "legality_review", "rule": "review_time", "reasons": "情况紧急"},
    "migrate": {
        "procedure": "jiyuan_htz",
        "version": "2026-06-01",
        "reasons": "规则已经修订",
    },
    "rule_separate": {"matters": ["2026-2"], "reasons": "两个独立的项目"},
    "nominate_entry": {"year": 2026, "title": "停车管理办法", "reasons": "供需矛盾突出"},
    "compile_catalogue": {"year": 2026, "entries": [1]},
    "consent_catalogue": {
        "year": 2026,
        "letter": "党函〔2026〕1号",
        "given_on": TODAY,
        "granted": True,
    },
    "publish_catalogue": {
        "year": 2026,
        "published_on": TODAY,
        "places": [{"channel": "website", "proof": "网站截图"}],
    },
    "assign_duty": {"duty": "law_study", "year": 2026, "number": 3, "person": REVIEWER},
    "file_duty_evidence": {
        "duty": "law_study",
        "year": 2026,
        "number": 3,
        "done_on": TODAY,
        "summary": "集体学习审计法",
        "papers": [{"kind": "programme", "proof": "学习安排"}],
    },
    "close_duty": {"duty": "law_study", "year": 2026, "number": 3},
    "import_holidays": {
        "year": 2027,
        "number": "国办发明电〔2026〕7号",
        "dated": TODAY,
        "published": TODAY,
        "holidays": [{"name": "元旦", "first": "2027-01-01", "last": "2027-01-03"}],
    },
    "adjust_catalogue": {"year": 2026, "add": [2], "reasons": "补充"},
    "complete_catalogue": {
        "year": 2026,
        "outcomes": [{"entry": 1, "result": "carried_over", "explanation": "论证尚未完成"}],
        "published_on": TODAY,
        "places": [{"channel": "website", "proof": "网站截图"}],
    },
    "link_entry": {"entry": {"year": 2026, "number": 1}, "reasons": "同一事项"},
    "rule_not_major": {"reasons": "只涉及内部事务"},
    "pause": {"reasons": "等待上级意见"},
    "resume": {"reasons": "意见已到"},
    "convene_meeting": {"body": "party_group", "held_on": "2026-11-06"},
    "propose_agenda_item": {},
    "remove_agenda_item": {"reasons": "材料还要补充"},
    "freeze_agenda": {},
    "grant_mandate": {"agent": HEAD, "since": TODAY, "until": "2026-09-30"},
    "appoint": {
        "person": CLERK,
        "unit": "finance",
        "role": "clerk",
        "since": TODAY,
        "basis": "人事任免通知",
        "decided_on": TODAY,
    },
    "end_appointment": {
        "person": CLERK,
        "unit": "planning_construction",
        "role": "clerk",
        "last_day": TODAY,
        "reasons": "调离",
    },
    "restrict_access": {
        "named": [HEAD, LEGAL_HEAD],
        "reasons": "提前传开会影响谈判",
        "basis": "工作秘密清单",
    },
    "confirm_quarantine": {"file": PAPER_ID, "reasons": "首页标有密级"},
    "release_quarantine": {"file": PAPER_ID, "reasons": "栏目名称"},
    "unmask": {"matter": "2026-1", "reasons": "逐条反馈"},
    "end_mandate": {"mandate": 1, "reasons": "本人已经返岗"},
    "file_retainer": {
        "firm": "law_firm",
        "lawyers": [{"account": COUNSEL, "clients": 2, "stated_on": TODAY}],
        "since": TODAY,
        "until": "2029-08-31",
        "basis": "聘用合同",
    },
    "register_retainer": {
        "retainer": 1,
        "filing": {"office": "司法局", "number": "备案1号", "filed_on": TODAY},
    },
    "state_clients": {"lawyer": COUNSEL, "clients": 3, "stated_on": TODAY},
    "end_retainer": {"retainer": 1, "last_day": "2026-09-30", "reasons": "协商解除"},
    "assign_study": {"unit": "environment_safety", "reasons": "属于其职责"},
    "classify": {
        "rulings": sample_rulings(),
        "category_reasons": "属于公共服务方面的政策",
    },
    "study": {
        "done_on": TODAY,
        "problem": "收费不能覆盖成本",
        "grounds": "价格法",
        "necessity": "处理单位连年亏损",
        "feasibility": "同类园区已经调整",
        "outline": "分档计价",
    },
    "file_research": {"done_on": TODAY, "method": "座谈会", "findings": "成本上升"},
    "file_legal_basis": {
        "items": [{"instrument": "价格法", "article": "第二十三条", "relation": "依据"}]
    },
    "file_consultation": {
        "opinions": [
            {
                "unit": "finance",
                "position": "agrees",
                "opinion": "同意",
                "given_on": TODAY,
                "paper": "财函〔2026〕9号",
                "paper_dated": TODAY,
            }
        ]
    },
    "file_unit_opinion": {"unit": "finance", "position": "agrees", "opinion": "同意"},
    "publish_open_call": {
        "closes_on": "2026-10-08",
        "channels": ["government_site"],
        "how_to_answer": "信函、电子邮件",
        "explanation": "起草说明",
    },
    "close_open_call": {"received": 2},
    "file_options": {
        "options": [
            {"name": "一步到位", "content": "一次调整", "forecast": "当年弥补缺口"},
            {"name": "分步到位", "content": "分两年调整", "forecast": "两年弥补缺口"},
        ],
        "divergence": "用水大户希望分步",
    },
    "file_participation_plan": {
        "methods": ["open_call"],
        "groups": ["低收入家庭"],
        "schedule": "九月公告，十月汇总",
    },
    "file_participation_report": {
        "done_on": TODAY,
        "activities": [{"method": "open_call", "held_on": TODAY, "summary": "公开征求意见"}],
    },
    "file_group_talks": {
        "talks": [
            {
                "group": "低收入家庭",
                "counterpart": "peoples_organisation",
                "held_on": TODAY,
                "opinions": "希望减免",
            }
        ]
    },
    "adopt_opinions": {
        "opinions": [
            {
                "source": "public",
                "number": 1,
                "summary": "建议分档",
                "disposition": "adopted",
                "passage": "第二条",
                "draft": 1,
            },
            {
                "source": "public",
                "number": 2,
                "summary": "建议不调整",
                "disposition": "not_adopted",
                "reason": "成本倒挂",
            },
        ],
        "statement": "意见采纳情况",
    },
    "publish_adoption": {
        "place": "门户网站",
        "published_on": TODAY,
        "looked_over_by": "planning.head",
    },
    "publish_hearing_notice": {
        "held_on": "2026-10-12",
        "begins_at": "09:00",
        "place": "综合楼",
        "explanation": "草案及说明",
        "selection_method": "公开报名",
        "sides": ["用户", "经营者"],
    },
    "publish_hearing_list": {
        "participants": [
            {
                "participant": "居民代表",
                "category": "affected",
                "side": "用户",
                "serving_official": False,
            },
            {
                "participant": "企业代表",
                "category": "operator",
                "side": "经营者",
                "serving_official": False,
            },
        ]
    },
    "deliver_hearing_papers": {
        "receipts": [
            {"participant": "居民代表", "delivered_on": TODAY},
            {"participant": "企业代表", "delivered_on": TODAY},
        ]
    },
    "hold_hearing": {
        "held_on": "2026-10-12",
        "chair": "法制办公室",
        "recorder": "综合办公室",
        "present": ["居民代表", "企业代表"],
        "order": ["presentation", "statements", "questions", "debate", "confirmation"],
    },
    "sign_hearing_record": {
        "signatures": [
            {"participant": "居民代表", "signed": True},
            {"participant": "企业代表", "signed": False, "note": "拒绝签名"},
        ],
        "pages": 12,
        "opinions": [{"number": 1, "side": "用户", "opinion": "希望分档"}],
        "conclusions": "多数赞成",
    },
    "choose_experts": {
        "experts": [
            {"expert": EXPERT, "field": "给排水", "employer": "设计院"},
            {"expert": OTHER_EXPERT, "field": "价格", "employer": "大学"},
            {"expert": "expert.law", "field": "行政法", "employer": "法学会"},
        ],
        "method": "随机抽取",
        "dissent_sought": "邀请持不同意见者",
    },
    "publish_draw": {
        "experts": [
            {"expert": EXPERT, "field": "给排水", "employer": "设计院"},
            {"expert": OTHER_EXPERT, "field": "价格", "employer": "大学"},
            {"expert": "expert.law", "field": "行政法", "employer": "法学会"},
            {"expert": "expert.operator", "field": "运营", "employer": "协会"},
        ],
        "places": 3,
        "seed_source": "双色球第2026101期开奖号码",
        "seed_on": "2026-09-03",
        "seed_digits": 14,
        "dissent_sought": "备选专家中有持不同意见者",
    },
    "draw_experts": {
        "seed": "03 07 15 20 27 31 04",
        "observed_at": "中国福利彩票网站开奖公告",
        "observed_on": "2026-09-03",
    },
    "release_expert": {"expert": OTHER_EXPERT, "reasons": "因故不能出具意见"},
    "declare_interest": {
        "expert": EXPERT,
        "direct_interest": False,
        "relations": "无",
        "secrecy_pledged": True,
    },
    "file_expert_opinion": {
        "expert": EXPERT,
        "conclusion": "supports",
        "opinion": "可行",
        "signed": True,
        "signed_on": TODAY,
    },
    "file_risk_assessment": {
        "done_on": TODAY,
        "assessor": "第三方机构",
        "points": [{"risk": "居民不理解", "likelihood": 2, "impact": 2, "measure": "解释宣传"}],
        "departments_heard": ["信访部门"],
        "contingency_plan": "应急预案",
        "opposition": {"statement": "走访和公开征求意见中没有不同意见"},
        "grade": "low",
    },
    "reuse_risk_assessment": {
        "rules": "重大行政决策社会稳定风险评估办法",
        "assessor": "第三方机构",
        "done_on": TODAY,
        "document": "稳评报告〔2026〕3号",
        "points_summary": "居民不理解，已有解释宣传措施",
        "opposition": {"statement": "座谈、问卷都没有不同意见"},
        "grade": "low",
    },
    "file_fair_competition_review": {
        "done_on": TODAY,
        "heard": [
            {
                "party": "管材行业协会",
                "role": "association",
                "opinion": "没有限制",
                "heard_on": TODAY,
            }
        ],
        "findings": "没有限制",
        "conclusion": "compliant",
    },
    "file_regulator_opinion": {"done_on": TODAY, "conclusion": "agrees", "opinion": "同意"},
    "confirm_budget_line": {
        "line": "2120501",
        "amount_yuan": 100_000,
        "covered": True,
        "opinion": "可以安排",
    },
    "file_evidence": {
        "step": "cost_audit",
        "done_on": TODAY,
        "evidence": "成本监审报告",
        "made_by": "成本调查机构",
        "summary": "成本属实",
        "concluded": True,
    },
    "submit_for_review": {
        "papers": ["draft", "explanation", "legal_basis_list", "procedure_statement"]
    },
    "return_papers": {"missing": ["依据清单"], "reasons": "请补充"},
    "accept_papers": {},
    "take_in_opinions": {},
    "ask_counsel": {"firm": "law_firm", "lawyers": ["firm.counsel"]},
    "record_counsel_opinion": {
        "opinion": "没有异议",
        "conflict_of_interest": False,
        "government_clients": 2,
        "signed": True,
        "signed_on": TODAY,
    },
    "give_review_verdict": {
        "verdict": "lawful",
        "powers": "属于法定权限",
        "procedure": "程序完备",
        "content": "内容合法",
    },
    "confirm_changes": {"statement": "已按意见修改"},
    "open_meeting": {
        "held_on": "2026-11-06",
        "chair": SECRETARY,
        "recorder": RECORDER,
        "present": [SECRETARY, MEMBER, OTHER_MEMBER],
    },
    "record_attendance": {"person": MEMBER, "change": "left", "reasons": "另有紧急公务"},
    "withdraw_from_item": {"person": MEMBER, "ground": "涉及近亲属"},
    "lift_withdrawal": {"person": MEMBER, "reasons": "回避的情形已经消除"},
    "record_remark": {"speaker": "财政金融局局长", "text": "所需经费已列入预算"},
    "file_views": {"person": MEMBER, "views": "同意"},
    "record_statement": {"person": MEMBER, "stance": "support", "text": "同意"},
    "take_ballot": {
        "mode": "hand",
        "votes": [
            {"person": SECRETARY, "vote": "for"},
            {"person": MEMBER, "vote": "for"},
            {"person": OTHER_MEMBER, "vote": "against"},
        ],
    },
    "conclude_item": {"conclusion": "adopted", "decision": "同意"},
    "reserve_opinion": {"person": OTHER_MEMBER, "opinion": "应当分步实施"},
    "close_meeting": {"minutes": "会议通过一项议题", "issued_by": SECRETARY},
    **AFTER,
}

NO_STEP: Final[Mapping[str, Answer]] = {
    "decision_level": "zone",
    "origin": "department",
    "category": "public_policy",
    "specific_groups": False,
    "touches_other_units": False,
    "confidential_by_law": True,
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
"""Answers under which only study, research and legality review apply."""


@cache
def procedure(name: str = "jiyuan_htz") -> Procedure:
    return shipped().get(name)


@cache
def counting() -> Counting:
    days = load_days()
    return Counting(days, days.rules)


@cache
def directory() -> Directory:
    """The sample organisation, everybody in their posts since long ago."""
    organisation = load_organisation(ORGANISATIONS / "jiyuan.yaml", shipped())
    return Directory(
        organisation=organisation.id,
        version=1,
        units={
            unit.id: Unit(unit.id, unit.name, frozenset(unit.functions))
            for unit in organisation.units
        },
        persons={person.account: person.name for person in organisation.people},
        appointments=tuple(
            Appointment(person.account, post.unit, post.role, post.since or LONG_AGO, post.until)
            for person in organisation.people
            for post in person.posts
        ),
        mandates={},
        retainers=fold(
            Record(place, FILE, None, "", "", None, "", "", kept, 0, LONG_AGO)
            for place, kept in enumerate(organisation.retainers, 1)
        ),
    )


@cache
def specs() -> Mapping[str, CommandSpec]:
    return every_command(KINDS)


def day(text: str) -> date:
    return date.fromisoformat(text)


def payload(command: str, **changes: Any) -> Payload:
    """The payload that is in order, with these changes."""
    given = {**GOOD[command], **changes}
    return specs()[command].payload.model_validate(
        {name: value for name, value in given.items() if value is not None}
    )


def act(command: str) -> Act[Any]:
    return next(kind.acts[command] for kind in KINDS.values() if command in kind.acts)


def step_of(command: str, rules: Procedure, given: Payload | None = None) -> Step | None:
    """The step that a command belongs to: as the payload names it, or else the first."""
    steps = {step.id: step for step in rules.steps_of(command)}
    return steps.get(getattr(given, "step", None) or "", next(iter(steps.values()), None))


@dataclass
class Matter:
    """A matter as its records tell it; every method files one more."""

    stage: str = "drafting"
    title: str = "高新区污水处理收费标准调整"
    answers: Mapping[str, Answer] = field(default_factory=lambda: dict(NO_STEP))
    proposing_unit: str = "planning_construction"
    lead_unit: str | None = "planning_construction"
    co_units: tuple[str, ...] = ()
    paused_since: date | None = None
    meeting: str | None = None
    on_agenda: Meeting | None = None
    without_minutes: frozenset[str] = frozenset()
    rules: Procedure = field(default_factory=procedure)
    people: Directory = field(default_factory=directory)
    records: tuple[Record, ...] = ()
    kin: tuple[Kin, ...] = ()
    linked: Mapping[str, Linked] = field(default_factory=dict)
    series: tuple[str, ...] = ("济高管",)
    paper_of: str = ""
    changes: tuple[Linked, ...] = ()
    continuation: Linked | None = None
    sent_in: tuple[str, ...] = ()

    @property
    def facts(self) -> Facts:
        return Facts(
            number="2026-1",
            title=self.title,
            stage=self.stage,
            version=len(self.records),
            answers=self.answers,
            proposing_unit=self.proposing_unit,
            lead_unit=self.lead_unit,
            co_units=self.co_units,
            paused_since=self.paused_since,
            meeting=self.meeting,
            records=self.records,
            stand_ins=self.rules.stand_ins(self.answers),
            kin=self.kin,
            without_minutes=self.without_minutes,
            changes=self.changes,
            continuation=self.continuation,
            waiting={"open_call": len(self.sent_in)} if self.sent_in else {},
        )

    def did(
        self,
        command: str,
        on: str = TODAY,
        by: str = CLERK,
        principal: str | None = None,
        **changes: Any,
    ) -> Self:
        """File a record of the command."""
        given = payload(command, **changes)
        step = step_of(command, self.rules, given)
        kept = given.journal_form()
        named = kept.get("step")
        if step is not None:
            kept |= act(command).judge(self.view(step, on, by), given).extra
        if isinstance(given, RuleSeparate):
            others = {each.number: each.amount_yuan or 0 for each in self.kin}
            own = self.facts.links.amount_yuan or 0
            kept["amounts"] = {name: [own, others.get(name, 0)] for name in given.matters}
        if isinstance(given, RuleNotMajor):
            kept["amount_yuan"] = self.facts.links.amount_yuan or 0
        number = 0 if self.facts.draft is None else self.facts.draft.number
        self.records += (
            Record(
                position=len(self.records) + 1,
                command=command,
                step=str(named) if named else None if step is None else step.id,
                outcome="",
                actor=by,
                principal=principal,
                unit=self.unit_of(by, on),
                role="clerk",
                payload=kept,
                draft=number + (command == "revise_draft"),
                filed_on=day(on),
            ),
        )
        return self

    def drafted(
        self, text: str = "第一稿", nature: str = "first", on: str = TODAY, **changes: Any
    ) -> Self:
        """File a version of the text."""
        return self.did("revise_draft", on, text=text, nature=nature, **changes)

    def passed(self, on: str = "2026-09-20", **changes: Any) -> Self:
        """Send the text in and have it pass the review."""
        self.did("submit_for_review", on).did("accept_papers", on, REVIEWER)
        self.did("record_counsel_opinion", on, COUNSEL)
        return self.did("give_review_verdict", on, REVIEWER, **changes)

    def listed(self, meeting: str = "PG-2026-1") -> Self:
        """Put the matter on the agenda of a meeting."""
        self.meeting = meeting
        return self.filed("propose_agenda_item", {"meeting": meeting})

    def sat(self, command: str, meeting: str = "PG-2026-1", **changes: Any) -> Self:
        """What was done on the matter in a meeting."""
        kept = payload(command, **changes).journal_form()
        return self.filed(command, {**kept, "meeting": meeting})

    def adopted(self) -> Self:
        """Adopted by every body that must, on 6 November 2026."""
        for body in self.rules.meetings(self.answers):
            self.filed("conclude_item", {"body": body, "conclusion": "adopted"})
        return self

    def filed(self, command: str, kept: Mapping[str, object], step: str | None = None) -> Self:
        """File a record of a command, as it was kept."""
        draft = self.facts.draft
        record = Record(
            position=len(self.records) + 1,
            command=command,
            step=step,
            outcome="",
            actor=KEEPER,
            principal=None,
            unit="general_office",
            role="keeper",
            payload=kept,
            draft=0 if draft is None else draft.number,
            filed_on=day("2026-11-06"),
        )
        self.records += (record,)
        return self

    def unit_of(self, account: str, on: str) -> str:
        """The unit for which somebody acts."""
        held = next(self.people.of_person(account, day(on)), None)
        return "planning_construction" if held is None else held.unit

    def view(self, step: Step, on: str = TODAY, by: str = CLERK) -> View:
        facts = self.facts

        def served(act: str, then: date) -> frozenset[str]:
            people = self.people.people(self.rules.holders(act, step), facts, then)
            return frozenset(held.person for held in people)

        def able(act: str) -> frozenset[str]:
            return served(act, day(on))

        def posts(account: str) -> frozenset[str]:
            return frozenset(held.unit for held in self.people.of_person(account, day(on)))

        def roles(unit: str) -> frozenset[str]:
            held = self.people.appointments
            return frozenset(each.role for each in held if each.unit == unit)

        units = {name: unit.name for name, unit in self.people.units.items()}
        return View(
            self.rules,
            step,
            facts,
            counting(),
            day(on),
            by,
            units,
            able,
            posts,
            served,
            linked=self.linked,
            persons=(by,),
            functions={unit.id: unit.functions for unit in self.people.units.values()},
            series=self.series,
            waiting=tuple(Waiting(n, each) for n, each in enumerate(self.sent_in)),
            paper_of=self.paper_of,
            unit=self.unit_of(by, on),
            roles=roles,
            retainers=self.people.retainers,
        )


def ready(**changes: Any) -> Matter:
    """A matter to which no optional step applies, with everything done but the review."""
    matter = Matter(**changes).did("study").did("classify", by=KEEPER)
    return matter.did("file_research").did("file_legal_basis").drafted()


def judge(command: str, matter: Matter, on: str = TODAY, by: str = CLERK, **changes: Any) -> Ruling:
    """What the kind of the command's step says to it."""
    given = payload(command, **changes)
    step = step_of(command, matter.rules, given)
    assert step is not None
    ruling: Ruling = act(command).judge(matter.view(step, on, by), given)
    return ruling


def assess(step: str, matter: Matter, on: str = TODAY) -> Assessment:
    """How the kind of a step finds it to stand."""
    found = matter.rules.steps[step]
    return KINDS[found.kind].assess(matter.view(found, on))


def last_day(step: str, matter: Matter, on: str = TODAY) -> date | None:
    """The last day for what a step still owes, None where nothing sets one."""
    found = matter.rules.steps[step]
    deadline = KINDS[found.kind].deadline(matter.view(found, on))
    return None if deadline is None else deadline.by


def earliest(step: str, matter: Matter, start: str, on: str | None = None) -> tuple[str, bool]:
    """The first day on which a step can be satisfied, and whether it is provisional."""
    found = matter.rules.steps[step]
    course = KINDS[found.kind].course(matter.view(found, on or start), day(start))
    return course.done.isoformat(), course.provisional


def lens(on: str = TODAY, rules: Procedure | None = None) -> Lens:
    return Lens(rules or procedure(), KINDS, counting(), day(on))


def meeting(
    held_on: str = "2026-11-06",
    frozen_on: str | None = None,
    body: str = "party_group",
    matters: tuple[str, ...] = (),
    records: tuple[Record, ...] = (),
) -> Meeting:
    return Meeting(
        code="PG-2026-1",
        body=body,
        held_on=day(held_on),
        frozen_on=None if frozen_on is None else day(frozen_on),
        agenda=tuple(AgendaEntry(name, place) for place, name in enumerate(matters, 1)),
        records=records,
    )


def sitting(
    body: str = "party_group",
    matters: tuple[str, ...] = ("2026-1",),
    concluded: str = "",
    **changes: Any,
) -> Meeting:
    """A meeting of 6 November that was opened; the changes are of its opening."""
    convened = meeting(frozen_on="2026-11-03", body=body, matters=matters)
    agenda = tuple(replace(entry, concluded=concluded) for entry in convened.agenda)
    return replace(convened, agenda=agenda, records=(minuted("open_meeting", **changes),))


def closed(at: Meeting) -> Meeting:
    """The meeting after its end."""
    return replace(at, records=(*at.records, minuted("close_meeting", position=2)))


def minuted(command: str, position: int = 1, **changes: Any) -> Record:
    """What was done on a meeting, as the service keeps it."""
    return Record(
        position=position,
        command=command,
        step=None,
        outcome="",
        actor=KEEPER,
        principal=None,
        unit="general_office",
        role="keeper",
        payload=payload(command, **changes).journal_form(),
        draft=0,
        filed_on=day("2026-11-06"),
    )


def scene(
    actor: str,
    matter: Matter | None = None,
    on: str = TODAY,
    *,
    command: str = "",
    at: Meeting | None = None,
    mandate: Mandate | None = None,
    people: Directory | None = None,
    step: str | None = None,
) -> Scene:
    """The surroundings of a command, as the service puts them together."""
    definition = procedure() if matter is None else matter.rules
    known = people or directory()
    person = actor if mandate is None else mandate.principal
    covered = mandate is None or mandate.covers(command, day(on))
    held = tuple(known.of_person(person, day(on))) if covered else ()
    found = definition.steps.get(step) if step else step_of(command, definition)
    return Scene(
        lens=lens(on, definition),
        lifecycle=machine(definition),
        directory=known,
        actor=Actor(actor, held, mandate, reauthenticated=Shown.PASSWORD),
        facts=None if matter is None else matter.facts,
        meeting=at,
        step=found,
    )


_MACHINES: Final[dict[str, Lifecycle]] = {}


def machine(rules: Procedure) -> Lifecycle:
    """The machine of a definition; one that a test changed must have another digest."""
    if rules.digest not in _MACHINES:
        _MACHINES[rules.digest] = Lifecycle(rules)
    return _MACHINES[rules.digest]


def give(  # noqa: PLR0913 (all that a decision may look at)
    command: str,
    actor: str,
    matter: Matter | None = None,
    on: str = TODAY,
    *,
    at: Meeting | None = None,
    mandate: Mandate | None = None,
    people: Directory | None = None,
    linked: Mapping[str, Linked] | None = None,
    tabled: tuple[Matter, ...] = (),
    **changes: Any,
) -> Verdict:
    """Give a command and have it decided; `tabled` is what the agenda of the meeting holds."""
    given = payload(command, **changes)
    named = getattr(given, "step", None)
    place = scene(
        actor, matter, on, command=command, at=at, mandate=mandate, people=people, step=named
    )
    place = replace(
        place,
        linked=linked or {},
        listed=None if matter is None else matter.on_agenda,
        tabled=lambda: (each.facts for each in tabled),
    )
    return decide(place, specs()[command], given)


def unmets(found: Verdict | Ruling | Assessment | tuple[Unmet, ...]) -> tuple[Unmet, ...]:
    if isinstance(found, tuple):
        return found
    return found.decision.unmet if isinstance(found, Verdict) else found.unmet


def codes(found: Verdict | Ruling | Assessment | tuple[Unmet, ...]) -> list[str]:
    """The codes of everything unmet."""
    return [unmet.code for unmet in unmets(found)]


def only(found: Verdict | Ruling | Assessment | tuple[Unmet, ...]) -> Unmet:
    """The one thing unmet."""
    (unmet,) = unmets(found)
    return unmet


def acts_left_open(found: Verdict) -> dict[str, Unmet]:
    """The acts for which nobody would be left."""
    told = {str(unmet.params["act"]): unmet for unmet in unmets(found)}
    assert set(codes(found)) <= {"staffing.nobody_left"}
    return told


def law(unmet: Unmet) -> list[str]:
    """The provisions that demand it."""
    return [f"{cited.instrument} {cited.article}".strip() for cited in unmet.citations]


def with_rule(definition: Procedure, step: str, rule: str, **changes: Any) -> Procedure:
    """The definition with one rule of a step changed."""
    rules = definition.steps[step].rules
    return with_step(definition, step, rules={**rules, rule: replace(rules[rule], **changes)})


def with_step(definition: Procedure, step: str, /, **changes: Any) -> Procedure:
    """The definition with a step changed."""
    steps = {**definition.steps, step: replace(definition.steps[step], **changes)}
    changed = replace(definition, steps=steps)
    return replace(changed, digest=digest_of(repr(changed)))
