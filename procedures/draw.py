"""A random draw that anybody can recompute (随机抽取): the order that a public seed gives to names.

The algorithm is explained, with a worked example, in docs/draw.md.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from workflow.canonical import digest_of

#: A seed of fewer digits leaves so few orders that one who may choose its source finds one to suit.
LEAST_DIGITS: Final = 6


def digits_of(seed: str) -> str:
    """The decimal digits of a published number, as 0 to 9; nothing else of how it is written.

    Or whoever writes it down could try blanks, points and units until the lot suits.
    """
    return "".join(
        str(unicodedata.decimal(sign))
        for sign in unicodedata.normalize("NFKC", seed)
        if sign.isdecimal()
    )


def lot(seed: str, matter: str, candidate: str) -> str:
    """The lot of a candidate in a matter: SHA-256 in hex of three lines of UTF-8.

    The lines are the digits of the seed, the number of the matter and the account, parted by line
    feeds.  The matter's number keeps one seed from giving the same order in every matter.
    """
    return digest_of(f"{digits_of(seed)}\n{matter}\n{candidate}")


def drawn_order(seed: str, matter: str, candidates: Iterable[str]) -> tuple[str, ...]:
    """The candidates by their lots, smallest first: those first are drawn, the next stand by.

    In what order they are given does not matter, and nobody is drawn twice.
    """
    return tuple(sorted(set(candidates), key=lambda name: lot(seed, matter, name)))
