"""Who carries what: the values of connectors that may link, and the accounts that share them.

Values that too few or too many accounts share are left out here, before anything is paired, so that
a popular value (a campus, a common opening) costs nothing and links nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from engine.activity.tables import column
from engine.activity.workspace import Workspace
from engine.campaigns import own_work
from engine.campaigns.synchrony import collect_acts
from engine.errors import ExciseError
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, Field, FieldType
from engine.language.model.links import Connector, Links

Ids = NDArray[np.int64]

_ACCOUNT = "account."
_NETWORK = "/24"
_FEWEST = 2


class LinkError(ExciseError):
    """A connector that names nothing two accounts could share."""

    def __init__(self, shared: str) -> None:
        super().__init__(f"nothing that accounts could share is called `{shared}`")


@dataclass(frozen=True, slots=True)
class Period:
    """The closed interval of exchanges that count; accounts opened after it do not exist yet."""

    since_us: int | None
    as_of_us: int


@dataclass(frozen=True, slots=True)
class Carried:
    """Which account (by number) carries which value (by number).

    Accounts are numbered in order of their ids; values in order of connector, then of value.
    """

    account: Ids
    value: Ids
    degrees: Ids
    """By value: how many accounts carry it."""
    connectors: Ids
    """By value: position of its connector in the links."""
    accounts: int
    """How many accounts carry anything, or do a hand's work."""
    days: Ids
    """By value: the day of an act, counted from 1970; 0 for other values."""
    totals: Mapping[int, Ids]
    """By synchronous connector, then account: how many acts it has."""
    created_us: Ids
    """By account: when it was opened; -1 where that is not known or did not count."""


@contextmanager
def carried(workspace: Workspace, links: Links, period: Period) -> Iterator[Carried]:
    """Collect what accounts carry; `account_names` and `value_names` work until the end."""
    try:
        workspace.execute(_CREATE_ROWS)
        workspace.execute(_CREATE_TOTALS)
        for position, connector in enumerate(links.connectors):
            _collect(workspace, position, connector, period)
        for position, asked in enumerate(links.synchronous, len(links.connectors)):
            collect_acts(workspace, position, asked, _value(asked.shared), bounds(period))
        own_work.collect_work(workspace, links, bounds(period))
        workspace.execute(_NUMBER_ACCOUNTS)
        workspace.execute(_NUMBER_VALUES)
        yield _numbered(workspace, links, period)
    finally:
        for table in ("link_rows", "link_totals", "link_work", "link_accounts", "link_values"):
            workspace.execute(f"DROP TABLE IF EXISTS {table}")


def account_names(workspace: Workspace, numbers: Ids) -> list[str]:
    """Return the ids of accounts by number."""
    rows = _named(workspace, "link_accounts", "account_id", numbers)
    return [cast("str", name) for (name,) in rows]


def value_names(workspace: Workspace, numbers: Ids) -> list[str]:
    """Return the texts of values by number."""
    return [cast("str", name) for (name,) in _named(workspace, "link_values", "value", numbers)]


def organisations(workspace: Workspace, as_of_us: int) -> Ids:
    """Return by number of account which organisation it belongs to; -1 where that is not known.

    Works as long as `account_names` does. An account said to be of several is of none.
    """
    return workspace.arrays(_ORGANISATIONS, [as_of_us])["organisation"]


def _collect(workspace: Workspace, position: int, connector: Connector, period: Period) -> None:
    """Add the carriers of a connector whose values enough and not too many accounts share."""
    source, parameters = _source(connector, period)
    parameters += [max(_FEWEST, connector.min_accounts), connector.max_accounts, position]
    workspace.execute(
        f"""
        INSERT INTO link_rows
        WITH rows AS ({source}),
        degrees AS (
            SELECT value FROM rows GROUP BY value HAVING COUNT(*) BETWEEN ? AND ?
        )
        SELECT CAST(? AS INTEGER), value, account_id, 0 FROM rows JOIN degrees USING (value)
        """,
        parameters,
    )


def _source(connector: Connector, period: Period) -> tuple[str, list[object]]:
    """Return a query of the different `value` and `account_id` of a connector."""
    of_account = connector.shared.startswith(_ACCOUNT)
    value = f"CAST({_value(connector.shared)} AS VARCHAR)"
    if of_account:
        rows, parameters = "accounts WHERE created_us IS NULL OR created_us <= ?", [period.as_of_us]
        enough, least = "", []
    else:
        rows, parameters = "events WHERE ts_us BETWEEN ? AND ?", [*bounds(period)]
        enough, least = "HAVING COUNT(*) >= ?", [connector.min_events]
    listed = f"SELECT {value} AS value, account_id FROM {rows}"
    grouped = f"SELECT value, account_id FROM ({listed}) WHERE value <> '' GROUP BY ALL {enough}"
    return grouped, [*parameters, *least]


