"""What of a matter or a house has its day, as the engine says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from notifications.due import Notice, Seen
from notifications.keeping import point_from_json, point_to_json, seen_from_row, seen_to_row
from notifications.recipients import recipients
from notifications.rules import FIRST
from notifications.watchpoints import About, Watchpoint, of_house, of_matter
from procedures.kinds import KINDS
from procedures.kinds.base import Kind
from tests.unit.builders import (
    COUNSEL,
    DIRECTOR,
    EXPERT,
    HEAD,
    KEEPER,
    NO_STEP,
    REVIEWER,
    TODAY,
    Matter,
    day,
    directory,
    lens,
    meeting,
    ready,
)
from tests.unit.builders import procedure as definition
from tests.unit.notices import point, rules
from tests.unit.test_planning_after import issued
from workflow.decisions.owing import owed
from workflow.definition import Holder
from workflow.directory import Mandate
from workflow.guards import assess, next_gate
from workflow.inquiry.answers import Standing
from workflow.planning import Wish, feasible, following
from workflow.ports import Deadline

HEARING = {**NO_STEP, "hearing_required_by_law": True}
CALL = {**NO_STEP, "confidential_by_law": False}
OTHERWISE = (Holder("keeper", "agenda_office"),)


def standing(matter: Matter, on: str = TODAY) -> Standing:
    looked, facts = lens(on, matter.rules), matter.facts
    found, debts = assess(looked, facts), owed(looked, facts)
    return Standing(
        facts=facts,
        procedure=matter.rules,
        directory=matter.people,
        today=looked.today,
        assessments=found,
        unmet=(),
        commands=(),
        gate=next_gate(matter.rules, facts),
        owed=debts,
        duties=following(looked, facts, found, debts),
    )


def watch(matter: Matter, on: str = TODAY, **more: Any) -> tuple[Watchpoint, ...]:
    return of_matter(standing(matter, on), lens(on, matter.rules), 14, **more)


def told(matter: Matter, on: str = TODAY, about: About = About.DEADLINE) -> dict[str, str]:
    """The days of the points about something, by act."""
    return {each.act: each.by.isoformat() for each in watch(matter, on) if each.about is about}


def one(matter: Matter, about: About, on: str = TODAY) -> Watchpoint:
    (found,) = [each for each in watch(matter, on) if each.about is about]
    return found


def under_review(**changes: Any) -> Matter:
    return ready(**changes).did("submit_for_review").did("accept_papers", by=REVIEWER)


class TestWaits:
    def test_a_period_that_runs_is_over_on_the_day_the_engine_says__order_713_art_27(self) -> None:
        matter = under_review()
        floor = one(matter, About.FLOOR)
        assert (floor.act, floor.by, floor.rule) == (
            "give_review_verdict",
            date(2026, 9, 10),
            "review_time",
        )
        assert floor.entry == len(matter.records)

    def test_it_stays_the_same_once_the_day_has_come(self) -> None:
        matter = under_review()
        assert one(matter, About.FLOOR, "2026-09-25") == one(matter, About.FLOOR)

    def test_papers_that_went_back_begin_anew(self) -> None:
        matter = under_review().did("return_papers", by=REVIEWER)
        assert told(matter, about=About.FLOOR) == {}
        again = matter.did("submit_for_review").did("accept_papers", "2026-09-02", by=REVIEWER)
        assert one(again, About.FLOOR, "2026-09-02").entry == len(again.records)

    def test_a_call_is_open_to_the_end_of_the_day_that_it_named__order_713_art_15(self) -> None:
        matter = ready(answers=CALL).did("publish_open_call")
        assert told(matter, about=About.FLOOR) == {"close_open_call": "2026-10-09"}

    def test_papers_of_a_hearing_are_served_by_the_last_lawful_day__order_713_art_16(self) -> None:
        matter = ready(answers=HEARING).did("publish_hearing_notice")
        found = told(matter)
        assert found["deliver_hearing_papers"] < "2026-10-12"
        # That it is past is no reason to hear no more of it.
        assert (
            told(matter, "2026-10-10")["deliver_hearing_papers"] == found["deliver_hearing_papers"]
        )
        matter.did("publish_hearing_list")
        # The notice and the list name one day; announced anew, it moves and is no other point.
        matter.did("publish_hearing_notice", "2026-09-02")
        points = [e for e in watch(matter, "2026-09-02") if e.about is About.DEADLINE]
        (point_,) = [each for each in points if each.act == "deliver_hearing_papers"]
        assert point_.entry == next(e.position for e in matter.records if e.step == point_.step)
        matter.did("publish_hearing_list").did("deliver_hearing_papers")
        assert "deliver_hearing_papers" not in told(matter)


class TestDeadlines:
    def test_after_the_issue_every_act_has_its_last_day__disclosure_art_26(self) -> None:
        found = told(issued())
        assert found["publish_decision"] == "2026-09-29"
        assert found["file_archive"].startswith("2027-")

    def test_what_was_let_pass_is_owed_by_its_day(self) -> None:
        matter = issued(stage="issued")
        looked = standing(matter)
        (unmet,) = [each for each in looked.duties if each.act == "publish_decision"]
        assert unmet.unmet is not None
        debts = (
            replace(unmet.unmet, params={"due": day("2026-10-01"), "meeting": "PG-2026-1"}),
            replace(unmet.unmet, params={}),
        )
        found = of_matter(replace(looked, owed=debts), lens(), 14)
        (debt,) = [each for each in found if each.meeting == "PG-2026-1"]
        assert (debt.about, debt.by) == (About.DEADLINE, day("2026-10-01"))

    def test_a_step_ahead_of_the_agenda_that_names_its_last_day_is_told_by_it(self) -> None:
        matter, looked = ready(), lens()
        ends = Deadline(day("2026-09-20"), day(TODAY))
        kinds = {
            name: replace(kind, ends=lambda _: ends) if isinstance(kind, Kind) else kind
            for name, kind in KINDS.items()
        }
        found = of_matter(standing(matter), replace(looked, kinds=kinds), 14)
        assert {each.step: each.by for each in found if each.about is About.DEADLINE and each.step}[
            "legality_review"
        ] == ends.by

    def test_of_a_stub_nothing_is_said(self) -> None:
        assert watch(Matter(title="", stage="off_system")) == ()


class TestAwaited:
    def test_counsel_is_waited_for_until_the_opinion_is_on_file(self) -> None:
        matter = under_review()
        assert "record_counsel_opinion" in told(matter, about=About.AWAITED)
        matter.did("record_counsel_opinion", by=COUNSEL)
        assert told(matter, about=About.AWAITED) == {"give_review_verdict": TODAY}

    def test_of_counsel_those_are_waited_for_who_were_asked__order_713_art_28(self) -> None:
        matter = under_review()
        assert self.counsel(matter).people is None
        matter.did("ask_counsel", by=REVIEWER, lawyers=[])
        assert self.counsel(matter).people == (COUNSEL,)
        matter.did("ask_counsel", by=REVIEWER, lawyers=["second.counsel"])
        assert self.counsel(matter).people == ("second.counsel",)

    @staticmethod
    def counsel(matter: Matter) -> Watchpoint:
        (found,) = [each for each in watch(matter) if each.act == "record_counsel_opinion"]
        return found

    def test_a_reply_is_waited_for_after_the_decision__order_713_art_31(self) -> None:
        matter = issued(stage="awaiting_reply").did("submit_request", by=KEEPER)
        assert told(matter, about=About.AWAITED)["record_reply"] == TODAY

    def test_before_acceptance_only_that_is_waited_for(self) -> None:
        matter = ready().did("submit_for_review")
        assert told(matter, about=About.AWAITED) == {"accept_papers": TODAY}

    def test_experts_who_were_named_are_the_only_ones_meant(self) -> None:
        matter = ready(answers={**NO_STEP, "technical": True})
        matter.did("choose_experts")
        people = {each.act: each.people for each in watch(matter) if each.about is About.AWAITED}
        assert EXPERT in (people["declare_interest"] or ())

    def test_a_pause_freezes_what_it_stops(self) -> None:
        matter = under_review()
        matter.paused_since = day("2026-09-02")
        assert all(
            each.frozen for each in watch(matter, "2026-09-03") if each.about is About.AWAITED
        )


class TestEvents:
    def test_what_was_done_lately_is_told_and_what_is_long_past_is_not(self) -> None:
        matter = under_review()
        assert "accept_papers" in told(matter, "2026-09-15", About.EVENT)
        assert told(matter, "2026-09-16", About.EVENT) == {}

    def test_an_act_of_no_step_is_told_likewise(self) -> None:
        matter = ready().did("pause", by=HEAD)
        found = [each for each in watch(matter) if each.act == "pause"]
        assert [each.step for each in found] == [""]


class TestForecasts:
    def wish(self, matter: Matter, on: str) -> Wish:
        return feasible(lens(TODAY, matter.rules), matter.facts, day(on))

    def test_whoever_can_begin_today_is_told_the_last_day_for_it(self) -> None:
        matter = ready()
        ahead = ((meeting(), self.wish(matter, "2026-11-06")),)
        found = [each for each in watch(matter, ahead=ahead) if each.about is About.FORECAST]
        assert {each.act for each in found} == {"submit_for_review"}
        assert all(each.meeting == meeting().code for each in found)

    def test_an_act_of_its_own_has_its_last_day_too(self) -> None:
        matter = ready(stage="review_passed").passed(TODAY)
        ahead = ((meeting(), self.wish(matter, "2026-11-06")),)
        found = [each for each in watch(matter, ahead=ahead) if each.about is About.FORECAST]
        assert [(each.act, each.step) for each in found] == [("propose_agenda_item", "")]

    def test_of_what_runs_already_nobody_is_told_to_begin(self) -> None:
        matter = under_review()
        ahead = ((meeting(), self.wish(matter, "2026-11-06")),)
        assert not [
            each
            for each in watch(matter, ahead=ahead)
            if each.about is About.FORECAST and each.step == "legality_review"
        ]

    def test_what_cannot_be_made_any_more_is_said_once(self) -> None:
        matter = ready()
        ahead = ((meeting(), self.wish(matter, "2026-09-03")),)
        (found,) = [each for each in watch(matter, ahead=ahead) if each.about is About.UNREACHABLE]
        assert found.by == matter.records[0].filed_on


class TestHouse:
    def watched(self, on: str = TODAY, **changes: Any) -> dict[About, list[Watchpoint]]:
        people = replace(directory(), **changes)
        found: dict[About, list[Watchpoint]] = {}
        meetings = {each.code: each for each in (meeting(), replace(meeting(), code="F"))}
        meetings["F"] = replace(meetings["F"], frozen_on=day(TODAY))
        for each in of_house(definition(), people, lens(on), meetings):
            found.setdefault(each.about, []).append(each)
        return found

    def test_an_agenda_is_frozen_by_its_day_and_a_meeting_is_ahead(self) -> None:
        found = self.watched()
        assert [each.meeting for each in found[About.FREEZE]] == [meeting().code]
        assert len(found[About.MEETING]) == 2

    def test_a_retainer_ends_and_one_that_goes_on_does_not(self) -> None:
        found = self.watched()
        known = directory().retainers
        lawyers = {name for each in known.all for name in each.lawyers if each.holds(day(TODAY))}
        assert {each.rule for each in found[About.RETAINER]} == lawyers
        first = known.all[0]
        longer = replace(first, number=99, since=first.until, until=date(2031, 1, 1))
        over = replace(first, number=98, until=date(2020, 1, 1))
        renewed = self.watched(retainers=replace(known, all=(*known.all, longer, over)))
        ends = {each.entry for each in renewed[About.RETAINER]}
        assert not {first.number, 98, 99} & ends

    def test_a_mandate_ends(self) -> None:
        lent = Mandate(7, DIRECTOR, HEAD, frozenset(), day(TODAY), day("2026-09-30"), None)
        over = replace(lent, id=8, ended_on=day(TODAY))
        (found,) = self.watched(mandates={7: lent, 8: over})[About.MANDATE]
        assert (found.by, found.people) == (day("2026-09-30"), (DIRECTOR, HEAD))

    def test_the_holidays_of_a_year_that_was_not_announced_are_missing(self) -> None:
        (found,) = self.watched()[About.CALENDAR]
        assert (found.by, found.entry) == (date(2026, 12, 31), 2027)
        assert About.CALENDAR not in self.watched("2025-11-20")


class TestRecipients:
    def to(self, *holders: Holder | None, **more: Any) -> tuple[str, ...]:
        rule = rules().named("deadline")
        assert rule is not None
        given = {"matter": under_review(), **more}
        at = given.get("point", point("2026-09-10", act="", holders=()))
        facts = None if given["matter"] is None else given["matter"].facts
        named = given.get("named")
        if facts is not None and named is not None:
            facts = replace(facts, records=facts.records)
            facts.__dict__["named"] = frozenset(named)
        return recipients(
            Notice(rule, at, "due", holders),
            OTHERWISE,
            definition(),
            directory(),
            facts,
            day(TODAY),
        )

    def test_those_who_hold_the_post_that_the_rule_names(self) -> None:
        assert self.to(Holder("keeper", "agenda_office")) == (KEEPER,)

    def test_those_who_have_to_act_and_may(self) -> None:
        (verdict,) = [
            e
            for e in watch(under_review())
            if e.act == "give_review_verdict" and e.about is About.FLOOR
        ]
        assert REVIEWER in self.to(None, point=verdict)

    def test_of_those_who_have_to_act_whoever_is_named_first_and_is_there(self) -> None:
        posts = (Holder("keeper", "agenda_office"), Holder("reviewer", "legal_office"))
        at = point("2026-09-10", act="", holders=posts)
        assert self.to(FIRST, point=at) == (KEEPER,)
        away = replace(at, holders=(Holder("nobody", "agenda_office"), *posts[1:]))
        assert REVIEWER in self.to(FIRST, point=away)
        named = replace(at, holders=(), people=(EXPERT,))
        assert self.to(FIRST, point=named) == (EXPERT,)

    def test_those_who_were_named_alone(self) -> None:
        assert self.to(None, point=point("2026-09-10", people=(EXPERT, "nobody"))) == (EXPERT,)

    def test_somebody_else_where_there_is_nobody(self) -> None:
        assert self.to(None) == (KEEPER,)
        assert self.to(None, matter=None) == (KEEPER,)


def test_a_point_is_the_same_after_it_was_kept() -> None:
    for each in (*watch(under_review()), point("2026-09-10", people=("a",))):
        assert point_from_json(point_to_json(each)) == each
    seen = Seen(point("2026-09-10"), ("coming", "due"), 4)
    row = seen_to_row(seen)
    assert seen_from_row(str(row["told"]), str(row["body"])) == seen
