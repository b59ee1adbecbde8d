"""Procedures of made-up kinds, and a search over whole numbers that knows nothing of the program.

A step is done at once, or lasts a period from its beginning, or is an event that a period must lie
before.  The search holds a step as plain numbers and a day as its place in a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from random import Random
from typing import Any, Final

from procedures.dates import load_days
from procedures.kinds.base import Kind, accept, at_once, not_firm, satisfied, underway
from tests.unit.builders import counting, procedure
from workflow.calendar import Unit
from workflow.definition import Citation, Condition, Floor, Gate, Lapse, Move, Procedure, Rule, Step
from workflow.facts import Facts, Record
from workflow.guards import Lens
from workflow.ports import Act, Assessment, Course, StepPayload, View, Wait

FIRST: Final = date(2025, 1, 1)
GATES: Final = (Gate.START, Gate.REVIEW, Gate.AGENDA)
REVIEW: Final = "review"
CITE: Final = (Citation("order_713", "1"),)
WORKED: Final = ("drafting", "awaiting_review", "under_review", "review_passed")

# --- the kinds, as the program knows them ---------------------------------------------------------


def _ended(view: View) -> Assessment:
    last = view.facts.last(_last(view.step), step=view.step)
    return underway() if last is None else satisfied(last.filed_on)


def _last(step: Step) -> str:
    return tuple(step.acts)[-1]


def _lasting(view: View, start: date) -> Course:
    rule, (begin, *_, end) = view.step.rules["time"], tuple(view.step.acts)
    begun = view.facts.last(begin, step=view.step)
    since = start if begun is None else begun.filed_on
    until, unsure = view.counting.end(rule, since, view.pauses)
    wait = Wait(rule, begin, since, end, until)
    return Course(max(start, until), unsure, (wait,) if until > view.today else ())


def _event(view: View, start: date) -> Course:
    rule, (announce, hold) = view.step.rules["before"], tuple(view.step.acts)
    announced = view.facts.last(announce, step=view.step)
    if announced is None:
        day = view.counting.soonest((rule,), start)
        wait = Wait(rule, announce, start, hold, day, backward=True)
        return Course(day, not_firm(view, day), (wait,))
    return at_once(view, max(start, announced.day("day")))


_DONE: Final = Act(StepPayload, accept)
EARLY: Final = "early_"


def _kinds(prefix: str) -> tuple[Kind, ...]:
    """The kinds whose acts have a place of their own among the stages."""

    def acts(*names: str) -> dict[str, Act[Any]]:
        return {f"{prefix}{name}": _DONE for name in names}

    return (
        Kind(f"{prefix}instant", acts("do"), {}, _ended),
        Kind(f"{prefix}lasting", acts("begin", "end"), {}, _ended, _lasting),
        Kind(f"{prefix}event", acts("announce", "hold"), {}, _ended, _event),
    )


_REVIEWING: Final = Kind(
    "reviewing",
    {
        "submit_for_review": Act(StepPayload, accept, gate=Gate.REVIEW),
        "give_review_verdict": _DONE,
    },
    {},
    _ended,
    _lasting,
)
KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind for kind in (*_kinds(""), *_kinds(EARLY), _REVIEWING)
}

# --- the same as plain numbers --------------------------------------------------------------------


@dataclass
class Piece:
    """A step of the search: how long what takes, what it follows, how far it is (days as places).

    `early`: it may be worked on before the decision to start.
    """

    name: str
    kind: str
    gate: int
    after: tuple[str, ...]
    amount: int = 0
    working: bool = False
    clear: bool = False
    paused: bool = False
    early: bool = False
    begun: int | None = None
    named: int | None = None
    closed: int | None = None
    not_before: int = 0


@dataclass
class Puzzle:
    """A case for both sides; `notice` are amount, working days and clear days of the agenda's."""

    today: int
    started: bool
    pieces: list[Piece]
    notice: tuple[int, bool, bool]
    pauses: list[tuple[int, int]] = field(default_factory=list)


@cache
def works() -> list[bool]:
    table = load_days()
    return [table.day(FIRST + timedelta(days=place)).working for place in range(5 * 365)]


def ahead(piece: Piece, start: int, pauses: list[tuple[int, int]]) -> int:
    """The place on which a period from `start` is over."""
    stopped = {day for a, b in pauses for day in range(a, b)} if piece.paused else set()
    place, left, work = start, piece.amount, works()
    while left:
        place += 1
        left -= place not in stopped and (work[place] or not piece.working)
    while not work[place] or place in stopped:
        place += 1
    return place


