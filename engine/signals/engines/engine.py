"""What an engine is to those who count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, Protocol

from numpy.typing import NDArray
from sqlglot import exp

from engine.activity.workspace import Workspace

Arrays = Mapping[str, NDArray[Any]]
Count = Callable[[exp.Select], Arrays]
"""Answers a query of a pass: one array of integers a column, rows in any order."""


class Engine(Protocol):
    """Counts over the tables that are staged in a workspace."""

    def counting(self, workspace: Workspace) -> AbstractContextManager[Count]:
        """Return what answers queries for as long as the staged tables stand as they are."""
