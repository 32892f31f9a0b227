"""Reads packs in one process and in two, and says where they differ; run by its test.

Apart from the tests, because a process with other threads never forks.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from engine.language import two_processes
from engine.language.load import diagnose, find_rules, load_pack
from engine.language.render import render_json

GOLDEN = Path(__file__).parents[1] / "golden" / "language"
HIDDEN_LIST = b'"li\\x73t": hidden\nowner: a\nsource: b\nreviewed: 2026-01-05\nvalues: [c]\n'
INDENTED_TERMS = b"  terms: hidden\n  title: hidden\n"
MIXED = b"""\
policy: beside-a-response
---
{response: beside-a-policy}
---
# terms: none
policy: beside-a-response
"""

Outcome = tuple[str, str, str | None]
"""What is shown of a check, what is shown of the pack when it is loaded, and its digest."""


def outcome(root: Path, large: int) -> tuple[Outcome, int]:
    """Return what comes of a folder, and how many processes were started."""
    started = 0
    fork = os.fork

    def counted() -> int:
        nonlocal started
        started += 1
        return fork()

    two_processes.LARGE, os.fork = large, counted  # type: ignore[misc]
    try:
        loaded, checked = load_pack(root), diagnose(root)
    finally:
        os.fork = fork
    shown = render_json(checked.diagnostics), render_json(loaded.diagnostics)
    return (*shown, loaded.pack and loaded.pack.digest), started


def packs() -> dict[str, dict[str, bytes]]:
    """Return a sound pack, one with every mistake there is, and some that must be read at once."""
    root = find_rules()
    files = {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*.yaml")}
    wrong = {f"wrong/{path.name}": path.read_bytes() for path in GOLDEN.glob("*.yaml")}
    first, last = {"a.yaml": HIDDEN_LIST}, {"zz.yaml": HIDDEN_LIST}
    return {
        "sound": files,
        "wrong": files | wrong,
        "without policies": {name: text for name, text in files.items() if b"policy:" not in text},
        "several kinds in a file": files | {"policies/mixed.yaml": MIXED},
        "hidden in the own half": first | files,
        "hidden in the other half": files | last,
        "hidden by a blank": files | {"b.yaml": INDENTED_TERMS},
    }


def main() -> int:
    """Print the name of every pack that reads otherwise in two processes."""
    for name, files in packs().items():
        with TemporaryDirectory() as folder:
            for path, data in files.items():
                place = Path(folder, "rules", path)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(data)
            one, none = outcome(Path(folder, "rules"), sys.maxsize)
            two, started = outcome(Path(folder, "rules"), 0)
        if one != two or (none, started) != (0, 2):
            sys.stdout.write(f"{name}: {started} started\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
