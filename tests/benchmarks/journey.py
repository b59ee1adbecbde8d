"""A matter for which every step is required, taken to the passed review through the service."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from tests.benchmarks.office import CLERK, REPORT, Office

EXPERTS: Final = ("expert.water", "expert.price", "expert.law")
SIDES: Final = ("排污企业", "居民")
PARTICIPANTS: Final = ("排污企业代表", "居民代表")

AFTER_THE_HEARING: Final = datetime(2026, 2, 3, 2, 0, tzinfo=UTC)
AFTER_THE_CALL: Final = datetime(2026, 2, 12, 2, 0, tzinfo=UTC)
AFTER_THE_REVIEW_TIME: Final = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


COUNSEL: Final = "firm.counsel"
ADVICE: Final = {
    "opinion": "未见违法之处",
    "conflict_of_interest": False,
    "government_clients": 2,
    "signed": True,
    "signed_on": "2026-02-12",
}


def reviewed_matter(office: Office) -> str:
    """The number of a matter that only waits to be tabled; the office's clock is moved on."""
    matter = matter_under_review(office)
    office.house.clock.set(AFTER_THE_REVIEW_TIME)
    opinion = {
        "verdict": "lawful",
        "powers": "权限合法",
        "procedure": "程序合法",
        "content": "合法",
    }
    office.do("give_review_verdict", "legal.reviewer.2", opinion, matter)
    return matter


def matter_under_review(office: Office) -> str:
    """The number of a matter with the reviewer, on which counsel has advised."""
    matter = office.matter_in_drafting()
    _draft(office, matter)
    _ask_experts(office, matter)
    _announce_hearing(office, matter)
    office.house.clock.set(AFTER_THE_HEARING)
    _hold_hearing(office, matter)
    office.house.clock.set(AFTER_THE_CALL)
    _close_call(office, matter)
    _send_in(office, matter)
    return matter


def _draft(office: Office, matter: str) -> None:
    day = REPORT["done_on"]
    text = {
        "text": "第一条 为了补偿污水处理成本，调整收费标准。",
        "nature": "first",
        "authors": [CLERK],
        "explanation": "初稿",
    }
    basis = {"instrument": "价格法", "article": "第二十三条", "relation": "听证依据"}
    opinions = [
        {"unit": unit, "position": "agrees", "opinion": "同意", "given_on": day}
        | {"paper": "函〔2026〕1号", "paper_dated": day}
        for unit in ("finance", "environment_safety")
    ]
    risk = {
        "done_on": day,
        "assessor": "规划建设局",
        "points": [{"risk": "低收入家庭负担", "likelihood": 2, "impact": 2, "measure": "减免"}],
        "departments_heard": ["生态环境与应急局"],
        "contingency_plan": "分步执行",
        "opposition": {
            "statement": "有意见认为调整过快",
            "views": [{"source": "public", "summary": "调整过快", "treatment": "分步到位"}],
        },
        "grade": "low",
    }
    heard = {"party": "用水企业", "role": "operator", "opinion": "同意", "heard_on": day}
    competition = {"done_on": day, "heard": [heard], "findings": "无", "conclusion": "compliant"}
    audit = {
        "step": "cost_audit",
        "done_on": day,
        "evidence": "监审报告",
        "summary": "成本属实",
        "concluded": True,
    }
    budget = {"line": "城镇污水处理", "amount_yuan": 1_000_000, "covered": True, "opinion": "同意"}
    call = {
        "closes_on": "2026-02-10",
        "channels": ["government_site", "newspaper"],
        "how_to_answer": "信函或者网站留言",
        "explanation": "成本和分档说明",
    }
    office.do("file_research", CLERK, REPORT, matter)
    office.do("file_legal_basis", CLERK, {"items": [basis]}, matter)
    office.do("revise_draft", CLERK, text, matter)
    office.do("file_consultation", CLERK, {"opinions": opinions}, matter)
    office.do("file_risk_assessment", CLERK, risk, matter)
    office.do("file_fair_competition_review", CLERK, competition, matter)
    office.do("file_evidence", CLERK, audit | {"step": "stability_filing"}, matter)
    office.do("file_evidence", CLERK, audit, matter)
    office.do("confirm_budget_line", "finance.clerk", budget, matter)
    plan = {
        "methods": ["open_call", "hearing"],
        "groups": ["低收入家庭"],
        "schedule": "一月公告，二月听证",
    }
    talk = {
        "group": "低收入家庭",
        "counterpart": "peoples_organisation",
        "held_on": day,
        "opinions": "减免",
    }
    office.do("file_participation_plan", CLERK, plan, matter)
    office.do("file_group_talks", CLERK, {"talks": [talk]}, matter)
    office.do("publish_open_call", CLERK, call, matter)


