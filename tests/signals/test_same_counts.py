"""What every measure counts, as a golden file: each DuckDB, and each Python, must come to it."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import worlds
from both_engines import rows_of
from direct import Account, Event, World
from edges import AS_OF, edges
from every_measure import every_measure
from sqlglot import exp
from test_plan import golden
from worlds import ACCOUNT_VALUES, DAY, EVENT_VALUES, HOUR

from engine.activity.workspace import Workspace
from engine.signals.engines.engine import Arrays, Count
from engine.signals.engines.in_duckdb import IN_DUCKDB
from engine.signals.execute import measure
from engine.signals.plan import build_plan

MORE_VALUES: dict[str, list[Any]] = {
    "latency_ms": [900, 1501, 2501, 8999, 9000],
    "session_id": ["s1", "s2", "s3"],
    "device_id": ["d1", "d2"],
    "capability": ["agentic", "Agentic", "chat"],
    "turn": [0, 1, 2, 3],
    "labels": [[], ["reasoning_elicitation"], ["chat", "Reasoning_Elicitation"]],
}
RELEASES = {"brine-4": AS_OF - 8 * DAY, "m1": AS_OF - 2 * DAY, "m2": AS_OF}


def drawn() -> World:
    """Return edges and, beside them, activity that chance has made, always the same."""
    chance, world = random.Random(20260605), edges()
    values = EVENT_VALUES | MORE_VALUES
    for number in range(12):
        account = Account(f"account {number}", _some(chance, ACCOUNT_VALUES), frozenset(["org_id"]))
        world.accounts[account.account_id] = account
        world.members.setdefault(f"campaign {number % 3}", []).append(account.account_id)
    for number in range(600):
        account_id = f"account {chance.randrange(14)}"  # two of them are not recorded
        when = AS_OF - chance.choice([HOUR // 6, HOUR, 5 * HOUR, DAY]) * chance.randrange(12)
        found = {"model": "m2", **_some(chance, values)}
        supplied = frozenset(name for name in values if chance.random() < 0.8)
        found = {key: one for key, one in found.items() if key in supplied or key == "model"}
        world.events.append(Event(f"drawn {number}", when, account_id, found, supplied & _OPTIONAL))
    return World(world.events, world.accounts, world.members, RELEASES)


_OPTIONAL = frozenset(worlds.SUPPLIED_BIT)


def _some(chance: random.Random, values: dict[str, list[Any]]) -> dict[str, Any]:
    return {name: chance.choice(pool) for name, pool in values.items() if chance.random() < 0.9}


class Digests:
    """DuckDB, with a digest of each answer."""

    def __init__(self) -> None:
        self.found: list[str] = []

    @contextmanager
    def counting(self, workspace: Workspace) -> Iterator[Count]:
        """Ask DuckDB."""
        with IN_DUCKDB.counting(workspace) as count:

            def ask(query: exp.Select) -> Arrays:
                arrays = count(query)
                names, rows = rows_of(arrays)
                digest = hashlib.sha256(repr((names, rows)).encode()).hexdigest()[:16]
                self.found.append(f"{digest} {len(rows)}")
                return arrays

            yield ask


def test_what_every_measure_counts(workspace: Workspace) -> None:
    worlds.fill(workspace, drawn())
    plan, digests, names = build_plan(every_measure()), Digests(), list[str]()
    measure(workspace, plan, as_of_us=AS_OF, since_us=0, engine=digests, progress=names.append)
    passes = frozenset(plan.names.values())
    asked = [name for name in names if name in passes]  # the others are tables and facts
    lines = (f"{name}: {found}\n" for name, found in zip(asked, digests.found, strict=True))
    golden("every_measure.counts", "".join(lines))
