"""Rules of notices and watchpoints for tests, a line each."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from notifications.due import Before, Findings, Seen, Told, due
from notifications.rules import NoticeBook, NoticeRules, NoticesFile
from notifications.watchpoints import About, Watchpoint
from procedures.dates import load_days
from procedures.source import parse, read_text

HEAD: Final = """
notices: base
version: 2019-09-01
name: {zh: 试, en: trial}
look_again: {calendar_days: 28}
otherwise: [keeper of agenda_office]
instruments:
  house_rules: {title: {zh: 规则, en: rules}, number: '1', law: false}
"""

RULES: Final = """
rules:
  - id: hearing
    name: {zh: 听证, en: hearing}
    about: deadline
    kinds: [hearing]
    thresholds: [{id: due}]
    to: [holders]
    urgency: at_once
    cite: house_rules
  - id: deadline
    name: {zh: 期限, en: deadline}
    about: deadline
    thresholds:
      - {id: coming, before: {working_days: 5}}
      - {id: soon, before: {calendar_days: 1}, urgency: at_once}
      - {id: due}
      - {id: missed, after: {calendar_days: 1}}
    to: [holders, head of lead_unit]
    urgency: ordinary
    tells_moves: true
    escalate:
      - {of: [due, missed], after: {working_days: 1}, to: [head of lead_unit]}
      - {of: [missed], after: {working_days: 3}, to: [director of decision_body]}
    cite: house_rules
  - id: floor
    name: {zh: 届满, en: floor}
    about: floor
    acts: [close_open_call]
    rules: [period]
    thresholds: [{id: reached}]
    to: [holders]
    urgency: ordinary
    expires: {calendar_days: 10}
    cite: house_rules
  - id: event
    name: {zh: 已办, en: event}
    about: event
    acts: [return_papers]
    thresholds: [{id: done}]
    to: [clerk of lead_unit]
    urgency: digest
    expires: {calendar_days: 7}
    cite: house_rules
  - id: forecast
    name: {zh: 预测, en: forecast}
    about: forecast
    thresholds: [{id: today}]
    to: [holders]
    urgency: ordinary
    cite: house_rules
"""

DAYS: Final = load_days()


def rules(text: str = RULES) -> NoticeRules:
    file = parse(read_text(HEAD + text, "trial.yaml"), NoticesFile)
    return NoticeBook((file,)).rules("jiyuan_htz", date(2026, 1, 1))


def point(by: str, **more: Any) -> Watchpoint:
    day = date.fromisoformat(by)
    given: dict[str, Any] = {
        "about": About.DEADLINE,
        "rule": "limit",
        "by": day,
        "since": date(2026, 1, 5),
        "step": "publication",
        "act": "publish_decision",
        "entry": 3,
        "kind": "publication",
    }
    return Watchpoint(**{**given, **more})


class Diary:
    """One subject from day to day, with what the last look left."""

    def __init__(self, text: str = RULES) -> None:
        self.rules = rules(text)
        self.before = Before()
        self.last = Findings()
        self.alerts: dict[int, Told] = {}

    def look(
        self,
        day: str,
        *points: Watchpoint,
        acts: tuple[str, ...] = (),
        lifted: frozenset[str] = frozenset(),
    ) -> list[str]:
        """Look on a day; what is told, each as rule, occasion and whether late."""
        today = date.fromisoformat(day)
        found = self.last = due(
            self.rules, points, self.before, DAYS, today, acts=acts, lifted=lifted
        )
        for each in found.settled:
            self.alerts.pop(each)
        for each in found.risen:
            old = self.alerts[each]
            self.alerts[each] = Told(
                old.id,
                old.rule,
                old.threshold,
                old.point,
                old.by,
                old.day,
                escalated=old.escalated + 1,
            )
        for notice in found.notices:
            number = len(self.alerts) + 100 * today.timetuple().tm_yday
            self.alerts[number] = Told(
                number,
                notice.rule.id,
                notice.threshold,
                notice.point.point,
                notice.point.by,
                today,
            )
        self.before = Before(found.seen, tuple(self.alerts.values()))
        return [
            f"{each.rule.id}.{each.threshold}{' late' if each.late else ''}"
            for each in found.notices
        ]

    def acknowledge(self) -> None:
        """Everybody says that they know."""
        self.alerts = {
            number: Told(
                old.id,
                old.rule,
                old.threshold,
                old.point,
                old.by,
                old.day,
                acknowledged=True,
                escalated=old.escalated,
            )
            for number, old in self.alerts.items()
        }
        self.before = Before(self.before.seen, tuple(self.alerts.values()))

    def seen(self) -> Seen:
        """The one point that is there."""
        (found,) = self.last.seen.values()
        return found
