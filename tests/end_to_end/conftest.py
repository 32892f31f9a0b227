"""A small generated world, made once."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from fixtures.generate import generate
from fixtures.scale import Scale
from fixtures.truth import Truth

sys.path.insert(0, str(Path(__file__).parent))  # for what the tests here share

SMALL = Scale(exchanges=60_000, accounts=6_000)


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Truth]:
    """Return the folder of the world's activity, and its truth."""
    folder = tmp_path_factory.mktemp("world")
    return folder, generate(SMALL, 7, folder)
