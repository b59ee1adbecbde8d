"""How procedures have gone wrong: each way is refused by the control named for it, and by no other.

What a scenario cannot say of itself is shown here of the one named for it: what is printed of the
matter, and what the journal keeps.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from api.presenting.adoption import adoption_table
from api.presenting.meetings import Sheet
from api.presenting.slip import agenda_slip
from api.rehearsal import Stage, play
from procedures.duties import REGISTRY, Failure, Showing, load_registry
from tests.scenarios.test_scenarios import SAMPLE, scenario, stage
from workflow.catalogue import catalogue_for, locales

FAILURES = [
    entry for entry in load_registry(REGISTRY).entries if isinstance(entry, Failure) and entry.held
]

pytestmark = pytest.mark.parametrize("backend", ["sqlite"])


@contextmanager
def played(name: str, url: str) -> Iterator[Stage]:
    """The house after a scenario."""
    with stage(url, profile=scenario(name).profile) as set_stage:
        assert all(each.met for each in play(scenario(name), set_stage))
        yield set_stage


def slip(set_stage: Stage, locale: str) -> str:
    standing = set_stage.inquiry.matter(SAMPLE.id, "2026-0001")
    assert standing.facts.meeting
    meeting = set_stage.inquiry.meeting(SAMPLE.id, standing.facts.meeting)
    return "".join(agenda_slip(catalogue_for(locale), standing, meeting).split())


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.id)
def test_exactly_the_named_control_refuses(failure: Failure) -> None:
    alone = [
        str(named)
        for named in failure.refused
        if named.showing is Showing.REFUSED
        for step in scenario(named.name).steps
        if step.expect != "done" and step.expect.refused == (named.what,)
    ]
    assert alone


def test_the_agenda_slip_lists_a_shortened_review_with_reason_and_approver(
    database_url: str,
) -> None:
    with played("shortened_review", database_url) as set_stage:
        for locale, told in (
            ("zh", "法制办公室负责人于2026年3月17日批准缩短合法性审查的时间，理由：气象部门预报"),
            ("en", "approvedbyheadofthelegalofficeon17March2026:气象部门预报"),
        ):
            assert told in slip(set_stage, locale)


def test_the_agenda_slip_lists_a_late_review_with_its_reason(database_url: str) -> None:
    with played("normative_review_late", database_url) as set_stage:
        assert "法制办公室审查员一于2026年5月8日说明理由：涉及与上级热线的衔接" in slip(
            set_stage, "zh"
        )


def test_a_short_call_is_listed_with_the_reason_in_its_notice(database_url: str) -> None:
    with played("zero_opinions", database_url) as set_stage:
        standing = set_stage.inquiry.matter(SAMPLE.id, "2026-0001")
    (notice,) = standing.facts.of("publish_open_call")
    assert (notice.day("closes_on"), notice.day("usual_end")) == (
        date(2026, 5, 23),
        date(2026, 6, 12),
    )


def test_where_nothing_was_shortened_the_slip_says_so(database_url: str) -> None:
    with played("draft_changed_after_review", database_url) as set_stage:
        assert "缩短和免除无" in slip(set_stage, "zh")


def test_a_late_entry_keeps_the_servers_day_and_is_marked(database_url: str) -> None:
    with played("backdating", database_url) as set_stage:
        research = set_stage.inquiry.matter(SAMPLE.id, "2026-0001").facts.last("file_research")
        late = {
            (told["command"], told["late_days"])
            for told in (json.loads(each.body) for each in set_stage.inquiry.entries(SAMPLE.id))
            if told.get("late_days")
        }
    assert research
    assert (research.day("done_on"), research.filed_on) == (date(2026, 3, 9), date(2026, 3, 16))
    assert ("file_research", 7) in late


def test_the_minutes_keep_dissent_by_name_whatever_was_tried(database_url: str) -> None:
    with played("dissent_erased", database_url) as set_stage:
        (concluded,) = set_stage.inquiry.matter(SAMPLE.id, "2026-0001").facts.of("conclude_item")
        convened = set_stage.inquiry.convened(SAMPLE.id, concluded.text("meeting"))
    for locale, person in (("zh", "党组成员二"), ("en", "PartyGroupmember2")):
        minutes = "".join(Sheet(catalogue_for(locale), convened).minutes().split())
        after = minutes.casefold().split(person.casefold())[1:]
        assert [part for part in after if "考察没有听取服务对象的意见" in part]
        assert [part for part in after if "应当补充听取服务对象的意见" in part]
        assert "没有保留意见" not in minutes
        assert "经做工作" not in minutes


def test_what_is_published_of_the_opinions_names_nobody(new_database: Callable[[], str]) -> None:
    with played("identity_masked", new_database()) as set_stage:
        standing = set_stage.inquiry.matter(SAMPLE.id, "2026-0001")
        for locale in locales():
            catalogue = catalogue_for(locale)
            public = adoption_table(catalogue, standing, identities=False)
            on_file = adoption_table(catalogue, standing, identities=True)
            for private in ("职工代表一", "139-0000-0000", "commuter@example.cn"):
                assert private in on_file
                assert private not in public
            assert "不同意票价调整" in public
