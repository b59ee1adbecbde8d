"""Retaining law firms: three years at most, its own lawyers, by nobody of the firm (Order 217)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.builders import (
    COUNSEL,
    DIRECTOR,
    LEGAL_HEAD,
    LONG_AGO,
    TODAY,
    Matter,
    codes,
    day,
    directory,
    give,
    law,
    lens,
    only,
    payload,
    procedure,
    ready,
    scene,
    specs,
)
from workflow.decisions.authority import able
from workflow.decisions.decide import decide
from workflow.decisions.retaining import last_of_term
from workflow.decisions.scene import KeepRetainer, Open
from workflow.directory import Appointment, Directory
from workflow.errors import NotFound
from workflow.refusals import Unmet
from workflow.retainers import Retainers

LAWYER = {"account": COUNSEL, "clients": 2, "stated_on": TODAY}
FILING = {"office": "司法局", "number": "1", "filed_on": TODAY}
COMMANDS = ("file_retainer", "register_retainer", "state_clients", "end_retainer")


def unfiled() -> Directory:
    people = directory()
    found = tuple(replace(each, filing=None) for each in people.retainers.all)
    return replace(people, retainers=replace(people.retainers, all=found))


def one_firm() -> Directory:
    """Only the first firm is retained."""
    people = directory()
    return replace(people, retainers=replace(people.retainers, all=people.retainers.all[:1]))


class TestFiling:
    def test_a_retainer_is_kept_under_the_next_number(self) -> None:
        decision = give("file_retainer", LEGAL_HEAD).decision
        assert decision.unmet == ()
        assert decision.effects == (KeepRetainer("file_retainer", 3, 3),)
        assert decision.record is not None
        assert decision.record["number"] == 3

    @pytest.mark.parametrize("command", COMMANDS)
    def test_it_is_the_legal_office_that_does_it(self, command: str) -> None:
        assert codes(give(command, DIRECTOR, people=unfiled())) == ["authority.role"]
        assert codes(give(command, LEGAL_HEAD, people=unfiled())) == []

    def test_three_years_at_most__henan_217(self) -> None:
        unmet = only(give("file_retainer", LEGAL_HEAD, until="2029-09-01"))
        assert (unmet.code, law(unmet)) == ("retainer.term", ["henan_217"])
        assert unmet.params == {"most": 3, "latest": day("2029-08-31")}

    def test_elsewhere_a_term_has_no_bound(self) -> None:
        place = scene(LEGAL_HEAD, Matter(rules=procedure("order_713")), command="file_retainer")
        given = payload("file_retainer", until="2049-09-01")
        verdict = decide(replace(place, facts=None), specs()["file_retainer"], given)
        assert codes(verdict) == []

    @pytest.mark.parametrize(
        ("changes", "problems"),
        [
            ({"firm": "finance"}, ["retainer.firm", "retainer.lawyers"]),
            ({"firm": "second_law_firm"}, ["retainer.lawyers"]),
            ({"until": "2026-08-31"}, ["retainer.dates"]),
            ({"lawyers": [{**LAWYER, "stated_on": "2026-09-02"}]}, ["record.future_day"]),
            ({"filing": {**FILING, "filed_on": "2026-09-02"}}, ["record.future_day"]),
            ({"filing": FILING}, []),
            ({"lawyers": [LAWYER, LAWYER]}, []),
        ],
    )
    def test_what_does_not_fit_is_told(self, changes: dict[str, Any], problems: list[str]) -> None:
        assert codes(give("file_retainer", LEGAL_HEAD, **changes)) == problems

    @pytest.mark.parametrize(
        "changes", [{"firm": "moon"}, {"lawyers": [{**LAWYER, "account": "no.body"}]}]
    )
    def test_what_there_is_not_is_not_found(self, changes: dict[str, Any]) -> None:
        with pytest.raises(NotFound):
            give("file_retainer", LEGAL_HEAD, **changes)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_nobody_does_it_for_his_own_firm(self, command: str) -> None:
        both = Appointment(LEGAL_HEAD, "law_firm", "counsel", LONG_AGO, None)
        assert codes(give(command, LEGAL_HEAD, people=unfiled().with_(both))) == [
            "retainer.of_oneself"
        ]

    def test_nobody_names_himself(self) -> None:
        own = [{**LAWYER, "account": LEGAL_HEAD}]
        assert codes(give("file_retainer", LEGAL_HEAD, lawyers=own)) == [
            "retainer.of_oneself",
            "retainer.lawyers",
        ]


class TestLater:
    def test_a_retainer_is_filed_once(self) -> None:
        assert codes(give("register_retainer", LEGAL_HEAD)) == ["retainer.registered"]
        later = {**FILING, "filed_on": "2026-09-02"}
        found = give("register_retainer", LEGAL_HEAD, people=unfiled(), filing=later)
        assert codes(found) == ["record.future_day"]

    @pytest.mark.parametrize("command", ["register_retainer", "end_retainer"])
    def test_an_unknown_retainer_is_not_found(self, command: str) -> None:
        with pytest.raises(NotFound, match=r"unknown\.retainer"):
            give(command, LEGAL_HEAD, retainer=9)

    def test_clients_are_stated_of_retained_lawyers(self) -> None:
        found = give("state_clients", LEGAL_HEAD, lawyer="expert.law")
        assert codes(found) == ["retainer.unnamed"]
        ahead = give("state_clients", LEGAL_HEAD, stated_on="2026-09-02")
        assert codes(ahead) == ["record.future_day"]
        with pytest.raises(NotFound):
            give("state_clients", LEGAL_HEAD, lawyer="no.body")

    @pytest.mark.parametrize(
        ("last_day", "problems"),
        [
            ("2026-08-31", ["retainer.dates"]),
            (TODAY, []),
            ("2028-12-30", []),
            ("2028-12-31", ["retainer.dates"]),
        ],
    )
    def test_one_ends_today_or_later_and_before_its_time(
        self, last_day: str, problems: list[str]
    ) -> None:
        assert codes(give("end_retainer", LEGAL_HEAD, last_day=last_day)) == problems


def left(command: str, people: Directory, **changes: Any) -> tuple[Unmet, ...]:
    """What it leaves unmet on an open matter."""
    place = scene(LEGAL_HEAD, command=command, people=people)
    place = replace(place, concerned=lambda _: (Open(lens(), ready().facts),))
    verdict = decide(place, specs()[command], payload(command, **changes))
    assert codes(verdict) == []
    return verdict.decision.warnings


class TestStaffing:
    def test_the_end_of_the_only_retainer_is_told_at_once(self) -> None:
        unmet = only(left("end_retainer", one_firm()))
        assert (unmet.code, unmet.params["act"], unmet.params["after"]) == (
            "staffing.left_without",
            ("record_counsel_opinion",),
            day("2026-09-30"),
        )
        assert left("end_retainer", directory()) == ()

    def test_so_is_a_lawyer_over_the_limit(self) -> None:
        found = left("state_clients", one_firm(), clients=6)
        assert [each.params["act"] for each in found] == [("record_counsel_opinion",)]
        assert left("state_clients", one_firm(), clients=5) == ()
        assert left("state_clients", directory(), clients=6) == ()

    def test_who_is_not_retained_is_not_able_to_sign(self) -> None:
        def signing(people: Directory) -> tuple[str, ...]:
            rules, act = procedure(), "record_counsel_opinion"
            holders = rules.holders(act)
            return able(rules, people, ready().facts, day(TODAY), act, holders)

        assert signing(directory()) == (COUNSEL, "second_firm.counsel")
        assert signing(one_firm()) == (COUNSEL,)
        assert signing(replace(directory(), retainers=Retainers())) == ()


@pytest.mark.parametrize(
    ("since", "years", "last"),
    [
        ("2026-01-01", 3, "2028-12-31"),
        ("2024-02-29", 3, "2027-02-28"),
        ("2024-02-29", 4, "2028-02-28"),
        ("2026-03-01", 1, "2027-02-28"),
        ("9999-01-01", 3, "9999-12-31"),
    ],
)
def test_a_term_ends_the_day_before_it_would_begin_again(since: str, years: int, last: str) -> None:
    assert last_of_term(day(since), years) == day(last)
