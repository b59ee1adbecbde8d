"""What no definition may say, since it would undo the promise while it looks complete."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from procedures.references import INDEPENDENT
from tests.unit.procedure_files import Change, changed, law, problems, profiled, step, told
from workflow.catalogue import catalogue_for, locales
from workflow.definition import Relation


def place(of: str) -> int:
    """Where a step stands, counted from one."""
    return next(n for n, each in enumerate(law()["steps"], 1) if each["id"] == of)


REVIEW, EXPERTS, OPEN_CALL, COMPETITION = (
    place(each) for each in ("legality_review", "expert_argument", "open_call", "fair_competition")
)


def of_review(**fields: Any) -> Change:
    return lambda data: step(data, "legality_review").update(fields)


def held(of: str, act: str, holder: str) -> Change:
    return lambda data: step(data, of)["acts"][act].append(holder)


def permitted(command: str, holder: str) -> Change:
    return lambda data: data["permissions"][command].append(holder)


def waived_by(holder: str) -> Change:
    return lambda data: step(data, "open_call")["waivable"]["approve"].append(holder)


def overridden(holder: str) -> Change:
    return lambda data: step(data, "legality_review")["rules"]["review_time"]["override"].append(
        holder
    )


def overridden_notice(holder: str) -> Change:
    return lambda data: data["rules"]["agenda.notice"].update(override=[holder])


def urgent_track(holder: str) -> Change:
    track = {
        "value": 3,
        "unit": "working_days",
        "bound": "maximum",
        "counting": "period_working_days",
        "override": [holder],
        "cite": "house_rules",
    }
    return lambda data: data["rules"].update({"agenda.urgent": track})


def no_longer_apart(act: str, other: str) -> Change:
    """The separation without this one, which others are kept in for."""

    def change(data: dict[str, Any]) -> None:
        for each in data["separations"]:
            if each["act"] == act:
                apart = [name for name in each.get("not_by", []) if name != other]
                each["not_by"] = apart or ["decline"]

    return change


def second_review(data: dict[str, Any]) -> None:
    data["steps"].append(step(data, "legality_review") | {"id": "review_again"})


def without_review(data: dict[str, Any]) -> None:
    data["steps"].remove(step(data, "legality_review"))
    for each in data["steps"]:
        each["after"] = [name for name in each.get("after", ()) if name != "legality_review"]


def forgotten(name: str) -> Change:
    return lambda data: step(data, "legality_review")["after"].remove(name)


def paused(*commands: str) -> Change:
    return lambda data: data.update(while_paused=list(commands))


CONFIRMING = next(
    place for place, move in enumerate(law()["moves"]) if move["command"] == "confirm_changes"
)


def straight_to_the_agenda(data: dict[str, Any]) -> None:
    data["moves"][CONFIRMING]["to"] = "tabled"


WAIVABLE = {
    "request": ["head of lead_unit"],
    "approve": ["director of decision_body"],
    "cite": "house_rules",
}
OWN = "clerk of lead_unit"

BROKEN: dict[str, tuple[Change, str, str]] = {
    **{
        f"{act} by the side it judges": (
            held("legality_review", act, OWN),
            f"steps[{REVIEW}].acts.{act}[3]",
            "same_hand",
        )
        for act in ("give_review_verdict", "confirm_changes", "accept_papers", "return_papers")
    },
    **{
        f"a verdict by {relation}": (
            held("legality_review", "give_review_verdict", f"reviewer of {relation}"),
            f"steps[{REVIEW}].acts.give_review_verdict[3]",
            "same_hand",
        )
        for relation in Relation
    },
    **{
        f"{act} by the side it judges": (
            held("expert_argument", act, OWN),
            f"steps[{EXPERTS}].acts.{act}[2]",
            "same_hand",
        )
        for act in ("declare_interest", "file_expert_opinion")
    },
    "recheck_text by the side that amends": (
        held("legality_review", "recheck_text", OWN),
        f"steps[{REVIEW}].acts.recheck_text[3]",
        "same_hand",
    ),
    "file_regulator_opinion by the side it judges": (
        held("fair_competition", "file_regulator_opinion", OWN),
        f"steps[{COMPETITION}].acts.file_regulator_opinion[3]",
        "same_hand",
    ),
    **{
        f"{act} by the side that asks for it": (
            permitted(act, OWN),
            f"permissions.{act}[2]",
            "same_hand",
        )
        for act in ("start", "decline", "exclude")
    },
    **{
        f"{act} by the side that asks for it": (
            permitted(act, OWN),
            f"permissions.{act}[2]",
            "same_hand",
        )
        for act in ("take_ballot", "conclude_item")
    },
    **{
        f"{act} by the side that proposes it": (
            held(step, act, OWN),
            f"steps[{place(step)}].acts.{act}[3]",
            "same_hand",
        )
        for step, act in (("study_assignment", "assign_study"), ("classification", "classify"))
    },
    **{
        f"{act} by the side it judges": (
            permitted(act, OWN),
            f"permissions.{act}[3]",
            "same_hand",
        )
        for act in ("appoint", "end_appointment", "confirm_quarantine", "release_quarantine")
    },
    **{
        f"{act} by the side it judges": (
            permitted(act, OWN),
            f"permissions.{act}[2]",
            "same_hand",
        )
        for act in ("file_retainer", "register_retainer", "state_clients", "end_retainer")
    },
    "end_decision by the side that asks for it": (
        permitted("end_decision", OWN),
        "permissions.end_decision[3]",
        "same_hand",
    ),
    "migrate by the side that asks for it": (
        permitted("migrate", OWN),
        "permissions.migrate[2]",
        "same_hand",
    ),
    "adjust_catalogue by the side that asks for it": (
        permitted("adjust_catalogue", OWN),
        "permissions.adjust_catalogue[4]",
        "same_hand",
    ),
    "compile_catalogue by the side that asks for it": (
        permitted("compile_catalogue", OWN),
        "permissions.compile_catalogue[4]",
        "same_hand",
    ),
    "complete_catalogue by the side that asks for it": (
        permitted("complete_catalogue", OWN),
        "permissions.complete_catalogue[4]",
        "same_hand",
    ),
    "consent_catalogue by the side that asks for it": (
        permitted("consent_catalogue", OWN),
        "permissions.consent_catalogue[4]",
        "same_hand",
    ),
    "link_entry by the side that asks for it": (
        permitted("link_entry", OWN),
        "permissions.link_entry[4]",
        "same_hand",
    ),
    "publish_catalogue by the side that asks for it": (
        permitted("publish_catalogue", OWN),
        "permissions.publish_catalogue[4]",
        "same_hand",
    ),
    "rule_not_major by the side that asks for it": (
        permitted("rule_not_major", OWN),
        "permissions.rule_not_major[3]",
        "same_hand",
    ),
    "rule_separate by the side that asks for it": (
        permitted("rule_separate", OWN),
        "permissions.rule_separate[3]",
        "same_hand",
    ),
    "rule_waiver by the side that asks for it": (
        waived_by("head of lead_unit"),
        f"steps[{OPEN_CALL}].waivable.approve[2]",
        "same_hand",
    ),
    "approve_override by the side that asks for it": (
        overridden("head of lead_unit"),
        f"steps[{REVIEW}].rules.review_time.override[2]",
        "same_hand",
    ),
    "confirm_urgent_item by the side that asks for it": (
        urgent_track("head of proposing_unit"),
        "rules.agenda.urgent.override[1]",
        "same_hand",
    ),
    "a shorter notice by the side that asks for it": (
        overridden_notice("head of proposing_unit"),
        "rules.agenda.notice.override[1]",
        "same_hand",
    ),
    "a pause in which a draft is revised": (
        paused("resume", "withdraw", "revise_draft"),
        "while_paused[3]",
        "not_while_paused",
    ),
    "a pause in which something unheard of is done": (
        paused("dance"),
        "while_paused[1]",
        "not_while_paused",
    ),
    **{
        f"{act} by whoever did {other}": (
            no_longer_apart(act, other),
            "separations",
            "separation_missing",
        )
        for act, other in (
            ("give_review_verdict", "draft"),
            ("confirm_changes", "draft"),
            ("recheck_text", "draft"),
            ("rule_waiver", "request_waiver"),
        )
    },
    "a way onto the agenda past the gate": (
        straight_to_the_agenda,
        f"moves[{CONFIRMING + 1}].to",
        "way_past_gate",
    ),
    "two reviews": (
        second_review,
        f"steps[{len(law()['steps']) + 1}].acts.give_review_verdict",
        "review_twice",
    ),
    "no review": (without_review, "steps", "review_missing"),
    "a review under a condition": (
        of_review(required_when={"question": "technical", "is": True}),
        f"steps[{REVIEW}].required_when",
        "review_conditional",
    ),
    "a review that outlives an editorial revision": (
        of_review(lapses_on="substantive"),
        f"steps[{REVIEW}].lapses_on",
        "review_outlives_text",
    ),
    "a review that may be waived": (
        of_review(waivable=WAIVABLE),
        f"steps[{REVIEW}].waivable",
        "review_waivable",
    ),
    "a review that the agenda does not wait for": (
        of_review(before=None),
        f"steps[{REVIEW}].before",
        "review_off_the_way",
    ),
    "a review that waits for itself": (
        of_review(before="review"),
        f"steps[{REVIEW}].before",
        "review_off_the_way",
    ),
    "a review that forgets a step": (
        forgotten("risk_assessment"),
        f"steps[{REVIEW}].after",
        "review_too_early",
    ),
}


@pytest.mark.parametrize(("change", "key", "code"), BROKEN.values(), ids=BROKEN)
def test_what_would_undo_the_promise_is_refused(
    change: Change, key: str, code: str, tmp_path: Path
) -> None:
    (problem,) = problems(lambda: changed(tmp_path, change))
    assert (problem.key, problem.code) == (key, f"definition.{code}")
    assert (problem.file, problem.line > 0) == ("law.yaml", True)


@pytest.mark.parametrize("change", [change for change, *_ in BROKEN.values()], ids=BROKEN)
def test_it_is_told_in_words(change: Change, tmp_path: Path) -> None:
    (problem,) = problems(lambda: changed(tmp_path, change))
    for locale in locales():
        assert "{" not in catalogue_for(locale).tell(problem.said)


def test_every_act_that_judges_is_tried() -> None:
    tried = {
        name.partition(" by the side ")[0]
        for name, (*_, code) in BROKEN.items()
        if code == "same_hand"
    }
    assert tried >= INDEPENDENT


def test_the_step_that_the_review_forgets_is_named(tmp_path: Path) -> None:
    (problem,) = problems(lambda: changed(tmp_path, forgotten("risk_assessment")))
    assert problem.params["name"] == "risk_assessment"


def test_a_profile_that_adds_a_step_must_let_the_review_wait_for_it(tmp_path: Path) -> None:
    audit = {
        "id": "audit",
        "kind": "declared",
        "name": {"zh": "审计", "en": "audit"},
        "cite": "budget_law 13",
        "required_when": "always",
        "before": "review",
        "acts": {"file_evidence": [OWN]},
    }
    profile: dict[str, Any] = {"steps": [audit]}
    found = told(lambda: profiled(tmp_path, profile))
    assert found == [(f"steps[{REVIEW}].after", "definition.review_too_early")]
    waiting = profile | {"steps": [audit, {"id": "legality_review", "after": ["audit"]}]}
    assert "audit" in profiled(tmp_path, waiting).steps["legality_review"].after


def test_where_nothing_is_waivable_nobody_need_be_kept_from_waivers(tmp_path: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        for each in data["steps"]:
            each.pop("waivable", None)
        data["separations"] = [s for s in data["separations"] if s["act"] != "rule_waiver"]
        del data["rules"]["waiver.own_request"]

    assert not [s for s in changed(tmp_path, change).separations if s.act == "rule_waiver"]


def test_separations_that_are_not_there_at_all_are_missed(tmp_path: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        for separation in data.pop("separations"):
            data["rules"].pop(separation["rule"], None)

    found = told(lambda: changed(tmp_path, change))
    assert found == [("separations", "definition.separation_missing")] * 4
