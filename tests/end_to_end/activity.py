"""What the end-to-end tests share: generated activity and the command as a process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

EXCISE = [sys.executable, "-m", "engine.cli.main"]


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of a command: the caller's, without its Excise settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("EXCISE_")}
    return {**kept, **extra}


def excise(*arguments: str, folder: Path, **extra: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a folder and return what it said."""
    return subprocess.run(
        [*EXCISE, *arguments],
        cwd=folder,
        env=environment(**extra),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
