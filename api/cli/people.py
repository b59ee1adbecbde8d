"""`yicheng people` and `yicheng units`: who holds which post, in which unit, and for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.invocation import current
from api.cli.shell import Command

if TYPE_CHECKING:
    from api.presenting.staff import Staff


def _people() -> None:
    invocation, staff = current(), _staff()
    if invocation.as_json:
        invocation.give(staff.people_data())
    else:
        staff.write_people(invocation.page)


def _units() -> None:
    invocation, staff = current(), _staff()
    if invocation.as_json:
        invocation.give(staff.units_data())
    else:
        staff.write_units(invocation.page)


def _staff() -> Staff:
    from api.cli.answering import today
    from api.presenting.staff import Staff

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        return Staff(
            invocation.catalogue,
            house.inquiry.procedure(organisation),
            house.inquiry.directory(organisation),
            today(house, organisation),
        )


people = Command("people", callback=_people, params=[])
units = Command("units", callback=_units, params=[])
