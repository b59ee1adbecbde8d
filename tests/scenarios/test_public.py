"""Nothing is public that was not made public: held after every step of every scenario."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Final

import pytest

from api.bootstrap import House, open_rehearsal, stage
from api.founding import found
from api.rehearsal import play
from procedures import public
from procedures.book import rehearsed
from procedures.masking import MASK, masked
from procedures.organisation import ORGANISATIONS, Organisation, load_organisation
from procedures.scenario import SCENARIOS, Scenario, load_scenario
from workflow.clock import FixedClock
from workflow.facts import CALL
from workflow.inquiry import Published
from workflow.service.submitting import end_of_call
from workflow.tables.journals import PUBLISHING

HOME: Final = "jiyuan_htz"
SHIPPED: Final = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
#: The acts by which something is made public; what any other act files stays inside.
OPENING: Final = {*PUBLISHING, "publish_hearing_list", "publish_interpretation"}
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")

Answers = dict[str, Any]


@cache
def scenario(name: str) -> Scenario:
    return load_scenario(SCENARIOS / f"{name}.yaml")


@cache
def sample(profile: str | None) -> Organisation:
    return load_organisation(ORGANISATIONS / "jiyuan.yaml", rehearsed(), profile)


def shaped(each: Published) -> object:
    match each.record.command:
        case "publish_open_call":
            ends_at = end_of_call(each.record.day("closes_on"), each.home.time_zone)
            return public.call(each.facts, each.record, ends_at, each.now)
        case "publish_hearing_notice":
            return public.hearing(each.facts, each.record)
        case "publish_decision":
            return public.decision(each.facts, each.record)
        case _:
            units = each.directory.unit_names
            return public.feedback(each.procedure, each.then, each.record, units, "zh")


def answers(house: House[FixedClock]) -> Answers:
    """Everything that the public is told, but for whether the hour of a call has come."""
    told: Answers = {}
    for command in PUBLISHING:
        for each in house.public.published(HOME, command):
            data: Answers = asdict(shaped(each))  # type: ignore[call-overload]
            data.pop("running", None)
            if command != public.FEEDBACK:
                data["text"] = house.public.published_text(HOME, command, each.key)
            told[each.key] = data
    return told


def words(value: object) -> Iterator[str]:
    """Every text in an answer or a payload; days and numbers are none."""
    match value:
        case str() if not DAY.match(value):
            yield value
        case Mapping():
            for each in value.values():
                yield from words(each)
        case list() | tuple():
            for each in value:
                yield from words(each)
        case _:
            pass


@pytest.mark.parametrize(
    "name",
    [name for name in SHIPPED if any(step.do in OPENING for step in scenario(name).steps)],
)
@pytest.mark.parametrize("backend", ["sqlite"])
def test_what_is_public_was_published_by_then(name: str, database_url: str) -> None:
    held_throughout(name, database_url)


@pytest.mark.parametrize("name", ["every_opinion_answered", "hearing_rules", "sewage_charge"])
@pytest.mark.parametrize("backend", ["postgresql"])
def test_so_it_is_on_the_other_database(name: str, database_url: str) -> None:
    """Of every way to publish one; the queries are all that differs there."""
    held_throughout(name, database_url)


def test_the_other_database_sees_every_way_to_publish() -> None:
    names = ("every_opinion_answered", "hearing_rules", "sewage_charge")
    assert {step.do for name in names for step in scenario(name).steps} >= OPENING


def held_throughout(name: str, database_url: str) -> None:
    """Nothing is public that was not made public, after every step of a scenario."""
    written = scenario(name)
    with open_rehearsal(database_url, datetime(2026, 1, 1, tzinfo=UTC)) as house:
        home = sample(written.profile)
        found(house.uow, replace(home, rehearsal=True), house.clock)
        units = {each.name.zh for each in home.units}
        opened: dict[str, list[str]] = {}
        inside: dict[str, list[str]] = {}
        before: Answers = {}
        for played in play(written, stage(house, HOME)):
            if played.outcome is None or not played.outcome.done:
                continue
            number, given = str(played.matter), list(words(played.step.with_))
            inside.setdefault(number, []).extend(given)
            if played.step.do not in OPENING and not before:
                continue
            after = answers(house)
            if played.step.do not in OPENING:
                # Only publishing opens anything, and only a newer notice replaces another.
                assert after == before, f"{played.number}: {played.step.do}"
                continue
            # A publication opens its own paper, and of the feedback the table that it publishes.
            opened.setdefault(number, []).extend(given)
            if played.step.do == public.FEEDBACK:
                opened[number] += inside[number]
            if played.step.do == "publish_decision":
                issued = house.inquiry.matter(HOME, number).facts.issue
                opened[number] += [] if issued is None else [issued.text("series")]
            opened[number] += titles_and_drafts(house, number)
            known = [masked(text) for texts in opened.values() for text in texts]
            blob = "\n".join((*known, *units))
            for told in words([each for key, each in after.items() if each != before.get(key)]):
                assert all(part in blob for part in told.split(MASK)), told
            before = after


def titles_and_drafts(house: House[FixedClock], number: str) -> Iterator[str]:
    """What a publication brings with it: what the matter is called, and its text as of then."""
    facts = house.inquiry.matter(HOME, number).facts
    yield facts.title
    if facts.draft is not None:
        yield house.inquiry.draft_text(HOME, number, facts.draft.number)


def test_the_day_of_a_publication_is_no_text() -> None:
    assert list(words({"a": date(2026, 1, 1), "b": "2026-01-01", "c": ["x", 1]})) == ["x"]
    assert CALL in OPENING
