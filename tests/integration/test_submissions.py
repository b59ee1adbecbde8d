"""What the public sends in: never lost, in nobody's way, always to be found by its receipt."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from threading import Event
from typing import Any, Final
from unittest.mock import patch

import pytest

from api.settings import secret_file
from api.signing.keeper import Keeper
from procedures.dates import ChinaCalendars
from procedures.kinds.hearing import NOTICE
from procedures.public import Followed, followed
from tests.integration.house import (
    ADOPT,
    CLERK,
    CLOSE,
    KEEPER,
    LOCAL,
    PATIENCE,
    PLAIN,
    PUBLISH,
    PUBLISH_ADOPTION,
    REPORT,
    WITHDRAW,
    Act,
    Zone,
    always,
    at_once,
    founded,
    sample,
)
from workflow.canonical import digest_of
from workflow.errors import BadInput, Conflict, Forbidden, NotFound, StoreTrouble
from workflow.facts import CALL
from workflow.inquiry import Reader
from workflow.service.rulebook import Rulebook
from workflow.service.submitting import Receipt
from workflow.store import Store
from workflow.submissions import KEY_SIGNS, MOST_AT_ONCE, Sender, new_receipt, typed_receipt

TAKE_IN: Final = Act("take_in_opinions", CLERK)
FLOOD: Final = 24


def called(zone: Zone) -> str:
    """A call that runs; gives its public key."""
    zone.advance_to("drafted", PLAIN)
    zone.do(PUBLISH)
    return key_of(zone)


def key_of(zone: Zone) -> str:
    return zone.house.public.published(zone.code, CALL)[0].key


def send(zone: Zone, key: str, text: str = "请缓行", **person: str) -> Receipt:
    told: Mapping[str, object] = {"text": text, **({"person": person} if person else {})}
    return zone.house.submitting.submit(zone.code, key, told)


def outcome(zone: Zone, receipt: str) -> Followed:
    found = zone.house.public.heard(zone.code, receipt)
    return followed(found.procedure, found.facts, found.submission)


def last_day(zone: Zone) -> date:
    return zone.house.public.published(zone.code, CALL)[0].record.day("closes_on")


def after_the_call(zone: Zone) -> None:
    zone.on(last_day(zone) + timedelta(days=1))


def close(zone: Zone, received: int) -> tuple[str, ...]:
    """What stands in the way of closing with this number."""
    act = CLOSE.with_(received=received, channel_proof="截图")
    found = zone.house.service.execute(zone.request(act))
    return tuple(each.code for each in found.refusals)


def entry(number: int, **more: object) -> dict[str, object]:
    told = {"source": "public", "number": number, "summary": "希望缓行"}
    return {**told, "disposition": "not_adopted", "reason": "成本已经核定", **more}


class TestTheWayOfAnOpinion:
    def test_from_its_receipt_to_the_published_answer(self, zone: Zone) -> None:
        key = called(zone)
        first, second = send(zone, key, "请缓行"), send(zone, key, "支持")
        again = send(zone, key, "请缓行")
        assert outcome(zone, first.receipt).state == "received"
        zone.do(TAKE_IN)
        assert outcome(zone, first.receipt).state == "taken_in"
        after_the_call(zone)
        assert close(zone, 2) == ()
        zone.do(REPORT)
        zone.do(
            ADOPT.with_(
                opinions=[
                    entry(1, reason="请联系13800138000"),
                    entry(2, disposition="adopted", passage="第一条", draft=1),
                ]
            )
        )
        # What was decided of it is on file, and nobody's before it is published.
        assert outcome(zone, first.receipt).state == "taken_in"
        zone.do(PUBLISH_ADOPTION)
        found = outcome(zone, first.receipt)
        assert found.answer is not None
        assert (found.state, found.answer.disposition) == ("answered", "not_adopted")
        assert found.answer.reason == "请联系***"
        assert outcome(zone, again.receipt) == found
        told = outcome(zone, second.receipt).answer
        assert told is not None
        assert told.disposition == "adopted"

    def test_numbers_of_a_second_call_go_on_from_those_of_the_first(self, zone: Zone) -> None:
        key = called(zone)
        send(zone, key, "一")
        zone.do(TAKE_IN)
        after_the_call(zone)
        # Four more came by letter.
        assert close(zone, 5) == ()
        zone.do(PUBLISH)
        later = send(zone, key_of(zone), "二")
        zone.do(TAKE_IN)
        after_the_call(zone)
        assert close(zone, 1) == ()
        zone.do(REPORT)
        zone.do(ADOPT.with_(opinions=[entry(n, reason=f"理由{n}") for n in range(1, 7)]))
        zone.do(PUBLISH_ADOPTION)
        told = outcome(zone, later.receipt).answer
        assert told is not None
        assert told.reason == "理由6"

    def test_the_record_and_the_journal_prove_which_were_taken_in(self, zone: Zone) -> None:
        key = called(zone)
        given = [send(zone, key, text, name="某甲", contact="a@b.example") for text in "甲乙甲丙甲"]
        zone.do(TAKE_IN)
        kept = zone.standing().facts.records[-1].payload
        assert kept["digests"] == [digest_of(text) for text in "甲乙丙"]
        assert (kept["count"], kept["repeated"]) == (5, [[1, 2]])
        assert zone.flaws() == []
        # The person goes; the opinion, its number and its proof stay.
        assert zone.house.submitting.forget(zone.code, given[0].receipt)
        assert not zone.house.submitting.forget(zone.code, given[0].receipt)
        assert len(zone.rows("SELECT 1 FROM submission_person")) == 4
        assert len(zone.rows("SELECT 1 FROM submission WHERE number IS NOT NULL")) == 5
        assert zone.flaws() == []
        bodies = "".join(body for (body,) in zone.rows("SELECT body FROM journal"))
        for told in ("某甲", "a@b.example", given[0].receipt, "乙甲丙"):
            assert told not in bodies


class TestNoneIsSwallowed:
    def test_a_call_does_not_end_before_all_are_taken_in(self, zone: Zone) -> None:
        key = called(zone)
        send(zone, key, "一")
        send(zone, key, "二")
        after_the_call(zone)
        assert close(zone, 0) == ("open_call.not_taken_in",)
        assert "open_call.not_taken_in" in zone.unmet()
        assert "adoption.missing" in zone.unmet()
        outcome_ = zone.do(TAKE_IN)
        assert outcome_.refusals == ()
        assert close(zone, 1) == ("open_call.fewer_than_taken_in",)
        assert close(zone, 0) == ("open_call.fewer_than_taken_in",)
        assert close(zone, 2) == ()
        assert zone.refuse(TAKE_IN)[-1] == "open_call.nothing_waiting"

    def test_what_answered_a_call_that_was_replaced_is_owed_no_less(self, zone: Zone) -> None:
        first = called(zone)
        early = send(zone, first, "一")
        zone.wait(1)
        zone.do(PUBLISH)
        told = send(zone, first, "迟")
        assert (told.late, told.replaced) == (True, True)
        after_the_call(zone)
        assert close(zone, 0) == ("open_call.not_taken_in",)
        zone.do(TAKE_IN)
        assert close(zone, 1) == ()
        assert outcome(zone, early.receipt).state == "taken_in"
        assert outcome(zone, told.receipt).state == "late"

    def test_a_record_takes_only_so_many_and_the_next_goes_on(
        self, zone: Zone, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("workflow.service.run.MOST_AT_ONCE", 2)
        assert MOST_AT_ONCE > 2
        key = called(zone)
        for text in "甲乙甲丙":
            send(zone, key, text)
        zone.do(TAKE_IN)
        zone.do(TAKE_IN)
        assert zone.rows("SELECT number FROM submission ORDER BY id") == [(1,), (2,), (1,), (3,)]
        assert zone.refuse(TAKE_IN) == ("open_call.nothing_waiting",)


class TestTheHour:
    def test_the_last_day_ends_with_its_last_second_where_the_organisation_is(
        self, zone: Zone
    ) -> None:
        key = called(zone)
        end = last_day(zone)
        zone.house.clock.set(datetime(end.year, end.month, end.day, 23, 59, 59, tzinfo=LOCAL))
        assert not send(zone, key).late
        zone.house.clock.set(zone.house.clock.now() + timedelta(seconds=1))
        told = send(zone, key)
        assert (told.late, told.replaced) == (True, False)
        assert outcome(zone, told.receipt).state == "late"
        zone.do(TAKE_IN)
        # The late one is kept, and nobody owes it an answer.
        assert close(zone, 1) == ()
        assert zone.rows("SELECT count(*) FROM submission") == [(2,)]

    def test_whoever_ends_a_call_waits_for_what_is_on_its_way(self, zone: Zone) -> None:
        key = called(zone)
        end = last_day(zone)
        zone.house.clock.set(datetime(end.year, end.month, end.day, 23, 59, 59, tzinfo=LOCAL))
        keeping, may_go = Event(), Event()
        add = Store.add_submission

        def slowly(store: Store, *given: Any) -> None:
            keeping.set()
            assert may_go.wait(PATIENCE)
            add(store, *given)

        with patch.object(Store, "add_submission", slowly), ThreadPoolExecutor(2) as threads:
            sent = threads.submit(send, zone, key)
            assert keeping.wait(PATIENCE)
            after_the_call(zone)
            closed = threads.submit(close, zone, 0)
            try:
                zone.until_somebody_waits()
            finally:
                may_go.set()
            assert not sent.result().late
            assert closed.result() == ("open_call.not_taken_in",)


class TestFloods:
    def test_each_of_many_at_once_gets_a_receipt_and_none_is_lost(self, zone: Zone) -> None:
        key = called(zone)
        before = zone.rows("SELECT seq FROM journal_head")
        jobs = [partial(send, zone, key, f"意见{n % 3}") for n in range(FLOOD)]
        given = at_once(*jobs)
        receipts = {each.receipt for each in given if isinstance(each, Receipt)}
        assert len(receipts) == FLOOD
        assert zone.rows("SELECT count(*) FROM submission") == [(FLOOD,)]
        # Nobody who works on matters waited, or was told, for any of them.
        assert zone.rows("SELECT seq FROM journal_head") == before
        zone.do(TAKE_IN)
        assert zone.standing().facts.records[-1].payload["count"] == FLOOD
        assert len(zone.standing().facts.records[-1].items("digests")) == 3

    def test_people_send_in_while_others_work_on_the_matter(self, zone: Zone) -> None:
        key = called(zone)
        jobs = [partial(send, zone, key, f"意见{n}") for n in range(8)]
        given = at_once(*jobs, *[partial(zone.house.service.execute, zone.request(TAKE_IN))] * 2)
        assert all(isinstance(each, Receipt) for each in given[:8])
        taken = zone.rows("SELECT count(*) FROM submission WHERE number IS NOT NULL")[0][0]
        waiting = zone.house.inquiry.matter(zone.code, str(zone.matter)).facts.waiting
        assert taken + sum(waiting.values()) == 8
        numbers = [n for (n,) in zone.rows("SELECT number FROM submission") if n is not None]
        assert sorted(numbers) == list(range(1, taken + 1))


class TestWhatIsRefused:
    def test_wrong_receipts_and_calls_are_not_there(self, zone: Zone) -> None:
        key = called(zone)
        right = send(zone, key).receipt
        signs = typed_receipt(right)
        for wrong in ("", right[:-1], signs.replace(signs[3], "2" if signs[3] != "2" else "3", 1)):
            with pytest.raises(BadInput) as caught:
                zone.house.public.heard(zone.code, wrong)
            assert caught.value.code == "submission.receipt_mistyped"
        for code in ("nobody", zone.code):
            with pytest.raises(NotFound):
                zone.house.submitting.forget(code, "2222-" * 6 + "2222")
        for wrong in ("", key[:-1], "0" * 24, "%" * 24, key + "0"):
            with pytest.raises(NotFound):
                send(zone, wrong)
        assert outcome(zone, signs.lower()).state == "received"
        assert outcome(zone, right.replace("-", "  ")).state == "received"

    def test_what_cannot_be_kept_to_the_letter_is_refused(self, zone: Zone) -> None:
        key = called(zone)
        for text in ("", "a\x00b", "x" * 20_001, "\ud800"):
            with pytest.raises(BadInput):
                send(zone, key, text)
        kept = "  <b>照旧</b>&amp;\r\n😀 𠮷 '; DROP TABLE x --\n"
        given = send(zone, key, kept)
        assert zone.rows("SELECT text FROM submission") == [(kept.replace("\r", ""),)]
        assert given.digest == digest_of(kept.replace("\r", ""))

    @pytest.mark.parametrize(
        ("sql", "code"),
        [
            ("UPDATE submission SET text = 'x'", "submission_unchangeable"),
            ("UPDATE submission SET late = true", "submission_unchangeable"),
            ("DELETE FROM submission", "submission_undeletable"),
            (
                "UPDATE submission SET number = 1, taken_in_seq = call_seq",
                "submission_without_journal",
            ),
            ("UPDATE submission_person SET name = 'x'", "submission_person_unchangeable"),
        ],
    )
    def test_raw_sql_cannot_rewrite_what_somebody_said(
        self, zone: Zone, sql: str, code: str
    ) -> None:
        send(zone, called(zone), name="某甲")
        with pytest.raises(Exception, match=code):
            zone.intruder.run(sql)


def test_other_publications_are_no_calls(zone: Zone) -> None:
    key = called(zone)
    assert zone.house.public.published(zone.code, NOTICE) == []
    with pytest.raises(NotFound):
        zone.house.public.publication(zone.code, NOTICE, key)
    assert zone.house.public.published_text(zone.code, CALL, key).startswith("第一条")


UNNAMED: Final = {"text": "请缓行"}


class TestSentAgain:
    KEY: Final = "6f1c2c1e-8f0e-4a57-9d0a-0f6f6d9a4f11"

    def again(self, zone: Zone, key: str, text: str = "请缓行", **person: str) -> Receipt:
        told = {"text": text, "person": person}
        return zone.house.submitting.submit(zone.code, key, told, self.KEY)

    def test_under_its_key_it_is_kept_once_with_the_receipt_that_it_had(self, zone: Zone) -> None:
        key = called(zone)
        first = self.again(zone, key, name="某甲")
        after_the_call(zone)
        assert self.again(zone, key, name="某甲") == first
        for text, name in (("别的", "某甲"), ("请缓行", "某乙")):
            with pytest.raises(Conflict) as caught:
                self.again(zone, key, text, name=name)
            assert caught.value.code == "request.key_reused"
        # Whoever had their name deleted has the same receipt still.
        assert zone.house.submitting.forget(zone.code, first.receipt)
        assert self.again(zone, key, name="某甲") == first
        assert zone.rows("SELECT count(*) FROM submission") == [(1,)]
        assert zone.rows("SELECT 1 FROM submission_person") == []
        assert send(zone, key).receipt != first.receipt

    def test_at_once_it_is_kept_once(self, zone: Zone) -> None:
        key = called(zone)
        given = at_once(*[partial(self.again, zone, key)] * 8)
        assert [each for each in given if each != given[0]] == []
        assert isinstance(given[0], Receipt)
        assert zone.rows("SELECT count(*) FROM submission") == [(1,)]
        # Without a key the same from the same sender, and nobody else's.
        unkeyed = partial(zone.house.submitting.submit, zone.code, key, {"text": "请缓行"}, None)
        here, there = (Sender(source, 600, 60) for source in "ab")
        given = at_once(*[partial(unkeyed, here)] * 8)
        assert len({each.receipt for each in given if isinstance(each, Receipt)}) == 1
        assert unkeyed(here) == given[0] != unkeyed(there)
        assert zone.rows("SELECT count(*) FROM submission") == [(3,)]

    def test_the_same_without_a_key_is_another_one_after_a_while(self, zone: Zone) -> None:
        submit = partial(zone.house.submitting.submit, zone.code, called(zone))
        clock, here = zone.house.clock, Sender("a", 600, 60)
        named = {"text": "请缓行", "person": {"name": "某甲"}}
        first = {name: submit(told, None, here) for name, told in (("甲", named), ("", UNNAMED))}
        begun = clock.now()
        for seconds, same in ((59, {"甲", ""}), (61, {"甲"}), (599, {"甲"}), (601, set())):
            clock.set(begun + timedelta(seconds=seconds))
            again = {"甲": submit(named, None, here), "": submit(UNNAMED, None, here)}
            assert {name for name in again if again[name] == first[name]} == same, seconds

    def test_the_same_key_is_another_one_at_another_call(self, zone: Zone) -> None:
        key = called(zone)
        first = self.again(zone, key)
        zone.wait(1)
        zone.do(PUBLISH)
        assert self.again(zone, key_of(zone)).receipt != first.receipt


def test_several_calls_end_in_any_order_while_people_send_in_to_all(zone: Zone) -> None:
    keys = [called(zone)]
    matters = [zone.matter]
    keys.append(called(zone))
    matters.append(zone.matter)
    after_the_call(zone)
    closing = CLOSE.with_(received=0, channel_proof="截图")
    ends, takes = (
        [replace(zone.request(act), matter=each) for each in matters] for act in (closing, TAKE_IN)
    )
    run = zone.house.service.execute_all
    jobs: list[Any] = [partial(run, order) for order in (ends, ends[::-1], takes, takes[::-1])]
    jobs += [partial(send, zone, key, f"意见{n}") for n in range(4) for key in keys]
    came = at_once(*jobs)
    # Nobody waits crosswise: a database that had to end that would have answered 503.
    assert not [each for each in came if isinstance(each, StoreTrouble)]
    assert sum(isinstance(each, Receipt) for each in came) == 8


def test_a_rehearsal_is_not_there_for_the_public(database_url: str) -> None:
    with founded(database_url, replace(sample(), rehearsal=True)) as zone:
        zone.advance_to("drafted", PLAIN)
        zone.do(PUBLISH)
        with pytest.raises(NotFound) as caught:
            zone.house.public.published(zone.code, CALL)
        assert caught.value.code == "unknown.organisation"
        digest = zone.rows("SELECT digest FROM journal WHERE command = 'publish_open_call'")[0][0]
        with pytest.raises(NotFound):
            send(zone, digest[:KEY_SIGNS])
        with pytest.raises(NotFound):
            zone.house.submitting.forget(zone.code, new_receipt(lambda signs: signs[0]))


class TestWhoSentItIn:
    def reader(self, zone: Zone, account: str, *, names: bool = False) -> Reader:
        house = zone.house
        book = Rulebook(house.book, house.kinds, ChinaCalendars(house.days), Keeper(secret_file()))
        return Reader(house.uow, book, house.clock, zone.code, account, names=names)

    def test_is_masked_until_the_lead_unit_says_why__pipl_art_34(self, zone: Zone) -> None:
        key = called(zone)
        send(zone, key, "请致电13800138000", name="某甲", contact="a@b.example")
        number = str(zone.matter)
        found = self.reader(zone, CLERK).submissions(number)[0]
        assert (found.text, found.name, found.contact) == ("请致电***", "***", "***")
        with pytest.raises(Forbidden, match="unmask_first"):
            self.reader(zone, CLERK, names=True).submissions(number)
        asked = always(matter=number, reasons="逐条反馈")
        zone.do(Act("unmask", CLERK, asked, about=""))
        found = self.reader(zone, CLERK, names=True).submissions(number)[0]
        assert (found.text, found.name) == ("请致电13800138000", "某甲")
        assert self.reader(zone, CLERK).submissions(number)[0].name == "***"
        with pytest.raises(Forbidden, match="names_closed"):
            self.reader(zone, KEEPER, names=True).submissions(number)
        zone.wait(1)
        with pytest.raises(Forbidden, match="unmask_first"):
            self.reader(zone, CLERK, names=True).submissions(number)

    def test_is_not_kept_of_what_comes_late__pipl_art_19(self, zone: Zone) -> None:
        key = called(zone)
        after_the_call(zone)
        assert send(zone, key, name="某甲").late
        assert zone.rows("SELECT 1 FROM submission_person") == []

    def test_is_forgotten_with_the_archive_and_the_opinions_stay__pipl_art_19(
        self, zone: Zone
    ) -> None:
        given = send(zone, called(zone), name="某甲")
        zone.do(TAKE_IN)
        zone.do(WITHDRAW)
        papers = [{"paper": "ending", "title": "撤回"}]
        papers += [
            {"paper": step, "title": "材料", "step": step}
            for step in dict.fromkeys(r.step for r in zone.standing().facts.records if r.step)
        ]
        told = {"retention": "thirty_years", "place": "一号柜", "papers": papers}
        today = zone.house.clock.now().astimezone(LOCAL).date().isoformat()
        zone.do(Act("archive_ended", KEEPER, always(archived_on=today, **told)))
        assert zone.standing().facts.records[-1].payload["senders_forgotten"] is True
        assert zone.rows("SELECT 1 FROM submission_person") == []
        assert zone.rows("SELECT number FROM submission") == [(1,)]
        assert zone.flaws() == []
        assert outcome(zone, given.receipt).state == "taken_in"
