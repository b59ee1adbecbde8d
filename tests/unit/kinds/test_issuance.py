"""签发和印发: signed in exactly this text, numbered, and a void number stays on record."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from tests.unit.builders import (
    DIRECTOR,
    KEEPER,
    TODAY,
    Matter,
    assess,
    codes,
    day,
    judge,
    law,
    only,
    payload,
)
from tests.unit.builders import ready as reviewed
from workflow.facts import Linked, Record
from workflow.ports import StepState

STEP = "issuance"


def adjusting(number: str) -> Record:
    """The proposal to end or change another matter."""
    told = {"title": "终止", "adjusts": number}
    return Record(0, "propose", None, "", "", None, "", "", told, 0, day(TODAY))


def issued() -> Matter:
    return reviewed().did("sign_document", by=DIRECTOR).did("issue", by=KEEPER)


def test_nothing_is_issued_without_a_signature() -> None:
    assert codes(judge("issue", reviewed())) == ["issuance.not_signed"]
    assert codes(judge("issue", Matter())) == ["issuance.not_signed"]


def test_the_signature_counts_for_this_text_alone() -> None:
    signed = reviewed().did("sign_document", by=DIRECTOR)
    assert judge("issue", signed).series == "济高管"
    assert codes(judge("issue", signed)) == []
    assert codes(judge("issue", signed.drafted("第二稿", "as_decided"))) == ["issuance.not_signed"]
    assert judge("sign_document", Matter()).extra == {"signed_digest": ""}


def test_the_step_is_open_until_it_is_issued__order_713_art_31() -> None:
    unsigned = assess(STEP, reviewed())
    assert codes(unsigned) == ["issuance.not_signed", "issuance.missing"]
    assert [each.act for each in unsigned.unmet] == ["sign_document", "issue"]
    signed = reviewed().did("sign_document", by=DIRECTOR)
    assert codes(assess(STEP, signed)) == ["issuance.missing"]
    assert assess(STEP, issued()).state is StepState.SATISFIED


def test_a_void_number_leaves_it_open_for_another__document_format() -> None:
    found = assess(STEP, issued().did("void_number", by=KEEPER))
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["issuance.voided"])
    assert law(only(found)) == ["document_format"]


def test_only_a_number_that_stands_and_is_not_published_can_be_voided__document_format() -> None:
    assert codes(judge("void_number", reviewed())) == ["issuance.nothing_issued"]
    voided = issued().did("void_number", by=KEEPER)
    assert codes(judge("void_number", voided)) == ["issuance.nothing_issued"]
    assert codes(judge("void_number", issued())) == []
    published = issued().did("publish_decision")
    assert codes(judge("void_number", published)) == ["issuance.published_already"]


def test_nothing_takes_a_second_number_while_the_first_stands__document_format() -> None:
    assert codes(judge("issue", issued())) == ["issuance.issued_already"]


def test_a_number_on_which_another_decision_was_ended_is_not_voided__order_713_art_37() -> None:
    ended = Linked("2026-9", "原决策", "concluding", "", issued=True, ended_by="2026-1")
    matter = replace(issued(), linked={"2026-9": ended})
    assert codes(judge("void_number", matter)) == []
    matter = replace(matter, records=(adjusting("2026-9"), *matter.records))
    found = judge("void_number", matter)
    assert codes(found) == ["issuance.rested_on"]
    assert law(only(found)) == ["order_713 37", "house_rules"]
    others = {"2026-9": replace(ended, ended_by="2026-5")}
    assert codes(judge("void_number", replace(matter, linked=others))) == []


def test_a_series_is_one_however_its_code_is_written__document_format() -> None:
    signed = reviewed().did("sign_document", by=DIRECTOR)
    for code in ("济高管", "济⾼管", "济高管\U000e0100"):
        found = judge("issue", signed, series=code)
        assert (found.unmet, found.series) == ((), "济高管")
    assert codes(judge("issue", signed, series="豫政")) == ["issuance.series_unknown"]
    anywhere = replace(signed, series=())
    assert judge("issue", anywhere, series="豫政").series == "豫政"


@pytest.mark.parametrize("text", ["济高管2026", "济高管〔2026〕", "济 管", "", "一" * 21])
def test_an_agency_code_is_words_alone__document_format(text: str) -> None:
    with pytest.raises(ValidationError):
        payload("issue", series=text)


def test_what_is_issued_is_still_in_force_tomorrow() -> None:
    signed = reviewed().did("sign_document", by=DIRECTOR)
    assert codes(judge("issue", signed, expires_on="2026-09-01")) == ["issuance.expired_already"]
    assert codes(judge("issue", signed, expires_on="2026-09-02")) == []
