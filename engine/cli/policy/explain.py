"""`excise policy explain`."""

from __future__ import annotations

import argparse
import json

from engine.authoring.closure import as_in_run, whole_run
from engine.authoring.explain.explanation import Explanation, explanation
from engine.authoring.explain.records import explanation_record
from engine.authoring.explain.subjects import subject_named
from engine.authoring.explain.text import explanation_text
from engine.authoring.judging import judged
from engine.batch.run import RunRequest
from engine.cli.console import emit, progress
from engine.cli.options import add_rules, instant, pack_of, plain_text, source_of
from engine.cli.parser import Commands
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode
from engine.language.model.pack import Pack


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("explain", help="why a policy holds for a subject, and why not")
    parser.add_argument("policy", metavar="POLICY")
    parser.add_argument("--subject", required=True, type=plain_text, metavar="ID")
    parser.add_argument("--activity", required=True, metavar="PATH")
    parser.add_argument("--source", metavar="NAME", help="the foreign format, as in rules/sources")
    for name, meaning in (
        ("--as-of", "judge from this moment; default: the last exchange"),
        ("--since", "leave out what happened before"),
        ("--until", "leave out what happened after"),
    ):
        parser.add_argument(name, type=instant, metavar="TIME", help=meaning)
    parser.add_argument(
        "--responses", action="store_true", help="also which response would follow, and why"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    add_rules(parser)
    parser.set_defaults(command=explain_policy)


def explain_policy(arguments: argparse.Namespace) -> ExitCode:
    """Print every branch of one policy for one subject."""
    found = _explanation(pack_of(arguments), arguments)
    if arguments.format == "json":
        emit(json.dumps(explanation_record(found), ensure_ascii=False, indent=2, sort_keys=True))
    else:
        emit(explanation_text(found))
    return ExitCode.OK


def _explanation(pack: Pack, arguments: argparse.Namespace) -> Explanation:
    names = policies_named(pack, [arguments.policy])
    policy = next(one for one in pack.policies if one.name in names)
    narrowed = (whole_run if arguments.responses else as_in_run)(pack, policy)
    request = RunRequest(
        arguments.activity,
        source_of(pack, arguments.source),
        as_of_us=arguments.as_of,
        since_us=arguments.since,
        until_us=arguments.until,
    )
    with progress() as show, judged(narrowed, request, progress=show) as found:
        subject = subject_named(found, policy.subject, arguments.subject)
        return explanation(found, policy.name, subject, answered=arguments.responses)
