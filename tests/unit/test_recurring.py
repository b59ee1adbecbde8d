"""Recurring duties: their periods and last days, who does what about them, and the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from procedures.book import shipped
from procedures.problems import SourceError
from procedures.recurring_duties import load_recurring, shipped_recurring
from tests.unit.builders import CLERK, KEEPER, LEGAL_HEAD, REVIEWER, codes, lens, scene, specs
from workflow.decisions.decide import Verdict, decide
from workflow.errors import NotFound
from workflow.facts import Record
from workflow.recurring import DutyState, Every, Ledger, ledger

DUTIES = shipped_recurring().duties("jiyuan_htz", 2026)
STUDY: Mapping[str, object] = {"duty": "law_study", "year": 2026, "number": 3}


def record(place: int, command: str, who: str, on: str, **payload: object) -> Record:
    day = date.fromisoformat(on)
    return Record(place, command, None, "", who, None, "", "", {**STUDY, **payload}, 0, day)


def assigned(place: int = 1, person: str = REVIEWER) -> Record:
    return record(place, "assign_duty", KEEPER, "2026-07-03", person=person)


def evidence(*kinds: str, place: int = 2, done_on: str = "2026-08-20") -> Record:
    papers = [{"kind": each, "proof": "附件"} for each in kinds]
    return record(
        place, "file_duty_evidence", REVIEWER, "2026-10-20", done_on=done_on, papers=papers
    )


def year(*records: Record) -> Ledger:
    return ledger(2026, DUTIES, records)


def state(on: str, *records: Record) -> DutyState:
    line = year(*records).line("law_study", 3)
    assert line is not None
    return line.state(date.fromisoformat(on))


class TestOccurrences:
    def test_a_quarter_ends_with_its_last_day(self) -> None:
        (study,) = [each for each in DUTIES if each.id == "law_study"]
        assert [
            (each.opens.isoformat(), each.by.isoformat()) for each in study.occurrences(2026)
        ] == [
            ("2026-01-01", "2026-03-31"),
            ("2026-04-01", "2026-06-30"),
            ("2026-07-01", "2026-09-30"),
            ("2026-10-01", "2026-12-31"),
        ]

    def test_what_is_reported_of_a_year_opens_when_it_is_over__supervision_art_24(self) -> None:
        lines = {each.occurrence.duty.id: each.occurrence for each in year().lines}
        report, shown = lines["annual_report"], lines["annual_report_published"]
        assert (report.opens, report.by) == (date(2027, 1, 1), date(2027, 2, 28))
        assert (shown.opens, shown.by) == (date(2027, 1, 1), date(2027, 3, 31))

    def test_a_leap_year_has_a_day_more(self) -> None:
        (report,) = [each for each in DUTIES if each.id == "annual_report"]
        assert [each.by for each in report.occurrences(2027)] == [date(2028, 2, 29)]

    def test_a_year_has_as_many_as_it_is_said__jiyuan_report(self) -> None:
        counted = {
            every: len([e for e in year().lines if e.occurrence.duty.every is every])
            for every in Every
        }
        assert counted == {Every.QUARTER: 12, Every.HALF_YEAR: 2, Every.YEAR: 3}

    def test_the_book_of_procedures_tells_them_by_profile(self) -> None:
        assert shipped().recurring("jiyuan_htz", 2026) == DUTIES

    def test_a_profile_without_any_has_none(self) -> None:
        assert shipped_recurring().duties("national", 2026) == ()
        assert shipped_recurring().duties("jiyuan_htz", 2022) == ()


class TestStates:
    def test_it_goes_from_ahead_to_closed(self) -> None:
        assert state("2026-06-30") is DutyState.AHEAD
        assert state("2026-07-01") is DutyState.OPENED
        assert state("2026-07-03", assigned()) is DutyState.ASSIGNED
        done = (assigned(), evidence("programme", "attendance"))
        assert state("2026-12-01", *done) is DutyState.EVIDENCED
        closed = record(3, "close_duty", LEGAL_HEAD, "2026-08-24")
        assert state("2026-08-24", *done, closed) is DutyState.CLOSED

    def test_what_was_not_done_in_time_was_missed_and_stays_late(self) -> None:
        assert state("2026-09-30", assigned()) is DutyState.ASSIGNED
        assert state("2026-10-01", assigned()) is DutyState.MISSED
        late = (assigned(), evidence("programme", "attendance", done_on="2026-10-10"))
        assert state("2026-10-20", *late) is DutyState.MISSED
        closed = record(3, "close_duty", LEGAL_HEAD, "2026-10-21", reasons="晚交")
        assert state("2026-10-21", *late, closed) is DutyState.CLOSED_LATE

    def test_what_was_filed_of_a_duty_that_is_none_any_more_stays_on_file(self) -> None:
        found = ledger(2026, (), (assigned(),))
        assert (found.lines, len(found.records)) == ((), 1)

    def test_nothing_else_is_an_act_on_a_duty(self) -> None:
        with pytest.raises(ValueError, match="no act on a duty"):
            year(record(1, "pause", KEEPER, "2026-07-03"))


def act(command: str, by: str, on: str, *records: Record, **given: Any) -> Verdict:
    place = replace(
        scene(by, on=on, command=command),
        ledger=lambda asked: ledger(asked, DUTIES, records),
        lens=lens(on),
    )
    spec = specs()[command]
    return decide(place, spec, spec.payload.model_validate({**STUDY, **given}))


FILED: Mapping[str, Any] = {
    "done_on": "2026-08-20",
    "summary": "集体学习审计法",
    "papers": [{"kind": "programme", "proof": "学习安排"}],
}


class TestActs:
    def test_a_period_is_worked_on_from_its_first_day_until_it_is_closed(self) -> None:
        assert codes(act("assign_duty", KEEPER, "2026-06-30", person=REVIEWER)) == [
            "recurring.not_open"
        ]
        assert codes(act("assign_duty", KEEPER, "2026-07-01", person=REVIEWER)) == []
        closed = record(1, "close_duty", LEGAL_HEAD, "2026-08-24")
        found = act("assign_duty", KEEPER, "2026-09-01", closed, person=REVIEWER)
        assert codes(found) == ["recurring.closed"]

    def test_it_falls_to_a_post_that_carries_it_out(self) -> None:
        found = act("assign_duty", KEEPER, "2026-07-01", person=CLERK)
        assert codes(found) == ["recurring.cannot_carry_out"]
        with pytest.raises(NotFound, match=r"unknown\.person"):
            act("assign_duty", KEEPER, "2026-07-01", person="nobody")

    def test_there_is_no_fifth_quarter_and_no_other_duty(self) -> None:
        with pytest.raises(NotFound, match=r"unknown\.duty"):
            act("assign_duty", KEEPER, "2026-07-01", duty="leaders_test", person=REVIEWER)

    def test_only_whoever_it_falls_to_files_what_shows_it(self) -> None:
        found = act("file_duty_evidence", REVIEWER, "2026-08-21", **FILED)
        assert codes(found) == ["recurring.unassigned"]
        found = act("file_duty_evidence", LEGAL_HEAD, "2026-08-21", assigned(), **FILED)
        assert codes(found) == ["recurring.not_yours"]
        assert codes(act("file_duty_evidence", REVIEWER, "2026-08-21", assigned(), **FILED)) == []

    def test_it_was_done_within_the_period_and_not_ahead_of_today(self) -> None:
        early = {**FILED, "done_on": "2026-06-30"}
        found = act("file_duty_evidence", REVIEWER, "2026-08-21", assigned(), **early)
        assert codes(found) == ["recurring.before_period"]
        found = act("file_duty_evidence", REVIEWER, "2026-08-19", assigned(), **FILED)
        assert codes(found) == ["record.future_day"]

    def test_papers_are_those_that_it_asks_for(self) -> None:
        other = {**FILED, "papers": [{"kind": "results", "proof": "成绩"}]}
        found = act("file_duty_evidence", REVIEWER, "2026-08-21", assigned(), **other)
        assert codes(found) == ["recurring.other_papers"]

    def test_it_is_closed_with_all_papers_by_somebody_else(self) -> None:
        part = (assigned(), evidence("programme"))
        assert codes(act("close_duty", LEGAL_HEAD, "2026-08-24", *part)) == [
            "recurring.evidence_missing"
        ]
        whole = (*part, evidence("attendance", place=3))
        assert codes(act("close_duty", LEGAL_HEAD, "2026-08-24", *whole)) == []
        own = replace(whole[1], actor=LEGAL_HEAD)
        found = act("close_duty", LEGAL_HEAD, "2026-08-24", assigned(), own, whole[2])
        assert codes(found) == ["recurring.own_evidence"]

    def test_what_was_late_is_owed_reasons(self) -> None:
        late = (assigned(), evidence("programme", "attendance", done_on="2026-10-10"))
        found = act("close_duty", LEGAL_HEAD, "2026-10-20", *late)
        assert codes(found) == ["recurring.late_without_reason"]
        assert codes(act("close_duty", LEGAL_HEAD, "2026-10-20", *late, reasons="材料晚交")) == []


HEAD = """
recurring: trial
version: 2026-01-01
name: {zh: 试, en: trial}
instruments:
  rules: {title: {zh: 规则, en: rules}, number: '1', law: false}
