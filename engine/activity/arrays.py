"""Rows of Python become a relation that SQL can read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from engine.activity.workspace import Workspace

_NAME = "incoming"


@contextmanager
def incoming(
    workspace: Workspace, names: Sequence[str], rows: Sequence[Sequence[object]]
) -> Iterator[str]:
    """Offer rows, not none of them, as a relation; yields its name.

    A column that begins with a number must be all numbers, every other one texts and None.
    """
    columns = {
        name: _column(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)
    }
    workspace.connection.register(_NAME, columns)
    try:
        yield _NAME
    finally:
        workspace.connection.unregister(_NAME)


def _column(values: Sequence[object]) -> NDArray[np.int64] | NDArray[np.object_]:
    if isinstance(values[0], int):
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=object)
