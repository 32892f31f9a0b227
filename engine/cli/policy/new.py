"""`excise policy new`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from engine.authoring.template import new_policy
from engine.cli.console import emit
from engine.cli.options import add_rules, plain_text, rules_to_change
from engine.cli.parser import Commands
from engine.cli.policy.naming import clauses_named
from engine.errors import ExitCode, UsageError
from engine.language.load import require_pack
from engine.language.model.pack import Pack
from engine.language.read.scalars import NAME_HINT, is_name
from engine.language.words import Axis, Behaviour, SubjectKind


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("new", help="write a policy with its tests to fill in")
    parser.add_argument("name", type=plain_text, metavar="NAME", help="such as night-shift")
    words = {"behaviour": Behaviour, "axis": Axis, "subject": SubjectKind}
    for option, vocabulary in words.items():
        choices = [word.value for word in vocabulary]
        parser.add_argument(f"--{option}", choices=choices, default=_DEFAULTS[option])
    parser.add_argument("--clause", metavar="TERMS/ID", help="default: the pack's first clause")
    parser.add_argument("--owner", type=plain_text, help="default: the pack's first owner")
    parser.add_argument(
        "--to", type=Path, metavar="DIR", help="default: policies/<behaviour> of the pack"
    )
    add_rules(parser)
    parser.set_defaults(command=write_policy)


_DEFAULTS = {"behaviour": "distillation", "axis": "content", "subject": "campaign"}


def write_policy(arguments: argparse.Namespace) -> ExitCode:
    """Write the file and say what to do next; a file that is there is not overwritten."""
    root = rules_to_change(arguments)
    pack = require_pack(root)
    name: str = arguments.name
    if not is_name(name):
        message = f"{name!r} is not a name"
        raise UsageError(message, hint=NAME_HINT)
    if any(policy.name == name for policy in pack.policies):
        message = f"the pack has a policy named {name!r} already"
        raise UsageError(message)
    folder = arguments.to or root / "policies" / arguments.behaviour
    path = folder / f"{name}.yaml"
    clauses = clauses_named(pack, [arguments.clause] if arguments.clause else [])
    text = new_policy(
        name,
        behaviour=Behaviour(arguments.behaviour),
        axis=Axis(arguments.axis),
        subject=SubjectKind(arguments.subject),
        clause=clauses[0] if clauses else _first_clause(pack),
        owner=arguments.owner or pack.owners[0],
        schema=_way_to_schema(root, folder),
    )
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        message = f"{path} exists already"
        raise UsageError(message, hint="choose another name, or --to another folder") from None
    emit(f"wrote {path}")
    emit(f"next: excise policy check {root}; excise policy test {name} --rules {root}")
    return ExitCode.OK


def _way_to_schema(root: Path, folder: Path) -> str | None:
    """Return the path from a folder to the pack's schema; None for a pack without one."""
    schema = root / "schema.json"
    if not schema.is_file():
        return None
    return Path(os.path.relpath(schema.resolve(), folder.resolve())).as_posix()


def _first_clause(pack: Pack) -> str:
    for terms in pack.terms:
        for clause in terms.versions[-1].clauses:
            return f"{terms.name}/{clause.id}"
    message = "the pack has no terms, so no clause that a policy could rest on"
    raise UsageError(message, hint="write a terms document first")
