"""The definitions that the command line looks at: shipped ones, one's own, and files by name."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from api.settings import procedure_folders
from workflow.errors import BadInput
from workflow.explaining.quoting import shown

if TYPE_CHECKING:
    from procedures.book import ProcedureBook
    from workflow.definition import Procedure


def lawbook() -> ProcedureBook:
    """The shipped definitions with those of one's own."""
    from procedures import book

    folders = procedure_folders()
    return book.ProcedureBook(book.LAW, *folders) if folders else book.shipped()


def book_with(*places: Path) -> ProcedureBook:
    """The same with some files or folders, which come first where they repeat what is there.

    What lies beside a file may be its base.
    """
    from procedures.book import LAW, ProcedureBook

    beside = [place.parent for place in places if not place.is_dir() and place.parent.is_dir()]
    return ProcedureBook(*places, LAW, *procedure_folders(), *beside)


def with_joined(*places: Path) -> tuple[ProcedureBook, tuple[Procedure, ...]]:
    """Every definition, or those of some files or folders, and all that each is joined with.

    Also the book that they stand in.  Raises SourceError.
    """
    if not places:
        book = lawbook()
        return book, (*book.all(), *book.joins())
    book = book_with(*places)
    own = book.all(*places)
    return book, (*own, *(book.joins(*own) if own else ()))


def definition(named: str) -> Procedure:
    """The definition that is meant by an id, an id with its version, or a file.

    Raises NotFound, BadInput for a version that is no day, and SourceError for what is broken.
    """
    from procedures.book import SUFFIXES

    path = Path(named)
    if path.suffix in SUFFIXES:
        return book_with(path).at(path)
    name, at, version = named.partition("@")
    if not at:
        return lawbook().get(name)
    try:
        day = date.fromisoformat(version)
    except ValueError as error:
        raise BadInput("procedures.no_version", name=shown(named)) from error
    return lawbook().edition(name, day)
