"""Old office files (OLE2: .doc, .xls, .wps): macros and passwords are found, texts only guessed."""

from __future__ import annotations

from typing import Final

from workflow.errors import BadInput
from workflow.files import Blob

MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR: Final = 512
_PIECE: Final = 256 * 1024
#: Streams of old office files that hold macros, as their directory names them.
_MACROS: Final = tuple(
    each.encode("utf-16-le") for each in ("_VBA_PROJECT", "VBA\0", "Macros\0", "_VBA_PROJECT_CUR")
)
#: Where an office file with a password keeps the rest of itself.
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_LONGEST: Final = 64
#: How the text of a .doc begins: its sign, and in its flags whether it is locked.
_WORD: Final = b"\xec\xa5"
_WORD_VERSIONS: Final = (0x00C1, 0x00D9, 0x0101, 0x010C, 0x0112)
_WORD_LOCKED: Final = 0x01
#: How an .xls begins: its first record, and the one that says that the others are locked.
_SHEETS: Final = b"\x09\x08\x10\x00\x00\x06\x05\x00"
_SHEETS_LOCKED: Final = b"\x2f\x00"
_FIRST_RECORD: Final = 20


def refuse_ole2(blob: Blob) -> None:
    """Refuse one that has macros, or a password and so nothing to look through."""
    blob.seek(0)
    tail = b""
    # Whole sectors: streams begin at one.
    while raw := _filled(blob):
        seen = tail + raw
        if any(each in seen for each in _MACROS):
            raise BadInput("file.macros")
        if _LOCKED in seen or any(_locked(raw[at:]) for at in _begun(raw)):
            raise BadInput("file.encrypted")
        tail = raw[-_LONGEST:]


def _filled(blob: Blob) -> bytes:
    found = b""
    while len(found) < _PIECE and (raw := blob.read(_PIECE - len(found))):
        found += raw
    return found


def _begun(raw: bytes) -> list[int]:
    return [at for at in range(0, len(raw), _SECTOR) if raw.startswith((_WORD, _SHEETS), at)]


def _locked(stream: bytes) -> bool:
    if stream.startswith(_SHEETS):
        return stream[_FIRST_RECORD : _FIRST_RECORD + 2] == _SHEETS_LOCKED
    version = int.from_bytes(stream[2:4], "little")
    return version in _WORD_VERSIONS and bool(stream[11:12] and stream[11] & _WORD_LOCKED)
