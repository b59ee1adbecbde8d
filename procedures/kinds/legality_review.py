"""Legality review (合法性审查): papers, clock, counsel's opinion as an input, and the verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import islice

from procedures.departures import OVERDUE
from procedures.kinds.base import Kind, accept, at_once, not_ahead, pending, satisfied, underway
from procedures.kinds.request_reply import CHANGES, REPLY
from procedures.opinions import TABLE, unanswered_concerns
from procedures.review_forms import (
    Acceptance,
    Confirmation,
    CounselAsked,
    CounselOpinion,
    Recheck,
    Return,
    ReviewVerdict,
    Submission,
)
from workflow.definition import Gate, Lapse, Nature, Step, Text
from workflow.facts import AMENDED, CONCLUDE, RECHECK, Facts, Record, Review, as_list
from workflow.ports import Act, Assessment, Course, RuleShape, Ruling, View, Wait
from workflow.refusals import Unmet
from workflow.retainers import FILE, REGISTER, STATE, Lack, asks
from workflow.ties import Party, Side, Tie

CONFIRMED = "changes_confirmed"
ON_CONDITION = "lawful_with_changes"
ASK, COUNSEL = "ask_counsel", "record_counsel_opinion"
REVISE = "revise_draft"
VERDICTS = ("give_review_verdict", "confirm_changes", RECHECK)
COURSE = ("submit_for_review", "return_papers", "accept_papers", *VERDICTS)


def judge_submission(view: View, submission: Submission) -> Ruling:
    """Refuse to send in without the papers owed or without a text."""
    owed = view.step.rules["papers"].choices
    lacking = tuple(paper for paper in owed if paper not in submission.papers)
    found: tuple[Unmet, ...] = ()
    if lacking:
        found += (view.unmet("papers_missing", "papers", papers=lacking),)
    if view.facts.draft is None:
        found += (view.unmet("no_draft", "papers"),)
    if _nothing_changed(view):
        found += (view.unmet("nothing_changed", "verdicts"),)
    return Ruling(found)


def _nothing_changed(view: View) -> bool:
    """Whether a text found unlawful comes back as it was, with nothing done on any step since."""
    facts = view.facts
    if not facts.reviews or facts.draft is None:
        return False
    last = facts.reviews[-1]
    if last.passed or last.verdict == ON_CONDITION or last.digest != facts.draft.digest:
        return False
    return not any(
        record.position > last.position and record.step not in (None, view.step.id)
        for record in facts.records
    )


def judge_asking(view: View, asked: CounselAsked) -> Ruling:
    """Refuse to ask a firm of which nobody, or a lawyer who, could sign for it today."""
    there = frozenset(
        each
        for each in view.able(COUNSEL)
        if asked.firm in view.posts(each)
        and not (
            asks(view.step, COUNSEL)
            and view.retainers.lack(view.step, asked.firm, each, (view.today,))
        )
    )
    wrong = tuple(sorted({*asked.lawyers} - there))
    if wrong:
        return Ruling((view.unmet("counsel_unable", "counsel", ASK, people=wrong),))
    if not there:
        return Ruling((view.unmet("firm_unable", "counsel", ASK, unit=asked.firm),))
    return Ruling()


def judge_counsel(view: View, opinion: CounselOpinion) -> Ruling:
    """Refuse an opinion that is unsigned, dated ahead, of another side, or of who was not asked."""
    found = not_ahead(view, opinion.signed_on)
    asked = _asked(view.facts, view.step)
    if asked is not None and not (
        view.unit == asked.text("firm") and {*view.persons} <= {*(_lawyers(asked) or view.persons)}
    ):
        found += (view.unmet("counsel_not_asked", "counsel", ASK, people=tuple(view.persons)),)
    if opinion.conflict_of_interest:
        found += (view.unmet("counsel_conflict", "counsel_conflict", COUNSEL),)
    if asks(view.step, COUNSEL):
        found += _not_retained(view, opinion)
    else:
        found += _retained_no_more(view, opinion)
        found += _too_many_clients(view, opinion.government_clients)
    if not opinion.signed:
        found += (view.unmet("counsel_unsigned", "counsel", COUNSEL),)
    return Ruling(found)


def _not_retained(view: View, opinion: CounselOpinion) -> tuple[Unmet, ...]:
    """Refuses whoever is not retained on the day of the signature and today, or over the limit.

    How many governments somebody advises is told by what was last stated with the retainer; an
    opinion that says otherwise is refused, whichever of the two is right.
    """
    found: tuple[Unmet, ...] = ()
    firm, days = view.units[view.unit], tuple(dict.fromkeys((opinion.signed_on, view.today)))
    for person in view.persons:
        lack = view.retainers.lack(view.step, view.unit, person, days)
        if lack is not None:
            found += (_lacking(view, lack, person, firm),)
    told = opinion.government_clients
    stated = {view.retainers.clients_of(person, view.today) for person in view.persons} - {None}
    if told is not None and stated and told not in stated:
        unmet = view.unmet(
            "clients_differ", "retained", given=told, stated=tuple(sorted(filter(None, stated)))
        )
        found += (replace(unmet, cured_by=view.procedure.holders(STATE), act=STATE),)
    return found


def _retained_no_more(view: View, opinion: CounselOpinion) -> tuple[Unmet, ...]:
    """Refuses whoever was retained and is not on a day that counts, where nobody has to be.

    An organisation without retainers is asked for none; one that let its own run out has no adviser
    in that firm any more.
    """
    firm, days = view.units[view.unit], tuple(dict.fromkeys((opinion.signed_on, view.today)))
    found: list[Unmet] = []
    for person in view.persons:
        named = view.retainers.naming(person, view.unit)
        over = (
            day
            for day in days
            if any(each.last_day < day for each in named)
            and not any(each.holds(day) for each in named)
        )
        found += (_over(view, person, firm, day, "counsel") for day in islice(over, 1))
    return tuple(found)


def _over(view: View, person: str, firm: Text, day: date, rule: str) -> Unmet:
    unmet = view.unmet("retainer_over", rule, people=(person,), firm=firm, day=day)
    return replace(unmet, cured_by=view.procedure.holders(FILE), act=FILE)


def _lacking(view: View, lack: tuple[Lack, date], person: str, firm: Text) -> Unmet:
    why, day = lack
    if why is Lack.TOO_MANY_CLIENTS:
        return view.unmet(
            "too_many_clients",
            "clients",
            COUNSEL,
            given=view.retainers.clients_of(person, day),
            most=view.step.rules["clients"].value,
        )
    if why is Lack.RETAINER_UNFILED:
        unmet, act = view.unmet("retainer_unfiled", "filed", people=(person,), firm=firm), REGISTER
    elif why is Lack.RETAINER_OVER:
        return _over(view, person, firm, day, "retained")
    else:
        unmet, act = (
            view.unmet("no_retainer", "retained", people=(person,), firm=firm, day=day),
            FILE,
        )
    return replace(unmet, cured_by=view.procedure.holders(act), act=act)


def _too_many_clients(view: View, clients: int | None) -> tuple[Unmet, ...]:
    """Refuses whoever advises more governments than the rule allows, or does not say how many."""
    rule = view.step.rules.get("clients")
    if rule is None or rule.value is None:
        return ()
    if clients is None:
        return (view.unmet("clients_untold", "clients", COUNSEL),)
    if clients <= rule.value:
        return ()
    return (
        view.unmet(
            "too_many_clients",
            "clients",
            COUNSEL,
            given=clients,
            most=rule.value,
        ),
    )


def judge_verdict(view: View, verdict: ReviewVerdict) -> Ruling:
    """Refuse a verdict out of time, without counsel heard, or without what it must state."""
    found: tuple[Unmet, ...] = ()
    if _counsel(view) is None:
        found += (_no_counsel(view),)
    found += _too_early(view)
    late = _late(view)
    if not view.tells(verdict.reason_for_delay):
        found += late
    if (verdict.verdict == ON_CONDITION) is not bool(verdict.changes):
        problem = "condition_not_stated" if verdict.changes else "changes_not_listed"
        found += (view.unmet(problem, "verdicts", "give_review_verdict"),)
    if verdict.verdict == "exploratory_reform" and not view.tells(verdict.risk):
        found += (view.unmet("risk_not_stated", "exploratory_reform", "give_review_verdict"),)
    ruling = _bound(view, found, verdict.verdict)
    return replace(ruling, extra={**ruling.extra, OVERDUE: True}) if late else ruling


def _no_counsel(view: View) -> Unmet:
    return view.unmet("counsel_not_consulted", "counsel", COUNSEL)


def judge_confirmation(view: View, confirmation: Confirmation) -> Ruling:
    """Refuse to confirm while nothing was changed, or what was passed was changed in substance."""
    found: tuple[Unmet, ...] = ()
    last = view.facts.reviews[-1] if view.facts.reviews else None
    draft = view.facts.draft
    if last is None or draft is None or not (last.passed or last.verdict == ON_CONDITION):
        found += (view.unmet("nothing_to_confirm", "verdicts"),)
    elif last.digest == draft.digest:
        # A text that passed and was changed back is the text that passed.
        if not last.passed:
            found += (view.unmet("changes_not_made", "verdicts"),)
    elif not _editorial_since(view, last):
        if last.passed:
            found += (view.unmet("substantive_since", "same_text", draft=last.draft),)
        elif _counsel(view) is None:
            found += (_no_counsel(view),)
    ruling = _bound(view, found, CONFIRMED)
    return Ruling(ruling.unmet, "", {**ruling.extra, "verdict": CONFIRMED})


def judge_recheck(view: View, recheck: Recheck) -> Ruling:
    """Refuse to pass an amended text that was not filed, or is not what was decided or replied."""
    found = _amended_text(view)
    if view.facts.draft is None or _amendment(view) is None:
        found += (view.unmet("amended_text_missing", "as_decided", RECHECK),)
    if _counsel(view) is None:
        found += (_no_counsel(view),)
    if recheck.verdict == "lawful" and not recheck.as_decided:
        found += (view.unmet("not_as_decided", "as_decided", RECHECK),)
    ruling = _bound(view, found, recheck.verdict)
    onward = view.facts.next_body(view.procedure.meetings(view.facts.answers)) is not None
    outcome = "lawful_onward" if onward and recheck.verdict == "lawful" else recheck.verdict
    return replace(ruling, outcome=outcome)


def _bound(view: View, found: tuple[Unmet, ...], verdict: str) -> Ruling:
    """A ruling whose record binds the verdict to the digest of exactly the text examined."""
    draft = view.facts.draft
    passed = verdict in view.step.rules["verdicts"].choices
    extra = {"reviewed_digest": "" if draft is None else draft.digest, "passed": passed}
    return Ruling(found, verdict, extra)


def _too_early(view: View) -> tuple[Unmet, ...]:
    accepted = _accepted(view)
    if accepted is None:
        return (view.unmet("not_accepted", "papers", "accept_papers"),)
    if view.facts.granted(view.step, "review_time"):
        return ()
    ends, provisional = _time_ends(view, accepted.filed_on)
    if view.today >= ends:
        return ()
    rule = view.step.rules["review_time"]
    unmet = view.unmet(
        "too_early",
        "review_time",
        "give_review_verdict",
        accepted_on=accepted.filed_on,
        amount=rule.value,
        unit=rule.unit,
        ends=ends,
    )
    return (replace(unmet, earliest=ends, provisional=provisional),)


def _late(view: View) -> tuple[Unmet, ...]:
    """The time that the reviewer may take, where the procedure has such a ceiling, is over."""
    rule, accepted = view.step.rules.get("ceiling"), _accepted(view)
    if rule is None or accepted is None:
        return ()
    ends, _ = view.counting.end(rule, accepted.filed_on, view.pauses)
    if view.today <= ends:
        return ()
    return (
        view.unmet(
            "late_without_reason",
            "ceiling",
            "give_review_verdict",
            accepted_on=accepted.filed_on,
            amount=rule.value,
            unit=rule.unit,
            ends=ends,
        ),
    )


def assess(view: View) -> Assessment:
    """Open until the latest verdict passes exactly the current text, and counsel is answered."""
    review = view.facts.passing_review
    if review is not None:
        wanted = _amended_text(view) or _concerns(view)
        return underway(*wanted) if wanted else satisfied(review.given_on)
    handed_in = view.facts.last(*COURSE)
    step = "" if handed_in is None else handed_in.command
    if step == "accept_papers":
        left = course(view, view.today)
        waiting = view.unmet("in_progress", "", "give_review_verdict", ends=left.done)
        return underway(replace(waiting, earliest=left.done, provisional=left.provisional))
    if step == "submit_for_review":
        return underway(view.unmet("awaiting_acceptance", "papers", "accept_papers"))
    if view.facts.reviews:
        wanted_next = _after_verdict(view, view.facts.reviews[-1])
        unheard = wanted_next.act == RECHECK and _counsel(view) is None
        return underway(_no_counsel(view) if unheard else None, wanted_next)
    if _counsel(view) is not None:
        return underway(view.unmet("counsel_is_not_review", "not_replaced"))
    return pending(view.unmet("missing"))


def _amended_text(view: View) -> tuple[Unmet, ...]:
    """The text as a meeting or a reply amended it, where only the one from before is on file."""
    amended, draft = _amendment(view), view.facts.draft
    if amended is None or draft is None or draft.number > amended.draft:
        return ()
    unmet = view.unmet("amended_text_missing", "as_decided", RECHECK)
    cured_by = view.procedure.holders(REVISE)
    return (replace(unmet, cured_by=cured_by, earliest=view.today, act=REVISE),)


def _concerns(view: View) -> tuple[Unmet, ...]:
    """What counsel's newest opinion raised and the adoption table does not answer."""
    if "concerns" not in view.step.rules:
        return ()
    open_ = unanswered_concerns(view.procedure, view.facts)
    if not open_:
        return ()
    unmet = view.unmet("concerns_unanswered", "concerns", numbers=open_)
    cured_by = view.procedure.holders(TABLE)
    return (replace(unmet, cured_by=cured_by, earliest=view.today),)


