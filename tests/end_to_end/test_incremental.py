"""Day after day with state: the same ledger, reports and files as by reading everything anew."""

from __future__ import annotations

import random
import shutil
import signal
import subprocess
import time
from pathlib import Path

import duckdb
import pytest
from activity import EXCISE, environment, excise
from ledger_state import state

from engine.errors import ExitCode
from fixtures.generate import generate
from fixtures.scale import Scale
from fixtures.truth import Truth

World = tuple[Path, Truth]


@pytest.fixture(scope="module")
def hamlet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the smallest world there is."""
    folder = tmp_path_factory.mktemp("hamlet")
    generate(Scale(exchanges=20_000, accounts=1_000), 3, folder)
    return folder


def split(world: Path, folder: Path, rng: random.Random, parts: int) -> list[Path]:
    """Deal a world's exchanges out to files in any order, some twice; return them as they come."""
    connection = duckdb.connect(config={"threads": 1})
    exchanges = f"read_parquet('{world / 'exchanges.parquet'}')"
    lo, hi = connection.execute(
        f"SELECT epoch_us(min(ts)), epoch_us(max(ts)) FROM {exchanges}"
    ).fetchall()[0]
    folder.mkdir()
    found = []
    for part in range(parts):
        # Mostly in the order of time; one in fifty comes in another part, one in fifty again.
        due = f"(epoch_us(ts) - {lo}) * {parts} // ({hi} - {lo} + 1)"
        late = f"CASE WHEN hash(event_id) % 50 = 7 THEN hash(ts) % {parts} ELSE {due} END"
        twice = f"hash(event_id) % 50 = 8 AND hash(event_id) // 50 % {parts} = {part}"
        path = folder / f"exchanges-{rng.randrange(10**6)}.parquet"
        connection.execute(
            f"COPY (SELECT * FROM {exchanges} WHERE {late} = {part} OR {twice}) TO '{path}'"
        ).fetchall()
        found.append(path)
    connection.close()
    rng.shuffle(found)
    return found


def run(activity: Path, folder: Path, *more: str) -> tuple[int, str, dict[str, bytes]]:
    """Run; return exit code, what was printed, and the files of rows set aside."""
    folder.mkdir(exist_ok=True)
    arguments = ("run", "--activity", str(activity), "--db", "sqlite:///ledger.db", "--json")
    done = excise(*arguments, *more, folder=folder)
    assert done.returncode in (ExitCode.OK, ExitCode.PARTIAL, ExitCode.HELD), done.stderr
    assert done.stderr == "" or "nanobind" in done.stderr
    aside = {path.name: path.read_bytes() for path in folder.glob("excise-quarantine/*")}
    return done.returncode, done.stdout, aside


def compare(world: Path, tmp_path: Path, seed: int, parts: int) -> None:
    rng = random.Random(seed)
    arriving = split(world, tmp_path / "arriving", rng, parts)
    activity = tmp_path / "activity"
    activity.mkdir()
    for name in ("accounts.parquet", "models.parquet"):
        shutil.copy(world / name, activity / name)
    (activity / "broken.jsonl").write_text('{"event_id": 1}\nno json\n')
    for number, path in enumerate(arriving):
        path.rename(activity / path.name)
        if number == 1:
            (activity / "broken.jsonl").write_text("still no json\n")
        said = [
            run(activity, tmp_path / "incremental", "--state", "kept"),
            run(activity, tmp_path / "whole"),
        ]
        assert _without_roots(said[0]) == _without_roots(said[1])
    ledgers = [tmp_path / name / "ledger.db" for name in ("incremental", "whole")]
    assert state(ledgers[0]) == state(ledgers[1])


def _without_roots(said: tuple[int, str, dict[str, bytes]]) -> tuple[object, ...]:
    """Leave out the log's root: the time of recording is part of what it covers."""
    code, printed, aside = said
    return code, printed.partition('"log_root"')[0], aside


def test_two_parts(hamlet: Path, tmp_path: Path) -> None:
    compare(hamlet, tmp_path, seed=1, parts=2)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [2, 3])
def test_many_parts(seed: int, world: World, tmp_path: Path) -> None:
    compare(world[0], tmp_path, seed, parts=4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_killed_at_any_moment(seed: int, world: World, tmp_path: Path) -> None:
    rng = random.Random(seed)
    arguments = ["run", "--activity", str(world[0]), "--db", "sqlite:///ledger.db"]
    started = time.monotonic()
    _, whole, _ = run(world[0], tmp_path / "whole")
    took = time.monotonic() - started
    folder = tmp_path / "killed"
    folder.mkdir()
    for _ in range(3):
        process = subprocess.Popen(
            [*EXCISE, *arguments, "--state", "kept"],
            cwd=folder,
            env=environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            process.wait(timeout=took * rng.uniform(0.1, 1.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
    again = run(world[0], folder, "--state", "kept")
    assert again[0] == ExitCode.OK
    assert state(folder / "ledger.db") == state(tmp_path / "whole" / "ledger.db")
    assert '"run_id"' in whole
