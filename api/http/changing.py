"""Changes of identity: each under a key, once; what it answered with is kept nowhere.

An answer that holds nothing secret follows from the request, and is given again as it was.  One
that holds a secret (a session, a link, a token) was for whoever asked first: 409 from then on.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from api.http.answering import answer
from api.http.authentication import client_of
from api.http.door import Call, Door, door_of, trace_of
from api.http.etags import ACCOUNT, tag, version_of
from api.http.idempotency import REPLAYED, key_of
from api.identity.errors import DoneAlready
from api.identity.events import Once, Origin
from api.identity.identity import Identity
from workflow.canonical import digest_of

_NOBODY: Final = ("", "")


def origin_of(request: Request) -> Origin:
    """Where a question comes from, for the security events."""
    return Origin(client_of(request), trace_of(request).request_id)


def change_of(
    request: Request, body: Mapping[str, object], key: str | None, call: Call | None = None
) -> Origin:
    """Where a change comes from, bound to its key, to whoever asks for it and to what is asked.

    Raises BadRequest where there is no key, or one that is too short to be one's own.
    """
    shown = key_of(key)
    who = _NOBODY if call is None else (call.organisation, call.account)
    asked = json.dumps([request.url.path, *who, body], sort_keys=True, ensure_ascii=False)
    once = Once(shown, digest_of("\n".join((*who, shown))), _identity(request, call).prints(asked))
    return replace(origin_of(request), once=once)


def for_account(call: Call, origin: Origin, name: str, if_match: str | None) -> Origin:
    """The same for an account as it was seen.  Raises Unversioned, BadRequest, Stale."""
    return replace(origin, mark=version_of(if_match, call.organisation, ACCOUNT, name))


def account_tag(call: Call, name: str, mark: str) -> str:
    """The entity tag of an account."""
    return tag(call.organisation, ACCOUNT, name, mark)


def told_again(work: Callable[[], object]) -> Response:
    """Do a change whose answer holds nothing secret."""
    try:
        work()
    except DoneAlready:
        return answer({"done": True}, headers={REPLAYED: "true"})
    return answer({"done": True})


def _identity(request: Request, call: Call | None) -> Identity:
    door: Door = door_of(request) if call is None else call.door
    return door.house.identity