def bounds(period: Period) -> tuple[int, int]:
    """Return the first and the last moment that count."""
    return -(1 << 63) if period.since_us is None else period.since_us, period.as_of_us


def shared_columns(links: Links) -> frozenset[str]:
    """Return the columns of `events` that tell what a connector shares, and whether it is known.

    Also those that work shows in, where it links anybody. Raises `LinkError` as linking does.
    """
    shared = [one.shared for one in links.by_value if not one.shared.startswith(_ACCOUNT)]
    told = frozenset(name for one in shared for name in (_column(one), column(_field(one))))
    return told | (own_work.COLUMNS if own_work.is_looked_at(links) else frozenset())


def _value(shared: str) -> str:
    """Return the SQL of what a connector shares; raises `LinkError` for what is no field."""
    name, field = _column(shared), _field(shared)
    return f"UNNEST(list_distinct({name}))" if field.type.is_list else name


def _column(shared: str) -> str:
    field = _field(shared)
    return f"{field.name}_network" if shared.endswith(_NETWORK) else column(field)


def _field(shared: str) -> Field:
    fields = ACCOUNT_FIELDS if shared.startswith(_ACCOUNT) else EXCHANGE_FIELDS
    field = fields.get(shared.removeprefix(_ACCOUNT).removesuffix(_NETWORK))
    network = shared.endswith(_NETWORK)
    if field is None or (network and field.type is not FieldType.ADDRESS):
        raise LinkError(shared)
    return field


_CREATE_ROWS = """
    CREATE TABLE link_rows (connector INTEGER, value VARCHAR, account_id VARCHAR, day BIGINT)
"""
_CREATE_TOTALS = """
    CREATE TABLE link_totals (connector INTEGER, account_id VARCHAR, acts BIGINT)
"""
_NUMBER_ACCOUNTS = """
    CREATE TABLE link_accounts AS
    SELECT account_id, ROW_NUMBER() OVER (ORDER BY account_id) - 1 AS number
    FROM (SELECT account_id FROM link_rows UNION SELECT account_id FROM link_work)
"""
_NUMBER_VALUES = """
    CREATE TABLE link_values AS
    SELECT connector, value, degree, day,
           ROW_NUMBER() OVER (ORDER BY connector, value) - 1 AS number
    FROM (
        SELECT connector, value, COUNT(*) AS degree, MAX(day) AS day
        FROM link_rows GROUP BY connector, value
    )
"""


def _numbered(workspace: Workspace, links: Links, period: Period) -> Carried:
    rows = workspace.arrays(
        """
        SELECT a.number AS account, v.number AS value
        FROM link_rows r JOIN link_accounts a USING (account_id)
        JOIN link_values v ON v.connector = r.connector AND v.value = r.value
        ORDER BY v.number, a.number
        """
    )
    values = workspace.arrays(
        "SELECT degree, CAST(connector AS BIGINT) AS connector, day FROM link_values "
        "ORDER BY number"
    )
    return Carried(
        account=rows["account"],
        value=rows["value"],
        degrees=values["degree"],
        connectors=values["connector"],
        accounts=int(workspace.value("SELECT COUNT(*) FROM link_accounts")),
        days=values["day"],
        totals={
            position: workspace.arrays(_TOTALS, [position])["acts"]
            for position in range(
                len(links.connectors), len(links.connectors) + len(links.synchronous)
            )
        },
        created_us=workspace.arrays(_CREATED, [period.as_of_us])["created"],
    )


_TOTALS = """
    SELECT COALESCE(acts, 0) AS acts FROM link_accounts
    LEFT JOIN (SELECT * FROM link_totals WHERE connector = ?) USING (account_id) ORDER BY number
"""
_CREATED = """
    SELECT COALESCE(created, -1) AS created FROM link_accounts
    LEFT JOIN (
        SELECT account_id, MIN(created_us) AS created FROM accounts
        WHERE created_us <= ? GROUP BY account_id
    ) USING (account_id) ORDER BY number
"""

_ORGANISATIONS = """
    SELECT CASE WHEN one IS NULL THEN -1 ELSE DENSE_RANK() OVER (ORDER BY one) END AS organisation
    FROM link_accounts LEFT JOIN (
        SELECT account_id, MIN(org_id) AS one FROM accounts
        WHERE (created_us IS NULL OR created_us <= ?) AND org_id <> ''
        GROUP BY account_id HAVING MIN(org_id) = MAX(org_id)
    ) USING (account_id) ORDER BY number
"""


def _named(workspace: Workspace, table: str, name: str, numbers: Ids) -> list[tuple[object, ...]]:
    """Return names by number, in the order of `numbers`."""
    wanted = {"number": numbers, "place": np.arange(len(numbers))}
    workspace.connection.register("link_wanted", wanted)
    rows = workspace.rows(
        f"SELECT {name} FROM link_wanted JOIN {table} USING (number) ORDER BY place"
    )
    workspace.connection.unregister("link_wanted")
    return rows
