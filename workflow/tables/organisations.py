"""Organisations, with their units, people, appointments and mandates."""

from __future__ import annotations

from datetime import date

from sqlalchemy import JSON, BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field

from workflow.tables.columns import Id, Row, parent_key, row_id, within


class OrganisationRow(Row, table=True):
    """An organisation (单位所属的机关) with its profile and its time zone (IANA name).

    `series` are the agency codes (机关代字) under which it issues, empty for any.  From the journal
    entry of the number `signs_from` on, verdicts and opinions are signed.
    """

    __tablename__ = "organisation"

    id: int | None = row_id()
    code: str = Field(unique=True)
    name_zh: str
    name_en: str
    profile: str
    time_zone: str
    rehearsal: bool = False
    directory_version: int = 1
    series: list[str] = Field(default_factory=list, sa_type=JSON)
    signs_from: int = Field(default=1, sa_type=BigInteger)


class UnitRow(Row, table=True):
    """A unit (单位); `functions` are those that it has for the whole organisation."""

    __tablename__ = "unit"
    __table_args__ = (parent_key(), UniqueConstraint("organisation_id", "code"))

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    code: str
    name_zh: str
    name_en: str
    functions: list[str] = Field(sa_type=JSON)


class PersonRow(Row, table=True):
    """An account, named by role."""

    __tablename__ = "person"
    __table_args__ = (parent_key(), UniqueConstraint("organisation_id", "account"))

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id, foreign_key="organisation.id")
    account: str
    name_zh: str
    name_en: str


class AppointmentRow(Row, table=True):
    """A role held in a unit, both days included; open where `until` is empty.

    One that ends before it begins was called off.  `appointed_by` is the account that entered it,
    empty where it was there at the founding.
    """

    __tablename__ = "appointment"
    __table_args__ = (
        within("person_id", "person"),
        within("unit_id", "unit"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    person_id: int = Field(sa_type=Id)
    unit_id: int = Field(sa_type=Id)
    role: str
    since: date
    until: date | None = None
    appointed_by: str | None = None


class MandateRow(Row, table=True):
    """A mandate (代理授权); only its end may be written later, once."""

    __tablename__ = "mandate"
    __table_args__ = (
        parent_key(),
        within("principal_id", "person"),
        within("agent_id", "person"),
        CheckConstraint("since <= until", name="days"),
    )

    id: int | None = row_id()
    organisation_id: int = Field(sa_type=Id)
    principal_id: int = Field(sa_type=Id)
    agent_id: int = Field(sa_type=Id)
    commands: list[str] = Field(sa_type=JSON)
    since: date
    until: date
    ended_on: date | None = None
