"""`excise policy schema`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from engine.cli.parser import Commands
from engine.errors import ExitCode
from engine.language.reference.page import reference_text
from engine.language.schema import schema_text


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "schema",
        help="print the language as JSON Schema, for editors, or as a reference",
        description="Save it as schema.json beside pack.yaml and start each file with "
        "`# yaml-language-server: $schema=../schema.json`.",
    )
    parser.add_argument(
        "--markdown", action="store_true", help="a reference for people, instead of the schema"
    )
    parser.add_argument("--to", type=Path, metavar="FILE", help="default: stdout")
    parser.set_defaults(command=print_schema)


def print_schema(arguments: argparse.Namespace) -> ExitCode:
    """Print the schema (draft-07) of a document or the reference, or write it to a file."""
    text = reference_text() if arguments.markdown else schema_text()
    if arguments.to is None:
        sys.stdout.write(text)
    else:
        arguments.to.write_text(text, encoding="utf-8")
    return ExitCode.OK
