"""Tables as CSV (RFC 4180) that a spreadsheet shows and never carries out.  Pure.

A cell that Excel, WPS or LibreOffice would take for a formula begins with an apostrophe: after
whatever stands before it that they pass over, and whatever its width.  Every cell is quoted, so
that none becomes two where a semicolon or a tab parts cells; line breaks and other signs that are
not shown become blanks.  The mark in front (BOM) tells them that it is UTF-8.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Sequence
from io import StringIO
from typing import Final

BOM: Final = "\ufeff"

#: What a formula begins with; the true minus sign too.
_FORMULA: Final = frozenset("=+-@\u2212")
#: Quotes of every kind: a program that drops them sees what stands behind.
_QUOTES: Final = frozenset("\"'`\u00b4\u2018\u2019\u201a\u201c\u201d\u201e\u2032\u2033")
_BLANK: Final = frozenset({"Z", "C"})


def sheet(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table with its header, as it is written to a file."""
    out = StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([cell(each) for each in header])
    writer.writerows([cell(each) for each in row] for row in rows)
    return BOM + out.getvalue()


def cell(text: str) -> str:
    """A text as a cell shows it."""
    shown = "".join(" " if unicodedata.category(each) in _UNSHOWN else each for each in text)
    return f"'{shown}" if _is_formula(text) else shown


#: Control characters, half characters, and breaks of lines and paragraphs.
_UNSHOWN: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def _is_formula(text: str) -> bool:
    """Whether the first sign that counts begins a formula; a text that begins with a break, too."""
    if text[:1] in ("\t", "\r", "\n"):
        return True
    for each in text:
        for sign in unicodedata.normalize("NFKC", each):
            if sign in _QUOTES or unicodedata.category(sign)[0] in _BLANK:
                continue
            return sign in _FORMULA
    return False
