"""What an answer brings in beside the main procedure, and the proof of what they make together."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from procedures import together
from procedures.book import ProcedureBook, shipped
from procedures.kinds import KINDS
from procedures.prover import Fault, Proof, prove
from tests.unit.procedure_files import BASE, law, problems, step, told, write
from workflow.definition import Procedure
from workflow.errors import BrokenDefinition, NotFound

DAY = date(2026, 3, 1)
ASKS = {"question": "pricing", "is": True}
RISKY = {"question": "stability_risk", "is": True}
NONE: dict[str, bool] = {}
BOTH = {"pricing": True, "stability_risk": True}

Data = dict[str, Any]


def profile(name: str, **more: Any) -> Data:
    return {
        "procedure": name,
        "version": "2026-01-01",
        "extends": {"procedure": BASE, "version": "2019-09-01"},
        "name": {"zh": f"{name}程序", "en": name},
        **more,
    }


MAIN = profile(
    "city",
    questions={
        "pricing": {
            "text": {"zh": "是否定价？", "en": "A price?"},
            "kind": "yes_no",
            "cite": "pricing_law 23",
        }
    },
    joins=[
        {"procedure": "pricing", "when": ASKS},
        {"procedure": "filing", "when": RISKY},
    ],
)
PRICING = profile(
    "pricing",
    steps=[
        {"id": "hearing", "rules": {"papers_before": {"value": 15, "cite": "pricing_law 23"}}},
    ],
)
#: What does not rest on the Order, and brings it in by an answer.
OFFERED: Data = {
    **law(),
    "procedure": "offered",
    "version": "2019-09-02",
    "questions": {**law()["questions"], **MAIN["questions"]},
    "joins": [{"procedure": BASE, "when": ASKS}],
}
step(OFFERED, "classification")["rules"]["reasoned"]["choices"].append("pricing")
FILING = profile("filing", functions={"filing_office": {"zh": "备案机构", "en": "filing office"}})


def book(folder: Path, *more: Data, main: Data = MAIN) -> ProcedureBook:
    for data in (law(), main, PRICING, FILING, *more):
        write(folder, data, f"{data['procedure']}-{data['version']}")
    return ProcedureBook(folder)


def parts(procedure: Procedure) -> list[str]:
    return [f"{part.id}@{part.version}" for part in procedure.parts]


class TestWhichBind:
    def test_none_but_the_main_one_where_no_answer_brings_one_in(self, tmp_path: Path) -> None:
        laws = book(tmp_path)
        main = laws.get("city")
        assert laws.joined(main, {"pricing": False}, DAY) is main
        assert laws.joined(main, NONE, DAY) is main
        assert parts(main) == ["city@2026-01-01"]

    def test_an_answer_brings_one_in(self, tmp_path: Path) -> None:
        laws = book(tmp_path)
        found = laws.joined(laws.get("city"), {"pricing": True}, DAY)
        assert parts(found) == ["city@2026-01-01", "pricing@2026-01-01"]
        assert found.id == "city@2026-01-01+pricing@2026-01-01"
        assert found.name.zh == "city程序 + pricing程序"
        assert found.lineage == (f"{BASE}@2019-09-01", "city@2026-01-01", "pricing@2026-01-01")
        assert (found.joins, found.offers) == ((), ())
        assert found.steps["hearing"].rules["papers_before"].value == 15

    def test_several_stand_in_one_order(self, tmp_path: Path) -> None:
        laws = book(tmp_path)
        found = laws.joined(laws.get("city"), BOTH, DAY)
        assert [part.id for part in found.parts] == ["city", "filing", "pricing"]

    def test_what_is_brought_in_may_bring_in_more(self, tmp_path: Path) -> None:
        further = profile("further", joins=[{"procedure": "city", "when": "always"}])
        pricing = {**PRICING, "version": "2026-02-01"}
        pricing["joins"] = [{"procedure": "further", "when": "always"}]
        laws = book(tmp_path, further, pricing)
        found = laws.joined(laws.get("city"), {"pricing": True}, DAY)
        assert [part.id for part in found.parts] == ["city", "further", "pricing"]

    def test_in_the_version_of_the_day(self, tmp_path: Path) -> None:
        laws = book(tmp_path, {**PRICING, "version": "2026-02-01"})
        main = laws.get("city")
        found = {
            day: parts(laws.joined(main, {"pricing": True}, day))[1:]
            for day in (date(2026, 1, 31), date(2026, 2, 1), date(2025, 12, 31))
        }
        assert list(found.values()) == [["pricing@2026-01-01"], ["pricing@2026-02-01"], []]

    def test_answers_that_are_corrected_change_what_binds(self, tmp_path: Path) -> None:
        laws = book(tmp_path)
        found = laws.joined(laws.get("city"), {"pricing": True}, DAY)
        assert laws.joined(found, {"pricing": True}, DAY) is found
        assert [part.id for part in laws.joined(found, BOTH, DAY).parts] == [
            "city",
            "filing",
            "pricing",
        ]
        assert laws.joined(found, {"pricing": False}, DAY) is laws.get("city")

    def test_a_profile_stands_in_the_place_of_what_it_rests_on(self, tmp_path: Path) -> None:
        laws = book(tmp_path, OFFERED)
        main = laws.get("offered")
        answers = {"pricing": True}
        assert [part.id for part in laws.joined(main, answers, DAY).parts] == ["offered", BASE]
        found = laws.joined(main, answers, DAY, "city")
        assert [part.id for part in found.parts] == ["offered", "city", "pricing"]
        assert [part.id for part in laws.joined(found, answers, DAY, "city").parts] == [
            "offered",
            "city",
            "pricing",
        ]

    def test_a_profile_that_is_not_in_force_yet_stands_for_nothing(self, tmp_path: Path) -> None:
        laws = book(tmp_path, OFFERED)
        early = date(2025, 12, 31)
        found = laws.joined(laws.get("offered"), {"pricing": True}, early, "city")
        assert [part.id for part in found.parts] == ["offered", BASE]

    def test_what_the_main_one_rests_on_is_not_brought_in_again(self, tmp_path: Path) -> None:
        again = {**PRICING, "joins": [{"procedure": BASE, "when": "always"}]}
        laws = book(tmp_path, {**again, "version": "2026-02-01"})
        found = laws.joined(laws.get("city"), {"pricing": True}, date(2026, 2, 1))
        assert [part.id for part in found.parts] == ["city", "pricing"]

    def test_the_meeting_is_that_of_the_profile_which_offers_the_main_one(
        self, tmp_path: Path
    ) -> None:
        city = {**MAIN, "meeting_body": "party_group"}
        for offers, meeting in ((["offered"], "party_group"), ([], "executive_meeting")):
            folder = tmp_path / meeting
            folder.mkdir()
            laws = book(folder, OFFERED, main={**city, "offers": offers})
            found = laws.joined(laws.get("offered"), {"pricing": True}, DAY, "city")
            assert found.meeting_body == meeting

    def test_a_main_one_whose_file_is_gone_cannot_be_joined_anew(self, tmp_path: Path) -> None:
        laws = book(tmp_path)
        kept = laws.source(laws.get("city"))
        (tmp_path / "city-2026-01-01.yaml").unlink()
        other = ProcedureBook(tmp_path)
        with pytest.raises(NotFound, match=r"procedure\.edition_gone"):
            other.joined(other.compile(kept), {"pricing": True}, DAY)

    def test_nor_one_whose_file_was_changed(self, tmp_path: Path) -> None:
        laws = book(tmp_path)
        kept = laws.source(laws.get("city"))
        other = book(tmp_path, main={**MAIN, "meeting_body": "party_group"})
        with pytest.raises(BrokenDefinition, match=r"procedure\.changed_in_place"):
            other.joined(other.compile(kept), {"pricing": True}, DAY)


def not_always(offered: Data) -> None:
    step(offered, "classification")["required_when"] = ASKS


def waivable(offered: Data) -> None:
    step(offered, "classification")["waivable"] = step(offered, "open_call")["waivable"]


def without_reason(offered: Data) -> None:
    step(offered, "classification")["rules"]["reasoned"]["choices"].remove("pricing")


def by_more_than_a_yes(offered: Data) -> None:
    offered["joins"] = [{"procedure": BASE, "when": {"all": [ASKS, RISKY]}}]


def elsewhere(offered: Data) -> None:
    offered["joins"] = [{"procedure": "pricing", "when": ASKS}]


class TestOffered:
    @pytest.mark.parametrize(
        "change", [not_always, waivable, without_reason, by_more_than_a_yes, elsewhere]
    )
    def test_leads_back_by_a_ruling_that_the_matter_is_a_major_decision(
        self, change: Callable[[Data], object], tmp_path: Path
    ) -> None:
        main = {**MAIN, "offers": ["offered"]}
        assert book(tmp_path, OFFERED, main=main).get("city").offers == ("offered",)
        offered = deepcopy(OFFERED)
        change(offered)
        assert told(lambda: book(tmp_path, offered, main=main).get("city")) == [
            ("offers[1]", "definition.offer_leads_away")
        ]

    def test_in_each_edition_that_can_be_chosen(self, tmp_path: Path) -> None:
        main = {**MAIN, "offers": ["offered"]}
        for version, fits in (("2019-09-01", True), ("2026-05-01", False)):
            folder = tmp_path / version
            folder.mkdir()
            other = {**deepcopy(OFFERED), "version": version, "joins": []}
            load = partial(book(folder, OFFERED, other, main=main).get, "city")
            assert load() if fits else told(load)[0][0] == "offers[1]"

    def test_what_is_broken_cannot_be_chosen_and_is_told_where_it_stands(
        self, tmp_path: Path
    ) -> None:
        laws = book(tmp_path, {**OFFERED, "stages": []}, main={**MAIN, "offers": ["offered"]})
        assert laws.get("city").offers == ("offered",)
        assert {each.file for each in problems(laws.all)} == {"offered-2019-09-02.yaml"}


class TestKept:
    def test_it_is_built_again_from_its_text(self, tmp_path: Path) -> None:
        laws = book(tmp_path)
        found = laws.joined(laws.get("city"), BOTH, DAY)
        again = ProcedureBook(tmp_path).compile(laws.source(found))
        assert again == found
        assert laws.by_digest(found.digest) is found

    def test_it_is_joined_once(self, tmp_path: Path) -> None:
        laws = book(tmp_path)
        main = laws.get("city")
        assert laws.joined(main, BOTH, DAY) is laws.joined(main, BOTH, DAY)


class TestFiles:
    @pytest.mark.parametrize("key", ["joins", "offers"])
    def test_what_is_joined_or_offered_has_a_file(self, key: str, tmp_path: Path) -> None:
        named: object = [{"procedure": "pricng", "when": ASKS}] if key == "joins" else ["pricng"]
        (problem,) = problems(book(tmp_path, main={**MAIN, key: named}).all)
        assert problem.code == "definition.unknown_procedure"
        assert problem.key == ("joins[1].procedure" if key == "joins" else "offers[1]")
        assert problem.params["known"] == ["pricing"]

    def test_nothing_joins_itself_though_its_base_joins_it(self, tmp_path: Path) -> None:
        base = {"procedure": "city", "version": "2026-01-01"}
        laws = book(tmp_path, OFFERED, main={**MAIN, "offers": ["pricing", "offered"]})
        write(tmp_path, {**PRICING, "extends": base}, "pricing-2026-01-01")
        found = laws.get("pricing")
        assert [join.procedure for join in found.joins] == ["filing"]
        assert found.offers == ("offered",)
        assert [part.id for part in laws.joined(found, BOTH, DAY).parts] == ["pricing", "filing"]

    def test_the_condition_asks_a_question_that_there_is(self, tmp_path: Path) -> None:
        when = {"question": "moon", "is": True}
        main = {**MAIN, "joins": [{"procedure": "pricing", "when": when}]}
        found = told(lambda: book(tmp_path, main=main).get("city"))
        assert ("joins[1].when.question", "definition.unknown_question") in found

    def test_a_profile_joins_what_its_base_joins_and_more(self, tmp_path: Path) -> None:
        town = profile(
            "town",
            extends={"procedure": "city", "version": "2026-01-01"},
            joins=[{"procedure": "filing", "when": "always"}],
            offers=["offered", "other"],
        )
        city = {**MAIN, "offers": ["other"]}
        other = {**OFFERED, "procedure": "other"}
        found = book(tmp_path, town, OFFERED, other, main=city).get("town")
        assert [join.procedure for join in found.joins] == ["pricing", "filing", "filing"]
        assert found.offers == ("other", "offered")

    def test_what_is_offered_or_joined_stands_beside(self, tmp_path: Path) -> None:
        laws = book(tmp_path)
        found = [each.id for each in laws.beside(laws.get("city"))]
        assert found == ["pricing", "filing"]


class TestProof:
    def test_a_joined_definition_is_proven_once_before_it_is_given(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        proven: list[str] = []

        def counted(procedure: Procedure, kinds: Any) -> Proof:
            proven.append(procedure.id)
            return prove(procedure, kinds)

        monkeypatch.setattr(together, "prove", counted)
        laws = book(tmp_path)
        laws.kinds = dict(KINDS)  # with other kinds nothing is proven yet
        for _ in range(2):
            laws.joined(laws.get("city"), {"pricing": True}, DAY)
        assert proven == ["city@2026-01-01+pricing@2026-01-01"]

    def test_one_with_a_fault_is_refused_and_the_fault_is_told(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def faulty(procedure: Procedure, _: Any) -> Proof:
            return Proof(procedure, 1, (Fault("proof.negative_passes"),))

        monkeypatch.setattr(together, "prove", faulty)
        laws = book(tmp_path)
        laws.kinds = dict(KINDS)  # with other kinds nothing is proven yet
        for _ in range(2):
            with pytest.raises(BrokenDefinition, match=r"procedure\.join_broken") as caught:
                laws.joined(laws.get("city"), {"pricing": True}, DAY)
            assert "proof.negative_passes" in str(caught.value.params["faults"])

    def test_every_join_of_a_book_is_listed_single_and_all_together(self, tmp_path: Path) -> None:
        found = [[part.id for part in each.parts] for each in book(tmp_path).joins()]
        assert found == [
            ["city", "pricing"],
            ["city", "filing"],
            ["city", "filing", "pricing"],
        ]

    def test_so_is_what_is_offered_and_can_bring_in_the_profile(self, tmp_path: Path) -> None:
        main = {**MAIN, "joins": [], "offers": ["offered"]}
        laws = book(tmp_path, OFFERED, main=main)
        found = [[part.id for part in each.parts] for each in laws.joins(laws.get("city"))]
        assert found == [["offered", "city"]]

    def test_of_a_single_one_there_is_no_more(self, tmp_path: Path) -> None:
        main = {**MAIN, "joins": MAIN["joins"][:1]}
        found = [[part.id for part in each.parts] for each in book(tmp_path, main=main).joins()]
        assert found == [["city", "pricing"]]

    def test_every_shipped_join_keeps_the_promise(self) -> None:
        assert [prove(each, KINDS).faults for each in shipped().joins()] == [
            () for _ in shipped().joins()
        ]
