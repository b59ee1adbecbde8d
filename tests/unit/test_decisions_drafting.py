"""Versions of the text: whatever was passed was another text."""

from __future__ import annotations

import pytest

from tests.unit.builders import (
    CLERK,
    HEAD,
    REVIEWER,
    TODAY,
    Matter,
    acts_left_open,
    codes,
    day,
    directory,
    give,
    only,
)
from workflow.canonical import digest_of
from workflow.decisions.scene import AddDraft
from workflow.directory import Mandate
from workflow.errors import NotFound

OFFICE = ["legal.head", "legal.reviewer.1", "legal.reviewer.2"]


def test_the_first_version_is_number_one() -> None:
    verdict = give("revise_draft", CLERK, Matter(), text="第一条")
    assert (codes(verdict), verdict.stage) == ([], "drafting")
    assert verdict.decision.effects == (AddDraft(1, "第一条", digest_of("第一条")),)
    assert verdict.decision.changes == {"draft": (None, digest_of("第一条"))}


def test_the_record_keeps_the_digest_and_not_the_text() -> None:
    record = give("revise_draft", CLERK, Matter(), text="第一条").decision.record
    assert record == {
        "nature": "first",
        "authors": [CLERK],
        "explanation": "起草说明",
        "digest": digest_of("第一条"),
        "characters": 3,
        "number": 1,
    }


@pytest.mark.parametrize("nature", ["editorial", "substantive"])
def test_a_later_version_follows_with_its_nature(nature: str) -> None:
    verdict = give("revise_draft", CLERK, Matter().drafted(), text="第二稿", nature=nature)
    assert verdict.decision.outcome == nature
    assert verdict.decision.effects == (AddDraft(2, "第二稿", digest_of("第二稿")),)
    assert verdict.decision.changes["draft"] == (digest_of("第一稿"), digest_of("第二稿"))


@pytest.mark.parametrize(
    ("matter", "nature", "number"), [(Matter(), "editorial", 0), (Matter().drafted(), "first", 1)]
)
def test_only_the_first_version_is_called_first(matter: Matter, nature: str, number: int) -> None:
    unmet = only(give("revise_draft", CLERK, matter, text="另一稿", nature=nature))
    assert (unmet.code, unmet.params) == ("draft.nature", {"number": number})


def test_the_same_text_is_no_new_version() -> None:
    matter = Matter().drafted()
    unmet = only(give("revise_draft", CLERK, matter, text="第一稿", nature="editorial"))
    assert (unmet.code, unmet.params) == ("draft.unchanged", {"number": 1})


def test_an_earlier_text_may_come_back() -> None:
    matter = Matter().drafted().drafted("第二稿", "editorial")
    assert codes(give("revise_draft", CLERK, matter, text="第一稿", nature="editorial")) == []


def test_unknown_authors_are_not_found() -> None:
    with pytest.raises(NotFound) as caught:
        give("revise_draft", CLERK, Matter(), authors=[CLERK, "nobody"])
    assert caught.value.params["person"] == ("nobody",)


def test_authors_who_leave_nobody_to_review_are_refused__order_713_art_25_1() -> None:
    found = give("revise_draft", CLERK, Matter(), authors=OFFICE)
    assert {"give_review_verdict", "confirm_changes"} <= acts_left_open(found).keys()


def test_the_authors_of_all_versions_count_together__order_713_art_25_1() -> None:
    matter = Matter().drafted(authors=OFFICE[:2])
    found = give("revise_draft", CLERK, matter, text="二", nature="editorial", authors=OFFICE[2:])
    assert {"give_review_verdict", "confirm_changes"} <= acts_left_open(found).keys()


def test_an_agent_drafts_for_the_principal() -> None:
    mandate = Mandate(1, HEAD, REVIEWER, frozenset(), day(TODAY), day(TODAY), None)
    verdict = give("revise_draft", REVIEWER, Matter(), mandate=mandate, people=directory())
    assert (codes(verdict), verdict.held is not None and verdict.held.role) == ([], "head")


@pytest.mark.parametrize(
    ("stage", "nature", "to"),
    [
        ("review_passed", "editorial", "awaiting_changes"),
        ("review_passed", "substantive", "drafting"),
        ("review_failed", "substantive", "drafting"),
        ("returned", "editorial", "returned"),
    ],
)
def test_the_nature_decides_where_the_matter_goes(stage: str, nature: str, to: str) -> None:
    matter = Matter(stage=stage).drafted()
    assert give("revise_draft", CLERK, matter, text="第二稿", nature=nature).stage == to


def test_a_tabled_text_cannot_be_changed__order_713_art_25() -> None:
    matter = Matter(stage="tabled").drafted()
    unmet = only(give("revise_draft", CLERK, matter, text="第二稿", nature="editorial"))
    assert unmet.code == "stage.not_allowed"
