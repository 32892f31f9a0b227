"""An application over fixed records, with a clock that stands still."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from engine.review.audit import Audit
from engine.review.decisions import Reviewer
from tui.app import ReviewApp
from tui.desk import Desk


@pytest.fixture(scope="session")
def made() -> ModuleType:
    """The factory of records."""
    name = "made_records"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(
            name, Path(__file__).with_name("made_records.py")
        )
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture
def new_app(made: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ReviewApp]:
    """Makes an application over a ledger, by default a fresh one in memory."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("COLORTERM", "truecolor")

    def make(
        ledger: Any = None,
        *,
        reviewer: str = "ben",
        read_only: bool = False,
        ascii_only: bool = False,
        audit: Audit | None = None,
        no_colour: bool = False,
    ) -> ReviewApp:
        if no_colour:
            monkeypatch.setenv("NO_COLOR", "1")
        desk = Desk(
            ledger or made.FakeLedger(),
            Reviewer(reviewer, read_only),
            verify=lambda _: audit or Audit(ok=True, entries=48_213, root="9f3c" * 16),
            clock=lambda: made.AS_OF + 7_000_000_000,
        )
        return ReviewApp(desk, ascii_only=ascii_only)

    return make
