"""The draw of experts: a public seed gives an order that anybody can recompute."""

from __future__ import annotations

import hashlib
from collections import Counter

from procedures.draw import drawn_order

NAMES = ("expert.law", "expert.operator", "expert.price", "expert.water")


def test_the_order_is_that_of_the_digests_of_seed_and_name() -> None:
    def digest(name: str) -> str:
        return hashlib.sha256(b"20261103\n" + name.encode("utf-8")).hexdigest()

    assert drawn_order("20261103", NAMES) == tuple(sorted(NAMES, key=digest))


def test_neither_their_sequence_nor_a_repetition_matters() -> None:
    assert drawn_order("7", (*reversed(NAMES), "expert.law")) == drawn_order(" 7 ", NAMES)


def test_another_seed_gives_another_order_and_everybody_comes_first_about_as_often() -> None:
    first = Counter(drawn_order(str(seed), NAMES)[0] for seed in range(4000))
    assert set(first) == set(NAMES)
    assert all(900 < count < 1100 for count in first.values())
