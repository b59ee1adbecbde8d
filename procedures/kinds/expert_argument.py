"""Expert argument (专家论证): experts chosen or drawn, interests declared, opinions signed.

An expert speaks in person, so everybody asked has an account in the expert pool; where the rule
`pool` is there, it is cited for that.  Once a draw was published, or where the rule `draw` is
there, nobody is chosen but by the draw.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt

from procedures.draw import LEAST_DIGITS, digits_of, drawn_order
from procedures.kinds.base import Kind, not_ahead, not_firm, pending, satisfied, underway
from procedures.opinions import own_words
from procedures.panel import OF_PANEL, Panel, interested, panel_of, plain
from workflow.definition import Step
from workflow.facts import Facts, Record
from workflow.guards import day_after
from workflow.idle import Told
from workflow.ports import (
    Act,
    Assessment,
    Course,
    Payload,
    RuleShape,
    Ruling,
    StepPayload,
    View,
    Wait,
)
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose
from workflow.ties import Party, Side, Tie

CHOOSE, RELEASE, DECLARE = "choose_experts", "release_expert", "declare_interest"
OPINE, PUBLISH, DRAW = "file_expert_opinion", "publish_draw", "draw_experts"


class Expert(Payload):
    """An expert by account, with the field he or she speaks for and the place of work.

    `sector` marks somebody from a government department of the field or from a side.
    """

    expert: Name
    field: Line
    employer: Line
    sector: StrictBool = False


class ExpertChoice(StepPayload):
    """Who was asked, and how they were chosen. A new choice adds to the earlier ones."""

    experts: Annotated[tuple[Expert, ...], Field(min_length=1)]
    method: Prose
    dissent_sought: Prose


class DrawNotice(StepPayload):
    """What is fixed before the draw: who may be drawn, how many, and where the seed will stand.

    `seed_source` is public (a lottery, a closing index) and gives the seed on `seed_on`, a later
    day, as a number of `seed_digits` digits.  `instead` says why an earlier draw does not stand.
    """

    experts: Annotated[tuple[Expert, ...], Field(min_length=1)]
    places: Annotated[StrictInt, Field(ge=1)]
    seed_source: Line
    seed_on: Day
    seed_digits: Annotated[StrictInt, Field(ge=LEAST_DIGITS)]
    dissent_sought: Prose
    instead: Prose | None = None


class Draw(StepPayload):
    """The seed of the announced day as it was seen at its source; only its digits count."""

    seed: Line
    observed_at: Line
    observed_on: Day


class ExpertRelease(StepPayload):
    """An expert who was chosen cannot or will not give an opinion, and why."""

    expert: Name
    reasons: Told


class Declaration(StepPayload):
    """An expert's own word on interests in the matter, and the pledge of secrecy."""

    expert: Name
    direct_interest: StrictBool
    relations: Prose
    secrecy_pledged: StrictBool


class ExpertOpinion(StepPayload):
    """A written opinion, signed or sealed."""

    expert: Name
    conclusion: Literal["supports", "supports_with_changes", "opposes"]
    opinion: Prose
    signed: StrictBool
    signed_on: Day


def judge_choice(view: View, choice: ExpertChoice) -> Ruling:
    """Refuse the same expert twice, one who is none or is tied to a side, and who was not drawn."""
    found = _unfit(view, choice.experts)
    if view.step.rules.get("draw") is not None or _notice(view) is not None:
        drawn = _panel(view).drawn
        others = tuple(each.expert for each in choice.experts if each.expert not in drawn)
        if others:
            rule = "draw" if "draw" in view.step.rules else ""
            found += (view.unmet("not_drawn", rule, PUBLISH, experts=others),)
    return Ruling(found, expects={OPINE: tuple(each.expert for each in choice.experts)})


