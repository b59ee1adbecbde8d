"""What is known of a matter when a command is decided: a frozen snapshot, folded from its records.

Every accepted command on a matter files one record; drafts and reviews are read from the records
that made them, so one query loads all that a gate needs.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from operator import attrgetter
from typing import Any, Final, TypeVar

from workflow.calendar import Span
from workflow.definition import Answer, Lapse, Nature, Procedure, Step
from workflow.kin import SEPARATE, TIES, Apart, Kin, Links, not_separate, ruled
from workflow.signing import Broken, Kept

T = TypeVar("T")

_POSITION: Final = attrgetter("position")

#: The command that rules on whether a step applies.
RULING: Final = "rule_waiver"

#: The command that moves a matter to other rules, and its outcome where its review lapses by it.
MIGRATE: Final = "migrate"
REVIEW_LAPSED: Final = "review_lapsed"

#: The commands that state what ties a matter to others; what a later one states counts.
LINKING: Final = ("propose", "classify")

#: The command by which the finance unit confirms what a matter costs at least.
CONFIRM_BUDGET: Final = "confirm_budget_line"

#: The command by which a meeting comes to a conclusion, and the conclusions that adopt.
CONCLUDE: Final = "conclude_item"
AMENDED: Final = "amended"

#: The acts by which a member withdraws from a matter, and by which that is lifted.
RECUSE: Final = "withdraw_from_item"
LIFT: Final = "lift_withdrawal"
#: Stands in a separation for having withdrawn from the matter.
RECUSED: Final = "recusal"

#: The act that says afterwards whether an urgent item had to be one.
CONFIRM: Final = "confirm_urgent_item"

#: The acts by which a document takes its number, and by which that is voided.
ISSUE: Final = "issue"
VOID: Final = "void_number"

#: What an act on an item adds to its record: by how many calendar days after the last day for it it
#: was entered.
LATE_ENTRY: Final = "late_entry"
#: The acts that file a paper under a number of its own, and what keeps that number's key.
NUMBERED: Final = ("submit_request", "file_report", "record_reply")
PAPER_KEY: Final = "paper_key"
#: The acts by which the execution of one decision ends, or changes, by another that they name.
ENDING: Final = ("terminate_execution", "record_adjustment")

#: The acts of an open call: its notice, its closing, and taking in what people sent in.
CALL: Final = "publish_open_call"
CLOSE_CALL: Final = "close_open_call"
TAKE_IN: Final = "take_in_opinions"

ADOPTING: Final = ("adopted", AMENDED)
#: The act by which a matter is restricted to people by name (限定知悉范围), and by which that ends.
RESTRICT: Final = "restrict_access"
#: The act that makes a matter, and what of its payload restricts that to people from the start.
PROPOSE: Final = "propose"
RESTRICTED: Final = "restricted"
#: The act by which somebody sees personal data in the papers of a matter, for a reason.
UNMASK: Final = "unmask"

#: The verdict of the review with its opinion in three parts.
VERDICT: Final = "give_review_verdict"
#: The second look at a text that a meeting amended.
RECHECK: Final = "recheck_text"
#: What a body comes to that wants the item drafted anew and brought back.
AGAIN: Final = "discuss_again"
#: Natures of a version that is another text in substance: what was assessed was not this one.
CHANGING: Final = frozenset({Nature.SUBSTANTIVE, Nature.AS_DECIDED})

#: The acts by which a matter is archived: after its issue, or where it ended without one.
ARCHIVING: Final = ("file_archive", "archive_ended")


#: Where the record of an act names those who did the work that somebody else entered.
STOOD_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "file_risk_assessment": ("assessor",),
    "reuse_risk_assessment": ("assessor",),
    "file_evidence": ("made_by",),
    "hold_hearing": ("chair", "recorder"),
}


@dataclass(frozen=True, slots=True)
class Record:
    """One accepted act with its evidence. Days are business dates of the organisation.

    `position` counts from 1 within the matter.  `draft` is the number of the draft that was
    current when the record was filed (0 before the first).  `filed_on` is the server's day;
    days on which a thing is said to have happened stand in the payload.
    """

    position: int
    command: str
    step: str | None
    outcome: str
    actor: str
    principal: str | None
    unit: str
    role: str
    payload: Mapping[str, object]
    draft: int
    filed_on: date

    def day(self, key: str) -> date:
        """A day named in the payload (ISO text there)."""
        return date.fromisoformat(str(self.payload[key]))

    def text(self, key: str) -> str:
        """A word or phrase from the payload; empty where it was not given."""
        given = self.payload.get(key)
        return "" if given is None else str(given)

    def items(self, key: str) -> tuple[Mapping[str, object], ...]:
        """A list of objects from the payload."""
        given = self.payload.get(key)
        return tuple(given) if isinstance(given, list) else ()

    def without(self, key: str) -> Record:
        """The same act without a part of its payload."""
        if key not in self.payload:
            return self
        kept = {name: each for name, each in self.payload.items() if name != key}
        return replace(self, payload=kept)

    def persons(self) -> tuple[str, ...]:
        """Whoever stands behind the act: the one who did it and the one it was done for."""
        return (self.actor,) if self.principal is None else (self.actor, self.principal)


@dataclass(frozen=True, slots=True)
class Draft:
    """A numbered version of the text (决策草案); `digest` is the SHA-256 of its UTF-8 bytes."""

    number: int
    digest: str
    nature: Nature
    authors: tuple[str, ...]
    made_on: date


@dataclass(frozen=True, slots=True)
class Review:
    """A verdict of the legality review, bound to the digest of the text that was examined.

    `principal` is for whom the reviewer acted under a mandate, if anybody.
    """

    position: int
    draft: int
    digest: str
    verdict: str
    passed: bool
    given_on: date
    reviewer: str
    principal: str | None


@dataclass(frozen=True, slots=True)
class Linked:
    """What an act on one matter needs to know of another that it names.

    `adjusts` is the number of the matter that it was proposed to change or end, `continues` that of
    the emergency whose measure it is to make permanent, both empty for none; `issued` tells that it
    was issued, under a number that stands.  `report_by` is the last day of the report that it owes
    as an emergency, None where it owes none; `reported` tells that the report was filed, `given_up`
    that the matter was withdrawn, declined or itself excluded, at an emergency of that `level`.
    `procedure` is the definition that binds it, with its `answers`, whose digest is `digest`.
    `ended_by` is the number of the matter on which it rests that its execution was ended or
    adjusted, empty for none.
    `entry` is the entry of a yearly catalogue that it was last said to be, by year and number.
    """

    number: str
    title: str
    stage: str
    adjusts: str
    issued: bool
    continues: str = ""
    report_by: date | None = None
    reported: bool = False
    given_up: bool = False
    ended_by: str = ""
    level: str = ""
    digest: str = ""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    procedure: Procedure | None = None
    entry: tuple[int, int] | None = None


@dataclass(frozen=True)
class Facts:
    """A matter as it stands.  `paused_since` is the first day of a pause that is still open.

    `stand_ins`: the function that stands in the place of another on this matter.  `kin`: other
    matters that share a project, counterparty or purpose with it.  `changes`: those that were
    proposed to adjust or end it once it was issued.  `without_minutes`: the meetings that came to a
    conclusion on it and are not closed yet.  `continuation`: the matter that is to make permanent
    what was done as an emergency, as the report on that names it.  `waiting`: how many opinions the
    public sent in in time that no record has taken in, by step.  `kept` are the signatures on it,
    if it has a verdict; `unsound` is what is wrong with those that the verdict rests on, by the
    act, None where that was not looked at.
    """

    number: str
    title: str
    stage: str
    version: int
    answers: Mapping[str, Answer] = field(default_factory=dict)
    proposing_unit: str = ""
    lead_unit: str | None = None
    co_units: tuple[str, ...] = ()
    paused_since: date | None = None
    meeting: str | None = None
    records: tuple[Record, ...] = ()
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    kin: tuple[Kin, ...] = ()
    changes: tuple[Linked, ...] = ()
    without_minutes: frozenset[str] = frozenset()
    continuation: Linked | None = None
    waiting: Mapping[str, int] = field(default_factory=dict)
    kept: Kept | None = None
    unsound: tuple[tuple[str, Broken], ...] | None = None

    @cached_property
    def drafts(self) -> tuple[Draft, ...]:
        """Every draft, oldest first."""
        return tuple(
            Draft(
                number=record.draft,
                digest=record.text("digest"),
                nature=Nature(record.text("nature")),
                authors=tuple(str(name) for name in as_list(record.payload["authors"])),
                made_on=record.filed_on,
            )
            for record in self.of("revise_draft")
        )

    @property
    def study_unit(self) -> str:
        """The unit that studies the proposal: as assigned, or else the one that proposed."""
        assigned = self.last("assign_study")
        return self.proposing_unit if assigned is None else assigned.text("unit")

    @cached_property
    def links(self) -> Links:
        """What ties the matter to others, and its amount: as last stated, or as confirmed if more.

        Whoever states nothing or less makes no matter smaller than its budget is.
        """
        return self.at_least(self.stated)

    def at_least(self, links: Links) -> Links:
        """The same with no less than the amount that the finance unit confirmed last."""
        confirmed = self.last(CONFIRM_BUDGET)
        if confirmed is None or confirmed.payload["covered"] is not True:
            return links
        return links.at_least(int(confirmed.text("amount_yuan")))

    @cached_property
    def stated(self) -> Links:
        """What ties the matter to others, and its amount, as last stated."""
        told: dict[str, Any] = {
            name: record.payload[name]
            for command in LINKING
            for record in self.of(command)
            for name in (*TIES, "amount_yuan")
            if name in record.payload
        }
        return Links(**told)

    @property
    def continues(self) -> str:
        """The number of the emergency whose measure this matter is to make permanent; or empty."""
        return self._proposed_with("continues")

    @property
    def adjusts(self) -> str:
        """The number of the matter whose decision this one is to change or end; or empty."""
        return self._proposed_with("adjusts")

    def _proposed_with(self, name: str) -> str:
        proposed = self.last("propose")
        return "" if proposed is None else proposed.text(name)

    @property
    def apart(self) -> Apart:
        """The matters that this one was ruled to be independent of, as last ruled on each."""
        return {
            number: amounts
            for record in self.of(SEPARATE)
            for number, amounts in ruled(record.payload).items()
        }

    @property
    def together(self) -> tuple[Kin, ...]:
        """The kin that may be parts of one with it: no ruling that still stands says otherwise."""
        return not_separate(self.number, self.links.amount_yuan, self.apart, self.kin)

    @cached_property
    def named(self) -> frozenset[str] | None:
        """The accounts to which the matter is restricted; None where it is not."""
        restricted = self.last(RESTRICT)
        told = self._from_the_start if restricted is None else restricted.payload
        if told is None or told.get("lifted") is True:
            return None
        return frozenset(str(name) for name in as_list(told.get("named")))

    @property
    def _from_the_start(self) -> Mapping[str, object] | None:
        """The restriction under which the matter was proposed, if there was one."""
        proposed = self.last(PROPOSE)
        told = None if proposed is None else proposed.payload.get(RESTRICTED)
        return told if isinstance(told, Mapping) else None

    @property
    def unrestricted(self) -> Facts:
        """The same matter, had it never been restricted to anybody."""
        records = (each for each in self.records if each.command != RESTRICT)
        return replace(self, records=tuple(each.without(RESTRICTED) for each in records))

    @property
    def issue(self) -> Record | None:
        """The issue that stands; None before it and once its number was voided."""
        last = self.last(ISSUE, VOID)
        return last if last is not None and last.command == ISSUE else None

    @property
    def first_issue(self) -> Record | None:
        """The issue by which the decision was formed: a number that is voided changes no day."""
        issued = self.of(ISSUE)
        return issued[0] if issued else None

    @property
    def changed_by(self) -> tuple[str, ...]:
        """The numbers of the matters that change or end it, issued under numbers that stand."""
        return tuple(each.number for each in self.changes if each.issued)

    @property
    def executing_units(self) -> tuple[str, ...]:
        """The units that carry the decision out, as last assigned; none before."""
        assigned = self.last("assign_execution")
        return () if assigned is None else tuple(map(str, as_list(assigned.payload.get("units"))))

    @property
    def draft(self) -> Draft | None:
        """The current text, None before the first."""
        return self.drafts[-1] if self.drafts else None

    @cached_property
    def reviews(self) -> tuple[Review, ...]:
        """Every verdict given, oldest first."""
        return tuple(
            [
                Review(
                    position=record.position,
                    draft=record.draft,
                    digest=record.text("reviewed_digest"),
                    verdict=record.text("verdict"),
                    passed=record.payload.get("passed") is True,
                    given_on=record.filed_on,
                    reviewer=record.actor,
                    principal=record.principal,
                )
                for record in self.records
                if "reviewed_digest" in record.payload
            ]
        )

    @property
    def passing_review(self) -> Review | None:
        """The latest verdict, if it passed, covers exactly the current text and has not lapsed."""
        if not self.reviews or self.draft is None or self.review_lapsed:
            return None
        last = self.reviews[-1]
        return last if last.passed and last.digest == self.draft.digest else None

    @property
    def review_lapsed(self) -> bool:
        """Whether the matter was moved to rules under which the latest verdict no longer counts."""
        return bool(self.reviews) and any(
            record.outcome == REVIEW_LAPSED and record.position > self.reviews[-1].position
            for record in self.of(MIGRATE)
        )

    def adopted_by(self, body: str) -> bool:
        """Whether a body adopted the matter, and its text has not become another in substance.

        A text as the meeting decided it, with its amendments, is what it adopted.  What another
        body has sent back since, to be discussed again, is another text whatever its author says.
        """
        concluded = [
            each
            for each in self.of(CONCLUDE)
            if each.text("body") == body and each.text("meeting") not in self.not_confirmed
        ]
        if not concluded or concluded[-1].text("conclusion") not in ADOPTING:
            return False
        since = [draft for draft in self.drafts if draft.number > concluded[-1].draft]
        sent_back = any(
            each.text("conclusion") == AGAIN and each.position > concluded[-1].position
            for each in self.of(CONCLUDE)
        )
        return not since if sent_back else all(d.nature is not Nature.SUBSTANTIVE for d in since)

    @property
    def not_confirmed(self) -> frozenset[str]:
        """The meetings whose conclusion does not count: the item need not have been urgent."""
        return frozenset(
            each.text("meeting")
            for each in self.of(CONFIRM)
            if each.payload.get("confirmed") is False
        )

    def withdrawn(self, until: int | None = None) -> frozenset[str]:
        """Whoever withdrew from the matter, in whichever meeting, and was not let back in since.

        As of the record at this position; None for as of now.
        """
        out: dict[str, bool] = {}
        for each in self.of(RECUSE, LIFT):
            if until is None or each.position <= until:
                out[each.text("person")] = each.command == RECUSE
        return frozenset(person for person, still in out.items() if still)

    def next_body(self, bodies: Iterable[str]) -> str | None:
        """The first of these bodies that has not adopted the matter; None where all have.

        They sit in this order: what one adopted before the one ahead of it did, it adopts anew.
        """
        since = 0
        for body in bodies:
            on = max(
                (each.position for each in self.of(CONCLUDE) if each.text("body") == body),
                default=0,
            )
            if on < since or not self.adopted_by(body):
                return body
            since = on
        return None

    def adopted_on(self, bodies: Iterable[str]) -> date | None:
        """The day of the conclusion by which the last of these bodies adopted it; or None."""
        if self.next_body(bodies) is not None:
            return None
        adopting = [each for each in self.of(CONCLUDE) if each.text("conclusion") in ADOPTING]
        return adopting[-1].filed_on if adopting else None

    @cached_property
    def pauses(self) -> tuple[Span, ...]:
        """Closed pauses, first day up to (not including) the day of resumption."""
        if "resume" not in self._by_command:
            return ()
        spans: list[Span] = []
        begun: date | None = None
        for record in self.records:
            if record.command == "pause":
                begun = record.filed_on
            elif record.command == "resume" and begun is not None:
                if record.filed_on > begun:
                    spans.append(Span(begun, record.filed_on))
                begun = None
        return tuple(spans)

    @cached_property
    def _worked_out(self) -> dict[Hashable, Any]:
        return {}

    def once(self, name: Hashable, work_out: Callable[[], T]) -> T:
        """What several steps want to know of the matter, worked out when the first one asks.

        `name` says what it is, with whatever it depends on besides the matter.
        """
        known = self._worked_out
        if name not in known:
            known[name] = work_out()
        found: T = known[name]
        return found

    @cached_property
    def _by_command(self) -> Mapping[str, list[Record]]:
        found: dict[str, list[Record]] = {}
        for record in self.records:
            if record.command in found:
                found[record.command].append(record)
            else:
                found[record.command] = [record]
        return found

    def of(self, *commands: str, step: Step | None = None) -> tuple[Record, ...]:
        """Records of these commands, oldest first; with a step, those that still count for it."""
        found = self._given(commands)
        if step is None:
            return tuple(found)
        name, since = step.id, self.valid_from(step)
        return tuple([each for each in found if each.step == name and each.draft >= since])

    def last(self, *commands: str, step: Step | None = None) -> Record | None:
        """The newest record of these commands, or None."""
        one = len(commands) == 1
        found = self._by_command.get(commands[0]) if one else self._given(commands)
        if not found:
            return None
        if step is None:
            return found[-1]
        name, since = step.id, self._valid_from[step.lapses_on._value_]
        for record in reversed(found):
            if record.step == name and record.draft >= since:
                return record
        return None

    def _given(self, commands: tuple[str, ...]) -> Sequence[Record]:
        if len(commands) == 1:
            return self._by_command.get(commands[0], ())
        found = [self._by_command[name] for name in commands if name in self._by_command]
        if not found:
            return ()
        return found[0] if len(found) == 1 else sorted(chain.from_iterable(found), key=_POSITION)

    def valid_from(self, step: Step) -> int:
        """The number of the first draft whose records still count for the step."""
        return self._valid_from[step.lapses_on._value_]

    @cached_property
    def _valid_from(self) -> Mapping[str, int]:
        substantive = (each.number for each in self.drafts if each.nature in CHANGING)
        return {
            Lapse.NEVER.value: 0,
            Lapse.ANY.value: self.drafts[-1].number if self.drafts else 0,
            Lapse.SUBSTANTIVE.value: max(substantive, default=0),
        }

    def doers(self, command: str) -> frozenset[str]:
        """Accounts that did this act on the matter, in person or through an agent.

        Whom the record names as having done the work (`STOOD_FOR`) counts with who entered it; a
        name there that is no account is nobody's.

        The pseudo-act ``draft`` means whoever is named as an author of any version of the text, and
        whoever filed one; ``recusal`` whoever withdrew from the matter in a meeting.
        """
        if command == RECUSED:
            return self.withdrawn()
        if command == "draft":
            return self._drafters
        if command not in self._by_command:
            return frozenset()
        found = self._doers.get(command)
        if found is None:
            named = STOOD_FOR.get(command, ())
            found = self._doers[command] = frozenset(
                name
                for record in self._by_command[command]
                for name in (*record.persons(), *(record.text(key) for key in named))
                if name
            )
        return found

    @cached_property
    def _doers(self) -> dict[str, frozenset[str]]:
        return {}

    @cached_property
    def _drafters(self) -> frozenset[str]:
        named = {name for draft in self.drafts for name in draft.authors}
        filed = {name for record in self.of("revise_draft") for name in record.persons()}
        return frozenset(named | filed)

    def granted(self, step: Step, rule: str) -> bool:
        """Whether shortening this soft floor was approved, on the present round of the step."""
        return any(
            record.step == step.id and record.text("rule") == rule
            for record in self.of("approve_override", step=step)
        )

    def begun(self, step: Step) -> bool:
        """Whether any act of the step itself was accepted, lapsed or not."""
        return any(
            record.step == step.id
            for command in step.acts
            for record in self._by_command.get(command, ())
        )

    def waiver(self, step: Step) -> Record | None:
        """The approved ruling that the step does not apply, unless a later one or work undid it."""
        if RULING not in self._by_command:
            return None
        for record in reversed(self.records):
            ruled = record.command == RULING
            if record.step == step.id and (ruled or record.command in step.acts):
                return record if ruled and record.payload.get("approved") is True else None
        return None


def as_list(value: object) -> Iterator[object]:
    """The elements of a payload's list; nothing where it is none."""
    return iter(value) if isinstance(value, list | tuple) else iter(())
