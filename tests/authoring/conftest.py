"""Makes the modules that these tests share importable, and those of other tests they build on."""

from __future__ import annotations

import sys
from pathlib import Path

_HERE = Path(__file__).parent
sys.path[:0] = [str(_HERE), *(str(_HERE.parent / name) for name in ("decide", "language"))]
