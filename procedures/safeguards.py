"""What a definition must say, or may not say, lest it undo the promise while it looks complete.

These are demands of the engine's own structure: whose hands an act may lie in, what goes on during
a pause, who is kept apart, and where the legality review stands.  No provision is cited for them,
because no provision may take them away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from procedures.merge import Piece
from procedures.problems import Problem
from procedures.references import DRAFT_AUTHOR, INDEPENDENT
from procedures.schema import ProcedureForm, StepForm
from workflow.definition import Gate, Holder, Lapse, Relation
from workflow.explaining.paths import Path
from workflow.explaining.quoting import shown

#: By which act a text is found lawful: the step that has it is the legality review.
VERDICT: Final = "give_review_verdict"

#: The act that asks the gate.
TABLING: Final = "propose_agenda_item"

#: What a pause leaves possible: to go on, to give the matter up, and to dissent from what a meeting
#: that has not closed came to.
WHILE_PAUSED: Final = ("resume", "restrict_access", "withdraw", "reserve_opinion")

#: Who may never do an act, whatever else a definition says: who did the other.
APART: Final = tuple((act, DRAFT_AUTHOR) for act in (VERDICT, "confirm_changes", "recheck_text"))
APART_WHERE_WAIVABLE: Final = (("rule_waiver", "request_waiver"),)


def unguarded(piece: Piece, form: ProcedureForm) -> tuple[Problem, ...]:
    """Every place in a well-formed definition that would undo the promise."""
    return tuple(_Safeguards(piece, form).run())


class _Safeguards:
    def __init__(self, piece: Piece, form: ProcedureForm) -> None:
        self._piece = piece
        self._form = form

    def run(self) -> Iterator[Problem]:
        yield from self._hands()
        yield from self._pause()
        yield from self._kept_apart()
        yield from self._ways_in()
        reviews = [place for place, step in enumerate(self._form.steps) if VERDICT in step.acts]
        for place in reviews[1:]:
            at: Path = ("steps", place, "acts", VERDICT)
            first = self._form.steps[reviews[0]].id
            yield self._piece.problem(at, "definition.review_twice", name=shown(first))
        for place in reviews[:1]:
            yield from self._review(("steps", place), self._form.steps[place])
        if not reviews:
            yield self._piece.problem(("steps",), "definition.review_missing", act=VERDICT)

    def _ways_in(self) -> Iterator[Problem]:
        """Nothing but the act that asks the gate may bring a matter where tabled ones stand."""
        tabled = {move.to for move in self._form.moves if TABLING in move.command} - {None}
        for place, move in enumerate(self._form.moves):
            others = [command for command in move.command if command != TABLING]
            if others and move.to in tabled:
                yield self._piece.problem(
                    ("moves", place, "to"), "definition.way_past_gate", act=others[0], stage=move.to
                )

    # --- in whose hands ---------------------------------------------------------------------------

    def _hands(self) -> Iterator[Problem]:
        for command, holders in self._form.permissions.items():
            yield from self._held(("permissions", command), command, holders)
        for place, step in enumerate(self._form.steps):
            at: Path = ("steps", place)
            for act, holders in step.acts.items():
                yield from self._held((*at, "acts", act), act, holders)
            if step.waivable is not None:
                path: Path = (*at, "waivable", "approve")
                yield from self._held(path, "rule_waiver", step.waivable.approve)
            for name, rule in step.rules.items():
                path = (*at, "rules", name, "override")
                yield from self._held(path, "approve_override", rule.override or ())
        for name, rule in self._form.rules.items():
            path = ("rules", name, "override")
            yield from self._held(path, "approve_override", rule.override or ())

    def _held(self, path: Path, act: str, holders: Iterable[Holder]) -> Iterator[Problem]:
        for place, holder in enumerate(holders):
            if act in INDEPENDENT and holder.of in set(Relation):
                yield self._piece.problem(
                    (*path, place), "definition.same_hand", act=act, unit=holder.of
                )

    def _pause(self) -> Iterator[Problem]:
        for place, command in enumerate(self._form.while_paused):
            if command not in WHILE_PAUSED:
                at: Path = ("while_paused", place)
                yield self._piece.problem(
                    at, "definition.not_while_paused", name=shown(command), known=WHILE_PAUSED
                )

    def _kept_apart(self) -> Iterator[Problem]:
        waivable = any(step.waivable is not None for step in self._form.steps)
        kept = {
            (separation.act, other)
            for separation in self._form.separations
            for other in separation.not_by
        }
        for act, other in (*APART, *(APART_WHERE_WAIVABLE if waivable else ())):
            if (act, other) not in kept:
                yield self._piece.problem(
                    ("separations",), "definition.separation_missing", act=act, other=other
                )

    # --- the legality review ----------------------------------------------------------------------

    def _review(self, path: Path, review: StepForm) -> Iterator[Problem]:
        if review.required_when.op != "always":
            yield self._piece.problem((*path, "required_when"), "definition.review_conditional")
        if review.lapses_on is not Lapse.ANY:
            yield self._piece.problem((*path, "lapses_on"), "definition.review_outlives_text")
        if review.waivable is not None:
            yield self._piece.problem((*path, "waivable"), "definition.review_waivable")
        if review.before is not Gate.AGENDA:
            yield self._piece.problem((*path, "before"), "definition.review_off_the_way")
        for step in self._form.steps:
            if step.before is Gate.REVIEW and step.id not in (review.id, *review.after):
                yield self._piece.problem(
                    (*path, "after"), "definition.review_too_early", name=shown(step.id)
                )
