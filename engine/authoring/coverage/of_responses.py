"""What the tests of a pack have seen of its responses: each condition, and each rung of a ladder.

Every test shows what would be done about its activity if its policy, and those it rests on, were
promoted to review; what it expects of that makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.authoring.closure import acting
from engine.authoring.coverage.points import TAKEN, Covered, Key, Point, points, sides
from engine.authoring.explain.explanation import tracer_of
from engine.authoring.judging import Judged
from engine.authoring.kept import KeptTrials
from engine.decide.compile import BUILT_IN, Compiled, compile_pack
from engine.decide.trace import Tracer
from engine.language.model.pack import Pack
from engine.language.model.response import Response


def of_responses(pack: Pack, trials: KeptTrials) -> Iterator[Covered]:
    """Yield the coverage of every response by the tests of all policies."""
    seen: set[Key] = set()
    for policy in pack.policies:
        active = acting(pack, policy)
        compiled = compile_pack(active)
        for test in policy.tests:
            judged = trials.trial(pack, test).judged(active, trials.crew)
            for one in compiled:
                seen.update(_of_test(judged, one))
    for response in pack.responses:
        wanted = dict(_wanted(response))
        unseen = tuple(point for key, point in wanted.items() if key not in seen)
        yield Covered(response.name, tuple(wanted.values()), unseen)


def _of_test(judged: Judged, compiled: Compiled) -> Iterator[Key]:
    table = judged.evaluation.tables.get(compiled.kind)
    for id_ in () if table is None else table.subjects:
        assert table is not None  # noqa: S101 - or there would be no subject
        tracer = tracer_of(compiled, table, id_, strikes=judged.strikes, as_of_us=judged.as_of_us)
        for response in compiled.responses:
            yield from _of_subject(tracer, response)


def _of_subject(tracer: Tracer, response: Response) -> Iterator[Key]:
    yield from sides(tracer.response(response.when), (response.name,))
    taken = tracer.rung(response.when, response.ladder)
    if taken is not None:
        yield (response.name, "rung", taken), TAKEN
    for number, step in enumerate(response.ladder):
        if step.guard is not None:
            yield from sides(tracer.response(step.guard), (response.name, "rung", number))


def _wanted(response: Response) -> Iterator[tuple[Key, Point]]:
    yield from points(response.when, (response.name,), BUILT_IN.__getitem__)
    for number, step in enumerate(response.ladder):
        path = (response.name, "rung", number)
        yield (path, TAKEN), Point(step.span, f"rung {number + 1}", TAKEN)
        if step.guard is not None:
            yield from points(step.guard, path, BUILT_IN.__getitem__)
