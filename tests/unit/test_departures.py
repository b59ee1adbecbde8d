"""缩短、免除、超期: all of it is told with reason and approver (Order 713 arts. 15(1), 26(2))."""

from __future__ import annotations

import pytest

from procedures.departures import Departure, Way, departures
from tests.unit.builders import (
    COUNSEL,
    DIRECTOR,
    HEAD,
    LEGAL_HEAD,
    REVIEWER,
    Matter,
    day,
    procedure,
)

MARCH = "2026-03-02"


def told(matter: Matter) -> list[tuple[Way, str, str, str]]:
    """Way, step, rule and reasons of each."""
    found = departures(matter.rules, matter.facts)
    return [(each.way, each.step, each.rule, each.reasons) for each in found]


def only(matter: Matter) -> Departure:
    (found,) = departures(matter.rules, matter.facts)
    return found


def test_a_matter_that_kept_its_course_has_none() -> None:
    matter = Matter().drafted().did("publish_open_call", MARCH, closes_on="2026-04-01")
    assert told(matter.passed()) == []


def test_a_shortened_review_is_told_with_its_approver__order_713_art_26_2() -> None:
    matter = Matter().drafted().did("approve_override", MARCH, LEGAL_HEAD)
    assert told(matter) == [(Way.SHORTENED, "legality_review", "review_time", "情况紧急")]
    assert only(matter).record.actor == LEGAL_HEAD


def test_a_short_call_is_told_with_both_its_days__order_713_art_15_1() -> None:
    notice = {"closes_on": "2026-03-12", "reason_for_shortening": "汛期在即"}
    matter = Matter().drafted().did("publish_open_call", MARCH, **notice)
    assert told(matter) == [(Way.SHORT_CALL, "open_call", "period", "汛期在即")]
    assert (only(matter).until, only(matter).usual) == (day("2026-03-12"), day("2026-04-01"))


def test_a_call_as_long_as_usual_is_none_whatever_reason_it_names() -> None:
    notice = {"closes_on": "2026-04-01", "reason_for_shortening": "情况紧急"}
    assert told(Matter().drafted().did("publish_open_call", MARCH, **notice)) == []


def test_a_waiver_is_told_as_long_as_it_stands() -> None:
    asked = {"step": "hearing", "reasons": "没有分歧"}
    matter = Matter().did("request_waiver", MARCH, HEAD, basis="条例第十六条", **asked)
    matter.did("rule_waiver", MARCH, DIRECTOR, approved=True, **asked)
    assert told(matter) == [(Way.WAIVED, "hearing", "", "没有分歧")]
    matter.did("rule_waiver", MARCH, DIRECTOR, approved=False, **asked)
    assert told(matter) == []


def test_a_late_verdict_is_told_with_its_reason__normative_115() -> None:
    matter = Matter(rules=procedure("normative_files")).drafted()
    matter.did("submit_for_review", MARCH).did("accept_papers", MARCH, REVIEWER)
    matter.did("record_counsel_opinion", MARCH, COUNSEL)
    matter.did("give_review_verdict", "2026-03-30", REVIEWER, reason_for_delay="补充了材料")
    assert told(matter) == [(Way.LATE, "legality_review", "ceiling", "补充了材料")]


def test_a_verdict_in_time_is_none_whatever_reason_it_names() -> None:
    matter = Matter(rules=procedure("normative_files")).drafted()
    assert told(matter.passed(reason_for_delay="补充了材料")) == []


def test_they_are_told_in_the_order_in_which_they_came() -> None:
    asked = {"step": "hearing", "reasons": "没有分歧"}
    matter = Matter().drafted().did("approve_override", MARCH, LEGAL_HEAD)
    matter.did("request_waiver", MARCH, HEAD, basis="条例第十六条", **asked)
    matter.did("rule_waiver", MARCH, DIRECTOR, approved=True, **asked)
    assert [way for way, *_ in told(matter)] == [Way.SHORTENED, Way.WAIVED]


