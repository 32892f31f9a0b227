"""`excise policy watch`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.authoring.trial import TestResult, try_out
from engine.authoring.trial_report import fault_lines
from engine.authoring.watching import Snapshot, changed_tests, changes
from engine.cli.console import emit
from engine.cli.options import add_rules
from engine.cli.parser import Commands
from engine.decide.crew import Crew
from engine.decide.lane import Orders
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
    with Crew(Orders("watched")) as crew:  # kept, so that a save waits for no process to start
        for number, _ in enumerate(changes(root, Snapshot.of(root)), 1):
            if sys.stdout.isatty():
                sys.stdout.write(_CLEAR)
            tested = _checked(root, tested, crew)
            sys.stdout.flush()
            if number == arguments.rounds:
                break
    return ExitCode.OK


def _checked(root: Path, tested: Pack | None, crew: Crew) -> Pack | None:
    """Check the pack and test what changed; return the pack that was tested last."""
    loaded = load_pack(root)
    if loaded.diagnostics:
        emit(render_text(loaded.diagnostics, loaded.sources))
    emit(f"check: {summary(loaded.diagnostics)}")
    sys.stdout.flush()
    if loaded.pack is None:
        return tested
    failed, tests = 0, changed_tests(tested, loaded.pack)
    for policy, test in tests:
        result = try_out(loaded.pack, policy, test, crew)
        failed += not result.passed
        _tell(result)
    policies = len({policy.name for policy, _ in tests})
    emit(f"test: {len(tests)} changed tests of {policies} policies, {failed} failed")
    return loaded.pack


def _tell(result: TestResult) -> None:
    if not result.passed:
        emit(f"FAIL {result.policy.name}: {result.test.name}")
        for line in fault_lines(result):
            emit(f"     {line}")
        sys.stdout.flush()
