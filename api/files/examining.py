"""What a file is, told from its content; what must not be kept is refused.

The name decides nothing but this: what a machine would run by its name is refused by its name.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from typing import IO, Final

from api.files.pdf_text import read_pdf
from api.files.plain import encoding_of, loose_pieces, pieces
from api.files.xml_text import draft_of, text_of
from api.files.zips import Archive, opened
from workflow.errors import BadInput
from workflow.files import Blob, Content
from workflow.texts import DRAFT_CHARACTERS

BINARY: Final = "application/octet-stream"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
HTML: Final = "text/html"
OLE2: Final = "application/x-ole-storage"
ZIP: Final = "application/zip"

_HEAD: Final = 4096
_TAIL: Final = 2048
_OLE2_MAGIC: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_MAGIC: Final = b"PK\x03\x04"
_PDF_MAGIC: Final = b"%PDF-"
#: What a machine runs, and archives that are not looked into.
_RUN: Final = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"#!",
    b"dex\n",
    b"\x00asm",
    b"L\x00\x00\x00\x01\x14\x02",
)
_PACKED: Final = (
    b"Rar!\x1a\x07",
    b"7z\xbc\xaf\x27\x1c",
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x28\xb5\x2f\xfd",
    b"MSCF",
    b"PK\x05\x06",
    b"PK\x07\x08",
)
_RUN_NAME: Final = re.compile(
    r"\.(?:exe|dll|com|bat|cmd|ps1|psm1|vbs|vbe|js|jse|mjs|wsf|wsh|hta|scr|lnk|jar|msi|msp|reg|sh|"
    r"apk|pif|cpl|scf|url|inf|py|pyc|php|asp|aspx|jsp|docm|dotm|xlsm|xltm|xlam|pptm|potm|ppsm)\Z",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml|!--)", re.IGNORECASE
)
#: Streams of old office files that hold macros, as their directory names them.
_MACRO_STREAMS: Final = tuple(
    each.encode("utf-16-le") for each in ("_VBA_PROJECT", "VBA\0", "Macros\0", "_VBA_PROJECT_CUR")
)
_OPENXML: Final = "application/vnd.openxmlformats-officedocument"
_OFFICE: Final = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": f"{_OPENXML}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OPENXML}.presentationml.presentation",
    "OFD.xml": "application/ofd",
    "content.xml": "application/vnd.oasis.opendocument.text",
}
_MACRO_TYPE: Final = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX", re.IGNORECASE)
_MOST_LOOSE: Final = 64 * 1024 * 1024
_MOST_TEXT: Final = 256 * 1024 * 1024
#: What is shown in a browser as something of ours is told as nothing of the kind.
_PICTURES: Final = re.compile(
    r"(?:image/(?:png|jpeg|gif|bmp|tiff|webp)|(?:audio|video)/[a-z0-9.-]+)\Z"
)


class Looking:
    """The examiner of the distribution."""

    def content(self, blob: Blob, name: str) -> Content:
        """Tell its type and find its text.  Raises BadInput for what must not be kept."""
        head = _part(blob, 0, _HEAD)
        if head.startswith(_RUN) or _RUN_NAME.search(name):
            raise BadInput("file.executable")
        if head.startswith(_PACKED) or head[257:262] == b"ustar":
            raise BadInput("file.archive")
        if head.startswith(_ZIP_MAGIC):
            return _of_zip(blob)
        if head.startswith(_PDF_MAGIC):
            return _of_pdf(blob)
        _no_polyglot(blob, head)
        if head.startswith(_OLE2_MAGIC):
            return _of_ole2(blob)
        if (encoding := encoding_of(blob)) is not None:
            return _of_text(blob, encoding, head)
        media = _by_magic(head)
        loose = media == BINARY and blob.size <= _MOST_LOOSE
        return Content(media, (lambda: loose_pieces(blob)) if loose else tuple)

    def draft(self, blob: Blob, media: str) -> str:
        """The text of a draft.  Raises BadInput for a type that has no paragraphs of its own."""
        if media == DOCX:
            archive = opened(_Stream(blob), blob.size)
            return draft_of(archive.read("word/document.xml"))
        encoding = encoding_of(blob) if media == TEXT else None
        if encoding is None:
            raise BadInput("file.no_draft", media=media)
        if blob.size > 4 * DRAFT_CHARACTERS:
            raise BadInput("file.draft_too_long")
        blob.seek(0)
        raw = b"".join(iter(lambda: blob.read(_HEAD * 64), b""))
        return raw.decode(encoding).replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def _part(blob: Blob, offset: int, count: int) -> bytes:
    blob.seek(max(0, offset))
    return blob.read(count)


def _no_polyglot(blob: Blob, head: bytes) -> None:
    """Refuses what is something else to another program: a PDF within, an archive at its end."""
    tail = _part(blob, blob.size - _TAIL, _TAIL)
    if _PDF_MAGIC in head[:1024] or b"PK\x05\x06" in tail:
        raise BadInput("file.polyglot")


def _of_text(blob: Blob, encoding: str, head: bytes) -> Content:
    media = HTML if _MARKUP.search(head) else TEXT
    return Content(media, lambda: pieces(blob, encoding), searched=True)


def _of_pdf(blob: Blob) -> Content:
    tail = _part(blob, blob.size - _TAIL, _TAIL)
    # Readers look for the end within the last kilobyte; whatever else is behind it is not PDF.
    _, end, rest = tail.rpartition(b"%%EOF")
    if not end:
        raise BadInput("file.broken")
    if rest.strip(b"\r\n\t \x00") or b"PK\x05\x06" in tail:
        raise BadInput("file.polyglot")
    raw, whole = read_pdf(blob)
    return Content(PDF, lambda: (raw.decode("utf-8", "replace"),), searched=whole)


def _of_ole2(blob: Blob) -> Content:
    blob.seek(0)
    tail = b""
    while raw := blob.read(_HEAD * 64):
        if any(each in tail + raw for each in _MACRO_STREAMS):
            raise BadInput("file.macros")
        tail = raw[-64:]
    return Content(OLE2, (lambda: loose_pieces(blob)) if blob.size <= _MOST_LOOSE else tuple)


def _of_zip(blob: Blob) -> Content:
    archive = opened(_Stream(blob), blob.size)
    media = next((kind for part, kind in _OFFICE.items() if part in archive.names), ZIP)
    if media == ZIP and {"META-INF/MANIFEST.MF", "AndroidManifest.xml"} & set(archive.names):
        raise BadInput("file.executable")
    if media == ZIP:
        return Content(ZIP, lambda: ("\n".join(archive.names),))
    if "[Content_Types].xml" in archive.names and _MACRO_TYPE.search(
        archive.read("[Content_Types].xml")
    ):
        raise BadInput("file.macros")
    # Read once, so that what cannot be read is refused before anything is kept.
    found = tuple(_texts(archive))
    return Content(media, lambda: found, searched=True)


def _texts(archive: Archive) -> Iterable[str]:
    """What every part says."""
    left = _MOST_TEXT
    for name in archive.names:
        if name.lower().endswith((".xml", ".rels", ".vml")):
            raw = archive.read(name)
            left -= len(raw)
            if left < 0:
                raise BadInput("file.bomb")
            found = text_of(raw)
            if not name.lower().endswith(".rels"):
                yield found


def _by_magic(head: bytes) -> str:
    import puremagic

    found: Iterator[str] = iter(())
    try:
        found = (each.mime_type for each in puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return BINARY
    return next((each for each in found if _PICTURES.match(each or "")), BINARY)


class _Stream(io.RawIOBase, IO[bytes]):
    """A blob as the archive reader wants it."""

    def __init__(self, blob: Blob) -> None:
        self._blob = blob
        self._place = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        base = {0: 0, 1: self._place, 2: self._blob.size}[whence]
        self._place = base + offset
        if self._place < 0:
            raise OSError(offset)
        self._blob.seek(self._place)
        return self._place

    def tell(self) -> int:
        return self._place

    def read(self, count: int | None = -1) -> bytes:
        wanted = self._blob.size - self._place if count is None or count < 0 else count
        found = bytearray()
        while len(found) < wanted and (raw := self._blob.read(wanted - len(found))):
            found += raw
        self._place += len(found)
        return bytes(found)
