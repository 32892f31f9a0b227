"""Measures over intervals that slide along the events."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.model.measure.counts import Count
from engine.language.model.measure.numbers import Maximum, Mean, Minimum, Quantile, Sum
from engine.language.model.measure.spread import Distinct
from engine.language.model.selection import Selection
from engine.language.model.windowed import Windowed
from engine.language.span import NOWHERE, Span
from engine.language.words import Operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """How many of several selections occur in an interval of `windows`.

    With `ordered`, only if those that occur come one after the other as listed, each strictly later
    than the one before; otherwise the interval satisfies nothing.
    """

    of: tuple[Selection, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """How many of several selections come one after the other in an interval of `windows`.

    The most of them that can be picked in the order listed, each by an event strictly later than
    the event before it.
    """

    of: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class Bound:
    """A comparison of an interval's value with a number."""

    operator: Operator
    threshold: float
    span: Span = NOWHERE


Inner = Count | Distinct | Sum | Mean | Minimum | Maximum | Quantile | Kinds | Steps
"""What may be measured over an interval of `windows`; its own window is that of the whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows(Windowed):
    """How many events end an interval whose value satisfies every comparison.

    For each event t that `inner` is about (that is in its `where`, or in one of its selections)
    the interval is [t - span, t], both ends inclusive: every event at the time of t is in it. The
    value is `inner` over the interval. A number of values is 0 where there are none; any other
    value over no value at all satisfies nothing, `neq` neither.
    """

    inner: Inner
    span_us: int
    bounds: tuple[Bound, ...]
