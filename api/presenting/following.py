"""What a matter follows, in words: a decision to change or end, an emergency to continue."""

from __future__ import annotations

from workflow.catalogue import Catalogue
from workflow.inquiry import Standing


def following_rows(catalogue: Catalogue, standing: Standing) -> list[tuple[str, str]]:
    """A label and a sentence for each matter that this one was proposed to follow."""
    facts, rows = standing.facts, []
    if facts.adjusts:
        rows.append((catalogue.text("matter.adjusts"), facts.adjusts))
    source = standing.linked.get(facts.continues)
    if source is not None:
        report = catalogue.text(
            "matter.report_filed" if source.reported else "matter.report_owed", due=source.report_by
        )
        told = catalogue.text(
            "matter.continues_told", matter=source.number, level=source.level, report=report
        )
        rows.append((catalogue.text("matter.continues"), told))
    return rows
