"""The page for programmers does what it says: its commands, typed at a door on loopback."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from api.settings import POLICY_VARIABLE
from tests.e2e.pages import missing, outputs, typed
from tests.e2e.standing_still import VARIABLE
from tests.guards.documents import ROOT, document

PAGE = "docs/api.md"
ADDRESS = "127.0.0.1:8000"
#: Nine in the morning of a Monday, at the office.
MOMENT = "2026-03-02T01:00:00+00:00"
DAY = "2026-03-02"
POLICY = ROOT / "tests/integration/identity_policy.yaml"
PATIENCE_SECONDS = 60


def test_every_command_of_the_page_answers_as_it_shows(tmp_path: Path) -> None:
    steps = typed(document(PAGE))
    assert len(steps) > 40
    with opened(tmp_path) as (address, environment):
        # What was printed opens: links of this door, on the port that it was given.
        printed = re.findall(r"http://\S+/start/\S+", (tmp_path / "printed").read_text("utf-8"))
        assert len(printed) >= 10
        for link in (printed[0], printed[-1]):
            assert link.startswith(f"http://{address}/start/")
            with urllib.request.urlopen(link, timeout=PATIENCE_SECONDS) as page:
                assert page.status == 200
                assert b'type="password"' in page.read()
        commands = [each.command.replace(ADDRESS, address) for each in steps]
        found = outputs(commands, tmp_path, environment)
    assert [
        (step.command, lacking, output)
        for step, output in zip(steps, found, strict=True)
        if (lacking := missing(step.shown, output)) is not None
    ] == []


@contextmanager
def opened(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """What `make serve` opens, on a free port; with what a shell needs to type the page's words."""
    port = free_port()
    program = folder / ".venv/bin/yicheng"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tests.e2e.standing_still "$@"\n')
    program.chmod(0o755)
    shims = folder / "bin"
    shims.mkdir()
    # The day at the office is that of the program's clock, which stands still.
    (shims / "date").write_text(f"#!/bin/sh\necho {DAY}\n")
    (shims / "python3").symlink_to(sys.executable)
    for each in ("date",):
        (shims / each).chmod(0o755)
    environment = {
        "PATH": f"{shims}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        VARIABLE: MOMENT,
        POLICY_VARIABLE: str(POLICY),
    }
    words = ["--database", "sqlite:///var/serve.db", "serve", "--sample", "--port", str(port)]
    with (
        (folder / "printed").open("wb") as printed,
        subprocess.Popen(
            [program, *words],
            cwd=folder,
            env=environment,
            stdout=printed,
            stderr=subprocess.DEVNULL,
        ) as server,
    ):
        try:
            wait_for(port, server)
            yield f"127.0.0.1:{port}", environment
        finally:
            server.terminate()
            server.wait(PATIENCE_SECONDS)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    """Until the door answers; fails if it never does."""
    given_up = monotonic() + PATIENCE_SECONDS
    while True:
        assert server.poll() is None, server.returncode
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/ready", timeout=5):
                return
        except OSError:
            assert monotonic() < given_up
            sleep(0.05)
