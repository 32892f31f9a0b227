"""What the pack would do about a test's activity: its responses, through the code of a run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from engine.authoring.explain.explanation import compiled_for, tracer_of
from engine.authoring.explain.lines import INDENT, Line, laid_out, leaf_line
from engine.authoring.explain.tree import Answered, Branch, Rung, responses
from engine.authoring.judging import Judged
from engine.batch.evidence import Evidence
from engine.batch.past import Past
from engine.batch.planning import planned
from engine.batch.roll import active_accounts
from engine.enforce.action import Disposition, PlannedAction
from engine.language.model.response import ActionSpec
from engine.language.moments import format_duration
from engine.language.span import Span
from engine.language.subject import Subject
from engine.language.words import ActionKind


@dataclass(frozen=True, slots=True)
class Unlike:
    """How what is done differs from what was expected."""

    message: str
    span: Span | None
    """Of the action that is lacking; None where one is too many."""
    why: tuple[str, ...]


class Answers:
    """The actions that the pack plans; those that an exemption stops are none.

    An action that a cap holds is one: the accounts of a test are few, and a share of them tells
    nothing.
    """

    def __init__(self, judged: Judged) -> None:
        """Plan what follows from what was judged, as a run does; no other run was before."""
        self._judged = judged
        evaluation = judged.evaluation
        subjects = {answer.subject for answer in evaluation.decisions.answers}
        subjects |= {finding.subject for finding in evaluation.decisions.findings}
        evidence = Evidence(
            judged.workspace, subjects, evaluation.linkage.campaigns, judged.as_of_us
        )
        plan = planned(
            judged.pack,
            judged.workspace,
            evaluation.decisions,
            evidence,
            Past(None),
            active_accounts=active_accounts(judged.workspace),
            as_of_us=judged.as_of_us,
        )
        self._actions: Mapping[Subject, list[PlannedAction]] = defaultdict(list)
        for action in plan.actions:
            self._actions[action.answer.subject].append(action)

    def taken(self, subject: Subject) -> tuple[ActionSpec, ...]:
        """Return what is done to some account of a subject, each once, in order."""
        actions = self._actions.get(subject, ())
        taken = (one.spec for one in actions if one.disposition is not Disposition.EXEMPT)
        return tuple(dict.fromkeys(taken))

    def unlike(self, subject: Subject, expected: Sequence[ActionSpec]) -> Unlike | None:
        """Return how what is done to a subject differs; `log` only counts where it is expected."""
        taken = self.taken(subject)
        lacking = [one for one in expected if not any(_fits(one, done) for done in taken)]
        surplus = [
            done
            for done in taken
            if done.kind is not ActionKind.LOG and not any(_fits(one, done) for one in expected)
        ]
        if not lacking and not surplus:
            return None
        came = ", ".join(map(_words, taken)) or "none"
        message = f"expected actions {', '.join(map(_words, expected)) or 'none'}, came {came}"
        span = lacking[0].span if lacking else None
        kinds = {one.kind for one in (*lacking, *surplus)}
        return Unlike(message, span, tuple(self._why(subject, kinds)))

    def _why(self, subject: Subject, kinds: AbstractSet[ActionKind]) -> Iterator[str]:
        """Yield how far the responses that can take some actions went, and what kept them."""
        tracer = tracer_of(
            compiled_for(self._judged.pack, subject.kind),
            self._judged.evaluation.tables[subject.kind],
            subject.id,
            strikes=self._judged.strikes,
            as_of_us=self._judged.as_of_us,
        )
        yield f"{subject}:"
        for answered in responses(tracer):
            if any(_does(rung, kinds) for rung in answered.rungs):
                yield from laid_out(_answered(answered, kinds))
        actions = self._actions.get(subject, ())
        yield from dict.fromkeys(f"{INDENT}{one.reason}" for one in actions if one.reason)


def _answered(answered: Answered, kinds: AbstractSet[ActionKind]) -> list[Line]:
    taken = next((n for n, rung in enumerate(answered.rungs, 1) if rung.taken), None)
    came = "no rung" if taken is None else f"rung {taken}"
    lines = [Line(f"{INDENT}response {answered.response.name}: {came}")]
    guards = (rung.guard for rung in answered.rungs[taken or 0 :] if _does(rung, kinds))
    roots = guards if answered.when.holds else (answered.when,)
    return [*lines, *(leaf_line(leaf, 2) for root in roots if root for leaf in _failing(root))]


def _does(rung: Rung, kinds: AbstractSet[ActionKind]) -> bool:
    return any(spec.kind in kinds for spec in rung.step.do)


def _failing(root: Branch) -> Iterator[Branch]:
    return iter(()) if root.holds else (leaf for leaf in root.leaves if not leaf.holds)


def _fits(expected: ActionSpec, done: ActionSpec) -> bool:
    return (
        expected.kind is done.kind
        and expected.for_us in (None, done.for_us)
        and expected.feature in (None, done.feature)
    )


def _words(spec: ActionSpec) -> str:
    feature = f" {spec.feature}" if spec.feature else ""
    length = f" for {format_duration(spec.for_us)}" if spec.for_us else ""
    return f"{spec.kind.value}{feature}{length}"
