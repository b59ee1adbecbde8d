"""Publish summaries, not identities (Personal Information Protection Law; law of disclosure)."""

from __future__ import annotations

import pytest

from procedures.masking import MASK, masked


@pytest.mark.parametrize(
    "personal",
    [
        "13800001234",
        "138 0000 1234",
        "138-0000-1234",
        "+86 13800001234",
        "8613800001234",
        "１３８００００１２３４",
        "0391-6612345",
        "(0391)6612345",
        "０３９１－６６１２３４５",
        "0391 661 2345",
        "138.1234.5678",
        "138  1234  5678",
        "13812 345678",
        "138/1234/5678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "E12345678",
        "EA1234567",
        "41088119800101123X",
        "410881198001011234",
        "410881 19800101 1234",
        "410881800101123",
        "6222021702012345678",
        "jia.yi@example.com",
        "jia＠example.com.cn",
    ],
)
def test_numbers_and_addresses_of_people_are_masked(personal: str) -> None:
    assert masked(f"本人电话{personal}，请回复。") == f"本人电话{MASK}，请回复。"


@pytest.mark.parametrize(
    "harmless",
    [
        "每立方米0.95元，2027年1月1日起执行",
        "2026-10-12至2026-11-12",
        "2026-10-12 2026-10-13",
        "投资12000000元，占地35000平方米",
        "国务院令第713号",
        "编号20260001",
        "",
    ],
)
def test_what_tells_of_no_person_stays_to_the_letter(harmless: str) -> None:
    assert masked(harmless) == harmless


def test_everything_else_around_them_stays() -> None:
    told = "电话13800001234，邮箱a@b.cn；Ｘ区２号楼"
    assert masked(told) == f"电话{MASK}，邮箱{MASK}；Ｘ区２号楼"
