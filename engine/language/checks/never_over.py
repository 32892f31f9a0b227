"""An absence that lasts longer than the window, so that it is never over.

What is absent at the end of a `sequence`, or from `together`, is awaited until the interval ends,
which must be before the moment judged from. An interval longer than the window that begins in the
window is never over: the value is always 0.

Accepted:

    policy: harness
    signals: {events: {sequence: [demands, not demands], within: 1d, window: 7d}}

Refused:

    policy: harness
    signals: {events: {sequence: [demands, not demands], within: 30d, window: 7d}}
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level
from engine.language.draft import Draft, sound
from engine.language.model.measure import Measure, Sequence, Together
from engine.language.moments import format_duration

ID = "EX316"
TITLE = "an absence that is never over"
LEVEL = Level.ERROR
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield signals that await an absence for longer than their window is."""
    for _, read in sound(draft.policies):
        for signal in read.model.signals:
            measure = signal.measure
            if _awaits(measure) and measure.window_us is not None:
                within, window = measure.within_us, measure.window_us
                if within > window:
                    lasts = format_duration(within)
                    message = (
                        f"an absence of {lasts} is never over within {format_duration(window)}"
                    )
                    yield Problem(signal.span, message, "shorten `within`, or widen `window`")


def _awaits(measure: Measure) -> TypeGuard[Sequence | Together]:
    """Whether something must be absent up to the end of an interval."""
    if isinstance(measure, Together):
        return any(step.absent for step in measure.steps)
    return isinstance(measure, Sequence) and measure.steps[-1].absent
