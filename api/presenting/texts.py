"""What parts two versions of a text, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from api.presenting.aligning import alike

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
    begun: tuple[int, int] = (0, 0)
    same: list[str] = []
    for a, b, c, d in alike(first, second):
        if (a, c) != begun:
            yield from _piece(SAME, same)
            yield from _piece(REMOVED, first[begun[0] : a])
            yield from _piece(ADDED, second[begun[1] : c])
            same = []
        same += first[a:b]
        begun = (b, d)
    yield from _piece(SAME, same)
    yield from _piece(REMOVED, first[begun[0] :])
    yield from _piece(ADDED, second[begun[1] :])


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
