"""Which files of a folder are rules: the same for whoever reads them and whoever watches them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

_SUFFIXES = (".yaml", ".yml")


def rule_files(root: Path, report: Callable[[OSError], None] | None = None) -> Iterator[Path]:
    """Yield the policy files under a folder; hidden ones belong to editors and tools.

    Links to folders are followed, each folder once. `report` hears of folders that cannot be read.
    """
    seen = set()
    for folder, folders, names in os.walk(root, onerror=report, followlinks=True):
        real = Path(folder).resolve()
        folders[:] = [] if real in seen else [x for x in sorted(folders) if not x.startswith(".")]
        if real in seen:
            continue
        seen.add(real)
        for name in names:
            if name.lower().endswith(_SUFFIXES) and not name.startswith("."):
                yield Path(folder, name)
