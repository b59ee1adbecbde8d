"""A payload that does not fit is told about as a whole."""

from __future__ import annotations

import pytest

from procedures.kinds.research import LegalBasisList
from workflow.catalogue import Lines, Said
from workflow.commands import ConveneMeeting, Propose
from workflow.explaining.explain import Finding
from workflow.validation import TOLD_PROBLEMS, BadPayload, validate


def findings(
    model: type[ConveneMeeting | Propose | LegalBasisList], data: dict[str, object]
) -> list[Finding]:
    with pytest.raises(BadPayload) as caught:
        validate(model, data)
    return list(caught.value.findings)


def test_a_payload_that_fits_becomes_a_command() -> None:
    assert validate(Propose, {"state_secret": True}).state_secret is True


def test_items_that_do_not_fit_are_told_of_and_not_that_they_are_too_few() -> None:
    found = findings(LegalBasisList, {"items": [{"instrument": "价格法"}]})
    assert {finding.code for finding in found} == {"source.missing_key"}


def test_a_list_without_items_is_too_short() -> None:
    found = findings(LegalBasisList, {"items": []})
    assert [finding.code for finding in found] == ["source.list_too_short"]


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted() -> None:
    strange = {f"key_{number}": number for number in range(TOLD_PROBLEMS + 5)}
    with pytest.raises(BadPayload) as caught:
        validate(Propose, {"state_secret": False, **strange})
    problems = caught.value.params["problems"]
    assert caught.value.params["count"] == TOLD_PROBLEMS + 5
    assert isinstance(problems, Lines)
    assert problems.items[-1] == Said("input.more", {"count": 5})


def test_half_a_character_where_a_day_is_wanted_is_told_of() -> None:
    found = findings(ConveneMeeting, {"body": "party_group", "held_on": "\ud800"})
    assert [(each.path, each.code, each.params) for each in found] == [
        (("held_on",), "input.day", {"value": "?"})
    ]
