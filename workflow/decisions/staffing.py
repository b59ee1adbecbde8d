"""Whether somebody is left who can take a matter on: as it is staffed, as people come and go."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import cast

from workflow.decisions.authority import each_able
from workflow.decisions.named import named_fall_out
from workflow.decisions.scene import AddMatter, Decision, Open, Scene
from workflow.definition import Answer, Holder, Procedure
from workflow.directory import Appointment, Directory
from workflow.facts import Facts, Record
from workflow.guards import assess_step
from workflow.kin import SEPARATE
from workflow.refusals import Unmet
from workflow.retainers import FILE, RETAINED, asks
from workflow.yearly_catalogue import NOT_MAJOR

#: Acts without which a matter goes on as well, or which undo something.
_OPTIONAL = frozenset({"end_decision", "migrate", "withdraw"})


def nobody_left(scene: Scene, facts: Facts) -> tuple[Unmet, ...]:
    """Acts that would have nobody left to do them, were the matter staffed as `facts` says.

    Acts that the matter does not need, of steps or upon its kin, are nobody's concern; nor is the
    ruling that it is no major decision, without which it goes the whole way.
    """
    found: list[Unmet] = []
    apart = [
        each
        for each in scene.procedure.separations
        if each.others or each.units or each.not_appointed_by
    ]
    for act in dict.fromkeys(separation.act for separation in apart):
        holders = scene.procedure.holders(act)
        if not holders or not _needed(scene.procedure, facts, act):
            continue
        if not _left(scene, facts, act, holders, retained=False):
            posted = scene.directory.people(holders, facts, scene.today)
            rule = next(each.rule for each in apart if each.act == act)
            found.append(
                Unmet(
                    "staffing.nobody_left",
                    scene.procedure.rules[rule].citations,
                    {"act": act, "people": tuple(sorted(held.person for held in posted))},
                    cured_by=holders,
                )
            )
    return tuple(found)


def nobody_retained(scene: Scene, facts: Facts) -> tuple[Unmet, ...]:
    """Acts for which there are people, but nobody of them is retained any more, or yet.

    That keeps nobody from going on: a retainer can be renewed any day.
    """
    return tuple(
        Unmet(
            "staffing.nobody_retained",
            step.rules[RETAINED].citations,
            {"act": (act,)},
            cured_by=scene.procedure.holders(FILE),
            earliest=scene.today,
        )
        for step in scene.procedure.steps.values()
        for act, holders in step.acts.items()
        if asks(step, act)
        and _needed(scene.procedure, facts, act)
        and not _left(scene, facts, act, holders)
        and _left(scene, facts, act, holders, retained=False)
    )


def left_by_act(scene: Scene, command: str, decision: Decision, stage: str) -> tuple[Unmet, ...]:
    """Acts that nobody may do on the matter any more once this one is on file.

    Whom the act names to do another later counts as having done that.  Named is only what somebody
    could do before, and what the matter still needs.
    """
    procedure, expects = scene.procedure, decision.expects
    doing = {command, *(act for act, people in expects.items() if people)}
    acts = dict.fromkeys(
        each.act for each in procedure.separations if not doing.isdisjoint(each.others)
    )
    if not acts:
        return ()
    matter = scene.facts or proposed(scene, decision, stage)
    # Until it is proposed a matter is nobody's.
    before = replace(matter, proposing_unit="") if scene.facts is None else matter
    filed = (*matter.records, *_filed(scene, command, decision))
    after = replace(matter, stage=stage, records=filed)
    ahead = procedure.reachable(stage) - _OPTIONAL
    found = tuple(
        act
        for act in acts
        if act in ahead
        and _needed(procedure, after, act)
        and not _left(scene, after, act, procedure.holders(act))
        and _left(scene, before, act, procedure.holders(act))
        and not _done(Open(scene.lens, before), act)
    )
    if not found:
        return ()
    return (
        Unmet(
            "staffing.left_by_act",
            procedure.rules["authority"].citations,
            {"act": found},
            cured_by=procedure.holders("appoint"),
            earliest=scene.today,
        ),
    )


def proposed(scene: Scene, decision: Decision, stage: str) -> Facts:
    """A matter as it is proposed, before anything is on file of it."""
    added = next(each for each in decision.effects if isinstance(each, AddMatter))
    answers = cast("Mapping[str, Answer]", added.answers)
    return Facts(
        number="",
        title=added.title or "",
        stage=stage,
        version=1,
        answers=answers,
        proposing_unit=added.proposing_unit,
        stand_ins=scene.procedure.stand_ins(answers),
    )


def _filed(scene: Scene, command: str, decision: Decision) -> Iterator[Record]:
    """The records as far as they tell who did what: of the act, and of those that it expects."""
    mandate = scene.actor.mandate
    principal = None if mandate is None else mandate.principal
    who: list[tuple[str, str, str | None]] = [(command, scene.actor.account, principal)]
    who += [(act, person, None) for act, people in decision.expects.items() for person in people]
    place = 0 if scene.facts is None else len(scene.facts.records)
    for at, (act, person, behind) in enumerate(who, place + 1):
        told = decision.record or {} if at == place + 1 else {}
        yield Record(at, act, None, "", person, behind, "", "", told, 0, scene.today)


def _needed(procedure: Procedure, facts: Facts, act: str) -> bool:
    """Whether the matter needs the act: of its steps, or upon its kin."""
    steps = procedure.steps_of(act)
    if steps and not any(procedure.required(step, facts.answers) for step in steps):
        return False
    return act != NOT_MAJOR and (act != SEPARATE or bool(facts.kin))


def _left(
    scene: Scene, facts: Facts, act: str, holders: tuple[Holder, ...], *, retained: bool = True
) -> bool:
    rules, people = scene.procedure, scene.directory
    return any(each_able(rules, people, facts, scene.today, act, holders, retained=retained))


def _done(open_: Open, act: str) -> bool:
    """Whether every step that has the act wants nothing more."""
    steps = open_.lens.procedure.steps_of(act)
    states = (assess_step(open_.lens, step, open_.facts).state for step in steps)
    return bool(steps) and all(state.closed for state in states)


def reviews_itself(scene: Scene, lead_unit: str) -> tuple[Unmet, ...]:
    """A unit that gives the verdict cannot undertake the matter that it would have to review."""
    holders = scene.procedure.holders("give_review_verdict")
    reviewing = {
        unit for holder in holders for unit in scene.directory.units_of(holder.of, scene.facts)
    }
    if lead_unit not in reviewing:
        return ()
    rule = scene.procedure.rules["staffing.lead_reviews"]
    return (
        Unmet(
            "staffing.lead_reviews",
            rule.citations,
            {"unit": scene.directory.units[lead_unit].name},
            cured_by=scene.procedure.holders("assign"),
        ),
    )


def left_without(
    scene: Scene, after: Directory, day: date, roles: Collection[str]
) -> tuple[Unmet, ...]:
    """The open matters with what nobody could do on them any more from a day on.

    `after` are the people as they then are, `roles` those of whom the change affects.  Named is
    what somebody could do there without the change: what cannot be done anyway is not owed to it.
    """
    holders = scene.procedure.holders("appoint")
    found: list[Unmet] = []
    for open_ in scene.concerned(roles):
        if acts := tuple(dict.fromkeys(_lost(open_, roles, scene.directory, after, day))):
            found.append(
                Unmet(
                    "staffing.left_without",
                    scene.procedure.rules["authority"].citations,
                    {"matter": open_.facts.number, "act": acts, "after": day - timedelta(days=1)},
                    cured_by=holders,
                    earliest=scene.today,
                )
            )
        was, then = (scene.directory, open_.facts), (after, open_.facts)
        found += named_fall_out(scene, open_, was, then, day)
    return tuple(found)


def nobody_appoints(scene: Scene, held: Appointment, last_day: date) -> date | None:
    """The first day on which the end of an appointment leaves nobody who may appoint, if any."""
    holders = scene.procedure.holders("appoint")
    before, after = scene.directory, scene.directory.without(held, last_day)
    ends = {
        each.until
        for each in after.appointments
        if each.until is not None
        and last_day < each.until < date.max
        and any(after.fits(each, holder, None) for holder in holders)
    }
    days = [first_without(held, last_day), *sorted(end + timedelta(days=1) for end in ends)]
    return next(
        (
            day
            for day in days
            if before.people(holders, None, day) and not after.people(holders, None, day)
        ),
        None,
    )


def first_without(held: Appointment, last_day: date) -> date:
    """The first day on which it is missed, if it ends, or is called off, with `last_day`."""
    return max(held.since, last_day + timedelta(days=1))


def concerns(procedure: Procedure, roles: Collection[str]) -> bool:
    """Whether anything in the procedure is for one of the roles to do."""
    acts = (procedure.permissions, *(step.acts for step in procedure.steps.values()))
    return any(
        holder.role in roles for each in acts for holders in each.values() for holder in holders
    )


def _lost(
    open_: Open, roles: Collection[str], before: Directory, after: Directory, day: date
) -> Iterator[str]:
    for act, holders in _to_come(open_):
        if all(holder.role not in roles for holder in holders):
            continue
        if _able(open_, before, act, holders, day) and not _able(open_, after, act, holders, day):
            yield act


def _to_come(open_: Open) -> Iterator[tuple[str, tuple[Holder, ...]]]:
    """What can still be done on the matter, by whom: acts of steps that are open, and moves."""
    procedure, facts = open_.lens.procedure, open_.facts
    commands = procedure.reachable(facts.stage) - _OPTIONAL
    for act, holders in procedure.permissions.items():
        if act in commands:
            yield act, holders
    for step in procedure.steps.values():
        if not assess_step(open_.lens, step, facts).state.closed:
            for act, holders in step.acts.items():
                if act in commands:
                    yield act, holders


def _able(
    open_: Open, directory: Directory, act: str, holders: tuple[Holder, ...], day: date
) -> bool:
    return any(each_able(open_.lens.procedure, directory, open_.facts, day, act, holders))
