"""`yicheng meeting`: the meetings, one in full, and its minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.forms import LISTED, WholeNumber
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Group, Option
from api.presenting.page import Style

if TYPE_CHECKING:
    from workflow.inquiry import Convened

_SHEET = 88


def _list(limit: int) -> None:
    from api.presenting.meetings import meeting_data, write_meetings

    invocation = current()
    with invocation.house() as house:
        found = house.inquiry.meetings(invocation.organisation(house), limit + 1)
    if invocation.as_json:
        invocation.give([meeting_data(each) for each in found[:limit]])
        return
    catalogue = invocation.catalogue
    write_meetings(invocation.page, catalogue, found[:limit])
    if len(found) > limit:
        more = catalogue.text("meeting.more", count=limit)
        invocation.page.line(more, style=Style.QUIET)


def _show(code: str) -> None:
    from api.presenting.meetings import Sheet, meeting_data

    invocation = current()
    convened = _convened(code)
    if invocation.as_json:
        invocation.give(meeting_data(convened))
    else:
        Sheet(invocation.catalogue, convened).write(invocation.page)


def _minutes(code: str) -> None:
    from api.presenting.meetings import Sheet, meeting_data

    invocation = current()
    convened = _convened(code)
    width = min(_SHEET, invocation.page.terminal.width)
    text = Sheet(invocation.catalogue, convened).minutes(width)
    if invocation.as_json:
        invocation.give({**meeting_data(convened), "minutes": text})
    else:
        invocation.page.block(text)


def _convened(code: str) -> Convened:
    invocation = current()
    with invocation.house() as house:
        return house.inquiry.convened(invocation.organisation(house), code)


command = Group(
    "meeting",
    {
        "list": "api.cli.meeting:list_meetings",
        "show": "api.cli.meeting:show",
        "minutes": "api.cli.meeting:minutes",
    },
)
list_meetings = Command(
    "meeting.list",
    callback=_list,
    params=[
        Option("--limit", about="limit", type=WholeNumber(), default=LISTED, metavar="N"),
    ],
)
show = Command(
    "meeting.show", callback=_show, params=[Argument("code", about="meeting", required=True)]
)
minutes = Command(
    "meeting.minutes", callback=_minutes, params=[Argument("code", about="meeting", required=True)]
)
