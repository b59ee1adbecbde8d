"""Words taken out of an answer, however deep they stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.unit.builders import procedure
from workflow.definition import Holder
from workflow.refusals import Unmet
from workflow.veil import VEIL, mapped, mentioned, texts, veiled

SECRET = "2026-0003"
TOLD = f"{SECRET} (6000000) 专项奖补"


@dataclass(frozen=True)
class Answer:
    number: str
    parts: tuple[object, ...] = ()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (SECRET, VEIL),
        (f"见 {SECRET}", f"见 {SECRET}"),
        ("2026-00031", "2026-00031"),
        ([SECRET, 1, None, True], [VEIL, 1, None, True]),
        ({SECRET: frozenset({SECRET})}, {VEIL: frozenset({VEIL})}),
        (Answer("a", (SECRET, date(2026, 1, 1))), Answer("a", (VEIL, date(2026, 1, 1)))),
        (
            Unmet("kin.together", (), {"matters": (TOLD, "2026-0002")}),
            Unmet("kin.together", (), {"matters": (VEIL, "2026-0002")}),
        ),
        (
            {"refusals": [{"params": {"matters": [TOLD]}}]},
            {"refusals": [{"params": {"matters": [VEIL]}}]},
        ),
        ({"reasons": TOLD}, {"reasons": TOLD}),
    ],
)
def test_a_hidden_number_is_taken_out_and_what_people_wrote_is_left(value: Any, shown: Any) -> None:
    assert veiled(value, {SECRET}) == shown
    assert veiled(value, ()) is value


def test_what_has_nothing_to_hide_stays_the_same_object() -> None:
    answer = Answer("a", ("b", Holder("clerk", "any_unit")))
    assert veiled(answer, {SECRET}) is answer
    rules = procedure()
    assert mapped(rules, str.upper) is rules


def test_a_refusal_may_be_changed_otherwise_than_what_stands_around_it() -> None:
    told = (Unmet("a.b", (), {"of": ("x",)}), "x")
    changed = mapped(told, str.upper, lambda text: text.replace("x", "xx"))
    assert changed[0].params == {"of": ("xx",)}
    assert changed[1] == "X"
    assert mapped("x", str.upper) == "X"


def test_the_numbers_in_an_answer_are_found_however_deep() -> None:
    told = Answer("a", ({"见 2026-0002": [TOLD]}, "20260-00031", 7))
    assert mentioned(told) == {"2026-0002", SECRET}


def test_every_text_of_an_answer_is_told_once() -> None:
    assert texts(Answer("a", ({"b": ["a", 7]}, None))) == {"a", "b"}
