"""An alert in words: first what to do, then why, then what it is about. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from notifications.policy import UNDELIVERED
from notifications.rules import shipped_notices
from notifications.wording import Letters
from procedures.wording import RefusalWords, Wording
from workflow.catalogue import Catalogue
from workflow.definition import AlertOn
from workflow.directory import Directory
from workflow.facts import Facts, as_list
from workflow.files import CONFIRM_QUARANTINE, QUARANTINE, RELEASE_QUARANTINE
from workflow.inquiry import Notice, Standing
from workflow.planning import Duty
from workflow.refusals import Unmet

#: The kind of an alert that the sweep told; its rule says which.
TOLD: Final = "notice"
#: The kind of what is told in an inbox though no alert was sent: it is owed.
OWED: Final = "owed"
#: And of what is told because it can be done now, after the decision.
DUTY: Final = "duty"


@dataclass(frozen=True, slots=True)
class Task:
    """A condition that the reader can cure: the evidence wanted, and from which day on."""

    evidence: str
    earliest: str | None


@dataclass(frozen=True, slots=True)
class AlertWords:
    """An alert in words.

    `todo` is the line to read first; `tasks` are the reader's own that are still to be done;
    `reasons` are all conditions with their law, of which `cured` have been cured since; `about`
    names the matter and the meeting; `times` says how often and when it was tried.
    """

    id: int
    kind: str
    todo: str
    tasks: tuple[Task, ...]
    reasons: tuple[str, ...]
    about: tuple[str, ...]
    times: str
    cured: int
    count: int
    read: bool


def told_to(
    catalogue: Catalogue,
    directory: Directory,
    account: str,
    notices: Sequence[Notice],
    debts: Sequence[Standing],
    facts: Mapping[str, Facts],
) -> list[AlertWords]:
    """Somebody's inbox: first what is owed and theirs to do, then their alerts."""
    standing = (
        words(catalogue, account, each) for each in debts for words in (owed_words, duty_words)
    )
    told = [each for each in standing if each is not None]
    told += [
        alert_words(catalogue, directory, account, each, facts.get(str(each.body["matter"])))
        for each in notices
    ]
    return told


def alert_words(
    catalogue: Catalogue,
    directory: Directory,
    account: str,
    notice: Notice,
    facts: Facts | None = None,
) -> AlertWords:
    """The words of a notice for its reader; `facts` of the matter tell which units it means."""
    if notice.kind == TOLD:
        return _told_words(catalogue, directory, notice)
    if notice.kind == QUARANTINE:
        return _quarantine_words(catalogue, directory, notice)
    if notice.kind == UNDELIVERED:
        return _undelivered_words(catalogue, directory, notice)
    wording = Wording(catalogue, notice.procedure, directory)
    say = catalogue.text
    told = [
        (now, wording.refusal(now or unmet, facts, notice.day))
        for unmet, now in zip(notice.refusals, notice.now, strict=True)
    ]
    still = [(unmet, words) for unmet, words in told if unmet is not None]
    own = [words for unmet, words in still if _mine(directory, account, unmet, notice, facts)]
    command = wording.command(str(notice.body["command"]))
    posts = _posts(still)
    flagged = notice.body.get("on") == AlertOn.FLAGGED
    about = "yours" if own else "watch" if posts else "nobody"
    left = about if still else "cured" if told else "told"
    code = f"alert.{'flagged' if flagged else 'todo'}_{left}"
    times = f"alert.{'flagged_' if flagged else ''}{'once' if notice.count == 1 else 'repeated'}"
    reasons = str(notice.body.get("reasons") or "")
    return AlertWords(
        id=notice.id,
        kind=notice.kind,
        todo=say(code, command=command, count=len(own), posts=posts),
        tasks=tuple(Task(words.evidence, words.earliest) for words in own),
        reasons=(
            *(
                say(
                    "alert.cured" if now is None else "alert.reason",
                    what=words.what,
                    law=words.law,
                )
                for now, words in told
            ),
            *((say("alert.why", reasons=reasons),) if reasons else ()),
        ),
        cured=len(told) - len(still),
        about=tuple(_about(catalogue, notice)),
        times=say(
            times if told else "alert.told",
            day=notice.day,
            count=notice.count,
            actor=wording.person(str(notice.body["actor"])),
            command=command,
        ),
        count=notice.count,
        read=notice.read,
    )


def _told_words(catalogue: Catalogue, directory: Directory, notice: Notice) -> AlertWords:
    """What the sweep told, in the words of its template."""
    letters = Letters(shipped_notices().titles)
    told = letters.words(catalogue, notice.procedure, directory, notice.body)
    return AlertWords(
        id=notice.id,
        kind=notice.kind,
        todo=told.first,
        tasks=(),
        reasons=tuple(catalogue.text("alert.because", law=each) for each in told.why),
        about=told.about,
        times=catalogue.text("alert.noticed", day=notice.day),
        cured=0,
        count=notice.count,
        read=notice.read,
    )


