"""Words taken out of an answer before it is given: names, and what is hidden.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import partial
from itertools import chain
from typing import Any, Final, TypeVar

from workflow.definition import Citation, Procedure, Rule, Step
from workflow.directory import Directory

T = TypeVar("T")
Change = Callable[[str], str]

#: What stands for a matter that whoever asks may not know of.
VEIL: Final = "***"

#: How matters are numbered: the year, and one after the other.
_NUMBER: Final = re.compile(r"(?<!\d)\d{4}-\d{4,}(?!\d)")

#: Under which refusals keep what they tell.
_PARAMS: Final = "params"

#: What tells of no matter, and is large or in every part of an answer.
_LEFT_ALONE: Final = (Procedure, Directory, Step, Rule, Citation)


def mapped(value: T, change: Change, of_refusals: Change | None = None) -> T:
    """The same value with every text in it changed, however deep; unchanged parts are kept.

    What a refusal tells, be it one or its JSON form, is changed by `of_refusals`.
    """
    found: T = _mapped(value, change, of_refusals or change)
    return found


def veiled(value: T, hidden: Collection[str]) -> T:
    """The same value without the numbers of hidden matters.

    Of what people wrote themselves only a text that is nothing but such a number is taken out: a
    guess is not to be confirmed.  Of what a refusal tells, every text that has one in it goes.
    """
    if not hidden:
        return value
    numbers = re.compile("|".join(rf"(?<!\d){re.escape(each)}(?!\d)" for each in sorted(hidden)))
    return mapped(
        value,
        lambda text: VEIL if text in hidden else text,
        lambda text: VEIL if numbers.search(text) else text,
    )


def mentioned(value: object) -> frozenset[str]:
    """Whatever in the texts of an answer looks like the number of a matter."""
    return frozenset(number for text in _texts(value) for number in _NUMBER.findall(text))


def texts(value: object) -> frozenset[str]:
    """Every text in a value, however deep."""
    return frozenset(_texts(value))


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 (any part of an answer)
    """Every text of an answer, however deep; of what occurs in several places once."""
    waiting, met = [value], set[int]()
    while waiting:
        here = waiting.pop()
        kind = type(here)
        if kind is str:
            yield here
            continue
        within = _WITHIN[kind] if kind in _WITHIN else _opened(kind)
        if within is not None and id(here) not in met:
            met.add(id(here))
            waiting += within(here)


def _opened(kind: type) -> Callable[[Any], Iterable[Any]] | None:
    """How to come by what is in a value of this kind; None where there is nothing to look at."""
    found: Callable[[Any], Iterable[Any]] | None = None
    if issubclass(kind, Mapping):
        found = _keys_and_values
    elif kind in (tuple, list, frozenset):
        found = iter
    elif parts := _parts(kind):
        found = partial(_values, parts)
    _WITHIN[kind] = found
    return found


def _keys_and_values(value: Mapping[Any, Any]) -> Iterable[Any]:
    return chain(value.keys(), value.values())


def _values(parts: tuple[str, ...], value: object) -> Iterable[Any]:
    return [getattr(value, name) for name in parts]


def _parts(kind: type) -> tuple[str, ...]:
    """What a value of this kind is made of; nothing where it is left alone."""
    known = _PARTS.get(kind)
    if known is None:
        made = is_dataclass(kind) and not issubclass(kind, _LEFT_ALONE)
        known = _PARTS[kind] = (
            tuple(each.name for each in fields(kind) if each.init) if made else ()
        )
    return known


#: The same of every kind that was met: there are as many as there are classes.
_PARTS: Final[dict[type, tuple[str, ...]]] = {}
_WITHIN: Final[dict[type, Callable[[Any], Iterable[Any]] | None]] = {}


def _mapped(value: Any, change: Change, told: Change) -> Any:  # noqa: ANN401 (any part of an answer)
    found = value
    if type(value) is str:
        found = change(value)
    elif isinstance(value, Mapping):
        found = {
            _mapped(key, change, told): _mapped(each, told if key == _PARAMS else change, told)
            for key, each in value.items()
        }
    elif type(value) in (tuple, list, frozenset):
        found = type(value)([_mapped(each, change, told) for each in value])
    elif parts := _parts(type(value)):
        found = _within(value, parts, change, told)
    return found


def _within(value: Any, parts: tuple[str, ...], change: Change, told: Change) -> Any:  # noqa: ANN401
    old = {name: getattr(value, name) for name in parts}
    new = {
        name: _mapped(each, told if name == _PARAMS else change, told) for name, each in old.items()
    }
    differing = {name: each for name, each in new.items() if each != old[name]}
    return replace(value, **differing) if differing else value
