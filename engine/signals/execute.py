"""The plan is run in the workspace, and its integers become facts.

Reads `events`, `accounts` and, for campaigns, `members (campaign_id, account_id)` and `slices`, if
that is there (`engine.campaigns.find` says what it has). The tables it makes for itself are
temporary and gone afterwards. Equal tables in any row order, on any number of threads, give equal
facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from engine.activity.text import register
from engine.activity.workspace import Workspace
from engine.language.words import SubjectKind
from engine.signals.arithmetic import Numbers
from engine.signals.atoms import Period
from engine.signals.batches import batches
from engine.signals.engines.engine import Arrays, Engine
from engine.signals.engines.in_duckdb import IN_DUCKDB
from engine.signals.facts import Column, FactTable
from engine.signals.measures import column
from engine.signals.nodes import Figure, Output, Pass, Quantity, Totals, Zero
from engine.signals.passes.scan import ACCOUNTS, CAMPAIGNS, LOW_BITS, ORGANISATIONS
from engine.signals.plan import Plan, Reading
from engine.signals.queries import by_batch, query
from engine.signals.slices import (
    SLICES,
    for_slices,
    slices_as_campaigns,
    to_be_sliced,
    with_portions,
    with_slices,
)
from engine.signals.sql import written
from engine.signals.stage import TABLES, Stage, statements

Counted = dict[Quantity, Numbers]
Tables = dict[SubjectKind, FactTable]

_SUBJECTS = {
    SubjectKind.ACCOUNT: f"SELECT account_id FROM {ACCOUNTS} WHERE active ORDER BY account",
    SubjectKind.ORGANISATION: (
        f"SELECT org_id FROM {ORGANISATIONS} WHERE active ORDER BY organisation"
    ),
    SubjectKind.CAMPAIGN: f"SELECT campaign_id FROM {CAMPAIGNS} ORDER BY campaign",
}


def measure(
    workspace: Workspace,
    plan: Plan,
    *,
    as_of_us: int,
    since_us: int,
    progress: Callable[[str], None] | None = None,
    engine: Engine = IN_DUCKDB,
) -> dict[SubjectKind, FactTable]:
    """Return the facts of every subject of each kind that the plan asks about.

    Accounts and organisations are those with an event in [since, as_of], campaigns those of
    `members`, and slices. `progress` hears the name of each step before it begins.
    """
    period = Period(since_us, as_of_us)
    tell = progress or (lambda _: None)
    tables = _measured(workspace, plan, period, tell, engine)
    if to_be_sliced(workspace, plan):
        tell(SLICES)
        with slices_as_campaigns(workspace) as ids:
            slices = _measured(workspace, for_slices(plan), period, lambda _: None, engine)
        kind = SubjectKind.CAMPAIGN
        tables[kind] = with_slices(tables[kind], slices.get(kind, FactTable(kind, ids, {})))
    return {kind: with_portions(workspace, plan, table) for kind, table in tables.items()}


def _measured(
    workspace: Workspace, plan: Plan, period: Period, tell: Callable[[str], None], engine: Engine
) -> Tables:
    names = plan.names
    with staged(workspace, plan.stage, period, tell), engine.counting(workspace) as count:

        def ask(node: Totals | Pass) -> Arrays:
            tell(names[node])
            if not by_batch(node):
                return count(query(node, period))
            return _together([count(query(node, period, one)) for one in batches(workspace)])

        tables: Tables = {}
        for kind in plan.kinds:  # accounts first: campaigns may look at them
            subjects = tuple(subject for (subject,) in workspace.rows(_SUBJECTS[kind]))
            counted = _quantities(plan, kind, len(subjects), ask)
            tell(facts_step(kind))
            tables[kind] = _table(plan, kind, subjects, tables, counted)
        return {kind: _asked(plan, table) for kind, table in tables.items() if kind in plan.judged}


@contextmanager
def staged(
    workspace: Workspace, stage: Stage, period: Period, tell: Callable[[str], None] = lambda _: None
) -> Iterator[None]:
    """Keep the tables that every pass reads in the workspace for as long as they are needed."""
    register(workspace.connection)
    try:
        for table, rows in statements(stage, period):
            tell(table)
            workspace.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {written(rows)}")
        yield
    finally:
        for table in TABLES:
            workspace.execute(f"DROP TABLE IF EXISTS temp.{table}")


def _together(parts: Sequence[Arrays]) -> Arrays:
    """Return the rows of all parts; there may be none."""
    if len(parts) == 1:
        return parts[0]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def facts_step(kind: SubjectKind) -> str:
    """Return what is told before the facts of a kind of subject are computed from integers."""
    return f"{kind.value} facts"


def _quantities(
    plan: Plan, kind: SubjectKind, size: int, ask: Callable[[Totals | Pass], Arrays]
) -> Counted:
    counted: Counted = {Zero(): np.zeros(size, dtype=np.int64)}
    for node in plan.nodes:
        if node.kind is kind:
            counted.update(_counted(node, ask(node), size))
    return counted


def _table(
    plan: Plan,
    kind: SubjectKind,
    subjects: tuple[str, ...],
    earlier: Tables,
    counted: Counted,
) -> FactTable:
    columns: dict[str, Column] = {}
    tables = {**earlier, kind: FactTable(kind, subjects, columns)}
    own = (reading for reading in plan.readings if reading.kind is kind)
    for reading in sorted(own, key=lambda one: one.depth):
        columns[reading.key] = _column(reading, counted, tables)
    return tables[kind]


def _column(reading: Reading, counted: Counted, tables: Tables) -> Column:
    own = tables[reading.kind]

    def part(quantity: Quantity) -> Numbers:
        if not isinstance(quantity, Figure):
            return counted[quantity]
        table = tables[SubjectKind.ACCOUNT] if quantity.of_accounts else own
        return _figure(table.columns[quantity.key], quantity.part)

    parts = {name: part(quantity) for name, quantity in reading.parts}
    return column(reading.measure, parts, len(own.subjects))


def _figure(column_: Column, part: str) -> Numbers:
    if part in ("low", "high"):
        return column_.low if part == "low" else column_.high
    return column_.counts.get(part, np.zeros(len(column_.low), dtype=np.int64))


def _asked(plan: Plan, table: FactTable) -> FactTable:
    """Return the table without what only other signals looked at."""
    keys = (one.key for one in plan.readings if one.kind is table.kind and one.asked)
    return FactTable(table.kind, table.subjects, {key: table.columns[key] for key in keys})


def _counted(node: Totals | Pass, arrays: Arrays, size: int) -> Counted:
    if isinstance(node, Totals):
        found: dict[Quantity, str] = {one: f"c{at}" for at, one in enumerate(node.aggregates)}
    else:
        if "rows" in node.parts:
            return _rows(node, arrays, size)
        found = {Output(node.source, part): part for part in node.parts}
    return {quantity: _placed(arrays, part, size) for quantity, part in found.items()}


def _placed(arrays: Arrays, part: str, size: int) -> Numbers:
    """Return one integer a subject, 0 where the query has no row for it."""
    subjects = arrays["subject"].astype(np.int64)
    high = arrays.get(f"{part}_high")
    if high is None or not high.any():
        placed = np.zeros(size, dtype=np.int64)
        placed[subjects] = arrays[part if high is None else f"{part}_low"]
        return placed
    placed = np.zeros(size, dtype=object)
    placed[subjects] = high.astype(object) * LOW_BITS + arrays[f"{part}_low"].astype(object)
    return placed


def _rows(node: Pass, arrays: Arrays, size: int) -> Counted:
    """Return the rows of a pass, sorted, and the integers that follow from a spectrum's rows."""
    order = np.lexsort([arrays[name] for name in reversed(list(arrays))])
    table = np.stack([arrays[name][order].astype(np.int64) for name in arrays], axis=1)
    counted: Counted = {Output(node.source, "rows"): table}
    if "n" in arrays:
        subjects, n, many = table.T
        for part, amounts in (("distinct", many), ("total", n * many)):
            placed = np.zeros(size, dtype=np.int64)
            np.add.at(placed, subjects, amounts)
            counted[Output(node.source, part)] = placed
        top = np.zeros(size, dtype=np.int64)
        np.maximum.at(top, subjects, n)
        counted[Output(node.source, "top")] = top
    return counted
