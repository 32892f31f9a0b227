"""The examples of a selection are the exchanges that are certainly in it."""

from __future__ import annotations

import direct
import worlds
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.activity.text import register
from engine.activity.workspace import Workspace
from engine.language.model.selection import Selection
from engine.signals.matching import columns_matched, matching_sql


@settings(
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    world=worlds.worlds(),
    selections=st.lists(worlds.SELECTIONS, min_size=1, max_size=2),
    among=st.sets(st.sampled_from(worlds.ACCOUNTS)),
)
def test_examples_are_events_that_were_counted(
    workspace: Workspace, world: direct.World, selections: list[Selection], among: set[str]
) -> None:
    register(workspace.connection)
    worlds.fill(workspace, world)
    workspace.execute(
        "CREATE OR REPLACE TABLE chosen AS SELECT unnest(?::VARCHAR[]) AS account_id", [list(among)]
    )
    columns = ", ".join(f'"{one}"' for one in sorted(columns_matched(selections)))
    workspace.execute(f"CREATE OR REPLACE TABLE narrow AS SELECT event_id, {columns} FROM events")
    wanted = {
        event.event_id
        for event in world.events
        if event.account_id in among
        and any(direct.standing(one, event) is True for one in selections)
    }
    for table in ("events", "narrow"):
        found = workspace.rows(matching_sql(selections, "chosen", table))
        assert sorted(event_id for (event_id,) in found) == sorted(wanted)
