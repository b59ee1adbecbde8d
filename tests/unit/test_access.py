"""Who sees what: scopes over the parties to a matter, and what the shipped table gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from procedures.book import shipped
from procedures.reading import load_access, unlisted
from tests.unit.builders import (
    CLERK,
    COUNSEL,
    DIRECTOR,
    EXPERT,
    HEAD,
    KEEPER,
    MEMBER,
    TODAY,
    Matter,
    day,
    directory,
    procedure,
)
from workflow.access import (
    UNIT_TIES,
    AccessRow,
    AccessTable,
    Area,
    Grant,
    Reach,
    Rights,
    Scope,
    Sight,
    rights,
)
from workflow.definition import Holder
from workflow.directory import Mandate
from workflow.retainers import ONE_DAY, retained_for
from workflow.ties import Party, Side, Tie

BASE = load_access().table("base", day(TODAY))
UNIT = "planning_construction"
PARTIES = [
    Party(side, code, tie)
    for tie in Tie
    for side, code in (
        (Side.UNIT, UNIT),
        (Side.UNIT, "finance"),
        (Side.PERSON, CLERK),
        (Side.PERSON, HEAD),
    )
]


def expected(grant: Grant, party: Party) -> Sight:
    """The meaning of a scope, said once more in other words, for the clerk of the unit."""
    own = party.code in (UNIT, CLERK)
    if grant.scope is Scope.ORGANISATION:
        return Sight.WHOLE
    if not own:
        return Sight.NONE
    least = {Tie.ASKED: Scope.ASKED, Tie.TABLED: Scope.TABLED}
    least |= {Tie.AUTHOR: Scope.TABLED, Tie.DOER: Scope.TABLED}
    if party.side is Side.UNIT:
        least |= dict.fromkeys(grant.ties, Scope.UNIT)
        for tie in (Tie.AUTHOR, Tie.DOER):
            del least[tie]
    else:
        del least[Tie.TABLED]
    if party.tie not in least or grant.scope < least[party.tie]:
        return Sight.NONE
    return Sight.PART if party.tie is Tie.ASKED else Sight.WHOLE


@pytest.mark.parametrize(
    ("scope", "ties"), [*product(Scope, (frozenset[Tie](), frozenset({Tie.LEAD}), UNIT_TIES))]
)
def test_a_scope_reaches_exactly_the_parties_that_it_means(
    scope: Scope, ties: frozenset[Tie]
) -> None:
    grant = Grant(scope, ties)
    row = AccessRow(Holder("clerk", "any_unit"), {Area.MATTERS: grant})
    reach = rights(AccessTable((row,)), directory(), CLERK, day(TODAY)).reach(Area.MATTERS)
    assert reach.scope is scope
    assert {party: reach.of({party}) for party in PARTIES} == {
        party: expected(grant, party) for party in PARTIES
    }
    assert reach.of(()) is (Sight.WHOLE if scope is Scope.ORGANISATION else Sight.NONE)


@pytest.mark.parametrize("row", BASE.rows, ids=lambda row: f"{row.holder.role} of {row.holder.of}")
def test_every_role_has_a_scope_for_every_area(row: AccessRow) -> None:
    assert set(row.grants) == set(Area)
    for grant in row.grants.values():
        assert bool(grant.ties) == (grant.scope is Scope.UNIT)


@pytest.mark.parametrize("definition", shipped().all(), ids=lambda each: each.id)
def test_every_role_of_every_definition_has_its_row(definition: object) -> None:
    assert unlisted(BASE, definition) == ()  # type: ignore[arg-type]


def test_supervisors_read_everything_and_are_given_no_act() -> None:
    """纪检监察: a guard over every shipped definition."""
    supervisor = rights(BASE, directory(), "discipline.supervisor", day(TODAY))
    own = {Area.INBOX}
    assert {area for area in Area if supervisor.scope(area) is not Scope.ORGANISATION} == own
    for definition in shipped().all():
        acting = (
            *definition.permissions.values(),
            *(holders for step in definition.steps.values() for holders in step.acts.values()),
            *(rule.override for step in definition.steps.values() for rule in step.rules.values()),
            *(
                (*step.waivable.request, *step.waivable.approve)
                for step in definition.steps.values()
                if step.waivable is not None
            ),
        )
        assert not any(each.role == "supervisor" for holders in acting for each in holders)


@pytest.mark.parametrize("account", [EXPERT, COUNSEL])
def test_experts_and_counsel_see_only_what_they_are_asked(account: str) -> None:
    found = rights(BASE, directory(), account, day(TODAY))
    open_ = {area for area in Area if found.scope(area) is Scope.ORGANISATION}
    assert open_ == {Area.PROCEDURES, Area.LAW, Area.CALENDAR}
    assert {area for area in Area if found.scope(area) is Scope.ASKED} == {
        Area.MATTERS,
        Area.DRAFTS,
        Area.INBOX,
    }


def test_nobody_without_a_post_sees_anything() -> None:
    """三员: the administrators of the program are no people of the organisation."""
    found = rights(BASE, directory(), "system.administrator", day(TODAY))
    assert {found.scope(area) for area in Area} == {Scope.NOTHING}
    assert found.reach(Area.MATTERS) == Reach()
    before = rights(BASE, directory(), CLERK, date(2018, 1, 1))
    assert before.scope(Area.MATTERS) is Scope.NOTHING


def test_to_have_done_something_once_opens_no_personal_data() -> None:
    """个人信息保护法 第34条: what the duty needs."""
    found = rights(BASE, directory(), CLERK, day(TODAY)).reach(Area.PERSONAL_DATA)
    seen = {party for party in PARTIES if found.of({party}) is Sight.WHOLE}
    assert seen == {Party(Side.UNIT, UNIT, Tie.LEAD)}


def test_two_posts_see_what_each_of_them_sees() -> None:
    people = directory()
    posts = [held for held in people.appointments if held.person in (CLERK, MEMBER)]
    both = replace(people, appointments=tuple(replace(held, person=CLERK) for held in posts))
    found = rights(BASE, both, CLERK, day(TODAY))
    assert found.scope(Area.MATTERS) is Scope.UNIT
    assert found.scope(Area.BALLOTS) is Scope.TABLED
    tabled = Party(Side.UNIT, "party_group", Tie.TABLED)
    assert found.reach(Area.MATTERS).of({tabled}) is Sight.WHOLE


def test_an_agent_sees_what_he_stands_in_for_while_he_does() -> None:
    lent = Mandate(1, HEAD, EXPERT, frozenset({"pause"}), day(TODAY), day("2026-09-30"), None)
    other = replace(lent, id=2, agent=KEEPER)
    people = replace(directory(), mandates={1: lent, 2: other})
    lead = Party(Side.UNIT, UNIT, Tie.LEAD)
    seen = [
        rights(BASE, people, EXPERT, day(on)).reach(Area.MATTERS).of({lead})
        for on in ("2026-08-31", TODAY, "2026-09-30", "2026-10-01")
    ]
    assert seen == [Sight.NONE, Sight.WHOLE, Sight.WHOLE, Sight.NONE]
    ended = replace(people, mandates={1: replace(lent, ended_on=day(TODAY))})
    assert rights(BASE, ended, EXPERT, day(TODAY)).reach(Area.MATTERS).of({lead}) is Sight.NONE


def test_what_is_restricted_is_seen_by_those_named_as_far_as_they_see_anyway() -> None:
    facts = Matter().did("restrict_access").facts
    everything = frozenset({Party(Side.UNIT, UNIT, Tie.LEAD)})
    found = {
        account: rights(BASE, directory(), account, day(TODAY)).sees(
            Area.MATTERS, facts, everything
        )
        for account in (HEAD, CLERK, DIRECTOR, "legal.head", EXPERT)
    }
    assert found == {
        HEAD: Sight.WHOLE,
        CLERK: Sight.NONE,
        DIRECTOR: Sight.NONE,
        "legal.head": Sight.WHOLE,
        EXPERT: Sight.NONE,
    }
    lifted = Matter().did("restrict_access").did("restrict_access", named=None, lifted=True).facts
    assert lifted.named is None
    assert Rights(CLERK).named(lifted)


def test_the_definition_in_use_says_who_sits_in_which_body() -> None:
    assert set(procedure().bodies) == {"party_group", "executive_meeting"}


def test_of_a_firm_that_is_asked_only_retained_counsel_sees_the_matter() -> None:
    asked = {Party(Side.UNIT, "law_firm", Tie.ASKED)}
    kept = retained_for(procedure())
    assert kept == (Holder("counsel", "law_firm"),)

    def seen(at: str, holders: tuple[Holder, ...]) -> Sight:
        found = rights(BASE, directory(), COUNSEL, day(at), holders)
        return found.reach(Area.MATTERS).of(asked)

    (retainer, *_) = directory().retainers.naming(COUNSEL, "law_firm")
    over = (retainer.last_day + ONE_DAY).isoformat()
    assert seen(TODAY, kept) is Sight.PART
    assert seen(over, kept) is Sight.NONE
    assert seen(over, ()) is Sight.PART, "where nobody has to be retained, the firm is enough"
