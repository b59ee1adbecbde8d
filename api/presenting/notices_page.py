"""The table of notices, as `docs/notifications.md` shows it, from the rules themselves."""

from __future__ import annotations

from collections.abc import Iterator

from notifications.rules import FIRST, HOLDERS, NoticeRules, PeriodForm, RuleForm, ThresholdForm
from procedures.citing import Citing
from workflow.catalogue import Catalogue
from workflow.definition import Holder, Text


def notices_table(
    catalogues: tuple[Catalogue, Catalogue], rules: NoticeRules, titles: dict[str, Text]
) -> list[str]:
    """The rows of a Markdown table, the head first, in both languages of the interface."""
    zh, en = catalogues
    heads = [
        f"{zh.text(f'notify.table.{each}')} · {en.text(f'notify.table.{each}')}"
        for each in ("rule", "about", "when", "to", "urgency", "ladder", "law")
    ]
    citing = Citing(zh, titles)
    rows = [
        (
            f"`{rule.id}` {rule.name.zh} · {rule.name.en}",
            _about(rule),
            "<br>".join(_occasion(zh, en, each) for each in rule.thresholds),
            _people(rule.to),
            _urgency(rule),
            "<br>".join(_rungs(zh, en, rule)) or "–",
            zh.text("catalogue.between_items").join(citing.words(each) for each in rule.cite),
        )
        for rule in rules.rules
    ]
    return [
        f"| {' | '.join(heads)} |",
        f"|{'---|' * len(heads)}",
        *(f"| {' | '.join(row)} |" for row in rows),
    ]


def _about(rule: RuleForm) -> str:
    narrowed = (*rule.kinds, *rule.acts, *rule.rules)
    told = f"`{rule.about.value}`"
    return told + "".join(f" `{each}`" for each in narrowed)


def _occasion(zh: Catalogue, en: Catalogue, each: ThresholdForm) -> str:
    told = "" if each.to is None else f" → {_people(each.to)}"
    return _when(zh, en, each) + told


def _when(zh: Catalogue, en: Catalogue, each: ThresholdForm) -> str:
    if each.before is not None:
        return f"`{each.id}` −{_period(zh, en, each.before)}"
    if each.after is not None:
        return f"`{each.id}` +{_period(zh, en, each.after)}"
    return f"`{each.id}` {zh.text('notify.table.on')} · {en.text('notify.table.on')}"


def _period(zh: Catalogue, en: Catalogue, period: PeriodForm) -> str:
    unit = "working" if period.working else "calendar"
    words = (each.text(f"notify.table.{unit}", count=period.amount) for each in (zh, en))
    return " · ".join(words)


def _people(to: tuple[Holder | None, ...]) -> str:
    told = (
        HOLDERS if each is None else each.role if each == FIRST else f"{each.role} of {each.of}"
        for each in to
    )
    return "<br>".join(f"`{each}`" for each in told)


def _urgency(rule: RuleForm) -> str:
    return f"`{rule.urgency.value}`" + (
        " `may_be_switched_off`" if rule.may_be_switched_off else ""
    )


def _rungs(zh: Catalogue, en: Catalogue, rule: RuleForm) -> Iterator[str]:
    for rung in rule.escalate:
        after = _period(zh, en, rung.after)
        yield f"{', '.join(f'`{each}`' for each in rung.of)} +{after} → {_people(rung.to)}"
