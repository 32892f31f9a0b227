"""Counting on Spark: staged tables go there as Parquet files, integers come back the same way.

Files in a folder that both see, and no rows through this process: what a pass answers has a row
for each subject at least, and the tables may be larger than all memory here.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from sqlglot import exp

from engine.activity.workspace import Workspace
from engine.signals.engines.engine import Arrays, Count
from engine.signals.engines.spark_session import Spark
from engine.signals.engines.spark_sql import written_for_spark
from engine.signals.sql import DIALECT, text


class OnSpark:
    """The engine of many machines, or of one for comparison."""

    def __init__(self, spark: Spark, shared: Path | None = None) -> None:
        """Exchange tables in a folder that all machines share; None where Spark runs here."""
        self._spark, self._shared = spark, shared

    @contextmanager
    def counting(self, workspace: Workspace) -> Iterator[Count]:
        """Ask Spark; a table is handed over when a query first reads it."""
        folder = (self._shared or workspace.folder) / f"excise-{uuid.uuid4().hex}"
        folder.mkdir()
        try:
            yield _Exchange(self._spark, workspace, folder).arrays
        finally:
            shutil.rmtree(folder, ignore_errors=True)


class _Exchange:
    """Tables and answers in one folder."""

    def __init__(self, spark: Spark, workspace: Workspace, folder: Path) -> None:
        self._spark, self._workspace, self._folder = spark, workspace, folder
        self._handed_over: set[str] = set()
        self._numbers = count()

    def arrays(self, query: exp.Select) -> Arrays:
        own = {each.alias for each in query.find_all(exp.CTE)}
        read = {table.name for table in query.find_all(exp.Table)} - own
        for table in sorted(read - self._handed_over):
            self._hand_over(table)
        answer = self._folder / f"answer-{next(self._numbers)}"
        self._spark.write(written_for_spark(query), answer)
        try:
            return self._workspace.arrays(
                "SELECT * FROM read_parquet($1)", [str(answer / "*.parquet")]
            )
        finally:
            shutil.rmtree(answer, ignore_errors=True)

    def _hand_over(self, table: str) -> None:
        path = self._folder / f"{table}.parquet"
        to = text(str(path)).sql(dialect=DIALECT)
        self._workspace.execute(f"COPY {table} TO {to} (FORMAT parquet)")
        self._spark.view(table, path)
        self._handed_over.add(table)
