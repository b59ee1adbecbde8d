"""The program with a clock that stands still: `python -m tests.e2e.standing_still WORDS…`."""

from __future__ import annotations

import os
from datetime import datetime

from api.cli import main
from workflow.clock import SystemClock

VARIABLE = "YICHENG_TEST_CLOCK"


def stand_still() -> None:
    """Have the program's clock show one moment, that of the environment."""
    moment = datetime.fromisoformat(os.environ[VARIABLE])
    setattr(SystemClock, "now", lambda _: moment)  # noqa: B010 (a method, for the type checker)


if __name__ == "__main__":
    stand_still()
    main()
