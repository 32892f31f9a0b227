"""Twenty values of a threshold over a million exchanges, against the first one.

Seconds depend on the machine, so only their ratio within one run is asserted.
"""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from engine.authoring.bench.bench import opened
from engine.authoring.sweep.dials import dials
from engine.authoring.sweep.sweeping import Asked, sweep
from engine.batch.run import RunRequest
from engine.language.load import find_rules, require_pack
from engine.language.model.condition import Compare
from engine.language.model.measure import Count
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy, Signal
from engine.language.model.selection import EVERYTHING
from engine.language.words import Operator, SubjectKind
from fixtures.generate import generate
from fixtures.scale import PERFORMANCE

DAY_US = 86_400_000_000

pytestmark = pytest.mark.performance

MORE = 20
MOST = 0.02
"""What one more value may cost of the first; measured: 0.004."""


def busy(pack: Pack) -> tuple[Pack, Policy]:
    """Return a pack with a policy whose hits change with every value, in place of another."""
    old = next(one for one in pack.policies if one.subject is SubjectKind.ACCOUNT)
    sent = Signal("sent", Count(where=EVERYTHING, window_us=7 * DAY_US))
    new = replace(old, signals=(sent,), when=Compare("sent", Operator.GTE, 20.0), unless=())
    policies = tuple(new if one is old else one for one in pack.policies)
    return replace(pack, policies=policies), new


def test_one_more_value_costs_a_small_part_of_the_first(tmp_path: Path) -> None:
    generate(PERFORMANCE, 1, tmp_path)
    pack, policy = busy(require_pack(find_rules()))
    (dial,) = dials(policy)
    started = time.monotonic()
    with opened(RunRequest(str(tmp_path)), [pack]) as bench:
        sweep(bench, pack, policy, [Asked(dial, (dial.threshold,))], None, steps=1)
        first = time.monotonic() - started
        found = sweep(bench, pack, policy, [Asked(dial)], None, steps=MORE)
        more = (time.monotonic() - started - first) / MORE
    sys.stdout.write(f"\nsweep: {first:.1f} s, one more value {more:.3f} s\n")
    hits = [point.hits for point in found.points]
    assert hits == sorted(set(hits), reverse=True)
    assert len(hits) == MORE + 1
    assert more <= MOST * first
