"""One way to write a value, so that its digest means something years later."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.calendar import Unit
from workflow.canonical import (
    SHA256,
    SM3,
    algorithm_of,
    canonical,
    digest_of,
    matches,
    plain,
    revive,
    unmet_from_json,
    unmet_to_json,
)
from workflow.definition import Citation, Holder, Text
from workflow.errors import StoreTrouble
from workflow.refusals import Unmet

WHOLE = Unmet(
    "hearing.papers_late",
    (Citation("order_713", "16.3"), Citation("house_rules", "", "U")),
    {
        "participants": ("居民代表",),
        "latest": date(2026, 9, 30),
        "step": Text("听证", "hearing"),
        "wanted": 2,
        "unit": Unit.WORKING_DAYS,
        "none": None,
    },
    step="hearing",
    cured_by=(Holder("clerk", "lead_unit"),),
    earliest=date(2026, 10, 12),
    provisional=True,
)
BARE = Unmet("agenda.frozen", ())


class TestCanonical:
    def test_keys_are_sorted_and_nothing_is_spaced_or_escaped(self) -> None:
        assert canonical({"b": [1, True, None], "a": "䶮𠮷"}) == '{"a":"䶮𠮷","b":[1,true,null]}'

    def test_the_order_of_keys_does_not_matter(self) -> None:
        assert canonical({"a": 1, "b": 2}) == canonical({"b": 2, "a": 1})

    @pytest.mark.parametrize("value", [float("nan"), float("inf")])
    def test_what_json_has_no_word_for_is_refused(self, value: float) -> None:
        with pytest.raises(ValueError, match="JSON"):
            canonical(value)

    @pytest.mark.parametrize("value", [date(2026, 9, 1), {1}, b"x"])
    def test_values_that_are_no_record_are_refused(self, value: object) -> None:
        with pytest.raises(TypeError, match="not a value of the record"):
            canonical({"x": value})

    def test_a_digest_is_of_the_utf8_bytes(self) -> None:
        assert digest_of("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        assert digest_of("第一条") != digest_of("第一条 ")

    def test_say_by_what_they_were_made_if_that_is_not_sha_256(self) -> None:
        # The example of GB/T 32905-2016, A.1.
        made = digest_of("abc", SM3)
        assert made == "sm3:66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
        assert (algorithm_of(made), algorithm_of(digest_of("abc"))) == (SM3, SHA256)
        assert matches("abc", made)
        assert matches("abc", digest_of("abc"))
        assert not matches("abd", made)

    def test_are_not_made_by_what_the_platform_does_not_know(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name in ("md5", "sm4"):
            with pytest.raises(StoreTrouble):
                digest_of("", name)
        monkeypatch.setattr(hashlib, "algorithms_available", {"sha256"})
        with pytest.raises(StoreTrouble) as caught:
            matches("abc", "sm3:" + "0" * 64)
        assert caught.value.code == "digest.unavailable"


class TestPlain:
    @pytest.mark.parametrize(
        ("value", "written"),
        [
            (None, None),
            (True, True),
            (7, 7),
            ("text", "text"),
            (Unit.WORKING_DAYS, "working_days"),
            (date(2026, 9, 1), {"day": "2026-09-01"}),
            (datetime(2026, 9, 1, 1, 30, tzinfo=UTC), "2026-09-01T01:30:00+00:00"),
            (Text("听证", "hearing"), {"zh": "听证", "en": "hearing"}),
            ({"a": (1, date(2026, 9, 1))}, {"a": [1, {"day": "2026-09-01"}]}),
            ([1, 2], [1, 2]),
        ],
    )
    def test_values_of_the_engine_become_json(self, value: object, written: object) -> None:
        assert plain(value) == written

    @pytest.mark.parametrize("value", [1.5, b"x", {"a"}, object()])
    def test_other_values_are_refused(self, value: object) -> None:
        with pytest.raises(TypeError, match="not a value of the record"):
            plain(value)

    def test_days_and_names_come_back(self) -> None:
        value = {"a": (date(2026, 9, 1), Text("听证", "hearing")), "b": {"c": 1}}
        assert revive(plain(value)) == value

    words = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.dates(),
        lambda inner: st.tuples(inner, inner) | st.dictionaries(st.text(min_size=4), inner),
    )

    @pytest.mark.no_cover
    @given(value=words)
    def test_whatever_is_written_can_be_read_again(self, value: Any) -> None:
        assert revive(plain(value)) == value


class TestConditions:
    #: One that tells nothing but a day, as `record.future_day` does, and one that tells a name.
    alone = Unmet("record.future_day", (), {"day": date(2026, 9, 30)})
    named = Unmet("x.y", (), {"zh": "听证", "en": "hearing"})
    within = Unmet("x.y", (), {"latest": {"day": date(2026, 9, 30)}})

    @pytest.mark.parametrize("unmet", [WHOLE, BARE, alone, named, within])
    def test_a_condition_survives_the_record(self, unmet: Unmet) -> None:
        assert unmet_from_json(unmet_to_json(unmet)) == unmet

    def test_it_is_written_as_json_alone(self) -> None:
        assert canonical(unmet_to_json(WHOLE)).startswith('{"citations":[{"article":"16.3"')

    @pytest.mark.parametrize("broken", [{"citations": None}, {"cured_by": "clerk"}])
    def test_a_broken_one_is_not_read(self, broken: dict[str, object]) -> None:
        with pytest.raises(TypeError, match="lists of citations and of holders"):
            unmet_from_json({**unmet_to_json(BARE), **broken})

    def test_values_that_are_no_mapping_are_none(self) -> None:
        assert unmet_from_json({**unmet_to_json(BARE), "params": []}).params == {}
