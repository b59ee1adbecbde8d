"""Keys held for people, and the signatures on the acts of a matter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from workflow import tables as t
from workflow.prepared import Prepared
from workflow.signing import HeldKey, Kept, PublicKey, Signed
from workflow.store.base import Base

_k, _s, _p = t.signing_key.c, t.signature.c, t.person.c
_PUBLIC = (_k.fingerprint, _k.algorithm, _k.public, _p.account, _k.made_at, _k.ended_at)
_KEPT = Prepared(
    select(_s.position, _s.statement, _s.value, *_PUBLIC)
    .select_from(
        t.signature.join(t.signing_key, _k.id == _s.key_id).join(t.person, _p.id == _k.person_id)
    )
    .where(_s.matter_id == bindparam("matter"))
)
_OPEN_KEY = Prepared(
    select(_k.id, _k.held, *_PUBLIC)
    .join_from(t.signing_key, t.person, _p.id == _k.person_id)
    .where(
        _k.organisation_id == bindparam("home"),
        _p.account == bindparam("account"),
        _k.ended_at.is_(None),
    )
    .with_for_update(of=t.signing_key, key_share=True)
)
_ADD_SIGNATURE = Prepared(
    t.signature.insert().inline(), *(column.name for column in t.signature.c if column.name != "id")
)
_UNTIL = select(func.max(t.record.c.position)).where(
    t.record.c.matter_id == bindparam("matter"), t.record.c.journal_seq < bindparam("signs_from")
)


class Signatures(Base):
    """What is signed, and with what."""

    def signing_key(self, account: str) -> tuple[int, HeldKey] | None:
        """The key with which a person signs now, by its id; locked until the end of the work."""
        mine = {"home": self.home.id, "account": account}
        rows = _OPEN_KEY.read(self._connection, mine)
        if not rows:
            return None
        (row,) = rows
        return row[0], HeldKey(PublicKey(*row[2:]), row[1])

    def add_signing_key(self, key: HeldKey) -> int:
        """A key for a person, by its id; the journal's newest entry must tell of it."""
        public = key.public
        person = select(_p.id).where(
            _p.organisation_id == self.home.id, _p.account == public.account
        )
        made = self._run(
            t.signing_key.insert(),
            {
                "organisation_id": self.home.id,
                "person_id": self._run(person).scalar_one(),
                "fingerprint": public.fingerprint,
                "algorithm": public.algorithm,
                "public": public.public,
                "held": key.held,
                "made_at": public.made_at,
            },
        )
        return self._key(made.inserted_primary_key)

    def add_signature(
        self, about: tuple[int, int], key: int, signed: Signed, at: datetime, entry: int
    ) -> None:
        """The signature on a record, which must be there already: of a matter, at a position."""
        _ADD_SIGNATURE.write(
            self._connection,
            {
                "organisation_id": self.home.id,
                "matter_id": about[0],
                "position": about[1],
                "key_id": key,
                "statement": signed.statement,
                "value": signed.value,
                "signed_at": at,
                "journal_seq": entry,
            },
        )

    def kept_signatures(self, matter: int) -> Kept:
        """The signatures on a matter."""
        rows = _KEPT.read(self._connection, {"matter": matter})
        signed = {row[0]: Signed(row[1], row[2], PublicKey(*row[3:])) for row in rows}
        until = 0
        if self.home.signs_from > 1:
            told = {"matter": matter, "signs_from": self.home.signs_from}
            until = self._run(_UNTIL, told).scalar() or 0
        return Kept(self.home.code, signed, until)


def signing_keys(
    connection: Connection, organisation: int, person: int
) -> list[tuple[PublicKey, str | None]]:
    """The keys of a person, the oldest first, each with why it ended."""
    rows = connection.execute(
        select(*_PUBLIC, _k.ended_why)
        .join_from(t.signing_key, t.person, _p.id == _k.person_id)
        .where(_k.organisation_id == organisation, _k.person_id == person)
        .order_by(_k.id)
    )
    return [(PublicKey(*row[:6]), row.ended_why) for row in rows]


def end_signing_key(
    connection: Connection, organisation: int, person: int, why: str, now: Callable[[], datetime]
) -> bool:
    """End the key with which a person signs, if there is one; whoever signs later has another.

    Whoever signs at the moment is waited for, and the clock is read only then, so that a key never
    ends before its last signature.
    """
    mine = (
        select(_k.id, _k.made_at)
        .where(_k.organisation_id == organisation, _k.person_id == person, _k.ended_at.is_(None))
        .with_for_update()
    )
    found = connection.execute(mine).first()
    if found is None:
        return False
    connection.execute(
        t.signing_key.update()
        .where(_k.id == found.id)
        .values(ended_at=max(now(), found.made_at), ended_why=why)
    )
    return True
