"""The same answers for programs: plain JSON with the ids of the definitions, without words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from api.presenting.departures import departures_data
from api.presenting.duties import duty_data
from api.presenting.signatures import signature_data
from workflow.canonical import unmet_to_json
from workflow.definition import Citation, Holder, Part, Procedure, Rule
from workflow.difference import condition_json
from workflow.facts import Draft
from workflow.inquiry import Line, Standing
from workflow.kin import TIES
from workflow.yearly_catalogue import named

if TYPE_CHECKING:
    from api.presenting.plan import NextTask
    from api.presenting.refusals import Refusals


def matter_data(standing: Standing) -> dict[str, Any]:
    """A matter with everything that is on record about it, but for the texts of its drafts."""
    facts = standing.facts
    return {
        "matter": facts.number,
        "title": facts.title,
        "stage": facts.stage,
        "version": facts.version,
        "procedure": {
            "id": standing.procedure.id,
            "version": standing.procedure.version.isoformat(),
            "digest": standing.procedure.digest,
            "parts": parts_data(standing.procedure.parts),
        },
        "answers": dict(facts.answers),
        "proposing_unit": facts.proposing_unit,
        "lead_unit": facts.lead_unit,
        "co_units": list(facts.co_units),
        "paused_since": None if facts.paused_since is None else facts.paused_since.isoformat(),
        "meeting": facts.meeting,
        "owed": [unmet_to_json(each) for each in standing.owed],
        "duties": [duty_data(each) for each in standing.duties],
        "steps": [
            {
                "step": step,
                "state": found.state.value,
                "on": None if found.on is None else found.on.isoformat(),
                "unmet": [unmet_to_json(each) for each in found.unmet],
            }
            for step, found in standing.assessments.items()
        ],
        "drafts": [draft_data(draft) for draft in facts.drafts],
        "reviews": [
            {
                "draft": review.draft,
                "digest": review.digest,
                "verdict": review.verdict,
                "passed": review.passed,
                "given_on": review.given_on.isoformat(),
                "reviewer": review.reviewer,
                "for": review.principal,
            }
            for review in facts.reviews
        ],
        "records": [
            {
                "position": record.position,
                "command": record.command,
                "step": record.step,
                "outcome": record.outcome,
                "actor": record.actor,
                "principal": record.principal,
                "unit": record.unit,
                "role": record.role,
                "payload": dict(record.payload),
                "draft": record.draft,
                "filed_on": record.filed_on.isoformat(),
            }
            for record in facts.records
        ],
        "signatures": [signature_data(each) for each in standing.signatures],
        "departures": departures_data(standing),
        "entry": _entry(standing),
        "flags": [unmet_to_json(each) for each in standing.flags],
        "links": _links(standing),
        "kin": [
            {
                "matter": kin.number,
                "title": kin.title,
                "amount_yuan": kin.amount_yuan,
                "proposed_on": kin.proposed_on.isoformat(),
                "ties": [tie for tie in TIES if kin.keys.get(tie) == facts.links.keys.get(tie, "")],
                "separate": kin not in facts.together,
            }
            for kin in facts.kin
        ],
        "commands": list(standing.commands),
    }


def draft_data(draft: Draft) -> dict[str, Any]:
    """A version of the text, without the text."""
    return {
        "number": draft.number,
        "digest": draft.digest,
        "nature": draft.nature.value,
        "authors": list(draft.authors),
        "made_on": draft.made_on.isoformat(),
    }


def line_data(line: Line) -> dict[str, Any]:
    """A matter in a list."""
    return {
        "matter": line.number,
        "title": line.title,
        "stage": line.stage,
        "unit": line.unit,
        "paused": line.paused,
        "owed": [each.code for each in line.owed],
        "duties": [duty_data(each) for each in line.duties],
        "changed_at": line.changed_at.isoformat(),
        "procedure": line.procedure.id,
        "parts": [part.id for part in line.procedure.parts],
        "found": found_data(line),
    }


def found_data(line: Line) -> list[dict[str, Any]]:
    """Where in a matter of a list what was searched for stands; marks from place to place."""
    return [
        {"part": each.part.name.lower(), "text": each.text, "marks": [list(m) for m in each.marks]}
        for each in line.found
    ]


def why_data(standing: Standing, following: NextTask | None, words: Refusals) -> dict[str, Any]:
    """Why a matter is not where it should be, with what is to be done next."""
    unmet = standing.unmet if standing.facts.title else ()
    return {
        "matter": standing.facts.number,
        "stage": standing.facts.stage,
        "meeting": standing.facts.meeting,
        "next": None if following is None else following.as_data(),
        "unmet": [unmet_to_json(each) for each in unmet],
        "words": [words.as_data(each) for each in unmet],
        "commands": list(standing.commands),
    }


def _entry(standing: Standing) -> dict[str, Any] | None:
    """The entry of a yearly catalogue that the matter is."""
    meant, entry = named(standing.facts), standing.entry
    if meant is None or entry is None:
        return None
    return {"year": meant.year, "number": meant.number, "title": entry.title}


def _links(standing: Standing) -> dict[str, Any]:
    """What the matter may be a part of, and its amount in yuan."""
    links = standing.facts.links
    return {
        **{tie: getattr(links, tie) or None for tie in TIES},
        "amount_yuan": links.amount_yuan,
    }


def parts_data(parts: tuple[Part, ...]) -> list[dict[str, Any]]:
    """The definitions that bind, the main one first."""
    return [
        {
            "id": part.id,
            "version": part.version.isoformat(),
            "digest": part.digest,
            "name": {"zh": part.name.zh, "en": part.name.en},
        }
        for part in parts
    ]


def head_data(procedure: Procedure) -> dict[str, Any]:
    """A definition in a list."""
    return {
        "id": procedure.id,
        "version": procedure.version.isoformat(),
        "digest": procedure.digest,
        "name": {"zh": procedure.name.zh, "en": procedure.name.en},
        "lineage": list(procedure.lineage),
    }


def procedure_data(procedure: Procedure) -> dict[str, Any]:
    """A definition with its steps, rules and permissions."""
    return {
        "id": procedure.id,
        "version": procedure.version.isoformat(),
        "digest": procedure.digest,
        "name": {"zh": procedure.name.zh, "en": procedure.name.en},
        "lineage": list(procedure.lineage),
        "joins": [join.procedure for join in procedure.joins],
        "offers": list(procedure.offers),
        "stages": list(procedure.stages),
        "instruments": [
            {
                "id": each.id,
                "title": {"zh": each.title.zh, "en": each.title.en},
                "number": each.number,
                "in_force": None if each.in_force is None else each.in_force.isoformat(),
                "confidence": each.confidence,
            }
            for each in procedure.instruments.values()
        ],
        "steps": [
            {
                "id": step.id,
                "kind": step.kind,
                "name": {"zh": step.name.zh, "en": step.name.en},
                "cites": _cites(step.citations),
                "required_when": condition_json(step.required_when),
                "after": list(step.after),
                "before": None if step.before is None else step.before.value,
                "rules": [_rule(rule) for rule in step.rules.values()],
                "acts": {act: _holders(holders) for act, holders in step.acts.items()},
            }
            for step in procedure.steps.values()
        ],
        "rules": [_rule(rule) for rule in procedure.rules.values()],
        "permissions": {act: _holders(each) for act, each in procedure.permissions.items()},
    }


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "value": rule.value,
        "unit": None if rule.unit is None else rule.unit.value,
        "floor": rule.floor.value,
        "counting": rule.counting,
        "also": [_rule(each) for each in rule.also],
        "choices": list(rule.choices),
        "cites": _cites(rule.citations),
    }


def _cites(citations: tuple[Citation, ...]) -> list[str]:
    return [f"{each.instrument} {each.article} ({each.confidence})" for each in citations]


def _holders(holders: tuple[Holder, ...]) -> list[str]:
    return [f"{holder.role} of {holder.of}" for holder in holders]
