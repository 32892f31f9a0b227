"""A round of `watch` after a save, against testing the same policies from the beginning.

Seconds depend on the machine, so only their ratio within one run is asserted.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path

import pytest

from engine.authoring.kept import KeptTrials
from engine.authoring.trial import run_tests
from engine.authoring.watch.saves import Saves, Snapshot
from engine.cli.policy.watch import Rounds
from engine.language.load import find_rules, require_pack

pytestmark = pytest.mark.performance

MOST = 0.25
"""What a round may cost of all the same tests, activity read and measured anew; measured: 0.05."""


AFFECTED = frozenset({"shared-template", "tenants-behind-accounts", "fixed-instruction"})
"""The policy that is saved, the one that asks for its finding and others, and who asks for that."""


def test_a_round_after_a_save_costs_a_part_of_its_tests(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = tmp_path / "rules"
    shutil.copytree(find_rules(), root)
    for path in (root / "policies").rglob("*.yaml"):
        if path.stem not in (*AFFECTED, "reasoning-harness", "single-turn-harvest"):
            path.unlink()
    file = root / "policies" / "distillation" / "shared-template.yaml"
    saves = Saves(lambda: Snapshot.of(root))
    with KeptTrials() as trials:
        rounds = Rounds(root, saves, trials)
        looks = iter(saves)
        next(looks)
        rounds.next()
        file.write_text(file.read_text(encoding="utf-8").replace("gte: 0.5", "gte: 0.51", 1))
        next(looks)
        started = time.monotonic()
        rounds.next()
        round_ = time.monotonic() - started
    told = capsys.readouterr().out.splitlines()
    started = time.monotonic()
    results = list(run_tests(require_pack(root), AFFECTED))
    whole = time.monotonic() - started
    sys.stdout.write(f"\nwatch: {whole:.2f} s for all, {round_:.2f} s for a round\n")
    failed = sum(not result.passed for result in results)
    assert failed
    assert told[-1].endswith(f" run, {failed} failed")
    assert round_ <= MOST * whole
