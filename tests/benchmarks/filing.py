"""How fast files come in and go out, beside copying the same bytes durably by plain means."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Final
from unittest.mock import patch

from api.settings import FILES_VARIABLE
from tests.benchmarks.office import CLERK, ORGANISATION, Office, open_office
from tests.benchmarks.plan import Plan

_PIECE: Final = 1024 * 1024


def filing(url: str, folder: Path, plan: Plan) -> dict[str, object]:
    """Megabytes a second, the median of the rounds; each side has every round in turn.

    `up` takes a file in, looks into it and keeps it; `copied` writes the same bytes to a file and
    brings them to the disk, `copied_and_hashed` hashes them besides, without which nothing could be
    verified.  `down` reads it through the store with its digest; `read` reads the same file.
    """
    files = {FILES_VARIABLE: str(folder / "files")}
    with patch.dict("os.environ", files), open_office(url) as office:
        pieces = [secrets.token_bytes(_PIECE) for _ in range(max(1, plan.file_megabytes // 8))]
        found: dict[str, list[float]] = {}
        for number in range(plan.file_rounds):
            # Never twice the same bytes: those would be kept already.
            sent = [number.to_bytes(8, "big"), *(pieces * 8)[: plan.file_megabytes]]
            for name, took in _round(office, folder, sent):
                found.setdefault(name, []).append(plan.file_megabytes / took)
    speeds = {name: round(median(each), 1) for name, each in found.items()}
    return {
        **speeds,
        "megabytes": plan.file_megabytes,
        "up_ratio": round(speeds["up"] / speeds["copied"], 2),
        "up_ratio_hashed": round(speeds["up"] / speeds["copied_and_hashed"], 2),
        "down_ratio": round(speeds["down"] / speeds["read"], 2),
    }


def _round(office: Office, folder: Path, sent: list[bytes]) -> list[tuple[str, float]]:
    house = office.house
    took: list[tuple[str, float]] = []
    keys: list[str] = []

    def up() -> None:
        upload = house.filing.begin(ORGANISATION, CLERK, "data.bin")
        for each in sent:
            upload.write(each)
        keys.append(upload.complete().file.key)
        upload.discard()

    def down() -> None:
        file = house.inquiry.seen_by(ORGANISATION, CLERK).file(keys[0], whole=True)
        told = hashlib.sha256()
        with house.filing.open(ORGANISATION, file) as blob:
            while raw := blob.read(_PIECE):
                told.update(raw)
        if told.hexdigest() != file.digest:
            raise RuntimeError(file.digest)

    plain = folder / "plain"
    sides: list[tuple[str, Callable[[], None]]] = [
        ("up", up),
        ("copied", lambda: _copied(plain, sent, hashed=False)),
        ("copied_and_hashed", lambda: _copied(plain, sent, hashed=True)),
        ("down", down),
        ("read", lambda: _read(plain)),
    ]
    for name, side in sides:
        begun = perf_counter()
        side()
        took.append((name, perf_counter() - begun))
    plain.unlink()
    return took


def _copied(path: Path, sent: list[bytes], *, hashed: bool) -> None:
    told = hashlib.sha256()
    with path.open("wb", buffering=0) as target:
        for each in sent:
            if hashed:
                told.update(each)
            target.write(each)
        os.fsync(target.fileno())


def _read(path: Path) -> None:
    with path.open("rb", buffering=0) as source:
        while source.read(_PIECE):
            pass
