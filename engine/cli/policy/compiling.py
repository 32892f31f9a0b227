"""`excise policy compile`."""

from __future__ import annotations

import argparse
from pathlib import Path

from engine.authoring.compilation import compiled_text, plan_text, profiled_text
from engine.batch.profile import read_profile
from engine.cli.console import emit
from engine.cli.options import add_rules, pack_of
from engine.cli.policy.naming import policies_named
from engine.cli.profile import print_costs
from engine.errors import ExitCode, UsageError
from engine.language.model.pack import Pack
from engine.version import VERSION


def add_to(verbs: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the verb."""
    parser = verbs.add_parser("compile", help="print the plan, its SQL and the rulesets")
    parser.add_argument("policies", nargs="*", metavar="POLICY", help="default: all")
    add_rules(parser)
    parser.add_argument(
        "--plan",
        action="store_true",
        help="print only the plan: what each pass reads, and which policies it serves",
    )
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="FILE",
        help="with --plan: what each step took and each policy cost in a run with --profile",
    )
    parser.set_defaults(command=compile_policies)


def compile_policies(arguments: argparse.Namespace) -> ExitCode:
    """Print what the pack, or some policies of it, compile to."""
    pack = pack_of(arguments)
    names = policies_named(pack, arguments.policies)
    if arguments.profile is not None:
        return _profiled(pack, arguments)
    emit(plan_text(pack, names) if arguments.plan else compiled_text(pack, names))
    return ExitCode.OK


def _profiled(pack: Pack, arguments: argparse.Namespace) -> ExitCode:
    """Print the plan that a run of the whole pack carried out, and what it took."""
    if not arguments.plan or arguments.policies:
        message = "--profile goes with --plan, and with the whole pack: a run carries out all of it"
        raise UsageError(message)
    profile = read_profile(arguments.profile)
    if (profile.pack, profile.version) != (pack.digest, VERSION):
        what = "pack" if profile.pack != pack.digest else "version of Excise"
        message = f"{str(arguments.profile)!r} is the profile of another {what}"
        raise UsageError(message, hint="run again with --profile, or name its pack with --rules")
    emit(profiled_text(pack, profile))
    print_costs(pack, profile)
    return ExitCode.OK
