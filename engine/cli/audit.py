"""`excise audit`: whether the ledger is what was written."""

from __future__ import annotations

import argparse
import re

from engine.cli.console import emit, progress
from engine.cli.options import add_database
from engine.errors import ExitCode, UsageError
from engine.ledger.verify import verify

_SIZE_AND_ROOT = re.compile(r"(?P<size>[0-9]{1,15}):(?P<root>[0-9a-fA-F]+)")
_DIGITS = 64


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
    found = _SIZE_AND_ROOT.fullmatch(text.strip())
    if not found:
        message = f"{text!r} is not of the form SIZE:ROOT"
        raise argparse.ArgumentTypeError(message)
    return int(found["size"]), found["root"].lower()


def command(arguments: argparse.Namespace) -> ExitCode:
    """Print the outcome, every problem on a line of its own."""
    if arguments.expect and len(arguments.expect[1]) != _DIGITS:
        # A root that was cut would be reported as a log that was tampered with.
        message = f"a root has {_DIGITS} digits, this one {len(arguments.expect[1])}"
        raise UsageError(message, hint="give the SIZE:ROOT that a run printed, whole")
    with progress() as show:
        show("verifying")
        verification = verify(arguments.db, expected=arguments.expect)
    if verification.ok:
        emit(f"OK {verification.entries:,} entries, root {verification.root}")
        return ExitCode.OK
    for problem in verification.problems:
        emit(f"BROKEN {problem}")
    return ExitCode.TAMPERED
