"""`yicheng journal key|checkpoint|export`: the record signed, and taken out of the database."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from api.cli.forms import WholeNumber
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Option


def _key(*, rotate: bool) -> None:
    from api.record.keys import KeyFile
    from api.settings import checkpoint_key_file
    from workflow.checkpoints import fingerprint_of, grouped

    invocation = current()
    keys = KeyFile(checkpoint_key_file())
    made = keys.make()
    if rotate and not made:
        keys.rotate()
    newest = keys.signers()[-1]
    public = newest.public.hex()
    fingerprint = fingerprint_of(public)
    if invocation.as_json:
        invocation.give(
            {
                "file": str(keys.path),
                "made": made or rotate,
                "scheme": newest.scheme,
                "public": public,
                "fingerprint": fingerprint,
                "list": str(keys.ledger),
            }
        )
        return
    say, page = invocation.catalogue.text, invocation.page
    page.line(say("record.key_made" if made or rotate else "record.key_there", file=str(keys.path)))
    page.line(say("record.key", scheme=newest.scheme, public=public))
    page.line(say("record.fingerprint", fingerprint=grouped(fingerprint)))
    page.line(say("record.key_advice", list=str(keys.ledger)))


def _checkpoint(out: str | None, *, if_due: bool) -> None:
    from api.presenting.record import checkpoint_data, write_checkpoint
    from api.record.writing import whole_file
    from workflow.errors import StoreTrouble

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        zone = ZoneInfo(house.inquiry.organisation(organisation).time_zone)
        house.checkpointing.keys.make()
        made = house.checkpointing.make(organisation, only_if_due=if_due)
        found = made or house.checkpointing.newest(organisation)
    if out is not None and found is not None:
        try:
            whole_file(Path(out), f"{found.as_json()}\n")
        except OSError as error:
            raise StoreTrouble("bundle.unwritable", file=out) from error
    if invocation.as_json:
        invocation.give({"made": made is not None, "checkpoint": checkpoint_data(found)})
        return
    say, page = invocation.catalogue.text, invocation.page
    page.line(say("record.made" if made is not None else "record.nothing_to_sign"))
    if found is not None:
        write_checkpoint(page, invocation.catalogue, found, zone)


def _export(file: str, first: int, last: int | None) -> None:
    from api.record.bundles import write_bundle

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        write_bundle(Path(file), house.inquiry.bundle(organisation, max(first, 1), last))
    if invocation.as_json:
        invocation.give({"file": file})
    else:
        invocation.page.line(invocation.catalogue.text("record.exported", file=file))


key = Command(
    "journal.key",
    callback=_key,
    params=[Option("--rotate", about="rotate_key", is_flag=True)],
)
checkpoint = Command(
    "journal.checkpoint",
    callback=_checkpoint,
    params=[
        Option("--if-due", about="if_due", is_flag=True),
        Option("--out", about="checkpoint_out", metavar="FILE"),
    ],
)
export = Command(
    "journal.export",
    callback=_export,
    params=[
        Argument("file", about="bundle", required=True),
        Option("--from", "first", about="from_entry", type=WholeNumber(), default=1, metavar="N"),
        Option("--to", "last", about="to_entry", type=WholeNumber(), metavar="N"),
    ],
)
