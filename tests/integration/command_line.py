"""The command line as a test calls it: in this process, on a database and a clock of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli.root import root
from workflow.clock import FixedClock

#: Monday 2 March 2026, noon in Beijing.
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)

ANSWERS: dict[str, object] = {
    "decision_level": "zone",
    "origin": "department",
    "category": "public_policy",
    "specific_groups": False,
    "touches_other_units": False,
    "confidential_by_law": True,
    "direct_interests": False,
    "hearing_required_by_law": False,
    "technical": False,
    "stability_risk": False,
    "market_activity": False,
    "spends_money": False,
    "pricing_list": False,
    "normative_document": False,
    "expropriates_houses": False,
    "acquires_land": False,
    "sets_price": False,
    "environmental_impact": False,
    "signs_contract": False,
    "statutory_plan": False,
}
PROPOSAL: dict[str, object] = {
    "state_secret": False,
    "title": "调整污水处理收费标准",
    "reasons": "成本上升",
    "answers": ANSWERS,
}


@dataclass(frozen=True)
class CommandLine:
    """Runs `yicheng` on one database."""

    database: str

    def __call__(self, *args: str, expect: int = 0, given: str | bytes | None = None) -> Result:
        """Run a command and check its exit status."""
        result = CliRunner().invoke(root, ["--database", self.database, *args], input=given)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == expect, (result.stdout, result.stderr)
        return result

    def json(self, *args: str, expect: int = 0, given: str | None = None) -> Any:
        """The answer of a command for programs."""
        return json.loads(self(*args, "--json", expect=expect, given=given).stdout)

    def error(self, *args: str, expect: int, given: str | None = None) -> Any:
        """The error of a command for programs."""
        result = self(*args, "--json", expect=expect, given=given)
        assert result.stdout == ""
        return json.loads(result.stderr)

    def do(
        self,
        command: str,
        account: str,
        payload: object = None,
        *options: str,
        expect: int = 0,
    ) -> Any:
        """One command through `do`, with its answer for programs."""
        content = () if payload is None else ("--payload", json.dumps(payload, ensure_ascii=False))
        return self.json("do", command, "--as", account, *content, *options, expect=expect)


def squeezed(told: str) -> str:
    """A text as it was before it was wrapped."""
    return "".join(told.split())


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> FixedClock:
    """The clock that commands read."""
    fixed = FixedClock(NOON)
    monkeypatch.setattr("api.bootstrap.SystemClock", lambda: fixed)
    return fixed


@pytest.fixture
def cli(database_url: str, clock: FixedClock) -> CommandLine:
    """A command line on a fresh database with the sample organisation in it."""
    line = CommandLine(database_url)
    line("init", "--sample")
    return line
