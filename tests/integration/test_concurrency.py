"""Many at once: one wins, the others are told what happened, and nothing is lost or doubled."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from multiprocessing.synchronize import Barrier as ProcessBarrier
from threading import Barrier, Event
from typing import Final
from unittest.mock import patch

import pytest

from tests.integration import house as h
from tests.integration.house import (
    Act,
    Zone,
    after_looking,
    at_once,
    founded,
    overtaken,
    sample,
)
from workflow.catalogue import Said, catalogue_for
from workflow.errors import Conflict, YichengError
from workflow.service import Outcome
from workflow.store import Store

Result = Outcome | YichengError
END: Final = Act("end_mandate", h.REVIEWER, h.always(mandate=1, reasons="已返岗"), about="")


@pytest.fixture
def colleague(zone: Zone) -> Iterator[Zone]:
    """The same organisation as another process has it open: connections and caches of its own."""
    with founded(zone.url) as other:
        yield other


def together(zone: Zone, *jobs: Callable[[], Outcome]) -> list[Result]:
    """What comes of commands of which each has looked before any takes its lock."""
    with after_looking(Barrier(len(jobs)).wait):
        return at_once(*jobs)


def done(results: list[Result]) -> list[Outcome]:
    return [result for result in results if isinstance(result, Outcome) and result.done]


def changes(error: YichengError) -> list[Mapping[str, object]]:
    """What a conflict says was done in between."""
    told = error.params["changes"]
    assert isinstance(told, tuple)
    assert all(isinstance(each, Said) and each.code == "conflict.change" for each in told)
    return [each.params for each in told]


# --- parts of one project -------------------------------------------------------------------------


def part_of_a_project(zone: Zone) -> str:
    zone.do(h.PART)
    zone.do(h.STUDY)
    assert zone.matter is not None
    return zone.matter


def test_of_parts_proposed_and_classified_at_once_none_is_small__three_major(zone: Zone) -> None:
    proposed = done(together(zone, *(partial(zone.try_, h.PART),) * 2))
    parts = [outcome.matter for outcome in proposed]
    for part in parts:
        zone.do(h.STUDY, matter=part)
    jobs = [partial(zone.try_, h.CLASSIFY_PART, matter=part) for part in parts]
    told = [result for result in together(zone, *jobs) if isinstance(result, Outcome)]
    codes = [[unmet.code for unmet in outcome.refusals] for outcome in told]
    assert codes == [["classification.split"]] * 2


def test_a_part_proposed_as_the_other_is_tabled_slips_past_no_gate__three_major(
    zone: Zone,
) -> None:
    """Whichever comes first: the later one is found, at one gate or at the other."""
    started = (h.PART, h.STUDY, h.CLASSIFY_PART, h.START, h.ASSIGN, h.DRAFT, h.SUBMIT)
    reviewed = (h.ACCEPT, h.COUNSEL_OPINION, h.VERDICT, h.BUDGET, h.CONVENE)
    for act in (*started, *reviewed):
        zone.do(act)
    tabled, proposed = together(zone, partial(zone.try_, h.TABLE), partial(zone.try_, h.PART))
    assert isinstance(tabled, Outcome)
    assert isinstance(proposed, Outcome)
    assert tabled.done is (tabled.entry < proposed.entry)
    assert tabled.done or [unmet.code for unmet in tabled.refusals] == ["classification.split"]
    zone.matter = proposed.matter
    zone.do(h.STUDY)
    assert zone.refuse(h.CLASSIFY_PART) == ("classification.split",)


def test_what_is_given_up_or_ruled_off_on_either_side_does_not_count__three_major(
    zone: Zone,
) -> None:
    first, second = part_of_a_project(zone), part_of_a_project(zone)
    third = part_of_a_project(zone)
    zone.do(h.WITHDRAW, matter=second)
    assert zone.refuse(h.CLASSIFY_PART) == ("classification.split",)
    zone.do(h.SEPARATE.with_(matters=[third]), matter=first)
    zone.do(h.CLASSIFY_PART)
    told = {kin.number: kin.apart for kin in zone.standing().facts.kin}
    assert {number: set(apart) for number, apart in told.items()} == {first: {third}}


def test_only_a_matter_with_a_key_asks_for_others(zone: Zone) -> None:
    with patch.object(Store, "kin", autospec=True, side_effect=Store.kin) as asked:
        zone.do(h.propose(h.QUICK))
        zone.do(h.STUDY)
        assert asked.call_count == 0
        part_of_a_project(zone)
        assert asked.call_count == 1


# --- one matter -----------------------------------------------------------------------------------


@pytest.mark.parametrize("apart", [False, True], ids=["one process", "two processes"])
def test_of_two_on_one_matter_one_wins_and_the_other_learns_what_changed(
    apart: bool, zone: Zone, colleague: Zone
) -> None:
    zone.advance_to("drafting")
    other = colleague if apart else zone
    other.matter = zone.matter
    acts = {"file_research": h.RESEARCH, "pause": h.PAUSE}
    jobs = (partial(zone.try_, h.RESEARCH), partial(other.try_, h.PAUSE))
    results = together(zone, *jobs)
    (winner,) = done(results)
    (loser,) = (result for result in results if isinstance(result, Conflict))
    assert loser.code == "conflict.matter_changed"
    ((entry, command, actor),) = zone.rows(
        "SELECT seq, command, actor FROM journal WHERE seq = :seq", seq=winner.entry
    )
    assert changes(loser) == [
        {"entry": entry, "at": zone.house.clock.now(), "actor": actor, "command": command}
    ]
    assert acts[command].actor == actor
    assert loser.params["version"] == winner.version
    assert command in catalogue_for("en", ("workflow",)).tell(loser)
    assert zone.standing().facts.version == winner.version
    assert zone.flaws() == []


def test_the_loser_has_changed_and_journaled_nothing(zone: Zone) -> None:
    zone.advance_to("drafting")
    before = zone.everything()
    results = together(zone, *(partial(zone.try_, act) for act in (h.RESEARCH, h.BASIS, h.PAUSE)))
    assert len(done(results)) == 1
    assert [type(result) for result in results].count(Conflict) == 2
    changed = zone.changed(before)
    # Whether the winner had a part in the matter already depends on who it is.
    changed.pop("matter_party", None)
    assert changed == {"journal": 1, "journal_head": 0, "matter": 0, "record": 1, "wake": 0}


def test_what_a_page_showed_must_still_be_so(zone: Zone) -> None:
    zone.advance_to("drafting")
    seen = zone.standing().facts.version
    first, second = zone.do(h.RESEARCH), zone.do(h.BASIS)
    error = zone.fail(h.PAUSE, expected_version=seen)
    assert isinstance(error, Conflict)
    assert [(each["entry"], each["command"]) for each in changes(error)] == [
        (first.entry, "file_research"),
        (second.entry, "file_legal_basis"),
    ]
    zone.do(h.PAUSE, expected_version=second.version)


def test_a_refusal_in_between_is_nobodys_conflict(zone: Zone) -> None:
    zone.advance_to("drafting")
    seen = zone.standing().facts.version
    zone.refuse(h.SUBMIT)
    zone.do(h.RESEARCH, expected_version=seen)


def test_of_two_verdicts_at_once_only_one_is_given(zone: Zone) -> None:
    zone.advance_to("under_review")
    zone.wait(20)
    lawful = h.Act(h.VERDICT.command, h.REVIEWER, h.VERDICT.given)
    unlawful = h.Act(h.VERDICT.command, h.OTHER_REVIEWER, h.UNLAWFUL.given)
    results = together(zone, partial(zone.try_, lawful), partial(zone.try_, unlawful))
    assert len(done(results)) == 1
    assert zone.rows("SELECT count(*) FROM review") == [(1,)]


def test_a_text_is_changed_or_tabled_but_not_both(zone: Zone) -> None:
    for _ in range(4):
        zone.on(h.FIRST_DAY)
        zone.advance_to("review_passed")
        zone.do(h.CONVENE)
        results = together(zone, partial(zone.try_, h.TABLE), partial(zone.try_, h.EDIT))
        assert len(done(results)) == 1
        facts = zone.standing().facts
        assert (facts.stage == "tabled") is (len(facts.drafts) == 1)


# --- matters apart --------------------------------------------------------------------------------


def test_different_matters_at_once_all_win(zone: Zone) -> None:
    numbers = [zone.advance_to("drafting") for _ in range(6)]
    jobs = [partial(zone.try_, h.RESEARCH, matter=number) for number in numbers]
    assert len(done(together(zone, *jobs))) == 6


def test_matters_tabled_at_once_get_a_place_each(zone: Zone) -> None:
    numbers = [_cleared(zone) for _ in range(6)]
    zone.do(h.CONVENE)
    jobs = [partial(zone.try_, h.TABLE, matter=number) for number in numbers]
    assert len(done(together(zone, *jobs))) == 6
    agenda = zone.house.inquiry.meeting(zone.code, str(zone.meeting)).agenda
    assert [entry.place for entry in agenda] == [1, 2, 3, 4, 5, 6]
    assert {entry.matter for entry in agenda} == set(numbers)


def test_numbers_are_given_once_and_without_a_gap(zone: Zone, colleague: Zone) -> None:
    def propose(home: Zone) -> list[str | None]:
        return [home.try_(h.propose()).matter for _ in range(8)]

    results = at_once(*(partial(propose, home) for home in (zone, colleague) * 3))
    given = [number for result in results if isinstance(result, list) for number in result]
    assert sorted(map(str, given)) == [f"2026-{serial:04d}" for serial in range(1, 49)]
    assert zone.flaws() == []


def test_numbers_begin_anew_each_year(zone: Zone) -> None:
    assert zone.do(h.propose()).matter == "2026-0001"
    zone.on("2027-01-01", hour=0)
    assert zone.do(h.propose()).matter == "2027-0001"
    zone.on("2026-12-31", hour=23, minute=59)
    assert zone.do(h.propose()).matter == "2026-0002"


# --- the agenda -----------------------------------------------------------------------------------


def test_nothing_is_added_once_the_agenda_is_frozen(zone: Zone) -> None:
    for _ in range(3):
        numbers = [_cleared(zone) for _ in range(4)]
        zone.do(h.CONVENE)
        zone.do(h.TABLE, matter=numbers.pop())
        tabling = [partial(zone.try_, h.TABLE, matter=number) for number in numbers]
        *results, frozen = together(zone, *tabling, partial(zone.try_, h.FREEZE))
        assert isinstance(frozen, Outcome)
        assert frozen.done
        for result in results:
            assert isinstance(result, Outcome)
            assert result.done is (result.entry < frozen.entry)
            assert result.done or [each.code for each in result.refusals] == ["agenda.frozen"]
        agenda = zone.house.inquiry.meeting(zone.code, str(zone.meeting)).agenda
        assert len(agenda) == 1 + len(done(results))


def test_whoever_waited_while_the_agenda_was_frozen_is_refused(zone: Zone) -> None:
    late = _cleared(zone)
    zone.advance_to("tabled")
    frozen, added = overtaken(
        zone, partial(zone.try_, h.FREEZE), partial(zone.try_, h.TABLE, matter=late)
    )
    assert isinstance(frozen, Outcome)
    assert frozen.done
    assert isinstance(added, Outcome)
    assert [unmet.code for unmet in added.refusals] == ["agenda.frozen"]


def test_whoever_waited_while_the_text_changed_learns_of_it(zone: Zone) -> None:
    zone.advance_to("review_passed")
    zone.do(h.CONVENE)
    edited, tabled = overtaken(zone, partial(zone.try_, h.EDIT), partial(zone.try_, h.TABLE))
    assert isinstance(edited, Outcome)
    assert edited.done
    assert isinstance(tabled, Conflict)
    assert [each["command"] for each in changes(tabled)] == ["revise_draft"]


def test_a_mandate_ended_while_its_agent_waits_is_ended(zone: Zone) -> None:
    zone.do(h.grant(h.CLERK))
    zone.advance_to("awaiting_review")
    # The agent has acted under it, so that whoever remembers people remembers the mandate.
    zone.refuse(h.PAUSE.by(h.CLERK), mandate=1)
    ended, accepted = overtaken(
        zone, partial(zone.try_, END), partial(zone.try_, h.ACCEPT.by(h.CLERK), mandate=1)
    )
    assert isinstance(ended, Outcome)
    assert ended.done
    assert isinstance(accepted, Outcome)
    assert [unmet.code for unmet in accepted.refusals] == ["authority.role"]


# --- organisations at once ------------------------------------------------------------------------


def test_the_first_matters_of_two_organisations_come_at_once(zone: Zone, neighbour: Zone) -> None:
    """Both pin the same definition, which neither has stored yet."""
    results = overtaken(zone, partial(zone.try_, h.propose()), partial(neighbour.try_, h.propose()))
    assert all(isinstance(result, Outcome) and result.done for result in results)


def test_organisations_do_not_wait_for_each_other(zone: Zone, neighbour: Zone) -> None:
    """On one SQLite file there is one writer; elsewhere each organisation has its own chain."""
    for home in (zone, neighbour):
        home.advance_to("drafting")
    if zone.intruder.backend == "sqlite":
        jobs = [partial(home.try_, h.RESEARCH) for home in (zone, neighbour)]
        assert len(done(together(zone, *jobs))) == 2
        return
    with zone.intruder.transaction() as connection:
        connection.exec_driver_sql(
            "SELECT 1 FROM journal_head JOIN organisation ON id = organisation_id "
            f"WHERE code = '{zone.code}' FOR UPDATE OF journal_head"
        )
        assert neighbour.do(h.RESEARCH).done


# --- a crowd --------------------------------------------------------------------------------------

CROWD: Final = 8
EACH: Final = 25
TURNS: Final = (
    h.propose(),
    h.CONVENE,
    h.PAUSE,
    h.RESUME,
    h.RESEARCH,
    h.TABLE,
    h.UNTABLE,
    h.FREEZE,
    h.grant(h.CLERK),
    h.STUDY,
    h.EDIT,
    h.REWRITE,
)


def test_a_crowd_leaves_a_whole_record(zone: Zone, colleague: Zone) -> None:
    zone.advance_to("review_passed")
    zone.advance_to("tabled")
    zone.advance_to("drafted")
    started = zone.rows("SELECT max(seq) FROM journal")[0][0]
    watching = Event()

    def live(number: int) -> list[Result]:
        home = (zone, colleague)[number % 2]
        luck = random.Random(number)
        found: list[Result] = []
        for _ in range(EACH):
            matter = f"2026-000{luck.randint(1, 3)}"
            act = luck.choice(TURNS)
            request = Zone(home.url, home.house, home.code, matter, "M2026-001").request(act)
            try:
                found.append(home.house.service.execute(request))
            except Conflict as error:
                found.append(error)
        return found

    def watch() -> list[Result]:
        while not watching.is_set():
            assert zone.flaws() == []
        return []

    def work() -> list[Result]:
        try:
            lives = at_once(*(partial(live, number) for number in range(CROWD)))
        finally:
            watching.set()
        assert all(isinstance(each, list) for each in lives)
        return [result for each in lives if isinstance(each, list) for result in each]

    results, _ = at_once(work, watch)
    assert isinstance(results, list)
    assert len(results) == CROWD * EACH
    entries = sorted(result.entry for result in results if isinstance(result, Outcome))
    assert entries == list(range(started + 1, started + 1 + len(entries)))
    assert zone.flaws() == []
    assert zone.house.inquiry.audit(zone.code).entries == started + len(entries)
    _whole(zone)
    assert min(Counter(isinstance(result, Outcome) and result.done for result in results).values())


def _whole(zone: Zone) -> None:
    """Each matter has as many records as versions, numbered without a gap, each with its entry."""
    rows = zone.rows(
        "SELECT matter.version, count(*), min(position), max(position), "
        "count(DISTINCT journal_seq) FROM matter JOIN record ON record.matter_id = matter.id "
        "GROUP BY matter.id, matter.version"
    )
    assert rows
    for version, records, first, last, entries in rows:
        assert (first, last) == (1, version)
        assert records == entries == version


def _process(url: str, start: ProcessBarrier, answers: multiprocessing.Queue[int]) -> None:
    """Another process: it proposes, and quarrels about the first matter."""
    with founded(url) as mine:
        start.wait()
        conflicts = 0
        for turn in range(20):
            mine.matter = "2026-0001"
            act = (h.propose(), h.PAUSE, h.RESUME, h.RESEARCH)[turn % 4]
            try:
                mine.try_(act)
            except Conflict:
                conflicts += 1
        answers.put(conflicts)


@pytest.mark.parametrize("backend", ["sqlite"])
def test_processes_share_a_database(zone: Zone) -> None:
    zone.advance_to("drafting")
    started = zone.rows("SELECT max(seq) FROM journal")[0][0]
    context = multiprocessing.get_context("spawn")
    start, answers = context.Barrier(2), context.Queue()
    workers = [context.Process(target=_process, args=(zone.url, start, answers)) for _ in range(2)]
    with ExitStack() as stack:
        for worker in workers:
            worker.start()
            stack.callback(worker.join)
    assert [worker.exitcode for worker in workers] == [0, 0]
    conflicts = answers.get() + answers.get()
    assert zone.flaws() == []
    assert zone.rows("SELECT max(seq) FROM journal")[0][0] == started + 40 - conflicts
    serials = [serial for (serial,) in zone.rows("SELECT serial FROM matter ORDER BY serial")]
    assert serials == list(range(1, 12))
    _whole(zone)


def _cleared(zone: Zone) -> str:
    """One more matter that may go on an agenda, on the day on which the first could."""
    zone.on(h.FIRST_DAY)
    return zone.advance_to("review_passed")


def test_a_second_sample_is_another_organisation() -> None:
    assert sample("neighbour").id != sample().id
    assert sample("neighbour").people == sample().people
