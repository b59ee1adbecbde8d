"""Somebody with a local rule in hand: begin a file, check it, see what differs, work under it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli.root import root
from procedures import book
from procedures.book import LAW
from tests.integration.command_line import ANSWERS, CommandLine, clock, squeezed

__all__ = ["clock"]

CITY = """\
procedure: my_city
version: 2026-01-01
extends: {procedure: order_713, version: 2019-09-01}
name: {zh: 某市适用规则, en: Some City}
instruments:
  city_rules:
    title: {zh: 某市重大行政决策程序规定, en: City provisions}
    number: 某政〔2025〕1号
    in_force: 2026-01-01
steps:
  - id: open_call
    rules:
      period: {value: 45, cite: city_rules 3}
  - id: risk_assessment
    required_when: {any: [{question: stability_risk, is: true}, {question: spends_money, is: true}]}
"""


def run(*args: str, expect: int = 0) -> Result:
    result = CliRunner().invoke(root, ["procedures", *args])
    assert result.exit_code == expect, (result.stdout, result.stderr)
    return result


@pytest.fixture
def city(tmp_path: Path) -> Path:
    path = tmp_path / "my_city.yaml"
    path.write_text(CITY, "utf-8")
    return path


class TestCheck:
    def test_proves_the_files_that_are_named_and_no_others(self, city: Path) -> None:
        told = run("check", str(city)).stdout
        assert "✓ 某市适用规则（my_city" in told
        assert told.count("✓") == 1
        assert run("check", str(city.parent)).stdout.count("✓") == 1

    def test_proves_the_folders_that_are_set_with_the_shipped_ones(
        self, city: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("YICHENG_PROCEDURES", f" {city.parent} :")
        told = run("check", "--json").stdout
        assert {"my_city", "order_713"} <= {each["id"] for each in json.loads(told)}
        assert "my_city" in run("list").stdout
        assert "某市适用规则" in run("show", "my_city").stdout

    def test_a_folder_that_is_not_there_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("YICHENG_PROCEDURES", "/no/such/folder")
        told = json.loads(run("list", "--json", expect=2).stderr)
        assert (told["error"], told["params"]["folder"]) == (
            "settings.no_folder",
            "/no/such/folder",
        )

    def test_a_file_that_extends_one_beside_it_is_found(self, city: Path) -> None:
        district = city.with_name("district.yml")
        district.write_text(
            "procedure: district\nversion: 2026-02-01\n"
            "extends: {procedure: my_city, version: 2026-01-01}\nname: {zh: 区, en: district}\n",
            "utf-8",
        )
        assert "✓ 区" in run("check", str(district)).stdout

    @pytest.mark.parametrize(
        ("old", "new", "advice"),
        [
            ("    rules:\n", "\trules:\n", "制表符或全角空格。请全部换成半角空格"),
            ("procedure: my_city", "procedure：my_city", "要用半角冒号“:”，后面空一格"),
            ("value: 45", "value:45", "要用半角冒号“:”，后面空一格"),
            ("zh: 某市适用规则", 'zh: "某市适用规则', "引号没有配对。请在末尾补上同样的引号"),
            ("      period:", "    period:", "没有“period”这一项。这里还可以写"),
            ("id: open_call", "id: opencall", "没有“opencall”这个环节。底本的环节：open_call"),
            ("value: 45", "value: 20", "比底本宽了：底本为“30”，这里为“20”"),
            (", cite: city_rules 3}", "}", "却没有写依据。请在这一条加 cite"),
            ("cite: city_rules 3}", "cite: }", "my_city.yaml 第 13 行"),
            ("city_rules 3", "city_rule 3", "是否想写：city_rules"),
            ("version: 2026-01-01", "version: 2026年1月1日", "请改写成 2026-01-01"),
            ("version: 2026-01-01", "version: 2026-13-01", "没有“2026-13-01”这一天"),
            ("    number:", "    number: 一\n    number:", "“number”写了两次"),
            ("risk, is", "risk，is", "括号没有配对。请检查括号和逗号，都要用半角"),
            ("value: 45", "value: 45日", "应为整数，不加引号，现为文字“45日”"),
            ("is: true}, {", "is: 是}, {", "不会有这样的答案，现为文字“是”"),
            ("procedure: order_713", "procedure: order_731", "没有可作底本的 order_731"),
        ],
    )
    def test_a_mistake_of_somebody_new_to_it_is_told_with_what_to_do(
        self, city: Path, old: str, new: str, advice: str
    ) -> None:
        assert CITY.count(old) == 1
        city.write_text(CITY.replace(old, new), "utf-8")
        assert squeezed(advice) in squeezed(run("check", str(city), expect=2).stderr)


class TestDiff:
    def test_tells_duties_and_numbers_with_their_provisions(self, city: Path) -> None:
        told = squeezed(run("diff", "order_713", str(city)).stdout)
        assert "规则“征求意见的期限”（period），数字：原为30日，改为45日。" in told
        assert "依据：《某市重大行政决策程序规定》第三条" in told
        assert "环节“风险评估”，何时要办" in told
        assert "现在也要求办理的，例如：" in told

    def test_tells_it_the_other_way_round(self, city: Path) -> None:
        told = squeezed(run("diff", str(city), "order_713@2019-09-01").stdout)
        assert "原为45日，改为30日" in told
        assert "不再要求办理的，例如：" in told
        assert "取消依据文件“city_rules”。" in told

    def test_one_and_the_same_differ_in_nothing(self) -> None:
        assert "完全相同" in run("diff", "jiyuan_htz", "jiyuan_htz").stdout
        told = json.loads(run("diff", "order_713", "order_713", "--json").stdout)
        assert told["differences"] == []
        assert told["before"] == told["after"]

    def test_for_programs_each_has_ids_words_and_law(self, city: Path) -> None:
        told = json.loads(run("diff", "order_713", str(city), "--json").stdout)
        found = next(each for each in told["differences"] if each["aspect"] == "amount")
        assert (found["before"]["value"], found["after"]["value"]) == (30, 45)
        assert found["cites"] == ["city_rules 3 (S)"]
        assert found["law"] == ["《某市重大行政决策程序规定》第三条"]

    def test_the_zone_differs_from_the_order_in_words_of_both_languages(self) -> None:
        chinese = run("diff", "order_713", "jiyuan_htz").stdout
        assert "新增环节“定价成本监审（调查）”" in chinese
        english = run("diff", "jiyuan_htz", "common_course", "--locale", "en").stdout
        assert 'Gone: step "hearing"' in english

    def test_a_version_must_be_a_day_that_there_is(self) -> None:
        for named, code in (
            ("order_713@x", "procedures.no_version"),
            ("order_713@2020-01-01", "procedure.no_such_version"),
        ):
            done = CliRunner().invoke(root, ["procedures", "diff", named, "order_713", "--json"])
            assert json.loads(done.stderr)["error"] == code


class TestNew:
    @pytest.mark.parametrize("locale", ["zh", "en"])
    def test_what_it_prints_is_in_order_as_it_stands(self, tmp_path: Path, locale: str) -> None:
        path = tmp_path / "my_city.yaml"
        path.write_text(run("new", "--profile", "my_city", "--locale", locale).stdout, "utf-8")
        run("check", str(path))
        told = json.loads(run("diff", "order_713", str(path), "--json").stdout)
        assert [each["part"] for each in told["differences"]] == ["instrument"]

    @pytest.mark.parametrize("locale", ["zh", "en"])
    def test_every_line_that_it_offers_can_be_used(self, tmp_path: Path, locale: str) -> None:
        text = run("new", "--profile", "my_city", "--locale", locale).stdout
        head, mark, steps = text.partition("# steps:\n")
        assert mark
        offered, _, example = steps.partition("\n\n")
        used = [line[2:] for line in offered.splitlines() if line.startswith("# ")]
        path = tmp_path / "my_city.yaml"
        path.write_text(f"{head}steps:\n" + "\n".join(used) + "\n", "utf-8")
        run("check", str(path))
        added = [line[2:] for line in example.splitlines() if line.startswith("# ")]
        ends = next(place for place, line in enumerate(added) if line.startswith("  - id"))
        path.write_text(f"{head}steps:\n" + "\n".join(added[ends:]) + "\n", "utf-8")
        run("check", str(path))

    def test_it_rests_on_the_base_that_is_asked_for(self) -> None:
        told = run("new", "--profile", "my_city", "--base", "jiyuan_htz").stdout
        assert "extends: {procedure: jiyuan_htz, version: 2026-01-01}" in told
        assert "#   - id: cost_audit" in told

    def test_a_name_that_no_procedure_can_have_is_told(self) -> None:
        told = json.loads(run("new", "--profile", "我市", "--json", expect=2).stderr)
        assert told["error"] == "procedures.bad_name"


@pytest.mark.usefixtures("clock")
def test_an_organisation_works_under_a_profile_of_its_own(
    database_url: str, city: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shipped = (LAW.parent / "organisations" / "jiyuan.yaml").read_text("utf-8")
    organisation = tmp_path / "organisation.yml"
    organisation.write_text(shipped.replace("profile: jiyuan_htz", "profile: my_city"), "utf-8")
    folder = city.parent / "rules"
    folder.mkdir()
    city.rename(folder / city.name)
    monkeypatch.setenv("YICHENG_PROCEDURES", str(folder))
    cli = CommandLine(database_url)
    cli("init", "--organisation-file", str(organisation))
    asked = book.shipped().get("order_713").questions
    answers = {name: answer for name, answer in ANSWERS.items() if name in asked}
    proposal = {"state_secret": False, "title": "标题", "reasons": "理由", "answers": answers}
    done = cli.do("propose", "planning.clerk", proposal)
    assert cli.json("matter", "show", done["matter"])["procedure"]["id"] == "my_city"
