"""`excise policy test`."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.authoring.trial import TestResult, run_tests
from engine.authoring.trial_report import as_json, as_junit, fault_lines
from engine.batch.run import DEFAULT_MEMORY
from engine.cli.console import emit, progress
from engine.cli.engines import add_engine, engine_of
from engine.cli.options import add_rules, pack_of
from engine.cli.parser import Commands
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode, UsageError


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("test", help="run the tests written in the policies")
    parser.add_argument("policies", nargs="*", metavar="POLICY", help="default: all")
    parser.add_argument(
        "--filter",
        default="*",
        metavar="PATTERN",
        help="only tests whose name, or whose policy's name, it fits: 'benign*'",
    )
    add_rules(parser)
    add_engine(parser)
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
    with progress() as show, engine_of(arguments, DEFAULT_MEMORY, show) as engine:
        names = policies_named(pack, arguments.policies)
        for result in run_tests(pack, names, like=arguments.filter, engine=engine):
            results.append(result)
            if plain:
                _tell(result)
            show(f"{len(results)} tests")
    if not results and arguments.filter != "*":
        message = f"no test, and no policy with tests, is named like {arguments.filter!r}"
        raise UsageError(message, hint="`*` stands for any letters: --filter '*twin*'")
    failed = sum(not result.passed for result in results)
    if plain:
        emit(f"{len(results)} tests, {failed} failed")
    else:
        emit(as_json(results) if arguments.format == "json" else as_junit(results))
    if arguments.junit:
        arguments.junit.write_text(as_junit(results), encoding="utf-8")
    return ExitCode.FINDINGS if failed else ExitCode.OK


def _tell(result: TestResult) -> None:
    word = "ok  " if result.passed else "FAIL"
    emit(f"{word} {result.policy.name}: {result.test.name}")
    for line in fault_lines(result):
        emit(f"     {line}")
