"""Retaining law firms (聘用法律顾问): the contract, where it was filed, clients, an early end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from workflow.decisions.scene import Decision, KeepRetainer, Scene, refused
from workflow.decisions.staffing import left_without
from workflow.directory import Directory
from workflow.errors import NotFound
from workflow.facts import Record
from workflow.ports import Payload
from workflow.refusals import Unmet
from workflow.retainer_forms import EndRetainer, FileRetainer, RegisterRetainer, StateClients
from workflow.retainers import END, FILE, ONE_DAY, REGISTER, STATE, Retainer


def file_retainer(scene: Scene, payload: FileRetainer) -> Decision:
    """Retain a firm with some of its lawyers, for no longer than the rules allow."""
    units = scene.directory.units
    if payload.firm not in units:
        named = tuple(unit.name.typed(unit.id) for unit in units.values())
        raise NotFound("unknown.unit", units=(payload.firm,), known=tuple(units), named=named)
    lawyers = tuple(each.account for each in payload.lawyers)
    for lawyer in lawyers:
        if lawyer not in scene.directory.persons:
            raise NotFound("unknown.person", person=lawyer)
    days = [each.stated_on for each in payload.lawyers]
    if payload.filing is not None:
        days.append(payload.filing.filed_on)
    unmet = (
        *_of_oneself(scene, payload.firm, lawyers),
        *_ahead(scene, days),
        *_unfit(scene, payload, lawyers),
        *_too_long(scene, payload),
    )
    number = len(scene.directory.retainers.all) + 1
    return refused(*unmet) if unmet else _kept(scene, FILE, payload, number)


def register_retainer(scene: Scene, payload: RegisterRetainer) -> Decision:
    """Tell, once, where a retainer was filed."""
    retainer = _known(scene, payload.retainer)
    unmet = (
        *_of_oneself(scene, retainer.firm, retainer.lawyers),
        *_ahead(scene, [payload.filing.filed_on]),
    )
    if retainer.filing is not None:
        unmet += (scene.rule("retainer.registered", number=retainer.number),)
    return refused(*unmet) if unmet else _kept(scene, REGISTER, payload)


def state_clients(scene: Scene, payload: StateClients) -> Decision:
    """State how many a lawyer advises; too many bars from signing, and that is told at once."""
    if payload.lawyer not in scene.directory.persons:
        raise NotFound("unknown.person", person=payload.lawyer)
    named = scene.directory.retainers.naming(payload.lawyer)
    unmet = (
        *(each for one in named[:1] for each in _of_oneself(scene, one.firm, (payload.lawyer,))),
        *_ahead(scene, [payload.stated_on]),
    )
    if not named:
        unmet += (scene.rule("retainer.unnamed", FILE, account=payload.lawyer),)
    if unmet:
        return refused(*unmet)
    found = _kept(scene, STATE, payload)
    return replace(found, warnings=_missed(scene, STATE, payload, (payload.lawyer,), scene.today))


def end_retainer(scene: Scene, payload: EndRetainer) -> Decision:
    """End a retainer today or later; what nobody can sign any more for it is told at once."""
    retainer = _known(scene, payload.retainer)
    unmet = tuple(_of_oneself(scene, retainer.firm, retainer.lawyers))
    if not scene.today <= payload.last_day < retainer.last_day:
        until = retainer.last_day
        unmet += (scene.rule("retainer.dates", FILE, since=payload.last_day, until=until),)
    if unmet:
        return refused(*unmet)
    first = max(retainer.since, payload.last_day + ONE_DAY)
    return replace(
        _kept(scene, END, payload),
        changes={"until": (retainer.last_day, payload.last_day)},
        warnings=_missed(scene, END, payload, retainer.lawyers, first),
    )


def _kept(scene: Scene, act: str, payload: Payload, number: int | None = None) -> Decision:
    kept = _told(payload, number)
    return Decision(
        effects=(KeepRetainer(act, scene.directory.retainers.records + 1, number),), record=kept
    )


def _told(payload: Payload, number: int | None = None) -> dict[str, object]:
    return {**payload.journal_form(), **({} if number is None else {"number": number})}


def _missed(
    scene: Scene, act: str, payload: Payload, lawyers: Iterable[str], day: date
) -> tuple[Unmet, ...]:
    """The open matters on which nobody could sign any more from a day on."""
    record = Record(0, act, None, "", scene.actor.account, None, "", "", _told(payload), 0, day)
    people: Directory = scene.directory
    after = replace(people, retainers=people.retainers.with_(record))
    roles = {held.role for lawyer in lawyers for held in people.of_person(lawyer, day)}
    return left_without(scene, after, day, roles)


def _known(scene: Scene, number: int) -> Retainer:
    """Raises NotFound for a retainer that there is not."""
    retainer = scene.directory.retainers.of(number)
    if retainer is None:
        raise NotFound("unknown.retainer", retainer=number)
    return retainer


def _of_oneself(scene: Scene, firm: str, lawyers: tuple[str, ...]) -> Iterator[Unmet]:
    """Nobody retains himself, or the firm in which he holds a post."""
    people = tuple(
        person
        for person in scene.actor.persons
        if person in lawyers
        or any(held.unit == firm for held in scene.directory.of_person(person, scene.today))
    )
    if people:
        yield scene.rule("retainer.of_oneself", FILE, people=people)


def _ahead(scene: Scene, days: Iterable[date]) -> Iterator[Unmet]:
    """Nothing is stated or filed on a day to come."""
    for day in sorted({each for each in days if each > scene.today}):
        yield scene.rule("record.future_day", day=day)


def _unfit(scene: Scene, payload: FileRetainer, lawyers: tuple[str, ...]) -> Iterator[Unmet]:
    firm, allowed = scene.directory.units[payload.firm], scene.procedure.rules["retainer.firm"]
    if firm.functions.isdisjoint(allowed.choices):
        yield scene.rule("retainer.firm", FILE, unit=firm.name)
    if payload.until < payload.since:
        yield scene.rule("retainer.dates", FILE, since=payload.since, until=payload.until)
        return
    strangers = tuple(
        lawyer
        for lawyer in dict.fromkeys(lawyers)
        if not any(
            held.person == lawyer
            and held.unit == payload.firm
            and held.meets(payload.since, payload.until)
            for held in scene.directory.appointments
        )
    )
    if strangers:
        yield scene.rule("retainer.lawyers", "appoint", people=strangers, unit=firm.name)


def _too_long(scene: Scene, payload: FileRetainer) -> Iterator[Unmet]:
    """Refuses a term of more than so many years; to renew it is to file another."""
    rule = scene.procedure.rules.get("retainer.term")
    if rule is None or rule.value is None:
        return
    latest = last_of_term(payload.since, rule.value)
    if payload.until > latest:
        yield Unmet(
            "retainer.term",
            rule.citations,
            {"most": rule.value, "latest": latest},
            cured_by=scene.procedure.holders(FILE),
            earliest=scene.today,
        )


def last_of_term(since: date, years: int) -> date:
    """The last day of a term of so many years that begins on a day."""
    if since.year + years > date.max.year:
        return date.max
    try:
        again = since.replace(year=since.year + years)
    except ValueError:
        # The 29th of February, in a year without one.
        again = date(since.year + years, 3, 1)
    return again - ONE_DAY
