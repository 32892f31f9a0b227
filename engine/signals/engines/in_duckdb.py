"""Counting where the tables are: in the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.activity.workspace import Workspace
from engine.signals.engines.engine import Count, Engine
from engine.signals.sql import written


class InDuckDB:
    """The engine of one machine."""

    @contextmanager
    def counting(self, workspace: Workspace) -> Iterator[Count]:
        """Ask the workspace itself."""
        yield lambda query: workspace.arrays(written(query))


IN_DUCKDB: Engine = InDuckDB()
