"""Files end to end: staged, attached, in quarantine, erased, swept, verified; on both databases."""

from __future__ import annotations

import io
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from docx import Document

from tests.integration import house as h
from tests.integration.house import Zone
from workflow.errors import BadInput, Conflict, NotFound, StoreTrouble, YichengError
from workflow.files import FileState
from workflow.service.filing import Staged

CHUNK = 64 * 1024
PAPER = "价格监测报告。".encode()
MARKED = "机密★10年\n关于收费的测算".encode()


def upload(
    zone: Zone, data: bytes, name: str = "报告.txt", by: str = h.CLERK, key: str | None = None
) -> Staged:
    arriving = zone.house.filing.begin(zone.code, by, name)
    try:
        for place in range(0, len(data), CHUNK):
            arriving.write(data[place : place + CHUNK])
        return arriving.complete(key)
    finally:
        arriving.discard()


def docx(*paragraphs: str) -> bytes:
    paper = Document()
    for each in paragraphs:
        paper.add_paragraph(each)
    kept = io.BytesIO()
    paper.save(kept)
    return kept.getvalue()


def folder(zone: Zone) -> Path:
    return h.folder_of(zone.url).root / zone.code


def blobs(zone: Zone) -> list[Path]:
    return [each for each in folder(zone).rglob("*") if each.is_file()]


def on_disk(zone: Zone) -> bytes:
    """What SQLite's file and its log hold, used or not; nothing of PostgreSQL's."""
    if not zone.url.startswith("sqlite"):
        return b""
    place = Path(zone.url.removeprefix("sqlite:///"))
    return b"".join(each.read_bytes() for each in place.parent.glob(f"{place.name}*"))


def flaws(zone: Zone) -> set[str]:
    return {each.code for each in zone.house.filing.verify(zone.code).flaws}


def test_an_act_attaches_what_its_doer_uploaded_and_its_record_tells_the_digest(
    zone: Zone, neighbour: Zone
) -> None:
    zone.advance_to("drafting")
    first, again = upload(zone, PAPER, key="k1"), upload(zone, PAPER, key="k1")
    assert (again.file, again.replayed) == (first.file, True)
    assert len(blobs(zone)) == 1
    with pytest.raises(Conflict):
        upload(zone, b"other", key="k1")
    name = first.file.key
    others = upload(zone, PAPER, by=h.HEAD).file.key
    foreign = upload(neighbour, PAPER).file.key
    for wrong in (others, foreign, "f" + "a" * 25):
        assert isinstance(zone.fail(h.RESEARCH.with_(files=[wrong])), NotFound)
    outcome = zone.do(h.RESEARCH.with_(files=[name]))
    told = zone.standing().facts.last("file_research")
    assert told is not None
    assert told.payload["files"] == [first.file.told()]
    kept = zone.rows("SELECT state, journal_seq FROM file WHERE key = :key", key=name)
    assert kept == [("attached", outcome.entry)]
    assert zone.fail(h.BASIS.with_(files=[name])).code == "file.is_attached"
    assert zone.flaws() == []
    assert flaws(zone) == set()


def test_a_draft_is_taken_out_of_a_paper_and_bound_to_it(zone: Zone) -> None:
    zone.advance_to("drafting")
    for act in (h.RESEARCH, h.BASIS):
        zone.do(act)
    paper = upload(
        zone, docx("第一条　污水处理费按用水量计收。", "第二条　自公布之日起施行。"), "草案.docx"
    )
    zone.do(h.DRAFT.with_(text=None, file=paper.file.key))
    rows = zone.rows("SELECT text, file_digest FROM draft")
    assert rows == [
        ("第一条　污水处理费按用水量计收。\n第二条　自公布之日起施行。", paper.file.digest)
    ]
    picture = upload(zone, b"\x89PNG\r\n\x1a\n" + bytes(64), "图.png")
    assert zone.fail(h.EDIT.with_(text=None, file=picture.file.key)).code == "file.no_draft"
    assert zone.refuse(h.EDIT.with_(text="机密★\n第一条")) == ("draft.marked",)


def test_what_bears_a_mark_is_quarantined_and_nothing_of_it_is_left_when_confirmed(
    zone: Zone,
) -> None:
    zone.advance_to("drafting")
    found = upload(zone, MARKED, "收费测算.txt")
    assert (found.file.state, found.file.level) == (FileState.QUARANTINED, "secret")
    assert found.alerts == (h.OFFICE_HEAD, h.LEGAL_HEAD)
    assert [each.kind for each in zone.house.inquiry.inbox(zone.code, h.LEGAL_HEAD)][:1] == [
        "quarantine"
    ]
    key = found.file.key
    assert zone.fail(h.RESEARCH.with_(files=[key])).code == "file.is_quarantined"
    with pytest.raises(BadInput):
        zone.house.filing.open(zone.code, found.file)
    renamed = upload(zone, MARKED, "目录.txt")
    assert renamed.file.state is FileState.QUARANTINED
    confirm = h.Act(
        "confirm_quarantine", h.LEGAL_HEAD, h.always(file=key, reasons="经核对属实"), about=""
    )
    own = upload(zone, MARKED + b"2", by=h.LEGAL_HEAD)
    assert zone.refuse(confirm.with_(file=own.file.key)) == ("file.own_upload",)
    zone.do(confirm)
    zone.do(confirm.by(h.OFFICE_HEAD).with_(file=own.file.key))
    assert blobs(zone) == []
    assert zone.rows("SELECT name, digest, size, state FROM file WHERE key = :key", key=key) == [
        ("", "", 0, "erased")
    ]
    everything = repr(zone.everything()).encode() + on_disk(zone)
    assert "收费测算".encode() not in everything
    assert found.file.digest.encode() not in everything
    assert zone.refuse(confirm) == ("file.not_quarantined",)
    assert (zone.flaws(), flaws(zone)) == ([], set())


