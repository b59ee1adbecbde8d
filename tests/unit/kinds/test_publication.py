"""公布和解读: Order 713 art. 32, disclosure arts. 14 to 17, 23 and 26, secrecy before release."""

from __future__ import annotations

from typing import Any

import pytest

from procedures.departures import Way, departures
from tests.unit.builders import (
    CLERK,
    DIRECTOR,
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
    found = judge("publish_interpretation", issued(), "2026-09-17", published_on="2026-09-15")
    assert codes(found) == ["publication.before_issue"]


def test_a_channel_that_is_owed_cannot_be_left_out__disclosure_art_23() -> None:
    places = [{"channel": "newspaper", "proof": "第2版"}]
    found = judge("publish_decision", issued(), ISSUED, published_on=ISSUED, places=places)
    assert codes(found) == ["publication.channels_missing"]
    assert only(found).params["channels"] == ("website",)


@pytest.mark.parametrize("command", COMMANDS)
def test_another_person_in_office_looks_it_through_for_secrecy_too(command: str) -> None:
    """政府信息公开条例 art. 17, 保守国家秘密法实施条例 art. 42."""
    day = {} if command == "exempt_publication" else {"published_on": ISSUED}
    own = judge(command, issued(), ISSUED, CLERK, released_by=CLERK, **day)
    assert codes(own) == ["publication.looked_through_by_oneself"]
    stranger = judge(command, issued(), ISSUED, released_by="nobody", **day)
    assert codes(stranger) == ["publication.releaser_unknown"]
    unread = judge(command, issued(), ISSUED, secrecy_reviewed=False, **day)
    assert codes(unread) == ["publication.secrecy_unreviewed"]
    assert law(only(unread)) == ["secrets_rules 42", "disclosure 17"]
    assert codes(judge(command, issued(), ISSUED, **day)) == []


def test_an_exemption_rests_on_a_ground_of_the_law__disclosure_arts_14_to_16() -> None:
    found = judge("exempt_publication", issued(), ISSUED, ground="convenience")
    assert codes(found) == ["publication.ground_unknown"]
    assert "internal" in str(only(found).params["exemptions"])
    exempt = issued(technical=True).did("exempt_publication", ISSUED, KEEPER)
    assert assess(STEP, exempt).state is StepState.SATISFIED


@pytest.mark.parametrize("question", ["technical", "direct_interests"])
def test_what_concerns_many_or_is_technical_is_explained__order_713_art_32(question: str) -> None:
    published = issued(**{question: True}).did("publish_decision", ISSUED, published_on=ISSUED)
    found = assess(STEP, published)
    assert codes(found) == ["publication.interpretation_missing"]
    explained = published.did("publish_interpretation", ISSUED, published_on=ISSUED)
    assert assess(STEP, explained).state is StepState.SATISFIED


def test_what_is_neither_needs_no_explanation__order_713_art_32() -> None:
    published = issued().did("publish_decision", ISSUED, published_on=ISSUED)
    assert assess(STEP, published).state is StepState.SATISFIED


def test_a_procedure_without_the_rule_asks_for_none() -> None:
    rules = procedure("normative_files")
    matter = Matter(rules=rules).did("publish_decision")
    assert assess(STEP, matter).state is StepState.SATISFIED
