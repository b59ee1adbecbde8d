"""Strict YAML: what it takes, what it refuses, and where it says the trouble is."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PlainValidator,
    StringConstraints,
    Tag,
    field_validator,
    model_validator,
)

from procedures import problems, strict_yaml
from procedures.problems import TOLD_PROBLEMS
from procedures.source import Problem, SourceError, fault, parse, read, read_text
from workflow.catalogue import catalogue_for, locales
from workflow.explaining import explain
from workflow.explaining.paths import holds


@pytest.fixture(params=["in_c", "in_python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    name: str = request.param
    loader = yaml.CSafeLoader if name == "in_c" else yaml.SafeLoader
    monkeypatch.setattr(strict_yaml, "_LOADER", loader)
    return name


def refusal_of(act: Callable[[], object]) -> SourceError:
    with pytest.raises(SourceError) as caught:
        act()
    # Whatever is refused can be told in every language.
    for locale in locales():
        assert catalogue_for(locale).tell(caught.value)
    return caught.value


def problems_of(text: str) -> tuple[Problem, ...]:
    return refusal_of(lambda: read_text(text, "file.yaml")).problems


def only(problems: tuple[Problem, ...]) -> tuple[int, int, str]:
    (problem,) = problems
    assert problem.file == "file.yaml"
    return problem.line, problem.column, problem.code


def told(code: str, params: Mapping[str, object], locale: str = "zh") -> str:
    return catalogue_for(locale).text(code, **params)


# --- what is taken --------------------------------------------------------------------------------


@pytest.mark.usefixtures("parser")
class TestScalars:
    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("null", None),
            ("~", None),
            ("", None),
            ("true", True),
            ("False", False),
            ("0", 0),
            ("-17", -17),
            ("+3", 3),
            ("010", 10),
            ("0o17", 15),
            ("0x1F", 31),
            ("999999999999999999", 10**18 - 1),
            ("1.5", 1.5),
            ("-.5", -0.5),
            ("2.", 2.0),
            ("1e3", 1000.0),
            ("1.10", 1.1),
        ],
    )
    def test_of_the_core_schema_have_their_meaning(self, written: str, value: object) -> None:
        found = read_text(f"key: {written}\nother: x", "f").data
        assert found == {"key": value, "other": "x"}
        assert isinstance(found, dict)
        assert type(found["key"]) is type(value)

    @pytest.mark.parametrize(
        "written",
        [
            "yes",
            "No",
            "on",
            "off",
            "y",
            "n",
            "2026-02-28",
            "2026-02-30",
            "10:30",
            "1_000",
            "1.2.3",
            "--",
            "+",
            ".",
            "0b11",
            "-0x1F",
            "12a",
            "infinity",
            "nan",
            "=",
            "〔2026〕7号",
        ],
    )
    def test_of_other_looks_are_text(self, written: str) -> None:
        assert read_text(f"key: {written}", "f").data == {"key": written}

    @pytest.mark.parametrize("written", ["'7'", '"7"', "|-\n  7", ">-\n  7"])
    def test_in_quotes_or_blocks_are_text(self, written: str) -> None:
        assert read_text(f"key: {written}", "f").data == {"key": "7"}

    def test_may_hold_rare_characters_and_emoji(self) -> None:
        text = "䶮𠮷👩‍👩‍👧"
        assert read_text(f"名称: {text}", "f").data == {"名称": text}

    @pytest.mark.parametrize(
        "written",
        [
            ".inf",
            "-.Inf",
            ".NaN",
            "1e999",
            "1234567890123456789",
            "0x12345678901234567",
            "0.12345678901234567",
            "1e-999",
            "1" * 5000,
        ],
    )
    def test_that_cannot_be_kept_as_written_are_refused(self, written: str) -> None:
        assert only(problems_of(f"a: 1\nkey: {written}")) == (2, 6, "source.bad_number")


@pytest.mark.usefixtures("parser")
class TestStructure:
    def test_nests_mappings_and_lists_in_any_style(self) -> None:
        text = "a:\n- b: [1, {c: d}]\n- - x\n  - []\ne: {}\n? f\n: g\n"
        assert read_text(text, "f").data == {
            "a": [{"b": [1, {"c": "d"}]}, ["x", []]],
            "e": {},
            "f": "g",
        }

    def test_may_be_a_single_text_or_list(self) -> None:
        assert read_text("just text", "f").data == "just text"
        assert read_text("- 1\n- 2", "f").data == [1, 2]

    def test_may_begin_and_end_with_the_marks_of_a_document(self) -> None:
        assert read_text("%YAML 1.2\n---\na: 1\n...\n", "f").data == {"a": 1}

    def test_may_begin_with_a_byte_order_mark(self) -> None:
        assert read_text("\ufeffa: 1", "f").data == {"a": 1}

    def test_may_have_lines_ended_as_on_windows(self) -> None:
        document = read_text("a: 1\r\nb:\r\n  c: 2\r\n", "f")
        assert document.data == {"a": 1, "b": {"c": 2}}
        assert document.line(("b", "c")) == 3

    def test_keys_need_no_quotes_but_may_have_them(self) -> None:
        assert read_text('"1": a\n2026-01-01: b\nyes: c', "f").data == {
            "1": "a",
            "2026-01-01": "b",
            "yes": "c",
        }


# --- what is refused ------------------------------------------------------------------------------


@pytest.mark.usefixtures("parser")
class TestRefusesWhatMisleads:
    def test_a_key_written_twice_with_both_lines(self) -> None:
        (problem,) = problems_of("a: 1\nb: 2\na: {c: 3}\n")
        assert (problem.line, problem.code) == (3, "source.duplicate_key")
        assert problem.params == {"name": "a", "first": 1}

    def test_a_key_written_three_times_is_told_twice(self) -> None:
        found = problems_of("m:\n  a:\n  a:\n  a:")
        assert [(each.line, each.params["first"]) for each in found] == [(3, 2), (4, 2)]

    @pytest.mark.parametrize("key", ["1", "1.5", "true", "null", "~", "? [a]\n", "? {a: 1}\n"])
    def test_a_key_that_is_no_text(self, key: str) -> None:
        text = f"a: 1\n{key}: {{x: [1]}}\nb: 2"
        assert only(problems_of(text))[2] == "source.key_not_text"

    @pytest.mark.parametrize("key", ["　部门", '" a"', '"a "', "''"])
    def test_a_key_with_blanks_around_it_or_of_nothing_else(self, key: str) -> None:
        assert only(problems_of(f"{key}: 1")) == (1, 1, "source.key_with_blanks")

    def test_an_anchor_and_an_alias(self) -> None:
        found = problems_of("a: &x 1\nb: *x\nc: [*x]\n*x : 2\n")
        assert [(each.line, each.code) for each in found] == [
            (1, "source.anchor"),
            (2, "source.alias"),
            (3, "source.alias"),
            (4, "source.alias"),
        ]

    def test_a_bomb_of_aliases_without_building_it(self) -> None:
        bomb = "a0: &a0 [x, x]\n" + "".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 40)
        )
        assert len(problems_of(bomb)) == 40 + 39 * 9

    def test_a_merge_key(self) -> None:
        assert only(problems_of("a:\n  <<: {b: 1}")) == (2, 3, "source.merge_key")

    @pytest.mark.parametrize("tag", ["!!str", "!!python/object:os.system", "!mine", "!"])
    @pytest.mark.parametrize("value", ["x", "[x]", "{x: y}", "'x'"])
    def test_a_tag(self, tag: str, value: str) -> None:
        assert only(problems_of(f"a: {tag} {value}")) == (1, 4, "source.tag")

    def test_a_tag_of_an_unknown_handle(self) -> None:
        (problem,) = problems_of("a: !x!y 1")
        assert (problem.code, problem.params["name"]) == ("source.tag", "!x!y")

    def test_a_second_document(self) -> None:
        assert only(problems_of("a: 1\n---\nb: 2")) == (2, 1, "source.second_document")

    def test_everything_at_once_in_the_order_of_the_lines(self) -> None:
        found = problems_of('a: !x 1\na: 2\n3: &y 4\nb: "')
        assert [each.line for each in found] == [1, 2, 3, 3, 4]
        assert found[-1].code == "source.syntax.quote_not_closed"


@pytest.mark.usefixtures("parser")
class TestRefusesCharacters:
    @pytest.mark.parametrize(
        "character",
        [
            "\x00",
            "\x07",
            "\x1b",
            "\x7f",
            "\x85",
            "\x9f",
            "\u200b",
            "\u202e",
            "\u2028",
            "\u2066",
            "\ufeff",
            "\uffff",
        ],
    )
    def test_that_control_or_hide(self, character: str) -> None:
        (problem,) = problems_of(f"a: 1\nb: x{character}")
        assert (problem.line, problem.column, problem.code) == (2, 5, "source.bad_character")
        assert problem.params == {"character": f"U+{ord(character):04X}"}

    @pytest.mark.parametrize("escape", [r"\0", r"\x1b", r"\e", r"\u202e"])
    def test_that_come_in_by_an_escape(self, escape: str) -> None:
        assert only(problems_of(f'a: 1\nb: "{escape}"')) == (2, 4, "source.bad_character")

    @pytest.mark.parametrize("escape", [r"\ud800", r"\U00110000", r"\UFFFFFFFF", r"\q"])
    def test_that_no_escape_may_mean(self, escape: str) -> None:
        code = only(problems_of(f'a: "{escape}"'))[2]
        # The parser in Python lets a lone surrogate through, which is then found in the value.
        assert code in {"source.syntax.bad_escape", "source.bad_character"}

    def test_that_are_lone_surrogates(self) -> None:
        assert only(problems_of("a: 1\nb: \ud800")) == (2, 1, "source.not_utf8")


@pytest.mark.usefixtures("parser")
class TestSyntaxErrors:
    @pytest.mark.parametrize(
        ("text", "line", "code"),
        [
            ('a: 1\nb: "x\nc: 2', 2, "syntax.quote_not_closed"),
            ("a: 'x\n---\nb: 1", 1, "syntax.quote_not_closed"),
            ("a: 1\nb: [1, 2\nc: 3", 2, "syntax.bracket_not_closed"),
            ("a: {b: 1\nc: 3", 1, "syntax.bracket_not_closed"),
            ("a: [1}", 1, "syntax.bracket_not_closed"),
            ("a: 1\ntitle\nb: 2", 2, "syntax.colon_missing"),
            ("a: b: c", 1, "syntax.colon_inside"),
            ("a: 1\n b: 2", 2, "syntax.colon_inside"),
            ("a: 1\nb: @x", 2, "syntax.reserved_character"),
            ("a: `x`", 1, "syntax.reserved_character"),
            ("a: %x", 1, "syntax.reserved_character"),
            ("a: ]", 1, "syntax.other"),
            ("a:\n  b: 1\n c: 2", 3, "syntax.other"),
            ('a: "x" y', 1, "syntax.other"),
            ("- a\nb: 1", 2, "syntax.other"),
            ("%YAML 3.0\n---\na: 1", 1, "syntax.other"),
            ("a: 1\n\tb: 2", 2, "bad_indent"),
            ("a:\n\t- b", 2, "bad_indent"),
            ("title：x\nlead: y", 1, "bad_colon"),
            ("lead: y\n- title：x", 2, "bad_colon"),
            ("lead: y\ntitle：x\nb: 1", 2, "bad_colon"),
            ("lead:y\ntitle: x", 1, "bad_colon"),
        ],
    )
    def test_are_told_where_they_begin(self, text: str, line: int, code: str) -> None:
        found = only(problems_of(text))
        assert (found[0], found[2]) == (line, f"source.{code}")

    def test_quote_the_sign_that_may_not_begin_a_value(self) -> None:
        (problem,) = problems_of("a: @office now")
        assert problem.params["character"] == "@"


class TestSizes:
    @pytest.mark.parametrize("text", ["", " \n\n", "# only a remark\n", "---\n", "null", "~"])
    def test_an_empty_file_is_refused(self, text: str) -> None:
        assert only(problems_of(text)) == (0, 0, "source.empty")

    @pytest.mark.usefixtures("parser")
    @pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "? "])
    def test_a_file_nested_too_deep_is_refused_early(self, opening: str) -> None:
        levels = strict_yaml.LIMIT_DEPTH
        assert problems_of(opening * 20_000)[-1].code == "source.too_deep"
        assert read_text("[" * levels + "]" * levels, "f").data

    def test_ten_megabytes_are_refused_unread(self) -> None:
        assert only(problems_of("a: " + "x" * 10_000_000)) == (0, 0, "source.too_large")

    def test_the_limit_counts_bytes_and_may_be_reached(self) -> None:
        assert read_text("法", "f", limit_bytes=3).data == "法"
        error = refusal_of(lambda: read_text("法.", "f", limit_bytes=3))
        assert error.problems[0].code == "source.too_large"

    def test_a_text_of_half_a_megabyte_is_read(self) -> None:
        text = "x" * 500_000
        assert read_text(f"a: {text}", "f").data == {"a": text}


class TestFiles:
    def test_a_file_is_read_under_its_own_name(self, tmp_path: Path) -> None:
        path = tmp_path / "示例.yaml"
        path.write_text("a: 1", encoding="utf-8")
        document = read(path)
        assert (document.name, document.data) == ("示例.yaml", {"a": 1})

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        error = refusal_of(lambda: read(tmp_path / "none.yaml"))
        assert error.problems == (Problem("none.yaml", 0, 0, "", "source.absent"),)
        assert error.exit_status == 2

    def test_a_folder_cannot_be_read(self, tmp_path: Path) -> None:
        error = refusal_of(lambda: read(tmp_path))
        assert error.problems[0].code == "source.unreadable"
        assert str(tmp_path.parent) not in str(error)

    def test_a_name_that_no_file_can_have(self) -> None:
        error = refusal_of(lambda: read(Path("a\0b")))
        assert (error.problems[0].file, error.problems[0].code) == ("a b", "source.unreadable")

    def test_a_file_without_end_is_read_no_further_than_allowed(self) -> None:
        class Endless(io.RawIOBase):
            given = 0

            def readable(self) -> bool:
                return True

            def read(self, size: int = -1, /) -> bytes:
                assert size > 0
                Endless.given += size
                return b"x" * size

        class Device(type(Path())):  # type: ignore[misc]
            def open(self, *args: object, **kwargs: object) -> Endless:
                return Endless()

        error = refusal_of(lambda: read(Device("zero"), limit_bytes=100))
        assert error.problems[0].code == "source.too_large"
        assert Endless.given == 101

    @pytest.mark.parametrize("encoding", ["gbk", "utf-16"])
    def test_another_encoding_is_told_with_the_line(self, encoding: str, tmp_path: Path) -> None:
        path = tmp_path / "file.yaml"
        path.write_bytes("a: 1\nb: 法制办".encode(encoding))
        line = 2 if encoding == "gbk" else 1
        assert only(refusal_of(lambda: read(path)).problems) == (line, 1, "source.not_utf8")

    def test_a_name_that_would_break_a_message_up_is_blanked(self) -> None:
        assert read_text("a: 1", "x\ny\x1b[31m\ud800.yaml").name == "x y [31m .yaml"

    def test_a_long_name_is_cut(self) -> None:
        assert read_text("a: 1", "x" * 200).name == "x" * 59 + "…"


# --- where things stand ---------------------------------------------------------------------------

PLACED = """\
title: x
steps:
  - kind: hearing
    papers:
      due: 7
  - {kind: call,
     days: 30}
