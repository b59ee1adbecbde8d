"""决策事项目录: what a year's catalogue holds, and who may do what with it (Order 713 art. 3.3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from tests.unit.builders import (
    CLERK,
    KEEPER,
    LEGAL_HEAD,
    TODAY,
    Matter,
    codes,
    day,
    give,
    law,
    lens,
    only,
    payload,
    procedure,
    scene,
    specs,
)
from workflow.decisions.decide import Verdict, decide
from workflow.decisions.scene import AddMatter, FileInCatalogue, SetMatter
from workflow.definition import Procedure
from workflow.errors import NotFound
from workflow.facts import Linked, Record
from workflow.ports import Payload
from workflow.yearly_catalogue import (
    Entry,
    YearlyCatalogue,
    completion_due,
    fold,
    named,
    publication_due,
    ruled_out,
)

CONSENT: dict[str, Any] = {"letter": "党函〔2026〕1号", "given_on": TODAY, "granted": True}
PLACES = [{"channel": "website", "proof": "网站截图"}]
PUBLISHED: dict[str, Any] = {"published_on": TODAY, "places": PLACES}
NOMINATED: dict[str, Any] = {"title": "停车管理办法", "reasons": "供需矛盾突出"}


class Year:
    """A catalogue as its records tell it; every method files one more."""

    def __init__(self, year: int = 2026) -> None:
        self.year, self.records = year, ()

    records: tuple[Record, ...]

    def did(self, command: str, on: str = TODAY, **kept: Any) -> Year:
        unit = "planning_construction"
        filed = Record(
            len(self.records) + 1, command, None, "", KEEPER, None, unit, "clerk", kept, 0, day(on)
        )
        self.records += (filed,)
        return self

    def nominated(self, **more: Any) -> Year:
        made = 1 + sum(each.command == "nominate_entry" for each in self.records)
        return self.did("nominate_entry", entry=made, **{**NOMINATED, **more})

    def compiled(self, *entries: int) -> Year:
        return self.did("compile_catalogue", entries=list(entries))

    def consented(self, **more: Any) -> Year:
        return self.did("consent_catalogue", **{**CONSENT, **more})

    def published(self, *entries: int) -> Year:
        return self.compiled(*entries).consented().did("publish_catalogue", **PUBLISHED)

    @property
    def catalogue(self) -> YearlyCatalogue:
        return fold(self.year, self.records)


def two() -> Year:
    return Year().nominated().nominated(title="会展补助办法")


def standing() -> Year:
    return two().published(1)


def act(
    command: str,
    year: Year,
    by: str = KEEPER,
    on: str = TODAY,
    *,
    linked: dict[str, Linked] | None = None,
    rules: Procedure | None = None,
    **given: Any,
) -> Verdict:
    """Give a command on the catalogue and have it decided."""
    place = scene(by, on=on, command=command)
    place = replace(
        place,
        catalogue=lambda asked: year.catalogue if asked == year.year else fold(asked, ()),
        linked=linked or {},
        lens=lens(on, rules),
    )
    stated: Payload = specs()[command].payload.model_validate({"year": year.year, **given})
    return decide(place, specs()[command], stated)


def outcome(entry: int, result: str = "carried_over", **more: Any) -> dict[str, Any]:
    return {"entry": entry, "result": result, "explanation": "论证尚未完成", **more}


def issued(*, yes: bool, entry: tuple[int, int] | None = (2026, 1)) -> dict[str, Linked]:
    return {"2026-1": Linked("2026-1", "停车", "issued", "", issued=yes, entry=entry)}


class TestFolding:
    def test_an_entry_is_as_it_was_nominated(self) -> None:
        year = Year().nominated(decide_by="2026-11-30", hearing=True).nominated()
        assert year.catalogue.nominated == {
            1: Entry(
                1,
                "停车管理办法",
                "planning_construction",
                "供需矛盾突出",
                date(2026, 11, 30),
                hearing=True,
            ),
            2: Entry(2, "停车管理办法", "planning_construction", "供需矛盾突出"),
        }

    def test_it_stands_once_it_is_published_and_not_before__order_713_art_3_3(self) -> None:
        year = two().compiled(1)
        assert not year.catalogue.stands(1)
        assert not year.consented().catalogue.stands(1)
        assert year.did("publish_catalogue", **PUBLISHED).catalogue.stands(1)
        assert not year.catalogue.stands(2)
        assert year.catalogue.pending is None

    def test_a_consent_answers_to_the_edition_drawn_up_before_it(self) -> None:
        consented = two().compiled(1).consented()
        assert consented.catalogue.pending
        assert consented.catalogue.pending.consented
        anew = consented.compiled(1, 2).catalogue.pending
        assert anew
        assert not anew.consented

    def test_a_refusal_takes_its_consent_back(self) -> None:
        pending = two().compiled(1).consented().consented(granted=False).catalogue.pending
        assert pending
        assert not pending.consented

    def test_an_adjusted_edition_waits_while_the_other_stands(self) -> None:
        year = standing().did("adjust_catalogue", add=[2], remove=[{"entry": 1, "reasons": "并入"}])
        assert year.catalogue.pending
        assert year.catalogue.pending.numbers == (2,)
        assert (year.catalogue.stands(1), year.catalogue.stands(2)) == (True, False)
        year.consented().did("publish_catalogue", **PUBLISHED)
        assert (year.catalogue.stands(1), year.catalogue.stands(2)) == (False, True)
        assert len(year.catalogue.published) == 2

    def test_an_adjustment_of_nothing_begins_with_what_it_adds(self) -> None:
        pending = two().did("adjust_catalogue", add=[2]).catalogue.pending
        assert pending
        assert pending.numbers == (2,)

    @pytest.mark.parametrize("command", ["consent_catalogue", "publish_catalogue", "propose"])
    def test_what_cannot_have_been_is_no_record_of_it(self, command: str) -> None:
        with pytest.raises(ValueError, match="no act on a catalogue"):
            _ = Year().did(command).catalogue


class TestNominating:
    def test_each_candidate_has_the_next_number(self) -> None:
        decision = act("nominate_entry", two(), CLERK, **NOMINATED).decision
        assert decision.unmet == ()
        assert decision.effects == (FileInCatalogue(2026, 3),)
        assert decision.record == {"entry": 3, "year": 2026, **NOMINATED}

    def test_nothing_is_put_into_a_year_that_is_over(self) -> None:
        found = act("nominate_entry", two(), CLERK, "2027-01-04", **NOMINATED)
        assert codes(found) == ["catalogue.year_over"]


class TestDrawingUp:
    def test_each_candidate_is_taken_in_or_left_out(self) -> None:
        left = [{"entry": 2, "reasons": "内部事务"}]
        found = act("compile_catalogue", two(), entries=[1], left_out=left)
        assert codes(found) == []
        unmet = only(act("compile_catalogue", two(), entries=[1]))
        assert unmet.code == "catalogue.candidate_unruled"
        assert unmet.params == {"entries": ("2 会展补助办法",)}

    @pytest.mark.parametrize("entries", [[1, 2, 3], [1, 2, 2]])
    def test_no_number_is_unknown_or_named_twice(self, entries: list[int]) -> None:
        found = act("compile_catalogue", two(), entries=entries)
        assert codes(found) == ["catalogue.unknown_entry"]

    def test_what_is_published_is_adjusted_and_not_drawn_up_anew(self) -> None:
        found = act("compile_catalogue", standing(), entries=[1, 2])
        assert codes(found) == ["catalogue.already_published"]

    def test_a_profile_says_who_keeps_it(self) -> None:
        assert codes(act("compile_catalogue", two(), LEGAL_HEAD, entries=[1, 2])) == [
            "authority.role"
        ]
        rules = procedure("catalogue_duty")
        found = act("compile_catalogue", two(), LEGAL_HEAD, rules=rules, entries=[1, 2])
        assert codes(found) == []
        found = act("compile_catalogue", two(), KEEPER, rules=rules, entries=[1, 2])
        assert codes(found) == ["authority.role"]


class TestConsent:
    def test_it_answers_to_what_was_drawn_up(self) -> None:
        assert codes(act("consent_catalogue", two().compiled(1), **CONSENT)) == []
        assert codes(act("consent_catalogue", two(), **CONSENT)) == ["catalogue.nothing_pending"]

    def test_it_is_not_older_than_what_it_answers_to__order_713_art_3_3(self) -> None:
        early = {**CONSENT, "given_on": "2026-08-31"}
        unmet = only(act("consent_catalogue", two().compiled(1), **early))
        assert (unmet.code, law(unmet)[0]) == ("catalogue.consent_too_early", "order_713 3.3")

    def test_it_is_not_of_a_day_to_come(self) -> None:
        ahead = {**CONSENT, "given_on": "2026-09-02"}
        found = act("consent_catalogue", two().compiled(1), **ahead)
        assert codes(found) == ["record.future_day"]

    def test_a_letter_answers_to_one_edition_however_it_is_written__order_713_art_3_3(self) -> None:
        year = standing().did("adjust_catalogue", add=[2])
        unmet = only(act("consent_catalogue", year, **{**CONSENT, "letter": "党函 [2026] 1 号"}))
        assert (unmet.code, law(unmet)[0]) == ("catalogue.letter_used", "order_713 3.3")
        assert unmet.params["year"] == 2026
        assert codes(act("consent_catalogue", year, **{**CONSENT, "letter": "党函2号"})) == []

    def test_a_letter_that_says_nothing_is_none(self) -> None:
        found = act("consent_catalogue", two().compiled(1), **{**CONSENT, "letter": "无"})
        assert codes(found) == ["record.says_nothing"]


class TestPublishing:
    def test_never_without_consent__order_713_art_3_3(self) -> None:
        unmet = only(act("publish_catalogue", two().compiled(1), **PUBLISHED))
        assert (unmet.code, law(unmet)) == ("catalogue.unconsented", ["order_713 3.3"])
        refused = two().compiled(1).consented(granted=False)
        assert codes(act("publish_catalogue", refused, **PUBLISHED)) == ["catalogue.unconsented"]

    def test_with_consent_it_is(self) -> None:
        verdict = act("publish_catalogue", two().compiled(1).consented(), **PUBLISHED)
        assert (codes(verdict), verdict.decision.warnings) == ([], ())

    def test_not_before_the_day_of_the_consent__order_713_art_3_3(self) -> None:
        early = {**PUBLISHED, "published_on": "2026-08-31"}
        found = act("publish_catalogue", two().compiled(1).consented(), **early)
        assert codes(found) == ["catalogue.published_too_early"]

    def test_not_on_a_day_to_come(self) -> None:
        ahead = {**PUBLISHED, "published_on": "2026-09-02"}
        found = act("publish_catalogue", two().compiled(1).consented(), **ahead)
        assert codes(found) == ["record.future_day"]

    def test_where_decisions_are_published__order_713_art_3_3(self) -> None:
        inside = {**PUBLISHED, "places": [{"channel": "internal_board", "proof": "照片"}]}
        unmet = only(act("publish_catalogue", two().compiled(1).consented(), **inside))
        assert (unmet.code, unmet.params) == ("catalogue.channels", {"channels": ("website",)})
        assert law(unmet) == ["order_713 3.3", "disclosure 23"]

    def test_an_adjustment_needs_a_consent_of_its_own__order_713_art_3_3(self) -> None:
        year = standing().did("adjust_catalogue", add=[2])
        assert codes(act("publish_catalogue", year, **PUBLISHED)) == ["catalogue.unconsented"]

    def test_what_is_published_already_is_not_published_again(self) -> None:
        unmet = only(act("publish_catalogue", standing(), **PUBLISHED))
        assert unmet.code == "catalogue.nothing_pending"

    @pytest.mark.parametrize(("on", "late"), [("2026-03-31", False), ("2026-04-01", True)])
    def test_late_it_is_published_with_a_warning__shandong_rules(
        self, on: str, *, late: bool
    ) -> None:
        rules = procedure("catalogue_duty")
        year = Year().nominated().did("compile_catalogue", on, entries=[1]).consented(given_on=on)
        verdict = act(
            "publish_catalogue", year, LEGAL_HEAD, on, rules=rules, published_on=on, places=PLACES
        )
        assert codes(verdict) == []
        warned = [each.code for each in verdict.decision.warnings]
        assert warned == ["catalogue.overdue"] * late


class TestAdjusting:
    def test_it_adds_candidates_and_takes_entries_out(self) -> None:
        gone = [{"entry": 1, "reasons": "上级已统一规定"}]
        found = act("adjust_catalogue", standing(), add=[2], remove=gone, reasons="调整")
        assert codes(found) == []

    def test_it_adds_nothing_that_is_there_and_takes_out_nothing_that_is_not(self) -> None:
        found = act("adjust_catalogue", standing(), add=[1], reasons="调整")
        assert codes(found) == ["catalogue.unknown_entry"]
        gone = [{"entry": 2, "reasons": "调整"}]
        found = act("adjust_catalogue", standing(), remove=gone, reasons="调整")
        assert codes(found) == ["catalogue.unknown_entry"]

    def test_there_is_something_to_adjust(self) -> None:
        found = act("adjust_catalogue", two(), add=[1], reasons="调整")
        assert codes(found) == ["catalogue.not_published"]

    def test_it_changes_something(self) -> None:
        with pytest.raises(ValidationError):
            act("adjust_catalogue", standing(), reasons="调整")


class TestCompleting:
    """年终完成情况: every entry, once, and shown."""

    LATER = "2027-01-08"

    def complete(self, year: Year, *outcomes: dict[str, Any], **more: Any) -> Verdict:
        on = more.pop("on", self.LATER)
        given = {"published_on": on, "places": PLACES, "outcomes": list(outcomes), **more}
        return act("complete_catalogue", year, on=on, linked=more.pop("linked", None), **given)

    def test_after_the_end_of_the_year(self) -> None:
        assert codes(self.complete(standing(), outcome(1))) == []
        found = self.complete(standing(), outcome(1), on="2026-12-31")
        assert codes(found) == ["catalogue.year_not_over"]
        found = self.complete(standing(), outcome(1), published_on="2026-12-31")
        assert codes(found) == ["catalogue.year_not_over"]

    def test_not_on_a_day_to_come(self) -> None:
        found = self.complete(standing(), outcome(1), published_on="2027-01-09")
        assert codes(found) == ["record.future_day"]

    def test_every_entry_is_accounted_for_and_no_other(self) -> None:
        found = self.complete(two().published(1, 2), outcome(1))
        assert only(found).params == {"entries": ("2 会展补助办法",)}
        found = self.complete(standing(), outcome(1), outcome(9, "decided"))
        assert codes(found) == ["catalogue.unknown_entry", "catalogue.decision_unproven"]

    def test_only_what_was_published_and_only_once(self) -> None:
        assert codes(self.complete(two(), outcome(1))) == ["catalogue.not_published"]
        done = standing().did("complete_catalogue", outcomes=[])
        assert codes(self.complete(done, outcome(1))) == ["catalogue.completed"]

    @pytest.mark.parametrize(
        ("shown", "proven"),
        [
            ({}, False),
            ({"document": "济高管〔2026〕9号"}, True),
            ({"matter": "2026-1"}, True),
            ({"matter": "2026-1", "entry": 2}, False),
        ],
    )
    def test_what_is_decided_is_shown(self, shown: dict[str, Any], *, proven: bool) -> None:
        year, on = two().published(int(shown.get("entry", 1))), self.LATER
        told = [{**outcome(1, "decided"), **shown}]
        found = act(
            "complete_catalogue", year, on=on, linked=issued(yes=True),
            published_on=on, places=PLACES, outcomes=told,
        )  # fmt: skip
        assert codes(found) == ([] if proven else ["catalogue.decision_unproven"])

    def test_a_matter_that_was_not_issued_is_not_decided(self) -> None:
        told = [outcome(1, "decided", matter="2026-1", document="济高管〔2026〕9号")]
        found = act(
            "complete_catalogue", standing(), on=self.LATER, linked=issued(yes=False),
            published_on=self.LATER, places=PLACES, outcomes=told,
        )  # fmt: skip
        assert codes(found) == ["catalogue.decision_unproven"]

    @pytest.mark.parametrize("entry", [None, (2025, 1)])
    def test_nor_is_an_entry_decided_by_a_matter_that_is_another_or_none(
        self, entry: tuple[int, int] | None
    ) -> None:
        found = act(
            "complete_catalogue", standing(), on=self.LATER, linked=issued(yes=True, entry=entry),
            published_on=self.LATER, places=PLACES,
            outcomes=[outcome(1, "decided", matter="2026-1")],
        )  # fmt: skip
        assert codes(found) == ["catalogue.decision_unproven"]

    def test_what_was_not_decided_is_explained(self) -> None:
        with pytest.raises(ValidationError, match="unexplained_entry"):
            self.complete(standing(), {"entry": 1, "result": "not_started"})
        idle = self.complete(standing(), outcome(1, explanation="无"))
        assert codes(idle) == ["record.says_nothing"]

    def test_it_is_published_where_decisions_are__order_713_art_3_3(self) -> None:
        inside = [{"channel": "internal_board", "proof": "照片"}]
        found = self.complete(standing(), outcome(1), places=inside)
        assert codes(found) == ["catalogue.channels"]

    def test_an_unknown_matter_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            self.complete(standing(), outcome(1, matter="2026-9"))

    def test_it_names_its_matters(self) -> None:
        given = {"published_on": self.LATER, "places": PLACES, "year": 2026}
        told = [outcome(1, matter="2026-1"), outcome(2)]
        stated = specs()["complete_catalogue"].payload.model_validate({**given, "outcomes": told})
        assert stated.named_matters() == ("2026-1",)


ENTRY: dict[str, Any] = {"year": 2026, "number": 1}


class TestLinking:
    def give(
        self, command: str, year: Year, by: str, matter: Matter | None, **given: Any
    ) -> Verdict:
        place = scene(by, matter, command=command)
        place = replace(place, catalogue=lambda _: year.catalogue)
        return decide(place, specs()[command], payload(command, **given))

    def test_the_owner_links_a_matter_to_an_entry_that_stands(self) -> None:
        given = {"entry": ENTRY, "reasons": "同一事项"}
        verdict = self.give("link_entry", standing(), KEEPER, Matter(), **given)
        assert (codes(verdict), verdict.stage) == ([], "drafting")
        assert verdict.decision.effects == (SetMatter({"entry_year": 2026, "entry_number": 1}),)
        found = self.give("link_entry", two(), KEEPER, Matter(), **given)
        assert codes(found) == ["catalogue.unknown_entry"]
        assert codes(self.give("link_entry", standing(), CLERK, Matter(), **given)) == [
            "authority.role"
        ]

    def propose(self, by: str, number: int = 1) -> Verdict:
        given = {"entry": {"year": 2026, "number": number}, "answers": dict(Matter().answers)}
        return self.give("propose", standing(), by, None, **given)

    def test_a_proposal_names_an_entry_of_its_own_unit(self) -> None:
        (added,) = self.propose(CLERK).decision.effects
        assert isinstance(added, AddMatter)
        assert added.links == {"entry_year": 2026, "entry_number": 1}
        assert codes(self.propose(CLERK, 2)) == ["catalogue.unknown_entry"]
        unmet = only(self.propose("finance.clerk"))
        assert unmet.code == "catalogue.entry_of_other_unit"
        assert {holder.of for holder in unmet.cured_by} == {"agenda_office"}

    def test_the_last_link_counts(self) -> None:
        matter = Matter().did("propose", entry=ENTRY)
        assert named(matter.facts)
        matter.did("link_entry", entry={"year": 2026, "number": 4})
        found = named(matter.facts)
        assert found
        assert (found.year, found.number) == (2026, 4)
        assert named(Matter().did("propose").facts) is None


class TestRulingOut:
    def test_the_legal_office_rules_and_a_later_classification_undoes_it(self) -> None:
        ruled = give("rule_not_major", LEGAL_HEAD, Matter().did("propose", amount_yuan=7))
        assert (codes(ruled), ruled.decision.record) == (
            [],
            {"reasons": "只涉及内部事务", "amount_yuan": 7},
        )
        matter = Matter().did("classify").did("rule_not_major")
        assert ruled_out(matter.facts) is not None
        assert ruled_out(matter.did("classify").facts) is None
        assert ruled_out(Matter().facts) is None

    def test_whoever_proposed_or_studied_does_not(self) -> None:
        matter = Matter().did("study", by=LEGAL_HEAD)
        assert codes(give("rule_not_major", LEGAL_HEAD, matter)) == ["catalogue.own_side"]


class TestDays:
    def test_a_month_is_told_by_its_last_day__shandong_rules(self) -> None:
        rules = procedure("catalogue_duty")
        assert publication_due(rules, 2026) == date(2026, 3, 31)
        assert completion_due(rules, 2026) == date(2027, 1, 31)

    def test_without_a_rule_there_is_none__order_713_art_3_3(self) -> None:
        assert publication_due(procedure(), 2026) is None
