"""`excise policy`: check, test, explain, compile."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from pathlib import Path

from engine.authoring.compilation import compiled_text
from engine.authoring.trial import run_tests
from engine.authoring.why import explanation
from engine.batch.run import RunRequest
from engine.cli.console import emit, progress
from engine.cli.options import add_rules, instant, pack_of, plain_text, source_of
from engine.errors import ExitCode, UsageError
from engine.language.load import find_rules, load_pack
from engine.language.model.pack import Pack
from engine.language.render import render_json, render_text, summary


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command group."""
    group = commands.add_parser("policy", help="the policy author's tools")
    verbs = group.add_subparsers(required=True, metavar="VERB")

    check = verbs.add_parser("check", help="read the pack and print every mistake in it")
    check.add_argument("folder", nargs="?", type=Path, metavar="DIR")
    add_rules(check)
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.set_defaults(command=check_pack)

    test = verbs.add_parser("test", help="run the tests written in the policies")
    test.add_argument("policies", nargs="*", metavar="POLICY", help="default: all")
    add_rules(test)
    test.set_defaults(command=test_policies)

    explain = verbs.add_parser("explain", help="why a policy holds for a subject, and why not")
    explain.add_argument("policy", metavar="POLICY")
    explain.add_argument("--subject", required=True, type=plain_text, metavar="ID")
    explain.add_argument("--activity", required=True, metavar="PATH")
    explain.add_argument("--source", metavar="NAME", help="the foreign format, as in rules/sources")
    explain.add_argument("--as-of", type=instant, metavar="TIME", help="default: the last exchange")
    add_rules(explain)
    explain.set_defaults(command=explain_policy)

    compiling = verbs.add_parser("compile", help="print the plan, its SQL and the rulesets")
    compiling.add_argument("policies", nargs="*", metavar="POLICY", help="default: all")
    add_rules(compiling)
    compiling.set_defaults(command=compile_policies)


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


def test_policies(arguments: argparse.Namespace) -> ExitCode:
    """Run the tests and print a line for each; a failure makes the exit code 1."""
    pack = pack_of(arguments)
    failed = total = 0
    with progress() as show:
        for result in run_tests(pack, _named(pack, arguments.policies)):
            total += 1
            failed += not result.passed
            word = "ok  " if result.passed else "FAIL"
            emit(f"{word} {result.policy.name}: {result.test.name}")
            if not result.passed:
                emit(f"     {result.test.span}: expected {result.test.expect}, came {result.came}")
            show(f"{total} tests")
    emit(f"{total} tests, {failed} failed")
    return ExitCode.FINDINGS if failed else ExitCode.OK


def explain_policy(arguments: argparse.Namespace) -> ExitCode:
    """Print the whole condition tree of one policy for one subject."""
    pack = pack_of(arguments)
    names = _named(pack, [arguments.policy])
    with progress() as show:
        show("evaluating")
        text = explanation(
            pack,
            next(p for p in pack.policies if p.name in names),
            RunRequest(
                arguments.activity, source_of(pack, arguments.source), as_of_us=arguments.as_of
            ),
            arguments.subject,
        )
    emit(text)
    return ExitCode.OK


def compile_policies(arguments: argparse.Namespace) -> ExitCode:
    """Print what the pack, or some policies of it, compile to."""
    pack = pack_of(arguments)
    emit(compiled_text(pack, _named(pack, arguments.policies)))
    return ExitCode.OK


def _named(pack: Pack, wanted: Sequence[str]) -> frozenset[str]:
    known = sorted(policy.name for policy in pack.policies)
    for name in wanted:
        if name not in known:
            close = difflib.get_close_matches(name, known, n=1)
            message = f"no policy named {name!r}"
            raise UsageError(message, hint=f"did you mean {close[0]}?" if close else None)
    return frozenset(wanted)
