"""The tests in the selections of a draft, for checks that look at them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.draft import Draft, sound
from engine.language.model.policy import Policy
from engine.language.model.selection import Selection, Test
from engine.language.walk import selections_of, walk_selection


def written_tests(draft: Draft) -> Iterator[Test]:
    """Yield every test of every policy once, whether in `select` or in a signal."""
    for _, read in sound(draft.policies):
        yield from policy_tests(read.model)


def policy_tests(policy: Policy) -> Iterator[Test]:
    """Yield every test of a policy once: named selections stand expanded in the signals too."""
    found: dict[Test, None] = {}
    for named in policy.select:
        found.update(dict.fromkeys(_tests(named.selection)))
    for signal in policy.signals:
        for selection in selections_of(signal.measure):
            found.update(dict.fromkeys(_tests(selection)))
    yield from found


def _tests(selection: Selection) -> Iterator[Test]:
    return (part for part in walk_selection(selection) if isinstance(part, Test))
