"""Answers to questions, given again while nothing has changed of what they were made of.

What is kept and when it still holds is the engine's to say (`workflow.inquiry.memory`).  Here is
told what else an answer depends on: the address with its query, and the language.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from api.http.asking import reader
from api.http.door import Call
from api.identity.principal import Principal
from workflow.inquiry import Reader


@dataclass(frozen=True, slots=True)
class _Sent:
    """A good answer as it is sent."""

    body: bytes
    headers: Mapping[str, str]


def kept(request: Request, call: Call, make: Callable[[Call], Response]) -> Response:
    """What `make` answers, or answered before; it is given a call that knows no more than that."""
    reader(call.house, call.principal)  # whoever may ask nothing is told nothing that is kept

    def sent(asked: Reader) -> _Sent:
        alone = Principal(call.organisation, call.account)
        found = make(Call(call.door, alone, call.trace, call.area, reader=asked))
        return _Sent(bytes(found.body), dict(found.headers))

    scope = request.scope
    question = (scope["path"], scope["query_string"], call.trace.locale)
    found = call.door.memory.answer(
        call.organisation, call.account, question, sent, lambda each: len(each.body)
    )
    return Response(found.body, headers=dict(found.headers))
