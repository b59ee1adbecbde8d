"""Hearing (听证): notice, list, papers to everybody on it, the session, the signed record.

Each counts only if it follows the one before, so announcing again begins anew, and a new list has
to be served anew.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Final

from procedures.hearing_forms import (
    HearingHeld,
    HearingList,
    HearingNotice,
    HearingPapers,
    HearingRecord,
)
from procedures.kinds.base import Kind, at_once, not_ahead, not_firm, pending, satisfied, underway
from procedures.masking import masked
from workflow.definition import Rule
from workflow.facts import Record, as_list
from workflow.ports import Act, Assessment, Course, RuleShape, Ruling, View, Wait
from workflow.refusals import Unmet

NOTICE: Final = "publish_hearing_notice"
LISTING: Final = "publish_hearing_list"
SERVING: Final = "deliver_hearing_papers"
SESSION: Final = "hold_hearing"
RECORD: Final = "sign_hearing_record"
ORDER: Final = (NOTICE, LISTING, SERVING, SESSION, RECORD)


def judge_notice(view: View, notice: HearingNotice) -> Ruling:
    """Refuse a notice that comes too late, or that hears only one side."""
    found: tuple[Unmet, ...] = ()
    if view.facts.draft is None:
        found += (view.unmet("no_draft"),)
    rule = view.step.rules["notice_before"]
    latest, _ = view.counting.latest(rule, notice.held_on)
    if view.today > latest:
        found += (
            view.unmet("notice_too_late", "notice_before", held_on=notice.held_on, latest=latest),
        )
    wanted = view.step.rules["sides"].value or 0
    if len(set(notice.sides)) < wanted:
        found += (view.unmet("too_few_sides", "sides", wanted=wanted),)
    return Ruling(found)


def judge_list(view: View, paper: HearingList) -> Ruling:
    """Refuse a list that is late, leaves a side out or makes one up, or is not composed as it must.

    Nobody is named twice, and nobody by a number.  After the last day for papers it stands: who
    is on it has to have them by then.
    """
    notice = _filed(view, NOTICE)
    if notice is None:
        return Ruling((view.unmet("not_announced"),))
    if _filed(view, SESSION) is not None:
        return Ruling((view.unmet("held_already"),))
    found: tuple[Unmet, ...] = ()
    rule, held_on = view.step.rules.get("list_before"), notice.day("held_on")
    latest = view.today if rule is None else view.counting.latest(rule, held_on)[0]
    if view.today > latest:
        found += (
            _anew(view, view.unmet("list_too_late", "list_before", held_on=held_on, latest=latest)),
        )
    last, provisional = view.counting.latest(view.step.rules["papers_before"], held_on)
    if not found and view.today > last:
        unmet = view.unmet("list_after_papers", "papers_before", held_on=held_on, latest=last)
        found += (_anew(view, replace(unmet, provisional=provisional)),)
    sides = {each.side for each in paper.participants}
    absent = tuple(str(side) for side in as_list(notice.payload["sides"]) if side not in sides)
    if absent:
        found += (view.unmet("side_missing", "sides", LISTING, sides=absent),)
    announced = set(as_list(notice.payload["sides"]))
    strange = tuple(dict.fromkeys(e.side for e in paper.participants if e.side not in announced))
    if strange:
        found += (view.unmet("side_not_announced", "sides", LISTING, sides=strange),)
    names = tuple(dict.fromkeys(each.participant for each in paper.participants))
    written = Counter(_written(each.participant) for each in paper.participants)
    twice = tuple(name for name in names if written[_written(name)] > 1)
    if twice:
        found += (view.unmet("listed_twice", "sides", LISTING, participants=twice),)
    if any(masked(name) != name for name in names):
        found += (view.unmet("number_shown", "published_list", LISTING),)
    return Ruling((*found, *_composed(view, paper)))


def _composed(view: View, paper: HearingList) -> Iterator[Unmet]:
    """What the rules on who takes part have against a list."""
    rules, everybody = view.step.rules, len(paper.participants)
    count = Counter(each.category for each in paper.participants)
    least, share, more = (rules.get(name) for name in ("participants", "share_of", "more_than"))
    wanted = 0 if least is None else least.value or 0
    if everybody < wanted:
        yield view.unmet(
            "too_few_participants", "participants", LISTING, wanted=wanted, given=everybody
        )
    if share is not None:
        given = sum(count[category] for category in share.choices)
        if given < _share(share) * everybody:
            yield view.unmet(
                "share_too_small",
                "share_of",
                LISTING,
                categories=share.choices,
                wanted=str(_share(share)),
                given=given,
                everybody=everybody,
            )
    ranked = () if more is None else more.choices
    for larger, smaller in pairwise(ranked):
        if count[larger] <= count[smaller]:
            yield view.unmet(
                "not_more", "more_than", LISTING, categories=(larger,), others=(smaller,)
            )
    officials = tuple(each.participant for each in paper.participants if each.serving_official)
    if "no_officials" in rules and officials:
        yield view.unmet("official_listed", "no_officials", LISTING, participants=officials)


def judge_papers(view: View, papers: HearingPapers) -> Ruling:
    """Refuse papers that were served too close to the hearing, or not to everybody on the list.

    Nobody is served before the list that first names them is published.
    """
    notice, listed = _filed(view, NOTICE), _filed(view, LISTING)
    if notice is None:
        return Ruling((view.unmet("not_announced"),))
    if listed is None:
        return Ruling((view.unmet("list_missing", "published_list", LISTING),))
    if _filed(view, SESSION) is not None:
        return Ruling((view.unmet("held_already"),))
    held_on = notice.day("held_on")
    latest, provisional = view.counting.latest(view.step.rules["papers_before"], held_on)
    found: tuple[Unmet, ...] = ()
    late = tuple(r.participant for r in papers.receipts if r.delivered_on > latest)
    if late:
        unmet = view.unmet(
            "papers_late",
            "papers_before",
            participants=late,
            delivered_on=max(receipt.delivered_on for receipt in papers.receipts),
            held_on=held_on,
            latest=latest,
        )
        found += (_anew(view, replace(unmet, provisional=provisional)),)
    early = tuple(r.participant for r in papers.receipts if r.delivered_on < notice.filed_on)
    if early:
        found += (view.unmet("papers_before_notice", "papers_before", SERVING, participants=early),)
    named = _first_named(view, notice)
    unnamed = tuple(
        r.participant
        for r in papers.receipts
        if notice.filed_on <= r.delivered_on < named.get(r.participant, notice.filed_on)
    )
    if unnamed:
        found += (
            view.unmet("papers_before_list", "published_list", SERVING, participants=unnamed),
        )
    for day in sorted({receipt.delivered_on for receipt in papers.receipts}):
        found += not_ahead(view, day)
    served, invited = {receipt.participant for receipt in papers.receipts}, _sides(listed)
    found += _strangers(view, served, invited)
    left_out = tuple(name for name in invited if name not in served)
    if left_out:
        found += (view.unmet("left_out", "papers_before", SERVING, participants=left_out),)
    return Ruling(found)


def judge_session(view: View, session: HearingHeld) -> Ruling:
    """Refuse a session on another day than announced, without papers served, or out of order.

    Who takes part is on the list, and enough of the list take part.  Under a signed record the
    session stands.
    """
    notice, listed = _filed(view, NOTICE), _filed(view, LISTING)
    if notice is None:
        return Ruling((view.unmet("not_announced"),))
    if _filed(view, RECORD) is not None:
        return Ruling((view.unmet("signed_already", "signed_record"),))
    found = not_ahead(view, session.held_on)
    if session.held_on != notice.day("held_on"):
        found += (
            view.unmet("other_day", held_on=session.held_on, announced=notice.day("held_on")),
        )
    if listed is None:
        return Ruling((*found, view.unmet("list_missing", "published_list", LISTING)))
    if _filed(view, SERVING) is None:
        return Ruling((*found, view.unmet("papers_not_served", "papers_before", SERVING)))
    if session.chair == session.recorder:
        found += (view.unmet("chair_records", "order", SESSION),)
    owed = view.step.rules["order"].choices
    if tuple(part for part in session.order if part in owed) != owed:
        found += (view.unmet("order", "order", SESSION, owed=owed),)
    invited, came = _sides(listed), set(session.present)
    found += _strangers(view, came, invited)
    sides = {side for name, side in invited.items() if name in came}
    absent = tuple(str(side) for side in as_list(notice.payload["sides"]) if side not in sides)
    if absent:
        found += (view.unmet("side_missing", "sides", NOTICE, sides=absent),)
    attendance = view.step.rules.get("attendance")
    present = len(came & invited.keys())
    if attendance is not None and present < _share(attendance) * len(invited):
        postponed = view.unmet(
            "too_few_present",
            "attendance",
            NOTICE,
            wanted=str(_share(attendance)),
            present=present,
            invited=len(invited),
        )
        found += (_anew(view, postponed),)
    return Ruling(found)


def judge_record(view: View, record: HearingRecord) -> Ruling:
    """Refuse a record that somebody present neither signed nor refused to sign with a note.

    Its opinions are numbered one by one, on from those of an earlier hearing, each of a side that
    was announced.  A session has one record.
    """
    session, notice = _filed(view, SESSION), _filed(view, NOTICE)
    if session is None or notice is None:
        return Ruling((view.unmet("not_held"),))
    if _filed(view, RECORD) is not None:
        return Ruling((view.unmet("signed_already", "signed_record"),))
    found: tuple[Unmet, ...] = ()
    present = tuple(dict.fromkeys(str(who) for who in as_list(session.payload["present"])))
    settled = {s.participant for s in record.signatures if s.signed or s.note is not None}
    open_ = tuple(who for who in present if who not in settled)
    if open_:
        found += (view.unmet("unsigned", "signed_record", RECORD, participants=open_),)
    absent = tuple(
        dict.fromkeys(s.participant for s in record.signatures if s.participant not in present)
    )
    if absent:
        found += (view.unmet("not_present", "signed_record", RECORD, participants=absent),)
    numbers = sorted(opinion.number for opinion in record.opinions)
    before = _numbered_before(view)
    first, last = before + 1, before + len(numbers)
    if numbers != [*range(first, last + 1)]:
        found += (
            view.unmet("opinions_unnumbered", "signed_record", RECORD, first=first, last=last),
        )
    announced = set(as_list(notice.payload["sides"]))
    strange = tuple(dict.fromkeys(o.side for o in record.opinions if o.side not in announced))
    if strange:
        found += (view.unmet("opinion_of_no_side", "signed_record", RECORD, sides=strange),)
    return Ruling(found)


def assess(view: View) -> Assessment:
    """Open until an announced hearing was held and its record signed."""
    notice = _filed(view, NOTICE)
    if notice is None:
        return pending(view.unmet("not_announced"))
    if _filed(view, SESSION) is None:
        found: list[Unmet] = [view.unmet("not_held", "", SESSION)]
        if _filed(view, SERVING) is None:
            latest, _ = view.counting.latest(
                view.step.rules["papers_before"], notice.day("held_on")
            )
            found.insert(
                0, view.unmet("papers_not_served", "papers_before", SERVING, latest=latest)
            )
        if _filed(view, LISTING) is None:
            found.insert(0, view.unmet("list_missing", "published_list", LISTING))
        return underway(*found)
    record = _filed(view, RECORD)
    if record is None:
        return underway(view.unmet("record_missing", "signed_record", RECORD))
    return satisfied(record.filed_on)


def course(view: View, start: date) -> Course:
    """The day of the hearing: as announced if list and papers can still be in time, else anew."""
    if _filed(view, SESSION) is not None:
        return at_once(view, start)
    rules = _milestones(view)
    notice = _filed(view, NOTICE)
    if notice is not None:
        held_on = notice.day("held_on")
        ahead = {
            act: (rule, *view.counting.latest(rule, held_on))
            for act, rule in rules.items()
            if act != NOTICE
        }
        if all(_filed(view, act) or start <= latest for act, (_, latest, _) in ahead.items()):
            waits = tuple(
                Wait(rule, act, latest, SESSION, held_on, chosen=True, backward=True)
                for act, (rule, latest, _) in ahead.items()
                if held_on > view.today and (act == SERVING or _filed(view, act) is None)
            )
            unsure = any(provisional for _, _, provisional in ahead.values())
            return Course(max(start, held_on), unsure, waits)
    day, provisional = _first_day(view, start)
    anew = (Wait(rule, act, start, SESSION, day, backward=True) for act, rule in rules.items())
    return Course(day, provisional, tuple(anew))


def _milestones(view: View) -> dict[str, Rule]:
    """The acts that are due a period before the hearing, in their order, each with its rule."""
    names = {NOTICE: "notice_before", LISTING: "list_before", SERVING: "papers_before"}
    rules = view.step.rules
    return {act: rules[name] for act, name in names.items() if name in rules}


def _first_day(view: View, start: date) -> tuple[date, bool]:
    """The first day for which notice, list and papers, all given on `start`, are in time."""
    day = view.counting.soonest(tuple(_milestones(view).values()), start)
    return day, not_firm(view, day)


def _anew(view: View, unmet: Unmet) -> Unmet:
    """The same, cured by announcing the hearing again: for this day at the earliest."""
    day, provisional = _first_day(view, view.today)
    return replace(
        unmet,
        cured_by=view.step.acts[NOTICE],
        earliest=day,
        provisional=unmet.provisional or provisional,
    )


def _filed(view: View, command: str) -> Record | None:
    """The newest record of the command, if it follows the newest of each act before it."""
    found: Record | None = None
    for act in ORDER[: ORDER.index(command) + 1]:
        newest = view.facts.last(act, step=view.step)
        if newest is None or (found is not None and newest.position < found.position):
            return None
        found = newest
    return found


def _sides(listed: Record) -> dict[str, str]:
    """Everybody on the list with the side that they stand for."""
    return {str(each["participant"]): str(each["side"]) for each in listed.items("participants")}


def _first_named(view: View, notice: Record) -> dict[str, date]:
    """Everybody on a list of this hearing, with the day on which one first named them."""
    found: dict[str, date] = {}
    for record in view.facts.of(LISTING, step=view.step):
        if record.position > notice.position:
            found = dict.fromkeys(_sides(record), record.filed_on) | found
    return found


def _numbered_before(view: View) -> int:
    """The last number of an opinion in the records of earlier hearings; 0 without any."""
    return max(
        (
            int(str(opinion["number"]))
            for record in view.facts.of(RECORD)
            for opinion in record.items("opinions")
        ),
        default=0,
    )


def _strangers(view: View, names: set[str], invited: dict[str, str]) -> tuple[Unmet, ...]:
    strangers = tuple(sorted(names - invited.keys()))
    if not strangers:
        return ()
    return (view.unmet("not_listed", "published_list", LISTING, participants=strangers),)


def _written(name: str) -> str:
    """A name without its blanks, for these make no other participant; masking signs stay."""
    return "".join(unicodedata.normalize("NFKC", name).split())


def _share(rule: Rule) -> Fraction:
    return rule.share or Fraction(0)


KIND = Kind(
    name="hearing",
    acts={
        NOTICE: Act(HearingNotice, judge_notice),
        LISTING: Act(HearingList, judge_list),
        SERVING: Act(HearingPapers, judge_papers),
        SESSION: Act(HearingHeld, judge_session),
        RECORD: Act(HearingRecord, judge_record),
    },
    rules={
        "notice_before": RuleShape(period=True),
        "list_before": RuleShape(period=True, optional=True),
        "papers_before": RuleShape(period=True),
        "sides": RuleShape(number=True),
        "published_list": RuleShape(),
        "participants": RuleShape(number=True, optional=True),
        "share_of": RuleShape(share=True, choices=True, optional=True, wider_is_looser=True),
        "more_than": RuleShape(choices=True, optional=True, ordered=True),
        "no_officials": RuleShape(optional=True),
        "attendance": RuleShape(share=True, optional=True),
        "order": RuleShape(choices=True, ordered=True),
        "signed_record": RuleShape(),
    },
    judge=assess,
    soonest=course,
)
