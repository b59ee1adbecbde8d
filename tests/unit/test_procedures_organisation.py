"""An organisation's file: units, accounts and posts, all of which must fit its profile."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from procedures.book import shipped
from procedures.organisation import ORGANISATIONS, Organisation, Post, load_organisation
from procedures.source import read
from tests.unit.procedure_files import problems, told
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Text
from workflow.errors import NotFound
from workflow.retainer_forms import FileRetainer

Change = Callable[[dict[str, Any]], object]


def load(folder: Path, change: Change) -> Organisation:
    data = read(ORGANISATIONS / "jiyuan.yaml").data
    assert isinstance(data, dict)
    change(data)
    path = folder / "own.yaml"
    path.write_text(json.dumps(data, ensure_ascii=False), "utf-8")
    return load_organisation(path, shipped())


def holding(person: int, *posts: object) -> Change:
    return lambda data: data["people"][person].update(holds=list(posts))


def several(*changes: Change) -> Change:
    def change(data: dict[str, Any]) -> None:
        for each in changes:
            each(data)

    return change


def test_the_shipped_organisation_loads() -> None:
    zone = load_organisation(ORGANISATIONS / "jiyuan.yaml", shipped())
    assert (zone.id, zone.profile, zone.time_zone) == ("jiyuan_htz", "jiyuan_htz", "Asia/Shanghai")
    assert zone.rehearsal
    legal = next(unit for unit in zone.units if unit.id == "legal_office")
    assert (legal.name, legal.functions) == (Text("法制办公室", "legal office"), ("legal_office",))
    head = next(person for person in zone.people if person.account == "legal.head")
    assert head.posts == (Post("head", "legal_office"),)


def test_another_profile_may_stand_for_the_one_of_the_file() -> None:
    other = load_organisation(ORGANISATIONS / "jiyuan.yaml", shipped(), "order_713")
    assert (other.id, other.profile) == ("jiyuan_htz", "order_713")


def test_an_unknown_profile_is_not_found() -> None:
    with pytest.raises(NotFound, match=r"procedure\.unknown"):
        load_organisation(ORGANISATIONS / "jiyuan.yaml", shipped(), "moon")


def test_somebody_is_there_for_every_function_of_the_profile() -> None:
    zone = load_organisation(ORGANISATIONS / "jiyuan.yaml", shipped())
    functions = {function for unit in zone.units for function in unit.functions}
    assert functions == set(shipped().get(zone.profile).functions)


def test_a_post_may_have_a_beginning_and_an_end(tmp_path: Path) -> None:
    dated = {"post": "clerk of finance", "since": "2026-01-01", "until": "2026-06-30"}
    person = load(tmp_path, holding(0, "keeper of general_office", dated)).people[0]
    assert person.posts == (
        Post("keeper", "general_office"),
        Post("clerk", "finance", date(2026, 1, 1), date(2026, 6, 30)),
    )


def retaining(**changes: object) -> Change:
    return lambda data: data["retainers"][0].update(changes)


def test_retainers_are_kept_as_the_command_keeps_them(tmp_path: Path) -> None:
    first, second = load_organisation(ORGANISATIONS / "jiyuan.yaml", shipped()).retainers
    assert (first["number"], second["number"]) == (1, 2)
    told = FileRetainer.model_validate({n: v for n, v in first.items() if n != "number"})
    assert {**told.journal_form(), "number": 1} == first
    assert load(tmp_path, lambda data: data.pop("retainers")).retainers == ()


def test_where_no_term_is_bounded_a_long_one_is_taken(tmp_path: Path) -> None:
    change = several(retaining(until="2049-12-31"), lambda data: data.update(profile="order_713"))
    assert load(tmp_path, change).retainers[0]["until"] == "2049-12-31"


LAWYER = {"account": "firm.counsel", "clients": 2, "stated_on": "2026-01-01"}
NO_LAWYER = "organisation.not_of_firm"
STRANGER = {**LAWYER, "account": "finance.clerk"}

BROKEN: list[tuple[Change, str, str]] = [
    (retaining(firm="moon", lawyers=[LAWYER]), "retainers[1].firm", "organisation.unknown_unit"),
    (retaining(lawyers=[LAWYER, STRANGER]), "retainers[1].lawyers[2].account", NO_LAWYER),
    (retaining(until="2025-12-31"), "retainers[1].until", "organisation.ends_first"),
    (retaining(until="2029-01-01"), "retainers[1].until", "organisation.term_too_long"),
    (
        retaining(firm="finance", lawyers=[STRANGER]),
        "retainers[1].firm",
        "organisation.no_firm",
    ),
    (lambda data: data.update(profile="moon"), "profile", "procedure.unknown"),
    (lambda data: data.update(time_zone="Asia/Moon"), "time_zone", "organisation.unknown_zone"),
    (lambda data: data.update(time_zone="Asia"), "time_zone", "organisation.unknown_zone"),
    (lambda data: data.update(time_zone="../x"), "time_zone", "organisation.unknown_zone"),
    (lambda data: data.update(units=[]), "units", "source.list_too_short"),
    (lambda data: data.update(people=[]), "people", "source.list_too_short"),
    (holding(0), "people[1].holds", "source.list_too_short"),
    (holding(0, "head"), "people[1].holds[1]", "source.no_form_fits"),
    (
        holding(0, {"post": "head of finance", "sinse": "2026-01-01"}),
        "people[1].holds[1].sinse",
        "source.unknown_key_near",
    ),
    (holding(0, "head of moon"), "people[1].holds[1]", "organisation.unknown_unit"),
    (holding(0, "king of finance"), "people[1].holds[1]", "organisation.unknown_role"),
    (
        lambda data: data["units"][0].update(functions=["moon"]),
        "units[1].functions[1]",
        "organisation.unknown_function",
    ),
    (lambda data: data["units"].append(data["units"][0]), "units[15].id", "definition.twice"),
    # The second is written with a compatibility form of the same character.
    (lambda data: data.update(series=["济高管", "济⾼管"]), "series[2]", "definition.twice"),
    (
        lambda data: data["people"][1].update(account="party.secretary"),
        "people[2].account",
        "definition.twice",
    ),
    (
        holding(0, {"post": "clerk of finance", "since": "2026-02-01", "until": "2026-01-31"}),
        "people[1].holds[1]",
        "organisation.ends_first",
    ),
    (holding(1, "secretary of party_group"), "people[2].holds[1]", "organisation.held_twice"),
    (
        several(
            holding(0, {"post": "secretary of party_group", "until": "2026-03-01"}),
            holding(1, {"post": "secretary of party_group", "since": "2026-03-01"}),
        ),
        "people[2].holds[1]",
        "organisation.held_twice",
    ),
]
IDS = [f"{number}-{code}" for number, (_, _, code) in enumerate(BROKEN)]


@pytest.mark.parametrize(("change", "key", "code"), BROKEN, ids=IDS)
def test_what_does_not_fit_is_refused(change: Change, key: str, code: str, tmp_path: Path) -> None:
    assert told(lambda: load(tmp_path, change)) == [(key, code)]


@pytest.mark.parametrize("locale", locales())
@pytest.mark.parametrize(("change", "key", "code"), BROKEN, ids=IDS)
def test_what_does_not_fit_is_told_in_words(
    change: Change, key: str, code: str, locale: str, tmp_path: Path
) -> None:
    for problem in problems(lambda: load(tmp_path, change)):
        assert "own.yaml" in catalogue_for(locale).tell(problem.said)


@pytest.mark.parametrize(
    "handover",
    [
        several(
            holding(0, {"post": "secretary of party_group", "until": "2026-02-28"}),
            holding(1, {"post": "secretary of party_group", "since": "2026-03-01"}),
        ),
        several(
            holding(0, {"post": "secretary of party_group", "since": "2026-03-01"}),
            holding(1, {"post": "secretary of party_group", "until": "2026-02-28"}),
        ),
        holding(1, "member of party_group"),
    ],
    ids=["forth", "back", "not single"],
)
def test_a_role_for_one_may_be_handed_over(handover: Change, tmp_path: Path) -> None:
    assert load(tmp_path, handover).people


def test_heads_of_different_units_do_not_clash(tmp_path: Path) -> None:
    assert load(tmp_path, holding(0, "head of party_group")).people[0].posts[0].role == "head"
