"""`yicheng serve`: the door over HTTP, until it is told to stop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from api.cli.forms import WholeNumber
from api.cli.invocation import Invocation, current
from api.cli.shell import Command, Option
from api.settings import address
from workflow.errors import BadInput

if TYPE_CHECKING:
    from procedures.organisation import Organisation

HOST: Final = "127.0.0.1"
PORT: Final = 8000
HIGHEST_PORT: Final = 65535


def _serve(host: str, port: int, workers: int, *, sample: bool) -> None:
    from api.http.serving import serve

    invocation = current()
    if not 0 < port <= HIGHEST_PORT:
        raise BadInput("serve.port", port=port, highest=HIGHEST_PORT)
    if workers < 1:
        raise BadInput("serve.no_worker")
    if sample:
        _found_sample(invocation, reached_at(host, port))
    invocation.page.line(
        invocation.catalogue.text("serve.begun", address=f"http://{_literal(host)}:{port}")
    )
    serve(invocation.database, host, port, workers)


def reached_at(host: str, port: int) -> str:
    """Where somebody at this machine reaches what listens there; what was set goes before."""
    here = {"0.0.0.0": HOST, "::": "::1", "": HOST}.get(host, host)  # noqa: S104 (not bound here)
    return address(f"http://{_literal(here)}:{port}")


def _literal(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _found_sample(invocation: Invocation, place: str) -> None:
    """The sample organisation as one that works and not as a rehearsal, once."""
    from dataclasses import replace

    from api.bootstrap import open_house
    from api.cli.links import write_link
    from api.founding import found
    from api.identity.sealing import make_key
    from api.migrations import upgrade
    from api.settings import secret_file
    from procedures.organisation import ORGANISATIONS, load_organisation

    upgrade(invocation.database)
    make_key(secret_file())
    with open_house(invocation.database) as house:
        organisation = load_organisation(Path(ORGANISATIONS / "jiyuan.yaml"), house.book)
        new = found(house.uow, replace(organisation, rehearsal=False), house.clock, house.digests)
        invocation.page.line(invocation.catalogue.text("serve.sample", name=organisation.name))
        if not new:
            return
        links = list(house.identity.first_administrators(organisation.id))
        links += [
            house.identity.administration.make_link(None, organisation.id, account)
            for account in _one_of_each_role(organisation)
        ]
    for link in links:
        write_link(invocation.page, invocation.catalogue, link, organisation.time_zone, place)


def _one_of_each_role(organisation: Organisation) -> Iterator[str]:
    """Accounts of the sample, so that every role can be tried."""
    roles: set[str] = set()
    for person in organisation.people:
        held = {post.role for post in person.posts}
        if held - roles:
            roles |= held
            yield person.account


command = Command(
    "serve",
    callback=_serve,
    params=[
        Option("--host", about="host", default=HOST, metavar="ADDRESS"),
        Option("--port", about="port", type=WholeNumber(), default=PORT, metavar="N"),
        Option("--workers", about="workers", type=WholeNumber(), default=1, metavar="N"),
        Option("--sample", about="serve_sample", is_flag=True),
    ],
)
