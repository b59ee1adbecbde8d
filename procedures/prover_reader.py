"""What a definition, the engine's machine and the engine's gate say, read into a shape.

Every move is asked of the machine and every refusal of the gate, once for each way in which a
matter can look to the engine; nothing of either is stated anew here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from procedures.kinds.legality_review import CONFIRMED
from procedures.kinds.request_reply import CHANGES
from procedures.prover_shape import Effect, Reading, Reviewed, Shape, Turn, Way, bit_of
from workflow import guards
from workflow.decisions.deliberating import ONWARD
from workflow.decisions.owing import NOT_CONFIRMED
from workflow.definition import Answer, Gate, Lapse, Move, Nature, Procedure, Step
from workflow.facts import (
    AMENDED,
    CHANGING,
    CONCLUDE,
    CONFIRM,
    ISSUE,
    MIGRATE,
    REVIEW_LAPSED,
    VOID,
)
from workflow.machine import Forbidden, Lifecycle
from workflow.ports import ActPart, Assessment, StepKind, StepState
from workflow.refusals import Unmet
from workflow.urgency import TRACK

#: Verdicts that may let a text pass, whatever a definition says.
LAWFUL: Final = frozenset({"lawful", "exploratory_reform", CONFIRMED})

#: Commands of the engine's own that ask a gate.
_GATED: Final = {
    "start": Gate.START,
    "propose_agenda_item": Gate.AGENDA,
    "close_matter": Gate.CLOSE,
}

_TEXT: Final = "the current text"

#: Ends the outcome of a look at an amended text where another body has to adopt it as well.
_ONWARD: Final = "_onward"

#: Effects that leave everything but the stage as it was.
_IDLE: Final = frozenset({Effect.NOTHING, Effect.SUBMIT})

#: By which gate steps must be done that the law lets nobody issue or close without (Order 713
#: arts 31 to 36), whatever a definition says.
_DUE: Final[Mapping[str, Gate]] = {
    "request_reply": Gate.ISSUE,
    "reporting": Gate.ISSUE,
    **dict.fromkeys(
        ("issuance", "publication", "execution", "contracting", "evaluation", "archiving"),
        Gate.CLOSE,
    ),
}

#: What the acts of the review do.
_REVIEW: Final[Mapping[str, Effect]] = {
    "submit_for_review": Effect.SUBMIT,
    "give_review_verdict": Effect.VERDICT,
    "confirm_changes": Effect.CONFIRM,
    "recheck_text": Effect.RECHECK,
}

_WAIVING: Final[Mapping[str, Effect]] = {
    "request_waiver": Effect.ASK_WAIVER,
    "rule_waiver": Effect.RULE_WAIVER,
}

WAIVER: Final = frozenset(_WAIVING)

_REWRITING: Final = frozenset({Effect.FIRST_TEXT, Effect.NEW_TEXT, Effect.AS_DECIDED})

_PARTS: Final[Mapping[ActPart, Effect]] = {
    ActPart.WORK: Effect.WORK,
    ActPart.END: Effect.END,
    ActPart.UNDO: Effect.UNDO,
}

_REVISION: Final[Mapping[Nature, Effect]] = {
    Nature.FIRST: Effect.FIRST_TEXT,
    Nature.AS_DECIDED: Effect.AS_DECIDED,
}

_CONCLUSION: Final[Mapping[str, Effect]] = {
    "adopted": Effect.ADOPT,
    ONWARD: Effect.ADOPT_ONWARD,
    AMENDED: Effect.AMEND,
}

_ENGINE: Final[Mapping[str, Effect]] = {
    ISSUE: Effect.ISSUE,
    "close_matter": Effect.CLOSE,
    "pause": Effect.PAUSE,
    "resume": Effect.RESUME,
    "withdraw": Effect.WITHDRAW,
    "end_decision": Effect.WITHDRAW,
    "propose_agenda_item": Effect.TABLE,
    "remove_agenda_item": Effect.UNTABLE,
}


@dataclass(frozen=True, slots=True)
class Known:
    """Where one command with one outcome leads from a stage, as the machine says."""

    command: str
    outcome: str
    free: str
    barred: str


class Machine:
    """The engine's machine, asked once for each move, with and without something against it."""

    def __init__(self, procedure: Procedure) -> None:
        self._lifecycle = Lifecycle(procedure)
        self.proposals = tuple(
            (outcome, stage)
            for outcome in ("", "state_secret")
            if (stage := self._move(procedure.initial, "propose", outcome, ()))
        )
        against = (Unmet("open", ()),)
        self.moves: Mapping[str, tuple[Known, ...]] = {
            stage: tuple(
                Known(
                    command,
                    outcome,
                    self._move(stage, command, outcome, ()),
                    self._move(stage, command, outcome, against),
                )
                for command, outcomes in self._lifecycle.commands(stage).items()
                for outcome in outcomes
                # Where nothing comes onto an agenda as urgent, nothing is found not to be so.
                if outcome != NOT_CONFIRMED or TRACK in procedure.rules
            )
            for stage in procedure.stages
        }

    def _move(self, stage: str, command: str, outcome: str, refusals: tuple[Unmet, ...]) -> str:
        """The stage that follows; empty where the machine forbids the move."""
        try:
            return self._lifecycle.move(stage, command, outcome, refusals)
        except Forbidden:
            return ""


