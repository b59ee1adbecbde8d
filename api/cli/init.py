"""`yicheng init`: a database of the newest schema, and an organisation in it."""

from __future__ import annotations

from pathlib import Path

from api.cli.invocation import current
from api.cli.shell import Command, Option
from workflow.errors import BadInput


def _init(organisation_file: str | None, *, sample: bool) -> None:
    from api.bootstrap import open_house
    from api.cli.links import link_data, write_link
    from api.founding import found
    from api.identity.sealing import make_key
    from api.migrations import upgrade
    from api.settings import secret_file
    from procedures.organisation import ORGANISATIONS, load_organisation

    invocation = current()
    say, page = invocation.catalogue.text, invocation.page
    if sample and organisation_file is not None:
        raise BadInput("init.one_of_them")
    path = ORGANISATIONS / "jiyuan.yaml" if sample else organisation_file
    upgrade(invocation.database)
    make_key(secret_file())
    with open_house(invocation.database) as house:
        database = house.database
        if path is None:
            answer: dict[str, object] = {"database": database, "organisation": None}
            if invocation.as_json:
                invocation.give(answer)
            else:
                page.line(say("init.schema", database=database))
                page.line(say("init.next"))
            return
        organisation = load_organisation(Path(path), house.book)
        new = found(house.uow, organisation, house.clock, house.digests)
        # Where everything is for practice nobody signs in; elsewhere each is told this once.
        links = (
            () if organisation.rehearsal else house.identity.first_administrators(organisation.id)
        )
    if invocation.as_json:
        told = {"database": database, "organisation": organisation.id, "founded": new}
        invocation.give({**told, "links": [link_data(each) for each in links]})
        return
    page.line(say("init.schema", database=database))
    page.line(
        say(
            "init.founded" if new else "init.there",
            name=organisation.name,
            code=organisation.id,
            units=len(organisation.units),
            people=len(organisation.people),
        )
    )
    if organisation.rehearsal:
        page.line(say("init.rehearsal"))
    if links:
        page.line(say("init.links"))
    for each in links:
        write_link(page, invocation.catalogue, each, organisation.time_zone)


command = Command(
    "init",
    callback=_init,
    params=[
        Option("--organisation-file", about="organisation_file", metavar="FILE"),
        Option("--sample", about="sample", is_flag=True),
    ],
)
