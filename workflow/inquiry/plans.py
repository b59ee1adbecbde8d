"""When a matter can be heard."""

from __future__ import annotations

from datetime import date
from functools import partial

from workflow.decisions.authority import able
from workflow.guards import Lens
from workflow.inquiry.answers import Forecast, Standing
from workflow.inquiry.standings import Standings
from workflow.planning import Able, feasible, plan
from workflow.store import Store


class Plans(Standings):
    """The earliest lawful meeting of a matter."""

    def plan(self, organisation: str, number: str, wished: date | None = None) -> Forecast:
        """The earliest lawful meeting of a matter, and whether it can make the one wished for.

        Raises NotFound, and OutOfCalendar where a day lies beyond the calendar.
        """
        with self._store(organisation) as store:
            standing, lens = self._standing(store, number)
            return self._forecast(store, standing, lens, wished)

    @staticmethod
    def _forecast(store: Store, standing: Standing, lens: Lens, wished: date | None) -> Forecast:
        code = standing.facts.meeting
        tabled = None if code is None else store.meeting(code, lock=False)
        return Forecast(
            standing,
            plan(lens, standing.facts, standing.owed),
            None if wished is None else feasible(lens, standing.facts, wished, _able(standing)),
            None if tabled is None else tabled.meeting,
        )


def _able(standing: Standing) -> Able:
    """Who may do an act on the matter as it stands."""
    return partial(able, standing.procedure, standing.directory, standing.facts, standing.today)
