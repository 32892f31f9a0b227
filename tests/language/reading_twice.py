"""Reads packs in one process and in two, and says where they differ; run by its test.

Apart from the tests, because a process with other threads never forks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from engine.language import two_processes
from engine.language.load import find_rules, load_texts
from engine.language.render import render_json

GOLDEN = Path(__file__).parents[1] / "golden" / "language"
HIDDEN_LIST = b'"li\\x73t": hidden\nowner: a\nsource: b\nreviewed: 2026-01-05\nvalues: [c]\n'


def outcome(files: dict[str, bytes], large: int) -> tuple[str, str | None, int]:
    """Return the diagnostics, the digest and how many processes were started."""
    started = 0
    fork = os.fork

    def counted() -> int:
        nonlocal started
        started += 1
        return fork()

    two_processes.LARGE, os.fork = large, counted  # type: ignore[misc]
    try:
        loaded = load_texts(files)
    finally:
        os.fork = fork
    return render_json(loaded.diagnostics), loaded.pack and loaded.pack.digest, started


def packs() -> dict[str, dict[str, bytes]]:
    """Return a sound pack, one with every mistake there is, and one that must be read at once."""
    root = find_rules()
    files = {f"rules/{path.relative_to(root)}": path.read_bytes() for path in root.rglob("*.yaml")}
    wrong = {f"rules/wrong/{path.name}": path.read_bytes() for path in GOLDEN.glob("*.yaml")}
    first, last = {"rules/a.yaml": HIDDEN_LIST}, {"rules/zz.yaml": HIDDEN_LIST}
    return {
        "sound": files,
        "wrong": files | wrong,
        "hidden in the own half": first | files,
        "hidden in the other half": files | last,
    }


def main() -> int:
    """Print the name of every pack that reads otherwise in two processes."""
    for name, files in packs().items():
        *one, none = outcome(files, sys.maxsize)
        *two, started = outcome(files, 0)
        if one != two or (none, started) != (0, 1):
            sys.stdout.write(f"{name}: {started} started\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
