"""One command inside its transaction: lock, look, decide, and hand over to be written."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from workflow.access import Area, Sight
from workflow.canonical import canonical
from workflow.catalogue import Said
from workflow.commands import CommandSpec, Migrate, Propose, ProposeAgendaItem, RuleSeparate, Unmask
from workflow.decisions.authority import called
from workflow.decisions.decide import decide
from workflow.decisions.restricting import may_know
from workflow.decisions.scene import Actor, Imported, Open, Scene
from workflow.decisions.staffing import concerns
from workflow.definition import Procedure, Step
from workflow.directory import Directory
from workflow.errors import BadInput, Conflict, NotFound
from workflow.facts import CALL, CLOSE_CALL, TAKE_IN, VOID, Facts, Linked
from workflow.holiday_forms import ImportHolidays
from workflow.meeting import Meeting
from workflow.meeting_forms import OpenMeeting
from workflow.ports import Clock, Payload
from workflow.service.requests import Outcome, Request, fingerprint, outcome_from_json
from workflow.service.rulebook import Rulebook, Rules
from workflow.service.writing import Act, carry_out, refuse
from workflow.store import Store, StoredMatter, StoredMeeting
from workflow.submissions import MOST_AT_ONCE, Waiting
from workflow.veil import veiled

#: The commands that can take a matter off the agenda of a meeting without a conclusion.
_TAKING_OFF: Final = frozenset({"remove_agenda_item", "withdraw", "end_decision"})


#: The commands by which a call begins or ends.
LINING: Final = frozenset({CALL, CLOSE_CALL})


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the command that it gives and the payload that it gives it.

    `within`: it follows from an act on a meeting, whoever may know of the matter itself.
    """

    request: Request
    spec: CommandSpec
    payload: Payload
    within: bool = False


@dataclass(frozen=True, slots=True)
class Along:
    """What was done together with a command and for it: what came of it, and who was alerted."""

    result: Mapping[str, object]
    alerts: tuple[str, ...] = ()


def run(
    book: Rulebook,
    clock: Clock,
    store: Store,
    asked: Asked,
    seen: int | None,
    along: Along | None = None,
) -> Outcome:
    """Carry out one command on a connection whose transaction has begun.

    `seen` is the version that the matter had before the lock was asked for; `along` is what was
    done for it just before, which its answer tells with the rest, however often it is asked.
    """
    act = prepare(book, clock, store, asked, seen)
    if isinstance(act, Outcome):
        return act
    if act.verdict.decision.unmet:
        return _keep(act, _veiled(book, act, refuse(act)))
    if act.blind:
        # Nobody does on a matter what they cannot read, whatever post it belongs to.
        raise NotFound("unknown.matter", matter=asked.request.matter)
    outcome = carry_out(act, _pinning(book, act.scene))
    if along is not None:
        alerts = tuple(dict.fromkeys((*along.alerts, *outcome.alerts)))
        result = {**(outcome.result or {}), **along.result}
        outcome = replace(outcome, result=result or None, alerts=alerts)
    return _keep(act, _veiled(book, act, outcome))


def only_refuse(
    book: Rulebook,
    clock: Clock,
    store: Store,
    asked: Asked,
    seen: int | None,
) -> Outcome | None:
    """Journal a command if it is refused; one that would be done is left alone (None)."""
    act = prepare(book, clock, store, asked, seen)
    if isinstance(act, Outcome):
        return act
    return _keep(act, _veiled(book, act, refuse(act))) if act.verdict.decision.unmet else None