def back(amount: int, working: bool, clear: bool, event: int) -> int:
    """The last place for what must come a period before an event."""
    place, left, work = event, amount, works()
    while left:
        place -= 1
        left -= work[place] or not working
    place -= clear
    while not work[place]:
        place -= 1
    return place


def solve(puzzle: Puzzle) -> tuple[int, int, dict[str, int]]:
    """Walk from today and do what may be done: gate, meeting, and when each step was closed."""
    pieces = {piece.name: replace(piece) for piece in puzzle.pieces}
    started, day = puzzle.started, puzzle.today
    while True:
        moved = True
        while moved:
            moved = False
            for piece in pieces.values():
                moved |= _work(pieces, piece, day, puzzle, started=started)
            if not started and all(p.closed is not None for p in pieces.values() if p.gate == 0):
                started = moved = True
        if started and all(piece.closed is not None for piece in pieces.values()):
            break
        day += 1
        assert day < puzzle.today + 700, puzzle
    meeting = day
    while back(*puzzle.notice, meeting) < day:
        meeting += 1
    return day, meeting, {piece.name: piece.closed or 0 for piece in pieces.values()}


def _work(
    pieces: dict[str, Piece], piece: Piece, day: int, puzzle: Puzzle, *, started: bool
) -> bool:
    """Do whatever today allows on a step; whether anything was done."""
    early = piece.early or started
    due = piece.closed is None and day >= piece.not_before and early
    if not due or any(pieces[name].closed is None for name in piece.after):
        return False
    if piece.kind == "instant":
        piece.closed = day
        return True
    if piece.kind == "event":
        if piece.named is None:
            piece.named = day
            while back(piece.amount, piece.working, piece.clear, piece.named) < day:
                piece.named += 1
        over = piece.named
    else:
        if piece.begun is None:
            gated = piece.kind == "reviewing"
            if gated and any(p.closed is None for p in pieces.values() if p.gate < 2):
                return False
            piece.begun = day
        over = ahead(piece, piece.begun, puzzle.pauses)
    if day >= over:
        piece.closed = day
    return day >= over


# --- from numbers to what the program knows -------------------------------------------------------


def place(day: date) -> int:
    return (day - FIRST).days


def day_of(place_: int) -> date:
    return FIRST + timedelta(days=place_)


def puzzle(rng: Random) -> Puzzle:
    """A random case, around the festivals of 2026 more often than not."""
    anchors = ("2025-12-25", "2026-02-05", "2026-04-25", "2026-06-10", "2026-09-20")
    today = place(date.fromisoformat(rng.choice(anchors))) + rng.randint(-20, 20)
    started = rng.random() < 0.7
    pieces: list[Piece] = []
    for number in range(rng.randint(0, 8)):
        gate = rng.choice((1, 1, 1, 1, 2) if started else (0, 1, 1, 2))
        earlier = [piece.name for piece in pieces if piece.gate <= gate]
        piece = Piece(
            f"step{number}",
            rng.choice(("instant", "lasting", "lasting", "event")),
            gate,
            tuple(rng.sample(earlier, min(len(earlier), rng.choice((0, 0, 1, 2))))),
            *_period(rng),
            early=gate == 0 or rng.random() < 0.1,
        )
        pieces.append(piece)
    review = Piece(REVIEW, "reviewing", 2, (), *_period(rng))
    before = [piece.name for piece in pieces if piece.gate < 2]
    review.after = tuple(rng.sample(before, rng.randint(0, len(before))))
    found = Puzzle(today, started, [*pieces, review], (rng.randint(0, 4), *_flags(rng)))
    _live(rng, found)
    return found


def _period(rng: Random) -> tuple[int, bool, bool, bool]:
    working, clear = _flags(rng)
    return rng.randint(0, 15 if working else 30), working, clear, rng.random() < 0.5


def _flags(rng: Random) -> tuple[bool, bool]:
    return rng.random() < 0.5, rng.random() < 0.5


