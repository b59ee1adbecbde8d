"""Sheets that a spreadsheet program shows and never carries out."""

from __future__ import annotations

import csv
import unicodedata
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.presenting.cells import BOM, cell, sheet

#: What was meant to be carried out; a title may hold any of it.
ATTACKS = (
    "=1+1",
    "+1",
    "-2+3",
    "@SUM(A1)",
    '=HYPERLINK("http://evil.example","点我")',
    "=cmd|' /C calc'!A0",
    "\t=1",
    "\r=1",
    "\n=1",
    "  =1",
    "\u3000=1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "\x00=1",
    "＝1＋1",
    "＋1",
    "－1",
    "＠SUM",
    "﹦1",
    "\u2212 1",
    '"=1',
    "'=1",
    "“=1",
    " ‘ ＂＝1",
    'a",=1',
)
HARMLESS = (
    "收费标准调整",
    "PPP 项目",
    "2026-0001",
    "（试行）",
    "《办法》",
    "1=1",
    "",
    " ",
    "“收费”",
)


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix(BOM), newline="")))


def begins(text: str) -> str:
    """The first sign that a spreadsheet program would look at."""
    return unicodedata.normalize("NFKC", text).lstrip()[:1]


def test_no_attack_survives_what_a_program_reads_back() -> None:
    (header, *rows) = read(sheet(["=A", "题"], [[each, "b"] for each in ATTACKS]))
    assert header == ["'=A", "题"]
    assert [len(row) for row in rows] == [2] * len(ATTACKS)
    for attack, (told, _) in zip(ATTACKS, rows, strict=True):
        assert begins(told) not in tuple("=+-@\t\r\n"), attack
        assert told.startswith("'") or attack.startswith("a"), attack


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_no_formula_stays_as_it_is(text: str) -> None:
    assert cell(text) == text


@given(st.lists(st.text(max_size=20), min_size=1, max_size=4))
def test_whatever_the_texts_a_row_is_read_back_with_as_many_cells(texts: list[str]) -> None:
    told = sheet(["a"] * len(texts), [texts])
    _, row = read(told)
    assert len(row) == len(texts)
    assert told.startswith(BOM)
    told.encode("utf-8")
    for each in row:
        assert begins(each) not in tuple("=+-@")


def test_a_cell_is_one_line_and_every_line_ends_as_the_standard_says() -> None:
    told = sheet(["a"], [["x\r\ny\tz\u2028w"]])
    assert told == f'{BOM}"a"\r\n"x  y z w"\r\n'