def prepare(
    book: Rulebook,
    clock: Clock,
    store: Store,
    asked: Asked,
    seen: int | None,
) -> Act | Outcome:
    """Lock, look and decide; or the answer that the same request was given before."""
    request, spec, payload = asked.request, asked.spec, asked.payload
    matter = _matter(store, request)
    # After the journal's end, always: so the commands of one organisation follow each other as
    # their entries do, and no two wait for each other crosswise.
    head = store.lock_head() if matter is None else matter.head
    meeting = _meeting(store, request)
    if matter is not None:
        matter = _with_the_public(store, request, matter)
    # The clock is read under the lock, so that entries of a chain are in the order of time.
    at = clock.now()
    day = at.astimezone(ZoneInfo(store.home.time_zone)).date()
    blind = False
    if matter is not None and not asked.within:
        blind = not _known(book, store, request, matter, day)
    if request.meeting is not None:
        # After the matter: whether that is there must not hang on what else was named.
        meeting_known(book, store, request, (meeting, matter), day)
    if request.key is not None:
        answered = store.request(request.key)
        if answered is not None:
            return _replay(request, *answered)
    if matter is not None:
        _unchanged(book, store, request, matter, seen, day)
    if meeting is not None:
        same_meeting(request, meeting.meeting)
    try:
        scene = scene_of(book, store, asked, matter, meeting, day)
    except BadInput:
        if blind:
            # Which steps its procedure has is told to nobody who does not see the matter.
            raise NotFound("unknown.matter", matter=request.matter) from None
        raise
    verdict = decide(scene, spec, payload)
    return Act(
        store,
        request,
        spec,
        payload,
        scene,
        verdict,
        head,
        at,
        matter,
        meeting,
        # Of a definition that nothing is pinned to in the end no text is kept.
        known=_before(book, store, matter, day).procedure.digest,
        signatures=book.signatures,
        mask=book.masked,
        blind=blind,
    )


def scene_of(
    book: Rulebook,
    store: Store,
    asked: Asked,
    matter: StoredMatter | None,
    meeting: StoredMeeting | None,
    day: date,
) -> Scene:
    """Everything that a decision on the request may look at on a day."""
    request, payload = asked.request, asked.payload
    book.look_up(store, payload.days())
    rules = before = _before(book, store, matter, day)
    if isinstance(payload, Propose):
        rules = book.proposed(store.home, payload, day)
    elif matter is not None:
        rules = book.corrected(before, store.home, matter.facts, payload.corrections())
    directory = book.directory(store)
    actor = actor_of(request, directory, day)
    facts = None if matter is None else _facts(book, rules, store, asked, matter)
    step = _step_for(actor, asked, rules.procedure, (directory, facts), day)
    target = None
    if isinstance(payload, Migrate) and matter is not None:
        target = book.target(store, rules, matter.facts, payload, day)
    return Scene(
        lens=book.lens(store, rules, day),
        lifecycle=rules.lifecycle,
        directory=directory,
        actor=actor,
        facts=facts,
        meeting=None if meeting is None else meeting.meeting,
        step=step,
        target=target,
        before=before.procedure,
        linked=_linked(book, store, asked, matter),
        concerned=partial(_concerned, book, store, day),
        catalogue=store.catalogue,
        ledger=partial(book.ledger, store),
        series=store.home.series,
        paper_of=store.paper_of(key) if (key := payload.paper_key()) else "",
        profile=(
            book.flagging(rules, store.home, day)
            if isinstance(payload, ProposeAgendaItem)
            else None
        ),
        listed=_listed(store, asked, matter),
        alongside=() if meeting is None else _alongside(store, asked, meeting.meeting),
        tabled=tuple if meeting is None else partial(_tabled, book, store, meeting.meeting),
        waiting=_waiting(store, asked, matter, step),
        calendar=book.calendar(store) if isinstance(payload, ImportHolidays) else Imported(),
        shifts=partial(book.shifts, store, day),
        digests=book.digests,
        files=store.files_and_copies(payload.named_files()),
        marks=book.marks_in,
        names_open=isinstance(payload, Unmask) and _names_open(book, store, request, payload, day),
    )


def _facts(book: Rulebook, rules: Rules, store: Store, asked: Asked, matter: StoredMatter) -> Facts:
    """The facts of the matter; kin that is kept from the actor cannot be ruled apart from it."""
    facts = book.sealed(book.oriented(rules, matter.facts))
    if not isinstance(asked.payload, RuleSeparate) or not facts.kin:
        return facts
    hidden = store.kept_from(asked.request.actor)
    return replace(facts, kin=tuple(each for each in facts.kin if each.number not in hidden))