def with_reviewer(facts: Facts) -> bool:
    """Whether the text lies with the reviewer, or is the version that passed."""
    last, draft = facts.last(*COURSE), facts.draft
    if last is None or draft is None or last.command == "return_papers":
        return False
    if last.command in ("submit_for_review", "accept_papers"):
        return True
    return facts.passing_review is not None and facts.reviews[-1].draft == draft.number


def _after_verdict(view: View, last: Review) -> Unmet:
    """What is wanted after a verdict that does not carry the present text."""
    if view.facts.review_lapsed:
        return view.unmet("rules_changed", "verdicts", "submit_for_review", draft=last.draft)
    draft = view.facts.draft
    current = 0 if draft is None else draft.number
    if _recheck_left(view):
        return view.unmet("amended_not_rechecked", "as_decided", RECHECK, draft=current)
    if _recheck_failed(view):
        unlawful = view.unmet("amended_unlawful", "as_decided", RECHECK, draft=current)
        return replace(unlawful, cured_by=view.procedure.holders(REVISE), act=REVISE)
    if not last.passed and last.verdict != ON_CONDITION:
        return view.unmet("negative", "verdicts", draft=last.draft)
    changed = current != last.draft
    act = "confirm_changes" if changed and _only_confirmation_left(view) else ""
    if last.passed:
        return view.unmet("other_text", "same_text", act, reviewed=last.draft, current=current)
    return view.unmet("changes_not_confirmed", "verdicts", act, draft=last.draft)


