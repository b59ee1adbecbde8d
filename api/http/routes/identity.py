"""Service tokens, and what the three administrators do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from starlette.responses import Response

from api.http.answering import answer
from api.http.authentication import asked
from api.http.changing import account_tag, change_of, for_account, origin_of, told_again
from api.http.door import Call
from api.http.paging import Limit, next_link, page_among
from api.http.routes.commanding import Body
from api.http.routes.sessions import cookie_of, sent
from api.http.shapes import identity as told
from api.http.table import Cursor, IfMatch, Key, Named, Table, Whole
from api.identity.administration import Administration
from api.identity.principal import Administrator
from api.presenting.accounts import account_data, event_data, view_data
from workflow.validation import validate

Tokens = Annotated[Call, Depends(asked("tokens"))]
Accounts = Annotated[Call, Depends(asked("accounts"))]
Events = Annotated[Call, Depends(asked("security_events"))]
_TOKENS = "/api/v1/tokens"
_ACCOUNTS = "/api/v1/accounts"


def add(table: Table) -> None:
    """Enter tokens and administration."""
    table.get(_TOKENS, "tokens", "tokens", told.ServiceTokens, _tokens, paged=True)
    table.post(
        _TOKENS, "make_token", "tokens", told.MadeToken, _make_token, body=sent(told.NewToken)
    )
    table.post(
        f"{_TOKENS}/{{token}}/revocation",
        "revoke_token",
        "tokens",
        told.Done,
        _revoke,
        body=sent(told.Nothing),
    )
    table.get(_ACCOUNTS, "accounts", "accounts", told.Accounts, _accounts, paged=True)
    table.get(
        f"{_ACCOUNTS}/{{name}}", "account", "accounts", told.AccountView, _account, tagged=True
    )
    table.post(
        _ACCOUNTS, "make_account", "accounts", told.Done, _make_account, body=sent(told.NewAccount)
    )
    table.post(
        f"{_ACCOUNTS}/{{name}}/external-identities",
        "link_external",
        "accounts",
        told.Done,
        _link_external,
        body=sent(told.ExternalIdentity),
        versioned=True,
    )
    table.post(
        f"{_ACCOUNTS}/{{name}}/acts/{{act}}",
        "administer",
        "accounts",
        told.Administered,
        _administer,
        body=sent(told.Nothing),
        versioned=True,
    )
    table.get(
        "/api/v1/security-events",
        "security_events",
        "security_events",
        told.SecurityEvents,
        _events,
    )
    table.get(
        "/api/v1/identity-policy", "identity_policy", "accounts", told.IdentityPolicy, _policy
    )


def _tokens(request: Request, call: Tokens, limit: Limit = None, cursor: Cursor = None) -> Response:
    """One's own tokens; all of them for the security administrator."""
    tokens = call.house.identity.tokens
    if call.principal.administrator is Administrator.SECURITY:
        found = tokens.all(call.principal, origin_of(request))
    else:
        found = tokens.own(call.principal)
    filters, most = {"account": call.account}, call.settings.page_of(limit)
    known = {each.id: _plain(asdict(each)) for each in found}
    items, follows = page_among(cursor, _TOKENS, filters, most, known)
    headers = next_link(request, {}, most, follows)
    return answer({"items": items, "next": follows}, headers=headers)


def _make_token(request: Request, call: Tokens, body: Body, key: Key = None) -> Response:
    """Make a token on behalf of oneself, or of a service."""
    form, origin = validate(told.NewToken, body), change_of(request, body, key, call)
    tokens = call.house.identity.tokens
    if form.account is None:
        token = cookie_of(request)
        made = tokens.make_own(token, form.purpose, form.scopes, form.days, origin)
    else:
        made = tokens.make_for_service(
            call.principal, form.account, form.purpose, form.scopes, form.days, origin
        )
    return answer(_plain(asdict(made)))


def _revoke(
    request: Request,
    token: Annotated[Whole, Path(ge=1, le=2**31 - 1)],
    call: Tokens,
    body: Body,
    key: Key = None,
) -> Response:
    """Revoke one's own token, or any as the security administrator."""
    validate(told.Nothing, body)
    tokens, origin = call.house.identity.tokens, change_of(request, body, key, call)
    if call.principal.administrator is None:
        shown = cookie_of(request)
        return told_again(lambda: tokens.revoke_own(shown, token, origin))
    return told_again(lambda: tokens.revoke(call.principal, token, origin))


