"""公布和解读: Order 713 art. 32, disclosure arts. 14 to 17, 23 and 26, secrecy before release."""

from __future__ import annotations

from typing import Any

import pytest

from procedures.departures import OVERDUE, Way, departures
from procedures.kinds import KINDS
from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    EXPERT,
    KEEPER,
    NO_STEP,
    Matter,
    assess,
    codes,
    day,
    judge,
    law,
    only,
    procedure,
    ready,
)
from workflow.ports import StepState

STEP, ISSUED, LAST = "publication", "2026-09-16", "2026-10-20"
COMMANDS = ["publish_decision", "exempt_publication", "publish_interpretation"]


def issued(**answers: bool) -> Matter:
    matter = ready(answers={**NO_STEP, **answers})
    return matter.did("sign_document", ISSUED, DIRECTOR).did("issue", ISSUED, KEEPER)


def withheld() -> Matter:
    return issued(confidential_by_law=True)


def published(on: str = ISSUED, /, **answers: bool) -> Matter:
    return issued(**answers).did("publish_decision", on, published_on=on)


def test_twenty_working_days_cross_two_feasts_and_make_up_days__disclosure_art_26() -> None:
    found = assess(STEP, issued(), ISSUED)
    assert (found.state, codes(found)) == (StepState.PENDING, ["publication.due"])
    assert only(found).params["ends"] == day(LAST)
    assert law(only(found)) == ["order_713 32", "disclosure 26"]


def acquired(*papers: dict[str, Any]) -> Matter:
    matter = Matter(rules=procedure("land_acquisition"))
    for paper in papers:
        matter = matter.did("file_evidence", "2026-09-17", KEEPER, step="land_approval", **paper)
    return matter.did("sign_document", "2026-09-21", DIRECTOR).did("issue", "2026-09-21", KEEPER)


APPROVED = {"done_on": ISSUED, "concluded": True, "papers": ["approval_document"]}
VILLAGE = [{"channel": name, "proof": "存档"} for name in ("website", "village_notice")]


def test_an_acquisition_is_announced_within_fifteen_working_days_of_its_approval__art_31() -> None:
    """土地管理法实施条例 art. 31: from the day the approval arrived, not from the issue."""
    last, late = "2026-10-13", "2026-10-14"
    found = judge("publish_decision", acquired(APPROVED), last, published_on=last, places=VILLAGE)
    assert codes(found) == []
    found = judge("publish_decision", acquired(APPROVED), late, published_on=late, places=VILLAGE)
    assert codes(found) == ["publication.late_without_reason"]
    assert law(only(found)) == ["order_713 32", "land_regulations 31"]


def test_to_file_the_approval_again_does_not_begin_its_time_anew__land_regulations_art_31() -> None:
    sought = {"done_on": "2026-09-01", "concluded": False}
    again = APPROVED | {"done_on": "2026-09-17"}
    found = assess(STEP, acquired(sought, APPROVED, again), "2026-09-21")
    assert only(found).params["ends"] == day("2026-10-13")


def test_before_the_issue_there_is_no_limit_yet__order_713_art_32() -> None:
    assert codes(assess(STEP, ready())) == ["publication.missing"]
    assert codes(judge("publish_decision", ready())) == []


def test_on_the_last_day_it_is_in_time_and_on_the_next_it_owes_a_reason__disclosure_art_26() -> (
    None
):
    assert codes(judge("publish_decision", issued(), LAST, published_on=LAST)) == []
    late = "2026-10-21"
    found = judge("publish_decision", issued(), late, published_on=late)
    assert codes(found) == ["publication.late_without_reason"]
    given = {"published_on": late, "reason_for_delay": "网站改版"}
    assert codes(judge("publish_decision", issued(), late, **given)) == []


def test_a_late_publication_is_told_with_its_reason__disclosure_art_26() -> None:
    late = {"published_on": "2026-10-21", "reason_for_delay": "网站改版"}
    matter = issued().did("publish_decision", "2026-10-21", **late)
    (found,) = departures(procedure(), matter.facts)
    assert (found.way, found.step, found.rule, found.reasons) == (
        Way.LATE,
        STEP,
        "limit",
        "网站改版",
    )


