"""An identity provider (OpenID Connect): what is configured of it, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit

import httpx
from pydantic import AfterValidator

from api.identity.errors import NotRecognised
from procedures.schema import Strict
from procedures.source import parse, read
from workflow.errors import BadInput
from workflow.texts import Line, Name, fault

REFUSED: Final = "identity.external.refused"

_DISCOVERY: Final = "/.well-known/openid-configuration"
_SECONDS: Final = 10.0
_MOST_BYTES: Final = 256 * 1024


def _safe(address: str) -> str:
    if not is_safe(address):
        raise fault("identity.external.address", address=address)
    return address


_Address = Annotated[Line, AfterValidator(_safe)]


class ProviderForm(Strict):
    """The file that YICHENG_OIDC_FILE names; the secret stands in a file of its own."""

    organisation: Name
    issuer: _Address
    client_id: Line
    client_secret_file: Line | None = None
    redirect_uri: _Address
    scope: Line = "openid"
    algorithms: tuple[Line, ...] = ("RS256", "PS256", "ES256", "EdDSA")


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as it is configured, for the people of one organisation."""

    organisation: str
    issuer: str
    client_id: str
    redirect_uri: str
    client_secret: str | None = field(default=None, repr=False)
    scope: str = "openid"
    algorithms: tuple[str, ...] = ("RS256", "PS256", "ES256", "EdDSA")


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Where a provider says that its doors are."""

    authorization: str
    token: str
    keys: str


def is_safe(address: str) -> bool:
    """Whether what goes there cannot be read on the way: https, or this machine itself."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return False
    if parts.scheme == "https" and host and not parts.username:
        return True
    return parts.scheme == "http" and _loopback(host) and not parts.username


def load_provider(path: Path) -> Provider:
    """Read a provider's settings.  Raises SourceError, BadInput for a secret that is not there.

    No algorithm by which whoever has the client's own secret, or nobody, could sign is taken.
    """
    form = parse(read(path), ProviderForm)
    if weak := [each for each in form.algorithms if each[:2] not in ("RS", "PS", "ES", "Ed")]:
        raise BadInput("identity.external.algorithms", algorithms=weak)
    secret = None
    if form.client_secret_file is not None:
        file = path.parent / form.client_secret_file
        try:
            secret = file.read_text("utf-8").strip()
        except (OSError, ValueError) as error:
            raise BadInput("identity.external.secret", file=str(file)) from error
    return Provider(
        organisation=form.organisation,
        issuer=form.issuer,
        client_id=form.client_id,
        redirect_uri=form.redirect_uri,
        client_secret=secret,
        scope=form.scope,
        algorithms=form.algorithms,
    )


def discover(provider: Provider) -> Endpoints:
    """Ask a provider where its doors are.

    Raises NotRecognised where it does not answer, says that it is somebody else, or has doors
    that others could listen at.
    """
    told = fetched("GET", provider.issuer.rstrip("/") + _DISCOVERY)
    doors = [told.get(f"{name}") for name in ("authorization_endpoint", "token_endpoint")]
    doors.append(told.get("jwks_uri"))
    if told.get("issuer") != provider.issuer:
        raise NotRecognised(REFUSED)
    safe = [door for door in doors if isinstance(door, str) and is_safe(door)]
    if len(safe) != len(doors):
        raise NotRecognised(REFUSED)
    return Endpoints(*safe)


def fetched(method: str, address: str, **given: Any) -> dict[str, Any]:  # noqa: ANN401 (httpx's)
    """What a provider answers, as an object of JSON; follows no one elsewhere.

    Raises NotRecognised where it does not answer, or something else.
    """
    try:
        with (
            httpx.Client(timeout=_SECONDS, trust_env=False) as client,
            client.stream(method, address, **given) as answer,
        ):
            content = b""
            for part in answer.iter_bytes():
                content += part
                if len(content) > _MOST_BYTES:
                    raise NotRecognised(REFUSED)
            answer.raise_for_status()
            found = httpx.Response(answer.status_code, content=content).json()
    except (httpx.HTTPError, ValueError) as error:
        raise NotRecognised(REFUSED) from error
    if not isinstance(found, dict):
        raise NotRecognised(REFUSED)
    return found


def _loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