def course(view: View, start: date) -> Course:
    """The day on which the reviewer's time is up, from acceptance or, before it, from `start`."""
    accepted = _accepted(view)
    if (
        _shortened(view)
        or _only_confirmation_left(view)
        or _recheck_left(view)
        or _recheck_failed(view)
    ):
        return at_once(view, start)
    since = start if accepted is None else accepted.filed_on
    ends, provisional = _time_ends(view, since)
    wait = Wait(view.step.rules["review_time"], "accept_papers", since, "give_review_verdict", ends)
    return Course(max(start, ends), provisional, (wait,) if ends > view.today else ())


def _shortened(view: View) -> bool:
    """Whether an approved shortening will still count for the text that is to be reviewed."""
    lost = view.facts.draft is None and view.step.lapses_on is Lapse.ANY
    return view.facts.granted(view.step, "review_time") and not lost


def _only_confirmation_left(view: View) -> bool:
    """The reviewer only has to look at changes, which takes no lawful minimum of time."""
    last = view.facts.reviews[-1] if view.facts.reviews else None
    reopened = view.facts.last("submit_for_review", "return_papers", "accept_papers")
    if last is None or (reopened is not None and reopened.position > last.position):
        return False
    if view.facts.review_lapsed:
        return False
    return last.verdict == ON_CONDITION or (last.passed and _editorial_since(view, last))