def test_kin_that_was_ruled_off_is_told__three_major() -> None:
    matter = Matter().did("rule_separate", MARCH, LEGAL_HEAD)
    assert told(matter) == [(Way.SEPARATE, "", "", "两个独立的项目")]
    assert only(matter).matters == ("2026-2",)


def test_an_urgent_item_is_told_with_its_reasons__party_group_rules_30() -> None:
    matter = Matter().filed(
        "propose_agenda_item",
        {
            "meeting": "M",
            "urgent": {"reasons": "汛期", "approved_by": "x", "confirm_by": "2026-03-05"},
        },
    )
    assert told(matter) == [(Way.URGENT, "", "", "汛期")]


@pytest.mark.parametrize("late", [0, 1])
def test_a_report_on_an_emergency_is_told_where_it_came_late__order_713_art_3_2(late: int) -> None:
    matter = Matter().filed("file_emergency_report", {"days_overdue": late})
    found = [(each.way, each.days) for each in departures(matter.rules, matter.facts)]
    assert found == [(Way.AFTERWARDS, late)] * late


@pytest.mark.parametrize(
    ("command", "way", "step"),
    [
        ("exclude", Way.EXCLUDED, ""),
        ("void_number", Way.VOIDED, "issuance"),
        ("exempt_publication", Way.EXEMPT, "publication"),
        ("suspend_execution", Way.SUSPENDED, "execution"),
    ],
)
def test_exceptions_after_the_decision_are_told__order_713_arts_32_37(
    command: str, way: Way, step: str
) -> None:
    ((found, where, _, reasons),) = told(Matter().did(command, MARCH))
    assert (found, where) == (way, step)
    assert reasons


def test_a_request_past_a_level_is_told_and_another_is_not__reporting() -> None:
    assert told(Matter().did("submit_request", MARCH)) == []
    past = Matter().did(
        "submit_request", MARCH, bypasses_level=True, reason_for_bypassing="情况紧急"
    )
    assert told(past) == [(Way.BYPASSED, "party_committee_request", "", "情况紧急")]


@pytest.mark.parametrize(
    ("conclusion", "stances", "departs"),
    [
        ("adopted", ["support", "oppose", "reserve"], True),
        ("not_adopted", ["oppose", "support", "support_with_changes"], True),
        ("adopted", ["support", "support", "oppose"], False),
        ("adopted", ["support", "oppose", "nothing_to_say"], True),
        ("adopted", ["support", "oppose", "support"], False),
        ("adopted", ["support", "support_with_changes", "nothing_to_say"], True),
        ("amended", ["support", "support_with_changes", "nothing_to_say"], False),
    ],
)
def test_a_head_who_decides_against_most_is_told__order_713_art_30_2(
    conclusion: str, stances: list[str], departs: bool
) -> None:
    # The first is the head, whose own word makes nobody one of most.
    kept = {
        "conclusion": conclusion,
        "reasons": "依法必须办理",
        "decided_by": "0",
        "stances": [{"person": str(n), "stance": each} for n, each in enumerate(stances)],
    }
    found = told(Matter().filed("conclude_item", kept))
    assert found == ([(Way.AGAINST, "", "", "依法必须办理")] if departs else [])


def test_a_conclusion_entered_late_is_told_and_what_else_it_is_too__order_713_art_30_3() -> None:
    stances = [{"person": "1", "stance": "oppose"}]
    kept = {"conclusion": "adopted", "reasons": "依法必须办理", "stances": stances, "late_entry": 3}
    matter = Matter().filed("conclude_item", kept).filed("take_ballot", {"late_entry": 3})
    found = departures(matter.rules, matter.facts)
    assert [(each.way, each.days) for each in found] == [(Way.AFTERWARDS, 3), (Way.AGAINST, 0)]


def test_what_is_exempt_and_late_is_told_as_both__order_713_art_32() -> None:
    late = {"reason_for_delay": "等待核对", "overdue": "limit"}
    matter = Matter().filed("exempt_publication", {"reasons": "涉及商业秘密", **late})
    assert [each.way for each in departures(matter.rules, matter.facts)] == [Way.LATE, Way.EXEMPT]
