"""How messages quote what stands in a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from unicodedata import category, normalize

from workflow.catalogue import Said

SHOWN_CHARACTERS: Final = 60

#: Controls, lone surrogates, and separators of lines: they would break the message up.
_BLANKED: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})
_PAIR: Final = re.compile(r"[^\s:]+:(\s|$)")
_NEARLY_PAIR: Final = re.compile(r"[^\s:]{1,40}:(?!//)")


def shown(value: object) -> str:
    """A value of a file as a message quotes it: on one line, and cut where it is long."""
    text = str(value).strip()
    if len(text) > SHOWN_CHARACTERS:
        text = text[: SHOWN_CHARACTERS - 1] + "…"
    return "".join(" " if category(each) in _BLANKED else each for each in text)


def described(value: object) -> Said:
    """What kind of value it is, and for a short one which."""
    match value:
        case None:
            return Said("source.found.nothing")
        case bool():
            return Said("source.found.truth", {"value": "true" if value else "false"})
        case int() | float():
            return Said("source.found.number", {"value": value})
        case str():
            return Said("source.found.text", {"value": shown(value)})
        case Mapping():
            return Said("source.found.mapping")
        case _:
            return Said("source.found.list")


def nearly_pair(value: object) -> bool:
    """Whether it is a text that begins like `name: value` with a colon YAML does not take for one.

    Either the colon is full-width, as an input method for Chinese types it, or no space follows.
    """
    if not isinstance(value, str) or _PAIR.match(value):
        return False
    return bool(_NEARLY_PAIR.match(normalize("NFKC", value)))
