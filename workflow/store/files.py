"""The rows of files. Their bytes are in the file store, under the digests that stand here."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, text

from workflow import tables as t
from workflow.files import Filed, FileState, told_in
from workflow.store.base import Base

_f, _m = t.file.c, t.matter.c
_LOCK_CLASS = 0x5946
"""The first half of PostgreSQL's key for our locks of files; the organisation is the rest."""
_LOCK = text("SELECT pg_advisory_xact_lock(:of, hashint8(:organisation))")
_PAGE = 500


class Files(Base):
    """Files staged, attached, in quarantine, and what is left of those erased."""

    def hold_the_files(self) -> None:
        """Let nobody else keep or delete bytes of the organisation until the end."""
        # SQLite has one writer at a time anyway.
        if self._dialect == "postgresql":
            self._run(_LOCK, {"of": _LOCK_CLASS, "organisation": self.home.id})

    def add_file(self, values: Mapping[str, object]) -> None:
        """A file that came in."""
        self._run(t.file.insert().inline(), {"organisation_id": self.home.id, **values})

    def file(self, key: str) -> Filed | None:
        """The file of this id."""
        return self.files_named((key,)).get(key)

    def files_named(self, keys: Collection[str]) -> dict[str, Filed]:
        """The files of these ids, as far as there are such."""
        if not keys:
            return {}
        return {each.key: each for each in self._files(_f.key.in_(sorted(set(keys))), len(keys))}

    def files_and_copies(self, keys: Collection[str]) -> dict[str, Filed]:
        """The files of these ids, and those with the same bytes that say so."""
        found = self.files_named(keys)
        digests = {each.digest for each in found.values() if each.digest}
        for digest in sorted(digests):
            found |= {each.key: each for each in self.copies_of(digest)}
        return found

    def copies_of(self, digest: str) -> list[Filed]:
        """The files of this digest, in the order in which they came in."""
        return list(self._every(_f.digest == digest))

    def file_asked(self, request_key: str) -> Filed | None:
        """The file that came in by a request with this key."""
        return next(iter(self._files(_f.request_key == request_key, 1)), None)

    def files_of(self, account: str, limit: int) -> list[Filed]:
        """What an account has uploaded and nothing was done with yet, the newest first."""
        waiting = (FileState.STAGED.value, FileState.QUARANTINED.value)
        return self._files((_f.uploader == account) & _f.state.in_(waiting), limit, newest=True)

    def files_quarantined(self, limit: int) -> list[Filed]:
        """What waits in quarantine, the oldest first."""
        return self._files(_f.state == FileState.QUARANTINED.value, limit)

    def files_of_matter(self, number: str) -> list[Filed]:
        """What is attached to a matter, in the order in which it came in."""
        return list(self._every(_m.number == number))

    def every_file(self) -> Iterator[Filed]:
        """All of them, in the order in which they came in."""
        return self._every(_f.id > 0)

    def files_expired(self, before: datetime) -> list[Filed]:
        """What lies staged since this moment or longer."""
        staged = _f.state == FileState.STAGED.value
        return list(self._every(staged & (_f.staged_at <= before)))

    def files_told(self) -> Iterator[tuple[str, tuple[int, str, int]]]:
        """The files that entries of the journal say they attached: entry, digest and size."""
        j = t.journal.c
        # The database looks for them: most entries name no file, and some have long bodies.
        naming = (
            select(j.seq, j.body)
            .where(
                *(j.organisation_id == self.home.id, j.status == "done", j.matter_id.is_not(None)),
                j.body.contains('"files":[', autoescape=True),
            )
            .order_by(j.seq)
        )
        after = 0
        while page := self._run(naming.where(j.seq > after).limit(_PAGE)).all():
            for seq, body in page:
                for each in told_in(json.loads(body)):
                    yield str(each["id"]), (seq, str(each["digest"]), int(each["size"]))
            after = page[-1].seq

    def staged_bytes(self) -> int:
        """How much lies there that no act has named yet."""
        total = self._run(
            select(func.coalesce(func.sum(_f.size), 0)).where(
                _f.organisation_id == self.home.id,
                _f.state.in_((FileState.STAGED.value, FileState.QUARANTINED.value)),
            )
        ).scalar()
        return int(total or 0)

    def digest_named(self, digest: str) -> bool:
        """Whether any file has this digest."""
        found = self._run(
            select(_f.id).where(_f.organisation_id == self.home.id, _f.digest == digest).limit(1)
        ).first()
        return found is not None

    def attach_files(self, ids: Collection[int], matter: int, entry: int) -> None:
        """They belong to a matter from this entry on."""
        values = {"state": FileState.ATTACHED.value, "matter_id": matter, "journal_seq": entry}
        self._change(ids, values)

    def erase_file(self, id: int, entry: int) -> None:  # noqa: A002 - its name
        """Nothing is left of it but that, and the entry that tells it."""
        nothing = {"name": "", "digest": "", "algorithm": "", "media": "", "size": 0}
        self._change((id,), {**nothing, "state": FileState.ERASED.value, "journal_seq": entry})

    def release_file(self, id: int, entry: int) -> None:  # noqa: A002 - its name
        """It is out of quarantine."""
        self._change((id,), {"state": FileState.STAGED.value, "released_seq": entry})

    def forget_file(self, id: int) -> None:  # noqa: A002 - its name
        """Delete the row of one that was staged and never named."""
        self._run(t.file.delete().where(_f.organisation_id == self.home.id, _f.id == id))

    def _change(self, ids: Collection[int], values: Mapping[str, object]) -> None:
        self._run(
            t.file.update()
            .where(_f.organisation_id == self.home.id, _f.id == bindparam("of"))
            .values(**values),
            [{"of": each} for each in ids],
        )

    def _every(self, which: Any) -> Iterator[Filed]:  # noqa: ANN401
        after = 0
        while page := self._files(which & (_f.id > after), _PAGE):
            yield from page
            after = page[-1].id

    def _files(self, which: Any, limit: int, *, newest: bool = False) -> list[Filed]:  # noqa: ANN401
        rows = self._run(
            select(
                *(_f.id, _f.key, _f.uploader, _f.name, _f.size, _f.algorithm, _f.digest, _f.media),
                *(_f.state, _f.staged_at, _f.searched, _m.number, _f.journal_seq, _f.level),
                _f.released_seq,
            )
            .outerjoin(t.matter, _m.id == _f.matter_id)
            .where(_f.organisation_id == self.home.id, which)
            .order_by(_f.id.desc() if newest else _f.id)
            .limit(limit)
        )
        return [
            Filed(*[*row[:8], FileState(row[8]), *row[9:14], row[14] is not None]) for row in rows
        ]


def attached_digests(connection: Connection) -> Iterator[str]:
    """The digests of the files that matters of any organisation have: these stay for good."""
    rows = connection.execute(
        select(_f.digest).where(_f.state == FileState.ATTACHED.value).distinct()
    )
    yield from rows.scalars()
