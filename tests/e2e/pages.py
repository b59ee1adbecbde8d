"""Console blocks of a document as one session of a shell: what is typed, and what is shown."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.guards.documents import FENCED

PROMPT = "$ "
ELLIPSIS = "…"
_MARK = "=== the end of command {} ==="


@dataclass(frozen=True)
class Typed:
    """A command, with the lines that the document shows of its output; `…` stands for anything."""

    command: str
    shown: tuple[str, ...]


def typed(text: str) -> list[Typed]:
    """The commands of a document's console blocks, in their order."""
    found: list[Typed] = []
    for language, content in FENCED.findall(text):
        if language == "console":
            found += _block(content.splitlines())
    return found


def _block(lines: Sequence[str]) -> Iterator[Typed]:
    command, shown = "", list[str]()
    for line in lines:
        if line.startswith(PROMPT):
            if command:
                yield Typed(command, tuple(shown))
            command, shown = line.removeprefix(PROMPT), []
        elif not shown and not _whole(command):
            command += f"\n{line}"
        else:
            shown.append(line)
    if command:
        yield Typed(command, tuple(shown))


def _whole(command: str) -> bool:
    """Whether a shell would begin to work, or wait for more."""
    if command.endswith("\\"):
        return False
    told = subprocess.run(["bash", "-n"], input=command.encode(), capture_output=True, check=False)
    # Of a text that is still to be ended it only warns.
    return told.returncode == 0 and not told.stderr


def outputs(commands: Sequence[str], folder: Path, environment: Mapping[str, str]) -> list[str]:
    """What each of the commands writes, given one after the other to one shell."""
    script = "".join(
        f"{command}\nprintf '\\n%s\\n' '{_MARK.format(number)}'\n"
        for number, command in enumerate(commands)
    )
    done = subprocess.run(
        ["bash"],
        input=script.encode(),
        cwd=folder,
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=300,
    )
    rest, found = done.stdout.decode("utf-8"), []
    for number in range(len(commands)):
        output, _, rest = rest.partition(f"\n{_MARK.format(number)}\n")
        found.append(output)
    return found


def missing(shown: Sequence[str], output: str) -> str | None:
    """The first of the shown lines that does not stand in the output behind those before it."""
    told = iter(line.strip() for line in output.splitlines())
    for line in shown:
        wanted = line.strip()
        if wanted in ("", ELLIPSIS):
            continue
        pattern = re.compile(".*".join(map(re.escape, wanted.split(ELLIPSIS))))
        if not any(pattern.fullmatch(each) for each in told):
            return line
    return None
