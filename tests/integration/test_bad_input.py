"""Whatever is handed in: a clear error of ours, or taken as it is; nothing between."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from typing import Any, Final

import pytest
from sqlalchemy import make_url, text

from tests.integration import house as h
from tests.integration.house import Act, Zone, founded, open_
from tests.integration.raw import digest
from workflow.catalogue import catalogue_for
from workflow.errors import BadInput, Conflict, NotFound, StoreTrouble, YichengError

RARE: Final = "䶮𠮷𪚥鿍〇㐀"
MEGABYTE: Final = 1_000_000


def told(error: YichengError) -> str:
    """What a person reads of it; there are words for it in both languages."""
    packages = ("workflow", "procedures", "api")
    return "".join(catalogue_for(locale, packages).tell(error) for locale in ("zh", "en"))


def payload(act: Act, given: Mapping[str, object]) -> Act:
    return replace(act, given=lambda _: given)


# --- texts ----------------------------------------------------------------------------------------


def test_a_text_of_ten_megabytes_is_too_long(zone: Zone) -> None:
    zone.advance_to("drafting")
    error = zone.fail(h.DRAFT.with_(text="长" * (10 * MEGABYTE // 3)))
    assert isinstance(error, BadInput)
    assert "text" in told(error)
    assert len(told(error)) < 2000


def test_the_longest_text_comes_back_as_it_was(zone: Zone) -> None:
    zone.advance_to("drafting")
    longest = (RARE + "长\n") * (2 * MEGABYTE // (len(RARE) + 2))
    longest = longest[:-1] + "。"
    zone.do(h.DRAFT.with_(text=longest))
    assert zone.house.inquiry.draft_text(zone.code, str(zone.matter), 1) == longest
    assert zone.rows("SELECT digest FROM draft") == [(digest(longest),)]


@pytest.mark.parametrize(
    "title", [f"关于{RARE}的事项", "a & b < c > d", "“引号”‘’'\"\\%s%(x)s:x{0}"]
)
def test_a_title_comes_back_as_it_was(title: str, zone: Zone) -> None:
    zone.do(h.propose().with_(title=title, reasons=title))
    facts = zone.standing().facts
    assert facts.title == title
    assert facts.records[0].text("reasons") == title
    assert zone.flaws() == []


@pytest.mark.parametrize(
    "written",
    [
        RARE,
        "第一条\n第二条\r\n第三条\t表",
        "表情😀在草案中",
        "<script>alert(1)</script>",
        "'; DROP TABLE draft; --",
        "e\u0301 与 \u00e9",
    ],
    ids=["rare", "lines", "emoji", "markup", "sql", "not normalised"],
)
def test_a_text_comes_back_as_it_was(written: str, zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.DRAFT.with_(text=written))
    assert zone.house.inquiry.draft_text(zone.code, str(zone.matter), 1) == written
    draft = zone.standing().facts.draft
    assert draft is not None
    assert draft.digest == digest(written)


def test_a_text_keeps_its_edges(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.DRAFT.with_(text="\u3000\u3000第一条\n"))
    found = zone.house.inquiry.draft_text(zone.code, str(zone.matter), 1)
    assert found == "\u3000\u3000第一条\n"


TRICKS: Final = (
    ("调整收费😀", "😀"),
    ("调整收费☀", "☀"),
    ("<b>调整</b>", "<b>"),
    ("调整&amp;收费", "&amp;"),
    ("调整\u200b收费", "3"),
    ("调整\u202e收费", "3"),
    ("调整\ufeff收费", "3"),
    ("调整\x00收费", "3"),
    ("调整\x1b收费", "3"),
    ("调整\ud800收费", "title"),
    ("调整\n收费", "3"),
    ("调整\u2028收费", "3"),
    ("长" * 121, "120"),
    ("", ""),
    ("   ", ""),
)


def test_a_title_of_tricks_is_bad_input(zone: Zone) -> None:
    for title, word in TRICKS:
        error = zone.fail(h.propose().with_(title=title))
        assert isinstance(error, BadInput)
        assert word in told(error), title
        assert "title" in told(error), title


def test_what_cannot_be_seen_has_no_place_in_a_text(zone: Zone) -> None:
    zone.advance_to("drafting")
    for bad in ("\x00", "\x1b", "\ud800", "\u200b", "\u202e", "\uffff"):
        for act in (h.DRAFT.with_(text=f"第一条{bad}"), h.PAUSE.with_(reasons=f"因{bad}")):
            assert isinstance(zone.fail(act), BadInput)


# --- forms ----------------------------------------------------------------------------------------

WRONG: Final[Mapping[str, Mapping[str, Any]]] = {
    "an unknown key": {"reasons": "x", "urgent": True},
    "a missing key": {},
    "a number for a text": {"reasons": 7},
    "a list for a text": {"reasons": ["x"]},
    "an object for a text": {"reasons": {"zh": "x"}},
    "nothing for a text": {"reasons": None},
    "a truth for a text": {"reasons": True},
    "no finite number": {"reasons": float("nan")},
    "too long a text": {"reasons": "长" * 50_001},
}


def test_a_payload_of_another_form_is_bad_input(zone: Zone) -> None:
    zone.advance_to("drafting")
    for name, given in WRONG.items():
        error = zone.fail(payload(h.PAUSE, given))
        assert isinstance(error, BadInput), name
        assert error.code == "input.refused"
        assert told(error)


def test_a_payload_that_is_no_object_is_bad_input(zone: Zone) -> None:
    zone.advance_to("drafting")
    none_at_all: tuple[Any, ...] = (None, [], "reasons", 7, {1: 2}, [("reasons", "x")])
    for given in none_at_all:
        assert isinstance(zone.fail(payload(h.PAUSE, given)), BadInput)


def test_a_payload_nested_without_end_is_bad_input(zone: Zone) -> None:
    zone.advance_to("drafting")
    deep: dict[str, object] = {}
    for _ in range(3000):
        deep = {"reasons": deep}
    assert isinstance(zone.fail(payload(h.PAUSE, deep)), BadInput)


def test_everything_wrong_is_told_at_once(zone: Zone) -> None:
    error = zone.fail(h.propose().with_(state_secret="no", title="😀", reasons=7, answers=[], x=1))
    said = told(error)
    for key in ("state_secret", "title", "reasons", "answers", "x"):
        assert key in said


def test_a_yes_is_not_read_into_other_things(zone: Zone) -> None:
    for answer in ("yes", "on", "true", 1, 0, 10**30):
        outcome = zone.try_(h.propose({**h.PLAIN, "technical": answer}))
        assert [unmet.code for unmet in outcome.refusals] == ["matter.answer_unfit"]
    nothing: tuple[object, ...] = (None, [], {}, 1.0, "")
    for given in nothing:
        assert isinstance(zone.fail(h.propose({**h.PLAIN, "technical": given})), BadInput)
    assert zone.rows("SELECT count(*) FROM matter") == [(0,)]


def test_questions_left_open_or_made_up_are_refused(zone: Zone) -> None:
    answers = {**h.PLAIN, "made_up": True}
    del answers["technical"]
    assert set(zone.refuse(h.propose(answers))) == {
        "matter.question_unknown",
        "matter.question_open",
    }


def test_numbers_have_an_end(zone: Zone) -> None:
    zone.advance_to("drafted", {**h.PLAIN, "spends_money": True})
    for amount in (-1, 10**15 + 1, 10**30, 10**5000):
        assert isinstance(zone.fail(h.BUDGET.with_(amount_yuan=amount)), BadInput)
    zone.do(h.BUDGET.with_(amount_yuan=10**15))
    assert zone.standing().facts.records[-1].payload["amount_yuan"] == 10**15
    zone.do(h.PUBLISH)
    zone.wait(46)
    close = replace(h.CLOSE, wait=0).with_(channel_proof=None)
    for received in (-1, 10**6 + 1, 10**20, 10**5000):
        assert isinstance(zone.fail(close.with_(received=received)), BadInput)
    zone.do(close.with_(received=10**6))
    zone.do(h.REPORT)
    zone.do(h.ADOPT)
    (unmet,) = [each for each in zone.standing().unmet if each.code == "adoption.opinions_missing"]
    assert unmet.params["numbers"] == (f"1-{10**6}",)
    assert zone.flaws() == []


# --- days -----------------------------------------------------------------------------------------


NO_DAYS: Final = (
    "2026-02-30",
    "2026-13-01",
    "0000-01-01",
    "10000-01-01",
    "2026-2-3",
    "20260302",
    "2026-03-02T00:00:00",
    "2026-W10-1",
    "２０２６-03-02",
    "tomorrow",
    "",
    20260302,
    1772409600,
    None,
    True,
)


def test_what_is_no_day_is_bad_input(zone: Zone) -> None:
    for day in NO_DAYS:
        error = zone.fail(payload(h.CONVENE, {"body": "party_group", "held_on": day}))
        assert isinstance(error, BadInput)
        assert "held_on" in told(error), day


BEYOND: Final = ("2037-01-01", "2200-01-01", "9999-12-31")


def test_a_day_beyond_the_calendar_is_bad_input(zone: Zone) -> None:
    for day in BEYOND:
        error = zone.fail(h.CONVENE.with_(held_on=day))
        assert error.code == "calendar.out_of_range"
        assert isinstance(error, BadInput)
        assert told(error)


def test_nothing_is_recorded_of_a_day_before_the_calendar(zone: Zone) -> None:
    zone.advance_to("proposed")
    error = zone.fail(h.STUDY.with_(done_on="1990-03-04"))
    assert error.code == "calendar.out_of_range"


def test_a_call_does_not_close_beyond_the_calendar(zone: Zone) -> None:
    """Taken once, it would make every later question about the matter fail."""
    zone.advance_to("drafted", h.PLAIN)
    for day in BEYOND:
        assert isinstance(zone.fail(h.PUBLISH.with_(closes_on=day)), BadInput)


def test_a_hearing_is_not_held_beyond_the_calendar(zone: Zone) -> None:
    zone.advance_to("drafted", {**h.QUICK, "hearing_required_by_law": True})
    error = zone.fail(h.HEARING_NOTICE.with_(held_on="9999-12-31"))
    assert error.code == "calendar.out_of_range"


def test_what_has_not_happened_is_not_recorded(zone: Zone) -> None:
    tomorrow = h.days(zone.today, 1)
    zone.advance_to("drafted", h.WHOLE)
    assert zone.refuse(h.RESEARCH.with_(done_on=tomorrow)) == ("record.future_day",)
    assert zone.refuse(h.RISK.with_(done_on=tomorrow)) == ("record.future_day",)
    assert zone.refuse(h.COST_AUDIT.with_(done_on=tomorrow)) == ("record.future_day",)
    zone.do(h.RESEARCH.with_(done_on="2019-01-01"))
    assert zone.flaws() == []


# --- what is not there ----------------------------------------------------------------------------


NOT_THERE: Final[tuple[tuple[Act, dict[str, Any], str], ...]] = (
    (h.PAUSE, {"matter": "2026-9999"}, "unknown.matter"),
    (h.PAUSE, {"matter": "' OR 1=1 --"}, "unknown.matter"),
    (h.TABLE, {"meeting": "M2026-999"}, "unknown.meeting"),
    (h.PAUSE, {"actor": "nobody"}, "unknown.person"),
    (h.PAUSE, {"actor": ""}, "unknown.person"),
    (h.PAUSE, {"mandate": 10**30}, "unknown.mandate"),
    (h.PAUSE, {"organisation": "nowhere"}, "unknown.organisation"),
    (h.PAUSE, {"command": "abolish"}, "unknown.command"),
    (h.PAUSE, {"command": "__init__"}, "unknown.command"),
    (h.DRAFT.with_(authors=["nobody"]), {}, "unknown.person"),
    (h.ASSIGN.with_(lead_unit="nowhere"), {}, "unknown.unit"),
    (h.ASSIGN.with_(co_units=["finance", "nowhere"]), {}, "unknown.unit"),
    (h.grant("nobody"), {}, "unknown.person"),
)


def test_what_is_not_there_is_not_found(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.CONVENE)
    for act, more, code in NOT_THERE:
        error = zone.fail(act, **more)
        assert isinstance(error, NotFound)
        assert error.code == code
        assert told(error)


UNFIT: Final[tuple[tuple[Act, dict[str, Any], str], ...]] = (
    (h.REQUEST_WAIVER.with_(step="nothing"), {}, "unknown.step"),
    (h.RULE_WAIVER.with_(step="nothing"), {}, "unknown.step"),
    (h.OVERRIDE.with_(step="nothing").by(h.DIRECTOR), {}, "unknown.step"),
    (h.OVERRIDE.with_(rule="nothing").by(h.DIRECTOR), {}, "unknown.rule"),
    (h.RESEARCH.with_(step="nothing"), {}, "request.which_step"),
    (h.RESEARCH.with_(step="study"), {}, "request.which_step"),
    (h.ASSIGN.with_(co_units=["planning_construction"]), {}, "request.unit_twice"),
    (h.CONVENE.with_(body="parliament"), {}, "unknown.body"),
    (h.PAUSE, {"matter": None}, "request.wants_matter"),
    (h.PAUSE, {"matter": ""}, "request.wants_matter"),
    (h.PAUSE, {"meeting": "M2026-001"}, "request.takes_no_meeting"),
    (h.CONVENE, {"matter": "2026-0001"}, "request.takes_no_matter"),
    (h.FREEZE, {"meeting": None}, "request.wants_meeting"),
    (h.TABLE, {"meeting": None}, "request.wants_meeting"),
)


def test_what_does_not_fit_together_is_bad_input(zone: Zone) -> None:
    zone.advance_to("drafting")
    for act, more, code in UNFIT:
        error = zone.fail(act, **more)
        assert isinstance(error, BadInput)
        assert error.code == code
        assert told(error)


def test_an_expert_who_is_not_there_is_not_chosen(zone: Zone) -> None:
    zone.advance_to("drafted", {**h.QUICK, "technical": True})
    for stranger in ("nobody", h.HEAD):
        chosen = {"expert": stranger, "field": "法", "employer": "院"}
        assert "expert_argument.not_in_pool" in zone.refuse(h.CHOOSE.with_(experts=[chosen]))


ODD: Final = {"NUL": "a\0b", "lone surrogate": "a\ud800b", "without end": "长" * MEGABYTE}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_account_is_nobodys(name: str, zone: Zone) -> None:
    assert zone.fail(h.propose(actor=ODD[name])).code == "unknown.person"


def test_a_request_of_odd_characters_fails_as_ours(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.do(h.CONVENE)
    for odd in ODD.values():
        for field in ("organisation", "matter", "meeting", "key"):
            assert isinstance(zone.fail(h.TABLE, **{field: odd}), (BadInput, NotFound))


def test_a_version_beyond_all_sense_fails_as_ours(zone: Zone) -> None:
    zone.advance_to("drafting")
    assert isinstance(zone.fail(h.PAUSE, expected_version=10**30), (BadInput, Conflict))


# --- the database ---------------------------------------------------------------------------------


@pytest.fixture
def impatient(zone: Zone) -> Iterator[Zone]:
    """The same organisation, opened by somebody who does not wait long for a lock."""
    zone.advance_to("drafting")
    with founded(zone.url, patience=0.1) as other:
        other.matter = zone.matter
        yield other


def trouble(zone: Zone, act: Act) -> StoreTrouble:
    """The trouble that a command runs into, having changed nothing."""
    error = zone.fail(act)
    assert isinstance(error, StoreTrouble)
    assert told(error)
    return error


def test_a_locked_database_is_told_and_changes_nothing(impatient: Zone) -> None:
    with impatient.intruder.transaction() as other:
        if impatient.intruder.backend == "sqlite":
            other.exec_driver_sql("BEGIN IMMEDIATE")
        other.exec_driver_sql("UPDATE alert SET count = 1")
        if impatient.intruder.backend == "postgresql":
            other.exec_driver_sql("SELECT 1 FROM journal_head FOR UPDATE")
        assert trouble(impatient, h.RESEARCH).code == "store.locked"
    impatient.do(h.RESEARCH)


def test_a_full_database_is_told_and_changes_nothing(zone: Zone) -> None:
    zone.advance_to("drafting")
    big = h.DRAFT.with_(text="长" * 500_000)
    if zone.intruder.backend == "sqlite":
        with zone.house.uow.write() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count = 1")
    else:
        zone.intruder.run(
            "CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE disk_full; END $$",
            "CREATE TRIGGER fill BEFORE INSERT ON record FOR EACH ROW EXECUTE FUNCTION fill()",
        )
    assert trouble(zone, big).code == "store.full"
    assert zone.flaws() == []


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_read_only_database_is_told_and_can_still_be_asked(zone: Zone) -> None:
    zone.advance_to("drafting")
    with open_(f"{zone.url}?mode=ro") as house:
        reader = Zone(zone.url, house, zone.code, zone.matter)
        assert trouble(reader, h.RESEARCH).code == "store.read_only"
        assert reader.standing().facts.stage == "drafting"
        assert reader.flaws() == []


def test_a_database_of_a_newer_schema_is_left_alone(zone: Zone) -> None:
    zone.advance_to("drafting")
    zone.intruder.run("UPDATE alembic_version SET version_num = '9999'")
    before = zone.everything()
    with pytest.raises(StoreTrouble) as caught, open_(zone.url):
        pytest.fail("it was opened")
    assert caught.value.code == "store.schema_newer"
    assert "9999" in told(caught.value)
    assert zone.everything() == before


@pytest.mark.parametrize("backend", ["sqlite"])
def test_a_database_that_vanished_is_not_made_anew(zone: Zone) -> None:
    path = str(make_url(zone.url).database)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with pytest.raises(StoreTrouble) as caught, open_(f"sqlite:///{path}.gone"):
        pytest.fail("it was opened")
    assert caught.value.code == "store.unreachable"


def test_bad_input_is_found_before_anything_is_asked_of_the_database(
    zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong payload costs the database nothing, locked or not."""
    zone.advance_to("drafting")

    def busy(*_: object) -> None:
        pytest.fail("the database was asked")

    monkeypatch.setattr(type(zone.house.uow), "write_after", busy)
    with pytest.raises(BadInput):
        zone.try_(payload(h.PAUSE, {}))


def test_nothing_here_would_pass_on_an_untouched_zone(zone: Zone) -> None:
    """The comparison of before and after sees every table, so that a change would show."""
    before = zone.everything()
    zone.do(h.propose())
    assert zone.changed(before).keys() == {
        "journal",
        "journal_head",
        "matter",
        "matter_party",
        "matter_text",
        "procedure_version",
        "record",
        "wake",
    }
    with zone.house.uow.read() as connection:
        names = connection.execute(
            text(
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
                if zone.intruder.backend == "sqlite"
                else "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            )
        ).scalars()
        # The index of searched texts keeps tables of its own beside them on SQLite.
        assert {each for each in names if not each.startswith("matter_search")} == set(h.TABLES)
