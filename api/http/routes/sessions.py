"""Signing in and out, passwords, one-time links, the second factor: what one does for oneself."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Depends, Request
from starlette.responses import Response

from api.http import csrf
from api.http.answering import answer
from api.http.authentication import asked
from api.http.changing import change_of, told_again
from api.http.door import Call, Door, door_of, trace_of
from api.http.errors import CrossSite, NotAuthenticated
from api.http.idempotency import key_of
from api.http.problems import problem_of
from api.http.routes.commanding import Body
from api.http.shapes import identity as told
from api.http.table import Key, Table
from api.identity import external
from api.identity.errors import NotRecognised
from api.identity.identity import Identity
from api.identity.records import Admitted
from api.identity.second_factors import FACTOR_WANTED
from api.identity.signing_in import Credentials
from workflow.validation import validate

Own = Annotated[Call, Depends(asked("session"))]
_EXTERNAL: Final = "__Host-yicheng-external"
_HERE: Final = "/api/v1/session"


def add(table: Table) -> None:
    """Enter what one does for oneself."""
    table.open_post(_HERE, "sign_in", told.Session, _sign_in, sent(told.Credentials))
    table.open_post(
        "/api/v1/password", "replace_password", told.Done, _replace, sent(told.Replacement)
    )
    table.open_post(
        "/api/v1/links/opening", "open_link", told.Opened, _open, sent(told.OneTimeLink)
    )
    table.open_post(
        "/api/v1/links/redemption", "redeem_link", told.Done, _redeem, sent(told.Redemption)
    )
    table.open_post(
        "/api/v1/external", "begin_external", told.SentElsewhere, _begin, sent(told.Nothing)
    )
    table.open_post(
        "/api/v1/external/return",
        "finish_external",
        told.Session,
        _finish,
        sent(told.ExternalReturn),
    )
    table.open_post(
        "/api/v1/external/second-factor",
        "show_external_second_factor",
        told.Session,
        _external_factor,
        sent(told.Code),
    )
    table.get(_HERE, "session", "session", told.Session, _session)
    for path, name, model, endpoint, form in (
        ("/end", "sign_out", told.Done, _sign_out, told.Nothing),
        ("/confirmation", "confirm_password", told.Session, _confirm, told.Password),
        ("/password", "change_password", told.Session, _change, told.PasswordChange),
        ("/second-factor", "show_second_factor", told.Session, _show, told.Code),
        ("/second-factor/enrolment", "enrol_second_factor", told.Enrolment, _enrol, told.Nothing),
        ("/second-factor/confirmation", "confirm_second_factor", told.Session, _first, told.Code),
    ):
        table.post(f"{_HERE}{path}", name, "session", model, endpoint, body=sent(form))


def sent(form: type[told.Sent]) -> dict[str, Any]:
    """How a body is described."""
    schema = form.model_json_schema()
    return {
        "required": bool(form.model_fields),
        "content": {"application/json": {"schema": schema}},
    }


def cookie_of(request: Request) -> str:
    """The token of the session.  Raises NotAuthenticated for whoever came with a service token."""
    found = request.cookies.get(csrf.COOKIE)
    if found is None:
        raise NotAuthenticated("http.not_authenticated")
    return found


def ours(request: Request) -> Door:
    """The door, for a page of ours: else somebody could be signed in as somebody else."""
    door = door_of(request)
    own = door.settings.origin or f"{request.url.scheme}://{request.url.netloc}".lower()
    origin, site = request.headers.get("origin"), request.headers.get("sec-fetch-site")
    if (origin is not None and origin.lower() != own) or site not in (None, "same-origin", "none"):
        raise CrossSite("http.cross_site")
    return door


def identity_of(door: Door) -> Identity:
    """Who somebody is."""
    return door.house.identity


def _admitted(request: Request, found: Admitted) -> Response:
    """Who was let in, with the session's cookie: no script reads it, no other site sends it."""
    who = found.principal
    done = answer(_data(door_of(request), who.organisation, who.account, found, found.csrf))
    _keep(done, csrf.COOKIE, found.token)
    return done


def _data(
    door: Door, organisation: str, account: str, found: Admitted, proof: str
) -> dict[str, Any]:
    who = found.principal
    return {
        "organisation": organisation,
        "account": account,
        "administrator": None if who.administrator is None else who.administrator.value,
        "csrf": proof,
        "confirmed_at": _when(who.confirmed_at),
        "second_factor_at": _when(who.second_factor_at),
        "notices": [
            {"at": at.isoformat(), "kind": kind} for at, kind in identity_of(door).notices(who)
        ],
    }


def _when(at: Any) -> str | None:  # noqa: ANN401 (an instant or none)
    return None if at is None else at.isoformat()


def _keep(response: Response, name: str, value: str, *, strict: bool = False) -> None:
    response.set_cookie(
        name, value, path="/", secure=True, httponly=True, samesite="strict" if strict else "lax"
    )


def _sign_in(request: Request, body: Body, key: Key = None) -> Response:
    """Sign in with a password."""
    door, form = ours(request), validate(told.Credentials, body)
    shown = Credentials(form.organisation, form.account, form.password, form.code)
    before = request.cookies.get(csrf.COOKIE)
    signing_in = identity_of(door).signing_in
    return _admitted(
        request, signing_in.sign_in(shown, change_of(request, body, key), instead_of=before)
    )


