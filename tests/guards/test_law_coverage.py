"""The registry of duties: every row of the law is in it, and all that it claims is there."""

from __future__ import annotations

import pytest

from api.presenting.coverage_page import coverage_page
from procedures.book import shipped
from procedures.coverage import Shipped, elsewhere, flaws
from procedures.duties import Mode, Registry, Showing, Way, load_registry
from tests.guards.documents import ROOT, document
from workflow.catalogue import catalogue_for, locales

#: The provisions of Order 713, by article and paragraph as the domain file tells them apart.
ARTICLES = {
    Mode.PRINCIPLE: "1 4 5 6 7 38 39 40 41 42 43 44",
    Mode.MUST: (
        "2 8.2 9 10 11 12.1 12.2 14.1 14.2 18 25.1 25.2 26.1 26.2 27 28 29 30.1 30.2 30.3 "
        "31 32 33 34"
    ),
    Mode.CONDITIONAL: (
        "3.1 3.2 8.1 13 14.3 15.1 16.1 16.2 16.3 17 19.1 19.2 20 21 22.1 22.2 23 24 25.2 35.1 37"
    ),
    Mode.OPTIONAL: "3.3 12.3 12.4 15.2 35.2 36",
}
#: The rules of the other parts, by the entry that stands for each.
OTHERS = {
    "meetings": (
        "pg_review_first pg_monthly pg_items pg_notice pg_no_ad_hoc pg_quorum pg_majority "
        "pg_absent pg_recusal pg_attending pg_ballot pg_chair_last pg_no_circulation pg_record "
        "pg_dissent pg_report gm_two_bodies usual_sequence"
    ),
    "adjacent": (
        "fc_scope fc_reviewer fc_heard fc_violation fc_exception fc_traps "
        "nf_call nf_review nf_collective nf_issue nf_both three_majors "
        "contract_counterparty adviser_clients plan_notice plan_approval_papers "
        "expropriation_meeting land_notice "
        "stability_grades stability_filing requests_reports "
        "disclosure_time disclosure_requests disclosure_content "
        "budget_first investment_order investment_limits procurement_notice "
        "archives_retention archives_electronic document_format document_number "
        "secrets_off secrets_release mlps_identity mlps_audit "
        "personal_information personal_rights accessibility"
    ),
    "counting": (
        "count_start count_calendar_days count_roll_later count_roll_earlier count_disputed "
        "count_end_of_day count_months count_make_up count_amended count_provisional "
        "count_reconsideration count_pause count_vectors"
    ),
    "failures": (
        "f_review_replaced f_draft_changed f_review_squeezed f_reviewer_drafted "
        "f_counsel_as_review f_clock_early f_ad_hoc f_expert_interest f_assessor_evaluates "
        "f_short_call f_call_edited "
        "f_zero_opinions f_hearing f_no_feedback f_template_risk f_secretary_first "
        "f_dissent_erased f_splitting f_backdating f_beyond_powers f_emergency f_publication "
        "f_identity"
    ),
}
ORDER = ("order_713_start", "order_713_participation", "order_713_decision")
#: Reminders, the only thing that may still be left for later.
REMINDERS = {"archives_retention"}
#: Of these nothing may be left to somebody else: they are the procedure itself.
OWN = (*ORDER, "meetings", "failures", "counting")

REGISTRY = load_registry()


def source(name: str) -> Registry:
    return Registry(tuple(each for each in REGISTRY.sources if each.registry == name))


def test_every_provision_of_the_order_is_listed_under_its_mode() -> None:
    listed: dict[Mode, set[str]] = {mode: set() for mode in Mode}
    for name in ORDER:
        for entry, citation in source(name).citations():
            if citation.instrument == "order_713":
                listed[entry.mode].add(citation.article)
    assert listed == {mode: set(articles.split()) for mode, articles in ARTICLES.items()}


@pytest.mark.parametrize("name", OTHERS)
def test_every_rule_of_the_other_parts_is_listed(name: str) -> None:
    assert {entry.id for entry in source(name).entries} == set(OTHERS[name].split())


def test_nothing_is_listed_elsewhere() -> None:
    assert {each.registry for each in REGISTRY.sources} == {*ORDER, *OTHERS}


def test_all_that_it_claims_is_there() -> None:
    found = flaws(REGISTRY, Shipped.of(shipped()), ROOT)
    say = catalogue_for("en").tell
    assert [(flaw.entry, say(flaw.said)) for flaw in found] == []


def test_every_refusal_that_it_names_is_known() -> None:
    named = {
        reference.what
        for entry in REGISTRY.entries
        for reference in entry.refused
        if reference.showing is Showing.REFUSED
    }
    assert len(named) > 50
    catalogues = [catalogue_for(locale) for locale in locales()]
    unknown = {
        code for code in named if any(f"refusal.{code}.what" not in each for each in catalogues)
    }
    assert unknown == set()


def test_every_failure_is_stopped_in_a_scenario() -> None:
    unstopped = {
        entry.id
        for entry in source("failures").entries
        if not any(each.showing is Showing.REFUSED for each in entry.refused)
    }
    assert unstopped == set()


def test_the_document_is_fresh() -> None:
    there = Shipped.of(shipped())
    wanted = coverage_page(REGISTRY, there.instruments)
    assert document("docs/law-coverage.md") == wanted, "the document says how to make it again"


def test_the_document_tells_every_entry_in_both_languages() -> None:
    text = document("docs/law-coverage.md")
    for entry in REGISTRY.entries:
        assert text.count(f"| `{entry.id}`<br>") == 1
        for held in entry.enforced:
            if held.why is not None:
                assert held.why.zh in text
                assert held.why.en in text


def test_what_is_not_built_is_said_and_not_passed_over() -> None:
    for entry in REGISTRY.entries:
        ways = {held.by for held in entry.enforced}
        if entry.mode is Mode.PRINCIPLE:
            assert ways == {Way.NOT_ENFORCEABLE}, entry.id
        if not entry.held:
            assert (entry.passes, entry.refused) == ((), ()), entry.id


def test_nothing_but_reminders_is_left_for_later() -> None:
    left = {
        entry.id: held.why.en
        for entry in REGISTRY.entries
        for held in entry.enforced
        if held.by is Way.NOT_YET and held.why is not None
    }
    assert left.keys() == REMINDERS
    assert all("reminders" in why for why in left.values())


def test_no_duty_of_the_procedure_is_left_to_somebody_else() -> None:
    entrusted = {entry.id: held for entry, held in elsewhere(REGISTRY)}
    assert entrusted
    assert all(held.kept_by is not None for held in entrusted.values())
    own = {entry.id for name in OWN for entry in source(name).entries}
    cited = {
        entry.id
        for entry, citation in REGISTRY.citations()
        if citation.instrument in ("order_713", "party_group_rules")
    }
    assert entrusted.keys() & (own | cited) == set()
