"""Classification (事项认定): what the matter is, ruled upon the answers given at intake.

An answer that switches a duty off is a ruling and needs its reason in the record.  The latest
classification counts; it may be given again when facts change, and what it corrects binds at once.
What a step has begun to find out, no later answer rules away.

A matter that comes, together with its kin, to the amount from which a question is answered by yes
cannot be classified by no, nor go on if kin is proposed later: split is not small.  The legal
office can rule that they are independent of each other.  One that comes to that amount alone and is
classified by no waits for the legal office's ruling that it is no major decision all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Annotated

from pydantic import Field

from procedures.kinds.base import Kind, adopted_on, pending, satisfied, underway
from workflow.commands import Given
from workflow.decisions.answers import contradicted, unfit
from workflow.definition import Answer, Gate, Question, Rule
from workflow.idle import Told
from workflow.kin import SEPARATE, TIES, Kin, Links, largest, not_separate
from workflow.ports import Act, Assessment, Payload, RuleShape, Ruling, StepPayload, View
from workflow.refusals import Unmet
from workflow.texts import Line, Name, Yuan
from workflow.yearly_catalogue import NOT_MAJOR, ruled_out

CLASSIFY = "classify"
#: Where one of these has its place, the verdict of the review is still to come.
BEFORE_VERDICT = ("start", "assign", "submit_for_review", "accept_papers", "give_review_verdict")
#: The gates that come after the meeting.
LATER = (Gate.ISSUE, Gate.CLOSE)


class AnswerRuling(Payload):
    """Why a question is answered as it is."""

    question: Name
    reasons: Told


class Classification(StepPayload):
    """事项认定: answers that are corrected, reasons for those that spare a step, and the category.

    An answer that is not among `answers` is confirmed as it stands; so is what the proposal said of
    the project, the counterparty, the purpose and the amount (whole yuan), where it is not given.
    """

    answers: Mapping[Name, Given] = {}
    rulings: Annotated[tuple[AnswerRuling, ...], Field(max_length=100)] = ()
    category_reasons: Told
    project: Line | None = None
    counterparty: Line | None = None
    purpose: Line | None = None
    amount_yuan: Yuan | None = None

    def linked(self, before: Links) -> Links:
        """What ties the matter to others from now on."""
        return replace(before, **self.model_dump(include={*TIES, "amount_yuan"}, exclude_none=True))

    def corrections(self) -> Mapping[str, Answer]:
        """The answers given here, whether they differ or not."""
        return self.answers


def judge_classification(view: View, paper: Classification) -> Ruling:
    """Refuse answers that do not fit their questions, or that spare a step without a reason.

    Nor may they contradict who takes part, change who decides once the start was decided, or spare
    a step that was begun.
    """
    facts, procedure = view.facts, view.procedure
    known = {name: given for name, given in facts.answers.items() if name in procedure.questions}
    answers: dict[str, Answer] = {**known, **paper.answers}
    changed = {name: given for name, given in paper.answers.items() if given != known.get(name)}
    found = (
        *unfit(procedure, answers),
        *contradicted(procedure, answers, facts.co_units, "assign"),
    )
    found = tuple(each if each.cured_by else _by_classifier(view, each) for each in found)
    if not _early(view):
        return Ruling(found + _late(view, paper, changed), answers=changed)
    reasoned = {ruling.question for ruling in paper.rulings}
    unknown = tuple(sorted(reasoned - procedure.questions.keys()))
    if unknown:
        found += (view.unmet("ruling_on_nothing", "reasoned", questions=unknown),)
    found += tuple(
        _unreasoned(view, rule, procedure.questions[name])
        for name, rule in _owed(view, answers)
        if name not in reasoned
    )
    if procedure.decided_by in changed and facts.last("start") is not None:
        found += (_decided_already(view),)
    found += tuple(_begun(view, answers))
    links = facts.at_least(paper.linked(facts.stated))
    found += tuple(_split(view, answers, links))
    columns = {} if links == facts.links else links.columns()
    return Ruling(found, answers=changed, links=columns)


def _early(view: View) -> bool:
    """Whether every answer can still be corrected: the review has not passed the text on them."""
    return any(
        view.facts.stage in move.sources
        for move in view.procedure.moves
        if move.command in BEFORE_VERDICT
    )


def _late(view: View, paper: Classification, changed: Mapping[str, Answer]) -> tuple[Unmet, ...]:
    """Refuses to correct, after the review, an answer on which anything before the issue rests.

    What is corrected then needs its reason, and what ties the matter to others stands.
    """
    facts, procedure = view.facts, view.procedure
    reasoned, later = {ruling.question for ruling in paper.rulings}, _answered_later(view)
    found = tuple(
        view.unmet("late_unreasoned", "reasoned", question=procedure.questions[name].text, id=name)
        for name in changed
        if name in later and name not in reasoned
    )
    if not changed or not later.issuperset(changed) or paper.linked(facts.links) != facts.links:
        found += (replace(view.unmet("too_late"), cured_by=()),)
    return found + tuple(_begun(view, {**facts.answers, **changed}))


def _answered_later(view: View) -> frozenset[str]:
    """The questions that may stay open at first, and on which only steps still ahead rest."""
    procedure = view.procedure
    conditions = (
        *(step.required_when for step in procedure.steps.values() if step.before not in LATER),
        *(join.when for join in procedure.joins),
        *(each.when for each in procedure.further_meetings),
    )
    rested_on = {leaf.question for condition in conditions for leaf in condition.leaves()}
    return frozenset(
        question.id for question in procedure.questions.values() if question.optional
    ) - {*rested_on, procedure.decided_by}


def _owed(view: View, answers: Mapping[str, Answer]) -> Iterator[tuple[str, Rule]]:
    """The questions whose answer spares a duty and so needs a reason, each with its rule.

    The rules name some; a yes or no that keeps a step or a joined procedure from applying is one.
    """
    procedure, told = view.procedure, set[str]()
    for id_, sparing in (("reasoned", False), ("reasoned_if_yes", True)):
        rule = view.step.rules.get(id_)
        if rule is not None:
            for name in rule.choices:
                if name in procedure.questions and answers.get(name) is sparing:
                    told.add(name)
                    yield name, rule
    duties = (
        *(step.required_when for step in procedure.steps.values()),
        *(join.when for join in procedure.joins),
    )
    spared = {name for duty in duties for name in duty.denied_by(answers)}
    for question in procedure.questions.values():
        if question.kind == "yes_no" and question.id in spared - told:
            yield question.id, view.step.rules["reasoned"]


def _unreasoned(view: View, rule: Rule, question: Question) -> Unmet:
    unmet = view.unmet("unreasoned", "reasoned", question=question.text, id=question.id)
    return _citing(replace(unmet, citations=rule.citations), question)


def _by_classifier(view: View, unmet: Unmet) -> Unmet:
    return replace(unmet, step=view.step.id, cured_by=view.step.first_act)


def _decided_already(view: View) -> Unmet:
    question = view.procedure.questions[view.procedure.decided_by]
    return Unmet(
        "classification.decider_changes",
        question.citations,
        {"question": question.text},
        step=view.step.id,
        cured_by=view.procedure.holders("withdraw"),
    )


def _begun(view: View, answers: Mapping[str, Answer]) -> Iterator[Unmet]:
    """The steps on file, of joined procedures too, that the answers would have no longer apply.

    They could not be waived any more either: what a step found stands, and it is brought to its
    end.
    """
    facts, before = view.facts, view.before or view.procedure
    for step in before.steps.values():
        if not (facts.begun(step) and before.required(step, facts.answers)):
            continue
        now = view.procedure.steps.get(step.id)
        if now is None or not view.procedure.required(now, answers):
            yield Unmet(
                "classification.begun",
                step.citations if step.waivable is None else step.waivable.citations,
                {"step": step.name},
                step=view.step.id,
                cured_by=step.first_act,
            )


def _split(
    view: View, answers: Mapping[str, Answer], links: Links, adopted: date | None = None
) -> Iterator[Unmet]:
    """The questions answered by no although the matter and its kin come to the amount for a yes.

    Kin that was proposed once it was adopted is judged by its own classification, and undoes
    nothing.
    """
    facts, rules = view.facts, view.step.rules
    rule, ties = rules.get("aggregation"), rules.get("aggregation_by")
    counted = TIES if ties is None else tuple(tie for tie in TIES if tie in ties.choices)
    if rule is None or rule.value is None or not links.keys.keys() & set(counted):
        return
    months = rules.get("aggregation_months")
    kin = tuple(each for each in facts.kin if adopted is None or each.proposed_on < adopted)
    whole = largest(
        (links, facts.records[0].filed_on),
        not_separate(facts.number, links.amount_yuan, facts.apart, kin),
        counted,
        None if months is None else months.value,
    )
    for name in rule.choices:
        if answers.get(name) is not False or name not in view.procedure.questions:
            continue
        question = view.procedure.questions[name]
        if links.amount_yuan is None:
            unmet = view.unmet("amount_missing", "aggregation", question=question.text)
            yield _citing(unmet, question)
        elif whole is not None and whole.total >= rule.value:
            unmet = view.unmet(
                "split",
                "aggregation",
                question=question.text,
                tie=whole.tie,
                own=links.amount_yuan,
                matters=tuple(_told(each) for each in whole.kin),
                total=whole.total,
                threshold=rule.value,
            )
            # Who classifies can cure it; that they are no parts of one, the legal office can say.
            apart = view.procedure.holders(SEPARATE)
            yield replace(_citing(unmet, question), cured_by=(*unmet.cured_by, *apart))


def _large(view: View) -> Iterator[Unmet]:
    """The questions answered by no although the matter alone comes to the amount for a yes.

    Until the legal office has ruled, upon that answer and that amount, that it is none.
    """
    facts, rule = view.facts, view.step.rules.get("aggregation")
    own = facts.links.amount_yuan or 0
    if rule is None or rule.value is None or own < rule.value or ruled_out(facts) is not None:
        return
    for name in rule.choices:
        if facts.answers.get(name) is False and name in view.procedure.questions:
            question = view.procedure.questions[name]
            unmet = view.unmet(
                "large",
                "aggregation",
                question=question.text,
                own=own,
                threshold=rule.value,
            )
            ruling = view.procedure.holders(NOT_MAJOR)
            yield replace(_citing(unmet, question), cured_by=(*unmet.cured_by, *ruling))


def _citing(unmet: Unmet, question: Question) -> Unmet:
    """The same, cited by the question as well."""
    return replace(unmet, citations=tuple(dict.fromkeys((*unmet.citations, *question.citations))))


def _told(kin: Kin) -> str:
    """A matter of the sum with its amount in yuan; the title last, for a long one is cut."""
    return f"{kin.number} ({kin.amount_yuan or 0}) {kin.title}"


def assess(view: View) -> Assessment:
    """Open until the matter is classified, and again where it is large or a part of what is."""
    ruled = view.facts.last("classify", step=view.step)
    if ruled is None:
        return pending(view.unmet("missing"))
    split = (
        *_split(view, view.facts.answers, view.facts.links, adopted_on(view)),
        *_large(view),
    )
    return underway(*split) if split else satisfied(ruled.filed_on)


KIND = Kind(
    name="classification",
    acts={CLASSIFY: Act(Classification, judge_classification, corrects=True)},
    rules={
        "reasoned": RuleShape(choices=True, questions=True),
        "reasoned_if_yes": RuleShape(choices=True, optional=True, questions=True),
        # In whole yuan; the questions are those that are answered by yes from this amount on.
        "aggregation": RuleShape(number=True, choices=True, optional=True, questions=True),
        "aggregation_months": RuleShape(number=True, optional=True),
        "aggregation_by": RuleShape(choices=True, optional=True, words=TIES),
    },
    judge=assess,
)
