"""`--engine spark` where there is no Spark to ask: said before any activity is read."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from engine.cli.main import main
from engine.cli.options import megabytes
from engine.errors import ExitCode

Captured = pytest.CaptureFixture[str]
Environment = pytest.MonkeyPatch
NOBODY = "spark://127.0.0.1:1,127.0.0.1:2"
RUN = ["run", "--activity", "not-there", "--dry-run"]


@pytest.fixture(autouse=True)
def own_environment(tmp_path: Path, monkeypatch: Environment) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("EXCISE_ENGINE", "EXCISE_MASTER", "EXCISE_SHARED", "JAVA_HOME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def java(tmp_path: Path, monkeypatch: Environment) -> Callable[[str], None]:
    """Return what puts a Java of so many words on the PATH, and nothing else."""

    def put(script: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        (folder / "java").write_text(f"#!/bin/sh\n{script}\n")
        (folder / "java").chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
        monkeypatch.setenv("JAVA_HOME", str(tmp_path))

    return put


def said(capsys: Captured, *options: str) -> tuple[int, str]:
    code = main([*RUN, "--engine", "spark", *options])
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "Traceback" not in captured.err
    return code, captured.err


def test_no_java(capsys: Captured, monkeypatch: Environment) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    code, told = said(capsys)
    assert code == ExitCode.BAD_CONFIG
    assert told == (
        "error: Spark needs Java 17 or newer, and there is none on the PATH\n"
        "  hint: install one, such as openjdk-17-jre-headless, or let JAVA_HOME name it\n"
    )


def test_no_java_where_java_home_says(
    capsys: Captured, monkeypatch: Environment, tmp_path: Path
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    code, told = said(capsys)
    assert code == ExitCode.BAD_CONFIG
    assert "there is none where JAVA_HOME says" in told


def test_no_pyspark(
    capsys: Captured, monkeypatch: Environment, java: Callable[[str], None]
) -> None:
    java("exit 0")
    monkeypatch.setitem(sys.modules, "pyspark", None)
    code, told = said(capsys)
    assert code == ExitCode.BAD_CONFIG
    assert told == (
        "error: Spark needs pyspark, which is not installed\n  hint: pip install 'excise[spark]'\n"
    )


def test_no_master(capsys: Captured, monkeypatch: Environment, java: Callable[[str], None]) -> None:
    java("exit 0")
    monkeypatch.setitem(sys.modules, "pyspark", ModuleType("pyspark"))
    code, told = said(capsys, "--master", NOBODY, "--shared", ".")
    assert code == ExitCode.RETRY
    assert told.startswith(f"error: no Spark answers at {NOBODY}\n  hint: ")


# pyspark leaves the pipe to the process that ended.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_java_that_ends_at_once(capsys: Captured, java: Callable[[str], None]) -> None:
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    java("echo 'class file version 61.0' >&2; exit 1")
    code, told = said(capsys)
    assert code == ExitCode.BAD_CONFIG
    assert told == (
        "error: Spark does not start: its Java process ends at once\n"
        "  hint: is it Java 17 or newer? `java -version` tells\n"
    )


def test_a_cluster_needs_a_folder_that_it_can_see(capsys: Captured) -> None:
    code, told = said(capsys, "--master", NOBODY)
    assert code == ExitCode.USAGE
    assert "--shared DIR names a folder that all its machines have" in told


@pytest.mark.parametrize(
    "wrong",
    [
        ["--engine", "sparc"],
        ["--engine", "spark", "--master", "host:7077"],
        ["--engine", "spark", "--master", "spark://host"],
    ],
)
def test_what_makes_no_sense(wrong: list[str], capsys: Captured) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*RUN, *wrong])
    assert ended.value.code == ExitCode.USAGE
    assert "is no" in capsys.readouterr().err.replace("is neither", "is no")


def test_the_environment_names_the_engine(capsys: Captured, monkeypatch: Environment) -> None:
    monkeypatch.setenv("EXCISE_ENGINE", "spark")
    monkeypatch.setenv("EXCISE_MASTER", NOBODY)
    assert main(RUN) == ExitCode.USAGE
    assert NOBODY in capsys.readouterr().err
    assert main([*RUN, "--engine", "duckdb"]) == ExitCode.BAD_DATA


@pytest.mark.parametrize(
    ("given", "megabytes_of_java"),
    [
        ("1500MB", 1430),
        ("4 GiB", 4096),
        ("1.5GB", 1430),
        ("2gib", 2048),
        ("1kb", 1),
        ("1TB", 953674),
    ],
)
def test_memory_in_the_words_of_java(given: str, megabytes_of_java: int) -> None:
    assert megabytes(given) == megabytes_of_java
