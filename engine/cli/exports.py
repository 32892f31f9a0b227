"""`excise findings export` and `excise actions export`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from engine.cli.options import add_database, plain_text
from engine.deliver.export import (
    ACTION_COLUMNS,
    FINDING_COLUMNS,
    Row,
    action_rows,
    finding_rows,
    write_csv,
    write_jsonl,
)
from engine.errors import ExitCode
from engine.language.words import Status
from engine.ledger.store import Ledger


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both command groups."""
    findings = _export(commands, "findings", "a row per finding", "ID|latest|all")
    findings.add_argument("--policy", type=plain_text, metavar="NAME", help="only of this policy")
    findings.add_argument(
        "--status",
        choices=[status.value for status in Status if status.evaluated],
        help="only of policies at this status when they were judged; shadow: hits without effect",
    )
    findings.set_defaults(command=export_findings)
    actions = _export(commands, "actions", "a row per account and action", "ID|latest")
    actions.set_defaults(command=export_actions)


def _export(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, what: str, run: str
) -> argparse.ArgumentParser:
    group = commands.add_parser(name, help=f"export {name}")
    verbs = group.add_subparsers(required=True, metavar="VERB")
    export = verbs.add_parser("export", help=f"{what}, to stdout")
    add_database(export)
    export.add_argument("--run", default="latest", type=plain_text, metavar=run)
    export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
    return export


def export_findings(arguments: argparse.Namespace) -> ExitCode:
    """Write findings."""
    with Ledger.open(arguments.db, create=False) as ledger:
        rows = finding_rows(ledger, arguments.run, policy=arguments.policy, status=arguments.status)
        _write(rows, FINDING_COLUMNS, arguments.format)
    return ExitCode.OK


def export_actions(arguments: argparse.Namespace) -> ExitCode:
    """Write actions."""
    with Ledger.open(arguments.db, create=False) as ledger:
        _write(action_rows(ledger, arguments.run), ACTION_COLUMNS, arguments.format)
    return ExitCode.OK


def _write(rows: Iterator[Row], columns: tuple[str, ...], form: str) -> None:
    if form == "csv":
        write_csv(rows, columns, sys.stdout)
    else:
        write_jsonl(rows, sys.stdout)