def _quarantine_words(catalogue: Catalogue, directory: Directory, notice: Notice) -> AlertWords:
    """That a file waits to be looked into; of what it says nothing is told."""
    wording, say = Wording(catalogue, notice.procedure, directory), catalogue.text
    file, actor = str(notice.body["file"]), wording.person(str(notice.body["actor"]))
    return AlertWords(
        id=notice.id,
        kind=notice.kind,
        todo=say(
            "alert.quarantine_todo",
            file=file,
            confirm=wording.command(CONFIRM_QUARANTINE),
            release=wording.command(RELEASE_QUARANTINE),
        ),
        tasks=(),
        reasons=(),
        about=(),
        times=say("alert.quarantine_told", day=notice.day, actor=actor, file=file),
        cured=0,
        count=notice.count,
        read=notice.read,
    )


def _undelivered_words(catalogue: Catalogue, directory: Directory, notice: Notice) -> AlertWords:
    """That somebody could not be reached on a channel, and must be told otherwise."""
    wording, say = Wording(catalogue, notice.procedure, directory), catalogue.text
    person = wording.person(str(notice.body["actor"]))
    channel = str(notice.body["channel"])
    return AlertWords(
        id=notice.id,
        kind=notice.kind,
        todo=say("alert.undelivered_todo", person=person, channel=channel),
        tasks=(),
        reasons=(say("alert.undelivered_why", reason=str(notice.body["reason"])),),
        about=(),
        times=say("alert.undelivered_told", day=notice.day, count=notice.count),
        cured=0,
        count=notice.count,
        read=notice.read,
    )


def owed_words(catalogue: Catalogue, account: str, standing: Standing) -> AlertWords | None:
    """What is owed on a matter for what was let pass in advance; None for whoever cannot see to it.

    It is no alert that was sent: it stands for as long as it is owed.
    """
    wording = Wording(catalogue, standing.procedure, standing.directory)
    facts, say = standing.facts, catalogue.text
    own = [
        wording.refusal(unmet, facts, standing.today)
        for unmet in standing.owed
        if any(
            standing.directory.fits(held, holder, facts)
            for held in standing.directory.of_person(account, standing.today)
            for holder in unmet.cured_by
        )
    ]
    if not own:
        return None
    return AlertWords(
        id=0,
        kind=OWED,
        todo=say("alert.todo_owed", count=len(own)),
        tasks=tuple(Task(words.evidence, None) for words in own),
        reasons=tuple(say("alert.reason", what=words.what, law=words.law) for words in own),
        about=(say("alert.matter", number=facts.number, title=facts.title),),
        times=say("alert.owed_times", day=standing.today),
        cured=0,
        count=1,
        read=False,
    )


def duty_words(catalogue: Catalogue, account: str, standing: Standing) -> AlertWords | None:
    """What somebody can do today of what is owed after the decision; None where that is nothing."""
    wording = Wording(catalogue, standing.procedure, standing.directory)
    facts, say = standing.facts, catalogue.text
    held = tuple(standing.directory.of_person(account, standing.today))
    own = [
        duty
        for duty in standing.duties
        if duty.ready
        and duty.unmet not in standing.owed
        and any(
            standing.directory.fits(each, holder, facts) for each in held for holder in duty.who
        )
    ]
    if not own:
        return None
    reasons = [
        wording.refusal(duty.unmet, facts, standing.today) for duty in own if duty.unmet is not None
    ]
    return AlertWords(
        id=0,
        kind=DUTY,
        todo=say("alert.todo_duty", count=len(own)),
        tasks=tuple(Task(_duty(catalogue, wording, duty), None) for duty in own),
        reasons=tuple(say("alert.reason", what=words.what, law=words.law) for words in reasons),
        about=(say("alert.matter", number=facts.number, title=facts.title),),
        times=say("alert.owed_times", day=standing.today),
        cured=0,
        count=1,
        read=False,
    )


def _duty(catalogue: Catalogue, wording: Wording, duty: Duty) -> str:
    act = wording.act(duty.act, duty.step)
    if duty.deadline is None:
        return act
    code = "alert.duty_overdue" if duty.overdue else "alert.duty_by"
    return catalogue.text(code, act=act, day=duty.deadline.by)


def _mine(
    directory: Directory, account: str, unmet: Unmet, notice: Notice, facts: Facts | None
) -> bool:
    # Whoever the refusal itself bars holds a post that could cure it, and yet cannot.
    return account not in as_list(unmet.params.get("people")) and any(
        directory.fits(held, holder, facts)
        for held in directory.of_person(account, notice.day)
        for holder in unmet.cured_by
    )


def _posts(told: list[tuple[Unmet, RefusalWords]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(post for _, words in told for post in words.who))


def _about(catalogue: Catalogue, notice: Notice) -> list[str]:
    found = []
    if notice.body["matter"]:
        found.append(
            catalogue.text("alert.matter", number=notice.body["matter"], title=notice.body["title"])
        )
    if notice.body["meeting"]:
        found.append(catalogue.text("alert.meeting", code=notice.body["meeting"]))
    return found
