"""`excise policy schema`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.cli.parser import Commands
from engine.errors import ExitCode
from engine.language.schema import schema_text


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "schema",
        help="print the language as JSON Schema, for editors",
        description="Save it as schema.json beside pack.yaml and start each file with "
        "`# yaml-language-server: $schema=../schema.json`.",
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="default: stdout")
    parser.set_defaults(command=print_schema)


def print_schema(arguments: argparse.Namespace) -> ExitCode:
    """Print the schema (draft-07) of a document, or write it to a file."""
    if arguments.to is None:
        sys.stdout.write(schema_text())
    else:
        arguments.to.write_text(schema_text(), encoding="utf-8")
    return ExitCode.OK
