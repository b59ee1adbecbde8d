"""`yicheng matter adoption`: the table on file, and the one to publish without identities."""

from __future__ import annotations

import pytest

from tests.databases import Prepared
from tests.integration.command_line import (
    ANSWERS,
    PROPOSAL,
    CommandLine,
    cli,
    clock,
    squeezed,
)
from tests.reasons import sample_rulings
from workflow.clock import FixedClock

__all__ = ["cli", "clock"]

MATTER = ("--matter", "2026-0001")
TODAY = "2026-03-02"
CLERK = "planning.clerk"


def answer(source: str, **more: object) -> dict[str, object]:
    turned_down = {"summary": "建议减免", "disposition": "not_adopted", "reason": "不符"}
    return {"source": source, **turned_down, **more}


@pytest.fixture
def heard(prepared: Prepared, clock: FixedClock) -> CommandLine:
    """A matter on which a unit, experts and groups said something, answered but for two."""
    return CommandLine(prepared(_heard))


def _heard(url: str) -> None:
    cli = CommandLine(url)
    cli("init", "--sample")
    answers = {**ANSWERS, "specific_groups": True, "touches_other_units": True, "technical": True}
    cli.do("propose", CLERK, {**PROPOSAL, "answers": answers})
    study = dict.fromkeys(("problem", "grounds", "outline", "necessity", "feasibility"), "论证")
    cli.do("study", CLERK, {"done_on": TODAY, **study}, *MATTER)
    ruling = {"rulings": sample_rulings(), "category_reasons": "公共政策"}
    cli.do("classify", "office.keeper", ruling, *MATTER)
    start = {"decided_on": TODAY, "reasons": "必要"}
    cli.do("start", "leader.director", start, *MATTER)
    assign = {"lead_unit": "planning_construction", "co_units": ["finance"]}
    cli.do("assign", "leader.director", assign, *MATTER)
    research = {"done_on": TODAY, "method": "走访", "findings": "收不抵支"}
    cli.do("file_research", CLERK, research, *MATTER)
    basis = {"items": [{"instrument": "价格法", "article": "23", "relation": "依据"}]}
    cli.do("file_legal_basis", CLERK, basis, *MATTER)
    text = {"text": "第一稿", "nature": "first", "authors": [CLERK], "explanation": "起草"}
    cli.do("revise_draft", CLERK, text, *MATTER)
    opinion = {"unit": "finance", "position": "comments", "opinion": "分担", "given_on": TODAY}
    opinion |= {"paper": "财函〔2026〕3号", "paper_dated": TODAY}
    cli.do("file_consultation", CLERK, {"opinions": [opinion]}, *MATTER)
    talk = {"counterpart": "representatives", "held_on": TODAY, "opinions": "希望减免"}
    groups = [{"group": group, **talk} for group in ("低收入家庭", "用水大户")]
    cli.do("file_group_talks", CLERK, {"talks": groups}, *MATTER)
    ask_experts(cli)
    entries = [
        answer("department", party="finance", disposition="adopted", passage="第三条", draft=1),
        answer("group", number=1, party="张某", summary="张某请联系13800001234"),
        answer("expert", party="expert.water", reason="已另行测算，见a@example.com"),
    ]
    table = {"opinions": entries, "statement": "来信人电话0391-6612345"}
    cli.do("adopt_opinions", CLERK, table, *MATTER)


def ask_experts(line: CommandLine) -> None:
    experts = ("expert.water", "expert.price", "expert.law")
    chosen = [{"expert": name, "field": "专业", "employer": f"{name}院"} for name in experts]
    choice = {"experts": chosen, "method": "抽取", "dissent_sought": "已邀请"}
    line.do("choose_experts", CLERK, choice, *MATTER)
    for name in experts:
        word = {"expert": name, "direct_interest": False, "relations": "无"}
        line.do("declare_interest", name, {**word, "secrecy_pledged": True}, *MATTER)
        opinion = {
            "expert": name,
            "conclusion": "supports" if name == "expert.law" else "opposes",
            "opinion": "意见",
            "signed": True,
            "signed_on": TODAY,
        }
        line.do("file_expert_opinion", name, opinion, *MATTER)


