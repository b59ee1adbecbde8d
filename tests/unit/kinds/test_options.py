"""备选方案: never asked for, but a choice where there are any (Order 713 art. 12.4)."""

from __future__ import annotations

from tests.unit.builders import (
    Matter,
    assess,
    codes,
    day,
    judge,
    law,
    lens,
    only,
    procedure,
    with_rule,
)
from workflow.guards import assess_step
from workflow.ports import StepState

STEP, FILE = "options", "file_options"
FIRST = {"name": "一步到位", "content": "一次调整", "forecast": "当年弥补缺口"}


def test_one_way_is_no_choice__order_713_art_12_4() -> None:
    unmet = only(judge(FILE, Matter(), options=[FIRST]))
    assert (unmet.code, law(unmet)) == ("options.too_few", ["order_713 12.4"])
    assert unmet.params == {"wanted": 2, "offered": 1}
    assert codes(judge(FILE, Matter(), options=[FIRST, FIRST])) == ["options.too_few"]
    renamed = {**FIRST, "name": "另一方案"}
    assert codes(judge(FILE, Matter(), options=[FIRST, renamed])) == ["options.too_few"]
    assert codes(judge(FILE, Matter())) == []


def test_where_no_number_is_set_one_will_do() -> None:
    matter = Matter(rules=with_rule(procedure(), STEP, "minimum", value=None))
    assert codes(judge(FILE, matter, options=[FIRST])) == []


def test_no_matter_needs_them__order_713_art_12_4() -> None:
    found = assess_step(lens(), procedure().steps[STEP], Matter().facts)
    assert found.state is StepState.NOT_REQUIRED


def test_where_a_locality_asks_for_them_they_are_owed() -> None:
    matter = Matter()
    assert codes(assess(STEP, matter)) == ["options.missing"]
    found = assess(STEP, matter.did(FILE))
    assert (found.state, found.on) == (StepState.SATISFIED, day("2026-09-01"))
