"""Mandates (代理授权): one person lets another act, with scope and dates, on the record."""

from __future__ import annotations

from dataclasses import replace

from workflow.commands import EndMandate, GrantMandate
from workflow.decisions.authority import not_lent
from workflow.decisions.scene import AddMandate, CloseMandate, Decision, Scene, refused
from workflow.decisions.staffing import left_without
from workflow.directory import Mandate
from workflow.errors import NotFound
from workflow.refusals import Unmet


def grant_mandate(scene: Scene, payload: GrantMandate) -> Decision:
    """Let `agent` act for the actor. Nobody can pass on what was itself lent.

    A mandate for every act does not cover those that can be lent to nobody.
    """
    if payload.agent not in scene.directory.persons:
        raise NotFound("unknown.person", person=payload.agent)
    if scene.actor.mandate is not None:
        return refused(scene.rule("mandate.passed_on"))
    if kept := not_lent(scene, payload.commands):
        return refused(*kept)
    if payload.agent == scene.actor.account:
        return refused(scene.rule("mandate.to_oneself"))
    if payload.until < payload.since or payload.until < scene.today:
        return refused(scene.rule("mandate.dates", since=payload.since, until=payload.until))
    if payload.since < scene.today:
        # What was done before nobody was entrusted with.
        return refused(scene.rule("mandate.backdated", "grant_mandate", since=payload.since))
    return Decision(
        warnings=_left_by_lending(scene, payload),
        effects=(AddMandate(payload.agent, payload.since, payload.until, payload.commands),),
    )


def _left_by_lending(scene: Scene, payload: GrantMandate) -> tuple[Unmet, ...]:
    """The open matters that nobody could take on any more, with the agent on the actor's side.

    Asked only where the agent does what no side of a matter may do.
    """
    people, day, rules = scene.directory, payload.since, scene.procedure
    apart = {each.act for each in rules.separations if each.units}
    holders = [holder for act in sorted(apart) for holder in rules.holders(act)]
    roles = {
        held.role
        for held in people.of_person(payload.agent, day)
        for holder in holders
        if people.fits(held, holder, None)
    }
    if not roles:
        return ()
    lent = Mandate(
        max(people.mandates, default=0) + 1,
        *(scene.actor.account, payload.agent, frozenset(payload.commands)),
        *(day, payload.until, None),
    )
    after = replace(people, mandates={**people.mandates, lent.id: lent})
    return left_without(scene, after, day, roles)


def end_mandate(scene: Scene, payload: EndMandate) -> Decision:
    """End a mandate today; only who gave it or holds it may."""
    mandate = scene.directory.mandates.get(payload.mandate)
    if (
        mandate is None
        or mandate.ended_on is not None
        or scene.actor.account not in (mandate.principal, mandate.agent)
    ):
        raise NotFound("unknown.mandate", mandate=payload.mandate)
    return Decision(effects=(CloseMandate(payload.mandate),))
