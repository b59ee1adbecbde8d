"""The one door to the scheduler library: it wakes work that is due, and knows nothing of it.

What is woken says for itself what is due, so that a run too many does no harm and a run too few
only costs time.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from workflow.leadership import Leadership

#: What is due is looked for so often; another process takes the lead within this.
SECONDS: Final = 2

log = logging.getLogger("yicheng.scheduler")


@dataclass(frozen=True, slots=True)
class Chore:
    """Work that is woken every so many seconds; `leading`: by the process that leads alone."""

    name: str
    seconds: float
    work: Callable[[], object]
    leading: bool = True


class Scheduler:
    """Wakes chores in threads of its own until it is stopped."""

    def __init__(self, chores: Sequence[Chore], leadership: Leadership) -> None:
        self._chores = tuple(chores)
        self._leadership = leadership
        self._lock = Lock()
        self._leads = False
        self._failing: dict[str, str] = {}
        self._clockwork = BackgroundScheduler(
            timezone="UTC", executors={"default": ThreadPoolExecutor(max(2, len(chores)))}
        )

    def start(self) -> None:
        """Begin."""
        for chore in self._chores:
            self._clockwork.add_job(
                self.wake,
                "interval",
                args=(chore,),
                seconds=chore.seconds,
                id=chore.name,
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        self._clockwork.start()

    def stop(self) -> None:
        """End; what is being worked on is finished, and another may lead."""
        if self._clockwork.running:
            self._clockwork.shutdown(wait=True)
        with self._lock:
            self._leads = False
            self._leadership.release()

    @property
    def leads(self) -> bool:
        """Whether this process led when something was last woken."""
        return self._leads

    @property
    def failing(self) -> tuple[str, ...]:
        """The chores whose last run failed."""
        return tuple(self._failing)

    def wake(self, chore: Chore) -> None:
        """Do a chore once, if it is this process's to do; what goes wrong is told, not raised."""
        try:
            if chore.leading and not self._lead():
                return
            chore.work()
        except Exception as error:  # noqa: BLE001 (the next run must come whatever this one met)
            self._failing[chore.name] = type(error).__name__
            log.warning("chore failed", extra={"chore": chore.name, "error": type(error).__name__})
        else:
            self._failing.pop(chore.name, None)

    def _lead(self) -> bool:
        # The connection of the lock is one, and chores run in several threads.
        with self._lock:
            self._leads = self._leadership.held()
            return self._leads
