"""A percentage of something that is no share.

`{events:percent}` of 412 requests reads 41200 %.

Accepted:

    policy: harness
    signals: {events: {share: demands, min_of: 100, window: 7d}}
    when: {events: {gte: 0.3}}
    explain: "{events:percent} of the requests"

Refused:

    policy: harness
    explain: "{events:percent} of the requests"
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from engine.language.checks.impossible_threshold import value_range
from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.read.explanation import percentages

ID = "EX439"
TITLE = "a percentage of something that is no share"
LEVEL = Level.WARNING
ALONE = True


def check(draft: Draft) -> Iterator[Problem]:
    """Yield explanations that show a number without an upper end as a percentage."""
    for written, read in sound(draft.policies):
        for name in percentages(read.model.explain):
            high = value_range(read.model.signal(name).measure)[1]
            if math.isinf(high) or high > 1:
                message = f"{quote(name)} is no share, and shown as a percentage"
                yield Problem(written.at("explain"), message, f"write `{{{name}}}`")
