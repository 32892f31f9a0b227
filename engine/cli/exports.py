"""`excise findings export` and `excise actions export`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

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
from engine.ledger.store import Ledger


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add both command groups."""
    for name, rows, columns, what in (
        ("findings", finding_rows, FINDING_COLUMNS, "a row per finding"),
        ("actions", action_rows, ACTION_COLUMNS, "a row per account and action"),
    ):
        group = commands.add_parser(name, help=f"export {name}")
        verbs = group.add_subparsers(required=True, metavar="VERB")
        export = verbs.add_parser("export", help=f"{what}, to stdout")
        add_database(export)
        export.add_argument("--run", default="latest", type=plain_text, metavar="ID|latest")
        export.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")
        export.set_defaults(command=_exporter(rows, columns))


def _exporter(
    rows: Callable[[Ledger, str], Iterator[Row]], columns: tuple[str, ...]
) -> Callable[[argparse.Namespace], ExitCode]:
    def command(arguments: argparse.Namespace) -> ExitCode:
        with Ledger.open(arguments.db, create=False) as ledger:
            chosen = rows(ledger, arguments.run)
            if arguments.format == "csv":
                write_csv(chosen, columns, sys.stdout)
            else:
                write_jsonl(chosen, sys.stdout)
        return ExitCode.OK

    return command
