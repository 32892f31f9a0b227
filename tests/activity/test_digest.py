"""The canonical text of rows."""

from __future__ import annotations

import itertools

from engine.activity.digest import row_sql
from engine.activity.staging import ACCOUNTS, ALL_KINDS
from engine.activity.tables import create_tables_sql
from engine.activity.workspace import Workspace


def test_leaving_out_empty_columns_changes_no_text(workspace: Workspace) -> None:
    for statement in create_tables_sql():
        workspace.execute(statement)
    for kind, key in itertools.product(ALL_KINDS, ("'x'", "'x' || chr(31)")):
        workspace.execute(f"INSERT INTO {kind.table} ({kind.key}) VALUES ({key})")
        values = {name: (name, type_) for name, type_ in kind.final_columns.items()}
        nulls = {name: ("NULL", type_) for name, type_ in kind.final_columns.items()}
        full, short = row_sql(values), row_sql(nulls | {kind.key: values[kind.key]})
        assert workspace.value(f"SELECT bool_and({full} = {short}) FROM {kind.table}") is True


def test_values_cannot_run_into_each_other(workspace: Workspace) -> None:
    for statement in create_tables_sql():
        workspace.execute(statement)
    workspace.execute(
        "INSERT INTO accounts (account_id, org_id, plan, approvals) VALUES "
        "('a', 'b', NULL, ['x', 'y']), ('a', NULL, 'b', ['x', 'y']), ('ab', NULL, NULL, NULL), "
        "('a', 'b', NULL, ['xy']), ('a', 'b', NULL, ['x1:y']), ('a,:,1:b', NULL, NULL, NULL), "
        "('a' || chr(31) || 'b', NULL, NULL, NULL), ('a', chr(31) || 'b', NULL, NULL), "
        "('a', 'b', NULL, ['x' || chr(31), 'y']), ('a', 'b', NULL, ['x', chr(31) || 'y']), "
        "('a', 'b' || chr(31), NULL, ['x', 'y']), ('a', 'b', chr(31), ['x', 'y'])"
    )
    values = {name: (name, type_) for name, type_ in ACCOUNTS.final_columns.items()}
    assert workspace.value(f"SELECT count(DISTINCT {row_sql(values)}) FROM accounts") == 12
