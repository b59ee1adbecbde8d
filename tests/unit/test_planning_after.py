"""What is owed after the decision until the close (Order 713 arts. 31-36): acts, days, order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from procedures.wording import Wording
from tests.unit.builders import (
    COUNSEL,
    DIRECTOR,
    KEEPER,
    REVIEWER,
    TODAY,
    Matter,
    day,
    directory,
    lens,
    ready,
)
from tests.unit.builders import procedure as definition
from workflow.catalogue import catalogue_for
from workflow.decisions.owing import owed
from workflow.planning import Duty, Outlook, plan

BOTH = ("party_group", "executive_meeting")


def decided(
    stage: str = "decided", rules: str = "jiyuan_htz", conclusion: str = "adopted"
) -> Matter:
    """Reviewed and adopted by every body."""
    matter = ready(rules=definition(rules)).passed(TODAY)
    for body in matter.rules.meetings(matter.answers):
        matter.filed("conclude_item", {"conclusion": conclusion, "body": body, "meeting": "M"})
    matter.stage = stage
    return matter


def approved(stage: str = "decided", **given: str) -> Matter:
    matter = decided(stage, **given).did("submit_request", by=KEEPER)
    return matter.did("record_reply", by=KEEPER)


def issued(stage: str = "issued", **given: str) -> Matter:
    return approved(stage, **given).did("sign_document", by=DIRECTOR).did("issue", by=KEEPER)


def duties(matter: Matter, on: str = TODAY) -> tuple[Duty, ...]:
    looked = lens(on, matter.rules)
    return plan(looked, matter.facts, owed(looked, matter.facts)).duties


def now(matter: Matter, on: str = TODAY) -> list[str]:
    """The acts that can be done today, in their order."""
    return [duty.act for duty in duties(matter, on) if duty.ready]


def of(act: str, matter: Matter, on: str = TODAY) -> Duty:
    (found,) = [duty for duty in duties(matter, on) if duty.act == act]
    return found


def waiting(duty: Duty) -> tuple[str, ...]:
    return tuple(step.id for step in duty.waits_for)


def test_before_the_last_body_has_adopted_a_meeting_is_planned_and_nothing_owed() -> None:
    matter = ready().passed(TODAY)
    matter.stage = "review_passed"
    found = plan(lens(), matter.facts)
    assert (found.outlook, found.duties) == (Outlook.OPEN, ())


def test_after_it_no_meeting_is_planned_any_more__order_713_art_31() -> None:
    found = plan(lens(), decided().facts)
    assert (found.outlook, found.meeting) == (Outlook.DECIDED, None)
    assert [duty.act for duty in found.duties] == [
        "submit_request",
        "sign_document",
        "issue",
        "publish_decision",
        "assign_execution",
        "file_archive",
        "close_matter",
    ]


def test_the_issue_waits_for_reply_and_signature__order_713_art_31() -> None:
    found = of("issue", decided())
    assert (waiting(found), found.first) == (("party_committee_request",), ("sign_document",))
    assert now(approved()) == ["sign_document"]
    assert now(approved().did("sign_document", by=DIRECTOR)) == ["issue"]


def test_while_the_reply_is_awaited_it_alone_can_be_entered__order_713_art_31() -> None:
    matter = decided("awaiting_reply").did("submit_request", by=KEEPER)
    assert now(matter) == ["record_reply"]
    assert of("sign_document", matter).first == ("record_reply",)


def test_an_amended_text_comes_first__order_713_art_25() -> None:
    matter = decided("amending", conclusion="amended")
    assert now(matter) == ["revise_draft"]
    assert waiting(of("submit_request", matter)) == ("legality_review",)
    matter.drafted("第二稿", "as_decided")
    assert now(matter) == ["record_counsel_opinion"]
    assert of("recheck_text", matter).first == ("record_counsel_opinion",)
    matter.did("record_counsel_opinion", by=COUNSEL)
    assert now(matter) == ["recheck_text"]
    assert now(matter.did("recheck_text", by=REVIEWER)) == []


def test_publication_has_twenty_working_days_from_the_issue__disclosure_art_26() -> None:
    found = of("publish_decision", issued())
    assert found.deadline is not None
    assert (found.deadline.by, found.deadline.since) == (day("2026-09-29"), day(TODAY))
    assert [count.end for count in found.counts] == [day("2026-09-29")]
    assert not found.overdue


def test_what_is_late_comes_first_and_then_what_waits_for_nothing__order_713_art_32() -> None:
    assert now(issued()) == ["assign_execution", "publish_decision"]
    assert now(issued(), "2026-09-30") == ["publish_decision", "assign_execution"]
    assert of("publish_decision", issued(), "2026-09-30").overdue
    assert not of("publish_decision", issued(), "2026-09-29").overdue


def test_the_assignment_sets_the_last_day_of_the_execution__order_713_art_34() -> None:
    matter = issued("executing").did("assign_execution", by=DIRECTOR)
    found = of("complete_execution", matter)
    assert found.deadline is not None
    assert (found.deadline.by, found.deadline.rule, found.counts) == (day("2026-12-31"), None, ())


def test_a_suspended_execution_is_resumed_before_it_is_completed__order_713_art_37() -> None:
    matter = issued("suspended").did("assign_execution", by=DIRECTOR).did("publish_decision")
    matter.did("report_problem").did("suspend_execution", by=DIRECTOR)
    assert now(matter) == ["resume_execution"]
    assert of("resume_execution", matter).deadline is None


def test_an_evaluation_is_due_by_the_schedule_of_the_profile__order_713_art_36() -> None:
    matter = issued("executing", rules="guangxi_type").did("assign_execution", by=DIRECTOR)
    found = of("open_evaluation", matter)
    assert found.ready
    assert found.deadline is not None
    assert found.deadline.by > date(2028, 8, 31)
    assert found.deadline.provisional


def test_the_archive_comes_after_the_rest_and_the_close_last__order_713_art_33() -> None:
    matter = issued("executing").did("assign_execution", by=DIRECTOR).did("publish_decision")
    assert waiting(of("file_archive", matter)) == ("execution",)
    assert waiting(of("close_matter", matter)) == ("execution", "archiving")
    matter.did("complete_execution")
    matter.stage = "concluding"
    assert now(matter) == ["file_archive"]
    titles = {"issuance", "legality_review", "publication", "execution", "party_committee_request"}
    begun = titles | {"study", "classification", "research"}
    papers = [{"paper": "other", "title": "材料", "step": step} for step in sorted(begun)]
    owed_papers = ("decision", "minutes", "review_opinion")
    papers += [{"paper": name, "title": "材料"} for name in owed_papers]
    assert now(matter.did("file_archive", by=KEEPER, papers=papers)) == ["close_matter"]
    matter.stage = "closed"
    assert duties(matter) == ()


def test_where_the_stage_alone_is_in_the_way_what_leads_on_is_told() -> None:
    """A decision that was carried out, but whose stage says that it is not."""
    matter = issued("executing").did("assign_execution", by=DIRECTOR).did("publish_decision")
    matter.did("complete_execution")
    archive = of("file_archive", matter)
    ways = ("complete_execution", "terminate_execution", "record_adjustment")
    assert (archive.ready, archive.waits_for, archive.first) == (False, (), ways)
    matter.stage = "issued"
    assert of("file_archive", matter).first == ("terminate_execution", "record_adjustment")
    matter.stage = "decided"
    assert of("file_archive", matter).first == ("issue",)


def test_what_no_stage_ahead_allows_names_no_way_there() -> None:
    matter = approved().did("sign_document", by=DIRECTOR)
    moves = tuple(move for move in matter.rules.moves if move.command != "issue")
    matter.rules = replace(matter.rules, moves=moves)
    found = of("issue", matter)
    assert (found.ready, found.first) == (False, ())


def test_what_ended_without_a_decision_owes_its_archive__order_713_art_33() -> None:
    matter = ready().did("withdraw")
    matter.stage = "withdrawn"
    found = plan(lens(), matter.facts)
    assert (found.outlook, [duty.act for duty in found.duties]) == (
        Outlook.ENDED,
        ["archive_ended"],
    )
    matter.did("archive_ended", by=KEEPER)
    assert duties(matter) == ()


def test_of_what_is_secret_nothing_is_owed() -> None:
    assert duties(Matter(stage="off_system", title="", records=())) == ()


def test_an_urgent_item_is_confirmed_by_its_day__party_group_rules_30() -> None:
    urgent = {"reasons": "汛期", "approved_by": "party.secretary", "confirm_by": "2026-09-03"}
    matter = ready().passed(TODAY)
    matter.filed("propose_agenda_item", {"meeting": "M", "urgent": urgent})
    for body in BOTH:
        matter.filed("conclude_item", {"conclusion": "adopted", "body": body, "meeting": "M"})
    matter.stage = "decided"
    found = of("confirm_urgent_item", matter, "2026-09-04")
    assert (found.ready, found.overdue) == (True, True)
    assert now(matter, "2026-09-04")[0] == "confirm_urgent_item"


def test_an_act_that_several_steps_know_is_told_with_its_step() -> None:
    rules = definition()
    words = Wording(catalogue_for("zh"), rules, directory())
    assert words.act("file_evidence", rules.steps["congress_resolution"]).startswith(
        "提交环节材料：提请本级人大"
    )
    assert words.act("issue", rules.steps["issuance"]) == "印发"
    assert words.act("close_matter", None) == "办结"


def test_the_stages_after_the_decision_are_those_that_allow_what_follows_it() -> None:
    found = definition().lasting
    assert {"decided", "issued", "executing", "suspended", "concluding", "rejected"} <= found
    assert not {"drafting", "review_passed", "tabled"} & found


def test_a_text_to_be_amended_is_filed_before_the_next_meeting_is_asked_for() -> None:
    matter = ready().passed(TODAY)
    matter.filed("conclude_item", {"conclusion": "amended", "body": "party_group", "meeting": "M"})
    matter.stage = "amending"
    found = plan(lens(), matter.facts)
    tasks = [getattr(task, "command", None) or getattr(task, "act", None) for task in found.tasks]
    assert (found.outlook, tasks[0], tasks[-1]) == (
        Outlook.OPEN,
        "revise_draft",
        "propose_agenda_item",
    )


def test_the_minutes_come_before_the_issue__order_713_art_30_3() -> None:
    matter = approved().did("sign_document", by=DIRECTOR)
    matter.without_minutes = frozenset(("M",))
    assert now(matter)[0] == "close_meeting"
    issue = of("issue", matter)
    assert (issue.ready, issue.first) == (False, ("close_meeting",))
    matter.without_minutes = frozenset()
    assert now(matter) == ["issue"]


def test_the_minutes_come_before_the_archive_of_what_was_not_adopted__order_713_art_33() -> None:
    matter = decided("rejected", conclusion="not_adopted")
    matter.without_minutes = frozenset(("M",))
    assert set(now(matter)) == {"close_meeting"}
    matter.without_minutes = frozenset()
    assert now(matter) == ["archive_ended"]


def test_after_the_close_an_evaluation_owes_its_own_acts__order_713_art_36() -> None:
    matter = issued("closed").did("open_evaluation", by=DIRECTOR)
    assert "file_evaluation" in now(matter)
    matter.did("file_evaluation", recommendation="adjust")
    assert "answer_evaluation" in now(matter)
