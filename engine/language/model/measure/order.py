"""Steps that happen together, or one after the other."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.model.selection import EVERYTHING, Selection
from engine.language.model.windowed import Windowed


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of `together` or `sequence`: what happens, or what must not."""

    where: Selection
    absent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Together(Windowed):
    """How often events of every step come within `within_us` of each other, among those of `where`.

    Without absent steps: the number of events t, in some step, such that [t - within, t] holds an
    event of every step. With absent steps: the number of events t, in a step that must happen, such
    that [t, t + within] holds an event of every step that must happen and none of an absent one;
    where every step is absent, t may be any event of `where`. The interval must be over: it
    ends at `as_of` or before. Both ends are inclusive, and one event may serve several steps.

    With `ordered`, the steps that must happen do so one after the other as listed, each at an event
    strictly later than the one before, inside the interval; absent steps have no place in that
    order, they are absent from all of it.
    """

    steps: tuple[Step, ...]
    within_us: int
    where: Selection = EVERYTHING
    ordered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence(Windowed):
    """How often steps come one after the other, from first to last within `within_us`.

    Only events of `where` are looked at. The steps that must happen do so at events
    e_1 < e_2 < ... < e_m, each strictly later than the one before, with e_m <= e_1 + within.
    Counted are the events that can be e_m; of one opening and two endings there are two, of two
    openings and one ending one.

    An absent step between two others must have no event strictly between those: none with
    e_i < x < e_i+1. Absent steps at the end must have no event after e_m for as long as the
    interval lasts: none with e_m < x <= e_1 + within; then counted are the events that can be e_1,
    and the interval must be over: e_1 + within <= `as_of`. A sequence has absent steps between
    others or at its end, not both, and none at its beginning.
    """

    steps: tuple[Step, ...]
    within_us: int
    where: Selection = EVERYTHING
