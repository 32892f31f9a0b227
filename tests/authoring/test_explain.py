"""`explain` tells what a run decides, whichever way it went."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.authoring.timeline import write_timeline
from engine.batch.run import RunRequest, run
from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.load import find_rules, require_pack
from engine.language.model.policy import Policy, PolicyTest

PACK = require_pack(find_rules())
CAME = {"finding": "finding", "no finding": "no finding", "indeterminate": "undecided"}


def named(name: str) -> Policy:
    return next(policy for policy in PACK.policies if policy.name == name)


SWEEP = named("logit-sweep")


def written(policy: Policy, word: str) -> PolicyTest:
    return next(test for test in policy.tests if word in test.name)


def explained(capsys: pytest.CaptureFixture[str], *line: str) -> str:
    assert main(["policy", "explain", *line]) == ExitCode.OK
    return capsys.readouterr().out


@pytest.mark.parametrize("test", SWEEP.tests, ids=lambda test: test.name)
def test_the_head_line_says_what_a_run_says(
    test: PolicyTest, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_timeline(test, tmp_path)
    line = ["--activity", str(tmp_path), "--as-of", "2026-06-05T00:00Z"]
    text = explained(capsys, "logit-sweep", "--subject", "group0-00000", *line)
    request = RunRequest(str(tmp_path), as_of_us=test.as_of_us)
    records = run(PACK, request, None).records
    assert records is not None
    found = {f.subject_id for f in records.findings if f.policy == SWEEP.name}
    assert text.splitlines()[0].endswith(f"account group0-00000: {CAME[test.expect]}")
    assert ("group0-00000" in found) is (test.expect == "finding")


def test_every_branch_is_shown_with_its_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_timeline(written(SWEEP, "one id short"), tmp_path)
    line = ["logit-sweep", "--subject", "group0-00000", "--activity", str(tmp_path)]
    text = explained(capsys, *line)
    assert "yes probes ≥ 50 " in text
    assert "no  tokens ≥ 1,000 " in text
    assert "x0.999, 1 lacking" in text
    read = json.loads(explained(capsys, *line, "--format", "json"))
    tokens = next(part for part in read["policies"][0]["when"]["parts"] if part["truth"] == "no")
    assert tokens["low"] == tokens["high"] == 999
    assert tokens["distance"] == {"amount": -1, "factor": 0.999}


def test_a_subject_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_timeline(SWEEP.tests[0], tmp_path)
    line = ["policy", "explain", "--activity", str(tmp_path), "--subject"]
    assert main([*line, "group0-0000", "logit-sweep"]) == ExitCode.USAGE
    said = capsys.readouterr().err
    assert "no account 'group0-0000' in this activity" in said
    assert "did you mean group0-00000?" in said
    assert main([*line, "group0-00000", "logit-sweep-pool"]) == ExitCode.USAGE
    assert "it is an account that is in no campaign" in capsys.readouterr().err


def test_an_account_that_is_asked_for_in_place_of_its_campaign(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_timeline(named("pooled-payment").tests[0], tmp_path)
    line = ["policy", "explain", "--activity", str(tmp_path), "--subject"]
    assert main([*line, "a-00003", "pooled-payment"]) == ExitCode.USAGE
    campaign = capsys.readouterr().err.split("account of campaign ")[1].strip()
    text = explained(capsys, "pooled-payment", *line[2:], campaign, "--responses")
    assert f"campaign {campaign}: no finding" in text
    assert "no  members ≥ 20 " in text
    assert "response account-fraud-lead: nothing" in text
    assert "pooled-payment: no finding" in text
