"""The lifecycle: every stage with every command, permitted or forbidden, written out."""

from __future__ import annotations

import pytest

from tests.unit.builders import machine, procedure, specs
from workflow.machine import Forbidden, Position, trigger
from workflow.refusals import Unmet

#: The work of the steps before the review.
WORK = (
    "file_research file_legal_basis file_consultation file_unit_opinion "
    "publish_open_call take_in_opinions close_open_call "
    "file_options file_participation_plan file_participation_report file_group_talks "
    "publish_hearing_notice publish_hearing_list deliver_hearing_papers hold_hearing "
    "sign_hearing_record choose_experts publish_draw draw_experts release_expert "
    "declare_interest file_expert_opinion file_risk_assessment reuse_risk_assessment "
    "file_fair_competition_review file_regulator_opinion file_evidence"
)
#: How a matter stands to the yearly catalogue.
LISTING = "link_entry rule_not_major"
HALT = f"migrate pause resume rule_separate {LISTING}"
WAIVERS = "request_waiver rule_waiver"
#: What goes on until the agenda.
THROUGHOUT = "confirm_budget_line adopt_opinions publish_adoption"

#: What goes on in a meeting, and what an item may come to there.
MEETING = (
    "withdraw_from_item lift_withdrawal file_views record_statement record_remark take_ballot "
    "reserve_opinion"
)
CONCLUSIONS = {
    "conclude_item/adopted": "decided",
    "conclude_item/adopted_onward": "studied",
    "conclude_item/amended": "amending",
    "conclude_item/not_adopted": "rejected",
    "conclude_item/discuss_again": "drafting",
}
#: Dissent, until the meeting closes, whatever has become of its item since.
DISSENT = "reserve_opinion"
#: What an amended text may owe once more.
ANEW = "file_fair_competition_review file_regulator_opinion file_evidence"
#: What counsel says of an amended text is answered, what was adopted of the opinions corrected, and
#: the budget confirmed for the text as amended.
TABLE = THROUGHOUT
PUBLISHING = "publish_decision exempt_publication publish_interpretation"
CONTRACTS = "publish_contract conclude_contracts"
SIGNING = f"publish_intention file_design_estimate reconfirm_budget sign_contract {CONTRACTS}"
EVALUATING = "open_evaluation file_evaluation answer_evaluation"
ENDING = "terminate_execution record_adjustment"

