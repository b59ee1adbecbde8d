"""`yicheng backup` and `yicheng restore`: the whole state, and proof of which one it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from api.cli.failing import REFUSED
from api.cli.invocation import Invocation, current
from api.cli.shell import Argument, Command, Option

if TYPE_CHECKING:
    from api.bootstrap import House
    from workflow.inquiry import Audit
    from workflow.ports import Clock


def _backup(folder: str, *, verify: bool) -> int:
    from api.record.backup import back_up
    from api.settings import files_folder, secret_file

    invocation = current()
    place = Path(folder)
    if verify:
        return _verify(place)
    with invocation.house() as house:
        back_up(house.engine, place, files_folder())
        key, ledger = house.checkpointing.keys.path, house.checkpointing.keys.ledger
    secrets = {"secret": str(secret_file()), "key": str(key), "list": str(ledger)}
    if not invocation.as_json:
        say, page = invocation.catalogue.text, invocation.page
        page.line(say("record.backed_up", folder=folder))
        page.line(say("record.backup_secrets", **secrets))
    # As whoever restores it will find it.
    return _verify(place, {"not_in_it": list(secrets.values())})


def _verify(place: Path, more: dict[str, Any] | None = None) -> int:
    from api.bootstrap import open_house
    from api.record.backup import copy_of, verify_backup

    invocation = current()
    manifest = verify_backup(place)
    url = copy_of(place, manifest)
    if not invocation.as_json:
        invocation.page.line(invocation.catalogue.text("record.backup_sound"))
    if url is None:
        heads = [
            {"organisation": each.organisation, "entry": each.entry, "digest": each.digest}
            for each in manifest.heads
        ]
        if invocation.as_json:
            invocation.give(
                {"folder": str(place), "verified": False, "journals": heads, **(more or {})}
            )
        else:
            say, page = invocation.catalogue.text, invocation.page
            page.line(say("record.backup_unopened"))
            for each in manifest.heads:
                if each.at is not None:
                    at = {"at": each.at.isoformat(sep=" ", timespec="seconds")}
                    told = {"organisation": each.organisation, "entry": each.entry, **at}
                    page.line(say("record.backup_by_manifest", **told))
        return 0
    with open_house(url) as house:
        return _tell(invocation, house, {"folder": str(place), "verified": True, **(more or {})})


def _restore(folder: str) -> int:
    from api.bootstrap import open_house
    from api.migrations import upgrade
    from api.record.backup import restore
    from api.settings import files_folder

    invocation = current()
    restore(Path(folder), invocation.database, files_folder())
    # A backup of an older program is brought up to date like any other database.
    upgrade(invocation.database)
    with open_house(invocation.database) as house:
        database = house.database
        if not invocation.as_json:
            invocation.page.line(invocation.catalogue.text("record.restored", database=database))
        return _tell(invocation, house, {"database": database, "verified": True})


def _tell(invocation: Invocation, house: House[Clock], told: dict[str, Any]) -> int:
    """Verify every journal, and end in which state this is."""
    from api.founding import organisations
    from api.presenting.audits import write_audit
    from api.presenting.record import flaw_data

    trust = house.checkpointing.trust()
    audits = {code: house.inquiry.audit(code, trust) for code in organisations(house.uow)}
    if invocation.as_json:
        told["journals"] = [
            {
                "organisation": code,
                "entry": audit.head.seq,
                "digest": audit.head.digest,
                "flaws": [flaw_data(invocation.catalogue, flaw) for flaw in audit.flaws],
            }
            for code, audit in audits.items()
        ]
        invocation.give(told)
    else:
        for audit in audits.values():
            write_audit(invocation.page, invocation.catalogue, audit)
        for code, audit in audits.items():
            _state(invocation, house, code, audit)
    return _status(audits.values())


def _state(invocation: Invocation, house: House[Clock], code: str, audit: Audit) -> None:
    say = invocation.catalogue.text
    where = house.inquiry.organisation(code)
    at = house.inquiry.entry_at(code, audit.head.seq)
    if at is None:
        invocation.page.line(say("record.backup_journal_empty", organisation=code))
        return
    at = at.astimezone(ZoneInfo(where.time_zone))
    invocation.page.line(
        say(
            "record.backup_head",
            entry=audit.head.seq,
            name=where.name,
            organisation=code,
            at=at,
        )
    )


def _status(audits: Iterable[Audit]) -> int:
    return REFUSED if any(audit.flaws for audit in audits) else 0


backup = Command(
    "backup",
    callback=_backup,
    params=[
        Argument("folder", about="backup_folder", required=True),
        Option("--verify", about="verify_backup", is_flag=True),
    ],
)
restore = Command(
    "restore",
    callback=_restore,
    params=[Argument("folder", about="backup_folder", required=True)],
)
