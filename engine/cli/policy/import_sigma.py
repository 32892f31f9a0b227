"""`excise policy import-sigma`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from engine.authoring.sigma.library import require_pysigma
from engine.authoring.sigma.naming import unique
from engine.authoring.sigma.settings import IDENTITIES, Settings
from engine.cli.console import complain, counted, emit
from engine.cli.options import add_rules, plain_text
from engine.cli.parser import Commands
from engine.cli.policy.naming import clauses_named
from engine.errors import ExitCode, UsageError
from engine.language.load import PolicyError, find_rules, load_pack
from engine.language.model.pack import Pack
from engine.language.read.field_key import ALL_FIELDS
from engine.language.read.mapping import suggestion
from engine.language.render import as_data, render_text
from engine.language.words import Axis, Behaviour, Severity, SubjectKind

if TYPE_CHECKING:
    from engine.authoring.sigma.importing import Imported


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser(
        "import-sigma",
        help="turn Sigma rules and correlations into policies",
        description="Turn Sigma rules and correlations into draft policies, or say exactly what "
        "cannot be expressed. Needs the extra `sigma`.",
    )
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="files or folders")
    parser.add_argument(
        "--clause",
        action="append",
        required=True,
        type=plain_text,
        metavar="TERMS/ID",
        help="the clause that is broken, one of the pack's; may be repeated",
    )
    parser.add_argument("--to", type=Path, metavar="DIR", help="a folder of rules to write into")
    parser.add_argument(
        "--group-by",
        action="append",
        default=[],
        type=plain_text,
        metavar="NAME",
        help="the Sigma field that identifies the subject; NAME=org_id says by which of ours",
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        type=plain_text,
        metavar="NAME=FIELD",
        help="what a Sigma field is called here, such as src_ip=ip",
    )
    _add_words(parser)
    add_rules(parser)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.set_defaults(command=import_rules)


def _add_words(parser: argparse.ArgumentParser) -> None:
    """Add what a policy says and a Sigma rule does not."""
    parser.add_argument("--subject", choices=[kind.value for kind in IDENTITIES], default="account")
    parser.add_argument("--owner", type=plain_text, help="default: the pack's first owner")
    parser.add_argument(
        "--behaviour", choices=[each.value for each in Behaviour], default="account-fraud"
    )
    parser.add_argument("--axis", choices=[each.value for each in Axis], default="access")
    parser.add_argument(
        "--severity",
        choices=[each.value for each in Severity],
        default="medium",
        help="of rules that have no level; default: medium",
    )


def import_rules(arguments: argparse.Namespace) -> ExitCode:
    """Print or write the policies; what stays behind goes to stderr and makes the exit code 1."""
    require_pysigma()
    from engine.authoring.sigma.importing import import_sigma  # noqa: PLC0415 - needs the extra

    rules = find_rules(arguments.rules)
    loaded = load_pack(rules)
    if loaded.pack is None:
        raise PolicyError(rules, loaded)
    settings = _settings(arguments, loaded.pack)
    imported = import_sigma(arguments.files, settings, loaded.pack, loaded.sources)
    if arguments.to is not None:
        _write(arguments.to, imported.documents)
    if arguments.format == "json":
        emit(_as_json(imported))
    else:
        _show(imported, written=arguments.to is not None)
    failed = any(diagnostic.is_error for diagnostic in imported.diagnostics)
    return ExitCode.FINDINGS if failed else ExitCode.OK


def _settings(arguments: argparse.Namespace, pack: Pack) -> Settings:
    subject = SubjectKind(arguments.subject)
    declared = {one.key: one.type for group in pack.fields for one in group.fields}
    return Settings(
        clauses=clauses_named(pack, arguments.clause),
        owner=arguments.owner or pack.owners[0],
        behaviour=Behaviour(arguments.behaviour),
        axis=Axis(arguments.axis),
        severity=Severity(arguments.severity),
        subject=subject,
        mapped=_mapped(arguments.map, arguments.group_by, subject, declared),
        known=declared,
        declared_in=unique("sigma", [group.name for group in pack.fields]),
    )


def _mapped(
    pairs: Iterable[str],
    groups: Iterable[str],
    subject: SubjectKind,
    declared: Collection[str],
) -> dict[str, str]:
    """Return our fields by Sigma's; UsageError for a field that is not ours, or mapped twice."""
    identities = IDENTITIES[subject]
    mapped: dict[str, str] = {}
    for group in groups:
        name, _, identity = group.partition("=")
        identity = identity or identities[0]
        if identity not in identities:
            message = f"{identity!r} does not identify the {subject.value}"
            raise UsageError(message, hint=f"one of: {', '.join(identities)}")
        _add(mapped, name, identity)
    for pair in pairs:
        name, equals, field = pair.partition("=")
        if not equals or not name or not field:
            raise UsageError(f"{pair!r} maps nothing", hint="write --map src_ip=ip")
        known = (*ALL_FIELDS, *declared)
        if field not in known:
            raise UsageError(f"there is no field {field!r}", hint=suggestion(field, known))
        _add(mapped, name, field)
    return mapped


def _add(mapped: dict[str, str], name: str, field: str) -> None:
    if mapped.setdefault(name, field) != field:
        raise UsageError(f"the Sigma field {name!r} is mapped to {mapped[name]!r} and to {field!r}")


def _write(folder: Path, documents: Mapping[str, str]) -> None:
    """Write new files; UsageError, and nothing is written, when one of them is there already."""
    targets = {folder / path: text for path, text in documents.items()}
    for target in targets:
        if target.exists():
            message = f"{str(target)!r} is there already, and nothing was written"
            raise UsageError(message, hint="name another folder, or delete the file")
    for target, text in targets.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as stream:
            stream.write(text)


def _show(imported: Imported, *, written: bool) -> None:
    """Show what was written, or the documents themselves, and on stderr what was not."""
    if written:
        for path in imported.documents:
            emit(path)
    else:
        emit("---\n".join(f"# {path}\n{text}" for path, text in imported.documents.items()))
    if imported.diagnostics:
        complain(render_text(imported.diagnostics, imported.sources))
    complain(_summary(imported))


def _summary(imported: Imported) -> str:
    tally = imported.tally
    policies = "1 policy" if tally.policies == 1 else f"{tally.policies:,} policies"
    parts = f"{counted(tally.parts, 'part')} of others, " if tally.parts else ""
    read = counted(tally.read, "Sigma document")
    return f"{read}: {policies}, {parts}{tally.refused:,} refused"


def _as_json(imported: Imported) -> str:
    diagnostics = [as_data(diagnostic) for diagnostic in imported.diagnostics]
    tally = {**asdict(imported.tally), "refused": imported.tally.refused}
    found = {"documents": imported.documents, "diagnostics": diagnostics, "tally": tally}
    return json.dumps(found, indent=2)