#: The profile of Jiyuan. Of each stage: what leaves it as it is, and what leads where.
STAYS = {
    "proposed": f"migrate rule_separate {LISTING} propose assign_study study classify",
    "started": f"classify {HALT} {WAIVERS} ask_counsel",
    "drafting": f"assign classify {HALT} {WAIVERS} {WORK} approve_override {THROUGHOUT} "
    "ask_counsel record_counsel_opinion reserve_opinion "
    "revise_draft/first revise_draft/editorial revise_draft/substantive",
    "awaiting_review": f"{DISSENT} classify {HALT} approve_override {THROUGHOUT} "
    "ask_counsel record_counsel_opinion",
    "returned": f"{DISSENT} classify {HALT} {WAIVERS} {WORK} approve_override {THROUGHOUT} "
    "ask_counsel record_counsel_opinion revise_draft/editorial revise_draft/substantive",
    "under_review": f"{DISSENT} classify {HALT} approve_override {THROUGHOUT} "
    "ask_counsel record_counsel_opinion",
    "awaiting_changes": f"{DISSENT} {HALT} {WORK} {THROUGHOUT} ask_counsel record_counsel_opinion "
    "revise_draft/editorial revise_draft/substantive",
    "review_failed": f"{DISSENT} classify {HALT} {WAIVERS} {WORK} approve_override "
    f"{THROUGHOUT} ask_counsel record_counsel_opinion",
    "review_passed": f"classify {HALT} {THROUGHOUT} reserve_opinion",
    "tabled": f"{MEETING} {LISTING} confirm_urgent_item",
    "studied": f"classify {TABLE} {LISTING} confirm_urgent_item reserve_opinion",
    "tabled_next": f"{MEETING} {LISTING} confirm_urgent_item",
    "amending": f"classify {ANEW} {TABLE} {LISTING} reserve_opinion confirm_urgent_item "
    "ask_counsel record_counsel_opinion "
    "revise_draft/as_decided recheck_text/unlawful",
    "decided": f"classify {ANEW} {TABLE} link_entry confirm_urgent_item reserve_opinion "
    "file_report sign_document",
    "awaiting_reply": "classify link_entry confirm_urgent_item reserve_opinion",
    "issued": f"{PUBLISHING} {SIGNING} link_entry file_evidence {EVALUATING} record_feedback",
    "executing": f"{PUBLISHING} {SIGNING} link_entry file_evidence {EVALUATING} assign_execution "
    "report_progress report_problem inspect_execution record_feedback complete_execution/in_part",
    "renumbering": "file_evidence",
    "suspended": f"{PUBLISHING} {CONTRACTS} link_entry file_evidence {EVALUATING} report_problem "
    "inspect_execution record_feedback",
    "renumbering_suspended": "file_evidence",
    "concluding": f"{PUBLISHING} {CONTRACTS} link_entry file_evidence {EVALUATING} {ENDING} "
    "inspect_execution record_feedback file_archive",
    "renumbering_concluding": "file_evidence",
    "closed": f"{EVALUATING} {ENDING} record_feedback file_archive",
    "rejected": "archive_ended reserve_opinion",
    "declined": "archive_ended",
    "excluded": "archive_ended file_emergency_report",
    "withdrawn": "archive_ended reserve_opinion",
    "ended": "archive_ended reserve_opinion",
    "off_system": "",
}
LEADS = {
    "proposed": {
        "propose/state_secret": "off_system",
        "start": "started",
        "decline": "declined",
        "exclude": "excluded",
        "withdraw": "withdrawn",
    },
    "started": {"assign": "drafting", "withdraw": "withdrawn"},
    "drafting": {"submit_for_review": "awaiting_review", "withdraw": "withdrawn"},
    "awaiting_review": {
        "accept_papers": "under_review",
        "return_papers": "returned",
        "withdraw": "withdrawn",
    },
    "returned": {"submit_for_review": "awaiting_review", "withdraw": "withdrawn"},
    "under_review": {
        "return_papers": "returned",
        "give_review_verdict/lawful": "review_passed",
        "give_review_verdict/exploratory_reform": "review_passed",
        "give_review_verdict/lawful_with_changes": "awaiting_changes",
        "give_review_verdict/unlawful": "review_failed",
        "withdraw": "withdrawn",
    },
    "awaiting_changes": {
        "confirm_changes": "review_passed",
        "migrate/review_lapsed": "drafting",
        "return_papers": "returned",
        "withdraw": "withdrawn",
    },
    "review_failed": {
        "revise_draft/editorial": "drafting",
        "revise_draft/substantive": "drafting",
        "submit_for_review": "awaiting_review",
        "withdraw": "withdrawn",
    },
    "review_passed": {
        "migrate/review_lapsed": "drafting",
        "revise_draft/editorial": "awaiting_changes",
        "revise_draft/substantive": "drafting",
        "return_papers": "returned",
        "propose_agenda_item": "tabled",
        "withdraw": "withdrawn",
    },
    "tabled": {
        **CONCLUSIONS,
        "conclude_item/deferred": "review_passed",
        "remove_agenda_item": "review_passed",
        "withdraw": "withdrawn",
    },
    "studied": {
        "propose_agenda_item": "tabled_next",
        "confirm_urgent_item/not_confirmed": "review_passed",
        "end_decision": "ended",
    },
    "tabled_next": {
        **CONCLUSIONS,
        "conclude_item/deferred": "studied",
        "remove_agenda_item": "studied",
        "end_decision": "ended",
    },
    "amending": {
        "recheck_text/lawful": "decided",
        "recheck_text/lawful_onward": "studied",
        "revise_draft/substantive": "drafting",
        "confirm_urgent_item/not_confirmed": "drafting",
        "end_decision": "ended",
    },
    "decided": {
        "submit_request": "awaiting_reply",
        "issue": "issued",
        "confirm_urgent_item/not_confirmed": "review_passed",
        "end_decision": "ended",
    },
    "awaiting_reply": {
        "confirm_urgent_item/not_confirmed": "review_passed",
        "end_decision": "ended",
        "record_reply/approved": "decided",
        "record_reply/changes_required": "amending",
        "record_reply/refused": "rejected",
    },
    "issued": {
        "void_number": "decided",
        "assign_execution": "executing",
        "terminate_execution": "concluding",
        "record_adjustment": "concluding",
    },
    "executing": {
        "void_number": "renumbering",
        "suspend_execution": "suspended",
        "complete_execution": "concluding",
        "terminate_execution": "concluding",
        "record_adjustment": "concluding",
    },
    "renumbering": {"issue": "executing"},
    "suspended": {
        "void_number": "renumbering_suspended",
        "resume_execution": "executing",
        "terminate_execution": "concluding",
        "record_adjustment": "concluding",
    },
    "renumbering_suspended": {"issue": "suspended"},
    "concluding": {"void_number": "renumbering_concluding", "close_matter": "closed"},
    "renumbering_concluding": {"issue": "concluding"},
    "closed": {},
    "rejected": {},
    "declined": {},
    "excluded": {},
    "withdrawn": {},
    "ended": {},
    "off_system": {},
}

#: Who may know of a matter is settled at any time, but where nothing of it is kept.
ALWAYS = "restrict_access"
NOTHING_KEPT = "off_system"

