"""`yicheng catalogue` and `yicheng duties`: what belongs to a year, and how far it has come."""

from __future__ import annotations

from api.cli.forms import WholeNumber
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Group


def _show(year: int) -> None:
    from api.presenting.yearly import CatalogueSheet, catalogue_data

    invocation = current()
    with invocation.house() as house:
        standing = house.inquiry.catalogue(invocation.organisation(house), year)
    if invocation.as_json:
        invocation.give(catalogue_data(standing))
    else:
        CatalogueSheet(invocation.catalogue, standing).write(invocation.page)


command = Group("catalogue", {"show": "api.cli.yearly:show"})
show = Command(
    "catalogue.show",
    callback=_show,
    params=[Argument("year", about="year", required=True, type=WholeNumber())],
)


def _duties(year: int) -> None:
    from api.presenting.ledger import DutySheet, ledger_data

    invocation = current()
    with invocation.house() as house:
        standing = house.inquiry.duties(invocation.organisation(house), year)
    if invocation.as_json:
        invocation.give(ledger_data(standing, invocation.catalogue.locale))
    else:
        DutySheet(invocation.catalogue, standing).write(invocation.page)


duties = Command(
    "duties",
    callback=_duties,
    params=[Argument("year", about="year", required=True, type=WholeNumber())],
)
