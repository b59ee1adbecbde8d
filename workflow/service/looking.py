"""What somebody may do now, asked without doing it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from workflow.commands import CORE, CommandSpec, Subject, every_command
from workflow.decisions.options import Option, options
from workflow.errors import NotFound
from workflow.ports import Payload
from workflow.service.requests import Request
from workflow.service.rulebook import Rulebook
from workflow.service.run import Asked, actor_of, scene_of
from workflow.signing import Shown
from workflow.store import Store

_ABOUT_MATTER = (Subject.MATTER, Subject.MATTER_AND_MEETING)


def options_of(book: Rulebook, store: Store, request: Request, day: date) -> tuple[Option, ...]:
    """Every command about the matter, the meeting or the organisation that the request names.

    Raises NotFound for a matter, meeting, person or mandate that there is not.
    """
    stored = None if request.matter is None else store.seen(request.matter)
    if request.matter is not None and stored is None:
        raise NotFound("unknown.matter", matter=request.matter)
    meeting = None if request.meeting is None else store.meeting(request.meeting, lock=False)
    if request.meeting is not None and meeting is None:
        raise NotFound("unknown.meeting", meeting=request.meeting)
    # The password is shown once more when it comes to that; that it has to be keeps nobody away.
    request = replace(request, reauthenticated=request.reauthenticated or Shown.PASSWORD)
    asked = Asked(request, CORE["pause"], Payload())
    scene = scene_of(book, store, asked, stored, meeting, day)
    specs = tuple(_about(book, request))
    if request.mandate is None:
        return options(scene, specs)
    # A mandate may be for some commands only.
    return tuple(
        option
        for spec in specs
        for option in options(
            replace(
                scene,
                actor=actor_of(replace(request, command=spec.name), scene.directory, day),
            ),
            (spec,),
        )
    )


def _about(book: Rulebook, request: Request) -> Iterator[CommandSpec]:
    wanted = (
        _ABOUT_MATTER
        if request.matter is not None
        else (Subject.MEETING,)
        if request.meeting is not None
        else (Subject.ORGANISATION,)
    )
    return (spec for spec in every_command(book.kinds).values() if spec.subject in wanted)
