"""Messages in every language: how they are found, worded and guarded against tricks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest

from workflow import catalogue as module
from workflow.catalogue import (
    DEFAULT_LOCALE,
    BrokenCatalogue,
    Catalogue,
    Lines,
    MissingMessage,
    Said,
    UnknownLocale,
    catalogue_for,
    locales,
)
from workflow.errors import BadInput, YichengError

DAY = date(2026, 2, 28)


@pytest.fixture
def made(tmp_path: Path) -> Callable[..., Catalogue]:
    """Build a catalogue from the texts of message files, the engine's own included."""

    def make(*texts: str, locale: str = "zh") -> Catalogue:
        roots = [Path(module.__file__).parent / "messages"]
        for number, text in enumerate(texts):
            root = tmp_path / str(number)
            root.mkdir(exist_ok=True)
            (root / f"{locale}.toml").write_text(text, encoding="utf-8")
            roots.append(root)
        return Catalogue.load(locale, *roots)

    return make


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True)
class Office:
    zh: str
    en: str


class TestLoading:
    def test_tables_become_dotted_ids(self, made: Callable[..., Catalogue]) -> None:
        found = made('a.b = "one"\n[c.d]\ne = "two"\n')
        assert (found.text("a.b"), found.text("c.d.e")) == ("one", "two")

    def test_a_message_can_be_had_before_it_is_filled_in(
        self, made: Callable[..., Catalogue]
    ) -> None:
        assert made('a = "from {day}"\n').template("a") == "from {day}"

    def test_a_folder_without_the_language_adds_nothing(self, tmp_path: Path) -> None:
        assert list(Catalogue.load("zh", tmp_path, tmp_path / "none")) == []

    def test_an_id_defined_twice_is_refused(self, made: Callable[..., Catalogue]) -> None:
        with pytest.raises(BrokenCatalogue) as caught:
            made('[a]\nb = "x"', '[a]\nb = "x"')
        assert (caught.value.code, caught.value.params["id"]) == ("catalogue.twice", "a.b")

    def test_a_table_may_be_filled_by_several_packages(
        self, made: Callable[..., Catalogue]
    ) -> None:
        assert made('[a]\nb = "x"', '[a]\nc = "y"').text("a.c") == "y"

    @pytest.mark.parametrize("text", ["a = ", "[a]\nb = 'x'\nb = 'y'", "a = '\ud800'"])
    def test_a_file_that_is_not_toml_is_refused(self, text: str, tmp_path: Path) -> None:
        (tmp_path / "zh.toml").write_bytes(text.encode("utf-8", "surrogatepass"))
        with pytest.raises(BrokenCatalogue) as caught:
            Catalogue.load("zh", tmp_path)
        assert caught.value.code == "catalogue.unreadable"

    @pytest.mark.parametrize("value", ["1", "true", "['x']", "2026-01-01"])
    def test_a_value_that_is_no_text_is_refused(
        self, value: str, made: Callable[..., Catalogue]
    ) -> None:
        with pytest.raises(BrokenCatalogue) as caught:
            made(f"[a]\nb = {value}")
        assert (caught.value.code, caught.value.params) == ("catalogue.not_text", {"id": "a.b"})

    @pytest.mark.parametrize(
        "placeholder",
        [
            "{}",
            "{0}",
            "{a.b}",
            "{a[b]}",
            "{a.__class__}",
            "{a!r}",
            "{a:>10}",
            "{A}",
            "{ a}",
            "{a",
            "a}",
            "{a:{b}}",
            "{名}",
            "{_a}",
        ],
    )
    def test_a_placeholder_that_is_more_than_a_name_is_refused(
        self, placeholder: str, made: Callable[..., Catalogue]
    ) -> None:
        with pytest.raises(BrokenCatalogue) as caught:
            made(f"a = 'x {placeholder}'")
        assert caught.value.code == "catalogue.placeholder"
        assert caught.value.params["id"] == "a"


class TestLanguages:
    def test_chinese_is_the_first_and_default_one(self) -> None:
        assert locales() == ("zh", "en")
        assert DEFAULT_LOCALE == "zh"
        assert catalogue_for().locale == "zh"

    @pytest.mark.parametrize(
        ("name", "locale"),
        [("zh", "zh"), ("zh_CN.UTF-8", "zh"), ("zh-Hans", "zh"), ("EN", "en"), ("en@x", "en")],
    )
    def test_are_known_by_their_language_alone(self, name: str, locale: str) -> None:
        assert catalogue_for(name).locale == locale

    @pytest.mark.parametrize("name", ["", "fr", "../zh", "C", "zhx"])
    def test_that_nobody_wrote_are_refused_as_bad_input(self, name: str) -> None:
        with pytest.raises(UnknownLocale) as caught:
            catalogue_for(name)
        assert isinstance(caught.value, BadInput)
        assert catalogue_for("en").tell(caught.value) == (
            f"There are no messages in the language “{name}”. Available: zh, en."
        )

    def test_are_read_once(self) -> None:
        assert catalogue_for("zh") is catalogue_for("zh_CN")


