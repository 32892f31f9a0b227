"""An engine that asks two, and is content only where they answer the same."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
from sqlglot import exp

from engine.activity.workspace import Workspace
from engine.signals.engines.engine import Arrays, Count, Engine
from engine.signals.engines.in_duckdb import IN_DUCKDB
from engine.signals.engines.spark_sql import written_for_spark


class Both:
    """DuckDB and another engine; the answers of DuckDB go on."""

    def __init__(self, other: Engine) -> None:
        self._other = other
        self.compared = 0
        """How many queries were answered."""
        self.alike: list[str] = []
        """Those whose answers were the same for all subjects."""

    @contextmanager
    def counting(self, workspace: Workspace) -> Iterator[Count]:
        """Ask both."""
        with IN_DUCKDB.counting(workspace) as mine, self._other.counting(workspace) as theirs:

            def ask(query: exp.Select) -> Arrays:
                wanted, found = mine(query), theirs(query)
                assert rows_of(found) == rows_of(wanted), written_for_spark(query, pretty=True)
                self.compared += 1
                if not _tells(wanted):
                    self.alike.append(written_for_spark(query))
                return wanted

            yield ask


def _tells(arrays: Arrays) -> bool:
    """Return whether some column tells subjects apart."""
    return any(len(np.unique(values)) > 1 for name, values in arrays.items() if name != "subject")


def rows_of(arrays: Arrays) -> tuple[list[str], list[tuple[int, ...]]]:
    """Return the names of the columns, and the rows in their order; all of them are integers."""
    assert all(values.dtype.kind == "i" for values in arrays.values())
    columns = (values.tolist() for values in arrays.values())
    return list(arrays), sorted(zip(*columns, strict=True))
