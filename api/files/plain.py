"""Plain texts: whether something is one, in which encoding, and what it says, piece by piece."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from typing import Final

from workflow.files import Blob

_PIECE: Final = 256 * 1024
#: How much of the end of a piece is seen once more with the next, so that no mark is cut in two.
_OVERLAP: Final = 200
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: In what a text within something unknown may be written, and at which of two places it begins.
_GUESSES: Final = (
    *(("utf-16-le", 0), ("utf-16-le", 1), ("utf-16-be", 0), ("utf-16-be", 1)),
    *(("utf-8", 0), ("gb18030", 0)),
)
_CONTROL: Final = bytes({*range(9), 0x0B, *range(0x0E, 0x20), 0x7F} - {0x1B})
#: Of what is read as GB18030, how much has to be Han, its punctuation or ASCII to be believed.
_BELIEVED: Final = 0.95
_STRANGE: Final = re.compile(r"[^\x00-\x7e\u2000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def encoding_of(blob: Blob) -> str | None:
    """In which encoding the whole of it is text; None where it is none."""
    head = _head(blob, 4)
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name if _decodes(blob, name, _anything) else None
    if not _no_controls(blob):
        return None
    if _decodes(blob, "utf-8", _anything):
        return "utf-8"
    return "gb18030" if _decodes(blob, "gb18030", _believable) else None


def pieces(blob: Blob, encoding: str) -> Iterator[str]:
    """The text in pieces that overlap; never more than a piece in memory."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    blob.seek(0)
    tail = ""
    while raw := blob.read(_PIECE):
        text = tail + decoder.decode(raw)
        yield text
        tail = text[-_OVERLAP:]


def loose_pieces(blob: Blob) -> Iterator[str]:
    """What could be text in something whose format is not read: UTF-16 at both places, UTF-8, GB.

    Old office files keep Chinese as UTF-16.  It is no more than an attempt.
    """
    for encoding, skipped in _GUESSES:
        blob.seek(skipped)
        tail = b""
        while raw := blob.read(_PIECE):
            yield (tail + raw).decode(encoding, "ignore")
            # Of an even length, so that pairs stay pairs.
            tail = raw[-2 * _OVERLAP :]


def _head(blob: Blob, count: int) -> bytes:
    blob.seek(0)
    return blob.read(count)


def _no_controls(blob: Blob) -> bool:
    blob.seek(0)
    while raw := blob.read(_PIECE):
        if len(raw.translate(None, _CONTROL)) != len(raw):
            return False
    return True


def _decodes(blob: Blob, encoding: str, good: Callable[[str], bool]) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    blob.seek(0)
    try:
        while raw := blob.read(_PIECE):
            if not good(decoder.decode(raw)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _anything(_: str) -> bool:
    return True


def _believable(text: str) -> bool:
    """Whether it reads as Chinese: any stretch of bytes can be GB18030."""
    return len(_STRANGE.findall(text)) <= (1 - _BELIEVED) * len(text)
