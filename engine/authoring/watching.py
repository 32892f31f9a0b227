"""What has changed since the last look: files of a folder, and policies of a pack."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.authoring.closure import isolate
from engine.language.canonical import digest
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy

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


def changed_policies(before: Pack | None, after: Pack) -> frozenset[str]:
    """Return the policies whose outcome may differ: their own text, what they refer to, the links.

    Without a pack to compare with, all.
    """
    if before is None:
        return frozenset(policy.name for policy in after.policies)
    known = {policy.name: _meaning(before, policy) for policy in before.policies}
    return frozenset(
        policy.name
        for policy in after.policies
        if known.get(policy.name) != _meaning(after, policy)
    )


def _meaning(pack: Pack, policy: Policy) -> str:
    alone = isolate(pack, policy)
    return digest((alone.policies, alone.links))
