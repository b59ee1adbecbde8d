"""What is filed of a meeting: its opening, what is said and voted on each item, its minutes."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StrictInt

from workflow.ballot import Vote
from workflow.idle import Told, ToldIfAny, ToldLine
from workflow.ports import Payload
from workflow.texts import Day, Line, Name, Prose


class Leave(Payload):
    """A member who is due and has asked leave."""

    person: Name
    reason: ToldLine


class Reason(StrEnum):
    """Why a meeting that was convened does not sit."""

    POSTPONED = "postponed"
    NO_QUORUM = "no_quorum"
    NOT_NEEDED = "not_needed"


class CancelMeeting(Payload):
    """Call a convened meeting off; whatever is on its agenda leaves it, to be listed anew.

    One that is put off to another day is convened anew, with a notice of its own.  `present` are
    the members who came, where too few came for a quorum.
    """

    cause: Reason
    reasons: Prose
    present: tuple[Name, ...] = ()


class OpenMeeting(Payload):
    """Open a meeting that was convened for a day: who is in the chair, there, or on leave.

    `present`, `leave` and `absent` (without leave) together name everybody who is due to attend;
    `attending` sit in without a vote (列席).  `recorder` is the dedicated recorder, who is no
    member.
    """

    held_on: Day
    chair: Name
    recorder: Name
    present: Annotated[tuple[Name, ...], Field(min_length=1)]
    leave: tuple[Leave, ...] = ()
    absent: tuple[Name, ...] = ()
    attending: tuple[Line, ...] = ()


class Change(StrEnum):
    """What changes in who is there: a member comes late, or leaves before the end."""

    ARRIVED = "arrived"
    LEFT = "left"


class RecordAttendance(Payload):
    """A member comes late or leaves early; from then on he takes part, or no longer does."""

    person: Name
    change: Change
    reasons: Told


class OfMember(Payload):
    """What concerns one member of the body."""

    person: Name


class WithdrawFromItem(OfMember):
    """A member withdraws (回避) from an item, on a ground that is recorded, and leaves the room."""

    ground: Told


class LiftWithdrawal(OfMember):
    """Why a member who withdrew takes part again: the ground is gone, or was none."""

    reasons: Told


class RecordRemark(Payload):
    """What somebody says who sits in without a vote (列席), as named at the opening."""

    speaker: Line
    text: Prose


class FileViews(OfMember):
    """The written views of a member on leave: put before the meeting, not counted as a vote."""

    views: Prose


class Stance(StrEnum):
    """Where a speaker stands towards the item."""

    SUPPORT = "support"
    SUPPORT_WITH_CHANGES = "support_with_changes"
    OPPOSE = "oppose"
    RESERVE = "reserve"
    NOTHING_TO_SAY = "nothing_to_say"


class RecordStatement(OfMember):
    """What a member says on the item, in the order of speaking; `text` where something was said."""

    stance: Stance
    text: Prose | None = None


class VoteCast(Payload):
    """How one member voted."""

    person: Name
    vote: Vote


class BallotMode(StrEnum):
    """How a vote is taken: orally, by hand, by secret or by named ballot."""

    ORAL = "oral"
    HAND = "hand"
    ANONYMOUS = "secret"
    NAMED = "named"


class VotesCounted(Payload):
    """The numbers of a secret ballot."""

    votes_for: Annotated[StrictInt, Field(ge=0)]
    votes_against: Annotated[StrictInt, Field(ge=0)]
    abstentions: Annotated[StrictInt, Field(ge=0)]


class TakeBallot(Payload):
    """The vote on one item: `votes` by name, or `counted` where the ballot was secret."""

    mode: BallotMode
    votes: tuple[VoteCast, ...] = ()
    counted: VotesCounted | None = None


class Conclusion(StrEnum):
    """What a meeting comes to on an item."""

    ADOPTED = "adopted"
    AMENDED = "amended"
    NOT_ADOPTED = "not_adopted"
    DEFERRED = "deferred"
    DISCUSS_AGAIN = "discuss_again"


class ConcludeItem(Payload):
    """What the meeting came to on the item, as the minutes will say it.

    `amendments` where it was adopted with amendments; `reasons` where a head decides otherwise
    than most of the others who spoke.
    """

    conclusion: Conclusion
    decision: Prose
    amendments: Prose | None = None
    reasons: ToldIfAny = None


class ReserveOpinion(OfMember):
    """A member's dissent, kept by name; it does not change what was decided."""

    opinion: Prose


class CloseMeeting(Payload):
    """Close the meeting and issue its minutes (会议纪要), once every item is concluded."""

    minutes: Prose
    issued_by: Name
