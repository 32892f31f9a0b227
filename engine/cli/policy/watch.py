"""`excise policy watch`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from engine.authoring.kept import KeptTrials
from engine.authoring.trial_report import fault_lines
from engine.authoring.watch.saves import Saves, Snapshot
from engine.authoring.watch.standing import Due, Standing
from engine.cli.console import counted, emit, progress
from engine.cli.options import add_rules
from engine.cli.parser import Commands
from engine.errors import ExciseError, ExitCode
from engine.language.load import find_rules, load_pack, require_pack
from engine.language.model.pack import Pack
from engine.language.render import render_text, summary

_CLEAR = "\x1b[2J\x1b[H"


def add_to(verbs: Commands) -> None:
    """Add the verb."""
    parser = verbs.add_parser("watch", help="check and test again at every save")
    add_rules(parser)
    parser.add_argument(
        "--rounds", type=round_count, metavar="N", help="end after so many rounds; default: never"
    )
    parser.set_defaults(command=watch)


def round_count(text: str) -> int:
    """Read a number of rounds from the command line."""
    if not text.isascii() or not text.isdecimal() or not int(text[:9]):
        message = f"{text!r} is not a number of rounds, 1 or more"
        raise argparse.ArgumentTypeError(message)
    return int(text[:9])


def watch(arguments: argparse.Namespace) -> ExitCode:
    """Check the pack and test what changed, now and whenever a file of it changes."""
    root = find_rules(arguments.rules)
    if not root.is_dir():  # nothing will ever be saved there
        require_pack(root)
    saves = Saves(lambda: Snapshot.of(root))
    with KeptTrials() as trials:
        rounds = Rounds(root, saves, trials)
        for number, _ in enumerate(saves, 1):
            if sys.stdout.isatty():
                sys.stdout.write(_CLEAR)
            rounds.next()
            sys.stdout.flush()
            if number == arguments.rounds:
                break
    return ExitCode.OK


class Rounds:
    """What is done at every save; a save that comes meanwhile ends the round."""

    def __init__(self, root: Path, saves: Saves, trials: KeptTrials) -> None:
        """Take the folder, what tells of saves in it, and what runs its tests."""
        self._root, self._saves, self._trials = root, saves, trials
        self._standing = Standing()

    def next(self) -> None:
        """Check the pack and test what changed."""
        loaded = load_pack(self._root)
        if loaded.diagnostics:
            emit(render_text(loaded.diagnostics, loaded.sources))
        emit(f"check: {summary(loaded.diagnostics)}")
        sys.stdout.flush()
        if loaded.pack is not None:
            self._test(loaded.pack)

    def _test(self, pack: Pack) -> None:
        due = self._standing.due(pack)
        came: list[bool] = []
        with progress() as show:
            for one in due:
                if self._saves.pending:
                    break
                show(f"{len(came)} of {counted(len(due), 'test')}")
                came.append(self._passes(pack, one))
        of = counted(sum(len(policy.tests) for policy in pack.policies), "test")
        waiting = len(due) - len(came)
        left = f"; {counted(waiting, 'test')} put off by a save" if waiting else ""
        emit(f"test: {len(came)} of {of} run, {came.count(False)} failed{left}")

    def _passes(self, pack: Pack, one: Due) -> bool:
        try:
            result = self._trials.result(pack, one.policy, one.test)
        except ExciseError as error:
            _tell(one, (str(error),))
            return False
        if result.passed:
            self._standing.passed(one)
        else:
            _tell(one, fault_lines(result))
        return result.passed


def _tell(one: Due, lines: Iterable[str]) -> None:
    emit(f"FAIL {one.policy.name}: {one.test.name}")
    for line in lines:
        emit(f"     {line}")
    sys.stdout.flush()