def test_it_is_not_older_than_the_issue_nor_ahead__order_713_art_32() -> None:
    found = judge("publish_decision", issued(), "2026-09-17", published_on="2026-09-15")
    assert codes(found) == ["publication.before_issue"]
    found = judge("publish_decision", issued(), ISSUED, published_on="2026-09-17")
    assert codes(found) == ["record.future_day"]


def test_a_channel_that_is_owed_cannot_be_left_out__disclosure_art_23() -> None:
    places = [{"channel": "newspaper", "proof": "第2版"}]
    found = judge("publish_decision", issued(), ISSUED, published_on=ISSUED, places=places)
    assert codes(found) == ["publication.channels_missing"]
    assert only(found).params["channels"] == ("website",)


@pytest.mark.parametrize("command", COMMANDS)
def test_another_person_in_office_looks_it_through_for_secrecy_too(command: str) -> None:
    """政府信息公开条例 art. 17, 保守国家秘密法实施条例 art. 42."""
    matter = published() if command == "publish_interpretation" else withheld()
    day = {} if command == "exempt_publication" else {"published_on": ISSUED}
    own = judge(command, matter, ISSUED, CLERK, released_by=CLERK, **day)
    assert codes(own) == ["publication.looked_through_by_oneself"]
    for stranger in ("nobody", EXPERT, "firm.counsel", "superior.director"):
        found = judge(command, matter, ISSUED, released_by=stranger, **day)
        assert codes(found) == ["publication.releaser_unknown"]
    unread = judge(command, matter, ISSUED, secrecy_reviewed=False, **day)
    assert codes(unread) == ["publication.secrecy_unreviewed"]
    assert law(only(unread)) == ["secrets_rules 42", "disclosure 17"]
    assert codes(judge(command, matter, ISSUED, **day)) == []


@pytest.mark.parametrize("ground", ["convenience", "state_secret", "process"])
def test_an_exemption_rests_on_a_ground_of_the_law__disclosure_arts_14_to_16(ground: str) -> None:
    """What is a state secret is not in the system; what was decided is no part of the process."""
    found = judge("exempt_publication", withheld(), ISSUED, ground=ground)
    assert codes(found) == ["publication.ground_unknown"]
    assert "internal" in str(only(found).params["exemptions"])
    exempt = withheld().did("exempt_publication", ISSUED, KEEPER)
    assert assess(STEP, exempt).state is StepState.SATISFIED


def test_what_no_answer_withholds_is_published__order_713_art_32() -> None:
    found = judge("exempt_publication", issued(confidential_by_law=False), ISSUED)
    assert codes(found) == ["publication.not_withheld"]
    assert only(found).cured_by == procedure().holders("classify")
    assert (
        codes(
            judge(
                "exempt_publication",
                issued(confidential_by_law=False, publication_withheld=True),
                ISSUED,
            )
        )
        == []
    )
    elsewhere = Matter(rules=procedure("normative_files"))
    assert codes(judge("exempt_publication", elsewhere, ISSUED, ground="public_safety")) == []


def test_nothing_is_exempt_once_it_is_published__order_713_art_32() -> None:
    matter = withheld().did("publish_decision", ISSUED, published_on=ISSUED)
    assert codes(judge("exempt_publication", matter, ISSUED)) == ["publication.published_already"]


def test_an_exemption_has_its_time_as_well__disclosure_art_26() -> None:
    late = "2026-10-21"
    assert codes(judge("exempt_publication", withheld(), LAST)) == []
    for reason in (None, "无"):
        found = judge("exempt_publication", withheld(), late, reason_for_delay=reason)
        assert codes(found) == ["publication.late_without_reason"]
    found = judge("exempt_publication", withheld(), late, reason_for_delay="等待保密审查")
    assert (found.unmet, found.extra) == ((), {OVERDUE: "limit"})


def test_a_number_given_anew_wins_no_time__order_713_art_32() -> None:
    voided = issued().did("void_number", "2026-10-20", KEEPER)
    assert codes(assess(STEP, voided, LAST)) == ["publication.due"]
    found = assess(STEP, voided.did("issue", "2026-10-21", KEEPER), "2026-10-21")
    assert (codes(found), only(found).params["ends"]) == (["publication.overdue"], day(LAST))


