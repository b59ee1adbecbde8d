"""Which lines of two texts belong together, in a time that grows with their length alone.

Lines that stand once in both are fixed first, in the longest order that both agree on; what lies
between two of them is looked at in the same way, and compared each with each only while that costs
little.  Texts made to be compared slowly come out with fewer lines in common, and that is all.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final

#: How many pairs of lines are compared each with each, in one stretch and in all.
MOST_IN_STRETCH: Final = 250_000
MOST_IN_ALL: Final = 4_000_000
#: How often all lines are looked at for those that stand once.
MOST_LOOKS: Final = 20

#: A stretch of lines of the first text and of the second: from and up to.
Stretch = tuple[int, int, int, int]


def alike(first: Sequence[str], second: Sequence[str]) -> Iterator[Stretch]:
    """The stretches that are the same in both, in order, as long as they can be."""
    left = MOST_IN_ALL + MOST_LOOKS * (len(first) + len(second))
    waiting: list[tuple[bool, Stretch]] = [(False, (0, len(first), 0, len(second)))]
    while waiting:
        same, (a, b, c, d) = waiting.pop()
        if same:
            yield a, b, c, d
            continue
        head, tail = _ends(first, second, (a, b, c, d))
        within = (a + head, b - tail, c + head, d - tail)
        parts = [(True, (a, a + head, c, c + head))] if head else []
        pairs = (within[1] - within[0]) * (within[3] - within[2])
        fixed = _fixed(first, second, within) if pairs > 0 and left > 0 else []
        left -= within[1] - within[0] + within[3] - within[2]
        if fixed:
            parts += _between(within, fixed)
        elif 0 < pairs <= min(left, MOST_IN_STRETCH):
            left -= pairs
            parts += [(True, each) for each in _compared(first, second, within)]
        if tail:
            parts.append((True, (b - tail, b, d - tail, d)))
        waiting += reversed(parts)


def _ends(first: Sequence[str], second: Sequence[str], within: Stretch) -> tuple[int, int]:
    """How many lines are the same at the beginning, and how many more at the end."""
    a, b, c, d = within
    most, head, tail = min(b - a, d - c), 0, 0
    while head < most and first[a + head] == second[c + head]:
        head += 1
    while tail < most - head and first[b - 1 - tail] == second[d - 1 - tail]:
        tail += 1
    return head, tail


def _fixed(first: Sequence[str], second: Sequence[str], within: Stretch) -> list[tuple[int, int]]:
    """Lines that stand once in either, as far as both have them in the same order."""
    a, b, c, d = within
    here, there = Counter(first[a:b]), Counter(second[c:d])
    places = {second[at]: at for at in range(c, d) if there[second[at]] == 1}
    pairs = [
        (at, places[first[at]])
        for at in range(a, b)
        if here[first[at]] == 1 and first[at] in places
    ]
    # The longest rising sequence: `ends[n]` is the smallest end of those of n + 1 lines.
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (_, at) in enumerate(pairs):
        rank = bisect_left(ends, at)
        before.append(last[rank - 1] if rank else -1)
        ends[rank : rank + 1] = [at]
        last[rank : rank + 1] = [place]
    found, place = [], last[-1] if last else -1
    while place >= 0:
        found.append(pairs[place])
        place = before[place]
    return found[::-1]


def _between(within: Stretch, fixed: list[tuple[int, int]]) -> list[tuple[bool, Stretch]]:
    """The fixed lines, and what lies before, between and behind them."""
    a, b, c, d = within
    parts: list[tuple[bool, Stretch]] = []
    for here, there in fixed:
        parts += [(False, (a, here, c, there)), (True, (here, here + 1, there, there + 1))]
        a, c = here + 1, there + 1
    return [*parts, (False, (a, b, c, d))]


def _compared(first: Sequence[str], second: Sequence[str], within: Stretch) -> Iterator[Stretch]:
    a, b, c, d = within
    matcher = SequenceMatcher(None, first[a:b], second[c:d], autojunk=False)
    for i, j, count in matcher.get_matching_blocks():
        if count:
            yield a + i, a + i + count, c + j, c + j + count
