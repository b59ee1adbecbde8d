"""From a posted command to the choke point, and from its outcome to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from api.http.answering import (
    MATTER,
    MEETING,
    answer,
    conditions,
    matter_tag,
    meeting_tag,
    words_of,
)
from api.http.authentication import reauthenticated, second_factor
from api.http.door import Call
from api.http.errors import Stale
from api.http.etags import version_of
from api.http.idempotency import REPLAYED, bound_key, key_of
from api.http.problems import REFUSED, Problem, problem_of
from api.presenting.refusals import Refusals
from procedures.wording import Wording
from workflow.commands import CommandSpec
from workflow.errors import Conflict, NotFound, YichengError
from workflow.service import Outcome, Request
from workflow.service.choke import HIGHEST_VERSION


@dataclass(frozen=True, slots=True)
class Posted:
    """A command as it was posted, with what its address and its headers name."""

    spec: CommandSpec
    payload: Mapping[str, object]
    matter: str | None = None
    meeting: str | None = None
    mandate: int | None = None
    if_match: str | None = None


def request_of(call: Call, posted: Posted, key: str) -> Request:
    """The request to the engine, bound to the version that was named.

    Raises Unversioned and Stale; of a matter and a meeting together the matter's version counts.
    """
    version: int | None = None
    mark: str | None = None
    if posted.matter is not None:
        named = version_of(posted.if_match, call.organisation, MATTER, posted.matter)
        if not named.isdecimal() or not 0 < int(named) <= HIGHEST_VERSION:
            raise Stale("http.if_match_stale")
        version = int(named)
    elif posted.meeting is not None:
        mark = version_of(posted.if_match, call.organisation, MEETING, posted.meeting)
    return Request(
        organisation=call.organisation,
        command=posted.spec.name,
        actor=call.account,
        payload=posted.payload,
        matter=posted.matter,
        meeting=posted.meeting,
        key=key,
        expected_version=version,
        mandate=posted.mandate,
        expected_meeting=mark,
        second_factor=second_factor(call),
        reauthenticated=reauthenticated(call),
    )


def executed(call: Call, posted: Posted, key: str | None, *, made: str | None = None) -> Response:
    """Carry a command out; `made` is the address of what it makes, if it makes something."""
    _ = call.ask  # whoever may ask nothing may command nothing
    request = request_of(call, posted, bound_key(key, call.account))
    try:
        outcome = call.house.service.execute(request)
    except Conflict as error:
        raise with_own_key(error, key) from error
    call.door.metrics.commanded(posted.spec.name, outcome.status)
    headers = {REPLAYED: "true"} if outcome.replayed else {}
    if not outcome.done:
        found = refused(call, outcome, outcome.matter)
        return Problem(found.status, found.code, found.detail, found.more, headers).answer(
            call.trace
        )
    if tagged := _tag(call, outcome):
        headers["ETag"] = tagged
    if made is not None:
        headers["Location"] = made.format(name=outcome.matter or outcome.meeting)
    return answer(done_data(call, outcome), status=200 if made is None else 201, headers=headers)


def with_own_key(error: Conflict, key: str | None) -> Conflict:
    """The same with the key as the caller made it: they know nothing of the one that it became."""
    if "key" not in error.params:
        return error
    return Conflict(error.code, **{**error.params, "key": key_of(key)})


def done_data(call: Call, outcome: Outcome) -> dict[str, Any]:
    """What became of a command that was done, as `yicheng do --json` tells it."""
    told: list[dict[str, object]] = []
    if outcome.warnings:
        words = _words(call, outcome.matter)
        told = [words.as_data(each) for each in outcome.warnings]
    return outcome.to_json() | {"replayed": outcome.replayed, "words": told}


def refused(call: Call, outcome: Outcome, matter: str | None) -> Problem:
    """A refusal: every unmet condition with its law, its cure and its day."""
    told = conditions(_words(call, matter), outcome.refusals)
    detail = call.catalogue.text("http.refused", count=len(told))
    more = {
        "refusals": told,
        "entry": outcome.entry,
        "matter": outcome.matter,
        "meeting": outcome.meeting,
        "stage": outcome.stage,
        "version": outcome.version,
    }
    return Problem(409, REFUSED, detail, more)


def problem_data(call: Call, error: YichengError | Problem) -> dict[str, Any]:
    """A problem as a part of another answer."""
    found = error if isinstance(error, Problem) else problem_of(error, call.catalogue, call.door)
    return found.data(call.trace)


def _tag(call: Call, outcome: Outcome) -> str:
    """The tag of what was changed, so that the next change can name it."""
    if outcome.matter is not None and outcome.version is not None:
        return matter_tag(call, outcome.matter, outcome.version)
    if outcome.meeting is not None and not outcome.replayed:
        return meeting_tag(call, call.ask.convened(outcome.meeting).meeting)
    return ""


def _words(call: Call, matter: str | None) -> Refusals:
    """Words for a matter, or those of the organisation where the caller may not look at it."""
    if matter is None:
        return words_of(call)
    try:
        procedure, directory, facts, day = call.ask.words_for(matter)
    except NotFound:
        return words_of(call)
    wording = Wording(call.catalogue, procedure, directory)
    return Refusals(call.catalogue, wording, directory, facts, day)
