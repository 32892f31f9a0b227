"""`excise policy check`."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.cli.console import emit
from engine.cli.options import add_rules
from engine.errors import ExitCode
from engine.language.load import find_rules, load_pack
from engine.language.render import render_json, render_text, summary


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb."""
    parser = verbs.add_parser("check", help="read the pack and print every mistake in it")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    add_rules(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(command=check_pack)


def check_pack(arguments: argparse.Namespace) -> ExitCode:
    """Print all diagnostics; errors make the exit code 1, warnings do not."""
    loaded = load_pack(find_rules(arguments.folder or arguments.rules))
    if arguments.format == "json":
        emit(render_json(loaded.diagnostics))
    else:
        if loaded.diagnostics:
            emit(render_text(loaded.diagnostics, loaded.sources))
        emit(summary(loaded.diagnostics))
    failed = any(diagnostic.is_error for diagnostic in loaded.diagnostics)
    return ExitCode.FINDINGS if failed else ExitCode.OK
