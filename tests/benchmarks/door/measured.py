"""How many requests a second the door serves, beside bare routes that run the same statements."""

from __future__ import annotations

import json
import pickle
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from itertools import count, cycle
from pathlib import Path
from statistics import median, quantiles
from time import monotonic, perf_counter, sleep
from typing import Any, Final
from unittest.mock import patch

from api.http.app import create_app
from api.http.settings import DoorSettings
from api.identity.events import Origin
from api.identity.sealing import make_key
from api.identity.signing_in import Credentials
from api.settings import SECRET_VARIABLE
from tests.benchmarks.door.bare import Script
from tests.benchmarks.door.load import Answer, Ask, Client, load
from tests.benchmarks.door.recording import recorded
from tests.benchmarks.door.served import PROCESSOR, Place
from tests.benchmarks.durable import example_of
from tests.benchmarks.office import CLERK, COMMAND, ORGANISATION, REPORT, Office, open_office
from tests.benchmarks.plan import Plan
from tests.benchmarks.starting import ROOT
from tests.integration.http.caller import Client as Caller

PRODUCT, BARE = "product", "bare"
MATTER, LIST, WHY, ACT = "matter", "list", "why", "command"
READS: Final = (MATTER, LIST, WHY)
PAGE: Final = "/api/v1/matters?limit=20"
PATIENCE_SECONDS: Final = 60
NOTHING: Final[Mapping[str, str]] = {}

_PASSWORD: Final = "Only for measuring 1"
_BODY: Final = json.dumps(REPORT, ensure_ascii=False).encode()


def door(url: str, folder: Path, plan: Plan) -> dict[str, dict[str, dict[str, object]]]:
    """Findings by what is asked and by the number of clients, on a fresh, migrated database.

    RuntimeError if any answer is not a good one, or the journal does not verify in the end.
    """
    key = folder / "key"
    key.unlink(missing_ok=True)
    make_key(key)
    with patch.dict("os.environ", {SECRET_VARIABLE: str(key)}), open_office(url) as office:
        token = token_of(office)
        script = script_of(
            office, token, [office.matter_with_report() for _ in range(plan.matters)]
        )
        with (
            serving(Place(url, free_port(), None), folder / "product") as product,
            serving(Place(url, free_port(), script), folder / "bare") as bare,
        ):
            ports = {PRODUCT: product, BARE: bare}
            found = {
                what: {
                    str(clients): _race(
                        ports,
                        _asks(what, clients, script, token),
                        plan,
                        1 if what == ACT else len(script.matters),
                    )
                    for clients in plan.clients
                }
                for what in (*READS, ACT)
            }
        flaws = office.house.inquiry.audit(ORGANISATION).flaws
        if flaws:
            raise RuntimeError(flaws[0])
        return found


def token_of(office: Office) -> str:
    """A service token of the clerk's, as they would make it."""
    identity, origin = office.house.identity, Origin("")
    link = identity.administration.make_link(None, ORGANISATION, CLERK)
    identity.passwords.redeem(link.token, _PASSWORD, origin)
    session = identity.signing_in.sign_in(Credentials(ORGANISATION, CLERK, _PASSWORD), origin)
    return identity.tokens.make_own(
        session.token, "measuring", ["matters", COMMAND], 1, origin
    ).token


def script_of(office: Office, token: str, matters: Sequence[str]) -> Script:
    """What the product runs for every question about these matters."""
    house = office.house
    addresses = [PAGE]
    addresses += [f"/api/v1/matters/{each}{more}" for each in matters for more in ("", "/why")]
    answers = {}
    # What the door keeps of earlier answers is no help to the yardstick: it has the whole of it.
    forgetful = DoorSettings(kept_signs=0)
    with closing(Caller(create_app(house, house.identity, forgetful))) as caller:
        headers = {"Authorization": f"Bearer {token}"}
        with recorded(house.engine) as found:
            house.identity.by_token(token, client="")
            who = tuple(found)
            for address in addresses:
                # Once unmeasured: what is read but once is kept.
                caller.request("GET", address, headers=headers).raise_for_status()
                found.clear()
                caller.request("GET", address, headers=headers).raise_for_status()
                answers[address] = tuple(found[len(who) :])
    return Script(who, answers, example_of(office), matters)


