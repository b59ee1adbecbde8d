"""What a file is, told from its content, and what must not be kept: the attacks of uploads."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Mapping
from types import TracebackType
from typing import Self

import pytest
from docx import Document
from pypdf import PdfWriter
from pypdf.annotations import FreeText

from api.files import allowance
from api.files.examining import BINARY, DOCX, HTML, OLE2, PDF, TEXT, ZIP, Looking
from api.files.zips import opened
from procedures.marks import shipped_marks
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


def zipped(members: Mapping[str, str | bytes], compressed: int = zipfile.ZIP_DEFLATED) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", compressed) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return kept.getvalue()


def office(document: str | bytes, **more: str | bytes) -> bytes:
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


def renamed_to(name: bytes) -> bytes:
    """An archive that names its member in bytes of which it does not say what they are."""
    return zipped({"x" * len(name): "a"}).replace(b"x" * len(name), name)


def deep(levels: int) -> bytes:
    """A paper within a paper within a paper."""
    found = office("<a/>")
    for _ in range(levels - 1):
        found = office("<a/>", **{"word/embeddings/a.docx": found})
    return found


def commented(comment: bytes) -> bytes:
    """An archive with this comment at its end."""
    data = zipped({"a.txt": "x"})
    return data[:-2] + struct.pack("<H", len(comment)) + comment


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
    "an archive behind a picture and a long comment": (
        b"\x89PNG\r\n\x1a\n" + commented(b"x" * 60_000),
        "a.png",
        "polyglot",
    ),
    "an archive behind a PDF that ends like one": (
        pdf() + commented(b"x" * 9000 + b"%%EOF\n"),
        "a.pdf",
        "polyglot",
    ),
    "XML in an encoding that is not read": (
        office('<?xml version="1.0" encoding="GBK"?><a/>'),
        "a.docx",
        "broken",
    ),
    "a template from elsewhere": (
        office(
            "<a/>",
            **{
                "word/_rels/settings.xml.rels": '<r><Relationship Type="x/attachedTemplate"'
                ' TargetMode="External" Target="https://elsewhere.example/a.dotm"/></r>'
            },
        ),
        "a.docx",
        "external",
    ),
    "a field that runs something": (
        office("<a><instrText>DDE</instrText><instrText>AUTO cmd</instrText></a>"),
        "a.docx",
        "macros",
    ),
    "a program in a paper, called otherwise": (
        office("<a/>", **{"word/embeddings/a.bin": b"MZ\x90"}),
        "a.docx",
        "executable",
    ),
    "an archive in an archive, called otherwise": (
        zipped({"a.dat": zipped({"b": "x"})}),
        "a.zip",
        "archive",
    ),
    "papers in papers without end": (
        deep(4),
        "a.docx",
        "bomb",
    ),
    "an old paper with a password": (
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "a.docx",
        "encrypted",
    ),
    "an old text with a password": (
        OLE + b"\xec\xa5\xc1\x00" + bytes(7) + b"\x01",
        "a.doc",
        "encrypted",
    ),
    "old sheets with a password": (
        OLE + b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(12) + b"\x2f\x00",
        "a.xls",
        "encrypted",
    ),
    "half a PDF": (b"%PDF-1.7\n", "a.pdf", "broken"),
    "a locked PDF": (pdf("secret"), "a.pdf", "encrypted"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_must_not_be_kept_is_refused(name: str) -> None:
    data, called, code = ATTACKS[name]
    with pytest.raises(BadInput) as caught:
        list(LOOKING.content(Bytes(data), called).pieces())
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
        (zipped({"机密.txt": "x"}), ZIP, True, "机密.txt"),
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


def noted() -> bytes:
    """A PDF with a note on its page, and a file within it."""
    writer, kept = PdfWriter(), io.BytesIO()
    writer.add_blank_page(100, 100)
    writer.add_attachment("秘密★.txt", "绝密★长期".encode())
    writer.add_annotation(0, FreeText(text="机密★", rect=(0, 0, 9, 9)))
    writer.write(kept)
    return kept.getvalue()


def spoken(text: str) -> bytes:
    return f"MIME-Version: 1.0\r\n\r\n{text}".encode()


MARK = "机密★10年"
GBK = MARK.encode("gb18030")
RTF = b"{\\rtf1\\b " + "".join(f"\\'{each:02x}" for each in "机密".encode("gbk")).encode()
HIDDEN_IN = {
    "a watermark": office("<a/>", **{"word/header1.xml": '<h><textpath string="机密"/></h>'}),
    "what a picture is said to show": office(f'<a><docPr descr="{MARK}"/></a>'),
    "runs of their own": office("<p><t>机</t><t>密</t><t>★</t></p>"),
    "an upright line": office("<a><p>机</p><p>密</p><p>★</p><p>十年</p></a>"),
    "a sheet in a paper": office(
        "<a/>", **{"word/embeddings/a.xlsx": zipped({"xl/workbook.xml": f"<si>{MARK}</si>"})}
    ),
    "a page in a paper": office("<a/>", **{"word/a.htm": "<b>机&#23494;</b><i>★</i>"}),
    "a part called otherwise": office("<a/>", **{"word/a.dat": f"<t>{MARK}</t>"}),
    "a text in an archive": zipped({"a.txt": GBK}),
    "a name in an archive from an old machine": renamed_to(b"\xbb\xfa\xc3\xdc.txt"),
    "an RTF of bytes": RTF + b" \\u9733?}",
    "an RTF of numbers": b"{\\rtf1\\uc2\\u26426\\'bb\\'fa\\u23494\\'c3\\'dc\\u9733\\'a1\\'ef}",
    "a page": "<html>机<b>密</b>&#9733;".encode(),
    "a letter": b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    + base64.b64encode(MARK.encode()),
    "UTF-16 without its sign": b"\x00\x01" + MARK.encode("utf-16-be"),
    "a note on a page": noted(),
}


@pytest.mark.parametrize("name", HIDDEN_IN)
def test_a_mark_is_found_wherever_a_reader_would_see_it(name: str) -> None:
    found = LOOKING.content(Bytes(HIDDEN_IN[name]), "a.docx")
    assert {each.level for each in shipped_marks().in_text(found.pieces())} >= {"secret"}


def test_what_could_not_be_read_is_said() -> None:
    picture = b"\x89PNG\r\n\x1a\n" + bytes(99)
    within = office("<a/>", **{"word/media/1.png": picture})
    silent: dict[str, str | bytes] = {"docProps/thumbnail.png": picture, "word/media/": ""}
    thumbnail = office("<a/>", **silent)
    papers = {
        "a picture": (within, False),
        "a thumbnail": (thumbnail, True),
        "an old sheet within": (zipped({"a.xls": OLE}), False),
        "a file in a PDF": (noted(), False),
        "an object in an RTF": (b"{\\rtf1\\object\\objdata 00}", False),
        "a letter within a letter": (spoken("x"), True),
    }
    found = {}
    for name, (data, _) in papers.items():
        content = LOOKING.content(Bytes(data), "a")
        found[name] = bool(list(content.pieces())) and content.searched and content.whole()
    assert found == {name: whole for name, (_, whole) in papers.items()}


def test_of_what_would_take_too_long_only_the_beginning_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(allowance, "MOST_ELEMENTS", 100)
    content = LOOKING.content(Bytes(office(f"<a>甲{'<b/>' * 500}乙</a>")), "a.docx")
    told = "".join(content.pieces())
    assert ("甲" in told, "乙" in told, content.whole()) == (True, False, False)
    monkeypatch.setattr(allowance, "MOST_BYTES", 10)
    content = LOOKING.content(Bytes(zipped({"a.txt": MARK * 9})), "a.zip")
    assert MARK not in "".join(content.pieces())
    assert not content.whole()


def test_accents_without_end_take_no_time_by_their_square() -> None:
    # Sorted as one text these take minutes: each has another rank than the one before.
    assert shipped_marks().in_text(("机密★" + "\u0301\u0327" * 200_000,))


def test_text_moved_or_deleted_is_no_part_of_a_draft() -> None:
    text = (
        "<w:body xmlns:w='w'><w:p><w:moveFrom><w:t>甲</w:t></w:moveFrom><w:t>乙</w:t></w:p><w:p>"
        "<w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:t>丙</w:t></w:p><w:p><w:t>丁</w:t></w:p></w:body>"
    )
    assert LOOKING.draft(Bytes(office(text)), DOCX) == "乙\n丙丁"
