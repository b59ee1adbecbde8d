"""The form of scenario files: what may stand in them, and what is said of the rest."""

from __future__ import annotations

import json
import re
import textwrap
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from procedures.problems import SourceError
from procedures.scenario import (
    ANY_FILE,
    ERRORS,
    SCENARIOS,
    Scenario,
    ScenarioStep,
    commands,
    load_scenario,
    moments,
    payload_of,
)
from procedures.scenario_schema import SCHEMA_FILE, schema_json
from procedures.source import read
from workflow.catalogue import catalogue_for, locales

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "scenarios.md"

HEAD = """\
scenario: small
title: {zh: 小场景, en: small}
organisation: jiyuan_htz
about: {zh: 说明, en: about}
cites: [order_713 10]
steps:
"""
PROPOSE = """\
  - day: 2026-03-02
    as: {unit: 规划建设局, role: 经办人}
    do: propose
    matter: sewage
    with: {state_secret: true}
"""
WITHDRAW = """\
  - day: 2026-03-03
    as: {unit: 规划建设局, role: 负责人}
    do: withdraw
    matter: sewage
    with: {reasons: 不再需要}
"""


LAST = """\
  - day: 2026-03-31
    as: {account: nobody.here}
    do: nothing
    expect: {not_found: unknown.command}
"""


def load(tmp_path: Path, *steps: str, head: str = HEAD) -> Scenario:
    path = tmp_path / "small.yaml"
    path.write_text(head + "".join(steps), encoding="utf-8")
    return load_scenario(path)


def step(text: str) -> str:
    return textwrap.indent(textwrap.dedent(text).strip(), "    ").replace("    ", "  - ", 1) + "\n"


def complaints(tmp_path: Path, *steps: str, head: str = HEAD) -> list[tuple[int, str, str]]:
    """Line, key and message id of everything that is wrong."""
    with pytest.raises(SourceError) as caught:
        load(tmp_path, *steps, head=head)
    for locale in locales():
        assert catalogue_for(locale).tell(caught.value)
    return [(each.line, each.key, each.code) for each in caught.value.problems]


class TestAScenario:
    def test_says_who_does_what_on_which_day(self, tmp_path: Path) -> None:
        first, second = load(tmp_path, PROPOSE, WITHDRAW).steps
        assert (first.do, first.matter, first.as_.unit) == ("propose", "sewage", "规划建设局")
        assert (second.day.isoformat(), second.as_.role) == ("2026-03-03", "负责人")
        assert second.with_ == {"reasons": "不再需要"}

    def test_expects_done_where_it_says_nothing(self, tmp_path: Path) -> None:
        assert load(tmp_path, PROPOSE).steps[0].expect == "done"

    def test_needs_no_refusal_and_nothing_done(self, tmp_path: Path) -> None:
        asked = step(
            """
            day: 2026-03-02
            as: {account: planning.clerk}
            do: launch
            expect: {not_found: unknown.command}
            """
        )
        only = load(tmp_path, asked).steps[0]
        assert only.expected_error == "not_found"

    def test_needs_steps(self, tmp_path: Path) -> None:
        assert complaints(tmp_path, head=HEAD.replace("steps:", "steps: []")) == [
            (6, "steps", "source.list_too_short")
        ]


class TestTime:
    def times(self, tmp_path: Path, *steps: str) -> list[str]:
        return [f"{at:%d %H:%M}" for at in moments(load(tmp_path, *steps).steps)]

    def test_begins_at_nine_and_goes_on_by_minutes(self, tmp_path: Path) -> None:
        again = PROPOSE.replace("matter: sewage", "matter: other")
        late = WITHDRAW.replace("2026-03-03", "2026-03-03\n    time: '15:30'")
        after = late.replace("    time: '15:30'\n", "").replace("sewage", "other")
        assert self.times(tmp_path, PROPOSE, again, late, after) == [
            "02 09:00",
            "02 09:01",
            "03 15:30",
            "03 15:31",
        ]

    def test_is_local_and_without_a_zone(self, tmp_path: Path) -> None:
        assert list(moments(load(tmp_path, PROPOSE).steps)) == [datetime(2026, 3, 2, 9)]  # noqa: DTZ001

    def test_never_runs_backwards_by_days(self, tmp_path: Path) -> None:
        assert complaints(tmp_path, PROPOSE, WITHDRAW.replace("03-03", "03-01")) == [
            (12, "steps[2].day", "scenario.day_backwards")
        ]

    def test_never_runs_backwards_within_a_day(self, tmp_path: Path) -> None:
        early = WITHDRAW.replace("2026-03-03", "2026-03-02\n    time: '08:59'")
        assert complaints(tmp_path, PROPOSE, early) == [
            (13, "steps[2].time", "scenario.time_backwards")
        ]

    def test_leaves_room_for_every_step_of_a_day(self, tmp_path: Path) -> None:
        last = PROPOSE.replace("2026-03-02", "2026-03-02\n    time: '23:59'")
        full = WITHDRAW.replace("2026-03-03", "2026-03-02")
        assert complaints(tmp_path, last, full) == [(13, "steps[2].day", "scenario.day_full")]

    @pytest.mark.parametrize("time", ["'9:00:00'", "'24:00'", "'09:00+08:00'", "900"])
    def test_is_hours_and_minutes(self, tmp_path: Path, time: str) -> None:
        wrong = PROPOSE.replace("2026-03-02", f"2026-03-02\n    time: {time}")
        assert complaints(tmp_path, wrong, LAST) == [(8, "steps[1].time", "source.bad_time")]


