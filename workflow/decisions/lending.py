"""What of what a post reads a mandate lends: what the acts that it is for need."""

from __future__ import annotations

from workflow.access import Loan
from workflow.commands import CORE, Subject
from workflow.decisions.authority import entrusting, hands, left_by_recusal
from workflow.definition import DECISION_BODY, Holder, Procedure, Relation
from workflow.directory import Appointment, Directory, Mandate
from workflow.facts import CONCLUDE, UNMASK

_ON_MATTERS = frozenset({Subject.MATTER, Subject.MATTER_AND_MEETING})
_ON_MEETINGS = frozenset({Subject.MEETING, Subject.MATTER_AND_MEETING})
_RELATIONS = frozenset(Relation)


def lent(
    procedure: Procedure, directory: Directory, mandate: Mandate, post: Appointment
) -> Loan | None:
    """What a mandate lends of what a post of the principal reads; None for all of it.

    One for some commands lends what these acts need: the matters that are where one of them can be
    done, meetings for an act on a meeting.  An act that the post has no part in lends nothing.
    """
    if not mandate.commands:
        return None
    acts = {act for act in mandate.commands if _has_part(procedure, directory, post, act)}
    known = {act: CORE[act].subject if act in CORE else Subject.MATTER for act in acts}
    meetings = any(each in _ON_MEETINGS for each in known.values())
    about = {act for act, subject in known.items() if subject in _ON_MATTERS}
    # What is done to a meeting is done to what stands on its agenda.
    about |= {CONCLUDE} if meetings else set()
    stages = (stage for move in procedure.moves if move.command in about for stage in move.sources)
    return Loan(frozenset(stages), meetings, UNMASK in mandate.commands)


def _has_part(procedure: Procedure, directory: Directory, post: Appointment, act: str) -> bool:
    """Whether an act can be somebody's by a post, on whichever matter."""
    found = list(hands(procedure, act))
    if act in left_by_recusal(procedure):
        found += entrusting(procedure)
    return any(
        each.role == post.role and _there(procedure, directory, post, each) for each in found
    )


def _there(procedure: Procedure, directory: Directory, post: Appointment, holder: Holder) -> bool:
    """Whether a post can be in a unit that a holder means; whoever stands in for it included."""
    meant = {holder.of}
    if holder.of == DECISION_BODY:
        meant |= set(procedure.deciders.values())
    return bool(meant & _RELATIONS) or any(
        post.unit in directory.units_of(of, None) for of in meant
    )