def _accounts(
    request: Request, call: Accounts, limit: Limit = None, cursor: Cursor = None
) -> Response:
    """Which accounts there are."""
    found = _administration(call).list_accounts(
        call.principal, call.organisation, origin_of(request)
    )
    now, most = call.house.clock.now(), call.settings.page_of(limit)
    known = {each.name: each for each in found}
    page, follows = page_among(cursor, _ACCOUNTS, {}, most, known)
    data = {"items": [account_data(each, now) for each in page], "next": follows}
    return answer(data, headers=next_link(request, {}, most, follows))


def _account(request: Request, name: Named, call: Accounts) -> Response:
    """One account, with the tag that a change of it has to name."""
    found = _administration(call).view_account(
        call.principal, call.organisation, name, origin_of(request)
    )
    data = view_data(found, call.house.clock.now())
    return answer(data, headers={"ETag": account_tag(call, name, found.mark)})


def _make_account(request: Request, call: Accounts, body: Body, key: Key = None) -> Response:
    """Make the account of a service or of an administrator."""
    form, origin = validate(told.NewAccount, body), change_of(request, body, key, call)
    make, by = _administration(call).make_account, call.principal
    return told_again(lambda: make(by, call.organisation, form.account, form.kind, origin))


def _link_external(
    request: Request,
    name: Named,
    call: Accounts,
    body: Body,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Say who somebody of the identity provider is, or no longer."""
    form = validate(told.ExternalIdentity, body)
    origin = for_account(call, change_of(request, body, key, call), name, if_match)
    administration = _administration(call)
    act = administration.link_external if form.linked else administration.unlink_external
    by, organisation = call.principal, call.organisation
    return told_again(lambda: act(by, organisation, name, form.issuer, form.subject, origin))


def _administer(
    request: Request,
    name: Named,
    act: told.Act,
    call: Accounts,
    body: Body,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """An act of an administrator on an account."""
    validate(told.Nothing, body)
    origin = for_account(call, change_of(request, body, key, call), name, if_match)
    administration = _administration(call)
    acts: Mapping[str, Callable[..., None]] = {
        "release": administration.release,
        "disable": administration.disable_account,
        "enable": administration.enable_account,
        "unlock": administration.unlock_account,
        "end-sessions": administration.end_sessions,
        "remove-second-factor": administration.remove_second_factor,
        "end-signing-key": call.house.identity.signing_keys.end,
    }
    by, organisation = call.principal, call.organisation
    if act != "link":
        return told_again(lambda: acts[act](by, organisation, name, origin))
    link = administration.make_link(by, organisation, name, origin)
    return answer(
        {
            "done": True,
            "link": f"{call.settings.address}/start/{link.token}",
            "expires_at": link.expires_at.isoformat(),
            "waits": link.waits,
        }
    )


def _events(
    request: Request,
    call: Events,
    after: Annotated[Whole, Query(ge=0, le=2**31 - 1)] = 0,
    limit: Limit = None,
) -> Response:
    """What happened to accounts, for the audit administrator."""
    most = call.settings.page_of(limit)
    found = _administration(call).view_security_events(
        call.principal, call.organisation, after, most, origin_of(request)
    )
    last = found[-1].seq if len(found) == most else None
    return answer({"items": [event_data(each) for each in found], "next": last})


def _policy(request: Request, call: Accounts) -> Response:
    """The numbers in force, for the security administrator."""
    _administration(call).admit("view_policy", call.principal, origin_of(request))
    settings = call.house.identity.settings
    data = [
        {
            "name": name,
            "value": each.value,
            "least": each.least,
            "most": each.most,
            "citations": [f"{one.instrument} {one.article}".strip() for one in each.citations],
        }
        for name, each in settings.settings.items()
    ]
    return answer({"version": settings.version.isoformat(), "settings": data})


def _administration(call: Call) -> Administration:
    return call.house.identity.administration


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """Instants as they are written in JSON."""
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in data.items()
    }
