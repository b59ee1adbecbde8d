"""Two versions of a text as one: every line of both, in order, once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from api.presenting.texts import ADDED, REMOVED, SAME, page_of, pieces, text_of

LINES = st.lists(st.sampled_from(["一", "二", "三", ""]), max_size=8).map("\n".join)


@given(before=LINES, after=LINES)
def test_each_text_can_be_read_from_the_pieces(before: str, after: str) -> None:
    found = list(pieces(before, after))
    for text, own in ((before, REMOVED), (after, ADDED)):
        told = [line for piece in found if piece.kind in (SAME, own) for line in piece.lines]
        assert told == text.split("\n")


def test_what_changed_stands_between_what_did_not() -> None:
    found = [(each.kind, each.lines) for each in pieces("甲\n乙\n丙", "甲\n丁\n丙")]
    assert found == [
        (SAME, ("甲",)),
        (REMOVED, ("乙",)),
        (ADDED, ("丁",)),
        (SAME, ("丙",)),
    ]


def test_a_page_has_every_character_escaped_and_lines_their_signs() -> None:
    found = page_of("<稿>", "zh", "一\n<b>", "一\n二")
    assert "<title>&lt;稿&gt;</title>" in found
    assert "<p>一</p>\n<p><del>&lt;b&gt;</del></p>\n<p><ins>二</ins></p>" in found
    assert text_of("一\n<b>", "一\n二") == "  一\n- <b>\n+ 二"
