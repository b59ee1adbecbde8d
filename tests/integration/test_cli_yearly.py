"""`yicheng catalogue show`, and where people read a flag: the matter, the slip, the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from api.presenting.data import matter_data
from api.presenting.matters import Matter
from api.presenting.page import Page, Terminal
from api.presenting.slip import agenda_slip
from api.presenting.yearly import CatalogueSheet, catalogue_data
from api.rehearsal import Stage, play
from notifications.inbox import alert_words
from tests.integration.command_line import CommandLine, cli, clock
from tests.scenarios.test_scenarios import SAMPLE, scenario, stage
from workflow.catalogue import catalogue_for, locales
from workflow.errors import NotFound

__all__ = ["cli", "clock"]

FLAGS = ["catalogue.outside", "kin.over_threshold"]


@pytest.fixture
def tabled(database_url: str) -> Iterator[Stage]:
    """The year up to the matter that is tabled though it is outside of the catalogue."""
    written = scenario("yearly_catalogue")
    flagged = next(place for place, step in enumerate(written.steps) if step.warns)
    with stage(database_url) as set_stage:
        short = written.model_copy(update={"steps": written.steps[: flagged + 1]})
        assert all(played.met for played in play(short, set_stage))
        yield set_stage


class Sheet:
    """A page that is only read."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.page = Page(Terminal(width=100, colour=False), self.lines.append)

    @property
    def text(self) -> str:
        return "".join("".join(self.lines).split())


@pytest.mark.parametrize("backend", ["sqlite"])
class TestAFlag:
    def test_is_on_the_matter_and_on_its_slip(self, tabled: Stage) -> None:
        standing = tabled.inquiry.matter(SAMPLE.id, "2026-0002")
        assert [each.code for each in standing.flags] == FLAGS
        assert [each["code"] for each in matter_data(standing)["flags"]] == FLAGS
        meeting = tabled.inquiry.meeting(SAMPLE.id, str(standing.facts.meeting))
        for locale in locales():
            catalogue = catalogue_for(locale)
            sheet = Sheet()
            Matter(catalogue, standing).write(sheet.page)
            assert "".join(catalogue.text("matter.flags").split()) in sheet.text
            slip = "".join(agenda_slip(catalogue, standing, meeting).split())
            what = catalogue.text("refusal.catalogue.outside.what", year=2026)
            assert "".join(what.split()) in slip

    def test_reaches_the_agenda_office_and_the_legal_office(self, tabled: Stage) -> None:
        directory = tabled.inquiry.directory(SAMPLE.id)
        for account in ("office.keeper", "legal.head", "legal.reviewer.1"):
            (notice,) = tabled.inquiry.inbox(SAMPLE.id, account)
            assert (notice.kind, notice.count) == ("flagged_agenda", 1)
            assert [each.code for each in notice.now if each is not None] == FLAGS
            for locale in locales():
                words = alert_words(catalogue_for(locale), directory, account, notice)
                assert (words.cured, len(words.reasons)) == (0, 2)
        assert tabled.inquiry.inbox(SAMPLE.id, "economy.clerk") == []

    def test_is_settled_by_a_link_and_a_ruling(self, database_url: str) -> None:
        with stage(database_url) as set_stage:
            list(play(scenario("yearly_catalogue"), set_stage))
            inquiry, directory = set_stage.inquiry, set_stage.inquiry.directory(SAMPLE.id)
            (notice,) = inquiry.inbox(SAMPLE.id, "office.keeper")
            words = alert_words(catalogue_for("zh"), directory, "office.keeper", notice)
            standing = inquiry.matter(SAMPLE.id, "2026-0002")
            other = inquiry.matter(SAMPLE.id, "2026-0001")
        assert (words.cured, words.tasks) == (2, ())
        assert standing.flags == ()
        assert matter_data(standing)["entry"]["title"] == "共享车位奖补办法"
        sheet = Sheet()
        Matter(catalogue_for("zh"), other).write(sheet.page)
        assert "2026年第1项停车泊位设置和管理办法" in sheet.text
        assert "已认定不属于重大行政决策" in sheet.text


@pytest.mark.parametrize("backend", ["sqlite"])
class TestTheCatalogue:
    def test_is_told_whole_with_what_became_of_it(self, database_url: str) -> None:
        with stage(database_url) as set_stage:
            list(play(scenario("yearly_catalogue"), set_stage))
            found = set_stage.inquiry.catalogue(SAMPLE.id, 2026)
        told = catalogue_data(found)
        assert (told["state"], told["entries"], len(told["published"])) == ("completed", [1, 3], 2)
        assert [each["matters"] for each in told["nominated"]] == [["2026-0001"], [], ["2026-0002"]]
        sheet = Sheet()
        CatalogueSheet(catalogue_for("zh"), found).write(sheet.page)
        for wanted in ("济示党函〔2026〕17号", "结转下一年", "机关会议室使用办法", "增加3"):
            assert wanted in sheet.text
        english = Sheet()
        CatalogueSheet(catalogue_for("en"), found).write(english.page)
        assert "carriedover" in english.text

    def test_is_overdue_where_a_rule_says_so(self, database_url: str) -> None:
        written = scenario("profile_catalogue_duty")
        with stage(database_url, profile=written.profile) as set_stage:
            list(play(written.model_copy(update={"steps": written.steps[:14]}), set_stage))
            found = set_stage.inquiry.catalogue(SAMPLE.id, 2026)
        assert found.publication_due == date(2026, 3, 31)
        sheet = Sheet()
        CatalogueSheet(catalogue_for("zh"), found).write(sheet.page)
        assert "2026年3月31日（已逾期）" in sheet.text

    def test_of_a_year_of_which_nothing_was_filed(self, cli: CommandLine) -> None:
        assert "还没有申报目录事项" in cli("catalogue", "show", "2026").stdout
        told = cli.json("catalogue", "show", "2026")
        assert (told["state"], told["records"]) == ("nominating", [])

    def test_is_asked_of_an_organisation_that_there_is(self, tabled: Stage) -> None:
        with pytest.raises(NotFound):
            tabled.inquiry.catalogue("nowhere", 2026)
