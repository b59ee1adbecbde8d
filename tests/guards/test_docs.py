"""The documents tell the truth: words, files, commands, pictures and examples, held to the code."""

from __future__ import annotations

import ast
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from api.cli.root import hoisted, root
from procedures.book import LAW, ProcedureBook, shipped
from procedures.dates import load_days
from procedures.kinds import KINDS
from procedures.organisation import load_organisation
from procedures.problems import SourceError
from procedures.prover import prove
from procedures.references import outcomes
from workflow.calendar import Unit
from workflow.catalogue import Catalogue, catalogue_for
from workflow.commands import CORE
from workflow.definition import Citation, Condition, Floor, Gate, Lapse, Procedure, Relation, Step
from workflow.ports import StepState
from workflow.service import DONE, REFUSED

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "notifications", "procedures", "workflow")
DOCS = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]))
ADRS = tuple(sorted((ROOT / "docs/adr").glob("*.md")))
PROFILE = "jiyuan_htz"

# --- reading documents ----------------------------------------------------------------------------

HEADING = re.compile(r"## (?P<zh>\S+) · (?P<en>.+)")
CELLS = re.compile(r"(?<!\\)\|")
TICKED = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CAPTIONED = re.compile(r"^\*\*`([^`]+)`\*\*\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
#: A token in code quotes that means a place in this project, and what is made by running it.
PLACE = re.compile(r"\.?[A-Za-z][\w.-]*(/[\w.*-]*)*")
MADE = ("var/", ".venv")


@dataclass(frozen=True)
class Row:
    """A row of a glossary table."""

    id: str
    term: str
    rest: tuple[str, ...]


def glossary(text: str) -> dict[str, tuple[Row, ...]]:
    """The tables of the glossary by the English half of their headings."""
    tables: dict[str, tuple[Row, ...]] = {}
    for section in re.split(r"^(?=## )", text, flags=re.MULTILINE)[1:]:
        heading = HEADING.match(section)
        assert heading, section.splitlines()[0]
        rows = (
            [cell.strip() for cell in CELLS.split(line)[1:-1]]
            for line in section.splitlines()
            if line.startswith("| `")
        )
        tables[heading["en"]] = tuple(
            Row(name.strip("`"), term, tuple(rest)) for name, term, *rest in rows
        )
    return tables


@cache
def tables() -> dict[str, tuple[Row, ...]]:
    return glossary((ROOT / "docs/glossary.md").read_text("utf-8"))


def places(text: str) -> set[str]:
    """The files and folders of this project that a text names in code quotes or links to."""
    prose = FENCED.sub("", text)
    named = {
        token
        for token in TICKED.findall(prose)
        if PLACE.fullmatch(token) and not token.startswith(MADE)
        if token.split("/")[0] in known_roots() and ("/" in token or "." in token)
    }
    links = {link.partition("#")[0] for link in LINK.findall(prose) if "://" not in link}
    return named | (links - {""})


@cache
def known_roots() -> frozenset[str]:
    """What lies at the top of the project, and what one might think lies there."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    tops = {line.split("/")[0] for line in listed} | {path.name for path in ROOT.iterdir()}
    return frozenset(tops | {"web", "static", "templates", "scripts", "src"})


def examples(text: str) -> dict[str, str]:
    """The files that a text gives whole, by the path in their caption."""
    return dict(CAPTIONED.findall(text))


def absent(found: set[str], folder: Path) -> set[str]:
    """Those of the places that are nowhere, seen from the root or from the document's folder."""
    return {
        place
        for place in found
        if not any(next(start.glob(place.rstrip("/")), None) for start in (ROOT, folder))
    }


# --- the glossary ---------------------------------------------------------------------------------


def zone() -> Procedure:
    return shipped().get(PROFILE)


def everywhere(of: str) -> dict[str, str]:
    """Things that definitions name in Chinese, over all shipped definitions."""
    found: dict[str, str] = {}
    for procedure in (*shipped().all(), zone()):
        for name, each in getattr(procedure, of).items():
            found[name] = getattr(each, "name", each).zh
    return found


def titled(names: Iterable[str], message: str) -> dict[str, str]:
    """The Chinese words that the program has for some names."""
    say = catalogue_for("zh").text
    return {str(name): say(message.format(name)) for name in names}


def commands() -> dict[str, str]:
    return titled(
        [*CORE, *(act for kind in KINDS.values() for act in kind.acts)], "command.{}.title"
    )


def verdicts() -> set[str]:
    return {
        choice.removeprefix("choice.verdict.")
        for choice in catalogue_for("zh")
        if choice.startswith("choice.verdict.")
    }


def command_outcomes() -> dict[str, str | None]:
    """Every outcome by which moves differ, with the words that the program has for it."""
    names = {name for told in outcomes(KINDS).values() for name in told if name}
    return {name: worded(name, catalogue_for("zh")) for name in names}


def worded(outcome: str, texts: Catalogue) -> str | None:
    codes = (f"choice.{group}.{outcome}" for group in ("nature", "verdict"))
    return next((texts.text(code) for code in codes if code in texts), None)


def unnamed(names: Iterable[str]) -> dict[str, None]:
    """Names for which the program has no words of its own to compare."""
    return dict.fromkeys(str(name) for name in names)


def expected() -> dict[str, Mapping[str, str | None]]:
    """What each table must hold, with the Chinese term where the program has one."""
    alerts = {rule.kind for procedure in shipped().all() for rule in procedure.alerts}
    return {
        "Stages": everywhere("stages"),
        "Gates": unnamed(Gate),
        "Steps": everywhere("steps"),
        "Kinds of step": titled(KINDS, "commands.kind.{}"),
        "Commands": commands(),
        "Outcomes of commands": command_outcomes(),
        "Verdicts": titled(verdicts(), "choice.verdict.{}"),
        "States of a step": titled(StepState, "step_state.{}"),
        "Statuses of a command": unnamed((DONE, REFUSED)),
        "Roles": everywhere("roles"),
        "Functions of units": everywhere("functions"),
        "Relations of units": titled(Relation, "relation.{}"),
        "Bodies that meet": everywhere("bodies"),
        "Questions at intake": unnamed(
            {name for procedure in shipped().all() for name in procedure.questions}
        ),
        "Floors": unnamed(Floor),
        "When work lapses": unnamed(Lapse),
        "Units of periods": titled(Unit, "choice.unit.{}"),
        "Counting rules": unnamed(load_days().rules),
        "Kinds of alert": unnamed(alerts),
    }


def complaints(rows: tuple[Row, ...], wanted: Mapping[str, str | None]) -> list[str]:
    """Where a table and the program differ."""
    told = {row.id: row.term for row in rows}
    found = [f"missing: {name} ({wanted[name]})" for name in wanted if name not in told]
    found += [f"does not exist: {name}" for name in told if name not in wanted]
    found += [
        f"{name}: {told[name]} here, {term} in the program"
        for name, term in wanted.items()
        if term is not None and name in told and told[name] != term
    ]
    found += [f"twice: {row.id}" for row in rows if sum(row.id == each.id for each in rows) > 1]
    return found


@pytest.mark.parametrize("title", expected())
def test_the_glossary_names_what_there_is_and_nothing_else(title: str) -> None:
    assert complaints(tables()[title], expected()[title]) == []


def test_the_glossary_has_no_other_tables() -> None:
    told = {"Instruments", "Words", "Words kept for what is not there yet"}
    assert tables().keys() == expected().keys() | told


def test_every_term_stands_beside_its_identifier() -> None:
    bare = [
        row.id for rows in tables().values() for row in rows if not row.term or not all(row.rest)
    ]
    assert bare == []


def identifiers() -> set[str]:
    """The names that code gives to modules, classes, functions, fields and constants."""
    found: set[str] = set()
    for path in (path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        found.add(path.stem)
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.arg(arg=name):
                    found.add(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower())
                case ast.AnnAssign(target=ast.Name(id=name)):
                    found.add(name)
                case ast.Assign(targets=[ast.Name(id=name)]):
                    found.add(name.lower())
                case _:
                    pass
    return found


def test_the_words_are_used_in_code() -> None:
    assert {row.id for row in tables()["Words"]} - identifiers() == set()


def test_words_kept_for_later_are_not_used_yet() -> None:
    kept = {row.id for row in tables()["Words kept for what is not there yet"]}
    assert kept & identifiers() == set()


def short_names() -> dict[str, str]:
    return {row.id: row.term for row in tables()["Instruments"]}


def cited(citation: Citation) -> str:
    """A provision as the glossary writes it."""
    article, _, paragraph = citation.article.partition(".")
    place = f" 第{article}条" if article else ""
    place += f"第{paragraph}款" if paragraph else ""
    return f"{short_names()[citation.instrument]}{place}" + "（待确认）" * (
        citation.confidence == "U"
    )


def test_the_instruments_are_those_of_the_definitions() -> None:
    wanted = {
        each.id: (each.title.zh, each.number)
        for procedure in shipped().all()
        for each in procedure.instruments.values()
    }
    assert {row.id: row.rest for row in tables()["Instruments"]} == wanted
    assert len(set(short_names().values())) == len(short_names())


@pytest.mark.parametrize(
    ("title", "of"), [("Steps", "steps"), ("Questions at intake", "questions")]
)
def test_steps_and_questions_rest_on_the_provisions_of_the_profile(title: str, of: str) -> None:
    wanted = {
        name: "、".join(cited(each) for each in thing.citations)
        for name, thing in getattr(zone(), of).items()
    }
    assert {row.id: row.rest[-1] for row in tables()[title]} == wanted


def test_the_verdicts_that_pass_are_those_of_the_definitions() -> None:
    wanted = set(zone().steps["legality_review"].rules["verdicts"].choices)
    assert {row.id for row in tables()["Verdicts"] if "yes" in row.rest[0]} == wanted


# --- files, links, decision records, changelog ----------------------------------------------------


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_place_that_a_document_names_exists(path: Path) -> None:
    text = path.read_text("utf-8")
    assert absent(places(text) - examples(text).keys(), path.parent) == set()


PARTS = ["Context", "Decision", "Consequences", "Alternatives"]


def test_decision_records_are_numbered_without_gaps() -> None:
    numbers = [int(path.name[:4]) for path in ADRS]
    assert numbers == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_record_says_what_one_wants_to_know(path: Path) -> None:
    text = path.read_text("utf-8")
    assert re.match(rf"# {path.name[:4]} \S", text)
    parts = re.split(r"^## (.+)\n", text, flags=re.MULTILINE)
    assert parts[1::2] == PARTS
    assert all(len(body.split()) >= 10 for body in parts[2::2])
    assert len(text.split()) < 450, "half a page"


def test_the_changelog_knows_the_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    headings = re.findall(
        r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), flags=re.MULTILINE
    )
    assert headings[0] == "Unreleased"
    assert project["version"] in headings


# --- the database's promises ----------------------------------------------------------------------


def test_every_refusal_of_the_database_is_told() -> None:
    written: set[str] = set()
    for script in (ROOT / "api/migrations/versions").glob("*.sql"):
        found = re.findall(
            r"yicheng:([a-z_]+[a-z])|yicheng_refuse\('([a-z_]+)'\)", script.read_text("utf-8")
        )
        written |= {name for pair in found for name in pair if name}
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    promised = {
        token
        for line in text.splitlines()
        if line.startswith("| `") and line.count("|") == 4
        for token in TICKED.findall(CELLS.split(line)[3])
    }
    assert promised & written == written
    assert promised - written == set()


# --- the pictures ---------------------------------------------------------------------------------

#: From so many stages on, a command that ends a matter is drawn once instead of from each.
MANY = 5
#: What a picture needs besides the words of the program.
DRAWN = {
    "zh": ("提出", "办理中各阶段", "涉密", "：", "、"),
    "en": ("new", "any stage under way", "state secret", ": ", ", "),
}


def lifecycle(procedure: Procedure, locale: str) -> str:
    """The stages of a procedure and what moves a matter between them, for mermaid."""
    texts = catalogue_for(locale)
    new, running, secret, colon, comma = DRAWN[locale]
    lines = ["flowchart TD", f'  new(("{new}"))']
    for stage in procedure.stages.values():
        left, right = ("([", "])") if stage.end else ("[", "]")
        lines.append(f'  {stage.id}{left}"{stage.name[locale]}"{right}')
    arrows: dict[tuple[str, str], dict[str, list[str]]] = {
        ("new", procedure.initial): {"propose": []}
    }
    for move in procedure.moves:
        sources = ["new"] if move.command == "propose" else list(move.sources)
        if len(sources) > MANY and move.to is not None:
            sources = ["running"]
        for source in sources:
            if move.to is not None and move.to != source:
                told = arrows.setdefault((source, move.to), {}).setdefault(move.command, [])
                told += [worded(move.outcome, texts) or secret] if move.outcome else []
    if any(source == "running" for source, _ in arrows):
        lines.append(f'  running[/"{running}"/]')
    for (source, to), given in arrows.items():
        parts = [
            texts.text(f"command.{command}.title") + (f"{colon}{comma.join(told)}" if told else "")
            for command, told in given.items()
        ]
        arrow = "-.->" if source == "running" else "-->"
        lines.append(f'  {source} {arrow}|"{"<br>".join(parts)}"| {to}')
    return "\n".join(lines) + "\n"


def course(procedure: Procedure, locale: str) -> str:
    """The steps of a procedure in their order, with the gates before which they must be closed."""
    texts = catalogue_for(locale)
    act = {
        Gate.START: "start",
        Gate.REVIEW: "submit_for_review",
        Gate.AGENDA: "propose_agenda_item",
    }
    lines = ["flowchart LR"]
    lines += [
        f'  gate_{gate}{{{{"{texts.text(f"command.{command}.title")}"}}}}'
        for gate, command in act.items()
    ]
    steps = procedure.steps.values()
    for step in steps:
        always = step.required_when == Condition("always")
        lines.append(f'  {step.id}["{step.name[locale]}"]{"" if always else ":::maybe"}')
    for step in steps:
        lines += [f"  {source} --> {step.id}" for source in followed(step)]
        leads_on = any(
            step.id in each.after and each.before == step.before
            for each in procedure.steps.values()
        )
        if step.before is not None and not leads_on:
            lines.append(f"  {step.id} --> gate_{step.before}")
    lines.append("  classDef maybe stroke-dasharray: 5 4")
    return "\n".join(lines) + "\n"


def followed(step: Step) -> tuple[str, ...]:
    """What a step comes after in the picture: other steps, or the gate behind which it lies."""
    if "submit_for_review" in step.acts:
        return ("gate_review",)
    return step.after or (() if step.before is Gate.START else ("gate_start",))


def drawn() -> list[str]:
    text = (ROOT / "README.md").read_text("utf-8")
    return [content for language, content in FENCED.findall(text) if language == "mermaid"]


def test_the_pictures_show_the_profile_as_it_is() -> None:
    wanted = [draw(zone(), locale) for locale in ("zh", "en") for draw in (lifecycle, course)]
    assert drawn() == wanted


# --- the commands ---------------------------------------------------------------------------------

STATUS = re.compile(r"#.*?(\d+)\s*$")
PROGRAM = "yicheng "


@dataclass(frozen=True)
class Line:
    """A command line of a document, the status it says to end with, and the output it shows."""

    words: tuple[str, ...]
    status: int
    shown: tuple[str, ...]


def session(text: str) -> list[Line]:
    """The command lines `$ yicheng …` of a document's console blocks, in their order."""
    found: list[Line] = []
    for language, content in FENCED.findall(text):
        if language != "console":
            continue
        for said, group in groupby(numbered(content), key=lambda each: each[0]):
            command, *output = [line for _, line in group]
            told = as_program(command)
            if said and told.startswith(PROGRAM):
                status = STATUS.search(told)
                found.append(
                    Line(
                        tuple(shlex.split(told, comments=True)[1:]),
                        int(status[1]) if status else 0,
                        tuple(line.strip() for line in output if line.strip(" …")),
                    )
                )
    return found


def as_program(prompt: str) -> str:
    """What stands at a prompt, with what make would run in the place of its target."""
    told = prompt.removeprefix("$ ").removeprefix(".venv/bin/")
    made = re.fullmatch(r"make demo(?: LOCALE=(\w+))?", told)
    return f"{PROGRAM}--locale {made[1] or 'zh'} demo" if made else told


def numbered(content: str) -> Iterator[tuple[int, str]]:
    """The lines of a console block, each with the number of the command that it belongs to."""
    number = 0
    for line in content.splitlines():
        number += line.startswith("$ ")
        yield number, line


def test_the_commands_of_the_readme_do_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text("utf-8")
    for path, content in examples(text).items():
        (tmp_path / path).write_text(content, "utf-8")
    (tmp_path / "procedures").symlink_to(ROOT / "procedures")
    lines = session(text)
    assert len(lines) > 10
    for line in lines:
        done = CliRunner().invoke(root, list(line.words))
        assert done.exit_code == line.status, (line, done.output, done.exception)
        output = [each.strip() for each in done.output.splitlines()]
        assert [each for each in line.shown if each not in output] == [], (line, done.output)


def known_targets() -> set[str]:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    return set(re.findall(r"^([a-z]+):.*?## ", makefile, flags=re.MULTILINE))


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_target_of_make_that_a_document_names_exists(path: Path) -> None:
    named = set(
        re.findall(r"\bmake ([a-z]+)\b(?=[ `\n]|$)", "\n".join(quoted(path.read_text("utf-8"))))
    )
    assert named - known_targets() == set()


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_line_that_a_document_quotes_is_one(path: Path) -> None:
    for line in quoted(path.read_text("utf-8")):
        if line.startswith(PROGRAM):
            assert is_command(shlex.split(line)[1:]), line


def quoted(text: str) -> list[str]:
    """What stands in code quotes and at the prompts of console blocks."""
    prompts = [
        as_program(line).partition("  #")[0]
        for language, content in FENCED.findall(text)
        if language == "console"
        for line in content.splitlines()
        if line.startswith("$ ")
    ]
    return [*TICKED.findall(FENCED.sub("", text)), *prompts]


def is_command(given: list[str]) -> bool:
    """Whether the words are options and commands that there are."""
    found: click.Command = root
    _, rest = hoisted(given)
    options = {name for param in root.params for name in param.opts}
    for word in rest:
        if word.startswith("-"):
            if word not in options | {name for param in found.params for name in param.opts}:
                return False
        elif isinstance(found, click.Group):
            below = found.get_command(click.Context(found), word)
            if below is None:
                return False
            found = below
    return True


# --- the examples of CONTRIBUTING -----------------------------------------------------------------

CONTRIBUTING = ROOT / "CONTRIBUTING.md"


def given() -> dict[str, str]:
    return examples(CONTRIBUTING.read_text("utf-8"))


def city(folder: Path, definition: str) -> ProcedureBook:
    (folder / "example_city.yaml").write_text(definition, "utf-8")
    return ProcedureBook(LAW, folder)


def test_the_example_city_loads_and_keeps_the_promise(tmp_path: Path) -> None:
    book = city(tmp_path, given()["procedures/law/example_city.yaml"])
    organisation = tmp_path / "organisation.yaml"
    organisation.write_text(given()["procedures/organisations/example_city.yaml"], "utf-8")
    found = book.get("example_city")
    assert prove(found, KINDS).faults == ()
    assert (found.steps["hearing"].rules["notice_before"].value, len(found.steps)) == (10, 11)
    assert load_organisation(organisation, book).profile == "example_city"


def test_the_example_city_needs_its_special_law(tmp_path: Path) -> None:
    definition = given()["procedures/law/example_city.yaml"]
    without = definition.replace("        special_law: city_rules 9\n", "")
    assert without != definition
    with pytest.raises(SourceError) as caught:
        city(tmp_path, without).get("example_city")
    assert {problem.code for problem in caught.value.problems} == {"definition.loosened"}


def test_the_example_kind_works(tmp_path: Path) -> None:
    for folder in (*PACKAGES, "tests"):
        ignored = shutil.ignore_patterns("__pycache__", "benchmarks", "integration", "scenarios")
        keep = None if folder != "tests" else ignored
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=keep)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for name, content in given().items():
        path = tmp_path / name
        if path.suffix == ".toml":
            path.write_text(with_messages(path.read_text("utf-8"), content), "utf-8")
        elif name == "tests/unit/builders.py":
            inserted(path, "] = {\n", content)
        else:
            path.write_text(content, "utf-8")
    listed = tmp_path / "procedures/kinds/__init__.py"
    inserted(listed, "from procedures.kinds import (\n", "    site_visit,\n")
    inserted(listed, "for kind in (\n", "        site_visit.KIND,\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--no-header"]
        + ["tests/unit/kinds/test_site_visit.py"],
        cwd=tmp_path,
        env={"PATH": str(Path(sys.executable).parent), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 passed" in done.stdout


def inserted(path: Path, after: str, content: str) -> None:
    head, mark, tail = path.read_text("utf-8").partition(after)
    assert mark, after
    path.write_text(head + mark + content + tail, "utf-8")


def with_messages(catalogue: str, added: str) -> str:
    """A catalogue with the lines of some tables added to it."""
    for table, lines in re.findall(r"^(\[.+?\])\n(.*?)(?=^\[|\Z)", added, re.MULTILINE | re.DOTALL):
        head, mark, tail = catalogue.partition(f"{table}\n")
        catalogue = head + mark + lines + tail if mark else f"{catalogue}\n{table}\n{lines}"
    assert tomllib.loads(catalogue)
    return catalogue


# --- the guard itself -----------------------------------------------------------------------------


class TestTheGuardItself:
    def test_finds_what_is_missing_left_over_twice_or_called_otherwise(self) -> None:
        rows = (Row("a", "甲", ()), Row("c", "丙", ()), Row("c", "丙", ()))
        assert complaints(rows, {"a": "乙", "b": None}) == [
            "missing: b (None)",
            "does not exist: c",
            "a: 甲 here, 乙 in the program",
            "twice: c",
            "twice: c",
        ]

    def test_reads_a_table_of_the_glossary(self) -> None:
        text = "# x\n\n## 甲 · Things\n\n| 标识 | 术语 |\n|---|---|\n| `a` | 乙 | 丙 · c | – |\n"
        assert glossary(text) == {"Things": (Row("a", "乙", ("丙 · c", "–")),)}

    def test_finds_a_file_that_is_not_there(self) -> None:
        text = (
            "`docs/no_such.md` `docs/glossary.md` [x](no.md) [y](https://a.b/c) `procedures/kinds/`"
        )
        assert absent(places(text), ROOT / "docs") == {"docs/no_such.md", "no.md"}

    def test_reads_a_session(self) -> None:
        text = (
            "```console\n$ make test\nx\n$ yicheng do a --as 'b c'  # 3\n  说\n …\n$ make demo\n```"
        )
        assert session(text) == [
            Line(("do", "a", "--as", "b c"), 3, ("说",)),
            Line(("--locale", "zh", "demo"), 0, ()),
        ]

    @pytest.mark.parametrize(
        ("line", "there"),
        [
            ("matter list --stage drafting", True),
            ("--locale en matter why 1 --json", True),
            ("do propose --as a --payload @b", True),
            ("matters", False),
            ("matter no", False),
            ("matter list --stages x", False),
        ],
    )
    def test_knows_a_command(self, line: str, there: bool) -> None:
        assert is_command(shlex.split(line)) is there

    def test_a_picture_changes_with_the_moves(self) -> None:
        base, other = shipped().get("order_713"), zone()
        assert course(base, "zh") != course(other, "zh")
        assert "review_passed -->" in lifecycle(base, "en")
