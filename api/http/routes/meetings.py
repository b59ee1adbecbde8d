"""Meetings: agenda, roster, ballots, minutes, what may be done."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from api.http.answering import answer, meeting_tag, options_data, words_of
from api.http.authentication import asked
from api.http.door import Call
from api.http.paging import Limit, page_answer, page_from
from api.http.shapes.matters import Options
from api.http.shapes.meetings import Meeting, MeetingPage, Minutes
from api.http.table import Cursor, Mandate, Named, Table
from api.presenting.meetings import Sheet, meeting_data
from workflow.inquiry import Convened

Meetings = Annotated[Call, Depends(asked("meetings"))]
_LIST = "/api/v1/meetings"


def add(table: Table) -> None:
    """Enter the questions about meetings."""
    one = f"{_LIST}/{{code}}"
    table.get(_LIST, "meetings", "meetings", MeetingPage, _meetings, paged=True)
    table.get(one, "meeting", "meetings", Meeting, _meeting, tagged=True)
    table.get(f"{one}/minutes", "minutes", "meetings", Minutes, _minutes, tagged=True)
    table.get(f"{one}/commands", "meeting_options", "meetings", Options, _options, tagged=True)


def _meetings(
    request: Request, call: Meetings, limit: Limit = None, cursor: Cursor = None
) -> Response:
    """The meetings, the newest first."""
    most = call.settings.page_of(limit)
    page = page_from(cursor, _LIST, {}, partial(call.ask.meetings_page, most))
    return page_answer(request, page, _LIST, most, meeting_data)


def _meeting(code: Named, call: Meetings) -> Response:
    """One meeting with everything on record about it."""
    convened = call.ask.convened(code)
    return _of_meeting(call, convened, meeting_data(convened))


def _minutes(code: Named, call: Meetings) -> Response:
    """The minutes, in words."""
    convened = call.ask.convened(code)
    text = Sheet(call.catalogue, convened).minutes()
    return _of_meeting(call, convened, {**meeting_data(convened), "minutes": text})


def _options(code: Named, call: Meetings, mandate: Mandate = None) -> Response:
    """What this account may do with the meeting now, and why not the rest."""
    convened = call.ask.convened(code)
    found = call.ask.options(meeting=code, mandate=mandate)
    return _of_meeting(call, convened, options_data(call, words_of(call), found))


def _of_meeting(call: Call, convened: Convened, data: dict[str, Any]) -> Response:
    return answer(data, headers={"ETag": meeting_tag(call, convened.meeting)})
