"""No pattern that is laid on input can be made to try one way after the other (a regex bomb).

By construction and not by the clock: wherever a pattern repeats without a bound, the next sign
alone says whether it goes on repeating or leaves.  So nothing is ever tried a second way, and the
work grows with the length of the text.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import re._constants as sre  # type: ignore[import-not-found]
import re._parser as parser  # type: ignore[import-not-found]
from collections.abc import Iterator
from typing import Any

import pytest

from procedures import masking

#: Modules that see what people send before it is known to be well-formed.
ON_INPUT = (
    "api.http",
    "api.identity",
    "procedures.kinds",
    "procedures.masking",
    "procedures.opinions",
    "workflow.commands",
    "workflow.explaining",
    "workflow.service",
    "workflow.texts",
    "workflow.validation",
    "workflow.veil",
)
#: So many times are as good as without a bound.
MANY = 600
#: One of every kind of sign that patterns tell apart, and all of the short ones.
SIGNS = frozenset(map(chr, range(0x250))) | frozenset(
    "\u3000\u3001\u4e00\u6c61\u3014\uff10\uff21\u2028"
)
LOOPS = {sre.MAX_REPEAT, sre.MIN_REPEAT}
NOWHERE = {sre.AT, sre.ASSERT, sre.ASSERT_NOT}
CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d",
    sre.CATEGORY_NOT_DIGIT: r"\D",
    sre.CATEGORY_SPACE: r"\s",
    sre.CATEGORY_NOT_SPACE: r"\S",
    sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_WORD: r"\W",
}

Signs = frozenset[str]


def one(op: Any, given: Any) -> Signs:
    """The signs that one element takes."""
    if op is sre.LITERAL:
        return frozenset(chr(given))
    if op is sre.NOT_LITERAL:
        return SIGNS - {chr(given)}
    if op is sre.ANY:
        return SIGNS
    if op is sre.RANGE:
        return frozenset(each for each in SIGNS if given[0] <= ord(each) <= given[1])
    if op is sre.CATEGORY:
        return frozenset(each for each in SIGNS if re.match(CATEGORIES[given], each))
    assert op is sre.IN, op
    negated = given[0][0] is sre.NEGATE
    taken = frozenset[str]().union(*(one(*each) for each in given[negated:]))
    return SIGNS - taken if negated else taken


def begins(sequence: Any, after: Signs) -> Signs:
    """The signs with which a sequence can begin; `after` what follows where it may be empty."""
    found: Signs = after
    for op, given in reversed(list(sequence)):
        if op in NOWHERE:
            continue
        if op is sre.SUBPATTERN:
            found = begins(given[3], found)
        elif op is sre.ATOMIC_GROUP:
            found = begins(given, found)
        elif op is sre.BRANCH:
            found = frozenset[str]().union(*(begins(each, found) for each in given[1]))
        elif op in LOOPS or op is sre.POSSESSIVE_REPEAT:
            least, _, body = given
            found = begins(body, found) | (found if least == 0 else frozenset())
        else:
            found = one(op, given)
    return found


def doubtful(sequence: Any, after: Signs = frozenset(), *, looping: bool = False) -> Iterator[str]:
    """Where the next sign does not say which way to go.

    Within a repetition without a bound every choice counts, elsewhere only those repetitions: a
    choice that is made once is tried again once.
    """
    elements = list(sequence)
    for place, (op, given) in enumerate(elements):
        behind = begins(elements[place + 1 :], after)
        if op is sre.SUBPATTERN:
            yield from doubtful(given[3], behind, looping=looping)
        elif op is sre.ATOMIC_GROUP:
            yield from doubtful(given, behind, looping=looping)
        elif op is sre.BRANCH:
            seen: Signs = frozenset()
            for each in given[1]:
                first = begins(each, behind)
                if looping and (both := seen & first):
                    yield f"either of {''.join(sorted(both))[:20]!r}"
                seen |= first
                yield from doubtful(each, behind, looping=looping)
        elif op in LOOPS or op is sre.POSSESSIVE_REPEAT:
            least, most, body = given
            again = begins(body, frozenset())
            counts = op in LOOPS and (most >= MANY or (looping and least != most))
            if counts and (both := again & behind):
                yield f"{''.join(sorted(both))[:20]!r} or on"
            endless = op in LOOPS and most >= MANY
            beyond = behind | (again if most > 1 else frozenset())
            yield from doubtful(body, beyond, looping=looping or endless)


def modules() -> Iterator[Any]:
    for name in ON_INPUT:
        found = importlib.import_module(name)
        yield found
        for each in pkgutil.walk_packages(getattr(found, "__path__", ()), f"{name}."):
            yield importlib.import_module(each.name)


def patterns() -> dict[str, re.Pattern[Any]]:
    named = {
        f"{module.__name__}.{name}": value
        for module in modules()
        for name, value in vars(module).items()
        if isinstance(value, re.Pattern)
    }
    masks = enumerate(masking._patterns())  # noqa: SLF001 (they are made of words in a file)
    return named | {f"procedures.masking.{number}": each for number, each in masks}


def test_no_pattern_on_input_tries_a_thing_twice() -> None:
    found = patterns()
    assert len(found) > 25
    told = {
        name: doubts
        for name, each in found.items()
        if (doubts := list(doubtful(parser.parse(each.pattern, each.flags))))
    }
    assert told == {}


@pytest.mark.parametrize(
    ("pattern", "bad"),
    [
        (r"(a+)+$", True),
        (r"(a|aa)*b", True),
        (r"\s*\D?\s*x", True),
        (r"(?:\w+\s?)*!", True),
        (r".*,.*", True),
        (r"[^,]*,[^,]*", False),
        (r"(?:,[a-z]*)*", False),
        (r"(?:a*b)*", False),
        (r"(?:a?a)*", True),
        (r"a++a*", False),
        (r"(?:a?b?)*c", True),
    ],
)
def test_the_guard_knows_a_bomb(pattern: str, bad: bool) -> None:
    assert bool(list(doubtful(parser.parse(pattern)))) is bad
