"""The sample organisation on a database, and matters that can take a research report."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

from api.bootstrap import House, open_rehearsal
from api.founding import found
from procedures.organisation import ORGANISATIONS, load_organisation
from workflow.clock import FixedClock
from workflow.service import Outcome, Request
from workflow.signing import Shown

ORGANISATION: Final = "jiyuan_htz"
CLERK: Final = "planning.clerk"
DIRECTOR: Final = "leader.director"
DAY: Final = "2026-01-05"
AT: Final = datetime(2026, 1, 5, 2, 0, tzinfo=UTC)

COMMAND: Final = "file_research"
REPORT: Final = {
    "done_on": DAY,
    "method": "入户调查、座谈会、台账核对和同类园区收费标准比较",
    "findings": (
        "现行污水处理收费标准自2017年执行，未覆盖污泥处置和提标改造后的运行成本。"
        "抽样核对三家处理单位近三年台账，单位全成本逐年上升，收费覆盖率逐年下降。"
        "受访企业认可按水质水量分档，居民代表主要关注低收入家庭减免和执行时间。"
    )
    * 3,
}

# What makes every step of the profile that can be required a required one.
EVERYTHING: Final[Mapping[str, object]] = {
    "decision_level": "zone",
    "origin": "department",
    "category": "public_policy",
    "specific_groups": False,
    "touches_other_units": True,
    "confidential_by_law": False,
    "direct_interests": True,
    "hearing_required_by_law": True,
    "technical": True,
    "stability_risk": True,
    "market_activity": True,
    "spends_money": True,
    "pricing_list": False,
    "normative_document": False,
    "expropriates_houses": False,
    "acquires_land": False,
    "sets_price": True,
    "environmental_impact": False,
    "signs_contract": False,
    "statutory_plan": False,
}


class Office:
    """The founded organisation: gives commands, and insists that they are carried out."""

    def __init__(self, house: House[FixedClock]) -> None:
        self.house = house
        file = ORGANISATIONS / "jiyuan.yaml"
        found(house.uow, load_organisation(file, house.book), house.clock)

    def do(
        self,
        command: str,
        actor: str,
        payload: Mapping[str, object],
        matter: str | None = None,
    ) -> Outcome:
        """Give a command; RuntimeError if it is refused."""
        outcome = self.house.service.execute(
            Request(
                ORGANISATION,
                command,
                actor,
                payload,
                matter=matter,
                reauthenticated=Shown.MACHINE,
            )
        )
        if not outcome.done:
            message = f"{command}: {[unmet.code for unmet in outcome.refusals]}"
            raise RuntimeError(message)
        return outcome

    def matter_in_drafting(self) -> str:
        """A new matter, classified, started and assigned: five records."""
        proposal = {
            "state_secret": False,
            "title": "高新区污水处理收费标准调整",
            "reasons": "现行标准不能覆盖处理成本",
            "answers": EVERYTHING,
        }
        matter = str(self.do("propose", CLERK, proposal).matter)
        paper = {
            "done_on": DAY,
            "problem": "收费不能覆盖成本",
            "grounds": "价格法、城镇排水与污水处理条例",
            "necessity": "处理单位连年亏损",
            "feasibility": "同类园区已经调整",
            "outline": "分档计价，设置减免",
        }
        self.do("study", CLERK, paper, matter)
        rulings = [
            {"question": name, "reasons": "经核对不涉及群众切身利益"}
            for name, given in EVERYTHING.items()
            if given is False
        ]
        ruled = {"rulings": rulings, "category_reasons": "公共政策"}
        self.do("classify", "office.keeper", ruled, matter)
        self.do("start", DIRECTOR, {"decided_on": DAY, "reasons": "论证充分"}, matter)
        units = {
            "lead_unit": "planning_construction",
            "co_units": ["finance", "environment_safety"],
        }
        self.do("assign", DIRECTOR, units, matter)
        return matter

    def matter_with_report(self) -> str:
        """A matter in drafting with its first research report: six records."""
        matter = self.matter_in_drafting()
        self.do(COMMAND, CLERK, REPORT, matter)
        return matter


@contextmanager
def open_office(url: str) -> Iterator[Office]:
    """Open a migrated database and found the sample organisation in it."""
    with open_rehearsal(url, AT) as house:
        yield Office(house)
