"""What every request stands on: the program, who asks, in which language, within which limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from starlette.requests import Request
from starlette.types import Scope

from api.bootstrap import House
from api.http.asking import reader
from api.http.language import preferred
from api.http.metrics import Metrics
from api.http.pace import Pace
from api.http.settings import DoorSettings
from api.http.turnstile import Turnstile
from api.identity.principal import Authenticator, Principal
from notifications.scheduler import Scheduler
from workflow.catalogue import Catalogue, catalogue_for
from workflow.inquiry import Memory, Reader
from workflow.ports import Clock

_TRACE = "yicheng.trace"


@dataclass(frozen=True)
class Door:
    """The parts of one application."""

    house: House[Clock]
    authenticator: Authenticator
    settings: DoorSettings
    turnstile: Turnstile
    pace: Pace
    metrics: Metrics = field(default_factory=Metrics)
    scheduler: Scheduler | None = None

    @cached_property
    def memory(self) -> Memory:
        """Answers that were given before."""
        return self.house.memory(self.settings.kept_signs)


@dataclass(slots=True)
class Trace:
    """What is known of a request on its way, for its log line; filled in as it becomes known."""

    request_id: str
    locale: str
    path: str
    organisation: str | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The words in the language that the caller reads best."""
        return catalogue_for(self.locale)


@dataclass(frozen=True)
class Call:
    """A request by somebody who was recognised; `area` is what it asks for.

    `reader` is whom it asks where that is told, `client` the address that it comes from.
    """

    door: Door
    principal: Principal
    trace: Trace
    area: str
    mandate: int | None = None
    reader: Reader | None = None
    client: str = ""

    @property
    def house(self) -> House[Clock]:
        """The program."""
        return self.door.house

    @property
    def settings(self) -> DoorSettings:
        """The limits."""
        return self.door.settings

    @property
    def catalogue(self) -> Catalogue:
        """The words."""
        return self.trace.catalogue

    @property
    def organisation(self) -> str:
        """The organisation of the session or token; never one that the request names."""
        return self.principal.organisation

    @property
    def account(self) -> str:
        """The account that asks."""
        return self.principal.account

    @cached_property
    def ask(self) -> Reader:
        """The questions that this account may ask."""
        return reader(self.house, self.principal) if self.reader is None else self.reader

    def ask_with_names(self) -> Reader:
        """The same with personal data, for those who may see it.  Raises Forbidden."""
        return reader(self.house, self.principal, names=True)


def door_of(request: Request) -> Door:
    """The parts of the application that serves the request."""
    found = request.app.state.door
    if not isinstance(found, Door):
        raise TypeError("this application was not made by create_app")
    return found


def begin_trace(scope: Scope, request_id: str, accepted: str | None) -> Trace:
    """Begin to follow a request."""
    trace = scope[_TRACE] = Trace(request_id, preferred(accepted), _path(scope))
    return trace


def trace_of(request: Request) -> Trace:
    """What is known of the request so far."""
    found = request.scope[_TRACE]
    if not isinstance(found, Trace):
        raise TypeError("this request did not come through the doorway")
    return found


def _path(scope: Scope) -> str:
    """The address as it came, without its query."""
    raw = scope.get("raw_path")
    return raw.decode("latin-1").partition("?")[0] if raw else str(scope["path"])
