"""The `excise` command: reads the line, calls one command, turns mistakes into exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import NoReturn

from engine.cli.interruption import interruptions
from engine.errors import ExitCode
from engine.review.escape import printable_lines
from engine.version import VERSION

# What takes time to import is imported once signals are listened to.


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (see `engine.errors.ExitCode`)."""
    with interruptions.listening(hand_back=argv is not None):
        try:
            return _command(argv)
        except (Exception, KeyboardInterrupt) as error:
            if interruptions.heard is not None:
                sys.stderr.write("interrupted; nothing was recorded\n")
                return interruptions.heard
            if not isinstance(error, Exception):
                raise
            return _failed(error)


def _command(argv: Sequence[str] | None) -> ExitCode:
    from engine.cli.console import mute, prepare_streams  # noqa: PLC0415

    prepare_streams()
    try:
        arguments = build_parser().parse_args(argv)
        code: ExitCode = arguments.command(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        mute()
        return ExitCode.OK
    return code


def _failed(error: Exception) -> ExitCode:
    from engine.cli.console import complain, mute  # noqa: PLC0415
    from engine.cli.faults import in_words  # noqa: PLC0415

    told = in_words(error)
    with suppress(OSError):
        complain(f"error: {told}" + (f"\n  hint: {told.hint}" if told.hint else ""))
    try:
        sys.stdout.flush()
    except OSError:  # nothing more can be written, so Python must not try as it ends
        mute()
    return told.exit_code


class Parser(argparse.ArgumentParser):
    """A parser whose complaints quote arguments without obeying what is in them."""

    def error(self, message: str) -> NoReturn:
        """End with exit code 2."""
        super().error("\n".join(printable_lines(message)))


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    from engine.cli import audit, cases, demo, exports, policy, run  # noqa: PLC0415

    parser = Parser(
        prog="excise",
        description="Enforce terms of service against model extraction.",
        epilog=f"exit codes: {', '.join(f'{c.value} {c.name.lower()}' for c in ExitCode)}",
    )
    parser.add_argument("--version", action="version", version=f"excise {VERSION}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for group in (demo, run, policy, exports, cases, audit):
        group.add_to(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
