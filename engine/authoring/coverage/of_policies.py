"""What tests, or activity, have seen of a policy: conditions both ways, thresholds from all sides.

Activity shows something only where it comes near: of every part of `when` and of `unless`, and for
every selection an exchange that it picks and one that it does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from engine.activity.workspace import Workspace
from engine.authoring.closure import isolate
from engine.authoring.coverage.points import FAILS, HOLDS, Covered, Key, Point, points, sides
from engine.authoring.explain.explanation import compiled_for, tracer_of
from engine.authoring.judging import Judged
from engine.authoring.kept import KeptTrials
from engine.batch.evaluate import BEGINNING_US
from engine.language.model.condition import All
from engine.language.model.measure import Count, Measure
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.model.selection import Not
from engine.language.words import SubjectKind
from engine.signals.execute import measure
from engine.signals.facts import signal_key
from engine.signals.plan import build_plan


def of_policy(pack: Pack, policy: Policy, trials: KeptTrials) -> Covered:
    """Return the coverage of one policy by its tests."""
    alone = isolate(pack, policy)
    seen: set[Key] = set()
    for test in policy.tests:
        seen.update(_shown(trials.trial(pack, test).judged(alone, trials.crew), policy))
    return _covered(policy, seen)


def of_activity(judged: Judged, policy: Policy) -> Covered:
    """Return the coverage of one policy that was judged by the activity."""
    return _covered(policy, set(_shown(judged, policy)))


def _covered(policy: Policy, seen: AbstractSet[Key]) -> Covered:
    wanted = dict(_wanted(policy))
    unseen = tuple(point for key, point in wanted.items() if key not in seen)
    return Covered(policy.name, tuple(wanted.values()), unseen)


def _shown(judged: Judged, policy: Policy) -> Iterator[Key]:
    yield from _picked(judged.workspace, policy, judged.as_of_us)
    compiled = compiled_for(judged.pack, policy.subject)
    number = next(n for n, one in enumerate(compiled.policies) if one.name == policy.name)
    table = judged.evaluation.tables[policy.subject]
    for id_ in table.subjects:
        tracer = tracer_of(compiled, table, id_, strikes=judged.strikes, as_of_us=judged.as_of_us)
        yield from sides(tracer.policy(number), ())


def _picked(workspace: Workspace, policy: Policy, as_of_us: int) -> Iterator[Key]:
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


def _place(number: int) -> tuple[int | str, ...]:
    """Return the place of a selection among those of conditions, which are not negative."""
    return (-1 - number,)


def _wanted(policy: Policy) -> Iterator[tuple[Key, Point]]:
    """Yield the points of a policy: of `select`, `when` and `unless`, not of what they make."""
    for number, named in enumerate(policy.select):
        for side in (HOLDS, FAILS):
            words = f"selection {named.name}"
            yield (_place(number), side), Point(named.span, words, side)

    def measured(signal: str) -> Measure:
        return policy.signal(signal).measure

    whole = policy.condition
    assert isinstance(whole, All)  # noqa: S101 - `Policy.condition` makes it
    for at, part in enumerate(whole.parts):
        yield from points(part, (at,), measured)
