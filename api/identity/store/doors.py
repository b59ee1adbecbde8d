"""What a token opens, and in which organisation, before anything else is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Select, Table, bindparam, select

from api.identity import tables as t
from api.identity.principal import Administrator
from api.identity.records import Session
from workflow import tables as engine
from workflow.prepared import Prepared

_WHO: Final = (
    engine.organisation.c.id.label("organisation_id"),
    engine.organisation.c.code.label("organisation"),
    engine.organisation.c.time_zone,
    t.account.c.id.label("account_id"),
    t.account.c.name,
    t.account.c.person_id,
    t.account.c.administrator,
    t.account.c.disabled_at,
)


def _joined(asked: Select[Any], table: Table) -> Select[Any]:
    return (
        asked.select_from(table)
        .join(t.account, t.account.c.id == table.c.account_id)
        .join(engine.organisation, engine.organisation.c.id == table.c.organisation_id)
    )


_s, _k = t.session.c, t.service_token.c
# Asked with every request.
_SESSION: Final = Prepared(
    _joined(
        select(
            _s.id,
            _s.account_id,
            _s.created_at,
            _s.seen_at,
            _s.confirmed_at,
            _s.second_factor_at,
            *_WHO,
        ),
        t.session,
    ).where(_s.digest == bindparam("digest"), _s.ended_at.is_(None))
)
_TOKEN: Final = Prepared(
    _joined(select(_k.scopes, _k.created_at, _k.expires_at, *_WHO), t.service_token).where(
        _k.digest == bindparam("digest"), _k.revoked_at.is_(None)
    )
)


@dataclass(frozen=True, slots=True)
class Door:
    """Whose door it is, and whether the account itself stands in the way."""

    organisation_id: int
    organisation: str
    time_zone: str
    account_id: int
    name: str
    person_id: int | None
    administrator: Administrator | None
    disabled_at: datetime | None


def session_door(connection: Connection, digest: str) -> tuple[Door, Session] | None:
    """The session with this digest, unless it ended."""
    for row in _SESSION.read(connection, {"digest": digest}):
        return _door(row[6:]), Session(*row[:6])
    return None


def token_door(
    connection: Connection, digest: str
) -> tuple[Door, tuple[str, ...], datetime, datetime] | None:
    """The service token with this digest, unless revoked: scopes, when made, until when good."""
    for row in _TOKEN.read(connection, {"digest": digest}):
        return _door(row[3:]), tuple(row[0]), row[1], row[2]
    return None


def refused_token(
    connection: Connection, digest: str
) -> tuple[Door, datetime | None, datetime] | None:
    """Whose service token it is, when it was revoked, and until when it was good."""
    k = t.service_token
    row = connection.execute(
        _joined(select(k.c.revoked_at, k.c.expires_at, *_WHO), k).where(k.c.digest == digest)
    ).first()
    return None if row is None else (_door(row[2:]), row[0], row[1])


def every_organisation(connection: Connection) -> list[str]:
    """The codes of all organisations: where a token belongs that is none, nobody knows."""
    return list(connection.execute(select(engine.organisation.c.code)).scalars())


def whose_session(connection: Connection, digest: str) -> Door | None:
    """Whose session it is, whether or not it ended."""
    s = t.session
    row = connection.execute(_joined(select(*_WHO), s).where(s.c.digest == digest)).first()
    return None if row is None else _door(row)


def whose_link(connection: Connection, digest: str) -> Door | None:
    """Whose one-time link it is, whether or not it is good."""
    o = t.one_time_link
    row = connection.execute(_joined(select(*_WHO), o).where(o.c.digest == digest)).first()
    return None if row is None else _door(row)


def _door(row: Sequence[Any]) -> Door:
    organisation, code, zone, account, name, person, administrator, disabled = row
    kind = None if administrator is None else Administrator(administrator)
    return Door(organisation, code, zone, account, name, person, kind, disabled)
