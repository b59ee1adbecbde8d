"""Receipts that nobody guesses and anybody can type; numbers under which opinions are answered."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import log2
from random import Random
from typing import Final

import pytest

from tests.unit.builders import Matter
from workflow.errors import BadInput
from workflow.submissions import (
    ALPHABET,
    RANDOM_SIGNS,
    Opinion,
    Person,
    Sender,
    Submission,
    Waiting,
    known_texts,
    new_receipt,
    number_in_table,
    receipt_of,
    since_closing,
    take_in,
    taken_in,
    typed_receipt,
)

CHANCE: Final = Random(7)
SENT: Final = Submission(
    1, "2026-0001", "open_call", "x", "d", datetime(2026, 9, 6, tzinfo=UTC), False, 2, 3
)


class TestReceipts:
    def test_nobody_guesses_one(self) -> None:
        assert RANDOM_SIGNS * log2(len(set(ALPHABET))) >= 128

    def test_it_comes_in_groups_of_signs_that_do_not_look_alike(self) -> None:
        receipt = new_receipt(CHANCE.choice)
        assert [len(group) for group in receipt.split("-")] == [4] * 7
        assert not set("01IO").intersection(receipt)

    def test_the_same_key_has_the_same_one_and_only_with_the_secret(self) -> None:
        first = receipt_of("secret", "key")
        assert typed_receipt(first) == first.replace("-", "")
        assert receipt_of("secret", "key") == first
        others = {receipt_of("other", "key"), receipt_of("secret", "other"), first}
        assert len(others) == 3
        signs = "".join(receipt_of("secret", str(n)).replace("-", "")[:-1] for n in range(50))
        assert set(signs) == set(ALPHABET)

    def test_it_may_be_typed_as_one_likes(self) -> None:
        receipt = new_receipt(CHANCE.choice)
        signs = receipt.replace("-", "")
        wide = "".join(chr(ord(sign) + 0xFEE0) for sign in signs)
        for typed in (receipt, receipt.lower(), f"  {signs[:9]} {signs[9:]}\n", wide):
            assert typed_receipt(typed) == signs

    def test_every_wrong_sign_and_every_swap_is_found(self) -> None:
        signs = typed_receipt(new_receipt(CHANCE.choice))
        wrong = [
            signs[:place] + other + signs[place + 1 :]
            for place, sign in enumerate(signs)
            for other in ALPHABET
            if other != sign
        ]
        swapped = [
            signs[:place] + signs[place + 1] + signs[place] + signs[place + 2 :]
            for place, (one, two) in enumerate(pairwise(signs))
            if one != two
        ]
        for typed in (*wrong, *swapped, "", signs[1:], signs + "2", "0" * 28):
            with pytest.raises(BadInput):
                typed_receipt(typed)


def test_a_person_who_says_nothing_is_not_kept() -> None:
    assert not Person().told
    assert Person(name="甲").told
    assert Person(contact="x").told


class TestNumbers:
    def test_equal_texts_have_one_number_and_each_is_counted(self) -> None:
        first = take_in((), [Waiting(7, "a"), Waiting(8, "b"), Waiting(9, "a")])
        assert first.numbers == ((7, 1), (8, 2), (9, 1))
        assert first.kept == {"count": 3, "first": 1, "digests": ["a", "b"], "repeated": [[1, 1]]}
        facts = called().filed("take_in_opinions", first.kept, "open_call").facts
        records = since_closing(facts, "open_call")
        assert (known_texts(records), taken_in(records)) == ({"a": 1, "b": 2}, 3)
        again = take_in(records, [Waiting(10, "b"), Waiting(11, "c")])
        assert again.numbers == ((10, 2), (11, 3))
        assert again.kept["first"] == 3

    def test_the_table_counts_on_from_call_to_call(self) -> None:
        matter = called()
        assert number_in_table(matter.facts, replace(SENT, number=None)) is None
        assert number_in_table(matter.facts, replace(SENT, taken_in=None)) is None
        assert number_in_table(matter.facts, SENT) is None
        closed = matter.did("close_open_call", "2026-10-09", received=4)
        at = closed.facts.records[-1].position
        assert number_in_table(closed.facts, replace(SENT, taken_in=at - 1)) == 2
        later = closed.did("close_open_call", "2026-11-20", received=3).facts
        assert number_in_table(later, replace(SENT, taken_in=at + 0)) == 6
        assert since_closing(later, "open_call") == ()


def called() -> Matter:
    return Matter().drafted().did("publish_open_call", "2026-09-05")


class TestASenderWithoutAKey:
    HERE = Sender("a", named_seconds=600, unnamed_seconds=60)
    AT = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def test_is_told_again_by_source_person_and_text_within_a_span(self) -> None:
        named = Opinion.model_validate({"text": "请缓行", "person": {"name": "某甲"}})
        bare = Opinion.model_validate({"text": "请缓行"})
        now, before = self.HERE.names(named, self.AT)
        assert self.HERE.names(named, self.AT + timedelta(seconds=599)) == (now, before)
        assert self.HERE.names(named, self.AT + timedelta(seconds=600))[1] == now
        assert self.HERE.names(bare, self.AT + timedelta(seconds=60))[1] == self.first(bare)
        others = {
            self.first(named),
            self.first(bare),
            Sender("b", 600, 60).names(named, self.AT)[0],
        }
        assert len({now, before} | others) == 4

    def first(self, opinion: Opinion) -> str:
        return self.HERE.names(opinion, self.AT)[0]
