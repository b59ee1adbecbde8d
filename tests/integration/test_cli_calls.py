"""How the command line may be called: help in both languages, mistakes in the call, real runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from api.bootstrap import open_house
from api.cli.invocation import Invocation
from api.cli.root import hoisted, root
from api.cli.shell import Argument, Command, Group, Option
from tests.integration.command_line import CommandLine, cli, clock, squeezed
from workflow.catalogue import catalogue_for, locales

__all__ = ["cli", "clock"]

ROOT = Path(__file__).parents[2]


def commands(group: Group, way: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Command]]:
    with click.Context(group, info_name="yicheng") as ctx:
        for name in group.list_commands(ctx):
            found = group.get_command(ctx, name)
            if isinstance(found, Group):
                yield from commands(found, (*way, name))
            else:
                assert isinstance(found, Command)
                yield (*way, name), found


EVERY = dict(commands(root))


def run(*args: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """The command line as a process of its own."""
    program = [sys.executable, "-c", "from api.cli import main; main()", *args]
    kept = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    return subprocess.run(program, env=kept | environment, capture_output=True, check=False)


class TestHelp:
    @pytest.mark.parametrize("locale", locales())
    @pytest.mark.parametrize("way", EVERY, ids=" ".join)
    def test_explains_every_command_in_every_language(
        self, way: tuple[str, ...], locale: str
    ) -> None:
        result = CliRunner().invoke(root, ["--locale", locale, *way, "--help"])
        words = catalogue_for(locale)
        assert result.exit_code == 0
        told = squeezed(result.stdout)
        assert squeezed(words.text(f"cli.{EVERY[way].path}.about")) in told
        for param in EVERY[way].params:
            if isinstance(param, Option):
                assert squeezed(words.text(f"cli.option.{param.about}")) in told
            elif isinstance(param, Argument):
                assert squeezed(words.text(f"cli.argument.{param.about}")) in told

    def test_says_what_is_said_of_no_command_or_option_any_more(self) -> None:
        params = [param for each in (root, *EVERY.values()) for param in each.params]
        told = {f"cli.option.{each.about}" for each in params if isinstance(each, Option)}
        told |= {f"cli.argument.{each.about}" for each in params if isinstance(each, Argument)}
        words = catalogue_for("zh", ("api",))
        kept = {code for code in words if code.startswith(("cli.option.", "cli.argument."))}
        assert kept - told == {"cli.option.help"}

    @pytest.mark.parametrize("locale", locales())
    def test_lists_the_commands_with_a_line_each(self, locale: str) -> None:
        result = CliRunner().invoke(root, ["--help", "--locale", locale])
        for name in root.lazy:
            assert f"  {name}" in result.stdout
        assert catalogue_for(locale).text("cli.yicheng.about") in result.stdout

    def test_is_what_one_gets_who_says_nothing(self) -> None:
        for args in ((), ("matter",), ("--locale", "en")):
            result = CliRunner().invoke(root, args)
            assert result.exit_code == 2
            assert result.stdout == ""
            assert "--help" in result.stderr

    def test_tells_the_version(self) -> None:
        result = CliRunner().invoke(root, ["--version"])
        assert result.exit_code == 0
        assert result.stdout.startswith("yicheng ")


class TestMistakes:
    @pytest.mark.parametrize(
        ("args", "code", "near"),
        [
            (("matr", "list"), "cli.no_such_command_near", ["matter"]),
            (("xyzzy",), "cli.no_such_command", []),
            (("matter", "lst"), "cli.no_such_command_near", ["list"]),
            (("matter", "list", "--stag", "x"), "cli.no_such_option_near", ["--stage"]),
            (("--xyzzy",), "cli.no_such_option", []),
            (("matter", "show"), "cli.missing", None),
            (("inbox",), "cli.missing", None),
            (("inbox", "--as"), "cli.option_value", None),
            (("demo", "--locale"), "cli.no_such_option", None),
            (("init", "--sample=yes"), "cli.option_value", None),
            (("matter", "show", "1", "2"), "cli.extra", None),
            (("calendar", "add", "2026-2-5", "1", "months"), "cli.not_a_day", None),
            (("calendar", "add", "2026-02-30", "1", "months"), "cli.no_such_day", None),
            (("calendar", "add", "2026-02-05", "-1", "months"), "cli.no_such_option", None),
            (("calendar", "add", "2026-02-05", "many", "months"), "cli.not_a_number", None),
            (("calendar", "add", "2026-02-05", "1", "month"), "cli.not_one_of_near", ["months"]),
            (("calendar", "add", "2026-02-05", "1", "hours"), "cli.not_one_of", []),
            (("do", "x", "--as", "a", "--expect-version", "x"), "cli.not_a_number", None),
        ],
    )
    def test_are_told_with_what_was_meant(
        self, args: tuple[str, ...], code: str, near: list[str] | None
    ) -> None:
        result = CliRunner().invoke(root, ["--json", *args])
        assert result.exit_code == 2
        assert result.stdout == ""
        told = json.loads(result.stderr)
        assert told["error"] == code
        if near is not None:
            assert told["params"]["near"] == near

    @pytest.mark.parametrize("locale", locales())
    def test_are_told_in_the_language_asked_for(self, locale: str) -> None:
        result = CliRunner().invoke(root, ["matter", "show", "--locale", locale])
        expected = {"zh": "错误：缺少 NUMBER。", "en": "Error: NUMBER is missing."}
        assert result.stderr.startswith(expected[locale])

    def test_an_unknown_language_is_told_in_the_default_one(self) -> None:
        result = CliRunner().invoke(root, ["--locale", "fr", "--json", "matter", "list"])
        assert result.exit_code == 2
        assert json.loads(result.stderr)["error"] == "catalogue.unknown_locale"

    def test_have_one_shape_for_programs(self, cli: CommandLine) -> None:
        told = cli.error("matter", "show", "2026-0001", expect=4)
        assert told == {
            "error": "unknown.matter",
            "message": "没有编号为 2026-0001 的事项。请用 yicheng matter list 查看。",
            "params": {"matter": "2026-0001"},
        }


class TestOptionsForAllCommands:
    def test_may_stand_anywhere(self, cli: CommandLine) -> None:
        assert cli("matter", "list", "--locale=en").stdout.startswith("There are no matters yet.")
        assert cli.json("--json", "matter", "list") == []

    def test_are_left_alone_behind_two_dashes(self) -> None:
        assert hoisted(["do", "--json", "--", "--locale", "--json"]) == (
            [("--json", "")],
            ["do", "--", "--locale", "--json"],
        )

    def test_come_from_the_environment_where_they_are_not_given(
        self, cli: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("YICHENG_DATABASE_URL", cli.database)
        monkeypatch.setenv("YICHENG_LOCALE", "en_GB.UTF-8")
        monkeypatch.setenv("YICHENG_ORGANISATION", "jiyuan_htz")
        result = CliRunner().invoke(root, ["matter", "list"])
        assert result.stdout == "There are no matters yet.\n"
        monkeypatch.setenv("YICHENG_ORGANISATION", "elsewhere")
        assert CliRunner().invoke(root, ["matter", "list"]).exit_code == 4

    def test_fall_back_to_a_file_below_the_working_directory(self) -> None:
        invocation = Invocation()
        given = dict.fromkeys(("--database", "--organisation", "--locale"))
        invocation.take(given, as_json=False)
        assert invocation.database == "sqlite:///var/yicheng.db"
        assert (invocation.locale, invocation.code) == ("zh", None)


class TestFaults:
    @pytest.fixture
    def broken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail() -> None:
            raise ZeroDivisionError("by nothing")

        monkeypatch.setattr("api.cli.commands._specs", fail)

    @pytest.mark.usefixtures("broken")
    def test_are_told_in_a_line(self) -> None:
        result = CliRunner().invoke(root, ["commands"])
        assert result.exit_code == 1
        assert "程序自身出了问题（ZeroDivisionError：by nothing）" in result.stderr
        assert "Traceback" not in result.stderr

    @pytest.mark.usefixtures("broken")
    def test_are_told_with_their_place_to_those_who_ask(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("YICHENG_DEBUG", "1")
        assert "Traceback" in CliRunner().invoke(root, ["commands"]).stderr

    @pytest.mark.usefixtures("broken")
    def test_have_the_same_shape_for_programs(self) -> None:
        told = json.loads(CliRunner().invoke(root, ["commands", "--json"]).stderr)
        assert told["error"] == "cli.fault"
        assert told["params"] == {"kind": "ZeroDivisionError", "why": "by nothing"}

    def test_an_interrupt_ends_it_quietly(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted() -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr("api.cli.commands._specs", interrupted)
        result = CliRunner().invoke(root, ["commands"])
        assert (result.exit_code, result.stdout, result.stderr) == (130, "", "")


class TestCommands:
    def test_lists_every_command_with_its_title(self) -> None:
        told = CliRunner().invoke(root, ["commands"]).stdout
        for expected in ("propose ", "提出决策事项", "give_review_verdict ", "--matter --meeting"):
            assert expected in told

    def test_tells_what_a_command_wants_field_by_field_with_an_example(self) -> None:
        told = CliRunner().invoke(root, ["commands", "revise_draft"]).stdout
        example = json.loads(told[told.index("{") : told.rindex("}") + 1])
        assert set(example) == {"text", "nature", "authors", "explanation"}
        assert "修改性质" in told
        assert "实质性修改（substantive）" in squeezed(told)
        none = CliRunner().invoke(root, ["commands", "freeze_agenda"]).stdout
        assert "不需要填写内容。" in none

    def test_sets_in_what_stands_within_another_field(self) -> None:
        told = CliRunner().invoke(root, ["commands", "file_legal_basis"]).stdout
        assert "    法规文件名称" in told

    def test_gives_programs_the_schema_of_a_payload(self) -> None:
        told = CliRunner().invoke(root, ["commands", "revise_draft", "--json"]).stdout
        schema = json.loads(told)["payload"]
        assert set(schema["required"]) == {"text", "nature", "authors", "explanation"}
        assert schema["additionalProperties"] is False

    def test_gives_programs_all_schemas_at_once(self) -> None:
        told = json.loads(CliRunner().invoke(root, ["commands", "--json"]).stdout)
        assert told["study"]["kind"] == "study"
        assert told["propose"]["payload"]["properties"]["state_secret"]["type"] == "boolean"
        one = json.loads(CliRunner().invoke(root, ["commands", "study", "--json"]).stdout)
        assert one == {"name": "study", **told["study"]}

    def test_lists_what_do_takes(self, cli: CommandLine) -> None:
        with open_house(cli.database) as house:
            specs = house.service.specs
        told = json.loads(CliRunner().invoke(root, ["commands", "--json"]).stdout)
        assert set(told) == set(specs)

    @pytest.mark.parametrize(
        ("name", "code"), [("propse", "commands.unknown_near"), ("xyzzy", "unknown.command")]
    )
    def test_one_that_there_is_not(self, name: str, code: str) -> None:
        result = CliRunner().invoke(root, ["commands", name, "--json"])
        assert result.exit_code == 4
        assert json.loads(result.stderr)["error"] == code


class TestProcess:
    def test_speaks_utf8_whatever_the_machine_is_set_to(self) -> None:
        plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
        done = run("matter", "𠮷", **plain)
        assert done.returncode == 2
        assert "没有“𠮷”这个命令" in done.stderr.decode("utf-8")

    def test_stops_quietly_when_nobody_reads_on(self) -> None:
        program = [sys.executable, "-c", "from api.cli import main; main()", "commands", "--json"]
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        with subprocess.Popen(
            program, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 141

    def test_help_loads_nothing_heavy(self) -> None:
        watch = (
            "import sys, atexit\n"
            "atexit.register(lambda: print(*sys.modules, file=sys.stderr))\n"
            "from api.cli import main; main()"
        )
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
        for args in (["--help"], ["--version"], ["calendar", "--help"]):
            done = subprocess.run(
                [sys.executable, "-c", watch, *args],
                env=environment,
                capture_output=True,
                check=False,
                text=True,
            )
            assert done.returncode == 0
            loaded = set(done.stderr.split())
            assert not loaded & {"sqlalchemy", "pydantic", "holidays", "yaml", "jinja2", "alembic"}
