"""The lines that `docs/verifying.md` gives to whoever has no copy of this program, run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.guards.documents import ROOT
from tests.journals import Copy, bundled, signed, signer
from tests.unit.test_signers import chained, sound
from workflow.signers import REVISE

PAGE = ROOT / "docs" / "verifying.md"


def ran(script: Path, lines: list[bytes]) -> subprocess.CompletedProcess[str]:
    bundle = script.with_name("bundle.jsonl")
    bundle.write_bytes(b"".join(lines))
    return subprocess.run(
        [sys.executable, "-I", str(script), str(bundle)],
        capture_output=True,
        check=False,
        text=True,
    )


def test_a_bundle_is_verified_by_the_lines_of_the_page(tmp_path: Path) -> None:
    script = tmp_path / "verify.py"
    script.write_text(PAGE.read_text("utf-8").split("```python\n")[1].split("```")[0], "utf-8")
    entries = chained(*sound())
    lines = bundled(entries, signed(entries, signer(), (4,)))
    done = ran(script, lines)
    assert done.returncode == 0, done.stderr
    told = done.stdout.splitlines()
    assert [line.split()[0] for line in told] == ["2", "4", "5", "6", "whole"]
    copy = Copy(bundled(entries, ()))
    (edited,) = (
        each
        for each in copy.lines
        if f'"{REVISE}"' in each.get("body", "") and '"b"' in each["body"]
    )
    edited["body"] = edited["body"].replace('"digest":"b"', '"digest":"x"')
    copy.rechain()
    assert ran(script, copy.bytes()).returncode != 0
