"""Random measures over sliding intervals, and activity dense enough for them to say something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from direct import Account, Event, World
from hypothesis import strategies as st

from engine.language.fields import FieldRef
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, AllOf, Not, Selection, Test
from engine.language.words import Match, Operator

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


@st.composite
def dense_worlds(draw: st.DrawFn) -> World:
    """Return events within a few microseconds of each other, many of them at the same one."""
    values: dict[str, st.SearchStrategy[Any]] = {
        "status": st.sampled_from([1, 2, 3]),
        "turn": st.integers(0, 3),
        "temperature": st.sampled_from([-500, 0, 250, 1000]),
        "session_id": st.sampled_from(["s", "t", "u"]),
        "labels": st.sampled_from([[], ["a"], ["a", "b"]]),
    }
    complete = draw(st.booleans())
    row = st.fixed_dictionaries(values if complete else {}, optional={} if complete else values)
    accounts = {"a1": Account("a1"), "a2": Account("a2")}
    events = []
    for number in range(draw(st.integers(1, 12))):
        found = draw(row)
        supplied = frozenset(found) & {"temperature", "labels"}
        account = draw(st.sampled_from(["a1", "a1", "a2"]))
        ts = START + draw(st.integers(0, 20))
        events.append(
            Event(f"e{number}", ts, account, {"model": "m", **found}, supplied, accounts[account])
        )
    return World(events, accounts, {"x": ["a1", "a2"]})


_FEW: st.SearchStrategy[float] = st.sampled_from([0, 1, 2, 3, 1.5, -1, 2.25, 4])


@dataclass(frozen=True)
class Parts:
    """What measures are made of: selections, lengths of intervals, windows."""

    selections: st.SearchStrategy[Selection]
    spans: st.SearchStrategy[int]
    windows: dict[str, st.SearchStrategy[Any]]
    """The parameters that say when events happened."""


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
        st.builds(
            m.Together,
            steps=st.lists(step, min_size=1, max_size=4).map(tuple),
            ordered=st.booleans(),
            **ordered,
        ),
        st.builds(m.Sequence, steps=_sequences(parts.selections), **ordered),
    ]


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


DENSE = st.one_of(measures(Parts(SELECTIONS, SPANS, {"window_us": WINDOWS})))
"""Measures over intervals of a few microseconds."""
