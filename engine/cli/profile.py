"""`--profile`: what a run took, and what each policy cost it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from engine.batch.costs import costs, profile_record, served
from engine.batch.evaluate import MEASURING
from engine.batch.profile import Profile
from engine.batch.run import RunResult
from engine.cli.console import complain, emit, emit_table
from engine.errors import UsageError
from engine.language.model.pack import Pack

_RIGHT = ("seconds", "steps", "alone")


def add_profile(parser: argparse.ArgumentParser) -> None:
    """Add `--profile`."""
    parser.add_argument(
        "--profile",
        type=Path,
        metavar="FILE",
        help="tell what each step took and what each policy cost, and keep it in a file as JSON",
    )


def check_profile(arguments: argparse.Namespace) -> None:
    """Refuse a file that cannot be written before the run, not after it."""
    path = arguments.profile
    if path is not None and (path.is_dir() or not path.parent.is_dir()):
        wrong = "it is a folder" if path.is_dir() else f"there is no folder {str(path.parent)!r}"
        message = f"--profile {str(path)!r} cannot be written: {wrong}"
        raise UsageError(message)


def profile_of(pack: Pack, result: RunResult, seconds: Mapping[str, float]) -> Profile:
    """Return the profile of a run that has ended."""
    return Profile(result.report.run_id, pack.digest, result.coverage, seconds)


def keep_profile(path: Path, pack: Pack, profile: Profile) -> None:
    """Write the file; that it cannot be written does not undo the run."""
    text = json.dumps(profile_record(pack, profile), ensure_ascii=False, indent=2)
    try:
        path.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        complain(f"the profile was not kept: {str(path)!r}: {(error.strerror or '').lower()}")


def print_profile(pack: Pack, profile: Profile) -> None:
    """Print the steps, with whom each served, and the policies with what each cost."""
    serves = served(pack, profile)
    rows = []
    for step, seconds in profile.seconds.items():
        policies = serves.get(step.removeprefix(MEASURING), ())
        alone = policies[0] if len(policies) == 1 else f"{len(policies)} policies"
        rows.append((step, f"{seconds:.3f}", alone if policies else ""))
    rows.append(("in all", f"{sum(profile.seconds.values()):.3f}", ""))
    emit_table(("step", "seconds", "serves"), rows, right=_RIGHT)
    print_costs(pack, profile)


def print_costs(pack: Pack, profile: Profile) -> None:
    """Print what each policy cost: its equal share of each step, and what it alone needed."""
    if not profile.measuring:
        emit("nothing was measured: the run was recorded before")
        return
    rows = [
        (cost.policy, str(cost.steps), f"{cost.seconds:.3f}", f"{cost.alone:.3f}")
        for cost in costs(pack, profile)
    ]
    emit_table(("policy", "steps", "seconds", "alone"), rows, right=_RIGHT)
