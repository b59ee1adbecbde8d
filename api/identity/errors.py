"""What is said to somebody who is not let in."""

from __future__ import annotations

from workflow.errors import YichengError


class NotRecognised(YichengError):
    """Nobody is told more than that what they showed does not let them in."""

    exit_status = 6
