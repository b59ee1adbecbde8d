"""`yicheng notify`: what is due to be told, how it would be said, and telling it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.forms import LISTED, WholeNumber
from api.cli.invocation import Invocation, current
from api.cli.shell import Argument, Command, Group, Option

if TYPE_CHECKING:
    from api.bootstrap import House
    from api.presenting.notices import Noticing
    from notifications.due import Findings
    from workflow.inquiry.watched import Watched
    from workflow.ports import Clock


def _due(matter: str | None, limit: int) -> None:
    invocation = current()
    told: list[dict[str, object]] = []
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        subjects = [matter] if matter is not None else _subjects(house, organisation, limit)
        for subject in subjects:
            watched, found = house.sweep.due(organisation, subject)
            told += _noticing(invocation, house, watched).due_data(found)
    if invocation.as_json:
        invocation.give(told)
        return
    page, say = invocation.page, invocation.catalogue.text
    for each in told:
        page.line(str(each["text"]), first="* ")
        if each["matter"] is not None:
            page.line(say("notify.about", matter=each["matter"]), first="  ")
        page.line(say("notify.to", people=each["to"], rule=each["rule"]), first="  ")
    if not told:
        page.line(say("notify.nothing"))


def _subjects(house: House[Clock], organisation: str, limit: int) -> list[str]:
    found = house.inquiry.due_subjects(limit)
    return [subject for code, subject in found if code == organisation]


def _noticing(invocation: Invocation, house: House[Clock], watched: Watched) -> Noticing:
    from api.presenting.notices import Noticing

    rules = house.notices.rules(watched.profile, watched.lens.today)
    return Noticing(invocation.catalogue, house.letters, watched, rules)


def _preview(rule: str, matter: str | None, *, html: bool) -> None:
    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        watched, _ = _looked_at(house, organisation, matter)
        found = _noticing(invocation, house, watched).preview(rule)
        letters = house.letters
    if invocation.as_json:
        invocation.give([data for data, _ in found])
        return
    page, catalogue = invocation.page, invocation.catalogue
    for data, words in found:
        page.heading(catalogue.text("notify.occasion", threshold=data["threshold"]))
        whole = letters.html if html else letters.plain
        for line in whole(catalogue, words).splitlines():
            page.line(line)
        page.blank()


def _looked_at(
    house: House[Clock], organisation: str, matter: str | None
) -> tuple[Watched, Findings]:
    return house.sweep.due(organisation, matter or "")


def _sweep() -> None:
    from notifications.sweep import Swept

    invocation, done = current(), Swept()
    with invocation.house() as house:
        while True:
            found = house.sweep.run()
            done += found
            if not found.looked:
                break
    if invocation.as_json:
        invocation.give(
            {"looked": done.looked, "told": done.told, "late": done.late, "failed": done.failed}
        )
        return
    say = invocation.catalogue.text
    invocation.page.line(
        say(
            "notify.swept",
            looked=done.looked,
            told=done.told,
            late=done.late,
            failed=done.failed,
        )
    )


_MATTER = Option("--matter", about="matter", default=None, metavar="NUMBER")

due = Command(
    "notify.due",
    callback=_due,
    params=[
        _MATTER,
        Option("--limit", about="limit", type=WholeNumber(), default=LISTED, metavar="N"),
    ],
)
preview = Command(
    "notify.preview",
    callback=_preview,
    params=[
        Argument("rule", about="notice_rule"),
        _MATTER,
        Option("--html", about="html", is_flag=True),
    ],
)
sweep = Command("notify.sweep", callback=_sweep, params=[])
command = Group(
    "notify",
    {
        "due": "api.cli.notify:due",
        "preview": "api.cli.notify:preview",
        "sweep": "api.cli.notify:sweep",
        "deliver": "api.cli.notify_sent:deliver",
        "sent": "api.cli.notify_sent:sent",
        "failed": "api.cli.notify_sent:failed",
        "resend": "api.cli.notify_sent:resend",
        "prefer": "api.cli.notify_sent:prefer",
        "read": "api.cli.notify_sent:read",
        "acknowledge": "api.cli.notify_sent:acknowledge",
    },
)