def _ask_experts(office: Office, matter: str) -> None:
    chosen = [{"expert": each, "field": "给排水", "employer": f"{each}所"} for each in EXPERTS]
    choice = {"experts": chosen, "method": "专家库抽取", "dissent_sought": "已征求不同意见"}
    office.do("choose_experts", CLERK, choice, matter)
    for expert in EXPERTS:
        declaration = {
            "expert": expert,
            "direct_interest": False,
            "relations": "无",
            "secrecy_pledged": True,
        }
        office.do("declare_interest", expert, declaration, matter)
        opinion = {
            "expert": expert,
            "conclusion": "supports",
            "opinion": "可行",
            "signed": True,
            "signed_on": REPORT["done_on"],
        }
        office.do("file_expert_opinion", expert, opinion, matter)


def _announce_hearing(office: Office, matter: str) -> None:
    notice = {
        "held_on": "2026-02-02",
        "begins_at": "09:00",
        "place": "高新区管委会",
        "explanation": "收费标准调整方案",
        "selection_method": "自愿报名，随机选取",
        "sides": SIDES,
    }
    listed = [
        {
            "participant": participant,
            "category": "affected",
            "side": side,
            "serving_official": False,
        }
        for participant, side in zip(PARTICIPANTS, SIDES, strict=True)
    ]
    receipts = [
        {"participant": participant, "delivered_on": REPORT["done_on"]}
        for participant in PARTICIPANTS
    ]
    office.do("publish_hearing_notice", CLERK, notice, matter)
    office.do("publish_hearing_list", CLERK, {"participants": listed}, matter)
    office.do("deliver_hearing_papers", CLERK, {"receipts": receipts}, matter)


def _hold_hearing(office: Office, matter: str) -> None:
    session = {
        "held_on": "2026-02-02",
        "chair": "听证主持人",
        "recorder": "听证记录员",
        "present": PARTICIPANTS,
        "order": ["presentation", "statements", "questions", "debate", "confirmation"],
    }
    signatures = [{"participant": participant, "signed": True} for participant in PARTICIPANTS]
    record = {
        "signatures": signatures,
        "pages": 12,
        "opinions": [{"number": 1, "side": SIDES[1], "opinion": "要求减免"}],
        "conclusions": "赞成分档，要求减免",
    }
    office.do("hold_hearing", CLERK, session, matter)
    office.do("sign_hearing_record", CLERK, record, matter)


def _close_call(office: Office, matter: str) -> None:
    report = {
        "done_on": "2026-02-12",
        "activities": [
            {"method": method, "held_on": "2026-02-10", "summary": "已经办结"}
            for method in ("open_call", "hearing")
        ],
    }
    adopted = {"disposition": "adopted", "passage": "第一条", "draft": 1}
    opinions = [
        {"source": source, "number": number, "summary": "建议设置过渡期", **adopted}
        for source, number in (("public", 1), ("public", 2), ("group", 1), ("hearing", 1))
    ]
    office.do("close_open_call", CLERK, {"received": 2}, matter)
    office.do("file_participation_report", CLERK, report, matter)
    office.do("adopt_opinions", CLERK, {"opinions": opinions, "statement": "均已采纳"}, matter)


def _send_in(office: Office, matter: str) -> None:
    papers = ["draft", "explanation", "legal_basis_list", "procedure_statement"]
    office.do("submit_for_review", CLERK, {"papers": papers}, matter)
    office.do("accept_papers", "legal.reviewer.1", {}, matter)
    office.do("record_counsel_opinion", COUNSEL, ADVICE, matter)
