"""A measure without a window in a policy that proposes or acts.

Without `window` a measure covers whatever period a run is given: the same policy counts a day today
and a year tomorrow, and its thresholds mean something else.

Accepted:

    policy: harness
    signals: {events: {count: demands, window: 7d}}

Refused:

    policy: harness
    signals: {events: {count: demands}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.model.measure import Measure, Shared
from engine.language.model.selection import After
from engine.language.walk import selections_of, walk_selection

ID = "EX420"
TITLE = "a measure without a window"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the signals whose events no window bounds."""
    for _, read in sound(draft.policies):
        if not read.model.status.acts:
            continue
        for signal in read.model.signals:
            if _unbounded(signal.measure):
                message = f"{quote(signal.name)} covers whatever period a run is given"
                yield Problem(signal.span, message, "add a window, such as `window: 7d`")


def _unbounded(measure: Measure) -> bool:
    """Whether it counts events of whatever period; what accounts are does not change by time."""
    if getattr(measure, "window_us", 0) is not None:
        return False
    of_accounts = isinstance(measure, Shared) and measure.field.of_account
    anchored = any(
        isinstance(part, After)
        for selection in selections_of(measure)
        for part in walk_selection(selection)
    )
    return not of_accounts and not anchored