class Machines:
    """One machine for all definitions with the same stages and moves."""

    def __init__(self) -> None:
        self._known: dict[tuple[tuple[str, ...], tuple[Move, ...]], Machine] = {}

    def of(self, procedure: Procedure) -> Machine:
        """The machine of a procedure."""
        key = (tuple(procedure.stages), procedure.moves)
        if key not in self._known:
            self._known[key] = Machine(procedure)
        return self._known[key]


class Reader:
    """Reads the shapes of one procedure."""

    def __init__(
        self, procedure: Procedure, kinds: Mapping[str, StepKind], machine: Machine
    ) -> None:
        self.procedure = procedure
        self.kinds = kinds
        self.machine = machine
        self.reviewing = guards.reviewing(procedure)
        self.correcting = frozenset(
            name for kind in kinds.values() for name, act in kind.acts.items() if act.corrects
        )
        self.owners: dict[str, tuple[Step, ...]] = {}
        for step in procedure.steps.values():
            for command in step.acts:
                self.owners[command] = (*self.owners.get(command, ()), step)
        self.done = {name: Assessment(StepState.SATISFIED) for name in procedure.steps}
        self.ends = frozenset(stage.id for stage in procedure.stages.values() if stage.end)

    def shape(
        self,
        step: Step | None,
        answers: Mapping[str, Answer],
        disabled: Collection[str] = (),
        telling: str = "",
    ) -> Shape:
        """The shape with a step under test, or with none.

        `disabled` are commands that nobody can give.  Commands that change nothing are left out,
        but for the one that is `telling`.
        """
        return _Shaping(self, step, answers).shape(disabled, telling)


