"""The procedures that there are, read when they are asked for and kept for the process."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Final

from procedures.compile import Compiled, compile_flat, compile_piece, judge
from procedures.dates import load_days
from procedures.editions import Edition, edition_of
from procedures.kinds import KINDS
from procedures.known import Same, remembered
from procedures.marks import shipped_marks
from procedures.masking import masked
from procedures.merge import Piece, duplicates, overlay, strangers, uncited, whole
from procedures.offering import leads_back
from procedures.problems import Problem, SourceError
from procedures.reading import ACCESS, AccessBook, load_access
from procedures.recurring_duties import (
    RECURRING,
    RecurringBook,
    load_recurring,
    shipped_recurring,
)
from procedures.schema import BaseName, Head
from procedures.source import Document, parse, read_again
from procedures.succession import revised
from procedures.tighten import loosened
from procedures.together import Together
from workflow.access import AccessTable
from workflow.calendar import CountingRule
from workflow.definition import Answer, Procedure
from workflow.errors import NotFound
from workflow.explaining.paths import Path as Place
from workflow.explaining.quoting import shown
from workflow.files import Mark
from workflow.ports import StepKind
from workflow.recurring import RecurringDuty

LAW: Final = Path(__file__).with_name("law")


#: Definitions for scenarios alone; no organisation in earnest can name them.
REHEARSAL: Final = Path(__file__).with_name("scenarios") / "rules"

#: How the names of definition files end.
SUFFIXES: Final = (".yaml", ".yml")


class ProcedureBook:
    """Every procedure and profile in some folders of YAML files, or in files that are named.

    Files are told apart by their first lines; one is read as a whole, and those that it extends,
    only when it is asked for.  `kinds` are the step kinds that definitions may use, `counting`
    the counting rules that they may name (those of the shipped calendar, where none are given).
    """

    def __init__(
        self,
        *places: Path,
        kinds: Mapping[str, StepKind] = KINDS,
        counting: Mapping[str, CountingRule] | None = None,
    ) -> None:
        self._places = places or (LAW,)
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
    def _files(self) -> tuple[Path, ...]:
        """Every file of the book once, however often its place was named."""
        found: dict[Path, Path] = {}
        for place in self._places:
            for path in _files_in(place):
                found.setdefault(path.resolve(), path)
        return tuple(found.values())

    @cached_property
    def _heads(self) -> tuple[tuple[Edition, ...], Mapping[Path, tuple[Problem, ...]]]:
        """What there is, and by file what is wrong with its first lines."""
        found: dict[tuple[str, date], Edition] = {}
        problems: dict[Path, tuple[Problem, ...]] = {}
        for path in self._files:
            try:
                edition = edition_of(path)
            except SourceError as error:
                problems[path] = error.problems
                continue
            other = found.setdefault((edition.id, edition.version), edition)
            if other is not edition:
                named = {"name": edition.name, "other": other.path.name}
                problems[path] = (Problem(path.name, 0, 0, "", "definition.two_files", named),)
        return tuple(sorted(found.values())), problems

    def all(self, *places: Path) -> tuple[Procedure, ...]:
        """Every version of every procedure, or only of those in some files or folders.

        Raises `SourceError` with what is wrong in any of these files.
        """
        wanted = {path.resolve() for place in places for path in _files_in(place)}
        heads = {path: told for path, told in self._heads[1].items() if path.resolve() in wanted}
        found: list[Procedure] = []
        problems = [
            each for told in (heads if places else self._heads[1]).values() for each in told
        ]
        for edition in self.editions:
            if places and edition.path.resolve() not in wanted:
                continue
            try:
                found.append(self.of(edition))
            except SourceError as error:
                problems += [each for each in error.problems if each not in problems]
        if problems:
            raise SourceError(problems)
        return tuple(found)

    def at(self, path: Path) -> Procedure:
        """The procedure that a file of the book defines.  Raises `SourceError`."""
        return self.all(path)[0]

    def edition(self, id: str, version: date) -> Procedure:  # noqa: A002 - its name
        """A procedure in exactly one version.

        Raises `NotFound` if there is none, and `SourceError` if it is broken.
        """
        versions = tuple(each.version for each in self.editions if each.id == id)
        if versions and version not in versions:
            raise NotFound("procedure.no_such_version", id=id, version=version, known=versions)
        return self.get(id, version)

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
                raise SourceError(each for told in self._heads[1].values() for each in told)
            known = tuple(dict.fromkeys(edition.id for edition in self.editions))
            raise NotFound("procedure.unknown", id=id, known=known)
        fitting = [each for each in versions if version is None or each.version <= version]
        if not fitting:
            raise NotFound(
                "procedure.no_version_yet", id=id, day=version, first=versions[0].version
            )
        chosen = fitting[-1]
        if rivals := [each for each in self._doubles if each.params["name"] == chosen.name]:
            # Nobody could tell which of the files was meant.
            raise SourceError(rivals)
        return self.of(chosen)

    def current(self, procedure: str, day: date) -> Procedure:
        """The version in force on a day.  Raises as `get` does."""
        return self.get(procedure, day)

    def joined(
        self,
        procedure: Procedure,
        answers: Mapping[str, Answer],
        day: date,
        profile: str | None = None,
    ) -> Procedure:
        """As `Together.joined`."""
        return self._together.joined(procedure, answers, day, profile)

    def joins(self, *mains: Procedure) -> Iterator[Procedure]:
        """As `Together.joins`."""
        return self._together.joins(*mains)

    def beside(self, main: Procedure) -> tuple[Procedure, ...]:
        """As `Together.beside`."""
        return self._together.beside(main)

    @cached_property
    def _doubles(self) -> tuple[Problem, ...]:
        told = (each for problems in self._heads[1].values() for each in problems)
        return tuple(each for each in told if each.code == "definition.two_files")

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

    def access(self, profile: str, day: date) -> AccessTable:
        """Who sees what in an organisation with this profile.  Raises `SourceError`."""
        return self._access.table(profile, day)

    @cached_property
    def _access(self) -> AccessBook:
        """The tables of the distribution, and those beside the files of the book's own folders."""
        own = (place / "access" for place in self._places if (place / "access").is_dir())
        return load_access(ACCESS, *own)

    def recurring(self, profile: str, year: int) -> tuple[RecurringDuty, ...]:
        """As `recurring_duties.RecurringBook.duties`."""
        return self._recurring.duties(profile, year)

    @cached_property
    def _recurring(self) -> RecurringBook:
        """The duties of the distribution, and those beside the files of the book's own folders."""
        own = [place / "recurring" for place in self._places if (place / "recurring").is_dir()]
        return load_recurring(RECURRING, *own) if own else shipped_recurring()

    def masked(self, text: str) -> str:
        """As `masking.masked`."""
        return masked(text)

    def marks_in(self, pieces: Iterable[str]) -> tuple[Mark, ...]:
        """As `marks.Marks.in_text`."""
        return shipped_marks().in_text(pieces)

    def marks_of(self, name: str) -> tuple[Mark, ...]:
        """As `marks.Marks.in_name`."""
        return shipped_marks().in_name(name)

    def keep(self, compiled: Compiled) -> Compiled:
        """Let `by_digest` and `source` know it."""
        return self._by_digest.setdefault(compiled.procedure.digest, compiled)

    def compiled(self, edition: Edition, way: tuple[Edition, ...] = ()) -> Compiled:
        """Compile an edition; `way` are those that extend it and wait for it."""
        if edition not in self._compiled:
            # The same may be known from a text already; only what was read knows its places.
            self._compiled[edition] = self._read(edition, (*way, edition))
            # Known by now, for what it offers may rest on it.
            if problems := tuple(self._dodges(self._compiled[edition])):
                del self._compiled[edition]
                raise SourceError(problems)
            self.keep(self._compiled[edition])
        return self._compiled[edition]

    def _dodges(self, profile: Compiled) -> Iterator[Problem]:
        """What it offers, in an edition that can be chosen, though that does not lead back to it.

        One whose file is broken cannot be chosen.
        """
        version = profile.procedure.version
        for place, name in enumerate(profile.form.offers):
            editions = [each for each in self.editions if each.id == name]
            before = [each for each in editions if each.version <= version]
            later = [each for each in editions if each.version > version]
            for edition in (*before[-1:], *later) if name != profile.procedure.id else ():
                try:
                    offered = self.compiled(edition)
                except SourceError:
                    continue
                if not leads_back(offered, profile):
                    at: Place = ("offers", place)
                    told = {"name": edition.name, "profile": profile.procedure.id}
                    yield profile.piece.problem(at, "definition.offer_leads_away", **told)

    def _read(self, edition: Edition, way: tuple[Edition, ...]) -> Compiled:
        document = read_again(edition.path)
        head = parse(document, Head)
        if (head.procedure, head.version) != (edition.id, edition.version):
            raise SourceError([document.problem(("procedure",), "definition.head_hidden")])
        own = _own(document)
        kinds, counting = Same(self.kinds), Same(self.counting)
        if head.extends is None:
            return self._checked(edition, own, _alone(own, kinds, counting))
        base_edition = self._base(own.value, head, head.extends)
        if base_edition in way:
            ring = [each.name for each in (*way, base_edition)]
            raise SourceError(
                [own.value.problem(("extends",), "definition.extends_itself", ring=ring)]
            )
        base = self.compiled(base_edition, way)
        farther = [each for each in self.editions if each.name in base.procedure.lineage]
        bases = (base, *(self.compiled(each, way) for each in farther))
        return self._checked(edition, own, _laid_over(bases, own, kinds, counting))

    def before(self, edition: Edition) -> Edition | None:
        """The latest earlier edition of the same procedure; None for the first."""
        earlier = [
            each
            for each in self.editions
            if each.id == edition.id and each.version < edition.version
        ]
        return earlier[-1] if earlier else None

    def predecessor(self, procedure: Procedure) -> Procedure | None:
        """The edition before this one.  Raises `SourceError` where its file is broken."""
        part, *others = procedure.parts
        found = None if others else self.before(Edition(part.id, part.version, Path()))
        return None if found is None else self.of(found)

    def _checked(self, edition: Edition, own: Same[Piece], compiled: Compiled) -> Compiled:
        """Refuse an edition that is looser than the one before, unless another law says so.

        Also what it joins or offers and there is no file for; those files are not read.
        """
        before = self.before(edition)
        # What it rests on it was compared with already.
        if before is not None and before.name not in compiled.procedure.lineage:
            older = self.compiled(before)
            _as_strict(older, compiled, own, Same(self.kinds), Same(self.counting))
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


