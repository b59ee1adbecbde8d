"""Every command once done and once refused, and what each leaves in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

import pytest

from tests.integration import house as h
from tests.integration.house import Act, Zone
from workflow.commands import Subject
from workflow.service import Outcome

JOURNAL: Final = {"journal": 1, "journal_head": 0}
FILED: Final = {**JOURNAL, "matter": 0, "record": 1}
OF_RETAINERS: Final = {**JOURNAL, "retainer_record": 1, "organisation": 0}
TECHNICAL: Final = {**h.QUICK, "technical": True}
HEARING: Final = {**h.QUICK, "hearing_required_by_law": True}


@dataclass(frozen=True)
class Case:
    """A lawful act and an unlawful one, in a place where either may be tried.

    `leaves` are the tables that differ afterwards, with the rows that each has more; `alerts` the
    alerts that the refusal queues.
    """

    stage: str
    act: Act
    unlawful: Act
    codes: tuple[str, ...]
    before: tuple[Act, ...] = ()
    answers: Mapping[str, object] = field(default_factory=lambda: h.QUICK)
    after: str = ""
    leaves: Mapping[str, int] = field(default_factory=lambda: FILED)
    alerts: int = 0


RELEASE: Final = Act("release_expert", h.CLERK, h.always(expert="expert.law", reasons="出国访问"))
DRAW_NOTICE: Final = Act(
    "publish_draw",
    h.CLERK,
    lambda today: {
        "experts": [
            {"expert": name, "field": "专业", "employer": f"院所{name}"}
            for name in (*h.EXPERTS, "expert.operator")
        ],
        "places": 3,
        "seed_source": "彩票开奖号码",
        "seed_on": (today + timedelta(days=1)).isoformat(),
        "seed_digits": 6,
        "dissent_sought": "备选专家中有持异议者",
    },
)
DRAWN: Final = Act(
    "draw_experts",
    h.CLERK,
    lambda today: {
        "seed": "03 07 15",
        "observed_at": "开奖公告",
        "observed_on": today.isoformat(),
    },
)
REUSED: Final = Act(
    "reuse_risk_assessment",
    h.CLERK,
    lambda today: {
        "rules": "社会稳定风险评估规定",
        "assessor": "第三方机构",
        "done_on": today.isoformat(),
        "document": "评估报告",
        "points_summary": "没有重大风险点",
        "opposition": {"statement": "座谈、问卷都没有不同意见"},
        "grade": "low",
    },
)
REGULATOR: Final = Act(
    "file_regulator_opinion",
    "market.clerk",
    lambda today: {"done_on": today.isoformat(), "conclusion": "agrees", "opinion": "同意"},
)
MANDATE: Final = Act("end_mandate", h.REVIEWER, h.always(mandate=1, reasons="已返岗"), about="")

CASES: Final[Mapping[str, Case]] = {
    "propose": Case(
        "",
        h.propose(),
        h.propose().with_(title=None),
        ("matter.title_missing",),
        after="proposed",
        leaves={**JOURNAL, "matter": 1, "record": 1, "procedure_version": 1, "matter_text": 3},
    ),
    "withdraw": Case(
        "review_passed",
        h.WITHDRAW,
        h.WITHDRAW.by(h.CLERK),
        ("authority.role",),
        after="withdrawn",
    ),
    "exclude": Case(
        "proposed",
        h.EXCLUDE,
        h.EXCLUDE.with_(ground="emergency_response"),
        ("exclusion.level_missing", "exclusion.report_day_missing"),
        after="excluded",
    ),
    "rule_separate": Case(
        "",
        replace(h.SEPARATE, given=h.always(matters=["2026-0001"], reasons="两个项目")),
        h.SEPARATE,
        ("kin.unknown",),
        before=(h.PART, h.PART),
    ),
    "assign_study": Case(
        "proposed",
        h.ASSIGN_STUDY,
        h.ASSIGN_STUDY.with_(unit="harbour"),
        ("assignment.not_a_unit",),
        answers={**h.QUICK, "origin": "citizens"},
    ),
    "classify": Case(
        "proposed",
        h.CLASSIFY,
        h.CLASSIFY.with_(rulings=[]),
        ("classification.unreasoned",) * 17,
        before=(h.STUDY,),
    ),
    "study": Case(
        "proposed",
        h.STUDY,
        h.STUDY.with_(problem=None, outline=None),
        ("study.headings_missing",),
        leaves={**FILED, "matter_text": 1},
    ),
    "start": Case(
        "proposed",
        h.START,
        h.START.with_(decided_on="2026-03-03"),
        ("record.future_day",),
        before=(h.STUDY, h.CLASSIFY),
        after="started",
    ),
    "decline": Case(
        "proposed", h.DECLINE, h.DECLINE.by(h.HEAD), ("authority.role",), after="declined"
    ),
    "assign": Case("started", h.ASSIGN, h.ASSIGN.by(h.HEAD), ("authority.role",), after="drafting"),
    "revise_draft": Case(
        "drafted",
        h.REWRITE,
        h.EDIT.with_(text=h.TEXT),
        ("draft.unchanged",),
        leaves={**FILED, "draft": 1, "matter_text": 0},
    ),
    "request_waiver": Case(
        "drafting",
        h.REQUEST_WAIVER,
        h.REQUEST_WAIVER.with_(step="research"),
        ("waiver.not_waivable",),
        answers=h.PLAIN,
    ),
    "rule_waiver": Case(
        "drafting",
        h.RULE_WAIVER,
        h.RULE_WAIVER.with_(step="expert_argument"),
        ("waiver.not_requested",),
        before=(h.REQUEST_WAIVER,),
        answers=h.PLAIN,
    ),
    "approve_override": Case(
        "under_review",
        h.OVERRIDE,
        h.OVERRIDE.by(h.REVIEWER),
        ("authority.role",),
    ),
    "pause": Case("drafting", h.PAUSE, h.PAUSE.by(h.CLERK), ("authority.role",)),
    "resume": Case("drafting", h.RESUME, h.RESUME.by(h.CLERK), ("authority.role",), (h.PAUSE,)),
    "convene_meeting": Case(
        "",
        h.CONVENE,
        h.CONVENE.with_(held_on="2026-03-03"),
        ("agenda.notice",),
        leaves={**JOURNAL, "meeting": 1},
    ),
    "propose_agenda_item": Case(
        "review_passed",
        h.TABLE,
        h.TABLE.by("discipline.supervisor"),
        ("authority.role",),
        before=(h.CONVENE,),
        after="tabled",
        leaves={**FILED, "clearance": 1, "agenda_item": 1},
        alerts=6,
    ),
    "remove_agenda_item": Case(
        "tabled",
        h.UNTABLE,
        h.UNTABLE.by(h.CLERK),
        ("authority.role",),
        after="review_passed",
        leaves={**FILED, "agenda_item": 0, "alert": 2},
    ),
    "freeze_agenda": Case(
        "tabled",
        h.FREEZE,
        h.FREEZE.by(h.CLERK),
        ("authority.role",),
        leaves={**JOURNAL, "meeting": 0, "proceeding": 1},
    ),
    "grant_mandate": Case(
        "",
        h.grant(h.OTHER_REVIEWER),
        h.grant(h.REVIEWER),
        ("mandate.to_oneself",),
        leaves={**JOURNAL, "mandate": 1, "organisation": 0},
    ),
    "end_mandate": Case(
        "",
        MANDATE,
        replace(MANDATE, actor=h.OTHER_REVIEWER),
        (),
        before=(h.grant(h.CLERK),),
        leaves={**JOURNAL, "mandate": 0, "organisation": 0},
    ),
    "appoint": Case(
        "",
        h.APPOINT,
        h.APPOINT.by("finance.head"),
        ("authority.role",),
        leaves={**JOURNAL, "appointment": 1, "organisation": 0},
    ),
    "end_appointment": Case(
        "",
        h.DISMISS,
        h.DISMISS.with_(last_day="2026-03-01"),
        ("appointment.past_day",),
        leaves={**JOURNAL, "appointment": 0, "organisation": 0},
    ),
    "file_retainer": Case(
        "",
        h.RETAIN,
        h.RETAIN.with_(until="2029-03-02"),
        ("retainer.term",),
        leaves=OF_RETAINERS,
    ),
    "register_retainer": Case(
        "",
        h.REGISTER,
        h.REGISTER.with_(retainer=1),
        ("retainer.registered",),
        before=(h.RETAIN,),
        leaves=OF_RETAINERS,
    ),
    "state_clients": Case(
        "",
        h.STATE,
        h.STATE.with_(lawyer="expert.law"),
        ("retainer.unnamed",),
        leaves=OF_RETAINERS,
    ),
    "end_retainer": Case(
        "",
        h.RELEASE,
        h.RELEASE.with_(last_day="2026-03-01"),
        ("retainer.dates",),
        leaves=OF_RETAINERS,
    ),
    "file_research": Case(
        "drafting",
        h.RESEARCH,
        h.RESEARCH.with_(done_on="2026-03-03"),
        ("record.future_day",),
    ),
    "file_legal_basis": Case(
        "drafting", h.BASIS, h.BASIS.by("discipline.supervisor"), ("authority.role",)
    ),
    "file_consultation": Case(
        "drafted",
        h.CONSULT,
        h.CONSULT.with_(
            opinions=[
                {
                    "unit": "discipline",
                    "position": "disagrees",
                    "opinion": "不同意",
                    "given_on": "2026-03-02",
                    "paper": "纪函〔2026〕1号",
                    "paper_dated": "2026-03-02",
                }
            ]
        ),
        ("department_consultation.unit_not_heard", "department_consultation.dispute_missing"),
        answers={**h.QUICK, "touches_other_units": True},
    ),
    "file_unit_opinion": Case(
        "drafted",
        h.OWN_OPINION,
        h.OWN_OPINION.with_(unit="economic_development"),
        ("department_consultation.not_own_unit",),
        answers={**h.QUICK, "touches_other_units": True},
    ),
    "publish_open_call": Case(
        "drafted",
        h.PUBLISH,
        h.PUBLISH.with_(closes_on="2026-03-20"),
        ("open_call.short_without_reason",),
        answers=h.PLAIN,
        alerts=2,
    ),
    "close_open_call": Case(
        "drafted",
        h.CLOSE,
        replace(h.CLOSE, wait=0).with_(channel_proof=None),
        ("open_call.still_open", "open_call.zero_without_proof"),
        before=(h.PUBLISH,),
        answers=h.PLAIN,
    ),
    "adopt_opinions": Case(
        "drafted",
        h.ADOPT,
        h.ADOPT.with_(
            opinions=[
                {"source": "public", "number": 2, "summary": "高", "disposition": "not_adopted"}
            ]
        ),
        ("adoption.no_such_opinion", "adoption.reason_missing"),
        before=(h.PUBLISH, h.CLOSE, h.REPORT),
        answers=h.PLAIN,
    ),
    "publish_adoption": Case(
        "drafted",
        h.PUBLISH_ADOPTION,
        h.PUBLISH_ADOPTION.with_(published_on="2026-04-16"),
        ("adoption.published_too_early",),
        before=h.CALL,
        answers=h.PLAIN,
    ),
    "file_participation_plan": Case(
        "drafted",
        h.PLAN,
        h.PLAN.with_(methods=["seminar"]),
        ("participation.method_owed",),
        answers=h.PLAIN,
    ),
    "file_participation_report": Case(
        "drafted",
        h.REPORT,
        h.REPORT.with_(activities=[{"method": "survey", "held_on": "2026-04-17", "summary": "略"}]),
        ("participation.method_not_reported",),
        before=(h.PUBLISH, h.CLOSE),
        answers=h.PLAIN,
    ),
    "file_group_talks": Case(
        "drafted",
        h.TALKS,
        h.TALKS.with_(
            talks=[
                {
                    "group": "用水大户",
                    "counterpart": "representatives",
                    "held_on": "2026-03-02",
                    "opinions": "分步",
                }
            ]
        ),
        ("group_talks.group_not_heard",),
        answers={**h.PLAIN, "specific_groups": True},
    ),
    "file_options": Case(
        "drafting",
        h.OPTIONS,
        h.OPTIONS.with_(options=[{"name": "一", "content": "分档", "forecast": "平衡"}]),
        ("options.too_few",),
    ),
    "publish_hearing_notice": Case(
        "drafted",
        h.HEARING_NOTICE,
        h.HEARING_NOTICE.with_(held_on="2026-03-06", sides=["用户"]),
        ("hearing.notice_too_late", "hearing.too_few_sides"),
        answers=HEARING,
    ),
    "publish_hearing_list": Case(
        "drafted",
        h.HEARING_LIST,
        h.HEARING_LIST.with_(
            participants=[
                {
                    "participant": "用户代表一",
                    "category": "affected",
                    "side": "用户",
                    "serving_official": False,
                }
            ]
        ),
        ("hearing.side_missing",),
        before=(h.HEARING_NOTICE,),
        answers=HEARING,
    ),
    "deliver_hearing_papers": Case(
        "drafted",
        h.HEARING_PAPERS,
        replace(h.HEARING_PAPERS, wait=15),
        ("hearing.papers_late",),
        before=(h.HEARING_NOTICE, h.HEARING_LIST),
        answers=HEARING,
        alerts=2,
    ),
    "hold_hearing": Case(
        "drafted",
        h.HEARING,
        replace(h.HEARING, wait=0),
        ("hearing.other_day",),
        before=(h.HEARING_NOTICE, h.HEARING_LIST, h.HEARING_PAPERS),
        answers=HEARING,
    ),
    "sign_hearing_record": Case(
        "drafted",
        h.HEARING_RECORD,
        h.HEARING_RECORD.with_(signatures=[{"participant": "用户代表一", "signed": True}]),
        ("hearing.unsigned",),
        before=(h.HEARING_NOTICE, h.HEARING_LIST, h.HEARING_PAPERS, h.HEARING),
        answers=HEARING,
    ),
    "choose_experts": Case(
        "drafted",
        h.CHOOSE,
        h.CHOOSE.with_(
            experts=[{"expert": "expert.law", "field": "法", "employer": "院"} for _ in range(2)]
        ),
        ("expert_argument.named_twice",),
        answers=TECHNICAL,
    ),
    "declare_interest": Case(
        "drafted",
        h.declare("expert.law"),
        h.declare("expert.law").with_(secrecy_pledged=False),
        ("expert_argument.no_pledge",),
        before=(h.CHOOSE,),
        answers=TECHNICAL,
    ),
    "file_expert_opinion": Case(
        "drafted",
        h.opine("expert.law"),
        h.opine("expert.price"),
        ("expert_argument.direct_interest",),
        before=(
            h.CHOOSE,
            h.declare("expert.law"),
            h.declare("expert.price").with_(direct_interest=True, relations="任职于经营者"),
        ),
        answers=TECHNICAL,
        alerts=2,
    ),
    "release_expert": Case(
        "drafted",
        RELEASE,
        RELEASE.with_(expert="expert.operator"),
        ("expert_argument.not_among_chosen",),
        before=(h.CHOOSE,),
        answers=TECHNICAL,
    ),
    "file_risk_assessment": Case(
        "drafted",
        h.RISK,
        h.RISK.with_(points=[], contingency_plan=None),
        ("risk_assessment.no_points", "risk_assessment.no_contingency_plan"),
    ),
    "publish_draw": Case(
        "drafted",
        DRAW_NOTICE,
        DRAW_NOTICE.with_(places=4),
        ("expert_argument.draw_of_all",),
        answers=TECHNICAL,
    ),
    "draw_experts": Case(
        "drafted",
        replace(DRAWN, wait=1),
        DRAWN,
        ("expert_argument.seed_not_due",),
        before=(DRAW_NOTICE,),
        answers=TECHNICAL,
    ),
    "reuse_risk_assessment": Case(
        "drafted",
        REUSED,
        REUSED.with_(done_on="2026-12-31"),
        ("record.future_day",),
    ),
    "file_regulator_opinion": Case(
        "drafted",
        REGULATOR,
        REGULATOR.with_(done_on="2026-12-31"),
        ("record.future_day",),
        before=(h.COMPETITION,),
        answers={**h.QUICK, "market_activity": True},
    ),
    "file_fair_competition_review": Case(
        "drafted",
        h.COMPETITION,
        h.COMPETITION.with_(conclusion="exception"),
        ("fair_competition.exception_unfounded",),
    ),
    "confirm_budget_line": Case(
        "drafted",
        h.BUDGET,
        h.BUDGET.by(h.CLERK),
        ("authority.role",),
        answers={**h.QUICK, "spends_money": True},
    ),
    "file_evidence": Case(
        "drafted",
        h.COST_AUDIT,
        h.COST_AUDIT.with_(done_on="2026-03-03"),
        ("record.future_day",),
    ),
    "submit_for_review": Case(
        "ready",
        h.SUBMIT,
        h.SUBMIT.with_(papers=["draft"]),
        ("legality_review.papers_missing",),
        after="awaiting_review",
        alerts=2,
    ),
    "return_papers": Case(
        "awaiting_review", h.RETURN, h.RETURN.by(h.COUNSEL), ("authority.role",), after="returned"
    ),
    "accept_papers": Case(
        "awaiting_review",
        h.ACCEPT,
        h.ACCEPT.by(h.CLERK),
        ("authority.role",),
        after="under_review",
    ),
    "ask_counsel": Case(
        "under_review",
        h.ASK_COUNSEL,
        h.ASK_COUNSEL.with_(firm="finance", lawyers=[]),
        ("legality_review.firm_unable",),
    ),
    "record_counsel_opinion": Case(
        "under_review",
        h.COUNSEL_OPINION,
        h.COUNSEL_OPINION.with_(signed=False),
        ("legality_review.counsel_unsigned",),
        leaves={**FILED, "signature": 1},
    ),
    "give_review_verdict": Case(
        "under_review",
        h.VERDICT,
        replace(h.VERDICT, wait=1).by(h.COUNSEL),
        ("review.counsel_cannot_rule",),
        after="review_passed",
        leaves={**FILED, "signature": 1, "signing_key": 1, "review": 1},
        alerts=2,
    ),
    "confirm_changes": Case(
        "awaiting_changes",
        h.CONFIRM,
        h.CONFIRM.by(h.CLERK),
        ("authority.role",),
        before=(h.EDIT,),
        after="review_passed",
        # Whoever gave the verdict has a key already.
        leaves={**FILED, "signature": 1, "review": 1},
    ),
}

ABOUT_MATTERS: Final = [
    name for name, case in CASES.items() if case.act.about in ("matter", "both")
]


def bring(zone: Zone, case: Case) -> None:
    """To the place where the case is tried."""
    if case.stage:
        zone.advance_to(case.stage, case.answers)
    for act in case.before:
        zone.do(act)


def last_entry(zone: Zone) -> dict[str, Any]:
    ((body,),) = zone.rows("SELECT body FROM journal ORDER BY seq DESC LIMIT 1")
    told: dict[str, Any] = json.loads(body)
    return told


#: Needs a second edition of the rules, which `test_migrate.py` makes, what the public sent in,
#: which `test_submissions.py` has, or a file, which `test_files.py` has.  What comes after the
#: agenda is in `test_service_courses.py`, which also sees to it that nothing is left out.
ELSEWHERE: Final = {
    "migrate",
    "take_in_opinions",
    "confirm_quarantine",
    "release_quarantine",
}


@pytest.mark.parametrize("name", CASES)
def test_a_command_is_refused_once_and_done_once(name: str, zone: Zone) -> None:
    case = CASES[name]
    bring(zone, case)
    day = zone.today
    if case.codes:
        refused_without_a_trace(zone, case)
        zone.on(day)
    done_with_exactly_its_rows(zone, case)
    assert zone.flaws() == []


def refused_without_a_trace(zone: Zone, case: Case) -> None:
    """Nothing changes but the journal and the alerts."""
    zone.wait(case.unlawful.wait)
    before = zone.everything()
    outcome = zone.try_(replace(case.unlawful, wait=0))
    assert tuple(unmet.code for unmet in outcome.refusals) == case.codes
    assert zone.changed(before) == {**JOURNAL, **({"alert": case.alerts} if case.alerts else {})}
    assert len(outcome.alerts) == case.alerts
    body = last_entry(zone)
    assert (body["command"], body["status"]) == (case.act.command, "refused")
    assert [unmet["code"] for unmet in body["refusals"]] == list(case.codes)
    assert all(unmet["citations"] for unmet in body["refusals"])


def done_with_exactly_its_rows(zone: Zone, case: Case) -> None:
    zone.wait(case.act.wait)
    about = case.act.about in ("matter", "both")
    known = zone.standing().facts if about else None
    before = zone.everything()
    outcome = zone.do(replace(case.act, wait=0), key="once")
    changed = zone.changed(before)
    # Who has a part follows from the rest; whether it is kept as it follows, the audit tells.
    changed.pop("matter_party", None)
    # The sweep looks at what it was about; what only told somebody of a matter changed none.
    assert ("wake" in changed) is (case.act.command != "unmask")
    changed.pop("wake", None)
    assert changed == {**case.leaves, "request": 1}
    assert len(outcome.alerts) == case.leaves.get("alert", 0)
    body = last_entry(zone)
    assert (body["command"], body["status"]) == (case.act.command, "done")
    assert (body["actor"], body["principal"]) == (case.act.actor, None)
    assert (body["matter"], body["meeting"]) == (outcome.matter, outcome.meeting)
    assert (body["version"], body["request"]) == (outcome.version, "once")
    if known is not None:
        filed(zone, case, outcome, case.after or known.stage, known.version)
    elif case.act.makes == "matter":
        filed(zone, case, outcome, case.after, 0)


def filed(zone: Zone, case: Case, outcome: Outcome, stage: str, version: int) -> None:
    """The matter stands where it should, and the newest record says who did what."""
    standing = zone.standing()
    facts, record = standing.facts, standing.facts.records[-1]
    assert (facts.number, facts.stage, facts.version) == (outcome.matter, stage, version + 1)
    assert (outcome.stage, outcome.version) == (facts.stage, facts.version)
    assert (record.command, record.actor) == (case.act.command, case.act.actor)
    assert (record.principal, record.filed_on) == (None, zone.today)
    assert record.position == outcome.version
    held = {
        (each.unit, each.role)
        for each in standing.directory.appointments
        if each.person == case.act.actor
    }
    assert (record.unit, record.role) in held
    assert zone.rows("SELECT max(journal_seq) FROM record") == [(outcome.entry,)]


def test_a_mandate_of_others_is_not_there_to_be_ended(zone: Zone) -> None:
    case = CASES["end_mandate"]
    bring(zone, case)
    assert zone.fail(case.unlawful).code == "unknown.mandate"


@pytest.mark.parametrize(
    ("actor", "told"),
    [
        ("discipline.supervisor", "authority.role"),
        ("economy.clerk", "unknown.matter"),
        ("party.member.1", "unknown.matter"),
    ],
)
def test_somebody_without_a_part_in_it_is_told_only_that(actor: str, told: str, zone: Zone) -> None:
    """How a matter stands, and whether it is there, is nobody's business who does not see it."""
    zone.advance_to("drafting")
    for name in ABOUT_MATTERS:
        if name not in ("propose_agenda_item", "propose"):
            act = replace(CASES[name].act, wait=0, actor=actor)
            found = (zone.fail(act).code,) if told == "unknown.matter" else zone.refuse(act)
            assert found == (told,), name


