"""An empty workspace for each test; opening one is what costs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fixtures.filled import Filled


@pytest.fixture(scope="session")
def one_workspace() -> Iterator[Filled]:
    with Filled() as workspace:
        yield workspace


@pytest.fixture
def workspace(one_workspace: Filled) -> Filled:
    one_workspace.clear()
    return one_workspace
