"""Publish summaries, not identities (Personal Information Protection Law; law of disclosure)."""

from __future__ import annotations

import pytest

from procedures.masking import MASK, masked


@pytest.mark.parametrize(
    "personal",
    [
        "13800001234",
        "138 0000 1234",
        "138-0000-1234",
        "+86 13800001234",
        "8613800001234",
        "１３８００００１２３４",
        "0391-6612345",
        "(0391)6612345",
        "０３９１－６６１２３４５",
        "0391 661 2345",
        "138.1234.5678",
        "138  1234  5678",
        "13812 345678",
        "138/1234/5678",
        "1 3 8 1 2 3 4 5 6 7 8",
        "E12345678",
        "EA1234567",
        "41088119800101123X",
        "410881198001011234",
        "410881 19800101 1234",
        "410881800101123",
        "6222021702012345678",
        "jia.yi@example.com",
        "jia＠example.com.cn",
        "6612345",
        "66123456",
        "+86 391 6612345",
        "6222 0217 0201 2345 678",
        "6222-0217-0201-2345",
        "豫U12345",
        "豫 U12345",
        "1380000123413900001234",
        "豫u·D12345",
        "豫A1234学",
        "王先生",
        "王小明先生",
        "欧阳女士",
        "李某某",
    ],
)
def test_numbers_and_addresses_of_people_are_masked(personal: str) -> None:
    assert masked(f"本人电话{personal}，请回复。") == f"本人电话{MASK}，请回复。"


@pytest.mark.parametrize(
    "harmless",
    [
        "每立方米0.95元，2027年1月1日起执行",
        "2026-10-12至2026-11-12",
        "2026-10-12 2026-10-13",
        "投资12000000元，占地35000平方米",
        "国务院令第713号",
        "编号20260001",
        "编号：66123456",
        "第7654321号",
        "20261012",
        "取水7654321立方米",
        "收费共7654321.50元",
        "微信公众号已经发布",
        "各位女士、先生",
        "居民某户",
        "都是老师",
        "方案先生效",
        "平时先生活",
        "联系人应当到场",
        "姓名和身份证号",
        "",
    ],
)
def test_what_tells_of_no_person_stays_to_the_letter(harmless: str) -> None:
    assert masked(harmless) == harmless


def test_everything_else_around_them_stays() -> None:
    told = "电话13800001234，邮箱a@b.cn；Ｘ区２号楼"
    assert masked(told) == f"电话{MASK}，邮箱{MASK}；Ｘ区２号楼"


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("加微信wxid-8899联系", f"加微信{MASK}联系"),
        ("微信号：abc_12345。", f"微信号：{MASK}。"),
        ("ＱＱ是123456789", f"ＱＱ是{MASK}"),
        ("致电661-2345转办公室", f"致电{MASK}转办公室"),
        ("姓名：张三，住园区", f"姓名：{MASK}，住园区"),
        ("联系人: Li Ming", f"联系人: {MASK}"),
        ("Mr. Smith agrees", f"{MASK} agrees"),
        ("我叫张三，住园区", f"我叫{MASK}，住园区"),
        ("姓名：张三 电话13800001234", f"姓名：{MASK} 电话{MASK}"),
        ("weixin号zhangsan88", f"weixin号{MASK}"),
        ("QQ群 12345678", f"QQ群 {MASK}"),
        ("QQ 1234 5678 90", f"QQ {MASK}"),
        ("联系人张三", f"联系人{MASK}"),
        ("姓名张三电话13800001234", f"姓名{MASK}电话{MASK}"),
        ("姓名：阿不都热依木·买买提，住园区", f"姓名：{MASK}，住园区"),
        ("姓名：欧阳 修，住园区", f"姓名：{MASK}，住园区"),
        ("来信a[at]b.com收", f"来信{MASK}收"),
        ("电话13800001234和6222021702012345678", f"电话{MASK}和{MASK}"),
    ],
)
def test_what_a_label_gives_away_is_masked_and_the_label_stays(
    written: str, published: str
) -> None:
    assert masked(written) == published
