"""An empty workspace for each test; opening one is what costs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fixtures.filled import Filled

sys.path.insert(0, str(Path(__file__).parent))  # for what the tests here share


@pytest.fixture(scope="session")
def one_workspace() -> Iterator[Filled]:
    with Filled() as workspace:
        yield workspace


@pytest.fixture
def workspace(one_workspace: Filled) -> Filled:
    one_workspace.clear()
    return one_workspace
