"""One line of JSON per request: what was asked and how it ended, of whom no word.

Neither account nor body nor query stands in it, and the address only as the route's pattern: what
people wrote cannot get into a log, and no line break can make two lines of one.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from pythonjsonlogger.json import JsonFormatter

from workflow.errors import YichengError

LOGGER: Final = logging.getLogger("yicheng.http")
#: Of what runs beside the door: which chore failed, and of what.
_BESIDE: Final = ("yicheng.scheduler", "yicheng.sweep")

_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Served:
    """A request that was answered; `seconds` is how long it took."""

    request_id: str
    method: str
    route: str
    status: int
    seconds: float
    organisation: str | None = None


def known_method(method: str) -> str:
    """The method, or that it is none that we know: whatever is sent there stays out of logs."""
    return method if method in _METHODS else "OTHER"


def log(served: Served) -> None:
    """Write the line."""
    LOGGER.info(
        "request",
        extra={
            "request_id": served.request_id,
            "method": known_method(served.method),
            "route": served.route,
            "status": served.status,
            "duration_ms": round(served.seconds * 1000, 3),
            "organisation": served.organisation,
        },
    )


def log_fault(request_id: str, route: str, error: BaseException) -> None:
    """What nobody foresaw: where it happened, for whoever maintains the program.

    The text of the error may hold what somebody wrote, so only its kind and its way are told.
    """
    way = []
    trace = error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        way.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    LOGGER.error(
        "fault",
        extra={
            "request_id": request_id,
            "route": route,
            "kind": type(error).__name__,
            "code": getattr(error, "code", None) if isinstance(error, YichengError) else None,
            "trace": way,
        },
    )


def log_trouble(request_id: str, route: str, code: str) -> None:
    """The database's trouble, by its code; its address stays here."""
    LOGGER.warning("trouble", extra={"request_id": request_id, "route": route, "code": code})


def to_standard_error() -> None:
    """Have the lines written to the error output, once."""
    if LOGGER.handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(
        JsonFormatter(
            "{asctime}{levelname}{message}",
            style="{",
            rename_fields={"asctime": "at", "levelname": "level", "message": "event"},
            json_ensure_ascii=True,
        )
    )
    for logger in (LOGGER, *map(logging.getLogger, _BESIDE)):
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        logger.propagate = False
