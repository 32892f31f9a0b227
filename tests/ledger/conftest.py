"""A ledger in a file, and runs to put into it."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.ledger.store import Ledger

sys.path.insert(0, str(Path(__file__).parent))  # for `ledger_runs`, which subprocesses load too


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ledger.db"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(str(path)) as opened:
        yield opened


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("built") / "ledger.db"
    from tampering import build  # noqa: PLC0415  # on the path only now

    build(path)
    return path


@pytest.fixture
def copy(built: Path, path: Path) -> Path:
    shutil.copy(built, path)
    return path
