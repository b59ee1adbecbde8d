"""Words that say nothing where the law owes a reason (house rule; which words, is data)."""

from __future__ import annotations

import pytest

from procedures.kinds.classification import AnswerRuling, Classification
from tests.unit.builders import Matter, codes, judge, procedure
from workflow.commands import RuleWaiver
from workflow.idle import owed, says_nothing

RULE = procedure().rules["says_nothing"]


@pytest.mark.parametrize("text", ["无", "/", ".", "（略）", "N/A", "加强管理。", "暂无风险"])
def test_signs_and_idle_words_say_nothing(text: str) -> None:
    assert says_nothing(text, RULE)


@pytest.mark.parametrize("text", ["无人机巡查", "紧急", "no risk to the river"])
def test_a_text_with_such_a_word_in_it_says_something(text: str) -> None:
    assert not says_nothing(text, RULE)


def test_what_is_owed_is_found_however_deep() -> None:
    assert [*owed(RuleWaiver(step="open_call", approved=True, reasons="无"))] == ["无"]
    rulings = (AnswerRuling(question="technical", reasons="略"),)
    assert [*owed(Classification(rulings=rulings, category_reasons="/"))] == ["略", "/"]


def test_a_unit_is_not_spoken_for_by_a_paper_without_number__order_713_art_13() -> None:
    opinion = {
        "unit": "finance",
        "position": "agrees",
        "opinion": "同意",
        "given_on": "2026-09-01",
        "paper": "无",
        "paper_dated": "2026-09-01",
    }
    found = judge("file_consultation", Matter(), opinions=[opinion])
    assert codes(found) == ["department_consultation.paper_missing"]
