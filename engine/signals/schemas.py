"""A schema whose tables measures see in place of the workspace's that have the same names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.activity.workspace import Workspace


@contextmanager
def schema_in_front(workspace: Workspace, schema: str) -> Iterator[Callable[[], None]]:
    """Make a schema that is gone afterwards; from the call of what is given on, it comes first."""
    database = f'"{workspace.value("SELECT current_database()")}"'

    def show() -> None:
        workspace.execute(f"SET search_path = '{database}.{schema},{database}.main'")

    workspace.execute(f"CREATE SCHEMA {schema}")
    try:
        yield show
    finally:
        workspace.execute(f"USE {database}")
        workspace.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
