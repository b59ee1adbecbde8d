"""Signing in by an identity provider: authorization code, PKCE, nonce, state (OpenID Connect).

What has to be remembered between going there and coming back is sealed and kept by the browser
that went; nobody else can come back with it.  Who comes back must have been linked to an account
beforehand: no account is made up.
"""

from __future__ import annotations

import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from api.identity.errors import NotRecognised
from api.identity.events import Kind, Origin, Reason
from api.identity.providers import REFUSED, Endpoints, Provider, discover, fetched
from api.identity.records import Account, Admitted
from api.identity.room import Core, Room
from api.identity.second_factors import factor_shown
from api.identity.signing_in import end_former
from workflow.errors import NotFound

UNLINKED: Final = "identity.external.nobody"
_BYTES: Final = 48


@dataclass(frozen=True, slots=True)
class Departure:
    """Where to send the browser, and what it must bring back in a cookie of its own."""

    address: str
    kept: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Return:
    """What the browser brings back: parameters of the provider's answer, and what it kept."""

    state: str
    code: str = field(repr=False)
    kept: str = field(repr=False)
    issuer: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """The provider named somebody whose second factor is asked for as well; `kept` as before."""

    kept: str = field(repr=False)


@dataclass(frozen=True)
class ExternalSignIn:
    """Ways in by a provider; None where none is configured."""

    core: Core
    provider: Provider | None

    def begin(self) -> Departure:
        """Start a sign-in.  Raises NotFound where no provider is configured, NotRecognised."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        provider = self._provider()
        kept = {name: secrets.token_urlsafe(_BYTES) for name in ("state", "nonce", "verifier")}
        address = prepare_grant_uri(
            discover(provider).authorization,
            client_id=provider.client_id,
            response_type="code",
            redirect_uri=provider.redirect_uri,
            scope=provider.scope,
            state=kept["state"],
            nonce=kept["nonce"],
            code_challenge=create_s256_code_challenge(kept["verifier"]),
            code_challenge_method="S256",
        )
        sealed = self.core.sealer.seal(json.dumps(kept).encode(), self.core.clock.now())
        return Departure(address, sealed)

    def finish(
        self, back: Return, origin: Origin, *, instead_of: str | None = None
    ) -> Admitted | Waiting:
        """Let in whom the provider names; who has a second factor with us shows it then.

        Else whoever links a subject to an account could come in as that account.  Raises
        NotRecognised where anything does not fit, or nobody was linked.
        """
        provider = self._provider()
        try:
            subject = self._subject(provider, back)
        except NotRecognised as error:
            raise self._refused(provider, error, origin) from error

        def work(room: Room) -> tuple[Admitted | Waiting] | NotRecognised:
            key = room.store.external(provider.issuer, subject)
            account = None if key is None else room.store.account_by_id(key)
            if account is not None and not room.store.external_released(provider.issuer, subject):
                reason = Reason.NOT_RELEASED
                return room.refused(Kind.EXTERNAL_SIGN_IN, account, reason, UNLINKED)
            if account is None:
                reason = Reason.EXTERNAL_UNLINKED
                return room.refused(Kind.EXTERNAL_SIGN_IN, None, reason, UNLINKED)
            factor = room.store.second_factor(account.id)
            if factor is not None and factor.confirmed_at is not None:
                kept = json.dumps({"waits": account.name}).encode()
                return (Waiting(self.core.sealer.seal(kept, room.now)),)
            found = _let_in(room, account, instead_of, None)
            return found if isinstance(found, NotRecognised) else (found,)

        (arrived,) = self.core.act(provider.organisation, origin, work)
        return arrived

    def second_factor(
        self, kept: str, code: str, origin: Origin, *, instead_of: str | None = None
    ) -> Admitted:
        """Show the second factor that `finish` waits for.  Raises NotRecognised."""
        provider = self._provider()
        name = self._opened(kept).get("waits")
        if name is None:
            raise NotRecognised(REFUSED)

        def work(room: Room) -> Admitted | NotRecognised:
            account = room.store.account(name)
            if account is None:
                return room.refused(Kind.EXTERNAL_SIGN_IN, None, Reason.UNKNOWN_ACCOUNT)
            shown = factor_shown(room, self.core, account, code, Kind.EXTERNAL_SIGN_IN)
            if shown is not True:
                return shown or room.refused(Kind.EXTERNAL_SIGN_IN, account, Reason.WRONG_CODE)
            return _let_in(room, account, instead_of, room.now)

        return self.core.act(provider.organisation, origin, work)

    def _refused(self, provider: Provider, error: NotRecognised, origin: Origin) -> NotRecognised:
        """The same error, once it is noted."""

        def note(room: Room) -> None:
            reason = Reason.EXTERNAL_REFUSED
            room.note(Kind.EXTERNAL_SIGN_IN, None, reason=reason, done=False)

        self.core.act(provider.organisation, origin, note)
        return error

    def _opened(self, kept: str) -> dict[str, str]:
        """What the browser kept for us; nothing of what we did not seal, or too long ago."""
        period = timedelta(minutes=self.core.policy.external_minutes)
        opened = self.core.sealer.open_within(kept, period, self.core.clock.now())
        found: dict[str, str] = {} if opened is None else json.loads(opened)
        return found

    def _subject(self, provider: Provider, back: Return) -> str:
        """Whom the provider names, once all that it says has been checked."""
        now = self.core.clock.now()
        kept = self._opened(back.kept)
        if "state" not in kept:
            raise NotRecognised(REFUSED)
        if not hmac.compare_digest(kept["state"].encode(), back.state.encode("utf-8", "replace")):
            raise NotRecognised(REFUSED)
        if back.issuer is not None and back.issuer != provider.issuer:
            raise NotRecognised(REFUSED)
        endpoints = discover(provider)
        told = fetched(
            "POST",
            endpoints.token,
            data={
                "grant_type": "authorization_code",
                "code": back.code,
                "redirect_uri": provider.redirect_uri,
                "code_verifier": kept["verifier"],
                **({} if provider.client_secret else {"client_id": provider.client_id}),
            },
            auth=(provider.client_id, provider.client_secret) if provider.client_secret else None,
        )
        return self._checked(provider, endpoints, told, kept["nonce"], now)

    def _checked(
        self,
        provider: Provider,
        endpoints: Endpoints,
        told: dict[str, Any],
        nonce: str,
        now: datetime,
    ) -> str:
        """The subject of an id_token: signed by this provider, for us, for this sign-in, lately."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet

        try:
            keys = KeySet.import_key_set(fetched("GET", endpoints.keys))  # type: ignore[arg-type]
            # The algorithms are those of the settings: a token cannot choose to be unsigned.
            token = jwt.decode(str(told.get("id_token")), keys, algorithms=provider.algorithms)
            claims = CodeIDToken(
                token.claims,
                token.header,
                {
                    "iss": {"essential": True, "value": provider.issuer},
                    "aud": {"essential": True, "value": provider.client_id},
                    "nonce": {"essential": True, "value": nonce},
                },
                {
                    "nonce": nonce,
                    "client_id": provider.client_id,
                    "access_token": told.get("access_token"),
                },
            )
            claims.validate(int(now.timestamp()), self.core.policy.external_leeway_seconds)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise NotRecognised(REFUSED) from error
        subject = claims["sub"]
        if not isinstance(subject, str) or not subject:
            raise NotRecognised(REFUSED)
        return subject

    def _provider(self) -> Provider:
        if self.provider is None:
            raise NotFound("identity.external.none")
        return self.provider


def _let_in(
    room: Room, account: Account, instead_of: str | None, second_factor: datetime | None
) -> Admitted | NotRecognised:
    if (barred := room.barred(account)) is not None:
        return room.refused(Kind.EXTERNAL_SIGN_IN, account, barred, UNLINKED)
    end_former(room, instead_of)
    room.note(Kind.EXTERNAL_SIGN_IN, account)
    return room.let_in(account, confirmed=None, second_factor=second_factor)
