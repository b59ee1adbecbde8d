"""`yicheng matter`: the matters, one in full, why it is not on an agenda, and when it can be."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from api.cli.forms import LISTED, Day, WholeNumber
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Group, Option
from api.presenting.page import Style

if TYPE_CHECKING:
    from api.presenting.plan import Outline
    from workflow.definition import Procedure
    from workflow.directory import Directory
    from workflow.inquiry import Standing

_SHEET = 88


def _list(
    stage: str | None,
    unit: str | None,
    search: str,
    after: str | None,
    limit: int,
    as_sheet: bool,  # noqa: FBT001 (click's)
) -> None:
    from api.presenting.data import line_data
    from api.presenting.matters import write_list
    from procedures.wording import Wording
    from workflow.inquiry import Query

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        zone = ZoneInfo(house.inquiry.organisation(organisation).time_zone)
        directory = house.inquiry.directory(organisation)
        if stage is not None:
            _known(house.inquiry.procedure(organisation), stage)
        if unit is not None:
            _known_unit(directory, unit)
        query = Query(
            stages=frozenset() if stage is None else frozenset({stage}),
            units=frozenset() if unit is None else frozenset({unit}),
            search=search,
            after=() if after is None else tuple(after.split(",")),
            limit=limit,
        )
        found = house.inquiry.listed(organisation, query)
    if invocation.as_json:
        invocation.give([line_data(line) for line in found.items])
        return
    if as_sheet:
        from api.presenting.sheets import matters_sheet

        invocation.give_file(matters_sheet(invocation.catalogue, found.items, directory, zone))
        return
    catalogue = invocation.catalogue
    wordings = [Wording(catalogue, line.procedure, directory) for line in found.items]
    write_list(invocation.page, catalogue, found.items, wordings, zone)
    if found.next is not None:
        more = catalogue.text("matter.more", count=limit, after=",".join(found.next))
        invocation.page.line(more, style=Style.QUIET)


def _known_unit(directory: Directory, unit: str) -> None:
    from workflow.errors import NotFound

    units = directory.units
    if unit not in units:
        named = tuple(each.name.typed(each.id) for each in units.values())
        raise NotFound("unknown.unit", units=(unit,), known=tuple(units), named=named)


def _known(procedure: Procedure, stage: str) -> None:
    from workflow.errors import NotFound

    stages = procedure.stages
    if stage not in stages:
        named = tuple(each.name.typed(name) for name, each in stages.items())
        raise NotFound("matter.unknown_stage", stage=stage, known=tuple(stages), named=named)


def _show(number: str) -> None:
    from api.presenting.matters import Matter

    invocation = current()
    standing = _standing(number)
    if invocation.as_json:
        from api.presenting.data import matter_data

        invocation.give(matter_data(standing))
    else:
        Matter(invocation.catalogue, standing).write(invocation.page)


def _why(number: str) -> None:
    from api.presenting.matters import Matter

    invocation = current()
    outline = _outline(number, None)
    standing = outline.forecast.standing
    matter = Matter(invocation.catalogue, standing)
    if invocation.as_json:
        from api.presenting.data import why_data

        invocation.give(why_data(standing, outline.next_task, matter.refusals))
    else:
        matter.write_why(invocation.page, outline.write_next)


def _departures(limit: int) -> None:
    from api.presenting.supervising import supervision_data, write_supervision

    invocation = current()
    with invocation.house() as house:
        found = house.inquiry.standings(invocation.organisation(house), limit + 1)
    if invocation.as_json:
        invocation.give([supervision_data(each) for each in found[:limit]])
        return
    write_supervision(invocation.page, invocation.catalogue, found[:limit])
    if len(found) > limit:
        more = invocation.catalogue.text("matter.more_departures", count=limit)
        invocation.page.line(more, style=Style.QUIET)


def _adoption(number: str, masked: bool) -> None:  # noqa: FBT001 (click's)
    from api.presenting.adoption import adoption_data, adoption_table

    invocation = current()
    standing = _standing(number)
    if invocation.as_json:
        invocation.give(adoption_data(standing, identities=not masked))
    else:
        width = min(_SHEET, invocation.page.terminal.width)
        table = adoption_table(invocation.catalogue, standing, identities=not masked, width=width)
        invocation.page.block(table)


def _plan(number: str, by: date | None) -> None:
    invocation = current()
    outline = _outline(number, by)
    if invocation.as_json:
        from api.presenting.plan_data import forecast_data

        invocation.give(forecast_data(outline.forecast))
    else:
        outline.write(invocation.page)


def _outline(number: str, by: date | None) -> Outline:
    from api.presenting.days import Days
    from api.presenting.plan import Outline

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        forecast = house.inquiry.plan(organisation, number, by)
        days = Days(invocation.catalogue, house.days_of(organisation))
        return Outline(invocation.catalogue, days, forecast)


def _standing(number: str) -> Standing:
    invocation = current()
    with invocation.house() as house:
        return house.inquiry.matter(invocation.organisation(house), number)


command = Group(
    "matter",
    {
        "list": "api.cli.matter:list_matters",
        "show": "api.cli.matter:show",
        "why": "api.cli.matter:why",
        "adoption": "api.cli.matter:adoption",
        "departures": "api.cli.matter:departures",
        "diff": "api.cli.drafts:diff",
        "migrate": "api.cli.migrating:migrate",
        "plan": "api.cli.matter:plan",
        "signatures": "api.cli.signing:of_matter",
    },
)
list_matters = Command(
    "matter.list",
    callback=_list,
    params=[
        Option("--stage", about="stage", metavar="STAGE"),
        Option("--unit", about="list_unit", metavar="UNIT"),
        Option("--search", about="search", metavar="TEXT", default=""),
        Option("--csv", "as_sheet", about="csv", is_flag=True),
        Option("--after", about="list_after", metavar="PLACE"),
        Option("--limit", about="limit", type=WholeNumber(), default=LISTED, metavar="N"),
    ],
)
show = Command(
    "matter.show", callback=_show, params=[Argument("number", about="matter", required=True)]
)
why = Command(
    "matter.why", callback=_why, params=[Argument("number", about="matter", required=True)]
)
departures = Command(
    "matter.departures",
    callback=_departures,
    params=[Option("--limit", about="limit", type=WholeNumber(), default=LISTED, metavar="N")],
)
adoption = Command(
    "matter.adoption",
    callback=_adoption,
    params=[
        Argument("number", about="matter", required=True),
        Option("--masked", about="masked", is_flag=True),
    ],
)
plan = Command(
    "matter.plan",
    callback=_plan,
    params=[
        Argument("number", about="matter", required=True),
        Option("--by", about="by", type=Day()),
    ],
)
