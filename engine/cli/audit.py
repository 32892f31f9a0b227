"""`excise audit`: whether the ledger is what was written."""

from __future__ import annotations

import argparse

from engine.cli.console import emit, progress
from engine.cli.options import add_database
from engine.errors import ExitCode
from engine.ledger.verify import verify


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command group."""
    group = commands.add_parser("audit", help="verify the audit log")
    verbs = group.add_subparsers(required=True, metavar="VERB")
    parser = verbs.add_parser(
        "verify",
        help="recompute everything; exit 6 on any change",
        description="A log cut short is only seen against a size and root kept elsewhere, as "
        "every run prints them.",
    )
    add_database(parser)
    parser.add_argument(
        "--expect", type=_expected, metavar="SIZE:ROOT", help="a size and root noted before"
    )
    parser.set_defaults(command=command)


def _expected(text: str) -> tuple[int, str]:
    size, _, root = text.partition(":")
    if not size.isdigit() or not root:
        message = f"{text!r} is not of the form SIZE:ROOT"
        raise argparse.ArgumentTypeError(message)
    return int(size), root.lower()


def command(arguments: argparse.Namespace) -> ExitCode:
    """Print the outcome, every problem on a line of its own."""
    with progress() as show:
        show("verifying")
        verification = verify(arguments.db, expected=arguments.expect)
    if verification.ok:
        emit(f"OK {verification.entries:,} entries, root {verification.root}")
        return ExitCode.OK
    for problem in verification.problems:
        emit(f"BROKEN {problem}")
    return ExitCode.TAMPERED
