"""Classification marks are found as people see them, and ordinary words are none."""

from __future__ import annotations

import pytest

from procedures.book import shipped
from procedures.marks import shipped_marks

MARKS = shipped_marks()


def levels(text: str) -> list[str]:
    return [each.level for each in MARKS.in_text((text,))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("机密★20年", ["secret"]),
        ("机 密　☆ ", ["secret"]),
        ("绝\u200b密＊长期", ["top_secret"]),
        ("密级：秘密", ["confidential"]),
        ("密 级\n机密\n", ["secret"]),
        ("机密", ["secret"]),
        ("【绝密】\n正文", ["top_secret"]),
        ("正文。\r\n秘密 5年\r\n正文", ["confidential"]),
        ("附件：绝密★启封前；机密★", ["top_secret", "secret"]),
        ("机密10年", ["secret"]),
        ("内部资料", ["work_secret"]),
        ("评标采用秘密投票（秘密）方式。", []),
        ("本条例保护数据的机密性。", []),
        ("不属于国家秘密，依照保守国家秘密法。", []),
        ("保守机密，慎之又慎。", []),
        ("秘密级以上的涉密人员管理办法", []),
        ("密切配合，抓住时机", []),
        ("plain text", []),
    ],
)
def test_a_word_is_a_mark_only_with_what_makes_it_one(text: str, found: list[str]) -> None:
    assert levels(text) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("机密_方案.docx", ["secret"]),
        ("（绝密）方案.pdf", ["top_secret"]),
        ("2026 机 密 文件.docx", ["secret"]),
        ("绝密文件.docx", ["top_secret"]),
        ("方案★秘密★.txt", ["confidential"]),
        ("机密性评估.docx", []),
        ("秘密投票办法.docx", []),
        ("保守国家秘密法宣传.docx", []),
    ],
)
def test_a_name_bears_a_mark_where_it_stands_apart(name: str, found: list[str]) -> None:
    assert [each.level for each in MARKS.in_name(name)] == found


def test_a_work_secret_is_advice_and_the_others_are_not() -> None:
    assert [each.blocks for each in MARKS.in_text(("绝密★\n", "内部文件"))] == [True, False]


def test_the_book_looks_for_the_shipped_marks() -> None:
    book = shipped()
    assert book.marks_in(("机密★10年\n",)) == MARKS.in_text(("机密★10年\n",)) != ()
    assert book.marks_of("机密★10年.docx") == MARKS.in_name("机密★10年.docx")


def test_a_text_of_more_signs_than_are_remembered_is_read_to_its_end() -> None:
    every = "".join(
        chr(sign) for sign in range(0x3400, 0x3400 + 75_000) if not 0xD800 <= sign < 0xE000
    )
    assert levels(f"{every}\n机密★10年\n") == ["secret"]
