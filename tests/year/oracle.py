"""What had to be told in the year, found out slowly and by other means than the engine's.

Given are the entries of the journal, the rules of notices and the organisation as raw data, the
instants at which somebody looked, what the planner said of every matter at each of them, and who
acknowledged what when.  At every look every matter is
gone through from its first entry on; nothing is planned ahead, so that nothing can be forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from tests.year.days import DAY, Days
from tests.year.duties import duty_points
from tests.year.foreseen import Foreseen
from tests.year.points import ENDED, House, Matter, Point
from tests.year.reading import Entry, Raw, alerting, kept_apart, raw

WEEK: Final = 7
APPROVING: Final = "approve_override"


def listeners(rule: Raw, *occasions: str) -> list[str]:
    """Whom the file names for any of these occasions of a rule, each once."""
    named = {each["id"]: each.get("to", rule["to"]) for each in rule["thresholds"]}
    return list(dict.fromkeys(holder for each in occasions for holder in named[each]))


@dataclass(frozen=True)
class Telling:
    """One notice to one person; what is compared."""

    at: datetime
    matter: str
    rule: str
    threshold: str
    act: str
    by: date
    to: str
    late: bool = False
    was: date | None = None
    cause: str = ""


@dataclass(frozen=True)
class Mark:
    """That somebody acknowledged a notice."""

    to: str
    matter: str
    rule: str
    threshold: str
    by: date
    what: str
    entry: int


@dataclass
class Standing:
    """A notice that stands, with what may still become of it."""

    telling: Telling
    point: Point
    day: date
    acknowledged: bool = False
    rungs: int = 0


@dataclass
class Subject:
    """What is known of a matter, or of the house, from one look to the next."""

    known: dict[tuple[object, ...], tuple[Point, tuple[str, ...]]] = field(default_factory=dict)
    acts: int = 0
    standing: list[Standing] = field(default_factory=list)
    keys: set[tuple[object, ...]] = field(default_factory=set)


@dataclass
class Oracle:
    """Goes through everything at every look."""

    entries: Sequence[Entry]
    zone: ZoneInfo
    corrections: Sequence[tuple[datetime, date]] = ()
    foreseen: Mapping[tuple[datetime, str], Foreseen] = field(default_factory=dict)
    refusals: Sequence[tuple[date, str, str]] = ()
    subjects: dict[str, Subject] = field(default_factory=dict)
    told: list[Telling] = field(default_factory=list)

    def __post_init__(self) -> None:
        notices = raw("notices", "base")
        self.rules: list[Raw] = notices["rules"]
        self.repeated: int = notices["repeated"]
        self.otherwise: tuple[str, ...] = tuple(notices["otherwise"])
        self.house: Raw = raw("organisations", "jiyuan")
        self.matters = sorted({each.matter for each in self.entries if each.matter is not None})

    # looking

    def look(self, at: datetime) -> None:
        """What is to be told at an instant."""
        today = at.astimezone(self.zone).date()
        days = Days(frozenset(day for since, day in self.corrections if since <= at))
        past = [each for each in self.entries if each.at <= at]
        of: dict[str, list[Entry]] = {}
        for each in past:
            if each.matter is not None:
                of.setdefault(each.matter, []).append(each)
        house = House(past, today, days)
        of_house = [*house.points(), *duty_points(past, today), *self.digest(past, today)]
        self._subject(at, today, days, "", [], of_house)
        for matter, acts in of.items():
            seen = Matter(acts, today, days)
            points = list(seen.points())
            ahead = self.foreseen.get((at, matter))
            if ahead is not None:
                known = self.subjects.setdefault(matter, Subject()).known
                points += ahead.points(known, acts[0].day, today, paused=seen.paused)
            self._subject(at, today, days, matter, acts, points)

    def digest(self, past: Sequence[Entry], today: date) -> Iterator[Point]:
        """Where last week something was refused again and again, or a floor was shortened."""
        monday = today - DAY * today.weekday()
        tries = Counter(
            (matter, command)
            for day, matter, command in self.refusals
            if monday - DAY * WEEK <= day < monday and command in alerting()
        )
        shortened = any(
            monday - DAY * WEEK <= each.day < monday
            and (each.command == APPROVING or "usual_end" in each.payload)
            for each in past
        )
        if shortened or any(count >= self.repeated for count in tries.values()):
            yield Point("digest", "floors", monday, monday, begun=monday.toordinal())

    def acknowledge(self, mark: Mark) -> None:
        for each in self.subjects[mark.matter].standing:
            told, point = each.telling, each.point
            same = (told.to, told.rule, told.threshold, told.by)
            # Several duties end on one day; of all else this says enough.
            duty = (point.what, point.begun) == (mark.what, mark.entry) or told.rule != "duty"
            if duty and same == (mark.to, mark.rule, mark.threshold, mark.by):
                each.acknowledged = True

    def rule_of(self, point: Point) -> Raw | None:
        for rule in self.rules:
            if (
                rule["about"] == point.about
                and ("rules" not in rule or point.what in rule["rules"])
                and ("kinds" not in rule or point.kind in rule["kinds"])
                and ("acts" not in rule or point.act in rule["acts"])
            ):
                return rule
        return None

    def _subject(
        self,
        at: datetime,
        today: date,
        days: Days,
        matter: str,
        acts: list[Entry],
        points: list[Point],
    ) -> None:
        subject = self.subjects.setdefault(matter, Subject())
        cause = acts[-1].command if len(acts) > subject.acts else ""
        now = {each.name: each for each in points if self.rule_of(each) is not None}
        telling = Tells(self, at, today, days, matter, acts, subject)
        for name in [name for name in subject.known if name not in now]:
            point, told = subject.known.pop(name)
            telling.gone(point, told, cause)
        for name, point in now.items():
            if point.frozen:
                kept, told = subject.known.get(name, (point, ()))
                subject.known[name] = replace(kept, frozen=True), told
                continue
            before = subject.known.get(name)
            subject.known[name] = point, telling.of(point, before, cause)
        fresh = telling.found
        for old in list(subject.standing):
            present = now.get(old.point.name)
            if present is None or (present.by != old.telling.by and not present.frozen):
                subject.standing.remove(old)
        telling.rungs(now)
        subject.acts = len(acts)
        while fresh:
            for each in fresh:
                subject.standing.append(each)
                self.told.append(each.telling)
            # After a time when nobody looked more than one rung may be due, each to those above.
            telling = Tells(self, at, today, days, matter, acts, subject)
            telling.rungs(now)
            fresh = telling.found

    # people

    def people(self, holders: Sequence[str], acts: Sequence[Entry], today: date) -> list[str]:
        """The accounts that hold these posts, as the organisation's file has them."""
        found: list[str] = []
        for holder in holders:
            role, _, of = holder.partition(" of ")
            units = self._units(of, acts)
            found += [
                each["account"]
                for each in self.house["people"]
                if any(f"{role} of {unit}" in each["holds"] for unit in units)
                and each["account"] not in found
            ]
        return found

    def _units(self, of: str, acts: Sequence[Entry]) -> list[str]:
        if of in ("lead_unit", "proposing_unit", "study_unit", "executing_unit"):
            command = {"lead_unit": "assign", "executing_unit": "assign_execution"}
            last = [each for each in acts if each.command == command.get(of, "propose")][-1:]
            if of == "lead_unit" and last:
                return [str(each.payload["lead_unit"]) for each in last]
            if of == "executing_unit":
                return [str(unit) for each in last for unit in each.payload["units"]]
            # Until somebody is charged with it, whoever proposed it leads.
            return [each.unit for each in acts[:1]]
        if of == "decision_body" and acts:
            of = "superior_decision_body"
        return [each["id"] for each in self.house["units"] if of in each.get("functions", ())]


