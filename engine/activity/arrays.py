"""Rows of Python become a relation that SQL can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import numpy as np
from numpy.typing import NDArray

from engine.activity.workspace import Workspace

_NAME = "incoming"


@contextmanager
def incoming(workspace: Workspace, columns: Mapping[str, Sequence[object]]) -> Iterator[str]:
    """Offer columns of equal length, not zero, as a relation; yields its name.

    A column that begins with a number must be all numbers, every other one texts and None.
    """
    arrays = {name: _array(values) for name, values in columns.items()}
    workspace.connection.register(_NAME, arrays)
    try:
        yield _NAME
    finally:
        workspace.connection.unregister(_NAME)


def _array(values: Sequence[object]) -> NDArray[np.int64] | NDArray[np.object_]:
    if isinstance(values[0], int):
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=object)
