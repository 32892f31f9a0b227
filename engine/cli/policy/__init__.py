"""`excise policy`: the policy author's tools, one file a verb."""

from __future__ import annotations

import argparse

from engine.cli.policy import check, compiling, explain, test

VERBS = (check, test, explain, compiling)
"""In the order of the help."""


def add_to(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command group."""
    group = commands.add_parser("policy", help="the policy author's tools")
    verbs = group.add_subparsers(required=True, metavar="VERB")
    for verb in VERBS:
        verb.add_to(verbs)
