"""The tests in the selections of a draft, for checks that look at them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.gathered import gathered
from engine.language.draft import Draft, sound
from engine.language.model.policy import Policy
from engine.language.model.selection import Test
from engine.language.walk import selections_of, walk_selection


@gathered
def written_tests(draft: Draft) -> Iterator[Test]:
    """Yield every test of every policy once, whether in `select` or in a signal."""
    for _, tests in tests_by_policy(draft):
        yield from tests


@gathered
def tests_by_policy(draft: Draft) -> Iterator[tuple[Policy, tuple[Test, ...]]]:
    """Yield every policy with each of its tests once: signals hold named selections expanded."""
    for _, read in sound(draft.policies):
        yield read.model, tuple({id(test): test for test in _tests(read.model)}.values())


def _tests(policy: Policy) -> Iterator[Test]:
    selections = [named.selection for named in policy.select]
    for signal in policy.signals:
        selections += selections_of(signal.measure)
    for selection in selections:
        yield from (part for part in walk_selection(selection) if isinstance(part, Test))
