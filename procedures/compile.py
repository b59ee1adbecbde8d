"""From a definition in plain data to the `Procedure` that the engine runs on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from pydantic import ValidationError
from pydantic_core import to_json

from procedures.merge import Piece
from procedures.problems import SourceError
from procedures.references import faults
from procedures.safeguards import unguarded
from procedures.schema import (
    Bilingual,
    ProcedureForm,
    RuleForm,
    StepForm,
    Strict,
)
from workflow.definition import (
    AlertRule,
    Body,
    Denial,
    FurtherMeeting,
    Instrument,
    Join,
    Move,
    Part,
    Procedure,
    Question,
    Role,
    Rule,
    Separation,
    Stage,
    Step,
    Text,
    Waivable,
)
from workflow.errors import BrokenDefinition
from workflow.explaining.explain import explain
from workflow.explaining.quoting import shown
from workflow.ports import StepKind
from workflow.texts import Name


class _PartForm(Strict):
    """A definition that a joined one was made of."""

    procedure: Name
    version: date
    name: Bilingual
    digest: str


class _Flat(Strict):
    """A definition with everything merged into it, and what it was merged from."""

    lineage: tuple[str, ...]
    parts: tuple[_PartForm, ...] = ()
    definition: dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """A procedure with what it was made of; equal to itself.

    `flat` is the text that its digest is of, which alone suffices to compile it again.
    """

    procedure: Procedure
    piece: Piece
    form: ProcedureForm
    flat: str


def judge(piece: Piece) -> ProcedureForm:
    """The definition in its form.  Raises `SourceError` with everything that does not fit."""
    try:
        return ProcedureForm.model_validate_json(to_json(piece.data))
    except ValidationError as error:
        findings = explain(ProcedureForm, piece.data, error)
        raise SourceError(
            piece.problem(found.path, found.code, **found.params) for found in findings
        ) from error


def compile_piece(
    piece: Piece,
    form: ProcedureForm,
    lineage: tuple[str, ...],
    kinds: Mapping[str, StepKind],
    counting: Collection[str],
    parts: tuple[Part, ...] = (),
) -> Compiled:
    """Build the procedure.

    Raises `SourceError` for whatever it names that does not exist, and where it says what would
    undo the promise.

    `lineage` are the definitions that it rests on, the oldest first; `counting` the ids of the
    counting rules that the calendar has; `parts` what it was joined from, if it was.
    """
    if problems := (*faults(piece, form, kinds, counting), *unguarded(piece, form)):
        raise SourceError(problems)
    flat = _flattened(piece, lineage, parts)
    digest = hashlib.sha256(flat.encode()).hexdigest()
    return Compiled(_procedure(form, lineage, digest, parts), piece, form, flat)


def compile_flat(flat: str, kinds: Mapping[str, StepKind], counting: Collection[str]) -> Compiled:
    """Build a procedure again from the text that `ProcedureBook.source` gave.

    Raises `BrokenDefinition` for a text that is not such a one, and `SourceError` where the
    engine has changed so that it no longer takes the definition.
    """
    try:
        kept = _Flat.model_validate_json(flat)
    except ValidationError as error:
        raise BrokenDefinition("definition.flat_broken") from error
    piece = Piece(kept.definition, None, _named(kept.definition))
    parts = tuple(
        Part(each.procedure, each.version, _text(each.name), each.digest) for each in kept.parts
    )
    return compile_piece(piece, judge(piece), kept.lineage, kinds, counting, parts)


def _named(definition: Mapping[str, object]) -> str:
    """What messages call a definition that comes from no file."""
    return f"{shown(definition.get('procedure'))}@{shown(definition.get('version'))}"


def _flattened(piece: Piece, lineage: tuple[str, ...], parts: tuple[Part, ...]) -> str:
    """One text for one meaning: the order of keys stays, because that of acts and stages counts."""
    data = cast("dict[str, object]", piece.data)
    definition = {name: value for name, value in data.items() if name != "extends"}
    flat: dict[str, object] = {"lineage": lineage}
    if parts:
        flat["parts"] = [
            {
                "procedure": part.id,
                "version": part.version.isoformat(),
                "name": {"zh": part.name.zh, "en": part.name.en},
                "digest": part.digest,
            }
            for part in parts
        ]
    flat["definition"] = definition
    return json.dumps(flat, ensure_ascii=False, separators=(",", ":"))


def _procedure(
    form: ProcedureForm, lineage: tuple[str, ...], digest: str, parts: tuple[Part, ...]
) -> Procedure:
    return Procedure(
        # A version of a part that changes makes another joined procedure.
        id="+".join(f"{part.id}@{part.version}" for part in parts) or form.procedure,
        version=form.version,
        digest=digest,
        name=_text(form.name),
        lineage=lineage,
        instruments={
            name: Instrument(name, _text(each.title), each.number, each.in_force, each.confidence)
            for name, each in form.instruments.items()
        },
        questions={
            name: Question(
                name,
                _text(each.text),
                each.kind,
                each.choices,
                each.cite,
                each.recorded,
                each.follows or "",
                each.optional,
            )
            for name, each in form.questions.items()
        },
        roles={
            name: Role(name, _text(each.name), each.single) for name, each in form.roles.items()
        },
        functions=_texts(form.functions),
        stages={each.id: Stage(each.id, _text(each.name), each.end) for each in form.stages},
        moves=tuple(
            Move(command, outcome, move.from_, move.to)
            for move in form.moves
            for command in move.command
            for outcome in move.outcome
        ),
        steps={each.id: _step(form, each) for each in _in_order(form.steps)},
        rules={name: settled(name, each, form.version) for name, each in form.rules.items()},
        permissions=dict(form.permissions),
        separations=tuple(
            Separation(
                each.act,
                each.not_by,
                each.rule,
                each.not_of,
                each.not_lent_to,
                each.not_lent,
                each.not_appointed_by,
            )
            for each in form.separations
        ),
        denials=tuple(Denial(each.act, each.role, each.rule) for each in form.denials),
        while_paused=frozenset(form.while_paused),
        alerts=tuple(
            AlertRule(each.kind, each.command, each.to, each.cite, each.on) for each in form.alerts
        ),
        bodies={
            name: Body(name, _text(each.name), each.decides_by, each.chair, each.members)
            for name, each in form.bodies.items()
        },
        meeting_body=form.meeting_body,
        further_meetings=tuple(
            FurtherMeeting(each.body, each.when) for each in form.further_meetings
        ),
        decided_by="" if form.deciders is None else form.deciders.question,
        deciders={} if form.deciders is None else dict(form.deciders.instead),
        parts=parts or (Part(form.procedure, form.version, _text(form.name), digest),),
        # What extends another has its joins too, even those that bring in itself.
        joins=tuple(
            Join(each.procedure, each.when)
            for each in form.joins
            if each.procedure != form.procedure
        ),
        offers=tuple(name for name in form.offers if name != form.procedure),
    )


def _in_order(steps: tuple[StepForm, ...]) -> tuple[StepForm, ...]:
    """The steps as they were listed, but none before one that it follows."""
    waiting, found = list(steps), dict[str, StepForm]()
    while waiting:
        ready = next(each for each in waiting if found.keys() >= set(each.after))
        waiting.remove(ready)
        found[ready.id] = ready
    return tuple(found.values())


def _step(form: ProcedureForm, step: StepForm) -> Step:
    waivable = step.waivable
    return Step(
        id=step.id,
        kind=step.kind,
        name=_text(step.name),
        citations=step.cite,
        required_when=step.required_when,
        after=step.after,
        before=step.before,
        rules={name: settled(name, rule, form.version) for name, rule in step.rules.items()},
        acts=dict(step.acts),
        waivable=None
        if waivable is None
        else Waivable(waivable.request, waivable.approve, waivable.cite),
        lapses_on=step.lapses_on,
    )


def settled(name: str, rule: RuleForm, day: date) -> Rule:
    """A rule as it stands on a day."""
    return Rule(
        id=name,
        citations=rule.cite,
        value=rule.value_on(day),
        share=rule.share,
        unit=rule.unit,
        floor=rule.floor,
        counting=rule.counting,
        paused=rule.paused,
        choices=rule.choices,
        override=rule.override or (),
        also=tuple(settled(name, each, day) for each in rule.also),
        bound=rule.bound,
    )


def _text(text: Bilingual) -> Text:
    return Text(text.zh, text.en)


def _texts(texts: Mapping[str, Bilingual]) -> dict[str, Text]:
    return {name: _text(each) for name, each in texts.items()}
