"""What goes into the choke point and what comes out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from workflow.canonical import canonical, digest_of, plain, unmet_from_json, unmet_to_json
from workflow.refusals import Unmet
from workflow.signing import Shown

DONE, REFUSED = "done", "refused"


@dataclass(frozen=True, slots=True)
class Request:
    """One command as it comes in.

    `key` makes it act once however often it is sent.  `expected_version` is the version of the
    matter that the actor looked at, `expected_meeting` the mark of the meeting.  `mandate` is the
    id of the mandate under which the actor stands in for somebody.  `second_factor`: who asks has
    lately shown a second factor, as whoever knows the session says; what asks for one is refused
    without.  `reauthenticated`: how who asks was told apart anew, just before; what is signed is
    refused without.
    """

    organisation: str
    command: str
    actor: str
    payload: Mapping[str, object]
    matter: str | None = None
    meeting: str | None = None
    key: str | None = None
    expected_version: int | None = None
    mandate: int | None = None
    expected_meeting: str | None = None
    second_factor: bool = False
    reauthenticated: Shown | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request.

    `entry` is the number of its journal entry, `matter` and `meeting` what it was about (or made),
    `stage` and `version` how the matter stands after it, `result` what else the command made.
    `alerts` are the accounts alerted.  `warnings` are what it leaves unmet on other matters: it is
    done all the same.  `replayed`: the same request had been answered before.
    """

    status: str
    entry: int
    matter: str | None = None
    meeting: str | None = None
    stage: str | None = None
    version: int | None = None
    refusals: tuple[Unmet, ...] = ()
    result: Mapping[str, object] | None = None
    alerts: tuple[str, ...] = ()
    warnings: tuple[Unmet, ...] = ()
    replayed: bool = False

    @property
    def done(self) -> bool:
        """Whether the command was accepted."""
        return self.status == DONE

    def to_json(self) -> dict[str, object]:
        """The outcome as JSON types."""
        return {
            "status": self.status,
            "entry": self.entry,
            "matter": self.matter,
            "meeting": self.meeting,
            "stage": self.stage,
            "version": self.version,
            "refusals": [unmet_to_json(unmet) for unmet in self.refusals],
            "result": plain(self.result or {}),
            "alerts": list(self.alerts),
            "warnings": [unmet_to_json(unmet) for unmet in self.warnings],
        }


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of several requests that are to be done together or not at all.

    `outcomes` are in the order of the requests.  Unless all were `done` nothing was: then those
    that are refused have their refusals, and the others, which alone would have been done, None.
    """

    done: bool
    outcomes: tuple[Outcome | None, ...]


def fingerprint(request: Request) -> str:
    """The digest of what a request asks.

    The version that the actor saw is not part of it, nor what was shown of who asks.
    """
    asked = {
        "command": request.command,
        "actor": request.actor,
        "matter": request.matter,
        "meeting": request.meeting,
        "mandate": request.mandate,
        "payload": json.loads(json.dumps(request.payload, default=str)),
    }
    return digest_of(canonical(asked))


def outcome_from_json(told: Mapping[str, object]) -> Outcome:
    """The outcome of an earlier request, as it was kept."""
    refusals, alerts, result = told["refusals"], told["alerts"], told["result"]
    warnings = told.get("warnings", [])
    if not (isinstance(refusals, list) and isinstance(alerts, list) and isinstance(warnings, list)):
        raise TypeError("a kept outcome has lists of refusals, alerts and warnings")
    version = told["version"]
    return Outcome(
        status=str(told["status"]),
        entry=int(str(told["entry"])),
        matter=_name(told["matter"]),
        meeting=_name(told["meeting"]),
        stage=_name(told["stage"]),
        version=version if isinstance(version, int) else None,
        refusals=tuple(unmet_from_json(unmet) for unmet in refusals),
        result=result if isinstance(result, dict) and result else None,
        alerts=tuple(alerts),
        warnings=tuple(unmet_from_json(unmet) for unmet in warnings),
        replayed=True,
    )


def _name(value: object) -> str | None:
    return None if value is None else str(value)