Kinds = Mapping[str, StepKind]
Rules = Mapping[str, CountingRule]


@remembered
def _own(document: Document) -> Same[Piece]:
    if problems := tuple(duplicates(document)):
        raise SourceError(problems)
    return Same(whole(document))


@remembered
def _alone(own: Same[Piece], kinds: Same[Kinds], counting: Same[Rules]) -> Compiled:
    """A definition that extends no other."""
    return compile_piece(own.value, judge(own.value), (), kinds.value, counting.value)


@remembered
def _laid_over(
    bases: tuple[Compiled, ...], own: Same[Piece], kinds: Same[Kinds], counting: Same[Rules]
) -> Compiled:
    """A definition laid over the first of its bases, and no looser than any of them."""
    base, profile = bases[0], own.value
    if problems := (*strangers(base.piece, profile), *uncited(profile)):
        raise SourceError(problems)
    merged = overlay(base.piece, profile)
    name = f"{base.procedure.id}@{base.procedure.version}"
    lineage = (*base.procedure.lineage, name)
    compiled = compile_piece(merged, judge(merged), lineage, kinds.value, counting.value)
    forms = [each.form for each in bases]
    if problems := loosened(forms, compiled, profile, kinds.value, counting.value):
        raise SourceError(problems)
    return compiled


@remembered
def _as_strict(
    older: Compiled,
    compiled: Compiled,
    own: Same[Piece],
    kinds: Same[Kinds],
    counting: Same[Rules],
) -> None:
    """Refuse an edition that is looser than the one before, unless another law says so."""
    if looser := revised(older, compiled, own.value, kinds.value, counting.value):
        raise SourceError(looser)


@cache
def rehearsed() -> ProcedureBook:
    """The procedures of the distribution with those that only scenarios are played under."""
    return ProcedureBook(LAW, REHEARSAL)


@cache
def shipped() -> ProcedureBook:
    """The procedures of the distribution, once per process."""
    return ProcedureBook()


def _files_in(place: Path) -> list[Path]:
    """The definitions in a folder; what is no folder is taken for a file."""
    if not place.is_dir():
        return [place]
    return sorted(path for path in place.iterdir() if path.suffix in SUFFIXES)
