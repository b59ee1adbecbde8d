"""Migrate: move a matter to other rules, in the open. What it changes is told before and kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from workflow.commands import Migrate
from workflow.decisions.answers import fits, unanswered
from workflow.decisions.scene import Decision, Rebind, Scene, SetMatter, Target
from workflow.decisions.staffing import nobody_left
from workflow.definition import Answer, Gate, Procedure
from workflow.difference import DUTIES, Difference, compare
from workflow.facts import MIGRATE, REVIEW_LAPSED, Facts
from workflow.guards import reviewing
from workflow.refusals import Unmet

#: Aspects of a duty that change nothing in what must be done: how it is called, and on what it
#: rests.
_WORDS = frozenset({"citations", "name", "text"})


def migrate(scene: Scene, payload: Migrate) -> Decision:
    """Move the matter, unless it is the wrong way, or something would be left unanswered.

    Its records stay and count under the new rules as those say.  A verdict lapses where the rules
    of what it examined have changed for this matter.
    """
    target, matter = scene.target, scene.matter
    if target is None:
        raise TypeError("nothing to migrate to")
    before, after = scene.procedure, target.procedure
    answers = merged(after, matter.answers, payload.answers)
    unmet = (*_wrong_way(scene, target), *_answers(scene, after, payload, answers))
    moved = replace(matter, answers=answers, stand_ins=after.stand_ins(answers))
    if matter.stage in after.stages and matter.lead_unit is not None:
        unmet += nobody_left(replace(scene, lens=target.lens), moved)
    found = concerning(compare(before, after), before, after, matter.answers, answers)
    lapses = _may_lapse(scene) and review_rests_on(found, before, after)
    changes: dict[str, tuple[object, object]] = {
        "edition": (edition(before), edition(after)),
        "procedure": (before.digest, after.digest),
    }
    changes |= {
        f"answers.{name}": (matter.answers.get(name), answers.get(name))
        for name in sorted({*matter.answers, *answers})
        if matter.answers.get(name) != answers.get(name)
    }
    return Decision(
        unmet=unmet,
        outcome=REVIEW_LAPSED if lapses else "",
        effects=(Rebind(), SetMatter({"answers": answers})),
        record={**payload.journal_form(), "differences": [summary(each) for each in found]},
        changes=changes,
    )


def _may_lapse(scene: Scene) -> bool:
    """Whether a verdict has been given that the matter still goes on from, in this stage."""
    outcomes = scene.lifecycle.commands(scene.matter.stage).get(MIGRATE, ())
    return REVIEW_LAPSED in outcomes and bool(scene.matter.reviews)


def merged(
    after: Procedure, kept: Mapping[str, Answer], given: Mapping[str, Answer]
) -> dict[str, Answer]:
    """The answers under the new rules: those kept that they ask for, and those given besides."""
    asked = {name: answer for name, answer in kept.items() if name in after.questions}
    return {**asked, **given}


def concerning(
    found: tuple[Difference, ...],
    before: Procedure,
    after: Procedure,
    was: Mapping[str, Answer],
    now: Mapping[str, Answer],
) -> tuple[Difference, ...]:
    """The differences that concern a matter: those of steps that apply to it on either side."""
    applying = {
        step.id
        for procedure, answers in ((before, was), (after, now))
        for step in procedure.steps.values()
        if procedure.required(step, answers)
    }
    return tuple(each for each in found if each.about is None or each.about in applying)


def review_rests_on(found: tuple[Difference, ...], before: Procedure, after: Procedure) -> bool:
    """Whether a duty differs that the review has examined, or one of the review itself.

    The review tests that the procedure was followed: what must precede it, and how it is made.
    """
    reviews = {*reviewing(before), *reviewing(after)}
    examined = reviews | {
        step.id
        for procedure in (before, after)
        for step in procedure.steps.values()
        if step.before in (Gate.START, Gate.REVIEW)
    }
    # What comes before the review tells for itself whether it applies and differs.
    return any(
        each.about in examined
        and each.part in DUTIES
        and each.aspect not in _WORDS
        and not (each.aspect == "after" and each.about in reviews)
        for each in found
    )


def edition(procedure: Procedure) -> str:
    """How the journal names a version of a procedure, or of several that are joined."""
    return "+".join(f"{part.id}@{part.version.isoformat()}" for part in procedure.parts)


def summary(difference: Difference) -> dict[str, object]:
    """A difference as the record of a move keeps it; of a whole step only that it came or went."""
    told = difference.as_json()
    if difference.added or difference.dropped:
        return {**told, "before": difference.dropped, "after": difference.added}
    return told


def _wrong_way(scene: Scene, target: Target) -> Iterator[Unmet]:
    """Why these are no rules to move to: none of its own, the same, older, or not in force."""
    before, after, stage = scene.procedure, target.procedure, scene.matter.stage
    law = before.rules["migration"].citations
    cure, today = scene.procedure.holders("migrate"), scene.today
    main = after.parts[0]
    named = {"procedure": after.name, "version": main.version}
    present = {part.id: part.version for part in before.parts}
    older = [part for part in after.parts if part.version < present.get(part.id, date.min)]
    if main.id not in target.own:
        yield Unmet("migration.other_procedure", law, named, cured_by=cure, earliest=today)
    if after.digest == before.digest:
        yield Unmet("migration.same", law, named)
    for part in older:
        told = {
            "procedure": part.name,
            "version": part.version,
            "present": present[part.id],
        }
        yield Unmet("migration.backwards", law, told, cured_by=cure, earliest=today)
    if main.version > today:
        yield Unmet("migration.not_in_force", law, named, cured_by=cure, earliest=main.version)
    if stage not in after.stages:
        told_stage = {"procedure": after.name, "stage": before.stages[stage].name}
        yield Unmet("migration.stage_unknown", law, told_stage)


def _answers(
    scene: Scene, after: Procedure, payload: Migrate, answers: Mapping[str, Answer]
) -> Iterator[Unmet]:
    cure, today = scene.procedure.holders("migrate"), scene.today
    law = scene.procedure.rules["migration"].citations
    for name in payload.answers:
        question = after.questions.get(name)
        if question is None:
            law_of = after.rules["proposal"].citations
            told = {"question": name}
            yield Unmet("matter.question_unknown", law_of, told, cured_by=cure, earliest=today)
        elif _answered(scene.matter, after, name):
            asked = {"question": question.text, "id": name}
            yield Unmet("migration.answered", law, asked, cured_by=cure, earliest=today)
    for each in unanswered(after, answers):
        yield replace(each, cured_by=cure, earliest=today)


def _answered(matter: Facts, after: Procedure, name: str) -> bool:
    """Whether the question has an answer on file that fits: a move is no way to change it."""
    return name in matter.answers and fits(after.questions[name], matter.answers[name])