@dataclass
class Tells:
    """What a look at one subject gives."""

    oracle: Oracle
    at: datetime
    today: date
    days: Days
    matter: str
    acts: list[Entry]
    subject: Subject
    found: list[Standing] = field(default_factory=list)

    def of(
        self, point: Point, before: tuple[Point, tuple[str, ...]] | None, cause: str
    ) -> tuple[str, ...]:
        rule = self.oracle.rule_of(point)
        assert rule is not None
        told = () if before is None else before[1]
        moved = before is not None and before[0].by != point.by
        said = False
        if moved and before is not None:
            if told and rule.get("tells_moves"):
                self.tell(
                    rule, point, "moved", listeners(rule, *told), was=before[0].by, cause=cause
                )
                said = True
            told = ()
        come = self.come(rule, point)
        names = [name for _, name in come]
        fresh = [(day, name) for day, name in come if name not in told]
        # Who is told that it moved is told besides only that the new day was missed.
        if fresh and not (said and self.today <= point.by):
            day, name = fresh[-1]
            known = before is not None or point.since <= day
            paused = before is not None and before[0].frozen
            late = day < self.today and known and not moved and not paused
            self.tell(rule, point, name, listeners(rule, name), late=late)
        return (*told, *names)

    def come(self, rule: Raw, point: Point) -> list[tuple[date, str]]:
        """The occasions that have come, the first one first; none of what has expired."""
        if "expires" in rule:
            last = self.days.shift(point.by, rule["expires"], 1)
            if last < self.today:
                return []
        found = []
        for each in rule["thresholds"]:
            day = self.days.shift(point.by, each.get("before"), -1)
            day = self.days.shift(day, each.get("after"), 1)
            if day <= self.today:
                found.append((day, each["id"]))
        return sorted(found, key=lambda each: each[0])

    def gone(self, point: Point, told: tuple[str, ...], cause: str) -> None:
        rule = self.oracle.rule_of(point)
        assert rule is not None
        ended = bool(self.acts) and self.acts[-1].stage in ENDED
        if told and rule.get("tells_moves") and ended and point.step:
            self.tell(rule, point, "lifted", listeners(rule, *told), cause=cause)

    def rungs(self, now: Mapping[tuple[object, ...], Point]) -> None:
        heard = {
            (each.point.name, each.telling.threshold)
            for each in self.subject.standing
            if each.acknowledged
        }
        for each in list(self.subject.standing):
            point = now.get(each.point.name)
            rule = self.oracle.rule_of(each.point)
            threshold = each.telling.threshold
            if point is None or rule is None or (point.name, threshold) in heard or point.frozen:
                continue
            ladder = [rung for rung in rule.get("escalate", ()) if threshold in rung["of"]]
            if each.rungs >= len(ladder):
                continue
            rung = ladder[each.rungs]
            if self.days.shift(each.day, rung["after"], 1) <= self.today:
                each.rungs += 1
                self.tell(rule, point, f"{threshold}.up{each.rungs}", rung["to"], higher=True)

    def tell(
        self,
        rule: Raw,
        point: Point,
        threshold: str,
        to: Sequence[str],
        *,
        late: bool = False,
        was: date | None = None,
        cause: str = "",
        higher: bool = False,
    ) -> None:
        told = self.recipients(point, to)
        if higher:
            # It goes up to others than those who have heard of it, where there are others.
            knew = {
                each.telling.to for each in self.subject.standing if each.point.name == point.name
            }
            told = [each for each in told if each not in knew] or told
        for account in told:
            key = (rule["id"], point.name, threshold, point.by, was, account)
            if key in self.subject.keys:
                continue
            self.subject.keys.add(key)
            telling = Telling(
                self.at,
                self.matter,
                rule["id"],
                threshold,
                point.act,
                point.by,
                account,
                late,
                was,
                cause,
            )
            self.found.append(Standing(telling, point, self.today))

    def recipients(self, point: Point, to: Sequence[str]) -> list[str]:
        found: list[str] = []
        for each in to:
            if each == "holders":
                new = self.holders(point)
            elif each == "first":
                new = self.first(point)
            else:
                new = self._people((each,))
            found += [account for account in new if account not in found]
        return found or self._people(self.oracle.otherwise)

    def holders(self, point: Point) -> list[str]:
        if point.people is not None:
            return list(point.people)
        every = self._people(point.holders)
        barred = {
            account
            for each in self.acts
            if each.command in kept_apart(point.act)
            for account in (each.actor,)
        }
        if "draft" in kept_apart(point.act):
            for each in self.acts:
                if each.command == "revise_draft":
                    barred |= {each.actor, *each.payload["authors"]}
        return [each for each in every if each not in barred] or every

    def first(self, point: Point) -> list[str]:
        """Of those the ones whose post is named first."""
        acting = self.holders(point)
        for each in point.holders:
            posted = self._people((each,))
            if found := [account for account in acting if account in posted]:
                return found
        return acting

    def _people(self, holders: Sequence[str]) -> list[str]:
        return self.oracle.people(holders, self.acts, self.today)
