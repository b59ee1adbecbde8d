"""What each account sees: lists and single answers agree, and nothing restricted leaks."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any, Final
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.http.documenting import payload_examples
from procedures.book import ProcedureBook
from procedures.reading import load_access
from tests.integration.house import (
    ASSIGN_STUDY,
    CLERK,
    COUNSEL,
    DIRECTOR,
    EXPERTS,
    FIRST_DAY,
    HEAD,
    KEEPER,
    LEGAL_HEAD,
    PART,
    PLAIN,
    QUICK,
    RESEARCH,
    STUDY,
    Act,
    Zone,
    always,
    before_review,
    grant,
    propose,
    way,
)
from tests.integration.test_files import upload
from workflow.access import UNIT_TIES, AccessRow, AccessTable, Area, Grant, Scope
from workflow.errors import Forbidden, NotFound, YichengError
from workflow.inquiry import Query, Reader
from workflow.service import Request
from workflow.service.rulebook import Wished

SUPERVISOR: Final = "discipline.supervisor"
FINANCE: Final = "finance.clerk"
OTHER: Final = "market.clerk"
MEMBER: Final = "party.member.1"
TITLE: Final = "招商引资专项奖补（谈判中）"


def restrict(*named: str, by: str = HEAD) -> Act:
    given_ = always(named=list(named), reasons="谈判尚未结束", basis="工作秘密清单第三项")
    return Act("restrict_access", by, given_)


LIFT: Final = Act(
    "restrict_access", HEAD, always(lifted=True, reasons="已经公布", basis="工作秘密清单第三项")
)


def unmask(matter: str, actor: str) -> Act:
    return Act("unmask", actor, always(matter=matter, reasons="逐条反馈"), about="")


@pytest.fixture
def busy(zone: Zone) -> Zone:
    """Matters of several units, one on an agenda, one restricted; and a mandate to start them."""
    zone.do(grant(OTHER, "start", actor=DIRECTOR))
    for act in way("tabled", QUICK):
        zone.do(act)
    zone.do(propose(PLAIN, actor="economy.clerk"))
    zone.do(PART)
    zone.do(PART.with_(title=TITLE).by("planning.clerk"))
    zone.do(restrict(HEAD, CLERK, LEGAL_HEAD))
    return zone


def seen_by(zone: Zone, account: str, *, names: bool = False) -> Reader:
    return zone.house.inquiry.seen_by(zone.code, account, names=names)


def one_by_one(zone: Zone, reader: Reader) -> list[str]:
    """The matters that are there when each is asked for."""
    every = [line.number for line in zone.house.inquiry.listed(zone.code, Query()).items]
    return [number for number in every if _there(partial(reader.matter, number))]


def _there(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except (NotFound, Forbidden):
        return False
    return True


def listed(reader: Reader) -> list[str]:
    try:
        return [line.number for line in reader.listed(Query()).items]
    except Forbidden:
        return []


def test_the_shipped_table_shows_each_account_the_same_in_lists_and_alone(busy: Zone) -> None:
    seen: dict[str, list[str]] = {}
    for account in busy.house.inquiry.directory(busy.code).persons:
        reader = seen_by(busy, account)
        seen[account] = listed(reader)
        assert seen[account] == one_by_one(busy, reader)
        assert [each.facts.number for each in _or_nothing(reader.standings)] == seen[account]
    everything = ["2026-0001", "2026-0002", "2026-0003", "2026-0004"]
    assert seen[HEAD] == ["2026-0001", "2026-0003", "2026-0004"]
    assert seen[LEGAL_HEAD] == everything
    assert seen[DIRECTOR] == seen[SUPERVISOR] == seen[KEEPER] == everything[:3]
    assert seen["economy.clerk"] == ["2026-0002"]
    assert seen[OTHER] == everything[1:3], "what waits to be started, as the mandate goes"
    assert seen[MEMBER] == ["2026-0001"]
    assert seen["leader.deputy"] == [], "it is on the agenda of the Party group, not of his body"
    assert seen[COUNSEL] == ["2026-0001"]
    assert seen["second_firm.counsel"] == seen[EXPERTS[0]] == seen["office.archivist"] == []


def _meetings(reader: Reader) -> list[Any]:
    return list(reader.meetings_page().items)


def _or_nothing(ask: Callable[[], list[Any]]) -> list[Any]:
    try:
        return ask()
    except Forbidden:
        return []


SCOPES: Final = st.builds(
    Grant, st.sampled_from(Scope), st.frozensets(st.sampled_from(sorted(UNIT_TIES)), max_size=4)
)
GRANTS: Final = st.fixed_dictionaries(dict.fromkeys(Area, SCOPES))


@st.composite
def tables(draw: st.DrawFn) -> AccessTable:
    """Tables of the shipped roles with any scopes and ties at all."""
    base = load_access().table("base", FIRST_DAY)
    return replace(base, rows=tuple(AccessRow(row.holder, draw(GRANTS)) for row in base.rows))


def test_whatever_the_table_a_list_is_what_is_there_one_by_one(busy: Zone) -> None:
    people = sorted(busy.house.inquiry.directory(busy.code).persons)

    @settings(
        max_examples=12,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(tables(), st.lists(st.sampled_from(people), min_size=3, max_size=3, unique=True))
    def agree(table: AccessTable, accounts: list[str]) -> None:
        with patch.object(ProcedureBook, "access", lambda *_: table):
            for account in accounts:
                reader = seen_by(busy, account)
                assert listed(reader) == one_by_one(busy, reader)
                meetings = {each.meeting.code for each in _or_nothing(partial(_meetings, reader))}
                assert (busy.meeting in meetings) == _there(
                    lambda: reader.meeting(str(busy.meeting))  # noqa: B023 (asked at once)
                )

    agree()


# --- restricted matters ---------------------------------------------------------------------------


def questions(zone: Zone, reader: Reader, number: str) -> Mapping[str, Callable[[], object]]:
    """Every question that a reader answers, about the matter, about another, and about all."""
    move = Request(zone.code, "migrate", LEGAL_HEAD, {"reasons": "修订"}, matter=number)
    other = "2026-0003"
    return {
        "rights": reader.rights,
        "need": lambda: reader.need(Area.MATTERS),
        "organisation": reader.organisation,
        "directory": reader.directory,
        "procedure": reader.procedure,
        "listed": lambda: reader.listed(Query(limit=1)),
        "listed, searched": lambda: reader.listed(Query(search=TITLE)),
        "listed, by number": lambda: reader.listed(Query(search=number)),
        "listed, owing": lambda: reader.listed(Query(owing=True)),
        "standings": reader.standings,
        "words": reader.words,
        "words_for": lambda: reader.words_for(number)[2].title,
        "departures_page": reader.departures_page,
        "told_of": lambda: reader.told_of(reader.inbox_page().items),
        "opinions": lambda: reader.opinions(number),
        "submissions": lambda: reader.submissions(number),
        "debts": lambda: list(reader.debts()),
        "matter": lambda: reader.matter(number),
        "matter, its kin": lambda: reader.matter(other),
        "plan": lambda: reader.plan(number, FIRST_DAY + timedelta(days=200)),
        "plan, its kin": lambda: reader.plan(other),
        "prospect": lambda: reader.prospect(move, Wished()),
        "options": lambda: reader.options(matter=number),
        "options, its kin": lambda: reader.options(matter=other),
        "signatures": lambda: reader.signatures(number),
        "draft_text": lambda: reader.draft_text(number, 1),
        "meeting": lambda: reader.meeting(str(zone.meeting)),
        "convened": lambda: reader.convened(str(zone.meeting)),
        "meetings_page": reader.meetings_page,
        "people_page": reader.people_page,
        "catalogue": lambda: reader.catalogue(FIRST_DAY.year),
        "duties": lambda: reader.duties(FIRST_DAY.year),
        "holidays": reader.holidays,
        "file": lambda: reader.file(paper(zone), whole=True),
        "files": reader.files,
        "matter_files": lambda: reader.matter_files(number),
        "inbox_page": reader.inbox_page,
        "alerted": lambda: reader.alerted(range(50)),
        "told_and_standing": reader.told_and_standing,
        "entries": lambda: list(reader.entries()),
        "journal_page": reader.journal_page,
        "audit": reader.audit,
    }


def paper(zone: Zone) -> str:
    """The id of a file that was uploaded, if one was."""
    return next((str(key) for (key,) in zone.rows("SELECT key FROM file")), "f" + "a" * 25)


def asked(ask: Callable[[], object]) -> str:
    """What comes of a question, in words."""
    try:
        return repr(ask())
    except YichengError as error:
        return f"{type(error).__name__} {error}"


def test_no_question_tells_anybody_else_of_a_restricted_matter(zone: Zone) -> None:
    """限定知悉范围: it is on an agenda, and another matter is its kin."""
    for act in way("tabled", QUICK):
        zone.do(act)
    zone.do(PART)
    zone.do(PART.with_(title=TITLE))
    secret, other = "2026-0003", "2026-0002"
    file = upload(zone, b"paper").file
    zone.do(STUDY.with_(files=[file.key]))
    zone.do(restrict(HEAD, CLERK, LEGAL_HEAD))
    zone.matter = "2026-0001"
    zone.do(restrict(HEAD, CLERK, LEGAL_HEAD))
    every = {name for name, _ in inspect.getmembers(Reader, inspect.isfunction) if name[0] != "_"}
    for account in (DIRECTOR, SUPERVISOR, KEEPER, "legal.reviewer.1", MEMBER, OTHER, COUNSEL):
        reader = seen_by(zone, account)
        found = questions(zone, reader, secret)
        assert {name.split(",")[0] for name in found} == every
        for name, ask in found.items():
            told = asked(ask)
            if "kin" not in name and name not in (
                "matter",
                "plan",
                "prospect",
                "options",
                "signatures",
                "draft_text",
                "opinions",
                "submissions",
                "words_for",
                "matter_files",
            ):
                assert secret not in told, (account, name)
                assert "2026-0001" not in told, (account, name)
            assert TITLE not in told, (account, name)
            assert file.digest not in told, (account, name)
        gone = asked(lambda: seen_by(zone, account).matter("2026-9999"))  # noqa: B023
        hidden = asked(lambda: seen_by(zone, account).matter(secret))  # noqa: B023
        assert hidden == gone.replace("2026-9999", secret)
    kin = seen_by(zone, LEGAL_HEAD).matter(other).facts.kin
    assert [each.number for each in kin] == [secret]
    assert seen_by(zone, SUPERVISOR).matter(other).facts.kin == ()
    shown = seen_by(zone, KEEPER).convened(str(zone.meeting))
    assert [each.matter for each in shown.meeting.agenda] == [""]
    assert shown.withheld == ("minutes",)


def restricted_to(*named: str) -> Act:
    given_ = {"named": list(named), "reasons": "谈判尚未结束", "basis": "工作秘密清单第三项"}
    return PART.with_(title=TITLE, restricted=given_)


def test_a_matter_is_restricted_by_the_act_that_proposes_it(zone: Zone) -> None:
    """保密法 第64条: there is no moment at which anybody else could read it."""
    zone.do(PART)
    assert not zone.do(restricted_to(HEAD, CLERK, LEGAL_HEAD)).refusals
    assert zone.rows("SELECT restricted FROM matter ORDER BY id") in (
        [(0,), (1,)],
        [(False,), (True,)],
    )
    number = "2026-0002"
    for account in (CLERK, LEGAL_HEAD):
        assert seen_by(zone, account).matter(number).facts.title == TITLE
    for account in (DIRECTOR, SUPERVISOR, KEEPER):
        reader = seen_by(zone, account)
        for name, ask in questions(zone, reader, number).items():
            assert TITLE not in asked(ask), (account, name)
        assert listed(reader) == ["2026-0001"]
    assert zone.flaws() == []
    zone.do(LIFT)
    assert seen_by(zone, DIRECTOR).matter(number).facts.title == TITLE
    assert zone.flaws() == []


def test_of_a_refused_proposal_that_was_to_be_restricted_nothing_stays(zone: Zone) -> None:
    """It has no matter to be kept with, and the journal is read by many."""
    for act in (
        restricted_to(CLERK, "planning.former"),
        restricted_to(HEAD, CLERK).with_(reasons=None),
        restricted_to(HEAD, CLERK).by(SUPERVISOR),
        restricted_to(HEAD, CLERK).with_(answers={"nonsense": TITLE}),
    ):
        outcome = zone.try_(act)
        assert outcome.refusals
        told = repr(zone.everything())
        for word in (TITLE, "谈判尚未结束", "工作秘密清单第三项", "planning.former", "标准厂房"):
            assert word not in told
    assert zone.flaws() == []


def test_a_restricted_matter_is_not_there_for_others_commands_either(zone: Zone) -> None:
    zone.do(propose(PLAIN))
    zone.do(restrict(HEAD, CLERK))
    for actor in (KEEPER, DIRECTOR, "finance.clerk"):
        with pytest.raises(NotFound, match=r"unknown\.matter"):
            zone.try_(ASSIGN_STUDY.by(actor))
    before = zone.everything()
    with pytest.raises(NotFound, match=r"unknown\.matter"):
        zone.try_(unmask("2026-0001", SUPERVISOR))
    assert zone.everything() == before
    zone.do(STUDY)
    assert not any("2026-0001" in repr(each) for each in seen_by(zone, KEEPER).inbox_page().items)
    zone.do(LIFT)
    zone.do(ASSIGN_STUDY)
    assert zone.flaws() == []


def test_whoever_is_left_lets_a_matter_out_that_nobody_named_can_lift_any_more(zone: Zone) -> None:
    zone.do(propose(PLAIN))
    zone.do(restrict(HEAD, CLERK))
    ended = always(
        person=HEAD,
        unit="planning_construction",
        role="head",
        last_day=FIRST_DAY.isoformat(),
        reasons="调离",
    )
    zone.do(Act("end_appointment", DIRECTOR, ended, about=""))
    with pytest.raises(NotFound):
        zone.try_(restrict(DIRECTOR, by=DIRECTOR))
    zone.wait(1)
    zone.do(restrict(DIRECTOR, CLERK, by=DIRECTOR))
    assert seen_by(zone, DIRECTOR).matter("2026-0001").facts.named == frozenset({DIRECTOR, CLERK})


def test_an_agent_is_named_himself_and_so_is_whom_he_stands_in_for(zone: Zone) -> None:
    lent = always(agent=FINANCE, since=FIRST_DAY.isoformat(), until="2026-12-31")
    zone.do(Act("grant_mandate", CLERK, lent, about=""))
    zone.do(propose(PLAIN))
    assert listed(seen_by(zone, FINANCE)) == ["2026-0001"], "an agent sees what he stands in for"
    zone.do(restrict(HEAD, FINANCE))
    assert listed(seen_by(zone, FINANCE)) == ["2026-0001"]
    outcome = zone.try_(STUDY.by(FINANCE), mandate=1)
    assert [each.code for each in outcome.refusals] == ["authority.restricted"]
    zone.do(restrict(HEAD, CLERK))
    assert listed(seen_by(zone, FINANCE)) == []


def test_what_comes_next_and_nobody_named_can_do_is_told_at_once(zone: Zone) -> None:
    zone.do(propose(PLAIN))
    (warning,) = zone.do(restrict(HEAD, CLERK)).warnings
    assert warning.code == "access.nobody_named"
    assert "classify" in str(warning.params["act"])
    assert not zone.do(restrict(HEAD, CLERK, KEEPER, DIRECTOR)).warnings


def test_a_meeting_is_called_off_over_an_item_that_the_caller_may_not_know_of(zone: Zone) -> None:
    for act in way("tabled", QUICK):
        zone.do(act)
    zone.do(restrict(HEAD, CLERK, LEGAL_HEAD))
    outcome = zone.do(
        Act("cancel_meeting", KEEPER, always(cause="postponed", reasons="改期"), about="meeting")
    )
    assert outcome.result is None
    assert seen_by(zone, HEAD).matter("2026-0001").facts.stage == "review_passed"


def test_a_meeting_that_one_may_not_see_is_not_there_for_commands_either(zone: Zone) -> None:
    """And what else was named tells nothing of a matter that one does not see."""
    for act in way("tabled", QUICK):
        zone.do(act)
    freeze = Act("freeze_agenda", FINANCE, always(), about="meeting")
    cancel = Act(
        "cancel_meeting", FINANCE, always(cause="postponed", reasons="改期"), about="meeting"
    )
    before = zone.everything()
    for actor in (COUNSEL, OTHER, "office.archivist"):
        for act in (freeze, cancel):
            for stale in (None, "no-such-mark"):
                with pytest.raises(NotFound, match=r"unknown\.meeting"):
                    zone.try_(act.by(actor), expected_meeting=stale)
    zone.do(restrict(HEAD, CLERK))
    remark = Request(zone.code, "record_remark", OTHER, {}, matter=zone.matter, meeting="M2026-999")
    every = payload_examples()["record_remark"]
    with pytest.raises(NotFound, match=r"unknown\.matter"):
        zone.house.service.execute(replace(remark, payload=every))
    assert zone.everything() != before
    zone.do(freeze.by(KEEPER))


# --- parts of a matter ----------------------------------------------------------------------------


def test_an_expert_sees_the_study_the_text_and_the_step_in_which_he_is_asked(zone: Zone) -> None:
    """MLPS: what a task needs, and no more; Order 713 arts. 19 to 21."""
    technical = {**PLAIN, "technical": True}
    for act in (*way("drafting", technical), *before_review(technical)):
        zone.do(act)
        if act.command == "choose_experts":
            break
    expert = seen_by(zone, EXPERTS[0])
    shown = expert.matter(str(zone.matter))
    assert {each.command for each in shown.facts.records} <= {
        "propose",
        "assign_study",
        "study",
        "classify",
        "revise_draft",
        *CHOSEN,
    }
    assert "choose_experts" in {each.command for each in shown.facts.records}
    assert "records" in shown.withheld
    assert shown.directory.appointments == ()
    assert set(shown.commands) <= {
        act for name in shown.assessments for act in shown.procedure.steps[name].acts
    }
    assert expert.draft_text(str(zone.matter), 1)
    with pytest.raises(Forbidden):
        expert.plan(str(zone.matter))
    with pytest.raises(Forbidden):
        expert.meetings_page()
    with pytest.raises(NotFound):
        seen_by(zone, "expert.traffic").matter(str(zone.matter))


def test_of_the_steps_of_a_matter_nobody_is_told_who_could_do_nothing_in_them(zone: Zone) -> None:
    """Authority answers before it is asked which step is meant, and what the procedure has."""
    zone.advance_to("drafting")
    unclear = RESEARCH.with_(step="nothing")
    assert zone.fail(unclear).code == "request.which_step"
    assert zone.refuse(unclear.by(KEEPER)) == ("authority.role",)
    assert zone.refuse(unclear.by(LEGAL_HEAD)) == ("authority.role",)
    strangers = [
        (unclear, OTHER),
        (unclear, EXPERTS[0]),
        (OPINE.with_(step="nothing"), "expert.traffic"),
        (INTENTION, OTHER),
        (INTENTION, "expert.traffic"),
    ]
    for act, stranger in strangers:
        error = zone.fail(act.by(stranger))
        assert (error.code, dict(error.params)) == ("unknown.matter", {"matter": zone.matter})


OPINE: Final = Act(
    "file_expert_opinion", EXPERTS[0], always(**payload_examples()["file_expert_opinion"])
)
INTENTION: Final = Act(
    "publish_intention", CLERK, always(**payload_examples()["publish_intention"])
)
CHOSEN: Final = ("choose_experts", "publish_draw", "draw_experts")


def test_names_are_masked_until_somebody_who_may_see_them_says_why(zone: Zone) -> None:
    """个人信息保护法 第34条: necessity, and a trace of who saw what."""
    zone.do(propose(PLAIN).with_(reasons="居民来电13812345678反映价格过低"))
    number = str(zone.matter)

    def reasons(reader: Reader) -> str:
        return reader.matter(number).facts.records[0].text("reasons")

    reviewer = "legal.reviewer.1"
    for account in (CLERK, reviewer, KEEPER):
        assert "13812345678" not in reasons(seen_by(zone, account))
        assert "personal_data" in seen_by(zone, account).matter(number).withheld
    with pytest.raises(Forbidden, match="unmask_first"):
        seen_by(zone, reviewer, names=True).matter(number)
    with pytest.raises(Forbidden, match="names_closed"):
        seen_by(zone, KEEPER, names=True).matter(number)
    refused = zone.try_(unmask(number, KEEPER))
    assert [each.code for each in refused.refusals] == ["access.names_closed"]
    outcome = zone.do(unmask(number, reviewer))
    assert "13812345678" in reasons(seen_by(zone, reviewer, names=True))
    assert "13812345678" not in reasons(seen_by(zone, reviewer))
    told = [each for each in seen_by(zone, DIRECTOR).entries() if each.seq == outcome.entry]
    assert told[0].columns["matter"] == number
    assert "13812345678" not in repr(list(seen_by(zone, DIRECTOR).entries()))
    assert zone.standing().facts.version == 1, "to look changes nothing"
    assert zone.flaws() == []
    zone.wait(1)
    with pytest.raises(Forbidden, match="unmask_first"):
        seen_by(zone, reviewer, names=True).matter(number)


def test_nobody_without_a_post_sees_anything(zone: Zone) -> None:
    """三员: an administrator of the program is no person of the organisation."""
    zone.do(propose(PLAIN))
    reader = seen_by(zone, "system.administrator")
    for name, ask in questions(zone, reader, "2026-0001").items():
        if name not in ("rights", "organisation", "words"):
            assert asked(ask).startswith("Forbidden"), name


def test_a_neighbour_sees_nothing_of_the_house(zone: Zone, neighbour: Zone) -> None:
    zone.do(propose(PLAIN))
    for account in (DIRECTOR, CLERK, SUPERVISOR):
        assert listed(seen_by(neighbour, account)) == []
        assert "2026-0001" not in repr(list(seen_by(neighbour, account).entries()))


def test_a_table_of_parties_that_was_tampered_with_is_found(zone: Zone) -> None:
    zone.do(propose(PLAIN))
    name = "matter_party_delete" if zone.url.startswith("sqlite") else "matter_party_insert"
    of_table = "" if zone.url.startswith("sqlite") else " ON matter_party"
    zone.intruder.run(f"DROP TRIGGER {name}{of_table}", "DELETE FROM matter_party")
    assert [code for _, code in zone.flaws()] == ["parties"]
