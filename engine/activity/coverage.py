"""How much is known of each field of the kept rows."""

from __future__ import annotations

from engine.activity.intake import Coverage
from engine.activity.staging import ACCOUNTS, EXCHANGES, Kind
from engine.activity.tables import column
from engine.activity.workspace import Workspace


def measure_coverage(workspace: Workspace, exchange_kind: Kind = EXCHANGES) -> dict[str, Coverage]:
    """Return the coverage of exchange fields, and of `account.<field>` over active accounts."""
    exchanges = _coverage(workspace, exchange_kind, "events")
    accounts = _coverage(
        workspace,
        ACCOUNTS,
        "(SELECT DISTINCT account_id AS id FROM events) LEFT JOIN accounts ON account_id = id",
    )
    return exchanges | {f"account.{name}": value for name, value in accounts.items()}


def _coverage(workspace: Workspace, kind: Kind, relation: str) -> dict[str, Coverage]:
    known = {
        name: _known(kind, name) for name, field in kind.fields.items() if kind.keeps(column(field))
    }
    counts = ", ".join(f"count(CASE WHEN {condition} THEN 1 END)" for condition in known.values())
    total, *found = workspace.rows(f"SELECT count(*), {counts} FROM {relation}")[0]
    labels = [kind.fields[name].label for name in known]
    return {label: _word(count, total) for label, count in zip(labels, found, strict=True)}


def _known(kind: Kind, name: str) -> str:
    value = f"{column(kind.fields[name])} IS NOT NULL"
    bit = kind.supplied.get(name)
    return value if bit is None else f"({value} OR supplied & {1 << bit} <> 0)"


def _word(count: int, total: int) -> Coverage:
    if count == 0:
        return Coverage.NONE
    return Coverage.ALL if count == total else Coverage.SOME
