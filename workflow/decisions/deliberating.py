"""One item in a meeting: withdrawal, views, statements, the vote, what the meeting came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property

from workflow.ballot import Attendance, Vote, carried, more_than
from workflow.decisions.scene import Conclude, Decision, Scene
from workflow.decisions.sitting import (
    DECIDE,
    body_of,
    entrusted,
    heads,
    lacking_quorum,
    left_out,
    majority,
    members,
    named,
    not_sitting,
    seated,
)
from workflow.definition import Decides
from workflow.facts import ADOPTING, LATE_ENTRY, RECUSE
from workflow.meeting import Deliberation, Sitting, Stances, deliberation
from workflow.meeting_forms import (
    BallotMode,
    ConcludeItem,
    Conclusion,
    FileViews,
    LiftWithdrawal,
    OfMember,
    RecordRemark,
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

#: What a vote that did not carry the item may be concluded as: nothing that is voted on again.
_AFTER_A_VOTE = (Conclusion.NOT_ADOPTED, Conclusion.DISCUSS_AGAIN)


def withdraw_from_item(scene: Scene, payload: WithdrawFromItem) -> Decision:
    """A member withdraws before the vote, there or not; what he said before counts for nothing.

    It is the matter that he withdraws from: it holds in later meetings, of any body.
    """
    item = _Item(scene)
    unmet = [*item.unseated(), *item.over(), *item.not_due(payload)]
    if payload.person in item.so_far.here & item.so_far.withdrawn:
        unmet.append(scene.of_body("recusal", "withdrawn", "", account=payload.person))
    return item.decided(payload, unmet)


def lift_withdrawal(scene: Scene, payload: LiftWithdrawal) -> Decision:
    """A member who withdrew takes part again, for reasons on record, before the vote."""
    item = _Item(scene)
    unmet = [*item.unseated(), *item.over(), *item.not_due(payload)]
    if payload.person not in item.so_far.withdrawn:
        unmet.append(scene.of_body("recusal", "not_withdrawn", RECUSE, account=payload.person))
    return item.decided(payload, unmet)


def record_remark(scene: Scene, payload: RecordRemark) -> Decision:
    """What somebody says who sits in without a vote; it is kept apart and never counted.

    Who withdrew from the matter in the meeting of another body says nothing on it here.
    """
    item = _Item(scene)
    unmet = [*item.unseated()]
    sitting = seated(scene)
    unmet.extend(
        scene.of_body("recusal", "withdrawn", "", account=person)
        for person in named(scene, item.so_far.withdrawn, (payload.speaker,))
    )
    if sitting is not None and payload.speaker not in sitting.attending:
        unmet.append(scene.of_body("roster", "not_attending", "", speaker=payload.speaker))
    return item.decided(payload, unmet)


def file_views(scene: Scene, payload: FileViews) -> Decision:
    """What a member on leave thinks is put before the meeting, and never counted.

    Whoever came after all speaks for himself, and whoever withdrew says nothing.
    """
    item = _Item(scene)
    unmet = [*item.unseated(), *item.over(), *item.gone(payload)]
    sitting = scene.sitting.sitting
    if sitting is not None and payload.person not in sitting.leave.keys() - sitting.present:
        unmet.append(scene.of_body("absence", "absent_views", "file_views", account=payload.person))
    return item.decided(payload, unmet)


def record_statement(scene: Scene, payload: RecordStatement) -> Decision:
    """A member speaks; what he says last counts.  Whoever presides speaks after all others."""
    item = _Item(scene)
    unmet = [*item.unseated(), *item.over(), *item.not_there(payload), *item.gone(payload)]
    if (payload.stance is Stance.NOTHING_TO_SAY) is not (payload.text is None):
        unmet.append(
            scene.of_body("discussion", "statement", "record_statement", account=payload.person)
        )
    unmet.extend(item.too_soon(payload.person))
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
    voters = sorted(item.attendance.voters)
    kept = {**payload.journal_form(), **_tally(payload), "voters": voters}
    return item.decided(payload, unmet, kept)


def reserve_opinion(scene: Scene, payload: ReserveOpinion) -> Decision:
    """A dissent by name: of whoever took part, whatever comes of it, until the meeting closes.

    Whoever spoke on the item took part, though he has left since.  Whoever has not, speaks first.
    """
    item = _Item(scene)
    unmet = [*item.unseated(after=True), *item.no_part(payload), *item.gone(payload)]
    if payload.person in item.so_far.reserved:
        unmet.append(scene.of_body("reservation", "speaks_once", "", account=payload.person))
    return item.decided(payload, unmet)


def conclude_item(scene: Scene, payload: ConcludeItem) -> Decision:
    """What the meeting came to: by the votes counted, or as its head decides after deliberation."""
    item = _Item(scene)
    unmet = [*item.unseated()]
    if payload.conclusion is not Conclusion.DEFERRED and item.so_far.ballot is None:
        # What is put off needs nobody's word: it is what is left where too few can take part.
        # What was voted on was heard, and was quorate, whoever left or came since.
        unmet += [*item.unheard(), *item.quorum()]
    if (payload.conclusion is Conclusion.AMENDED) is not (payload.amendments is not None):
        unmet.append(scene.of_body("record", "amendments", "conclude_item"))
    if body_of(scene).decides_by is Decides.MAJORITY:
        unmet.extend(item.against_the_vote(payload))
    else:
        unmet.extend(item.against_most(payload))
        unmet.extend(item.headless(payload))
    conclusion = payload.conclusion
    kept = {
        **payload.journal_form(),
        "body": scene.sitting.body,
        "stances": item.stances(),
        **item.named_decider(),
    }
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
    """Whether a body comes after this one; what it came to before this one does not count."""
    return scene.procedure.meetings(scene.matter.answers)[-1] != scene.sitting.body


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

    @cached_property
    def _sitting(self) -> Sitting | None:
        return seated(self._scene)

    @cached_property
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
        """The decision, whose record names the meeting, and says where it is entered late."""
        told = payload.journal_form() if kept is None else kept
        late = {LATE_ENTRY: days} if (days := self._days_late()) else {}
        return Decision(unmet=tuple(unmet), record={**told, "meeting": self._meeting.code, **late})

    def _days_late(self) -> int:
        """By how many days it comes after the last one on which it was to be entered."""
        scene, held_on = self._scene, self._meeting.held_on
        rule = scene.procedure.body_rule(self._meeting.body, "late_entry")
        if rule is None or scene.today <= held_on:
            return 0
        last, _ = scene.lens.counting.end(rule, held_on)
        return max(0, (scene.today - last).days)

    def unseated(self, *, after: bool = False) -> Iterator[Unmet]:
        """The meeting does not sit, or the matter is not on its agenda.

        `after`: nor has left it with what the meeting came to.
        """
        if self._sitting is None:
            yield not_sitting(self._scene)
        left = after and self.so_far.concluded is not None
        if self._scene.matter.meeting != self._meeting.code and not left:
            yield self._scene.rule("agenda.not_listed", "propose_agenda_item")

    def over(self) -> Iterator[Unmet]:
        """The vote on the item is taken, and there is one vote on each."""
        if self.so_far.ballot is not None:
            yield self._scene.of_body("ballot", "one_ballot", "conclude_item")

    def not_there(self, payload: OfMember) -> Iterator[Unmet]:
        """Whoever is not there takes no part; a non-member takes none that counts."""
        if self._sitting is not None and payload.person not in self._sitting.present:
            yield self._scene.of_body("session", "present", "", account=payload.person)

    def no_part(self, payload: OfMember) -> Iterator[Unmet]:
        """Whoever has not spoken on the item has no opinion to reserve yet, or none at all."""
        spoke, over = payload.person in self.so_far.last_words, self.so_far.concluded is not None
        if spoke or payload.person in self.so_far.withdrawn:
            return
        there = self._sitting is None or payload.person in self._sitting.present
        if not over and not there:
            yield from self.not_there(payload)
        else:
            cure = "" if over else "record_statement"
            yield self._scene.of_body("reservation", "not_heard", cure, account=payload.person)

    def not_due(self, payload: OfMember) -> Iterator[Unmet]:
        """Only a member can withdraw, be he there or not."""
        if self._sitting is not None and payload.person not in self._sitting.due:
            yield self._scene.of_body("roster", "non_members", "", people=(payload.person,))

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

    def too_soon(self, person: str) -> Iterator[Unmet]:
        """Somebody else has yet to speak before whoever presides, or before the head by post."""
        own = self._rank(person)
        waiting = tuple(name for name in self._waiting() if self._rank(name) < own)
        if waiting:
            yield self._scene.of_body(
                "chair_last", "chair_last", "record_statement", people=waiting
            )

    @cached_property
    def _heads(self) -> frozenset[str]:
        return heads(self._scene)

    def _rank(self, person: str) -> int:
        """Who speaks after whom: the members, then who presides, then who would by post."""
        sitting = self._sitting
        if person in self._heads:
            return 2
        presides = sitting is not None and person == sitting.chair
        return int(presides or person == self.decider)

    def _waiting(self) -> tuple[str, ...]:
        """Who has yet to speak; who speaks last, again once somebody spoke after that."""
        if self._sitting is None:
            return ()
        places = {each.person: place for place, each in enumerate(self.so_far.statements)}
        voters = self.attendance.voters
        return tuple(
            sorted(
                person
                for person in voters
                if person not in places
                or any(
                    places.get(other, -1) > places[person] and self._rank(other) < rank
                    for other in voters
                    if (rank := self._rank(person))
                )
            )
        )

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
        if not passed and not adopts and payload.conclusion not in _AFTER_A_VOTE:
            yield scene.of_body("ballot", "put_off_after_vote", "conclude_item")
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
        """A head who decides otherwise than most of the others gives his reasons in the meeting.

        Where there is none the item can only be put off, and nobody decides.
        """
        if not self.decider:
            return
        stood = Stances.of(
            each.stance
            for each in self.so_far.last_words.values()
            if each.person not in self.so_far.withdrawn and each.person != self.decider
        )
        conclusion = payload.conclusion.value
        if payload.reasons is not None:
            return
        if stood.against_most(conclusion):
            yield self._scene.of_body(
                "departure",
                "departure",
                "conclude_item",
                against=stood.against,
                favour=stood.favour,
            )
        elif stood.unchanged(conclusion):
            yield self._scene.of_body(
                "departure",
                "changes_wanted",
                "conclude_item",
                changes=stood.with_changes,
                others=stood.as_it_is + stood.against,
            )

    @cached_property
    def decider(self) -> str:
        """Who decides in the place of a body that does not vote; empty where nobody there may.

        Its head, if he takes part; else somebody who does and was expressly entrusted with it.
        """
        scene, there = self._scene, self.attendance.voters
        if body_of(scene).decides_by is not Decides.HEAD:
            return ""
        out = self.so_far.withdrawn
        able = self._heads & there or {
            each for each in there if entrusted(scene, each, DECIDE, without=out)
        }
        sitting = self._sitting
        presiding = "" if sitting is None else sitting.chair
        return presiding if presiding in able else min(able, default="")

    def headless(self, payload: ConcludeItem) -> Iterator[Unmet]:
        """Without its head, or somebody entrusted, a meeting decides nothing but to put it off."""
        if payload.conclusion is Conclusion.DEFERRED or self._sitting is None or self.decider:
            return
        away = tuple(sorted(self._heads & self.so_far.withdrawn))
        if away:
            yield self._scene.of_body("recusal", "withdrawn", "", account=away[0])
        else:
            yield self._scene.of_body("head_decides", "not_entrusted", "grant_mandate")

    def named_decider(self) -> dict[str, object]:
        """Who decided, for the record; nothing where the body votes."""
        if not (decider := self.decider):
            return {}
        return {"decided_by": decider, "entrusted": decider not in self._heads}

    def stances(self) -> list[dict[str, str]]:
        """Who stood where in the end, as the minutes will list it; dissent is kept by name."""
        out = self.so_far.withdrawn
        last = (each for each in self.so_far.last_words.values() if each.person not in out)
        return [{"person": each.person, "stance": each.stance} for each in last]
