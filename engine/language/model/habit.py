"""Measures of habits: a subject's hours, its own past, how fast it turns to a new model."""

from __future__ import annotations

from dataclasses import dataclass

from engine.language.fields import FieldRef
from engine.language.model.selection import EVERYTHING, After, Selection
from engine.language.model.windowed import Windowed
from engine.language.words import NoveltyScale


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveHours(Windowed):
    """In how many of the 168 hours of the week, UTC, there was any event; 0 to 168.

    An hour of the week counts once however many weeks the window holds, so a window of a week or
    more is what it is made for. A person leaves most hours empty; a service leaves none (DOMAIN
    I15).
    """

    where: Selection = EVERYTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class HourFlatness(Windowed):
    """How evenly events are spread over the 24 hours of the day, UTC: 0 all in one hour, 1 evenly.

    1 - sum |24 n_h - N| / (46 N), n_h events in hour h, N in all: one less the amplitude of the
    daily profile, taken as the share of events that would have to move to another hour for the day
    to be even (Hoover 1936), over the largest such share, 23/24. Indeterminate below `min_events`:
    240 evenly spread by chance reach about 0.87, ten times as many 0.96.
    """

    where: Selection = EVERYTHING
    min_events: int = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Novel:
    """Values of a field (of its elements, for a list) in the window, and not in the history.

    The history is [start - history, start), start the window's first moment, of the same subject
    and selection. As a count, the number of such values; as a share, of the different values in the
    window, indeterminate without any. Indeterminate with fewer than `min_history` events in the
    history: to one that has none everything is new.
    """

    field: FieldRef
    where: Selection = EVERYTHING
    window_us: int
    history_us: int
    scale: NoveltyScale = NoveltyScale.COUNT
    min_history: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spike:
    """How far the window's number of events is from the subject's own past.

    The baseline is cut into windows of the same length, one after the other back from the window's
    first moment, each without its last moment; those that begin before the subject's first event of
    the period are left out. The value is (count - median) / max(1.4826 MAD, sqrt(median), 1) over
    the counts of these: the modified z-score (Iglewicz and Hoaglin 1993), its scale no smaller than
    what a count varies by chance alone (Poisson). Indeterminate below `min_windows` past windows.
    """

    where: Selection
    window_us: int
    baseline_us: int
    min_windows: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseShift(Windowed):
    """How much of its traffic a subject moves to a model on the first day of it; 0 to 1.

    For each model, of the events within `soon` after its release those on that model; the largest
    such share. Models of which no event is on that day do not count, and without any the value is
    0. Indeterminate when none of those that count has `min_of` events on its day. A model whose
    release is not recorded may have been released at any time (DOMAIN I18).
    """

    field: FieldRef
    """The model."""
    where: Selection = EVERYTHING
    soon: After
    min_of: int = 1


Habit = ActiveHours | HourFlatness | Novel | Spike | ReleaseShift