class TestPackages:
    def test_that_are_not_installed_are_passed_over(self) -> None:
        found = catalogue_for("zh", ("workflow", "no_such_package"))
        assert "catalogue.missing" in found
        assert "source.empty" not in found

    def test_that_need_something_not_installed_are_not_passed_over(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "package_with_a_need").mkdir()
        (tmp_path / "package_with_a_need" / "__init__.py").write_text("import no_such_module")
        monkeypatch.syspath_prepend(tmp_path)
        with pytest.raises(ModuleNotFoundError) as caught:
            catalogue_for("zh", ("package_with_a_need",))
        assert caught.value.name == "no_such_module"

    def test_share_one_catalogue(self) -> None:
        assert {"catalogue.missing", "source.empty"} <= set(catalogue_for("en"))


class TestText:
    def test_fills_in_the_values(self, made: Callable[..., Catalogue]) -> None:
        found = made("a = '{who} {{files}} {what}, {who}'")
        assert found.fields("a") == {"who", "what"}
        assert found.text("a", who="张", what="{x}", more="y") == "张 {files} {x}, 张"

    def test_of_an_unknown_id_is_missing_as_a_key_is(self) -> None:
        with pytest.raises(KeyError) as caught:
            catalogue_for("en").text("no.such")
        assert isinstance(caught.value, MissingMessage)
        assert str(caught.value) == "catalogue.missing(id='no.such', locale='en')"
        assert catalogue_for("zh").tell(caught.value).startswith("提示语“no.such”没有“en”文本。")
        with pytest.raises(MissingMessage):
            catalogue_for("en").fields("no.such")

    def test_without_a_value_it_needs_is_refused(self, made: Callable[..., Catalogue]) -> None:
        with pytest.raises(BrokenCatalogue) as caught:
            made("a = '{x} {z} {y}'").text("a", y=1)
        assert caught.value.code == "catalogue.value_absent"
        assert caught.value.params == {"id": "a", "names": ["x", "z"]}

    def test_may_have_a_value_of_any_name(self, made: Callable[..., Catalogue]) -> None:
        assert made("a = '{self} {code} {locale}'").text("a", self=1, code=2, locale=3) == "1 2 3"


class TestValues:
    @pytest.mark.parametrize(
        ("value", "zh", "en"),
        [
            ("text", "text", "text"),
            (Colour.RED, "red", "red"),
            (7, "7", "7"),
            (Decimal("1.50"), "1.50", "1.50"),
            (True, "是", "yes"),
            (False, "否", "no"),
            (None, "（空）", "(empty)"),
            (DAY, "2026年2月28日", "28 February 2026"),
            (date(2026, 10, 1), "2026年10月1日", "1 October 2026"),
            (
                datetime(2026, 2, 28, 9, 5, tzinfo=UTC),
                "2026年2月28日 09:05",
                "28 February 2026, 09:05",
            ),
            ([1, "b", DAY], "1、b、2026年2月28日", "1, b, 28 February 2026"),
            ((), "", ""),
            ({"only"}, "only", "only"),
            ({"a": 1}.keys(), "a", "a"),
            (Office("法制办", "legal office"), "法制办", "legal office"),
            ([Office("甲", "A"), Office("乙", "B")], "甲、乙", "A, B"),
            (Said("catalogue.yes"), "是", "yes"),
            (Lines([DAY, "b"]), "2026年2月28日\nb", "28 February 2026\nb"),
        ],
    )
    def test_are_written_as_the_language_writes_them(
        self, value: object, zh: str, en: str, made: Callable[..., Catalogue]
    ) -> None:
        assert made("a = '{x}'").text("a", x=value) == zh
        assert made("a = '{x}'", locale="en").text("a", x=value) == en

    def test_that_are_messages_are_worded_in_turn(self, made: Callable[..., Catalogue]) -> None:
        found = made("a = '甲{x}。'\nb = '乙{y}'")
        inner = Said("b", {"y": DAY})
        assert found.text("a", x=inner) == "甲乙2026年2月28日。"
        assert found.tell(Said("a", {"x": [inner, YichengError("b", y=1)]})) == (
            "甲乙2026年2月28日乙1。"
        )

    def test_that_are_sentences_stand_apart_in_english(
        self, made: Callable[..., Catalogue]
    ) -> None:
        found = made("a = 'One.'\nb = '{x}'", locale="en")
        assert found.text("b", x=[Said("a"), Said("a")]) == "One. One."

    def test_never_act_as_messages_themselves(self, made: Callable[..., Catalogue]) -> None:
        assert made("a = '{x}'").text("a", x="{y} {x.__class__}") == "{y} {x.__class__}"
