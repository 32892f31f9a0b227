"""From the command line to a running terminal."""

from __future__ import annotations

import getpass
import os
import sys
import traceback
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Protocol

from engine.errors import ExciseError, ExitCode, UsageError
from engine.ledger.store import Ledger
from engine.review.audit import Audit, audit
from engine.review.decisions import Reviewer
from engine.review.escape import printable
from tui.desk import Desk, Progress

DEFAULT_DB = "sqlite:///excise.db"


class Runs(Protocol):
    """The application, as far as starting it goes."""

    def run(self) -> object:
        """Take the terminal until the reviewer leaves."""

    @property
    def fault(self) -> Exception | None:
        """What broke the application, if anything did."""


class BrokenTerminalError(ExciseError):
    """The application met something nobody foresaw; the ledger is as it was."""

    def __init__(self, fault: Exception) -> None:
        frame = traceback.extract_tb(fault.__traceback__)[-1]
        place = f"{Path(frame.filename).name}:{frame.lineno}"
        super().__init__(
            f"the terminal broke down at {place} ({type(fault).__name__})",
            hint="every decision made is in the ledger; please report it",
        )


class Makes(Protocol):
    """Makes the application for a desk."""

    def __call__(self, desk: Desk, *, ascii_only: bool) -> Runs:
        """Return an application."""


def parser() -> ArgumentParser:
    """Return the command line's grammar."""
    made = ArgumentParser(
        "excise-review",
        description="Review the cases of a ledger: read the evidence, approve or reject.",
        epilog="Keys: ? inside the terminal. NO_COLOR is honoured.",
    )
    made.add_argument(
        "--db", metavar="URL", help=f"the ledger; else EXCISE_DB, else {DEFAULT_DB} in this folder"
    )
    made.add_argument(
        "--reviewer", metavar="NAME", help="who decides; else EXCISE_REVIEWER, else the OS user"
    )
    made.add_argument("--read-only", action="store_true", help="look, but decide nothing")
    made.add_argument("--ascii", action="store_true", help="draw with ASCII alone")
    made.add_argument("--version", action="version", version=f"excise {_version()}")
    return made


def main(arguments: Sequence[str] | None, app: Makes) -> int:
    """Open the ledger and run the application; errors are one line on stderr."""
    options = parser().parse_args(arguments)
    try:
        return _review(options, os.environ, app)
    except ExciseError as error:
        print(f"excise-review: {printable(str(error))}", file=sys.stderr)  # noqa: T201
        if error.hint:
            print(f"  {printable(error.hint)}", file=sys.stderr)  # noqa: T201
        return int(error.exit_code)


def _review(options: Namespace, environment: Mapping[str, str], app: Makes) -> int:
    reviewer = Reviewer(reviewer_name(options.reviewer, environment), options.read_only)
    url = options.db or environment.get("EXCISE_DB") or DEFAULT_DB

    def verify(progress: Progress) -> Audit:
        return audit(url, progress)

    with Ledger.open(url, create=False) as ledger:
        if not on_terminal():
            message = "the review terminal needs a terminal on stdin and stderr"
            raise UsageError(message)
        desk = Desk(ledger, reviewer, verify=verify)
        running = app(desk, ascii_only=options.ascii)
        try:
            running.run()
        finally:
            desk.close()
    if running.fault is not None:
        raise BrokenTerminalError(running.fault)
    return int(ExitCode.OK)


def on_terminal() -> bool:
    """Whether there is a terminal; Textual draws on stderr, so that stdout may be redirected."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def reviewer_name(option: str | None, environment: Mapping[str, str]) -> str:
    """Return who sits at the terminal; UsageError when nobody can be named."""
    name = (
        option if option is not None else environment.get("EXCISE_REVIEWER") or _os_user()
    ).strip()
    if not name:
        message = "a reviewer needs a name"
        raise UsageError(message, hint="give --reviewer NAME or set EXCISE_REVIEWER")
    if printable(name) != name:
        message = "the reviewer's name has control or invisible characters"
        raise UsageError(message)
    return name


def _os_user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return ""


def _version() -> str:
    try:
        return version("excise")
    except PackageNotFoundError:
        return "unknown"
