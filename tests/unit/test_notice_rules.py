"""The files that say who is told what, and when: what they may say, and which of them count."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from notifications.due import Notice
from notifications.keeping import notice_to_json, told_from_row
from notifications.rules import NOTICES, NoticeBook, load_notices, shipped_notices
from notifications.watchpoints import About
from notifications.wording import TEMPLATES, Letters
from procedures.book import shipped
from procedures.problems import SourceError
from tests.unit.builders import directory
from tests.unit.notices import HEAD, point, rules
from workflow.canonical import canonical
from workflow.catalogue import catalogue_for, locales

OWN = """
notices: jiyuan_htz
version: 2026-03-01
name: {zh: 高新区, en: the zone}
otherwise: [head of legal_office]
instruments:
  zone_rules: {title: {zh: 高新区规则, en: rules of the zone}, number: '1', law: false}
rules:
  - id: publication
    name: {zh: 公布, en: publication}
    about: deadline
    kinds: [publication]
    thresholds: [{id: coming, before: {working_days: 15}}]
    to: [holders]
    urgency: ordinary
    cite: zone_rules
"""
RULE = """
rules:
  - id: one
    name: {zh: 一, en: one}
    about: deadline
    thresholds: THRESHOLDS
    to: TO
    urgency: ordinary
    escalate: ESCALATE
    cite: CITE
"""


def book(folder: Path, *texts: str) -> NoticeBook:
    for number, text in enumerate(texts):
        (folder / f"{number}.yaml").write_text(text, "utf-8")
    return load_notices(folder)


def rule(
    thresholds: str = "[{id: due}]",
    to: str = "[holders]",
    escalate: str = "[]",
    cite: str = "house_rules",
) -> str:
    text = RULE.replace("THRESHOLDS", thresholds).replace("TO", to)
    return HEAD + text.replace("ESCALATE", escalate).replace("CITE", cite)


def test_a_place_puts_rules_of_its_own_before_and_in_the_place_of_others(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text(OWN, "utf-8")
    found = load_notices(NOTICES, tmp_path)
    before, after = (found.rules("jiyuan_htz", date(2026, month, 1)) for month in (2, 4))
    other = found.rules("henan", date(2026, 4, 1))
    known = point("2026-03-27", kind="publication")
    days = [each.of(known) for each in (before, after, other)]
    assert [None if each is None else len(each.thresholds) for each in days] == [5, 1, 5]
    assert [each.role for each in after.otherwise] == ["head"]
    assert len(before.rules) == len(after.rules)
    assert "zone_rules" in found.titles


def test_before_the_first_file_nobody_is_told_anything() -> None:
    found = shipped_notices().rules("jiyuan_htz", date(2000, 1, 1))
    assert (found.rules, found.otherwise, found.look_again.amount) == ((), (), 1)
    assert found.horizon == 0
    assert found.named("deadline") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (rule("[{id: due, before: {}}]"), "notices.one_unit"),
        (rule("[{id: a, before: {working_days: 1, calendar_days: 1}}]"), "notices.one_unit"),
        (
            rule("[{id: a, before: {working_days: 1}, after: {working_days: 1}}]"),
            "notices.before_and_after",
        ),
        (rule("[{id: moved}]"), "notices.reserved"),
        (rule("[{id: due}, {id: due}]"), "notices.threshold_twice"),
        (
            rule(escalate="[{of: [x], after: {working_days: 1}, to: [holders]}]"),
            "notices.no_such_threshold",
        ),
        (rule(to="[nobody]"), "definition.holder_form"),
        (rule(cite="nothing 3"), "notices.unknown_instrument"),
        (rule() + RULE[7:].replace("THRESHOLDS", "[{id: due}]"), "source"),
        ("notices: [", "source"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(SourceError) as caught:
        book(tmp_path, text)
    assert any(each.code.startswith(code) for each in caught.value.problems)


def test_a_rule_told_twice_is_refused(tmp_path: Path) -> None:
    text = rule()
    again = text[text.index("  - id: one") :]
    with pytest.raises(SourceError) as caught:
        book(tmp_path, text + again)
    assert [each.code for each in caught.value.problems] == ["notices.rule_twice"]


@pytest.mark.parametrize("locale", locales())
def test_every_rule_has_words_for_each_of_its_occasions(locale: str) -> None:
    """The first line is one line, and says what is done or by when."""
    letters, catalogue = Letters(shipped_notices().titles), catalogue_for(locale)
    for form in shipped_notices().rules("jiyuan_htz", date(2026, 3, 2)).rules:
        at = point("2026-03-27", about=form.about, act="accept_papers", meeting="M2026-001")
        moves = ["moved", "lifted"] if form.tells_moves else []
        for occasion in (*(each.id for each in form.thresholds), *moves):
            was = date(2026, 3, 20) if occasion == "moved" else None
            notice = Notice(form, at, occasion, form.to, late=True, was=was, cause="resume")
            told = letters.words(
                catalogue,
                shipped().get("jiyuan_htz"),
                directory(),
                {"matter": "2026-0001", "title": "<b>", "notice": notice_to_json(notice)},
            )
            assert told.first
            assert "\n" not in told.first
            assert told.why
            plain = letters.plain(catalogue, told)
            assert plain.startswith(told.first)
            assert "<b>" in plain
            assert "&lt;b&gt;" in letters.html(catalogue, told)


def test_a_place_replaces_one_template_and_keeps_the_rest(tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "event.txt").write_text("own {{ act }}", "utf-8")
    letters = Letters({}, tmp_path, "https://example.gov.cn")
    form = shipped_notices().rules("jiyuan_htz", date(2026, 3, 2)).named("paused")
    assert form is not None
    notice = Notice(form, point("2026-03-27", about=About.EVENT, act="pause"), "done", form.to)
    body = {"matter": "2026-0001", "title": "x", "notice": notice_to_json(notice)}
    told = letters.words(catalogue_for("zh"), shipped().get("jiyuan_htz"), directory(), body)
    assert told.first.startswith("own ")
    assert told.link == "https://example.gov.cn/matters/2026-0001"
    english = letters.words(catalogue_for("en"), shipped().get("jiyuan_htz"), directory(), body)
    assert english.first.startswith("For your information")


def test_both_languages_have_the_same_templates() -> None:
    zh, en = ({each.name for each in (TEMPLATES / locale).iterdir()} for locale in ("zh", "en"))
    assert zh == en
    abouts = {each.value for each in About}
    assert abouts <= {name.removesuffix(".txt") for name in zh}


def test_an_alert_tells_which_point_it_is_about() -> None:
    form = rules().named("deadline")
    assert form is not None
    at = point("2026-03-27")
    body = canonical({"notice": notice_to_json(Notice(form, at, "due", form.to))})

    class Row:
        id, rule, threshold, day, escalated = 3, "deadline", "due", at.by, 0
        acknowledged_at = None

    row = Row()
    row.body = body  # type: ignore[attr-defined]
    told = told_from_row(row)
    assert (told.point, told.by, told.acknowledged) == (at.point, at.by, False)
