"""Writing to a terminal."""

from __future__ import annotations

import io
import os

import pytest

from api.presenting.page import Page, Style, Terminal, harmless


class Screen(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)


def written(width: int = 40, *, colour: bool = False) -> tuple[Page, list[str]]:
    lines: list[str] = []
    return Page(Terminal(width, colour), lines.append), lines


class TestTerminal:
    def test_a_file_gets_no_colours(self) -> None:
        assert Terminal.of(io.StringIO()) == Terminal(88, colour=False)

    def test_a_terminal_gets_them_and_says_how_wide_it_is(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "70")
        assert Terminal.of(Screen()) == Terminal(70, colour=True)

    @pytest.mark.parametrize(("columns", "width"), [("10", 40), ("500", 100)])
    def test_lines_stay_readable(
        self, monkeypatch: pytest.MonkeyPatch, columns: str, width: int
    ) -> None:
        monkeypatch.setenv("COLUMNS", columns)
        assert Terminal.of(Screen()).width == width

    @pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
    def test_whoever_wants_no_colours_gets_none(
        self, monkeypatch: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        monkeypatch.setenv(name, value)
        assert Terminal.of(Screen()).colour is False

    def test_an_empty_no_color_does_not_count(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(os.environ, "NO_COLOR", "")
        assert Terminal.of(Screen()).colour is True


class TestPage:
    def test_a_paragraph_hangs_below_its_mark(self) -> None:
        page, lines = written()
        page.line("中" * 20, first="1. ")
        assert lines == ["1. " + "中" * 18, "   " + "中" * 2]

    def test_each_line_is_painted_by_itself(self) -> None:
        page, lines = written(colour=True)
        page.line("中" * 20, first="- ", style=Style.DONE)
        assert lines == [f"- \x1b[32m{'中' * 19}\x1b[0m", "  \x1b[32m中\x1b[0m"]

    def test_values_stand_beside_their_names(self) -> None:
        page, lines = written()
        page.pairs([("依据", "甲"), ("law", "乙" * 20)], indent=" ")
        assert lines == [" 依据  甲", " law   " + "乙" * 16, "       " + "乙" * 4]

    def test_columns_are_as_wide_as_they_must_be(self) -> None:
        page, lines = written()
        page.table([("a", "中文", "x"), ("bcd", "", "y")], gap=" ")
        page.table([])
        assert lines == ["a   中文 x", "bcd      y"]

    def test_text_cannot_steer_the_terminal(self) -> None:
        page, lines = written()
        page.line("a\x1b[31mb\x07\r")
        page.block("c\x1b]0;d\nnext")
        assert lines == ["a\ufffd[31mb\ufffd\ufffd", "c\ufffd]0;d", "next"]
        assert harmless("中\n文") == "中\n文"
