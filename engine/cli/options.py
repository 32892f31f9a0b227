"""Options that several commands share."""

from __future__ import annotations

import argparse
import getpass
import os
from pathlib import Path

from engine.activity.memory import memory_bytes
from engine.errors import UsageError
from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Pack, Source
from engine.language.moments import parse_instant

DEFAULT_DATABASE = "sqlite:///excise.db"
_DIGITS = 9


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add `--rules`."""
    parser.add_argument(
        "--rules",
        type=Path,
        default=rules_of_environment(),
        metavar="DIR",
        help="the pack; default: EXCISE_RULES, else the one that ships with Excise",
    )


def rules_of_environment() -> Path | None:
    """Return the pack that EXCISE_RULES names, None where it names none."""
    named = os.environ.get("EXCISE_RULES")
    return Path(named) if named else None


def add_database(parser: argparse.ArgumentParser) -> None:
    """Add `--db`."""
    parser.add_argument(
        "--db",
        metavar="URL",
        default=os.environ.get("EXCISE_DB") or DEFAULT_DATABASE,
        help="the ledger; default: EXCISE_DB, else excise.db in the working folder",
    )


def pack_of(arguments: argparse.Namespace) -> Pack:
    """Return the pack that a command works with."""
    return require_pack(find_rules(arguments.rules))


def rules_to_change(arguments: argparse.Namespace) -> Path:
    """Return the folder of a pack that a command writes into.

    The one that ships with Excise is written to only from its own checkout: an installed copy is
    shared, and the next upgrade would take the change away.
    """
    root = find_rules(arguments.rules)
    if arguments.rules is None and not root.is_relative_to(Path.cwd().resolve()):
        message = "no pack is named, and the one that ships with Excise is not changed"
        raise UsageError(message, hint="excise policy init DIR copies it; then --rules DIR")
    return root


def instant(text: str) -> int:
    """Read a time from the command line, as microseconds UTC."""
    try:
        return parse_instant(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def row_count(text: str) -> int:
    """Read a number of rows from the command line."""
    if not text.isascii() or not text.isdecimal():
        message = f"{text!r} is not a number of rows, 0 or more"
        raise argparse.ArgumentTypeError(message)
    return int(text[:_DIGITS])


def plain_text(text: str) -> str:
    """Read text from the command line; what is not valid in the locale cannot be looked up."""
    try:
        text.encode()
    except UnicodeEncodeError:
        message = f"{text!r} is not valid text in this locale"
        raise argparse.ArgumentTypeError(message) from None
    return text


def login() -> str:
    """Return the name that whoever decides is logged in with."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        message = "nobody knows who decides"
        raise UsageError(message, hint="name a reviewer: --reviewer, or EXCISE_REVIEWER") from None


def memory_size(text: str) -> str:
    """Read an amount of memory from the command line: `1500MB`, `4 GiB`."""
    try:
        memory_bytes(text)
    except ValueError:
        message = f"{text!r} is not an amount of memory; write one as 1500MB or 4GiB"
        raise argparse.ArgumentTypeError(message) from None
    return text.strip()


def megabytes(memory: str) -> int:
    """Return an amount of memory that was read, in megabytes as Java counts them."""
    return max(1, memory_bytes(memory) // 1024**2)


def source_of(pack: Pack, name: str | None) -> Source | None:
    """Return the named source of the pack; None when none is named."""
    if name is None:
        return None
    found = {source.name: source for source in pack.sources}
    if name not in found:
        known = ", ".join(sorted(found)) or "none"
        message = f"no source named {name!r}"
        raise UsageError(message, hint=f"the pack has: {known}")
    return found[name]
