"""Two processes on one database: whoever goes from one to the other is no faster for it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest

from api.http.turnstile import FILE, SEAL_VARIABLE
from api.settings import DATABASE_VARIABLE, RATES_VARIABLE
from tests.e2e.standing_still import VARIABLE
from tests.e2e.test_api_page import free_port, wait_for
from tests.guards.documents import ROOT
from tests.integration.door import HERE, Door

MOST = 5


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[str]:
    """A process that serves as `yicheng serve` has its workers do."""
    port = free_port()
    words = ["--database", environment[DATABASE_VARIABLE], "serve", "--port", str(port)]
    with subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.standing_still", *words],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            wait_for(port, server)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


@pytest.mark.parametrize("backend", ["postgresql"])
def test_two_processes_on_one_database_have_one_rate(
    door: Door, database_url: str, tmp_path: Path
) -> None:
    door.join()
    made = door.identity.tokens.make_own(door.sign_in().token, "OA", ["people"], 30, HERE)
    rates = tmp_path / "rates.yaml"
    text = FILE.read_text("utf-8")
    for usual in ("requests: 600\n", "requests: 60000\n", "told_every: 200\n"):
        few = 1 if "told" in usual else MOST
        text = text.replace(usual, f"{usual.partition(':')[0]}: {few}\n")
    rates.write_text(text, "utf-8")
    environment = os.environ | {
        "PYTHONPATH": str(ROOT),
        SEAL_VARIABLE: "one seal for both",
        RATES_VARIABLE: str(rates),
        DATABASE_VARIABLE: database_url,
        VARIABLE: door.now.isoformat(),
    }
    with ExitStack() as stack:
        places = [stack.enter_context(worker(environment)) for _ in range(2)]
        client = stack.enter_context(httpx.Client(trust_env=False))
        bearer = {"Authorization": f"Bearer {made.token}"}
        signed_in, public = [], []
        for number in range(3 * MOST):
            place = places[number % 2]
            signed_in.append(client.get(f"{place}/api/v1/units", headers=bearer).status_code)
            sent = client.post(f"{place}/api/v1/public/x/outcomes", json={"receipt": "x"})
            public.append(sent.status_code)
    assert signed_in.count(429) == 2 * MOST
    assert public.count(429) == 2 * MOST
    assert {*signed_in, *public} == {200, 422, 429}
