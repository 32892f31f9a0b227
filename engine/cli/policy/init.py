"""`excise policy init`."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from engine.cli.console import counted, emit
from engine.cli.parser import Commands
from engine.errors import ExitCode, UsageError
from engine.language.load import find_rules


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("init", help="copy the pack that ships with Excise, to change it")
    parser.add_argument("folder", type=Path, metavar="DIR", help="new, or empty")
    parser.set_defaults(command=copy_pack)


def copy_pack(arguments: argparse.Namespace) -> ExitCode:
    """Copy the pack; a folder that holds something is left as it is."""
    folder: Path = arguments.folder
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise UsageError(f"{folder} is there already", hint="name a folder that is new, or empty")
    hidden = shutil.ignore_patterns(".*", "__pycache__")
    shutil.copytree(find_rules(), folder, ignore=hidden, dirs_exist_ok=True)
    files = sum(path.is_file() for path in folder.rglob("*"))
    emit(f"wrote {counted(files, 'file')} into {folder}")
    emit(f"next: excise policy check {folder}; excise policy new night-shift --rules {folder}")
    return ExitCode.OK
