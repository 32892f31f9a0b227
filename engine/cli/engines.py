"""The options that say what counts, and where."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.cli.options import megabytes
from engine.errors import UsageError
from engine.signals.engines.engine import Engine
from engine.signals.engines.in_duckdb import IN_DUCKDB

DUCKDB, SPARK = "duckdb", "spark"
DEFAULT_MASTER = "local[*]"
_MASTER = re.compile(
    r"local|local\[(\*|\d+)(,\d+)?\]|local-cluster\[\d+,\d+,\d+\]|yarn|k8s://\S+"
    r"|spark://[^\s,:/]+:\d+(,[^\s,:/]+:\d+)*"
)


def add_engine(parser: argparse.ArgumentParser) -> None:
    """Add `--engine`, `--master` and `--shared`."""
    parser.add_argument(
        "--engine",
        type=_engine,
        default=os.environ.get("EXCISE_ENGINE") or DUCKDB,
        metavar="ENGINE",
        help=f"what counts, {DUCKDB} or {SPARK}, to the same result; default: EXCISE_ENGINE, "
        f"else {DUCKDB}",
    )
    parser.add_argument(
        "--master",
        type=_master,
        default=os.environ.get("EXCISE_MASTER") or DEFAULT_MASTER,
        metavar="URL",
        help="the Spark to ask, such as spark://host:7077; default: EXCISE_MASTER, else "
        f"{DEFAULT_MASTER}, one on this machine",
    )
    parser.add_argument(
        "--shared",
        type=Path,
        default=os.environ.get("EXCISE_SHARED") or None,
        metavar="DIR",
        help="a folder that this machine and those of the Spark have at the same path; "
        "default: EXCISE_SHARED",
    )


def _engine(text: str) -> str:
    if text not in (DUCKDB, SPARK):
        message = f"{text!r} is neither {DUCKDB} nor {SPARK}"
        raise argparse.ArgumentTypeError(message)
    return text


def _master(text: str) -> str:
    if not _MASTER.fullmatch(text):
        message = f"{text!r} is no address of a Spark, such as local[*] or spark://host:7077"
        raise argparse.ArgumentTypeError(message)
    return text


@contextmanager
def engine_of(
    arguments: argparse.Namespace, memory: str, progress: Callable[[str], None]
) -> Iterator[Engine]:
    """Yield what counts; a Spark that does not answer is told of before any activity is read."""
    if arguments.engine == DUCKDB:
        yield IN_DUCKDB
        return
    from engine.signals.engines.on_spark import OnSpark  # noqa: PLC0415 - takes long
    from engine.signals.engines.spark_session import LOCAL, connected  # noqa: PLC0415

    if arguments.shared is None and not arguments.master.startswith(LOCAL):
        message = f"the Spark at {arguments.master} does not see the scratch folder of this machine"
        raise UsageError(message, hint="--shared DIR names a folder that all its machines have")
    progress("starting Spark")
    with connected(arguments.master, megabytes(memory)) as spark:
        yield OnSpark(spark, arguments.shared)
