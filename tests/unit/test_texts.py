"""What may be typed: rare characters are welcome, tricks are not."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from workflow.texts import (
    DRAFT_CHARACTERS,
    LINE_CHARACTERS,
    PROSE_CHARACTERS,
    TITLE_CHARACTERS,
    Day,
    DraftText,
    Line,
    Name,
    Prose,
    Title,
    cleaned,
    fault,
)

TEXTS: dict[str, TypeAdapter[Any]] = {
    "line": TypeAdapter(Line),
    "title": TypeAdapter(Title),
    "prose": TypeAdapter(Prose),
    "draft": TypeAdapter(DraftText),
}
LONGEST = {
    "line": LINE_CHARACTERS,
    "title": TITLE_CHARACTERS,
    "prose": PROSE_CHARACTERS,
    "draft": DRAFT_CHARACTERS,
}
NAME: TypeAdapter[Any] = TypeAdapter(Name)
DAY: TypeAdapter[Any] = TypeAdapter(Day)


def refused(kind: TypeAdapter[Any], value: object) -> dict[str, Any]:
    """The code of ours and its values, or the type of pydantic's own complaint."""
    with pytest.raises(ValidationError) as caught:
        kind.validate_python(value)
    (error,) = caught.value.errors()
    return error["ctx"] if error["type"] == "yicheng" else {"code": error["type"]}


@pytest.mark.parametrize("kind", TEXTS)
class TestEveryText:
    @pytest.mark.parametrize("text", ["䶮", "𠮷野家用地", "a < b & c", "100% & 5", "a"])
    def test_rare_characters_and_signs_are_welcome(self, kind: str, text: str) -> None:
        assert TEXTS[kind].validate_python(text) == text

    def test_the_longest_fits_and_one_more_does_not(self, kind: str) -> None:
        longest = "字" * LONGEST[kind]
        assert TEXTS[kind].validate_python(longest) == longest
        assert refused(TEXTS[kind], longest + "字")["code"] == "string_too_long"

    def test_nothing_is_no_text(self, kind: str) -> None:
        assert refused(TEXTS[kind], "")["code"] == "string_too_short"

    @pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x85", "\ufffe"])
    def test_control_characters_are_refused(self, kind: str, character: str) -> None:
        found = refused(TEXTS[kind], f"收费{character}标准")
        assert (found["code"], found["place"]) == ("input.control_character", 3)

    @pytest.mark.parametrize("character", ["\u200b", "\u202e", "\u2066", "\ufeff"])
    def test_hidden_characters_are_refused(self, kind: str, character: str) -> None:
        found = refused(TEXTS[kind], f"收{character}费")
        assert (found["code"], found["place"]) == ("input.hidden_character", 2)

    def test_half_a_character_is_refused(self, kind: str) -> None:
        assert refused(TEXTS[kind], "收\ud83d")["code"] in {
            "string_unicode",
            "input.control_character",
        }


@pytest.mark.parametrize("kind", ["line", "title"])
@pytest.mark.parametrize("character", ["\n", "\r", "\t", "\u2028"])
def test_a_line_is_one_line(kind: str, character: str) -> None:
    found = refused(TEXTS[kind], f"收费{character}标准")
    assert (found["code"], found["place"]) == ("input.line_break", 3)


@pytest.mark.parametrize("kind", ["prose", "draft"])
def test_prose_may_have_lines(kind: str) -> None:
    assert TEXTS[kind].validate_python("第一条\n\t第二条\r\n") == "第一条\n\t第二条\r\n"


class TestTitles:
    @pytest.mark.parametrize(
        ("title", "found"),
        [
            ("关于<b>收费</b>", "<b>收费</b>"),
            ("关于<script>alert(1)", "<script>ale"),
            ("a <!-- b", "<!-- b"),
            ("收费&nbsp;标准", "&nbsp;标准"),
            ("收费&#x3c;", "&#x3c;"),
            ("收费&#60;", "&#60;"),
        ],
    )
    def test_markup_is_refused(self, title: str, found: str) -> None:
        told = refused(TEXTS["title"], title)
        assert told["code"] == "input.markup"
        assert told["found"].startswith(found)

    @pytest.mark.parametrize("emoji", ["😀", "✅", "☀", "🇨🇳"])
    def test_emoji_are_refused(self, emoji: str) -> None:
        told = refused(TEXTS["title"], f"收费{emoji}")
        assert told["code"] == "input.emoji"
        assert told["found"] in emoji

    def test_elsewhere_both_are_only_text(self) -> None:
        for kind in ("line", "prose", "draft"):
            assert TEXTS[kind].validate_python("<b>😀") == "<b>😀"


class TestNames:
    @pytest.mark.parametrize("name", ["a", "legal.reviewer.1", "open_call", "a-b"])
    def test_ids_are_small_letters(self, name: str) -> None:
        assert NAME.validate_python(name) == name

    @pytest.mark.parametrize("name", ["", "A", "1a", "a b", "收费", "a" * 65, "a\n"])
    def test_others_are_refused(self, name: str) -> None:
        assert refused(NAME, name)["code"] == "string_pattern_mismatch"


class TestDays:
    def test_a_day_or_its_iso_text_is_taken(self) -> None:
        assert DAY.validate_python("2026-02-28") == date(2026, 2, 28)
        assert DAY.validate_python(date(2026, 2, 28)) == date(2026, 2, 28)

    @pytest.mark.parametrize("value", ["2026-2-28", "28.02.2026", 1, 1772236800, None, "2026"])
    def test_what_is_no_day_is_told_as_it_was_given(self, value: object) -> None:
        assert refused(DAY, value) == {"code": "input.day", "value": str(value)}

    def test_a_long_value_is_told_shortened(self) -> None:
        assert refused(DAY, "x" * 100)["value"] == "x" * 40

    def test_a_day_that_does_not_exist_is_refused(self) -> None:
        assert refused(DAY, "2026-02-30")["code"].startswith("date")

    def test_an_instant_is_no_day(self) -> None:
        instant = datetime(2026, 2, 28, 9, 30)  # noqa: DTZ001 - as somebody might hand it in
        assert refused(DAY, instant)["code"].startswith("date")


def test_a_fault_carries_its_code_and_values() -> None:
    error = fault("input.emoji", found="😀")
    assert error.context == {"code": "input.emoji", "found": "😀"}
    assert str(error) == "input.emoji"


def test_a_text_from_elsewhere_is_kept_to_the_letter_but_for_its_line_ends() -> None:
    assert cleaned("第一条\r\n第二条\r第三条") == "第一条\n第二条\n第三条"
    with pytest.raises(PydanticCustomError):
        cleaned("第一条\x07")