def _known(book: Rulebook, store: Store, request: Request, matter: StoredMatter, day: date) -> bool:
    """Answer as if there were no such matter where the actor can neither see nor act on it.

    Somebody whose act it is by post (an expert, counsel) is told why it is not theirs to do here,
    and nothing else.  Gives whether the actor sees anything of it.
    """
    rules = book.pinned(matter.digest, store)
    facts = book.oriented(rules, matter.facts)
    directory, account = book.directory(store), request.actor
    if facts.named is not None and not may_know(
        rules.procedure, directory, facts, account, request.command, day
    ):
        raise NotFound("unknown.matter", matter=request.matter)
    if account not in directory.persons:
        raise NotFound("unknown.person", person=account)
    if _seen(book, store, request, matter, day):
        return True
    persons = book.rights(store, account, day, matter).persons
    if not called(rules.procedure, directory, facts, persons, request.command, day):
        raise NotFound("unknown.matter", matter=request.matter)
    return False


def meeting_known(
    book: Rulebook,
    store: Store,
    request: Request,
    about: tuple[StoredMeeting | None, StoredMatter | None],
    day: date,
) -> None:
    """Answer as if there were no such meeting where the actor can neither see nor act on it.

    `about` are the meeting and the matter that the request names.
    """
    meeting, matter = about
    account, directory = request.actor, book.directory(store)
    if account not in directory.persons:
        raise NotFound("unknown.person", person=account)
    if meeting is not None:
        sighted = book.sighted(store, account, day)
        if sighted.meeting(meeting.meeting.code, lock=False) is not None:
            return
        rules = _before(book, store, matter, day)
        facts = None if matter is None else book.oriented(rules, matter.facts)
        persons = sighted.rights.persons
        if called(rules.procedure, directory, facts, persons, request.command, day):
            return
    raise NotFound("unknown.meeting", meeting=request.meeting)


def _seen(book: Rulebook, store: Store, request: Request, matter: StoredMatter, day: date) -> bool:
    """Whether the actor sees anything of the matter."""
    reach = book.rights(store, request.actor, day, matter).reach(Area.MATTERS)
    return (
        reach.everything
        or reach.of(book.parties(store, matter), matter.facts.stage) is not Sight.NONE
    )


def _names_open(book: Rulebook, store: Store, request: Request, asked: Unmask, day: date) -> bool:
    """Whether the actor is given to see personal data of the matter that the payload names.

    Raises NotFound for a matter that there is not, or that the actor sees nothing of.
    """
    matter = store.matter(asked.matter, lock=False)
    if matter is not None:
        parties = book.parties(store, matter)
        rights = book.rights(store, request.actor, day, matter)
        if rights.sees(Area.MATTERS, matter.facts, parties) is not Sight.NONE:
            return rights.sees(Area.PERSONAL_DATA, matter.facts, parties) is Sight.WHOLE
    raise NotFound("unknown.matter", matter=asked.matter)


def _linked(
    book: Rulebook, store: Store, asked: Asked, matter: StoredMatter | None
) -> dict[str, Linked]:
    """The other matters that the act must know of; one kept from the actor cannot be named."""
    found = book.linked(store, _named(asked, matter))
    named = set(asked.payload.named_matters()) & found.keys()
    hidden = store.kept_from(asked.request.actor) if named else {}
    return {number: each for number, each in found.items() if number not in named & hidden.keys()}


def _veiled(book: Rulebook, act: Act, outcome: Outcome) -> Outcome:
    """The outcome without other matters that are kept from the actor, or that they do not see."""
    if not outcome.refusals and not outcome.warnings:
        return outcome
    store, matter = act.store, act.matter
    blind = matter is not None and not _seen(book, store, act.request, matter, act.scene.today)
    if blind and outcome.refusals:
        outcome = replace(outcome, stage=None, version=None)
    hidden = store.kept_from(act.request.actor).keys() | _kin_unseen(book, act)
    hidden -= {act.request.matter}
    return replace(
        outcome,
        refusals=veiled(outcome.refusals, hidden),
        warnings=veiled(outcome.warnings, hidden),
    )


def _kin_unseen(book: Rulebook, act: Act) -> set[str]:
    """The kin of the matter (the same project or purpose) that the actor sees nothing of."""
    facts, day = act.scene.facts, act.scene.today
    if facts is None or not facts.kin:
        return set()
    reach = book.rights(act.store, act.request.actor, day, act.matter).reach(Area.MATTERS)
    if reach.everything:
        return set()
    numbers = (each.number for each in facts.kin)
    found = [act.store.matter(number, lock=False) for number in numbers]
    return {
        each.facts.number
        for each in found
        if each is not None
        and reach.of(book.parties(act.store, each), each.facts.stage) is Sight.NONE
    }


