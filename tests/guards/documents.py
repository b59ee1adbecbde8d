"""Reading the documents: tables, places, command lines and examples that stand in them."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from procedures.book import shipped
from workflow.catalogue import Catalogue
from workflow.definition import Procedure

ROOT = Path(__file__).parents[2]
PACKAGES = ("api", "notifications", "procedures", "workflow")
DOCS = tuple(sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]))

CELLS = re.compile(r"(?<!\\)\|")
TICKED = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CAPTIONED = re.compile(r"^\*\*`([^`]+)`\*\*\n```\w+\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
#: A token in code quotes that means a place in this project, and what is made by running it.
PLACE = re.compile(r"\.?[A-Za-z][\w.-]*(/[\w.*-]*)*")
MADE = ("var/", ".venv")
#: What one might take for a folder of the project besides those that there are.
LIKELY = {"scripts", "src", "static", "templates", "web"}

STATUS = re.compile(r"#.*?(\d+)\s*$")
PROGRAM = "yicheng "


def document(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def zone() -> Procedure:
    return shipped().get("jiyuan_htz")


#: Groups of choices that word what a command came to.
OUTCOMES = ("nature", "outcome", "verdict", "conclusion", "reply")


def worded(outcome: str, texts: Catalogue) -> str | None:
    """The words of the program for the outcome of a command; None where it has none."""
    codes = (f"choice.{group}.{outcome}" for group in OUTCOMES)
    return next((texts.text(code) for code in codes if code in texts), None)


def places(text: str) -> set[str]:
    """The files and folders of this project that a text names in code quotes or links to."""
    prose = FENCED.sub("", text)
    tops = {path.name for path in ROOT.iterdir()} | LIKELY
    named = {
        token
        for token in TICKED.findall(prose)
        if PLACE.fullmatch(token) and not token.startswith(MADE)
        if token.split("/")[0] in tops and ("/" in token or "." in token)
    }
    links = {link.partition("#")[0] for link in LINK.findall(prose) if "://" not in link}
    return named | (links - {""})


def absent(found: set[str], folder: Path) -> set[str]:
    """Those of the places that are nowhere, seen from the root or from the document's folder."""
    return {
        place
        for place in found
        if not any(next(start.glob(place.rstrip("/")), None) for start in (ROOT, folder))
    }


def examples(text: str) -> dict[str, str]:
    """The files that a text gives whole, by the path in their caption."""
    return dict(CAPTIONED.findall(text))


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


def prompts(text: str) -> list[str]:
    """What is given at the prompts of console blocks."""
    blocks = (content for language, content in FENCED.findall(text) if language == "console")
    lines = (line for content in blocks for line in content.splitlines())
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def quoted(text: str) -> list[str]:
    """What stands in code quotes and at prompts, as calls of the program."""
    given = (as_program(line).partition("  #")[0] for line in prompts(text))
    return [*TICKED.findall(FENCED.sub("", text)), *given]
