"""When a matter can be heard, and what is owed on it until when."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Annotated

from fastapi import Depends, Query, Request
from starlette.responses import Response

from api.http.answering import condition, days_of, of_matter, words_of
from api.http.authentication import asked
from api.http.door import Call
from api.http.kept import kept
from api.http.shapes.planning import Deadlines, Plan
from api.http.table import Day, Named, Table
from api.presenting.days import Days
from api.presenting.duties import duty_data
from api.presenting.plan_data import count_data, forecast_data
from procedures.wording import Wording
from workflow.inquiry import Standing
from workflow.planning import Duty

Matters = Annotated[Call, Depends(asked("matters"))]


def add(table: Table) -> None:
    """Enter the questions about days."""
    one = "/api/v1/matters/{number}"
    table.get(f"{one}/plan", "plan", "matters", Plan, _plan, tagged=True)
    table.get(f"{one}/deadlines", "deadlines", "matters", Deadlines, _deadlines, tagged=True)


def _plan(
    request: Request,
    number: Named,
    call: Matters,
    wished: Annotated[Day | None, Query()] = None,
) -> Response:
    """The earliest lawful meeting, and whether the one wished for can be made."""
    return kept(request, call, partial(_plan_of, number, wished))


def _plan_of(number: str, wished: date | None, call: Call) -> Response:
    forecast = call.ask.plan(number, wished)
    return of_matter(call, forecast.standing, forecast_data(forecast))


def _deadlines(request: Request, number: Named, call: Matters) -> Response:
    """What is owed, each with its last day, the law and the arithmetic."""
    return kept(request, call, partial(_deadlines_of, number))


def _deadlines_of(number: str, call: Call) -> Response:
    standing = call.ask.matter(number)
    days = Days(call.catalogue, days_of(call))
    told = [_deadline(call, standing, duty, days) for duty in standing.duties]
    return of_matter(call, standing, {"matter": number, "deadlines": told})


def _deadline(call: Call, standing: Standing, duty: Duty, days: Days) -> dict[str, object]:
    wording = Wording(call.catalogue, standing.procedure, standing.directory)
    what = wording.act(duty.act, duty.step)
    rule = None if duty.deadline is None else duty.deadline.rule
    return {
        **duty_data(duty),
        "what": what,
        "law": [] if rule is None else [wording.citation(each) for each in rule.citations],
        "story": [days.story(what, each) for each in duty.counts],
        "counts": [count_data(each) for each in duty.counts],
        "unmet": None if duty.unmet is None else condition(words_of(call, standing), duty.unmet),
    }
