"""Answers as sheets for spreadsheet programs: when they are wanted, and how they are given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

MEDIA: Final = "text/csv"
_JSON: Final = "application/json"
_MOST: Final = 20
_RANGE: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_WEIGHT: Final = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def wanted(accept: str | None) -> bool:
    """Whether an `Accept` asks for a sheet by its name, and for nothing rather (RFC 9110, 12.5.1).

    Whoever takes anything is given JSON.
    """
    weights: dict[str, float] = {}
    for part in (accept or "").split(",")[:_MOST]:
        media, *rest = (each.strip() for each in part.split(";"))
        if _RANGE.fullmatch(media):
            told = [found for each in rest if (found := _WEIGHT.fullmatch(each))]
            weights.setdefault(media.lower(), float(told[0][1]) if told else 1.0)
    return weights.get(MEDIA, 0.0) > 0 and weights[MEDIA] >= weights.get(_JSON, 0.0)


def sheet_answer(text: str, name: str, headers: Mapping[str, str]) -> Response:
    """A sheet as a file to keep; `name` is what it is called, without its ending."""
    named = f"attachment; filename=\"list.csv\"; filename*=UTF-8''{quote(name, safe='')}.csv"
    told = {**headers, "Content-Disposition": named, "Vary": "Accept"}
    media = f"{MEDIA}; charset=utf-8; header=present"
    return Response(text.encode("utf-8"), 200, told, media)
