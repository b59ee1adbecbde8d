"""What the engine says in ids, put into the words of one language: refusals, provisions, posts.

Pure: every word comes from the catalogues, the definition and the directory of the organisation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from procedures.citing import Citing
from workflow.catalogue import Catalogue, Said
from workflow.definition import Citation, Holder, Procedure, Relation, Step, Text
from workflow.directory import Directory
from workflow.facts import Facts, as_list
from workflow.ports import StepState
from workflow.refusals import Unmet

#: Params of refusals that are ids, and the group of `[choice]` that words them.
_GROUPS: Final[Mapping[str, str]] = {
    "bases": "basis",
    "categories": "category",
    "channels": "channel",
    "choices": "answer",
    "computed": "grade",
    "grade": "grade",
    "grounds": "ground",
    "headings": "heading",
    "exemptions": "exemption",
    "known": "channel",
    "methods": "method",
    "modes": "ballot_mode",
    "offered": "method",
    "others": "category",
    "owed": "part",
    "papers": "paper",
    "parties": "party",
    "retentions": "retention",
    "rule": "rule",
    "source": "opinion_source",
    "sources": "opinion_source",
    "tie": "tie",
    "triggers": "trigger",
    "unit": "unit",
}
_ACCOUNTS: Final = frozenset({"account", "expert", "experts", "people"})
_UNITS: Final = frozenset({"units"})
_ACTS: Final = frozenset({"act", "other_act"})

_LISTED: Final = 12
_QUOTED: Final = 80


@dataclass(frozen=True, slots=True)
class RefusalWords:
    """One unmet condition in words.

    `what` is missing, `law` demands it, `evidence` cures it and `who` (posts) can bring it, on
    `earliest` at the soonest (None where no day can be told), which is provisional where it lies
    beyond the last official holiday notice.  `people` are those who hold the posts on the day
    asked for, without anybody whom the refusal itself bars.
    """

    code: str
    what: str
    law: tuple[str, ...]
    evidence: str
    who: tuple[str, ...]
    earliest: str | None
    provisional: bool
    people: tuple[str, ...] = ()


class Wording:
    """Words for one procedure in the language of `catalogue`, with the organisation's own names.

    Without a directory units are named by their relation or function.  What a locality or a later
    version brings without words of ours keeps its id.
    """

    def __init__(
        self, catalogue: Catalogue, procedure: Procedure, directory: Directory | None = None
    ) -> None:
        self._catalogue = catalogue
        self._procedure = procedure
        self._directory = directory
        titles = {each.id: each.title for each in procedure.instruments.values()}
        self._citing = Citing(catalogue, titles)

    def citation(self, citation: Citation) -> str:
        """A provision as one cites it: 《条例》第二十五条第一款; unconfirmed ones are marked."""
        return self._citing.words(citation)

    def refusal(
        self, unmet: Unmet, facts: Facts | None = None, day: date | None = None
    ) -> RefusalWords:
        """An unmet condition in words; `facts` tell which unit leads, `day` who holds its posts."""
        code = f"refusal.{unmet.code}"
        if f"{code}.what" not in self._catalogue:
            # A rule that a locality added as data has its citation but no words here.
            code = "refusal.unworded"
        unsure = tuple(as_list(unmet.params.get("unsure")))
        params = {
            name: self._provisional(value) if name in unsure else self._param(name, value)
            for name, value in unmet.params.items()
        }
        params.setdefault("code", unmet.code)
        say, earliest = self._catalogue.text, unmet.earliest
        return RefusalWords(
            code=unmet.code,
            what=say(f"{code}.what", **params),
            law=_once(self.citation(citation) for citation in unmet.citations),
            evidence=say(f"{code}.evidence", **params),
            who=_once(post for holder in unmet.cured_by for post in self.posts(holder, facts)),
            earliest=None if earliest is None else self.day(earliest),
            provisional=unmet.provisional,
            people=self._people(unmet, facts, day),
        )

    def posts(self, holder: Holder, facts: Facts | None = None) -> tuple[str, ...]:
        """The posts that a holder stands for: one in each unit, or in "the lead unit"."""
        role = self._procedure.roles.get(holder.role)
        named = holder.role if role is None else self._of(role.name)
        return tuple(
            self._catalogue.text("holder.post", unit=unit, role=named)
            for unit in self._units(holder.of, facts)
        )

    def day(self, day: date) -> str:
        """A day as the language writes it."""
        return self._catalogue.text("listing.day", day=day)

    def command(self, name: str) -> str:
        """The title of a command of the lifecycle or of a step kind."""
        return self._catalogue.text(f"command.{name}.title")

    def act(self, name: str, step: Step | None) -> str:
        """The title of an act; with its step, where acts of several steps bear the same title."""
        title = self.command(name)
        if step is None or len(self._procedure.steps_of(name)) < 2:  # noqa: PLR2004 - several
            return title
        return self._catalogue.text("act.of_step", act=title, step=self._of(step.name))

    def stage(self, stage: str) -> str:
        """The name of a stage."""
        found = self._procedure.stages.get(stage)
        return stage if found is None else self._of(found.name)

    def step(self, step: str) -> str:
        """The name of a step."""
        found = self._procedure.steps.get(step)
        return step if found is None else self._of(found.name)

    def step_state(self, state: StepState) -> str:
        """How a step stands."""
        return self._catalogue.text(f"step_state.{state.value}")

    def choice(self, group: str, value: str) -> str:
        """What was chosen among given values, such as a verdict, a grade, a paper or a channel."""
        code = f"choice.{group}.{value}"
        return self._catalogue.text(code) if code in self._catalogue else value

    def rule(self, step: str, rule: str) -> str:
        """The name of a rule, which may say another thing in a step of another kind."""
        found = self._procedure.steps.get(step)
        code = "" if found is None else f"rule.{found.kind}.{rule}.name"
        return self._catalogue.text(code) if code in self._catalogue else self.choice("rule", rule)

    def unit(self, unit: str) -> str:
        """The name of a unit."""
        found = None if self._directory is None else self._directory.units.get(unit)
        return unit if found is None else self._of(found.name)

    def person(self, account: str) -> str:
        """The name that an account goes by; accounts are named after posts."""
        found = None if self._directory is None else self._directory.persons.get(account)
        return account if found is None else self._of(found)

    def _param(self, name: str, value: object) -> object:
        if isinstance(value, list | tuple):
            return self._shortened([self._param(name, item) for item in as_list(value)])
        return self._named(name, value) if isinstance(value, str) else value

    def _provisional(self, value: object) -> object:
        """A day that lies past the last official holiday notice."""
        return Said("listing.provisional_day", {"day": value})

    def _named(self, name: str, value: str) -> object:
        if name in _GROUPS:
            return self.choice(_GROUPS[name], value)
        if name in _ACCOUNTS:
            return self.person(value)
        if name in _UNITS:
            return self.unit(value)
        if name in _ACTS:
            return self._act(value)
        return self._quoted(value)

    def _act(self, name: str) -> str:
        """The title of a command, or the words for an act that is none of its own."""
        code = f"command.{name}.title"
        return self._catalogue.text(code) if code in self._catalogue else self.choice("act", name)

    def _shortened(self, items: list[object]) -> object:
        """A list that stays readable in a sentence."""
        if len(items) <= _LISTED:
            return items or None
        return Said("listing.more", {"items": items[:_LISTED], "count": len(items)})

    def _quoted(self, text: str) -> object:
        """Text that somebody typed, on one line and no longer than a sentence bears."""
        line = " ".join(text.split())
        if len(line) <= _QUOTED:
            return line
        return Said("listing.shortened", {"text": line[:_QUOTED]})

    def _people(self, unmet: Unmet, facts: Facts | None, day: date | None) -> tuple[str, ...]:
        if self._directory is None or day is None:
            return ()
        posts = tuple(holder for holder in unmet.cured_by if holder.of != Relation.ANY_UNIT)
        barred = set(as_list(unmet.params.get("people")))
        return tuple(
            self.person(held.person)
            for held in self._directory.people(posts, facts, day)
            if held.person not in barred
        )

    def _units(self, of: str, facts: Facts | None) -> tuple[str, ...]:
        if self._directory is not None and of != Relation.ANY_UNIT:
            found = self._directory.units_of(of, facts)
            if found:
                return tuple(self.unit(unit) for unit in sorted(found))
        if of in set(Relation):
            return (self._catalogue.text(f"relation.{of}"),)
        function = self._procedure.functions.get(of)
        return (of if function is None else self._of(function),)

    def _of(self, text: Text) -> str:
        return text[self._catalogue.locale]


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
