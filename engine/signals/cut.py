"""Slices as the workspace knows them: the table `slices`, and which exchanges are in one."""

from __future__ import annotations

from engine.activity.workspace import Workspace

SLICED_BY = ("prompt_shape", "system_shape", "tools_sig")
"""The columns of `events` by whose values there may be slices."""


def has_slices(workspace: Workspace) -> bool:
    """Return whether there are any; who names campaigns by hand does not look for them."""
    found = (
        "SELECT count(*) > 0 FROM information_schema.tables "
        "WHERE table_catalog = current_database() AND table_name = 'slices'"
    )
    return bool(workspace.value(found)) and bool(workspace.value("SELECT count(*) > 0 FROM slices"))


def in_slice(slice_: str, exchange: str) -> str:
    """Return the SQL condition that an exchange of a member, by its alias, is in a slice.

    Where there are slices, all these columns are kept.
    """
    cases = " ".join(f"WHEN '{field}' THEN {exchange}.{field}" for field in SLICED_BY)
    return f"{slice_}.value = CASE {slice_}.field {cases} END"
