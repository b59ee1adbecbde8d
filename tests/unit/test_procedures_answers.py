"""The search for answers that meet predicates."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.answers import find
from workflow.definition import Answer, Condition, Question, Text

QUESTIONS = {
    name: Question(name, Text("", ""), kind, choices, ())
    for name, kind, choices in (
        ("wet", "yes_no", ()),
        ("cold", "yes_no", ()),
        ("size", "number", ()),
        ("colour", "choice", ("red", "blue", "green")),
    )
}
DOMAINS: dict[str, tuple[Answer, ...]] = {
    "wet": (True, False),
    "cold": (True, False),
    "size": tuple(range(8)),
    "colour": ("red", "blue", "green"),
}

LEAVES = st.one_of(
    st.just(Condition("always")),
    st.builds(
        lambda name, value: Condition("is", (), name, value),
        st.sampled_from(["wet", "cold"]),
        st.booleans(),
    ),
    st.builds(
        lambda op, value: Condition(op, (), "size", value),
        st.sampled_from(["is", "at_least"]),
        st.integers(0, 6),
    ),
    st.builds(
        lambda value: Condition("is", (), "colour", value), st.sampled_from(DOMAINS["colour"])
    ),
)
CONDITIONS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(lambda part: Condition("not", (part,)), inner),
        st.builds(
            lambda op, parts: Condition(op, tuple(parts)),
            st.sampled_from(["all", "any"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
    ),
    max_leaves=8,
)


def every_answer() -> list[dict[str, Any]]:
    return [dict(zip(DOMAINS, values, strict=True)) for values in product(*DOMAINS.values())]


@given(st.lists(st.tuples(CONDITIONS, st.booleans()), min_size=1, max_size=2))
def test_agrees_with_trying_every_answer(wanted: list[tuple[Condition, bool]]) -> None:
    possible = any(
        all(condition.holds(answers) is want for condition, want in wanted)
        for answers in every_answer()
    )
    found = find(QUESTIONS, tuple(wanted))
    assert (found is not None) is possible
    if found is not None:
        assert all(condition.holds(found) is want for condition, want in wanted)


@pytest.mark.parametrize("count", [40])
def test_many_questions_do_not_mean_as_many_doublings(count: int) -> None:
    questions = {f"q{n}": QUESTIONS["wet"] for n in range(count)}
    parts = tuple(Condition("is", (), name, True) for name in questions)
    both = ((Condition("all", parts), True), (Condition("any", parts), False))
    assert find(questions, both) is None
    found = find(questions, ((Condition("all", parts), True),))
    assert found == dict.fromkeys(questions, True)
