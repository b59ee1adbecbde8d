"""Propose, exclude, withdraw, start, decline, assign, pause, resume: a pure function each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from workflow.commands import (
    Assign,
    CloseMatter,
    Exclude,
    Propose,
    Reasoned,
    RuleSeparate,
    Start,
)
from workflow.decisions.agenda import kept_by_sitting
from workflow.decisions.answers import contradicted, unfit
from workflow.decisions.named import named_apart
from workflow.decisions.owing import nothing_to_continue, still_owed
from workflow.decisions.restricting import propose_restricted
from workflow.decisions.scene import AddMatter, Decision, Scene, SetMatter, Untable, refused
from workflow.decisions.staffing import nobody_left, nobody_retained, reviews_itself
from workflow.decisions.succeeding import lighter
from workflow.decisions.yearly import entry_columns, not_in_catalogue
from workflow.definition import Answer, Gate
from workflow.errors import BadInput, NotFound
from workflow.facts import ISSUE
from workflow.guards import unmet_before
from workflow.kin import SEPARATE, ruling
from workflow.refusals import Unmet
from workflow.yearly_catalogue import LINK

OFF_SYSTEM = "state_secret"


def propose(scene: Scene, payload: Propose) -> Decision:
    """Take a proposal in, or leave a content-free stub of one that holds a state secret."""
    if payload.state_secret:
        # Whatever came with it must not stay here, in the record of the refusal neither.
        if payload.model_dump(exclude={"state_secret"}, exclude_defaults=True):
            return refused(scene.rule("matter.secret_content", "propose"))
        return Decision(outcome=OFF_SYSTEM, effects=(AddMatter(None, {}, scene.unit),))
    wanted = [
        Unmet(f"matter.{name}_missing", scene.procedure.rules["proposal"].citations)
        for name in ("title", "reasons")
        if not getattr(payload, name)
    ]
    wanted += unfit(scene.procedure, payload.answers)
    wanted += _nothing_to_adjust(scene, payload)
    wanted += nothing_to_continue(scene, payload)
    wanted += lighter(scene, scene.linked.get(payload.continues or ""), payload.answers)
    wanted += _no_such_entry(scene, payload)
    if wanted:
        proposers = scene.procedure.holders("propose")
        told = (
            replace(each, cured_by=each.cured_by or proposers, earliest=scene.today)
            for each in wanted
        )
        return propose_restricted(scene, payload, refused(*told))
    answers: dict[str, Answer] = dict(payload.answers)
    columns = payload.links.columns()
    if payload.entry is not None:
        columns |= entry_columns(payload.entry)
    if payload.adjusts is not None:
        columns |= {"adjusts": payload.adjusts}
    added = AddMatter(payload.title, answers, scene.unit, columns)
    decision = Decision(effects=(added,), warnings=still_owed(scene, payload))
    return propose_restricted(scene, payload, decision)


def _nothing_to_adjust(scene: Scene, payload: Propose) -> Iterator[Unmet]:
    """What is not decided and issued cannot be adjusted; it is still to be drafted."""
    if payload.adjusts is None:
        return
    other = scene.linked.get(payload.adjusts)
    if other is None:
        raise NotFound("unknown.matter", matter=payload.adjusts)
    if not other.issued:
        yield Unmet(
            "matter.nothing_to_adjust",
            scene.procedure.rules["proposal"].citations,
            {"matter": payload.adjusts},
        )
        return
    yield from lighter(scene, other, payload.answers)


def _no_such_entry(scene: Scene, payload: Propose) -> Iterator[Unmet]:
    """Whoever proposes can name an entry of the own unit; others are linked by the owner."""
    entry = payload.entry
    if entry is None:
        return
    if missing := tuple(not_in_catalogue(scene, entry, LINK)):
        yield from missing
    elif (unit := scene.catalogue(entry.year).nominated[entry.number].unit) != scene.unit:
        yield scene.rule(
            "catalogue.entry_of_other_unit", LINK, unit=scene.directory.units[unit].name
        )


def withdraw(scene: Scene, payload: Reasoned) -> Decision:
    """Take the proposal back; a matter on an agenda leaves it, unless its meeting sits."""
    effects = (Untable(),) if scene.matter.meeting else ()
    return Decision(
        (*kept_by_sitting(scene), *_once_issued(scene)),
        effects=(*effects, *_unpaused(scene)),
        changes=_pause_change(scene),
    )


def start(scene: Scene, payload: Start) -> Decision:
    """Decide to start, once everything that must precede the start is there."""
    unmet = unmet_before(scene.lens, Gate.START, scene.matter)
    if payload.decided_on > scene.today:
        unmet += (scene.rule("record.future_day", day=payload.decided_on),)
    study = scene.matter.last("study")
    if study is not None and payload.decided_on < study.day("done_on"):
        unmet += (
            scene.rule("matter.started_before_study", "start", studied_on=study.day("done_on")),
        )
    return Decision(unmet=unmet)


def exclude(scene: Scene, payload: Exclude) -> Decision:
    """Rule that the matter lies outside of the procedure, on a ground that the definition names.

    Some grounds rest on a response level that was declared, and a report is owed afterwards.
    """
    outside = scene.procedure.rules["exclusion"]
    declared = scene.procedure.rules["exclusion.level"]
    unmet: tuple[Unmet, ...] = ()
    if payload.ground not in outside.choices:
        grounds = {"grounds": outside.choices}
        unmet += (Unmet("exclusion.ground_unknown", outside.citations, grounds),)
    if payload.ground in declared.choices:
        if payload.level is None:
            unmet += (Unmet("exclusion.level_missing", declared.citations),)
        if payload.report_by is None or payload.report_by < scene.today:
            unmet += (Unmet("exclusion.report_day_missing", declared.citations),)
        else:
            unmet += _reported_too_late(scene, payload.report_by)
        if scene.matter.continues:
            told_of = {"matter": scene.matter.continues}
            unmet += (Unmet("exclusion.again", declared.citations, told_of),)
    cured_by = scene.procedure.holders("exclude")
    told = (
        each
        if each.code == "exclusion.again"
        else replace(each, cured_by=cured_by, earliest=scene.today)
        for each in unmet
    )
    return Decision(unmet=tuple(told))


def _reported_too_late(scene: Scene, report_by: date) -> tuple[Unmet, ...]:
    """The day named for the report lies beyond the time that a rule gives for it."""
    within = scene.procedure.rules["exclusion.report_within"]
    ends, _ = scene.lens.counting.end(within, scene.today)
    if report_by <= ends:
        return ()
    return (Unmet("exclusion.report_day_late", within.citations, {"ends": ends}),)


def close_matter(scene: Scene, payload: CloseMatter) -> Decision:
    """Close the matter, once every step after the decision is closed as well."""
    return Decision(unmet=unmet_before(scene.lens, Gate.CLOSE, scene.matter))


def decline(scene: Scene, payload: Reasoned) -> Decision:
    """Decide not to start, with the reasons that the proposer is owed."""
    return Decision()


def end_decision(scene: Scene, payload: Reasoned) -> Decision:
    """Give up what a body adopted and nobody issued, with its reasons."""
    effects = (Untable(),) if scene.matter.meeting else ()
    return Decision((*kept_by_sitting(scene), *_once_issued(scene)), effects=effects)


def _once_issued(scene: Scene) -> tuple[Unmet, ...]:
    """Refuses to give up a decision that was issued, though its number was voided since.

    It is issued anew, and ended or changed by another decision only.
    """
    if scene.matter.first_issue is None:
        return ()
    holders = scene.procedure.holders(ISSUE)
    return (
        Unmet(
            "matter.issued_once",
            scene.procedure.rules["matter.succession"].citations,
            {"issued_on": scene.matter.first_issue.filed_on},
            cured_by=holders,
            earliest=scene.today if holders else None,
        ),
    )


def assign(scene: Scene, payload: Assign) -> Decision:
    """Name the lead unit and the co-units, if somebody is left there for every later act."""
    units = scene.directory.units
    unknown = tuple(name for name in (payload.lead_unit, *payload.co_units) if name not in units)
    if unknown:
        named = tuple(unit.name.typed(unit.id) for unit in units.values())
        raise NotFound("unknown.unit", units=unknown, known=tuple(units), named=named)
    if payload.lead_unit in payload.co_units:
        raise BadInput("request.unit_twice", unit=units[payload.lead_unit].name)
    if len(set(payload.co_units)) != len(payload.co_units):
        raise BadInput("request.co_unit_twice", units=payload.co_units)
    matter = scene.matter
    torn = contradicted(scene.procedure, matter.answers, payload.co_units, "classify")
    staffed = replace(matter, lead_unit=payload.lead_unit, co_units=payload.co_units)
    return Decision(
        unmet=(
            *(replace(each, earliest=scene.today) for each in torn),
            *reviews_itself(scene, payload.lead_unit),
            *nobody_left(scene, staffed),
        ),
        effects=(SetMatter({"lead_unit": payload.lead_unit, "co_units": payload.co_units}),),
        changes={
            "lead_unit": (matter.lead_unit, payload.lead_unit),
            "co_units": (matter.co_units, payload.co_units),
        },
        warnings=(*nobody_retained(scene, staffed), *named_apart(scene, staffed)),
    )


def rule_separate(scene: Scene, payload: RuleSeparate) -> Decision:
    """Rule that other matters are independent of this one, though they share a key with it.

    The ruling keeps the amounts as they stand, on which it rests.
    """
    known = tuple(each.number for each in scene.matter.kin)
    unknown = tuple(number for number in payload.matters if number not in known)
    if unknown:
        return refused(scene.rule("kin.unknown", SEPARATE, matters=unknown, known=known))
    named = [each for each in scene.matter.kin if each.number in payload.matters]
    amounts = ruling(scene.matter.links.amount_yuan, named)
    return Decision(record={**payload.journal_form(), "amounts": amounts})


def pause(scene: Scene, payload: Reasoned) -> Decision:
    """Halt the matter as of today; periods that a pause stops stand still until it is resumed."""
    return Decision(
        effects=(SetMatter({"paused_since": scene.today}),),
        changes={"paused_since": (None, scene.today)},
    )


def resume(scene: Scene, payload: Reasoned) -> Decision:
    """Go on as of today; the days since the pause began are not counted where a period stops."""
    if scene.matter.paused_since is None:
        return refused(scene.rule("matter.not_paused"))
    return Decision(effects=_unpaused(scene), changes=_pause_change(scene))


def _unpaused(scene: Scene) -> tuple[SetMatter, ...]:
    return (SetMatter({"paused_since": None}),) if scene.matter.paused_since else ()


def _pause_change(scene: Scene) -> dict[str, tuple[object, object]]:
    since = scene.matter.paused_since
    return {"paused_since": (since, None)} if since else {}
