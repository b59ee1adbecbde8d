"""`yicheng law coverage`: every duty with its tests, and the status if one lacks them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from api.cli.root import root
from procedures.duties import REGISTRY, load_registry
from tests.guards.documents import ROOT
from tests.integration.command_line import squeezed

#: The entry that the tests tamper with.
ENTRY = "art_11"

Plant = Callable[[str, str], None]


def run(*args: str, expect: int = 0) -> Result:
    result = CliRunner().invoke(root, ["law", "coverage", *args])
    assert result.exit_code == expect, (result.stdout, result.stderr)
    return result


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Replaces something in one entry of a copy of the registry."""
    folder = tmp_path / "registry"
    shutil.copytree(REGISTRY, folder)

    def replace(old: str, new: str) -> None:
        (path,) = (each for each in folder.iterdir() if f"id: {ENTRY}\n" in each.read_text("utf-8"))
        before, after = path.read_text("utf-8").split(f"id: {ENTRY}\n")
        entry, *others = re.split(r"(?=^  - id: )", after, flags=re.MULTILINE)
        changed = re.sub(old, new, entry, flags=re.DOTALL)
        assert changed != entry
        path.write_text(f"{before}id: {ENTRY}\n{changed}{''.join(others)}", "utf-8")
        monkeypatch.setattr("procedures.duties.load_registry", lambda: load_registry(folder))

    return replace


def codes(told: str) -> list[tuple[str, str]]:
    return [(flaw["entry"], flaw["code"]) for flaw in json.loads(told)["flaws"]]


class TestTheTable:
    def test_names_provision_mode_ways_tests_and_duty(self) -> None:
        told = squeezed(run().stdout)
        assert "第十一条应当" in told
        assert "《中华人民共和国预算法》第十三条应当" in told
        assert "决策机关：明确决策事项的承办单位" in told
        assert "程序管不了：" in told

    def test_sums_up(self) -> None:
        told = squeezed(run().stdout)
        entries = len(load_registry().entries)
        assert f"各条都有着落：共{entries}条" in told
        assert "未查对（加--project查对）" in told

    def test_speaks_english(self) -> None:
        told = " ".join(run("--locale", "en").stdout.split())
        assert "decision body: name the undertaking unit" in told
        assert "Everything is accounted for" in told

    def test_looks_tests_up_in_the_source(self) -> None:
        assert "均已查对" in squeezed(run("--project", str(ROOT)).stdout)

    def test_wants_a_source_with_tests(self, tmp_path: Path) -> None:
        told = json.loads(run("--project", str(tmp_path), "--json", expect=2).stderr)
        assert told["error"] == "law.no_tests"


class TestForPrograms:
    def test_tells_everything(self) -> None:
        told = json.loads(run("--json").stdout)
        entries = {entry["id"]: entry for each in told["sources"] for entry in each["entries"]}
        entry = entries[ENTRY]
        assert (entry["cites"], entry["mode"]) == (["order_713 11 (S)"], "must")
        assert entry["who"] == {"zh": "决策机关", "en": "decision body"}
        assert entry["enforced"][0]["commands"] == ["assign"]
        assert "scenario:sewage_charge#assign" in entry["passes"]
        assert entries["art_1"]["enforced"][0]["why"].keys() == {"zh", "en"}

    def test_sums_up(self) -> None:
        told = json.loads(run("--json").stdout)["summary"]
        assert told["entries"] == sum(told["modes"].values()) == len(load_registry().entries)
        assert told["tests_checked"] is False
        assert told["ways"].keys() >= {"gate", "not_yet"}


class TestAFlaw:
    def test_a_duty_without_a_test_that_is_refused_fails(self, plant: Plant) -> None:
        plant(r"    refused:.*", "\n")
        told = run(expect=3).stdout
        assert "✗ 发现 1 处问题" in told
        assert f"1. {ENTRY}：" in told

    def test_a_duty_without_a_test_that_passes_fails(self, plant: Plant) -> None:
        plant(r"    passes:[^\n]*\n", "")
        told = run("--json", expect=3).stdout
        assert codes(told) == [(ENTRY, "coverage.no_passing_test")]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (r"sewage_charge#assign", "sewage_charge#end_mandate"),
            (r"both_sides_by_mandate!staffing\.lead_reviews", "two_at_once!staffing.lead_reviews"),
            (r"commands: \[assign\]", "commands: [unheard_of]"),
        ],
    )
    def test_what_is_not_there_fails(self, plant: Plant, old: str, new: str) -> None:
        plant(old, new)
        ((entry, _),) = codes(run("--json", expect=3).stdout)
        assert entry == ENTRY

    def test_a_test_that_is_not_there_fails_where_it_can_be_looked_up(self, plant: Plant) -> None:
        plant(r"test_an_unknown_unit_is_not_found", "test_nobody_wrote")
        run()
        told = run("--json", "--project", str(ROOT), expect=3).stdout
        assert codes(told) == [(ENTRY, "coverage.unknown_test")]

    def test_a_broken_file_is_told_with_its_place(self, plant: Plant) -> None:
        plant(r"mode: must", "mode: perhaps")
        assert "11_order_713_start.yaml 第 " in run(expect=2).stderr