def test_every_reason_is_told_not_only_the_first(zone: Zone) -> None:
    zone.advance_to("drafting", h.WHOLE)
    zone.do(h.CONVENE)
    assert set(zone.refuse(h.TABLE)) == {
        "research.report_missing",
        "research.legal_basis_missing",
        "department_consultation.missing",
        "group_talks.missing",
        "open_call.not_published",
        "participation.plan_missing",
        "hearing.not_announced",
        "expert_argument.not_chosen",
        "adoption.missing",
        "risk_assessment.missing",
        "fair_competition.missing",
        "budget.missing",
        "declared.missing",
        "legality_review.missing",
    }


def test_the_whole_way_ends_on_the_agenda(zone: Zone) -> None:
    zone.advance_to("tabled", h.WHOLE)
    meeting = zone.house.inquiry.meeting(zone.code, str(zone.meeting))
    assert [(entry.matter, entry.place) for entry in meeting.agenda] == [(zone.matter, 1)]
    assert zone.flaws() == []


def test_a_text_changed_after_its_review_never_reaches_the_agenda(zone: Zone) -> None:
    zone.advance_to("review_passed")
    zone.do(h.CONVENE)
    zone.do(h.EDIT)
    assert zone.refuse(h.TABLE) == ("legality_review.other_text",)
    zone.do(h.CONFIRM)
    zone.do(h.TABLE)
    assert zone.refuse(h.EDIT.with_(text="另一稿")) == ("stage.not_allowed",)


