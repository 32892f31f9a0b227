"""The proofs share a reference and a way of making activity, which stand beside them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.activity.workspace import Workspace

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="module")
def workspace() -> Iterator[Workspace]:
    """A workspace that a module's tests fill anew each time."""
    import worlds  # noqa: PLC0415 - found once the path is set

    with Workspace(threads=2) as found:
        worlds.prepare(found)
        yield found
