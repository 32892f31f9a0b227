"""A pool that replaces one that was acted on is told, once, and nothing else is taken for one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from engine.authoring.explain.recorded.decision import recorded_decisions
from engine.authoring.explain.recorded.record import decision_record
from engine.authoring.explain.recorded.text import decision_text
from engine.batch.run import RunRequest, RunResult, run
from engine.language.load import load_texts
from engine.language.model.pack import Pack
from engine.language.moments import format_instant, parse_instant
from engine.ledger.naming import run_named
from engine.ledger.records import Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import verify
from engine.review.case_view import load_case_view
from engine.review.succession import headline, sentences

FIRST_US = parse_instant("2026-06-01")
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
TEMPLATE = "Think it through in the tagged block before item {n} is answered fully"

DOCUMENTS = """\
pack: small
version: "1"
owners: [trust-and-safety]
guardrails:
  per_run: {warn: {accounts: 1000, share: 1}}
---
terms: usage-policy
title: Usage policy
versions:
  - version: "1"
    effective: 2025-09-15
    clauses: [{id: scraping, section: "3.2", summary: No scraping, url: "https://example.com"}]
---
policy: asks
title: Asks a lot
version: 1
status: review
owner: trust-and-safety
behaviour: distillation
axis: content
severity: high
clauses: [usage-policy/scraping]
subject: campaign
signals: {events: {count: all, window: 30d}}
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
policy: together
title: One device
version: 1
status: review
owner: trust-and-safety
behaviour: distillation
axis: access
severity: low
clauses: [usage-policy/scraping]
subject: campaign
signals: {size: members}
when: {size: {gte: 3}}
explain: "{size} accounts"
tests:
  - name: a pool
    as_of: 2026-06-05
    accounts: {count: 5}
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


@dataclass(frozen=True)
class Pool:
    """Accounts that share a device, and what they send every hour for some days."""

    accounts: Sequence[str]
    device: str
    from_day: float
    days: float

    def rows(self) -> Iterator[Mapping[str, object]]:
        start_us = FIRST_US + int(self.from_day * DAY_US)
        for place, account in enumerate(self.accounts):
            for n in range(int(self.days * 24)):
                yield {
                    "event_id": f"{account}-{n}", "account_id": account, "model": "m",
                    "ts": format_instant(start_us + n * HOUR_US + place),
                    "prompt": TEMPLATE.replace("{n}", str(n)), "device_id": self.device,
                }  # fmt: skip


def names(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{number:02d}" for number in range(count)]


OLD = Pool(names("old", 6), "d1", 0, 8)
SUCCESSOR = Pool(names("new", 6), "d2", 8.5, 3)


def activity(folder: Path, name: str, *pools: Pool) -> RunRequest:
    path = folder / f"{name}.jsonl"
    with path.open("w") as lines:
        lines.writelines(json.dumps(row) + "\n" for pool in pools for row in pool.rows())
    return RunRequest(str(path))


def stopped(ledger: Ledger, at_us: int = FIRST_US + 8 * DAY_US) -> None:
    """Approve what is proposed in every case."""
    for case in ledger.cases():
        if case.status == "open":
            ledger.decide(
                case.case_id, seen_version=case.version, verdict=Verdict.APPROVE, reviewer="ana",
                reason="a pool", decided_us=at_us,
            )  # fmt: skip


def judged(pack: Pack, ledger: Ledger, folder: Path, *later: Pool) -> RunResult:
    """Find the old pool, stop it, and look at what came later."""
    run(pack, activity(folder, "first", OLD), ledger)
    stopped(ledger)
    return run(pack, activity(folder, "later", OLD, *later), ledger)


def test_a_pool_that_replaces_another_is_told_with_what_it_rests_on(
    pack: Pack, ledger: Ledger, tmp_path: Path
) -> None:
    result = judged(pack, ledger, tmp_path, SUCCESSOR)
    (told,) = ledger.successions()
    by_accounts = {ledger.members(case.case_id)[0].account_id: case for case in ledger.cases()}
    old, new = by_accounts["old00"], by_accounts["new00"]
    assert (told.campaign_id, told.other_id) == (new.subject_id, old.subject_id)
    assert told.likeness == "1.000000"
    assert told.acted_us == FIRST_US + 8 * DAY_US
    assert told.half_us == FIRST_US + 8 * DAY_US + 12 * HOUR_US + 2
    assert (told.began, told.accounts) == (6, 6)
    evidence = json.loads(told.evidence)
    assert evidence["field"] == "prompt_shape"
    (trait,) = evidence["traits"]
    assert trait["then"] == trait["now"] == {"share": "1.000000", "accounts": 6, "others": 0}
    assert (evidence["models"], evidence["hours"]) == ("1.000000", "1.000000")
    assert any(f"{new.subject_id} succeeds {old.subject_id}" in s for s in result.report.lineage)
    view = load_case_view(ledger, new.case_id)
    assert [headline(one, new.subject_id) for one in view.successions] == [
        f"succeeds {old.subject_id}"
    ]
    (begun, alike, trait_told, beside) = sentences(view.successions[0])
    assert begun.startswith("6 of 6 accounts began after the action of 2026-06-09 00:00Z")
    assert alike.startswith("100 % of what both send")
    assert trait_told.endswith("of its accounts 6 and 6, of others 0 and 0")
    assert beside.startswith("models are alike to 1.00")
    (decision,) = recorded_decisions(
        ledger, pack, run_named(ledger, "latest"), new.subject_id, "asks"
    )
    assert begun in decision_text(decision)
    (recorded,) = cast("list[dict[str, object]]", decision_record(decision, 3)["successions"])
    assert recorded["other_id"] == old.subject_id
    assert [one.record.campaign_id for one in load_case_view(ledger, old.case_id).successions] == [
        new.subject_id
    ]

    # It acts by nothing: the case waits as any other.
    assert new.status == "open"
    assert {action.status for action in ledger.actions(case_id=new.case_id)} == {"proposed"}

    # It is told once, by however many runs it is seen.
    before = ledger.checkpoints()
    again = run(pack, RunRequest(str(tmp_path / "later.jsonl")), ledger)
    assert again.records is None
    assert ledger.checkpoints() == before
    longer = Pool(names("new", 7), "d2", 8.5, 4)
    later = run(pack, activity(tmp_path, "longer", OLD, longer), ledger)
    assert later.report.lineage == ()
    assert len(ledger.successions()) == 1

    # What is kept for that is no text.
    kept = [record.conduct for record in ledger.conducts()]
    kept += [record.evidence for record in ledger.successions()]
    assert len(kept) == 4
    assert not any(word in text.lower() for text in kept for word in ("think", "tagged", '"m"'))
    assert verify(str(tmp_path / "ledger.db")).problems == ()


def test_what_was_rejected_has_no_successor(pack: Pack, ledger: Ledger, tmp_path: Path) -> None:
    run(pack, activity(tmp_path, "first", OLD), ledger)
    (case,) = ledger.cases()
    ledger.decide(
        case.case_id, seen_version=case.version, verdict=Verdict.REJECT, reviewer="ana",
        reason="a class", decided_us=FIRST_US + 8 * DAY_US,
    )  # fmt: skip
    run(pack, activity(tmp_path, "later", OLD, SUCCESSOR), ledger)
    assert ledger.successions() == ()
