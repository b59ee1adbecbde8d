"""What is wrong with a file: where it stands, and the message about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from workflow.catalogue import Lines, Said
from workflow.errors import BadInput

TOLD_PROBLEMS: Final = 20


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file.

    `line` and `column` count from one; 0 says that the file as a whole is meant.  `key` is the
    path to the place, its list items counted from one (`steps[3].papers`), or empty.  `code` and
    `params` are the message about it.
    """

    file: str
    line: int
    column: int
    key: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def said(self) -> Said:
        """The message, led by the place."""
        place = "source.at_key_of_line" if self.key else "source.at_line"
        reason = Said(self.code, self.params)
        return Said(
            place if self.line else "source.at_file",
            {
                "file": self.file,
                "line": self.line,
                "column": self.column,
                "key": self.key,
                "reason": reason,
            },
        )


class SourceError(BadInput):
    """A file cannot be taken; `problems` says everything that is wrong with it, in order."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda each: (each.file, each.line)))
        told = [problem.said for problem in self.problems[:TOLD_PROBLEMS]]
        rest = len(self.problems) - len(told)
        if rest:
            told.append(Said("source.more", {"count": rest}))
        super().__init__("source.refused", count=len(self.problems), problems=Lines(told))


def whole_file(name: str, code: str, **params: object) -> SourceError:
    """The error about a file as a whole."""
    return SourceError([Problem(name, 0, 0, "", code, params)])
