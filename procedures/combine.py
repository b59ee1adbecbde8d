"""Two procedures that bind one matter at once, joined into one definition (并行程序, 合并适用).

Of every duty the tighter one binds, by the comparison that `tighten` makes of profiles; what only
one of them asks for is asked for.  Where one of the two rests on a special law, that one prevails.
Whatever is no matter of tighter and looser belongs to the first; but a profile that offers the
first in its own place keeps its meeting.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Final, cast

from procedures.combine_rules import RuleJoiner
from procedures.joining import (
    Unlike,
    absent,
    child,
    cited,
    gather,
    listed,
    pick,
    union,
    with_value,
)
from procedures.looseness import FIXED_MOVES
from procedures.merge import Piece, Side
from procedures.problems import Problem, SourceError
from procedures.references import engine_rules
from procedures.schema import ProcedureForm, RuleForm, StepForm
from procedures.weighing import GATES, LAPSES
from workflow.calendar import CountingRule
from workflow.ports import RuleShape, StepKind

#: Between the names of procedures that bind together, in either language.
AND: Final = " + "

_UNJOINED: Final = ("extends", "joins", "offers")


def combine(
    first: tuple[Piece, ProcedureForm],
    other: tuple[Piece, ProcedureForm],
    kinds: Mapping[str, StepKind],
    counting: Mapping[str, CountingRule],
) -> Piece:
    """The definition under which both bind.

    Raises `SourceError` for everything in which they cannot be joined.  Both come from files, and
    every step is of a known kind.
    """
    joiner = _Joiner(first, other, kinds, counting)
    piece = joiner.run()
    if joiner.problems:
        raise SourceError(joiner.problems)
    return piece


class _Joiner:
    def __init__(
        self,
        first: tuple[Piece, ProcedureForm],
        other: tuple[Piece, ProcedureForm],
        kinds: Mapping[str, StepKind],
        counting: Mapping[str, CountingRule],
    ) -> None:
        self._first, self._form = Side(first[0]), first[1]
        self._other, self._others = Side(other[0]), other[1]
        self._kinds = kinds
        self._asked: set[str] = set()
        self.problems: list[Problem] = []
        self._unlike = Unlike(self._form.procedure, self._others.procedure, self.problems)
        day = max(self._form.version, self._others.version)
        self._rules = RuleJoiner(day, counting, self._unlike)

    def run(self) -> Piece:
        first, other = self._first, self._other
        both: dict[str, Callable[[Side, Side], Side]] = {
            "version": self._version,
            "name": _name,
            "instruments": lambda a, b: self._each(a, b, self._instrument),
            "roles": lambda a, b: self._each(a, b, _role),
            "functions": lambda a, b: self._each(a, b, _ours),
            "bodies": lambda a, b: self._each(a, b, _ours),
            "steps": lambda a, b: self._by(("id",), a, b, self._step),
            "rules": lambda a, b: self._rule_sets(
                (a, self._form.rules),
                (b, self._others.rules),
                {**engine_rules(self._others.bodies), **engine_rules(self._form.bodies)},
            ),
            "deciders": self._deciders,
            "permissions": lambda a, b: self._each(a, b, _ours),
            "separations": lambda a, b: self._by(("act", "rule"), a, b, _separation),
            "denials": lambda a, b: self._by(("act", "role"), a, b, _ours),
            "while_paused": pick,
            "stages": lambda a, b: self._by(("id",), a, b, self._stage),
            "moves": self._moves,
            "alerts": lambda a, b: self._by(("kind",), a, b, self._alert),
            # Last, when it is known what the steps ask for.
            "questions": lambda a, b: self._each(a, b, self._question),
        }
        found: dict[str | int, Side] = {
            name: first.child(name) for name in _keys(first) if name not in _UNJOINED
        }
        found |= {
            name: other.child(name)
            for name in _keys(other)
            if name not in found and name not in (*_UNJOINED, "while_paused")
        }
        self._ask_of_deciders()
        for name, join in both.items():
            ours, theirs = child(first, name), child(other, name)
            if ours is not None and theirs is not None:
                found[name] = join(ours, theirs)
        if self._form.procedure in self._others.offers:
            found["meeting_body"] = other.child("meeting_body")
            further = child(other, "further_meetings")
            found.pop("further_meetings", None)
            if further is not None:
                found["further_meetings"] = further
        if child(other, "while_paused") is None:
            found.pop("while_paused", None)
        found["questions"] = self._recorded(found["questions"])
        whole = gather(first, found)
        return Piece(whole.data, whole.origin, self._form.procedure)

    # --- what is told apart by keys ---------------------------------------------------------------

    def _each(self, ours: Side, theirs: Side, join: Callable[[Side, Side], Side]) -> Side:
        """Mappings by key: what both have is joined, what one has is taken."""
        found: dict[str | int, Side] = {name: ours.child(name) for name in _keys(ours)}
        for name in _keys(theirs):
            told = theirs.child(name)
            found[name] = join(found[name], told) if name in found else told
        return gather(ours, found)

    def _by(
        self, keys: tuple[str, ...], ours: Side, theirs: Side, join: Callable[[Side, Side], Side]
    ) -> Side:
        """Lists of mappings that are told apart by some of their keys."""
        found = {_key(item, keys): item for item in ours.items()}
        for item in theirs.items():
            key = _key(item, keys)
            found[key] = join(found[key], item) if key in found else item
        for item in found.values():
            self._ask_of(item)
        return listed(ours, list(found.values()))

    def _version(self, ours: Side, theirs: Side) -> Side:
        return ours if self._form.version >= self._others.version else theirs

    def _instrument(self, ours: Side, theirs: Side) -> Side:
        for name in ("number", "in_force", "law"):
            self._unlike.compare(ours, theirs, name)
        return ours

    def _stage(self, ours: Side, theirs: Side) -> Side:
        self._unlike.compare(ours, theirs, "end")
        return ours

    def _alert(self, ours: Side, theirs: Side) -> Side:
        self._unlike.compare(ours, theirs, "command")
        self._unlike.compare(ours, theirs, "on")
        return with_value(
            ours,
            to=union(ours.child("to"), theirs.child("to")),
            cite=cited(ours.child("cite"), theirs.child("cite")),
        )

    # --- questions --------------------------------------------------------------------------------

    def _question(self, ours: Side, theirs: Side) -> Side:
        self._unlike.compare(ours, theirs, "kind")
        found = with_value(ours, cite=cited(ours.child("cite"), theirs.child("cite")))
        choices, others = child(ours, "choices"), child(theirs, "choices")
        if choices is not None and others is not None:
            found = with_value(found, choices=union(choices, others))
        return found

    def _recorded(self, questions: Side) -> Side:
        """What no step of the whole asks for is kept for the file; what one asks for is not."""
        found: dict[str | int, Side] = {}
        for name in _keys(questions):
            told = questions.child(name)
            if name in self._asked:
                told = absent(told, "recorded")
            else:
                told = with_value(told, recorded=told.made("recorded", value=True))
            found[name] = told
        return gather(questions, found)

    def _ask_of(self, item: Side) -> None:
        if "required_when" in _keys(item):
            self._asked |= set(_questions(item.child("required_when").data))

    def _deciders(self, ours: Side, theirs: Side) -> Side:
        """Where only one of them lets another body decide, that one does: it lies with neither."""
        self._unlike.compare(ours, theirs, "question")
        instead, others = ours.child("instead"), theirs.child("instead")
        for answer in [name for name in _keys(instead) if name in _keys(others)]:
            self._unlike.compare(instead, others, str(answer))
        return with_value(ours, instead=self._each(instead, others, _ours))

    def _ask_of_deciders(self) -> None:
        deciders = self._form.deciders or self._others.deciders
        if deciders is not None:
            self._asked.add(deciders.question)

    # --- steps ------------------------------------------------------------------------------------

    def _step(self, ours: Side, theirs: Side) -> Side:
        if not self._unlike.compare(ours, theirs, "kind"):
            return ours
        form, others = self._forms(ours)
        found = self._bindings((ours, form), (theirs, others))
        after, also = child(ours, "after"), child(theirs, "after")
        if after is not None and also is not None:
            found = with_value(found, after=union(after, also))
        elif also is not None:
            found = with_value(found, after=also)
        rules, more = child(ours, "rules"), child(theirs, "rules")
        if rules is not None and more is not None:
            shapes = self._kinds[form.kind].rules
            joined = self._rule_sets((rules, form.rules), (more, others.rules), shapes)
            found = with_value(found, rules=joined)
        elif more is not None:
            found = with_value(found, rules=more)
        return with_value(found, cite=cited(ours.child("cite"), theirs.child("cite")))

    def _forms(self, step: Side) -> tuple[StepForm, StepForm]:
        name = _key(step, ("id",))[0]
        ours = next(each for each in self._form.steps if each.id == name)
        return ours, next(each for each in self._others.steps if each.id == name)

    def _bindings(self, ours: tuple[Side, StepForm], theirs: tuple[Side, StepForm]) -> Side:
        """When the step is asked for, before what, when it lapses, whether it can be waived."""
        (first, form), (other, others) = ours, theirs
        if (form.special_law is None) is not (others.special_law is None):
            special = first if form.special_law is not None else other
            names = ("required_when", "before", "lapses_on", "waivable", "special_law")
            return _taking(first, special, names)
        found = with_value(first, required_when=_required(first, other))
        if GATES.index(others.before) < GATES.index(form.before):
            found = _taking(found, other, ("before",))
        if LAPSES.index(others.lapses_on) < LAPSES.index(form.lapses_on):
            found = _taking(found, other, ("lapses_on",))
        if form.special_law is not None:
            special = cited(first.child("special_law"), other.child("special_law"))
            found = with_value(found, special_law=special)
        return self._waivable(found, ours, theirs)

    def _waivable(
        self, found: Side, ours: tuple[Side, StepForm], theirs: tuple[Side, StepForm]
    ) -> Side:
        """Only where both let it be waived, and only by those whom both trust with it."""
        mine, other = ours[1].waivable, theirs[1].waivable
        if mine is None or other is None:
            return absent(found, "waivable")
        if not (set(mine.request) & set(other.request) and set(mine.approve) & set(other.approve)):
            return absent(found, "waivable")
        one, two = ours[0].child("waivable"), theirs[0].child("waivable")
        joined = with_value(
            one,
            request=pick(one.child("request"), two.child("request")),
            approve=pick(one.child("approve"), two.child("approve")),
            cite=cited(one.child("cite"), two.child("cite")),
        )
        return with_value(found, waivable=joined)

    def _rule_sets(
        self,
        ours: tuple[Side, Mapping[str, RuleForm]],
        theirs: tuple[Side, Mapping[str, RuleForm]],
        shapes: Mapping[str, RuleShape],
    ) -> Side:
        # A way that only one of them opens is closed by the other.
        lone = {
            name
            for name in ours[1].keys() ^ theirs[1].keys()
            if shapes.get(name, RuleShape()).eases
        }
        found: dict[str | int, Side] = {
            name: ours[0].child(name) for name in ours[1] if name not in lone
        }
        for name, rule in theirs[1].items():
            if name in lone:
                continue
            told = theirs[0].child(name)
            if name in ours[1]:
                shape = shapes.get(name, RuleShape())
                told = self._rules.join((found[name], ours[1][name]), (told, rule), shape)
            found[name] = told
        return gather(ours[0], found)

    # --- moves ------------------------------------------------------------------------------------

    def _moves(self, ours: Side, theirs: Side) -> Side:
        """The other's moves are added where the first has none; none may lead elsewhere."""
        leads = dict(_ways(self._form))
        found = ours.items()
        for place, item in enumerate(theirs.items()):
            move = self._others.moves[place]
            for command, outcome in product(move.command, move.outcome):
                new = [stage for stage in move.from_ if (command, outcome, stage) not in leads]
                known = [leads[command, outcome, s] for s in move.from_ if s not in new]
                if set(known) - {move.to} or (new and command in FIXED_MOVES):
                    self._unlike.move(item, command, new or list(move.from_))
                elif new:
                    found.append(
                        with_value(
                            item,
                            command=item.made("command", value=command),
                            outcome=item.made("outcome", value=outcome),
                            **{"from": item.made("from", value=new)},
                        )
                    )
        return listed(ours, found)


