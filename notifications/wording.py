"""A notice in words: what to do and by when, then why, then where. From templates.

`templates/<language>/<about>.txt` says the first line of every notice about something, one named
after a rule that of this rule alone; `notice.txt` and `notice.html` put the whole together.  A
folder of one's own is looked into first, so that a place can replace one file and keep the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateNotFound,
    select_autoescape,
)

from notifications.keeping import point_from_json
from notifications.watchpoints import About, Watchpoint
from procedures.citing import Citing
from procedures.recurring_duties import shipped_recurring
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.definition import Citation, Procedure, Text
from workflow.directory import Directory

_DAY: Final = timedelta(days=1)
#: The templates of the distribution.
TEMPLATES: Final = Path(__file__).with_name("templates")


@dataclass(frozen=True, slots=True)
class Wordy:
    """A notice in words: the line to read first, why, what it is about, and where to go."""

    first: str
    why: tuple[str, ...]
    about: tuple[str, ...]
    link: str
    late: bool
    day: date


@dataclass(frozen=True)
class Letters:
    """Puts notices into words; `own` is a folder whose templates go before.

    `titles` name what the rules of notices cite, `address` is where a browser finds the program.
    """

    titles: Mapping[str, Text] = field(default_factory=dict)
    own: Path | None = None
    address: str = ""

    @cached_property
    def _environment(self) -> Environment:
        folders = [str(each) for each in (self.own, TEMPLATES) if each is not None]
        return Environment(
            loader=FileSystemLoader(folders),
            autoescape=select_autoescape(["html"]),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def words(
        self,
        catalogue: Catalogue,
        procedure: Procedure,
        directory: Directory,
        body: Mapping[str, Any],
    ) -> Wordy:
        """The words of an alert that the sweep told, from its body."""
        notice = body["notice"]
        point = point_from_json(notice["point"])
        wording = Wording(catalogue, procedure, directory)
        step = procedure.steps.get(point.step)
        first = self._first(
            catalogue,
            notice["rule"],
            point,
            {
                "when": notice["when"],
                "act": wording.act(point.act, step) if point.act else "",
                "step": wording.step(point.step) if point.step else "",
                "day": wording.day(point.by),
                "since": wording.day(point.since),
                "was": "" if notice["was"] is None else _worded(wording, notice["was"]),
                "cause": wording.command(notice["cause"]) if notice["cause"] else "",
                "who": wording.person(_subject(point)),
                "late": notice["late"],
                "overdue": str(notice["threshold"]).startswith("missed"),
                "provisional": point.provisional,
                "meeting": point.meeting,
                "ends": "" if point.ends is None else wording.day(point.ends),
                "before": wording.day(point.by - _DAY),
                "matters": len({number for number, _, _ in point.tally}),
                "year": point.entry,
                "duty": "" if point.name is None else point.name[catalogue.locale],
                "every": point.kind,
                "number": point.entry % 10,
                "posts": tuple(
                    dict.fromkeys(
                        each for holder in point.holders for each in wording.posts(holder)
                    )
                ),
            },
        )
        own = Citing(catalogue, {**self.titles, **shipped_recurring().titles})
        law = [
            wording.citation(each) if each.instrument in procedure.instruments else own.words(each)
            for each in point.citations
        ]
        law += [own.words(Citation(*each)) for each in notice["cite"] if not law]
        say, number = catalogue.text, body["matter"]
        about: tuple[str, ...] = ()
        if number is not None:
            about = (say("alert.matter", number=number, title=body["title"]),)
        about += tuple(
            say("alert.tallied", number=number, act=wording.command(command), count=count)
            for number, command, count in point.tally
        )
        if point.meeting:
            about += (say("alert.meeting", code=point.meeting),)
        return Wordy(
            first,
            tuple(dict.fromkeys(law)),
            about,
            "" if number is None or not self.address else f"{self.address}/matters/{number}",
            notice["late"],
            point.by,
        )

    def plain(self, catalogue: Catalogue, words: Wordy) -> str:
        """The whole as plain text; its first line says what to do and by when."""
        return self._whole(catalogue, "notice.txt", words)

    def html(self, catalogue: Catalogue, words: Wordy) -> str:
        """The same as HTML, everything in it escaped."""
        return self._whole(catalogue, "notice.html", words)

    def _whole(self, catalogue: Catalogue, name: str, words: Wordy) -> str:
        template = self._environment.get_template(f"{catalogue.locale}/{name}")
        return template.render(
            first=words.first,
            why=words.why,
            about=words.about,
            link=words.link,
        )

    def _first(
        self, catalogue: Catalogue, rule: str, point: Watchpoint, values: Mapping[str, object]
    ) -> str:
        names = (rule, point.about.value)
        choices = [f"{catalogue.locale}/{name}.txt" for name in names]
        try:
            template = self._environment.select_template(choices)
        except TemplateNotFound as error:  # pragma: no cover (a guard test asks for every one)
            raise LookupError(choices) from error
        return " ".join(template.render(**values).split("\n")).strip()


def _subject(point: Watchpoint) -> str:
    """Whom a retainer or a mandate is about."""
    return point.rule if point.about in (About.RETAINER, About.MANDATE) else ""


def _worded(wording: Wording, day: str) -> str:
    return wording.day(date.fromisoformat(day))
