"""People, units, roles, mandates; the yearly catalogue; one's own inbox."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from starlette.responses import Response

from api.http.answering import answer, today
from api.http.authentication import asked
from api.http.door import Call
from api.http.own_tasks import tasks_page
from api.http.paging import Limit, cursor_of, next_link, page_among, page_from
from api.http.shapes.meetings import DutyLedger, YearlyCatalogue
from api.http.shapes.people import Inbox, Mandates, People, Roles, Units
from api.http.sheets import sheet_answer, wanted
from api.http.table import Cursor, Table, Whole
from api.presenting.ledger import ledger_data
from api.presenting.sheets import tasks_sheet
from api.presenting.staff import Staff
from api.presenting.yearly import catalogue_data

Staffed = Annotated[Call, Depends(asked("people"))]
Lent = Annotated[Call, Depends(asked("mandates"))]
Yearly = Annotated[Call, Depends(asked("catalogue"))]
Own = Annotated[Call, Depends(asked("inbox"))]
_PEOPLE = "/api/v1/people"
_MANDATES = "/api/v1/mandates"
_INBOX = "/api/v1/inbox"


def add(table: Table) -> None:
    """Enter the questions about who is who, and one's own."""
    table.get(_PEOPLE, "people", "people", People, _people, paged=True)
    table.get("/api/v1/units", "units", "people", Units, _units)
    table.get("/api/v1/roles", "roles", "people", Roles, _roles)
    table.get(_MANDATES, "mandates", "mandates", Mandates, _mandates, paged=True)
    table.get(
        "/api/v1/catalogue/{year}", "yearly_catalogue", "catalogue", YearlyCatalogue, _catalogue
    )
    table.get("/api/v1/duties/{year}", "duty_ledger", "catalogue", DutyLedger, _duties)
    table.get(_INBOX, "inbox", "inbox", Inbox, _inbox, paged=True, sheet=True)


def _staff(call: Call) -> Staff:
    return Staff(call.catalogue, call.ask.procedure(), call.ask.directory(), today(call))


def _people(
    request: Request, call: Staffed, limit: Limit = None, cursor: Cursor = None
) -> Response:
    """Who holds which post."""
    most = call.settings.page_of(limit)
    page = page_from(cursor, _PEOPLE, {}, partial(call.ask.people_page, most))
    data = {**_staff(call).people_data(page.items), "next": cursor_of(page, _PEOPLE, {})}
    if cursor is not None:
        data["retainers"] = []
    return answer(data, headers=next_link(request, {}, most, cursor_of(page, _PEOPLE, {})))


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


def _mandates(request: Request, call: Lent, limit: Limit = None, cursor: Cursor = None) -> Response:
    """The mandates in force."""
    most, staff = call.settings.page_of(limit), _staff(call)
    known = {each["mandate"]: each for each in staff.mandates_data()}
    told, follows = page_among(cursor, _MANDATES, {}, most, known)
    data = {"day": staff.day.isoformat(), "mandates": told, "next": follows}
    return answer(data, headers=next_link(request, {}, most, follows))


def _catalogue(year: Annotated[Whole, Path(ge=1900, le=9999)], call: Yearly) -> Response:
    """The yearly catalogue with its records."""
    return answer(catalogue_data(call.ask.catalogue(year)))


def _duties(year: Annotated[Whole, Path(ge=1900, le=9999)], call: Yearly) -> Response:
    """The ledger of the recurring duties of a year."""
    return answer(ledger_data(call.ask.duties(year), call.catalogue.locale))


def _inbox(request: Request, call: Own, limit: Limit = None, cursor: Cursor = None) -> Response:
    """What is one's own to do, and one's alerts, the newest first."""
    filters, as_sheet = {"account": call.account}, wanted(request.headers.get("accept"))
    most = call.settings.page_of(limit, sheet=as_sheet)
    page = page_from(cursor, _INBOX, filters, partial(tasks_page, call, most))
    follows = cursor_of(page, _INBOX, filters)
    headers = next_link(request, {}, most, follows)
    if as_sheet:
        told = tasks_sheet(call.catalogue, page.items)
        return sheet_answer(told, call.catalogue.text("sheet.tasks.file"), headers)
    data = {
        "account": call.account,
        "items": [asdict(each) for each in page.items],
        "next": follows,
    }
    return answer(data, headers=headers)