def _replace(request: Request, body: Body, key: Key = None) -> Response:
    """Change a password that expired."""
    door, form = ours(request), validate(told.Replacement, body)
    shown = Credentials(form.organisation, form.account, form.password, form.code)
    passwords, origin = identity_of(door).passwords, change_of(request, body, key)
    return told_again(lambda: passwords.replace(shown, form.new_password, origin))


def _open(request: Request, body: Body, key: Key = None) -> Response:
    """What a one-time link is for."""
    form = validate(told.OneTimeLink, body)
    key_of(key)
    found = identity_of(ours(request)).passwords.open(form.token)
    return answer(
        {
            "organisation": found.organisation,
            "account": found.account,
            "expires_at": _when(found.expires_at),
            "waits": found.waits,
        }
    )


def _redeem(request: Request, body: Body, key: Key = None) -> Response:
    """Set a password by a one-time link."""
    form = validate(told.Redemption, body)
    passwords = identity_of(ours(request)).passwords
    origin = change_of(request, body, key)
    return told_again(lambda: passwords.redeem(form.token, form.new_password, origin))


def _begin(request: Request, body: Body, key: Key = None) -> Response:
    """Begin to sign in by the identity provider."""
    validate(told.Nothing, body)
    key_of(key)
    departure = identity_of(ours(request)).external.begin()
    done = answer({"address": departure.address})
    _keep(done, _EXTERNAL, departure.kept)
    return done


def _finish(request: Request, body: Body, key: Key = None) -> Response:
    """Come back from the identity provider."""
    door, form = ours(request), validate(told.ExternalReturn, body)
    back = external.Return(form.state, form.code, request.cookies.get(_EXTERNAL, ""), form.iss)
    before = request.cookies.get(csrf.COOKIE)
    found = identity_of(door).external.finish(
        back, change_of(request, body, key), instead_of=before
    )
    if isinstance(found, external.Waiting):
        wanted = problem_of(NotRecognised(FACTOR_WANTED), trace_of(request).catalogue, door)
        waiting = wanted.answer(trace_of(request))
        _keep(waiting, _EXTERNAL, found.kept)
        return waiting
    return _arrived(request, found)


def _external_factor(request: Request, body: Body, key: Key = None) -> Response:
    """Show the second factor after coming back from the identity provider."""
    door, form = ours(request), validate(told.Code, body)
    kept, before = request.cookies.get(_EXTERNAL, ""), request.cookies.get(csrf.COOKIE)
    way = identity_of(door).external
    return _arrived(
        request,
        way.second_factor(kept, form.code, change_of(request, body, key), instead_of=before),
    )


def _arrived(request: Request, found: Admitted) -> Response:
    done = _admitted(request, found)
    done.delete_cookie(_EXTERNAL, path="/", secure=True, httponly=True)
    return done


def _session(request: Request, call: Own) -> Response:
    """Who is signed in."""
    token = cookie_of(request)
    proof = call.door.authenticator.csrf(token)
    found = Admitted(token, proof, call.principal)
    return answer(_data(call.door, call.organisation, call.account, found, proof))


def _sign_out(request: Request, call: Own, body: Body, key: Key = None) -> Response:
    """Sign out."""
    validate(told.Nothing, body)
    identity_of(call.door).signing_in.sign_out(
        cookie_of(request), change_of(request, body, key, call)
    )
    done = answer({"done": True}, headers={"Clear-Site-Data": '"cookies", "storage"'})
    done.delete_cookie(csrf.COOKIE, path="/", secure=True, httponly=True)
    return done


def _confirm(request: Request, call: Own, body: Body, key: Key = None) -> Response:
    """Show one's password once more."""
    form, token = validate(told.Password, body), cookie_of(request)
    signing_in = identity_of(call.door).signing_in
    return _admitted(
        request,
        signing_in.confirm_password(token, form.password, change_of(request, body, key, call)),
    )


def _change(request: Request, call: Own, body: Body, key: Key = None) -> Response:
    """Change one's password."""
    form, token = validate(told.PasswordChange, body), cookie_of(request)
    passwords = identity_of(call.door).passwords
    origin = change_of(request, body, key, call)
    return _admitted(request, passwords.change(token, form.password, form.new_password, origin))


def _show(request: Request, call: Own, body: Body, key: Key = None) -> Response:
    """Show one's second factor."""
    form, token = validate(told.Code, body), cookie_of(request)
    origin = change_of(request, body, key, call)
    return _admitted(request, identity_of(call.door).second_factors.show(token, form.code, origin))


def _enrol(request: Request, call: Own, body: Body, key: Key = None) -> Response:
    """Enrol a second factor."""
    validate(told.Nothing, body)
    origin = change_of(request, body, key, call)
    found = identity_of(call.door).second_factors.enrol(cookie_of(request), origin)
    return answer({"address": found.address, "secret": found.secret})


def _first(request: Request, call: Own, body: Body, key: Key = None) -> Response:
    """Confirm a second factor by its first code."""
    form, token = validate(told.Code, body), cookie_of(request)
    factors = identity_of(call.door).second_factors
    return _admitted(
        request, factors.confirm(token, form.code, change_of(request, body, key, call))
    )