def judge_notice(view: View, notice: DrawNotice) -> Ruling:
    """Refuse a draw whose seed can be known, that has no choice, or that follows another.

    Until its seed is known a draw is replaced with reasons; from that day on, or once it was held,
    only by somebody outside the units of the matter.
    """
    found = _unfit(view, notice.experts)
    if notice.seed_on <= view.today:
        found += (view.unmet("seed_known", seed_on=notice.seed_on),)
    if notice.places >= len(notice.experts):
        found += (view.unmet("draw_of_all", places=notice.places, given=len(notice.experts)),)
    earlier = _notice(view)
    if earlier is not None and notice.instead is None:
        # Or one would publish until the lot suits.
        found += (view.unmet("draw_published", "", PUBLISH),)
    if earlier is not None and earlier.day("seed_on") <= view.today and not _outside(view):
        found += (view.unmet("draw_stands", "", PUBLISH, seed_on=earlier.day("seed_on")),)
    return Ruling(found)


def judge_draw(view: View, draw: Draw) -> Ruling:
    """Refuse a draw that was not published, is not due or was held; else say whom it gave.

    Whoever left the pool by the announced day is not drawn; where that leaves no choice, the draw
    is published anew.
    """
    found = not_ahead(view, draw.observed_on)
    notice = _notice(view)
    if notice is None:
        return Ruling((*found, view.unmet("draw_not_published", "", PUBLISH)))
    if any(record.position > notice.position for record in view.facts.of(DRAW, step=view.step)):
        found += (view.unmet("draw_held"),)
    announced = notice.day("seed_on")
    if draw.observed_on < announced:
        found += (view.unmet("seed_not_due", "", DRAW, seed_on=announced),)
    if draw.observed_on > announced:
        # Or one would wait for a day that suits.
        found += (view.unmet("seed_of_another_day", "", DRAW, seed_on=announced),)
    wanted, given = notice.payload.get("seed_digits"), digits_of(draw.seed)
    if not given or wanted not in (None, len(given)):
        found += (view.unmet("seed_form", "", DRAW, wanted=wanted or 1, given=len(given)),)
    named = tuple(str(each["expert"]) for each in notice.items("experts"))
    # Who left afterwards is drawn and released; or one could be dropped because of the number.
    there = view.served(DECLARE, announced)
    left = tuple(name for name in named if name not in there)
    places = int(notice.text("places"))
    if left and len(named) - len(left) <= places:
        found += (view.unmet("left_pool", "", PUBLISH, experts=left, places=places),)
    order = drawn_order(draw.seed, view.facts.number, (name for name in named if name in there))
    extra: dict[str, object] = {"order": list(order), "places": places}
    if left:
        extra["left"] = list(left)
    return Ruling(found, extra=extra, expects={OPINE: order[:places]})


def judge_release(view: View, release: ExpertRelease) -> Ruling:
    """Refuse to let go of an expert who was not chosen, who has given an opinion, or who is bound.

    Bound is who was drawn or declared no interest, and is in the pool still: such a one leaves by
    his or her own act or by that of somebody outside the units of the matter.
    """
    found: tuple[Unmet, ...] = ()
    panel, declared = _panel(view), _declared(view).get(release.expert)
    if view.actor != release.expert and view.actor in view.able(DECLARE):
        # An expert speaks for nobody else.
        found += (view.unmet("not_in_person", "no_interest", RELEASE, expert=release.expert),)
    bound = release.expert in panel.drawn if declared is None else not interested(declared)
    leaves = view.actor == release.expert or release.expert not in view.able(DECLARE)
    given = view.facts.of(OPINE, step=view.step)
    if any(record.text("expert") == release.expert for record in given):
        # Or a dissenter could be made to disappear.
        found += (view.unmet("opinion_given", "signed", expert=release.expert),)
    elif bound and not leaves and not _outside(view):
        # Or one could be sent away before the opinion is signed.
        found += (view.unmet("released_by_side", "employers", RELEASE, expert=release.expert),)
    if release.expert not in panel.chosen:
        found += (view.unmet("not_among_chosen", expert=release.expert),)
    return Ruling(found, warnings=_short_without(view, release.expert))


