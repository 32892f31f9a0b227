"""Fixed ledger contents, shared with the terminal's tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


def _load_made_records() -> ModuleType:
    name = "made_records"
    if name not in sys.modules:
        path = Path(__file__).parents[1] / "tui" / "made_records.py"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """The factory of records."""
    return _load_made_records()
