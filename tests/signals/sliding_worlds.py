"""Random measures over sliding intervals, and activity dense enough for them to say something."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from direct import Account, Event, World
from hypothesis import strategies as st

from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, AllOf, Not, Selection, Test
from engine.language.words import Match, Operator, RankMethod

AS_OF = 1_780_000_000_000_000
START = AS_OF - 20

STATUS = FieldRef("status")
KINDS: list[Selection] = [Test(STATUS, Match.EQUALS, (value,)) for value in (1, 2, 3)]
SELECTIONS: st.SearchStrategy[Selection] = st.sampled_from([
    *KINDS,
    Not(KINDS[0]),
    AllOf((KINDS[1], Test(FieldRef("turn"), Match.LT, (2,)))),
    EVERYTHING,
])  # fmt: skip
SPANS = st.sampled_from([1, 2, 3, 5, 9])
WINDOWS = st.sampled_from([None, None, 8, 15])


VALUES: dict[str, list[Any]] = {
    "status": [1, 2, 3],
    "turn": [0, 1, 2, 3],
    "temperature": [-500, 0, 250, 1000],
    "session_id": ["s", "t", "u"],
    "labels": [[], ["a"], ["a", "b"]],
}
UNUSED = frozenset({"temperature", "labels"})
"""Fields that, once supplied, may be known to have no value."""


@st.composite
def dense_worlds(draw: st.DrawFn) -> World:
    """Return events within a few microseconds of each other, many of them at the same one."""
    values = {name: st.sampled_from(pool) for name, pool in VALUES.items()}
    always = draw(st.sampled_from([set(values), set(values) - {"status"}, {"turn"}, set()]))
    row = st.fixed_dictionaries(
        {name: one for name, one in values.items() if name in always},
        optional={name: one for name, one in values.items() if name not in always},
    )
    accounts = {"a1": Account("a1"), "a2": Account("a2")}
    events = []
    for number in range(draw(st.integers(1, 12))):
        found = draw(row)
        supplied = frozenset(found) & UNUSED
        account = draw(st.sampled_from(["a1", "a1", "a2"]))
        ts = START + draw(st.integers(0, 20))
        events.append(
            Event(f"e{number}", ts, account, {"model": "m", **found}, supplied, accounts[account])
        )
    return World(events, accounts, {"x": ["a1", "a2"]})


@st.composite
def completions(draw: st.DrawFn, world: World) -> World:
    """Return the world as it could have been, had everything been recorded."""
    events = []
    for event in world.events:
        found = dict(event.values)
        for name, pool in VALUES.items():
            if name in found:
                continue
            if name == "temperature" and draw(st.booleans()):
                continue  # the feature was not used
            beyond = [max(pool) + 1] if isinstance(pool[0], int) else []
            found[name] = draw(st.sampled_from([*pool, *beyond]))
        events.append(replace(event, values=found, supplied=UNUSED))
    return World(events, world.accounts, world.members)


_FEW: st.SearchStrategy[float] = st.sampled_from([0, 1, 2, 3, 1.5, -1, 2.25, 4])


@dataclass(frozen=True)
class Parts:
    """What measures are made of."""

    selections: st.SearchStrategy[Selection]
    spans: st.SearchStrategy[int]
    windows: dict[str, st.SearchStrategy[Any]]
    """The parameters that say when events happened."""
    fields: st.SearchStrategy[FieldRef]
    numbers: st.SearchStrategy[FieldRef]
    amounts: st.SearchStrategy[float]
    """What numbers are compared with."""


def measures(parts: Parts) -> list[st.SearchStrategy[m.Measure]]:
    """Return random measures over sliding intervals."""
    some = st.lists(parts.selections, min_size=1, max_size=3).map(tuple)
    step = st.builds(m.Step, parts.selections, st.booleans())
    where = st.one_of(st.just(EVERYTHING), parts.selections)
    ordered: dict[str, Any] = {"where": where, "within_us": parts.spans, **parts.windows}
    return [
        _windows(parts, st.builds(m.Count, where=parts.selections), _FEW),
        _windows(parts, st.builds(m.Kinds, of=some, ordered=st.booleans()), _FEW),
        _windows(parts, st.builds(m.Steps, of=some), _FEW),
        _windows(parts, st.builds(m.Distinct, field=parts.fields, where=parts.selections), _FEW),
        *(_windows(parts, one, parts.amounts) for one in _amounts(parts)),
        st.builds(
            m.Together,
            steps=st.lists(step, min_size=1, max_size=4).map(tuple),
            ordered=st.booleans(),
            **ordered,
        ),
        quantiles(
            field=parts.numbers,
            where=parts.selections,
            min_of=st.integers(0, 3),
            **parts.windows,
        ),
        st.builds(m.Sequence, steps=_sequences(parts.selections), **ordered),
    ]


def _amounts(parts: Parts) -> list[st.SearchStrategy[m.Inner]]:
    own: dict[str, Any] = {"field": parts.numbers, "where": parts.selections}
    return [
        *(st.builds(one, **own) for one in (m.Sum, m.Mean, m.Minimum, m.Maximum)),
        *[quantiles(**own, min_of=st.integers(0, 3))] * 2,
    ]


def quantiles(**own: st.SearchStrategy[Any]) -> st.SearchStrategy[m.Quantile]:
    """Return random quantiles."""
    q = st.sampled_from([0.0, 0.25, 0.333333333, 0.5, 0.9, 0.95, 1.0])
    return st.builds(m.Quantile, q=q, method=st.sampled_from(RankMethod), **own)


def _windows(
    parts: Parts, inner: st.SearchStrategy[Any], numbers: st.SearchStrategy[float]
) -> st.SearchStrategy[m.Measure]:
    bound = st.builds(m.Bound, st.sampled_from(Operator), numbers)
    return st.builds(
        m.Windows,
        inner=inner,
        span_us=parts.spans,
        bounds=st.lists(bound, min_size=1, max_size=2).map(tuple),
        **parts.windows,
    )


@st.composite
def _sequences(draw: st.DrawFn, selections: st.SearchStrategy[Selection]) -> tuple[m.Step, ...]:
    """Return steps of which none is absent at the beginning, nor between others and at the end."""

    def step(*, absent: bool) -> m.Step:
        return m.Step(draw(selections), absent=absent)

    steps = [step(absent=False)]
    at_end = draw(st.booleans())
    for _ in range(draw(st.integers(0, 2))):
        between = 0 if at_end else draw(st.integers(0, 2))
        steps += [step(absent=True) for _ in range(between)]
        steps.append(step(absent=False))
    if at_end or len(steps) == 1:
        steps += [step(absent=True) for _ in range(draw(st.integers(1, 2)))]
    return tuple(steps)


PARTS = Parts(
    SELECTIONS,
    SPANS,
    {"window_us": WINDOWS},
    fields=st.sampled_from(["status", "session_id", "labels"]).map(FieldRef),
    numbers=st.sampled_from(["turn", "temperature", "status"]).map(FieldRef),
    amounts=st.sampled_from([0, 0.25, 1, 1.5, 2, 0.1, -0.125, 0.333, 2.666666666666667, 4, 1000]),
)
DENSE = st.one_of(measures(PARTS))
"""Measures over intervals of a few microseconds."""
