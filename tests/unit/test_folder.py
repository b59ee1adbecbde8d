"""The folder that keeps files, and what somebody with a hand in it may have put there."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from api.files.folder import Folder
from workflow.errors import StoreTrouble

DATA = b"paper"
DIGEST = hashlib.sha256(DATA).hexdigest()


def keep(folder: Folder, data: bytes = DATA) -> Path:
    arriving = folder.begin("office")
    try:
        arriving.write(data)
        digest = arriving.finish()
        arriving.keep()
    finally:
        arriving.discard()
    return folder.root / "office/sha256" / digest[:2] / digest[2:4] / digest


def test_what_is_kept_is_nobody_elses_to_read_and_nobodys_to_write(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        place = keep(Folder(tmp_path / "files"))
    finally:
        os.umask(before)
    folders = [each for each in place.parents if each.is_relative_to(tmp_path / "files")]
    assert {stat.S_IMODE(each.stat().st_mode) for each in folders} == {0o700}
    assert stat.S_IMODE(place.stat().st_mode) == 0o440
    assert place.stat().st_nlink == 1


PLANTED: dict[str, Callable[[Path], object]] = {
    "other bytes of the same length": lambda place: place.write_bytes(b"poper"),
    "a part of it": lambda place: place.write_bytes(b"pap"),
    "a link to another file": lambda place: place.symlink_to("/etc/hostname"),
    "a link of the same length": lambda place: place.symlink_to("a" * len(DATA)),
    "another name of another file": lambda place: place.hardlink_to(other(place)),
    "a pipe": os.mkfifo,
    "a folder": lambda place: place.mkdir(),
}


def other(place: Path) -> Path:
    path = place.with_name("other")
    path.write_bytes(b"other")
    return path


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_put_in_its_place_is_never_given_out_and_healed_by_the_whole(
    name: str, tmp_path: Path
) -> None:
    folder = Folder(tmp_path)
    place = keep(folder)
    place.unlink()
    PLANTED[name](place)
    assert list(folder.digests("office")) == [DIGEST]
    assert folder.has("office", DIGEST)
    assert given_out(folder) != DATA
    if name == "a folder":
        with pytest.raises(StoreTrouble):
            keep(folder)
        return
    keep(folder)
    assert given_out(folder) == DATA


def given_out(folder: Folder) -> bytes:
    try:
        with folder.open("office", DIGEST) as blob:
            return blob.read(99)
    except StoreTrouble:
        return b""