#: Commands that are about no matter, so that no stage is asked.
ELSEWHERE = {
    "adjust_catalogue",
    "appoint",
    "confirm_quarantine",
    "release_quarantine",
    "assign_duty",
    "close_duty",
    "file_duty_evidence",
    "import_holidays",
    "compile_catalogue",
    "complete_catalogue",
    "consent_catalogue",
    "end_appointment",
    "end_retainer",
    "file_retainer",
    "register_retainer",
    "state_clients",
    "nominate_entry",
    "publish_catalogue",
    "convene_meeting",
    "freeze_agenda",
    "open_meeting",
    "close_meeting",
    "grant_mandate",
    "end_mandate",
}
OUTCOMES = {
    "complete_execution": ("", "in_part"),
    "migrate": ("", "review_lapsed"),
    "confirm_urgent_item": ("", "not_confirmed"),
    "propose": ("", "state_secret"),
    "revise_draft": ("first", "editorial", "substantive", "as_decided"),
    "conclude_item": (
        "adopted",
        "adopted_onward",
        "amended",
        "not_adopted",
        "deferred",
        "discuss_again",
    ),
    "recheck_text": ("lawful", "lawful_onward", "unlawful"),
    "record_reply": ("approved", "changes_required", "refused"),
    "give_review_verdict": ("lawful", "lawful_with_changes", "unlawful", "exploratory_reform"),
}
MACHINE = machine(procedure())


def written_down(stage: str) -> dict[tuple[str, str], str]:
    """The moves of a stage by command and outcome."""
    stays = STAYS[stage].split() + ([] if stage == NOTHING_KEPT else [ALWAYS])
    named = {**dict.fromkeys(stays, stage), **LEADS[stage]}
    return {(move.partition("/")[0], move.partition("/")[2]): to for move, to in named.items()}


def every_move() -> list[tuple[str, str, str]]:
    return [
        (stage, command, outcome)
        for stage in procedure().stages
        for command in specs()
        if command not in ELSEWHERE
        for outcome in OUTCOMES.get(command, ("",))
    ]


def test_the_table_has_every_stage() -> None:
    assert list(STAYS) == list(LEADS) == list(procedure().stages)


def test_the_table_has_no_command_that_does_not_exist() -> None:
    known = {(command, outcome) for _, command, outcome in every_move()}
    assert {move for stage in STAYS for move in written_down(stage)} <= known


@pytest.mark.parametrize(("stage", "command", "outcome"), every_move())
def test_a_command_moves_a_matter_just_as_written_down(
    stage: str, command: str, outcome: str
) -> None:
    to = written_down(stage).get((command, outcome))
    if to is None:
        with pytest.raises(Forbidden, match=f"{stage}: {command}"):
            MACHINE.move(stage, command, outcome)
    else:
        assert MACHINE.move(stage, command, outcome) == to


@pytest.mark.parametrize("stage", list(procedure().stages))
def test_the_commands_of_a_stage_are_those_with_a_move(stage: str) -> None:
    found = {
        (command, outcome)
        for command, outcomes in MACHINE.commands(stage).items()
        for outcome in outcomes
    }
    assert found == set(written_down(stage))


def test_from_an_end_nothing_leads_away() -> None:
    assert MACHINE.commands("off_system") == {}
    for stage in (each.id for each in procedure().stages.values() if each.end):
        moves = MACHINE.commands(stage).items()
        assert {MACHINE.move(stage, name, to) for name, tos in moves for to in tos} <= {stage}


@pytest.mark.parametrize("stage", ["rejected", "declined", "withdrawn"])
def test_what_came_to_nothing_is_archived_and_no_more__order_713_art_33(stage: str) -> None:
    assert procedure().stages[stage].end
    # In the meeting that did not adopt it a dissent can still be reserved until that closes.
    assert set(MACHINE.commands(stage)) - {DISSENT, ALWAYS} == {"archive_ended"}


def test_the_stages_of_a_command_are_told_in_the_order_of_the_procedure() -> None:
    assert MACHINE.sources("submit_for_review") == ("drafting", "returned", "review_failed")
    assert MACHINE.sources("no_such_command") == ()


def test_a_refusal_holds_a_matter_where_it_is() -> None:
    refusal = (Unmet("agenda.frozen", ()),)
    # A move that was made before is no easier.
    assert MACHINE.move("review_passed", "propose_agenda_item") == "tabled"
    with pytest.raises(Forbidden, match="review_passed: propose_agenda_item : refused"):
        MACHINE.move("review_passed", "propose_agenda_item", "", refusal)
    assert MACHINE.move("review_passed", "propose_agenda_item") == "tabled"


def test_a_position_is_free_to_move_while_nothing_is_refused() -> None:
    assert Position("drafting", ()).unrefused()
    assert not Position("drafting", (Unmet("agenda.frozen", ()),)).unrefused()


def test_the_machine_keeps_no_matter() -> None:
    """The library would hold every model that it was given, and reset a loaded stage."""
    for _ in range(3):
        assert MACHINE.move("tabled", "remove_agenda_item") == "review_passed"


def test_a_move_is_named_by_command_and_outcome() -> None:
    assert trigger("revise_draft", "first") == "revise_draft/first"
