"""A backup: the database as it was at one moment, the files that it names, and what proves them.

It is made in a folder of another name, which gets its own only when everything is on the disk; and
without its manifest, which is written last, nothing is taken for a backup.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Final

from sqlalchemy import Connection, Engine

from api.record.databases import KINDS, Database, database_of
from api.record.writing import sync_folder, whole_file
from workflow.canonical import canonical
from workflow.errors import BadInput, StoreTrouble
from workflow.store import Store, attached_digests, home, organisation_codes
from workflow.tables import SCHEMA_HEAD

FORMAT: Final = "yicheng.backup.1"
MANIFEST: Final = "manifest.json"
FILES: Final = "files"
#: Where files stand that are still on their way in: nothing names them yet.
ARRIVING: Final = "arriving"
_CHUNK: Final = 2**20
_MOST_BYTES: Final = 2**30

#: The digests of the files that rows name, as a connection to the database tells them.
Named = Callable[[Connection], Iterable[str]]


@dataclass(frozen=True, slots=True)
class HeadOf:
    """Where the journal of an organisation ended; `at` None before its first entry."""

    organisation: str
    entry: int
    digest: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a backup, by its path within it."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds."""

    database: str
    schema: str
    heads: tuple[HeadOf, ...]
    kept: tuple[Kept, ...]


def back_up(engine: Engine, folder: Path, files: Path, named: Named = attached_digests) -> Manifest:
    """Back up a database that others may go on writing to, then the files.

    Files are only ever added and never overwritten, so whatever the database names at its moment is
    there afterwards.  Raises BadInput where the folder is there already, StoreTrouble where
    something cannot be read or written or a tool is missing, or a file that a row names is gone.
    """
    if folder.exists():
        raise BadInput("backup.there", folder=str(folder))
    begun = folder.with_name(f".{folder.name}.unfinished")
    with _alone(begun):
        return _backed_up(engine, folder, begun, files, named)


def _backed_up(engine: Engine, folder: Path, begun: Path, files: Path, named: Named) -> Manifest:
    try:
        database = database_of(engine.url)
        with database.dumped(engine, begun) as connection:
            heads = tuple(_heads(connection))
            wanted = set(named(connection))
        kept = [_kept(begun, begun / database.file)]
        kept += [_copied(files, each, begun) for each in _files(files)]
        _all_there(wanted, kept)
        manifest = Manifest(database.kind, SCHEMA_HEAD, heads, tuple(kept))
        whole_file(begun / MANIFEST, _written(manifest) + "\n", 0o600)
        for each in (path for path in begun.rglob("*") if path.is_dir()):
            sync_folder(each)
        begun.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        shutil.rmtree(begun, ignore_errors=True)
        raise StoreTrouble("backup.unwritable", folder=str(folder)) from error
    except BaseException:
        shutil.rmtree(begun, ignore_errors=True)
        raise
    return manifest