def _ways(form: ProcedureForm) -> Iterator[tuple[tuple[str, str, str], str | None]]:
    for move in form.moves:
        for way in product(move.command, move.outcome, move.from_):
            yield way, move.to


def _keys(side: Side) -> list[str]:
    return list(cast("Mapping[str, object]", side.data))


def _key(item: Side, keys: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(str(item.child(key).data) for key in keys)


def _ours(ours: Side, theirs: Side) -> Side:  # noqa: ARG001 - as the others
    return ours


def _name(ours: Side, theirs: Side) -> Side:
    one, two = (cast("Mapping[str, str]", side.data) for side in (ours, theirs))
    return with_value(
        ours, **{name: ours.made(name, value=one[name] + AND + two[name]) for name in ("zh", "en")}
    )


def _role(ours: Side, theirs: Side) -> Side:
    single = child(theirs, "single")
    return with_value(ours, single=single) if single is not None and single.data else ours


def _separation(ours: Side, theirs: Side) -> Side:
    found = ours
    for name in ("not_by", "not_of", "not_lent_to", "not_appointed_by"):
        mine, other = child(ours, name), child(theirs, name)
        if other is not None:
            found = with_value(found, **{name: other if mine is None else union(mine, other)})
    lent = child(theirs, "not_lent")
    return with_value(found, not_lent=lent) if lent is not None and lent.data else found


def _taking(side: Side, source: Side, names: tuple[str, ...]) -> Side:
    """The side with some of its fields as the source has them, left out where it has none."""
    for name in names:
        told = child(source, name)
        side = absent(side, name) if told is None else with_value(side, **{name: told})
    return side


def _required(ours: Side, theirs: Side) -> Side:
    """When one of the two asks for the step."""
    parts: list[Side] = []
    for side in (ours.child("required_when"), theirs.child("required_when")):
        wider = isinstance(side.data, dict) and set(side.data) == {"any"}
        for part in side.child("any").items() if wider else [side]:
            if part.data == "always":
                return part
            if part.data != "never" and part.data not in [each.data for each in parts]:
                parts.append(part)
    if not parts:
        return ours.child("required_when")
    if len(parts) == 1:
        return parts[0]
    whole = ours.child("required_when")
    return gather(whole, {"any": listed(whole, parts)})


def _questions(predicate: object) -> Iterator[str]:
    """The questions that a well-formed predicate asks."""
    if isinstance(predicate, dict):
        if "question" in predicate:
            yield predicate["question"]
        for parts in predicate.values():
            yield from _questions(parts)
    elif isinstance(predicate, list):
        for part in predicate:
            yield from _questions(part)
