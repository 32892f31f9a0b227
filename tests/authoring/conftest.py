"""Makes the modules that these tests share importable, and those of other tests they build on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), *(str(_HERE.parent / name) for name in ("decide", "language"))]


@pytest.fixture(autouse=True, scope="module")
def _no_worker_is_left() -> Iterator[None]:
    from authored import dismiss  # noqa: PLC0415 - importable since the line above

    yield
    dismiss()
