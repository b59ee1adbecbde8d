"""`yicheng account`: accounts, seen and kept by whoever sits at the machine itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.cli.invocation import current
from api.cli.links import link_data, write_link
from api.cli.shell import Argument, Command, Group

if TYPE_CHECKING:
    from api.identity.records import Account
    from workflow.catalogue import Catalogue


def _list() -> None:
    from api.presenting.accounts import account_data

    invocation = current()
    with invocation.house() as house:
        now = house.clock.now()
        found = house.identity.administration.list_accounts(None, invocation.organisation(house))
    if invocation.as_json:
        invocation.give([account_data(each, now) for each in found])
        return
    say, page = invocation.catalogue.text, invocation.page
    for each in found:
        marks = [
            say(f"account.{mark}")
            for mark, holds in (
                ("no_password", each.password is None and not each.service),
                ("locked", each.locked_until is not None and each.locked_until > now),
                ("disabled", each.disabled_at is not None),
            )
            if holds
        ]
        kind = worded_kind(each, invocation.catalogue)
        page.line(say("account.line", account=each.name, kind=kind))
        for mark in marks:
            page.line(mark, first="    ")
    if not found:
        page.line(say("account.none"))


def _link(account: str) -> None:
    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        made = house.identity.administration.make_link(None, organisation, account)
        zone = house.inquiry.organisation(organisation).time_zone
    if invocation.as_json:
        invocation.give(link_data(made))
    else:
        write_link(invocation.page, invocation.catalogue, made, zone)


def _keys(account: str) -> None:
    from zoneinfo import ZoneInfo

    from api.presenting.signatures import key_data, write_keys

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        found = house.identity.signing_keys.of(organisation, account)
        zone = ZoneInfo(house.inquiry.organisation(organisation).time_zone)
    if invocation.as_json:
        invocation.give([key_data(key, why) for key, why in found])
    else:
        write_keys(invocation.page, invocation.catalogue, found, zone)


def _end_key(account: str) -> None:
    _change("end_key", account)


def _disable(account: str) -> None:
    _change("disable", account)


def _enable(account: str) -> None:
    _change("enable", account)


def _unlock(account: str) -> None:
    _change("unlock", account)


def _change(what: str, account: str) -> None:
    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        administration = house.identity.administration
        acts = {
            "disable": administration.disable_account,
            "enable": administration.enable_account,
            "unlock": administration.unlock_account,
            "end_key": house.identity.signing_keys.end,
        }
        acts[what](None, organisation, account)
    if invocation.as_json:
        invocation.give({"account": account, "done": what})
    else:
        invocation.page.line(invocation.catalogue.text(f"account.done.{what}", account=account))


def worded_kind(account: Account, catalogue: Catalogue) -> str:
    """What an account is, in words."""
    from api.presenting.accounts import kind_of

    return catalogue.text(f"account.kind.{kind_of(account)}")


listed = Command("account.list", callback=_list, params=[])
_ACCOUNT = {"required": True}
link = Command(
    "account.link", callback=_link, params=[Argument("account", about="account", **_ACCOUNT)]
)
disable = Command(
    "account.disable", callback=_disable, params=[Argument("account", about="account", **_ACCOUNT)]
)
enable = Command(
    "account.enable", callback=_enable, params=[Argument("account", about="account", **_ACCOUNT)]
)
unlock = Command(
    "account.unlock", callback=_unlock, params=[Argument("account", about="account", **_ACCOUNT)]
)
keys = Command(
    "account.keys", callback=_keys, params=[Argument("account", about="account", **_ACCOUNT)]
)
end_key = Command(
    "account.end-key", callback=_end_key, params=[Argument("account", about="account", **_ACCOUNT)]
)
command = Group(
    "account",
    {
        "list": "api.cli.account:listed",
        "link": "api.cli.account:link",
        "disable": "api.cli.account:disable",
        "enable": "api.cli.account:enable",
        "unlock": "api.cli.account:unlock",
        "keys": "api.cli.account:keys",
        "end-key": "api.cli.account:end_key",
    },
)
