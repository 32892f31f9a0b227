"""What has changed since the last look: files of a folder, and tests of a pack."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.authoring.closure import isolate
from engine.language.canonical import digest
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy, PolicyTest

_PAUSE_S = 0.2
"""Between two looks. Polling sees saves by rename and works on every file system."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The files of a folder, each with what changes when it is saved."""

    files: tuple[tuple[str, int, int, int], ...]

    @classmethod
    def of(cls, root: Path) -> Snapshot:
        """Look at the YAML files under a folder; one that goes away meanwhile is not there."""
        found = []
        for folder, _, names in os.walk(root):
            for name in names:
                path = Path(folder, name)
                if path.suffix.lower() in (".yaml", ".yml"):
                    try:
                        seen = path.stat()
                    except OSError:
                        continue
                    found.append((str(path), seen.st_mtime_ns, seen.st_size, seen.st_ino))
        return cls(tuple(sorted(found)))


def changes(root: Path, before: Snapshot) -> Iterator[Snapshot]:
    """Yield at once, and then whenever a file of the folder is saved, added or removed."""
    yield before
    while True:
        time.sleep(_PAUSE_S)
        now = Snapshot.of(root)
        if now != before:
            before = now
            yield now


def changed_tests(before: Pack | None, after: Pack) -> tuple[tuple[Policy, PolicyTest], ...]:
    """Return the tests that may come out differently, in the order of the pack.

    Of a policy whose meaning changed, or of one that it rests on, these are all; of another, those
    that are new or changed themselves. Without a pack to compare with, all.
    """
    known = set() if before is None else set(_meanings(before))
    return tuple(
        (policy, test)
        for (policy, test), meaning in zip(_tests(after), _meanings(after), strict=True)
        if meaning not in known
    )


def _tests(pack: Pack) -> Iterator[tuple[Policy, PolicyTest]]:
    return ((policy, test) for policy in pack.policies for test in policy.tests)


def _meanings(pack: Pack) -> Iterator[tuple[str, ...]]:
    """Yield for each test what its result depends on."""
    untested = replace(pack, policies=tuple(replace(one, tests=()) for one in pack.policies))
    whole = digest(replace(untested, digest=""))
    for policy, bare in zip(pack.policies, untested.policies, strict=True):
        alone = isolate(untested, bare)
        meaning = digest((alone.policies, alone.links, alone.fields)) if policy.tests else ""
        for test in policy.tests:
            acts = any(one.actions is not None for one in test.expectations)
            yield policy.name, meaning, digest(test), whole if acts else ""
