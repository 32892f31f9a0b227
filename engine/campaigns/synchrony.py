"""Synchrony: accounts that do the same at the same times, again and again (SynchroTrap).

An account's acts are pairs of a value and a time bucket. Acts of one account alone, or of too many,
join nobody; neither do accounts with too few others: both are left out before anything is paired.
Shares are compared as whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from engine.activity.workspace import Workspace
from engine.campaigns.weight import MILLION, millionths
from engine.language.model.links import Synchrony

Ids = NDArray[np.int64]

DAY_US = 86_400_000_000


def collect_acts(
    workspace: Workspace, position: int, asked: Synchrony, value: str, period: tuple[int, int]
) -> None:
    """Add to `link_rows` the acts that accounts may have in common, to `link_totals` all.

    `value` is the SQL of what is shared; `period` is in microseconds, both ends inclusive.
    """
    workspace.execute(_ACTS.format(value=value), [asked.bucket_us, *period])
    workspace.execute(
        "INSERT INTO link_totals SELECT CAST(? AS INTEGER), account_id, COUNT(*) FROM link_acts "
        "GROUP BY account_id",
        [position],
    )
    buckets_a_day = DAY_US // asked.bucket_us
    workspace.execute(
        _COMMON,
        [asked.max_accounts, buckets_a_day, asked.min_buckets, asked.min_days, position],
    )
    workspace.execute("DROP TABLE link_acts")


_ACTS = """
    CREATE TABLE link_acts AS
    SELECT DISTINCT value, account_id, bucket FROM (
        SELECT CAST({value} AS VARCHAR) AS value, account_id, ts_us // ? AS bucket
        FROM events WHERE ts_us BETWEEN ? AND ?
    ) WHERE value <> ''
"""
_COMMON = """
    INSERT INTO link_rows
    WITH degrees AS (
        SELECT value, bucket FROM link_acts
        GROUP BY value, bucket HAVING COUNT(*) BETWEEN 2 AND ?
    ),
    common AS (
        SELECT value, bucket, account_id, bucket // ? AS day
        FROM link_acts JOIN degrees USING (value, bucket)
    ),
    often AS (
        SELECT account_id FROM common GROUP BY account_id
        HAVING COUNT(*) >= ? AND COUNT(DISTINCT day) >= ?
    )
    SELECT CAST(? AS INTEGER), bucket || ' ' || value, account_id, day
    FROM common JOIN often USING (account_id)
"""


@dataclass(frozen=True, slots=True)
class Together:
    """Synchronous accounts, each pair both ways round, with what they have in common."""

    one: Ids
    other: Ids
    common: Ids
    """Acts that both have."""
    either: Ids
    """Acts that one or the other has."""
    days: Ids
    """Days on which they had acts in common."""

    def where(self, chosen: Ids | NDArray[np.bool_]) -> Together:
        """Return the pairs chosen, by mask or by position."""
        columns = (self.one, self.other, self.common, self.either, self.days)
        return Together(*(column[chosen] for column in columns))


@dataclass(frozen=True, slots=True)
class Acts:
    """Which account has which act; `account` and `value` in order of value."""

    asked: Synchrony
    account: Ids
    value: Ids
    day: Ids
    """By value."""
    totals: Ids
    """By account: how many acts it has, those that are too common among them."""

    def together(self, first: int, last: int) -> Together:
        """Return the synchronous pairs whose one account lies in [first, last)."""
        start = np.searchsorted(self.value, self.value)
        degree = np.searchsorted(self.value, self.value, side="right") - start
        mine = (self.account >= first) & (self.account < last)
        many = degree[mine]
        offset = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        one = np.repeat(self.account[mine], many)
        other = self.account[np.repeat(start[mine], many) + offset]
        day = np.repeat(self.day[self.value[mine]], many)
        different = one != other
        return self._counted(one[different], other[different], day[different])

    def pairs(self, first: int, last: int) -> csr_array:
        """Return what being synchronous adds to pairs of which one lies in [first, last)."""
        found = self.together(first, last)
        adds = np.full(len(found.one), millionths(self.asked.adds), dtype=np.int64)
        shape = (last - first, len(self.totals))
        return csr_array((adds, (found.one - first, found.other)), shape=shape)

    def _counted(self, one: Ids, other: Ids, day: Ids) -> Together:
        accounts = max(1, len(self.totals))
        pairs, place, common = np.unique(
            one * accounts + other, return_inverse=True, return_counts=True
        )
        span = int(day.max(initial=0)) + 1
        days = np.bincount(np.unique(place * span + day) // span, minlength=len(pairs))
        one, other = pairs // accounts, pairs % accounts
        either = self.totals[one] + self.totals[other] - common
        least = millionths(self.asked.jaccard)
        enough = (
            (common >= self.asked.min_buckets)
            & (days >= self.asked.min_days)
            & (common * MILLION >= least * either)
        )
        return Together(one, other, common, either, days).where(enough)
