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


@pytest.mark.parametrize(
    "test", [one for one in SWEEP.tests if one.expect], ids=lambda test: test.name
)
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


def activity_of(policy: Policy, word: str, folder: Path) -> list[str]:
    write_timeline(written(policy, word), folder)
    return ["--activity", str(folder), "--as-of", "2026-06-05T00:00Z"]


def test_every_policy_in_brief_the_nearest_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = activity_of(SWEEP, "one id short", tmp_path)
    text = explained(capsys, "--subject", "group0-00000", *line)
    assert text.startswith("policy ")
    (mine,) = (row for row in text.splitlines() if row.startswith("logit-sweep "))
    assert mine.split()[1:5] == ["enforce", "account", "no", "finding"]
    assert " 99 %  tokens ≥ 1,000 " in mine
    read = json.loads(explained(capsys, "--subject", "group0-00000", *line, "--format", "json"))
    verdicts = [one["verdict"] for one in read]
    order = ["finding", "undecided", "no finding"]
    assert verdicts == sorted(verdicts, key=order.index)
    lacking = [one["nearness"] for one in read if one["verdict"] == "no finding"]
    assert lacking == sorted(lacking, reverse=True)
    assert {one["policy"] for one in read} == {
        policy.name for policy in PACK.policies if policy.subject is SWEEP.subject
    }


def test_the_exchanges_behind_a_signal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = activity_of(SWEEP, "one id short", tmp_path)
    line += ["--subject", "group0-00000", "logit-sweep", "--events"]
    text = explained(capsys, *line, "probes", "--limit", "2")
    read = json.loads(explained(capsys, *line, "probes", "--format", "json", "--limit", "9999"))
    assert len(read["events"]) == read["exchanges"]["counted"] == read["counts"]["events"] > 2
    assert f"exchanges: {read['exchanges']['counted']:,} counted, 0 unknown" in text
    assert f"and {read['exchanges']['counted'] - 2:,} exchanges more" in text
    assert main(["policy", "explain", *line, "probs"]) == ExitCode.USAGE
    assert "did you mean probes?" in capsys.readouterr().err


def test_the_accounts_behind_a_number_and_what_ties_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    policy = named("pooled-payment")
    line = activity_of(policy, "twenty organisations", tmp_path)
    assert main(["policy", "explain", *line, "--subject", "a-00003", policy.name]) == 2
    campaign = capsys.readouterr().err.split("account of campaign ")[1].strip()
    line += ["--subject", campaign, policy.name]
    text = explained(capsys, *line, "--events", "shared_payment", "--limit", "3")
    assert "accounts: 10 counted" in text
    assert "a-00002  counted  card-a" in text
    assert "and 7 accounts more" in text
    text = explained(capsys, *line, "--members", "--limit", "1")
    assert "10 accounts\n" in text
    assert "account.payment_id card-a (of 10 accounts)" in text


def test_why_a_value_is_not_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = activity_of(named("machine-rhythm"), "one request short", tmp_path)
    text = explained(capsys, "machine-rhythm", "--subject", "group0-00000", *line)
    assert "gaps: 499 of the 500 exchanges that it needs" in text
    text = explained(capsys, "blocked-variants", "--subject", "group0-00000", *line)
    assert "blocked: `blocked_by` is not recorded on 499 of 499 exchanges" in text
    assert "between 0 and 499" in text
