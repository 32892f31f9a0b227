"""What a run does with a policy at each status, and what is left of it afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.batch.run import RunRequest, RunResult, run
from engine.cli.main import main
from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Pack
from engine.language.moments import format_instant, parse_instant
from engine.language.words import Approval, Status
from engine.ledger.records import ActionStatus, Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import verify
from engine.review.case_view import load_case_view

FIRST_US = parse_instant("2026-06-01")
DAY_US = 86_400_000_000


@pytest.fixture(scope="module")
def shipped() -> Pack:
    """The shipped pack, its response to the reading out of logits without any approval."""
    pack = require_pack(find_rules())
    responses = tuple(
        replace(one, ladder=tuple(replace(step, approval=Approval.NONE) for step in one.ladder))
        if one.name == "logit-extraction"
        else one
        for one in pack.responses
    )
    return replace(pack, responses=responses)


def at(pack: Pack, status: Status) -> Pack:
    policies = tuple(
        replace(policy, status=status) if policy.name == "logit-sweep" else policy
        for policy in pack.policies
    )
    return replace(pack, policies=policies, digest=status.value)


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> str:
    rows = [
        {
            "event_id": f"{n}", "account_id": "probe", "model": "m", "max_tokens": 1,
            "ts": format_instant(FIRST_US + n * 60_000_000), "logprobs": True,
            "logit_bias_ids": [2 * n, 2 * n + 1],
        }
        for n in range(700)
    ]  # fmt: skip
    rows += [
        {"event_id": f"o{n}", "account_id": f"o{n}", "model": "m", "ts": format_instant(FIRST_US)}
        for n in range(100)
    ]
    path = tmp_path_factory.mktemp("activity") / "exchanges.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


@pytest.fixture
def db(tmp_path: Path) -> str:
    return str(tmp_path / "ledger.db")


@pytest.fixture
def ledger(db: str) -> Iterator[Ledger]:
    with Ledger.open(db) as opened:
        yield opened


def ran(pack: Pack, activity: str, ledger: Ledger, days: int = 1) -> RunResult:
    return run(pack, RunRequest(activity, as_of_us=FIRST_US + days * DAY_US), ledger)


def found(result: RunResult) -> tuple[str, int, int]:
    """The policy's status, judged subjects and findings, as the report has them."""
    (line,) = (line for line in result.report.policies if line.policy == "logit-sweep")
    return line.status, line.judged, line.findings


@pytest.mark.parametrize("status", [Status.DRAFT, Status.RETIRED])
def test_what_rests_is_not_judged(
    status: Status, shipped: Pack, activity: str, ledger: Ledger
) -> None:
    assert found(ran(at(shipped, status), activity, ledger)) == (status.value, 0, 0)
    assert [f.policy for f in ledger.findings() if f.policy == "logit-sweep"] == []


def test_shadow_records_and_does_nothing(
    shipped: Pack, activity: str, db: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with Ledger.open(db) as ledger:
        result = ran(at(shipped, Status.SHADOW), activity, ledger)
        assert found(result) == ("shadow", 101, 1)
        (hit,) = ledger.findings(policy="logit-sweep", status="shadow")
        assert (hit.subject_id, hit.case_id, hit.policy_status) == ("probe", None, "shadow")
        assert ledger.facts(hit.finding_id)
        assert (ledger.cases(), ledger.actions(), ledger.strikes(["probe"], 0)) == ((), (), {})
    export = ["findings", "export", "--db", db, "--run", "all", "--policy", "logit-sweep"]
    assert main([*export, "--status", "shadow"]) == 0
    (row,) = capsys.readouterr().out.splitlines()
    assert json.loads(row)["subject_id"] == "probe"
    assert main([*export, "--status", "review"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("status", "became"),
    [(Status.REVIEW, ActionStatus.PROPOSED), (Status.ENFORCE, ActionStatus.APPROVED)],
)
def test_review_proposes_and_enforce_acts(
    status: Status, became: ActionStatus, shipped: Pack, activity: str, ledger: Ledger
) -> None:
    ran(at(shipped, status), activity, ledger)
    assert {action.status for action in ledger.actions()} == {became.value}


def test_what_a_retired_policy_found_can_still_be_read_decided_and_replayed(
    shipped: Pack, activity: str, db: str
) -> None:
    with Ledger.open(db) as ledger:
        ran(at(shipped, Status.REVIEW), activity, ledger)
        (case,) = ledger.cases()
        before = load_case_view(ledger, case.case_id)
        ran(at(shipped, Status.RETIRED), activity, ledger, days=2)
        after = load_case_view(ledger, case.case_id)
        assert after == before
        assert after.findings[0].policy[0].text == "policy: logit-sweep"
        ledger.decide(
            case.case_id, seen_version=case.version, verdict=Verdict.APPROVE, reviewer="ana",
            reason="r", decided_us=FIRST_US,
        )  # fmt: skip
        assert list(ledger.strikes(["probe"], 0)) == ["probe"]
        # The same run again: it is answered from the ledger, as it was.
        again = ran(at(shipped, Status.REVIEW), activity, ledger)
        assert found(again) == ("review", 101, 1)
    assert verify(db).ok
