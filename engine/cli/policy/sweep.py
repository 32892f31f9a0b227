"""`excise policy sweep`."""

from __future__ import annotations

import argparse
import json
import math
import sys
from contextlib import nullcontext

from engine.authoring.bench.bench import opened
from engine.authoring.sweep.dials import Dial, dials
from engine.authoring.sweep.record import sweep_csv, sweep_record
from engine.authoring.sweep.sweeping import Asked, Sweep, sweep
from engine.authoring.sweep.text import (
    NUMBERS,
    effect_lines,
    headings,
    headline,
    moves,
    names,
    notes,
    rows,
)
from engine.authoring.sweep.values import MOST_VALUES, spread
from engine.cli.console import emit, emit_table, progress
from engine.cli.engines import engine_of
from engine.cli.options import add_rules, pack_of, row_count
from engine.cli.parser import Commands
from engine.cli.policy.activity import add_activity, add_past, request_of
from engine.cli.policy.naming import policies_named
from engine.errors import ExitCode, UsageError
from engine.language.model.policy import Policy
from engine.ledger.store import Ledger

_STEPS = {1: 15, 2: 7}
_MOST_DIALS = 2


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("sweep", help="hits and precision against one or two thresholds")
    parser.add_argument("policy", metavar="POLICY")
    parser.add_argument(
        "thresholds",
        nargs="+",
        metavar="THRESHOLD",
        help="a signal that the policy compares; SIGNAL=5,10,20 tries these values, SIGNAL=5..50 "
        "such as lie between, evenly; else the activity chooses",
    )
    add_activity(parser)
    add_past(parser)
    parser.add_argument(
        "--steps",
        type=step_count,
        metavar="N",
        help=f"thresholds to try of each; default: {_STEPS[1]}, or {_STEPS[2]} of two",
    )
    parser.add_argument(
        "--list",
        type=row_count,
        default=0,
        metavar="N",
        help="name so many who come and go at each threshold, those rejected before first",
    )
    parser.add_argument(
        "--effects",
        action="store_true",
        help="tell what other policies and responses gain or lose; judges all of it at each point",
    )
    parser.add_argument("--format", choices=("text", "json", "csv"), default="text")
    add_rules(parser)
    parser.set_defaults(command=sweep_policy)


def step_count(text: str) -> int:
    """Read a number of steps from the command line."""
    if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:4]) <= MOST_VALUES:
        message = f"{text!r} is not a number of steps, 1 to {MOST_VALUES}"
        raise argparse.ArgumentTypeError(message)
    return int(text)


def sweep_policy(arguments: argparse.Namespace) -> ExitCode:
    """Print whom a policy would hit if its thresholds stood elsewhere."""
    pack = pack_of(arguments)
    wanted = policies_named(pack, [arguments.policy])
    policy = next(one for one in pack.policies if one.name in wanted)
    if len(arguments.thresholds) > _MOST_DIALS:
        raise UsageError("one or two thresholds can be swept at a time")
    steps = arguments.steps or _STEPS[len(arguments.thresholds)]
    asked = [_asked(policy, text, steps) for text in arguments.thresholds]
    if len({one.dial.position for one in asked}) < len(asked):
        raise UsageError("both thresholds are the same one")
    request = request_of(arguments, pack)
    ledger = nullcontext(None) if arguments.db is None else Ledger.open(arguments.db, create=False)
    with (
        progress() as show,
        ledger as past,
        engine_of(arguments, arguments.memory, show) as engine,
        opened(request, [pack], memory=arguments.memory, progress=show, engine=engine) as bench,
    ):
        found = sweep(bench, pack, policy, asked, past, steps=steps, with_effects=arguments.effects)
    _print(found, arguments.format, arguments.list)
    return ExitCode.OK


def _asked(policy: Policy, text: str, steps: int) -> Asked:
    name, given, listed = text.partition("=")
    dial = _dial_named(policy, name)
    if not given:
        return Asked(dial)
    low, ranged, high = listed.partition("..")
    if ranged:
        ends = _number(low, dial, text), _number(high, dial, text)
        between = spread(min(ends), max(ends), steps)
        return Asked(dial, tuple(map(round, between)) if dial.whole else between)
    values = tuple(_number(value, dial, text) for value in listed.split(","))
    if len(values) > MOST_VALUES:
        raise UsageError(f"{len(values)} thresholds are too many", hint=f"at most {MOST_VALUES}")
    return Asked(dial, values)


def _number(text: str, dial: Dial, whole: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value) or "_" in text or not text.isascii():
        message = f"{whole!r}: {text!r} is no threshold"
        raise UsageError(message, hint="such as size=5,10,20 or size=5..50")
    refusal = dial.refusal(value)
    if refusal is not None:
        message = f"{whole!r}: {text!r} is no threshold"
        raise UsageError(message, hint=refusal)
    return value


def _dial_named(policy: Policy, name: str) -> Dial:
    """Return the dial of that name, or of that signal where there is one alone."""
    known = dials(policy)
    found = [one for one in known if one.name == name]
    found = found or [one for one in known if one.signal == name]
    if len(found) == 1:
        return found[0]
    if not known:
        raise UsageError(f"{policy.name} compares no signal, so there is nothing to sweep")
    listed = ", ".join(names(found or known))
    if found:
        message = f"{policy.name} compares {name!r} more than once"
        raise UsageError(message, hint=f"say which: {listed}")
    message = f"{policy.name} has no threshold named {name!r}"
    raise UsageError(message, hint=f"it has: {listed}")


def _print(found: Sweep, form: str, listed: int) -> None:
    match form:
        case "json":
            emit(json.dumps(sweep_record(found), ensure_ascii=False, indent=2))
        case "csv":
            emit(sweep_csv(found).rstrip("\n"))
        case _:
            _print_text(found, listed)


def _print_text(found: Sweep, listed: int) -> None:
    for line in headline(found):
        emit(line)
    emit()
    if sys.stdout.isatty():
        from engine.cli.policy.sweep_plot import draw  # noqa: PLC0415 - on terminals only

        draw(found)
    else:
        emit_table(headings(found), list(rows(found)), right={*NUMBERS, *names(found.dials)})
    emit()
    for line in (*notes(found), *moves(found, listed), *effect_lines(found)):
        emit(line)
