"""Files on their way in and out (文件): staged, looked into, kept, swept, and verified.

Staging is no command: nothing of a matter changes until an act names the file.  The bytes come
before the row, and go after it, both under one lock of the organisation's files: so whenever the
machine stops, what is left is at worst a file that no row names, which `verify` shows and `sweep`
takes away.
"""

from __future__ import annotations

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from workflow.canonical import canonical
from workflow.definition import AlertOn
from workflow.errors import BadInput, Conflict, NotFound, StoreTrouble
from workflow.files import (
    ALGORITHM,
    CONFIRM_QUARANTINE,
    QUARANTINE,
    Arriving,
    Blob,
    Examiner,
    Filed,
    FileLimits,
    FileState,
    FileStore,
    Mark,
    attachable,
    cleaned_name,
    new_id,
)
from workflow.ports import Clock
from workflow.service.rulebook import Rulebook
from workflow.store import Home, Store, home
from workflow.uow import UnitOfWork

_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Staged:
    """A file that came in. `advice` are marks that do not keep it from being used.

    `alerts` are the accounts told of its quarantine; `replayed`: it had come in before.
    """

    file: Filed
    advice: tuple[Mark, ...] = ()
    alerts: tuple[str, ...] = ()
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Swept:
    """What was taken away: expired rows, bytes that no row names, and unfinished arrivals."""

    expired: int
    orphans: int
    leftovers: int


