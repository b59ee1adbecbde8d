"""`yicheng inbox`: somebody's alerts."""

from __future__ import annotations

from dataclasses import asdict

from api.cli.forms import LISTED, WholeNumber
from api.cli.invocation import current
from api.cli.shell import Command, Option
from api.presenting.page import Style


def _inbox(account: str, limit: int) -> None:
    from zoneinfo import ZoneInfo

    from api.identity.principal import Principal
    from api.presenting.accounts import notice_words
    from api.presenting.alerts import write_alert
    from notifications.inbox import told_to

    invocation = current()
    catalogue = invocation.catalogue
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        directory = house.inquiry.directory(organisation)
        notices = house.inquiry.inbox(organisation, account, limit + 1)
        numbers = {str(each.body["matter"]) for each in notices if each.body["matter"]}
        debts = house.inquiry.debts(organisation)
        facts = {each: house.inquiry.matter(organisation, each).facts for each in numbers}
        zone = ZoneInfo(house.inquiry.organisation(organisation).time_zone)
        done = house.identity.notices(Principal(organisation, account))
    # What was done to what opens the account comes first, as it does over HTTP.
    told = [
        *notice_words(catalogue, done, zone),
        *told_to(catalogue, directory, account, notices[:limit], debts, facts),
    ]
    if invocation.as_json:
        invocation.give([asdict(each) for each in told])
        return
    page = invocation.page
    name = directory.persons[account]
    page.heading(catalogue.text("inbox.of", name=name, account=account, count=len(told)))
    for each in told:
        page.blank()
        write_alert(page, catalogue, each)
    if len(notices) > limit:
        page.line(catalogue.text("inbox.more", count=limit), style=Style.QUIET)


command = Command(
    "inbox",
    callback=_inbox,
    params=[
        Option("--as", "account", about="as", metavar="ACCOUNT", required=True),
        Option("--limit", about="limit", type=WholeNumber(), default=LISTED, metavar="N"),
    ],
)
