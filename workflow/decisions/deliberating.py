"""One item in a meeting: withdrawal, views, statements, the vote, what the meeting came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from workflow.ballot import Attendance, Vote, carried, more_than
from workflow.decisions.scene import Conclude, Decision, Scene
from workflow.decisions.sitting import (
    body_of,
    lacking_quorum,
    left_out,
    majority,
    members,
    not_sitting,
)
from workflow.definition import Decides
from workflow.facts import ADOPTING
from workflow.meeting import Deliberation, Sitting, deliberation
from workflow.meeting_forms import (
    BallotMode,
    ConcludeItem,
    Conclusion,
    FileViews,
    OfMember,
    RecordStatement,
    ReserveOpinion,
    Stance,
    TakeBallot,
    WithdrawFromItem,
)
from workflow.ports import Payload
from workflow.refusals import Unmet

#: Outcomes of a conclusion besides its own word: another body has to adopt as well.
ONWARD = "adopted_onward"

_AGAINST = (Stance.OPPOSE, Stance.RESERVE)


def withdraw_from_item(scene: Scene, payload: WithdrawFromItem) -> Decision:
    """A member withdraws before the vote; what he said before counts for nothing."""
    item = _Item(scene)
    unmet = [*item.unseated(), *item.over(), *item.not_there(payload)]
    if payload.person in item.so_far.withdrawn:
        unmet.append(scene.of_body("recusal", "withdrawn", "", account=payload.person))
    return item.decided(payload, unmet)


def file_views(scene: Scene, payload: FileViews) -> Decision:
    """What a member on leave thinks is put before the meeting, and never counted."""
    item = _Item(scene)
    unmet = [*item.unseated(), *item.over()]
    sitting = scene.sitting.sitting
    if sitting is not None and payload.person not in sitting.leave:
        unmet.append(scene.of_body("absence", "absent_views", "file_views", account=payload.person))
    return item.decided(payload, unmet)


def record_statement(scene: Scene, payload: RecordStatement) -> Decision:
    """A member speaks, once; whoever is in the chair speaks last."""
    item = _Item(scene)
    unmet = [*item.unseated(), *item.over(), *item.not_there(payload), *item.gone(payload)]
    if (payload.stance is Stance.NOTHING_TO_SAY) is not (payload.text is None):
        unmet.append(
            scene.of_body("discussion", "statement", "record_statement", account=payload.person)
        )
    if payload.person in item.so_far.spoken:
        unmet.append(scene.of_body("discussion", "speaks_once", "", account=payload.person))
    sitting = scene.sitting.sitting
    if sitting is not None and payload.person == sitting.chair:
        unmet.extend(item.before_the_chair(sitting.chair))
    return item.decided(payload, unmet)


def take_ballot(scene: Scene, payload: TakeBallot) -> Decision:
    """The vote on one item, after everybody has spoken; each who may vote has one vote."""
    item = _Item(scene)
    if body_of(scene).decides_by is not Decides.MAJORITY:
        return item.decided(payload, [scene.of_body("head_decides", "no_ballot", "conclude_item")])
    unmet = [*item.unseated(), *item.over(), *item.unheard()]
    modes = scene.procedure.rules[f"{scene.sitting.body}.modes"]
    if payload.mode.value not in modes.choices:
        unmet.append(scene.of_body("modes", "modes", "take_ballot", modes=modes.choices))
    unmet.extend(item.quorum())
    unmet.extend(item.miscounted(payload))
    kept = {**payload.journal_form(), **_tally(payload)}
    return item.decided(payload, unmet, kept)


def reserve_opinion(scene: Scene, payload: ReserveOpinion) -> Decision:
    """A dissent by name: of whoever took part, and whatever comes of the vote."""
    item = _Item(scene)
    unmet = [*item.unseated(), *item.not_there(payload), *item.gone(payload)]
    if payload.person in item.so_far.reserved:
        unmet.append(scene.of_body("reservation", "speaks_once", "", account=payload.person))
    return item.decided(payload, unmet)


def conclude_item(scene: Scene, payload: ConcludeItem) -> Decision:
    """What the meeting came to: by the votes counted, or as its head decides after deliberation."""
    item = _Item(scene)
    unmet = [*item.unseated()]
    if payload.conclusion is not Conclusion.DEFERRED:
        # What is put off needs nobody's word: it is what is left where too few can take part.
        unmet += [*item.unheard(), *item.quorum()]
    if (payload.conclusion is Conclusion.AMENDED) is not (payload.amendments is not None):
        unmet.append(scene.of_body("record", "amendments", "conclude_item"))
    if body_of(scene).decides_by is Decides.MAJORITY:
        unmet.extend(item.against_the_vote(payload))
    else:
        unmet.extend(item.against_most(payload))
        unmet.extend(item.headless(payload))
    conclusion = payload.conclusion
    kept = {**payload.journal_form(), "body": scene.sitting.body, "stances": item.stances()}
    decision = item.decided(payload, unmet, kept)
    outcome = conclusion.value
    if conclusion is Conclusion.ADOPTED and _more_to_come(scene):
        outcome = ONWARD
    return replace(
        decision,
        outcome=outcome,
        effects=(Conclude(conclusion.value),),
        changes={"meeting": (scene.sitting.code, None)},
    )


def _more_to_come(scene: Scene) -> bool:
    bodies = scene.procedure.meetings(scene.matter.answers)
    return any(body != scene.sitting.body and not scene.matter.adopted_by(body) for body in bodies)


def _tally(payload: TakeBallot) -> Mapping[str, int]:
    if payload.counted is not None:
        return {
            "for": payload.counted.votes_for,
            "against": payload.counted.votes_against,
            "abstain": payload.counted.abstentions,
        }
    return {vote.value: sum(each.vote is vote for each in payload.votes) for vote in Vote}


class _Item:
    """The item under deliberation, with what stands against an act on it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._meeting = scene.sitting
        self.so_far: Deliberation = deliberation(scene.matter, self._meeting.code)

    @property
    def _sitting(self) -> Sitting | None:
        return None if self._meeting.closed else self._meeting.sitting

    @property
    def attendance(self) -> Attendance:
        """Who is due, there, and withdrawn from this item."""
        sitting = self._sitting
        return Attendance(
            members(self._scene),
            frozenset() if sitting is None else sitting.present,
            self.so_far.withdrawn,
            left_out(self._scene),
        )

    def decided(
        self, payload: Payload, unmet: list[Unmet], kept: Mapping[str, object] | None = None
    ) -> Decision:
        """The decision, whose record names the meeting."""
        told = payload.journal_form() if kept is None else kept
        return Decision(unmet=tuple(unmet), record={**told, "meeting": self._meeting.code})

    def unseated(self) -> Iterator[Unmet]:
        """The meeting does not sit, or the matter is not on its agenda."""
        if self._sitting is None:
            yield not_sitting(self._scene)
        if self._scene.matter.meeting != self._meeting.code:
            yield self._scene.rule("agenda.not_listed", "propose_agenda_item")

    def over(self) -> Iterator[Unmet]:
        """The vote on the item is taken, and there is one vote on each."""
        if self.so_far.ballot is not None:
            yield self._scene.of_body("ballot", "one_ballot", "conclude_item")

    def not_there(self, payload: OfMember) -> Iterator[Unmet]:
        """Whoever is not there takes no part; a non-member takes none that counts."""
        if self._sitting is not None and payload.person not in self._sitting.present:
            yield self._scene.of_body("session", "present", "", account=payload.person)

    def gone(self, payload: OfMember) -> Iterator[Unmet]:
        """Whoever withdrew from the item takes no part in it."""
        if payload.person in self.so_far.withdrawn:
            yield self._scene.of_body("recusal", "withdrawn", "", account=payload.person)

    def quorum(self) -> Iterator[Unmet]:
        """Too few are left who may take part in the item."""
        if self._sitting is not None:
            yield from lacking_quorum(self._scene, self.attendance)

    def unheard(self) -> Iterator[Unmet]:
        """Not everybody who takes part has spoken, or said that he has nothing to say."""
        if waiting := self._waiting():
            yield self._scene.of_body(
                "discussion", "full_discussion", "record_statement", people=waiting
            )

    def before_the_chair(self, chair: str) -> Iterator[Unmet]:
        """Somebody else has yet to speak before whoever is in the chair."""
        if waiting := self._waiting(besides=chair):
            yield self._scene.of_body(
                "chair_last", "chair_last", "record_statement", people=waiting
            )

    def _waiting(self, besides: str = "") -> tuple[str, ...]:
        if self._sitting is None:
            return ()
        return tuple(sorted(self.attendance.voters - self.so_far.spoken - {besides}))

    def miscounted(self, payload: TakeBallot) -> Iterator[Unmet]:
        """Votes of people who may not vote, of somebody twice, or not of everybody who may."""
        scene, voters = self._scene, self.attendance.voters
        if (payload.mode is BallotMode.ANONYMOUS) is not (payload.counted is not None):
            yield scene.of_body("ballot", "counted", "take_ballot")
            return
        if payload.counted is not None:
            total = sum(_tally(payload).values())
            if total != len(voters) or payload.votes:
                yield scene.of_body(
                    "ballot", "votes", "take_ballot", voters=len(voters), votes=total
                )
            return
        names = [each.person for each in payload.votes]
        barred = tuple(sorted(set(names) - voters))
        if barred:
            yield scene.of_body("recusal", "voters", "take_ballot", people=barred)
        lacking = tuple(sorted(voters - set(names)))
        twice = tuple(sorted({name for name in names if names.count(name) > 1}))
        if lacking or twice:
            yield scene.of_body("ballot", "each_one_vote", "take_ballot", people=(*lacking, *twice))

    def against_the_vote(self, payload: ConcludeItem) -> Iterator[Unmet]:
        """Nothing is adopted without more than the share demanded of those due voting for it."""
        scene, ballot = self._scene, self.so_far.ballot
        adopts = payload.conclusion.value in ADOPTING
        if ballot is None:
            if adopts or payload.conclusion is Conclusion.NOT_ADOPTED:
                yield scene.of_body("ballot", "ballot", "take_ballot")
            return
        rule, share = majority(scene)
        found = self.attendance
        votes = int(str(ballot.payload["for"]))
        passed = carried(found, votes, share)
        if adopts is not passed:
            yield Unmet(
                "meeting.majority" if adopts else "meeting.outvoted",
                rule.citations,
                {
                    "due": found.base,
                    "needed": more_than(found.base, share),
                    "votes": votes,
                },
                cured_by=scene.procedure.holders("conclude_item"),
                earliest=scene.today,
            )

    def against_most(self, payload: ConcludeItem) -> Iterator[Unmet]:
        """A head who decides otherwise than most who spoke gives his reasons in the meeting."""
        stances = [each for each in self.so_far.statements if each.person in self.attendance.voters]
        against = sum(each.stance in _AGAINST for each in stances)
        favour = sum(
            each.stance in (Stance.SUPPORT, Stance.SUPPORT_WITH_CHANGES) for each in stances
        )
        if against == favour or payload.reasons is not None:
            return
        if (payload.conclusion.value in ADOPTING) is (against > favour):
            yield self._scene.of_body(
                "departure", "departure", "conclude_item", against=against, favour=favour
            )

    def headless(self, payload: ConcludeItem) -> Iterator[Unmet]:
        """A head who withdrew from the item decides nothing about it but to put it off."""
        sitting = self._sitting
        if (
            payload.conclusion is not Conclusion.DEFERRED
            and sitting is not None
            and sitting.chair in self.so_far.withdrawn
        ):
            yield self._scene.of_body("recusal", "withdrawn", "", account=sitting.chair)

    def stances(self) -> list[dict[str, str]]:
        """Who stood where, as the minutes will list it; dissent is kept by name."""
        return [{"person": each.person, "stance": each.stance} for each in self.so_far.statements]
