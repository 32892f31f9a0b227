"""A campaign's case stays one as members come and go from run to run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from engine.batch.run import RunRequest, RunResult, run
from engine.language.load import load_texts
from engine.language.model.pack import Pack
from engine.language.moments import format_instant, parse_instant
from engine.ledger.store import Ledger
from engine.ledger.verify import verify
from engine.review.case_view import load_case_view

FIRST_US = parse_instant("2026-06-01")
DAY_US = 86_400_000_000

DOCUMENTS = """\
pack: small
version: "1"
owners: [trust-and-safety]
guardrails:
  per_run: {warn: {accounts: 100, share: 1}}
---
terms: usage-policy
title: Usage policy
versions:
  - version: "1"
    effective: 2025-09-15
    clauses: [{id: scraping, section: "3.2", summary: No scraping, url: "https://example.com"}]
---
policy: asks
title: Asks to think
version: 1
status: review
owner: trust-and-safety
behaviour: distillation
axis: content
severity: high
clauses: [usage-policy/scraping]
subject: campaign
select: {asks: {prompt|contains: think}}
signals: {events: {count: asks, window: 7d}}
when: {events: {gte: 5}}
explain: "{events} requests"
tests:
  - name: a pool
    as_of: 2026-06-05
    accounts: {count: 5}
    exchanges: {per_account: 2, every: 30m, prompt: think}
    links: all
    expect: finding
---
links: devices
connect: [{shared: device_id}]
strength: {gte: 0.2}
members: {gte: 3}
---
response: answer
title: Answer
subject: campaign
when: {findings: {behaviour: distillation}}
ladder: [{do: warn}]
"""


@pytest.fixture(scope="module")
def pack() -> Pack:
    loaded = load_texts({"rules/all.yaml": DOCUMENTS.encode()})
    assert loaded.pack is not None, loaded.diagnostics
    return loaded.pack


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(str(tmp_path / "ledger.db")) as opened:
        yield opened


def judged(pack: Pack, ledger: Ledger, folder: Path, day: int, groups: Sequence[str]) -> RunResult:
    """Run over a day on which the accounts of each group share a device."""
    rows = [
        {
            "event_id": f"{day}-{account}-{n}", "account_id": account, "model": "m",
            "ts": format_instant(FIRST_US + day * DAY_US + n), "prompt": "think",
            "device_id": f"{day}-{number}",
        }
        for number, group in enumerate(groups)
        for account in group
        for n in range(3)
    ]  # fmt: skip
    path = folder / f"{day}.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return run(pack, RunRequest(str(path)), ledger)


def cases(ledger: Ledger) -> list[str]:
    return [case.subject_id for case in ledger.cases()]


def test_a_campaign_that_loses_its_first_member_stays_in_its_case(
    pack: Pack, ledger: Ledger, tmp_path: Path
) -> None:
    judged(pack, ledger, tmp_path, 0, ["abcdef"])
    (known,) = cases(ledger)
    (case,) = ledger.cases()
    view = load_case_view(ledger, case.case_id)
    assert [[tie.needed for tie in member.ties] for member in view.members] == [[True]] * 6
    later = judged(pack, ledger, tmp_path, 1, ["bcdefgh"])
    assert cases(ledger) == [known]
    assert {action.campaign_id for action in ledger.actions()} == {known}
    assert {action.account_id for action in ledger.actions()} == set("abcdefgh")
    (case,) = ledger.cases()
    assert (case.accounts, case.last_event_us) == (8, FIRST_US + DAY_US + 2)
    view = load_case_view(ledger, case.case_id)
    assert {member.record.account_id for member in view.members} == set("abcdefgh")
    assert all(member.ties for member in view.members)
    (sentence,) = later.report.lineage
    assert sentence.startswith(f"campaign {known} goes on")
    (turn,) = ledger.lineage()
    assert (turn["turn"], turn["campaign_id"]) == ("continued", known)

    # Once nobody of the first day is left, it is known by those who came since.
    judged(pack, ledger, tmp_path, 2, ["ghij"])
    assert cases(ledger) == [known]
    assert verify(str(tmp_path / "ledger.db")).problems == ()


def test_merges_and_splits_are_recorded_once(pack: Pack, ledger: Ledger, tmp_path: Path) -> None:
    judged(pack, ledger, tmp_path, 0, ["abcdef", "pqrs"])
    by_size = {case.accounts: case.subject_id for case in ledger.cases()}
    for day in (1, 2):
        judged(pack, ledger, tmp_path, day, ["abcdefpqrs"])
    assert sorted(cases(ledger)) == sorted(by_size.values())
    (merged,) = ledger.lineage()
    assert (merged["turn"], merged["campaign_id"], merged["other_id"]) == (
        "merged",
        by_size[6],
        by_size[4],
    )
    judged(pack, ledger, tmp_path, 3, ["abc", "def", "pqrs"])
    turns = [turn["turn"] for turn in ledger.lineage()]
    assert turns.count("split") == 1
    assert len(cases(ledger)) == 3
    before = ledger.checkpoints()
    again = judged(pack, ledger, tmp_path, 3, ["abc", "def", "pqrs"])
    assert again.records is None
    assert ledger.checkpoints() == before


def test_the_same_runs_over_an_empty_ledger_give_the_same_log(pack: Pack, tmp_path: Path) -> None:
    subjects = []
    for name in ("one", "other"):
        with Ledger.open(str(tmp_path / f"{name}.db")) as opened:
            for day, groups in enumerate((["abcdef", "pqrs"], ["bcdefpqrs"])):
                judged(pack, opened, tmp_path, day, groups)
            subjects.append(([case.case_id for case in opened.cases()], opened.lineage()))
    assert subjects[0] == subjects[1]
    assert subjects[0][1]
