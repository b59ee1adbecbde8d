"""Files as data and in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.presenting.page import Page, Style
from procedures.citing import Citing
from procedures.marks import shipped_marks
from workflow.catalogue import Catalogue
from workflow.files import Filed, FileState
from workflow.service.filing import FileAudit, Staged


def file_data(found: Filed) -> dict[str, Any]:
    """What is kept of a file."""
    return {
        "id": found.key,
        "name": found.name,
        "size": found.size,
        "algorithm": found.algorithm,
        "digest": found.digest,
        "media": found.media,
        "state": found.state.value,
        "level": found.level,
        "searched": found.searched,
        "uploader": found.uploader,
        "uploaded_at": found.at.isoformat(),
        "matter": found.matter,
    }


def staged_data(catalogue: Catalogue, staged: Staged) -> dict[str, Any]:
    """A file that came in, with what to do now."""
    return {
        **file_data(staged.file),
        "procedure": procedure_words(catalogue, staged),
        "advice": list(advice_words(catalogue, staged)),
        "replayed": staged.replayed,
    }


def procedure_words(catalogue: Catalogue, staged: Staged) -> str | None:
    """What whoever uploaded a file that is in quarantine has to do."""
    if staged.file.state is not FileState.QUARANTINED:
        return None
    marks = shipped_marks()
    citing = Citing(catalogue, marks.titles)
    law = tuple(citing.words(each) for each in marks.confirmed)
    return catalogue.text("file.procedure", people=staged.alerts, law=law)


def advice_words(catalogue: Catalogue, staged: Staged) -> Iterator[str]:
    """What to mind of a file that may be used: lesser marks, and what could not be read."""
    if staged.advice:
        yield catalogue.text("file.work_secret")
    if staged.file.state is FileState.STAGED and not staged.file.searched:
        yield catalogue.text("file.unsearched")


def write_file(page: Page, catalogue: Catalogue, found: Filed) -> None:
    """A file on two lines."""
    state = catalogue.text(f"file.state.{found.state.value}")
    name = found.name or found.key
    page.line(catalogue.text("file.line", name=name, state=state, size=found.size))
    page.line(found.key, first="    ", style=Style.QUIET)
    if found.digest:
        digest = f"{found.algorithm} {found.digest}"
        page.line(digest, first="    ", style=Style.QUIET)


def write_staged(page: Page, catalogue: Catalogue, staged: Staged) -> None:
    """A file that came in, with what to do now."""
    write_file(page, catalogue, staged.file)
    if (told := procedure_words(catalogue, staged)) is not None:
        page.line(told)
    for advice in advice_words(catalogue, staged):
        page.line(advice)


def write_audit(page: Page, catalogue: Catalogue, audit: FileAudit) -> None:
    """What verification found."""
    page.line(catalogue.text("file.audit", rows=audit.rows, blobs=audit.blobs))
    for flaw in audit.flaws:
        page.line(catalogue.text(f"file.flaw.{flaw.code}", name=flaw.name), first="  - ")
    if not audit.flaws:
        page.line(catalogue.text("file.sound"))