def _tabled(book: Rulebook, store: Store, meeting: Meeting) -> Iterator[Facts]:
    """The matters on the agenda of a meeting, those that it has come to something on as well."""
    for entry in meeting.agenda:
        matter = store.matter(entry.matter, lock=False)
        if matter is not None:
            yield book.oriented(book.pinned(matter.digest, store), matter.facts)


def _waiting(
    store: Store, asked: Asked, matter: StoredMatter | None, step: Step | None
) -> tuple[Waiting, ...]:
    """The oldest opinions that wait to be taken in, for the command that does it."""
    if matter is None or step is None or asked.spec.name != TAKE_IN:
        return ()
    return store.waiting(matter.id, step.id, MOST_AT_ONCE)


def _listed(store: Store, asked: Asked, matter: StoredMatter | None) -> Meeting | None:
    """The meeting on whose agenda the matter is, for a command that would take it off.

    It is read after the organisation is locked, so that nobody opens it in between.
    """
    if matter is None or asked.spec.name not in _TAKING_OFF or matter.facts.meeting is None:
        return None
    found = store.meeting(matter.facts.meeting, lock=False)
    return None if found is None else found.meeting


def _alongside(store: Store, asked: Asked, meeting: Meeting) -> tuple[Meeting, ...]:
    """The other meetings of the body on the same day, where one is to be opened."""
    if not isinstance(asked.payload, OpenMeeting):
        return ()
    codes = store.meetings_on(meeting.body, meeting.held_on)
    found = (store.meeting(code, lock=False) for code in codes if code != meeting.code)
    return tuple(each.meeting for each in found if each is not None)


def _named(asked: Asked, matter: StoredMatter | None) -> tuple[str, ...]:
    """The other matters that the act must know of: those named, and at an agenda its sources.

    Whether a number may be voided rests on what became of the matter that is changed.
    """
    named = asked.payload.named_matters()
    if matter is None:
        return named
    own: tuple[str, ...] = ()
    if isinstance(asked.payload, ProposeAgendaItem):
        own = (matter.facts.adjusts, matter.facts.continues)
    elif asked.spec.name == VOID:
        own = (matter.facts.adjusts,)
    return (*named, *(each for each in own if each))


def _concerned(book: Rulebook, store: Store, day: date, roles: Collection[str]) -> Iterator[Open]:
    """The open matters whose rules give somebody in one of the roles something to do."""
    for number, stage, digest in store.every_matter():
        rules = book.pinned(digest, store)
        if rules.procedure.stages[stage].end or not concerns(rules.procedure, roles):
            continue
        matter = store.matter(number, lock=False)
        if matter is not None:
            yield Open(book.lens(store, rules, day), book.oriented(rules, matter.facts))


def _keep(act: Act, outcome: Outcome) -> Outcome:
    """The outcome, kept under the key of its request where it has one."""
    request = act.request
    if request.key is not None:
        kept = canonical(outcome.to_json())
        act.store.add_request(request.key, fingerprint(request), kept, act.at)
    return outcome


def _pinning(book: Rulebook, scene: Scene) -> tuple[Procedure, str]:
    """The definition that the matter is bound by after the command, with its text."""
    procedure = scene.procedure if scene.target is None else scene.target.procedure
    return procedure, book.source(procedure)


def _before(book: Rulebook, store: Store, matter: StoredMatter | None, day: date) -> Rules:
    """The rules before the command: those that the matter is pinned to, or the profile's."""
    if matter is None:
        return book.current(store.home, day)
    return book.pinned(matter.digest, store)


def _matter(store: Store, request: Request) -> StoredMatter | None:
    if request.matter is None:
        return None
    matter = store.matter(request.matter, lock=True)
    if matter is None:
        raise NotFound("unknown.matter", matter=request.matter)
    return matter


def _with_the_public(store: Store, request: Request, matter: StoredMatter) -> StoredMatter:
    """The matter with what the public sent in and nobody took in yet.

    What begins or ends a call waits for every opinion that is on its way in, and lets none begin:
    so what it counts is all there is, and whoever comes after it comes late.
    """
    if request.command in LINING:
        store.hold_the_line(matter.id)
    return store.with_waiting(matter)


