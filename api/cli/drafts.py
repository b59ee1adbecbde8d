"""`yicheng matter diff`: what parts two versions of a draft, by paragraph."""

from __future__ import annotations

from typing import Final

from api.cli.forms import WholeNumber
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Option

_WANTED: Final = {"required": True}


def _diff(number: str, before: int, after: int, *, html: bool) -> None:
    from api.presenting.texts import page_of, pieces, text_of

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        first, second = (
            house.inquiry.draft_text(organisation, number, each) for each in (before, after)
        )
    if invocation.as_json:
        told = [{"kind": each.kind, "lines": list(each.lines)} for each in pieces(first, second)]
        invocation.give({"matter": number, "before": before, "after": after, "pieces": told})
        return
    catalogue, page = invocation.catalogue, invocation.page
    title = catalogue.text("matter.diff_title", number=number, before=before, after=after)
    if html:
        page.block(page_of(title, catalogue.locale, first, second))
        return
    page.line(title)
    page.block(text_of(first, second))


diff = Command(
    "matter.diff",
    callback=_diff,
    params=[
        Argument("number", about="matter", **_WANTED),
        Argument("before", about="draft_before", type=WholeNumber(), **_WANTED),
        Argument("after", about="draft_after", type=WholeNumber(), **_WANTED),
        Option("--html", about="html", is_flag=True),
    ],
)