def test_on_file_it_tells_who_said_what_and_what_became_of_it(heard: CommandLine) -> None:
    told = squeezed(heard("matter", "adoption", "2026-0001").stdout)
    for part in ("财政金融局", "张某", "13800001234", "见第1稿第三条", "a@example.com"):
        assert part in told
    assert "尚未答复2" in told
    assert "尚未公布" in told


def test_for_publication_nobody_is_named(heard: CommandLine) -> None:
    """A published table is free of telephone numbers, addresses and persons (PIPL)."""
    told = squeezed(heard("matter", "adoption", "2026-0001", "--masked").stdout)
    for part in ("张某", "13800001234", "6612345", "example.com", "expert"):
        assert part not in told
    assert "逐条核对" in told
    for part in ("公布版", "财政金融局", "请联系***", "见***", "电话***", "尚未答复1名"):
        assert part in told
    english = heard("--locale", "en", "matter", "adoption", "2026-0001", "--masked").stdout
    assert "for publication" in english
    assert "13800001234" not in english


def test_for_programs_it_is_as_bare(heard: CommandLine) -> None:
    told = heard.json("matter", "adoption", "2026-0001", "--masked")
    assert {entry["source"]: entry["party"] for entry in told["opinions"]} == {
        "department": "finance",
        "group": None,
        "expert": None,
    }
    assert told["unanswered"] == {"group": ["2"], "expert": [1]}
    assert "张某" not in str(told)
    on_file = heard.json("matter", "adoption", "2026-0001")
    assert on_file["unanswered"] == {"group": ["2"], "expert": ["expert.price"]}
    assert on_file["opinions"][1]["party"] == "张某"


def test_it_tells_where_and_when_it_was_published(heard: CommandLine) -> None:
    rest = [answer("group", number=2), answer("expert", party="expert.price")]
    heard.do("adopt_opinions", CLERK, {"opinions": rest, "statement": "补充"}, *MATTER)
    where = {"place": "门户网站", "published_on": TODAY, "looked_over_by": "planning.head"}
    heard.do("publish_adoption", CLERK, where, *MATTER)
    told = squeezed(heard("matter", "adoption", "2026-0001").stdout)
    assert "2026-03-02门户网站" in told
    assert "公布前核对规划建设局局长" in told
    assert heard.json("matter", "adoption", "2026-0001")["published"] == where


def test_what_counsel_advised_is_not_for_publication(heard: CommandLine) -> None:
    rest = [answer("group", number=2), answer("expert", party="expert.price")]
    heard.do("adopt_opinions", CLERK, {"opinions": rest, "statement": "补充"}, *MATTER)
    signed = {
        "conflict_of_interest": False,
        "government_clients": 2,
        "signed": True,
        "signed_on": TODAY,
    }
    advice = {"opinion": "合法", "concerns": ["一", "二"], **signed}
    heard.do("record_counsel_opinion", "firm.counsel", advice, *MATTER)
    table = {"opinions": [answer("counsel", number=1)], "statement": "答复法律顾问"}
    heard.do("adopt_opinions", CLERK, table, *MATTER)
    on_file = heard.json("matter", "adoption", "2026-0001")
    assert [each["number"] for each in on_file["opinions"] if each["source"] == "counsel"] == [1]
    assert on_file["unanswered"] == {"counsel": ["2"]}
    told = heard.json("matter", "adoption", "2026-0001", "--masked")
    assert {each["source"] for each in told["opinions"]} == {"department", "group", "expert"}
    assert (told["unanswered"], told["statement"]) == ({}, "补充")
    assert "法律顾问" not in heard("matter", "adoption", "2026-0001", "--masked").stdout


def test_where_nothing_is_on_record_it_says_so(cli: CommandLine) -> None:
    cli.do("propose", CLERK, PROPOSAL)
    assert "还没有登记采纳情况" in cli("matter", "adoption", "2026-0001").stdout
