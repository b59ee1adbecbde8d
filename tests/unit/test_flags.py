"""What is flagged at the agenda: outside of the catalogue, or at a threshold with its kin."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from tests.unit.builders import (
    CLERK,
    Matter,
    codes,
    day,
    law,
    meeting,
    payload,
    procedure,
    ready,
    scene,
    specs,
)
from tests.unit.test_yearly_catalogue import Year, standing
from workflow.decisions.decide import Verdict, decide
from workflow.decisions.flags import barring, flags, outside, overdue, under
from workflow.definition import Procedure
from workflow.kin import Kin, key_of
from workflow.refusals import Unmet
from workflow.yearly_catalogue import YearlyCatalogue, fold

ON = "2026-10-26"
ENTRY = {"year": 2026, "number": 1}


def years(*known: Year) -> Callable[[int], YearlyCatalogue]:
    found = {each.year: each.catalogue for each in known}
    return lambda year: found.get(year, fold(year, ()))


def flagged(
    matter: Matter, *known: Year, on: str = ON, rules: Procedure | None = None
) -> list[str]:
    found = flags(rules or procedure(), matter.facts, years(*known), day(on))
    return [each.code for each in found]


def tabling(matter: Matter, *known: Year, rules: Procedure | None = None) -> Verdict:
    place = replace(scene(CLERK, matter, ON, at=meeting()), catalogue=years(*known))
    if rules is not None:
        place = replace(place, lens=replace(place.lens, procedure=rules))
    return decide(place, specs()["propose_agenda_item"], payload("propose_agenda_item"))


def passed() -> Matter:
    return ready(stage="review_passed").passed()


def proposed() -> Matter:
    return Matter().did("propose")


class TestOutside:
    def test_a_major_decision_outside_of_the_catalogue_is_flagged__order_713_art_3_3(self) -> None:
        (unmet,) = outside(procedure(), proposed().facts, years(standing()), day(ON))
        assert (unmet.code, law(unmet)) == ("catalogue.outside", ["order_713 3.3"])
        assert (unmet.params, unmet.earliest) == ({"year": 2026}, day(ON))
        assert {holder.of for holder in unmet.cured_by} == {"agenda_office", "legal_office"}

    def test_it_is_tabled_all_the_same__order_713_art_3_3(self) -> None:
        verdict = tabling(passed(), standing())
        assert (codes(verdict), verdict.stage) == ([], "tabled")
        assert [each.code for each in verdict.decision.warnings] == ["catalogue.outside"]

    def test_where_none_is_published_there_is_nothing_to_be_outside_of(self) -> None:
        assert flagged(proposed()) == []
        assert flagged(proposed(), Year().nominated().compiled(1)) == []

    def test_an_entry_that_stands_is_inside(self) -> None:
        matter = Matter().did("propose", entry=ENTRY)
        assert flagged(matter, standing()) == []
        gone = standing().did("adjust_catalogue", remove=[{"entry": 1, "reasons": "并入"}])
        assert flagged(matter, gone) == []
        gone.consented().did("publish_catalogue")
        assert flagged(matter, gone) == ["catalogue.outside"]

    def test_what_was_ruled_out_is_not_flagged(self) -> None:
        assert flagged(proposed().did("rule_not_major"), standing()) == []

    def test_nor_what_looks_like_no_major_decision(self) -> None:
        matter = Matter(answers={"item_class": "large_fund"}).did("propose")
        assert flagged(matter, standing()) == []
        assert flagged(matter, standing(), rules=procedure("major_items")) == []

    def test_until_this_years_is_published_an_entry_of_last_years_counts(self) -> None:
        matter, rules = Matter().did("propose", entry=ENTRY), procedure("catalogue_duty")
        assert flagged(matter, standing(), on="2027-04-01", rules=rules) == []
        next_one = Year(2027).nominated().published(1)
        found = flagged(matter, standing(), next_one, on="2027-04-01", rules=rules)
        assert found == ["catalogue.outside"]


class TestDuty:
    RULES = "catalogue_duty"

    @pytest.mark.parametrize(
        ("on", "found"), [("2026-03-31", []), ("2026-04-01", ["catalogue.overdue"])]
    )
    def test_after_its_day_a_missing_catalogue_is_flagged__shandong_rules(
        self, on: str, found: list[str]
    ) -> None:
        assert flagged(proposed(), on=on, rules=procedure(self.RULES)) == found

    def test_an_option_is_never_overdue__order_713_art_3_3(self) -> None:
        assert list(overdue(procedure(), 2026, date(2026, 12, 31))) == []

    def test_a_day_without_a_duty_binds_whoever_publishes_alone(self) -> None:
        rules = procedure(self.RULES)
        kept = {name: rule for name, rule in rules.rules.items() if name != "catalogue.duty"}
        optional = replace(rules, rules=kept)
        assert flagged(proposed(), on="2026-04-01", rules=optional) == []
        (late,) = overdue(optional, 2026, date(2026, 4, 1))
        assert law(late) == ["order_713 3.3", "shandong_rules"]

    def test_where_a_rule_bars_it_the_agenda_is_refused__shandong_rules(self) -> None:
        rules = procedure(self.RULES)

        def barred(*known: Year) -> tuple[Unmet, ...]:
            return barring(rules, proposed().facts, years(*known), day(ON))

        assert codes(barred(standing())) == ["catalogue.outside"]
        assert codes(barred()) == ["catalogue.overdue"]
        assert law(barred(standing())[0]) == ["order_713 3.3", "shandong_rules"]
        assert barring(procedure(), proposed().facts, years(standing()), day(ON)) == ()


def kin(amount: int | None, project: str = "停车设施") -> Kin:
    return Kin("2026-2", "共享车位", amount, date(2026, 9, 1), {"project": key_of(project)})


class TestTogether:
    """Kin over the threshold, where no gate adds it up (三重一大, U)."""

    def matter(self, amount: int | None, *others: Kin) -> Matter:
        return Matter(kin=others).did("propose", project="停车设施", amount_yuan=amount)

    @pytest.mark.parametrize(
        ("own", "other", "found"),
        [
            (6_000_000, 4_000_000, True),
            (6_000_000, 3_999_999, False),
            (10_000_000, 4_000_000, False),
            (None, 10_000_000, True),
        ],
    )
    def test_what_reaches_it_together_and_not_alone(
        self, own: int | None, other: int, *, found: bool
    ) -> None:
        assert flagged(self.matter(own, kin(other))) == ["kin.over_threshold"] * found

    def test_the_parts_are_told(self) -> None:
        matter = self.matter(6_000_000, kin(4_000_000))
        (unmet,) = flags(procedure(), matter.facts, years(), day(ON))
        assert unmet.params == {
            "tie": "project",
            "own": 6_000_000,
            "matters": ("2026-2 (4000000) 共享车位",),
            "total": 10_000_000,
            "threshold": 10_000_000,
        }

    def test_what_was_ruled_independent_is_not_added_up(self) -> None:
        matter = self.matter(6_000_000, kin(4_000_000)).did("rule_separate", matters=["2026-2"])
        assert flagged(matter) == []

    def test_a_rule_may_set_no_window_or_be_absent(self) -> None:
        matter, rules = self.matter(6_000_000, kin(4_000_000)), procedure()
        kept = {name: rule for name, rule in rules.rules.items() if name != "kin.months"}
        assert flagged(matter, rules=replace(rules, rules=kept)) == ["kin.over_threshold"]
        assert flagged(matter, rules=procedure("order_713")) == []


class TestOffered:
    """Under a procedure for lesser matters the profile's own rules flag all the same."""

    def matter(self, amount: int | None, *others: Kin) -> Matter:
        rules, answers = procedure("normative_files"), {"major_decision": False}
        matter = Matter("review_passed", rules=rules, answers=answers, kin=others)
        return matter.did("propose", project="停车设施", amount_yuan=amount)

    def found(self, matter: Matter, *known: Year) -> list[str]:
        return flagged(matter, *known, rules=under(matter.rules, procedure()))

    def test_a_large_amount_alone_is_flagged__order_713_art_3_3(self) -> None:
        assert self.found(self.matter(9_999_999), standing()) == []
        large = self.matter(10_000_000)
        assert self.found(large) == ["kin.large_alone"]
        assert self.found(large, standing()) == ["catalogue.outside", "kin.large_alone"]
        (unmet,) = flags(under(large.rules, procedure()), large.facts, years(), day(ON))
        assert unmet.params == {"own": 10_000_000, "threshold": 10_000_000}
        assert {holder.of for holder in unmet.cured_by} == {"agenda_office", "legal_office"}

    def test_without_a_threshold_no_amount_is_large__order_713_art_3_3(self) -> None:
        large = self.matter(10_000_000)
        assert flagged(large, standing(), rules=under(large.rules, procedure("order_713"))) == []

    def test_so_is_one_that_reaches_it_with_its_kin__order_713_art_3_3(self) -> None:
        matter = self.matter(6_000_000, kin(4_000_000))
        assert self.found(matter, standing()) == ["catalogue.outside", "kin.over_threshold"]
        assert self.found(self.matter(6_000_000, kin(3_999_999)), standing()) == []

    def test_the_ruling_of_the_legal_office_ends_it__order_713_art_3_3(self) -> None:
        matter = self.matter(10_000_000).did("rule_not_major")
        assert self.found(matter, standing()) == []

    def test_a_ruling_upon_a_smaller_amount_does_not(self) -> None:
        matter = self.matter(None).did("rule_not_major")
        assert self.found(matter, standing()) == []
        matter.did("confirm_budget_line", line="212", amount_yuan=10_000_000, covered=True)
        assert self.found(matter, standing()) == ["catalogue.outside", "kin.large_alone"]

    def test_a_confirmed_budget_is_the_least_amount__budget_law_art_13(self) -> None:
        matter = self.matter(1).did("confirm_budget_line", amount_yuan=9, covered=False)
        assert matter.facts.links.amount_yuan == 1
        matter.did("confirm_budget_line", amount_yuan=10_000_000, covered=True)
        assert self.found(matter) == ["kin.large_alone"]
