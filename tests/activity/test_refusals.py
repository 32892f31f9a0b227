"""A full disk is never told as a damaged file of activity."""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pytest

from engine.activity.ingest import read_activity
from engine.activity.refusals import refusal
from engine.activity.workspace import Workspace
from engine.errors import InputError


@contextmanager
def _files_up_to(size: int) -> Iterator[None]:
    """Let no file grow beyond a size, as on a disk that is almost full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("name", ["e.parquet", "e.jsonl"])
def test_a_full_disk_is_not_the_fault_of_a_file(
    write: Any, exchange: Any, tmp_path: Path, name: str
) -> None:
    path = write(tmp_path / name, [exchange(prompt=str(n) * 300) for n in range(500)])
    with Workspace(memory="500MB", threads=2) as workspace:
        with _files_up_to(50_000), pytest.raises(duckdb.Error) as raised:
            read_activity(workspace, str(path))
        refused = refusal(raised.value)
        assert refused is not None
        assert refused.file.parent == workspace.folder
        assert refused.words == "File too large"


def test_a_file_that_may_not_be_read_is_named_with_the_reason(
    workspace: Workspace, write: Any, exchange: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "e.parquet", [exchange()])

    def refused(sql: str, *_: Any) -> Any:
        message = f'IO Error: Cannot open file "{path}": Permission denied'
        raise duckdb.IOException(message)

    monkeypatch.setattr(workspace, "rows", refused)
    with pytest.raises(InputError, match="Permission denied"):
        read_activity(workspace, str(path))
