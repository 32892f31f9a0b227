"""`excise policy explain`."""

from __future__ import annotations

import argparse

from engine.authoring.why import explanation
from engine.batch.run import RunRequest
from engine.cli.console import emit, progress
from engine.cli.options import add_rules, instant, pack_of, plain_text, source_of
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb."""
    parser = verbs.add_parser("explain", help="why a policy holds for a subject, and why not")
    parser.add_argument("policy", metavar="POLICY")
    parser.add_argument("--subject", required=True, type=plain_text, metavar="ID")
    parser.add_argument("--activity", required=True, metavar="PATH")
    parser.add_argument("--source", metavar="NAME", help="the foreign format, as in rules/sources")
    parser.add_argument("--as-of", type=instant, metavar="TIME", help="default: the last exchange")
    add_rules(parser)
    parser.set_defaults(command=explain_policy)


def explain_policy(arguments: argparse.Namespace) -> ExitCode:
    """Print the whole condition tree of one policy for one subject."""
    pack = pack_of(arguments)
    names = policies_named(pack, [arguments.policy])
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
