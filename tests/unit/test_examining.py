"""What a file is, told from its content, and what must not be kept: the attacks of uploads."""

from __future__ import annotations

import io
import struct
import zipfile
from types import TracebackType
from typing import Self

import pytest
from docx import Document
from pypdf import PdfWriter

from api.files.examining import BINARY, DOCX, HTML, OLE2, PDF, TEXT, ZIP, Looking
from api.files.zips import opened
from workflow.errors import BadInput

LOOKING = Looking()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


class Bytes(io.BytesIO):
    """A blob in memory."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.size = len(data)

    def read(self, count: int | None = -1) -> bytes:
        return super().read(count)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.seek(0)


def zipped(members: dict[str, str], compressed: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compressed) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return kept.getvalue()


def office(document: str, **more: str) -> bytes:
    return zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": document, **more})


def paper() -> bytes:
    document = Document()
    document.add_paragraph("第一条　总则")
    document.add_table(1, 1).cell(0, 0).text = "表中"
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.core_properties.title = "机密★10年"
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def pdf(password: str = "") -> bytes:
    writer, kept = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": "机密★"})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    writer.write(kept)
    return kept.getvalue()


def renamed(data: bytes) -> bytes:
    """An archive whose member is called otherwise in the directory than in the file."""
    return data.replace(b"a.txt", b"b.txt", 1)


def overlapping() -> bytes:
    """Two members of the directory that are the same bytes of the file."""
    data = bytearray(zipped({"a.txt": "x" * 50, "b.txt": "x" * 50}, zipfile.ZIP_STORED))
    second = data.rindex(b"PK\x01\x02")
    data[second + 42 : second + 46] = struct.pack("<I", 0)
    return bytes(data)


def encrypted() -> bytes:
    data = bytearray(zipped({"a.txt": "x"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
ATTACKS = {
    "a program": (b"MZ\x90\x00", "a.docx", "executable"),
    "a script": (b"#!/bin/sh\n", "a.txt", "executable"),
    "a program by its name": (b"echo", "a.BAT", "executable"),
    "a program in an archive": (zipped({"a/setup.exe": "x"}), "a.zip", "executable"),
    "a Java archive": (zipped({"META-INF/MANIFEST.MF": "x"}), "a.zip", "executable"),
    "an archive that is not looked into": (b"Rar!\x1a\x07\x00", "a.doc", "archive"),
    "a tape": (bytes(257) + b"ustar" + bytes(300), "a.doc", "archive"),
    "an archive in an archive": (zipped({"a.zip": "x"}), "a.zip", "archive"),
    "macros": (office("<a/>", **{"word/vbaProject.bin": "x"}), "a.docx", "macros"),
    "macros by their type": (
        zipped({"[Content_Types].xml": "macroEnabled", "word/document.xml": "<a/>"}),
        "a.docx",
        "macros",
    ),
    "macros in an old paper": (OLE + "_VBA_PROJECT".encode("utf-16-le"), "a.doc", "macros"),
    "a path upwards": (zipped({"../../etc/passwd": "x"}), "a.zip", "member_path"),
    "a path from the root": (zipped({"/etc/passwd": "x"}), "a.zip", "member_path"),
    "a path of a drive": (zipped({"C:\\x": "x"}), "a.zip", "member_path"),
    "a bomb by ratio": (zipped({"a.txt": "0" * 5_000_000}), "a.zip", "bomb"),
    "a bomb by number": (zipped({f"{n}": "" for n in range(5001)}), "a.zip", "bomb"),
    "a bomb by depth": (office("<a>" * 300 + "</a>" * 300), "a.docx", "bomb"),
    "entities in XML": (office(ENTITIES), "a.docx", "xml_entities"),
    "broken XML": (office("<a>"), "a.docx", "broken"),
    "members that overlap": (overlapping(), "a.zip", "polyglot"),
    "a member by two names": (renamed(zipped({"a.txt": "x"})), "a.zip", "polyglot"),
    "a locked archive": (encrypted(), "a.zip", "encrypted"),
    "a broken archive": (b"PK\x03\x04" + bytes(100), "a.zip", "broken"),
    "something before an archive": (b"GIF89a" + zipped({"a.txt": "x"}), "a.gif", "polyglot"),
    "something behind an archive": (zipped({"a.txt": "x"}) + b"tail", "a.zip", "polyglot"),
    "a PDF further in": (b"GIF89a\n" + pdf(), "a.gif", "polyglot"),
    "something behind a PDF": (pdf() + b"<script>", "a.pdf", "polyglot"),
    "an archive behind a PDF": (pdf() + zipped({"a": "x"}), "a.pdf", "polyglot"),
    "half a PDF": (b"%PDF-1.7\n", "a.pdf", "broken"),
    "a locked PDF": (pdf("secret"), "a.pdf", "encrypted"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_must_not_be_kept_is_refused(name: str) -> None:
    data, called, code = ATTACKS[name]
    with pytest.raises(BadInput) as caught:
        LOOKING.content(Bytes(data), called)
    assert caught.value.code == f"file.{code}"


@pytest.mark.parametrize(
    ("data", "media", "searched", "told"),
    [
        ("第一条".encode(), TEXT, True, "第一条"),
        ("第一条".encode("utf-8-sig"), TEXT, True, "第一条"),
        ("第一条".encode("utf-16"), TEXT, True, "第一条"),
        ("第一条　污水处理费".encode("gb18030"), TEXT, True, "污水处理费"),
        (b"", TEXT, True, ""),
        (b"<svg onload=alert(1)>", HTML, True, "svg"),
        (b"\x89PNG\r\n\x1a\n" + bytes(99), "image/png", False, ""),
        (bytes(range(256)), BINARY, False, ""),
        (OLE + "密级".encode("utf-16-le"), OLE2, False, "密级"),
        (zipped({"机密.txt": "x"}), ZIP, False, "机密.txt"),
        (office("<w:p xmlns:w='x'><w:delText>删去</w:delText></w:p>"), DOCX, True, "删去"),
        (pdf(), PDF, True, "机密★"),
    ],
)
def test_the_type_is_that_of_the_content(
    data: bytes, media: str, searched: bool, told: str
) -> None:
    found = LOOKING.content(Bytes(data), "a.exe.txt")
    assert (found.media, found.searched) == (media, searched)
    assert told in "".join(found.pieces())


def test_every_part_of_a_paper_is_read() -> None:
    found = "".join(LOOKING.content(Bytes(paper()), "a.docx").pieces())
    assert all(each in found for each in ("第一条　总则", "表中", "页眉", "机密★10年"))


def test_a_draft_is_what_stands_in_the_body() -> None:
    assert LOOKING.draft(Bytes(paper()), DOCX) == "第一条　总则\n表中"
    text = (
        "<w:p xmlns:w='w' xmlns:mc='m'><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:del>"
        "<w:delText>丙</w:delText></w:del><mc:Fallback><w:t>丁</w:t></mc:Fallback></w:p>"
    )
    assert LOOKING.draft(Bytes(office(text)), DOCX) == "甲\t乙"
    assert LOOKING.draft(Bytes("一\r\n二\r\n".encode("gb18030")), TEXT) == "一\n二"
    for media in (PDF, "image/png"):
        with pytest.raises(BadInput):
            LOOKING.draft(Bytes(b""), media)
    with pytest.raises(BadInput):
        LOOKING.draft(Bytes(b"a" * 8_000_001), TEXT)


def test_no_more_of_a_member_is_read_than_is_asked_for() -> None:
    data = zipped({"word/document.xml": "x" * 50})
    archive = opened(io.BytesIO(data), len(data))
    assert archive.read("word/document.xml", 50) == b"x" * 50
    with pytest.raises(BadInput) as caught:
        archive.read("word/document.xml", 49)
    assert caught.value.code == "file.bomb"