@contextmanager
def _alone(begun: Path) -> Iterator[None]:
    """An empty folder to work in, which nobody else does; what a stop left in it is taken away.

    Raises BadInput where another backup is being made there.
    """
    try:
        begun.mkdir(parents=True, mode=0o700, exist_ok=True)
        descriptor = os.open(begun, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise StoreTrouble("backup.unwritable", folder=str(begun.parent)) from error
    try:
        _lock(descriptor, begun)
        for each in begun.iterdir():
            shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
        yield
    except PermissionError as error:
        raise StoreTrouble("backup.unwritable", folder=str(begun)) from error
    finally:
        os.close(descriptor)


def _lock(descriptor: int, begun: Path) -> None:
    """Have the folder to oneself.  Raises BadInput where somebody else has."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise BadInput("backup.running", folder=str(begun)) from error
    # Between the opening and the lock another may have finished, and given it its own name.
    if not begun.exists() or begun.stat().st_ino != os.fstat(descriptor).st_ino:
        raise BadInput("backup.running", folder=str(begun))


def verify_backup(folder: Path) -> Manifest:
    """Whether a backup is whole: each file there, with its digest, and none besides.

    Raises BadInput: `backup.none` for a folder that is no finished backup, `backup.damaged` for the
    first file that is not what it was.
    """
    manifest = _read(folder)
    expected = {each.path: each for each in manifest.kept}
    there = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if not path.is_dir() or path.is_symlink()
    }
    for odd in sorted((there - {MANIFEST}) ^ expected.keys()):
        raise BadInput("backup.damaged", folder=str(folder), file=odd)
    for path, each in expected.items():
        if _kept(folder, folder / path) != each:
            raise BadInput("backup.damaged", folder=str(folder), file=path)
    return manifest


def restore(folder: Path, url: str, files: Path) -> Manifest:
    """Bring a backup into a database that is not there yet, or empty, and a folder likewise.

    Everything is verified before anything is written.  Raises BadInput as `verify_backup`, for a
    database or folder that has something in it and for a backup of another kind of database;
    StoreTrouble for a backup of a newer program, and where something cannot be read or written.
    """
    manifest = verify_backup(folder)
    database = database_of(url)
    if manifest.database != database.kind:
        raise BadInput("backup.other_database", kind=manifest.database)
    if manifest.schema > SCHEMA_HEAD:
        raise StoreTrouble(
            "store.schema_newer", database=str(folder), found=manifest.schema, known=SCHEMA_HEAD
        )
    database.must_be_empty()
    if files.exists() and any(files.iterdir()):
        raise BadInput("backup.files_there", folder=str(files))
    try:
        # The files first: a row must never name what is not there yet.
        _restore_files(folder / FILES, files)
        database.restored(folder / database.file)
    except OSError as error:
        raise StoreTrouble("backup.unwritable", folder=str(files)) from error
    return manifest


def copy_of(folder: Path, manifest: Manifest) -> str | None:
    """The URL under which a backup's own database can be read as it is; None where it cannot."""
    return database_of_kind(manifest.database).readable(folder)


def database_of_kind(kind: str) -> type[Database]:
    """The kind of database that a manifest names.  Raises BadInput for none."""
    found = KINDS.get(kind)
    if found is None:
        raise BadInput("backup.other_database", kind=kind)
    return found


def _all_there(wanted: set[str], kept: Iterable[Kept]) -> None:
    """Raise StoreTrouble if a file that a row names is not among those that were copied."""
    if missing := sorted(wanted - {PurePosixPath(each.path).name for each in kept}):
        raise StoreTrouble("backup.file_missing", digest=missing[0], count=len(missing))


def _heads(connection: Connection) -> Iterator[HeadOf]:
    for code in organisation_codes(connection):
        found = home(connection, code)
        if found is not None:
            store = Store(connection, found[0])
            head = store.head()
            at = store.entry_at(head.seq)
            yield HeadOf(code, head.seq, head.digest, at)


def _files(folder: Path) -> Iterator[Path]:
    """Every file that is kept; no link is followed anywhere."""
    for parent, below, names in os.walk(folder):
        below[:] = sorted(name for name in below if name != ARRIVING)
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file() and not path.is_symlink():
                yield path


def _copied(root: Path, source: Path, folder: Path) -> Kept:
    target = folder / FILES / source.relative_to(root)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    _copy(source, target)
    return _kept(folder, target)


def _copy(source: Path, target: Path) -> None:
    with source.open("rb") as read, target.open("xb") as write:
        shutil.copyfileobj(read, write, _CHUNK)
        write.flush()
        os.fsync(write.fileno())
    shutil.copymode(source, target)


def _kept(folder: Path, path: Path) -> Kept:
    if path.is_symlink():
        raise BadInput("backup.damaged", folder=str(folder), file=path.name)
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            size = file.tell()
    except OSError as error:
        raise BadInput("backup.damaged", folder=str(folder), file=path.name) from error
    return Kept(path.relative_to(folder).as_posix(), size, digest)


def _restore_files(source: Path, target: Path) -> None:
    if not source.exists():
        return
    begun = target.with_name(f".{target.name}.unfinished")
    shutil.rmtree(begun, ignore_errors=True)
    begun.mkdir(parents=True, mode=0o700)
    for each in _files(source):
        place = begun / each.relative_to(source)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _copy(each, place)
    if target.exists():
        target.rmdir()
    begun.rename(target)
    sync_folder(target.parent)


def _written(manifest: Manifest) -> str:
    return canonical(
        {
            "format": FORMAT,
            "database": manifest.database,
            "schema": manifest.schema,
            "journals": [
                {
                    "organisation": each.organisation,
                    "entry": each.entry,
                    "digest": each.digest,
                    "at": None if each.at is None else each.at.isoformat(),
                }
                for each in manifest.heads
            ],
            "files": [
                {"path": each.path, "size": each.size, "sha256": each.sha256}
                for each in manifest.kept
            ],
        }
    )


def _read(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        if path.is_symlink() or path.stat().st_size > _MOST_BYTES:
            raise BadInput("backup.none", folder=str(folder))
        told = json.loads(path.read_text("utf-8"))
        if told["format"] != FORMAT:
            raise BadInput("backup.none", folder=str(folder))
        manifest = _of(told)
    except (AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError) as error:
        raise BadInput("backup.none", folder=str(folder)) from error
    for each in manifest.kept:
        parts = PurePosixPath(each.path).parts
        if not parts or each.path[0] == "/" or ".." in parts or "\\" in each.path:
            raise BadInput("backup.damaged", folder=str(folder), file=each.path)
    return manifest


def _of(told: Mapping[str, Any]) -> Manifest:
    return Manifest(
        str(told["database"]),
        str(told["schema"]),
        tuple(
            HeadOf(
                str(each["organisation"]),
                int(each["entry"]),
                str(each["digest"]),
                None if each["at"] is None else datetime.fromisoformat(each["at"]),
            )
            for each in told["journals"]
        ),
        tuple(
            Kept(str(each["path"]), int(each["size"]), str(each["sha256"]))
            for each in told["files"]
        ),
    )
