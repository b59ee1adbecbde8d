"""`yicheng signature`: signatures written out, and verified by whoever has no database."""

from __future__ import annotations

import json
from pathlib import Path

from api.cli.failing import REFUSED
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Group
from api.presenting.page import Style


def _matter(number: str) -> int:
    from api.presenting.signatures import signature_data, write_signatures

    invocation = current()
    with invocation.house() as house:
        found = house.inquiry.signatures(invocation.organisation(house), number)
    if invocation.as_json:
        invocation.give([signature_data(each) for each in found])
    else:
        write_signatures(invocation.page, invocation.catalogue, found)
    return REFUSED if any(each.flaws for each in found) else 0


def _export(number: str, file: str) -> None:
    from workflow.errors import BadInput

    invocation = current()
    with invocation.house() as house:
        told = house.inquiry.signature_export(invocation.organisation(house), number)
    try:
        Path(file).write_text(json.dumps(told, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise BadInput("signature.unwritable", file=file, why=error.strerror) from error
    signatures = told["signatures"]
    count = len(signatures) if isinstance(signatures, list) else 0
    if invocation.as_json:
        invocation.give({"file": file, "signatures": count})
    else:
        text = invocation.catalogue.text("signature.exported", count=count, file=file)
        invocation.page.line(text, style=Style.DONE)


def _verify(file: str) -> int:
    from api.cli.payloads import read_payload
    from api.presenting.signatures import found_data, write_verified
    from api.signing.keeper import ALGORITHMS
    from workflow.errors import BadInput
    from workflow.signing import verify_export

    invocation = current()
    found = verify_export(read_payload(f"@{file}"), ALGORITHMS)
    if found is None:
        raise BadInput("signature.no_export", file=file)
    if invocation.as_json:
        invocation.give([found_data(each) for each in found])
    else:
        write_verified(invocation.page, invocation.catalogue, found)
    return REFUSED if any(each.flaws for each in found) else 0


_FILE = {"required": True}
of_matter = Command(
    "matter.signatures",
    callback=_matter,
    params=[Argument("number", about="matter", required=True)],
)
export = Command(
    "signature.export",
    callback=_export,
    params=[
        Argument("number", about="matter", **_FILE),
        Argument("file", about="signature_file", **_FILE),
    ],
)
verify = Command(
    "signature.verify", callback=_verify, params=[Argument("file", about="signature_file", **_FILE)]
)
command = Group(
    "signature", {"export": "api.cli.signing:export", "verify": "api.cli.signing:verify"}
)
