"""A policy's way from draft to enforce, by the commands that people type."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.cli.main import main
from engine.errors import ExitCode
from engine.language.moments import format_instant, parse_instant
from engine.ledger.store import Ledger
from engine.ledger.verify import verify

PACK = """\
pack: small
version: "1"
owners: [trust-and-safety]
---
terms: usage
title: Usage
versions:
  - version: "1"
    effective: 2026-01-01
    clauses: [{id: probing, section: "1", summary: s, url: u}]
---
response: answer
subject: account
when: {findings: {behaviour: logit-extraction}}
ladder: [{do: {restrict: {feature: logprobs}}, approval: none}]
"""
POLICY = """\
# How the model's output layer is read out.
policy: sweep
title: The output layer is read out
version: 1
status: draft   # since May
owner: trust-and-safety
behaviour: logit-extraction
axis: content
severity: high
clauses: [usage/probing]
subject: account
signals: {probes: {count: {logprobs: true}}}
when: {probes: {gte: 2}}
explain: "{probes} probes"
promotion:
  shadow: {for: 2d, hits: 4}
  review: {reviewed: 4, wrong_at_most: 0.75, confidence: 0.9}
"""
Captured = pytest.CaptureFixture[str]
HOUR_US = 3_600_000_000
ACCOUNTS = ("a", "b", "c", "d", "e")


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EXCISE_DB", "ledger.db")
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "pack.yaml").write_text(PACK)
    (rules / "sweep.yaml").write_text(POLICY)
    start = parse_instant("2026-06-01")
    rows = [
        {
            "event_id": f"{account}-{n}", "account_id": account, "model": "m", "logprobs": True,
            "ts": format_instant(start + n * 2 * HOUR_US),
        }
        for account in ACCOUNTS
        for n in range(120)
    ]  # fmt: skip
    Path("exchanges.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))


def status() -> str:
    (line,) = (x for x in Path("rules/sweep.yaml").read_text().splitlines() if x[:6] == "status")
    return line


def edited(old: str, new: str) -> None:
    path = Path("rules/sweep.yaml")
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def ran(*days: int) -> None:
    for day in days:
        moment = f"2026-06-{day:02}"
        run = ["run", "--activity", "exchanges.jsonl", "--rules", "rules", "--as-of", moment]
        assert main(run) == ExitCode.OK


def promote(capsys: Captured, *options: str) -> tuple[int, dict[str, Any]]:
    """Return the exit code and the document printed."""
    capsys.readouterr()
    line = ["policy", "promote", "sweep", "--rules", "rules", "--reviewer", "ana"]
    code = main([*line, "--format", "json", *options])
    out = capsys.readouterr().out
    return code, json.loads(out) if out else {}


def met(document: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(each["name"], each["met"]) for each in document["criteria"]]


def decide(*verdicts: str) -> None:
    with Ledger.open("ledger.db", create=False) as ledger:
        cases = [case for case in ledger.cases() if case.status == "open"]
    for case, verdict in zip(cases, verdicts, strict=False):
        assert main(["cases", "decide", case.case_id, verdict, "--reason", "r"]) == ExitCode.OK


def test_from_draft_to_enforce(capsys: Captured) -> None:
    before = Path("rules/sweep.yaml").read_text()
    assert promote(capsys)[0] == ExitCode.OK  # without any ledger
    assert status() == "status: shadow   # since May"

    ran(3)
    code, told = promote(capsys)
    assert (code, told["promoted"], met(told)) == (1, False, [("days", False), ("hits", True)])
    assert status() == "status: shadow   # since May"
    assert_told_in_words(capsys)
    ran(4)
    code, told = promote(capsys, "--dry-run")
    assert (code, told["promoted"], told["recorded"]) == (0, False, False)
    assert status() == "status: shadow   # since May"
    code, told = promote(capsys, "--to", "review", "--reason", "quiet for two days")
    assert (code, told["promoted"], told["recorded"]) == (0, True, True)
    assert told["shown"]["days"] == ["2026-06-03", "2026-06-04"]
    assert told["effects"] == [
        "its findings open cases; everything they propose waits for a reviewer",
        "response answer takes them up: restrict",
    ]

    ran(5)
    assert promote(capsys)[0] == 1
    decide("approve", "approve", "approve", "reject")
    code, told = promote(capsys)
    assert (code, met(told)) == (0, [("reviewed", True), ("wrong_at_most", True)])
    assert told["shown"]["wrong"] == 1
    assert told["criteria"][1]["seen"] == pytest.approx(0.6795, abs=5e-5)
    assert told["effects"] == [
        "restrict of response answer goes out without a reviewer, within floor and caps"
    ]
    after = Path("rules/sweep.yaml").read_text()
    assert after == before.replace("status: draft ", "status: enforce ")
    assert promote(capsys)[0] == ExitCode.USAGE

    with Ledger.open("ledger.db", create=False) as ledger:
        first, second = ledger.promotions("sweep")
        assert ledger.promotions("other") == ()
    assert (first["to"], first["actor"], first["reason"]) == (
        "review", "ana", "quiet for two days"
    )  # fmt: skip
    assert (second["from"], second["to"], second["without_criteria"]) == (
        "review", "enforce", False
    )  # fmt: skip
    assert verify("ledger.db").ok


def assert_told_in_words(capsys: Captured) -> None:
    assert main(["policy", "promote", "sweep", "--rules", "rules"]) == 1
    head, shown, *criteria, refusal = capsys.readouterr().out.splitlines()
    assert head == "sweep v1: shadow → review"
    assert shown.startswith("in shadow as it is now: 1 run on 1 day, 2026-06-03 to 2026-06-03; ")
    assert shown.endswith("5 findings on 5 subjects")
    assert criteria == [
        "  not met  days with a run in shadow: 1 of 2",
        "  met      subjects found: 5 of 4",
    ]
    assert refusal == "sweep is not promoted: its criteria are not met"


def test_a_change_of_meaning_restarts_the_clock(capsys: Captured) -> None:
    promote(capsys)
    ran(3)
    edited("gte: 2", "gte: 3")
    ran(4)
    code, told = promote(capsys)
    assert (code, told["shown"]["days"]) == (1, ["2026-06-04"])
    assert told["shown"]["restarted"] == "2026-06-03T00:00:00Z"
    edited("version: 1", "version: 2")  # and other words than those that decide
    edited("# since May", "# since June")
    edited("{probes} probes", "{probes} of them")
    ran(5)
    code, told = promote(capsys)
    assert (code, len(told["shown"]["days"])) == (0, 2)


def test_too_many_wrong_hits_are_refused(capsys: Captured) -> None:
    edited("status: draft", "status: review")
    ran(3)
    decide("approve", "approve", "reject", "reject", "reject")
    code, told = promote(capsys)
    assert (code, met(told)) == (1, [("reviewed", True), ("wrong_at_most", False)])
    assert "review" in status()


@pytest.mark.parametrize("skipped", ["review", "enforce"])
def test_no_status_is_skipped(capsys: Captured, skipped: str) -> None:
    assert main(["policy", "promote", "sweep", "--rules", "rules", "--to", skipped]) == 2
    assert "it goes to `shadow`" in capsys.readouterr().err


def test_without_criteria_somebody_answers_for_it(capsys: Captured) -> None:
    promote(capsys)
    edited("  shadow: {for: 2d, hits: 4}\n", "")
    assert promote(capsys)[0] == ExitCode.BAD_CONFIG  # there is no ledger
    ran(3)
    code, told = promote(capsys)
    assert (code, told["criteria"]) == (1, None)
    assert "--without-criteria" in told["refused"]
    assert promote(capsys, "--without-criteria")[0] == ExitCode.USAGE
    code, told = promote(capsys, "--without-criteria", "--reason", "an emergency")
    assert (code, told["promoted"]) == (0, True)
    # But what is stated is not passed over.
    assert promote(capsys, "--without-criteria", "--reason", "another")[0] == ExitCode.USAGE
    with Ledger.open("ledger.db", create=False) as ledger:
        (entry,) = ledger.promotions("sweep")
    assert (entry["without_criteria"], entry["reason"]) == (True, "an emergency")
