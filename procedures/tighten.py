"""A profile may only tighten what it rests on; where a special law replaces it, it must say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from procedures.compile import Compiled
from procedures.looseness import Comparison, Loose
from procedures.merge import Piece
from procedures.problems import Problem
from procedures.ranking import alike, cited_at, outranked, rank_of
from procedures.schema import ProcedureForm, Rank
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
    bases: Sequence[ProcedureForm],
    compiled: Compiled,
    own: Piece,
    kinds: Mapping[str, StepKind],
    counting: Mapping[str, CountingRule],
) -> tuple[Problem, ...]:
    """Every place at which a profile is looser than its base without citing a special law.

    `bases` are all that it rests on, the one that it is laid over first: what a profile between
    has made tighter is no way for a lower law to go below what stands farther down.
    `compiled` is the profile laid over the base, `own` the profile alone: only its own
    `special_law` excuses, not one that the base relied on, and only one that is another law than
    the one that it replaces.
    """
    told, base = OwnLaw(own), bases[0]
    comparison = Comparison(base, compiled.form, kinds, counting)
    found = [each for each in comparison.frame() if each.at[-1] == "kind"]
    if not found:
        # Predicates over questions of another kind cannot be compared.
        found = list(comparison.run())
    problems = [_problem(compiled.piece, each) for each in found if not told.excuses(each)]
    excused = [each for each in found if told.excuses(each)]
    for other in bases[1:] if excused else ():
        farther = Comparison(other, compiled.form, kinds, counting).run()
        problems += _too_low(other, compiled, [each for each in farther if told.excuses(each)])
    problems += _too_low(base, compiled, excused)
    return (*_once(problems), *_unfit(base, compiled, told))


def _once(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Of what is said of one place by one message, the first."""
    said = set[tuple[str, str]]()
    for each in problems:
        if (each.key, each.code) not in said:
            said.add((each.key, each.code))
            yield each


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
            if _same(form, citation, replaced_law) or _carries(form, citation, carried):
                path = (*at, SPECIAL, number)
                name = shown(citation.instrument)
                yield compiled.piece.problem(path, "definition.special_law_same", name=name)


def _same(form: ProcedureForm, special: Citation, replaced: tuple[Citation, ...]) -> bool:
    return any(
        _one(form, special.instrument, each.instrument) and each.article in ("", special.article)
        for each in replaced
    )


def _carries(form: ProcedureForm, special: Citation, carried: set[str]) -> bool:
    return any(_one(form, special.instrument, each) for each in carried)


def _one(form: ProcedureForm, name: str, other: str) -> bool:
    """Whether two names stand for one instrument; a second name makes no second law."""
    return name == other or alike(form.instruments[name], form.instruments[other])


def _too_low(
    base: ProcedureForm, compiled: Compiled, excused: Iterable[Loose]
) -> Iterator[Problem]:
    """Special laws whose rank is not stated, or lower than that of what they would replace."""
    form = compiled.form
    for part in {each.where: None for each in excused}:
        at, laws = _laws(form, part)
        replaced = [each.instrument for each in cited_at(base, part)]
        for number, citation in enumerate(laws):
            path, rank = (*at, SPECIAL, number), rank_of(form, citation.instrument)
            higher = [each for each in replaced if rank and outranked(rank, rank_of(base, each))]
            other = rank_of(base, higher[0]) if higher else None
            if rank is None or (higher and other is None):
                name = citation.instrument if rank is None else higher[0]
                told = {"name": shown(name), "known": tuple(each.value for each in Rank)}
                yield compiled.piece.problem(path, "definition.special_law_no_rank", **told)
            elif other is not None:
                yield compiled.piece.problem(
                    path,
                    "definition.special_law_too_low",
                    name=shown(citation.instrument),
                    rank=rank.value,
                    replaced=shown(higher[0]),
                    other=other.value,
                )


def _laws(form: ProcedureForm, part: tuple[str, ...]) -> tuple[Path, tuple[Citation, ...]]:
    """The special laws of a part, as `Loose.where` names it, and where it stands."""
    match part:
        case ("steps", name, *rest):
            place = next(at for at, each in enumerate(form.steps) if each.id == name)
            step = form.steps[place]
            if rest:
                return ("steps", place, "rules", *rest), step.rules[rest[0]].special_law or ()
            return ("steps", place), step.special_law or ()
        case ("rules", name):
            return part, form.rules[name].special_law or ()
        case _:
            return part, (form.deciders and form.deciders.special_law) or ()


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
