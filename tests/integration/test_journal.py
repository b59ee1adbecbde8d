"""Whoever has the database in hand can change the journal, but not unnoticed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import pytest

from api.rehearsal import play
from tests.integration import house as h
from tests.integration.house import Zone, unlock
from tests.integration.raw import GENESIS, Intruder, digest, literal
from tests.scenarios.test_scenarios import SAMPLE, scenario, stage
from workflow import tables
from workflow.canonical import canonical
from workflow.inquiry import journal as asking

ORDER: Final = "SELECT seq, previous, digest, body FROM journal ORDER BY seq"


@pytest.fixture
def kept(zone: Zone) -> Zone:
    """A journal of eleven entries, the fourth of them a refusal, with nothing to guard it."""
    zone.do(h.propose(h.QUICK))
    zone.do(h.STUDY)
    zone.refuse(h.START.with_(decided_on="2027-01-01"))
    for act in (h.CLASSIFY, h.START, h.ASSIGN, h.RESEARCH, h.DRAFT, h.CONVENE, h.BASIS):
        zone.do(act)
    assert zone.rows("SELECT max(seq) FROM journal") == [(11,)]
    assert zone.flaws() == []
    unlock(zone)
    assert zone.flaws() == []
    return zone


def change(zone: Zone, seq: int, **columns: object) -> None:
    told = ", ".join(f"{name} = {literal(value)}" for name, value in columns.items())
    zone.intruder.run(f"UPDATE journal SET {told} WHERE seq = {seq}".replace("%", "%%"))


def entry(zone: Zone, seq: int) -> tuple[str, str, str]:
    """Previous, digest and body of an entry."""
    ((previous, own, body),) = zone.rows(
        "SELECT previous, digest, body FROM journal WHERE seq = :seq", seq=seq
    )
    return previous, own, body


def forged(zone: Zone, at: int, /, **values: object) -> dict[str, object]:
    """The entry with another content and a digest that fits it."""
    told = {**json.loads(entry(zone, at)[2]), **values}
    body = canonical(told)
    return {"body": body, "digest": digest(body)}


def shifted(zone: Zone, first: int, by: int) -> None:
    """Renumber the entries from one on, past each other."""
    zone.intruder.run(
        f"UPDATE journal SET seq = -seq WHERE seq >= {first}",
        f"UPDATE journal SET seq = -seq + {by} WHERE seq < 0",
    )


def swapped(zone: Zone, one: int, other: int) -> None:
    zone.intruder.run(
        f"UPDATE journal SET seq = -1 WHERE seq = {one}",
        f"UPDATE journal SET seq = {one} WHERE seq = {other}",
        f"UPDATE journal SET seq = {other} WHERE seq = -1",
    )


def copied(zone: Zone, source: int, to: int, **values: object) -> None:
    """One more entry, made like another."""
    columns = (
        "organisation_id, matter_id, matter_version, meeting_id, at, actor, command, status, "
        "body, previous, digest"
    )
    zone.intruder.run(
        f"INSERT INTO journal (seq, {columns}) "
        f"SELECT {to}, {columns} FROM journal WHERE seq = {source}"
    )
    if values:
        change(zone, to, **values)


def delete(zone: Zone, where: str) -> None:
    zone.intruder.run(f"DELETE FROM journal WHERE {where}")


def exchanged(zone: Zone) -> None:
    """Two entries change places with all that they say, but not their numbers."""
    first, second = entry(zone, 5), entry(zone, 6)
    for seq, (previous, own, body) in ((5, second), (6, first)):
        change(zone, seq, previous=previous, digest=own, body=body)


def rewritten(zone: Zone) -> None:
    """An entry rewritten, and every one after it chained anew; only the head is left alone."""
    previous = entry(zone, 4)[1]
    for seq in range(5, 12):
        values = forged(zone, seq, previous=previous, actor="somebody.else")
        change(zone, seq, previous=previous, **values)
        previous = str(values["digest"])


def cut_back(zone: Zone) -> None:
    delete(zone, "seq > 8")
    zone.intruder.run(f"UPDATE journal_head SET seq = 8, digest = '{entry(zone, 8)[1]}'")


def gap_closed(zone: Zone) -> None:
    delete(zone, "seq = 5")
    shifted(zone, 6, -1)


def slipped_in(zone: Zone) -> None:
    shifted(zone, 6, 1)
    copied(zone, 5, 6)


def chained(zone: Zone, seq: int) -> None:
    """The entry of that number made to follow the one before, whatever it was copied from."""
    previous = entry(zone, seq - 1)[1]
    change(zone, seq, previous=previous, **forged(zone, seq, seq=seq, previous=previous))


def added_and_chained(zone: Zone) -> None:
    copied(zone, 11, 12)
    chained(zone, 12)


def slipped_in_and_chained(zone: Zone) -> None:
    slipped_in(zone)
    chained(zone, 6)


@dataclass(frozen=True)
class Break:
    """What somebody does to the journal, and what is found wrong with it: entry and flaw."""

    act: Callable[[Zone], object]
    flaws: Mapping[int, set[str]]


BREAKS: Final = {
    "a word edited": Break(
        lambda zone: change(zone, 5, body=entry(zone, 5)[2].replace("done", "gone")),
        {5: {"edited"}},
    ),
    "white space added": Break(
        lambda zone: change(zone, 5, body=entry(zone, 5)[2] + " "), {5: {"edited"}}
    ),
    "a refusal made a success": Break(
        lambda zone: change(zone, 4, status="done", **forged(zone, 4, status="done")),
        {5: {"unchained"}},
    ),
    "the first edited with its digest": Break(
        lambda zone: change(zone, 1, **forged(zone, 1, payload={})), {2: {"unchained"}}
    ),
    "the last edited with its digest": Break(
        lambda zone: change(zone, 11, **forged(zone, 11, payload={})), {11: {"tail"}}
    ),
    "a digest edited": Break(
        lambda zone: change(zone, 5, digest="a" * 64), {5: {"edited"}, 6: {"unchained"}}
    ),
    "an entry rewritten and all after it": Break(
        rewritten,
        {**{seq: {"columns"} for seq in range(5, 11)}, 11: {"columns", "tail"}},
    ),
    "an entry emptied": Break(lambda zone: change(zone, 5, body=""), {5: {"edited"}}),
    "an entry removed": Break(
        lambda zone: delete(zone, "seq = 5"), {5: {"removed"}, 6: {"unchained"}}
    ),
    "two entries removed": Break(
        lambda zone: delete(zone, "seq IN (5, 6)"), {5: {"removed"}, 7: {"unchained"}}
    ),
    "an entry removed and the gap closed": Break(
        gap_closed,
        {5: {"unchained", "moved"}, **{seq: {"moved"} for seq in range(6, 11)}, 11: {"tail"}},
    ),
    "the first removed": Break(
        lambda zone: delete(zone, "seq = 1"), {1: {"removed"}, 2: {"unchained"}}
    ),
    "the tail cut": Break(lambda zone: delete(zone, "seq > 8"), {11: {"tail"}}),
    "the tail cut and the head moved back": Break(cut_back, {11: {"removed"}}),
    "the head taken away": Break(
        lambda zone: zone.intruder.run("DELETE FROM journal_head"), {11: {"tail"}}
    ),
    "everything removed": Break(lambda zone: delete(zone, "seq > 0"), {11: {"tail"}}),
    "an entry added at the end": Break(
        lambda zone: copied(zone, 11, 12),
        {12: {"unchained", "moved", "tail"}},
    ),
    "a chained entry added at the end": Break(
        added_and_chained,
        {12: {"tail"}},
    ),
    "an entry slipped in between": Break(
        slipped_in,
        {
            6: {"unchained", "moved"},
            **{seq: {"moved"} for seq in range(7, 12)},
            12: {"moved", "tail"},
        },
    ),
    "a chained entry slipped in between": Break(
        slipped_in_and_chained,
        {
            7: {"unchained", "moved"},
            **{seq: {"moved"} for seq in range(8, 12)},
            12: {"moved", "tail"},
        },
    ),
    "two entries swapped": Break(
        lambda zone: swapped(zone, 5, 6),
        {5: {"unchained", "moved"}, 6: {"unchained", "moved"}, 7: {"unchained"}},
    ),
    "two contents exchanged": Break(
        exchanged,
        {
            5: {"unchained", "moved", "columns"},
            6: {"unchained", "moved", "columns"},
            7: {"unchained"},
        },
    ),
    "a link edited": Break(
        lambda zone: change(zone, 5, previous="a" * 64), {5: {"unchained", "moved"}}
    ),
    "the head moved back": Break(
        lambda zone: zone.intruder.run("UPDATE journal_head SET seq = 10"), {11: {"tail"}}
    ),
    "the head moved on": Break(
        lambda zone: zone.intruder.run("UPDATE journal_head SET seq = 12"), {12: {"tail"}}
    ),
    "the head of another digest": Break(
        lambda zone: zone.intruder.run(f"UPDATE journal_head SET digest = '{GENESIS}'"),
        {11: {"tail"}},
    ),
    "another actor in the column": Break(
        lambda zone: change(zone, 5, actor=h.HEAD), {5: {"columns"}}
    ),
    "another command in the column": Break(
        lambda zone: change(zone, 5, command="decline"), {5: {"columns"}}
    ),
    "another status in the column": Break(
        lambda zone: change(zone, 4, status="done"), {4: {"columns"}}
    ),
    "another time in the column": Break(
        lambda zone: change(zone, 5, at="2026-01-01 00:00:00+00:00"), {5: {"columns"}}
    ),
    "another matter in the column": Break(
        lambda zone: change(zone, 5, matter_id=None), {5: {"columns"}}
    ),
    "another version in the column": Break(
        lambda zone: change(zone, 5, matter_version=77), {5: {"columns"}}
    ),
    "another meeting in the column": Break(
        lambda zone: change(zone, 10, meeting_id=None), {10: {"columns"}}
    ),
    "no JSON, with its digest": Break(
        lambda zone: change(zone, 5, body="x", digest=digest("x")),
        {5: {"edited"}, 6: {"unchained"}},
    ),
    "a list, with its digest": Break(
        lambda zone: change(zone, 5, body="[]", digest=digest("[]")),
        {5: {"edited"}, 6: {"unchained"}},
    ),
    "nothing said, with its digest": Break(
        lambda zone: change(zone, 5, body="{}", digest=digest("{}")),
        {5: {"moved", "columns"}, 6: {"unchained"}},
    ),
}


def flaws(zone: Zone) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for seq, code in zone.flaws():
        found.setdefault(seq, set()).add(code)
    return found


@contextmanager
def restored(zone: Zone) -> Iterator[None]:
    """The journal is put back afterwards as it was."""
    tables = ("journal", "journal_head")
    zone.intruder.run(*(f"CREATE TABLE kept_{name} AS SELECT * FROM {name}" for name in tables))
    yield
    for name in tables:
        zone.intruder.run(
            f"DELETE FROM {name}",
            f"INSERT INTO {name} SELECT * FROM kept_{name}",
            f"DROP TABLE kept_{name}",
        )


def test_what_was_done_to_the_journal_is_found_and_named(kept: Zone) -> None:
    found: dict[str, dict[int, set[str]]] = {}
    for name, each in BREAKS.items():
        with restored(kept):
            each.act(kept)
            found[name] = flaws(kept)
        assert kept.flaws() == []
    assert found == {name: each.flaws for name, each in BREAKS.items()}


def test_an_entry_before_the_first_is_found(kept: Zone) -> None:
    copied(kept, 5, 0)
    assert flaws(kept)


def test_an_entry_given_to_another_organisation_is_missed_here_and_found_there(
    kept: Zone, neighbour: Zone
) -> None:
    kept.intruder.run("UPDATE journal SET organisation_id = 2, seq = 2 WHERE seq = 11")
    assert flaws(kept) == {11: {"tail"}}
    assert flaws(neighbour) == {2: {"unchained", "moved", "columns", "tail"}}


def test_no_entry_is_beyond_notice(kept: Zone) -> None:
    """Any entry may be the one that was edited, and it is the one that is named."""
    for seq in range(1, 12):
        body = entry(kept, seq)[2]
        change(kept, seq, body=body.replace('"at":"2026', '"at":"2025'))
        assert flaws(kept) == {seq: {"edited"}}
        change(kept, seq, body=body)
    assert flaws(kept) == {}


def test_flaws_are_found_wherever_the_pages_part(
    kept: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for removed in (False, True):
        if removed:
            delete(kept, "seq = 6")
        for page in (1, 2, 3, 5, 11, 12):
            monkeypatch.setattr(asking, "PAGE", page)
            audit = kept.house.inquiry.audit(kept.code)
            assert (audit.entries, audit.head.seq) == (11 - removed, 11)
            assert flaws(kept) == ({6: {"removed"}, 7: {"unchained"}} if removed else {})


def test_a_text_rewritten_after_its_review_is_not_tabled(zone: Zone) -> None:
    """The digest that was passed still stands everywhere; only the text is another."""
    zone.advance_to("review_passed")
    zone.do(h.CONVENE)
    unlock(zone)
    zone.intruder.run("UPDATE draft SET text = '另一稿'")
    assert zone.fail(h.TABLE).code == "store.text_rewritten"


def test_a_tail_cut_with_its_head_is_found_by_what_rests_on_it(kept: Zone) -> None:
    """The chain that is left is whole; the records that were filed with the rest are not gone."""
    last = kept.rows("SELECT max(journal_seq) FROM record")[0][0]
    (digest_there,) = kept.rows("SELECT digest FROM journal WHERE seq = 5")[0]
    with restored(kept):
        kept.intruder.run(
            "DELETE FROM journal WHERE seq > 5",
            f"UPDATE journal_head SET seq = 5, digest = '{digest_there}'",
        )
        assert flaws(kept) == {last: {"removed"}}


def test_a_head_that_was_taken_away_is_a_flaw(kept: Zone) -> None:
    with restored(kept):
        kept.intruder.run("DELETE FROM journal_head")
        assert {"tail"} in flaws(kept).values()


@pytest.mark.parametrize("backend", ["sqlite"])  # PostgreSQL keeps no such values
def test_values_that_cannot_be_read_are_flaws(kept: Zone) -> None:
    for spoilt in ("body = x'ff00'", "at = 'hello'"):
        with restored(kept):
            kept.intruder.run(f"UPDATE journal SET {spoilt} WHERE seq = 5")
            assert flaws(kept).get(5)


# --- what an entry says ---------------------------------------------------------------------------


def bodies(zone: Zone) -> list[dict[str, Any]]:
    return [json.loads(body) for *_, body in zone.rows(ORDER)]


def test_the_chain_is_what_it_is_said_to_be(kept: Zone) -> None:
    """Counted by hand: each entry names the digest of the one before, from nothing on."""
    expected = GENESIS
    for number, (seq, previous, own, body) in enumerate(kept.rows(ORDER), 1):
        assert seq == number
        assert previous == expected
        assert digest(body) == own
        assert json.loads(body)["previous"] == previous
        expected = own
    assert kept.rows("SELECT seq, digest FROM journal_head") == [(11, expected)]


def test_old_and_new_values_are_kept(zone: Zone) -> None:
    zone.advance_to("drafting", {**h.QUICK, "touches_other_units": True})
    zone.do(h.ASSIGN.with_(lead_unit="finance"))
    assert bodies(zone)[-1]["changes"] == {
        "lead_unit": {"old": "planning_construction", "new": "finance"},
        "co_units": {"old": ["finance"], "new": []},
    }


def test_corrected_answers_are_kept_old_and_new__order_713_art_3_1(zone: Zone) -> None:
    zone.advance_to("started")
    zone.do(h.CLASSIFY.with_(answers={"technical": True, "market_activity": False}))
    assert bodies(zone)[-1]["changes"] == {"answers.technical": {"old": False, "new": True}}
    assert zone.standing().facts.answers == {**h.QUICK, "technical": True}


def test_a_text_is_kept_by_its_digest_and_not_again(zone: Zone) -> None:
    zone.advance_to("drafted")
    told = bodies(zone)[-1]
    assert told["payload"]["digest"] == digest(h.TEXT)
    assert told["payload"]["characters"] == len(h.TEXT)
    assert h.TEXT not in canonical(told)
    assert zone.rows("SELECT text, digest FROM draft") == [(h.TEXT, digest(h.TEXT))]


def test_a_late_entry_is_marked_as_one(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.RESEARCH.with_(done_on="2026-02-20"))
    zone.do(h.BASIS)
    assert [told["late_days"] for told in bodies(zone)[-2:]] == [10, 0]


def test_an_entry_names_the_rules_it_was_judged_by(zone: Zone) -> None:
    zone.do(h.propose())
    told = bodies(zone)[-1]
    procedure = zone.standing().procedure
    assert told["procedure"] == "jiyuan_htz"
    assert told["procedure_version"] == "2026-01-01"
    assert told["procedure_digest"] == procedure.digest
    assert digest(str(zone.rows("SELECT source FROM procedure_version")[0][0])) == procedure.digest


def test_a_refusal_is_kept_with_every_reason(zone: Zone) -> None:
    zone.advance_to("drafting", h.WHOLE)
    zone.do(h.CONVENE)
    codes = zone.refuse(h.TABLE)
    told = bodies(zone)[-1]
    assert told["status"] == "refused"
    assert tuple(each["code"] for each in told["refusals"]) == codes
    assert all(each["citations"] and each["cured_by"] for each in told["refusals"])


def test_the_time_is_the_servers_and_in_order(kept: Zone) -> None:
    stamps = [told["at"] for told in bodies(kept)]
    assert stamps == sorted(stamps)
    assert stamps[0] == "2026-03-02T01:00:00+00:00"


def test_an_unguarded_journal_is_the_only_one_that_can_be_changed(zone: Zone) -> None:
    """The breaks above say something only because the triggers had to be dropped first."""
    zone.do(h.propose())
    assert zone.intruder.refused("UPDATE journal SET actor = 'x'") == (
        "yicheng:journal_unchangeable"
    )


OTHER_TABLES: Final = {
    "conclusion": "UPDATE agenda_item SET concluded = 'discuss_again' WHERE concluded IS NOT NULL",
    "number": "UPDATE document_number SET serial = serial + 7",
    "meeting_day": "UPDATE meeting SET opened_on = '2026-01-05' WHERE opened_on IS NOT NULL",
    # What somebody filed, passed, listed or convened, and where a matter stands, likewise.
    "filed": "UPDATE record SET payload = '{}' WHERE command = 'record_reply'",
    "text": "UPDATE draft SET text = '另一稿' WHERE number = 1",
    "verdict": "UPDATE review SET verdict = 'exploratory'",
    "listed": "UPDATE agenda_item SET urgent = true",
    "convened": "UPDATE meeting SET held_on = '2026-01-05'",
    "standing": "UPDATE matter SET stage = 'closed', version = version + 1",
}


def test_what_other_tables_say_beside_the_journal_is_found_and_named(database_url: str) -> None:
    written, intruder = scenario("void_number"), Intruder(database_url)
    with stage(database_url, profile=written.profile) as set_stage:
        list(play(written, set_stage))
        assert set_stage.inquiry.audit(SAMPLE.id).flaws == ()
        if intruder.backend == "sqlite":
            with intruder.transaction() as connection:
                triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
                names = connection.exec_driver_sql(triggers).scalars().all()
                for name in names:
                    connection.exec_driver_sql(f'DROP TRIGGER "{name}"')
        free = () if intruder.backend == "sqlite" else ("SET session_replication_role = replica",)
        found: set[str] = set()
        for code, sql in OTHER_TABLES.items():
            intruder.run(*free, sql)
            # Where it is closed, nobody is asked anything any more: that does not agree either.
            found |= {code, "parties"} if code == "standing" else {code}
            flaws = set_stage.inquiry.audit(SAMPLE.id).flaws
            assert {flaw.code for flaw in flaws} == found


def test_a_record_that_no_entry_tells_of_is_found__order_713_art_31(zone: Zone) -> None:
    """Such as a reply of the Party committee that nobody recorded, or a matter born closed."""
    zone.do(h.propose())
    unlock(zone)
    kept = ", ".join(columns := [each.name for each in tables.record.c][1:])
    made = ", ".join({"position": "99", "command": "'record_reply'"}.get(c, c) for c in columns)
    zone.intruder.run(f"INSERT INTO record ({kept}) SELECT {made} FROM record")
    assert flaws(zone) == {2: {"filed"}}
