"""What of a matter, or of the house, has its day: from the journal, by rules written a second time.

At every look a matter is gone through from its first entry on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from tests.year.days import DAY, Days
from tests.year.reading import Entry, holders_of, raw

REVIEW_DAYS: Final = 7
PAPERS_DAYS: Final = 7
PUBLISHING_DAYS: Final = 20
NOTICE_DAYS: Final = 2
#: The last year of which the State Council's notice is known, unless another one comes.
ANNOUNCED: Final = 2026
ENDED: Final = ("withdrawn", "declined", "excluded")
UNDERWAY: Final = (
    "started",
    "drafting",
    "awaiting_review",
    "returned",
    "under_review",
    "review_failed",
    "review_passed",
    "tabled",
)
AFTERWARDS: Final = ("decided", "awaiting_reply", "issued", "executing", "concluding")
COURSE: Final = ("submit_for_review", "return_papers", "accept_papers", "give_review_verdict")


@dataclass(frozen=True)
class Point:
    """Something that has its day."""

    about: str
    what: str
    by: date
    since: date
    act: str = ""
    step: str = ""
    kind: str = ""
    begun: int = 0
    meeting: str = ""
    people: tuple[str, ...] | None = None
    holders: tuple[str, ...] = ()
    frozen: bool = False

    @property
    def name(self) -> tuple[object, ...]:
        return (self.about, self.what, self.step, self.act, self.begun, self.meeting)


@dataclass
class Matter:
    """One matter, from its entries."""

    acts: list[Entry]
    today: date
    days: Days

    def __post_init__(self) -> None:
        self.paused = False
        self.pauses: list[tuple[date, date]] = []
        begun: date | None = None
        for each in self.acts:
            if each.command == "pause":
                self.paused, begun = True, each.day
            elif each.command == "resume" and begun is not None:
                self.paused = False
                self.pauses.append((begun, each.day))
        self.stage = self.acts[-1].stage

    def last(self, *commands: str, after: int = 0) -> Entry | None:
        found = [each for each in self.acts if each.command in commands and each.place > after]
        return found[-1] if found else None

    def last_of(self, step: str) -> Entry | None:
        found = [each for each in self.acts if each.step == step]
        return found[-1] if found else None

    def points(self) -> Iterator[Point]:
        yield from self.events()
        if self.stage in UNDERWAY:
            yield from self.call()
            yield from self.hearing()
            yield from self.review()
            yield from self.experts()
            yield from self.risk()
        if self.stage in AFTERWARDS:
            yield from self.afterwards()
        if self.stage in (*AFTERWARDS, *ENDED):
            act = "archive_ended" if self.stage in ENDED else "file_archive"
            by = date(self.acts[-1].day.year + 1, 6, 30)
            yield Point(
                "deadline",
                "deadline",
                by,
                self.acts[-1].day,
                act,
                "archiving",
                "archiving",
                holders=holders_of(act),
            )

    def events(self) -> Iterator[Point]:
        for each in self.acts:
            if each.day >= self.today - 14 * DAY:
                point = Point(
                    "event", each.command, each.day, each.day, each.command, begun=each.place
                )
                if each.command in ("accept_papers", "ask_counsel"):
                    all_ = holders_of("record_counsel_opinion")
                    point = replace(point, holders=all_, people=self.counsel())
                yield point

    def call(self) -> Iterator[Point]:
        notice = self.last("publish_open_call")
        if notice is None or self.last("close_open_call", after=notice.place) is not None:
            return
        by = date.fromisoformat(notice.payload["closes_on"]) + DAY
        yield Point(
            "floor",
            "period",
            by,
            notice.day,
            "close_open_call",
            "open_call",
            "open_call",
            notice.place,
            holders=holders_of("close_open_call"),
        )

    def hearing(self) -> Iterator[Point]:
        notice = self.last("publish_hearing_notice")
        if notice is None:
            return
        if self.last("deliver_hearing_papers", after=notice.place) is None:
            held_on = date.fromisoformat(notice.payload["held_on"])
            yield Point(
                "deadline",
                "papers_before",
                self.days.before(held_on, PAPERS_DAYS),
                notice.day,
                "deliver_hearing_papers",
                "hearing",
                "hearing",
                notice.place,
                holders=holders_of("deliver_hearing_papers"),
            )

    def counsel(self) -> tuple[str, ...] | None:
        """The lawyers who were asked, or who advised before; None where it may be any."""
        asked, advised = self.last("ask_counsel"), self.last("record_counsel_opinion")
        if asked is not None:
            return tuple(asked.payload["lawyers"])
        # Of the firms in the sample each has one lawyer.
        return None if advised is None else (advised.actor,)

    def review(self) -> Iterator[Point]:
        last, begun = self.last(*COURSE), self.last_of("legality_review")
        if last is None or begun is None:
            return
        passed = last.command == "give_review_verdict" and last.payload["verdict"] == "lawful"
        accepted = self.last("accept_papers")
        text = self.last("revise_draft")
        assert text is not None
        if (
            accepted is not None
            and not passed
            and accepted.place > text.place
            and self.last("return_papers", after=accepted.place) is None
        ):
            by = self.days.end(accepted.day, REVIEW_DAYS, self.pauses)
            yield self._of_review("floor", "review_time", "give_review_verdict", accepted, by)
        if last.command == "submit_for_review":
            what = "legality_review.awaiting_acceptance"
            yield self._of_review("awaited", what, "accept_papers", begun)
        if last.command == "accept_papers":
            what = "legality_review.in_progress"
            yield self._of_review("awaited", what, "give_review_verdict", begun)
            if self.last("record_counsel_opinion", after=last.place) is None:
                found = self._of_review(
                    "awaited", "counsel_opinion", "record_counsel_opinion", last
                )
                yield replace(found, people=self.counsel())

    def _of_review(
        self, about: str, what: str, act: str, begun: Entry, by: date | None = None
    ) -> Point:
        return Point(
            about,
            what,
            begun.day if by is None else by,
            begun.day,
            act,
            "legality_review",
            "legality_review",
            begun.place,
            holders=holders_of(act),
            frozen=self.paused,
        )

    def experts(self) -> Iterator[Point]:
        begun = self.last_of("expert_argument")
        chosen = [
            str(each["expert"])
            for act in self.acts
            if act.command == "choose_experts"
            for each in act.payload["experts"]
        ]
        if begun is None:
            return
        did: dict[str, set[str]] = {"declare_interest": set(), "file_expert_opinion": set()}
        for act in self.acts:
            if act.command in did:
                did[act.command].add(str(act.payload["expert"]))
        declared, given = did.values()
        missing = tuple(each for each in chosen if each not in declared)
        silent = tuple(each for each in chosen if each in declared and each not in given)
        for what, act_, people in (
            ("declarations_missing", "declare_interest", missing),
            ("opinions_missing", "file_expert_opinion", silent),
        ):
            if people:
                yield Point(
                    "awaited",
                    f"expert_argument.{what}",
                    begun.day,
                    begun.day,
                    act_,
                    "expert_argument",
                    "expert_argument",
                    begun.place,
                    people=people,
                    frozen=self.paused,
                )

    def risk(self) -> Iterator[Point]:
        """The assessment that can begin since there is research, and was not begun."""
        whole = all(self.last(act) for act in ("file_research", "file_legal_basis"))
        researched = self.last_of("research") if whole else None
        asked = self.acts[0].payload["answers"]["stability_risk"]
        if asked and researched is not None and self.last_of("risk_assessment") is None:
            act = "file_risk_assessment"
            yield Point(
                "expected",
                "risk_assessment",
                researched.day,
                researched.day,
                act,
                "risk_assessment",
                "risk_assessment",
                researched.place,
                holders=holders_of(act),
                frozen=self.paused,
            )

    def afterwards(self) -> Iterator[Point]:
        asked = self.last("submit_request")
        if asked is not None and self.last("record_reply", after=asked.place) is None:
            yield Point(
                "awaited",
                "request_reply.awaiting_reply",
                asked.day,
                asked.day,
                "record_reply",
                "party_committee_request",
                "request_reply",
                asked.place,
                holders=holders_of("record_reply"),
            )
        issued = self.last("issue")
        if issued is not None:
            yield from self._publication(issued)
        charged = self.last("assign_execution")
        if charged is not None and self.last("complete_execution", after=charged.place) is None:
            yield Point(
                "deadline",
                "paper",
                date.fromisoformat(charged.payload["due_on"]),
                charged.day,
                "complete_execution",
                "execution",
                "execution",
                charged.place,
                holders=holders_of("complete_execution"),
            )

    def _publication(self, issued: Entry) -> Iterator[Point]:
        done = self.last("publish_decision", "exempt_publication")
        begun, act, since = 0, "publish_decision", issued.day
        what = "limit"
        if done is not None:
            answers = self.acts[0].payload["answers"]
            asked = answers["direct_interests"] or answers["technical"]
            explained = self.last("publish_interpretation") is not None
            if done.command == "exempt_publication" or explained or not asked:
                return
            begun, act, what = done.place, "publish_interpretation", "interpretation_limit"
            since = date.fromisoformat(done.payload["published_on"])
        yield Point(
            "deadline",
            what,
            self.days.end(since, PUBLISHING_DAYS),
            since,
            act,
            "publication",
            "publication",
            begun,
            holders=holders_of(act),
        )


@dataclass
class House:
    """Whatever is of no matter."""

    past: Sequence[Entry]
    today: date
    days: Days

    def points(self) -> Iterator[Point]:
        over = ("cancel_meeting", "open_meeting")
        for each in self.past:
            if each.command != "convene_meeting":
                continue
            later = {other.command for other in self.past if other.meeting == each.meeting}
            if later.isdisjoint(over):
                yield from self._meeting(each, fixed="freeze_agenda" in later)
        number = 0
        for each in self.past:
            if each.command == "grant_mandate":
                number += 1
                until = date.fromisoformat(each.payload["until"])
                if until >= self.today:
                    yield Point(
                        "mandate",
                        each.actor,
                        until,
                        each.day,
                        "grant_mandate",
                        begun=number,
                        people=(each.actor, str(each.payload["agent"])),
                    )
        taken_in = {
            each.payload["year"]
            for each in self.past
            if each.command == "import_holidays" and not each.payload["amends"]
        }
        if self.today.year >= ANNOUNCED and self.today.year + 1 not in taken_in:
            yield Point(
                "calendar",
                "holidays",
                date(self.today.year, 12, 31),
                date(self.today.year, 1, 1),
                begun=self.today.year + 1,
            )

    def _meeting(self, convened: Entry, *, fixed: bool) -> Iterator[Point]:
        held_on = date.fromisoformat(convened.payload["held_on"])
        code = str(convened.meeting)
        if not fixed:
            by = held_on - NOTICE_DAYS * DAY
            while not self.days.works(by):
                by -= DAY
            yield Point(
                "freeze",
                "agenda.notice",
                by,
                by,
                "freeze_agenda",
                meeting=code,
                holders=holders_of("freeze_agenda"),
            )
        body = raw("law", "common_course")["bodies"]["party_group"]
        yield Point(
            "meeting",
            "agenda.notice",
            held_on,
            held_on,
            meeting=code,
            holders=(*body["chair"], *body["members"]),
        )
