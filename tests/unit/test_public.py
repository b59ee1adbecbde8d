"""What of a record is public, field by field."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from typing import Final

from procedures import public
from procedures.masking import MASK
from tests.unit.builders import Matter, procedure
from workflow.definition import Text
from workflow.submissions import Submission

NOW: Final = datetime(2026, 9, 20, tzinfo=UTC)
END: Final = datetime(2026, 10, 8, 16, tzinfo=UTC)
SENT: Final = Submission(1, "n", "open_call", "x", "d", NOW, late=False, number=1, taken_in=None)


def called() -> Matter:
    return Matter().drafted().did("publish_open_call", "2026-09-05")


def answered() -> Matter:
    """A call, what was sent in, and the table with its publication."""
    taken = called().filed(
        "take_in_opinions", {"count": 1, "first": 1, "digests": ["d"]}, "open_call"
    )
    closed = taken.did("close_open_call", "2026-10-09", received=1)
    entry = {"source": "public", "number": 1, "summary": "某甲说电话13800138000", "party": "某甲"}
    unit = {"source": "department", "party": "finance", "summary": "同意"}
    rest = {"disposition": "not_adopted", "reason": "没有依据"}
    table = closed.did(
        "adopt_opinions", "2026-10-10", opinions=[entry | rest, unit | rest], statement="如下"
    )
    return table.did("publish_adoption", "2026-10-12", published_on="2026-10-12", place="网站")


class TestCalls:
    def test_it_runs_until_its_end_or_until_another_takes_its_place(self) -> None:
        facts = called().facts
        notice = facts.records[-1]
        assert public.call(facts, notice, END, NOW).running
        assert not public.call(facts, notice, END, END).running
        again = called().did(
            "publish_open_call", "2026-09-09", reason_for_shortening="防汛，找13800138000"
        )
        told = public.call(again.facts, notice, END, NOW)
        assert (told.running, told.replaced) == (False, True)
        newest = public.call(again.facts, again.facts.records[-1], END, NOW)
        assert newest.reason_for_shortening == f"防汛，找{MASK}"


class TestHearings:
    def test_the_list_is_the_newest_of_its_own_notice(self) -> None:
        matter = Matter().drafted().did("publish_hearing_notice", "2026-09-05")
        notice = matter.facts.records[-1]
        assert public.hearing(matter.facts, notice).participants is None
        listed = {"participants": [{"participant": "用户甲", "category": "affected", "side": "x"}]}
        matter.filed("publish_hearing_list", listed, notice.step)
        matter.did("publish_hearing_notice", "2026-09-08")
        matter.filed("publish_hearing_list", {"participants": []}, notice.step)
        found = public.hearing(matter.facts, notice).participants
        assert found
        assert {each.name for each in fields(found[0])} == {"participant", "category"}


class TestFeedback:
    def test_people_are_taken_out_and_units_named(self) -> None:
        facts = answered().facts
        units = {"finance": Text("财政金融局", "Finance")}
        told = public.feedback(procedure(), facts, facts.records[-1], units, "zh")
        people = next(each for each in told.opinions if each.source == "public")
        assert (people.summary, people.unit) == (f"{MASK}说电话{MASK}", None)
        found = public.feedback(procedure(), called().facts, facts.records[-1], {}, "zh")
        assert (found.opinions, found.statement) == ((), "")

    def test_an_answer_is_told_once_it_is_published_and_no_sooner(self) -> None:
        facts = answered().facts
        at = next(e.position for e in facts.of("take_in_opinions"))
        mine = Submission(1, "n", "open_call", "x", "d", NOW, late=False, number=1, taken_in=at)
        told = public.followed(procedure(), facts, mine)
        assert told.state == "answered"
        assert told.answer is not None
        for late, taken, state in ((True, None, "late"), (False, None, "received")):
            sent = Submission(1, "n", "open_call", "x", "d", NOW, late, None, taken)
            assert public.followed(procedure(), facts, sent).state == state
        assert public.followed(procedure(), called().facts, mine).state == "taken_in"
        after = Submission(1, "n", "open_call", "x", "d", NOW, False, 1, len(facts.records) + 1)
        assert public.followed(procedure(), facts, after).state == "taken_in"
        other = Submission(1, "n", "open_call", "x", "d", NOW, False, 9, at)
        assert public.followed(procedure(), facts, other).state == "taken_in"


class TestDecisions:
    def test_its_number_is_the_one_it_was_published_under(self) -> None:
        number = {"series": "济高管", "year": 2026, "number": 3, "expires_on": "2031-11-02"}
        places = [{"channel": "government_site", "proof": "截图"}]
        paper = {"published_on": "2026-11-03", "places": places}
        matter = Matter().drafted().filed("issue", number).filed("publish_decision", paper)
        record = matter.facts.records[-1]
        found = public.decision(matter.facts, record)
        assert (found.number, found.channels) == (3, ("government_site",))
        assert found.interpretation is None
        told = {"published_on": "2026-11-04", "channel": "government_site", "adopted": "两条"}
        matter.filed("publish_interpretation", told)
        shown = public.decision(matter.facts, record).interpretation
        assert shown is not None
        assert shown.adopted == "两条"
        alone = Matter().filed("publish_decision", paper).facts
        assert public.decision(alone, alone.records[-1]).number is None
