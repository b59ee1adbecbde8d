"""Two versions of a text as one: every line of both, in order, once."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.presenting import aligning
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


def test_a_line_in_the_middle_of_many_that_repeat_is_found() -> None:
    rows = ["甲", "乙", "丙"] * 100
    found = list(pieces("\n".join([*rows, "第一条", *rows]), "\n".join([*rows, "第二条", *rows])))
    assert [(each.kind, len(each.lines)) for each in found] == [
        (SAME, 300),
        (REMOVED, 1),
        (ADDED, 1),
        (SAME, 300),
    ]


def test_lines_that_moved_are_told_once() -> None:
    found = [(each.kind, each.lines) for each in pieces("一\n二\n三\n四", "三\n一\n二\n四")]
    assert found == [(ADDED, ("三",)), (SAME, ("一", "二")), (REMOVED, ("三",)), (SAME, ("四",))]


def test_texts_made_to_be_compared_slowly_are_told_apart_as_a_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Line by line this would be a hundred million comparisons, and with longer ones no end.
    before, after = "\n".join(["甲", "乙"] * 5000), "\n".join(["乙", "甲"] * 5000)
    assert [each.kind for each in pieces(before, after)] == [REMOVED, ADDED]
    monkeypatch.setattr(aligning, "MOST_IN_ALL", 0)
    monkeypatch.setattr(aligning, "MOST_LOOKS", 0)
    assert [each.kind for each in pieces("一\n二\n三", "三\n二\n四")] == [REMOVED, ADDED]
