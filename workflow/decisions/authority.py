"""Who may act: roles, mandates, separation of duties."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from workflow.commands import CommandSpec, RequestWaiver, RuleWaiver
from workflow.decisions.scene import Scene
from workflow.definition import Holder, Procedure, Relation, Separation
from workflow.directory import Appointment, Directory
from workflow.facts import CONFIRM, RECUSED, RESTRICT, UNMASK, Facts
from workflow.guards import REAUTHENTICATION, confirmers
from workflow.ports import Payload
from workflow.refusals import Unmet
from workflow.retainers import asks

MANDATE_COMMANDS = frozenset({"grant_mandate", "end_mandate"})
#: What anybody with an appointment may ask for; how far it is granted, the handler says.
OWN_COMMANDS = MANDATE_COMMANDS | {UNMASK}
_LENDING = frozenset({"grant_mandate"})

#: The rule that names the acts for which a second factor must have been shown.
SECOND_FACTOR = "authority.second_factor"

#: The rule that names the roles that read, and change nothing.
WATCHING = "authority.watching"


@dataclass(frozen=True, slots=True)
class Authority:
    """The appointment that an act is done under, or why it may not be done."""

    held: Appointment | None
    unmet: tuple[Unmet, ...]


def authorise(scene: Scene, spec: CommandSpec, payload: Payload) -> Authority:
    """Judge whether the actor may give this command here.

    Somebody whose role has no part in the act is told only that, and not how the matter stands.
    """
    if spec.name in OWN_COMMANDS:
        return _of_ones_own(scene, spec)
    holders = holders_of(scene, spec, payload)
    if denied := _not_named(scene) or _denied(scene, spec, holders):
        return Authority(None, denied)
    if scene.actor.mandate is not None and (kept := not_lent(scene, (spec.name,))):
        return Authority(None, kept)
    held = _appointment(scene.directory, scene.actor.appointments, holders, scene.facts)
    away = (_no_role(scene, holders),) if held is None else _watching(scene, holders)
    if away:
        return Authority(None, away)
    if isinstance(payload, RuleWaiver) and (scene.step is None or scene.step.waivable is None):
        # Nobody could rule on it, so it does not matter who asks.
        return Authority(held, ())
    return Authority(held, (*_separated(scene, spec), *_unshown(scene, spec, holders)))


def _of_ones_own(scene: Scene, spec: CommandSpec) -> Authority:
    """Anybody with an appointment may let another act for them; limits are in the handler."""
    held = next(iter(scene.actor.appointments), None)
    if held is None:
        return Authority(None, (_no_role(scene, ()),))
    kept = _watching(scene, ()) if spec.name in _LENDING else ()
    return Authority(held, kept or tuple(_unshown(scene, spec, ())))


def _unshown(scene: Scene, spec: CommandSpec, holders: tuple[Holder, ...]) -> Iterator[Unmet]:
    """An act before which one has to show who one is, by somebody who has not.

    That is a second factor, or the password once more, as every act asks that is signed.  Under a
    mandate the agent shows it: it tells who sits there, not in whose place.
    """
    rules, actor = scene.procedure.rules, scene.actor
    told = {"account": actor.account}
    rule = rules.get(SECOND_FACTOR)
    if rule is not None and spec.name in rule.choices and not actor.second_factor:
        yield Unmet(
            "authority.second_factor", rule.citations, told, cured_by=holders, earliest=scene.today
        )
    again = rules.get(REAUTHENTICATION)
    asked = spec.signed or (again is not None and spec.name in again.choices)
    if asked and actor.reauthenticated is None:
        rule = rules["authority"] if again is None else again
        yield Unmet(
            "authority.reauthentication",
            rule.citations,
            told,
            cured_by=holders,
            earliest=scene.today,
        )


def _not_named(scene: Scene) -> tuple[Unmet, ...]:
    """Refuses an agent who may know of a restricted matter, for somebody who may not."""
    mandate, facts = scene.actor.mandate, scene.facts
    if mandate is None or facts is None or facts.named is None or mandate.principal in facts.named:
        return ()
    return (
        Unmet(
            "authority.restricted",
            scene.procedure.rules["authority"].citations,
            {"account": mandate.principal},
            cured_by=scene.procedure.holders(RESTRICT),
        ),
    )


def holders_of(scene: Scene, spec: CommandSpec, payload: Payload) -> tuple[Holder, ...]:
    """Who may give the command: by the procedure, or by the step that the payload names."""
    if isinstance(payload, RequestWaiver | RuleWaiver):
        step = scene.step
        if step is None or step.waivable is None:
            # Not waivable at all: the handler says so to everybody who takes part in the matter.
            return (*scene.procedure.holders("revise_draft"), *scene.procedure.holders("start"))
        return (
            step.waivable.request if isinstance(payload, RequestWaiver) else step.waivable.approve
        )
    if spec.name == "approve_override":
        rule = None if scene.step is None else scene.step.rules.get(getattr(payload, "rule", ""))
        overriders = () if rule is None else rule.override
        return overriders or scene.procedure.holders("start")
    if spec.name == CONFIRM:
        return confirming(scene)
    holders = scene.procedure.holders(spec.name, scene.step if spec.kind else None)
    return (*holders, *_for_recused(scene, spec.name, holders))


def called(
    procedure: Procedure,
    directory: Directory,
    facts: Facts | None,
    persons: Collection[str],
    command: str,
    day: date,
) -> bool:
    """Whether a command may be somebody's on this matter (or none), whichever step it is about.

    What anybody in a role may do in whichever unit does not count: that tells nothing of a matter.
    """
    found = hands(procedure, command)
    if facts is not None:
        found += _instead_of_recused(procedure, directory, facts, day, command, tuple(found))
    posts = [held for person in persons for held in directory.of_person(person, day)]
    return any(
        directory.fits(held, holder, facts)
        for holder in found
        if holder.of != Relation.ANY_UNIT
        for held in posts
    )


def hands(procedure: Procedure, command: str) -> list[Holder]:
    """Who may give a command, whichever step it is about."""
    waivable = (step.waivable for step in procedure.steps.values())
    rules = (rule for step in procedure.steps.values() for rule in step.rules.values())
    found = {
        "request_waiver": [holder for each in waivable if each for holder in each.request],
        "approve_override": [holder for rule in rules for holder in rule.override],
        CONFIRM: [*confirmers(procedure)],
    }.get(command, [*procedure.permissions.get(command, ())])
    if command == "rule_waiver":
        steps = procedure.steps.values()
        found += [holder for each in steps if each.waivable for holder in each.waivable.approve]
    found += [holder for step in procedure.steps_of(command) for holder in step.acts[command]]
    return found


def confirming(scene: Scene) -> tuple[Holder, ...]:
    """Who approves that an item is urgent and confirms it; who does so where they all withdrew."""
    holders = confirmers(scene.procedure)
    return (*holders, *_for_recused(scene, CONFIRM, holders))


def _for_recused(scene: Scene, act: str, holders: tuple[Holder, ...]) -> tuple[Holder, ...]:
    if scene.facts is None:
        return ()
    return _instead_of_recused(
        scene.procedure, scene.directory, scene.facts, scene.today, act, holders
    )


def _instead_of_recused(
    procedure: Procedure,
    directory: Directory,
    facts: Facts,
    day: date,
    act: str,
    holders: tuple[Holder, ...],
) -> tuple[Holder, ...]:
    """Who may do an act, or lend it, where all whose it is withdrew from the matter in a meeting.

    The same who entrust somebody with presiding; otherwise nobody could do it at all.
    """
    if act not in left_by_recusal(procedure):
        return ()
    held = {each.person for each in directory.people(holders, facts, day)}
    if not held or not held <= facts.withdrawn():
        return ()
    return entrusting(procedure)


def left_by_recusal(procedure: Procedure) -> frozenset[str]:
    """The acts that nobody does on a matter from which he withdrew in a meeting."""
    return frozenset(each.act for each in procedure.separations if RECUSED in each.others)


def entrusting(procedure: Procedure) -> tuple[Holder, ...]:
    """Who entrusts somebody with presiding over a body."""
    rules = (procedure.body_rule(body, "presiding") for body in procedure.bodies)
    return tuple(
        dict.fromkeys(holder for rule in rules if rule is not None for holder in rule.override)
    )


def stands_in_for(
    procedure: Procedure, directory: Directory, day: date, post: Appointment
) -> frozenset[str]:
    """Those whose acts a post takes over on a matter from which they withdraw.

    So whoever may do them, or lend them, can see what they are about.
    """
    if not any(directory.fits(post, holder, None) for holder in entrusting(procedure)):
        return frozenset()
    acts = left_by_recusal(procedure)
    holders = [holder for act in acts for holder in procedure.holders(act)]
    holders += confirmers(procedure) if CONFIRM in acts else ()
    held = directory.people(tuple(holders), None, day)
    return frozenset(each.person for each in held)


def not_lent(scene: Scene, acts: Collection[str]) -> tuple[Unmet, ...]:
    """What of these acts can be lent to nobody at all, whatever a mandate says."""
    kept = [each for each in scene.procedure.separations if each.not_lent and each.act in acts]
    firsts = {each.rule: each for each in reversed(kept)}
    return tuple(
        Unmet(
            separation.kept_rule,
            scene.procedure.rules[separation.rule].citations,
            {"act": tuple(each.act for each in kept if each.rule == separation.rule)},
            cured_by=scene.procedure.holders(separation.act),
            earliest=scene.today,
        )
        for separation in firsts.values()
    )


def able(
    procedure: Procedure,
    directory: Directory,
    facts: Facts,
    day: date,
    act: str,
    holders: tuple[Holder, ...],
    *,
    retained: bool = True,
) -> tuple[str, ...]:
    """The accounts among the holders that may do an act on the matter, as it stands.

    Unless `retained`, whoever would have to be retained for it is taken to be.
    """
    return tuple(each_able(procedure, directory, facts, day, act, holders, retained=retained))


def each_able(
    procedure: Procedure,
    directory: Directory,
    facts: Facts,
    day: date,
    act: str,
    holders: tuple[Holder, ...],
    *,
    retained: bool = True,
) -> Iterator[str]:
    """As `able`, one by one: for whoever only wants to know whether there is anybody."""
    kept_away = barred(procedure, directory, facts, act, day)
    denied = {denial.role for denial in procedure.denials if denial.act == act}
    for held in directory.people(holders, facts, day):
        if (
            held.person not in kept_away
            and (facts.named is None or held.person in facts.named)
            and not any(post.role in denied for post in directory.of_person(held.person, day))
            and not _watches(procedure, directory, held.person, day)
            and (not retained or _retained(procedure, directory, held, act, day))
        ):
            yield held.person


def _retained(
    procedure: Procedure, directory: Directory, held: Appointment, act: str, day: date
) -> bool:
    """Whether somebody is retained for an act, where it asks for that."""
    return all(
        directory.retainers.lack(step, held.unit, held.person, (day,)) is None
        for step in procedure.steps_of(act)
        if asks(step, act)
    )


def barred(
    procedure: Procedure, directory: Directory, facts: Facts, act: str, day: date
) -> frozenset[str]:
    """Whoever may not do this act on the matter on a day, whatever post they hold."""
    found: set[str] = set()
    for separation in procedure.separated(act):
        for other in separation.others:
            found |= facts.doers(other)
        units = {
            unit for relation in separation.units for unit in directory.units_of(relation, facts)
        }
        if units:
            found |= _of_units(directory, units, day)
        found.update(_put_there(procedure, directory, facts, separation, day))
    return frozenset(found)


def _of_units(directory: Directory, units: Collection[str], day: date) -> frozenset[str]:
    """Whoever holds a post in one of the units on a day, or stands in for somebody who does."""
    held = {
        each.person for each in directory.appointments if each.unit in units and each.valid(day)
    }
    agents = {
        each.agent
        for each in directory.mandates.values()
        if each.principal in held and each.stands(day)
    }
    return frozenset(held | agents)


def _put_there(
    procedure: Procedure, directory: Directory, facts: Facts, separation: Separation, day: date
) -> dict[str, tuple[str, ...]]:
    """Who may do the act only by posts that sides of the matter put them into, and which sides.

    Asked is who appointed them, not when: a side can prepare for a matter that it has yet to
    propose.  Whom somebody else puts into the post again is free.
    """
    sides = {
        unit
        for relation in separation.not_appointed_by
        for unit in directory.units_of(relation, facts)
    }
    if not sides:
        return {}
    posts: dict[str, list[bool]] = {}
    for held in directory.fitting(procedure.holders(separation.act), facts, day):
        posts.setdefault(held.person, []).append(directory.made_by(held, sides, day))
    return {person: tuple(sorted(sides)) for person, made in posts.items() if all(made)}


def _appointment(
    directory: Directory,
    appointments: tuple[Appointment, ...],
    holders: tuple[Holder, ...],
    facts: Facts | None,
) -> Appointment | None:
    for holder in holders:
        for held in appointments:
            if directory.fits(held, holder, facts):
                return held
    return None


def _denied(scene: Scene, spec: CommandSpec, holders: tuple[Holder, ...]) -> tuple[Unmet, ...]:
    """Acts that a role may never do, whoever lends it a mandate: asked of agent and principal."""
    denials = [denial for denial in scene.procedure.denials if denial.act == spec.name]
    if not denials:
        return ()
    roles = {
        held.role
        for person in scene.actor.persons
        for held in scene.directory.of_person(person, scene.today)
    }
    return tuple(
        Unmet(
            denial.rule,
            scene.procedure.rules[denial.rule].citations,
            {"role": scene.procedure.roles[denial.role].name},
            cured_by=holders,
        )
        for denial in denials
        if denial.role in roles
    )


def _watching(scene: Scene, holders: tuple[Holder, ...]) -> tuple[Unmet, ...]:
    """Whoever supervises changes nothing, by another post or mandate either, and lends nothing.

    Asked of agent and principal.
    """
    rule = scene.procedure.rules.get(WATCHING)
    if rule is None:
        return ()
    people = tuple(
        person
        for person in sorted(scene.actor.persons)
        if _watches(scene.procedure, scene.directory, person, scene.today)
    )
    if not people:
        return ()
    return (Unmet("authority.watching", rule.citations, {"people": people}, cured_by=holders),)


def _watches(procedure: Procedure, directory: Directory, person: str, day: date) -> bool:
    rule = procedure.rules.get(WATCHING)
    roles = () if rule is None else rule.choices
    return any(held.role in roles for held in directory.of_person(person, day))


def _no_role(scene: Scene, holders: tuple[Holder, ...]) -> Unmet:
    return Unmet(
        "authority.role",
        scene.procedure.rules["authority"].citations,
        {"account": scene.actor.account},
        cured_by=holders,
    )


def _separated(scene: Scene, spec: CommandSpec) -> tuple[Unmet, ...]:
    """Separation of duties, asked of the agent and of the principal alike.

    An act on a meeting is one on every matter of its agenda.
    """
    separations = [each for each in scene.procedure.separations if each.act == spec.name]
    if scene.facts is not None:
        return _apart(scene, scene.facts, separations)
    if scene.meeting is None or not any(_looks_at_matters(scene, each) for each in separations):
        return ()
    found = (unmet for facts in scene.tabled() for unmet in _apart(scene, facts, separations))
    return tuple({each.code: each for each in found}.values())


def _looks_at_matters(scene: Scene, separation: Separation) -> bool:
    """Whether an act on a meeting has to ask the matters of its agenda.

    Nothing is lent without a mandate, and whoever is no member has withdrawn from nothing.
    """
    members = scene.procedure.bodies[scene.sitting.body].members
    due = {held.person for held in scene.directory.people(members, None, scene.today)}
    return (
        scene.actor.mandate is not None
        or bool(separation.units or separation.not_appointed_by)
        or any(other != RECUSED or scene.actor.account in due for other in separation.others)
    )


def _apart(scene: Scene, facts: Facts, separations: Collection[Separation]) -> tuple[Unmet, ...]:
    """What keeps the agent or the principal away from a matter."""
    found: list[Unmet] = []
    for separation in separations:
        citations = scene.procedure.rules[separation.rule].citations
        cured_by = scene.procedure.holders(separation.act)
        done = {
            other: people
            for other in separation.others
            if (people := tuple(sorted(facts.doers(other).intersection(scene.actor.persons))))
        }
        sides = _on_a_side(scene, facts, separation.units)
        if done:
            people = tuple(sorted({name for each in done.values() for name in each}))
            found.append(
                Unmet(
                    separation.rule,
                    citations,
                    {"people": people, "other_act": tuple(done)},
                    cured_by=cured_by,
                )
            )
        elif sides is not None:
            found.append(
                Unmet(
                    separation.unit_rule,
                    citations,
                    {"people": sides[0], "units": sides[1]},
                    cured_by=cured_by,
                )
            )
        elif (standing := _stand_in(scene, facts, separation.units)) is not None:
            agents, principals, units = standing
            found.append(
                Unmet(
                    "authority.stands_in",
                    citations,
                    {"people": agents, "principals": principals, "units": units},
                    cured_by=cured_by,
                )
            )
        elif crossed := _lent_across(scene, facts, separation.not_lent_to):
            found.append(
                Unmet(
                    separation.lent_rule,
                    citations,
                    {"people": (scene.actor.account,), "units": crossed},
                    cured_by=cured_by,
                )
            )
        else:
            found.extend(_appointed(scene, facts, separation))
    return tuple(found)


def _appointed(scene: Scene, facts: Facts, separation: Separation) -> Iterator[Unmet]:
    """Whom a side of the matter has put into the post that the act takes."""
    put = _put_there(scene.procedure, scene.directory, facts, separation, scene.today)
    people = tuple(sorted(put.keys() & set(scene.actor.persons)))
    if people:
        yield Unmet(
            separation.appointed_rule,
            scene.procedure.rules[separation.rule].citations,
            {"people": people, "units": put[people[0]]},
            cured_by=scene.procedure.holders(separation.act),
        )


def _lent_across(scene: Scene, facts: Facts, relations: tuple[str, ...]) -> tuple[str, ...]:
    """The sides in whose units the agent holds a post and the principal does not."""
    mandate = scene.actor.mandate
    if mandate is None:
        return ()
    people, day = scene.directory, scene.today
    agents, principals = (
        {held.unit for person in persons for held in people.of_person(person, day)}
        for persons in (
            # Whom else the agent stands in for is a side of the matter as much as he is himself.
            people.stood_for(scene.actor.account, day) - {mandate.principal},
            (mandate.principal,),
        )
    )
    sides = {unit for relation in relations for unit in scene.directory.units_of(relation, facts)}
    return tuple(sorted((agents - principals) & sides))


def _stand_in(
    scene: Scene, facts: Facts, relations: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]] | None:
    """Who of agent and principal holds a mandate of somebody on a side of the matter; whose, where.

    They could act for that side at once, so they are on it until the mandate ends.
    """
    units = {unit for relation in relations for unit in scene.directory.units_of(relation, facts)}
    found = [
        (person, other, held.unit)
        for person in scene.actor.persons
        for other in scene.directory.stood_for(person, scene.today)
        for held in scene.directory.of_person(other, scene.today)
        if held.unit in units
    ]
    if not found:
        return None
    agents, principals, places = (tuple(sorted({each[at] for each in found})) for at in range(3))
    return agents, principals, places


def _on_a_side(
    scene: Scene, facts: Facts, relations: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Who of agent and principal holds a post in a unit that is a side of the matter, and which."""
    posts = [
        held
        for relation in relations
        for unit in scene.directory.units_of(relation, facts)
        for person in scene.actor.persons
        for held in scene.directory.of_person(person, scene.today)
        if held.unit == unit
    ]
    if not posts:
        return None
    return (
        tuple(sorted({held.person for held in posts})),
        tuple(sorted({held.unit for held in posts})),
    )
