"""`excise run`: one batch evaluation."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from engine.batch.costs import profile_record
from engine.batch.evaluate import Progress
from engine.batch.profile import Stopwatch
from engine.batch.report import Report
from engine.batch.run import DEFAULT_MEMORY, RunRequest, RunResult, run
from engine.cli.console import complain, emit, mute, progress
from engine.cli.engines import add_engine, engine_of
from engine.cli.interruption import interruptions
from engine.cli.options import (
    add_database,
    add_rules,
    instant,
    memory_size,
    pack_of,
    source_of,
)
from engine.cli.profile import (
    add_profile,
    check_profile,
    keep_profile,
    print_profile,
    profile_of,
)
from engine.cli.summary import print_summary
from engine.errors import ExitCode, UsageError
from engine.language.model.pack import Pack
from engine.ledger.store import Ledger
from engine.signals.engines.engine import Engine
from engine.signals.engines.in_duckdb import IN_DUCKDB


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser("run", help="evaluate activity and record what was found")
    parser.add_argument(
        "--activity", required=True, metavar="PATH", help="a file, a folder, or a glob"
    )
    parser.add_argument("--source", metavar="NAME", help="the foreign format, as in rules/sources")
    add_rules(parser)
    add_database(parser)
    for name, meaning in (
        ("--as-of", "judge from this moment; default: the last exchange"),
        ("--since", "leave out what happened before"),
        ("--until", "leave out what happened after"),
    ):
        parser.add_argument(name, type=instant, metavar="TIME", help=meaning)
    parser.add_argument(
        "--memory",
        type=memory_size,
        default=DEFAULT_MEMORY,
        metavar="SIZE",
        help=f"what this may take, about; default: {DEFAULT_MEMORY}",
    )
    add_engine(parser)
    parser.add_argument(
        "--quarantine",
        type=Path,
        default=Path("excise-quarantine"),
        metavar="DIR",
        help="where rows that cannot be read are kept; default: excise-quarantine",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="DIR",
        help="keep there what was read, with the texts that policies look at, so that the next run "
        "reads only files that are new or have changed; default: keep nothing",
    )
    add_profile(parser)
    parser.add_argument("--dry-run", action="store_true", help="evaluate, record nothing")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.set_defaults(command=command)


def command(arguments: argparse.Namespace) -> ExitCode:
    """Run, print, and tell by the exit code whether anything needs a person."""
    _check_period(arguments)
    check_profile(arguments)
    pack = pack_of(arguments)
    request = RunRequest(
        activity=arguments.activity,
        source=source_of(pack, arguments.source),
        as_of_us=arguments.as_of,
        since_us=arguments.since,
        until_us=arguments.until,
        state=arguments.state,
    )
    with progress() as show, engine_of(arguments, arguments.memory, show) as engine:
        stopwatch = None if arguments.profile is None else Stopwatch(show)
        result = execute(
            pack,
            request,
            None if arguments.dry_run else arguments.db,
            stopwatch or show,
            memory=arguments.memory,
            quarantine=None if arguments.dry_run else arguments.quarantine,
            engine=engine,
        )
    if result.rebuilt is not None:
        complain(f"the state in {arguments.state} {result.rebuilt}; all activity was read anew")
    profile = None if stopwatch is None else profile_of(pack, result, stopwatch.stop())
    if profile is not None:
        keep_profile(arguments.profile, pack, profile)
    try:
        if arguments.json:
            more = {} if profile is None else {"profile": profile_record(pack, profile)}
            emit(json.dumps({**_as_json(result), **more}, sort_keys=True))
        else:
            print_summary(result)
            if profile is not None:
                print_profile(pack, profile)
        sys.stdout.flush()
    except BrokenPipeError:  # what the run came to is worth more than who read it to the end
        mute()
    return exit_code(result.report)


def _check_period(arguments: argparse.Namespace) -> None:
    ends = ((arguments.until, "--until"), (arguments.as_of, "--as-of"))
    for end, name in ends:
        if arguments.since is not None and end is not None and end < arguments.since:
            message = f"{name} is before --since: no exchange could be judged"
            raise UsageError(message)


def execute(
    pack: Pack,
    request: RunRequest,
    db: str | None,
    show: Progress,
    *,
    memory: str = DEFAULT_MEMORY,
    quarantine: Path | None = None,
    engine: Engine = IN_DUCKDB,
) -> RunResult:
    """Run; without a database nothing is recorded."""
    if db is None:
        return run(pack, request, None, progress=show, memory=memory, engine=engine)
    with Ledger.open(db) as ledger:
        return run(
            pack,
            request,
            ledger,
            progress=show,
            memory=memory,
            quarantine=quarantine,
            before_recording=interruptions.too_late,
            engine=engine,
        )


def exit_code(report: Report) -> ExitCode:
    """Return HELD when a cap was hit, PARTIAL when rows were set aside, else OK."""
    if report.held:
        return ExitCode.HELD
    quarantined = sum(table["quarantined"] for table in report.tables.values())
    return ExitCode.PARTIAL if quarantined else ExitCode.OK


def _as_json(result: RunResult) -> dict[str, object]:
    document = result.report.to_json()
    if result.recorded is not None:
        document["recorded"] = {
            "findings": result.recorded.added_findings,
            "cases": result.recorded.added_cases,
            "actions": result.recorded.added_actions,
            "log_size": result.recorded.size,
            "log_root": result.recorded.root,
        }
    return document
