"""`yicheng file` and `yicheng files`: files in and out, what there is, whether it still agrees."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from api.cli.failing import REFUSED
from api.cli.forms import LISTED
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Group, Option

if TYPE_CHECKING:
    from api.bootstrap import House
    from workflow.files import Filed
    from workflow.ports import Clock
    from workflow.service.filing import Staged

_PIECE: Final = 1024 * 1024


def staged(house: House[Clock], organisation: str, account: str, path: Path) -> Staged:
    """Take a file of this machine in.  Raises BadInput for one that cannot be read or kept."""
    from workflow.errors import BadInput

    try:
        with path.open("rb") as source:
            upload = house.filing.begin(organisation, account, path.name, path.stat().st_size)
            try:
                while raw := source.read(_PIECE):
                    upload.write(raw)
                return upload.complete()
            finally:
                upload.discard()
    except OSError as error:
        raise BadInput("file.unreadable", file=str(path), reason=error.strerror or "") from error


def _add(path: str, account: str) -> int:
    from api.presenting.files import staged_data, write_staged
    from workflow.files import FileState

    invocation = current()
    with invocation.house() as house:
        found = staged(house, invocation.organisation(house), account, Path(path))
    if invocation.as_json:
        invocation.give(staged_data(invocation.catalogue, found))
    else:
        write_staged(invocation.page, invocation.catalogue, found)
    return REFUSED if found.file.state is FileState.QUARANTINED else 0


def _get(file: str, path: str, account: str) -> None:
    from api.presenting.files import file_data, write_file
    from workflow.errors import BadInput

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        found = house.inquiry.seen_by(organisation, account).file(file, whole=True)
        try:
            # Exclusive: nothing of this machine is overwritten.
            with house.filing.open(organisation, found) as blob, Path(path).open("xb") as target:
                _copy(blob, target, found)
        except OSError as error:
            raise BadInput("file.unwritten", file=path, reason=error.strerror or "") from error
    if invocation.as_json:
        invocation.give(file_data(found))
    else:
        write_file(invocation.page, invocation.catalogue, found)


def _copy(blob: Any, target: Any, found: Filed) -> None:  # noqa: ANN401 (what `with` gives)
    import hashlib

    from workflow.errors import StoreTrouble

    told = hashlib.sha256()
    while raw := blob.read(_PIECE):
        told.update(raw)
        target.write(raw)
    if told.hexdigest() != found.digest:
        target.truncate(0)
        raise StoreTrouble("file.replaced", digest=found.digest)


def _list(account: str | None, matter: str | None) -> None:
    from api.presenting.files import file_data, write_file

    invocation = current()
    with invocation.house() as house:
        found = house.filing.listed(invocation.organisation(house), account, matter, LISTED)
    if invocation.as_json:
        invocation.give([file_data(each) for each in found])
        return
    for each in found:
        write_file(invocation.page, invocation.catalogue, each)
    if not found:
        invocation.page.line(invocation.catalogue.text("file.none"))


def _verify() -> int:
    from api.presenting.files import write_audit

    invocation = current()
    with invocation.house() as house:
        audit = house.filing.verify(invocation.organisation(house))
    if invocation.as_json:
        flaws = [{"code": each.code, "name": each.name} for each in audit.flaws]
        invocation.give({"rows": audit.rows, "blobs": audit.blobs, "flaws": flaws})
    else:
        write_audit(invocation.page, invocation.catalogue, audit)
    return REFUSED if audit.flaws else 0


def _sweep() -> None:
    from dataclasses import asdict

    invocation = current()
    with invocation.house() as house:
        swept = house.filing.sweep(invocation.organisation(house))
    told = asdict(swept)
    if invocation.as_json:
        invocation.give(told)
    else:
        invocation.page.line(invocation.catalogue.text("file.swept", **told))


_AS = Option("--as", "account", about="as", metavar="ACCOUNT", required=True)
_FILE = {"required": True}
add = Command("file.add", callback=_add, params=[Argument("path", about="file_path", **_FILE), _AS])
get = Command(
    "file.get",
    callback=_get,
    params=[
        Argument("file", about="file", **_FILE),
        Argument("path", about="file_target", **_FILE),
        _AS,
    ],
)
listed = Command(
    "files.list",
    callback=_list,
    params=[
        Option("--as", "account", about="files_as", metavar="ACCOUNT"),
        Option("--matter", about="matter", metavar="NUMBER"),
    ],
)
verify = Command("files.verify", callback=_verify)
sweep = Command("files.sweep", callback=_sweep)
file = Group("file", {"add": "api.cli.file:add", "get": "api.cli.file:get"})
files = Group(
    "files",
    {
        "list": "api.cli.file:listed",
        "verify": "api.cli.file:verify",
        "sweep": "api.cli.file:sweep",
    },
)
