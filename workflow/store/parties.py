"""Who has a part in a matter, beside it in a table, so that lists can ask for it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, exists, or_, select

from workflow import tables as t
from workflow.prepared import Prepared
from workflow.store.base import Base
from workflow.ties import Party, Side, Tie

_m, _y = t.matter.c, t.matter_party.c
_ADD = Prepared(t.matter_party.insert().inline(), *t.matter_party.c.keys())


_n = t.matter_party.alias().c


def _named(side: object, account: object, tie: object) -> Any:  # noqa: ANN401
    return exists().where(_n.matter_id == _m.id, _n.side == side, _n.code == account, _n.tie == tie)


_NAMED: Final = {"side": Side.PERSON.value, "tie": Tie.NAMED.value}
_KEPT_FROM: Final = Prepared(
    select(_m.number, _m.title).where(
        _m.organisation_id == bindparam("home"),
        _m.restricted,
        ~_named(bindparam("side"), bindparam("account"), bindparam("tie")),
    )
)


class Parties(Base):
    """The parties to matters."""

    def change_parties(
        self, matter: int, added: Collection[Party], removed: Collection[Party]
    ) -> None:
        """Note who has come to have a part in a matter, and who has it no more."""
        if removed:
            self._run(t.matter_party.delete().where(_y.matter_id == matter, _among(removed)))
        rows = [
            {
                "organisation_id": self.home.id,
                "matter_id": matter,
                "side": party.side.value,
                "code": party.code,
                "tie": party.tie.value,
            }
            for party in sorted(added)
        ]
        if len(rows) == 1:
            _ADD.write(self._connection, rows[0])
        elif rows:
            self._run(t.matter_party.insert().inline(), rows)

    def every_party(self) -> Iterator[tuple[str, Party]]:
        """Number of the matter and party, for all that are kept."""
        rows = self._run(
            select(_m.number, _y.side, _y.code, _y.tie)
            .join(t.matter_party, _y.matter_id == _m.id)
            .where(_m.organisation_id == self.home.id)
        )
        for number, side, code, tie in rows:
            yield number, Party(Side(side), code, Tie(tie))

    def kept_from(self, account: str) -> Mapping[str, str]:
        """Number and title of every matter that is restricted to others than this account."""
        told = {"home": self.home.id, "account": account, **_NAMED}
        rows = _KEPT_FROM.read(self._connection, told)
        return {number: title or "" for number, title in rows}

    def unmasked(self, account: str, since: datetime) -> Mapping[str, frozenset[str | None]]:
        """The matters, and of each the steps (None: all), that an account unmasked since then."""
        j = t.journal.c
        rows = self._run(
            select(j.body).where(
                j.organisation_id == self.home.id,
                j.command == "unmask",
                j.actor == account,
                j.at >= since,
                j.status == "done",
            )
        )
        found: dict[str, frozenset[str | None]] = {}
        for (body,) in rows:
            payload = json.loads(body)["payload"]
            steps = found.get(payload["matter"], frozenset())
            found[payload["matter"]] = steps | {payload.get("step")}
        return found

    def matter_id(self, number: str) -> int | None:
        """The key of a matter."""
        found = self._run(
            select(_m.id).where(_m.organisation_id == self.home.id, _m.number == number)
        ).scalar()
        return None if found is None else int(found)


def named(account: str) -> Any:  # noqa: ANN401
    """Whether an account is among those to whom the matter of the row is restricted."""
    return _named(Side.PERSON.value, account, Tie.NAMED.value)


def with_one_of(parties: Collection[Party], home: int) -> Any:  # noqa: ANN401
    """Whether the matter of the row has one of these parties."""
    return _m.id.in_(select(_y.matter_id).where(_y.organisation_id == home, _among(parties)))


def _among(parties: Collection[Party]) -> Any:  # noqa: ANN401
    """Whether a party of the row is one of these."""
    ties: dict[tuple[Side, str], set[str]] = {}
    for side, code, tie in parties:
        ties.setdefault((side, code), set()).add(tie.value)
    return or_(
        *(
            and_(_y.side == side.value, _y.code == code, _y.tie.in_(sorted(which)))
            for (side, code), which in sorted(ties.items())
        )
    )
