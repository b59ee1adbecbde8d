"""The yearly catalogue: nominated, drawn up, consented to, published, adjusted, completed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from workflow.decisions.flags import overdue
from workflow.decisions.scene import Decision, FileInCatalogue, Scene, SetMatter
from workflow.errors import NotFound
from workflow.kin import key_of
from workflow.ports import Payload
from workflow.refusals import Unmet
from workflow.yearly_catalogue import (
    ADJUST,
    COMPILE,
    COMPLETE,
    CONSENT,
    LINK,
    PUBLISH,
    Edition,
    YearlyCatalogue,
)
from workflow.yearly_forms import (
    AdjustCatalogue,
    CompileCatalogue,
    CompleteCatalogue,
    ConsentCatalogue,
    EntryOf,
    EntryResult,
    LinkEntry,
    NominateEntry,
    PublishCatalogue,
    RuleNotMajor,
)


def nominate_entry(scene: Scene, payload: NominateEntry) -> Decision:
    """Nominate a candidate; it comes in with the edition that is drawn up next."""
    found = scene.catalogue(payload.year)
    entry = len(found.nominated) + 1
    record = {"entry": entry, **payload.journal_form()}
    return _filed(found, payload, tuple(_over(scene, found)), record)


def compile_catalogue(scene: Scene, payload: CompileCatalogue) -> Decision:
    """Draw up the first edition; every candidate is taken in, or left out with the reasons."""
    found = scene.catalogue(payload.year)
    unmet = list(_over(scene, found))
    if found.published:
        unmet.append(scene.rule("catalogue.already_published", ADJUST, year=found.year))
    named = (*payload.entries, *(each.entry for each in payload.left_out))
    unmet += _unknown(scene, COMPILE, found, named, found.nominated)
    if unruled := tuple(number for number in found.nominated if number not in named):
        entries = tuple(_told(found, number) for number in unruled)
        unmet.append(scene.rule("catalogue.candidate_unruled", COMPILE, entries=entries))
    return _filed(found, payload, unmet)


def consent_catalogue(scene: Scene, payload: ConsentCatalogue) -> Decision:
    """Put the committee's letter on file; it answers to the edition that was drawn up last."""
    found = scene.catalogue(payload.year)
    unmet = list(_over(scene, found))
    if payload.given_on > scene.today:
        unmet.append(scene.rule("record.future_day", day=payload.given_on))
    if found.pending is None:
        unmet.append(_nothing_pending(scene, found))
    elif payload.given_on < found.pending.basis.filed_on:
        drawn_up = found.pending.basis.filed_on
        unmet.append(scene.rule("catalogue.consent_too_early", CONSENT, drawn_up=drawn_up))
    unmet += _answered_already(scene, payload)
    return _filed(found, payload, unmet)


def publish_catalogue(scene: Scene, payload: PublishCatalogue) -> Decision:
    """Publish the edition that was drawn up last, once the committee has consented to it.

    One that comes after its last day is published all the same, with a warning.
    """
    found = scene.catalogue(payload.year)
    unmet = list(_over(scene, found))
    if payload.published_on > scene.today:
        unmet.append(scene.rule("record.future_day", day=payload.published_on))
    if found.pending is None:
        unmet.append(_nothing_pending(scene, found))
    else:
        unmet += _unconsented(scene, found.pending, payload)
    unmet += _channels_missing(scene, payload, PUBLISH)
    late: tuple[Unmet, ...] = ()
    if not found.published:
        late = tuple(overdue(scene.procedure, found.year, payload.published_on))
    return _filed(found, payload, unmet, warnings=late)


def adjust_catalogue(scene: Scene, payload: AdjustCatalogue) -> Decision:
    """Draw up an adjusted edition; what is published stands until this one is."""
    found = scene.catalogue(payload.year)
    unmet = list(_over(scene, found))
    edition = found.current
    if edition is None:
        unmet.append(_unpublished(scene, found))
    else:
        absent = set(found.nominated) - set(edition.numbers)
        unmet += _unknown(scene, ADJUST, found, payload.add, absent)
        gone = (each.entry for each in payload.remove)
        unmet += _unknown(scene, ADJUST, found, gone, edition.numbers)
    return _filed(found, payload, unmet)


def complete_catalogue(scene: Scene, payload: CompleteCatalogue) -> Decision:
    """Publish, once the year is over, what became of every entry; each once, and proven."""
    found = scene.catalogue(payload.year)
    unmet: list[Unmet] = []
    if min(scene.today, payload.published_on).year <= found.year:
        unmet.append(scene.rule("catalogue.year_not_over", year=found.year))
    if payload.published_on > scene.today:
        unmet.append(scene.rule("record.future_day", day=payload.published_on))
    if found.completion is not None:
        unmet.append(scene.rule("catalogue.completed", year=found.year))
    if found.current is None:
        unmet.append(_unpublished(scene, found))
    else:
        told = tuple(each.entry for each in payload.outcomes)
        unmet += _unknown(scene, COMPLETE, found, told, found.current.numbers)
        if untold := tuple(number for number in found.current.numbers if number not in told):
            entries = tuple(_told(found, number) for number in untold)
            unmet.append(scene.rule("catalogue.entry_untold", COMPLETE, entries=entries))
    unmet += _channels_missing(scene, payload, COMPLETE)
    unmet += _unproven(scene, found, payload)
    return _filed(found, payload, unmet)


