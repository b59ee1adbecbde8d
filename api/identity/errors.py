"""What is said to somebody who is not let in, or who comes too late."""

from __future__ import annotations

from workflow.errors import Conflict, YichengError


class NotRecognised(YichengError):
    """Nobody is told more than that what they showed does not let them in."""


class DoneAlready(Conflict):
    """The change was made before under the same key; what it answered with is kept nowhere."""


class AccountChanged(Conflict):
    """The account is not as it was when the change was thought of."""
