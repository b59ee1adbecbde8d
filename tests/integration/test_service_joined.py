"""A matter under two procedures at once: both bind, and what is filed once counts for both."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest

from api.presenting.data import matter_data
from api.presenting.matters import Matter, write_list
from api.presenting.page import Page, Terminal
from procedures.book import LAW, ProcedureBook
from procedures.kinds import KINDS
from procedures.kinds.base import Kind, pending, satisfied
from procedures.organisation import ORGANISATIONS, load_organisation
from procedures.wording import Wording
from tests.integration import house as h
from tests.integration.house import Zone, founded
from tests.reasons import sample_rulings
from workflow.catalogue import catalogue_for
from workflow.commands import Given
from workflow.definition import Answer
from workflow.errors import YichengError
from workflow.inquiry import Line, Query
from workflow.ports import Act, Assessment, Ruling, StepPayload, View
from workflow.texts import Name

#: A normative document that is a major decision as well (规范性文件).
NORMATIVE: Final = """
procedure: normative
version: 2026-01-01
extends: {procedure: common_course, version: 2019-09-01}
name: {zh: 规范性文件, en: normative documents}
instruments:
  filing_rules:
    title: {zh: 规范性文件管理办法, en: Rules on normative documents}
    number: 令第226号
    in_force: 2024-06-03
questions:
  replaces_another:
    text: {zh: 是否替代现行文件？, en: Does it replace one in force?}
    kind: yes_no
    cite: filing_rules 9
steps:
  - id: research
    kind: research
    name: {zh: 调研, en: research}
    cite: filing_rules 7
    required_when: always
    before: review
    acts:
      file_research: [clerk of lead_unit]
      file_legal_basis: [clerk of lead_unit]
    rules:
      legal_basis: {cite: filing_rules 8}
  - id: clean_up
    kind: declared
    name: {zh: 清理现行文件, en: clearing up what is in force}
    cite: filing_rules 9
    required_when: {question: replaces_another, is: true}
    before: review
    acts:
      file_evidence: [clerk of lead_unit, head of lead_unit]
  - id: legality_review
    after: [research, clean_up]
    rules:
      review_time: {value: 10, cite: filing_rules 12}
"""
JOINS: Final = """
  filed_document:
    text: {zh: 是否属于规范性文件？, en: Is it a normative document?}
    kind: yes_no
    cite: order_713 3.1
"""
JOIN: Final = """
  - {procedure: normative, when: {question: filed_document, is: true}}
"""
RETHINK: Final = """
  - id: ruling
    kind: rethinking
    name: {zh: 事项认定, en: ruling}
    cite: order_713 3.1
    required_when: never
    before: start
    acts:
      rethink: [keeper of agenda_office]
