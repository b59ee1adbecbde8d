"""Whatever a definition names must exist, and whatever it needs must be there."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import pytest

from procedures.book import ProcedureBook
from tests.unit.procedure_files import Change, changed, law, move, problems, step, told, write
from workflow.catalogue import catalogue_for, locales

OPEN_CALL = 3
REVIEW = 9
EXPERTS, COMPETITION = 5, 7
CLASSIFICATION = [each["id"] for each in law()["steps"]].index("classification")
PUBLICATION = [each["id"] for each in law()["steps"]].index("publication")
NEW_STEP = f"steps[{len(law()['steps']) + 1}].id"
NEW_MOVE = f"moves[{len(law()['moves']) + 1}]"


SHARELESS = ("rules.proposal.share", "share_form")
FIRST_DRAFT = f"moves[{law()['moves'].index(move(law(), 'revise_draft', 'first')) + 1}].outcome"


def put(data: Any, value: Any, *path: str | int) -> None:
    """Set the value at a path; `steps`, say, take an index."""
    for part in path[:-1]:
        data = data[part]
    data[path[-1]] = value


def drop(data: Any, *path: str | int) -> None:
    for part in path[:-1]:
        data = data[part]
    del data[path[-1]]


def at(value: Any, *path: str | int) -> Change:
    return lambda data: put(data, value, *path)


def without(*path: str | int) -> Change:
    return lambda data: drop(data, *path)


def extended(value: Any, *path: str) -> Change:
    def change(data: Any) -> None:
        for part in path:
            data = data[part]
        data.append(value)

    return change


def when(predicate: object) -> Change:
    return lambda data: put(step(data, "hearing"), predicate, "required_when")


NUMBER = {
    "text": {"zh": "金额", "en": "amount"},
    "kind": "number",
    "cite": "house_rules",
}


def number_when(predicate: object) -> Change:
    def change(data: Any) -> None:
        put(data, NUMBER, "questions", "amount")
        when(predicate)(data)

    return change


def numbered(cases: list[tuple[Change, str, str]]) -> list[str]:
    return [f"{number}-{name}" for number, (_, _, name) in enumerate(cases)]


BROKEN: list[tuple[Change, str, str]] = [
    # names that exist nowhere
    (at("clrk of lead_unit", "steps", 0, "acts", "study", 0), "steps[1].acts.study[1]", "role"),
    (at(["head of nowhere"], "permissions", "start"), "permissions.start[1]", "unit"),
    (at("order_999 1", "steps", 0, "cite"), "steps[1].cite", "instrument"),
    (
        at(["order_713 1", "no 2"], "rules", "proposal", "cite"),
        "rules.proposal.cite[2]",
        "instrument",
    ),
    (at("no 1", "rules", "proposal", "special_law"), "rules.proposal.special_law", "instrument"),
    (at("no 1", "steps", 0, "special_law"), "steps[1].special_law", "instrument"),
    (at("no 1", "questions", "technical", "cite"), "questions.technical.cite", "instrument"),
    (at("no 1", "alerts", 0, "cite"), "alerts[1].cite", "instrument"),
    (at("no 1", "steps", OPEN_CALL, "waivable", "cite"), "steps[4].waivable.cite", "instrument"),
    (
        at(["chief of lead_unit"], "steps", OPEN_CALL, "waivable", "approve"),
        "steps[4].waivable.approve[1]",
        "role",
    ),
    (
        at(["chief of finance"], "steps", REVIEW, "rules", "review_time", "override"),
        "steps[10].rules.review_time.override[1]",
        "role",
    ),
    (at(["chief of finance"], "alerts", 0, "to"), "alerts[1].to[1]", "role"),
    (at(["reserch"], "steps", OPEN_CALL, "after"), "steps[4].after[1]", "step"),
    (at("open_cal", "steps", OPEN_CALL, "kind"), "steps[4].kind", "kind"),
    (when({"question": "tecnical", "is": True}), "steps[5].required_when.question", "question"),
    (at("tabld", "moves", 1, "to"), "moves[2].to", "stage"),
    (at(["propsed"], "moves", 2, "from"), "moves[3].from[1]", "stage"),
    (
        extended({"command": "dance", "from": ["started"]}, "moves"),
        f"{NEW_MOVE}.command",
        "command",
    ),
    (
        extended({"command": "freeze_agenda", "from": ["started"]}, "moves"),
        f"{NEW_MOVE}.command",
        "command",
    ),
    (at("dance", "alerts", 0, "command"), "alerts[1].command", "command"),
    (at("dance", "separations", 0, "act"), "separations[1].act", "command"),
    (at(["draft", "dance"], "separations", 0, "not_by"), "separations[1].not_by[2]", "command"),
    (at("no.rule", "separations", 0, "rule"), "separations[1].rule", "rule"),
    (at("dance", "denials", 0, "act"), "denials[1].act", "command"),
    (at("dancer", "denials", 0, "role"), "denials[1].role", "role"),
    (at("no.rule", "denials", 0, "rule"), "denials[1].rule", "rule"),
    (
        at(["any_unit"], "separations", 0, "not_lent_to"),
        "separations[1].not_lent_to[1]",
        "relation",
    ),
    (at(["any_unit"], "separations", 0, "not_of"), "separations[1].not_of[1]", "relation"),
    (
        at(["lead_unit", "legal_office"], "separations", 0, "not_of"),
        "separations[1].not_of[2]",
        "relation",
    ),
    (
        at(["head of lead_unit"], "permissions", "rule_waiver"),
        "permissions.rule_waiver",
        "permission",
    ),
    (at("town_hall", "meeting_body"), "meeting_body", "body"),
    (
        at("fortnights", "rules", "agenda.notice", "counting"),
        "rules.agenda.notice.counting",
        "counting",
    ),
]


@pytest.mark.parametrize(("change", "key", "what"), BROKEN, ids=numbered(BROKEN))
def test_an_unknown_name_is_refused_where_it_stands(
    change: Change, key: str, what: str, tmp_path: Path
) -> None:
    assert (key, f"definition.unknown_{what}") in told(lambda: changed(tmp_path, change))


#: Predicates of no known form, and where in them the fault lies.
MISSHAPEN: list[tuple[object, str]] = [
    ("sometimes", ""),
    (None, ""),
    ({}, ""),
    ({"all": []}, ""),
    ({"all": ["always"], "any": ["always"]}, ""),
    ({"any": ["always"], "is": True}, ""),
    ({"not": "always", "is": True}, ""),
    ({"question": "technical"}, ""),
    ({"question": 3, "is": True}, ""),
    ({"question": "technical", "is": None}, ""),
    ({"question": "technical", "is": True, "at_least": 1}, ""),
    ({"question": "technical", "at_least": 1, "is": None}, ""),
    ({"question": "technical", "at_least": True}, ""),
    ({"question": "technical", "at_least": "1"}, ""),
    ({"all": ["always", "sometimes"]}, ".all[2]"),
    ({"any": [{"not": "sometimes"}]}, ".any[1].not"),
]

HOLED: list[tuple[Change, str, str]] = [
    # steps and their kinds
    (without("steps", 1, "acts", "file_legal_basis"), "steps[2].acts", "act_missing"),
    (
        at(["head of finance"], "steps", 1, "acts", "study"),
        "steps[2].acts.study",
        "act_of_other_kind",
    ),
    (without("steps", 1, "rules", "legal_basis"), "steps[2].rules", "rule_missing"),
    (
        at({"cite": "house_rules"}, "steps", 1, "rules", "pace"),
        "steps[2].rules.pace",
        "rule_of_other_kind",
    ),
    (
        without("steps", OPEN_CALL, "rules", "period", "value"),
        "steps[4].rules.period.value",
        "rule_lacks",
    ),
    (
        without("steps", OPEN_CALL, "rules", "period", "unit"),
        "steps[4].rules.period.unit",
        "rule_lacks",
    ),
    (
        without("steps", OPEN_CALL, "rules", "period", "counting"),
        "steps[4].rules.period.counting",
        "rule_lacks",
    ),
    (
        without("steps", OPEN_CALL, "rules", "channels", "value"),
        "steps[4].rules.channels.value",
        "rule_lacks",
    ),
    (
        without("steps", OPEN_CALL, "rules", "channels", "choices"),
        "steps[4].rules.channels.choices",
        "rule_lacks",
    ),
    (
        at(3, "steps", OPEN_CALL, "rules", "proof", "value"),
        "steps[4].rules.proof.value",
        "rule_excess",
    ),
    (at(["a"], "rules", "proposal", "choices"), "rules.proposal.choices", "rule_excess"),
    (
        at(["newspaper", "报纸"], "steps", OPEN_CALL, "rules", "channels", "choices"),
        "steps[4].rules.channels.choices[2]",
        "choice_form",
    ),
    (
        at({}, "steps", OPEN_CALL, "rules", "period", "value"),
        "steps[4].rules.period.value",
        "no_value_yet",
    ),
    (
        at({"2019-09-01": 30, "2030-01-01": 9}, "steps", OPEN_CALL, "rules", "period", "value"),
        "steps[4].rules.period.value.2030-01-01",
        "value_too_late",
    ),
    (
        at({"2030-01-01": 9}, "steps", OPEN_CALL, "rules", "period", "value"),
        "steps[4].rules.period.value.2030-01-01",
        "value_too_late",
    ),
    # special laws
    (
        at("house_rules", "rules", "proposal", "special_law"),
        "rules.proposal.special_law",
        "special_law_no_law",
    ),
    (
        at(["order_713 1", "house_rules"], "steps", 0, "special_law"),
        "steps[1].special_law[2]",
        "special_law_no_law",
    ),
    # separations
    (
        lambda data: data["separations"].append({"act": "start", "rule": "proposal"}),
        f"separations[{len(law()['separations']) + 1}].not_by",
        "separation_of_nobody",
    ),
    (
        at(["counsel of law_firm"], "steps", REVIEW, "acts", "confirm_changes"),
        "steps[10].acts.confirm_changes[1]",
        "denied_holder",
    ),
    (at(["open_call"], "steps", 1, "after"), "steps[2].after", "cycle"),
    (at(["research"], "steps", 1, "after"), "steps[2].after", "cycle"),
    # predicates
    (when({"question": "technical", "is": "yes"}), "steps[5].required_when.is", "answer_unfit"),
    (
        when({"question": "technical", "at_least": 1}),
        "steps[5].required_when.at_least",
        "answer_unfit",
    ),
    (
        when({"question": "decision_level", "is": "moon"}),
        "steps[5].required_when.is",
        "answer_unfit",
    ),
    (
        when({"question": "decision_level", "at_least": 1}),
        "steps[5].required_when.at_least",
        "answer_unfit",
    ),
    (
        when({"all": ["always", {"not": {"any": [{"question": "technical", "is": 1}]}}]}),
        "steps[5].required_when.all[2].not.any[1].is",
        "answer_unfit",
    ),
    (number_when({"question": "amount", "is": True}), "steps[5].required_when.is", "answer_unfit"),
    (number_when({"question": "amount", "is": -1}), "steps[5].required_when.is", "answer_unfit"),
    # choices that are questions, and answers that tell who decides
    (
        at(["tecnical"], "steps", CLASSIFICATION, "rules", "reasoned", "choices"),
        f"steps[{CLASSIFICATION + 1}].rules.reasoned.choices[1]",
        "unknown_question",
    ),
    (
        at(["technical", "origin"], "steps", CLASSIFICATION, "rules", "reasoned_if_yes", "choices"),
        f"steps[{CLASSIFICATION + 1}].rules.reasoned_if_yes.choices[2]",
        "question_not_yes_no",
    ),
    (
        at(
            {"choices": ["project", "projct"], "cite": "house_rules"},
            *("steps", CLASSIFICATION, "rules", "aggregation_by"),
        ),
        "steps[21].rules.aggregation_by.choices[2]",
        "unknown_choice",
    ),
    (
        at(
            {"value": 7, "choices": ["technicle"], "cite": "house_rules"},
            *("steps", EXPERTS, "rules", "minimum_complex"),
        ),
        "steps[6].rules.minimum_complex.choices[1]",
        "unknown_question",
    ),
    (
        at(["zone", "provinse"], "steps", COMPETITION, "rules", "regulator", "choices"),
        "steps[8].rules.regulator.choices[2]",
        "unknown_answer",
    ),
    (without("deciders"), "steps[8].rules.regulator.choices", "levels_without_deciders"),
    # acts for which a second factor must have been shown
    (
        at(
            {"choices": ["give_review_verdict", "give_verdikt"], "cite": "house_rules"},
            *("rules", "authority.second_factor"),
        ),
        "rules.authority.second_factor.choices[2]",
        "unknown_command",
    ),
    (
        at(
            {"choices": ["land_aproval"], "cite": "house_rules"},
            *("steps", PUBLICATION, "rules", "counted_from"),
        ),
        f"steps[{PUBLICATION + 1}].rules.counted_from.choices[1]",
        "unknown_step",
    ),
    # rules, moves, proposal
    (without("rules", "agenda.frozen"), "rules", "engine_rule_missing"),
    (at({"cite": "house_rules"}, "rules", "agenda.frosen"), "rules.agenda.frosen", "rule_unused"),
    (
        lambda data: data["moves"].remove(move(data, "study")),
        "steps[1].acts.study",
        "act_without_move",
    ),
    (
        lambda data: put(move(data, "give_review_verdict", "unlawful"), ["drafting"], "from"),
        "steps[10].acts.give_review_verdict",
        "outcome_without_move",
    ),
    (
        lambda data: data["moves"].remove(move(data, "propose", "state_secret")),
        "moves",
        "outcome_without_move",
    ),
    (
        extended({"command": "start", "from": ["proposed"], "to": "tabled"}, "moves"),
        NEW_MOVE,
        "move_twice",
    ),
    (
        lambda data: put(move(data, "revise_draft", "first"), "final", "outcome"),
        FIRST_DRAFT,
        "unknown_outcome",
    ),
    # form
    (at("clerk", "permissions", "start", 0), "permissions.start[1]", "holder_form"),
    (at(5, "permissions", "start", 0), "permissions.start[1]", "holder_form"),
    (at("order_713 15.1 (Q)", "steps", 0, "cite"), "steps[1].cite", "citation_form"),
    *(
        (at({"cite": "house_rules", "share": share}, "rules", "proposal"), *SHARELESS)
        for share in ("0/3", "3/2", "2:3", "two thirds", 0.5, 1)
    ),
    (
        at({"cite": "house_rules", "share": "2/3"}, "rules", "proposal"),
        "rules.proposal.share",
        "rule_excess",
    ),
    (at("moon", "deciders", "question"), "deciders.question", "unknown_question"),
    (at("moon", "deciders", "instead", "zone"), "deciders.instead.zone", "unknown_unit"),
    (
        at("finance", "deciders", "instead", "province"),
        "deciders.instead.province",
        "unknown_answer",
    ),
    (at([{}], "steps", 0, "cite"), "steps[1].cite[1]", "citation_form"),
    *(
        (when(predicate), f"steps[5].required_when{place}", "predicate_form")
        for predicate, place in MISSHAPEN
    ),
    (
        at(["one"], "questions", "decision_level", "choices"),
        "questions.decision_level.choices",
        "question_choices",
    ),
    (
        at(["one", "one"], "questions", "decision_level", "choices"),
        "questions.decision_level.choices",
        "question_choices",
    ),
    (
        at(["a", "b"], "questions", "technical", "choices"),
        "questions.technical.choices",
        "question_no_choices",
    ),
    (
        at("co_units", "questions", "decision_level", "follows"),
        "questions.decision_level.follows",
        "question_follows",
    ),
    (lambda data: data["steps"].append(step(data, "study")), NEW_STEP, "twice"),
    (
        lambda data: data["separations"].append(data["separations"][0]),
        f"separations[{len(law()['separations']) + 1}].act",
        "twice",
    ),
]


@pytest.mark.parametrize(("change", "key", "code"), HOLED, ids=numbered(HOLED))
def test_what_is_missing_or_contradicts_itself_is_refused(
    change: Change, key: str, code: str, tmp_path: Path
) -> None:
    assert (key, f"definition.{code}") in told(lambda: changed(tmp_path, change))


@pytest.mark.parametrize(
    ("change", "key", "code"),
    [
        (at([], "permissions", "start"), "permissions.start", "source.list_too_short"),
        (at([], "stages"), "stages", "source.list_too_short"),
        (
            at(-1, "steps", 3, "rules", "channels", "value"),
            "steps[4].rules.channels.value",
            "source.no_form_fits",
        ),
        (at({"zh": "甲"}, "name"), "name", "source.missing_key"),
        (without("steps", 0, "cite"), "steps[1]", "source.missing_key"),
        (
            at("fortnights", "rules", "agenda.notice", "unit"),
            "rules.agenda.notice.unit",
            "source.not_one_of",
        ),
        (at(True, "steps", 0, "requierd"), "steps[1].requierd", "source.unknown_key_of"),
        (at("yes", "roles", "head", "single"), "roles.head.single", "source.wants_true_or_false"),
        (at({"id": "x"}, "steps"), "steps", "source.wants_list"),
    ],
)
def test_what_has_another_form_is_refused(
    change: Change, key: str, code: str, tmp_path: Path
) -> None:
    found = told(lambda: changed(tmp_path, change))
    assert any(code == told_code and told_key.startswith(key) for told_key, told_code in found)


def test_every_fault_is_told_once_and_all_of_them_together(tmp_path: Path) -> None:
    def change(data: dict[str, Any]) -> None:
        data["meeting_body"] = "town_hall"
        data["alerts"][0]["command"] = "dance"

    assert sorted(told(lambda: changed(tmp_path, change))) == [
        ("alerts[1].command", "definition.unknown_command"),
        ("meeting_body", "definition.unknown_body"),
    ]


def test_a_fault_is_told_with_file_line_and_what_was_meant(tmp_path: Path) -> None:
    path = write(tmp_path, law())
    text = path.read_text("utf-8").replace(
        '"required_when": "always"', '"required_when": "allways"', 1
    )
    path.write_text(text, "utf-8")
    (problem,) = problems(ProcedureBook(tmp_path).all)
    line = text[: text.index("allways")].count("\n") + 1
    assert (problem.file, problem.line) == ("law.yaml", line)


@pytest.mark.parametrize(
    "change", [change for change, *_ in BROKEN + HOLED], ids=numbered(BROKEN + HOLED)
)
def test_every_fault_can_be_put_into_words(change: Change, tmp_path: Path) -> None:
    found = problems(lambda: changed(tmp_path, change))
    for problem, locale in product(found, locales()):
        told = catalogue_for(locale).tell(problem.said)
        for lawful in ("{question", "{all", "{any", "{not"):
            told = told.replace(lawful, "")
        assert "{" not in told


def test_numbers_and_nested_predicates_are_taken(tmp_path: Path) -> None:
    wanted = {
        "all": [{"not": {"question": "amount", "is": 7}}, {"question": "amount", "at_least": 5}]
    }
    procedure = changed(tmp_path, number_when(wanted))
    hearing = procedure.steps["hearing"]
    required = [procedure.required(hearing, {"amount": amount}) for amount in (4, 5, 6, 7, 8)]
    assert required == [False, True, True, False, True]


@pytest.mark.parametrize("locale", locales())
def test_an_id_of_the_wrong_form_is_explained_without_a_pattern(
    locale: str, tmp_path: Path
) -> None:
    (problem,) = problems(lambda: changed(tmp_path, at("Open Call", "steps", OPEN_CALL, "id")))
    said = catalogue_for(locale).tell(problem.said)
    assert problem.code == "source.not_a_name"
    assert "Open Call" in said
    assert "open_call" in said
    assert "[a-z" not in said
