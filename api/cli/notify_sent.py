"""`yicheng notify sent|failed|resend|prefer|deliver|read|acknowledge`: what went out and came."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.forms import LISTED, WholeNumber
from api.cli.invocation import current
from api.cli.shell import Argument, Command, Option
from workflow.errors import BadInput

if TYPE_CHECKING:
    from notifications.outbox import Delivery


def _listed(state: str, account: str | None, limit: int) -> None:
    from zoneinfo import ZoneInfo

    from notifications.outbox import states_of

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        zone = ZoneInfo(house.inquiry.organisation(organisation).time_zone)
        outbox = house.delivering.outbox
        found = outbox.deliveries(organisation, states_of(state), limit, account=account)
    if invocation.as_json:
        invocation.give([_data(each) for each in found])
        return
    page, say = invocation.page, invocation.catalogue.text
    for each in found:
        page.line(
            say(
                f"notify.line_{each.state}",
                delivery=each.id,
                person=each.recipient,
                channel=each.channel,
                at=(each.sent_at or each.next_at).astimezone(zone),
                attempts=each.attempts,
                doubtful=each.doubtful,
                reason=each.last_error or "–",
            ),
            first="* ",
        )
    if not found:
        page.line(say("notify.none"))


def _data(each: Delivery) -> dict[str, object]:
    return {
        name: value if value is None or isinstance(value, str | int) else str(value)
        for name, value in asdict(each).items()
    }


def _sent(account: str | None, limit: int) -> None:
    _listed("sent", account, limit)


def _failed(account: str | None, limit: int) -> None:
    _listed("failed", account, limit)


def _resend(delivery: int) -> None:
    invocation = current()
    with invocation.house() as house:
        made = house.delivering.outbox.resend(invocation.organisation(house), delivery)
    if invocation.as_json:
        invocation.give({"delivery": made})
    else:
        invocation.page.line(invocation.catalogue.text("notify.resent", delivery=made))


def _prefer(account: str, file: str | None) -> None:
    invocation = current()
    with invocation.house() as house:
        organisation, wishing = invocation.organisation(house), house.delivering.wishing
        if file is None:
            found = wishing.preference(organisation, account)
        else:
            found = wishing.prefer(organisation, account, _body(file))
    # What is given can be handed in again, whether for people or for programs.
    invocation.give(found.preference.model_dump(mode="json"))


def _body(file: str) -> dict[str, object]:
    try:
        told = json.loads(Path(file).read_text("utf-8"))
    except OSError:
        raise BadInput("notify.no_file", file=file) from None
    except (UnicodeDecodeError, ValueError):
        raise BadInput("notify.no_json", file=file) from None
    if not isinstance(told, dict):
        raise BadInput("notify.no_json", file=file)
    return told


def _read(alert: int, account: str) -> None:
    _mark(alert, account, acknowledged=False)


def _acknowledge(alert: int, account: str) -> None:
    _mark(alert, account, acknowledged=True)


def _mark(alert: int, account: str, *, acknowledged: bool) -> None:
    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        house.delivering.wishing.mark(organisation, account, alert, acknowledged=acknowledged)
    if invocation.as_json:
        invocation.give({"alert": alert, "acknowledged": acknowledged})
    else:
        code = "notify.acknowledged" if acknowledged else "notify.read"
        invocation.page.line(invocation.catalogue.text(code, alert=alert))


def _deliver() -> None:
    invocation = current()
    with invocation.house() as house:
        organisation, out = invocation.organisation(house), house.delivering
        handed = out.dispatch.run(organisation)
        tally = out.sending.run_all(organisation)
    told = {name: tally[name] for name in ("sent", "retried", "failed", "dropped")}
    if invocation.as_json:
        invocation.give({"handed": handed.deliveries, **told})
    else:
        say = invocation.catalogue.text
        invocation.page.line(say("notify.delivered", handed=handed.deliveries, **told))


def _params() -> list[Option]:
    return [
        Option("--as", "account", about="as", default=None, metavar="ACCOUNT"),
        Option("--limit", about="limit", type=WholeNumber(), default=LISTED, metavar="N"),
    ]


sent = Command("notify.sent", callback=_sent, params=[*_params()])
failed = Command("notify.failed", callback=_failed, params=[*_params()])
resend = Command(
    "notify.resend",
    callback=_resend,
    params=[Argument("delivery", about="delivery", type=WholeNumber())],
)
prefer = Command(
    "notify.prefer",
    callback=_prefer,
    params=[
        Argument("account", about="wishing"),
        Option("--file", about="wishes_file", default=None, metavar="FILE"),
    ],
)
deliver = Command("notify.deliver", callback=_deliver, params=[])


def _marking() -> list[Argument | Option]:
    return [
        Argument("alert", about="alert", type=WholeNumber()),
        Option("--as", "account", about="as", metavar="ACCOUNT", required=True),
    ]


read = Command("notify.read", callback=_read, params=[*_marking()])
acknowledge = Command("notify.acknowledge", callback=_acknowledge, params=[*_marking()])
