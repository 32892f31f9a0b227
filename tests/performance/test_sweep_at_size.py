"""Twenty values of a threshold over a million exchanges, against the first one.

Seconds depend on the machine, so only their ratio within one run is asserted.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from engine.authoring.bench.bench import opened
from engine.authoring.sweep.dials import dials
from engine.authoring.sweep.sweeping import Asked, sweep
from engine.batch.run import RunRequest
from engine.language.load import find_rules, require_pack
from engine.language.words import SubjectKind
from fixtures.generate import generate
from fixtures.scale import PERFORMANCE

pytestmark = pytest.mark.performance

MORE = 20
MOST = 0.02
"""What one more value may cost of the first."""


def test_one_more_value_costs_a_small_part_of_the_first(tmp_path: Path) -> None:
    generate(PERFORMANCE, 1, tmp_path)
    pack = require_pack(find_rules())
    policy = next(one for one in pack.policies if one.subject is SubjectKind.ACCOUNT and dials(one))
    dial = dials(policy)[0]
    now = dial.threshold
    started = time.monotonic()
    with opened(RunRequest(str(tmp_path)), [pack]) as bench:
        sweep(bench, pack, policy, [Asked(dial, (now,))], None, steps=1)
        first = time.monotonic() - started
        values = tuple(now * number / MORE for number in range(1, MORE))
        values += (now * 2,)
        found = sweep(bench, pack, policy, [Asked(dial, values)], None, steps=1)
        more = (time.monotonic() - started - first) / MORE
    sys.stdout.write(f"\nsweep: {first:.1f} s, one more value {more:.3f} s\n")
    assert len(found.points) == MORE + 1
    assert len({point.hits for point in found.points}) > 1
    assert more <= MOST * first
