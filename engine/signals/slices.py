"""Slices are measured like campaigns, as if their exchanges were all that their accounts sent.

For that they get a workspace of their own within the workspace: each slice's exchanges under
accounts that nobody else has, so that one account can be in several slices, and one exchange too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from engine.activity.workspace import Workspace
from engine.language.model import measure as m
from engine.language.walk import selections_of, walk_measure
from engine.language.words import SubjectKind
from engine.signals.arithmetic import interval, ratio
from engine.signals.cut import has_slices, in_slice
from engine.signals.facts import Column, FactTable, Integers
from engine.signals.plain import tests
from engine.signals.plan import Plan, Reading
from engine.signals.schemas import schema_in_front

SLICES = "slices"
"""What is told before they are measured, all in one step."""

_SCHEMA = "sliced"
_AMONG_PEERS = (m.Cohort, m.MemberCohort)

# A slice whose id is among the campaigns is measured as one already: it has been narrowed to.
_UNMEASURED = "FROM slices ANTI JOIN members USING (campaign_id)"


def to_be_sliced(workspace: Workspace, plan: Plan) -> bool:
    """Return whether there are slices that the plan is about, and that are no campaigns yet."""
    if SubjectKind.CAMPAIGN not in plan.judged or not has_slices(workspace):
        return False
    return bool(workspace.value(f"SELECT count(*) > 0 {_UNMEASURED}"))


@contextmanager
def slices_as_campaigns(workspace: Workspace) -> Iterator[tuple[str, ...]]:
    """Let measures see the slices as campaigns, and nothing else; give their ids, in order."""
    with schema_in_front(workspace, _SCHEMA) as show:
        workspace.execute(f"CREATE TABLE {_SCHEMA}.cut AS {_CUT}")
        for view, rows in _VIEWS:
            workspace.execute(f"CREATE VIEW {_SCHEMA}.{view} AS {rows}")
        show()
        yield tuple(id_ for (id_,) in workspace.rows(_IDS))


def for_slices(plan: Plan) -> Plan:
    """Return what a plan counts of campaigns and can count of slices.

    A slice has no peers to have a place among, and its accounts stand there under other names, so
    what selects exchanges by those is not known of it.
    """
    return replace(
        plan,
        readings=tuple(
            one
            for one in plan.readings
            if one.kind is SubjectKind.CAMPAIGN and not (_among_peers(one) or _names_accounts(one))
        ),
        totals=tuple(node for node in plan.totals if node.kind is SubjectKind.CAMPAIGN),
        passes=tuple(node for node in plan.passes if node.kind is SubjectKind.CAMPAIGN),
    )


def _among_peers(reading: Reading) -> bool:
    return any(isinstance(one, _AMONG_PEERS) for one in walk_measure(reading.measure))


def _names_accounts(reading: Reading) -> bool:
    return any(
        "account_id" in (one.field.name, one.other.name if one.other else "")
        for selection in selections_of(reading.measure)
        for one in tests(selection)
    )


def with_slices(campaigns: FactTable, slices: FactTable) -> FactTable:
    """Return one table of both; what was not measured of slices is not known of them."""
    subjects = (*campaigns.subjects, *slices.subjects)
    order = np.array(sorted(range(len(subjects)), key=subjects.__getitem__), dtype=np.int64)
    columns = {
        key: _joined(column, slices.columns.get(key), len(slices.subjects), order)
        for key, column in campaigns.columns.items()
    }
    return FactTable(campaigns.kind, tuple(subjects[at] for at in order.tolist()), columns)


def _joined(column: Column, other: Column | None, size: int, order: Integers) -> Column:
    if other is None:
        nothing = np.zeros(size, dtype=np.int64)
        counts = dict.fromkeys(column.counts, nothing)
        other = interval(nothing, nothing, void=np.ones(size, dtype=np.bool_), **counts)
    return Column(
        np.concatenate([column.low, other.low])[order],
        np.concatenate([column.high, other.high])[order],
        {
            name: np.concatenate([values, other.counts[name]])[order]
            for name, values in column.counts.items()
        },
    )


def with_portions(workspace: Workspace, plan: Plan, table: FactTable) -> FactTable:
    """Return the table with the portion of each of its slices, if the plan asks for it."""
    asked = (one.key for one in plan.readings if isinstance(one.measure, m.Portion))
    keys = [key for key in asked if key in table.columns]
    if not keys or not has_slices(workspace):
        return table
    rows = workspace.rows("SELECT DISTINCT campaign_id, exchanges, every FROM slices")
    portion = _portion(table.subjects, {id_: (own, every) for id_, own, every in rows})
    return replace(table, columns={**table.columns, **dict.fromkeys(keys, portion)})


def _portion(subjects: Sequence[str], slices: Mapping[str, tuple[int, int]]) -> Column:
    pairs = [slices.get(subject, (1, 1)) for subject in subjects]
    own, every = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    portion = ratio(own, every)
    return interval(portion, portion)


_CUT = f"""
    SELECT campaign_id, account_id, account_id || chr(10) || campaign_id AS apart, field, value
    {_UNMEASURED}
"""
_IDS = f"SELECT DISTINCT campaign_id FROM {_SCHEMA}.cut ORDER BY campaign_id"
_MEMBERS = f"SELECT campaign_id, apart AS account_id FROM {_SCHEMA}.cut"
_EVENTS = f"""
    SELECT e.* REPLACE (c.apart AS account_id) FROM main.events e
    JOIN {_SCHEMA}.cut c ON c.account_id = e.account_id AND {in_slice("c", "e")}
"""
_ACCOUNTS = f"""
    SELECT a.* REPLACE (c.apart AS account_id) FROM main.accounts a
    JOIN {_SCHEMA}.cut c ON c.account_id = a.account_id
"""
_VIEWS = (("members", _MEMBERS), ("events", _EVENTS), ("accounts", _ACCOUNTS))
