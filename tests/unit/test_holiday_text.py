"""The notice on holidays as the General Office words it: read whole, or not at all."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from procedures.dates import load_days
from procedures.holiday_text import read_notice
from procedures.problems import SourceError
from workflow.calendar import DayKind
from workflow.holiday_forms import ImportHolidays

#: As published (国办发明电〔2025〕7号), full-width signs, indents and all.
NOTICE = """国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
　　经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
　　一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
　　二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
　　三、清明节：4月4日（周六）至6日（周一）放假，共3天。
　　四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
　　五、端午节：6月19日（周五）至21日（周日）放假，共3天。
　　六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
　　七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。

国务院办公厅
2025年11月4日
"""
HEAD = "国务院办公厅关于2026年部分节假日安排的通知\n国办发明电〔2025〕7号\n"
BELOW = "\n2025年11月4日\n"


def read(text: str) -> ImportHolidays:
    return read_notice(text, "notice.txt")


def of(item: str) -> ImportHolidays:
    return read(f"{HEAD}一、{item}{BELOW}")


def faults(text: str) -> list[tuple[str, int]]:
    with pytest.raises(SourceError) as caught:
        read(text)
    return [(each.code, each.line) for each in caught.value.problems]


def fault(item: str) -> list[tuple[str, int]]:
    return faults(f"{HEAD}一、{item}{BELOW}")


def test_a_published_notice_gives_the_days_that_the_calendar_has_of_its_year() -> None:
    found = read(NOTICE)
    assert (found.year, found.number) == (2026, "国办发明电〔2025〕7号")
    assert found.dated == found.published == date(2025, 11, 4)
    assert (found.amends, found.withdrawn, found.text) == (False, (), NOTICE.strip())
    assert [each.name for each in found.holidays] == [
        "元旦",
        "春节",
        "清明节",
        "劳动节",
        "端午节",
        "中秋节",
        "国庆节",
    ]
    days = load_days()
    assert found.worked == days.notices[-1].worked
    for place in range(365):
        day = date(2026, 1, 1) + timedelta(days=place)
        off = any(each.first <= day <= each.last for each in found.holidays)
        kind = days.day(day).kind
        assert off == (kind is DayKind.HOLIDAY or (off and kind is DayKind.WEEKEND)), day
        assert (day in found.worked) == (kind is DayKind.MAKE_UP)


@pytest.mark.parametrize(
    ("item", "off", "worked"),
    [
        ("元旦：1月1日放假，与周末连休。", [("2026-01-01", "2026-01-01")], []),
        ("元旦：1月1日（周四）放假1天，不调休。", [("2026-01-01", "2026-01-01")], []),
        (
            "元旦：2025年12月30日至2026年1月1日放假调休，共3天。2025年12月28日（星期日）上班。",
            [("2025-12-30", "2026-01-01")],
            ["2025-12-28"],
        ),
        (
            "春节：2月16日、17日放假，2月18日（星期三）补休；2月28日（星期六）照常上班。",
            [
                ("2026-02-16", "2026-02-16"),
                ("2026-02-17", "2026-02-17"),
                ("2026-02-18", "2026-02-18"),
            ],
            ["2026-02-28"],
        ),
        (
            "春节：2月16日至20日放假调休5天。鼓励各单位安排职工在除夕（2月15日）休息。",
            [("2026-02-16", "2026-02-20")],
            [],
        ),
        (
            "国庆节、中秋节：10月1日至8日放假调休，共8天。9月27日（星期天）上班。",
            [("2026-10-01", "2026-10-08")],
            ["2026-09-27"],
        ),
    ],
)
def test_the_wordings_of_other_years_are_read_too(
    item: str, off: list[tuple[str, str]], worked: list[str]
) -> None:
    found = of(item)
    told = [(each.first.isoformat(), each.last.isoformat()) for each in found.holidays]
    assert (told, [each.isoformat() for each in found.worked]) == (off, worked)


def test_a_notice_that_amends_names_its_festival_in_the_title() -> None:
    found = read(
        "国务院办公厅关于调整2019年劳动节假期安排的通知\n国办发明电[2019]3号\n"
        "发布日期：2019-03-22\n"
        "一、2019年5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。\n"
        "2019年3月21日\n"
    )
    assert (found.amends, found.year, found.number) == (True, 2019, "国办发明电〔2019〕3号")
    assert [each.name for each in found.holidays] == ["劳动节"]
    assert (found.dated, found.published) == (date(2019, 3, 21), date(2019, 3, 22))


def test_the_day_of_publication_is_the_one_told_besides() -> None:
    assert read_notice(NOTICE, "n", date(2025, 11, 6)).published == date(2025, 11, 6)


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ("元旦：1月1日（周五）放假。", "weekday"),
        ("元旦：1月1日至3日放假，共4天。", "count"),
        ("元旦：1月1日放假2天。", "count"),
        ("元旦：1月3日至1日放假。", "order"),
        ("元旦：1月32日放假。", "no_day"),
        ("春节：2月28日至30日放假。", "no_day"),
        ("元旦：1日放假。", "no_day"),
        ("元旦：1月1日放假，1月2日视情况安排。", "unclear"),
        ("元旦：1月1日放假。恢复1月4日的工作安排。", "unclear"),
        ("1月1日放假。", "no_festival"),
    ],
)
def test_what_is_not_understood_or_contradicts_itself_is_refused_at_its_line(
    item: str, code: str
) -> None:
    assert fault(item) == [(f"holiday_text.{code}", 3)]


def test_all_that_is_missing_is_told_at_once() -> None:
    assert faults("放假安排") == [
        ("holiday_text.no_title", 0),
        ("holiday_text.no_number", 0),
        ("holiday_text.no_dated", 0),
    ]
    assert faults(HEAD + "2025年13月4日\n") == [
        ("holiday_text.no_dated", 0),
        ("holiday_text.no_items", 0),
    ]


def test_what_the_form_refuses_is_told_of_the_whole_notice() -> None:
    assert fault("元旦：2024年1月1日放假。") == [("holidays.other_year", 0)]
    assert fault("元旦：1月1日放假。1月1日上班。") == [("holidays.worked_and_off", 0)]
