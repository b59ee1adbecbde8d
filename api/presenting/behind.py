"""Who stands behind an act: whoever gave it, and in whose place, both by name."""

from __future__ import annotations

from procedures.wording import Wording
from workflow.catalogue import Catalogue


def behind(catalogue: Catalogue, wording: Wording, actor: str, principal: str | None) -> str:
    """The names of the agent and of the principal, or of who acted in person."""
    if principal is None:
        return wording.person(actor)
    agent, lender = wording.person(actor), wording.person(principal)
    return catalogue.text("departure.for_another", agent=agent, principal=lender)
