"""`excise policy`: check, test, explain, compile."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from engine.cli.console import emit, err, safe
from engine.cli.options import add_rules, pack_of
from engine.errors import ExitCode


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
