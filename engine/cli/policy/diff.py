"""`excise policy diff`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from engine.authoring.diff.difference import difference
from engine.authoring.diff.record import difference_record
from engine.authoring.diff.text import difference_text
from engine.authoring.revision import pack_named
from engine.cli.console import emit
from engine.cli.options import rules_of_environment
from engine.cli.parser import Commands
from engine.errors import ExitCode
from engine.language.load import find_rules, require_pack


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("diff", help="what changed between two packs, by what they mean")
    parser.add_argument("old", metavar="OLD", help="a folder, or a git revision of the new one")
    parser.add_argument(
        "new",
        nargs="?",
        type=Path,
        default=rules_of_environment(),
        metavar="NEW",
        help="default: EXCISE_RULES, else the pack that ships with Excise",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--exit-code",
        action="store_true",
        help="make the exit code 1 where anything that changes a decision changed",
    )
    parser.set_defaults(command=diff_packs)


def diff_packs(arguments: argparse.Namespace) -> ExitCode:
    """Print what changed; packs with mistakes cannot be compared."""
    rules = find_rules(arguments.new)
    found = difference(pack_named(arguments.old, rules), require_pack(rules))
    if arguments.format == "json":
        emit(json.dumps(difference_record(found), ensure_ascii=False, indent=2, sort_keys=True))
    else:
        emit(difference_text(found))
    return ExitCode.FINDINGS if arguments.exit_code and found.decides else ExitCode.OK