class _Shaping:
    def __init__(self, reader: Reader, step: Step | None, answers: Mapping[str, Answer]) -> None:
        self._reader = reader
        self._procedure = reader.procedure
        self._step = step
        self._answers = answers
        acts = () if step is None or step.id in reader.reviewing else tuple(step.acts)
        parts = {act: reader.kinds[step.kind].acts[act].part for act in acts} if step else {}
        counting = [act for act in acts if parts[act] in (ActPart.WORK, ActPart.END)]
        self._bits = {act: 1 << place for place, act in enumerate(counting)}
        self._waivable = step is not None and step.waivable is not None
        self._looks = {
            (reading, stands): self._assessments(reading, stands)
            for stands in self._stands()
            for reading in Reading
        }
        # What is asked and ruled about the waivers of other steps changes nothing here.
        self._effects = {
            **_REVIEW,
            VOID: Effect.VOID,
            **dict.fromkeys(reader.correcting, Effect.CORRECT),
            **{act: _PARTS[part] for act, part in parts.items() if part in _PARTS},
            **(_WAIVING if self._waivable else {}),
            **_ENGINE,
        }
        self._gates: dict[Gate, int] = {}
        self._waits: dict[str, int] = {}

    def shape(self, disabled: Collection[str], telling: str) -> Shape:
        machine = self._reader.machine
        places: dict[tuple[str, str], int] = {}
        turns: list[Turn] = []
        ways: list[tuple[str, tuple[Way, ...]]] = []
        effects: dict[tuple[str, str], Effect] = {}
        for stage, moves in machine.moves.items():
            here: list[Way] = []
            for move in moves:
                if move.command == "propose" or move.command in disabled:
                    continue
                key = (move.command, move.outcome)
                if key not in effects:
                    effects[key] = self._effect(*key)
                idle = effects[key] in _IDLE and {move.free, move.barred} <= {stage, ""}
                if idle and move.command != telling:
                    continue
                if key not in places:
                    places[key] = len(turns)
                    turns.append(self._turn(*key, effects[key]))
                here.append(Way(places[key], move.free, move.barred))
            ways.append((stage, tuple(here)))
        return Shape(
            self._procedure.initial,
            () if "propose" in disabled else machine.proposals,
            self._reader.ends,
            tuple(turns),
            tuple(ways),
            (1 << len(self._bits)) - 1,
            len(self._procedure.meetings(self._answers)),
            self._due(),
        )

    def _due(self) -> Gate | None:
        """The gate by which the step under test must be done, as it says or as the law does."""
        if self._step is None:
            return None
        said = {self._step.before, _DUE.get(self._step.kind)}
        return next((gate for gate in Gate if gate in said), None)

    # --- what the engine sees ---------------------------------------------------------------------

    def _stands(self) -> Iterator[StepState]:
        """How the step under test can stand: begun only if there is more than one act to it."""
        if self._bits:
            yield StepState.PENDING
        if len(self._bits) > 1:
            yield StepState.IN_PROGRESS
        yield StepState.SATISFIED
        if self._waivable:
            yield StepState.WAIVED

    def _assessments(self, reading: Reading, stands: StepState) -> Mapping[str, Assessment]:
        """Of the other steps all work is done, except the review's, which stands with the text."""
        found = dict(self._reader.done)
        if reading is not Reading.PASSED:
            begun = reading is Reading.OPEN
            review = StepState.IN_PROGRESS if begun else StepState.PENDING
            for name in self._reader.reviewing:
                found[name] = _open(self._procedure.steps[name], review)
        step = self._step
        if step is not None and (self._bits or stands is StepState.WAIVED):
            found[step.id] = Assessment(stands) if stands.closed else _open(step, stands)
        return found

    def _refused(self, command: str) -> int:
        """Where the engine has something against a command."""
        steps = self._reader.owners.get(command, ())
        gate = _GATED.get(command)
        for step in steps:
            gate = gate or self._reader.kinds[step.kind].acts[command].gate
        if gate is not None:
            if gate not in self._gates:
                self._gates[gate] = self._barred(gate)
            return self._gates[gate]
        if not steps:
            return 0
        refused = self._held_up(steps[0], command)
        for step in steps[1:]:
            refused &= self._held_up(step, command)
        return refused

    def _barred(self, gate: Gate) -> int:
        """What the engine's own gate says."""
        mask = 0
        for (reading, stands), assessments in self._looks.items():
            current = None if reading is Reading.NONE else _TEXT
            passed = current if reading is Reading.PASSED else None
            if guards.barring(self._procedure, gate, self._answers, assessments, current, passed):
                mask |= bit_of(reading, stands)
        return mask

    def _held_up(self, step: Step, command: str) -> int:
        """Where a step that must precede this one is open, and the act may not be done ahead."""
        if self._reader.kinds[step.kind].acts[command].ahead:
            return 0
        if step.id not in self._waits:
            mask = 0
            for (reading, stands), assessments in self._looks.items():
                if any(not assessments[before].state.closed for before in step.after):
                    mask |= bit_of(reading, stands)
            self._waits[step.id] = mask
        return self._waits[step.id]

    # --- what a command does ----------------------------------------------------------------------

    def _effect(self, command: str, outcome: str) -> Effect:
        if command == "revise_draft":
            return _REVISION.get(Nature(outcome), Effect.NEW_TEXT)
        if outcome == CHANGES:
            return Effect.AMEND_AFTER
        if command == CONFIRM:
            return Effect.UNCONFIRM if outcome == NOT_CONFIRMED else Effect.NOTHING
        if command == CONCLUDE:
            return _CONCLUSION.get(outcome, Effect.UNTABLE)
        if command == MIGRATE:
            return Effect.LAPSE if outcome == REVIEW_LAPSED else Effect.NOTHING
        return self._effects.get(command, Effect.NOTHING)

    def _turn(self, command: str, outcome: str, effect: Effect) -> Turn:
        verdict = Reviewed.NO_TEXT
        if effect in (Effect.VERDICT, Effect.CONFIRM):
            verdict = self._verdict(outcome if effect is Effect.VERDICT else CONFIRMED)
        elif effect is Effect.RECHECK:
            verdict = self._verdict(outcome.removesuffix(_ONWARD))
        working = self._step if effect in (Effect.WORK, Effect.END) else None
        return Turn(
            command,
            outcome,
            effect,
            command in self._procedure.while_paused,
            self._refused(command),
            0 if working is None else self._held_up(working, command),
            self._lapses(effect, outcome),
            self._bits.get(command, 0),
            working is not None and len(self._reader.owners[command]) > 1,
            verdict,
        )

    def _lapses(self, effect: Effect, outcome: str) -> bool:
        if effect not in _REWRITING or self._step is None:
            return False
        lapse = self._step.lapses_on
        return lapse is Lapse.ANY or (lapse is Lapse.SUBSTANTIVE and outcome in CHANGING)

    def _verdict(self, verdict: str) -> Reviewed:
        counts = any(
            verdict in self._procedure.steps[step].rules["verdicts"].choices
            for step in self._reader.reviewing
        )
        if not counts:
            return Reviewed.NEGATIVE
        return Reviewed.PASSED if verdict in LAWFUL else Reviewed.COUNTED


def _open(step: Step, stands: StepState) -> Assessment:
    return Assessment(stands, (Unmet("open", step.citations, step=step.id),))