@contextmanager
def serving(place: Place, file: Path) -> Iterator[int]:
    """A server in a process of its own, for as long as the block lasts; gives its port."""
    file.write_bytes(pickle.dumps(place))
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.door.served", file], cwd=ROOT
    ) as process:
        try:
            _wait(place.port, process)
            yield place.port
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    given_up = monotonic() + PATIENCE_SECONDS
    while True:
        try:
            _busy(port)
        except OSError:
            if process.poll() is not None or monotonic() > given_up:
                raise
            sleep(0.05)
        else:
            return


def _busy(port: int) -> float:
    """For how many seconds the processor has worked in a server."""
    client = Client(port)
    try:
        return float(client.ask(_request("GET", PROCESSOR)).body)
    finally:
        client.close()


def _request(
    method: str, path: str, body: bytes = b"", headers: Mapping[str, str] = NOTHING
) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _asks(what: str, clients: int, script: Script, token: str) -> Callable[[int], list[Ask]]:
    """Clients of a port, each with matters of its own where they change them.

    The versions that they change are looked up before; the other side has changed them, too.
    """
    held = {"Authorization": f"Bearer {token}"}

    def reading(first: int) -> Ask:
        if what == LIST:
            requests = [_request("GET", PAGE, headers=held)]
        else:
            more = "/why" if what == WHY else ""
            shifted = (*script.matters[first:], *script.matters[:first])
            requests = [
                _request("GET", f"/api/v1/matters/{each}{more}", headers=held) for each in shifted
            ]
        turns = cycle(requests)
        return lambda client: client.ask(next(turns))

    def acting(place: int, port: int) -> Ask:
        mine = script.matters[place::clients] or script.matters
        tags: dict[str, str] = {}
        with closing(Client(port)) as looking:
            for number in mine:
                asked = _request("GET", f"/api/v1/matters/{number}", headers=held)
                tags[number] = looking.ask(asked).tag
        own = cycle(mine)

        def ask(client: Client) -> Answer:
            number = next(own)
            found = client.ask(
                _request(
                    "POST",
                    f"/api/v1/matters/{number}/commands/{COMMAND}",
                    _BODY,
                    {
                        **held,
                        "If-Match": tags[number],
                        "Idempotency-Key": f"measured-{next(_KEYS)}",
                    },
                )
            )
            tags[number] = found.tag
            return found

        return ask

    if what == ACT:
        return lambda port: [acting(place, port) for place in range(clients)]
    return lambda _: [reading(place) for place in range(clients)]


_KEYS: Final = count(1)


def _race(
    ports: Mapping[str, int], asks: Callable[[int], list[Ask]], plan: Plan, first: int
) -> dict[str, object]:
    """Let both sides serve in turns, each round begun by the other.

    Before that the `first` requests of one client, so that all has been asked once.
    """
    speeds: dict[str, list[float]] = {name: [] for name in ports}
    busy: dict[str, list[float]] = {name: [] for name in ports}
    waits: dict[str, list[float]] = {name: [] for name in ports}
    for port in ports.values():
        load(port, asks(port)[:1], 0, first)
    for number in range(plan.door_rounds):
        order = list(ports)
        for name in order if number % 2 == 0 else reversed(order):
            port = ports[name]
            each = asks(port)
            worked, begun = _busy(port), perf_counter()
            took = load(port, each, plan.door_seconds)
            speeds[name].append(len(took) / (perf_counter() - begun))
            busy[name].append((_busy(port) - worked) / len(took))
            waits[name] += took
    ratios = sorted(
        ours / theirs for ours, theirs in zip(speeds[PRODUCT], speeds[BARE], strict=True)
    )
    return {
        "per_second": round(median(speeds[PRODUCT])),
        "bare_per_second": round(median(speeds[BARE])),
        "ratio": round(median(ratios), 3),
        "ratio_lowest": round(ratios[0], 3),
        "ratio_highest": round(ratios[-1], 3),
        **_waits("", waits[PRODUCT]),
        **_waits("bare_", waits[BARE]),
        "processor_microseconds": round(median(busy[PRODUCT]) * 1_000_000),
        "bare_processor_microseconds": round(median(busy[BARE]) * 1_000_000),
    }


def _waits(side: str, took: Sequence[float]) -> dict[str, Any]:
    """The middle and the slow end of what clients waited, in milliseconds."""
    parts = quantiles(took, n=100, method="inclusive") if len(took) > 1 else [took[0]] * 99
    return {
        f"{side}p50_milliseconds": round(parts[49] * 1000, 2),
        f"{side}p99_milliseconds": round(parts[98] * 1000, 2),
    }
