"""A random draw that anybody can recompute (随机抽取): the order that a public seed gives to names.

The algorithm is explained, with a worked example, in docs/draw.md.
"""

from __future__ import annotations

from collections.abc import Iterable

from workflow.canonical import digest_of


def lot(seed: str, candidate: str) -> str:
    """The lot of a candidate: SHA-256 of the UTF-8 bytes of seed, line feed and name, in hex.

    Blanks around the seed do not count.
    """
    return digest_of(f"{seed.strip()}\n{candidate}")


def drawn_order(seed: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates by their lots, smallest first: those first are drawn, the next stand by.

    In what order they are given does not matter, and nobody is drawn twice.
    """
    return tuple(sorted(set(candidates), key=lambda name: lot(seed, name)))
