"""The `excise` command: reads the line, calls one command, turns mistakes into exit codes."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from engine.errors import ExciseError, ExitCode
from engine.version import VERSION


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (see `engine.errors.ExitCode`)."""
    signal.signal(signal.SIGTERM, _terminated)
    arguments = build_parser().parse_args(argv)
    try:
        code: ExitCode = arguments.command(arguments)
        sys.stdout.flush()
    except ExciseError as error:
        _complain(error)
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("interrupted; nothing was recorded\n")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader went away, as `head` does. Nothing may be written to stdout any more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK
    return code


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    from engine.cli import audit, cases, demo, exports, policy, run  # noqa: PLC0415 - after --help

    parser = argparse.ArgumentParser(
        prog="excise",
        description="Enforce terms of service against model extraction.",
        epilog=f"exit codes: {', '.join(f'{c.value} {c.name.lower()}' for c in ExitCode)}",
    )
    parser.add_argument("--version", action="version", version=f"excise {VERSION}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for group in (demo, run, policy, exports, cases, audit):
        group.add_to(commands)
    return parser


class _Terminated(SystemExit):
    """SIGTERM: unwind, so that the worker is reaped and the workspace removed."""


def _terminated(_signal: int, _frame: FrameType | None) -> None:
    raise _Terminated(ExitCode.TERMINATED)


def _complain(error: ExciseError) -> None:
    sys.stderr.write(f"error: {error}\n")
    if error.hint:
        sys.stderr.write(f"  hint: {error.hint}\n")


if __name__ == "__main__":
    sys.exit(main())
