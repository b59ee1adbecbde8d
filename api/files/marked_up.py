"""Text between the marks of HTML, RTF and mail, as whoever opens them sees it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from itertools import islice
from typing import Final

#: More of it is not taken apart.
MOST_RTF: Final = 32 * 1024 * 1024
MOST_MAIL: Final = 8 * 1024 * 1024
_MOST_HEADERS: Final = 100
RTF_MAGIC: Final = b"{\\rtf"

_BLOCK: Final = re.compile(
    r"<\s*(?:br|/\s*(?:p|div|tr|td|th|li|h[1-6]|table|title|w:p))\b[^<>]*>", re.IGNORECASE
)
_TAG: Final = re.compile(r"<[^<>]*>")
_MAIL: Final = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,40}:[ \t]")
_MIME: Final = re.compile(
    rb"^(?:MIME-Version|Content-Transfer-Encoding):", re.IGNORECASE | re.MULTILINE
)
_RTF: Final = re.compile(
    r"\\'([0-9a-fA-F]{2})|\\u(-?[0-9]{1,6}) ?|\\uc([0-9]) ?"
    r"|\\(par|line|cell|row|sect|page)(?![a-z]) ?|\\[a-zA-Z]+-?[0-9]* ?|\\[^a-zA-Z]|[{}\r\n]+"
    r"|([^\\{}\r\n]+)"
)
_CODE_UNITS: Final = 0x10000


def as_shown(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces of HTML as written and as shown: without tags, with references resolved."""
    for piece in pieces:
        yield piece
        yield html.unescape(_TAG.sub("", _BLOCK.sub("\n", piece)))


def is_mail(head: bytes) -> bool:
    """Whether it is a letter or a page saved as one (MHT), whose parts are encoded."""
    return _MAIL.match(head) is not None and _MIME.search(head) is not None


def letter_of(raw: bytes) -> tuple[str, tuple[tuple[str, bytes], ...]] | None:
    """What heads a letter, and its parts with their names; None where it cannot be read."""
    try:
        # By the older policy: the newer one takes a kilobyte of memory for a header of ten bytes.
        message = message_from_bytes(raw, policy=compat32)
        told = islice(message.values(), _MOST_HEADERS)
        return "\n".join(map(_decoded, told)), tuple(_parts(message))
    except Exception:  # noqa: BLE001 (whatever a parser of mail can raise)
        return None


def _parts(message: Message) -> Iterator[tuple[str, bytes]]:
    for part in message.walk():
        payload = None if part.is_multipart() else part.get_payload(decode=True)
        if isinstance(payload, bytes):
            yield _decoded(part.get_filename() or ""), payload


def _decoded(header: object) -> str:
    """A header of Chinese comes encoded as well."""
    return str(make_header(decode_header(str(header))))


def rtf_text(raw: bytes) -> str:
    """What an RTF says: its characters stand as bytes of GB18030 or as numbers of UTF-16."""
    found, pending = [], bytearray()
    fallback, skipped = 1, 0
    for token in _RTF.finditer(raw.decode("latin-1")):
        byte, unit, count, ends, plain = token.groups()
        if byte is not None or plain is not None:
            told = bytes.fromhex(byte) if byte is not None else plain.encode("latin-1")
            kept = told[skipped:]
            skipped -= len(told) - len(kept)
            pending += kept
        elif unit is not None or ends is not None:
            found.append(pending.decode("gb18030", "replace"))
            pending.clear()
            found.append("\n" if unit is None else chr(int(unit) % _CODE_UNITS))
            skipped = 0 if unit is None else fallback
        elif count is not None:
            fallback = int(count)
    found.append(pending.decode("gb18030", "replace"))
    # Numbers of UTF-16: what is beyond them comes as two.
    return "".join(found).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
