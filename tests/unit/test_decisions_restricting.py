"""限定知悉范围 and 查看个人信息: who may know of a matter, and who sees names."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from tests.unit.builders import (
    CLERK,
    DIRECTOR,
    HEAD,
    KEEPER,
    LEGAL_HEAD,
    NO_STEP,
    REVIEWER,
    TODAY,
    Matter,
    codes,
    day,
    directory,
    give,
    only,
    payload,
    procedure,
    scene,
    specs,
)
from workflow.decisions.authority import able
from workflow.decisions.decide import Verdict, decide
from workflow.decisions.restricting import may_know
from workflow.decisions.scene import SetMatter
from workflow.directory import Mandate
from workflow.refusals import Unmet

RESTRICT = "restrict_access"


def test_a_matter_is_restricted_to_those_named__secrets_law_art_64() -> None:
    decision = give(RESTRICT, HEAD, Matter()).decision
    assert decision.unmet == ()
    assert decision.effects == (SetMatter({"restricted": True}),)
    assert decision.changes == {"named": (None, [LEGAL_HEAD, HEAD])}


def test_it_is_widened_narrowed_and_lifted() -> None:
    restricted = Matter().did(RESTRICT)
    wider = give(RESTRICT, HEAD, restricted, named=[HEAD, CLERK]).decision
    assert wider.changes == {"named": ([LEGAL_HEAD, HEAD], [CLERK, HEAD])}
    lifted = give(RESTRICT, HEAD, restricted, named=None, lifted=True).decision
    assert lifted.effects == (SetMatter({"restricted": False}),)
    assert lifted.changes == {"named": ([LEGAL_HEAD, HEAD], None)}


def test_what_is_not_restricted_cannot_be_lifted() -> None:
    found = give(RESTRICT, HEAD, Matter(), named=None, lifted=True)
    assert codes(found) == ["access.not_restricted"]


@pytest.mark.parametrize("changes", [{"lifted": True}, {"named": None}])
def test_people_are_named_or_it_is_lifted_and_not_both(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        payload(RESTRICT, **changes)


def test_those_named_are_in_post_and_one_of_them_can_lift_it() -> None:
    found = give(RESTRICT, HEAD, Matter(), named=[CLERK, "planning.former"])
    assert codes(found) == ["access.unknown_person", "access.nobody_lifts"]


def test_what_comes_next_and_nobody_named_could_do_is_told_at_once() -> None:
    (warning,) = give(RESTRICT, HEAD, Matter(), named=[DIRECTOR]).decision.warnings
    assert warning.code == "access.nobody_named"
    assert {"file_research", "submit_for_review"} <= set(acts(warning))
    everybody = sorted(directory().persons)
    assert give(RESTRICT, HEAD, Matter(), named=everybody).decision.warnings == ()


def test_what_takes_a_matter_on_from_its_stage_counts_too() -> None:
    before = Matter(stage="started")
    (warning,) = give(RESTRICT, HEAD, before, named=[HEAD]).decision.warnings
    assert "assign" not in acts(warning) or "withdraw" not in acts(warning)
    assert "assign" in acts(warning)


def acts(unmet: Unmet) -> tuple[str, ...]:
    told = unmet.params["act"]
    assert isinstance(told, tuple)
    return told


def test_to_widen_it_what_was_left_out_before_is_asked_anew() -> None:
    restricted = Matter().did(RESTRICT)
    assert give(RESTRICT, HEAD, restricted, named=[HEAD]).decision.warnings


def test_only_those_named_are_able_to_act() -> None:
    matter, holders = Matter().did(RESTRICT), procedure().holders("give_review_verdict")
    found = able(
        matter.rules, matter.people, matter.facts, day(TODAY), "give_review_verdict", holders
    )
    assert found == (LEGAL_HEAD,)


def test_nobody_acts_for_a_person_who_is_not_named() -> None:
    lent = Mandate(1, CLERK, HEAD, frozenset(), day(TODAY), day("2026-09-30"), None)
    found = give("file_research", HEAD, Matter().did(RESTRICT), mandate=lent)
    unmet = only(found)
    assert (unmet.code, unmet.params) == ("authority.restricted", {"account": CLERK})
    for_named = replace(lent, principal=LEGAL_HEAD)
    denied = give("give_review_verdict", HEAD, Matter().did(RESTRICT), mandate=for_named)
    assert "authority.restricted" not in codes(denied)


def test_who_may_know() -> None:
    people = directory()
    matter = Matter().did(RESTRICT)

    def knows(account: str, command: str = "start", of: Matter = matter) -> bool:
        return may_know(of.rules, people, of.facts, account, command, day(TODAY))

    assert knows(KEEPER, of=Matter())
    assert knows(HEAD)
    assert not knows(DIRECTOR)
    assert not knows(DIRECTOR, RESTRICT)
    stranded = Matter().did(RESTRICT, named=[CLERK])
    assert knows(DIRECTOR, RESTRICT, stranded), "nobody named could lift it any more"
    assert not knows(DIRECTOR, "start", stranded)


@pytest.mark.parametrize(("names_open", "expected"), [(True, []), (False, ["access.names_closed"])])
def test_names_are_shown_to_those_to_whom_they_are_open(
    names_open: bool,
    expected: list[str],
) -> None:
    place = replace(scene(REVIEWER), names_open=names_open)
    assert codes(decide(place, specs()["unmask"], payload("unmask"))) == expected


def test_without_a_post_nobody_asks_for_names() -> None:
    assert codes(give("unmask", "nobody")) == ["authority.role"]


def to_be_restricted(*named: str) -> Verdict:
    told = {"named": list(named), "reasons": "谈判尚未公开", "basis": "工作秘密清单第三项"}
    return give("propose", CLERK, restricted=told, answers=NO_STEP)


def test_a_proposal_is_restricted_in_the_same_act_or_not_made__secrets_law_art_64() -> None:
    assert codes(to_be_restricted(CLERK, "planning.former")) == [
        "access.unknown_person",
        "access.nobody_lifts",
    ]
    found = to_be_restricted(CLERK, HEAD)
    assert codes(found) == []
    assert [each.code for each in found.decision.warnings] == ["access.nobody_named"]
