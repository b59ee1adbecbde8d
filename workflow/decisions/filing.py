"""Files that acts name, and those in quarantine (隔离). Their bytes are not looked at here."""

from __future__ import annotations

from dataclasses import replace

from workflow.commands import ConfirmQuarantine, ReleaseQuarantine, ReviseDraft
from workflow.decisions.scene import (
    AddDraft,
    AttachFiles,
    Decision,
    Effect,
    EraseFile,
    ForgetFile,
    ReleaseFile,
    Scene,
    refused,
)
from workflow.errors import NotFound
from workflow.files import CONFIRM_QUARANTINE, Filed, FileState, attachable, twins
from workflow.ports import Payload
from workflow.refusals import Unmet


def confirm_quarantine(scene: Scene, payload: ConfirmQuarantine) -> Decision:
    """Confirm the mark: the file is erased, and its record tells that, when and by whom.

    So is every other copy that is not on record yet, whoever uploaded it; of one that is on record
    whoever confirms is told.
    """
    found = _quarantined(scene, payload.file)
    if isinstance(found, Unmet):
        return refused(found)
    copies = twins(found, scene.files.values())
    held = [each for each in copies if each.state is FileState.QUARANTINED]
    staged = tuple(ForgetFile(each.id) for each in copies if each.state is FileState.STAGED)
    told = {"copies": [each.key for each in held]} if held else {}
    on_record = any(each.state is FileState.ATTACHED for each in copies)
    return Decision(
        effects=(*(EraseFile(each.id) for each in (found, *held)), *staged),
        record={**payload.journal_form(), **told},
        warnings=(scene.rule("file.on_record"),) if on_record else (),
    )


def release_quarantine(scene: Scene, payload: ReleaseQuarantine) -> Decision:
    """Rule that it is no mark: whoever uploaded the file may use it."""
    found = _quarantined(scene, payload.file)
    if isinstance(found, Unmet):
        return refused(found)
    return Decision(effects=(ReleaseFile(found.id),))


def _quarantined(scene: Scene, name: str) -> Filed | Unmet:
    """A file in quarantine that somebody else uploaded, or why it is none.  Raises NotFound."""
    found = scene.files.get(name)
    if found is None:
        raise NotFound("unknown.file", file=name)
    if found.uploader in scene.actor.persons:
        return scene.rule("file.own_upload", CONFIRM_QUARANTINE)
    if found.state is not FileState.QUARANTINED:
        return scene.rule("file.not_quarantined")
    return found


def with_files(scene: Scene, payload: Payload, decision: Decision) -> Decision:
    """The decision with the files that the act names attached, and told in its record.

    Raises NotFound and BadInput for files that the actor may not attach.
    """
    named = payload.named_files()
    if not named or scene.facts is None:
        return decision
    files = attachable(named, scene.files, scene.actor.account)
    kept = payload.journal_form() if decision.record is None else dict(decision.record)
    effects: tuple[Effect, ...] = decision.effects
    if isinstance(payload, ReviseDraft) and payload.file is not None:
        effects = tuple(
            replace(each, file_digest=files[0].digest) if isinstance(each, AddDraft) else each
            for each in effects
        )
    return replace(
        decision,
        effects=(AttachFiles(tuple(each.id for each in files)), *effects),
        record={**kept, "files": [each.told() for each in files]},
    )
