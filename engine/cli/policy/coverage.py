"""`excise policy coverage`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from engine.authoring.closure import all_evaluated
from engine.authoring.coverage.of_policies import of_activity, of_policy
from engine.authoring.coverage.of_responses import of_responses
from engine.authoring.coverage.points import Covered, share
from engine.authoring.judging import judged
from engine.authoring.kept import KeptTrials
from engine.cli.console import complain, emit, emit_table, progress
from engine.cli.engines import engine_of
from engine.cli.options import add_rules, pack_of
from engine.cli.parser import Commands
from engine.cli.policy.activity import add_activity, request_of
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode, UsageError
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "coverage", help="what the tests of the policies, or activity, have seen"
    )
    parser.add_argument("policies", nargs="*", metavar="POLICY", help="default: all")
    add_rules(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--fail-under", type=percentage, default=0, metavar="PERCENT", help="exit code 1 below it"
    )
    parser.add_argument(
        "--responses",
        action="store_true",
        help="also what the tests of all policies have seen of the responses and their rungs",
    )
    add_activity(parser, required=False)
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
    names = policies_named(pack, arguments.policies)
    chosen = [one for one in pack.policies if not names or one.name in names]
    if arguments.activity is None:
        policies, responses = _by_tests(pack, chosen, responses=arguments.responses)
    elif arguments.responses:
        message = "--responses tells what tests have seen, and does not go with --activity"
        raise UsageError(message)
    else:
        policies, responses = _by_activity(pack, chosen, arguments), []
    percent = 100 * share([*policies, *responses])
    if arguments.format == "json":
        told: dict[str, object] = {"policies": [_data("policy", one) for one in policies]}
        if arguments.responses:
            told["responses"] = [_data("response", one) for one in responses]
        emit(json.dumps({"percent": percent, **told}, indent=2))
    else:
        for heading, covered in (("policy", policies), ("response", responses)):
            if covered:
                _print(heading, covered)
        emit(f"{percent:.1f} % seen")
    if percent < arguments.fail_under:
        complain(f"{percent:.1f} % is below {arguments.fail_under:g} %")
        return ExitCode.FINDINGS
    return ExitCode.OK


def _by_tests(
    pack: Pack, policies: Sequence[Policy], *, responses: bool
) -> tuple[list[Covered], list[Covered]]:
    found = []
    with progress() as show, KeptTrials() as trials:
        for policy in policies:
            show(policy.name)
            found.append(of_policy(pack, policy, trials))
        if responses:
            show("responses")
        return found, list(of_responses(pack, trials)) if responses else []


def _by_activity(
    pack: Pack, policies: Sequence[Policy], arguments: argparse.Namespace
) -> list[Covered]:
    request, memory = request_of(arguments, pack), arguments.memory
    with (
        progress() as show,
        engine_of(arguments, memory, show) as engine,
        judged(all_evaluated(pack), request, memory=memory, progress=show, engine=engine) as found,
    ):
        return [of_activity(found, policy) for policy in policies]


def _print(heading: str, covered: list[Covered]) -> None:
    rows = [
        (one.name, str(one.seen), str(len(one.wanted)), f"{100 * share([one]):.0f} %")
        for one in covered
    ]
    emit_table((heading, "seen", "of", "share"), rows, right=("seen", "of", "share"))
    for one in covered:
        for point in one.unseen:
            unseen = f"{point.condition} was never seen {_said(point.side)}"
            emit(f"{point.span}: {one.name}: {unseen}")


def _said(side: str) -> str:
    return {"holds": "to hold", "fails": "to fail", "at": "exactly met"}.get(side, side)


def _data(kind: str, one: Covered) -> dict[str, object]:
    return {
        kind: one.name,
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