def test_what_was_no_mark_is_released_and_used(zone: Zone) -> None:
    zone.advance_to("drafting")
    key = upload(zone, PAPER, "机密_目录.txt").file.key
    release = h.Act(
        "release_quarantine", h.OFFICE_HEAD, h.always(file=key, reasons="栏目名称"), about=""
    )
    assert zone.refuse(release.by(h.CLERK)) == ("authority.role",)
    zone.do(release)
    zone.do(h.RESEARCH.with_(files=[key]))
    assert flaws(zone) == set()


def test_only_what_nobody_used_is_swept(zone: Zone) -> None:
    zone.advance_to("drafting")
    kept, left = upload(zone, PAPER), upload(zone, PAPER + b"2")
    same = upload(zone, PAPER)
    zone.do(h.RESEARCH.with_(files=[kept.file.key]))
    marked = upload(zone, MARKED)
    zone.wait(6)
    assert zone.house.filing.sweep(zone.code).expired == 0
    zone.wait(1)
    swept = zone.house.filing.sweep(zone.code)
    assert (swept.expired, swept.orphans, swept.leftovers) == (2, 1, 0)
    keys = {key for (key,) in zone.rows("SELECT key FROM file")}
    assert keys == {kept.file.key, marked.file.key}
    assert not keys & {left.file.key, same.file.key}
    assert flaws(zone) == set()


def test_verification_names_what_was_deleted_replaced_or_left_behind(zone: Zone) -> None:
    zone.advance_to("drafting")
    one, two = upload(zone, PAPER), upload(zone, PAPER + b"2")
    zone.do(h.RESEARCH.with_(files=[one.file.key, two.file.key]))
    store = h.folder_of(zone.url)
    place = {each.name: each for each in blobs(zone)}
    place[one.file.digest].unlink()
    place[two.file.digest].chmod(0o600)
    place[two.file.digest].write_bytes(PAPER + b"3")
    orphan = store.begin(zone.code)
    orphan.write(b"orphan")
    orphan.finish()
    orphan.keep()
    orphan.discard()
    (folder(zone) / "arriving" / "left").write_bytes(b"half")
    assert flaws(zone) == {"missing", "replaced", "orphan", "leftover"}
    with pytest.raises(StoreTrouble):
        zone.house.filing.open(zone.code, one.file)
    assert zone.house.filing.sweep(zone.code).leftovers == 1
    assert flaws(zone) == {"missing", "replaced"}
    h.unlock(zone)
    zone.intruder.run(f"DELETE FROM file WHERE key = '{one.file.key}'")
    zone.intruder.run(f"UPDATE file SET size = 1 WHERE key = '{two.file.key}'")
    assert flaws(zone) == {"dangling", "untold", "replaced"}


@contextmanager
def no_file_beyond(count: int) -> Iterator[None]:
    """The operating system itself refuses to let any file grow beyond so many bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_disk_that_fills_loses_nothing_and_leaves_nothing_by_half(zone: Zone) -> None:
    kept = upload(zone, PAPER)
    room = zone.house.filing.begin(zone.code, h.CLERK, "大.bin")
    with no_file_beyond(CHUNK), pytest.raises(StoreTrouble) as caught:
        room.write(bytes(2 * CHUNK))
    room.discard()
    assert caught.value.code == "file.disk_full"
    # The bytes are there, and then there is no room for the row.
    late = zone.house.filing.begin(zone.code, h.CLERK, "晚.txt")
    late.write(PAPER + b"2")
    with no_file_beyond(1), pytest.raises(StoreTrouble):
        late.complete()
    late.discard()
    assert zone.rows("SELECT key FROM file") == [(kept.file.key,)]
    assert flaws(zone) == {"orphan"}
    zone.house.filing.sweep(zone.code)
    assert flaws(zone) == set()
    assert [each.read_bytes() for each in blobs(zone)] == [PAPER]


def refused(zone: Zone, data: bytes, name: str = "a.docx") -> Iterator[str]:
    try:
        upload(zone, data, name)
    except YichengError as error:
        yield error.code


@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_refused_leaves_nothing_behind(zone: Zone) -> None:
    assert list(refused(zone, b"MZ\x90")) == ["file.executable"]
    assert list(refused(zone, b"x" * (h.FILE_LIMITS.file_bytes + 1))) == ["file.too_large"]
    assert blobs(zone) == []
    assert zone.rows("SELECT 1 FROM file") == []