duties:
"""
DUTY = """
  - id: study
    name: {zh: 学法, en: study}
    every: quarter
    by: {months: 0}
    does: [keeper of agenda_office]
    evidence: [{id: minutes, name: {zh: 纪要, en: minutes}}]
    cite: rules 1
"""


class TestFiles:
    def read(self, folder: Path, *duties: str) -> list[str]:
        (folder / "trial.yaml").write_text(HEAD + "".join(duties), "utf-8")
        try:
            load_recurring(folder)
        except SourceError as error:
            return [str(error)]
        return []

    def test_a_file_of_ones_own_is_read(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, DUTY) == []
        assert [each.id for each in load_recurring(tmp_path).duties("trial", 2026)] == ["study"]
        assert load_recurring(tmp_path).titles["rules"].zh == "规则"

    @pytest.mark.parametrize(
        ("duties", "code"),
        [
            ((DUTY, DUTY), "recurring.duty_twice"),
            ((DUTY.replace("rules 1", "other 1"),), "recurring.unknown_instrument"),
            (
                (DUTY.replace("evidence: [", "evidence: [{id: minutes, name: {zh: 一, en: x}}, "),),
                "recurring.paper_twice",
            ),
            ((DUTY.replace("quarter", "month"),), "every"),
        ],
    )
    def test_what_is_wrong_is_told(
        self, tmp_path: Path, duties: tuple[str, ...], code: str
    ) -> None:
        (found,) = self.read(tmp_path, *duties)
        assert code in found