hearing: y
"""


class TestLines:
    @pytest.mark.parametrize(
        ("loc", "line"),
        [
            ((), 1),
            (("title",), 1),
            (("steps",), 2),
            (("steps", 0), 3),
            (("steps", 0, "papers"), 4),
            (("steps", 0, "papers", "due"), 5),
            (("steps", 1), 6),
            (("steps", 1, "days"), 7),
            (("hearing",), 8),
        ],
    )
    def test_are_those_of_the_key_or_item(self, loc: tuple[str | int, ...], line: int) -> None:
        assert read_text(PLACED, "f").line(loc) == line

    @pytest.mark.parametrize(
        ("loc", "line"),
        [
            (("nothing",), 1),
            (("steps", 9), 2),
            (("steps", 9, "kind"), 2),
            (("steps", 0, "nothing"), 3),
            (("steps", 0, "papers", "due", "x"), 5),
            (("title", 0), 1),
        ],
    )
    def test_fall_back_to_what_is_above(self, loc: tuple[str | int, ...], line: int) -> None:
        assert read_text(PLACED, "f").line(loc) == line

    def test_pass_over_the_tags_of_unions(self) -> None:
        document = read_text(PLACED, "f")
        assert document.line(("steps", 0, "hearing", "papers", "due")) == 5
        assert (
            document.line(("steps", "list[union]", 1, "call", "function-after[x()]", "days")) == 7
        )

    def test_a_problem_can_be_placed_by_hand(self) -> None:
        problem = read_text(PLACED, "f").problem(("steps", 1, "units"), "source.blank", extra=1)
        assert problem == Problem("f", 6, 5, "steps[2].units", "source.blank", {"extra": 1})


# --- models ---------------------------------------------------------------------------------------


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


class Hearing(Strict):
    kind: Literal["hearing"]
    papers: int
    hearing: dict[str, int] = {}


class Call(Strict):
    kind: Literal["call"]
    days: Annotated[int, Field(ge=1, le=365)]
    reason: str | None = None


Step = Annotated[Hearing | Call, Field(discriminator="kind")]


class Rule(Strict):
    every: list[Rule] = []
    step: str | None = None


class Whole(Strict):
    title: Annotated[str, StringConstraints(min_length=2, max_length=5, pattern="^[a-z]+$")] = "ab"
    steps: tuple[Step, ...] = ()
    day: date | None = None
    moment: datetime | None = None
    aware: AwareDatetime | None = None
    clock: time | None = None
    span: timedelta | None = None
    colour: Colour = Colour.RED
    number: Literal[1, 2] = 1
    share: Annotated[Decimal, Field(gt=0, lt=1)] = Decimal("0.5")
    ratio: float = 1.0
    flag: bool = False
    count: int = 0
    texts: Annotated[list[str], Field(min_length=1, max_length=2)] = ["x"]
    pair: tuple[int, int] = (1, 2)
    either: int | Annotated[str, Field(max_length=3)] | Rule = 0
    loose: Hearing | Call | None = None
    by_colour: dict[Colour, int] = {}
    by_name: dict[str, Hearing] = {}
    rule: Rule | None = None
    even: Annotated[int, Field(multiple_of=2)] = 0
    grid: list[list[Call]] = []
    mixed: tuple[Call, Hearing] | None = None

    @field_validator("title")
    @classmethod
    def _no_taboo(cls, value: str) -> str:
        if value == "taboo":
            raise fault("source.text_too_long", limit=3)
        if value == "plain":
            raise ValueError(value)
        return value

    @model_validator(mode="after")
    def _red_has_steps(self) -> Whole:
        if self.count == 13:
            raise fault("source.blank", at=("colour",))
        return self


def findings_of(text: str, model: type[BaseModel] = Whole) -> tuple[Problem, ...]:
    return refusal_of(lambda: parse(read_text(text, "file.yaml"), model)).problems


def finding_of(text: str, model: type[BaseModel] = Whole) -> Problem:
    (problem,) = findings_of(text, model)
    return problem


class TestModels:
    def test_strict_ones_take_what_the_file_can_only_write_as_text_or_list(self) -> None:
        text = """
            steps: [{kind: call, days: 30}, {kind: hearing, papers: 7}]
            day: 2026-02-28
            moment: 2026-02-28T09:30:00
            aware: 2026-02-28T09:30:00+08:00
            clock: 09:30
            span: P7D
            colour: blue
            share: 0.25
            either: abc
            by_colour: {red: 1}
        """
        whole = parse(read_text(text, "f"), Whole)
        assert whole.steps == (Call(kind="call", days=30), Hearing(kind="hearing", papers=7))
        assert whole.day == date(2026, 2, 28)
        assert whole.clock == time(9, 30)
        assert (whole.colour, whole.share, whole.either) == (Colour.BLUE, Decimal("0.25"), "abc")

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("- 1", "wants_mapping"),
            ("text", "wants_mapping"),
            ("title：x", "bad_colon"),
            ("steps: [kind:call]", "bad_colon"),
            ("steps: see http://example.org", "wants_list"),
            ("title: 7", "wants_text"),
            ("title:", "blank"),
            ("title: a", "text_too_short"),
            ("title: abcdef", "text_too_long"),
            ("title: A1", "text_of_wrong_form"),
            ("title: taboo", "text_too_long"),
            ("title: plain", "unfit"),
            ("texts: a, b", "wants_list"),
            ("texts: 单位：法制办", "bad_colon"),
            ("texts: []", "list_too_short"),
            ("texts: [a, b, c]", "list_too_long"),
            ("pair: [1]", "missing_item"),
            ("count: '1'", "wants_whole_number"),
            ("count: 1.5", "wants_whole_number"),
            ("count: true", "wants_whole_number"),
            ("ratio: half", "wants_number"),
            ("share: half", "wants_number"),
            ("share: 0", "not_above"),
            ("share: 1", "not_under"),
            ("steps: [{kind: call, days: 0}]", "below_least"),
            ("steps: [{kind: call, days: 366}]", "above_most"),
            ("flag: yes", "wants_true_or_false"),
            ("flag: 1", "wants_true_or_false"),
            ("day: soon", "bad_day"),
            ("day: true", "bad_day"),
            ("day: [1]", "bad_day"),
            ("day: 2026-02-28T00:00", "bad_day"),
            ("moment: 2026-02-28", "bad_moment"),
            ("moment: 5", "bad_moment"),
            ("aware: 2026-02-28T09:30:00", "moment_without_zone"),
            ("clock: noon", "bad_time"),
            ("span: a week", "bad_duration"),
            ("colour: green", "not_one_of"),
            ("colour: Red", "not_one_of_near"),
            ("number: 3", "not_one_of"),
            ("steps: [{kind: vote}]", "not_one_of"),
            ("steps: [{kind: calls}]", "not_one_of_near"),
            ("steps: [{days: 3}]", "missing_key"),
            ("steps: [{kind: call}]", "missing_key"),
            ("by_colour: {green: 1}", "not_one_of"),
            ("even: 3", "unfit"),
        ],
    )
    def test_say_what_does_not_fit(self, text: str, code: str) -> None:
        assert finding_of(text).code == f"source.{code}"

    @pytest.mark.parametrize(
        ("written", "code", "near"),
        [
            ("2026-02-30", "source.no_such_day", None),
            ("2026-13-01", "source.no_such_day", None),
            ("20260230", "source.no_such_day", None),
            ("0000-01-01", "source.no_such_day", None),
            ("2026-2-8", "source.bad_day_near", "2026-02-08"),
            ("2026/02/08", "source.bad_day_near", "2026-02-08"),
            ("2026年2月8日", "source.bad_day_near", "2026-02-08"),
            ("2026 年 2 月 8 日", "source.bad_day_near", "2026-02-08"),
            ("２０２６-02-08", "source.bad_day_near", "2026-02-08"),
            ("20260208", "source.bad_day_near", "2026-02-08"),
            ("2026208", "source.bad_day", None),
            ("8.2.2026", "source.bad_day", None),
        ],
    )
    def test_say_how_a_day_is_written(self, written: str, code: str, near: str | None) -> None:
        problem = finding_of(f"day: {written}")
        assert (problem.code, problem.params.get("near")) == (code, near)
        assert problem.params["found"] == written

    def test_report_everything_with_place_and_in_order(self) -> None:
        text = "colour: green\nsteps:\n- kind: call\n  days: x\n- kind: hearing\n  paper: 7\n"
        assert [(each.line, each.key, each.code) for each in findings_of(text)] == [
            (1, "colour", "source.not_one_of"),
            (4, "steps[1].days", "source.wants_whole_number"),
            (5, "steps[2].papers", "source.missing_key"),
            (6, "steps[2].paper", "source.unknown_key_near"),
        ]

    def test_report_the_limit_and_what_was_found(self) -> None:
        params = finding_of("steps: [{kind: call, days: 366}]").params
        assert told("source.above_most", params) == "不能大于 365，现为数字 366。"
        assert told("source.above_most", params, "en") == (
            "Must not be more than 365; found the number 366."
        )

    def test_quote_only_the_beginning_of_a_long_value(self) -> None:
        problem = finding_of(f"colour: {'g' * 100_000}")
        assert len(told(problem.code, problem.params)) < 150

    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ("{a: 1}", "一组“名称: 内容”"),
            ("[1]", "一个清单"),
            ("1.5", "数字 1.5"),
            ("true", "真假值 true"),
        ],
    )
    def test_say_what_kind_of_value_was_found(self, written: str, words: str) -> None:
        problem = finding_of(f"title: {written}")
        assert told(problem.code, problem.params).startswith(f"应为文字，现为{words}。")


class TestUnknownKeys:
    def test_suggest_the_nearest_key(self) -> None:
        problem = finding_of("titel: abc")
        assert problem.code == "source.unknown_key_near"
        assert problem.params == {"name": "titel", "near": "title"}

    def test_list_what_else_could_be_written(self) -> None:
        problem = finding_of("rule: {step: a, zzz: 1}")
        assert problem.code == "source.unknown_key_of"
        assert problem.params == {"name": "zzz", "known": ["every"]}

    def test_suggest_nothing_where_everything_is_written(self) -> None:
        problem = finding_of("rule: {step: a, every: [], zzz: 1}")
        assert (problem.code, problem.params) == ("source.unknown_key", {"name": "zzz"})

    @pytest.mark.parametrize(
        ("text", "near"),
        [
            ("steps: [{kind: call, days: 3, raeson: x}]", "reason"),
            ("steps: [{kind: call, days: 3, hearing_: x}]", None),
            ("rule: {every: [{every: [{stpe: x}]}]}", "step"),
            ("by_name: {x: {kind: hearing, papers: 1, haering: {}}}", "hearing"),
            ("grid: [[{kind: call, days: 3, raeson: x}]]", "reason"),
            ("mixed: [{kind: call, days: 3}, {kind: hearing, papers: 1, haering: {}}]", "hearing"),
        ],
    )
    def test_know_the_keys_of_the_very_place(self, text: str, near: str | None) -> None:
        assert finding_of(text).params.get("near") == near

    def test_suggest_the_name_that_the_file_uses(self) -> None:
        class Aliased(Strict):
            field: Annotated[int, Field(alias="from")] = 1

        assert finding_of("form: 2", Aliased).params["near"] == "from"

    def test_do_without_a_schema_where_a_model_has_none(self) -> None:
        class Inner(Strict):
            known: Annotated[object, PlainValidator(lambda value: value)] = open

        class Opaque(Strict):
            inner: Inner
            odd: Annotated[int | Literal["x"], PlainValidator(lambda value: value)] = 1
            held: Callable[[], None] | None = None

        assert finding_of("inner: {knwon: 1}", Opaque).params["near"] == "known"

    def test_are_placed_even_in_what_a_validator_made_up(self) -> None:
        class Made(Strict):
            rule: Annotated[Rule, BeforeValidator(lambda _: {"made": 1})]

        problem = finding_of("rule: x", Made)
        assert (problem.line, problem.key) == (1, "rule.made")
        assert problem.params == {"name": "made", "known": ["every", "step"]}


class TestUnions:
    def test_a_tag_never_takes_the_place_of_a_key_of_the_same_name(self) -> None:
        text = "steps:\n- kind: hearing\n  hearing:\n    papers: 1\n"
        problem = finding_of(text)
        assert (problem.line, problem.key) == (2, "steps[1].papers")
        text = "steps:\n- kind: hearing\n  papers: 1\n  hearing:\n    papers: x\n"
        problem = finding_of(text)
        assert (problem.line, problem.key) == (5, "steps[1].hearing.papers")

    def test_the_missing_tag_is_told_at_the_item(self) -> None:
        problem = finding_of("steps:\n- days: 3\n")
        assert (problem.line, problem.key, problem.params) == (2, "steps[1].kind", {"name": "kind"})

    def test_a_wrong_tag_is_told_at_the_tag(self) -> None:
        problem = finding_of("steps:\n- days: 3\n  kind: calls\n")
        assert (problem.line, problem.key) == (3, "steps[1].kind")
        assert problem.params["allowed"] == ["hearing", "call"]

    def test_a_tag_found_by_a_function_is_told_at_the_item(self) -> None:
        def tag_of(value: object) -> str:
            return "other" if isinstance(value, dict) else "int"

        class Tagged(Strict):
            value: Annotated[
                Annotated[int, Tag("int")] | Annotated[str, Tag("str")], Discriminator(tag_of)
            ]

        problem = finding_of("value: {a: 1}", Tagged)
        assert (problem.key, problem.code) == ("value", "source.not_one_of")

    def test_a_value_of_no_form_is_told_once_with_every_form(self) -> None:
        problem = finding_of("either: 1.5")
        assert (problem.key, problem.code) == ("either", "source.no_form_fits")
        text = told(problem.code, problem.params)
        assert text.count("写法") == 4
        assert "写法 1：应为整数" in text

    def test_the_form_that_was_meant_is_told_alone(self) -> None:
        problem = finding_of("either: {stpe: x}")
        assert (problem.key, problem.code) == ("either.stpe", "source.unknown_key_near")

    def test_forms_with_keys_are_told_with_them(self) -> None:
        problem = finding_of("loose: {kind: call, dyas: 3}")
        assert (problem.key, problem.code) == ("loose", "source.no_form_fits")
        assert "days：缺少“days”这一项" in told(problem.code, problem.params)

    def test_keys_named_like_tags_all_the_way_down_cost_little(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Node(Strict):
            int: dict[str, Node] | int | None = None

        looks = 0

        def counted(data: object, part: str | int) -> bool:
            nonlocal looks
            looks += 1
            return holds(data, part)

        monkeypatch.setattr(explain, "holds", counted)
        assert findings_of("{int: " * 16 + "{x: 1}" + "}" * 16, Node)
        assert looks < 20_000

    def test_a_default_that_does_not_fit_is_told_at_the_nearest_place(self) -> None:
        class Broken(Strict):
            model_config = ConfigDict(validate_default=True)
            inner: int = "x"  # type: ignore[assignment]

        assert finding_of("{}", Broken).line == 1


class TestFaults:
    def test_carry_our_own_code_and_values(self) -> None:
        problem = finding_of("title: taboo")
        assert (problem.key, problem.code, problem.params) == (
            "title",
            "source.text_too_long",
            {"limit": 3},
        )

    def test_may_point_below_their_own_value(self) -> None:
        problem = finding_of("count: 13\ncolour: blue\n")
        assert (problem.line, problem.key, problem.params) == (2, "colour", {})

    def test_may_point_to_what_is_not_written(self) -> None:
        problem = finding_of("count: 13\n")
        assert (problem.line, problem.key) == (1, "colour")


class TestErrors:
    def test_are_sorted_by_file_and_line(self) -> None:
        made = [("b", 1), ("a", 2), ("a", 1)]
        found = SourceError(Problem(file, line, 1, "", "source.blank") for file, line in made)
        assert [(each.file, each.line) for each in found.problems] == sorted(made)

    def test_tell_the_place_as_exactly_as_it_is_known(self) -> None:
        zh = catalogue_for("zh")
        places = [
            Problem("f", 0, 0, "", "source.empty"),
            Problem("f", 3, 4, "", "source.merge_key"),
            Problem("f", 3, 4, "a[1]", "source.blank"),
        ]
        assert [zh.tell(each.said).split("：")[0] for each in places] == [
            "f",
            "f 第 3 行第 4 列",
            "f 第 3 行（a[1]）",
        ]

    def test_tell_the_first_ones_and_how_many_more(self) -> None:
        error = refusal_of(lambda: read_text("a: 1\n" * 100, "f"))
        assert len(error.problems) == 99
        assert error.params["count"] == 99
        lines = catalogue_for("en").tell(error).splitlines()
        assert len(lines) == 1 + TOLD_PROBLEMS + 1
        assert lines[-1].startswith("… and 79 more.")

    def test_every_message_of_the_tables_exists(self) -> None:
        for module in (explain, problems, strict_yaml):
            written = Path(str(module.__file__)).read_text(encoding="utf-8")
            codes = set(re.findall(r'"(source\.[a-z_.]+)"', written))
            assert codes
            assert codes <= set(catalogue_for("zh"))


# --- whatever is thrown at it ---------------------------------------------------------------------

bits = st.sampled_from(
    [
        "a",
        "b: ",
        "\n",
        "  ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        "：",
        '"',
        "'",
        "\\",
        "&x ",
        "*x",
        "!",
        "!!int ",
        "? ",
        "| ",
        "> ",
        "<<",
        "#",
        "%",
        "@",
        "---",
        "...",
        "\t",
        "\r\n",
        "\0",
        "\ud800",
        "\u3000",
        "法",
        "𠮷",
        "2026-02-30",
        "1e9",
        "~",
        "true",
        "0x",
        "\ufeff",
        "\x85",
    ]
)


def outcome(text: str) -> str:
    try:
        return json.dumps(read_text(text, "f").data)
    except SourceError as error:
        for locale in locales():
            catalogue_for(locale).tell(error)
        return "refused"


class TestAnything:
    @settings(deadline=None, max_examples=300)
    @given(st.lists(bits, max_size=25).map("".join) | st.text(max_size=40))
    def test_is_refused_or_read_alike_by_both_parsers(self, text: str) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(strict_yaml, "_LOADER", yaml.CSafeLoader)
            in_c = outcome(text)
            patch.setattr(strict_yaml, "_LOADER", yaml.SafeLoader)
            in_python = outcome(text)
        # They differ in which tabs they refuse, never in what they make of a text.
        assert in_c == in_python or "refused" in {in_c, in_python}

    @settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers(-(10**17), 10**17)
            | st.text("ab法𠮷 :-#'\"\n0.e", max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(st.from_regex(r"[a-z法]{1,5}", fullmatch=True), inner, max_size=3)
            ),
            max_leaves=12,
        ).filter(lambda data: data is not None)
    )
    def test_that_is_written_as_json_is_read_back(self, data: object) -> None:
        # JSON is YAML 1.2, and the core schema reads its values as JSON does.
        assert read_text(json.dumps(data, ensure_ascii=False), "f").data == data

    @settings(deadline=None, max_examples=100)
    @given(
        st.dictionaries(
            st.sampled_from([*Whole.model_fields, "other"]),
            st.recursive(
                st.none() | st.booleans() | st.integers(0, 400) | st.sampled_from(["call", "x："]),
                lambda inner: (
                    st.lists(inner, max_size=2)
                    | st.dictionaries(
                        st.sampled_from(
                            ["kind", "days", "papers", "hearing", "step", "every", "int"]
                        ),
                        inner,
                        max_size=4,
                    )
                ),
                max_leaves=8,
            ),
            max_size=5,
        )
    )
    def test_that_does_not_fit_a_model_is_explained(self, data: dict[str, object]) -> None:
        document = read_text(json.dumps(data), "f")
        try:
            parse(document, Whole)
        except SourceError as error:
            for problem in error.problems:
                assert problem.line == 1
                for locale in locales():
                    assert catalogue_for(locale).tell(problem.said)


def test_the_parser_in_c_is_used_where_there_is_one() -> None:
    assert vars(strict_yaml)["_LOADER"] is yaml.CSafeLoader
