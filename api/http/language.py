"""Which language somebody reads best, as their `Accept-Language` says (RFC 9110, 12.5.4)."""

from __future__ import annotations

import re
from typing import Final

from workflow.catalogue import DEFAULT_LOCALE, locales

_MOST: Final = 20
_RANGE: Final = re.compile(r"([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8})*")
_WEIGHT: Final = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def preferred(header: str | None) -> str:
    """The best of our languages; the default one for whoever says nothing, or nothing of use.

    The first of equally good ones is taken.  What cannot be read is passed over.
    """
    known = locales()
    weights: dict[str, float] = {}
    for part in (header or "").split(",")[:_MOST]:
        wanted, _, rest = part.strip().partition(";")
        found = _RANGE.fullmatch(wanted.strip())
        weight = _weight(rest)
        if found is None or weight is None:
            continue
        weights.setdefault(found[1].lower(), weight)
    anything = weights.get("*", 0.0)
    given = [(weights.get(each, anything), each) for each in known]
    best = max(weight for weight, _ in given)
    if best <= 0:
        return DEFAULT_LOCALE
    order = [each for each in weights if each in known] + list(known)
    return next(each for each in order if (best, each) in given)


def _weight(text: str) -> float | None:
    """The weight of a language; None where it cannot be read."""
    if not text.strip():
        return 1.0
    found = _WEIGHT.fullmatch(text.strip())
    return None if found is None else float(found[1])
