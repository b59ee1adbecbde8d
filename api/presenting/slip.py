"""The agenda slip (议题单): what the meeting gets to see of a matter, from a document template."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from api.presenting.departures import departure_rows
from api.presenting.following import following_rows
from api.presenting.paper import template
from api.presenting.proceedings import Proceedings
from api.presenting.signatures import signature_rows
from procedures.wording import Wording
from workflow.catalogue import Catalogue
from workflow.definition import Gate
from workflow.facts import Facts
from workflow.guards import REACH
from workflow.inquiry import Standing
from workflow.meeting import Meeting
from workflow.ports import StepState
from workflow.yearly_catalogue import named


def agenda_slip(
    catalogue: Catalogue,
    standing: Standing,
    meeting: Meeting,
    clearance: int | None = None,
    width: int = 76,
) -> str:
    """The slip of a matter that is on the agenda of `meeting`."""
    found = template("agenda_slip", catalogue.locale, width)
    return found.render(_content(catalogue, standing, meeting) | {"clearance": clearance})


def _content(catalogue: Catalogue, standing: Standing, meeting: Meeting) -> dict[str, object]:
    facts, procedure = standing.facts, standing.procedure
    wording = Wording(catalogue, procedure, standing.directory)
    draft, review = facts.draft, facts.passing_review
    if draft is None or review is None:
        raise LookupError(f"matter {facts.number} has no text that passed")
    place = next(item.place for item in meeting.agenda if item.matter == facts.number)
    body = procedure.bodies[meeting.body].name
    found = next(record for record in facts.records if record.position == review.position)
    return {
        "matter": facts,
        "lead_unit": wording.unit(facts.lead_unit or facts.proposing_unit),
        "co_units": [wording.unit(unit) for unit in facts.co_units],
        "draft": draft,
        "authors": [wording.person(account) for account in _authors(facts)],
        "steps": list(_steps(catalogue, wording, standing)),
        "departures": departure_rows(catalogue, standing),
        "entry": _entry(catalogue, standing),
        "before": list(
            Proceedings(catalogue, wording).heard_before(procedure.bodies, facts, meeting.code)
        ),
        "follows": following_rows(catalogue, standing),
        "flags": [wording.refusal(each, facts, standing.today).what for each in standing.flags],
        "review": {
            "verdict": wording.choice("verdict", review.verdict),
            "day": _day(catalogue, review.given_on),
            "draft": review.draft,
            "post": catalogue.text(
                "holder.post",
                unit=wording.unit(found.unit),
                role=procedure.roles[found.role].name,
            ),
        },
        "signatures": _signatures(catalogue, wording, standing),
        "meeting": meeting,
        "body": body[catalogue.locale],
        "held_on": _day(catalogue, meeting.held_on),
        "place": place,
        "procedure": procedure.name[catalogue.locale],
        "edition": procedure.version.isoformat(),
    }


def _signatures(catalogue: Catalogue, wording: Wording, standing: Standing) -> list[str]:
    """Who signed what the clearance rests on, and whether that holds as the slip is drawn up."""
    rows = signature_rows(catalogue, wording, standing)
    return [catalogue.text("signature.row", **dict(zip(_ROW, row, strict=True))) for row in rows]


_ROW: Final = ("act", "draft", "signer", "day", "held")


def _entry(catalogue: Catalogue, standing: Standing) -> str:
    """The entry of the yearly catalogue that the matter is; empty for none."""
    meant, entry = named(standing.facts), standing.entry
    if meant is None or entry is None:
        return ""
    return catalogue.text(
        "matter.entry_named", year=meant.year, number=entry.number, title=entry.title
    )


def _authors(facts: Facts) -> tuple[str, ...]:
    """Whoever is named as an author of any version of the text, in the order of first mention."""
    named = (account for draft in facts.drafts for account in draft.authors)
    return tuple(dict.fromkeys(named))


def _steps(catalogue: Catalogue, wording: Wording, standing: Standing) -> list[Mapping[str, str]]:
    return [
        {
            "name": wording.step(step),
            "state": wording.step_state(found.state),
            "day": "" if found.on is None else _day(catalogue, found.on),
        }
        for step, found in standing.assessments.items()
        if found.state is not StepState.NOT_REQUIRED
        and standing.procedure.steps[step].before in REACH[Gate.AGENDA]
    ]


def _day(catalogue: Catalogue, day: object) -> str:
    return catalogue.text("days.plain", day=day)
