"""听取特定群体意见: talks with each group whose interests are touched (Order 713 art. 14.3)."""

from __future__ import annotations

from typing import Any

from tests.unit.builders import Matter, assess, codes, day, judge, law, only
from workflow.ports import StepState

STEP, TALKS, PLAN = "group_talks", "file_group_talks", "file_participation_plan"
GROUPS = ["低收入家庭", "用水大户"]


def talk(group: str, held_on: str = "2026-09-01") -> dict[str, Any]:
    return {
        "group": group,
        "counterpart": "representatives",
        "held_on": held_on,
        "opinions": "希望减免",
    }


def test_every_group_that_the_plan_names_is_heard__order_713_art_14_3() -> None:
    matter = Matter().did(PLAN, groups=GROUPS)
    unmet = only(judge(TALKS, matter, talks=[talk(GROUPS[0])]))
    assert (unmet.code, law(unmet)) == (
        "group_talks.group_not_heard",
        ["order_713 14.3", "henan_210"],
    )
    assert unmet.params == {"groups": (GROUPS[1],)}
    assert codes(judge(TALKS, matter, talks=[talk(group) for group in GROUPS])) == []


def test_talks_lie_not_ahead() -> None:
    found = judge(TALKS, Matter(), talks=[talk(GROUPS[0], "2026-09-02")])
    assert codes(found) == ["record.future_day"]


def test_it_stands_until_all_were_heard__order_713_art_14_3() -> None:
    matter = Matter()
    found = assess(STEP, matter)
    assert (found.state, codes(found)) == (StepState.PENDING, ["group_talks.missing"])
    matter.did(TALKS)
    found = assess(STEP, matter)
    assert (found.state, found.on) == (StepState.SATISFIED, day("2026-09-01"))


def test_a_plan_that_names_more_groups_opens_it_again__order_713_art_14_3() -> None:
    matter = Matter().did(TALKS).did(PLAN, groups=GROUPS)
    found = assess(STEP, matter)
    assert (found.state, codes(found)) == (StepState.IN_PROGRESS, ["group_talks.group_not_heard"])