def link_entry(scene: Scene, payload: LinkEntry) -> Decision:
    """Link the matter to an entry of the published catalogue."""
    unmet = tuple(not_in_catalogue(scene, payload.entry, LINK))
    return Decision(unmet=unmet, effects=(SetMatter(entry_columns(payload.entry)),))


def rule_not_major(scene: Scene, payload: RuleNotMajor) -> Decision:
    """Rule that the matter is no major decision; who rules and who may not is for the authority.

    The record keeps the amount that the ruling rests on.
    """
    amount = scene.matter.links.amount_yuan or 0
    return Decision(record={**payload.journal_form(), "amount_yuan": amount})


def not_in_catalogue(scene: Scene, entry: EntryOf, cure: str) -> Iterator[Unmet]:
    """Nothing can be an entry that the published catalogue of the year does not have."""
    found = scene.catalogue(entry.year)
    if not found.stands(entry.number):
        yield from _unknown(scene, cure, found, (entry.number,), ())


def entry_columns(entry: EntryOf) -> Mapping[str, object]:
    """The columns of the matter by which it is found as an entry."""
    return {"entry_year": entry.year, "entry_number": entry.number}


def _filed(
    found: YearlyCatalogue,
    payload: Payload,
    unmet: Iterable[Unmet],
    record: Mapping[str, object] | None = None,
    warnings: tuple[Unmet, ...] = (),
) -> Decision:
    """The decision that puts the act with the catalogue's records."""
    kept = payload.journal_form() if record is None else record
    effect = FileInCatalogue(found.year, len(found.records) + 1)
    return Decision(tuple(unmet), effects=(effect,), record=kept, warnings=warnings)


def _over(scene: Scene, found: YearlyCatalogue) -> Iterator[Unmet]:
    """The catalogue of a year that is over is not changed any more, only completed."""
    if scene.today.year > found.year:
        yield scene.rule("catalogue.year_over", COMPLETE, year=found.year)


def _nothing_pending(scene: Scene, found: YearlyCatalogue) -> Unmet:
    cure = ADJUST if found.published else COMPILE
    return scene.rule("catalogue.nothing_pending", cure, year=found.year)


def _unpublished(scene: Scene, found: YearlyCatalogue) -> Unmet:
    return scene.rule("catalogue.not_published", PUBLISH, year=found.year)


def _unconsented(scene: Scene, edition: Edition, payload: PublishCatalogue) -> Iterator[Unmet]:
    consent = edition.consent
    if consent is None or not edition.consented:
        yield scene.rule("catalogue.unconsented", CONSENT, drawn_up=edition.basis.filed_on)
    elif payload.published_on < consent.day("given_on"):
        given_on = consent.day("given_on")
        yield scene.rule("catalogue.published_too_early", PUBLISH, given_on=given_on)


def _answered_already(scene: Scene, payload: ConsentCatalogue) -> Iterator[Unmet]:
    """A letter answers to one edition, of this year or of one beside it; however it is written."""
    letter = key_of(payload.letter)
    for year in (payload.year - 1, payload.year, payload.year + 1):
        for record in scene.catalogue(year).records:
            if record.command == CONSENT and key_of(record.text("letter")) == letter:
                yield scene.rule(
                    "catalogue.letter_used",
                    CONSENT,
                    letter=payload.letter,
                    year=year,
                    filed_on=record.filed_on,
                )
                return


def _channels_missing(
    scene: Scene, payload: PublishCatalogue | CompleteCatalogue, act: str
) -> Iterator[Unmet]:
    """Where the catalogue has to be published in any case, and was not."""
    used = {each.channel for each in payload.places}
    owed = scene.procedure.rules["catalogue.channels"].choices
    if lacking := tuple(name for name in owed if name not in used):
        yield scene.rule("catalogue.channels", act, channels=lacking)


def _unknown(
    scene: Scene,
    cure: str,
    found: YearlyCatalogue,
    named: Iterable[int],
    known: Iterable[int],
) -> Iterator[Unmet]:
    """Entries that are not among those that can be meant, or are named twice."""
    counted, there = Counter(named), tuple(sorted(known))
    wrong = tuple(number for number in counted if number not in there or counted[number] > 1)
    if wrong:
        yield scene.rule(
            "catalogue.unknown_entry", cure, year=found.year, entries=wrong, known=there
        )


def _unproven(scene: Scene, found: YearlyCatalogue, payload: CompleteCatalogue) -> Iterator[Unmet]:
    """What is said to be decided rests on a matter that is that entry and was issued.

    Or else on a document; a matter that is named proves by itself.
    """
    unproven: list[str] = []
    for each in payload.outcomes:
        if each.matter is not None and each.matter not in scene.linked:
            raise NotFound("unknown.matter", matter=each.matter)
        if each.result is EntryResult.DECIDED:
            linked = None if each.matter is None else scene.linked[each.matter]
            proven = (
                each.document is not None
                if linked is None
                else linked.issued and linked.entry == (found.year, each.entry)
            )
            if not proven:
                unproven.append(_told(found, each.entry))
    if unproven:
        yield scene.rule("catalogue.decision_unproven", COMPLETE, entries=tuple(unproven))


def _told(found: YearlyCatalogue, number: int) -> str:
    """An entry by its number and, where there is one, its title."""
    entry = found.nominated.get(number)
    return str(number) if entry is None else f"{number} {entry.title}"
