"""Nobody is left without words: every message exists in every language, and only in catalogues."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from workflow.catalogue import PACKAGES, Catalogue, catalogue_for, locales

ROOT = Path(__file__).parents[2]

#: Chinese characters and the punctuation that goes with them.
CJK = re.compile(
    "[\u3001-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff5e\U00020000-\U0003ffff]"
)

#: What takes a message id besides the errors: its first text argument that has a dot.
SPEAKERS = {"Said", "fault", "problem", "Problem", "Finding", "whole_file", "_wrong"}
ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


@dataclass(frozen=True)
class Use:
    """A message id as it stands in code, and the names of its values where they can be seen."""

    code: str
    line: int
    values: frozenset[str] | None


def modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))


def errors_of(trees: list[ast.Module]) -> set[str]:
    """The names of `YichengError` and of every class that descends from it."""
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"YichengError"}
    while found := {name for name, above in bases.items() if above & known} - known:
        known |= found
    return known


def uses_of(tree: ast.Module, errors: set[str]) -> Iterator[Use]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).rpartition(".")[2]
            if name in errors | SPEAKERS:
                values = values_of(node) if name in errors | {"fault", "problem"} else None
                codes = [*node.args, *(each.value for each in node.keywords if each.arg == "code")]
                for argument in codes[:1] if name in errors | {"fault", "Said"} else codes:
                    yield from (Use(code, node.lineno, values) for code in literals_of(argument))


def values_of(call: ast.Call) -> frozenset[str] | None:
    names = frozenset(each.arg for each in call.keywords if each.arg)
    return names if len(names) == len(call.keywords) else None


def literals_of(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from literals_of(node.body)
        yield from literals_of(node.orelse)
    elif (
        isinstance(node, ast.Constant) and isinstance(node.value, str) and ID.fullmatch(node.value)
    ):
        yield node.value


def complaints(source: str, catalogue: Catalogue, errors: set[str] | None = None) -> list[str]:
    tree = ast.parse(source)
    found = []
    for use in uses_of(tree, errors or errors_of([tree])):
        if use.code not in catalogue:
            found.append(f"{use.line}: no message {use.code}")
        elif use.values is not None and not catalogue.fields(use.code) <= use.values:
            missing = sorted(catalogue.fields(use.code) - use.values)
            found.append(f"{use.line}: {use.code} is not given {', '.join(missing)}")
    return found


def written_texts(source: str) -> list[str]:
    """String literals with Chinese in them, docstrings left out."""
    tree = ast.parse(source)
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in told
        and CJK.search(node.value)
    ]


def with_messages() -> list[str]:
    return [package for package in PACKAGES if (ROOT / package / "messages").is_dir()]


@pytest.mark.parametrize("package", with_messages())
class TestCatalogues:
    def test_hold_the_same_messages_with_the_same_placeholders(self, package: str) -> None:
        first, *others = (
            Catalogue.load(locale, ROOT / package / "messages") for locale in locales()
        )
        fields = {code: first.fields(code) for code in first}
        assert fields
        for other in others:
            assert {code: other.fields(code) for code in other} == fields

    def test_say_something_in_chinese_and_in_english(self, package: str) -> None:
        texts = {
            locale: tomllib.loads(
                (ROOT / package / "messages" / f"{locale}.toml").read_text("utf-8")
            )
            for locale in locales()
        }
        assert CJK.search(str(texts["zh"]))
        assert not re.search("[\u3400-\u4dbf\u4e00-\u9fff]", str(texts["en"]))

    def test_keep_their_tables_in_order_of_name(self, package: str) -> None:
        for locale in locales():
            tables = tomllib.loads(
                (ROOT / package / "messages" / f"{locale}.toml").read_text("utf-8")
            )
            assert list(tables) == sorted(tables)


#: Articles, and periods of more than one: both are law, and stand in dated data.
_NUMERALS = "[0-9〇零一二三四五六七八九十百两]+"
_COUNTED = "three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|sixty"
LAW = re.compile(
    rf"第{_NUMERALS}(?:条|款|项)"
    rf"|(?!(?:一|两|1)(?:\s|[^0-9]))(?<![0-9.-]){_NUMERALS}\s*"
    r"(?:个?工作日|个?自然日|日(?!期)|天|个月|周)"
    r"|(?i:\b(?:articles?|arts?\.|section)\s*[0-9]+)"
    rf"|(?i:\b(?:[0-9]*[02-9]|{_COUNTED})\s+(?:working |calendar )?(?:day|week|month)s?\b)"
)
#: What says none: numbers of entries of the journal, and examples of how something is written.
NO_LAW = {
    "audit.flaw.convened": "entry nought",
    "audit.flaw.standing": "entry nought",
    "audit.flaw.text": "entry nought",
    "http.route.verification.description": "the first entry",
    "step_kinds.rule_field.also": "an example",
    "source.bad_duration": "an example",
}


@pytest.mark.parametrize("locale", locales())
def test_no_message_names_an_article_or_a_period(locale: str) -> None:
    catalogue = catalogue_for(locale)
    found = {code for code in catalogue if LAW.search(catalogue.template(code))}
    assert found <= NO_LAW.keys()


@pytest.mark.parametrize(
    ("text", "law"),
    [
        ("依照第五十七条", True),
        ("五个工作日内", True),
        ("30日", True),
        ("哪一天", False),
        ("{days}日", False),
        ("see arts. 31 and 57", True),
        ("within 30 working days", True),
        ("one day more", False),
        ("2026-03-01", False),
    ],
)
def test_what_names_law_is_told_from_what_does_not(text: str, *, law: bool) -> None:
    assert bool(LAW.search(text)) is law


@pytest.mark.parametrize("locale", locales())
def test_all_packages_make_one_catalogue(locale: str) -> None:
    assert len(list(catalogue_for(locale))) > 0


@pytest.mark.parametrize("package", PACKAGES)
class TestCode:
    def test_names_only_messages_that_exist_with_the_values_they_need(self, package: str) -> None:
        errors = errors_of([ast.parse(path.read_text("utf-8")) for path in modules()])
        found = {
            str(path.relative_to(ROOT)): told
            for path in modules()
            if path.is_relative_to(ROOT / package)
            and (told := complaints(path.read_text("utf-8"), catalogue_for("zh"), errors))
        }
        assert not found

    def test_holds_no_words_for_people(self, package: str) -> None:
        found = {
            str(path.relative_to(ROOT)): told
            for path in modules()
            if path.is_relative_to(ROOT / package)
            and (told := written_texts(path.read_text("utf-8")))
        }
        assert not found


class TestTheGuardItself:
    @pytest.mark.parametrize(
        ("source", "expected"),
        [
            ('raise YichengError("no.such")', ["1: no message no.such"]),
            (
                'class A(YichengError): ...\nclass B(x.A): ...\nB("no.such")',
                ["3: no message no.such"],
            ),
            (
                'fault("no.such" if x else "no.other")',
                ["1: no message no.such", "1: no message no.other"],
            ),
            ('fault(code="no.such")', ["1: no message no.such"]),
            ('document.problem(loc, "no.such")', ["1: no message no.such"]),
            (
                'YichengError("catalogue.missing", id=1)',
                ["1: catalogue.missing is not given locale"],
            ),
            ('YichengError("catalogue.missing", id=1, locale=2, more=3)', []),
            ('YichengError("catalogue.missing", **params)', []),
            ('Said("catalogue.missing", params)', []),
            ('other("no.such")', []),
            ("YichengError(code)", []),
        ],
    )
    def test_finds_messages_that_nobody_wrote(self, source: str, expected: list[str]) -> None:
        assert complaints(source, catalogue_for("zh")) == expected

    @pytest.mark.parametrize(
        ("source", "lines"),
        [
            ('"""说明"""\ndef f():\n    """说明"""\n', 0),
            ("x: int\n'''说明'''\n# 说明", 0),
            ("x = '程序'", 1),
            ("x = f'{y}、{z}'", 1),
            ("x = '（'", 1),
            ("x = '𠮷'", 1),
            ("x = 'plain “quoted” …'", 0),
        ],
    )
    def test_finds_chinese_in_code(self, source: str, lines: int) -> None:
        assert len(written_texts(source)) == lines
