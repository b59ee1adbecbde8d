"""What stands in a message that goes out: first what to do, then why, then where. Pure.

On a channel outside the house, and of a matter that is restricted, a message says only that there
is something in the inbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from notifications.inbox import AlertWords
from workflow.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as text and as HTML."""

    subject: str
    plain: str
    html: str
    link: str


@dataclass(frozen=True, slots=True)
class Part:
    """An alert for a message; `closed`: nothing of its content may be told."""

    words: AlertWords
    closed: bool = False


def letter(catalogue: Catalogue, parts: Sequence[Part], link: str, *, late: str = "") -> Letter:
    """A message of one alert, or of several as a digest; `late` says since when it was due."""
    say = catalogue.text
    open_ = [part.words for part in parts if not part.closed]
    if len(parts) == 1 and open_:
        subject = open_[0].todo
    else:
        subject = say("letter.several" if len(parts) > 1 else "letter.one", count=len(parts))
    blocks = [_lines(words) for words in open_]
    closed = len(parts) - len(open_)
    if closed:
        blocks.append([say("letter.closed", count=closed)])
    if late:
        blocks.append([say("letter.late", since=late)])
    blocks.append([say("letter.link", link=link)])
    plain = "\n\n".join("\n".join(block) for block in blocks)
    html = "".join(f"<p>{'<br>'.join(map(escape, block))}</p>" for block in blocks[:-1])
    address = escape(link)
    return Letter(subject, plain, f'{html}<p><a href="{address}">{address}</a></p>', link)


def of_template(
    catalogue: Catalogue, first: str, plain: str, html: str, link: str, *, late: str = ""
) -> Letter:
    """A message that a template made; that it is late, and where the inbox is, comes below."""
    say = catalogue.text
    more = [say("letter.late", since=late)] if late else []
    more.append(say("letter.link", link=link))
    told = "".join(f"<p>{escape(line)}</p>" for line in more)
    return Letter(first, "\n\n".join((plain.rstrip(), *more)), html + told, link)


def _lines(words: AlertWords) -> list[str]:
    tasks = [f"{number}. {task.evidence}" for number, task in enumerate(words.tasks, 1)]
    return [words.todo, *tasks, *words.reasons, *words.about, words.times]
