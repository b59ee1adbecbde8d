"""Refusals teach: whatever can be refused has its words, and each site gives them their values."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from procedures.book import shipped
from procedures.kinds import KINDS
from workflow.catalogue import catalogue_for, locales

ROOT = Path(__file__).parents[2]
ENGINE = (ROOT / "workflow/guards.py", *sorted((ROOT / "workflow/decisions").glob("*.py")))
KIND_MODULES = tuple(sorted((ROOT / "procedures/kinds").glob("*.py")))

#: What a rule of a locality without words of ours is told with.
UNWORDED = "unworded"
#: Every refusal can mention its own code.
ALWAYS = frozenset({"code"})

Scope = ast.FunctionDef | ast.Module


@dataclass(frozen=True)
class Site:
    """A place that makes an unmet condition: its codes and the names of its values."""

    place: str
    codes: frozenset[str]
    values: frozenset[str]


class Untold(Exception):
    """A code or its values cannot be read from the source."""


def local_codes(of: str) -> set[str]:
    """The codes that separations of duties, or denials, bring from the definitions."""
    procedures = shipped().all()
    if of == "separation":
        return {
            each.rule for procedure in procedures for each in procedure.separations if each.others
        }
    return {each.rule for procedure in procedures for each in procedure.denials}


def unit_codes() -> set[str]:
    """The codes for people whom a separation bars by their post."""
    return {
        each.unit_rule
        for procedure in shipped().all()
        for each in procedure.separations
        if each.units
    }


def lent_codes() -> set[str]:
    """The codes for agents to whom a separation does not let an act be lent."""
    return {
        each.lent_rule
        for procedure in shipped().all()
        for each in procedure.separations
        if each.not_lent_to
    }


def sites_of(source: str, name: str, kind: str = "") -> Iterator[Site]:
    tree = ast.parse(source)
    for scope in scopes_of(tree):
        if isinstance(scope, ast.FunctionDef) and scope.name in {"rule", "of_body"}:
            continue  # the helpers through which the others speak
        for call in calls_of(scope):
            speaker = ast.unparse(call.func).rpartition(".")[2]
            if speaker == "of_body":
                codes = frozenset(f"meeting.{code}" for code in texts_of(call.args[1], scope))
                yield Site(f"{name}:{call.lineno}", codes, named(call))
            if speaker in {"Unmet", "rule", "unmet"}:
                codes = frozenset(texts_of(call.args[0], scope))
                if speaker == "unmet":
                    codes = frozenset(f"{kind}.{code}" for code in codes)
                values = keys_of(call, scope) if speaker == "Unmet" else named(call)
                yield Site(f"{name}:{call.lineno}", codes, values)


def scopes_of(tree: ast.Module) -> Iterator[Scope]:
    yield tree
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def calls_of(scope: Scope) -> Iterator[ast.Call]:
    """Calls right in this scope, not in functions inside it."""
    waiting: list[ast.AST] = list(scope.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call):
            yield node
        if not isinstance(node, ast.FunctionDef):
            waiting.extend(ast.iter_child_nodes(node))


def texts_of(node: ast.expr, scope: Scope) -> set[str]:
    """Every text that an expression can be."""
    match node:
        case ast.Constant(value=str(text)):
            return {text}
        case ast.IfExp():
            return texts_of(node.body, scope) | texts_of(node.orelse, scope)
        case ast.JoinedStr():
            parts = [texts_of(part, scope) for part in node.values]
            return {"".join(combined) for combined in product(*parts)}
        case ast.FormattedValue():
            return texts_of(node.value, scope)
        case ast.Attribute(value=ast.Name(id="separation" | "denial" as of), attr=rule):
            by_post = {"unit_rule": unit_codes, "lent_rule": lent_codes}
            return by_post[rule]() if rule in by_post else local_codes(of)
        case ast.Name():
            found = {text for value in bound(node.id, scope) for text in texts_of(value, scope)}
            if found:
                return found
        case _:
            pass
    raise Untold(ast.unparse(node))


def bound(name: str, scope: Scope) -> Iterator[ast.expr]:
    """What a name stands for in a scope: assigned, or running through a literal tuple."""
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case (
                ast.comprehension(target=ast.Name(id=target), iter=ast.Tuple(elts=items))
                | ast.For(target=ast.Name(id=target), iter=ast.Tuple(elts=items))
            ) if target == name:
                yield from items


def keys_of(call: ast.Call, scope: Scope) -> frozenset[str]:
    """The keys of the values that are given to `Unmet`."""
    given = call.args[2:3] + [each.value for each in call.keywords if each.arg == "params"]
    if not given:
        return frozenset()
    literal = given[0]
    if isinstance(literal, ast.Name):
        literal = next(bound(literal.id, scope), literal)
    if not isinstance(literal, ast.Dict):
        raise Untold(ast.unparse(literal))
    return frozenset(text for key in literal.keys if key for text in texts_of(key, scope))


def named(call: ast.Call) -> frozenset[str]:
    if any(each.arg is None for each in call.keywords):
        raise Untold(ast.unparse(call))
    return frozenset(each.arg for each in call.keywords if each.arg)


@cache
def sites() -> tuple[Site, ...]:
    return tuple(
        site
        for path in (*ENGINE, *KIND_MODULES)
        for site in sites_of(path.read_text("utf-8"), path.name, path.stem)
    )


def codes() -> set[str]:
    return {code for site in sites() for code in site.codes}


def unworded(wanted: Iterable[str], locale: str) -> list[str]:
    catalogue = catalogue_for(locale)
    return [
        message
        for code in sorted(wanted)
        for message in (f"refusal.{code}.what", f"refusal.{code}.evidence")
        if message not in catalogue
    ]


def lacking(found: Iterable[Site], locale: str) -> list[str]:
    """Values that a message mentions and its site does not give."""
    catalogue = catalogue_for(locale)
    return [
        f"{site.place}: {message} is not given {', '.join(sorted(absent))}"
        for site in found
        for code in sorted(site.codes)
        for message in (f"refusal.{code}.what", f"refusal.{code}.evidence")
        if message in catalogue
        if (absent := catalogue.fields(message) - site.values - ALWAYS)
    ]


def test_the_module_of_a_kind_bears_its_name() -> None:
    modules = {path.stem for path in KIND_MODULES} - {"__init__", "base"}
    assert modules == set(KINDS)


def test_the_collection_sees_the_whole_engine() -> None:
    assert len(codes()) > 80
    assert {"legality_review.missing", "agenda.frozen", "review.drafter_reviews"} <= codes()
    assert {"matter.title_missing", "matter.answer_unfit", "record.future_day"} <= codes()


@pytest.mark.parametrize("locale", locales())
class TestWords:
    def test_every_refusal_says_what_is_missing_and_what_to_bring(self, locale: str) -> None:
        assert unworded(codes(), locale) == []

    def test_no_words_are_left_of_refusals_that_cannot_occur(self, locale: str) -> None:
        known = {f"{code}.{part}" for code in codes() for part in ("what", "evidence")}
        known |= {f"{UNWORDED}.what", f"{UNWORDED}.evidence"}
        told = {id_[8:] for id_ in catalogue_for(locale) if id_.startswith("refusal.")}
        assert told - known == set()

    def test_every_site_gives_the_values_that_the_words_mention(self, locale: str) -> None:
        assert lacking(sites(), locale) == []

    def test_every_sentence_ends(self, locale: str) -> None:
        # A value at the very end would leave the sentence to whatever was typed.
        texts = catalogue_for(locale)
        ends = {
            id_: texts.text(id_, **dict.fromkeys(texts.fields(id_), "x"))[-1]
            for id_ in texts
            if id_.startswith("refusal.")
        }
        assert set(ends.values()) == {"." if locale == "en" else "\u3002"}


class TestTheGuardItself:
    def test_finds_what_an_expression_can_be(self) -> None:
        source = (
            "def f(scene, view):\n"
            "    problem = 'a' if x else 'b'\n"
            "    if y:\n"
            "        problem = 'c'\n"
            "    view.unmet(problem, 'rule', day=1)\n"
            "    [Unmet(f'matter.{name}_missing', cites) for name in ('x', 'y')]\n"
            "    scene.rule('agenda.empty', meeting=2)\n"
        )
        found = {(site.place, site.codes, site.values) for site in sites_of(source, "f", "kind")}
        assert found == {
            ("f:5", frozenset({"kind.a", "kind.b", "kind.c"}), frozenset({"day"})),
            ("f:6", frozenset({"matter.x_missing", "matter.y_missing"}), frozenset()),
            ("f:7", frozenset({"agenda.empty"}), frozenset({"meeting"})),
        }

    def test_finds_values_in_a_dictionary_given_by_name(self) -> None:
        source = "def f():\n    params = {'a': 1, 'b': 2}\n    Unmet('x.y', cites, params)\n"
        (site,) = sites_of(source, "f")
        assert site.values == {"a", "b"}

    @pytest.mark.parametrize(
        "source",
        [
            "def f(code): Unmet(code, cites)",
            "def f(): scene.rule('a.b', **values)",
            "def f(values): Unmet('a.b', cites, values)",
            "Unmet(made(), cites)",
        ],
    )
    def test_is_not_satisfied_with_what_it_cannot_read(self, source: str) -> None:
        with pytest.raises(Untold):
            list(sites_of(source, "f"))

    @pytest.mark.parametrize("locale", locales())
    def test_finds_a_refusal_without_words(self, locale: str) -> None:
        assert unworded(["agenda.frozen", "no.such"], locale) == [
            "refusal.no.such.what",
            "refusal.no.such.evidence",
        ]

    def test_finds_a_value_that_is_not_given(self) -> None:
        site = Site("here", frozenset({"agenda.frozen"}), frozenset({"meeting"}))
        assert lacking([site], "zh") == ["here: refusal.agenda.frozen.what is not given frozen_on"]
