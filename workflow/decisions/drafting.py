"""Versions of the text. Every version has its digest; whatever was passed was another text."""

from __future__ import annotations

from dataclasses import replace

from workflow.canonical import digest_of, matches
from workflow.commands import ReviseDraft
from workflow.decisions.named import named_apart
from workflow.decisions.scene import AddDraft, Decision, Scene, refused
from workflow.decisions.staffing import nobody_left
from workflow.definition import Nature
from workflow.errors import NotFound
from workflow.facts import Facts, Record


def revise_draft(scene: Scene, payload: ReviseDraft) -> Decision:
    """File a version of the text, its author's word on what kind of change it is, and who drafted.

    Refused when the text is the same as before, when the first version is not called so, when its
    authors would leave nobody to review it, and when it bears a classification mark.
    """
    matter = scene.matter
    if any(each.blocks for each in scene.marks((payload.text,))):
        return refused(scene.rule("draft.marked"))
    current = matter.draft
    digest = digest_of(payload.text, scene.digests)
    if (payload.nature is Nature.FIRST) is not (current is None):
        return refused(scene.rule("draft.nature", number=0 if current is None else current.number))
    if current is not None and matches(payload.text, current.digest):
        return refused(scene.rule("draft.unchanged", number=current.number))
    unknown = tuple(name for name in payload.authors if name not in scene.directory.persons)
    if unknown:
        raise NotFound("unknown.person", person=unknown)
    number = 1 if current is None else current.number + 1
    kept = {**payload.journal_form(), "digest": digest, "number": number}
    drafted = _with_authors(matter, payload, number, kept, scene)
    return Decision(
        outcome=payload.nature.value,
        unmet=nobody_left(scene, drafted),
        warnings=named_apart(scene, drafted),
        effects=(AddDraft(number, payload.text, digest),),
        record=kept,
        changes={"draft": (None if current is None else current.digest, digest)},
    )


def _with_authors(
    matter: Facts, payload: ReviseDraft, number: int, kept: dict[str, object], scene: Scene
) -> Facts:
    """The matter as it would stand with this version, to ask who could still review it."""
    filed = Record(
        position=len(matter.records) + 1,
        command="revise_draft",
        step=None,
        outcome=payload.nature.value,
        actor=scene.actor.account,
        principal=None if scene.actor.mandate is None else scene.actor.mandate.principal,
        unit=scene.unit,
        role="",
        payload=kept,
        draft=number,
        filed_on=scene.today,
    )
    return replace(matter, records=(*matter.records, filed))
