"""`excise policy watch`."""

from __future__ import annotations

import argparse
import sys

from engine.authoring.trial import run_tests
from engine.authoring.trial_report import fault_lines
from engine.authoring.watching import Snapshot, changed_policies, changes
from engine.cli.console import emit
from engine.cli.options import add_rules
from engine.cli.parser import Commands
from engine.errors import ExitCode
from engine.language.load import find_rules, load_pack
from engine.language.model.pack import Pack
from engine.language.render import render_text, summary

_CLEAR = "\x1b[2J\x1b[H"


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("watch", help="check and test again at every save")
    add_rules(parser)
    parser.add_argument(
        "--rounds", type=int, metavar="N", help="end after so many rounds; default: never"
    )
    parser.set_defaults(command=watch)


def watch(arguments: argparse.Namespace) -> ExitCode:
    """Check the pack and test what changed, now and whenever a file of it changes."""
    root = find_rules(arguments.rules)
    tested: Pack | None = None
    for number, _ in enumerate(changes(root, Snapshot.of(root)), 1):
        if sys.stdout.isatty():
            sys.stdout.write(_CLEAR)
        loaded = load_pack(root)
        if loaded.diagnostics:
            emit(render_text(loaded.diagnostics, loaded.sources))
        emit(f"check: {summary(loaded.diagnostics)}")
        if loaded.pack is not None:
            _test(loaded.pack, changed_policies(tested, loaded.pack))
            tested = loaded.pack
        sys.stdout.flush()
        if number == arguments.rounds:
            break
    return ExitCode.OK


def _test(pack: Pack, names: frozenset[str]) -> None:
    results = list(run_tests(pack, names)) if names else []
    for result in results:
        if not result.passed:
            emit(f"FAIL {result.policy.name}: {result.test.name}")
            for line in fault_lines(result):
                emit(f"     {line}")
    failed = sum(not result.passed for result in results)
    emit(f"test: {len(results)} tests of {len(names)} changed policies, {failed} failed")
