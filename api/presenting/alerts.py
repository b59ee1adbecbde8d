"""Alerts on a terminal."""

from __future__ import annotations

from api.presenting.page import Page, Style
from notifications.inbox import AlertWords
from workflow.catalogue import Catalogue


def write_alert(page: Page, catalogue: Catalogue, alert: AlertWords) -> None:
    """What to do, then why, then what it is about."""
    page.line(alert.todo, first="* ", style=Style.WARNING)
    for number, task in enumerate(alert.tasks, 1):
        page.line(task.evidence, first=f"  {number}. ")
        if task.earliest is not None:
            page.line(catalogue.text("inbox.earliest", day=task.earliest), first="     ")
    why, about = catalogue.text("inbox.why"), catalogue.text("inbox.about")
    rows = [(why if not number else "", each) for number, each in enumerate(alert.reasons)]
    rows += [(about if not number else "", each) for number, each in enumerate(alert.about)]
    page.pairs(rows, indent="  ")
    page.line(alert.times, first="  ", style=Style.QUIET)
