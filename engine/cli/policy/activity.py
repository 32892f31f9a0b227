"""The options that say which activity to judge."""

from __future__ import annotations

import argparse
import os

from engine.batch.run import DEFAULT_MEMORY, RunRequest
from engine.cli.engines import add_engine
from engine.cli.options import instant, memory_size, source_of
from engine.errors import UsageError
from engine.language.model.pack import Pack


def add_activity(parser: argparse.ArgumentParser, *, required: bool = True) -> None:
    """Add the options."""
    parser.add_argument(
        "--activity", required=required, metavar="PATH", help="a file, a folder, or a glob"
    )
    parser.add_argument("--source", metavar="NAME", help="the foreign format, as in rules/sources")
    for names, meaning in (
        (("--as-of",), "judge from this moment; default: the last exchange"),
        (("--since", "--from"), "leave out what happened before"),
        (("--until", "--to"), "leave out what happened after"),
    ):
        parser.add_argument(*names, type=instant, metavar="TIME", help=meaning)
    parser.add_argument(
        "--memory",
        type=memory_size,
        default=DEFAULT_MEMORY,
        metavar="SIZE",
        help=f"what this may take, about; default: {DEFAULT_MEMORY}",
    )
    add_engine(parser)


def add_past(parser: argparse.ArgumentParser) -> None:
    """Add `--db`, which here has no default: without it nothing was ever decided."""
    parser.add_argument(
        "--db",
        metavar="URL",
        default=os.environ.get("EXCISE_DB"),
        help="the ledger with past decisions and strikes; default: EXCISE_DB, else none",
    )


def request_of(arguments: argparse.Namespace, pack: Pack) -> RunRequest:
    """Return what to judge; UsageError for a period that holds nothing."""
    since = arguments.since
    for end, name in ((arguments.until, "--until"), (arguments.as_of, "--as-of")):
        if since is not None and end is not None and end < since:
            message = f"{name} is before --since: no exchange could be judged"
            raise UsageError(message)
    return RunRequest(
        arguments.activity,
        source_of(pack, arguments.source),
        as_of_us=arguments.as_of,
        since_us=since,
        until_us=arguments.until,
    )
