"""Random matters under variants of the shipped definitions, at random points of their way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any, Final

from procedures.kinds import KINDS
from tests.unit.builders import COUNSEL, procedure
from tests.unit.plan_search import METHODS, REVIEW, Walker
from workflow.calendar import Unit
from workflow.definition import Answer, Floor, Gate, Lapse, Nature, Procedure, Rule, Step
from workflow.guards import REACH

#: Days before festivals with make-up workdays, and the year's turn.
TURNS: Final = tuple(
    map(
        date.fromisoformat,
        (
            "2025-12-20",
            "2026-01-25",
            "2026-02-01",
            "2026-02-10",
            "2026-04-20",
            "2026-08-20",
            "2026-09-10",
            "2026-09-28",
            "2026-11-20",
        ),
    )
)
UNTRIED: Final = ("release_expert", "publish_draw", "draw_experts")
REVISIONS: Final = (Nature.EDITORIAL, Nature.SUBSTANTIVE)
GAPS: Final = (1, 1, 2, 3, 5, 9, 15, 25)
MOVED: Final = (
    "department_consultation",
    "open_call",
    "hearing",
    "risk_assessment",
    "fair_competition",
    "budget",
)


def variant(rng: Random) -> Procedure:
    """A shipped definition with other periods, another order and other gates."""
    found = procedure(rng.choice(("jiyuan_htz", "jiyuan_htz", "order_713")))
    steps = dict(found.steps)
    for name, step in found.steps.items():
        periods = {id_: _period(rng, rule) for id_, rule in step.rules.items()}
        steps[name] = replace(steps[name], rules=periods)
        if name in MOVED and rng.random() < 0.2:
            gate = rng.choice((Gate.REVIEW, Gate.AGENDA))
            steps[name] = replace(steps[name], before=gate)
            if gate is Gate.AGENDA:
                after = tuple(other for other in steps[REVIEW].after if other != name)
                steps[REVIEW] = replace(steps[REVIEW], after=after)
        if name in ("research", "risk_assessment") and rng.random() < 0.2:
            steps[name] = replace(steps[name], lapses_on=Lapse.SUBSTANTIVE)
    if rng.random() < 0.5:
        steps = _reordered(rng, steps)
    rules = {**found.rules, "agenda.notice": _notice(rng, found.rules["agenda.notice"])}
    return replace(found, steps=steps, rules=rules)


def _period(rng: Random, rule: Rule) -> Rule:
    """Another period in the place of one; of other rules the same."""
    if rule.unit is None or rule.counting is None or rng.random() < 0.3:
        return rule
    most = 20 if rule.counting.startswith("reverse") else 35
    changed = replace(
        _counted(rng, rule, most), floor=rng.choice(tuple(Floor)), paused=rng.random() < 0.5
    )
    if rng.random() < 0.15:
        return replace(changed, also=(replace(_counted(rng, rule, 15), floor=changed.floor),))
    return changed


def _counted(rng: Random, rule: Rule, most: int) -> Rule:
    """The rule with another number, in another unit, counted in another way."""
    back = rule.counting is not None and rule.counting.startswith("reverse")
    unit = rng.choice((Unit.CALENDAR_DAYS, Unit.WORKING_DAYS))
    ahead = "period_working_days" if unit is Unit.WORKING_DAYS else "period_days"
    return replace(
        rule,
        value=rng.randint(1, most // (1 + (unit is Unit.WORKING_DAYS))),
        unit=unit,
        counting=rng.choice(("reverse_days", "reverse_clear_days")) if back else ahead,
    )


def _notice(rng: Random, rule: Rule) -> Rule:
    return replace(_counted(rng, rule, 2), value=rng.randint(0, 5))


def _reordered(rng: Random, steps: dict[str, Step]) -> dict[str, Step]:
    """A few more links, each to a step that is listed before."""
    names = [step.id for step in steps.values() if step.before in REACH[Gate.AGENDA]]
    names.remove(REVIEW)
    for place, name in enumerate(names[1:], 1):
        if rng.random() < 0.25:
            other = rng.choice(names[:place])
            after = dict.fromkeys((*steps[name].after, other))
            steps[name] = replace(steps[name], after=tuple(after))
    if rng.random() < 0.3:
        kept = tuple(name for name in steps[REVIEW].after if rng.random() < 0.5)
        steps[REVIEW] = replace(steps[REVIEW], after=kept)
    return steps


def answers(rng: Random, rules: Procedure) -> dict[str, Answer]:
    """An answer to every question."""
    found: dict[str, Answer] = {}
    for question in rules.questions.values():
        if question.kind == "yes_no":
            found[question.id] = rng.random() < 0.55
        else:
            found[question.id] = rng.choice(question.choices)
    return found


def life(rng: Random) -> Walker:
    """A matter that has lived for a while, done and undone things, and was not tabled."""
    rules = variant(rng)
    day = rng.choice(TURNS) + timedelta(days=rng.randint(0, 25))
    found = Walker(rules, answers(rng, rules), day, kinds=KINDS)
    for _ in range(rng.choice((0, 0, 5, 12, 25, 45, 60))):
        found.do_what_may_be_done()
        found.next_day()
    for _ in range(rng.choice((0, 8, 16, 30))):
        if rng.random() < 0.25:
            found = found.copy(today=found.today + timedelta(days=rng.choice(GAPS)))
        _something(rng, found)
    later = found.today + timedelta(days=rng.choice((0, 0, 0, 1, 1, 2, 4, 8)))
    return found.copy(today=later, answers=_corrected(rng, found.answers))


def _corrected(rng: Random, given: Mapping[str, Answer]) -> Mapping[str, Answer]:
    """The answers, one of which may have turned out to be wrong."""
    wrong = [name for name, answer in given.items() if isinstance(answer, bool)]
    if rng.random() < 0.85:
        return given
    name = rng.choice(wrong)
    return {**given, name: not given[name]}


def _something(rng: Random, matter: Walker) -> None:
    """One thing that somebody might do, or might try to."""
    review = matter.rules.steps[REVIEW]
    open_ = [step for step in matter.open_steps() if step.id != REVIEW]
    if matter.paused_since is not None:
        if rng.random() < 0.4:
            matter.core("resume")
        return
    things: list[tuple[int, Callable[[], object]]] = [
        (3, lambda: matter.core("pause")),
        (3, lambda: _approve(matter, review)),
        (3, lambda: matter.act(review, "return_papers")),
        (10, lambda: _review(rng, matter, review)),
        (40, lambda: _go_on(rng, matter, open_, review)),
    ]
    if matter.facts.draft is not None:
        things.append((4, lambda: matter.revise(rng.choice(REVISIONS))))
    if open_:
        things.append((3, lambda: _waive(rng, matter, rng.choice(open_))))
        things.append((34, lambda: _some_of(rng, matter, rng.choice(open_))))
    weights, acts = zip(*things, strict=True)
    rng.choices(acts, weights)[0]()


def _go_on(rng: Random, matter: Walker, open_: list[Step], review: Step) -> None:
    """What comes next, for the most part."""
    matter.core("start")
    if matter.lead_unit is None:
        matter.core("assign")
    if matter.facts.draft is None:
        matter.revise(Nature.FIRST)
    elif open_:
        matter.work(rng.choice(open_))
    else:
        _review(rng, matter, review)


def _approve(matter: Walker, step: Step) -> None:
    rule = step.rules["review_time"]
    if rule.floor is Floor.SOFT and rule.override:
        matter.core("approve_override", "", step.id, rule=rule.id)


def _waive(rng: Random, matter: Walker, step: Step) -> None:
    if step.waivable is not None and not matter.facts.begun(step):
        matter.core("rule_waiver", "", step.id, approved=rng.random() < 0.7)


def _some_of(rng: Random, matter: Walker, step: Step) -> None:
    """A single act of a step, with days of its own where it names them."""
    command = rng.choice(tuple(matter.kinds[step.kind].acts))
    later = matter.today + timedelta(days=rng.randint(0, 60))
    named = {"publish_open_call": "closes_on", "publish_hearing_notice": "held_on"}
    changes: dict[str, Any] = {}
    if command in named:
        changes[named[command]] = later.isoformat()
    if command == "file_fair_competition_review" and rng.random() < 0.5:
        grounds = {"ground": "例外", "nothing_less_harmful": "别无他法"}
        changes |= {
            "conclusion": "exception",
            "exception": {**grounds, "ends_on": later.isoformat()},
        }
    if command == "file_participation_plan":
        changes["methods"] = list(rng.choice(METHODS))
    if command not in UNTRIED:
        matter.act(step, command, **changes)


def _review(rng: Random, matter: Walker, review: Step) -> None:
    if matter.stage != "under_review" or rng.random() < 0.5:
        matter.bring_through_review(review)
        return
    matter.act(review, "record_counsel_opinion", COUNSEL)
    verdict = rng.choice(("unlawful", "lawful_with_changes", "lawful"))
    changes: dict[str, Any] = {}
    if verdict == "lawful_with_changes":
        changes["changes"] = ["删去第二条"]
    matter.act(review, "give_review_verdict", verdict=verdict, **changes)
