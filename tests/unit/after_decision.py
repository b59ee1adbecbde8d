"""Payloads in order for everything that follows the decision; `builders.GOOD` takes them in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AFTER: Final[Mapping[str, Mapping[str, object]]] = {
    "recheck_text": {"verdict": "lawful", "statement": "与会议决定一致", "as_decided": True},
    "submit_request": {
        "addressee": "示范区党工委",
        "number": "济高管〔2026〕请1号",
        "submitted_on": "2026-09-01",
        "asks": "请求批准出台",
        "one_matter": True,
        "bypasses_level": False,
    },
    "record_reply": {
        "number": "济管复〔2026〕1号",
        "replied_on": "2026-09-01",
        "result": "approved",
        "opinion": "同意",
    },
    "file_report": {
        "addressee": "人大常委会",
        "number": "济高管〔2026〕报1号",
        "submitted_on": "2026-09-01",
        "told": "报告主要内容",
        "carries_request": False,
    },
    "sign_document": {"approval": "同意印发"},
    "issue": {"series": "济高管"},
    "void_number": {"reasons": "文件印错"},
    "publish_decision": {
        "released_by": "planning.head",
        "secrecy_reviewed": True,
        "published_on": "2026-09-01",
        "places": [{"channel": "website", "proof": "网页存档"}],
    },
    "exempt_publication": {
        "released_by": "planning.head",
        "secrecy_reviewed": True,
        "ground": "internal",
        "basis": "政府信息公开条例第十六条",
        "reasons": "内部工作流程",
    },
    "publish_interpretation": {
        "released_by": "planning.head",
        "secrecy_reviewed": True,
        "published_on": "2026-09-01",
        "channel": "website",
        "proof": "网页存档",
        "adopted": "分步到位的意见已经采纳",
    },
    "assign_execution": {
        "units": ["planning_construction"],
        "duties": "切换收费系统",
        "due_on": "2026-12-31",
    },
    "publish_intention": {
        "published_on": "2026-09-01",
        "place": "中国政府采购网",
        "purchase": "收费系统改造",
    },
    "file_design_estimate": {
        "feasibility_yuan": 1_000_000,
        "design_yuan": 1_100_000,
        "approved_by": "发展改革部门",
    },
    "reconfirm_budget": {
        "line": "2120501",
        "amount_yuan": 1_000_000,
        "covered": True,
        "opinion": "可以签订合同",
    },
    "sign_contract": {
        "contract": "甲合同",
        "counterparty": "中标供应商",
        "amount_yuan": 1_000_000,
        "signed_on": "2026-09-01",
        "government_purchase": False,
        "government_investment": False,
        "contractor_prefinances": False,
    },
    "publish_contract": {
        "contract": "甲合同",
        "published_on": "2026-09-01",
        "place": "中国政府采购网",
    },
    "conclude_contracts": {"without_contract": False, "statement": "按合同支付"},
    "report_progress": {"progress": "进展顺利"},
    "report_problem": {
        "cause": "changed_facts",
        "account": "成本大幅变化",
        "proposal": "研究调整",
    },
    "inspect_execution": {"done_on": "2026-09-01", "findings": "进度正常"},
    "record_feedback": {
        "received_on": "2026-09-01",
        "way": "telephone",
        "people": 3,
        "summary": "询问减免办法",
    },
    "complete_execution": {"done_on": "2026-09-01", "result": "全部落实"},
    "suspend_execution": {"reasons": "情况紧急"},
    "resume_execution": {"reasons": "情况已经消除"},
    "terminate_execution": {"by": "2026-2", "reasons": "已由新的决策终止"},
    "record_adjustment": {"by": "2026-2", "reasons": "已由新的决策调整"},
    "open_evaluation": {
        "trigger": "decision_body",
        "evaluator": "高校评估中心",
        "reasons": "需要了解效果",
    },
    "file_evaluation": {
        "done_on": "2026-09-01",
        "effects": "达到预期",
        "heard": "公众、人大代表和有关单位",
        "recommendation": "go_on",
        "advice": "继续执行",
    },
    "answer_evaluation": {"reasons": "问题轻微，现阶段不调整，加强巡查"},
    "file_archive": {
        "archived_on": "2026-09-01",
        "retention": "permanent",
        "place": "档案室",
        "papers": [
            {"paper": "decision", "title": "正式文件", "step": "issuance"},
            {"paper": "minutes", "title": "会议纪要"},
            {"paper": "review_opinion", "title": "审查意见书", "step": "legality_review"},
        ],
    },
    "archive_ended": {
        "archived_on": "2026-09-01",
        "retention": "thirty_years",
        "place": "档案室",
        "papers": [{"paper": "ending", "title": "撤回的理由"}],
    },
    "close_matter": {"statement": "各项工作已经办结"},
}
