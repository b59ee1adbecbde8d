"""What a file is, told from its content; what must not be kept is refused.

The name decides nothing but this: what a machine would run by its name is refused by its name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from api.files.inside import Archived, Letter
from api.files.lists import numbering_of
from api.files.marked_up import (
    MOST_MAIL,
    MOST_RTF,
    RTF_MAGIC,
    as_shown,
    is_mail,
    letter_of,
    rtf_text,
)
from api.files.ole2 import MAGIC as OLE2_MAGIC
from api.files.ole2 import refuse_ole2
from api.files.pdf_text import read_pdf
from api.files.plain import encoding_of, loose_pieces, pieces
from api.files.reading import Stream, all_of, ends_as_archive, part
from api.files.xml_text import draft_of
from api.files.zips import opened
from workflow.errors import BadInput
from workflow.files import Blob, Content
from workflow.texts import DRAFT_CHARACTERS

BINARY: Final = "application/octet-stream"
DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF: Final = "application/pdf"
RTF: Final = "application/rtf"
TEXT: Final = "text/plain"
HTML: Final = "text/html"
MAIL: Final = "message/rfc822"
OLE2: Final = "application/x-ole-storage"
ZIP: Final = "application/zip"

_HEAD: Final = 4096
_TAIL: Final = 2048
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
#: Pictures of office files that are packed by themselves.
_PACKED_PICTURE: Final = re.compile(r"\.(?:emz|wmz|svgz)\Z", re.IGNORECASE)
_RUN_NAME: Final = re.compile(
    r"\.(?:exe|dll|com|bat|cmd|ps1|psm1|vbs|vbe|js|jse|mjs|wsf|wsh|hta|scr|lnk|jar|msi|msp|reg|sh|"
    r"apk|pif|cpl|scf|url|inf|py|pyc|php|asp|aspx|jsp|docm|dotm|xlsm|xltm|xlam|pptm|potm|ppsm)\Z",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(
    rb"<\s*(?:!doctype|html|head|body|script|svg|iframe|\?xml|!--)", re.IGNORECASE
)
_MARKUP_NAME: Final = re.compile(r"\.(?:x?html?|xml|svg)\Z", re.IGNORECASE)
_OPENXML: Final = "application/vnd.openxmlformats-officedocument"
_OFFICE: Final = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": f"{_OPENXML}.spreadsheetml.sheet",
    "ppt/presentation.xml": f"{_OPENXML}.presentationml.presentation",
    "OFD.xml": "application/ofd",
    "content.xml": "application/vnd.oasis.opendocument.text",
}
_TYPES: Final = "[Content_Types].xml"
_MACRO_TYPE: Final = re.compile(rb"macroEnabled|vbaProject|ms-office\.activeX", re.IGNORECASE)
_MOST_LOOSE: Final = 64 * 1024 * 1024
#: What is shown in a browser as something of ours is told as nothing of the kind.
_PICTURES: Final = re.compile(
    r"(?:image/(?:png|jpeg|gif|bmp|tiff|webp)|(?:audio|video)/[a-z0-9.-]+)\Z"
)


class Looking:
    """The examiner of the distribution."""

    def content(self, blob: Blob, name: str) -> Content:
        """Tell its type and find its text.  Raises BadInput for what must not be kept."""
        return _look(blob, name, 0)

    def draft(self, blob: Blob, media: str) -> str:
        """The text of a draft.  Raises BadInput for a type that has no paragraphs of its own."""
        if media == DOCX:
            archive = opened(Stream(blob), blob.size)
            return draft_of(archive.open("word/document.xml"), numbering_of(archive))
        encoding = encoding_of(blob) if media == TEXT else None
        if encoding is None:
            raise BadInput("file.no_draft", media=media)
        if blob.size > 4 * DRAFT_CHARACTERS:
            raise BadInput("file.draft_too_long")
        text = all_of(blob).decode(encoding)
        return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


def _look(blob: Blob, name: str, depth: int) -> Content:
    head = part(blob, 0, _HEAD)
    if head.startswith(_RUN) or _RUN_NAME.search(name):
        raise BadInput("file.executable")
    if head.startswith(_PACKED) or head[257:262] == b"ustar":
        if depth and _PACKED_PICTURE.search(name):
            return Content(BINARY)
        raise BadInput("file.archive")
    if head.startswith(_ZIP_MAGIC):
        return _of_zip(blob, depth)
    if head.startswith(_PDF_MAGIC):
        return _of_pdf(blob)
    if _PDF_MAGIC in head[:1024] or ends_as_archive(blob):
        raise BadInput("file.polyglot")
    return _of_flat(blob, head, name, depth)


def _of_flat(blob: Blob, head: bytes, name: str, depth: int) -> Content:
    """Of what is neither an archive nor a PDF."""
    if head.startswith(OLE2_MAGIC):
        refuse_ole2(blob)
        return Content(OLE2, _loose(blob))
    if head.startswith(RTF_MAGIC):
        return _of_rtf(blob)
    if (encoding := encoding_of(blob)) is not None:
        return _of_text(blob, encoding, head, name, depth)
    media = _by_magic(head)
    return Content(media, _loose(blob) if media == BINARY else tuple)


def _loose(blob: Blob) -> Callable[[], Iterable[str]]:
    return (lambda: loose_pieces(blob)) if blob.size <= _MOST_LOOSE else tuple


def _of_text(blob: Blob, encoding: str, head: bytes, name: str, depth: int) -> Content:
    if is_mail(head):
        found = letter_of(all_of(blob)) if blob.size <= MOST_MAIL else None
        if found is None:
            return Content(MAIL, lambda: pieces(blob, encoding))
        letter = Letter(*found, _look, depth)
        return Content(MAIL, letter.pieces, searched=True, whole=letter.whole)
    if _MARKUP.search(head) or _MARKUP_NAME.search(name):
        return Content(HTML, lambda: as_shown(pieces(blob, encoding)), searched=True)
    return Content(TEXT, lambda: pieces(blob, encoding), searched=True)


def _of_rtf(blob: Blob) -> Content:
    if blob.size > MOST_RTF:
        return Content(RTF)
    raw = all_of(blob)
    # Objects and pictures stand in it as numbers.
    whole = not re.search(rb"\\(?:objdata|objemb|pict)", raw)
    return Content(RTF, lambda: (rtf_text(raw),), searched=whole)


def _of_pdf(blob: Blob) -> Content:
    tail = part(blob, blob.size - _TAIL, _TAIL)
    # Readers look for the end within the last kilobyte; whatever else is behind it is not PDF.
    _, end, rest = tail.rpartition(b"%%EOF")
    if not end:
        raise BadInput("file.broken")
    if rest.strip(b"\r\n\t \x00") or ends_as_archive(blob):
        raise BadInput("file.polyglot")
    raw, whole = read_pdf(blob)
    return Content(PDF, lambda: (raw.decode("utf-8", "replace"),), searched=whole)


def _of_zip(blob: Blob, depth: int) -> Content:
    archive = opened(Stream(blob), blob.size)
    media = next((kind for path, kind in _OFFICE.items() if path in archive.names), ZIP)
    if media == ZIP:
        if {"META-INF/MANIFEST.MF", "AndroidManifest.xml"} & set(archive.names):
            raise BadInput("file.executable")
        if depth:
            raise BadInput("file.archive")
    elif _TYPES in archive.names and _MACRO_TYPE.search(archive.read(_TYPES)):
        raise BadInput("file.macros")
    numbered = numbering_of(archive) if media == DOCX else None
    archived = Archived(archive, _look, depth, office=media != ZIP, numbering=numbered)
    return Content(media, archived.pieces, searched=True, whole=archived.whole)


def _by_magic(head: bytes) -> str:
    import puremagic

    found: Iterator[str] = iter(())
    try:
        found = (each.mime_type for each in puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return BINARY
    return next((each for each in found if _PICTURES.match(each or "")), BINARY)
