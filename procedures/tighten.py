"""A profile may only tighten what it rests on; where a special law replaces it, it must say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, cast

from procedures.compile import Compiled
from procedures.looseness import Comparison, Loose
from procedures.merge import Piece
from procedures.problems import Problem
from procedures.schema import ProcedureForm
from workflow.calendar import CountingRule
from workflow.definition import Citation
from workflow.explaining.paths import Path
from workflow.explaining.quoting import shown
from workflow.ports import StepKind

SPECIAL: Final = "special_law"

#: The messages for a profile; whatever is not among them cannot come about by laying it over.
_CODES: Final[Mapping[str, str]] = {
    "also": "definition.loosened_also",
    "answers": "definition.answers_changed",
    "changed": "definition.changed",
    "condition": "definition.loosened_condition",
    "decider": "definition.loosened_decider",
    "eased": "definition.eased",
    "hands": "definition.loosened_hands",
    "kind": "definition.changed",
    "move_added": "definition.move_added",
    "move_into": "definition.move_into",
    "separation_narrowed": "definition.separation_narrowed",
    "separation_of_units_narrowed": "definition.separation_of_units_narrowed",
    "value": "definition.loosened",
    "waivable": "definition.loosened_waivable",
}
#: What no law excuses: a step of another kind is another step.
_FIRM: Final = frozenset({"kind"})


def loosened(
    base: ProcedureForm,
    compiled: Compiled,
    own: Piece,
    kinds: Mapping[str, StepKind],
    counting: Mapping[str, CountingRule],
) -> tuple[Problem, ...]:
    """Every place at which a profile is looser than its base without citing a special law.

    `compiled` is the profile laid over the base, `own` the profile alone: only its own
    `special_law` excuses, not one that the base relied on, and only one that is another law than
    the one that it replaces.
    """
    told = OwnLaw(own)
    comparison = Comparison(base, compiled.form, kinds, counting)
    found = [each for each in comparison.frame() if each.at[-1] == "kind"]
    if not found:
        # Predicates over questions of another kind cannot be compared.
        found = list(comparison.run())
    problems = [_problem(compiled.piece, each) for each in found if not told.excuses(each)]
    return (*problems, *_unfit(base, compiled, told))


def _problem(piece: Piece, found: Loose) -> Problem:
    return piece.problem(found.at, _CODES[found.what], **found.params)


@dataclass(frozen=True, slots=True)
class OwnLaw:
    """What one file says itself of the law on which its parts rest."""

    piece: Piece

    def part(self, where: tuple[str, ...]) -> Mapping[str, object]:
        """What the file says of a part, as `Loose.where` names it; nothing where it is silent."""
        data = cast("Mapping[str, object]", self.piece.data)
        match where:
            case ("steps", step, *rest):
                steps = cast("list[Mapping[str, object]]", data.get("steps", []))
                found = next((each for each in steps if each["id"] == step), {})
                return _below(found, "rules", *rest) if rest else found
            case ("separations", rule):
                return _below(data, "rules", rule)
            case _:
                return _below(data, *where)

    def excuses(self, found: Loose) -> bool:
        """Whether the file cites a special law for a looser part."""
        if not found.where or found.where[0] == "separations" or found.what in _FIRM:
            return False
        return SPECIAL in self.part(found.where)


def _below(data: Mapping[str, object], *keys: str) -> Mapping[str, object]:
    for key in keys:
        below = data.get(key)
        data = cast("Mapping[str, object]", below) if isinstance(below, dict) else {}
    return data


# --- whether a special law is one -----------------------------------------------------------------


def _unfit(base: ProcedureForm, compiled: Compiled, own: OwnLaw) -> Iterator[Problem]:
    """Special laws that are the law which they would replace.

    A law is no special one against itself: it must be another than what the replaced part cites,
    or another article of one that governs this part alone; never what the base itself carries out,
    which is what it cites in several of its steps.
    """
    carried = _carried_out(base)
    form = compiled.form
    before = {step.id: step for step in base.steps}
    places: list[tuple[Path, tuple[str, ...], tuple[Citation, ...], tuple[Citation, ...]]] = []
    for place, step in enumerate(form.steps):
        replaced = before.get(step.id)
        if replaced is not None:
            at: Path = ("steps", place)
            where: tuple[str, ...] = ("steps", step.id)
            places.append((at, where, step.special_law or (), replaced.cite))
            places += [
                ((*at, "rules", name), (*where, name), rule.special_law or (), old.cite)
                for name, rule in step.rules.items()
                if (old := replaced.rules.get(name)) is not None
            ]
    places += [
        (("rules", name), ("rules", name), rule.special_law or (), base.rules[name].cite)
        for name, rule in form.rules.items()
        if name in base.rules
    ]
    if form.deciders is not None and base.deciders is not None:
        question = base.questions[base.deciders.question]
        law = form.deciders.special_law or ()
        places.append((("deciders",), ("deciders",), law, question.cite))
    for at, part, law, replaced_law in places:
        if SPECIAL not in own.part(part):
            continue
        for number, citation in enumerate(law):
            if _same(citation, replaced_law) or citation.instrument in carried:
                path = (*at, SPECIAL, number)
                name = shown(citation.instrument)
                yield compiled.piece.problem(path, "definition.special_law_same", name=name)


def _same(special: Citation, replaced: tuple[Citation, ...]) -> bool:
    return any(
        special.instrument == each.instrument and each.article in ("", special.article)
        for each in replaced
    )


def _carried_out(base: ProcedureForm) -> set[str]:
    """The instruments that a definition carries out: those that several of its steps rest on."""
    found = Counter(
        instrument
        for step in base.steps
        for instrument in {
            citation.instrument
            for cited in (step.cite, *(rule.cite for rule in step.rules.values()))
            for citation in cited
        }
    )
    return {name for name, steps in found.items() if steps > 1}