@dataclass(frozen=True, slots=True)
class FileFlaw:
    """Something that does not agree: its code, and the file or the digest that it is about."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class FileAudit:
    """What verification found; `rows` and `blobs` are how many were looked at."""

    rows: int
    blobs: int
    flaws: tuple[FileFlaw, ...]


class Upload:
    """One file on its way in; discard it in any case."""

    def __init__(
        self, arriving: Arriving, limit: int, complete: Callable[[str, str | None], Staged]
    ) -> None:
        self._arriving = arriving
        self._limit = limit
        self._complete = complete

    def write(self, data: bytes) -> None:
        """Take the next bytes.  Raises BadInput beyond the limit, StoreTrouble on a full disk."""
        if self._arriving.size + len(data) > self._limit:
            raise BadInput("file.too_large", limit=self._limit)
        self._arriving.write(data)

    def complete(self, key: str | None = None, expected: str = "") -> Staged:
        """Look into it and keep it; with a `key` only once however often it comes.

        Raises BadInput for what must not be kept, or is not of the digest that was `expected`, and
        Conflict for a key of another file.
        """
        digest = self._arriving.finish()
        if expected not in ("", digest):
            raise BadInput("file.digest_differs")
        return self._complete(digest, key)

    def discard(self) -> None:
        """Leave nothing that was not kept."""
        self._arriving.discard()


class Filing:
    """Keeps files. Safe to share between threads; each has its own connection."""

    def __init__(
        self,
        uow: UnitOfWork,
        book: Rulebook,
        clock: Clock,
        files: FileStore,
        examiner: Examiner,
        limits: FileLimits,
    ) -> None:
        self._uow = uow
        self._book = book
        self._clock = clock
        self._files = files
        self._examiner = examiner
        self.limits = limits

    # --- in ---

    def begin(self, organisation: str, account: str, name: str, size: int | None = None) -> Upload:
        """Begin to take a file in from somebody; `size` is what they say it has.

        Raises NotFound for somebody unknown, BadInput for what is too much from the beginning.
        """
        if size is not None and size > self.limits.file_bytes:
            raise BadInput("file.too_large", limit=self.limits.file_bytes)
        with self._uow.read() as connection:
            store = self._store(connection, organisation)
            if account not in self._book.directory(store).persons:
                raise NotFound("unknown.person", person=account)
            self._room_for(store, size or 0)
        arriving = self._files.begin(organisation)

        def complete(digest: str, key: str | None) -> Staged:
            return self._complete(store.home, account, name, arriving, digest, key)

        return Upload(arriving, self.limits.file_bytes, complete)

    def _complete(
        self,
        at_home: Home,
        account: str,
        name: str,
        arriving: Arriving,
        digest: str,
        key: str | None,
    ) -> Staged:
        with arriving.open() as blob:
            content = self._examiner.content(blob, name)
            # The name as it came and as it is kept: cleaning may bring a mark together.
            named = (self._book.marks_of(each) for each in (name, cleaned_name(name)))
            marks = (*chain.from_iterable(named), *self._book.marks_in(content.pieces()))
            searched = content.searched and content.whole()
        blocking = next((each.level for each in marks if each.blocks), "")
        with self._uow.write() as work:
            store = Store(work, at_home)
            store.hold_the_files()
            known = None if key is None else store.file_asked(str(key))
            if known is not None:
                return _replayed(known, account, digest)
            self._room_for(store, arriving.size)
            if not blocking:
                # The same bytes under another name are the same paper.
                held = (each for each in store.copies_of(digest))
                blocking = next((e.level for e in held if e.state is FileState.QUARANTINED), "")
            at = self._clock.now()
            arriving.keep()
            values: dict[str, object] = {
                "key": new_id(secrets.choice),
                "uploader": account,
                "name": cleaned_name(name),
                "size": arriving.size,
                "algorithm": ALGORITHM,
                "digest": digest,
                "media": content.media,
                "searched": searched,
                "level": blocking,
                "state": (FileState.QUARANTINED if blocking else FileState.STAGED).value,
                "staged_at": at,
                "request_key": key,
            }
            store.add_file(values)
            alerts = self._alert(store, account, str(values["key"]), at) if blocking else ()
            found = store.file(str(values["key"]))
        if found is None:
            raise StoreTrouble("file.gone", digest=digest)
        advice = () if blocking else tuple(dict.fromkeys(marks))
        return Staged(found, advice, alerts)

    def _room_for(self, store: Store, size: int) -> None:
        limit = self.limits.staged_bytes
        if store.staged_bytes() + size > limit:
            raise BadInput("file.too_many_staged", limit=limit)

    def _alert(self, store: Store, account: str, key: str, at: datetime) -> tuple[str, ...]:
        """Tell those who can look after the quarantine; of the file nothing but its id."""
        day = at.astimezone(ZoneInfo(store.home.time_zone)).date()
        procedure = self._book.current(store.home, day).procedure
        directory = self._book.directory(store)
        told: dict[str, None] = {}
        for held in directory.people(procedure.holders(CONFIRM_QUARANTINE), None, day):
            if held.person == account or held.person in told:
                continue
            told[held.person] = None
            body: dict[str, object] = {
                "matter": None,
                "title": "",
                "meeting": None,
                "command": CONFIRM_QUARANTINE,
                "actor": account,
                "entry": 0,
                "procedure": procedure.digest,
                "on": AlertOn.DONE.value,
                "refusals": [],
                "file": key,
            }
            store.add_alert(
                {
                    "key": f"{QUARANTINE}:{key}:{held.person}",
                    "kind": QUARANTINE,
                    "recipient": held.person,
                    "matter_id": None,
                    "meeting_id": None,
                    "day": day,
                    "body": canonical(body),
                    "count": 1,
                    "first_at": at,
                    "last_at": at,
                }
            )
        return tuple(told)

    # --- out ---

    def open(self, organisation: str, file: Filed) -> Blob:
        """The bytes of a file.  Raises BadInput in quarantine, StoreTrouble where they are gone."""
        if file.state in (FileState.QUARANTINED, FileState.ERASED):
            raise BadInput(f"file.is_{file.state.value}", file=file.key)
        blob = self._files.open(organisation, file.digest)
        if blob.size != file.size:
            with blob:
                raise StoreTrouble("file.replaced", digest=file.digest)
        return blob

    def draft_text(self, organisation: str, account: str, name: str) -> str:
        """The text of a draft, out of a file that the account may attach.

        Raises NotFound, and BadInput where it has no text of its own.
        """
        with self._uow.read() as connection:
            known = self._store(connection, organisation).files_named((name,))
        found = attachable((name,), known, account)[0]
        with self.open(organisation, found) as blob:
            return self._examiner.draft(blob, found.media)

    def listed(
        self, organisation: str, account: str | None, matter: str | None, limit: int
    ) -> list[Filed]:
        """What is attached to a matter, or waits for an account; else what is in quarantine."""
        with self._uow.read() as connection:
            store = self._store(connection, organisation)
            if matter is not None:
                return store.files_of_matter(matter)
            if account is not None:
                return store.files_of(account, limit)
            return store.files_quarantined(limit)

    # --- away ---

    def to_erase(self, organisation: str, name: str) -> str:
        """The digest of a file that is in quarantine, empty where none is."""
        with self._uow.read() as connection:
            found = self._store(connection, organisation).file(name)
        return "" if found is None or found.state is not FileState.QUARANTINED else found.digest

    def clear(self, organisation: str, digest: str) -> bool:
        """Delete bytes that no row names; tells whether there were such."""
        with self._uow.write() as work:
            store = self._store(work, organisation)
            store.hold_the_files()
            if store.digest_named(digest) or not self._files.has(organisation, digest):
                return False
            self._files.delete(organisation, digest)
            return True

    def sweep(self, organisation: str) -> Swept:
        """Let go of what lay staged for too long, and of what a crash left."""
        with self._uow.write() as work:
            store = self._store(work, organisation)
            store.hold_the_files()
            gone = store.files_expired(self._clock.now() - timedelta(days=self.limits.staged_days))
            for each in gone:
                store.forget_file(each.id)
        orphans = sum(self.clear(organisation, each) for each in self._files.digests(organisation))
        return Swept(len(gone), orphans, self._files.leftovers(organisation, remove=True))

    # --- verified ---

    def verify(self, organisation: str) -> FileAudit:
        """Hold the rows against the bytes, and against the journal."""
        with self._uow.read() as connection:
            store = self._store(connection, organisation)
            rows = list(store.every_file())
            told = dict(store.files_told())
        flaws = [*_against_journal(rows, told)]
        named = Counter(each.digest for each in rows if each.digest)
        there = set(self._files.digests(organisation))
        flaws += [FileFlaw("missing", each) for each in sorted(named.keys() - there)]
        flaws += [
            FileFlaw("replaced", each)
            for each in sorted(named.keys() & there)
            if self._digest(organisation, each) != each
        ]
        # Somebody may have come in since the rows were read.
        flaws += [
            FileFlaw("orphan", each)
            for each in sorted(there - named.keys())
            if self._unnamed(organisation, each)
        ]
        left = self._files.leftovers(organisation, remove=False)
        flaws += [FileFlaw("leftover", str(left))] if left else []
        return FileAudit(len(rows), len(there), tuple(flaws))

    def _unnamed(self, organisation: str, digest: str) -> bool:
        with self._uow.write() as work:
            store = self._store(work, organisation)
            store.hold_the_files()
            return not store.digest_named(digest) and self._files.has(organisation, digest)

    def _digest(self, organisation: str, digest: str) -> str:
        found = hashlib.sha256()
        try:
            with self._files.open(organisation, digest) as blob:
                while raw := blob.read(_PIECE):
                    found.update(raw)
        except (StoreTrouble, OSError):
            return ""
        return found.hexdigest()

    def _store(self, connection: Connection, organisation: str) -> Store:
        where = home(connection, organisation)
        if where is None:
            raise NotFound("unknown.organisation", organisation=organisation)
        return Store(connection, where[0])


def _replayed(known: Filed, account: str, digest: str) -> Staged:
    """The same file once more by the same key.  Raises Conflict for another."""
    if known.uploader != account or known.digest != digest:
        raise Conflict("request.key_reused", key="")
    return Staged(known, replayed=True)


def _against_journal(
    rows: list[Filed], told: Mapping[str, tuple[int, str, int]]
) -> Iterator[FileFlaw]:
    """Rows that the journal does not tell of as they are, and files told of that have no row."""
    attached = {each.key: each for each in rows if each.state is FileState.ATTACHED}
    for key, row in attached.items():
        if told.get(key) != (row.seq, row.digest, row.size):
            yield FileFlaw("untold", key)
    yield from (FileFlaw("dangling", key) for key in told.keys() - attached.keys())
