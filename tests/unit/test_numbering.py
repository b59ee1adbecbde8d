"""The numbers that an office program counts are part of the text: 第一条 is what people cite."""

from __future__ import annotations

import io
from typing import Final

import pytest
from docx import Document

from api.files import lists, xml_text
from api.files.examining import DOCX, Looking
from api.files.numerals import numeral
from tests.unit.test_examining import Bytes, office
from workflow.errors import BadInput

_W: Final = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_KIND: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def draft(body: str, numbering: str, styles: str = "") -> str:
    """The text of a paper with these paragraphs, lists and styles."""
    return Looking().draft(Bytes(paper(body, numbering, styles)), DOCX)


def paper(body: str, numbering: str, styles: str = "") -> bytes:
    related = "".join(
        f'<Relationship Type="{_KIND}/{each}" Target="{each}.xml"/>'
        for each in ("styles", "numbering")
    )
    parts: dict[str, str | bytes] = {
        "word/_rels/document.xml.rels": f"<Relationships>{related}</Relationships>",
        "word/numbering.xml": f"<w:numbering {_W}>{numbering}</w:numbering>",
        "word/styles.xml": f"<w:styles {_W}>{styles}</w:styles>",
    }
    return office(f"<w:document {_W}><w:body>{body}</w:body></w:document>", **parts)


def value(name: str, said: object) -> str:
    return f'<w:{name} w:val="{said}"/>'


def level(place: int, text: str, form: str = "decimal", more: str = "", start: int = 1) -> str:
    told = value("start", start) + value("numFmt", form) + value("lvlText", text) + more
    return f'<w:lvl w:ilvl="{place}">{told}</w:lvl>'


