"""Answers that are given again are, at any time and for anybody, those that would be made anew."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from random import Random
from typing import Final
from unittest.mock import patch

import httpx
import pytest

from api.http.settings import DoorSettings
from tests.integration.house import (
    APPOINT,
    CLERK,
    COUNSEL,
    DIRECTOR,
    DISMISS,
    HEAD,
    LEGAL_HEAD,
    PART,
    PLAIN,
    QUICK,
    REVIEWER,
    Act,
    Zone,
    always,
    grant,
    propose,
    way,
)
from tests.integration.http.caller import Caller, calling
from workflow import heard
from workflow.inquiry import memory

VIEWERS: Final = (
    *(CLERK, HEAD, DIRECTOR, LEGAL_HEAD, COUNSEL),
    *("discipline.supervisor", "economy.clerk"),
)
ADDRESSES: Final = (
    "/api/v1/matters?limit=2",
    "/api/v1/matters?stage=drafting",
    "/api/v1/matters/2026-0001/deadlines",
    "/api/v1/matters/2026-0001/plan?wished=2026-09-01",
    *(
        f"/api/v1/matters/2026-000{number}{more}"
        for number in (1, 3)
        for more in ("", "/why", "/commands")
    ),
)
QUESTIONS: Final = 5


def restrict(*named: str) -> Act:
    told = always(named=list(named), reasons="谈判尚未结束", basis="工作秘密清单第三项")
    return Act("restrict_access", HEAD, told)


LIFT: Final = Act(
    "restrict_access", HEAD, always(lifted=True, reasons="已经公布", basis="工作秘密清单第三项")
)


class Doors:
    """Two doors of one house: one keeps its answers, the other makes each anew."""

    def __init__(self, keeping: Caller, forgetful: Caller) -> None:
        self.keeping = keeping
        self.forgetful = forgetful
        self.random = Random(20260302)

    def agree(self, questions: int = QUESTIONS) -> None:
        """Whoever asks is told the same at both: with the tag, the status, the language."""
        for _ in range(questions):
            account, address = self.random.choice(VIEWERS), self.random.choice(ADDRESSES)
            self.ask(address, account, self.random.choice(("zh", "en")))

    def ask(self, address: str, account: str, language: str = "zh") -> httpx.Response:
        headers = {"Accept-Language": language}
        kept, again, anew = (
            door.get(address, account, headers=headers)
            for door in (self.keeping, self.keeping, self.forgetful)
        )
        assert told(kept) == told(again) == told(anew), (account, address, language)
        return kept


def told(found: httpx.Response) -> object:
    """All of an answer but what is of this request alone."""
    body = found.json()
    if found.status_code != 200:
        body.pop("request_id")
    headers = {name: value for name, value in found.headers.items() if name != "x-request-id"}
    return found.status_code, body, headers


@pytest.fixture
def doors(zone: Zone) -> Iterator[Doors]:
    with ExitStack() as open_:
        keeping = open_.enter_context(calling(zone))
        yield Doors(keeping, open_.enter_context(calling(zone, DoorSettings(kept_signs=0))))


def test_over_a_life_of_matters_people_rights_and_days_nothing_kept_is_stale(
    zone: Zone, doors: Doors
) -> None:
    again: list[bool] = []

    def still(*given: object) -> bool:
        again.append(heard.still(*given))  # type: ignore[arg-type]
        return again[-1]

    with patch.object(memory, "still", still):
        _live(zone, doors)
    assert again.count(True) > 20, "answers were given again"
    assert again.count(False) > 3, "and made anew where something had changed"


def _live(zone: Zone, doors: Doors) -> None:
    for act in (*way("tabled", QUICK), propose(PLAIN, actor="economy.clerk"), PART):
        zone.do(act)
        doors.agree()
    for act in (
        restrict(HEAD, CLERK, LEGAL_HEAD),
        grant(LEGAL_HEAD),
        restrict(HEAD, REVIEWER),
        LIFT,
        grant(HEAD, actor=CLERK, since=3, until=6),
    ):
        zone.do(act)
        doors.agree()
    for days in (1, 1, 1, 1, 3, 30, 200):
        zone.wait(days)
        doors.agree()


def test_neither_midnight_nor_a_restriction_nor_a_lost_post_leaves_anything_behind(
    zone: Zone, doors: Doors
) -> None:
    for act in way("drafting", QUICK):
        zone.do(act)
    one = f"/api/v1/matters/{zone.matter}"
    zone.on("2026-03-31", 23, 59)
    before = [doors.ask(f"{one}{more}", CLERK).content for more in ("/why", "/why")]
    zone.on("2026-04-01", 0, 1)
    assert doors.ask(f"{one}/why", CLERK).content != before[1], "its days are counted from today"
    assert doors.ask(one, DIRECTOR).status_code == 200
    zone.do(restrict(HEAD, CLERK))
    assert doors.ask(one, DIRECTOR).status_code == 404
    zone.do(LIFT)
    assert doors.ask(one, DIRECTOR).status_code == 200
    aide = "planning.aide"
    assert doors.ask(one, aide).status_code == 403
    post = {"person": aide, "unit": "planning_construction", "role": "clerk"}
    zone.do(APPOINT.with_(**post, name="规划建设局助理"))
    assert doors.ask(one, aide).status_code == 200
    zone.do(DISMISS.with_(**post))
    assert doors.ask(one, aide).status_code == 200, "it ends with the day"
    zone.wait(1)
    assert doors.ask(one, aide).status_code == 403
