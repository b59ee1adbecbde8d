"""Whoever signed in asks through their own eyes: the HTTP door has no other way to the inquiry."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

DOOR = Path(__file__).parents[2] / "api" / "http"


def bare(tree: ast.AST) -> Iterator[int]:
    """The lines where the inquiry is used otherwise than by `….inquiry.seen_by`."""
    seen = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "seen_by"
    }
    for node in ast.walk(tree):
        named = (
            (isinstance(node, ast.Attribute) and node.attr == "inquiry")
            or (isinstance(node, ast.Name) and node.id == "inquiry")
            or (isinstance(node, ast.Constant) and node.value == "inquiry")
        )
        if isinstance(node, ast.expr) and named and id(node) not in seen:
            yield node.lineno
        if isinstance(node, ast.ImportFrom) and node.module == "workflow.inquiry":
            yield from (node.lineno for each in node.names if each.name == "Inquiry")


def test_the_http_door_asks_only_what_an_account_sees() -> None:
    found = [
        f"{path.relative_to(DOOR)}:{line}"
        for path in DOOR.rglob("*.py")
        for line in bare(ast.parse(path.read_text("utf-8")))
    ]
    assert found == []


def test_the_guard_sees_what_it_is_to_see() -> None:
    code = """
house.inquiry.seen_by("a", "b").listed(1)
house.inquiry.listed("a")
ask = house.inquiry
getattr(house, "inquiry")
from workflow.inquiry import Inquiry, Standing
"""
    assert sorted(bare(ast.parse(code))) == [3, 4, 5, 6]
