"""Lines as wide as a terminal shows them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.presenting.wrapping import cut, padded, width_of, wrapped

TEXTS = st.text(
    st.sampled_from("ab 1.，。（）《》中国庆\u0301é𠮷\n“”年月日")
    | st.characters(categories=["Lo", "Ll"]),
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("中文", 4), ("中a", 3), ("（）", 4), ("e\u0301", 1), ("𠮷䶮", 4)],
)
def test_chinese_characters_take_two_columns(text: str, width: int) -> None:
    assert width_of(text) == width


def test_a_text_is_padded_by_columns() -> None:
    assert padded("中文", 6) == "中文  "
    assert padded("too long", 3) == "too long"


def test_a_text_is_cut_by_columns() -> None:
    assert cut("中文字符", 8) == "中文字符"
    assert cut("中文字符", 7) == "中文字…"
    assert cut("中文字符", 6) == "中文…"
    assert cut("two\nlines", 20) == "two lines"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 8, ["one two", "three"]),
        ("中文字，符号", 6, ["中文", "字，符", "号"]),
        ("看看《条例》吧", 6, ["看看", "《条", "例》吧"]),
        ("到2026年10月8日止", 14, ["到", "2026年10月8日", "止"]),
        ("a\n\nb", 10, ["a", "", "b"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
    ],
)
def test_a_text_is_wrapped_where_a_reader_would(text: str, width: int, lines: list[str]) -> None:
    assert wrapped(text, width) == lines


@given(TEXTS, st.integers(min_value=4, max_value=40))
def test_no_line_is_too_wide_and_nothing_is_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(width_of(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
