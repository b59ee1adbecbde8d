"""Whether a body counts nobody who had to withdraw, by trying every small meeting of it.

Every roster of up to three is set up, with everybody who may be away and everybody who may have
withdrawn, and the engine's own deliberation is asked what it takes.  What it should take is
counted here once more, by heads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain, combinations, cycle, groupby
from typing import Final, TypeVar, cast

from workflow.ballot import Vote
from workflow.counting import Counting
from workflow.decisions import deliberating
from workflow.decisions.scene import Actor, Decision, Scene
from workflow.decisions.sitting import LEFT_OUT, members
from workflow.definition import Body, Decides, Procedure, Rule
from workflow.directory import Appointment, Directory, Unit
from workflow.facts import CONCLUDE, Facts, Record
from workflow.guards import Lens
from workflow.machine import Lifecycle
from workflow.meeting import AgendaEntry, Meeting
from workflow.meeting_forms import (
    BallotMode,
    ConcludeItem,
    Conclusion,
    RecordStatement,
    Stance,
    TakeBallot,
    VoteCast,
    VotesCounted,
    WithdrawFromItem,
)
from workflow.ports import Payload

#: What is found of a body, as the message that tells it.
WITHDRAWN: Final = "proof.withdrawn_counted"
TOO_FEW: Final = "proof.too_few_adopt"
NOTHING: Final = "proof.nothing_adopted"

#: Rosters up to this many: one in the chair, one who withdraws, one who is away.
_LARGEST: Final = 3
_DAY: Final = date(2000, 1, 3)
_LIST, _WITHDRAW = "propose_agenda_item", "withdraw_from_item"
_MEETING, _MATTER, _UNIT, _RECORDER = "meeting", "matter", "unit", "recorder"

P = TypeVar("P", bound=Payload)

#: The commands on an item, in their order; what several people do one after the other is told once.
Acts = tuple[str, ...]

#: All that the deliberation of a body depends on.
Manner = tuple[Decides, object, object]


def manner_of(procedure: Procedure, body: Body) -> Manner:
    """How a body deliberates and decides: what is equal here stands or falls together."""
    rules = frozenset(
        (name, rule.share, rule.choices, rule.value)
        for name, rule in _rules(procedure, body).items()
    )
    return body.decides_by, (body.chair, body.members), rules


def faults_of(procedure: Procedure, body: Body) -> Mapping[str, Acts]:
    """What is wrong with the way in which a body decides, by its code.

    Of each the smallest meeting is told: what is done in it on the item, up to the fault.  Where
    nothing can be adopted there is nothing to tell.
    """
    found: dict[str, Acts] = {}
    for size in range(1, _LARGEST + 1):
        roster = tuple(f"member.{place}" for place in range(size))
        for present in _subsets(roster):
            for withdrawn in _subsets(present):
                room = _Room(procedure, body, roster, frozenset(present), frozenset(withdrawn))
                for code, acts in room.faults():
                    found.setdefault(code, acts)
    return found


def _rules(procedure: Procedure, body: Body) -> dict[str, Rule]:
    begins = f"{body.id}."
    return {
        name.removeprefix(begins): rule
        for name, rule in procedure.rules.items()
        if name.startswith(begins)
    }


def _subsets(people: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    for size in range(len(people) + 1):
        yield from combinations(people, size)


@dataclass(frozen=True)
class _Room:
    """One meeting on one item: who is due, who is there, and who of those has withdrawn."""

    procedure: Procedure
    body: Body
    roster: tuple[str, ...]
    present: frozenset[str]
    withdrawn: frozenset[str]

    @cached_property
    def voters(self) -> tuple[str, ...]:
        """Who may vote: there, and not withdrawn."""
        return tuple(name for name in self.roster if name in self.present - self.withdrawn)

    def faults(self) -> Iterator[tuple[str, Acts]]:
        """What goes wrong in this meeting, and what is done up to that."""
        if not self.present:
            return
        if members(self._scene((), self._convened)) != frozenset(self.roster):
            # Nobody could be found who is due: the posts are those of no meeting.
            yield NOTHING, ()
            return
        if self.body.decides_by is Decides.MAJORITY:
            yield from self._by_votes()
        else:
            yield from self._by_head()

    # --- by votes ---------------------------------------------------------------------------------

    def _by_votes(self) -> Iterator[tuple[str, Acts]]:
        heard = self._heard()
        modes = _rules(self.procedure, self.body)["modes"].choices
        by_name = tuple(mode for mode in modes if mode != BallotMode.ANONYMOUS)
        # Votes are counted by name or by number; of ways to give them by name, one will do.
        for mode in map(BallotMode, {*by_name[:1], *modes} - {*by_name[1:]}):
            for barred in (name for name in self.roster if name not in self.voters):
                voted = self._voted(heard, mode, (*self.voters, barred), 0)
                if voted is not None:
                    yield WITHDRAWN, _acts(voted)
            for against in range(len(self.voters) + 1):
                yield from self._counted(heard, mode, against)

    def _counted(
        self, heard: tuple[Record, ...], mode: BallotMode, against: int
    ) -> Iterator[tuple[str, Acts]]:
        """What comes of a vote in which all but some who may vote are for it."""
        voted = self._voted(heard, mode, self.voters, against)
        carried = voted is not None and self._adopts(voted)
        if voted is not None:
            for name in self.voters:
                gone = self._withdrawn(voted, name)
                if gone is not None:
                    yield WITHDRAWN, _acts(gone)
            few = len(self.voters) < self._least
            if carried and (few or not self._enough(len(self.voters) - against)):
                yield TOO_FEW, (*_acts(voted), CONCLUDE)
        if not carried and not against and self._least <= len(self.voters) == len(self.roster):
            yield NOTHING, ()

    def _enough(self, in_favour: int) -> bool:
        """Counted by heads: more than the share asked for, of those of whom it is reckoned."""
        rules = _rules(self.procedure, self.body)
        share = rules["majority"].share
        leaves_out = "recusal" in rules and LEFT_OUT in rules["recusal"].choices
        due = len(self.roster) - (len(self.withdrawn) if leaves_out else 0)
        more = share is not None and in_favour * share.denominator > due * share.numerator
        return in_favour > 0 and (more or in_favour == due)

    def _voted(
        self, heard: tuple[Record, ...], mode: BallotMode, people: tuple[str, ...], against: int
    ) -> tuple[Record, ...] | None:
        """The records once these voted, the first of them against; None where that is refused."""
        secret = mode is BallotMode.ANONYMOUS
        ballot = TakeBallot(
            mode=mode,
            votes=()
            if secret
            else tuple(
                VoteCast(person=name, vote=Vote.AGAINST if place < against else Vote.FOR)
                for place, name in enumerate(people)
            ),
            counted=VotesCounted(
                votes_for=len(people) - against, votes_against=against, abstentions=0
            )
            if secret
            else None,
        )
        return self._after(heard, "take_ballot", ballot, deliberating.take_ballot)

    # --- by the head ------------------------------------------------------------------------------

    def _by_head(self) -> Iterator[tuple[str, Acts]]:
        heard = self._heard()
        adopts = self._adopts(heard)
        if adopts and self._chair in self.withdrawn:
            yield WITHDRAWN, (*_acts(heard), CONCLUDE)
        if adopts and len(self.voters) < self._least:
            yield TOO_FEW, (*_acts(heard), CONCLUDE)
        if not adopts and self._least <= len(self.voters) == len(self.roster):
            yield NOTHING, ()

    @property
    def _least(self) -> int:
        """The fewest who make a discussion."""
        rule = _rules(self.procedure, self.body).get("least")
        return 1 if rule is None or rule.value is None else rule.value

    # --- the engine -------------------------------------------------------------------------------

    @cached_property
    def _chair(self) -> str:
        return next(name for name in self.roster if name in self.present)

    def _heard(self) -> tuple[Record, ...]:
        """The records once all who are there have spoken, and some of them withdrew after that."""
        records: tuple[Record, ...] = (_record(1, _LIST, {"meeting": _MEETING}),)
        # Whoever is in the chair is the first of the roster, and speaks last.
        for name in sorted(self.present, reverse=True):
            speech = RecordStatement(person=name, stance=Stance.SUPPORT, text="-")
            records = (
                self._after(records, "record_statement", speech, deliberating.record_statement)
                or records
            )
        for name in sorted(self.withdrawn):
            records = self._withdrawn(records, name) or records
        return records

    def _withdrawn(self, records: tuple[Record, ...], name: str) -> tuple[Record, ...] | None:
        """The records once somebody withdrew as well; None where that is refused."""
        leaving = WithdrawFromItem(person=name, ground="-")
        return self._after(records, _WITHDRAW, leaving, deliberating.withdraw_from_item)

    def _after(
        self,
        records: tuple[Record, ...],
        command: str,
        payload: P,
        decide: Callable[[Scene, P], Decision],
    ) -> tuple[Record, ...] | None:
        decision = decide(self._scene(records), payload)
        if decision.unmet or decision.record is None:
            return None
        return (*records, _record(len(records) + 1, command, decision.record))

    def _adopts(self, records: tuple[Record, ...]) -> bool:
        adopted = ConcludeItem(conclusion=Conclusion.ADOPTED, decision="-")
        return not deliberating.conclude_item(self._scene(records), adopted).unmet

    def _scene(self, records: tuple[Record, ...], meeting: Meeting | None = None) -> Scene:
        return Scene(
            self._lens,
            cast("Lifecycle", None),
            self._directory,
            Actor(_RECORDER, ()),
            facts=Facts(_MATTER, "", "", 1, meeting=_MEETING, records=records),
            meeting=self._opened if meeting is None else meeting,
        )

    # What every act in this meeting finds is made once.

    @cached_property
    def _lens(self) -> Lens:
        # In a meeting no days are counted and no moves are asked: both are left out.
        return Lens(self.procedure, {}, cast("Counting", None), _DAY)

    @cached_property
    def _convened(self) -> Meeting:
        return Meeting(_MEETING, self.body.id, _DAY, _DAY, (AgendaEntry(_MATTER, 1),))

    @cached_property
    def _opened(self) -> Meeting:
        opening = {
            "chair": self._chair,
            "recorder": _RECORDER,
            "present": sorted(self.present),
            "leave": [
                {"person": name, "reason": "-"} for name in self.roster if name not in self.present
            ],
        }
        return replace(self._convened, records=(_record(1, "open_meeting", opening),))

    @cached_property
    def _directory(self) -> Directory:
        """The first of the roster presides by post, the rest hold the other posts in turn."""
        posts = self.body.members
        first = tuple(post for post in posts if post in self.body.chair)[:1]
        rest = tuple(post for post in posts if post not in first) or posts
        unit = Unit(_UNIT, self.body.name, frozenset(post.of for post in posts))
        return Directory(
            organisation="",
            version=1,
            units={_UNIT: unit},
            persons=dict.fromkeys((*self.roster, _RECORDER), self.body.name),
            appointments=tuple(
                Appointment(name, _UNIT, post.role, _DAY, None)
                for name, post in zip(self.roster, chain(first, cycle(rest)), strict=False)
            ),
            mandates={},
        )


_FIRST: Final = Record(1, "", None, "", _RECORDER, None, _UNIT, "", {}, 0, _DAY)


def _acts(records: tuple[Record, ...]) -> Acts:
    return tuple(command for command, _ in groupby(each.command for each in records[1:]))


def _record(position: int, command: str, payload: Mapping[str, object]) -> Record:
    return replace(_FIRST, position=position, command=command, payload=payload)
