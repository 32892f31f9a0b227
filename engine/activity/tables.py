"""The tables that ingestion leaves in the workspace, and that every later part reads.

`events`    one row an exchange, deduplicated, within the run's period
`accounts`  one row an account that the accounts input names (not every account of `events` need be)
`models`    one row a model of the models input

Types: identifiers and text VARCHAR; integers BIGINT; decimals BIGINT of thousandths; booleans
BOOLEAN; timestamps BIGINT of microseconds UTC, and `ts` is called `ts_us`, `created_at`
`created_us`, `released_at` `released_us`; lists VARCHAR[] or BIGINT[].

An address `ip` (and `signup_ip`) has three columns: `ip` its canonical text, `ip_number` UHUGEINT
(IPv4 as ::ffff:a.b.c.d, so one order serves both), and `ip_network`, the text of its IPv4 /24 or
IPv6 /48.

NULL never means "not used": `supplied` (in events and accounts) is a BIGINT with bit
`SUPPLIED_BIT[name]` set when the row's file supplied that `Absent.NONE` field; with the bit set, a
NULL says that the feature was not used, without it that nothing is known. For an `Absent.UNKNOWN`
field NULL always means unknown.

`prompt_hash`, `prompt_shape` and `system_shape` are computed from the text where the input does
not supply them, so they are known wherever the text or the column is.
"""

from __future__ import annotations

from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, Absent, Field, FieldType

_SQL_TYPE = {
    FieldType.ANY: "VARCHAR",
    FieldType.IDENTIFIER: "VARCHAR",
    FieldType.TEXT: "VARCHAR",
    FieldType.INTEGER: "BIGINT",
    FieldType.DECIMAL: "BIGINT",
    FieldType.BOOLEAN: "BOOLEAN",
    FieldType.TIMESTAMP: "BIGINT",
    FieldType.ADDRESS: "VARCHAR",
    FieldType.TEXTS: "VARCHAR[]",
    FieldType.IDENTIFIERS: "VARCHAR[]",
    FieldType.INTEGERS: "BIGINT[]",
}

_COLUMN = {"ts": "ts_us", "created_at": "created_us", "released_at": "released_us"}


def column(field: Field) -> str:
    """Return the name of the column that holds a field."""
    return _COLUMN.get(field.name, field.name)


def columns(fields: dict[str, Field]) -> dict[str, str]:
    """Return the columns of a table and their SQL types, in order, without `supplied`."""
    found: dict[str, str] = {}
    for field in fields.values():
        found[column(field)] = _SQL_TYPE[field.type]
        if field.type is FieldType.ADDRESS:
            found[f"{field.name}_number"] = "UHUGEINT"
            found[f"{field.name}_network"] = "VARCHAR"
    return found


def _bits(fields: dict[str, Field]) -> dict[str, int]:
    optional = [field.name for field in fields.values() if field.absent is Absent.NONE]
    return {name: bit for bit, name in enumerate(optional)}


SUPPLIED_BIT: dict[str, int] = _bits(EXCHANGE_FIELDS)
"""By exchange field: its bit in `events.supplied`."""

ACCOUNT_SUPPLIED_BIT: dict[str, int] = _bits(ACCOUNT_FIELDS)
"""By account field: its bit in `accounts.supplied`."""


def create_tables_sql() -> tuple[str, ...]:
    """Return the statements that create `events`, `accounts` and `models`, empty."""
    events = ", ".join(f"{name} {kind}" for name, kind in columns(EXCHANGE_FIELDS).items())
    accounts = ", ".join(f"{name} {kind}" for name, kind in columns(ACCOUNT_FIELDS).items())
    return (
        f"CREATE TABLE events ({events}, supplied BIGINT)",
        f"CREATE TABLE accounts ({accounts}, supplied BIGINT)",
        "CREATE TABLE models (model VARCHAR, released_us BIGINT)",
    )
