"""`yicheng draw`: anybody recomputes a draw; the worked example of its page comes out as shown."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli.root import root
from tests.guards.documents import Line, document, session

PAGE = session(document("docs/draw.md"))
NAMES = "expert.law,expert.operator, expert.price ,expert.water"


def test_the_page_has_its_example_in_both_languages() -> None:
    assert [line.words[:2] for line in PAGE] == [("draw", "verify"), ("--locale", "en")]
    assert all(len(line.shown) > 8 for line in PAGE)


@pytest.mark.parametrize("line", PAGE, ids=["zh", "en"])
def test_the_worked_example_comes_out_as_shown(
    line: Line, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(root, list(line.words))
    assert done.exit_code == 0
    assert [each.strip() for each in done.output.splitlines()] == list(line.shown)
    assert list(tmp_path.iterdir()) == []


def test_programs_get_the_lots_as_well() -> None:
    args = [
        "draw",
        "verify",
        "--seed",
        " 713713 ",
        "--matter",
        "2026-1",
        "--candidates",
        NAMES,
        "--places",
        "2",
        "--json",
    ]
    told = json.loads(CliRunner().invoke(root, args).stdout)
    assert (told["seed"], told["places"]) == ("713713", 2)
    lots = {each["candidate"]: each["lot"] for each in told["order"]}
    assert lots["expert.law"] == hashlib.sha256(b"713713\n2026-1\nexpert.law").hexdigest()
    assert list(lots.values()) == sorted(lots.values())
    assert told["drawn"] == list(lots)[:2]


@pytest.mark.parametrize(
    ("option", "value", "told"),
    [
        ("--candidates", "expert.law，expert.price", "“，”"),
        ("--candidates", "expert.law、expert.price", "“、”"),
        ("--candidates", "expert.law expert.price,expert.water", "“ ”"),
        ("--candidates", "expert.law,,expert.price", "第 2 个名字是空的"),
        ("--candidates", " ", "第 1 个名字是空的"),
        ("--candidates", f"{NAMES},expert.law", "重复列出：expert.law"),
        ("--places", "4", "少于备选人数"),
        ("--places", "0", "少于备选人数"),
        ("--seed", "当期号码", "至少要有 6 位"),
    ],
)
def test_what_is_wrong_with_a_list_is_told(option: str, value: str, told: str) -> None:
    given = {"--seed": "7", "--matter": "2026-1", "--candidates": NAMES, "--places": "2"}
    words = [word for name in given for word in (name, {**given, option: value}[name])]
    done = CliRunner().invoke(root, ["draw", "verify", *words])
    assert done.exit_code == 2
    assert told in done.stderr.replace("\n", "")
    assert done.stdout == ""


@pytest.mark.parametrize("left_out", ["--seed", "--matter", "--candidates", "--places"])
def test_what_was_published_has_to_be_given(left_out: str) -> None:
    given = {"--seed": "7", "--matter": "2026-1", "--candidates": NAMES, "--places": "2"}
    args = [word for name, value in given.items() if name != left_out for word in (name, value)]
    assert CliRunner().invoke(root, ["draw", "verify", *args]).exit_code == 2
