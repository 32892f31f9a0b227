"""`explain` tells what a run decides, whichever way it went."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.authoring.timeline import write_timeline
from engine.authoring.why import explanation
from engine.batch.run import RunRequest, run
from engine.errors import UsageError
from engine.language.load import find_rules, require_pack
from engine.language.words import SubjectKind

PACK = require_pack(find_rules())
SWEEP = next(policy for policy in PACK.policies if policy.name == "logit-sweep")


@pytest.mark.parametrize("test", SWEEP.tests, ids=lambda test: test.name)
def test_the_head_line_says_what_a_run_says(test: object, tmp_path: Path) -> None:
    written = next(one for one in SWEEP.tests if one is test)
    write_timeline(written, tmp_path)
    request = RunRequest(str(tmp_path), as_of_us=written.as_of_us)
    text = explanation(PACK, SWEEP, request, "group0-00000")
    records = run(PACK, request, None).records
    assert records is not None
    found = {f.subject_id for f in records.findings if f.policy == SWEEP.name}
    came = {"finding": "finding", "no finding": "no finding", "indeterminate": "undecided"}
    assert text.splitlines()[0].endswith(f"group0-00000: {came[written.expect]}")
    assert ("group0-00000" in found) is (written.expect == "finding")


def test_every_branch_is_shown_with_its_value(tmp_path: Path) -> None:
    below = next(test for test in SWEEP.tests if test.name == "one id short")
    write_timeline(below, tmp_path)
    request = RunRequest(str(tmp_path), as_of_us=below.as_of_us)
    text = explanation(PACK, SWEEP, request, "group0-00000")
    assert "yes probes ≥ 50" in text
    assert "no  tokens ≥ 1000" in text
    assert "999" in text


def test_a_subject_that_is_not_there(tmp_path: Path) -> None:
    write_timeline(SWEEP.tests[0], tmp_path)
    with pytest.raises(UsageError, match=f"no {SubjectKind.ACCOUNT.value} 'nobody'"):
        explanation(PACK, SWEEP, RunRequest(str(tmp_path)), "nobody")