class TestKeys:
    def test_that_are_unknown_are_refused(self, tmp_path: Path) -> None:
        wrong = PROPOSE + "    expcet: done\n"
        assert complaints(tmp_path, wrong, LAST, head="colour: red\n" + HEAD) == [
            (1, "colour", "source.unknown_key_of"),
            (13, "steps[1].expcet", "source.unknown_key_near"),
        ]

    def test_that_are_blank_are_refused(self, tmp_path: Path) -> None:
        assert complaints(tmp_path, PROPOSE + "    stage:\n", LAST) == [
            (12, "steps[1].stage", "source.blank")
        ]

    @pytest.mark.parametrize(
        "who",
        [
            "{unit: 规划建设局}",
            "{role: 经办人}",
            "{}",
            "{account: planning.clerk, unit: 规划建设局}",
            "{account: planning.clerk, unit: 规划建设局, role: 经办人}",
        ],
    )
    def test_of_a_person_are_an_account_or_a_unit_and_a_role(
        self, tmp_path: Path, who: str
    ) -> None:
        wrong = PROPOSE.replace("{unit: 规划建设局, role: 经办人}", who)
        assert complaints(tmp_path, wrong, LAST) == [(8, "steps[1].as", "scenario.who")]

    @pytest.mark.parametrize(
        ("expect", "key", "code"),
        [
            ("{}", "", "source.no_form_fits"),
            ("{bad_input: a.b, conflict: c.d}", "", "source.no_form_fits"),
            ("{refused: [a.b], conflict: c.d}", "", "source.no_form_fits"),
            ("{bad_input: a.b, alerts: []}", ".alerts", "scenario.only_with_refused"),
            ("{refused: [a.b], cites: {c.d: [x 1]}}", ".cites.c.d", "scenario.not_among_refused"),
            (
                "{refused: [a.b], earliest: {c.d: 2026-03-04}}",
                ".earliest.c.d",
                "scenario.not_among_refused",
            ),
            ("{refused: []}", ".refused", "source.list_too_short"),
            ("{refused: [a.b, missing]}", ".refused[2]", "source.text_of_wrong_form"),
            ("refused", "", "source.no_form_fits"),
        ],
    )
    def test_of_an_expectation_fit_each_other(
        self, tmp_path: Path, expect: str, key: str, code: str
    ) -> None:
        found = complaints(tmp_path, PROPOSE + f"    expect: {expect}\n", LAST)
        assert found == [(12, f"steps[1].expect{key}", code)]


class TestCommands:
    def test_that_there_are_not_are_refused(self, tmp_path: Path) -> None:
        assert complaints(tmp_path, PROPOSE.replace("propose", "launch")) == [
            (9, "steps[1].do", "scenario.unknown_command")
        ]

    def test_are_those_of_the_lifecycle_and_of_the_step_kinds(self) -> None:
        assert {"propose", "freeze_agenda", "hold_hearing", "give_review_verdict"} <= set(
            commands()
        )

    def test_take_what_their_form_asks_for(self, tmp_path: Path) -> None:
        wrong = WITHDRAW.replace("{reasons: 不再需要}", "\n      reason: 不再需要")
        assert complaints(tmp_path, PROPOSE, wrong) == [
            (16, "steps[2].with.reasons", "source.missing_key"),
            (17, "steps[2].with.reason", "source.unknown_key_near"),
        ]

    def test_may_be_filled_in_wrongly_where_just_that_is_expected(self, tmp_path: Path) -> None:
        wrong = WITHDRAW.replace("{reasons: 不再需要}", "{reason: 1}")
        expected = "    expect: {bad_input: input.refused}\n"
        assert load(tmp_path, PROPOSE, wrong + expected).steps[1].expected_error == "bad_input"


