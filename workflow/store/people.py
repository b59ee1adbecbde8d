"""Who is who: units, people, appointments and mandates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Table, bindparam, func, or_, select

from workflow import tables as t
from workflow.definition import Text
from workflow.directory import Appointment, Directory, Mandate, Unit
from workflow.prepared import unheard
from workflow.retainers import fold
from workflow.store.base import Base
from workflow.store.records import acts

_r = t.retainer_record.c
_RETAINERS = (
    select(
        _r.position,
        _r.command,
        _r.actor,
        _r.principal,
        _r.unit,
        _r.role,
        _r.payload,
        _r.filed_on,
    )
    .where(_r.organisation_id == bindparam("home"))
    .order_by(_r.position)
)


class People(Base):
    """The directory; whoever changes it makes a new version of it."""

    def directory(self) -> Directory:
        """Units, people, appointments, mandates and retainers of the organisation."""
        with unheard(self._connection):
            return self._directory()

    def _directory(self) -> Directory:
        mine = {"home": self.home.id}
        u, w, a, d = t.unit.c, t.person.c, t.appointment.c, t.mandate.c
        agent = t.person.alias("agent")
        units = self._run(select(t.unit).where(u.organisation_id == bindparam("home")), mine)
        people = self._run(select(t.person).where(w.organisation_id == bindparam("home")), mine)
        held = self._run(
            select(w.account, u.code, a.role, a.since, a.until, func.coalesce(a.appointed_by, ""))
            .join(t.person, w.id == a.person_id)
            .join(t.unit, u.id == a.unit_id)
            .where(a.organisation_id == bindparam("home"))
            .order_by(a.id),
            mine,
        )
        lent = self._run(
            select(d.id, w.account, agent.c.account, d.commands, d.since, d.until, d.ended_on)
            .join(t.person, w.id == d.principal_id)
            .join(agent, agent.c.id == d.agent_id)
            .where(d.organisation_id == bindparam("home")),
            mine,
        )
        return Directory(
            organisation=self.home.code,
            version=self.home.directory_version,
            units={
                row.code: Unit(row.code, Text(row.name_zh, row.name_en), frozenset(row.functions))
                for row in units
            },
            persons={row.account: Text(row.name_zh, row.name_en) for row in people},
            appointments=tuple(Appointment(*row) for row in held),
            mandates={
                row[0]: Mandate(row[0], row[1], row[2], frozenset(row[3]), *row[4:]) for row in lent
            },
            retainers=fold(acts(self._run(_RETAINERS, mine))),
        )

    def add_retainer_record(self, values: Mapping[str, object]) -> None:
        """An accepted act on the retainers of law firms."""
        self._run(t.retainer_record.insert().inline(), {"organisation_id": self.home.id, **values})
        self._known_anew()

    def add_mandate(
        self, principal: str, agent: str, since: date, until: date, commands: tuple[str, ...]
    ) -> int:
        """A mandate between two people of the organisation; the directory has a new version."""
        found = self._run(
            select(t.person.c.account, t.person.c.id).where(
                t.person.c.organisation_id == self.home.id,
                t.person.c.account.in_((principal, agent)),
            )
        )
        people = {row.account: row.id for row in found}
        key = self._run(
            t.mandate.insert(),
            {
                "organisation_id": self.home.id,
                "principal_id": people[principal],
                "agent_id": people[agent],
                "commands": list(commands),
                "since": since,
                "until": until,
            },
        )
        self._known_anew()
        return self._key(key.inserted_primary_key)

    def end_mandate(self, mandate: int, day: date) -> None:
        """End a mandate."""
        self._run(
            t.mandate.update().where(
                t.mandate.c.id == mandate, t.mandate.c.organisation_id == self.home.id
            ),
            {"ended_on": day},
        )
        self._known_anew()

    def add_appointment(self, held: Appointment, name: str | None) -> None:
        """Somebody in a post, with an account of that name where it is new."""
        if name is not None:
            told = {"account": held.person, "name_zh": name, "name_en": name}
            self._run(t.person.insert().inline(), {"organisation_id": self.home.id, **told})
        self._run(
            t.appointment.insert().inline(),
            {
                "organisation_id": self.home.id,
                "person_id": self._id_of(t.person, "account", held.person),
                "unit_id": self._id_of(t.unit, "code", held.unit),
                "role": held.role,
                "since": held.since,
                "until": held.until,
                "appointed_by": held.appointed_by,
            },
        )
        self._known_anew()

    def end_appointment(self, held: Appointment, last_day: date) -> None:
        """Let an appointment end with a day."""
        a = t.appointment.c
        self._run(
            t.appointment.update().where(
                a.organisation_id == self.home.id,
                a.person_id == self._id_of(t.person, "account", held.person),
                a.unit_id == self._id_of(t.unit, "code", held.unit),
                a.role == held.role,
                a.since == held.since,
                or_(a.until.is_(None), a.until > last_day),
            ),
            {"until": last_day},
        )
        self._known_anew()

    def _id_of(self, table: Table, name: str, value: str) -> int:
        found = self._run(
            select(table.c.id).where(
                table.c.organisation_id == self.home.id, table.c[name] == value
            )
        )
        return int(found.scalar_one())