def _recheck_left(view: View) -> bool:
    """The text is to be as a meeting or a reply amended it, and is not looked through yet."""
    amended, draft = _amendment(view), view.facts.draft
    if amended is None or draft is None:
        return False
    since = [each for each in view.facts.drafts if each.number > amended.draft]
    if any(each.nature is Nature.SUBSTANTIVE for each in since):
        # What becomes another in substance is reviewed anew, and in its full time.
        return False
    last = view.facts.reviews[-1] if view.facts.reviews else None
    return last is None or last.position < amended.position or last.draft < draft.number


def _recheck_failed(view: View) -> bool:
    """The text as a meeting or a reply amended it was found unlawful, and is not mended yet."""
    last, draft = view.facts.reviews[-1] if view.facts.reviews else None, view.facts.draft
    if last is None or draft is None or _amendment(view) is None:
        return False
    return last.verdict == "unlawful" and last.digest == draft.digest and _rechecked(view, last)


def _rechecked(view: View, review: Review) -> bool:
    """Whether the verdict is that of a second look at an amended text."""
    return any(each.position == review.position for each in view.facts.of(RECHECK))


def _amendment(view: View) -> Record | None:
    """The conclusion or the reply by which the present text is to be amended, None without one."""
    last = view.facts.last(CONCLUDE, REPLY)
    if last is None:
        return None
    asked = last.text("conclusion") == AMENDED or last.text("result") == CHANGES
    return last if asked else None


