"""People, units, roles, mandates; the yearly catalogue; one's own inbox."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Depends, Path
from starlette.responses import Response

from api.http.answering import answer, today
from api.http.authentication import asked
from api.http.door import Call
from api.http.paging import Limit
from api.http.shapes.meetings import YearlyCatalogue
from api.http.shapes.people import Inbox, Mandates, People, Roles, Units
from api.http.table import Table, Whole
from api.presenting.accounts import notice_words
from api.presenting.staff import Staff
from api.presenting.yearly import catalogue_data
from notifications.inbox import told_to

Staffed = Annotated[Call, Depends(asked("people"))]
Lent = Annotated[Call, Depends(asked("mandates"))]
Yearly = Annotated[Call, Depends(asked("catalogue"))]
Own = Annotated[Call, Depends(asked("inbox"))]


def add(table: Table) -> None:
    """Enter the questions about who is who, and one's own."""
    table.get("/api/v1/people", "people", "people", People, _people)
    table.get("/api/v1/units", "units", "people", Units, _units)
    table.get("/api/v1/roles", "roles", "people", Roles, _roles)
    table.get("/api/v1/mandates", "mandates", "mandates", Mandates, _mandates)
    table.get(
        "/api/v1/catalogue/{year}", "yearly_catalogue", "catalogue", YearlyCatalogue, _catalogue
    )
    table.get("/api/v1/inbox", "inbox", "inbox", Inbox, _inbox)


def _staff(call: Call) -> Staff:
    return Staff(call.catalogue, call.ask.procedure(), call.ask.directory(), today(call))


def _people(call: Staffed) -> Response:
    """Who holds which post."""
    return answer(_staff(call).people_data())


def _units(call: Staffed) -> Response:
    """The units with their functions and posts."""
    return answer(_staff(call).units_data())


def _roles(call: Staffed) -> Response:
    """The roles, and the commands that each may give somewhere."""
    procedure = call.ask.procedure()
    given: dict[str, set[str]] = {role: set() for role in procedure.roles}
    acts = [*procedure.permissions.items()]
    acts += [each for step in procedure.steps.values() for each in step.acts.items()]
    for command, holders in acts:
        for holder in holders:
            given.setdefault(holder.role, set()).add(command)
    told: list[dict[str, Any]] = [
        {
            "role": role,
            "name": {"zh": each.name.zh, "en": each.name.en},
            "commands": sorted(given[role]),
        }
        for role, each in procedure.roles.items()
    ]
    return answer({"procedure": procedure.id, "roles": told})


def _mandates(call: Lent) -> Response:
    """The mandates in force."""
    data = _staff(call).people_data()
    return answer({"day": data["day"], "mandates": data["mandates"]})


def _catalogue(year: Annotated[Whole, Path(ge=1900, le=9999)], call: Yearly) -> Response:
    """The yearly catalogue with its records."""
    return answer(catalogue_data(call.ask.catalogue(year)))


def _inbox(call: Own, limit: Limit = None) -> Response:
    """What is one's own to do, and one's alerts, the newest first."""
    most = call.settings.page_of(limit)
    notices = call.ask.inbox(most + 1)
    shown = notices[:most]
    told = told_to(
        call.catalogue,
        call.ask.words()[1],
        call.account,
        shown,
        call.ask.debts(),
        call.ask.told_of(shown),
    )
    zone = ZoneInfo(call.ask.organisation().time_zone)
    notices_of_account = call.house.identity.notices(call.principal)
    told += notice_words(call.catalogue, notices_of_account, zone)
    data = {
        "account": call.account,
        "items": [asdict(each) for each in told],
        "more": len(notices) > most,
    }
    return answer(data)
