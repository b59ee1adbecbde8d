"""Matters on a terminal: the list, one in full, and what still stands between it and the agenda."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from api.presenting.behind import behind
from api.presenting.departures import departure_rows
from api.presenting.duties import deadline_mark
from api.presenting.following import following_rows
from api.presenting.page import Page, Style
from api.presenting.refusals import Refusals
from api.presenting.signatures import signature_rows
from api.presenting.wrapping import cut
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.commands import CORE, Subject
from workflow.definition import Gate, Step
from workflow.facts import Record
from workflow.inquiry import Line, Standing
from workflow.kin import TIES
from workflow.ports import Assessment, StepState
from workflow.searching import Snippet
from workflow.yearly_catalogue import named, ruled_out

_TITLE = 44
_DIGEST = 16

#: What still stands before each gate, or that nothing does.
_WAY = {
    Gate.AGENDA: "matter.in_the_way",
    Gate.ISSUE: "matter.before_issue",
    Gate.CLOSE: "matter.before_close",
}
_FREE = {
    Gate.AGENDA: "matter.nothing_in_the_way",
    Gate.ISSUE: "matter.issuable",
    Gate.CLOSE: "matter.closable",
}


def write_list(
    page: Page,
    catalogue: Catalogue,
    lines: Sequence[Line],
    wordings: Sequence[Wording],
    zone: ZoneInfo,
) -> None:
    """A line for each matter; with the procedures that bind it, where they are not always one."""
    mains = {line.procedure.parts[0].id for line in lines}
    several = len(mains) > 1 or any(len(line.procedure.parts) > 1 for line in lines)
    say = catalogue.text
    if not lines:
        page.line(say("matter.none"))
        return
    page.table(
        [
            (
                line.number,
                wording.stage(line.stage)
                + (say("matter.paused_mark") if line.paused else "")
                + (say("matter.owed_mark") if line.owed else "")
                + (say("matter.late_mark") if _late(line) else ""),
                wording.unit(line.unit),
                say("days.plain", day=line.changed_at.astimezone(zone).date()),
                cut(line.title, _TITLE) or say("matter.stub"),
                *([_bound(catalogue, line)] if several else ()),
            )
            for line, wording in zip(lines, wordings, strict=True)
        ]
    )
    _found(page, catalogue, lines)
    _due(page, catalogue, lines, wordings)


def _found(page: Page, catalogue: Catalogue, lines: Sequence[Line]) -> None:
    """Where what was searched for stands, marked."""
    rows = [
        (line.number, catalogue.text(f"matter.part.{each.part.name.lower()}"), marked)
        for line in lines
        for each in line.found
        if (marked := _marked(catalogue, each))
    ]
    if rows:
        page.blank()
        page.heading(catalogue.text("matter.found"))
        page.table(rows, indent="  ")


def _marked(catalogue: Catalogue, snippet: Snippet) -> str:
    told, at = [], 0
    for since, until in snippet.marks:
        if since >= at:
            found = catalogue.text("matter.found_mark", text=snippet.text[since:until])
            told += [snippet.text[at:since], found]
            at = until
    return "".join([*told, snippet.text[at:]])


def _late(line: Line) -> bool:
    return any(duty.overdue for duty in line.duties)


def _due(
    page: Page, catalogue: Catalogue, lines: Sequence[Line], wordings: Sequence[Wording]
) -> None:
    """What is due of the matters that were decided, the earliest day first."""
    due = [
        (duty.deadline.by, line.number, deadline_mark(catalogue, (duty,), wording))
        for line, wording in zip(lines, wordings, strict=True)
        for duty in line.duties
        if duty.deadline is not None
    ]
    if due:
        page.blank()
        page.heading(catalogue.text("matter.due"))
        page.table([(number, told) for _, number, told in sorted(due)], indent="  ")


def _bound(catalogue: Catalogue, line: Line) -> str:
    return catalogue.text("days.names", names=tuple(part.name for part in line.procedure.parts))


def document_number(catalogue: Catalogue, record: Record) -> str:
    """A document number (发文字号) as it is written: code, year in hexagonal brackets, serial."""
    given = {key: record.text(key) for key in ("series", "year", "number")}
    return catalogue.text("matter.document_number", **given)


@dataclass(frozen=True)
class Matter:
    """A matter as it stands, with the words for it."""

    catalogue: Catalogue
    standing: Standing

    @property
    def wording(self) -> Wording:
        """The words of the procedure that the matter is pinned to."""
        return Wording(self.catalogue, self.standing.procedure, self.standing.directory)

    def write(self, page: Page) -> None:
        """Head, flags, steps, what was shortened or waived, kin, drafts, reviews, records."""
        self._head(page)
        self._flags(page)
        self._steps(page)
        self._owed(page)
        self._departures(page)
        self._kin(page)
        self._drafts(page)
        self._signatures(page)
        self._records(page)

    def write_why(self, page: Page, following: Callable[[Page], None]) -> None:
        """What is to be done now, as `following` tells it, then all that stands in the way."""
        standing, say = self.standing, self.catalogue.text
        page.heading(self._name())
        if standing.facts.meeting is not None:
            page.line(say("matter.listed", meeting=standing.facts.meeting), style=Style.DONE)
            return
        if not standing.facts.title:
            # Of a secret matter there is nothing to say but that it is not handled here.
            page.line(self._stage(), style=Style.QUIET)
            return
        following(page)
        if standing.procedure.stages[standing.facts.stage].end:
            page.line(say("matter.ended", stage=self._stage()), style=Style.DONE)
        elif standing.unmet:
            page.line(say(_WAY[standing.gate], count=len(standing.unmet)), style=Style.WARNING)
            self.refusals.write(page, standing.unmet, indent="  ")
        else:
            page.line(say(_FREE[standing.gate]), style=Style.DONE)
        if onward := self._onward():
            page.line(onward)
        self._owed(page)
        titles = tuple(
            self.wording.command(command)
            for command in standing.commands
            if command not in CORE or CORE[command].subject is not Subject.ORGANISATION
        )
        if titles:
            page.line(say("matter.possible", stage=self._stage(), commands=titles))

    @property
    def refusals(self) -> Refusals:
        """Words for what is unmet."""
        standing = self.standing
        return Refusals(
            self.catalogue, self.wording, standing.directory, standing.facts, standing.today
        )

    def _onward(self) -> str:
        """Which body comes next, where another has adopted the matter already; else empty."""
        facts, procedure = self.standing.facts, self.standing.procedure
        bodies = procedure.meetings(facts.answers)
        adopted = [procedure.bodies[body].name for body in bodies if facts.adopted_by(body)]
        coming = facts.next_body(bodies)
        if coming is None or not adopted or procedure.stages[facts.stage].end:
            return ""
        locale = self.catalogue.locale
        names = tuple(name[locale] for name in adopted)
        return self.catalogue.text(
            "matter.next_body", adopted=names, body=procedure.bodies[coming].name[locale]
        )

    def _name(self) -> str:
        facts = self.standing.facts
        title = facts.title or self.catalogue.text("matter.stub")
        return self.catalogue.text("matter.name", number=facts.number, title=title)

    def _stage(self) -> str:
        return self.wording.stage(self.standing.facts.stage)

    def _head(self, page: Page) -> None:
        say, facts, procedure = self.catalogue.text, self.standing.facts, self.standing.procedure
        page.heading(self._name())
        rows = [
            (say("matter.stage"), self._stage()),
            (say("matter.proposed_by"), self.wording.unit(facts.proposing_unit)),
        ]
        if facts.lead_unit:
            rows.append((say("matter.lead"), self.wording.unit(facts.lead_unit)))
        if facts.co_units:
            units = tuple(self.wording.unit(unit) for unit in facts.co_units)
            rows.append((say("matter.co_units"), say("days.names", names=units)))
        links = facts.links
        rows += [(say(f"matter.{tie}"), told) for tie in TIES if (told := getattr(links, tie))]
        if links.amount_yuan is not None:
            rows.append((say("matter.amount"), str(links.amount_yuan)))
        rows.extend(self._in_catalogue())
        if facts.meeting:
            rows.append((say("matter.meeting"), facts.meeting))
        rows.extend(following_rows(self.catalogue, self.standing))
        rows.extend(
            (
                say("matter.voided" if record is not facts.issue else "matter.number"),
                document_number(self.catalogue, record),
            )
            for record in facts.of("issue")
        )
        ended = facts.last("terminate_execution", "record_adjustment")
        if ended is not None:
            rows.append((self.wording.command(ended.command), ended.text("by")))
        if facts.paused_since:
            rows.append((say("matter.paused"), say("days.plain", day=facts.paused_since)))
        for place, part in enumerate(procedure.parts):
            edition = say("matter.edition", name=part.name, version=part.version)
            rows.append((say("matter.joined" if place else "matter.procedure"), edition))
        rows.append((say("matter.version"), str(facts.version)))
        page.pairs(rows, indent="  ")

    def _in_catalogue(self) -> Iterator[tuple[str, str]]:
        """How the matter stands to the yearly catalogue."""
        say, facts, entry = self.catalogue.text, self.standing.facts, self.standing.entry
        if entry is not None and (meant := named(facts)) is not None:
            told = say(
                "matter.entry_named", year=meant.year, number=entry.number, title=entry.title
            )
            yield say("matter.entry"), told
        if (ruling := ruled_out(facts)) is not None:
            yield say("matter.not_major"), say("days.plain", day=ruling.filed_on)

    def _flags(self, page: Page) -> None:
        if self.standing.flags:
            page.blank()
            page.heading(self.catalogue.text("matter.flags"))
            self.refusals.write(page, self.standing.flags, indent="  ")

    def _steps(self, page: Page) -> None:
        say, standing = self.catalogue.text, self.standing
        page.blank()
        page.heading(say("matter.steps"))
        rows = []
        for step in standing.procedure.steps.values():
            found = standing.assessments[step.id]
            if found.state is not StepState.NOT_REQUIRED:
                name, state = self.wording.step(step.id), self.wording.step_state(found.state)
                if self._dropped(step, found):
                    state = say("matter.no_longer")
                rows.append((name, state, self._day_of(step, found)))
        page.table(rows, indent="  ")

    def _dropped(self, step: Step, found: Assessment) -> bool:
        """Whether an open step of a matter that has ended is not to be done any more."""
        standing = self.standing
        ended = standing.procedure.stages[standing.facts.stage].end
        owed = any(duty.step == step for duty in standing.duties)
        return ended and not found.state.closed and not owed

    def _day_of(self, step: Step, found: Assessment) -> str:
        """When a step was closed; of an open one the last day, where there is one."""
        if found.on is not None:
            return self.catalogue.text("days.plain", day=found.on)
        duties = [duty for duty in self.standing.duties if duty.step == step]
        return deadline_mark(self.catalogue, duties, self.wording)

    def _owed(self, page: Page) -> None:
        if self.standing.owed:
            page.blank()
            page.heading(self.catalogue.text("matter.owed"))
            self.refusals.write(page, self.standing.owed, indent="  ")

    def _departures(self, page: Page) -> None:
        rows = departure_rows(self.catalogue, self.standing)
        if rows:
            page.blank()
            page.heading(self.catalogue.text("matter.departures"))
            page.table(rows, indent="  ")

    def _kin(self, page: Page) -> None:
        say, facts = self.catalogue.text, self.standing.facts
        if facts.kin:
            counted = facts.together
            page.blank()
            page.heading(say("matter.kin"))
            page.table(
                [
                    (
                        kin.number,
                        "" if kin.amount_yuan is None else str(kin.amount_yuan),
                        say("days.plain", day=kin.proposed_on),
                        cut(kin.title, _TITLE),
                        "" if kin in counted else say("matter.apart"),
                    )
                    for kin in facts.kin
                ],
                indent="  ",
            )

    def _drafts(self, page: Page) -> None:
        say, facts = self.catalogue.text, self.standing.facts
        if facts.drafts:
            page.blank()
            page.heading(say("matter.drafts"))
            page.table(
                [
                    (
                        say("matter.draft_number", number=draft.number),
                        self.wording.choice("nature", draft.nature.value),
                        say("days.plain", day=draft.made_on),
                        draft.digest[:_DIGEST],
                        say("days.names", names=tuple(map(self.wording.person, draft.authors))),
                    )
                    for draft in facts.drafts
                ],
                indent="  ",
            )
        if facts.reviews:
            page.blank()
            page.heading(say("matter.reviews"))
            page.table(
                [
                    (
                        say("matter.draft_number", number=review.draft),
                        self.wording.choice("verdict", review.verdict),
                        say("matter.passed" if review.passed else "matter.not_passed"),
                        say("days.plain", day=review.given_on),
                        self._behind(review.reviewer, review.principal),
                    )
                    for review in facts.reviews
                ],
                indent="  ",
            )

    def _signatures(self, page: Page) -> None:
        if self.standing.signatures:
            page.blank()
            page.heading(self.catalogue.text("matter.signatures"))
            page.table(signature_rows(self.catalogue, self.wording, self.standing), indent="  ")

    def _behind(self, actor: str, principal: str | None) -> str:
        return behind(self.catalogue, self.wording, actor, principal)

    def _records(self, page: Page) -> None:
        say, facts = self.catalogue.text, self.standing.facts
        page.blank()
        page.heading(say("matter.records"))
        page.table(
            [
                (
                    str(record.position),
                    say("days.plain", day=record.filed_on),
                    self._behind(record.actor, record.principal),
                    self.wording.command(record.command),
                )
                for record in facts.records
            ],
            indent="  ",
        )