def _editorial_since(view: View, review: Review) -> bool:
    return all(
        draft.nature is Nature.EDITORIAL
        for draft in view.facts.drafts
        if draft.number > review.draft
    )


def _time_ends(view: View, accepted_on: date) -> tuple[date, bool]:
    return view.counting.end(view.step.rules["review_time"], accepted_on, view.pauses)


def _accepted(view: View) -> Record | None:
    """The acceptance whose clock runs: nothing was returned, sent in anew or decided since."""
    last = view.facts.last(*COURSE, step=view.step)
    return last if last is not None and last.command == "accept_papers" else None


def calls(facts: Facts, step: Step) -> Iterator[Party]:
    """Counsel: whoever the reviewers asked last.

    Where they asked nobody, once there is a text every firm, and once one has advised only those
    that did.
    """
    asked = _asked(facts, step)
    if asked is not None:
        for lawyer in _lawyers(asked):
            yield Party(Side.PERSON, lawyer, Tie.ASKED)
        if not _lawyers(asked):
            yield Party(Side.UNIT, asked.text("firm"), Tie.ASKED)
        return
    advised = [each.unit for each in facts.of(COUNSEL) if each.step == step.id]
    for unit in advised:
        yield Party(Side.UNIT, unit, Tie.ASKED)
    if facts.draft is not None and not advised:
        for holder in step.acts[COUNSEL]:
            yield Party(Side.FUNCTION, holder.of, Tie.ASKED)


def _asked(facts: Facts, step: Step) -> Record | None:
    """The last time that counsel was asked; no new text takes that back."""
    asked = [each for each in facts.of(ASK) if each.step == step.id]
    return asked[-1] if asked else None


def _lawyers(asked: Record) -> tuple[str, ...]:
    return tuple(str(each) for each in as_list(asked.payload.get("lawyers")))


def _counsel(view: View) -> Record | None:
    """Counsel's opinion on the present text; one on an earlier text has lapsed with it."""
    return view.facts.last(COUNSEL, step=view.step)


KIND = Kind(
    name="legality_review",
    acts={
        "submit_for_review": Act(Submission, judge_submission, gate=Gate.REVIEW),
        "return_papers": Act(Return, accept, ahead=True),
        "accept_papers": Act(Acceptance, accept),
        ASK: Act(CounselAsked, judge_asking, ahead=True),
        COUNSEL: Act(CounselOpinion, judge_counsel, signed=True),
        "give_review_verdict": Act(
            ReviewVerdict,
            judge_verdict,
            outcomes=("lawful", "lawful_with_changes", "unlawful", "exploratory_reform"),
            signed=True,
        ),
        "confirm_changes": Act(Confirmation, judge_confirmation, gate=Gate.REVIEW, signed=True),
        RECHECK: Act(
            Recheck,
            judge_recheck,
            gate=Gate.REVIEW,
            outcomes=("lawful", "lawful_onward", "unlawful"),
            signed=True,
        ),
    },
    rules={
        "papers": RuleShape(choices=True),
        "review_time": RuleShape(period=True),
        "ceiling": RuleShape(period=True, optional=True),
        "verdicts": RuleShape(choices=True, wider_is_looser=True),
        "exploratory_reform": RuleShape(),
        "counsel": RuleShape(),
        "counsel_conflict": RuleShape(),
        "clients": RuleShape(number=True, optional=True),
        "retained": RuleShape(choices=True, optional=True, words=(COUNSEL,)),
        "filed": RuleShape(optional=True),
        "not_replaced": RuleShape(),
        "same_text": RuleShape(),
        "as_decided": RuleShape(),
        "concerns": RuleShape(optional=True),
    },
    judge=assess,
    soonest=course,
    calls=calls,
)
