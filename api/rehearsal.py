"""Playing a scenario: every step through the one choke point, on a clock that the scenario sets.

Only an organisation that is marked as a rehearsal can be played on: a scenario says itself on
which day things happen, and no real record may ever be dated that way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from api.casting import Cast
from api.comparing import ERRORS, differences
from procedures.scenario import MAKES, Scenario, ScenarioStep, moments, payload_of
from workflow.catalogue import Said
from workflow.clock import FixedClock
from workflow.errors import BadInput, YichengError
from workflow.facts import CALL
from workflow.files import Filed
from workflow.inquiry import Inquiry
from workflow.inquiry.published import Public
from workflow.service.choke import Service
from workflow.service.filing import Filing
from workflow.service.requests import Outcome, Request
from workflow.service.submitting import Submitting
from workflow.signing import Shown


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a scenario is played: an organisation's service, its questions, and their clock."""

    service: Service
    inquiry: Inquiry
    clock: FixedClock
    organisation: str
    submitting: Submitting
    public: Public
    filing: Filing

    def take_in(self, account: str, name: str, text: str) -> Filed:
        """A file as somebody sends it in.  Raises BadInput for what must not be kept."""
        upload = self.filing.begin(self.organisation, account, name)
        try:
            upload.write(text.encode())
            return upload.complete().file
        finally:
            upload.discard()

    def send_in(self, matter: str | None, texts: Sequence[str]) -> None:
        """Have people send these in to the newest call of a matter.  Raises NotFound."""
        calls = self.public.published(self.organisation, CALL)
        key = next((each.key for each in calls if each.facts.number == matter), "")
        for text in texts:
            self.submitting.submit(self.organisation, key, {"text": text})


@dataclass(frozen=True, slots=True)
class Played:
    """One step as it was played.

    `number` counts from one.  `at` is the moment in the organisation's zone, `actor` who acted and
    `principal` for whom.  `matter` and `meeting` are the numbers that stand behind the scenario's
    names.  `outcome` is None where `error` stopped the step.  `differences` say precisely where
    what came of it is not what was expected.
    """

    number: int
    step: ScenarioStep
    at: datetime
    actor: str
    principal: str | None
    matter: str | None
    meeting: str | None
    outcome: Outcome | None
    error: YichengError | None
    differences: tuple[Said, ...]

    @property
    def met(self) -> bool:
        """Whether exactly what was expected came of it."""
        return not self.differences

    @property
    def derailed(self) -> bool:
        """Whether the record no longer stands where the scenario expects it.

        That is so where something was done that should not have been, or the other way round;
        other differences leave the record as it should be.
        """
        done = self.outcome is not None and self.outcome.done
        return done is not (self.step.expect == "done")


def play(scenario: Scenario, stage: Stage) -> Iterator[Played]:
    """Play a scenario; each step is given as soon as it is played, and a derailed one is the last.

    Raises BadInput where the organisation is another one, no rehearsal, or works under another
    profile than the scenario names, or where a step names somebody or something that there is not;
    NotFound and StoreTrouble as the service does.
    """
    home = stage.inquiry.organisation(stage.organisation)
    if not home.rehearsal:
        raise BadInput("rehearsal.not_a_rehearsal", organisation=home.name)
    if scenario.organisation != home.code:
        raise BadInput(
            "rehearsal.other_organisation", wanted=scenario.organisation, found=home.code
        )
    if scenario.profile not in (None, home.profile):
        raise BadInput("rehearsal.other_profile", wanted=scenario.profile, found=home.profile)
    player = _Player(stage, ZoneInfo(home.time_zone))
    timed = zip(scenario.steps, moments(scenario.steps), strict=True)
    for number, (step, at) in enumerate(timed, 1):
        played = player.play(number, step, at)
        yield played
        if played.derailed:
            return


@dataclass
class _Player:
    """Keeps what stands behind the scenario's names."""

    stage: Stage
    zone: ZoneInfo
    made: dict[tuple[str, str], str] = field(default_factory=dict)

    def play(self, number: int, step: ScenarioStep, local: datetime) -> Played:
        stage, at = self.stage, local.replace(tzinfo=self.zone)
        stage.clock.set(at)
        cast = Cast(
            stage.inquiry.procedure(stage.organisation),
            stage.inquiry.directory(stage.organisation),
            step.day,
            number,
        )
        actor = cast.one(step.as_)
        strange = tuple(self._uploaded(step, actor))
        principal = None if step.under_mandate_of is None else cast.one(step.under_mandate_of)
        request = Request(
            organisation=stage.organisation,
            command=step.do,
            actor=actor,
            payload=self._payload(step),
            matter=self._known(step, "matter"),
            meeting=self._known(step, "meeting"),
            key=step.key,
            expected_version=step.version_seen,
            mandate=None if principal is None else cast.mandate(principal, actor),
            reauthenticated=Shown.REHEARSAL if step.reauthenticated else None,
        )
        if step.sent_in is not None:
            stage.send_in(request.matter, step.sent_in)
        came = self._execute(request)
        outcome = came if isinstance(came, Outcome) else None
        if outcome is not None and outcome.done:
            self._remember(step, outcome)
        return Played(
            number=number,
            step=step,
            at=at,
            actor=actor,
            principal=principal,
            matter=request.matter if outcome is None else outcome.matter,
            meeting=request.meeting if outcome is None else outcome.meeting,
            outcome=outcome,
            error=came if isinstance(came, YichengError) else None,
            differences=(*strange, *differences(step, cast, came)),
        )

    def _uploaded(self, step: ScenarioStep, actor: str) -> Iterator[Said]:
        """Send in what the step sends; tell where something else became of it than expected."""
        for each in step.uploads or ():
            found = self.stage.take_in(actor, each.name, each.text)
            self.made["file", each.file] = found.key
            if found.state != each.state:
                wanted, came = (Said(f"file.state.{it}") for it in (each.state, found.state.value))
                told = {"name": each.name, "wanted": wanted, "found": came}
                yield Said("rehearsal.upload_state", told)

    def _execute(self, request: Request) -> Outcome | YichengError:
        try:
            return self.stage.service.execute(request)
        except tuple(ERRORS.values()) as error:
            return error

    def _payload(self, step: ScenarioStep) -> dict[str, object]:
        mandate = self.made.get(("mandate", step.mandate or ""))
        files = {name: key for (kind, name), key in self.made.items() if kind == "file"}
        return payload_of(step, None if mandate is None else int(mandate), files)

    def _known(self, step: ScenarioStep, kind: str) -> str | None:
        """The number behind a name; a name behind which there is nothing is handed on as it is."""
        name: str | None = getattr(step, kind)
        if name is None or MAKES.get(step.do) == kind:
            return None
        return self.made.get((kind, name), name)

    def _remember(self, step: ScenarioStep, outcome: Outcome) -> None:
        kind = MAKES.get(step.do)
        name: str | None = None if kind is None else getattr(step, kind)
        if kind is not None and name is not None:
            numbers = {"matter": outcome.matter, "meeting": outcome.meeting}
            self.made[kind, name] = str({**numbers, **(outcome.result or {})}[kind])
