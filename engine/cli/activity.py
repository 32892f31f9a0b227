"""`excise activity hash`: activity whose text may not be kept becomes activity without text."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.activity.hashed import write_hashed
from engine.activity.ingest import read_activity
from engine.activity.workspace import Workspace
from engine.batch.quarantine import keep_quarantine
from engine.batch.report import table_counts
from engine.batch.run import DEFAULT_MEMORY
from engine.cli.console import emit, progress
from engine.cli.options import add_rules, memory_size, pack_of, source_of
from engine.cli.parser import Commands
from engine.cli.summary import print_tables
from engine.errors import ExitCode
from engine.language.declared import fields_used


def add_to(commands: Commands) -> None:
    """Add the command group."""
    group = commands.add_parser("activity", help="prepare activity")
    verbs = group.add_subparsers(required=True, metavar="VERB")
    hashing = verbs.add_parser("hash", help="write activity with hashes in place of its text")
    hashing.add_argument("activity", metavar="FROM", help="a file, a folder, or a glob")
    hashing.add_argument("to", type=Path, metavar="TO", help="a folder that holds nothing yet")
    hashing.add_argument("--source", metavar="NAME", help="the foreign format, as in rules/sources")
    add_rules(hashing)
    hashing.add_argument("--memory", type=memory_size, default=DEFAULT_MEMORY, metavar="SIZE")
    hashing.add_argument(
        "--quarantine", type=Path, default=Path("excise-quarantine"), metavar="DIR",
        help="where rows that cannot be read are kept; default: excise-quarantine",
    )  # fmt: skip
    hashing.set_defaults(command=hash_text)


def hash_text(arguments: argparse.Namespace) -> ExitCode:
    """Read, write, and print what became of the rows."""
    pack = None if arguments.source is None else pack_of(arguments)
    source = None if pack is None else source_of(pack, arguments.source)
    fields = () if pack is None else fields_used(pack, source)
    with progress() as show, Workspace(memory=arguments.memory) as workspace:
        show("reading activity")
        intake = read_activity(workspace, arguments.activity, source=source, fields=fields)
        show("writing it without its text")
        written = write_hashed(workspace, arguments.to)
        counts = table_counts(intake)
        set_aside = keep_quarantine(intake, arguments.quarantine, f"hash-{intake.digest[:16]}")
    print_tables(counts)
    for path in written:
        emit(f"written: {path}")
    if set_aside is None:
        return ExitCode.OK
    emit(f"rows set aside, with the reasons: {set_aside}")
    return ExitCode.PARTIAL
