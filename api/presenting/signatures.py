"""Who signed which text, and whether it holds: for programs and on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from api.presenting.behind import behind
from api.presenting.page import Page, Style
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.checkpoints import grouped
from workflow.inquiry import Standing
from workflow.sealing import SignedAct
from workflow.signing import Found, PublicKey

_SHOWN: Final = 16
"""So much of a digest is enough to compare it by eye."""


def signature_data(each: SignedAct) -> dict[str, Any]:
    """A signature for programs; what was signed is in the export."""
    record, signed = each.record, each.signed
    return {
        "position": record.position,
        "act": record.command,
        "step": record.step,
        "signer": record.actor,
        "for": record.principal,
        "unit": record.unit,
        "role": record.role,
        "draft": record.draft,
        "day": record.filed_on.isoformat(),
        "statement": each.digest or None,
        "algorithm": None if signed is None else signed.key.algorithm,
        "key": None if signed is None else signed.key.fingerprint,
        "value": None if signed is None else signed.value,
        "owed": each.owed,
        "holds": signed is not None and not each.flaws,
        "flaws": [flaw.value for flaw in each.flaws],
    }


def write_signatures(page: Page, catalogue: Catalogue, found: Sequence[SignedAct]) -> None:
    """Every signed act: whose, on which text, with which key, and what is wrong with it."""
    say = catalogue.text
    for each in found:
        record = each.record
        page.line(
            say(
                "signature.line",
                act=say(f"command.{record.command}.title"),
                draft=record.draft,
                signer=record.actor,
                day=record.filed_on,
            )
        )
        if each.signed is not None:
            page.line(
                say(
                    "signature.by",
                    algorithm=each.signed.key.algorithm,
                    key=each.signed.key.fingerprint[:_SHOWN],
                ),
                first="    ",
                style=Style.QUIET,
            )
        _standing(page, catalogue, each.flaws, unsigned=each.signed is None)
    if not found:
        page.line(say("signature.none"))


def signature_rows(
    catalogue: Catalogue, wording: Wording, standing: Standing
) -> list[tuple[str, str, str, str, str]]:
    """Of each signed act: which, on which text, who and for whom, the day, and whether it holds.

    The last begins with the fingerprint of the key.
    """
    say = catalogue.text
    return [
        (
            wording.command(each.record.command),
            say("matter.draft_number", number=each.record.draft),
            behind(catalogue, wording, each.record.actor, each.record.principal),
            say("days.plain", day=each.record.filed_on),
            _held(catalogue, each),
        )
        for each in standing.signatures
    ]


def _held(catalogue: Catalogue, each: SignedAct) -> str:
    say = catalogue.text
    if each.flaws:
        found = "".join(say(f"signature.flaw.{flaw}") for flaw in each.flaws[:1])
    else:
        found = say("signature.before" if each.signed is None else "signature.holds")
    if each.signed is None:
        return found
    return say("signature.short", key=grouped(each.signed.key.fingerprint[:_SHOWN]), found=found)


def _standing(
    page: Page, catalogue: Catalogue, flaws: Iterable[str], *, unsigned: bool = False
) -> None:
    say, told = catalogue.text, list(flaws)
    for flaw in told:
        page.line(say(f"signature.flaw.{flaw}"), first="    ", style=Style.REFUSED)
    if not told and unsigned:
        page.line(say("signature.before"), first="    ", style=Style.QUIET)
    elif not told:
        page.line(say("signature.holds"), first="    ", style=Style.DONE)


def found_data(each: Found) -> dict[str, Any]:
    """A signature of an export as it was verified."""
    return {
        "position": each.position,
        "act": each.act,
        "signer": each.signer,
        "at": each.at,
        "key": each.key,
        "holds": not each.flaws,
        "flaws": [flaw.value for flaw in each.flaws],
    }


def write_verified(page: Page, catalogue: Catalogue, found: Sequence[Found]) -> None:
    """Every signature of an export, each with its flaws by name."""
    say = catalogue.text
    for each in found:
        title = f"command.{each.act}.title"
        act = say(title) if title in catalogue else each.act
        page.line(say("signature.verified", act=act, signer=each.signer, at=each.at))
        page.line(say("signature.key", key=each.key), first="    ", style=Style.QUIET)
        _standing(page, catalogue, each.flaws)
    if not found:
        page.line(say("signature.none"))
    else:
        page.line(say("signature.compare_keys"), style=Style.QUIET)


def key_data(key: PublicKey, why: str | None) -> dict[str, Any]:
    """A key of a person, and why it ended."""
    return {
        "key": key.fingerprint,
        "algorithm": key.algorithm,
        "public": key.public,
        "made_at": key.made_at.isoformat(),
        "ended_at": None if key.ended_at is None else key.ended_at.isoformat(),
        "ended_why": why,
    }


def write_keys(
    page: Page, catalogue: Catalogue, keys: Sequence[tuple[PublicKey, str | None]], zone: ZoneInfo
) -> None:
    """The keys of a person, the oldest first."""
    say = catalogue.text
    for key, why in keys:
        page.line(
            say(
                "signature.key_line",
                algorithm=key.algorithm,
                key=key.fingerprint,
                since=key.made_at.astimezone(zone),
            )
        )
        if key.ended_at is not None:
            page.line(
                say(
                    "signature.key_ended",
                    at=key.ended_at.astimezone(zone),
                    why=say(f"signature.ended.{why}"),
                ),
                first="    ",
            )
    if not keys:
        page.line(say("signature.no_key"))
