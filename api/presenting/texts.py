"""What parts two versions of a text, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from html import escape
from typing import Final

SAME: Final = "same"
REMOVED: Final = "removed"
ADDED: Final = "added"
_TAGS: Final = {SAME: "", REMOVED: "del", ADDED: "ins"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that are in both texts, or only in the one or the other."""

    kind: str
    lines: tuple[str, ...]


def pieces(before: str, after: str) -> Iterator[Piece]:
    """The two texts as one, in order; what is removed stands before what is added."""
    first, second = before.split("\n"), after.split("\n")
    # The same first and last lines need no search, which is what takes long in long texts.
    head = 0
    while head < min(len(first), len(second)) and first[head] == second[head]:
        head += 1
    tail = 0
    most = min(len(first), len(second)) - head
    while tail < most and first[-1 - tail] == second[-1 - tail]:
        tail += 1
    yield from _piece(SAME, first[:head])
    inner = first[head : len(first) - tail], second[head : len(second) - tail]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, *inner).get_opcodes():
        if kind == "equal":
            yield from _piece(SAME, inner[0][i1:i2])
        else:
            yield from _piece(REMOVED, inner[0][i1:i2])
            yield from _piece(ADDED, inner[1][j1:j2])
    yield from _piece(SAME, first[len(first) - tail :])


def _piece(kind: str, lines: list[str]) -> Iterator[Piece]:
    if lines:
        yield Piece(kind, tuple(lines))


def page_of(title: str, lang: str, before: str, after: str) -> str:
    """What parts two texts as a page: every character of theirs escaped, nothing active in it."""
    told = []
    for each in pieces(before, after):
        tag = _TAGS[each.kind]
        told += [f"<p>{_marked(tag, line)}</p>" for line in each.lines]
    head = f'<!doctype html>\n<html lang="{escape(lang)}">\n<head><meta charset="utf-8">'
    body = "\n".join(told)
    return f"{head}<title>{escape(title)}</title></head>\n<body>\n{body}\n</body>\n</html>\n"


def _marked(tag: str, line: str) -> str:
    return f"<{tag}>{escape(line)}</{tag}>" if tag else escape(line)


def text_of(before: str, after: str) -> str:
    """The same as lines: those removed begin with a minus, those added with a plus."""
    signs = {SAME: "  ", REMOVED: "- ", ADDED: "+ "}
    return "\n".join(
        signs[each.kind] + line for each in pieces(before, after) for line in each.lines
    )
