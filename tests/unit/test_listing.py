"""What can be asked of many matters at once, and what a place in a list means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from workflow.errors import BadInput
from workflow.kin import key_of
from workflow.listing import Page, Query, Sort, alone, cut, place_in, whole

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_the_order_is_by_number_unless_something_is_searched_for() -> None:
    assert Query().order is Sort.NUMBER
    assert Query(search="污水").order is Sort.RELEVANCE
    assert Query(search="污水", sort=Sort.TITLE).order is Sort.TITLE


def test_ties_are_compared_by_their_keys() -> None:
    assert Query(ties={"project": "Ａ 区"}).keys == {"project": key_of("Ａ 区")}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"limit": 0}, "list.limit"),
        ({"sort": Sort.RELEVANCE}, "list.relevance_of_nothing"),
        ({"ties": {"colour": "red"}}, "list.unknown_tie"),
        ({"changed_since": datetime(2026, 3, 2)}, "list.time_zone"),  # noqa: DTZ001 (the mistake)
    ],
)
def test_what_makes_no_sense_is_said(wrong: dict[str, object], code: str) -> None:
    with pytest.raises(BadInput) as caught:
        Query(**wrong)  # type: ignore[arg-type]
    assert caught.value.code == code


def test_a_page_says_where_the_next_one_begins() -> None:
    assert cut("abc", 2, [("a",), ("b",), ("c",)]) == Page(("a", "b"), ("b",))
    assert cut("ab", 2, [("a",), ("b",)]) == Page(("a", "b"), None)


def test_a_place_is_the_value_and_the_number_at_which_a_page_ended() -> None:
    assert place_in(Sort.NUMBER, ("2026-0012",)) == (2026, 12)
    assert place_in(Sort.CHANGED, (AT.isoformat(), "2026-12345")) == (AT, 2026, 12345)
    assert place_in(Sort.TITLE, ("收费, 标准", "2026-0001")) == ("收费, 标准", 2026, 1)
    assert place_in(Sort.RELEVANCE, ("3", "2026-0001")) == (3, 2026, 1)
    assert alone(("a",)) == "a"
    assert whole("12") == 12
    assert whole("9" * 19) == 2**62


@pytest.mark.parametrize(
    ("order", "place"),
    [
        (Sort.NUMBER, ()),
        (Sort.NUMBER, ("x",)),
        (Sort.NUMBER, ("٢٠٢٦-0001",)),
        (Sort.TITLE, ("2026-0001",)),
        (Sort.CHANGED, ("yesterday", "2026-0001")),
        (Sort.CHANGED, ("2026-03-02T09:00:00", "2026-0001")),
        (Sort.CHANGED, ("0001-01-01T00:00:00+08:00", "2026-0001")),
        (Sort.RELEVANCE, ("many", "2026-0001")),
    ],
)
def test_a_place_of_another_order_is_refused(order: Sort, place: tuple[str, ...]) -> None:
    with pytest.raises(BadInput) as caught:
        place_in(order, place)
    assert caught.value.code == "list.place"


def test_numbers_and_lone_values_of_a_place_are_read_strictly() -> None:
    for told in ("-1", "9" * 30, "²", ""):
        with pytest.raises(BadInput):
            whole(told)
    for place in ((), ("a", "b")):
        with pytest.raises(BadInput):
            alone(place)
