"""Pages: a cursor goes on behind the last thing seen, and only in the list that gave it."""

from __future__ import annotations

from base64 import urlsafe_b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.http.errors import BadRequest
from api.http.pages import cursor, link_to_next, page_of, place_of, values_of

FILTERS = {"stage": "drafting"}


PRINTED = st.text(max_size=40).filter(str.isprintable)


@given(after=st.one_of(PRINTED, st.integers(0, 2**31 - 1)))
def test_a_cursor_is_read_back_in_its_own_list_only(after: str | int) -> None:
    given_ = cursor("/matters", FILTERS, after)
    assert place_of(given_, "/matters", FILTERS) == after
    for place, filters in (("/meetings", FILTERS), ("/matters", {"stage": None})):
        with pytest.raises(BadRequest):
            place_of(given_, place, filters)


@given(after=st.lists(PRINTED, min_size=1, max_size=3))
def test_a_place_of_several_values_is_read_back_in_its_own_list_only(after: list[str]) -> None:
    given_ = cursor("/matters", FILTERS, after)
    assert values_of(given_, "/matters", FILTERS) == tuple(after)
    with pytest.raises(BadRequest):
        values_of(given_, "/matters", {})
    with pytest.raises(BadRequest):
        place_of(given_, "/matters", FILTERS)


@pytest.mark.parametrize("after", ["a", 1, [], [1], ["a", None], ["\n"], {"a": "b"}, None])
def test_what_is_no_place_of_several_values_is_refused(after: object) -> None:
    with pytest.raises(BadRequest):
        values_of(cursor("/m", {}, after), "/m", {})  # type: ignore[arg-type]


def packed(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "given_",
    [
        "",
        "x",
        "é",
        packed("no json"),
        packed('["a"]'),
        packed('["a","b"]'),
        packed("[" * 5000),
        cursor("/matters", FILTERS, "a") + "=",
        packed(f"[true,{cursor('/m', {}, 1)!r}]"),
    ],
)
def test_what_we_did_not_give_is_no_cursor(given_: str) -> None:
    with pytest.raises(BadRequest):
        place_of(given_, "/matters", FILTERS)


def test_true_is_no_place_though_the_mark_is_right() -> None:
    mark = cursor("/matters", FILTERS, 1)
    assert place_of(mark, "/matters", FILTERS) == 1
    with pytest.raises(BadRequest):
        place_of(cursor("/matters", FILTERS, True), "/matters", FILTERS)


def test_a_page_has_a_cursor_only_where_more_follows() -> None:
    assert page_of([1, 2], 2, "/m", {}, [1, 2]).cursor is None
    page = page_of([1, 2, 3], 2, "/m", {}, [1, 2, 3])
    assert page.items == [1, 2]
    assert place_of(page.cursor, "/m", {}) == 2
    assert place_of(None, "/m", {}) is None
    assert values_of(None, "/m", {}) == ()


def test_the_link_to_the_next_page_keeps_the_filters_that_were_asked_for() -> None:
    filters = {"stage": "a b", "unit": None}
    assert link_to_next("/m", filters, 5, "x") == '</m?stage=a+b&limit=5&cursor=x>; rel="next"'
