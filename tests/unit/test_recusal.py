"""Whoever withdrew from a matter in a meeting does not decide it in another way afterwards.

Order 713 art. 30.1, Party group rules art. 32.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from procedures.book import shipped
from tests.unit.builders import (
    DIRECTOR,
    KEEPER,
    LONG_AGO,
    OTHER_MEMBER,
    SUPERIOR,
    Matter,
    codes,
    day,
    give,
    law,
    lens,
    unmets,
)
from tests.unit.procedure_files import profiled
from workflow.decisions.sitting import LEFT_OUT
from workflow.definition import Gate
from workflow.directory import Mandate
from workflow.guards import unmet_before

#: What the head of the decision body does himself once the meeting has decided.
ACTS = (
    "end_decision",
    "sign_document",
    "assign_execution",
    "suspend_execution",
    "terminate_execution",
    "open_evaluation",
    "answer_evaluation",
)
DEPUTY = "leader.deputy"
REVIEWING = ("give_review_verdict", "confirm_changes", "recheck_text")


def decided(who: str = DIRECTOR) -> Matter:
    return Matter(stage="decided").drafted().listed().sat("withdraw_from_item", person=who)


@pytest.mark.parametrize("act", ACTS)
def test_who_withdrew_does_none_of_it__order_713_art_30_1(act: str) -> None:
    told = [
        each for each in unmets(give(act, DIRECTOR, decided())) if each.code == "matter.recused"
    ]
    assert [(each.params["people"], law(each)[0]) for each in told] == [
        ((DIRECTOR,), "order_713 30.1")
    ]
    assert "matter.recused" not in codes(give(act, DIRECTOR, decided(OTHER_MEMBER)))
    lifted = decided().sat("lift_withdrawal", person=DIRECTOR)
    assert "matter.recused" not in codes(give(act, DIRECTOR, lifted))


def test_his_superior_does_it_or_lends_it__order_713_art_30_1() -> None:
    found = give("sign_document", SUPERIOR, decided())
    assert not {"authority.role", "matter.recused"} & set(codes(found))
    lent = Mandate(1, SUPERIOR, DEPUTY, frozenset(), LONG_AGO, day("2026-12-31"), None)
    found = give("sign_document", DEPUTY, decided(), mandate=lent)
    assert not {"authority.role", "matter.recused"} & set(codes(found))
    assert codes(give("sign_document", SUPERIOR, decided(OTHER_MEMBER))) == ["authority.role"]


def test_nothing_is_issued_before_the_minutes__order_713_art_30_3() -> None:
    kept = {"conclusion": "adopted", "body": "executive_meeting", "meeting": "EM-1"}
    matter = Matter(stage="decided").drafted().filed("conclude_item", kept)
    for gate in (Gate.ISSUE, Gate.CLOSE):
        matter.without_minutes = frozenset(("EM-1",))
        found = unmet_before(lens(), gate, matter.facts)
        (unmet,) = (each for each in found if each.code == "meeting.minutes_owed")
        assert (unmet.params, law(unmet)) == ({"meeting": "EM-1"}, ["order_713 30.3"])
        assert [each.role for each in unmet.cured_by] == [KEEPER.partition(".")[2]]
        matter.without_minutes = frozenset()
        found = unmet_before(lens(), gate, matter.facts)
        assert "meeting.minutes_owed" not in codes(found)


@pytest.mark.parametrize("name", ["order_713", "jiyuan_htz", "major_items", "normative_files"])
def test_all_three_acts_of_review_are_kept_from_the_same_people__order_713_art_25_1(
    name: str,
) -> None:
    rules = ("review.drafter_reviews", "review.side")
    kept = {
        act: {
            (each.rule, each.others, each.units, each.not_appointed_by)
            for each in shipped().get(name).separations
            if each.act == act and each.rule in rules
        }
        for act in REVIEWING
    }
    assert len({frozenset(each) for each in kept.values()}) == 1
    assert {rule for rule, *_ in kept["recheck_text"]} == set(rules)


def test_a_place_may_leave_whoever_withdrew_out_of_the_base__party_group_rules_art_32(
    tmp_path: Path,
) -> None:
    chosen = {"choices": [LEFT_OUT], "cite": "party_group_rules 32 (U)"}
    local = profiled(tmp_path, {"rules": {"party_group.recusal": chosen}})
    assert local.rules["party_group.recusal"].choices == (LEFT_OUT,)
