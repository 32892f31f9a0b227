"""How every test of a pack stands, while the pack changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engine.authoring.closure import isolate
from engine.language.canonical import digest
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy, PolicyTest


@dataclass(frozen=True, slots=True)
class Due:
    """A test that is to be run."""

    policy: Policy
    test: PolicyTest
    meaning: tuple[str, ...]
    """What its result depends on."""


class Standing:
    """The tests of a pack that passed, and need not be run again.

    A test is due when its result may be another one: of a policy whose meaning changed, or of one
    that it rests on, all are; of another those that are new, or changed themselves. One that failed
    is due every time, so that no round tells less than there is to mend.
    """

    def __init__(self) -> None:
        """Know of none."""
        self._passed: set[tuple[str, ...]] = set()
        self._met: set[tuple[str, ...]] = set()

    def due(self, pack: Pack) -> tuple[Due, ...]:
        """Return what is to be run: first what was never met, as after a save, else in order."""
        tests = tuple(_tests(pack))
        waiting = [one for one in tests if one.meaning not in self._passed]
        due = sorted(waiting, key=lambda one: one.meaning in self._met)
        self._met = {one.meaning for one in tests}
        self._passed &= self._met
        return tuple(due)

    def passed(self, one: Due) -> None:
        """Remember that a test passed."""
        self._passed.add(one.meaning)


def _tests(pack: Pack) -> Iterator[Due]:
    untested = replace(pack, policies=tuple(replace(one, tests=()) for one in pack.policies))
    whole = digest(replace(untested, digest=""))
    for policy, bare in zip(pack.policies, untested.policies, strict=True):
        alone = isolate(untested, bare)
        meaning = digest((alone.policies, alone.links, alone.fields)) if policy.tests else ""
        for test in policy.tests:
            acts = any(one.actions is not None for one in test.expectations)
            bearing = whole if acts else ""
            yield Due(policy, test, (policy.name, meaning, digest(test), bearing))
