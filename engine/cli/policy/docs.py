"""`excise policy docs`."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.authoring.reference import pack_reference
from engine.cli.console import complain, emit
from engine.cli.options import add_rules, pack_of
from engine.cli.parser import Commands
from engine.errors import ExitCode, UsageError


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("docs", help="a reference of the pack in Markdown")
    add_rules(parser)
    parser.add_argument("--to", type=Path, metavar="FILE", help="default: standard output")
    parser.add_argument(
        "--check", action="store_true", help="fail if --to FILE is not what would be written"
    )
    parser.set_defaults(command=write_docs)


def write_docs(arguments: argparse.Namespace) -> ExitCode:
    """Write the reference, or hold a file against it; a difference makes the exit code 1."""
    text = pack_reference(pack_of(arguments))
    path: Path | None = arguments.to
    if path is None:
        if arguments.check:
            message = "--check compares with a file"
            raise UsageError(message, hint="name it with --to FILE")
        emit(text.rstrip("\n"))
        return ExitCode.OK
    if arguments.check:
        same = path.is_file() and path.read_text(encoding="utf-8") == text
        if not same:
            complain(f"{path} is not the reference of this pack; write it anew without --check")
        return ExitCode.OK if same else ExitCode.FINDINGS
    path.write_text(text, encoding="utf-8")
    return ExitCode.OK