"""

BOTH: Final[Mapping[str, object]] = {
    **h.QUICK,
    "filed_document": True,
    "replaces_another": True,
}
ONE: Final[Mapping[str, object]] = {**h.QUICK, "filed_document": False}
TOGETHER: Final = ("jiyuan_htz", "normative")


class Rethinking(StepPayload):
    """Answers that are corrected."""

    answers: Mapping[Name, Given]

    def corrections(self) -> Mapping[str, Answer]:
        return self.answers


def judge(view: View, payload: Rethinking) -> Ruling:
    return Ruling(answers=payload.answers)


def assess(view: View) -> Assessment:
    filed = view.facts.last("rethink", step=view.step)
    return satisfied(filed.filed_on) if filed else pending(view.unmet("missing"))


KIND: Final = Kind("rethinking", {"rethink": Act(Rethinking, judge)}, {}, assess)


def rethink(**answers: object) -> h.Act:
    return h.Act("rethink", h.KEEPER, h.always(answers=answers))


@pytest.fixture
def law(tmp_path: Path) -> Path:
    """The law as shipped, with a second procedure that the zone's own joins and offers."""
    folder = tmp_path / "law"
    shutil.copytree(LAW, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    (folder / "normative.yaml").write_text(NORMATIVE, "utf-8")
    text = (folder / "jiyuan.yaml").read_text("utf-8")
    text = text.replace("\nquestions:\n", f"\nquestions:{JOINS}", 1)
    text = text.replace("\nsteps:\n", f"\nsteps:{RETHINK}", 1)
    text = text.replace("\njoins:\n", f"\njoins:{JOIN}", 1)
    text = re.sub(r"^offers: .*$", "offers: [major_items]", text, flags=re.MULTILINE)
    text += "\nmoves:\n  - {command: rethink, from: [proposed, started, drafting, tabled]}\n"
    (folder / "jiyuan.yaml").write_text(text, "utf-8")
    return folder


@pytest.fixture
def office(database_url: str, law: Path) -> Iterator[Zone]:
    with founded(database_url, law=law, kinds={**KINDS, "rethinking": KIND}) as zone:
        yield zone


def bound(zone: Zone) -> tuple[str, ...]:
    return tuple(part.id for part in zone.standing().procedure.parts)


def last_entry(zone: Zone) -> dict[str, Any]:
    entries = list(zone.house.inquiry.entries(zone.code))
    found = json.loads(entries[-1].body)
    assert isinstance(found, dict)
    return found


def proposed(zone: Zone, answers: Mapping[str, object], **more: object) -> Zone:
    zone.do(h.propose(answers).with_(**more))
    return zone


def test_an_answer_brings_a_second_procedure_in(office: Zone) -> None:
    assert bound(proposed(office, BOTH)) == TOGETHER
    assert bound(proposed(office, ONE)) == ("jiyuan_htz",)


def test_the_questions_of_both_are_to_be_answered(office: Zone) -> None:
    open_ = {name: given for name, given in BOTH.items() if name != "replaces_another"}
    outcome = office.try_(h.propose(open_))
    assert [(each.code, each.params["id"]) for each in outcome.refusals] == [
        ("matter.question_open", "replaces_another")
    ]
    assert office.refuse(h.propose({**ONE, "replaces_another": True})) == (
        "matter.question_unknown",
    )


def test_what_is_filed_once_counts_for_both(office: Zone) -> None:
    proposed(office, BOTH)
    for act in h.way("drafted", BOTH)[1:]:
        office.do(act)
    found = office.standing()
    assert found.assessments["research"].state.value == "satisfied"
    cites = {each.instrument for each in found.procedure.steps["research"].citations}
    assert cites == {"order_713", "filing_rules"}
    assert "clean_up" in {each.step for each in found.unmet}


def test_the_gate_asks_for_what_either_asks_for(office: Zone) -> None:
    proposed(office, BOTH)
    for act in h.way("drafted", BOTH)[1:]:
        office.do(act)
    refused = office.refuse(h.SUBMIT)
    assert refused == ("declared.missing",)
    office.do(h.COST_AUDIT.with_(step="clean_up"))
    for act in (h.SUBMIT, h.ACCEPT, h.COUNSEL_OPINION, h.VERDICT, h.CONVENE, h.TABLE):
        office.do(act)
    assert office.standing().facts.stage == "tabled"
    assert office.flaws() == []


def test_the_longer_of_two_periods_binds_and_both_are_cited(office: Zone) -> None:
    rule = proposed(office, BOTH).standing().procedure.steps["legality_review"].rules["review_time"]
    assert rule.value == 10
    assert {each.instrument for each in rule.citations} == {"order_713", "filing_rules"}


def test_it_is_kept_and_runs_on_without_any_file(office: Zone, law: Path) -> None:
    before = proposed(office, BOTH).standing()
    for path in law.glob("*.yaml"):
        path.unlink()
    with founded(office.url, law=law, kinds=office.house.kinds) as zone:
        zone.matter = office.matter
        assert zone.standing() == replace(before, directory=zone.standing().directory)
        zone.do(h.STUDY)


def test_two_matters_share_one_text_of_it(office: Zone) -> None:
    for _ in range(2):
        proposed(office, BOTH)
    proposed(office, ONE)
    rows = office.rows("SELECT procedure FROM procedure_version ORDER BY procedure")
    assert rows == [("jiyuan_htz",), ("jiyuan_htz@2026-01-01+normative@2026-01-01",)]


class TestWords:
    def told(self, office: Zone, *numbers: str) -> str:
        catalogue, found = catalogue_for("zh"), list[str]()
        page = Page(Terminal(200), found.append)
        lines = [each for each in _lines(office) if each.number in numbers]
        directory = office.house.inquiry.directory(office.code)
        wordings = [Wording(catalogue, line.procedure, directory) for line in lines]
        write_list(page, catalogue, lines, wordings, h.LOCAL)
        return "\n".join(found)

    def test_a_list_says_which_procedures_bind_where_they_are_not_always_one(
        self, office: Zone
    ) -> None:
        numbers = [str(proposed(office, answers).matter) for answers in (BOTH, ONE)]
        assert "济源高新区重大决策上会程序、规范性文件" in self.told(office, *numbers)
        assert "上会程序" not in self.told(office, numbers[1])

    def test_a_matter_says_which_procedures_bind_it_in_which_versions(self, office: Zone) -> None:
        standing = proposed(office, BOTH).standing()
        found = list[str]()
        Matter(catalogue_for("zh"), standing).write(Page(Terminal(100), found.append))
        rows = [" ".join(line.split()) for line in found]
        assert any(row.startswith("并行程序 规范性文件（2026年1月1日") for row in rows)
        told = matter_data(standing)["procedure"]["parts"]
        assert [(part["id"], part["version"]) for part in told] == [
            ("jiyuan_htz", "2026-01-01"),
            ("normative", "2026-01-01"),
        ]


def _lines(office: Zone) -> list[Line]:
    return list(office.house.inquiry.listed(office.code, Query()).items)


class TestTheMainOne:
    def test_is_the_profile_or_one_that_it_offers(self, office: Zone) -> None:
        answers = {
            "decision_level": "zone",
            "major_decision": False,
            "item_class": "personnel",
            "signs_contract": False,
        }
        assert bound(proposed(office, answers, procedure="major_items")) == ("major_items",)
        assert bound(proposed(office, ONE, procedure="jiyuan_htz")) == ("jiyuan_htz",)

    def test_no_other_can_be_chosen_and_what_can_be_is_told(self, office: Zone) -> None:
        error = office.fail(h.propose(ONE).with_(procedure="order_713"))
        assert error.code == "request.procedure_not_offered"
        assert str(error.params["known"]).startswith("('jiyuan_htz', 'major_items'")

    def test_of_a_state_secret_it_is_content_too(self, office: Zone) -> None:
        assert office.refuse(h.PROPOSE_SECRET.with_(procedure="major_items")) == (
            "matter.secret_content",
        )


class TestCorrectedAnswers:
    def test_let_another_procedure_bind_from_then_on(self, office: Zone) -> None:
        before = proposed(office, ONE).standing()
        office.do(rethink(filed_document=True, replaces_another=True))
        after = office.standing()
        assert bound(office) == TOGETHER
        assert after.facts.answers["replaces_another"] is True
        assert "clean_up" in {each.step for each in after.unmet}
        assert last_entry(office)["changes"]["procedure"] == {
            "old": before.procedure.digest,
            "new": after.procedure.digest,
        }
        assert last_entry(office)["procedure_digest"] == after.procedure.digest
        office.do(h.STUDY)
        assert office.flaws() == []

    def test_let_one_go_that_they_no_longer_bring_in(self, office: Zone) -> None:
        proposed(office, BOTH)
        office.do(rethink(filed_document=False))
        assert bound(office) == ("jiyuan_htz",)
        assert office.standing().facts.answers["replaces_another"] is True

    def test_must_answer_what_the_other_procedure_asks(self, office: Zone) -> None:
        proposed(office, ONE)
        outcome = office.try_(rethink(filed_document=True))
        assert [(each.code, each.params["id"]) for each in outcome.refusals] == [
            ("matter.question_open", "replaces_another")
        ]
        assert [holder.role for holder in outcome.refusals[0].cured_by] == ["keeper"]
        assert bound(office) == ("jiyuan_htz",)

    def test_change_no_procedure_where_they_bring_in_the_same(self, office: Zone) -> None:
        proposed(office, ONE)
        office.do(rethink(technical=True))
        assert "procedure" not in last_entry(office)["changes"]
        assert bound(office) == ("jiyuan_htz",)

    def test_take_the_version_of_the_day_of_the_proposal(self, office: Zone, law: Path) -> None:
        proposed(office, ONE)
        newer = NORMATIVE.replace("version: 2026-01-01", "version: 2026-03-10", 1)
        (law / "normative_2.yaml").write_text(newer, "utf-8")
        with founded(office.url, law=law, kinds=office.house.kinds) as zone:
            zone.matter = office.matter
            zone.on("2026-03-20")
            zone.do(rethink(filed_document=True, replaces_another=True))
            versions = [part.version.isoformat() for part in zone.standing().procedure.parts]
            assert versions == ["2026-01-01", "2026-01-01"]

    def test_do_not_change_the_rules_of_what_is_on_an_agenda(self, office: Zone) -> None:
        reasons = [*sample_rulings(), {"question": "filed_document", "reasons": "不属于"}]
        for act in h.way("tabled", ONE):
            office.do(h.CLASSIFY.with_(rulings=reasons) if act is h.CLASSIFY else act)
        refused = office.refuse(rethink(filed_document=True, replaces_another=True))
        assert refused == ("stage.not_allowed",)
        assert bound(office) == ("jiyuan_htz",)


def test_units_may_have_functions_that_only_a_joined_procedure_knows(
    law: Path, tmp_path: Path
) -> None:
    text = (law / "normative.yaml").read_text("utf-8")
    functions = "functions:\n  filing_office: {zh: 备案机构, en: filing office}\nsteps:\n"
    (law / "normative.yaml").write_text(text.replace("steps:\n", functions, 1), "utf-8")
    units = (ORGANISATIONS / "jiyuan.yaml").read_text("utf-8")
    known = units.replace("functions: [legal_office", "functions: [filing_office, legal_office", 1)
    assert known != units
    path = tmp_path / "office.yaml"
    path.write_text(known, "utf-8")
    book = ProcedureBook(law, kinds={**KINDS, "rethinking": KIND})
    found = load_organisation(path, book)
    assert any("filing_office" in unit.functions for unit in found.units)


def test_a_broken_join_is_told_and_nothing_is_proposed(office: Zone, law: Path) -> None:
    broken = NORMATIVE.replace("kind: research", "kind: declared")
    (law / "normative.yaml").write_text(broken, "utf-8")
    error = office.fail(h.propose(BOTH))
    assert isinstance(error, YichengError)
    assert error.code == "source.refused"
