"""`yicheng calendar import` and `notices`: what the days of an organisation rest on."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from api.cli.failing import REFUSED
from api.cli.forms import Day, WholeNumber
from api.cli.invocation import current
from api.cli.payloads import read_bytes
from api.cli.shell import Argument, Command, Option
from workflow.errors import BadInput
from workflow.holiday_forms import IMPORT

if TYPE_CHECKING:
    from procedures.dates import ChinaDays
    from workflow.holiday_forms import ImportHolidays

#: A file of this kind is the form itself; everything else is the notice as it is worded.
_FORMS = (".yaml", ".yml")


def _import(
    file: str | None,
    account: str,
    year: int | None,
    number: str | None,
    dated: date | None,
    published: date | None,
    key: str | None,
    mandate: int | None,
) -> int:
    from api.cli.answering import words_for
    from api.presenting.outcomes import write_outcome
    from workflow.service import Request

    invocation = current()
    if (file is None) == (year is None):
        raise BadInput("calendar_cli.file_or_year")
    if file is not None and not (number is None is dated):
        raise BadInput("calendar_cli.told_by_file")
    # Read before the database is opened: a mistake in it needs no database to be told.
    notice = None if file is None else _notice_in(Path(file), published)
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        if notice is None:
            notice = _known(house.days, year or 0, number, dated, published)
        payload = notice.model_dump(mode="json", exclude_none=True)
        request = Request(organisation, IMPORT, account, payload, key=key, mandate=mandate)
        outcome = house.service.execute(request)
        words = words_for(invocation.catalogue, house, organisation, None)
    if invocation.as_json:
        unmet = outcome.refusals or outcome.warnings
        told = [words.refusals.as_data(each) for each in unmet]
        invocation.give(outcome.to_json() | {"replayed": outcome.replayed, "words": told})
    else:
        catalogue, page = invocation.catalogue, invocation.page
        write_outcome(page, catalogue, words.wording, words.refusals, IMPORT, outcome)
    return 0 if outcome.done else REFUSED


def _notice_in(path: Path, published: date | None) -> ImportHolidays:
    """The notice of a file.  Raises SourceError, and BadInput for one that cannot be read."""
    from procedures.holiday_text import read_notice
    from procedures.source import parse, read
    from workflow.holiday_forms import ImportHolidays

    if path.suffix.lower() in _FORMS:
        if published is not None:
            raise BadInput("calendar_cli.told_by_file")
        return parse(read(path), ImportHolidays)
    return read_notice(_text(path), path.name, published)


def _text(path: Path) -> str:
    raw = read_bytes(path)
    # What is saved on Chinese Windows is often no UTF-8.
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadInput("calendar_cli.no_text", source=path.name)


def _known(
    days: ChinaDays, year: int, number: str | None, dated: date | None, published: date | None
) -> ImportHolidays:
    """The notice of a year as it came with the program or with its package of holidays.

    Raises BadInput where neither knows it, or where nobody says which notice it is.
    """
    from workflow.holiday_forms import ImportHolidays

    if (offered := days.offered(year)) is not None:
        return offered
    found = days.of_package(year) if days.first.year <= year <= days.last.year else None
    if found is None:
        raise BadInput("calendar_cli.year_unknown", year=str(year))
    if number is None or dated is None:
        raise BadInput("calendar_cli.which_notice", year=str(year))
    holidays, worked = found
    told = {
        "year": year,
        "number": number,
        "dated": dated,
        "published": published or dated,
        "holidays": [each.model_dump() for each in holidays],
        "worked": worked,
    }
    return ImportHolidays.model_validate(told)


def _notices() -> None:
    from api.presenting.holidays import NoticeSheet, notices_data
    from procedures.wording import Wording

    invocation = current()
    with invocation.house() as house:
        organisation = invocation.organisation(house)
        days = house.days_of(organisation)
        standing = house.inquiry.holidays(organisation)
        procedure = house.inquiry.procedure(organisation)
    if invocation.as_json:
        invocation.give(notices_data(days, standing))
    else:
        wording = Wording(invocation.catalogue, procedure, standing.directory)
        NoticeSheet(invocation.catalogue, wording, days, standing).write(invocation.page)


take_in = Command(
    "calendar.import",
    callback=_import,
    params=[
        Argument("file", about="notice_file", required=False),
        Option("--as", "account", about="as", metavar="ACCOUNT", required=True),
        Option("--year", about="of_year", type=WholeNumber(), metavar="YYYY"),
        Option("--number", about="notice_number", metavar="NUMBER"),
        Option("--dated", about="notice_dated", type=Day(), metavar="DATE"),
        Option("--published", about="notice_published", type=Day(), metavar="DATE"),
        Option("--key", about="key", metavar="KEY"),
        Option("--mandate", about="mandate", type=WholeNumber(), metavar="ID"),
    ],
)
notices = Command("calendar.notices", callback=_notices, params=[])
