"""Python's search for cycles of objects that nobody reaches, held off while much is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def garbage_left() -> Iterator[None]:
    """Leave cycles of objects where they are until the end; all other garbage goes at once.

    Python goes over all objects again whenever their number has grown by a quarter. Whoever makes
    millions that stay, none of them in cycles, pays for that as much as for the objects themselves.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
