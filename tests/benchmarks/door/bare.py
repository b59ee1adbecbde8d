"""The yardstick: bare FastAPI routes that run the same statements, by plain driver calls.

A question runs what the product ran for it, in a transaction for who asks and one for the answer,
and gives the rows as JSON.  A command runs what `by_hand` writes, with all reads of the product,
and keeps its answer under the key.  No payload, role, right, rule, version or date is looked at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from queue import LifoQueue
from typing import Annotated, Any, Final

from fastapi import Body, FastAPI
from fastapi.responses import Response

from tests.benchmarks.by_hand import ByHand, Example
from tests.benchmarks.door.recording import Statement
from tests.benchmarks.durable import open_driver
from tests.benchmarks.office import COMMAND

READ_REQUEST: Final = (
    'SELECT fingerprint, outcome FROM request WHERE organisation_id = %s AND "key" = %s'
)
ADD_REQUEST: Final = (
    'INSERT INTO request (organisation_id, "key", fingerprint, outcome, at)'
    " VALUES (%s, %s, %s, %s, %s)"
)


@dataclass(frozen=True)
class Script:
    """What the product ran: `who` to recognise the caller, `answers` by address, the rest of it."""

    who: Sequence[Statement]
    answers: Mapping[str, Sequence[Statement]]
    example: Example
    matters: Sequence[str]


def bare_app(
    url: str, connections: int, script: Script, heard: Callable[[str], None] | None = None
) -> FastAPI:
    """The routes, on so many connections; on SQLite `heard` hears every statement."""
    sqlite = url.startswith("sqlite")
    free: LifoQueue[Any] = LifoQueue()
    for _ in range(connections):
        driver = open_driver(url)
        if heard is not None:
            driver.set_trace_callback(heard)
        free.put(
            (driver, Hand(driver, sqlite=sqlite, example=script.example, matters=script.matters))
        )
    numbers = count(1)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @contextmanager
    def borrowed() -> Iterator[tuple[Any, Hand]]:
        found = free.get()
        try:
            yield found
        finally:
            free.put(found)

    def run(driver: Any, statements: Sequence[Statement]) -> list[object]:
        driver.execute("BEGIN")
        told = [driver.execute(text, values).fetchall() for text, values in statements]
        driver.execute("ROLLBACK")
        return told

    def answered(address: str) -> Response:
        with borrowed() as (driver, _):
            run(driver, script.who)
            told = run(driver, script.answers[address])
        return as_json(told)

    @app.get("/api/v1/matters/{number}")
    def matter(number: str) -> Response:
        return answered(f"/api/v1/matters/{number}")

    @app.get("/api/v1/matters")
    def matters(limit: int) -> Response:
        return answered(f"/api/v1/matters?limit={limit}")

    @app.get("/api/v1/matters/{number}/why")
    def why(number: str) -> Response:
        return answered(f"/api/v1/matters/{number}/why")

    @app.post("/api/v1/matters/{number}/commands/{name}")
    def command(number: str, name: str, body: Annotated[dict[str, Any], Body()]) -> Response:
        with borrowed() as (driver, hand):
            run(driver, script.who)
            return as_json(hand.once(number, f"bare:{next(numbers)}", [name, len(body)]))

    return app


class Hand(ByHand):
    """One command by hand, with its answer kept under a key."""

    def once(self, number: str, key: str, told: object) -> Mapping[str, object]:
        """Read what the service reads, write what it writes."""
        home = self._example.organisation
        self._execute(self._look, (number, self._example.code)).fetchone()
        self._execute(self._begin)
        self._execute(self._marked(READ_REQUEST), (home, key)).fetchone()
        known = self._locked(number)
        self._execute(self._read_records, (known.matter,)).fetchall()
        seq, _ = self._write(number, known)
        answer = {"command": COMMAND, "entry": seq, "matter": number, "told": told}
        kept = (home, key, "0" * 64, json.dumps(answer), self._at)
        self._execute(self._marked(ADD_REQUEST), kept)
        self._execute("COMMIT")
        return answer

    def _marked(self, statement: str) -> str:
        return statement.replace("%s", self._mark)


def as_json(told: object) -> Response:
    """Rows as JSON."""
    return Response(
        json.dumps(told, ensure_ascii=False, default=str), media_type="application/json"
    )
