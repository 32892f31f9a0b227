"""`excise policy test`."""

from __future__ import annotations

import argparse

from engine.authoring.trial import run_tests
from engine.cli.console import emit, progress
from engine.cli.options import add_rules, pack_of
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb."""
    parser = verbs.add_parser("test", help="run the tests written in the policies")
    parser.add_argument("policies", nargs="*", metavar="POLICY", help="default: all")
    add_rules(parser)
    parser.set_defaults(command=test_policies)


def test_policies(arguments: argparse.Namespace) -> ExitCode:
    """Run the tests and print a line for each; a failure makes the exit code 1."""
    pack = pack_of(arguments)
    failed = total = 0
    with progress() as show:
        for result in run_tests(pack, policies_named(pack, arguments.policies)):
            total += 1
            failed += not result.passed
            word = "ok  " if result.passed else "FAIL"
            emit(f"{word} {result.policy.name}: {result.test.name}")
            if not result.passed:
                emit(f"     {result.test.span}: expected {result.test.expect}, came {result.came}")
            show(f"{total} tests")
    emit(f"{total} tests, {failed} failed")
    return ExitCode.FINDINGS if failed else ExitCode.OK
