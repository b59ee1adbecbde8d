"""The rules that a definition must have are exactly those that the code cites when it refuses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from procedures.reference_moves import CORE_OUTCOMES
from procedures.references import ENGINE_RULES, HELD_ELSEWHERE
from workflow.commands import CORE
from workflow.definition import Nature

ROOT = Path(__file__).parents[2]
ROOMS = ("workflow", "procedures/kinds")


def cited(tree: ast.AST) -> Iterator[str]:
    """What stands in `scene.rule("…")` and in `procedure.rules["…"]`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("scene.rule"):
            yield from literal(node.args[0])
        if isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("procedure.rules"):
            yield from literal(node.slice)


def literal(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from literal(node.body)
        yield from literal(node.orelse)


def test_the_list_of_rules_is_what_the_code_cites() -> None:
    found = {
        name
        for room in ROOMS
        for path in (ROOT / room).rglob("*.py")
        for name in cited(ast.parse(path.read_text("utf-8")))
    }
    assert found == set(ENGINE_RULES)


def test_the_guard_sees_what_it_is_to_see() -> None:
    code = """
scene.rule("a", x=1)
self.scene.rule("b" if c else "d")
lens.procedure.rules["e"].citations
step.rules["f"]
"""
    assert set(cited(ast.parse(code))) == {"a", "b", "d", "e"}


def test_only_commands_of_the_engine_have_outcomes_or_holders_of_their_own() -> None:
    assert CORE_OUTCOMES.keys() <= CORE.keys()
    assert CORE.keys() >= HELD_ELSEWHERE
    assert CORE_OUTCOMES["revise_draft"] == tuple(nature.value for nature in Nature)
