"""What the tests of a policy have seen: each condition both ways, each threshold from all sides.

A test shows something only where the activity comes near. For every comparison, a value below the
threshold, at it and above it; for every condition, and every part of `unless`, a subject for which
it holds and one for which it does not; for every selection, an exchange that it picks and one that
it does not. What the measure's range rules out is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.activity.workspace import Workspace
from engine.authoring.closure import isolate
from engine.authoring.kept import KeptTrials
from engine.batch.evaluate import BEGINNING_US
from engine.decide.compile import compile_pack
from engine.decide.finding import Outcome
from engine.decide.trace import Tracer, fact_of
from engine.language.checks.impossible_threshold import value_range
from engine.language.model.condition import All, Compare, Condition
from engine.language.model.measure import Count
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.model.selection import Not
from engine.language.numerals import exact
from engine.language.span import Span
from engine.language.words import SubjectKind
from engine.signals.execute import measure
from engine.signals.facts import signal_key
from engine.signals.plan import build_plan

HOLDS, FAILS = "holds", "fails"
BELOW, AT, ABOVE = "below", "at", "above"


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that tests should see of a condition."""

    span: Span
    condition: str
    side: str
    """`holds`, `fails`, `below`, `at` or `above`."""


@dataclass(frozen=True, slots=True)
class PolicyCoverage:
    """What the tests of one policy should see, and what they have not seen."""

    policy: str
    wanted: tuple[Point, ...]
    unseen: tuple[Point, ...]

    @property
    def seen(self) -> int:
        """How many points the tests have seen."""
        return len(self.wanted) - len(self.unseen)


def coverage(pack: Pack, names: frozenset[str] = frozenset()) -> Iterator[PolicyCoverage]:
    """Yield the coverage of the named policies, or of all, by running their tests."""
    with KeptTrials(many=1) as trials:
        for policy in pack.policies:
            if not names or policy.name in names:
                yield of_policy(pack, policy, trials)


def share(covered: Sequence[PolicyCoverage]) -> float:
    """Return the share of all points that were seen; 1 when there are none."""
    wanted = sum(len(one.wanted) for one in covered)
    return sum(one.seen for one in covered) / wanted if wanted else 1.0


def of_policy(pack: Pack, policy: Policy, trials: KeptTrials) -> PolicyCoverage:
    """Return the coverage of one policy by its tests."""
    alone = isolate(pack, policy)
    seen: set[tuple[tuple[int, ...], str]] = set()
    for test in policy.tests:
        judged = trials.trial(pack, test).judged(alone, trials.crew)
        evaluation = judged.evaluation
        seen.update(_picked(judged.workspace, policy, test.as_of_us))
        compiled = next(one for one in compile_pack(alone) if one.kind is policy.subject)
        number = next(n for n, one in enumerate(compiled.policies) if one.name == policy.name)
        table = evaluation.tables[policy.subject]
        for row in range(len(table.subjects)):
            outcome = Tracer(compiled, fact_of(table, row), (), test.as_of_us).policy(number)
            seen.update(_sides(outcome, ()))
    wanted = dict(_wanted(policy))
    unseen = tuple(point for key, point in wanted.items() if key not in seen)
    return PolicyCoverage(policy.name, tuple(wanted.values()), unseen)


def _picked(
    workspace: Workspace, policy: Policy, as_of_us: int
) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield which selections certainly pick an exchange of some account, and leave out another."""
    asked = {
        (_place(number), side): Count(where=where)
        for number, named in enumerate(policy.select)
        for side, where in ((HOLDS, named.selection), (FAILS, Not(named.selection)))
    }
    if asked:
        plan = build_plan({SubjectKind.ACCOUNT: tuple(dict.fromkeys(asked.values()))})
        tables = measure(workspace, plan, as_of_us=as_of_us, since_us=BEGINNING_US)
        columns = tables[SubjectKind.ACCOUNT].columns
        yield from (
            key for key, count in asked.items() if (columns[signal_key(count)].low > 0).any()
        )


def _place(number: int) -> tuple[int, ...]:
    """Return the place of a selection among those of conditions, which are not negative."""
    return (-1 - number,)


def _sides(outcome: Outcome, path: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield what one subject shows of a condition and of its parts."""
    if outcome.holds is not None:
        yield path, HOLDS if outcome.holds else FAILS
    condition, fact = outcome.condition, outcome.fact
    if isinstance(condition, Compare) and fact is not None and fact.known:
        order = (fact.low > condition.threshold) - (fact.low < condition.threshold)
        yield path, (AT, ABOVE, BELOW)[order]
    for at, part in enumerate(outcome.parts):
        yield from _sides(part, (*path, at))


def _wanted(policy: Policy) -> Iterator[tuple[tuple[tuple[int, ...], str], Point]]:
    """Yield the points of a policy: of `select`, `when` and `unless`, not of what they make."""
    for number, named in enumerate(policy.select):
        for side in (HOLDS, FAILS):
            words = f"selection {named.name}"
            yield (_place(number), side), Point(named.span, words, side)
    whole = policy.condition
    assert isinstance(whole, All)  # noqa: S101 - `Policy.condition` makes it
    for at, part in enumerate(whole.parts):
        yield from _points(policy, part, (at,))


def _points(
    policy: Policy, condition: Condition, path: tuple[int, ...]
) -> Iterator[tuple[tuple[tuple[int, ...], str], Point]]:
    parts = getattr(condition, "parts", None) or (
        (condition.part,) if hasattr(condition, "part") else ()
    )
    for at, part in enumerate(parts):
        yield from _points(policy, part, (*path, at))
    if parts:
        return
    words = _words(condition)
    for side in (HOLDS, FAILS, *_around(policy, condition)):
        yield (path, side), Point(condition.span, words, side)


def _around(policy: Policy, condition: Condition) -> Iterator[str]:
    """Yield the sides of a threshold that a value can be on."""
    if not isinstance(condition, Compare):
        return
    low, high = value_range(policy.signal(condition.signal).measure)
    if low < condition.threshold:
        yield BELOW
    yield AT
    if condition.threshold < high:
        yield ABOVE


def _words(condition: Condition) -> str:
    if isinstance(condition, Compare):
        return f"{condition.signal} {condition.operator.value} {exact(condition.threshold)}"
    return type(condition).__name__.lower()