class TestNames:
    def test_are_given_before_they_are_used(self, tmp_path: Path) -> None:
        assert complaints(tmp_path, WITHDRAW) == [(10, "steps[1].matter", "scenario.name_unknown")]

    def test_are_not_given_by_what_was_refused(self, tmp_path: Path) -> None:
        refused = PROPOSE + "    expect: {refused: [matter.secret_content]}\n"
        assert complaints(tmp_path, refused, WITHDRAW) == [
            (16, "steps[2].matter", "scenario.name_unknown")
        ]

    def test_are_given_once(self, tmp_path: Path) -> None:
        assert complaints(tmp_path, PROPOSE, PROPOSE) == [
            (15, "steps[2].matter", "scenario.name_taken")
        ]

    def test_of_files_are_given_once_and_stand_for_them(self, tmp_path: Path) -> None:
        paper = "    uploads: [{file: paper, name: a.txt, text: x}]\n"
        found = (
            load(tmp_path, PROPOSE + paper)
            .steps[0]
            .model_copy(update={"with_": {"file": "paper", "files": ["paper", "other"]}})
        )
        payload = payload_of(found, None, {"paper": ANY_FILE})
        assert payload == {"file": ANY_FILE, "files": [ANY_FILE, "other"]}
        twice = paper.replace("}]", "}, {file: paper, name: b.txt, text: y}]")
        assert [code for *_, code in complaints(tmp_path, PROPOSE + twice)] == [
            "scenario.name_taken"
        ]

    def test_are_needed_where_the_command_is_about_something(self, tmp_path: Path) -> None:
        unnamed = WITHDRAW.replace("    matter: sewage\n", "")
        assert complaints(tmp_path, PROPOSE, unnamed) == [
            (12, "steps[2].matter", "scenario.name_wanted")
        ]

    def test_are_not_taken_where_it_is_not(self, tmp_path: Path) -> None:
        more = PROPOSE.replace("matter: sewage", "matter: sewage\n    meeting: june")
        assert complaints(tmp_path, more) == [(11, "steps[1].meeting", "scenario.name_unwanted")]

    def test_may_be_numbers_that_there_are_not_where_just_that_is_expected(
        self, tmp_path: Path
    ) -> None:
        lost = WITHDRAW + "    expect: {not_found: unknown.matter}\n"
        assert load(tmp_path, lost).steps[0].matter == "sewage"

    def test_of_mandates_are_filled_in_for_the_one_who_ends_them(self, tmp_path: Path) -> None:
        grant = step(
            """
            day: 2026-03-02
            as: {account: planning.head}
            do: grant_mandate
            mandate: leave
            with: {agent: planning.clerk, since: 2026-03-02, until: 2026-03-06}
            """
        )
        end = step(
            """
            day: 2026-03-03
            as: {account: planning.head}
            do: end_mandate
            mandate: leave
            with: {reasons: 已返岗}
            """
        )
        assert [each.mandate for each in load(tmp_path, grant, end).steps] == ["leave", "leave"]
        assert complaints(tmp_path, end) == [(10, "steps[1].mandate", "scenario.name_unknown")]


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    schema = json.loads(SCHEMA_FILE.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


class TestTheSchema:
    def test_is_fresh(self) -> None:
        assert SCHEMA_FILE.read_text("utf-8") == schema_json(), "docs/scenarios.md says how"

    @pytest.mark.parametrize("path", sorted(SCENARIOS.glob("*.yaml")), ids=lambda path: path.stem)
    def test_takes_every_scenario(self, schema: Draft202012Validator, path: Path) -> None:
        assert not [error.message for error in schema.iter_errors(read(path).data)]

    @pytest.mark.parametrize(
        "change",
        [
            {"colour": "red"},
            {"steps": []},
            {"cites": ["§ 10"]},
            {"title": {"zh": "只有中文"}},
        ],
    )
    def test_refuses_what_the_loader_refuses(
        self, schema: Draft202012Validator, change: dict[str, Any]
    ) -> None:
        data = read(SCENARIOS / "secret_matter.yaml").data
        assert isinstance(data, dict)
        assert schema.is_valid(data)
        assert not schema.is_valid({**data, **change})

    @pytest.mark.parametrize(
        "change",
        [
            {"as": {"unit": "规划建设局"}},
            {"time": "9 o'clock"},
            {"stage": None},
            {"expect": {"refused": ["a.b"], "conflict": "c.d"}},
        ],
    )
    def test_refuses_such_a_step_too(
        self, schema: Draft202012Validator, change: dict[str, Any]
    ) -> None:
        data = read(SCENARIOS / "secret_matter.yaml").data
        assert isinstance(data, dict)
        first = data["steps"][0]
        assert not schema.is_valid({**data, "steps": [{**first, **change}]})

    def test_knows_every_kind_of_error(self) -> None:
        schema = json.loads(schema_json())
        required = [way["required"] for way in schema["$defs"]["Expected"]["oneOf"]]
        assert required == [["refused"], *([kind] for kind in ERRORS)]


class TestTheDocument:
    def keys_of(self, title: str) -> set[str]:
        section = DOCUMENT.read_text("utf-8").split(f"## {title}\n")[1].split("\n## ")[0]
        return set(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE))

    def test_names_every_key_of_a_file(self) -> None:
        assert self.keys_of("文件的各项") == set(Scenario.model_fields)

    def test_names_every_key_of_a_step(self) -> None:
        keys = {form.alias or name for name, form in ScenarioStep.model_fields.items()}
        assert self.keys_of("步骤的各项") == keys

    def test_names_every_shipped_scenario(self) -> None:
        named = re.findall(
            r"^\| `procedures/scenarios/(\w+)\.yaml`", DOCUMENT.read_text("utf-8"), re.MULTILINE
        )
        assert sorted(named) == sorted(path.stem for path in SCENARIOS.glob("*.yaml"))
        assert len(named) == len(set(named))
