"""An edition may be looser than the one before it only where another law says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from procedures.book import ProcedureBook
from tests.unit.procedure_files import PROFILE, law, problems, step, write
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Procedure

Data = dict[str, Any]
Change = Callable[[Data], object]

LATER = "2026-06-01"
AMENDED = {
    "title": {"zh": "修改决定", "en": "amendment"},
    "number": "国务院令第999号",
    "rank": "regulation",
    "in_force": "2026-05-01",
}


def rule(data: Data, of: str, name: str) -> Data:
    found = step(data, of)["rules"][name]
    assert isinstance(found, dict)
    return found


def revise(folder: Path, *changes: Change, before: Change | None = None) -> Procedure:
    """A procedure without a parent, in an edition of 2019 and in a later one."""
    data = law()
    if before is not None:
        before(data)
    write(folder, data, "first")
    for change in changes:
        change(data)
    write(folder, data | {"version": LATER}, "second")
    return ProcedureBook(folder).get("order_713")


def shorter(data: Data) -> None:
    rule(data, "open_call", "period")["value"] = 20


def amended(data: Data) -> None:
    data["instruments"]["amendment"] = dict(AMENDED)


def cites(of: str, name: str = "", text: str = "amendment 1") -> Change:
    def change(data: Data) -> None:
        part = rule(data, of, name) if name else step(data, of)
        part["cite"] = [*(part["cite"] if isinstance(part["cite"], list) else [part["cite"]]), text]

    return change


def no_opposition_heard(data: Data) -> None:
    del step(data, "legality_review")["rules"]["concerns"]


def no_call(data: Data) -> None:
    data["steps"] = [each for each in data["steps"] if each["id"] != "open_call"]
    for each in data["steps"]:
        each["after"] = [name for name in each.get("after", []) if name != "open_call"]


def never_called(data: Data) -> None:
    step(data, "open_call")["required_when"] = "never"


def in_any_order(data: Data) -> None:
    step(data, "hearing")["after"] = []


def declared(data: Data) -> None:
    research = step(data, "budget")
    research |= {"kind": "declared", "acts": {"file_evidence": ["clerk of finance"]}, "rules": {}}


def question_turned(data: Data) -> None:
    data["questions"]["stability_risk"] |= {"kind": "choice", "choices": ["yes", "no"]}
    step(data, "risk_assessment")["required_when"] = {"question": "stability_risk", "is": "yes"}
    rule(data, "classification", "reasoned")["choices"].remove("stability_risk")


def not_apart(data: Data) -> None:
    data["separations"] = [each for each in data["separations"] if each["act"] != "accept_papers"]


def not_denied(data: Data) -> None:
    del data["denials"][0]


def hands(data: Data) -> None:
    data["permissions"]["start"].append("deputy of decision_body")


def no_levels(data: Data) -> None:
    del data["deciders"]
    del step(data, "fair_competition")["rules"]["regulator"]
    data["questions"]["decision_level"]["recorded"] = True


def unasked(data: Data) -> None:
    del data["questions"]["spends_money"]
    step(data, "budget")["required_when"] = "never"
    step(data, "contracting")["required_when"] = "never"


def decided_here(data: Data) -> None:
    data["deciders"]["instead"] = {"superior": "finance"}


#: What the later edition drops or loosens, and the part of which it says so.
LOOSER: list[tuple[Change, str]] = [
    (shorter, "value"),
    (no_opposition_heard, "rule"),
    (no_call, "step"),
    (never_called, "condition"),
    (in_any_order, "order"),
    (declared, "kind"),
    (question_turned, "condition"),
    (not_apart, "separation_gone"),
    (not_denied, "denial_gone"),
    (hands, "hands"),
    (decided_here, "decider"),
    (no_levels, "decider"),
    (unasked, "condition"),
]


@pytest.mark.parametrize(("change", "what"), LOOSER, ids=[c.__name__ for c, _ in LOOSER])
def test_a_looser_edition_is_refused(change: Change, what: str, tmp_path: Path) -> None:
    found = problems(lambda: revise(tmp_path, change))
    assert {(each.file, each.code) for each in found} == {
        ("second.yaml", "definition.revised_looser")
    }
    assert f"definition.looser.{what}" in {each.params["what"].code for each in found}  # type: ignore[attr-defined]
    for locale in locales():
        assert "2019" in catalogue_for(locale).tell(found[0].said)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (shorter, cites("open_call", "period")),
        (never_called, cites("open_call")),
        (in_any_order, cites("hearing")),
        (declared, cites("budget")),
        (
            question_turned,
            lambda d: (cites("risk_assessment")(d), cites("classification", "reasoned")(d)),
        ),
        (no_opposition_heard, cites("legality_review")),
        (not_apart, lambda data: data["rules"]["mandate.side"].update(cite="amendment 1")),
        (not_denied, lambda d: d["rules"]["review.counsel_cannot_rule"].update(cite="amendment 2")),
        (
            hands,
            lambda data: data["rules"]["authority"].update(cite=["house_rules", "amendment 3"]),
        ),
        (decided_here, lambda d: d["questions"]["decision_level"].update(cite="amendment 4")),
    ],
)
def test_it_is_taken_where_the_looser_part_names_another_law(
    change: Change, named: Change, tmp_path: Path
) -> None:
    assert revise(tmp_path, amended, change, named).version.isoformat() == LATER


def test_a_step_that_falls_away_stays_with_the_law_that_drops_it(tmp_path: Path) -> None:
    assert problems(lambda: revise(tmp_path, amended, no_call, cites("hearing")))


@pytest.mark.parametrize(
    "instrument",
    [{"law": False}, {"in_force": "2026-06-02"}],
    ids=["no law", "not in force yet"],
)
def test_what_is_no_law_or_not_in_force_loosens_no_law(instrument: Data, tmp_path: Path) -> None:
    def other(data: Data) -> None:
        data["instruments"]["amendment"] = AMENDED | instrument

    assert problems(lambda: revise(tmp_path, other, shorter, cites("open_call", "period")))


def test_the_same_instrument_by_another_name_is_no_other_law(tmp_path: Path) -> None:
    def alias(data: Data) -> None:
        data["instruments"]["amendment"] = data["instruments"]["order_713"]

    (problem,) = problems(lambda: revise(tmp_path, alias, shorter, cites("open_call", "period")))
    assert problem.code == "definition.revised_looser"


def test_alerts_and_instruments_may_fall_away(tmp_path: Path) -> None:
    def less(data: Data) -> None:
        del data["alerts"][0]
        del data["instruments"]["organic_law"]

    assert revise(tmp_path, less).version.isoformat() == LATER


def test_a_rule_that_only_eases_others_may_fall_away(tmp_path: Path) -> None:
    def eased(data: Data) -> None:
        notice = data["rules"]["agenda.notice"]
        data["rules"]["agenda.urgent"] = {
            **{key: notice[key] for key in ("value", "unit", "counting", "cite")},
            "bound": "maximum",
            "override": ["director of decision_body"],
        }

    def strict(data: Data) -> None:
        del data["rules"]["agenda.urgent"]

    assert "agenda.urgent" not in revise(tmp_path, strict, before=eased).rules


def test_a_house_rule_may_loosen_a_house_rule(tmp_path: Path) -> None:
    def house(data: Data) -> None:
        data["instruments"]["house_2"] = AMENDED | {"law": False}
        data["rules"]["agenda.notice"] |= {"value": 0, "cite": "house_2 1"}

    assert revise(tmp_path, house).rules["agenda.notice"].value == 0


def test_a_new_edition_of_the_same_instrument_is_another_law(tmp_path: Path) -> None:
    def anew(data: Data) -> None:
        data["instruments"]["order_713"] |= {"number": "国务院令第999号", "in_force": "2026-05-01"}

    assert revise(tmp_path, anew, shorter).steps["open_call"].rules["period"].value == 20


def test_a_tighter_edition_needs_no_other_law(tmp_path: Path) -> None:
    def longer(data: Data) -> None:
        rule(data, "open_call", "period")["value"] = 45
        data["questions"]["stability_risk"] |= {"kind": "choice", "choices": ["yes", "no"]}
        step(data, "risk_assessment")["required_when"] = "always"
        rule(data, "classification", "reasoned")["choices"].remove("stability_risk")
        rule(data, "classification", "reasoned")["cite"] = "pricing_law 1"

    assert revise(tmp_path, longer).steps["open_call"].rules["period"].value == 45


def test_a_looser_period_beside_another_names_its_law_there(tmp_path: Path) -> None:
    def beside(data: Data) -> None:
        days = {"value": 9, "unit": "working_days", "counting": "period_working_days"}
        rule(data, "open_call", "period")["also"] = [{**days, "cite": "amendment 1"}]
        shorter(data)

    assert len(revise(tmp_path, amended, beside).steps["open_call"].rules["period"].also) == 1


LONGER: Data = {"steps": [{"id": "open_call", "rules": {"period": {"value": 45}}}]}


def edition(name: str, version: str, base: tuple[str, str], **given: Any) -> Data:
    extends = {"procedure": base[0], "version": base[1]}
    return PROFILE | {"procedure": name, "version": version, "extends": extends, **given}


class TestOfAProfile:
    """Its base is no way around the edition before."""

    def test_a_tightening_is_not_dropped_in_silence(self, tmp_path: Path) -> None:
        base = ("order_713", "2019-09-01")
        write(tmp_path, law())
        write(tmp_path, edition("city", "2026-01-01", base, **LONGER), "one")
        write(tmp_path, edition("city", LATER, base), "two")
        (problem,) = problems(lambda: ProcedureBook(tmp_path).get("city"))
        assert (problem.file, problem.key) == ("two.yaml", "extends")
        assert problem.params["where"] == "period"

    def test_a_looser_base_does_not_loosen_the_next_edition(self, tmp_path: Path) -> None:
        low = law() | {"procedure": "low"}
        shorter(low)
        write(tmp_path, law())
        write(tmp_path, low, "low")
        write(tmp_path, edition("city", "2026-01-01", ("order_713", "2019-09-01")), "one")
        write(tmp_path, edition("city", LATER, ("low", "2019-09-01")), "two")
        (problem,) = problems(lambda: ProcedureBook(tmp_path).get("city"))
        assert (problem.file, problem.code) == ("two.yaml", "definition.revised_looser")

    def test_a_law_that_the_base_came_to_rest_on_loosens_what_rests_on_it(
        self, tmp_path: Path
    ) -> None:
        revise(tmp_path, amended, shorter, cites("open_call", "period"))
        write(tmp_path, edition("city", "2026-01-01", ("order_713", "2019-09-01")), "one")
        write(tmp_path, edition("city", LATER, ("order_713", LATER)), "two")
        found = ProcedureBook(tmp_path).get("city")
        assert found.steps["open_call"].rules["period"].value == 20

    def test_an_edition_that_rests_on_the_one_before_is_weighed_once(self, tmp_path: Path) -> None:
        write(tmp_path, law())
        base = ("order_713", "2019-09-01")
        write(tmp_path, edition("city", "2026-01-01", base, **LONGER), "one")
        write(
            tmp_path,
            edition(
                "city",
                LATER,
                ("city", "2026-01-01"),
                instruments={"amendment": AMENDED},
                steps=[
                    {
                        "id": "open_call",
                        "rules": {"period": {"value": 30, "special_law": "amendment 1"}},
                    }
                ],
            ),
            "two",
        )
        book = ProcedureBook(tmp_path)
        found = book.get("city")
        assert found.steps["open_call"].rules["period"].value == 30
        before = book.predecessor(found)
        assert before is not None
        assert before.version.isoformat() == "2026-01-01"
        assert book.predecessor(before) is None
