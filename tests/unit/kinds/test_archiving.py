"""归档: complete, kept long enough, after everything else (Order 713 art. 33; 档案局令第8号)."""

from __future__ import annotations

from typing import Any

from tests.unit.builders import KEEPER, Matter, assess, codes, day, judge, law, only, ready
from workflow.ports import StepState

STEP = "archiving"


def paper(name: str, step: str | None = None, **more: Any) -> dict[str, Any]:
    return {"paper": name, "title": "材料", "step": step, **more}


def full(**of_decision: Any) -> list[dict[str, Any]]:
    return [
        paper("decision", **of_decision),
        paper("minutes"),
        paper("review_opinion"),
        paper("study", "study"),
        paper("classification", "classification"),
        paper("research", "research"),
    ]


def archived() -> Matter:
    return ready().did("file_archive", by=KEEPER, papers=full())


def test_the_step_is_open_until_a_list_is_on_file__order_713_art_33() -> None:
    found = assess(STEP, ready())
    assert codes(found) == ["archiving.missing"]
    assert only(found).params["ends"] == day("2027-06-30")
    assert assess(STEP, archived()).state is StepState.SATISFIED


def test_what_is_done_later_is_archived_too__order_713_art_33() -> None:
    found = assess(STEP, archived().did("open_evaluation"))
    assert codes(found) == ["archiving.done_since"]
    again = archived().did("open_evaluation").did("file_archive", by=KEEPER, papers=full())
    assert assess(STEP, again).state is StepState.SATISFIED


def test_the_list_names_the_papers_owed_and_every_step_that_was_begun__order_713_art_33() -> None:
    found = judge("file_archive", ready(), papers=[paper("decision", "study")])
    assert codes(found) == ["archiving.papers_missing", "archiving.steps_missing"]
    missing, steps = found.unmet
    assert missing.params["papers"] == ("minutes", "review_opinion")
    assert steps.params["steps"] == tuple(
        ready().rules.steps[name].name for name in ("classification", "research")
    )
    assert codes(judge("file_archive", ready(), papers=full())) == []


def test_it_is_not_dated_ahead() -> None:
    found = judge("file_archive", ready(), papers=full(), archived_on="2026-09-02")
    assert codes(found) == ["record.future_day"]


def test_it_is_due_by_the_end_of_june_of_the_next_year__archives_8() -> None:
    last, late = "2027-06-30", "2027-07-01"
    assert codes(judge("file_archive", ready(), last, papers=full(), archived_on=last)) == []
    found = judge("file_archive", ready(), late, papers=full(), archived_on=late)
    assert codes(found) == ["archiving.late_without_reason"]
    assert law(only(found)) == ["archives_8"]
    given: dict[str, Any] = {"archived_on": late, "papers": full()}
    idle = judge("file_archive", ready(), late, **given, reason_for_delay="无")
    assert codes(idle) == ["archiving.late_without_reason"]
    told = judge("file_archive", ready(), late, **given, reason_for_delay="图纸移交晚")
    assert (codes(told), told.extra) == ([], {"overdue": "deadline"})


def test_where_nothing_was_done_it_is_reckoned_from_today__archives_8() -> None:
    assert only(assess(STEP, Matter(), "2026-09-01")).params["ends"] == day("2027-06-30")


def test_the_retention_is_one_of_the_periods__archives_8() -> None:
    found = judge("file_archive", ready(), papers=full(), retention="forever")
    assert codes(found) == ["archiving.retention_unknown"]
    found = judge("file_archive", ready(), papers=full(retention="a_day"))
    assert codes(found) == ["archiving.retention_unknown"]


def test_the_decision_its_minutes_and_review_are_kept_for_thirty_years_or_ever__archives_8() -> (
    None
):
    found = judge("file_archive", ready(), papers=full(), retention="ten_years")
    assert codes(found) == ["archiving.kept_too_short"]
    assert only(found).params["papers"] == ("decision", "minutes", "review_opinion")
    assert law(only(found)) == ["archives_8"]
    found = judge("file_archive", ready(), papers=full(retention="ten_years"))
    assert only(found).params["papers"] == ("decision",)
    rest = [paper("decision"), paper("minutes"), paper("review_opinion")]
    rest += [paper("study", each, retention="ten_years") for each in ("study", "research")]
    rest += [paper("classification", "classification", retention="ten_years")]
    assert codes(judge("file_archive", ready(), papers=rest)) == []


def test_what_ended_without_issue_owes_what_ended_it__order_713_art_33() -> None:
    found = judge("archive_ended", ready(), papers=full())
    assert codes(found) == ["archiving.papers_missing"]
    assert only(found).params["papers"] == ("ending",)
    assert codes(judge("archive_ended", ready(), papers=[*full(), paper("ending")])) == []
    assert codes(judge("archive_ended", Matter())) == []


def test_the_list_of_what_ended_without_issue_closes_it_too__order_713_art_33() -> None:
    ended = ready().did("archive_ended", by=KEEPER, papers=[paper("ending"), *full()])
    assert assess(STEP, ended).state is StepState.SATISFIED
