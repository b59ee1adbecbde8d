"""The procedures that there are, read when they are asked for and kept for the process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from procedures.compile import Compiled, compile_flat, compile_piece, judge
from procedures.dates import load_days
from procedures.editions import Edition, edition_of
from procedures.kinds import KINDS
from procedures.merge import Piece, duplicates, overlay, whole
from procedures.problems import Problem, SourceError
from procedures.schema import BaseName, Head
from procedures.source import parse, read
from procedures.tighten import loosened
from procedures.together import Together
from workflow.calendar import CountingRule
from workflow.definition import Answer, Procedure
from workflow.errors import NotFound
from workflow.explaining.paths import Path as Place
from workflow.explaining.quoting import shown
from workflow.ports import StepKind

LAW: Final = Path(__file__).with_name("law")


class ProcedureBook:
    """Every procedure and profile in some folders of YAML files.

    Files are told apart by their first lines; one is read as a whole, and those that it extends,
    only when it is asked for.  `kinds` are the step kinds that definitions may use, `counting`
    the counting rules that they may name (those of the shipped calendar, where none are given).
    """

    def __init__(
        self,
        *folders: Path,
        kinds: Mapping[str, StepKind] = KINDS,
        counting: Mapping[str, CountingRule] | None = None,
    ) -> None:
        self._folders = folders or (LAW,)
        self.kinds = kinds
        self._given_counting = counting
        self._compiled: dict[Edition, Compiled] = {}
        self._by_digest: dict[str, Compiled] = {}
        self._together = Together(self)

    @cached_property
    def counting(self) -> Mapping[str, CountingRule]:
        """The counting rules that definitions may name."""
        return load_days().rules if self._given_counting is None else self._given_counting

    @property
    def editions(self) -> tuple[Edition, ...]:
        """What the folders hold, by procedure and version; nothing but the heads is read.

        Files whose head cannot be read are left out; `all` tells what is wrong with them.
        """
        return self._heads[0]

    @cached_property
    def _heads(self) -> tuple[tuple[Edition, ...], tuple[Problem, ...]]:
        found: dict[tuple[str, date], Edition] = {}
        problems: list[Problem] = []
        for path in (path for folder in self._folders for path in sorted(folder.glob("*.yaml"))):
            try:
                edition = edition_of(path)
            except SourceError as error:
                problems += error.problems
                continue
            other = found.setdefault((edition.id, edition.version), edition)
            if other is not edition:
                named = {"name": edition.name, "other": other.path.name}
                problems.append(Problem(path.name, 0, 0, "", "definition.two_files", named))
        return tuple(sorted(found.values())), tuple(problems)

    def all(self) -> tuple[Procedure, ...]:
        """Every version of every procedure.

        Raises `SourceError` with what is wrong in any file.
        """
        found: list[Procedure] = []
        problems = list(self._heads[1])
        for edition in self.editions:
            try:
                found.append(self.of(edition))
            except SourceError as error:
                problems += [each for each in error.problems if each not in problems]
        if problems:
            raise SourceError(problems)
        return tuple(found)

    def of(self, edition: Edition) -> Procedure:
        """The procedure of one edition.  Raises `SourceError`."""
        return self.compiled(edition).procedure

    def get(self, id: str, version: date | None = None) -> Procedure:  # noqa: A002 - its name
        """The latest version of a procedure, or the latest not after a day.

        Raises `NotFound` if there is none, and `SourceError` if it is broken.
        """
        versions = [edition for edition in self.editions if edition.id == id]
        if not versions:
            if self._heads[1]:
                # One of these may well be the procedure that was asked for.
                raise SourceError(self._heads[1])
            known = tuple(dict.fromkeys(edition.id for edition in self.editions))
            raise NotFound("procedure.unknown", id=id, known=known)
        fitting = [each for each in versions if version is None or each.version <= version]
        if not fitting:
            raise NotFound(
                "procedure.no_version_yet", id=id, day=version, first=versions[0].version
            )
        return self.of(fitting[-1])

    def current(self, procedure: str, day: date) -> Procedure:
        """The version in force on a day.  Raises as `get` does."""
        return self.get(procedure, day)

    def joined(self, procedure: Procedure, answers: Mapping[str, Answer], day: date) -> Procedure:
        """As `Together.joined`."""
        return self._together.joined(procedure, answers, day)

    def joins(self) -> Iterator[Procedure]:
        """As `Together.joins`."""
        return self._together.joins()

    def beside(self, main: Procedure) -> tuple[Procedure, ...]:
        """As `Together.beside`."""
        return self._together.beside(main)

    def by_digest(self, digest: str) -> Procedure | None:
        """A procedure that this process has already built, from a file or with `compile`.

        Files are not searched for it: the store keeps the text of what a matter is pinned to,
        whereas the file of another city may be broken or slow to read.
        """
        found = self._by_digest.get(digest)
        return None if found is None else found.procedure

    def source(self, procedure: Procedure) -> str:
        """The flattened definition as JSON, of which `digest` is the SHA-256.

        Raises `NotFound` for a procedure that is not from this book.
        """
        found = self._by_digest.get(procedure.digest)
        if found is None:
            raise NotFound("procedure.not_of_book", name=procedure.name, digest=procedure.digest)
        return found.flat

    def compile(self, source: str) -> Procedure:
        """Build a procedure again from what `source` gave, possibly years ago.

        Raises `BrokenDefinition` for a text that is not such a one, and `SourceError` where the
        engine has changed so that it no longer takes the definition.
        """
        return self.keep(compile_flat(source, self.kinds, self.counting)).procedure

    def keep(self, compiled: Compiled) -> Compiled:
        """Let `by_digest` and `source` know it."""
        return self._by_digest.setdefault(compiled.procedure.digest, compiled)

    def compiled(self, edition: Edition, way: tuple[Edition, ...] = ()) -> Compiled:
        """Compile an edition; `way` are those that extend it and wait for it."""
        if edition not in self._compiled:
            # The same may be known from a text already; only what was read knows its places.
            self._compiled[edition] = self._read(edition, (*way, edition))
            self.keep(self._compiled[edition])
        return self._compiled[edition]

    def _read(self, edition: Edition, way: tuple[Edition, ...]) -> Compiled:
        document = read(edition.path)
        head = parse(document, Head)
        if (head.procedure, head.version) != (edition.id, edition.version):
            raise SourceError([document.problem(("procedure",), "definition.head_hidden")])
        if problems := tuple(duplicates(document)):
            raise SourceError(problems)
        own = whole(document)
        if head.extends is None:
            return self._checked(compile_piece(own, judge(own), (), self.kinds, self.counting))
        base_edition = self._base(own, head, head.extends)
        if base_edition in way:
            ring = [each.name for each in (*way, base_edition)]
            raise SourceError([own.problem(("extends",), "definition.extends_itself", ring=ring)])
        base = self.compiled(base_edition, way)
        merged = overlay(base.piece, own)
        lineage = (*base.procedure.lineage, base_edition.name)
        compiled = compile_piece(merged, judge(merged), lineage, self.kinds, self.counting)
        if problems := loosened(base.form, compiled, own, self.kinds, self.counting):
            raise SourceError(problems)
        return self._checked(compiled)

    def _checked(self, compiled: Compiled) -> Compiled:
        """Refuse what it joins or offers and there is no file for; those files are not read."""
        known = {edition.id for edition in self.editions}
        named: dict[Place, str] = {
            ("joins", place, "procedure"): join.procedure
            for place, join in enumerate(compiled.form.joins)
        }
        named |= {("offers", place): name for place, name in enumerate(compiled.form.offers)}
        problems = [
            compiled.piece.problem(
                at,
                "definition.unknown_procedure",
                name=shown(name),
                known=get_close_matches(name, known, n=3) or sorted(known),
            )
            for at, name in named.items()
            if name not in known
        ]
        if problems:
            raise SourceError(problems)
        return compiled

    def _base(self, own: Piece, head: Head, named: BaseName) -> Edition:
        wanted = (named.procedure, named.version)
        base = next((each for each in self.editions if (each.id, each.version) == wanted), None)
        if base is None:
            params: dict[str, object] = {
                "name": f"{named.procedure}@{named.version}",
                "known": [edition.name for edition in self.editions],
            }
            raise SourceError([own.problem(("extends",), "definition.unknown_base", **params)])
        if base.version > head.version:
            problem = own.problem(("version",), "definition.older_than_base", base=base.version)
            raise SourceError([problem])
        return base


@cache
def shipped() -> ProcedureBook:
    """The procedures of the distribution, once per process."""
    return ProcedureBook()