def rules(name: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{name}">{"".join(levels)}</w:abstractNum>'


def listed(name: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{name}">{value("abstractNumId", of)}{more}</w:num>'


def style(name: str, within: str, kind: str = "paragraph") -> str:
    return f'<w:style w:type="{kind}" w:styleId="{name}">{within}</w:style>'


def p(text: str, number: int | None = 1, place: int | None = 0, more: str = "") -> str:
    told = "" if place is None else value("ilvl", place)
    told += "" if number is None else value("numId", number)
    kept = f"<w:numPr>{told}</w:numPr>" if told else ""
    return f"<w:p><w:pPr>{more}{kept}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


SUFFIX = value("suff", "nothing")
ARTICLES = rules(
    0,
    level(0, "第%1章", "chineseCountingThousand", value("suff", "space")),
    level(1, "第%2条", "chineseCountingThousand", value("suff", "space") + value("lvlRestart", 0)),
    level(2, "（%3）", "chineseCounting", SUFFIX),
    level(3, "%4.", "decimal"),
)
ONE = ARTICLES + listed(1, 0)


def test_articles_go_on_over_chapters_and_items_start_anew() -> None:
    body = "".join(
        p(text, place=place)
        for text, place in (
            ("总则", 0),
            ("目的", 1),
            ("甲", 2),
            ("乙", 2),
            ("丙", 3),
            ("附则", 0),
            ("解释", 1),
            ("丁", 2),
        )
    )
    assert draft(body, ONE).split("\n") == [
        "第一章 总则",
        "第一条 目的",
        "（一）甲",
        "（二）乙",
        "1.\t丙",
        "第二章 附则",
        "第二条 解释",
        "（一）丁",
    ]


def test_lists_of_the_same_rules_go_on_unless_one_starts_anew() -> None:
    anew = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>'
    other = f'<w:lvlOverride w:ilvl="0">{level(0, "%1)", "lowerLetter")}</w:lvlOverride>'
    numbering = rules(0, level(0, "%1、", "japaneseCounting", SUFFIX)) + listed(1, 0)
    numbering += listed(2, 0) + listed(3, 0, anew) + listed(4, 0, other)
    body = "".join(p("x", number) for number in (1, 2, 3, 1, 3, 4))
    assert draft(body, numbering).split("\n") == [
        "一、x",
        "二、x",
        "五、x",
        "六、x",
        "七、x",
        "h)\tx",
    ]


def test_levels_above_are_told_in_their_own_format_or_in_plain_digits() -> None:
    numbering = rules(
        0,
        level(0, "%1、", "chineseCounting", SUFFIX),
        level(1, "%1.%2", more=SUFFIX),
        level(2, "%1.%2.%3%4%9", more=SUFFIX + "<w:isLgl/>"),
        level(3, "%1-%4", "none", SUFFIX + value("isLgl", "false")),
        level(4, "x", "decimal", SUFFIX + "<w:rPr><w:vanish/></w:rPr>"),
    )
    body = "".join(p(" x", place=place) for place in (1, 0, 1, 2, 3, 4, 8))
    told = ["一.1 x", "一、 x", "一.1 x", "1.1.1 x", "一- x", " x", " x"]
    assert draft(body, numbering + listed(1, 0)).split("\n") == told


def test_what_a_style_says_holds_unless_the_paragraph_says_otherwise() -> None:
    of_list = f"<w:pPr><w:numPr>{value('numId', 1)}</w:numPr></w:pPr>"
    of_place = f"<w:pPr><w:numPr>{value('ilvl', 1)}</w:numPr></w:pPr>"
    styles = "".join(
        (
            '<w:style w:type="paragraph" w:default="1" w:styleId="Plain"/>',
            style("Heading", of_list),
            style("Article", value("basedOn", "Heading") + of_place),
            style("Item", value("basedOn", "Round")),
            style("Round", value("basedOn", "Item")),
            style("Linked", of_list),
        )
    )
    numbering = rules(
        0,
        level(0, "第%1章", "chineseCounting", SUFFIX),
        level(1, "第%2条", "chineseCounting", SUFFIX),
        level(2, "%3", "decimal", SUFFIX + value("pStyle", "Linked")),
    )
    named = [value("pStyle", each) for each in ("Heading", "Article", "Item", "Linked", "Gone")]
    body = "".join(p("x", None, None, each) for each in named)
    body += p("x", 0, None, named[0]) + p("x", None, 1, named[0]) + p("x", 9) + p("x", None, None)
    told = ["第一章x", "第一条x", "x", "1x", "x", "x", "第二条x", "x", "x"]
    assert draft(body, numbering + listed(1, 0), styles).split("\n") == told
    default = styles.replace('"Plain"/>', f'"Plain">{of_list}</w:style>')
    bare = "<w:p><w:r><w:t>x</w:t></w:r></w:p><w:p/>"
    assert draft(bare, numbering + listed(1, 0), default) == "第一章x\n第二章"


def test_rules_may_stand_with_a_style_of_lists() -> None:
    styles = style("Way", f"<w:pPr><w:numPr>{value('numId', 2)}</w:numPr></w:pPr>", "numbering")
    numbering = rules(0, value("numStyleLink", "Way")) + rules(1, level(0, "%1.", more=SUFFIX))
    numbering += listed(1, 0) + listed(2, 1) + rules(3, value("numStyleLink", "Gone"))
    numbering += listed(4, 3) + listed(5, 77)
    body = p("x") + p("y") + p("x", 4) + p("x", 5)
    assert draft(body, numbering, styles) == "1.x\n2.y\nx\nx"


def test_a_paragraph_whose_end_was_deleted_takes_no_number() -> None:
    gone, moved = (f"<w:rPr><w:{each}/></w:rPr>" for each in ("del", "moveFrom"))
    deleted = "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>"
    before = f"<w:pPrChange><w:pPr><w:numPr>{value('numId', 0)}</w:numPr></w:pPr></w:pPrChange>"
    body = (
        p("一", place=1)
        + f"<w:p><w:pPr><w:numPr>{value('ilvl', 1)}{value('numId', 1)}</w:numPr>{gone}</w:pPr>"
        + f"{deleted}</w:p>"
        + p("二上", place=1, more=gone)
        + p("，二下", place=1)
        + p("", place=1, more=moved)
        + f"<w:p><w:pPr><w:numPr>{value('ilvl', 1)}{value('numId', 1)}</w:numPr>{before}</w:pPr>"
        + "<w:r><w:t>三</w:t></w:r></w:p>"
        + p("末", place=1, more=gone)
    )
    assert draft(body, ONE) == "第一条 一\n第二条 二上，二下\n第三条 三\n末"


def test_what_an_older_program_would_show_is_not_counted_once_more() -> None:
    box = f"<w:r><mc:AlternateContent xmlns:mc='m'><mc:Choice>{p('框', place=1)}</mc:Choice>"
    box += f"<mc:Fallback>{p('框', place=1)}</mc:Fallback></mc:AlternateContent></w:r>"
    body = p("一", place=1) + f"<w:p>{box}<w:r><w:t>无号</w:t></w:r></w:p>" + p("三", place=1)
    assert draft(body, ONE).split() == ["第一条", "一", "第二条", "框", "无号", "第三条", "三"]


def test_signs_of_fonts_become_bullets_and_formats_of_ones_own_keep_their_zeros() -> None:
    own = "<mc:AlternateContent xmlns:mc='m'><mc:Choice><w:numFmt w:val='custom' w:format="
    own += "'001, 002, ...'/></mc:Choice><mc:Fallback><w:numFmt w:val='decimal'/></mc:Fallback>"
    own += "</mc:AlternateContent>"
    numbering = rules(0, level(0, "\uf0b7", "bullet"), level(1, "%2:", "decimal", own))
    found = draft(p("x") + p("y", place=1), numbering + listed(1, 0))
    assert found == "\u2022\tx\n001:\ty"


def test_a_paper_of_a_word_processor_is_read_as_it_is_shown() -> None:
    document, kept = Document(), io.BytesIO()
    for each in ("List Number", "List Number", "Normal", "List Number", "List Bullet"):
        document.add_paragraph("x", style=each)
    document.save(kept)
    assert Looking().draft(Bytes(kept.getvalue()), DOCX) == "1.\tx\n2.\tx\nx\n3.\tx\n\u2022\tx"


def test_a_mark_that_is_half_a_number_is_seen_whole() -> None:
    numbering = rules(0, level(0, "机密★%1", "decimal", SUFFIX)) + listed(1, 0)
    content = Looking().content(Bytes(paper(p("0年"), numbering)), "a.docx")
    assert "机密★10年" in "".join(content.pieces())


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ("decimal", "0 1 10 11 20 101 110 1001 10000"),
        ("decimalZero", "00 01 10 11 20 101 110 1001 10000"),
        ("upperRoman", "0 I X XI XX CI CX MI 10000"),
        ("lowerLetter", "0 a j k t wwww fffff 1001 10000"),
        ("upperLetter", "0 A J K T WWWW FFFFF 1001 10000"),
        ("numberInDash", "-·0·- -·1·- -·10·- -·11·- -·20·- -·101·- -·110·- -·1001·- -·10000·-"),
        ("decimalFullWidth", "０ １ １０ １１ ２０ １０１ １１０ １００１ １００００"),
        ("ideographDigital", "〇 一 一〇 一一 二〇 一〇一 一一〇 一〇〇一 一〇〇〇〇"),
        ("chineseCounting", "○ 一 十 十一 二十 一○一 一一○ 一○○一 一○○○○"),
        ("chineseCountingThousand", "零 一 十 十一 二十 一百零一 一百一十 一千零一 10000"),
        ("chineseLegalSimplified", "零 壹 壹拾 壹拾壹 贰拾 壹佰零壹 壹佰壹拾 壹仟零壹 10000"),
        ("japaneseCounting", "〇 一 十 十一 二十 百一 百十 千一 10000"),
        ("ideographTraditional", "0 甲 癸 甲 癸 甲 癸 甲 癸"),
        ("decimalEnclosedCircle", "0 ① ⑩ ⑪ ⑳ 101 110 1001 10000"),
        ("none", " " * 8),
        ("thaiCounting", "0 1 10 11 20 101 110 1001 10000"),
    ],
)
def test_numbers_are_written_as_word_processors_write_them(form: str, told: str) -> None:
    found = [numeral(each, form) for each in (0, 1, 10, 11, 20, 101, 110, 1001, 10000)]
    assert [each.replace(" ", "·") for each in found] == told.split(" ")


def test_lists_made_to_exhaust_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_text, "DRAFT_CHARACTERS", 1000)
    flood = p("x") * 20
    long = rules(0, level(0, "长" * 64)) + listed(1, 0)
    assert draft(p("x"), long)
    attacks = {
        "broken": ("<w:num>", "", flood),
        "bomb": (rules(0, level(0, "长" * 65)), "", flood),
        "draft_too_long": (long, "", flood),
    }
    for code, (numbering, styles, body) in attacks.items():
        with pytest.raises(BadInput) as caught:
            draft(body, numbering, styles)
        assert caught.value.code == f"file.{code}"
    monkeypatch.setattr(lists, "_MOST_KEPT", 3)
    for numbering, styles in ((ONE, ""), ("", "".join(style(each, "") for each in "abcd"))):
        with pytest.raises(BadInput) as caught:
            draft("", numbering, styles)
        assert caught.value.code == "file.bomb"
