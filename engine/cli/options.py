"""Options that several commands share."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Pack

DEFAULT_DATABASE = "sqlite:///excise.db"


def add_rules(parser: argparse.ArgumentParser) -> None:
    """Add `--rules`."""
    parser.add_argument(
        "--rules", type=Path, metavar="DIR", help="the pack; default: the one that ships with Excise"
    )


def add_database(parser: argparse.ArgumentParser) -> None:
    """Add `--db`."""
    parser.add_argument(
        "--db",
        metavar="URL",
        default=os.environ.get("EXCISE_DB", DEFAULT_DATABASE),
        help="the ledger; default: EXCISE_DB, else excise.db in the working folder",
    )


def pack_of(arguments: argparse.Namespace) -> Pack:
    """Return the pack that a command works with."""
    return require_pack(find_rules(arguments.rules))
