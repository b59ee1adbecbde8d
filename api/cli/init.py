"""`yicheng init`: a database of the newest schema, and an organisation in it."""

from __future__ import annotations

from pathlib import Path

from api.cli.invocation import current
from api.cli.shell import Command, Option
from workflow.errors import BadInput


def _init(organisation_file: str | None, *, sample: bool) -> None:
    from api.bootstrap import open_house
    from api.founding import found
    from api.migrations import upgrade
    from procedures.organisation import ORGANISATIONS, load_organisation

    invocation = current()
    say, page = invocation.catalogue.text, invocation.page
    if sample and organisation_file is not None:
        raise BadInput("init.one_of_them")
    path = ORGANISATIONS / "jiyuan.yaml" if sample else organisation_file
    upgrade(invocation.database)
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
        new = found(house.uow, organisation, house.clock)
    if invocation.as_json:
        invocation.give({"database": database, "organisation": organisation.id, "founded": new})
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


command = Command(
    "init",
    callback=_init,
    params=[
        Option("--organisation-file", about="organisation_file", metavar="FILE"),
        Option("--sample", about="sample", is_flag=True),
    ],
)