def judge_declaration(view: View, declaration: Declaration) -> Ruling:
    """Refuse a declaration for somebody else, by somebody not chosen, or without the pledge."""
    found = _own_and_chosen(view, declaration.expert)
    if not declaration.secrecy_pledged:
        found += (view.unmet("no_pledge", "secrecy", DECLARE, expert=declaration.expert),)
    if not declaration.direct_interest:
        return Ruling(found)
    return Ruling(found, warnings=_short_without(view, declaration.expert))


def judge_opinion(view: View, opinion: ExpertOpinion) -> Ruling:
    """Refuse the opinion of who has an interest or a tie, has declared none, or did not sign."""
    found = _own_and_chosen(view, opinion.expert) + not_ahead(view, opinion.signed_on)
    found += _tied(view, {opinion.expert: _panel(view).employers.get(opinion.expert, "")})
    declared = _declared(view).get(opinion.expert)
    if declared is None:
        found += (view.unmet("not_declared", "no_interest", DECLARE, expert=opinion.expert),)
    if opinion.expert not in view.served(OPINE, opinion.signed_on):
        found += (
            view.unmet(
                "signed_outside_pool",
                "signed",
                OPINE,
                expert=opinion.expert,
                signed_on=opinion.signed_on,
            ),
        )
    if declared is not None and interested(declared):
        found += (
            view.unmet(
                "direct_interest",
                "no_interest",
                expert=opinion.expert,
                relations=declared.text("relations"),
            ),
        )
    if not opinion.signed:
        found += (view.unmet("unsigned", "signed", OPINE, expert=opinion.expert),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until enough chosen experts without interest have given a signed opinion."""
    panel, notice = _panel(view), _notice(view)
    if not panel.chosen and notice is None:
        return pending(view.unmet("not_chosen"))
    declared = _declared(view)
    free = {expert for expert, record in declared.items() if not interested(record)}
    opinions = [
        record for record in view.facts.of(OPINE, step=view.step) if record.text("expert") in free
    ]
    given = {record.text("expert") for record in opinions}
    found: list[Unmet] = []
    if notice is not None and not panel.held:
        found.append(view.unmet("draw_owed", "", DRAW, seed_on=notice.day("seed_on")))
    undeclared = tuple(name for name in panel.chosen if name not in declared)
    if undeclared:
        found.append(view.unmet("declarations_missing", "no_interest", DECLARE, experts=undeclared))
    wanted, rule = _wanted(view)
    if len(given) < wanted:
        found.append(view.unmet("too_few_opinions", rule, wanted=wanted, given=len(given)))
    silent = tuple(name for name in panel.chosen if name in free and name not in given)
    if silent:
        # A dissenter must not be lost by never being waited for.
        found.append(view.unmet("opinions_missing", "signed", OPINE, experts=silent))
    # Whoever counts or is waited for: how they are mixed shows before the opinions are in.
    found += _mixed(view, panel, {*given, *silent, *undeclared})
    if found:
        return underway(*found)
    return satisfied(max(record.filed_on for record in opinions))


def soonest(view: View, start: date) -> Course:
    """The seed of a draw is known on a later day than its publication; nothing else takes time."""
    rule, notice = view.step.rules.get("draw"), _notice(view)
    if _panel(view).held or (rule is None and notice is None):
        return Course(start, not_firm(view, start))
    until = max(start, notice.day("seed_on")) if notice else day_after(start)
    waits = () if rule is None else (Wait(rule, PUBLISH, start, DRAW, until, notice is not None),)
    return Course(until, not_firm(view, until), waits)


# --- who is asked ---------------------------------------------------------------------------------


def _panel(view: View) -> Panel:
    return panel_of(view.facts.of(CHOOSE, RELEASE, DECLARE, PUBLISH, DRAW, step=view.step))


def calls(facts: Facts, step: Step) -> Iterator[Party]:
    """The experts chosen and not released: no new text takes back that they were asked."""
    filed = (each for each in facts.of(*OF_PANEL) if each.step == step.id)
    for expert in panel_of(filed).chosen:
        yield Party(Side.PERSON, expert, Tie.ASKED)


def silent(facts: Facts, step: Step) -> Mapping[str, tuple[str, ...]]:
    """The experts who were chosen, have declared no interest and given no opinion."""
    given = {each.text("expert") for each in facts.of(OPINE) if each.step == step.id}
    declared = {
        each.text("expert")
        for each in facts.of(DECLARE)
        if each.step == step.id and interested(each)
    }
    filed = (each for each in facts.of(*OF_PANEL) if each.step == step.id)
    owing = tuple(name for name in panel_of(filed).chosen if name not in given | declared)
    return {OPINE: owing} if owing else {}


def _notice(view: View) -> Record | None:
    """The newest notice of a draw."""
    return view.facts.last(PUBLISH, step=view.step)


def _wanted(view: View) -> tuple[int, str]:
    """How many opinions are wanted, and the rule that says so: more where a matter is complex."""
    least, more = view.step.rules["minimum"].value or 0, view.step.rules.get("minimum_complex")
    if more is not None and any(view.facts.answers.get(name) is True for name in more.choices):
        return max(least, more.value or 0), "minimum_complex"
    return least, "minimum"


def _short_without(view: View, expert: str) -> tuple[Unmet, ...]:
    """Says at once that too few can give an opinion, when one falls out and nobody follows."""
    panel, declared = _panel(view), _declared(view)
    panel.replaced(expert)
    free = {
        name
        for name in panel.chosen
        if name != expert and (name not in declared or not interested(declared[name]))
    }
    wanted, rule = _wanted(view)
    if len(free) >= wanted:
        return ()
    return (view.unmet("too_few_left", rule, wanted=wanted, given=len(free)),)


def _mixed(view: View, panel: Panel, experts: Collection[str]) -> list[Unmet]:
    """What is wrong with the panel as a whole: all from one place, even, too many of a sector."""
    rules, found = view.step.rules, list[Unmet]()
    wanted = rules["employers"].value or 0
    employers = {plain(panel.employers[name]) for name in experts if name in panel.employers}
    if experts and len(employers) < wanted:
        found.append(
            view.unmet("too_few_employers", "employers", wanted=wanted, given=len(employers))
        )
    if "odd" in rules and experts and len(experts) % 2 == 0:
        found.append(view.unmet("even_number", "odd", given=len(experts)))
    share = rules["sector_share"].share if "sector_share" in rules else None
    sector = tuple(sorted(panel.sector.intersection(experts)))
    if share is not None and len(sector) > share * len(experts):
        found.append(
            view.unmet(
                "sector_heavy",
                "sector_share",
                experts=sector,
                given=len(experts),
                most=int(share * len(experts)),
            )
        )
    return found


# --- who may be asked -----------------------------------------------------------------------------


def _unfit(view: View, experts: tuple[Expert, ...]) -> tuple[Unmet, ...]:
    """Refuses somebody named twice, given another label, not in the pool, or tied to a side."""
    names = [each.expert for each in experts]
    twice = tuple(sorted({name for name in names if names.count(name) > 1}))
    found: tuple[Unmet, ...] = ()
    if twice:
        found += (view.unmet("named_twice", experts=twice),)
    panel = _panel(view)
    relabelled = tuple(
        each.expert
        for each in experts
        if panel.relabelled(each.expert, each.employer, sector=each.sector)
    )
    if relabelled:
        employers = tuple(panel.employers[name] for name in relabelled)
        found += (view.unmet("relabelled", "employers", experts=relabelled, employers=employers),)
    strangers = tuple(name for name in names if name not in view.able(DECLARE))
    if strangers:
        rule = "pool" if "pool" in view.step.rules else ""
        found += (view.unmet("not_in_pool", rule, experts=strangers),)
    return found + _tied(view, {each.expert: each.employer for each in experts})


def _tied(view: View, employers: dict[str, str]) -> tuple[Unmet, ...]:
    """Refuses who drafted, counsels, holds a post with a side, or works for a unit concerned."""
    facts, found = view.facts, tuple[Unmet, ...]()
    drafters = tuple(name for name in employers if name in facts.doers("draft"))
    if drafters:
        found += (view.unmet("drafted", "no_interest", experts=drafters),)
    counsels = tuple(name for name in employers if name in facts.doers("record_counsel_opinion"))
    if counsels:
        found += (view.unmet("counsels", "no_interest", experts=counsels),)
    sides = _sides(view)
    posted = tuple(name for name in employers if view.posts(name) & sides)
    if posted:
        units = tuple(sorted({unit for name in posted for unit in view.posts(name) & sides}))
        found += (view.unmet("holds_post", "no_interest", experts=posted, units=units),)
    consulted = facts.last("file_consultation")
    concerned = {
        *sides,
        *(str(each["unit"]) for each in (consulted.items("opinions") if consulted else ())),
        *own_words(facts),
    }
    names = {
        plain(word)
        for unit, name in view.units.items()
        if unit in concerned
        for word in (unit, name.zh, name.en)
    }
    employed = tuple(name for name, employer in employers.items() if plain(employer) in names)
    if employed:
        found += (
            view.unmet(
                "employer_concerned",
                "no_interest",
                experts=employed,
                employers=tuple(employers[name] for name in employed),
            ),
        )
    return found


def _sides(view: View) -> set[str]:
    """The units of the matter: those that propose, undertake or share in it."""
    facts = view.facts
    named = (facts.proposing_unit, facts.lead_unit, *facts.co_units)
    return {unit for unit in named if unit}


def _outside(view: View) -> bool:
    """Whether somebody acts in person who holds no post in a unit of the matter."""
    return bool(view.actor) and not view.posts(view.actor) & _sides(view)


def _declared(view: View) -> dict[str, Record]:
    """The declaration that counts for each expert: the newest, or the first one of an interest.

    An interest is final: who has one is replaced, not excused.
    """
    found: dict[str, Record] = {}
    for record in view.facts.of(DECLARE, step=view.step):
        expert = record.text("expert")
        if expert not in found or not interested(found[expert]):
            found[expert] = record
    return found


def _own_and_chosen(view: View, expert: str) -> tuple[Unmet, ...]:
    found: tuple[Unmet, ...] = ()
    if view.actor != expert:
        found += (view.unmet("not_in_person", "no_interest", DECLARE, expert=expert),)
    if expert not in _panel(view).chosen:
        found += (view.unmet("not_among_chosen", expert=expert),)
    return found


KIND = Kind(
    name="expert_argument",
    acts={
        CHOOSE: Act(ExpertChoice, judge_choice),
        RELEASE: Act(ExpertRelease, judge_release),
        PUBLISH: Act(DrawNotice, judge_notice),
        DRAW: Act(Draw, judge_draw),
        DECLARE: Act(Declaration, judge_declaration),
        OPINE: Act(ExpertOpinion, judge_opinion),
    },
    rules={
        "minimum": RuleShape(number=True),
        "minimum_complex": RuleShape(number=True, choices=True, optional=True, questions=True),
        "odd": RuleShape(optional=True),
        "employers": RuleShape(number=True),
        "sector_share": RuleShape(share=True, optional=True),
        "pool": RuleShape(optional=True),
        "draw": RuleShape(optional=True),
        "no_interest": RuleShape(),
        "secrecy": RuleShape(),
        "signed": RuleShape(),
    },
    judge=assess,
    soonest=soonest,
    calls=calls,
    named=silent,
)