def _meeting(store: Store, request: Request) -> StoredMeeting | None:
    if request.meeting is None:
        return None
    return store.meeting(request.meeting, lock=True)


def _replay(request: Request, asked: str, outcome: Mapping[str, object]) -> Outcome:
    if asked != fingerprint(request):
        raise Conflict("request.key_reused", key=request.key)
    return outcome_from_json(outcome)


def _unchanged(
    book: Rulebook,
    store: Store,
    request: Request,
    matter: StoredMatter,
    seen: int | None,
    day: date,
) -> None:
    """Refuse to act on what the actor cannot have seen: first come, first served.

    What was done since is told to those who may read it in the journal.
    """
    expected = seen if request.expected_version is None else request.expected_version
    version = matter.facts.version
    if expected is None or expected == version:
        return
    zone = ZoneInfo(store.home.time_zone)
    rights = book.rights(store, request.actor, day, matter)
    parties = book.parties(store, matter)
    reads = rights.reach(Area.JOURNAL).of(parties, matter.facts.stage) is Sight.WHOLE
    changes = tuple(
        Said(
            "conflict.change",
            {"entry": seq, "at": at.astimezone(zone), "actor": actor, "command": command},
        )
        for seq, at, actor, command in (store.changes_since(matter.id, expected) if reads else ())
    )
    raise Conflict(
        "conflict.matter_changed",
        matter=matter.facts.number,
        expected=expected,
        version=version,
        changes=changes,
    )


def same_meeting(request: Request, meeting: Meeting) -> None:
    """Raises Conflict where the meeting is no longer as the actor saw it."""
    if request.expected_meeting not in (None, meeting.mark):
        raise Conflict("conflict.meeting_changed", meeting=meeting.code)


def actor_of(request: Request, directory: Directory, day: date) -> Actor:
    """Who gives the command, and by which appointments.  Raises NotFound."""
    account, number = request.actor, request.mandate
    if account not in directory.persons:
        raise NotFound("unknown.person", person=account)
    if number is None:
        posts = tuple(directory.of_person(account, day))
        return Actor(account, posts, None, request.second_factor, request.reauthenticated)
    mandate = directory.mandates.get(number)
    if mandate is None or mandate.agent != account:
        raise NotFound("unknown.mandate", mandate=number)
    held = tuple(directory.of_person(mandate.principal, day))
    posts = held if mandate.covers(request.command, day) else ()
    return Actor(account, posts, mandate, request.second_factor, request.reauthenticated)


def _step_for(
    actor: Actor,
    asked: Asked,
    procedure: Procedure,
    about: tuple[Directory, Facts | None],
    day: date,
) -> Step | None:
    """The step that a command is about, as far as the actor is to be told which there are.

    Somebody who could give the command in none of them is not asked which is meant: the authority
    refuses that.  `about` are the people and the matter.
    """
    spec, (directory, facts) = asked.spec, about
    known = procedure.steps_of(spec.name) if spec.kind else ()
    posts = [held for person in actor.persons for held in directory.of_person(person, day)]
    theirs = any(
        directory.fits(held, holder, facts)
        for step in known
        for holder in step.acts[spec.name]
        for held in posts
    )
    # Also who acts for all those that withdrew.
    if known and not theirs:
        theirs = called(procedure, directory, facts, actor.persons, spec.name, day)
    if known and not theirs:
        named = getattr(asked.payload, "step", None)
        meant = tuple(step for step in known if named in (None, step.id))
        return meant[0] if len(meant) == 1 else None
    return _step(spec, asked.payload, procedure)


def _step(spec: CommandSpec, payload: Payload, procedure: Procedure) -> Step | None:
    """The step that a command is about: named in the payload, or the only one that can be meant."""
    named = getattr(payload, "step", None)
    if spec.kind is None:
        return None if named is None else procedure.steps.get(named)
    known = procedure.steps_of(spec.name)
    meant = known if named is None else tuple(step for step in known if step.id == named)
    if len(meant) == 1:
        return meant[0]
    raise BadInput(
        "request.which_step" if known else "request.not_in_procedure",
        command=spec.name,
        known=tuple(step.id for step in known),
        procedure=procedure.name,
    )
