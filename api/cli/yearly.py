"""`yicheng catalogue`: the yearly catalogue of decisions, and how far each entry has come."""

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
