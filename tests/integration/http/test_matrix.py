"""Every route, by everybody, on what is theirs and what is not: `matrix.yaml` says what happens.

A route or command that is not entered there fails, and so does a combination that no row or more
than one decides.  What somebody may not know of occurs in no byte of any answer to them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from random import Random
from typing import Final

import pytest

from api.http.app import create_app
from api.http.table import Entry
from procedures.reading import load_access
from tests.databases import Databases
from tests.integration.house import FIRST_DAY, sample
from tests.integration.http.matrix_table import Matrix, matrix, outcome_of, things_of
from tests.integration.http.matrix_world import (
    FOREIGN_WORD,
    MATTERS,
    World,
    word,
    world,
)
from workflow.definition import Relation

#: Of PostgreSQL every tenth combination is asked: the rules are the same, the queries are not.
TENTH: Final = 10
Combination = tuple[Entry, str, str]


@cache
def entries() -> tuple[Entry, ...]:
    return tuple(create_app(None, None).state.table.entries)  # type: ignore[arg-type]


def combinations(table: Matrix) -> Iterator[Combination]:
    for asker in table.askers:
        for entry in entries():
            for thing in things_of(entry):
                yield entry, asker, thing


@pytest.fixture(scope="module")
def worlds(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], World]]:
    """The world on one database or the other, made once for all questions."""
    made: dict[str, World] = {}
    with ExitStack() as stack:

        def on(backend: str) -> World:
            if backend not in made:
                databases: Databases = request.getfixturevalue(f"_{backend}")
                url = databases.create()
                stack.callback(databases.drop, url)
                folder = tmp_path_factory.mktemp(backend)
                made[backend] = stack.enter_context(world(url, folder, matrix().askers))
            return made[backend]

        yield on


def found(table: Matrix, at: World, combination: Combination) -> list[str]:
    """What is wrong with the answer to one combination."""
    entry, asker, thing = combination
    meant = table.thing(asker, thing)
    answer = at.asked(entry, asker, meant)
    said, is_ = table.outcome(entry.name, asker, thing), outcome_of(entry, answer)
    about = f"{entry.name} by {asker} for {thing}"
    wrong = [] if is_ == said else [f"{about}: {is_} ({answer.status}), not {said}"]
    known = {*table.sees(asker), *(table.published if "/public/" in entry.path else ())}
    untold = [word(each) for each in MATTERS if each not in known]
    wrong += [
        f"{about}: tells of {each}"
        for each in (*untold, FOREIGN_WORD)
        if each.encode() in answer.everything
    ]
    if thing != "restricted" and "restricted" not in table.sees(asker):
        number = at.things["restricted"]["number"].encode()
        wrong += [f"{about}: tells of {number!r}"] if number in answer.everything else []
    return wrong


def test_every_route_is_entered_by_its_name_and_once() -> None:
    names = [each.name for each in entries()]
    entered = list(matrix().routes)
    assert sorted(entered) == sorted(set(entered)), "a route is entered twice"
    assert sorted(names) == sorted(entered), "matrix.yaml has other routes than the table of routes"


def test_every_combination_is_decided_by_exactly_one_row() -> None:
    table = matrix()
    wrong = [
        f"{entry.name} by {asker} for {thing}: rows {[row.place for row in rows]}"
        for entry, asker, thing in combinations(table)
        if len(rows := table.deciding(entry.name, asker, thing)) != 1
    ]
    assert not wrong, wrong[:20]


def test_somebody_asks_for_every_role_of_the_shipped_profile() -> None:
    """Whoever has reading rights of their own is among the askers, by a post of that kind."""
    organisation = sample()
    asking = {told.get("account") for told in matrix().askers.values()}
    functions = {unit.id: unit.functions for unit in organisation.units}
    posts = [
        (post.role, post.unit)
        for person in organisation.people
        if person.account in asking
        for post in person.posts
    ]
    for row in load_access().table("base", FIRST_DAY).rows:
        role, of = row.holder.role, row.holder.of
        assert any(
            held == role and (of == Relation.ANY_UNIT or of in functions[unit])
            for held, unit in posts
        ), f"nobody asks as {role} of {of}"


@pytest.mark.parametrize("asker", list(matrix().askers))
def test_what_happens_is_what_the_matrix_says(worlds: Callable[[str], World], asker: str) -> None:
    table, at = matrix(), worlds("sqlite")
    mine = [each for each in combinations(table) if each[1] == asker]
    wrong = [line for each in mine for line in found(table, at, each)]
    assert not wrong, "\n".join(wrong[:40])


def test_and_a_tenth_of_it_happens_on_the_other_database(worlds: Callable[[str], World]) -> None:
    table, at = matrix(), worlds("postgresql")
    every = list(combinations(table))
    chosen = Random(713).sample(every, len(every) // TENTH)
    wrong = [line for each in chosen for line in found(table, at, each)]
    assert not wrong, "\n".join(wrong[:40])
