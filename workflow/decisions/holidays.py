"""The days of the year: a notice on holidays, taken into the calendar."""

from __future__ import annotations

from workflow.decisions.scene import Decision, Scene, TakeNotice
from workflow.holiday_forms import IMPORT, ImportHolidays


def import_holidays(scene: Scene, payload: ImportHolidays) -> Decision:
    """Take in a notice: the next year's, or one that amends a year known already."""
    known = scene.calendar.notices
    unmet = []
    if payload.published > scene.today:
        unmet.append(scene.rule("record.future_day", day=payload.published))
    if payload.number in scene.calendar.numbers:
        unmet.append(scene.rule("holidays.known", number=payload.number))
    firm = scene.calendar.firm_year
    if payload.year > firm + 1 or (payload.amends and payload.year > firm):
        unmet.append(scene.rule("holidays.year_missing", IMPORT, year=firm + 1))
    elif not payload.amends and payload.year <= firm:
        unmet.append(scene.rule("holidays.year_known", IMPORT, year=payload.year, firm=firm))
    if unmet:
        return Decision(tuple(unmet))
    position = 1 + sum(each.year == payload.year for each in known)
    # Tried before anything is written: a notice that names impossible days raises BadInput.
    shifts = scene.shifts(payload)
    told = [each.told() for each in shifts.dates]
    return Decision(
        effects=(TakeNotice(payload.year, position, shifts.dates),),
        changes={"dates": ([], told)},
        warnings=shifts.unmet,
    )
