"""`excise policy coverage`."""

from __future__ import annotations

import argparse
import json

from engine.authoring.coverage import PolicyCoverage, coverage, share
from engine.cli.console import complain, emit, emit_table, progress
from engine.cli.options import add_rules, pack_of
from engine.cli.parser import Commands
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("coverage", help="what the tests of the policies have seen")
    parser.add_argument("policies", nargs="*", metavar="POLICY", help="default: all")
    add_rules(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--fail-under", type=percentage, default=0, metavar="PERCENT", help="exit code 1 below it"
    )
    parser.set_defaults(command=cover_policies)


def percentage(text: str) -> float:
    """Read a percentage from the command line."""
    try:
        value = float(text) if text.isascii() else -1
    except ValueError:
        value = -1
    if not 0 <= value <= 100:  # noqa: PLR2004 - a percentage, and no NaN
        message = f"{text!r} is not a percentage, 0 to 100"
        raise argparse.ArgumentTypeError(message)
    return value


def cover_policies(arguments: argparse.Namespace) -> ExitCode:
    """Print what was seen and what was not; below `--fail-under` the exit code is 1."""
    pack = pack_of(arguments)
    covered = []
    with progress() as show:
        for one in coverage(pack, policies_named(pack, arguments.policies)):
            show(f"{one.policy}: {one.seen} of {len(one.wanted)}")
            covered.append(one)
    percent = 100 * share(covered)
    if arguments.format == "json":
        policies = [_data(one) for one in covered]
        emit(json.dumps({"percent": percent, "policies": policies}, indent=2))
    else:
        _print(covered, percent)
    if percent < arguments.fail_under:
        complain(f"{percent:.1f} % is below {arguments.fail_under:g} %")
        return ExitCode.FINDINGS
    return ExitCode.OK


def _print(covered: list[PolicyCoverage], percent: float) -> None:
    rows = [
        (one.policy, str(one.seen), str(len(one.wanted)), f"{100 * share([one]):.0f} %")
        for one in covered
    ]
    emit_table(("policy", "seen", "of", "share"), rows, right=("seen", "of", "share"))
    for one in covered:
        for point in one.unseen:
            unseen = f"{point.condition} was never seen {_said(point.side)}"
            emit(f"{point.span}: {one.policy}: {unseen}")
    emit(f"{percent:.1f} % seen")


def _said(side: str) -> str:
    return {"holds": "to hold", "fails": "to fail", "at": "exactly met"}.get(side, side)


def _data(one: PolicyCoverage) -> dict[str, object]:
    return {
        "policy": one.policy,
        "seen": one.seen,
        "wanted": len(one.wanted),
        "unseen": [
            {
                "file": point.span.file,
                "line": point.span.line,
                "column": point.span.column,
                "condition": point.condition,
                "side": point.side,
            }
            for point in one.unseen
        ],
    }
