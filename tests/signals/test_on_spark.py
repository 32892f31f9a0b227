"""DuckDB and Spark count the same, integer for integer: over the whole language, and at random."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
import worlds
from both_engines import Both
from direct import World
from edges import edges
from every_measure import every_measure
from hypothesis import HealthCheck, given, seed, settings
from test_execute import SINCE, Measures

from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.campaigns.find import find_campaigns
from engine.language.load import find_rules, require_pack
from engine.language.model import measure as m
from engine.language.words import SubjectKind
from engine.signals.engines.on_spark import OnSpark
from engine.signals.engines.spark_session import Spark, connected
from engine.signals.execute import measure
from engine.signals.plan import build_plan
from fixtures.generate import generate
from fixtures.scale import AS_OF_US, Scale

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
    # pyspark leaves the pipe to its Java process open.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
SCALE = Scale(exchanges=120_000)


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    with pytest.MonkeyPatch.context() as environment:
        # Hundreds of short queries: what Java's second compiler gains is less than what it takes.
        environment.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1")
        with connected("local[2]", 2000) as found:
            yield found


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """A workspace with generated activity, its campaigns, and the hand-made table."""
    folder = tmp_path_factory.mktemp("activity")
    generate(SCALE, 11, folder)
    with Workspace(threads=2) as workspace:
        read_activity(workspace, str(folder))
        links = require_pack(find_rules()).links
        find_campaigns(workspace, links, as_of_us=AS_OF_US, since_us=None)
        worlds.add(workspace, edges())
        yield workspace


def test_every_measure_with_every_window_and_filter(generated: Workspace, spark: Spark) -> None:
    assert generated.value("SELECT count(*) FROM events") > SCALE.exchanges
    assert generated.value("SELECT count(DISTINCT campaign_id) FROM members") > 5
    both = Both(OnSpark(spark))
    plan = build_plan(every_measure())
    measure(generated, plan, as_of_us=AS_OF_US, since_us=0, engine=both)
    assert both.compared == len(plan.nodes)
    # Where there is nothing to tell apart nothing is proved.
    assert len(both.alike) < both.compared / 8


@seed(20260605)
@settings(
    max_examples=12,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds.worlds(), measures=worlds.MEASURES)
def test_at_random(workspace: Workspace, spark: Spark, world: World, measures: Measures) -> None:
    worlds.fill(workspace, world)
    plan = build_plan(measures)
    both = Both(OnSpark(spark))
    measure(workspace, plan, as_of_us=worlds.AS_OF, since_us=SINCE, engine=both)


def test_nothing_is_left_in_the_folder(workspace: Workspace, spark: Spark, tmp_path: Path) -> None:
    worlds.fill(workspace, edges())
    plan = build_plan({SubjectKind.CAMPAIGN: [m.Members(), m.GapCv()]})
    measure(workspace, plan, as_of_us=AS_OF_US, since_us=0, engine=OnSpark(spark, tmp_path))
    assert list(tmp_path.iterdir()) == []
