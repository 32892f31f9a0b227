"""`excise policy check`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from engine.cli.console import emit
from engine.cli.options import add_rules
from engine.cli.parser import Commands
from engine.errors import ExitCode
from engine.language.checkout import Checkout
from engine.language.load import Loaded, diagnose, find_rules
from engine.language.render import render_json, render_text, summary


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("check", help="read the pack and print every mistake in it")
    parser.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    add_rules(parser)
    parser.add_argument(
        "--format",
        choices=tuple(_FORMATS),
        default="text",
        help="github: annotations of a workflow; sarif: SARIF 2.1.0, for code scanning",
    )
    parser.set_defaults(command=check_pack)


def check_pack(arguments: argparse.Namespace) -> ExitCode:
    """Print all diagnostics; errors make the exit code 1, warnings do not."""
    rules = find_rules(arguments.folder or arguments.rules)
    loaded = diagnose(rules)
    _FORMATS[arguments.format](loaded, Checkout(rules, Path.cwd()))
    failed = any(diagnostic.is_error for diagnostic in loaded.diagnostics)
    return ExitCode.FINDINGS if failed else ExitCode.OK


def _text(loaded: Loaded, _: Checkout) -> None:
    if loaded.diagnostics:
        emit(render_text(loaded.diagnostics, loaded.sources))
    emit(summary(loaded.diagnostics))


def _json(loaded: Loaded, _: Checkout) -> None:
    emit(render_json(loaded.diagnostics))


def _github(loaded: Loaded, checkout: Checkout) -> None:
    from engine.language.render_github import render_github  # noqa: PLC0415 - seldom asked for

    if loaded.diagnostics:
        emit(render_github(loaded.diagnostics, checkout.path))
    emit(summary(loaded.diagnostics))


def _sarif(loaded: Loaded, checkout: Checkout) -> None:
    from engine.language.render_sarif import render_sarif  # noqa: PLC0415 - seldom asked for

    emit(render_sarif(loaded.diagnostics, loaded.sources, checkout.path))


_FORMATS: dict[str, Callable[[Loaded, Checkout], None]] = {
    "text": _text,
    "json": _json,
    "github": _github,
    "sarif": _sarif,
}
