"""The `excise` command: reads the line, calls one command, turns mistakes into exit codes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import suppress

from engine.cli.interruption import interruptions
from engine.cli.parser import Parser
from engine.errors import ExitCode

# What takes time to import is imported once signals are listened to.

COMMANDS = {
    "demo": "engine.cli.demo",
    "run": "engine.cli.run",
    "policy": "engine.cli.policy",
    "activity": "engine.cli.activity",
    "explain-code": "engine.cli.explain_code",
    "findings": "engine.cli.exports",
    "actions": "engine.cli.exports",
    "cases": "engine.cli.cases",
    "audit": "engine.cli.audit",
}
"""The modules of the commands, in the order of the help."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status (see `engine.errors.ExitCode`)."""
    with interruptions.listening(hand_back=argv is not None):
        try:
            return _command(argv)
        except (Exception, KeyboardInterrupt) as error:
            interruptions.too_late()  # who presses Ctrl-C twice is told as well
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


class _Version(argparse.Action):
    """Prints the version, which takes longer to find out than many a command to run."""

    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        told = "show program's version number and exit"
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, help=told)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it and exit."""
        from engine.version import VERSION  # noqa: PLC0415

        sys.stdout.write(f"excise {VERSION}\n")
        parser.exit()


def build_parser() -> Parser:
    """Return the parser of the whole command line."""
    parser = Parser(
        prog="excise",
        description="Enforce terms of service against model extraction.",
        epilog=f"exit codes: {', '.join(f'{c.value} {c.name.lower()}' for c in ExitCode)}",
    )
    parser.add_argument("--version", action=_Version)
    parser.defer(COMMANDS, title="commands", metavar="COMMAND")
    return parser


if __name__ == "__main__":
    sys.exit(main())
