"""What a meeting did on an item in words: who spoke, the vote, what it came to, who dissented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.definition import Body
from workflow.facts import CONCLUDE, LATE_ENTRY, LIFT, Facts, Record
from workflow.meeting import REMARK, Deliberation, deliberation


@dataclass(frozen=True)
class Proceedings:
    """The records of deliberations with the words for them."""

    catalogue: Catalogue
    wording: Wording

    def said(self, done: Deliberation) -> Iterator[tuple[str, str]]:
        """Written views of the absent and statements, in their order."""
        for each in done.filed:
            if each.command == "file_views":
                told = self._say("meeting.uncounted", told=self._by(each, "views"))
                yield self._say("meeting.views"), told
            elif each.command == "record_statement":
                stance = self.wording.choice("stance", each.text("stance"))
                person = self.wording.person(each.text("person"))
                code = "meeting.spoke" if each.text("text") else "meeting.stood"
                told = self._say(code, person=person, stance=stance, text=each.text("text"))
                yield self._say("meeting.statement"), told
            elif each.command == REMARK:
                told = self._say("meeting.by", person=each.text("speaker"), text=each.text("text"))
                yield self._say("meeting.remark"), told

    def withdrawn(self, done: Deliberation) -> Iterator[tuple[str, str]]:
        """Who took no part, and who was let back in for which reasons."""
        if done.withdrawn:
            yield self._say("meeting.withdrawn"), self.people(sorted(done.withdrawn))
        for each in done.filed:
            if each.command == LIFT:
                yield self._say("meeting.lifted"), self._by(each, "reasons")

    def entered(self, done: Deliberation, held_on: date) -> Iterator[tuple[str, str]]:
        """That some of it was entered late, and how many days after the meeting the last of it."""
        if late := [each.filed_on for each in done.filed if LATE_ENTRY in each.payload]:
            days = (max(late) - held_on).days
            yield self._say("meeting.entered"), self._say("meeting.entered_late", days=days)

    def decided(self, concluded: Record) -> Iterator[tuple[str, str]]:
        """Who decided where it was not voted, and what the minutes say of it."""
        if decider := concluded.text("decided_by"):
            entrusted = concluded.payload.get("entrusted") is True
            code = "meeting.decider_entrusted" if entrusted else "meeting.decider_head"
            person = self.wording.person(decider)
            yield self._say("meeting.decided_by"), self._say(code, person=person)
        for name in ("decision", "amendments", "reasons"):
            if told := concluded.text(name):
                yield self._say(f"meeting.{name}"), told

    def dissent(self, done: Deliberation) -> Iterator[tuple[str, str]]:
        """Opinions that were reserved, each by name."""
        for each in done.filed:
            if each.command == "reserve_opinion":
                yield self._say("meeting.dissent"), self._by(each, "opinion")

    def ballot(self, ballot: Record) -> str:
        """The votes counted and, unless the vote was secret, who voted how."""
        votes = tuple(
            self._say(
                "meeting.vote",
                person=self.wording.person(str(each["person"])),
                vote=self.wording.choice("vote", str(each["vote"])),
            )
            for each in ballot.items("votes")
        )
        counted: Mapping[str, object] = {
            "votes_for": ballot.payload["for"],
            "votes_against": ballot.payload["against"],
            "abstentions": ballot.payload["abstain"],
        }
        mode = self.wording.choice("ballot_mode", ballot.text("mode"))
        told = self._say("meeting.counted", mode=mode, **counted)
        if not votes:
            return told
        return self._say("meeting.by_name", counted=told, votes=self.listed(votes))

    def heard_before(
        self, bodies: Mapping[str, Body], facts: Facts, meeting: str
    ) -> Iterator[tuple[str, str]]:
        """What other meetings came to on the matter before this one, the oldest first."""
        for record in facts.of(CONCLUDE):
            code = record.text("meeting")
            if code == meeting:
                continue
            body = bodies.get(record.text("body"))
            name = record.text("body") if body is None else body.name[self.catalogue.locale]
            done = deliberation(facts, code)
            yield name, self._concluded(record)
            if done.ballot is not None:
                yield self._say("meeting.ballot"), self.ballot(done.ballot)
            yield from self.dissent(done)

    def _concluded(self, record: Record) -> str:
        conclusion = self.wording.choice("conclusion", record.text("conclusion"))
        told = {
            "meeting": record.text("meeting"),
            "day": record.filed_on,
            "conclusion": conclusion,
            "decision": record.text("decision"),
        }
        return self._say(
            "meeting.concluded_with" if told["decision"] else "meeting.came_to", **told
        )

    def people(self, accounts: Sequence[str]) -> str:
        """Accounts by what they are called."""
        return self.listed(tuple(self.wording.person(each) for each in accounts))

    def listed(self, words: Sequence[str]) -> str:
        """Words that may themselves hold commas."""
        return self._say("days.between").join(words)

    def _by(self, record: Record, name: str) -> str:
        person = self.wording.person(record.text("person"))
        return self._say("meeting.by", person=person, text=record.text(name))

    def _say(self, code: str, **values: object) -> str:
        return self.catalogue.text(code, **values)
