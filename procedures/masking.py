"""Personal data in what somebody wrote, taken out before it is published.

Pure.  What has a form of its own is found: e-mail addresses, mobile and fixed telephone numbers,
identity-card, bank-card and passport numbers.  A name written in prose has none; it stays, and
whoever summarises an opinion for publication leaves it out.
"""

from __future__ import annotations

import re
from typing import Final

MASK: Final = "***"

_MAIL: Final = r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
_BETWEEN: Final = r"[ .\-_/()]{0,2}"
# Any stretch of 15 digits or more: old and new identity cards (the last may be X), bank cards.
_CARD: Final = r"(?<!\d)\d{6}(?:[ -]?\d){9,13}[\dXx]?(?![\dXx])"
_MOBILE: Final = rf"(?<!\d)(?:\+?86{_BETWEEN})?1{_BETWEEN}[3-9](?:{_BETWEEN}\d){{9}}(?!\d)"
_FIXED: Final = rf"(?<!\d)\(?0\d{{2,3}}{_BETWEEN}\d{{3,4}}{_BETWEEN}\d{{4}}(?!\d)"
_PASSPORT: Final = r"(?<![A-Za-z0-9])[DEGPSdegps][A-Za-z]?\d{7,8}(?!\d)"
_PERSONAL: Final = re.compile(f"{_MAIL}|{_CARD}|{_MOBILE}|{_FIXED}|{_PASSPORT}")

#: Full-width forms and the dashes and spaces that are typed for others, each for one character.
_HALF_WIDTH: Final = {
    **{0xFF01 + place: 0x21 + place for place in range(94)},
    **dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212), 0x2D),
    **dict.fromkeys((0xA0, 0x2002, 0x2003, 0x2009, 0x3000), 0x20),
}


def masked(text: str) -> str:
    """The text with every piece of personal data that has a form of its own replaced by a mask.

    All else stays to the letter.
    """
    read = text.translate(_HALF_WIDTH)
    kept, place = [], 0
    for found in _PERSONAL.finditer(read):
        kept += [text[place : found.start()], MASK]
        place = found.end()
    return "".join((*kept, text[place:]))
