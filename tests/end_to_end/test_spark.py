"""Whole commands on Spark: the same bytes as on DuckDB, here and on a cluster, and no noise."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from activity import environment, excise
from ledger_state import state

from engine.errors import ExitCode
from engine.language.load import find_rules, require_pack
from fixtures.truth import Truth

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java"),
]
World = tuple[Path, Truth]
DB = ["--db", "sqlite:///ledger.db"]
SPARK = ["--engine", "spark"]
HERE = "127.0.0.1"
BOOT = "-XX:TieredStopAtLevel=1"


@pytest.fixture(scope="module")
def pyspark() -> Path:
    """Return the folder of the installed Spark."""
    found = pytest.importorskip("pyspark", reason="pyspark is not installed")
    return Path(found.__file__).parent


@pytest.fixture(scope="module")
def ran(
    pyspark: Path, world: World, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, subprocess.CompletedProcess[str]]]:
    """Return by engine the folder of a run, and what the run said."""
    found = {}
    for engine in ("duckdb", "spark"):
        folder = tmp_path_factory.mktemp(engine)
        run = ["run", "--activity", str(world[0]), *DB, "--json", "--engine", engine]
        found[engine] = (folder, excise(*run, folder=folder, JAVA_TOOL_OPTIONS=BOOT))
    return found


def quiet(done: subprocess.CompletedProcess[str]) -> bool:
    """Return whether only DuckDB's bindings may have said something, as they do when they end."""
    return all("nanobind" in line or line.startswith(" -") for line in done.stderr.splitlines())


def without_clock(stdout: str) -> str:
    return stdout.partition('"recorded":')[0]


def test_a_run_comes_to_the_same(
    ran: dict[str, tuple[Path, subprocess.CompletedProcess[str]]],
) -> None:
    (here, wanted), (there, found) = ran["duckdb"], ran["spark"]
    assert found.returncode == wanted.returncode == ExitCode.OK, found.stderr
    assert quiet(found), found.stderr
    assert without_clock(found.stdout) == without_clock(wanted.stdout)
    assert state(there / "ledger.db") == state(here / "ledger.db")
    for what in ("actions", "findings"):
        export = [what, "export", *DB, "--run", "all", "--format", "csv"]
        exports = [excise(*export, folder=folder).stdout for folder in (here, there)]
        assert exports[0] == exports[1] != ""
    assert sorted(path.name for path in there.iterdir()) == sorted(
        path.name for path in here.iterdir()
    )


def test_a_backtest_comes_to_the_same(pyspark: Path, world: World, tmp_path: Path) -> None:
    backtest = ["policy", "backtest", "--against", str(find_rules()), "--activity", str(world[0])]
    wanted = excise(*backtest, folder=tmp_path)
    found = excise(*backtest, *SPARK, folder=tmp_path, JAVA_TOOL_OPTIONS=BOOT)
    assert found.returncode == wanted.returncode == ExitCode.OK, found.stderr
    assert found.stdout == wanted.stdout != ""
    assert quiet(found), found.stderr


def test_policy_tests_pass(pyspark: Path, tmp_path: Path) -> None:
    policy = require_pack(find_rules()).policies[0].name
    done = excise("policy", "test", policy, *SPARK, folder=tmp_path, JAVA_TOOL_OPTIONS=BOOT)
    assert done.returncode == ExitCode.OK, done.stdout
    assert "0 failed" in done.stdout


@pytest.fixture
def master(pyspark: Path, tmp_path: Path) -> Iterator[str]:
    """Return the address of a cluster of one worker, each a process of its own."""
    with socket.socket() as free:
        free.bind((HERE, 0))
        port = free.getsockname()[1]
    address = f"spark://{HERE}:{port}"
    spark = "org.apache.spark.deploy"
    ports = ["--host", HERE, "--webui-port", "0"]
    with (
        _service(pyspark, f"{spark}.master.Master", *ports, "--port", str(port)) as one,
    ):
        _wait_for(one, "New state: ALIVE")
        work = ["--cores", "2", "--memory", "1g", "--work-dir", str(tmp_path / "work")]
        with _service(pyspark, f"{spark}.worker.Worker", *ports, *work, address) as other:
            _wait_for(other, "Successfully registered")
            yield address


@contextmanager
def _service(pyspark: Path, *command: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [str(pyspark / "bin" / "spark-class"), *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(SPARK_LOCAL_IP=HERE),
    ) as process:
        yield process
        process.kill()


def _wait_for(process: subprocess.Popen[str], words: str) -> None:
    assert process.stderr is not None
    assert any(words in line for line in process.stderr)


def test_a_cluster_comes_to_the_same(
    ran: dict[str, tuple[Path, subprocess.CompletedProcess[str]]],
    world: World,
    master: str,
    tmp_path: Path,
) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    own = tmp_path / "conf"
    own.mkdir()
    (own / "spark-defaults.conf").write_text("spark.sql.shuffle.partitions 4\n")
    run = ["run", "--activity", str(world[0]), *DB, "--json"]
    cluster = ["--engine", "spark", "--master", master, "--shared", str(shared)]
    settings = {"SPARK_LOCAL_IP": HERE, "SPARK_CONF_DIR": str(own), "JAVA_TOOL_OPTIONS": BOOT}
    done = excise(*run, *cluster, folder=tmp_path, **settings)
    assert done.returncode == ExitCode.OK, done.stderr
    assert quiet(done), done.stderr
    assert without_clock(done.stdout) == without_clock(ran["duckdb"][1].stdout)
    assert state(tmp_path / "ledger.db") == state(ran["duckdb"][0] / "ledger.db")
    assert list(shared.iterdir()) == []


_INTERRUPTED = """
import os, signal, sys
from engine.signals.engines.spark_session import Spark
write = Spark.write
def interrupted(self, sql, folder):
    process = self._context._gateway.proc.pid
    print(process, flush=True)
    signal.setitimer(signal.ITIMER_REAL, float(os.environ['AFTER_S']))
    write(self, sql, folder)
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
Spark.write = interrupted
from engine.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.parametrize("after_s", ["0.2", "0.45"])  # while it plans, and while it writes
def test_an_interrupted_run_leaves_nothing(pyspark: Path, tmp_path: Path, after_s: str) -> None:
    line = '{"event_id": "e", "account_id": "a", "ts": "2026-06-01T00:00:00Z", "model": "m"}'
    (tmp_path / "exchanges.jsonl").write_text(line)
    run = ["run", "--activity", "exchanges.jsonl", *DB, *SPARK, "--shared", str(tmp_path)]
    done = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED, *run],
        cwd=tmp_path,
        env=environment(AFTER_S=after_s),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == ExitCode.INTERRUPTED, done.stderr
    assert "interrupted; nothing was recorded" in done.stderr
    assert "Traceback" not in done.stderr
    with pytest.raises(ProcessLookupError):
        os.kill(int(done.stdout.split()[0]), 0)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("excise-")] == []
