"""What the lifecycle of one procedure, with one step under test, depends on, and nothing else.

A `Shape` is read from a definition, from the engine's machine and from the engine's gate
(`prover_reader`); the states are then explored from the shape alone (`prover_world`).  So what is
equal here has the same states, whatever the definitions are called, cite or count, and is explored
once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final

from workflow.definition import Gate
from workflow.ports import StepState


class Reviewed(StrEnum):
    """How the text stands towards the review.

    COUNTED: the verdict was negative, and the definition lets it count as passed all the same.
    CHANGED: the text is no longer the one on which the last verdict was given.
    """

    NO_TEXT = "no_text"
    NOT_REVIEWED = "not_reviewed"
    NEGATIVE = "negative"
    COUNTED = "counted"
    CHANGED = "changed"
    PASSED = "passed"


class Reading(IntEnum):
    """How the text stands, as far as the engine sees it: it takes a counted one for passed."""

    NONE = 0
    UNREAD = 1
    OPEN = 2
    PASSED = 3


READING: Final[Mapping[Reviewed, Reading]] = {
    Reviewed.NO_TEXT: Reading.NONE,
    Reviewed.NOT_REVIEWED: Reading.UNREAD,
    Reviewed.NEGATIVE: Reading.OPEN,
    Reviewed.CHANGED: Reading.OPEN,
    Reviewed.COUNTED: Reading.PASSED,
    Reviewed.PASSED: Reading.PASSED,
}

#: The states of the step under test, in the order in which a mask has a bit for them.
_STANDS: Final = (
    StepState.PENDING,
    StepState.IN_PROGRESS,
    StepState.SATISFIED,
    StepState.WAIVED,
)


def bit_of(reading: Reading, stands: StepState) -> int:
    """The bit that a mask of refusals has for a matter that looks like this to the engine."""
    return 1 << (reading * len(_STANDS) + _STANDS.index(stands))


class Effect(StrEnum):
    """What an accepted command does to a matter besides its stage."""

    NOTHING = "nothing"
    FIRST_TEXT = "first_text"
    NEW_TEXT = "new_text"
    LAPSE = "lapse"
    SUBMIT = "submit"
    VERDICT = "verdict"
    CONFIRM = "confirm"
    ASK_WAIVER = "ask_waiver"
    RULE_WAIVER = "rule_waiver"
    WORK = "work"
    END = "end"
    UNDO = "undo"
    CORRECT = "correct"
    PAUSE = "pause"
    RESUME = "resume"
    WITHDRAW = "withdraw"
    TABLE = "table"
    UNTABLE = "untable"
    ADOPT = "adopt"
    ADOPT_ONWARD = "adopt_onward"
    AMEND = "amend"
    AMEND_AFTER = "amend_after"
    UNCONFIRM = "unconfirm"
    AS_DECIDED = "as_decided"
    RECHECK = "recheck"
    ISSUE = "issue"
    VOID = "void"
    CLOSE = "close"


#: Effects on the text and its review.
OF_TEXT: Final = frozenset(
    {
        Effect.FIRST_TEXT,
        Effect.NEW_TEXT,
        Effect.LAPSE,
        Effect.SUBMIT,
        Effect.VERDICT,
        Effect.CONFIRM,
        Effect.AS_DECIDED,
        Effect.RECHECK,
    }
)

#: Effects of what a meeting comes to.
OF_MEETING: Final = frozenset({Effect.ADOPT, Effect.ADOPT_ONWARD, Effect.AMEND})

#: Effects of the acts that ask a gate after the agenda, and of the one that takes the issue back.
OF_GATE: Final = frozenset({Effect.ISSUE, Effect.VOID, Effect.CLOSE})

#: Effects on the step under test.
OF_STEP: Final = frozenset(
    {
        Effect.ASK_WAIVER,
        Effect.RULE_WAIVER,
        Effect.WORK,
        Effect.END,
        Effect.UNDO,
        Effect.CORRECT,
    }
)


@dataclass(frozen=True, slots=True)
class Turn:
    """A command with one outcome, wherever it is given.

    `refused` and `held_up` are masks of what a matter may look like (`bit_of`): where the engine
    refuses the command, and where the step under test waits for another.  `undone`: a new text
    makes the work of the step lapse.  `bit` is that of the act in the work of the step, `shared`
    tells that other steps have the act as well.  `verdict` is how the text stands afterwards.
    """

    command: str
    outcome: str
    effect: Effect
    while_paused: bool
    refused: int
    held_up: int = 0
    undone: bool = False
    bit: int = 0
    shared: bool = False
    verdict: Reviewed = Reviewed.NO_TEXT


@dataclass(frozen=True, slots=True)
class Way:
    """A turn by its place in the shape, from one stage: where it leads, empty where it does not.

    `barred` is where the machine takes a matter although something stands against the command.
    """

    turn: int
    free: str
    barred: str


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the states of a matter depend on; `full` is the mask of all work of the step.

    `bodies` is how many have to adopt the matter.  `due` is the gate by which the step under test
    has to be done, None where there is none.
    """

    initial: str
    proposals: tuple[tuple[str, str], ...]
    ends: frozenset[str]
    turns: tuple[Turn, ...]
    ways: tuple[tuple[str, tuple[Way, ...]], ...]
    full: int
    bodies: int = 1
    due: Gate | None = None

    @property
    def goal(self) -> Effect:
        """What ends the longest way: closed, issued, or on the agenda where there is no more."""
        known = {turn.effect for turn in self.turns}
        return next((each for each in (Effect.CLOSE, Effect.ISSUE) if each in known), Effect.TABLE)
