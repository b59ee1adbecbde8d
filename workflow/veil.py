"""Words taken out of an answer before it is given: names, and what is hidden.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final, TypeVar

from workflow.definition import Procedure
from workflow.directory import Directory

T = TypeVar("T")

#: What stands for a matter that whoever asks may not know of.
VEIL: Final = "***"

#: What tells of no matter, and is large.
_LEFT_ALONE: Final = (Procedure, Directory)


def mapped(value: T, change: Callable[[str], str]) -> T:
    """The same value with every text in it changed, however deep; unchanged parts are kept."""
    found: T = _mapped(value, change)
    return found


def _mapped(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401 (any part of an answer)
    found = value
    if type(value) is str:
        found = change(value)
    elif isinstance(value, Mapping):
        found = {_mapped(key, change): _mapped(each, change) for key, each in value.items()}
    elif type(value) in (tuple, list, frozenset):
        found = type(value)([_mapped(each, change) for each in value])
    elif is_dataclass(value) and not isinstance(value, (type, *_LEFT_ALONE)):
        found = _within(value, change)
    return found


def _within(value: Any, change: Callable[[str], str]) -> Any:  # noqa: ANN401
    old = {each.name: getattr(value, each.name) for each in fields(value) if each.init}
    new = {name: _mapped(each, change) for name, each in old.items()}
    differing = {name: each for name, each in new.items() if each != old[name]}
    return replace(value, **differing) if differing else value


def over(hidden: Collection[str]) -> Callable[[str], str]:
    """A change that takes out the numbers of hidden matters, where a text is nothing else.

    What people wrote themselves is left alone: to see a guess taken out would confirm it.
    """
    return lambda text: VEIL if text in hidden else text
