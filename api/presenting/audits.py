"""The verification of a journal, on a terminal."""

from __future__ import annotations

from api.presenting.page import Page, Style
from api.presenting.record import flaw_text, write_coverage, write_signers, write_turns
from workflow.catalogue import Catalogue
from workflow.inquiry import Audit


def write_audit(page: Page, catalogue: Catalogue, audit: Audit) -> None:
    """Whether the chain holds, where it ends, and every flaw."""
    say = catalogue.text
    if audit.flaws:
        page.line(
            say("audit.broken", entries=audit.entries, flaws=len(audit.flaws)), style=Style.REFUSED
        )
        for flaw in audit.flaws:
            page.line(flaw_text(catalogue, flaw), first="  - ")
    else:
        page.line(say("audit.sound", entries=audit.entries), style=Style.DONE)
    page.line(say("audit.head", entry=audit.head.seq, digest=audit.head.digest), style=Style.QUIET)
    if audit.coverage.checkpoints:
        write_coverage(page, catalogue, audit.coverage, audit.head.seq)
    write_signers(page, catalogue, audit.signers)
    write_turns(page, catalogue, audit.turns)
