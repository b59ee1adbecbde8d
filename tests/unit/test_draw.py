"""The draw of experts: a public seed gives an order that anybody can recompute."""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from procedures.draw import digits_of, drawn_order

NAMES = ("expert.law", "expert.operator", "expert.price", "expert.water")


def test_the_order_is_that_of_the_digests_of_seed_and_name() -> None:
    def digest(name: str) -> str:
        return hashlib.sha256(b"20261103\n2026-1\n" + name.encode("utf-8")).hexdigest()

    assert drawn_order("20261103", "2026-1", NAMES) == tuple(sorted(NAMES, key=digest))


def test_neither_their_sequence_nor_a_repetition_matters() -> None:
    assert drawn_order("7", "2026-1", (*reversed(NAMES), "expert.law")) == drawn_order(
        " 7 ", "2026-1", NAMES
    )


def test_another_seed_gives_another_order_and_everybody_comes_first_about_as_often() -> None:
    first = Counter(drawn_order(str(seed), "2026-1", NAMES)[0] for seed in range(4000))
    assert set(first) == set(NAMES)
    assert all(900 < count < 1100 for count in first.values())


@pytest.mark.parametrize(
    "written", ["3456.78", "3,456.78", "上证指数收盘 3456.78 点", "３４５６．７８", "٣٤٥٦٫٧٨"]
)
def test_how_a_number_is_written_makes_no_difference(written: str) -> None:
    assert digits_of(written) == "345678"


def test_the_same_seed_gives_another_order_in_another_matter() -> None:
    orders = {drawn_order("7", f"2026-{number}", NAMES) for number in range(20)}
    assert len(orders) > 1
