"""`excise policy backtest`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path

from engine.authoring.backtest.backtest import Backtester
from engine.authoring.backtest.expectation_file import read_expectations
from engine.authoring.backtest.expectations import Checked, Expectation, check, parse_expectation
from engine.authoring.backtest.record import backtest_record
from engine.authoring.backtest.result import Backtest
from engine.authoring.backtest.text import Table, backtest_parts
from engine.authoring.bench.bench import opened
from engine.authoring.revision import pack_named
from engine.cli.console import emit, emit_table, progress
from engine.cli.engines import engine_of
from engine.cli.options import add_rules, row_count
from engine.cli.parser import Commands
from engine.cli.policy.activity import add_activity, add_past, request_of
from engine.errors import ExitCode
from engine.language.load import find_rules, require_pack
from engine.ledger.store import Ledger

LISTED = 10


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("backtest", help="whom a pack would hit, and whom not any more")
    add_rules(parser)
    parser.add_argument(
        "--against",
        required=True,
        metavar="LIVE",
        help="the live pack: a folder, or a git revision of the rules",
    )
    add_activity(parser)
    add_past(parser)
    parser.add_argument(
        "--list",
        type=row_count,
        default=LISTED,
        metavar="N",
        help=f"explain so many hits of each kind for each policy; default: {LISTED}",
    )
    parser.add_argument(
        "--expect",
        action="append",
        type=expectation,
        default=[],
        metavar="POLICY=BOUND:N",
        help="such as harness=at_most:10, or harness.newly_hit=exactly:0; * is every other policy",
    )
    parser.add_argument(
        "--expectations", type=Path, metavar="FILE", help="a YAML file of expectations"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(command=backtest_pack)


def expectation(text: str) -> Expectation:
    """Read an expectation from the command line."""
    try:
        return parse_expectation(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def backtest_pack(arguments: argparse.Namespace) -> ExitCode:
    """Print what both packs find; an expectation that is not met makes the exit code 1."""
    rules = find_rules(arguments.rules)
    candidate, live = require_pack(rules), pack_named(arguments.against, rules)
    expected = list(arguments.expect)
    if arguments.expectations is not None:
        expected += read_expectations(arguments.expectations)
    ledger = nullcontext(None) if arguments.db is None else Ledger.open(arguments.db, create=False)
    request = request_of(arguments, candidate)
    with (
        progress() as show,
        ledger as past,
        engine_of(arguments, arguments.memory, show) as engine,
        opened(
            request, [candidate, live], memory=arguments.memory, progress=show, engine=engine
        ) as bench,
    ):
        found = Backtester(bench, live, past).backtest(candidate, listed=arguments.list)
    checks = check(found, expected)
    _print(found, checks, arguments)
    return ExitCode.OK if all(one.met for one in checks) else ExitCode.FINDINGS


def _print(found: Backtest, checks: Sequence[Checked], arguments: argparse.Namespace) -> None:
    if arguments.format == "json":
        record = backtest_record(found, checks)
        emit(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True))
        return
    for part in backtest_parts(found, checks, arguments.list):
        if isinstance(part, Table):
            emit_table(part.headings, part.rows, right=part.right)
        else:
            emit(part)