def test_a_review_of_another_matter_does_not_help(zone: Zone) -> None:
    zone.advance_to("review_passed")
    zone.do(h.CONVENE)
    zone.advance_to("ready")
    assert zone.refuse(h.TABLE) == ("legality_review.missing",)


def test_counsels_opinion_is_never_the_review(zone: Zone) -> None:
    zone.advance_to("ready")
    zone.do(h.COUNSEL_OPINION)
    zone.do(h.CONVENE)
    assert zone.refuse(h.TABLE) == ("legality_review.counsel_is_not_review",)


def test_only_a_frozen_agenda_is_closed(zone: Zone) -> None:
    zone.advance_to("tabled")
    meeting = zone.meeting
    zone.do(h.FREEZE)
    assert zone.refuse(h.FREEZE) == ("agenda.frozen",)
    zone.on("2026-03-02")
    zone.advance_to("review_passed")
    assert zone.refuse(h.TABLE) == ("agenda.frozen",)
    zone.do(h.CONVENE)
    assert zone.meeting != meeting
    zone.do(h.TABLE)


def test_an_empty_agenda_is_not_frozen(zone: Zone) -> None:
    zone.do(h.CONVENE)
    assert zone.refuse(h.FREEZE) == ("agenda.empty",)


def test_an_agenda_is_frozen_in_time_for_its_notice(zone: Zone) -> None:
    zone.advance_to("tabled")
    zone.wait(12)
    day = zone.today
    zone.wait(1)
    assert zone.refuse(h.FREEZE) == ("agenda.notice",)
    zone.on(day)
    zone.do(h.FREEZE)


def test_what_was_taken_off_may_be_listed_anew(zone: Zone) -> None:
    zone.advance_to("tabled")
    zone.do(h.UNTABLE)
    zone.do(h.TABLE)
    found = zone.rows("SELECT place, removed_at IS NULL FROM agenda_item ORDER BY id")
    assert [(place, bool(active)) for place, active in found] == [(1, False), (1, True)]


def test_a_withdrawn_matter_leaves_its_agenda(zone: Zone) -> None:
    zone.advance_to("tabled")
    zone.do(h.WITHDRAW)
    assert zone.house.inquiry.meeting(zone.code, str(zone.meeting)).agenda == ()
    assert zone.rows("SELECT agenda_item_id FROM matter") == [(None,)]


def test_subjects_and_acts_agree(zone: Zone) -> None:
    """The table above speaks of what each command is about; the service must mean the same."""
    about = {
        Subject.ORGANISATION: "",
        Subject.MATTER: "matter",
        Subject.MEETING: "meeting",
        Subject.MATTER_AND_MEETING: "both",
    }
    specs = zone.house.service.specs
    assert {name: about[specs[name].subject] for name in CASES} == {
        name: case.act.about for name, case in CASES.items()
    }