def test_what_is_overdue_is_a_debt__disclosure_art_26() -> None:
    kind, step = KINDS["publication"], procedure().steps[STEP]
    assert kind.owes(issued().view(step, LAST)) == ()
    (overdue,) = kind.owes(issued().view(step, "2026-10-21"))
    assert overdue.code == "publication.overdue"
    assert overdue.cured_by == step.acts["publish_decision"]


def test_a_limit_past_the_last_holiday_notice_is_told_as_provisional() -> None:
    late = ready().did("sign_document", "2026-12-21", DIRECTOR).did("issue", "2026-12-21", KEEPER)
    assert only(assess(STEP, late, "2026-12-21")).params["unsure"] == ("ends",)
    assert only(assess(STEP, issued(), ISSUED)).params["unsure"] == ()


def test_what_was_published_is_explained_by_a_last_day_of_its_own__order_713_art_32() -> None:
    kind, step = KINDS[STEP], procedure().steps[STEP]
    first = kind.deadline(issued().view(step, ISSUED))
    assert first is not None
    assert first.by == day(LAST)
    assert kind.deadline(published().view(step, ISSUED)) is None
    owing = published(direct_interests=True)
    found = kind.deadline(owing.view(step, ISSUED))
    assert found is not None
    assert found.rule == step.rules["interpretation_limit"]
    explained = owing.did("publish_interpretation", ISSUED, published_on=ISSUED)
    assert kind.deadline(explained.view(step, ISSUED)) is None


def test_what_is_entered_long_afterwards_owes_a_reason_and_is_marked() -> None:
    given: dict[str, Any] = {"published_on": ISSUED}
    assert codes(judge("publish_decision", issued(), "2026-09-22", **given)) == []
    found = judge("publish_decision", issued(), "2026-09-23", **given)
    assert codes(found) == ["publication.entered_late"]
    found = judge("publish_decision", issued(), "2026-09-23", reason_for_delay="补录", **given)
    assert (found.unmet, found.extra) == ((), {OVERDUE: "late_entry"})


class TestInterpretation:
    """解读: what concerns many, or is technical, is explained (Order 713 art. 32)."""

    def test_it_comes_after_the_publication_and_by_a_known_channel__order_713_art_32(self) -> None:
        act, day = "publish_interpretation", "2026-09-17"
        assert codes(judge(act, issued(), day, published_on=day)) == [
            "publication.nothing_to_explain"
        ]
        found = judge(act, published("2026-09-17"), day, published_on=ISSUED)
        assert codes(found) == ["publication.explained_first"]
        found = judge(act, published(), day, published_on=day, channel="bulletin_board")
        assert codes(found) == ["publication.channel_unknown"]
        local = Matter(rules=procedure("normative_files")).did("publish_decision")
        assert codes(judge(act, local, channel="bulletin_board")) == []

    def test_it_has_its_time_from_the_publication_on__order_713_art_32(self) -> None:
        act, late = "publish_interpretation", "2026-10-21"
        assert codes(judge(act, published(), LAST, published_on=LAST)) == []
        found = judge(act, published(), late, published_on=late)
        assert codes(found) == ["publication.late_without_reason"]
        assert law(only(found)) == ["order_713 32", "disclosure 26"]

    @pytest.mark.parametrize("question", ["technical", "direct_interests"])
    def test_it_is_owed_until_it_is_there__order_713_art_32(self, question: str) -> None:
        matter = published(ISSUED, **{question: True})
        found = assess(STEP, matter, LAST)
        assert codes(found) == ["publication.interpretation_missing"]
        assert only(found).params["ends"] == day(LAST)
        found = assess(STEP, matter, "2026-10-21")
        assert codes(found) == ["publication.interpretation_overdue"]
        explained = matter.did("publish_interpretation", ISSUED, published_on=ISSUED)
        assert assess(STEP, explained).state is StepState.SATISFIED


def test_what_is_neither_needs_no_explanation__order_713_art_32() -> None:
    assert assess(STEP, published()).state is StepState.SATISFIED


def test_a_procedure_without_the_rule_asks_for_none() -> None:
    rules = procedure("normative_files")
    matter = Matter(rules=rules).did("publish_decision")
    assert assess(STEP, matter).state is StepState.SATISFIED
