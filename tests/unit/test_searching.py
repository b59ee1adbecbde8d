"""What is searched of a matter, how it is cut up and found, and what is shown of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.searching import (
    CONTEXT,
    LONGEST_WORD,
    MOST_TERMS,
    SEARCHED_CHARACTERS,
    Part,
    fold,
    grams,
    masked_acts,
    searchable,
    snippets,
    terms,
)

WORDS = st.text(st.sampled_from("污水处理費费 ,。\n2０aＡB《〔𠮷"), max_size=12)


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("ＰＰＰ项目", "ppp项目"),
        ("污水\n处理", "污水处理"),
        ("济高新管〔2026〕3号", "济高新管 2026 3号"),
        ("《条例》", "条例"),
        ("２０２６年", "2026年"),
        ("a b", "a b"),
        ("費用", "費用"),
        ("。、", ""),
    ],
)
def test_width_case_breaks_and_marks_make_no_difference(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_chinese_is_cut_into_pairs_and_the_last_sign_and_the_rest_into_words() -> None:
    assert grams("污水处理 ppp3号") == ("污水", "水处", "处理", "理", "ppp3", "号")
    assert grams("x" * 99) == ("x" * LONGEST_WORD,)


def test_a_single_sign_and_the_end_of_a_word_are_found_by_beginnings() -> None:
    one, mixed, word = (terms(typed)[0] for typed in ("污", "市3号", "PPP"))
    assert (one.whole, one.beginnings) == ((), ("污",))
    assert (mixed.whole, mixed.beginnings) == (("3",), ("市", "号"))
    assert (word.whole, word.beginnings) == ((), ("ppp",))


def test_terms_are_apart_by_spaces_each_once_and_not_too_many() -> None:
    assert [each.needle for each in terms("污水 。 污水 收费")] == ["污水", "收费"]
    assert len(terms(" ".join(map(str, range(50))))) == MOST_TERMS


@given(WORDS, WORDS, WORDS)
def test_whatever_stands_in_a_text_is_found_in_it(before: str, needle: str, after: str) -> None:
    """Unless it begins or ends within a word, which is found by its beginning only."""
    text = f"{before}。{needle}。{after}"
    folded = fold(text)
    held = grams(folded)
    for term in terms(needle):
        assert term.needle in folded
        assert set(term.whole) <= set(held)
        assert all(any(gram.startswith(each) for gram in held) for each in term.beginnings)


@given(WORDS)
def test_what_is_marked_is_what_was_searched_for(text: str) -> None:
    for typed in ("污水", "费", "a", "2"):
        for found in snippets(typed, {Part.TITLE: text}):
            ((since, until),) = found.marks
            assert fold(found.text[since:until]) == fold(typed)


PROPOSED = ("propose", {"title": "收费", "reasons": "成本上升", "state_secret": False})
STUDIED = ("study", {"problem": "收不抵支", "grounds": None, "done_on": "2026-01-01"})
ISSUED = ("issue", {"series": "济高新管", "year": 2026, "number": 3})
ASKED = ("submit_request", {"number": "济高新请〔2026〕5号"})


def test_what_is_searched_is_what_the_matter_says_of_itself() -> None:
    found = searchable("2026-0001", "收费", [PROPOSED, STUDIED, ISSUED, ASKED], "第一条")
    assert found == {
        Part.NUMBER: "2026-0001\n济高新管 2026 3号\n济高新请〔2026〕5号",
        Part.TITLE: "收费",
        Part.REASONS: "成本上升",
        Part.STUDY: "收不抵支",
        Part.DRAFT: "第一条",
    }
    assert terms("济高新管〔2026〕3号")[0].needle in fold(found[Part.NUMBER])


def test_an_act_without_anything_to_search_changes_nothing() -> None:
    found = searchable("2026-0001", "收费", [("propose", {"reasons": None}), ("close", {})], None)
    assert found.keys() == {Part.NUMBER, Part.TITLE}


def test_of_a_secret_matter_nothing_is_searched_and_of_a_long_text_its_beginning() -> None:
    assert searchable("2026-0001", "", [("propose", {"state_secret": True})], None) == {}
    found = searchable("2026-0001", "收费", [("revise_draft", {})], "长" * 200_000)
    assert len(found[Part.DRAFT]) == SEARCHED_CHARACTERS


def test_each_term_is_shown_in_the_earliest_part_that_has_it() -> None:
    texts = {Part.TITLE: "污水收费", Part.DRAFT: "甲" * 100 + "按污水\n分档" + "乙" * 100}
    title, draft = snippets("污水 分档 没有", texts)
    assert (title.part, title.text, title.marks) == (Part.TITLE, "污水收费", ((0, 2),))
    assert draft.part is Part.DRAFT
    assert draft.marks == ((CONTEXT, CONTEXT + 2),)
    assert "\n" not in draft.text
    both = snippets("污水 收费", texts)[0]
    assert both.marks == ((0, 2), (2, 4))
    far = snippets("甲按 乙", {Part.DRAFT: "甲按" + "丙" * 100 + "乙"})[0]
    assert far.marks == ((0, 2),)


def test_personal_data_is_taken_out_of_what_was_filed_however_deep() -> None:
    acts = [("propose", {"reasons": "call 138", "more": [{"told": "138"}]}), ("study", {})]
    masked = masked_acts(acts, lambda text: text.replace("138", "*"))
    assert masked == (
        ("propose", {"reasons": "call *", "more": [{"told": "*"}]}),
        ("study", {}),
    )
