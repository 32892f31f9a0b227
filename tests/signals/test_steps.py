"""What each query of a plan is said to read and to serve is so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import duckdb
import pytest
from every_measure import every_measure
from sqlglot import exp
from test_plan import SMALL_PACK
from test_plan_peers import PACK as PEERS

from engine.activity.tables import create_tables_sql
from engine.activity.workspace import Workspace
from engine.batch.evaluate import measures_of
from engine.language.load import find_rules, require_pack
from engine.language.model.measure import Measure
from engine.language.words import SubjectKind
from engine.signals.atoms import Period
from engine.signals.execute import staged
from engine.signals.facts import signal_key
from engine.signals.guards import known_name
from engine.signals.nodes import Pass
from engine.signals.passes.scan import MEASURED
from engine.signals.plan import build_plan
from engine.signals.queries import query
from engine.signals.reading import columns_of
from engine.signals.sql import written
from engine.signals.stage import statements
from engine.signals.steps import steps_of

Asked = Mapping[SubjectKind, Sequence[Measure]]
NOW = Period(0, 0)


@pytest.fixture(scope="module")
def empty() -> Iterator[Workspace]:
    """A workspace without activity."""
    with Workspace(threads=1, small=True) as found:
        for statement in create_tables_sql():
            found.execute(statement)
        found.execute("CREATE TABLE members (campaign_id VARCHAR, account_id VARCHAR)")
        yield found


def of_narrow_tables(rows: exp.Select) -> str:
    """Return a query as one of tables that are called otherwise."""
    own = {each.alias for each in rows.find_all(exp.CTE)}
    for table in list(rows.find_all(exp.Table)):
        if table.name not in own:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.alias_or_name)))
            table.set("this", exp.to_identifier(f"narrow_{table.name}"))
    return written(rows)


def binds(workspace: Workspace, sql: str, reads: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a query can be asked of tables that have certain columns only."""
    for table, columns in reads.items():
        held = ", ".join((*columns, "1 AS nothing"))
        workspace.execute(f"CREATE OR REPLACE VIEW narrow_{table} AS SELECT {held} FROM {table}")
    try:
        workspace.execute(f"EXPLAIN {sql}")
    except duckdb.BinderException:
        return False
    return True


def shipped() -> Asked:
    return measures_of(require_pack(find_rules()))


def exact(workspace: Workspace, rows: exp.Select, reads: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether a query can be asked of just these columns, and of none without any of them."""
    sql = of_narrow_tables(rows)
    fewer = (
        {**reads, table: tuple(one for one in columns if one != column)}
        for table, columns in reads.items()
        for column in columns
    )
    return binds(workspace, sql, reads) and not any(binds(workspace, sql, one) for one in fewer)


@pytest.mark.parametrize("asked", [every_measure(), PEERS], ids=["every measure", "peers"])
def test_a_pass_reads_the_columns_it_is_said_to_and_no_others(
    asked: Asked, empty: Workspace
) -> None:
    plan = build_plan(asked)
    reads = {step.name: step.reads for step in steps_of(plan)}
    with staged(empty, plan.stage, NOW):
        for node, name in plan.names.items():
            assert exact(empty, query(node, NOW), reads[name]), name


@pytest.mark.parametrize("asked", [SMALL_PACK, PEERS, shipped()], ids=["small", "peers", "shipped"])
def test_so_does_a_table(asked: Asked, empty: Workspace) -> None:
    plan = build_plan(asked)
    reads = {step.name: step.reads for step in steps_of(plan)}
    with staged(empty, plan.stage, NOW):
        for name, rows in statements(plan.stage, NOW):
            assert exact(empty, rows, reads[name]), name


def shapes(passes: Iterable[Pass]) -> list[tuple[str, str]]:
    """Return what passes are grouped by and do; columns have other names in another plan."""
    return sorted((node.kind.value, type(node.source).__name__) for node in passes)


@pytest.mark.parametrize("asked", [SMALL_PACK, PEERS, shipped()], ids=["small", "peers", "shipped"])
def test_without_a_signal_go_the_passes_that_serve_it_alone(asked: Asked) -> None:
    plan = build_plan(asked)
    serves = {step.name: step.serves for step in steps_of(plan)}
    for kind, key in sorted({one for each in serves.values() for one in each}, key=str):
        rest = {
            each: [one for one in measures if (each, signal_key(one)) != (kind, key)]
            for each, measures in asked.items()
        }
        left = (node for node in plan.passes if serves[plan.names[node]] != {(kind, key)})
        assert shapes(build_plan(rest).passes) == shapes(left)


@pytest.mark.parametrize("asked", [every_measure(), PEERS], ids=["every measure", "peers"])
def test_nodes_tell_what_their_queries_read_of_the_events(asked: Asked) -> None:
    plan = build_plan(asked)
    reads = {step.name: set(step.reads.get(MEASURED, ())) for step in steps_of(plan)}
    made = {one.name for one in plan.chosen}
    made |= {name for one in plan.fields for name in (one.name, known_name(one.name))}
    for node, name in plan.names.items():
        assert columns_of(node) & made == reads[name] & made, name
