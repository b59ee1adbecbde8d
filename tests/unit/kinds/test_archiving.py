"""归档: complete, kept long enough, after everything else (Order 713 art. 33; 档案局令第8号)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.unit.builders import (
    KEEPER,
    Matter,
    assess,
    codes,
    day,
    judge,
    law,
    lens,
    only,
    procedure,
    ready,
    with_step,
)
from workflow.decisions.owing import owed
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


def test_the_list_is_not_older_than_what_it_lists__order_713_art_33() -> None:
    later = ready().did("open_evaluation", "2026-09-03")
    papers = [*full(), paper("evaluation", "evaluation")]
    found = judge("file_archive", later, "2026-09-04", papers=papers, archived_on="2026-09-02")
    assert codes(found) == ["record.past_day"]
    assert codes(judge("archive_ended", Matter(), archived_on="2026-08-31")) == ["record.past_day"]


def test_it_names_no_step_that_there_is_not__order_713_art_33() -> None:
    found = judge("file_archive", ready(), papers=[*full(), paper("x", "no_such_step")])
    assert codes(found) == ["archiving.steps_unknown"]
    assert only(found).params["unknown"] == ("no_such_step",)


def test_each_meeting_that_concluded_has_its_minutes__order_713_art_33() -> None:
    matter = ready()
    for name in ("PG-2026-1", "EM-2026-1", "EM-2026-1"):
        matter.sat("conclude_item", name)
    on = "2026-11-06"
    found = judge("file_archive", matter, on, papers=[*full(), paper("minutes")], archived_on=on)
    assert codes(found) == ["archiving.meetings_missing"]
    assert only(found).params["meetings"] == ("PG-2026-1", "EM-2026-1")
    second = {**paper("minutes"), "title": "常务会议纪要"}
    found = judge("file_archive", matter, on, papers=[*full(), second], archived_on=on)
    assert codes(found) == []


def test_the_ruling_that_a_step_does_not_apply_is_a_paper__order_713_art_33() -> None:
    matter = (
        ready()
        .did("request_waiver")
        .filed("rule_waiver", {"step": "open_call", "approved": True, "reasons": "同意"})
    )
    matter.records = (
        *matter.records[:-1],
        replace(matter.records[-1], step="open_call", filed_on=day("2026-09-01")),
    )
    found = judge("file_archive", matter, papers=full())
    assert codes(found) == ["archiving.steps_missing"]
    papers = [*full(), paper("ruling", "open_call")]
    assert codes(judge("file_archive", matter, papers=papers)) == []


def test_what_ended_owes_its_archive_until_it_is_there__order_713_art_33() -> None:
    ended = replace(ready().facts, stage="withdrawn")
    assert codes(owed(lens(), ended)) == ["archiving.missing"]
    listed = ready().did("archive_ended", by=KEEPER, papers=[*full(), paper("ending")])
    assert owed(lens(), replace(listed.facts, stage="withdrawn")) == ()
    assert owed(lens(), ready().facts) == ()


def test_the_list_of_what_ended_without_issue_closes_it_too__order_713_art_33() -> None:
    ended = ready().did("archive_ended", by=KEEPER, papers=[paper("ending"), *full()])
    assert assess(STEP, ended).state is StepState.SATISFIED


def test_no_list_holds_minutes_that_nobody_issued__order_713_arts_30_3_33() -> None:
    for act in ("file_archive", "archive_ended"):
        matter = ready().filed("conclude_item", {"meeting": "M", "body": "party_group"})
        matter.without_minutes = frozenset(("M",))
        papers = [*full(), paper("ending")]
        assert "meeting.minutes_owed" in codes(judge(act, matter, by=KEEPER, papers=papers))
        matter.without_minutes = frozenset()
        assert "meeting.minutes_owed" not in codes(judge(act, matter, by=KEEPER, papers=papers))


def test_with_the_archive_goes_who_sent_opinions_in__personal_information_19() -> None:
    """Where people were called on and the definition says so; an older one says nothing of it."""
    rules_now = procedure().steps[STEP].rules
    older = {name: each for name, each in rules_now.items() if name != "senders"}
    for called, rules, forgets in (
        (True, procedure(), True),
        (False, procedure(), False),
        (True, with_step(procedure(), STEP, rules=older), False),
    ):
        matter = ready()
        matter.rules = rules
        if called:
            matter.did("publish_open_call")
        found = judge("file_archive", matter, papers=full())
        assert (found.forgets, "senders_forgotten" in found.extra) == (forgets, forgets)
