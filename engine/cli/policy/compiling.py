"""`excise policy compile`."""

from __future__ import annotations

import argparse

from engine.authoring.compilation import compiled_text, plan_text
from engine.cli.console import emit
from engine.cli.options import add_rules, pack_of
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb."""
    parser = verbs.add_parser("compile", help="print the plan, its SQL and the rulesets")
    parser.add_argument("policies", nargs="*", metavar="POLICY", help="default: all")
    add_rules(parser)
    parser.add_argument(
        "--plan",
        action="store_true",
        help="print only the plan: what each pass reads, and which policies it serves",
    )
    parser.set_defaults(command=compile_policies)


def compile_policies(arguments: argparse.Namespace) -> ExitCode:
    """Print what the pack, or some policies of it, compile to."""
    pack = pack_of(arguments)
    text = plan_text if arguments.plan else compiled_text
    emit(text(pack, policies_named(pack, arguments.policies)))
    return ExitCode.OK
