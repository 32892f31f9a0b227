"""The scratch database a run works in: DuckDB over a temporary folder, thrown away at the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np
from numpy.typing import NDArray

from engine.activity.memory import memory_bytes
from engine.activity.scratch import Scratch, sweep


class Workspace:
    """Owns the connection; every result is fetched to its end before the next statement."""

    limit_bytes: int
    """Memory that the database may take."""

    def __init__(
        self, *, memory: str = "2GB", threads: int | None = None, small: bool = False
    ) -> None:
        """Open it; what is known to be `small` is not written to a file, which takes longer.

        `memory` (`1500MB`, `4 GiB`) is what the process should take in all, about. The database
        gets seven tenths of it: it takes more than its limit while it decodes files, and the facts
        of many subjects stand outside it.
        """
        if not small:
            sweep()
        self._scratch = Scratch()
        self.folder = self._scratch.path
        self.limit_bytes = memory_bytes(memory) * 7 // 10
        file = ":memory:" if small else str(self.folder / "workspace.duckdb")
        self._connection = duckdb.connect(file, config={"storage_compatibility_version": "latest"})
        self.execute("SET preserve_insertion_order = false")
        self.execute(f"SET memory_limit = '{self.limit_bytes // 1000}KB'")
        self.execute(f"SET temp_directory = '{self.folder}'")
        self.execute("SET TimeZone = 'UTC'")
        self.execute("SET enable_progress_bar = false")
        if threads is not None:
            self.execute(f"SET threads = {threads}")

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The raw connection, for registering functions and arrays."""
        return self._connection

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement whose rows nobody needs."""
        self._connection.execute(sql, list(parameters)).fetchall()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query."""
        return self._connection.execute(sql, list(parameters)).fetchall()

    def value(self, sql: str, parameters: Sequence[object] = ()) -> Any:  # noqa: ANN401 - one SQL cell
        """Return the single value of a query of one row and one column."""
        ((value,),) = self.rows(sql, parameters)
        return value

    def arrays(self, sql: str, parameters: Sequence[object] = ()) -> Mapping[str, NDArray[Any]]:
        """Return the columns of a query as arrays; integer columns must hold no NULL."""
        return {
            name: np.ma.getdata(values)
            for name, values in self._connection.execute(sql, list(parameters)).fetchnumpy().items()
        }

    def close(self) -> None:
        """Drop the database and its folder."""
        self._connection.close()
        self._scratch.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
