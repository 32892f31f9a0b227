"""A ledger that may not be written can be read and verified: an auditor's copy is like that."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_runs import records_of

from engine.ledger.database import DatabaseError
from engine.ledger.store import Ledger
from engine.ledger.verify import verify

NOBODY = 65534


@pytest.fixture
def sealed_off(built: Path) -> Iterator[Path]:
    """Return a ledger in a folder of its own, where this process may write neither."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ledger.db")
        shutil.copy(built, path)
        path.chmod(0o444)
        path.parent.chmod(0o555)
        root = os.geteuid() == 0
        if root:  # who may write everywhere, whatever the modes say
            os.seteuid(NOBODY)
        try:
            yield path
        finally:
            if root:
                os.seteuid(0)
            path.parent.chmod(0o755)


def test_it_verifies(sealed_off: Path) -> None:
    assert verify(str(sealed_off)).problems == ()
    assert [path.name for path in sealed_off.parent.iterdir()] == ["ledger.db"]


def test_it_can_be_read_but_takes_no_run(sealed_off: Path) -> None:
    with Ledger.open(str(sealed_off), create=False) as ledger:
        assert ledger.runs()
        with pytest.raises(DatabaseError, match="cannot be written"):
            ledger.record(records_of("another"))
    with pytest.raises(DatabaseError, match="cannot be written"):
        Ledger.open(str(sealed_off))
