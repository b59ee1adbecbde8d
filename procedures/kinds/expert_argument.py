"""Expert argument (专家论证): experts chosen, their interests declared, their opinions signed."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StrictBool

from procedures.kinds.base import Kind, not_ahead, pending, satisfied, underway
from workflow.facts import Record
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Day, Line, Name, Prose


class Expert(Payload):
    """An expert by account, with the field he or she speaks for and the place of work."""

    expert: Name
    field: Line
    employer: Line


class ExpertChoice(StepPayload):
    """Who was asked, and how they were chosen. A new choice adds to the earlier ones."""

    experts: Annotated[tuple[Expert, ...], Field(min_length=1)]
    method: Prose
    dissent_sought: Prose


class ExpertRelease(StepPayload):
    """An expert who was chosen cannot or will not give an opinion, and why."""

    expert: Name
    reasons: Prose


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
    """Refuse the same expert twice, one who is none, and one who drafted the text."""
    names = [expert.expert for expert in choice.experts]
    twice = tuple(sorted({name for name in names if names.count(name) > 1}))
    found: tuple[Unmet, ...] = ()
    if twice:
        found += (view.unmet("named_twice", experts=twice),)
    strangers = tuple(name for name in names if name not in view.able("declare_interest"))
    if strangers:
        found += (view.unmet("not_in_pool", experts=strangers),)
    drafters = tuple(name for name in names if name in view.facts.doers("draft"))
    if drafters:
        found += (view.unmet("drafted", "no_interest", experts=drafters),)
    return Ruling(found)


def judge_release(view: View, release: ExpertRelease) -> Ruling:
    """Refuse to let go of an expert who was not chosen, or who has given an opinion."""
    found: tuple[Unmet, ...] = ()
    if release.expert not in _chosen(view):
        found += (view.unmet("not_among_chosen", expert=release.expert),)
    given = view.facts.of("file_expert_opinion", step=view.step)
    if any(record.text("expert") == release.expert for record in given):
        # Or a dissenter could be made to disappear.
        found += (view.unmet("opinion_given", "signed", expert=release.expert),)
    return Ruling(found)


def judge_declaration(view: View, declaration: Declaration) -> Ruling:
    """Refuse a declaration for somebody else, by somebody not chosen, or without the pledge."""
    found = _own_and_chosen(view, declaration.expert)
    if not declaration.secrecy_pledged:
        found += (
            view.unmet("no_pledge", "secrecy", "declare_interest", expert=declaration.expert),
        )
    return Ruling(found)


def judge_opinion(view: View, opinion: ExpertOpinion) -> Ruling:
    """Refuse the opinion of an expert who has an interest, has declared none, or did not sign."""
    found = _own_and_chosen(view, opinion.expert) + not_ahead(view, opinion.signed_on)
    declared = _declared(view).get(opinion.expert)
    if declared is None:
        found += (
            view.unmet("not_declared", "no_interest", "declare_interest", expert=opinion.expert),
        )
    elif _interested(declared):
        found += (
            view.unmet(
                "direct_interest",
                "no_interest",
                expert=opinion.expert,
                relations=declared.text("relations"),
            ),
        )
    if not opinion.signed:
        found += (view.unmet("unsigned", "signed", "file_expert_opinion", expert=opinion.expert),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until enough chosen experts without interest have given a signed opinion."""
    chosen = _chosen(view)
    if not chosen:
        return pending(view.unmet("not_chosen"))
    wanted = view.step.rules["minimum"].value or 0
    declared = _declared(view)
    free = {expert for expert, record in declared.items() if not _interested(record)}
    opinions = [
        record
        for record in view.facts.of("file_expert_opinion", step=view.step)
        if record.text("expert") in free
    ]
    given = {record.text("expert") for record in opinions}
    found: list[Unmet] = []
    undeclared = tuple(name for name in chosen if name not in declared)
    if undeclared:
        found.append(
            view.unmet(
                "declarations_missing", "no_interest", "declare_interest", experts=undeclared
            )
        )
    if len(given) < wanted:
        found.append(view.unmet("too_few_opinions", "minimum", wanted=wanted, given=len(given)))
    silent = tuple(name for name in chosen if name in free and name not in given)
    if silent:
        # A dissenter must not be lost by never being waited for.
        found.append(
            view.unmet("opinions_missing", "signed", "file_expert_opinion", experts=silent)
        )
    if found:
        return underway(*found)
    return satisfied(max(record.filed_on for record in opinions))


def _chosen(view: View) -> tuple[str, ...]:
    """Whoever was chosen and not released since, in the order of choice."""
    chosen: dict[str, None] = {}
    for record in view.facts.of("choose_experts", "release_expert", step=view.step):
        if record.command == "release_expert":
            chosen.pop(record.text("expert"), None)
        else:
            chosen |= {str(expert["expert"]): None for expert in record.items("experts")}
    return tuple(chosen)


def _declared(view: View) -> dict[str, Record]:
    """The declaration that counts for each expert: the newest, or the first one of an interest.

    An interest is final: who has one is replaced, not excused.
    """
    found: dict[str, Record] = {}
    for record in view.facts.of("declare_interest", step=view.step):
        expert = record.text("expert")
        if expert not in found or not _interested(found[expert]):
            found[expert] = record
    return found


def _interested(declaration: Record) -> bool:
    return declaration.payload["direct_interest"] is True


def _own_and_chosen(view: View, expert: str) -> tuple[Unmet, ...]:
    found: tuple[Unmet, ...] = ()
    if view.actor != expert:
        found += (view.unmet("not_in_person", "no_interest", "declare_interest", expert=expert),)
    if expert not in _chosen(view):
        found += (view.unmet("not_among_chosen", expert=expert),)
    return found


KIND = Kind(
    name="expert_argument",
    acts={
        "choose_experts": Act(ExpertChoice, judge_choice),
        "release_expert": Act(ExpertRelease, judge_release),
        "declare_interest": Act(Declaration, judge_declaration),
        "file_expert_opinion": Act(ExpertOpinion, judge_opinion),
    },
    rules={
        "minimum": RuleShape(number=True),
        "no_interest": RuleShape(),
        "secrecy": RuleShape(),
        "signed": RuleShape(),
    },
    judge=assess,
)