def _live(rng: Random, puzzle_: Puzzle) -> None:
    """What may have been done before today, and the pauses of that time."""
    if not puzzle_.started:
        return
    since = puzzle_.today - rng.randint(0, 30)
    day, done = since, {piece.name: piece for piece in puzzle_.pieces}
    while day < puzzle_.today and rng.random() < 0.9:
        for piece in puzzle_.pieces:
            if rng.random() < 0.4:
                _work(done, piece, day, puzzle_, started=True)
        day += rng.choice((0, 1, 3, 7))
    if rng.random() < 0.3:
        # After the last act, so that nothing that was done was done in a pause.
        first = rng.randint(min(day, puzzle_.today), puzzle_.today)
        puzzle_.pauses.append((first, rng.randint(first, puzzle_.today)))


def posed(puzzle_: Puzzle) -> tuple[Lens, Facts]:
    """The case as the program would find it."""
    base = procedure()
    steps = {piece.name: _step(piece) for piece in puzzle_.pieces}
    amount, working, clear = puzzle_.notice
    notice = replace(
        base.rules["agenda.notice"],
        value=amount,
        unit=Unit.WORKING_DAYS if working else Unit.CALENDAR_DAYS,
        counting="reverse_clear_days" if clear else "reverse_days",
    )
    rules: Procedure = replace(
        base,
        steps=steps,
        rules={**base.rules, "agenda.notice": notice},
        moves=(*_without_steps(base), *_moves()),
    )
    records = _records(puzzle_)
    submitted = any(record.command == "submit_for_review" for record in records)
    passed = any(record.command == "give_review_verdict" for record in records)
    stage = "review_passed" if passed else "under_review" if submitted else "drafting"
    facts = Facts(
        number="2026-1",
        title="题目",
        stage=stage if puzzle_.started else "proposed",
        version=1,
        lead_unit="planning_construction",
        records=records,
    )
    return Lens(rules, KINDS, counting(), day_of(puzzle_.today)), facts


def _step(piece: Piece) -> Step:
    backward = piece.kind == "event"
    unit = Unit.WORKING_DAYS if piece.working else Unit.CALENDAR_DAYS
    forward = "period_working_days" if piece.working else "period_days"
    reverse = "reverse_clear_days" if piece.clear else "reverse_days"
    rule = Rule(
        id="before" if backward else "time",
        citations=CITE,
        value=piece.amount,
        unit=unit,
        floor=Floor.HARD,
        counting=reverse if backward else forward,
        paused=piece.paused,
    )
    return Step(
        id=piece.name,
        kind=_kind(piece),
        name=procedure().name,
        citations=CITE,
        required_when=Condition("always"),
        after=piece.after,
        before=GATES[piece.gate],
        rules={rule.id: rule},
        acts=dict.fromkeys(KINDS[_kind(piece)].acts, ()),
        waivable=None,
        lapses_on=Lapse.NEVER,
    )


def _without_steps(base: Procedure) -> tuple[Move, ...]:
    acts = {act for step in base.steps.values() for act in step.acts}
    return tuple(move for move in base.moves if move.command not in acts)


def _kind(piece: Piece) -> str:
    return f"{EARLY}{piece.kind}" if piece.early else piece.kind


def _moves() -> tuple[Move, ...]:
    """Every act wherever it may be; the review as it always goes."""
    free = {act for kind in KINDS.values() for act in kind.acts if kind is not _REVIEWING}
    found = [
        Move(act, "", ("proposed", *WORKED) if act.startswith(EARLY) else WORKED, None)
        for act in sorted(free)
    ]
    found.append(Move("submit_for_review", "", ("drafting",), "under_review"))
    found.append(Move("give_review_verdict", "", ("under_review",), "review_passed"))
    return tuple(found)


def _records(puzzle_: Puzzle) -> tuple[Record, ...]:
    acts: list[tuple[int, str, str | None, dict[str, Any]]] = []
    for piece in puzzle_.pieces:
        *first, last = KINDS[_kind(piece)].acts
        if piece.begun is not None:
            acts.append((piece.begun, first[0], piece.name, {}))
        if piece.kind == "event" and piece.named is not None:
            acts.append((0, first[0], piece.name, {"day": day_of(piece.named).isoformat()}))
        if piece.closed is not None:
            acts.append((piece.closed, last, piece.name, {}))
    for first_day, resumed in puzzle_.pauses:
        acts += [(first_day, "pause", None, {}), (resumed, "resume", None, {})]
    return tuple(
        Record(number, command, step, "", "a", None, "u", "r", kept, 0, day_of(day))
        for number, (day, command, step, kept) in enumerate(acts, 1)
    )
