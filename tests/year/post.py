"""What goes out in the year, by wishes that change, and what should have, found out naively."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from notifications.channels.port import Null
from notifications.delivering import delivering
from notifications.policy import load_policy
from tests.integration.house import LOCAL, Zone
from tests.year.days import DAY, Days
from tests.year.reading import Entry, raw

#: Written out from the policy: working hours, the hour of digests, when it is given up.
BEGIN, END, DIGEST = time(8, 30), time(18), time(8, 40)
GIVE_UP: Final = {"at_once": 72, "ordinary": 168, "digest": 336}
#: What stands behind the key of an alert that is for somebody who stands in.
INSTEAD: Final = " for "
SWITCHABLE: Final = ("floor", "call_opened", "meeting", "step_waiting", "mandate_ending")
WEEKLY, DAILY, OFF = "weekly", "daily", "off"


@dataclass
class Post:
    """Wishes that change at random, and everything that goes out of a zone."""

    zone: Zone
    twin: Null = field(default_factory=Null)
    wishes: list[tuple[datetime, str, Mapping[str, Any]]] = field(default_factory=list)
    runs: list[datetime] = field(default_factory=list)
    sent: int = 0

    def wish(self, luck: Random) -> None:
        """Somebody chooses anew how to be told."""
        people = [str(each["account"]) for each in raw("organisations", "jiyuan")["people"]]
        account, when = luck.choice(people), self.zone.house.clock.now()
        kinds = {
            kind: {"when": luck.choice(("soon", DAILY, WEEKLY, OFF))}
            for kind in luck.sample(SWITCHABLE, 2)
        }
        if luck.random() < 0.4:
            kinds["every"] = {"when": luck.choice(("soon", DAILY, WEEKLY))}
        body: dict[str, Any] = {"kinds": kinds}
        if luck.random() < 0.85:
            body["addresses"] = {"null": "somewhere"}
        self._keep(account, when, body)

    def leave(self, account: str, until: date, substitute: str) -> None:
        """Somebody goes away, and names who is told instead."""
        today = self.zone.today.isoformat()
        away = {"since": today, "until": until.isoformat(), "substitute": substitute}
        body = {"addresses": {"null": "somewhere"}, "absence": away}
        self._keep(account, self.zone.house.clock.now(), body)

    def _keep(self, account: str, when: datetime, body: Mapping[str, Any]) -> None:
        self._out().wishing.prefer(self.zone.code, account, body)
        self.wishes.append((when, account, body))

    def run(self) -> None:
        """Hand over and send whatever is due."""
        out = self._out()
        out.dispatch.run(self.zone.code)
        self.sent += out.sending.run_all(self.zone.code)["sent"]
        self.runs.append(self.zone.house.clock.now())

    def _out(self) -> Any:
        house = self.zone.house
        return delivering(
            house.uow,
            house.rules,
            house.clock,
            house.inquiry,
            {"null": self.twin},
            load_policy(),
            link="https://yicheng.example/inbox",
            chance=lambda: 0.5,
        )

    # --- what should have gone out ---

    def faults(
        self, entries: list[Entry], corrections: list[tuple[datetime, date]]
    ) -> Iterator[str]:
        """Whatever went out otherwise than the wishes of the day wanted."""
        rows = self.zone.rows(
            "SELECT id, kind, rule, recipient, urgency, first_at, settled_at, expires_at, key,"
            " dispatched_at FROM alert ORDER BY id"
        )
        out: dict[int, list[tuple[Any, ...]]] = {}
        for row in self.zone.rows("SELECT alert_id, state, round, doubtful FROM delivery"):
            out.setdefault(row[0], []).append(row)
        keys = {str(row[8]) for row in rows}
        for row in rows:
            number, kind, rule, account, urgency, first, settled, expires, key, handed = row
            told = _Told(
                account,
                rule or kind,
                urgency,
                _instant(first),
                _instant(settled),
                _instant(expires),
            )
            # What could not be delivered is told after everything was handed over.
            after = told.first + (told.kind == "undelivered") * timedelta(microseconds=1)
            at = next((each for each in self.runs if each >= after), None)
            if at is None:
                continue
            if handed is None:
                yield f"{key}: never handed over"
            days = Days(frozenset(day for since, day in corrections if since <= at))
            substitute, wanted = self._way(told, at, days, entries)
            found = out.get(number, [])
            if len(found) != len(wanted):
                yield f"{key}: {len(found)} deliveries where {len(wanted)} were wanted"
            if substitute and INSTEAD not in key and key + INSTEAD + substitute not in keys:
                yield f"{key}: {substitute} was not told instead"
            for begin, ends in wanted[: len(found)]:
                yield from self._ended(key, told, begin, ends, str(found[0][1]))
        ids = Counter(each.id for each in self.twin.parcels)
        yield from (f"{name}: sent {times} times" for name, times in ids.items() if times > 1)

    def _ended(
        self, key: str, told: _Told, begin: datetime, ends: datetime, state: str
    ) -> Iterator[str]:
        at = next((each for each in self.runs if each >= begin), None)
        if at is None:
            allowed: tuple[str, ...] = ("waiting",)
        elif at >= ends:
            allowed = ("failed",)
        elif "addresses" not in self._wished(told.account, at):
            # The address was taken back before it went out.
            allowed = ("dropped",)
        elif told.settled is not None and told.settled <= at:
            # In a digest with others it goes out with them, as what is left of them.
            allowed = ("dropped", "sent") if begin > told.first else ("dropped",)
        else:
            # What was blocked may be cured by then.
            allowed = ("sent", "dropped") if told.kind.startswith("blocked") else ("sent",)
        if state not in allowed:
            yield f"{key}: {state} and not {allowed}"

    def _wished(self, account: str, at: datetime) -> Mapping[str, Any]:
        found = [body for when, who, body in self.wishes if who == account and when <= at]
        return found[-1] if found else {}

    def _way(
        self, told: _Told, at: datetime, days: Days, entries: list[Entry]
    ) -> tuple[str, list[tuple[datetime, datetime]]]:
        """Who is told instead, or when it may go out and until when."""
        gone = told.settled is not None and told.settled <= at
        if gone or (told.expires is not None and told.expires <= at):
            return "", []
        today = at.astimezone(LOCAL).date()
        wish = self._wished(told.account, at)
        away = wish.get("absence")
        if away is not None and away["since"] <= today.isoformat() <= away["until"]:
            agent = str(away["substitute"])
            if any(
                each.command == "grant_mandate"
                and each.at <= at
                and (each.actor, each.payload["agent"]) == (told.account, agent)
                and each.payload["since"] <= today.isoformat() <= each.payload["until"]
                for each in entries
            ):
                return agent, []
        kinds = wish.get("kinds", {})
        when_ = kinds.get(told.kind, kinds.get("every", {"when": "soon"}))["when"]
        if when_ == OFF and told.kind not in SWITCHABLE:
            when_ = "soon"
        if "addresses" not in wish or when_ == OFF:
            return "", []
        begin, urgency = _begin(told, when_, at, days)
        ends = max(at, begin) + timedelta(hours=GIVE_UP[urgency])
        if told.expires is not None:
            ends = min(ends, told.expires)
        return "", [(begin, ends)] if begin < ends else []


@dataclass(frozen=True)
class _Told:
    account: str
    kind: str
    urgency: str
    first: datetime
    settled: datetime | None
    expires: datetime | None


def _instant(found: Any) -> Any:
    if isinstance(found, str):
        return datetime.fromisoformat(found + "+00:00")
    return found


def _begin(told: _Told, when: str, at: datetime, days: Days) -> tuple[datetime, str]:
    """When it may go out at the soonest, and as what; by trying one day after the other."""
    if told.urgency == "at_once":
        return at, "at_once"
    local = at.astimezone(LOCAL)
    day = local.date()
    if told.urgency == "ordinary" and when == "soon":
        while True:
            if days.works(day):
                opens = datetime.combine(day, BEGIN, LOCAL)
                if max(local, opens) < datetime.combine(day, END, LOCAL):
                    return max(local, opens), "ordinary"
            day += DAY
    while True:
        opens = datetime.combine(day, DIGEST, LOCAL)
        if days.works(day) and opens > local and (when != WEEKLY or _first_of_week(day, days)):
            return opens, "digest"
        day += DAY


def _first_of_week(day: date, days: Days) -> bool:
    """Whether no working day lies between it and the Monday before it, or that is itself."""
    while day.weekday():
        day -= DAY
        if days.works(day):
            return False
    return True
