"""`excise policy test`."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.authoring.trial import TestResult, run_tests
from engine.authoring.trial_report import as_json, as_junit, failure_lines
from engine.cli.console import emit, progress
from engine.cli.options import add_rules, pack_of
from engine.cli.parser import Commands
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("test", help="run the tests written in the policies")
    parser.add_argument("policies", nargs="*", metavar="POLICY", help="default: all")
    add_rules(parser)
    parser.add_argument("--format", choices=("text", "json", "junit"), default="text")
    parser.add_argument(
        "--junit", type=Path, metavar="FILE", help="write JUnit's XML there as well"
    )
    parser.set_defaults(command=test_policies)


def test_policies(arguments: argparse.Namespace) -> ExitCode:
    """Run the tests and print a line for each; a failure makes the exit code 1."""
    pack = pack_of(arguments)
    plain = arguments.format == "text"
    results = []
    with progress() as show:
        for result in run_tests(pack, policies_named(pack, arguments.policies)):
            results.append(result)
            if plain:
                _tell(result)
            show(f"{len(results)} tests")
    failed = sum(not result.passed for result in results)
    if plain:
        emit(f"{len(results)} tests, {failed} failed")
    else:
        emit(as_json(results) if arguments.format == "json" else as_junit(results))
    if arguments.junit:
        arguments.junit.write_text(as_junit(results), encoding="utf-8")
    return ExitCode.FINDINGS if failed else ExitCode.OK


def _tell(result: TestResult) -> None:
    if result.passed:
        emit(f"ok   {result.policy.name}: {result.test.name}")
    else:
        emit("\n".join(failure_lines(result)))
