"""When a matter can be heard, for programs: days as ISO text, ids of the definition, no words."""

from __future__ import annotations

from datetime import date
from typing import Any

from api.presenting.duties import duty_data
from workflow.calendar import Count
from workflow.canonical import unmet_to_json
from workflow.definition import Citation, Holder
from workflow.inquiry import Forecast
from workflow.planning import Assumed, Errand, Leg, Link, Plan, Shortening, Stretch, Variant, Wish


def forecast_data(forecast: Forecast) -> dict[str, Any]:
    """The plan of a matter and, where a day was wished for, whether it can be made."""
    plan, wish, meeting = forecast.plan, forecast.wish, forecast.meeting
    return {
        "matter": forecast.standing.facts.number,
        "stage": forecast.standing.facts.stage,
        "tabled": None
        if meeting is None
        else {"meeting": meeting.code, "held_on": meeting.held_on.isoformat()},
        **_plan(plan),
        "wish": None if wish is None else _wish(wish),
    }


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "outlook": plan.outlook.value,
        "today": plan.today.isoformat(),
        "meeting": _day(plan.meeting),
        "working_meeting": _day(plan.working_meeting),
        "tabled_from": _day(plan.tabled_from),
        "tabled_by": _day(plan.tabled_by),
        "provisional": plan.provisional,
        "notice": [count_data(count) for count in plan.notice],
        "steps": [_leg(leg) for leg in plan.legs],
        "acts": [_errand(each) for each in plan.errands],
        "today_or_late": [leg.step.id for leg in plan.pressing]
        + [each.command for each in plan.pressing_errands],
        "critical_paths": [[_link(link) for link in way] for way in plan.paths],
        "assumptions": [_assumed(each) for each in plan.assumptions],
        "barred": [step.id for step in plan.barred],
        "duties": [duty_data(duty) for duty in plan.duties],
    }


def _wish(wish: Wish) -> dict[str, Any]:
    return {
        "wished": wish.wished.isoformat(),
        "feasible": wish.feasible,
        "tabled_by": wish.tabled_by.isoformat(),
        "steps": [{"step": leg.step.id, "latest": leg.latest.isoformat()} for leg in wish.legs],
        "acts": [{"act": each.command, "latest": each.latest.isoformat()} for each in wish.errands],
        "shortenings": [_variant(each) for each in wish.variants],
    }


def _link(link: Link) -> dict[str, Any]:
    return {"step": link.step.id, "since": link.since.isoformat(), "until": link.until.isoformat()}


def _assumed(each: Assumed) -> dict[str, Any]:
    return {
        "assumption": each.what.value,
        "steps": [step.id for step in each.steps],
        "cites": _cites(each.citations),
    }


def _leg(leg: Leg) -> dict[str, Any]:
    return {
        "step": leg.step.id,
        "act": leg.act,
        "start": leg.start.isoformat(),
        "done": leg.done.isoformat(),
        "latest": leg.latest.isoformat(),
        "slack": leg.slack,
        "after": list(leg.after),
        "ready": leg.ready,
        "who": _holders(leg.who),
        "provisional": leg.provisional,
        "waits": [_stretch(each) for each in leg.waits],
        "unmet": [unmet_to_json(each) for each in leg.unmet],
    }


def _errand(errand: Errand) -> dict[str, Any]:
    return {
        "act": errand.command,
        "step": None if errand.step is None else errand.step.id,
        "day": errand.day.isoformat(),
        "latest": errand.latest.isoformat(),
        "who": _holders(errand.who),
    }


def _stretch(stretch: Stretch) -> dict[str, Any]:
    wait = stretch.wait
    return {
        "rule": wait.rule.id,
        "cites": _cites(wait.rule.citations),
        "act": wait.act,
        "since": wait.since.isoformat(),
        "then": wait.then,
        "until": wait.until.isoformat(),
        "announced": wait.chosen,
        "running": stretch.running,
        "counts": [count_data(count) for count in stretch.counts],
    }


def count_data(count: Count) -> dict[str, Any]:
    """A count with the days that mattered to it."""
    return {
        "start": count.start.isoformat(),
        "amount": count.amount,
        "unit": count.unit.value,
        "direction": count.direction.value,
        "counting": count.rule.id,
        "end": count.end.isoformat(),
        "provisional": count.provisional,
        "met": [
            {"day": each.date.isoformat(), "effect": each.effect.value, "name": each.day.name}
            for each in count.met
        ],
    }


def _variant(variant: Variant) -> dict[str, Any]:
    return {
        "makes_it": variant.makes_it,
        "meeting": variant.meeting.isoformat(),
        "periods": [_shortening(each) for each in variant.shortenings],
    }


def _shortening(each: Shortening) -> dict[str, Any]:
    return {
        "step": each.step.id,
        "rule": each.rule.id,
        "means": each.means.value,
        "act": each.act,
        "by": _holders(each.by),
        "accounts": None if each.people is None else list(each.people),
        "cites": _cites(each.citations),
        "whole": each.rule.value,
        "amount": each.amount,
        "unit": None if each.rule.unit is None else each.rule.unit.value,
        "since": _day(each.since),
        "until": _day(each.until),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _holders(holders: tuple[Holder, ...]) -> list[str]:
    return [f"{each.role} of {each.of}" for each in holders]


def _cites(citations: tuple[Citation, ...]) -> list[str]:
    return [f"{each.instrument} {each.article} ({each.confidence})" for each in citations]
