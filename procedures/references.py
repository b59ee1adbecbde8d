"""Whether everything that a definition names exists, and whether it says all that is needed.

`ENGINE_RULES` are the rules that the engine itself cites when it refuses; a definition must give
their provisions.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from procedures.merge import Piece
from procedures.problems import Problem
from procedures.reference_moves import Moves, outcomes
from procedures.reference_parts import Parts
from procedures.schema import BodyForm, ProcedureForm, StepForm
from workflow.commands import CORE
from workflow.decisions.authority import SECOND_FACTOR, WATCHING
from workflow.decisions.sitting import LEFT_OUT
from workflow.definition import Body, Decides, Relation
from workflow.explaining.paths import Path
from workflow.facts import RECUSED
from workflow.guards import REAUTHENTICATION
from workflow.ports import RuleShape, StepKind
from workflow.retainers import WARNING

ENGINE_RULES: Final[Mapping[str, RuleShape]] = {
    "agenda.notice": RuleShape(period=True),
    "exclusion.report_within": RuleShape(period=True),
    # How an item that cannot wait comes onto a closed agenda, to be confirmed within the period.
    "agenda.urgent": RuleShape(period=True, optional=True, eases=True),
    # Where a catalogue is published in any case, and what became of it.
    "catalogue.channels": RuleShape(choices=True),
    "exclusion": RuleShape(choices=True, wider_is_looser=True),
    "exclusion.level": RuleShape(choices=True),
    # The functions of units that can be retained.
    "retainer.firm": RuleShape(choices=True, wider_is_looser=True),
    "says_nothing": RuleShape(choices=True, free_words=True),
    **dict.fromkeys(
        (
            "access.names_closed",
            "access.nobody_lifts",
            "access.nobody_named",
            "access.not_restricted",
            "access.unknown_person",
            "agenda.already_listed",
            "agenda.empty",
            "agenda.frozen",
            "agenda.in_session",
            "agenda.items_left",
            "agenda.meeting_cancelled",
            "agenda.meeting_opened",
            "agenda.meeting_past",
            "agenda.not_listed",
            "agenda.once",
            "agenda.voted",
            "agenda.wrong_body",
            "appointment.account_taken",
            "appointment.already_held",
            "appointment.dates",
            "appointment.held_by_another",
            "appointment.not_held",
            "appointment.nobody_appoints",
            "appointment.of_oneself",
            "appointment.own_matter",
            "appointment.past_day",
            "authority",
            "catalogue.already_published",
            "catalogue.candidate_unruled",
            "catalogue.completed",
            "catalogue.consent_too_early",
            "catalogue.decision_unproven",
            "catalogue.entry_of_other_unit",
            "catalogue.entry_untold",
            "catalogue.letter_used",
            "catalogue.not_published",
            "catalogue.nothing_pending",
            "catalogue.published_too_early",
            "catalogue.unconsented",
            "catalogue.unknown_entry",
            "catalogue.year_not_over",
            "catalogue.year_over",
            "draft.marked",
            "draft.nature",
            "draft.unchanged",
            "file.not_quarantined",
            "file.on_record",
            "file.own_upload",
            "kin.unknown",
            "mandate.backdated",
            "mandate.dates",
            "mandate.passed_on",
            "mandate.to_oneself",
            "matter.not_paused",
            "matter.paused",
            "matter.secret_content",
            "matter.started_before_study",
            "matter.succession",
            "migration",
            "proposal",
            "record.future_day",
            "record.past_day",
            "holidays.known",
            "holidays.year_known",
            "holidays.year_missing",
            "recurring.before_period",
            "recurring.cannot_carry_out",
            "recurring.closed",
            "recurring.evidence_missing",
            "recurring.late_without_reason",
            "recurring.not_open",
            "recurring.not_yours",
            "recurring.other_papers",
            "recurring.own_evidence",
            "recurring.unassigned",
            "retainer.dates",
            "retainer.lawyers",
            "retainer.of_oneself",
            "retainer.registered",
            "retainer.unnamed",
            "reviewed_text",
            "staffing.lead_reviews",
            "stage.not_allowed",
        ),
        RuleShape(),
    ),
}

#: Rules that a definition may leave out.  A catalogue is an option unless `catalogue.duty` stands;
#: `publish_by` and `completion_by` are months after the year's end before, and of the catalogue's
#: own.  What answers one of the questions of `outside`, other than by no, looks like a major
#: decision; it is flagged, and refused where `outside_barred` stands.
_OPTIONAL: Final[Mapping[str, RuleShape]] = {
    # The acts for which a second factor must have been shown.
    SECOND_FACTOR: RuleShape(choices=True, optional=True),
    # What is signed asks for the password once more anyway; these acts do besides.
    REAUTHENTICATION: RuleShape(choices=True, optional=True),
    # The roles that read, and change nothing.
    WATCHING: RuleShape(choices=True, optional=True),
    "catalogue.completion_by": RuleShape(number=True, optional=True),
    "catalogue.duty": RuleShape(optional=True),
    "catalogue.outside": RuleShape(choices=True, optional=True),
    "catalogue.outside_barred": RuleShape(optional=True),
    "catalogue.publish_by": RuleShape(number=True, optional=True),
    "kin.months": RuleShape(number=True, optional=True),
    "kin.threshold": RuleShape(number=True, optional=True),
    # For how many years a law firm can be retained at once.
    "retainer.term": RuleShape(number=True, optional=True),
    # How many calendar days before its end a retainer is warned of.
    WARNING: RuleShape(number=True, optional=True),
}

#: Rules of a body that meets, under its id and a dot; those it must have, however it decides.
_OF_EVERY_BODY: Final[Mapping[str, RuleShape]] = {
    "quorum": RuleShape(share=True),
    # A larger quorum for items that answer one of these questions by yes, or in one certain way.
    "special_quorum": RuleShape(
        share=True, choices=True, optional=True, questions=True, answers=True
    ),
    # Which of the two it is, no law settles: a place chooses, and neither choice is the looser one.
    "recusal": RuleShape(choices=True, free=True),
    # Who may entrust a member with presiding, and with deciding, where the post is vacant.
    "presiding": RuleShape(optional=True),
    # The fewest who make a discussion.
    "least": RuleShape(number=True, optional=True),
    # What is entered of an item later than this after the day of the meeting is marked so.
    "late_entry": RuleShape(period=True, optional=True),
    **dict.fromkeys(
        ("absence", "chair_last", "discussion", "record", "reservation", "roster", "session"),
        RuleShape(),
    ),
}
_OF_DECIDING: Final[Mapping[Decides, Mapping[str, RuleShape]]] = {
    Decides.MAJORITY: {
        "ballot": RuleShape(),
        "majority": RuleShape(share=True),
        "modes": RuleShape(choices=True, wider_is_looser=True),
    },
    Decides.HEAD: {
        "departure": RuleShape(),
        "head_decides": RuleShape(),
    },
}

#: What a rule of recusal may choose: the denominator stays, or whoever withdrew is left out of it.
RECUSALS: Final = ("kept", LEFT_OUT)


def engine_rules(bodies: Mapping[str, Body | BodyForm]) -> dict[str, RuleShape]:
    """The rules that the engine cites, with those of every body that meets."""
    return {
        **ENGINE_RULES,
        **_OPTIONAL,
        **{
            f"{name}.{rule}": shape
            for name, body in bodies.items()
            for rule, shape in (*_OF_EVERY_BODY.items(), *_OF_DECIDING[body.decides_by].items())
        },
    }


#: Commands whose holders stand elsewhere: with the step or rule concerned, or with everybody.
HELD_ELSEWHERE: Final = frozenset(
    {
        "request_waiver",
        "rule_waiver",
        "approve_override",
        "confirm_urgent_item",
        "grant_mandate",
        "end_mandate",
        "unmask",
    }
)

#: Acts by which one side judges what the other side has made or asks for: the verdict of the
#: review, how a matter is classified and of what it is no part, whether it starts or lies outside
#: of the procedure, whether a step or a period is forgone, what an expert says, who comes into a
#: post and who leaves it, what stands in the yearly catalogue and which matter is which entry.
#: They may not lie with a unit as it stands to the matter (proposing, leading, taking part, or any
#: at all), for then both sides would be in one hand.  So whoever may do them holds a post in a unit
#: with a function.  This is the engine's structure, not law: no definition may set it aside.
INDEPENDENT: Final = frozenset(
    {
        "accept_papers",
        "adjust_catalogue",
        "appoint",
        "approve_override",
        "assign_study",
        "classify",
        "compile_catalogue",
        "complete_catalogue",
        "confirm_changes",
        "confirm_quarantine",
        "conclude_item",
        "consent_catalogue",
        "confirm_urgent_item",
        "declare_interest",
        "decline",
        "end_appointment",
        "end_decision",
        "end_retainer",
        "exclude",
        "file_expert_opinion",
        "file_regulator_opinion",
        "file_retainer",
        "give_review_verdict",
        "link_entry",
        "migrate",
        "publish_catalogue",
        "recheck_text",
        "register_retainer",
        "release_quarantine",
        "return_papers",
        "rule_not_major",
        "rule_separate",
        "rule_waiver",
        "start",
        "state_clients",
        "take_ballot",
    }
)

#: Relations that a separation can name; `any_unit` would keep everybody from the act.
SEPARABLE: Final = tuple(each.value for each in Relation if each is not Relation.ANY_UNIT)

#: Stands in a separation for having written any version of the text.
DRAFT_AUTHOR: Final = "draft"


def faults(
    piece: Piece,
    form: ProcedureForm,
    kinds: Mapping[str, StepKind],
    counting: Collection[str],
) -> tuple[Problem, ...]:
    """Everything in a well-formed definition that refers to nothing, or that it leaves out."""
    return tuple(_Check(piece, form, kinds, counting).run())


class _Check(Parts):
    def __init__(
        self,
        piece: Piece,
        form: ProcedureForm,
        kinds: Mapping[str, StepKind],
        counting: Collection[str],
    ) -> None:
        super().__init__(piece, form, counting)
        self._kinds = kinds
        self._moves = Moves(piece, form, counting, outcomes(kinds))
        self._commands = sorted(outcomes(kinds).keys() | CORE.keys())

    def run(self) -> Iterator[Problem]:
        yield from self._questions()
        for place, step in enumerate(self._form.steps):
            yield from self._step(("steps", place), step)
        yield from self._cycles()
        yield from self._rules()
        yield from self._permissions()
        yield from self._separations()
        yield from self._moves.of_commands()
        yield from self._moves.proposal()
        yield from self._alerts()
        yield from self._deciders()
        for place, join in enumerate(self._form.joins):
            yield from self._condition(("joins", place, "when"), join.when)
        yield from self._bodies()
        yield from self._flagging()
        for rule in (SECOND_FACTOR, REAUTHENTICATION):
            yield from self._chosen(rule, "definition.unknown_command", self._commands)
        yield from self._chosen(WATCHING, "definition.unknown_role", list(self._form.roles))
        functions = list(self._form.functions)
        yield from self._chosen("retainer.firm", "definition.unknown_unit", functions)

    # --- questions and steps ----------------------------------------------------------------------

    def _questions(self) -> Iterator[Problem]:
        for name, instrument_of in self._form.questions.items():
            yield from self._cited(("questions", name, "cite"), instrument_of.cite)

    def _step(self, path: Path, step: StepForm) -> Iterator[Problem]:
        yield from self._cited((*path, "cite"), step.cite)
        yield from self._special((*path, "special_law"), step.special_law)
        yield from self._condition((*path, "required_when"), step.required_when)
        steps = [other.id for other in self._form.steps]
        for place, before in enumerate(step.after):
            at: Path = (*path, "after", place)
            yield from self._named(at, "definition.unknown_step", before, steps)
        if step.waivable is not None:
            for part in ("request", "approve"):
                yield from self._held((*path, "waivable", part), getattr(step.waivable, part))
            yield from self._cited((*path, "waivable", "cite"), step.waivable.cite)
        yield from self._named(
            (*path, "kind"), "definition.unknown_kind", step.kind, list(self._kinds)
        )
        for act, holders in step.acts.items():
            yield from self._held((*path, "acts", act), holders)
            denied = {denial.role for denial in self._form.denials if denial.act == act}
            for place, holder in enumerate(holders):
                if holder.role in denied:
                    at = (*path, "acts", act, place)
                    yield self._wrong(at, "definition.denied_holder", act=act, role=holder.role)
        kind = self._kinds.get(step.kind)
        if kind is not None:
            yield from self._of_kind(path, step, kind)

    def _of_kind(self, path: Path, step: StepForm, kind: StepKind) -> Iterator[Problem]:
        for act in step.acts:
            yield from self._named(
                (*path, "acts", act), "definition.act_of_other_kind", act, kind.acts
            )
        for act in kind.acts:
            if act not in step.acts:
                at = (*path, "acts")
                yield self._wrong(at, "definition.act_missing", act=act, kind=kind.name)
            else:
                yield from self._moves.of_act((*path, "acts", act), act)
        for name in step.rules:
            yield from self._named(
                (*path, "rules", name), "definition.rule_of_other_kind", name, kind.rules
            )
        for name, shape in kind.rules.items():
            if name not in step.rules and shape.optional:
                continue
            if name not in step.rules:
                yield self._wrong(
                    (*path, "rules"), "definition.rule_missing", name=name, kind=kind.name
                )
            else:
                yield from self._rule((*path, "rules", name), step.rules[name], shape)

    def _cycles(self) -> Iterator[Problem]:
        after = {step.id: step.after for step in self._form.steps}
        done: set[str] = set()
        for place, step in enumerate(self._form.steps):
            ring = _ring(step.id, after, done, ())
            if ring:
                yield self._wrong(("steps", place, "after"), "definition.cycle", steps=ring)
                return

    # --- rules, people, moves ---------------------------------------------------------------------

    def _rules(self) -> Iterator[Problem]:
        cited = {separation.rule for separation in self._form.separations}
        cited |= {denial.rule for denial in self._form.denials}
        known = engine_rules(self._form.bodies)
        for name, shape in known.items():
            if name not in self._form.rules and not shape.optional:
                yield self._wrong(("rules",), "definition.engine_rule_missing", name=name)
        for name, rule in self._form.rules.items():
            if name in known or name in cited:
                shape = known.get(name, RuleShape())
                yield from self._rule(("rules", name), rule, shape)
            else:
                yield from self._named(
                    ("rules", name), "definition.rule_unused", name, sorted(known)
                )

    def _flagging(self) -> Iterator[Problem]:
        questions = list(self._form.questions)
        yield from self._chosen("catalogue.outside", "definition.unknown_question", questions)

    def _chosen(self, name: str, code: str, known: Collection[str]) -> Iterator[Problem]:
        """A rule of the procedure chooses among what there is."""
        rule = self._form.rules.get(name)
        for place, choice in enumerate(() if rule is None else rule.choices):
            at: Path = ("rules", name, "choices", place)
            yield from self._named(at, code, choice, known)

    def _bodies(self) -> Iterator[Problem]:
        bodies = self._form.bodies
        for name, body in bodies.items():
            yield from self._held(("bodies", name, "chair"), body.chair)
            yield from self._held(("bodies", name, "members"), body.members)
            recusal = self._form.rules.get(f"{name}.recusal")
            for place, choice in enumerate(() if recusal is None else recusal.choices):
                at: Path = ("rules", f"{name}.recusal", "choices", place)
                yield from self._named(at, "definition.unknown_choice", choice, RECUSALS)
        yield from self._named(
            ("meeting_body",), "definition.unknown_body", self._form.meeting_body, bodies
        )
        for place, further in enumerate(self._form.further_meetings):
            at = ("further_meetings", place)
            yield from self._named((*at, "body"), "definition.unknown_body", further.body, bodies)
            yield from self._condition((*at, "when"), further.when)

    def _permissions(self) -> Iterator[Problem]:
        held = sorted(CORE.keys() - HELD_ELSEWHERE)
        for command, holders in self._form.permissions.items():
            at = ("permissions", command)
            yield from self._named(at, "definition.unknown_permission", command, held)
            yield from self._held(at, holders)

    def _command(self, path: Path, name: str) -> Iterator[Problem]:
        yield from self._named(path, "definition.unknown_command", name, self._commands)

    def _separations(self) -> Iterator[Problem]:
        rules = self._form.rules
        for place, separation in enumerate(self._form.separations):
            at: Path = ("separations", place)
            yield from self._command((*at, "act"), separation.act)
            for index, other in enumerate(separation.not_by):
                if other not in (DRAFT_AUTHOR, RECUSED):
                    yield from self._command((*at, "not_by", index), other)
            for key in ("not_of", "not_lent_to", "not_appointed_by"):
                for index, unit in enumerate(getattr(separation, key)):
                    where = (*at, key, index)
                    yield from self._named(where, "definition.unknown_relation", unit, SEPARABLE)
            yield from self._named((*at, "rule"), "definition.unknown_rule", separation.rule, rules)
        for place, denial in enumerate(self._form.denials):
            at = ("denials", place)
            yield from self._command((*at, "act"), denial.act)
            yield from self._named(
                (*at, "role"), "definition.unknown_role", denial.role, self._form.roles
            )
            yield from self._named((*at, "rule"), "definition.unknown_rule", denial.rule, rules)

    def _deciders(self) -> Iterator[Problem]:
        deciders = self._form.deciders
        if deciders is None:
            return
        yield from self._special(("deciders", "special_law"), deciders.special_law)
        question = self._form.questions.get(deciders.question)
        yield from self._named(
            ("deciders", "question"),
            "definition.unknown_question",
            deciders.question,
            self._form.questions,
        )
        for answer, function in deciders.instead.items():
            at: Path = ("deciders", "instead", answer)
            if question is not None:
                yield from self._named(at, "definition.unknown_answer", answer, question.choices)
            yield from self._named(at, "definition.unknown_unit", function, self._form.functions)

    def _alerts(self) -> Iterator[Problem]:
        for place, alert in enumerate(self._form.alerts):
            at: Path = ("alerts", place)
            yield from self._command((*at, "command"), alert.command)
            yield from self._held((*at, "to"), alert.to)
            yield from self._cited((*at, "cite"), alert.cite)


def _ring(
    step: str, after: Mapping[str, tuple[str, ...]], done: set[str], way: tuple[str, ...]
) -> tuple[str, ...]:
    """The steps of a circle that leads from `step` back to one on the way to it."""
    if step in way:
        return (*way[way.index(step) :], step)
    if step not in done:
        for before in after.get(step, ()):
            ring = _ring(before, after, done, (*way, step))
            if ring:
                return ring
        done.add(step)
    return ()
