"""In what two definitions differ, in plain words, each with its provision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from itertools import groupby

from api.presenting.conditions import Conditions
from api.presenting.definitions import amount_words, rule_words
from api.presenting.page import Page, Style
from procedures.answers import find
from procedures.book import shipped
from procedures.kinds import KINDS
from procedures.looser import Looser
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.definition import Citation, Condition, Holder, Procedure, Rule, Step, Text, Waivable
from workflow.difference import Amount, Difference, Part


class Differences:
    """Words for what differs between two definitions."""

    def __init__(self, catalogue: Catalogue, before: Procedure, after: Procedure) -> None:
        self._catalogue = catalogue
        self._say = catalogue.text
        self._before, self._after = before, after
        self._wordings = (Wording(catalogue, before), Wording(catalogue, after))
        self._questions = {**before.questions, **after.questions}
        self._conditions = Conditions(catalogue, self._questions)
        self._looser = Looser(before, after, KINDS, shipped().counting)

    def write(self, page: Page, found: Sequence[Difference]) -> None:
        """Every difference, those of one step together."""
        names = [self._edition(each) for each in (self._before, self._after)]
        page.heading(self._say("difference.title", before=names[0], after=names[1]))
        if not found:
            page.line(self._say("difference.none"), style=Style.DONE)
            return
        page.line(self._say("difference.count", count=len(found)), style=Style.QUIET)
        if looser := self.looser(found):
            told = self._say("difference.looser_count", count=len(looser))
            page.line(told, style=Style.WARNING)
        self.write_list(page, found)

    def write_looser(self, page: Page, found: Sequence[Difference]) -> None:
        """By what a new edition asks for less than the one before, each with its provision."""
        version = self._say("days.plain", day=self._before.version)
        told = self._say("procedures.looser", before=version, count=len(found))
        page.line(told.strip(), first="  ", style=Style.WARNING)
        for each in found:
            self.write_one(page, each, first="    ~ ")

    def write_list(self, page: Page, found: Sequence[Difference], indent: str = "") -> None:
        """The differences alone, grouped by step."""
        last = len(self._after.steps) + len(self._before.steps)
        order = {
            name: place for place, name in enumerate({**self._after.steps, **self._before.steps})
        }
        listed = sorted(found, key=lambda each: order.get(each.about or "", last))
        for about, group in groupby(listed, key=lambda each: each.about):
            page.blank()
            title = "difference.in_procedure" if about is None else "difference.in_step"
            name = "" if about is None else self._step(about)
            page.line(self._say(title, name=name, id=about), first=indent, style=Style.HEADING)
            for each in group:
                mark = "+ " if each.added else "- " if each.dropped else "~ "
                self.write_one(page, each, first=f"{indent}  {mark}")

    def write_one(self, page: Page, difference: Difference, first: str) -> None:
        """One difference with its provision, marked where it asks for less."""
        looser = self._looser.is_looser(difference)
        told = self.words(difference) + (self._say("difference.looser") if looser else "")
        page.line(told, first=first, style=Style.WARNING if looser else None)
        if difference.citations and difference.aspect != "citations":
            law = self._say("difference.law", law=self._law(difference))
            page.line(law, first=" " * len(first), style=Style.QUIET)

    def looser(self, found: Sequence[Difference]) -> tuple[Difference, ...]:
        """Those by which less is asked for."""
        return tuple(each for each in found if self._looser.is_looser(each))

    def as_data(self, difference: Difference) -> dict[str, object]:
        """A difference for programs, with its words."""
        law = [self._citation(each, difference) for each in difference.citations]
        looser = self._looser.is_looser(difference)
        words = self.words(difference)
        return {**difference.as_json(), "looser": looser, "words": words, "law": law}

    def words(self, difference: Difference) -> str:
        """A difference in one sentence."""
        what = self._what(difference)
        if difference.added or difference.dropped:
            code = "difference.added" if difference.added else "difference.dropped"
            value = difference.after if difference.added else difference.before
            told = self._whole(difference, value)
            return self._say(f"{code}_with" if told else code, what=what, value=told)
        aspect = self._say(f"difference.aspect.{difference.aspect}")
        before, after = difference.before, difference.after
        if isinstance(before, tuple) and isinstance(after, tuple) and set(before) != set(after):
            parts = [
                self._say(f"difference.list.{code}", items=self._value(difference, items))
                for code, items in (
                    ("added", tuple(each for each in after if each not in before)),
                    ("dropped", tuple(each for each in before if each not in after)),
                )
                if items
            ]
            told = self._say("difference.list.between").join(parts)
            return self._say("difference.changed_list", what=what, aspect=aspect, changes=told)
        pair = {"before": self._value(difference, before), "after": self._value(difference, after)}
        sentence = self._say("difference.changed", what=what, aspect=aspect, **pair)
        return sentence + self._widened(difference)

    # --- what a difference is about ---------------------------------------------------------------

    def _what(self, difference: Difference) -> str:
        name = self._name(difference)
        return self._say(f"difference.part.{difference.part.value}", name=name)

    def _name(self, difference: Difference) -> str:
        subject = difference.subject
        match difference.part:
            case Part.STEP:
                told = self._step(subject)
            case Part.ACT | Part.PERMISSION | Part.PAUSE:
                told = self._command(subject)
            case Part.RULE:
                told = self._rule_name(subject, difference.step or "")
            case Part.QUESTION:
                told = self._conditions.question(subject)
            case Part.STAGE:
                told = self._wording(difference).stage(subject)
            case Part.SEPARATION | Part.DENIAL | Part.MOVE:
                command, _, rest = subject.partition(" ")
                pair = {"first": self._command(command), "second": rest}
                told = self._say("difference.pair", **pair).strip()
            case _:
                told = subject
        return told

    def _rule_name(self, rule: str, step: str) -> str:
        found = self._wordings[1].rule(step, rule)
        code = "difference.named_by_id" if found == rule else "difference.named"
        return self._say(code, name=found, id=rule)

    def _step(self, step: str) -> str:
        after, before = self._wordings[1].step(step), self._wordings[0].step(step)
        return before if after == step else after

    def _command(self, name: str) -> str:
        code = f"command.{name}.title"
        return self._say(code) if code in self._catalogue else name

    # --- values -----------------------------------------------------------------------------------

    def _whole(self, difference: Difference, value: object) -> str:
        """What is told of a part that is there on one side only; empty where its name says all."""
        match value:
            case Step():
                return self._conditions.words(value.required_when)
            case Rule():
                return rule_words(self._catalogue, value)
            case tuple():
                return self._value(difference, value)
            case _:
                return ""

    def _value(self, difference: Difference, value: object) -> str:
        told: str
        match value:
            case None | ():
                told = self._say("difference.nothing")
            case Amount():
                told = amount_words(self._catalogue, value) or self._say("difference.bare_duty")
            case Condition():
                told = self._conditions.words(value)
            case Waivable():
                posts = {
                    "request": self._posts(value.request),
                    "approve": self._posts(value.approve),
                }
                told = self._say("difference.waivable", **posts)
            case Enum():
                told = self._say(f"difference.value.{value.value}")
            case bool():
                told = self._conditions.answer(value)
            case Text():
                told = value[self._catalogue.locale]
            case date():
                told = self._say("days.plain", day=value)
            case tuple():
                told = self._listed([self._item(difference, each) for each in value])
            case _:
                told = str(value)
        return told

    def _item(self, difference: Difference, item: object) -> str:
        wording = self._wording(difference)
        match item:
            case Citation():
                return self._citation(item, difference)
            case Holder():
                return self._posts((item,))
            case (str(source), str(to)):
                pair = (wording.stage(source), wording.stage(to))
                code = "difference.way" if source != to else "difference.stay"
                return self._say(code, source=pair[0], to=pair[1])
            case str() if difference.part is Part.STEP:
                return self._step(item)
            case str() if difference.part is Part.SEPARATION and difference.aspect == "others":
                return self._command(item)
            case _:
                return str(item)

    def _posts(self, holders: tuple[Holder, ...]) -> str:
        return self._listed([post for each in holders for post in self._wordings[1].posts(each)])

    def _widened(self, difference: Difference) -> str:
        """Answers for which the step is newly required, or no longer."""
        was, now = difference.before, difference.after
        if not (isinstance(was, Condition) and isinstance(now, Condition)):
            return ""
        return "".join(
            self._say(f"difference.{code}", answers=answers)
            for code, wanted in (
                ("newly_required", ((was, False), (now, True))),
                ("no_longer_required", ((was, True), (now, False))),
            )
            for answers in self._examples(wanted)
        )

    def _examples(self, wanted: tuple[tuple[Condition, bool], ...]) -> Iterator[str]:
        found = find(self._questions, wanted)
        if found:
            yield self._listed(
                [
                    self._conditions.words(Condition("is", (), name, answer))
                    for name, answer in found.items()
                ]
            )

    def _listed(self, items: Sequence[str]) -> str:
        return self._say("days.between").join(items)

    def _law(self, difference: Difference) -> str:
        return self._listed([self._citation(each, difference) for each in difference.citations])

    def _citation(self, citation: Citation, difference: Difference) -> str:
        first = difference.dropped or citation.instrument not in self._after.instruments
        return self._wordings[0 if first else 1].citation(citation)

    def _wording(self, difference: Difference) -> Wording:
        return self._wordings[0 if difference.dropped else 1]

    def _edition(self, procedure: Procedure) -> str:
        name, version = procedure.name, procedure.version.isoformat()
        return self._say("matter.edition", name=name, version=version)
