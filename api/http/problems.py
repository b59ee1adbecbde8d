"""Problem details (RFC 9457): what went wrong, in the caller's language, and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from api.http.door import Door, Trace, door_of, trace_of
from api.http.errors import BadRequest, DoorError, NoSuchMethod, NoSuchPlace
from api.http.logs import log_trouble
from api.identity.errors import NotRecognised
from api.presenting.values import as_data
from workflow.catalogue import Catalogue, Said
from workflow.errors import BadInput, Conflict, Forbidden, NotFound, StoreTrouble, YichengError
from workflow.explaining.paths import Path
from workflow.validation import BadPayload

MEDIA: Final = "application/problem+json"
REFUSED: Final = "refused"
FAULT: Final = "fault"
FAULTS: Final = 500

_CHANGED: Final = frozenset({"conflict.matter_changed", "conflict.meeting_changed"})
_TOO_LARGE: Final = "file.too_large"
_STALE: Final = frozenset({*_CHANGED, "identity.account_changed"})
_KEY_REUSED: Final = "request.key_reused"
_STATUS: Final[Sequence[tuple[type[YichengError], int]]] = (
    (NotRecognised, 401),
    (NotFound, 404),
    (Forbidden, 403),
    (Conflict, 409),
    (BadInput, 422),
    (StoreTrouble, 503),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem before it is an answer; `more` are members of its own kind."""

    status: int
    code: str
    detail: str
    more: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def data(self, trace: Trace) -> dict[str, Any]:
        """The members of the problem."""
        return {
            "type": type_of(self.code),
            "title": title_of(trace.catalogue, self.status, self.code),
            "status": self.status,
            "detail": self.detail,
            "instance": trace.path,
            "code": self.code,
            "request_id": trace.request_id,
            **self.more,
        }

    def answer(self, trace: Trace) -> Response:
        """The problem as an answer."""
        told = json.dumps(self.data(trace), ensure_ascii=False, separators=(",", ":"))
        return Response(told, self.status, dict(self.headers), MEDIA)


def type_of(code: str) -> str:
    """Where a kind of problem is explained, relative to the door."""
    return f"/problems/{code}"


def title_of(catalogue: Catalogue, status: int, code: str) -> str:
    """A kind of problem in a few words."""
    own = f"http.title.{code}"
    return catalogue.text(own if own in catalogue else f"http.title.status_{status}")


def problem_of(error: YichengError, catalogue: Catalogue, door: Door) -> Problem:
    """THE place where an error of ours becomes a status, a code and words."""
    status = status_of(error)
    more: dict[str, Any] = {}
    headers: dict[str, str] = {}
    code, detail = error.code, catalogue.tell(error)
    match error:
        case DoorError():
            headers.update(error.headers)
        case NotRecognised():
            headers["WWW-Authenticate"] = "Bearer"
        case BadPayload():
            more["errors"] = [_finding(each.path, each, catalogue) for each in error.findings]
        case Conflict() if code in _CHANGED:
            more["changes"] = as_data(error.params.get("changes", ()), catalogue)
            more["current_version"] = error.params.get("version")
        case StoreTrouble():
            # Where the database lies is not for everybody to know; of files nothing of it is told.
            if not code.startswith("file."):
                detail = catalogue.text("http.store_trouble")
            headers["Retry-After"] = str(door.settings.retry_seconds)
        case _:
            pass
    return Problem(status, code, detail, more, headers)


def status_of(error: YichengError) -> int:
    """The HTTP status of an error of ours.

    Every change names a version, so that somebody else's change is a precondition that failed.
    """
    if isinstance(error, DoorError):
        return error.status
    if error.code in _STALE:
        return 412
    if error.code == _TOO_LARGE:
        return 413
    if error.code == _KEY_REUSED:
        return 422
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def _finding(path: Path, said: Any, catalogue: Catalogue) -> dict[str, Any]:  # noqa: ANN401
    return {
        "pointer": pointer(path),
        "code": said.code,
        "message": catalogue.tell(Said(said.code, said.params)),
    }


def pointer(path: Path) -> str:
    """A place in a payload as a JSON Pointer (RFC 6901)."""
    return "".join(f"/{str(each).replace('~', '~0').replace('/', '~1')}" for each in path)


def of_parameters(error: RequestValidationError, catalogue: Catalogue) -> Problem:
    """What is wrong with the path or the query."""
    told = [
        {
            "in": str(each["loc"][0]),
            "parameter": str(each["loc"][-1]),
            "code": f"parameter.{each['type']}",
            "message": catalogue.text("http.parameter", name=str(each["loc"][-1])),
        }
        for each in error.errors()
    ]
    names = tuple(dict.fromkeys(each["parameter"] for each in told))
    return Problem(
        422, "http.parameters", catalogue.text("http.parameters", names=names), {"errors": told}
    )


async def on_error(request: Request, error: Exception) -> Response:
    """The answer to an error of ours."""
    if not isinstance(error, YichengError):
        raise error
    if status_of(error) >= FAULTS and not isinstance(error, StoreTrouble):
        # A mistake of the program's own is nobody else's to read.
        raise error
    trace = trace_of(request)
    found = problem_of(error, trace.catalogue, door_of(request))
    if isinstance(error, StoreTrouble):
        log_trouble(trace.request_id, route_of(request), error.code)
    return found.answer(trace)


async def on_parameters(request: Request, error: Exception) -> Response:
    """The answer to a path or query that does not fit."""
    if not isinstance(error, RequestValidationError):
        raise error
    trace = trace_of(request)
    return of_parameters(error, trace.catalogue).answer(trace)


async def on_http(request: Request, error: Exception) -> Response:
    """The answer to an address or a method that is not there."""
    if not isinstance(error, HTTPException):
        raise error
    trace, door = trace_of(request), door_of(request)
    ours: DoorError
    match error.status_code:
        case 404:
            ours = NoSuchPlace("http.no_such_place")
        case 405:
            ours = NoSuchMethod("http.no_such_method")
        case _:
            ours = BadRequest("http.bad_request")
    found = problem_of(ours, trace.catalogue, door)
    answer = found.answer(trace)
    if isinstance(ours, NoSuchMethod) and error.headers:
        answer.headers.update(error.headers)
    return answer


def fault(trace: Trace) -> Response:
    """The answer to what nobody foresaw: the id to ask for, and nothing else."""
    detail = trace.catalogue.text("http.fault", id=trace.request_id)
    return Problem(500, FAULT, detail).answer(trace)


def route_of(request: Request) -> str:
    """The pattern of the address, never the address itself."""
    return str(getattr(request.scope.get("route"), "path", "-"))
