"""What a move of a matter to other rules would bring."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from workflow.commands import CORE, Migrate
from workflow.decisions.prospect import Prospect, prospect
from workflow.errors import NotFound
from workflow.facts import MIGRATE, Facts
from workflow.inquiry.base import Base
from workflow.service.requests import Request
from workflow.service.rulebook import Rules, Wished
from workflow.service.run import Asked, scene_of
from workflow.store import Store
from workflow.validation import validate

ANYBODY = ""
"""Stands for the account where it does not matter who asks."""


class Moves(Base):
    """Moves that are tried and not made."""

    def prospect(self, request: Request, wished: Wished) -> Prospect:
        """What a move of a matter to other rules would bring, with the answers in the request.

        By whom does not matter where the request says ANYBODY: then somebody who may is taken.
        Raises NotFound for a matter, person or version that there is not.
        """
        with self._store(request.organisation) as store:
            stored = store.seen(str(request.matter))
            if stored is None:
                raise NotFound("unknown.matter", matter=request.matter)
            day = self._today(store)
            rules = self._book.pinned(stored.digest, store)
            found = self._book.wished(rules, wished, day)
            named = {"procedure": found.id, "version": found.version}
            payload = validate(Migrate, {**request.payload, **named})
            if request.actor == ANYBODY:
                request = replace(request, actor=self._mover(store, rules, stored.facts, day))
            asked = Asked(request, CORE[MIGRATE], payload)
            return prospect(scene_of(self._book, store, asked, stored, None, day), payload)

    def _mover(self, store: Store, rules: Rules, facts: Facts, day: date) -> str:
        """Somebody who may move the matter, or anybody at all where nobody may."""
        directory = self._book.directory(store)
        able = directory.people(rules.procedure.holders(MIGRATE), facts, day)
        return next((held.person for held in able), next(iter(directory.persons)))
