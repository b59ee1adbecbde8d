"""What the scheduler of a serving process wakes: the sweep, and the housekeeping."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Final

from api.bootstrap import House
from notifications.scheduler import SECONDS, Chore, Scheduler
from workflow.leadership import Leadership
from workflow.ports import Clock

#: Under this number processes take turns in leading the sweep.
SWEEPING: Final = 1
_QUARTER: Final = 900
_HALF_DAY: Final = 43_200


def scheduler_of(house: House[Clock]) -> Scheduler:
    """The scheduler of one process; not started yet."""
    return Scheduler(chores(house), Leadership(house.engine, SWEEPING))


def chores(house: House[Clock]) -> tuple[Chore, ...]:
    """Everything that is done without anybody asking for it."""
    return (
        Chore("sweep", SECONDS, house.sweep.run),
        *_delivering(house),
        Chore("checkpoints", _QUARTER, lambda: _checkpoints(house)),
        Chore("purge", _HALF_DAY, lambda: _purge(house)),
        Chore("files", _HALF_DAY, lambda: _sweep_files(house)),
    )


def _delivering(house: House[Clock]) -> Iterator[Chore]:
    """Handing over, and each channel by itself, so that one that hangs keeps up no other.

    Whoever serves does it, leading or not: what one worker has taken up no other does.
    """
    from api.founding import organisations

    out = house.delivering

    def everywhere(work: Callable[[str], object]) -> Callable[[], None]:
        def run() -> None:
            for code in organisations(house.uow):
                work(code)

        return run

    yield Chore("dispatch", SECONDS, everywhere(out.dispatch.run), leading=False)
    for name in out.channels:
        send = everywhere(partial(out.sending.run, channel=name))
        yield Chore(f"send {name}", SECONDS, send, leading=False)
    yield Chore("orphans", _QUARTER, everywhere(out.sending.drop_orphans))


def _checkpoints(house: House[Clock]) -> None:
    """Sign each journal whose period is over, where there is a key for it."""
    from api.founding import organisations

    signing = house.checkpointing
    if signing.keys.there():
        for code in organisations(house.uow):
            signing.make(code, only_if_due=True)


def _purge(house: House[Clock]) -> None:
    """Forget sessions, requests and events whose time to be kept is over."""
    from api.founding import organisations

    for code in organisations(house.uow):
        house.identity.purging.purge(None, code)


def _sweep_files(house: House[Clock]) -> None:
    """Let go of files that were never used and of what a crash left; forewarn of the next."""
    from api.founding import organisations

    for code in organisations(house.uow):
        house.filing.sweep(code)
