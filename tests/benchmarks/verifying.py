"""What it costs to verify a journal, beside plain hashing of the same bytes."""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from itertools import chain
from statistics import median
from time import perf_counter

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from api.record.keys import Ed25519Signer
from tests.benchmarks.office import AT, ORGANISATION, open_office
from tests.benchmarks.plan import Plan
from workflow.bundle import Start, Writer, verify_bundle
from workflow.checkpoints import Checkpoint, Covered, sealed
from workflow.journal import GENESIS, Entry, Head, write

SIGNED_EVERY = 1_000


def verifying(url: str, plan: Plan) -> dict[str, object]:
    """Entries verified in a second: of a bundle, and of a database with what it is held against.

    The bundle repeats the entry of the command that is measured elsewhere, a version on each time,
    with a checkpoint at every thousandth.  RuntimeError if anything is found wrong.
    """
    with open_office(url) as office:
        for _ in range(plan.matters):
            office.matter_with_report()
        *_, model = office.house.inquiry.entries(ORGANISATION)
        audits = []
        for _ in range(plan.rounds):
            begun = perf_counter()
            audit = office.house.inquiry.audit(ORGANISATION)
            audits.append(audit.entries / (perf_counter() - begun))
            if audit.flaws:
                raise RuntimeError(audit.flaws[0])
    lines, bodies = _bundle(model, plan.entries)
    verified, hashed = [], []
    for _ in range(plan.rounds):
        begun = perf_counter()
        report = verify_bundle(lines)
        verified.append(report.entries / (perf_counter() - begun))
        if report.flaws or report.entries != plan.entries:
            raise RuntimeError(report)
        begun = perf_counter()
        for body in bodies:
            hashlib.sha256(body).hexdigest()
        hashed.append(len(bodies) / (perf_counter() - begun))
    ratios = [ours / plain for ours, plain in zip(verified, hashed, strict=True)]
    return {
        "bundle_per_second": round(median(verified)),
        "hashing_per_second": round(median(hashed)),
        "ratio": round(median(ratios), 3),
        "database_per_second": round(median(audits)),
        "entry_bytes": sum(map(len, bodies)) // len(bodies),
        "entries": plan.entries,
    }


def _bundle(model: Entry, count: int) -> tuple[list[bytes], list[bytes]]:
    told = json.loads(model.body)
    signer = Ed25519Signer(Ed25519PrivateKey.generate())
    writer = Writer(Start(ORGANISATION, {}, 1, GENESIS))
    head, first = Head(0, GENESIS), ""
    last: Checkpoint | None = None
    lines, bodies = [writer.begin()], []
    for number in range(1, count + 1):
        told["version"] = number
        entry = write(head, told, AT + timedelta(seconds=number))
        head, first = Head(entry.seq, entry.digest), first or entry.digest
        bodies.append(entry.body.encode())
        lines.append(writer.entry(entry))
        if number % SIGNED_EVERY == 0:
            covered = Covered(ORGANISATION, first, entry.seq, entry.digest)
            last = sealed(covered, last, signer, AT)
            lines.append(writer.checkpoint(last))
    return [line.encode() for line in chain(lines, (writer.end(),))], bodies
