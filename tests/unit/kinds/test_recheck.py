"""复核: a text amended by the meeting or by the reply is looked through before it goes on.

Order 713 arts. 25, 27 and 28: what is issued is what the review passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.unit.builders import (
    COUNSEL,
    REVIEWER,
    TODAY,
    Matter,
    assess,
    codes,
    day,
    earliest,
    judge,
    law,
    only,
    ready,
)

STEP = "legality_review"


def filed(matter: Matter, command: str, step: str | None, **kept: str) -> Matter:
    """The matter with a record of a command, as it would be kept."""
    matter.did("sign_document")
    last = replace(matter.records[-1], command=command, step=step, payload=kept)
    matter.records = (*matter.records[:-1], last)
    return matter


def passed() -> Matter:
    matter = ready().did("submit_for_review").did("accept_papers", by=REVIEWER)
    matter.did("record_counsel_opinion", by=COUNSEL)
    return matter.did("give_review_verdict", by=REVIEWER)


def concluded(conclusion: str = "amended", body: str = "executive_meeting") -> Matter:
    """Both bodies of the zone have adopted, the last as said."""
    matter = filed(passed(), "conclude_item", None, conclusion="adopted", body="party_group")
    return filed(matter, "conclude_item", None, conclusion=conclusion, body=body)


def to_be_changed() -> Matter:
    """Adopted as it was, and the reply asks for changes."""
    matter = concluded("adopted")
    return filed(matter, "record_reply", "party_committee_request", result="changes_required")


@pytest.mark.parametrize("matter", [concluded, to_be_changed])
class TestAnAmendedText:
    """By a meeting, or by a reply."""

    def test_the_old_text_cannot_be_passed_in_its_place__order_713_art_25(
        self, matter: Callable[[], Matter]
    ) -> None:
        found = judge("recheck_text", matter(), by=REVIEWER)
        assert codes(found) == ["legality_review.amended_text_missing"]

    def test_it_is_open_until_it_is_looked_through__order_713_art_25(
        self, matter: Callable[[], Matter]
    ) -> None:
        waiting = only(assess(STEP, matter()))
        assert (waiting.code, waiting.act) == (
            "legality_review.amended_text_missing",
            "revise_draft",
        )
        amended = matter().drafted("第二稿", "as_decided")
        assert codes(assess(STEP, amended)) == [
            "legality_review.counsel_not_consulted",
            "legality_review.amended_not_rechecked",
        ]
        amended.did("record_counsel_opinion")
        assert codes(assess(STEP, amended)) == ["legality_review.amended_not_rechecked"]
        assert earliest(STEP, amended, TODAY)[0] == TODAY

    def test_counsel_is_heard_on_it_too__order_713_art_28(
        self, matter: Callable[[], Matter]
    ) -> None:
        amended = matter().drafted("第二稿", "as_decided")
        found = judge("recheck_text", amended, by=REVIEWER)
        assert codes(found) == ["legality_review.counsel_not_consulted"]

    def test_it_is_what_was_decided__order_713_art_27(self, matter: Callable[[], Matter]) -> None:
        amended = matter().drafted("第二稿", "as_decided").did("record_counsel_opinion")
        found = judge("recheck_text", amended, by=REVIEWER, as_decided=False)
        assert codes(found) == ["legality_review.not_as_decided"]
        assert "order_713 27" in law(only(found))
        unlawful = judge("recheck_text", amended, by=REVIEWER, verdict="unlawful", as_decided=False)
        assert (codes(unlawful), unlawful.outcome) == ([], "unlawful")

    def test_then_it_goes_on__order_713_art_25(self, matter: Callable[[], Matter]) -> None:
        amended = matter().drafted("第二稿", "as_decided").did("record_counsel_opinion")
        found = judge("recheck_text", amended, by=REVIEWER)
        assert (codes(found), found.outcome) == ([], "lawful")
        done = amended.did("recheck_text", by=REVIEWER)
        assert assess(STEP, done).on == day(TODAY)


def test_where_another_body_has_to_adopt_it_goes_there__order_713_art_30() -> None:
    matter = filed(passed(), "conclude_item", None, conclusion="amended", body="party_group")
    matter.drafted("第二稿", "as_decided").did("record_counsel_opinion")
    assert judge("recheck_text", matter, by=REVIEWER).outcome == "lawful_onward"


def test_found_unlawful_it_is_amended_again__order_713_art_25() -> None:
    matter = concluded().drafted("第二稿", "as_decided").did("record_counsel_opinion")
    matter.did("recheck_text", by=REVIEWER, verdict="unlawful")
    unlawful = only(assess(STEP, matter))
    assert (unlawful.code, unlawful.act) == ("legality_review.amended_unlawful", "revise_draft")
    assert earliest(STEP, matter, TODAY)[0] == TODAY
    matter.drafted("第三稿", "as_decided")
    assert codes(assess(STEP, matter))[-1:] == ["legality_review.amended_not_rechecked"]
    assert codes(judge("recheck_text", matter, by=REVIEWER)) == [
        "legality_review.counsel_not_consulted"
    ]


def test_another_text_in_substance_is_reviewed_anew_in_its_full_time__order_713_art_26() -> None:
    matter = concluded().drafted("第二稿", "substantive")
    assert codes(assess(STEP, matter)) == ["legality_review.other_text"]
    assert earliest(STEP, matter, TODAY)[0] > TODAY


def test_nothing_is_rechecked_that_nobody_amended() -> None:
    found = judge("recheck_text", passed(), by=REVIEWER)
    assert codes(found) == ["legality_review.amended_text_missing"]
    found = judge("recheck_text", concluded("adopted"), by=REVIEWER)
    assert codes(found) == ["legality_review.amended_text_missing"]
