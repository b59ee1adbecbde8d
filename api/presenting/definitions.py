"""Definitions on a terminal: the list, one in full, and what the proof found."""

from __future__ import annotations

from collections.abc import Sequence

from api.presenting.conditions import Conditions
from api.presenting.page import Page, Style
from procedures.prover import Fault, Proof
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.definition import Citation, Instrument, Procedure, Rule
from workflow.difference import Amount, amount_of


class Definitions:
    """Words for definitions in the language of a catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._say = catalogue.text

    def write_list(self, page: Page, found: Sequence[Procedure]) -> None:
        """A line for each version of each procedure."""
        page.table(
            [
                (each.id, each.version.isoformat(), self._say("days.names", names=(each.name,)))
                for each in found
            ]
        )

    def write(self, page: Page, procedure: Procedure) -> None:
        """Head, stages, and the steps with their rules and provisions."""
        say, wording = self._say, Wording(self._catalogue, procedure)
        conditions = Conditions(self._catalogue, procedure.questions)
        page.heading(say("procedures.title", name=procedure.name))
        rows = [
            (say("procedures.id"), procedure.id),
            (say("procedures.version"), say("days.plain", day=procedure.version)),
            (say("procedures.digest"), procedure.digest),
        ]
        if procedure.lineage:
            rows.append((say("procedures.lineage"), say("days.names", names=procedure.lineage)))
        joins = tuple(dict.fromkeys(join.procedure for join in procedure.joins))
        for name, others in (("joins", joins), ("offers", procedure.offers)):
            if others:
                rows.append((say(f"procedures.{name}"), say("days.names", names=others)))
        stages = tuple(stage.name for stage in procedure.stages.values())
        rows.append((say("procedures.stages"), say("procedures.stage_list", stages=stages)))
        page.pairs(rows, indent="  ")
        for step in procedure.steps.values():
            page.blank()
            page.heading(say("procedures.step", name=step.name, id=step.id))
            parts = [(say("procedures.basis"), self._law(wording, step.citations))]
            condition = conditions.words(step.required_when)
            parts.append((say("procedures.required_when"), condition))
            if step.after:
                after = tuple(map(wording.step, step.after))
                parts.append((say("procedures.after"), say("days.names", names=after)))
            if step.before is not None:
                gate = say(f"procedures.gate.{step.before.value}")
                parts.append((say("procedures.before"), gate))
            for act, holders in step.acts.items():
                posts = tuple(post for holder in holders for post in wording.posts(holder))
                parts.append((wording.command(act), say("days.names", names=posts)))
            parts += [
                (wording.rule(step.id, rule.id), self._rule(wording, rule))
                for rule in step.rules.values()
            ]
            page.pairs(parts, indent="  ")
        page.blank()
        page.heading(say("procedures.instruments"))
        page.pairs(
            [(each.id, self._instrument(each)) for each in procedure.instruments.values()],
            indent="  ",
        )

    def write_proof(self, page: Page, proof: Proof, seconds: float) -> None:
        """What the proof of one definition found, each fault with the shortest way to it."""
        procedure = proof.procedure
        told = {
            "name": procedure.name,
            "id": procedure.id,
            "version": procedure.version.isoformat(),
            "states": proof.states_explored,
            "seconds": f"{seconds:.2f}",
            "count": len(proof.faults),
        }
        code = "procedures.broken" if proof.faults else "procedures.proven"
        page.line(self._say(code, **told), style=Style.REFUSED if proof.faults else Style.DONE)
        wording = Wording(self._catalogue, procedure)
        for number, fault in enumerate(proof.faults, 1):
            page.line(self._say(fault.code, **fault.params), first=f"  {number}. ")
            self._write_path(page, wording, fault)

    def _write_path(self, page: Page, wording: Wording, fault: Fault) -> None:
        if not fault.path:
            return
        page.line(self._say("procedures.path"), first="     ", style=Style.QUIET)
        for number, way in enumerate(fault.path, 1):
            told = {
                "command": wording.command(way.command),
                "stage": wording.stage(way.stage),
                "outcome": self._outcome(wording, way.outcome),
            }
            code = "procedures.way_with_outcome" if way.outcome else "procedures.way"
            page.line(self._say(code, **told), first=f"     {number}) ")

    def _outcome(self, wording: Wording, outcome: str) -> str:
        for group in ("verdict", "nature", "conclusion", "reply", "outcome"):
            if (told := wording.choice(group, outcome)) != outcome:
                return told
        return outcome

    def _rule(self, wording: Wording, rule: Rule) -> str:
        parts = (rule_words(self._catalogue, rule), self._law(wording, rule.citations))
        return self._say("days.comma").join(part for part in parts if part)

    def _instrument(self, instrument: Instrument) -> str:
        told = {"title": instrument.title, "number": instrument.number}
        if instrument.in_force is None:
            words = self._say("procedures.instrument.undated", **told)
        else:
            day = self._say("days.plain", day=instrument.in_force)
            words = self._say("procedures.instrument.dated", **told, day=day)
        return self._say(f"procedures.instrument.{instrument.confidence}", told=words)

    def _law(self, wording: Wording, citations: tuple[Citation, ...]) -> str:
        return self._say("days.between").join(map(wording.citation, citations))


def amount_words(catalogue: Catalogue, amount: Amount) -> str:
    """A number, share or period in words, with those that bind beside it; empty for a bare duty."""
    parts: list[str] = []
    if amount.value is not None and amount.unit is not None:
        code = f"days.one.{amount.unit}" if amount.value == 1 else f"days.amount.{amount.unit}"
        parts.append(catalogue.text(code, amount=amount.value))
    elif amount.value is not None:
        parts.append(str(amount.value))
    if amount.share is not None:
        parts.append(f"{amount.share.numerator}/{amount.share.denominator}")
    also = (amount_words(catalogue, each) for each in amount.also)
    parts += [catalogue.text("difference.also", amount=each) for each in also]
    return catalogue.text("days.comma").join(parts)


def rule_words(catalogue: Catalogue, rule: Rule) -> str:
    """What a rule asks for, without its provision; empty for a bare duty."""
    parts = [amount_words(catalogue, amount_of(rule))]
    if rule.unit is not None:
        parts.append(catalogue.text(f"procedures.floor.{rule.floor.value}"))
    if rule.choices:
        parts.append(catalogue.text("days.names", names=rule.choices))
    return catalogue.text("days.comma").join(part for part in parts if part)
