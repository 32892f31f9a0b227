"""Runs day after day over one ledger, with decisions in between."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.batch.run import RunRequest, RunResult, run
from engine.language.load import find_rules, require_pack
from engine.language.model.pack import Exemption, Pack
from engine.language.moments import format_instant, parse_instant
from engine.ledger.deciding import StaleCase
from engine.ledger.records import ActionStatus, CaseRecord, Verdict
from engine.ledger.store import Ledger
from engine.ledger.verify import verify
from engine.review.case_view import load_case_view

DAY_US = 86_400_000_000
FIRST_US = parse_instant("2026-06-01")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return require_pack(find_rules())


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(str(tmp_path / "ledger.db")) as opened:
        yield opened


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return four days in which one account reads the output layer out, and many do not."""
    rows = [
        {
            "event_id": f"{day}-{n}", "account_id": "probe", "model": "m", "prompt": "x",
            "ts": format_instant(FIRST_US + day * DAY_US + n * 60_000_000), "max_tokens": 1,
            "logprobs": True, "logit_bias_ids": [2 * n, 2 * n + 1],
        }
        for day in range(4)
        for n in range(600 + day)
    ]  # fmt: skip
    rows += [
        {
            "event_id": f"o{n}", "account_id": f"other{n}", "model": "m",
            "ts": format_instant(FIRST_US), "logprobs": False,
        }
        for n in range(100)
    ]  # fmt: skip
    path = tmp_path_factory.mktemp("activity") / "exchanges.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def judged(pack: Pack, ledger: Ledger, activity: str, day: int, later_us: int = 0) -> RunResult:
    end_us = FIRST_US + day * DAY_US
    return run(pack, RunRequest(activity, as_of_us=end_us + later_us, until_us=end_us), ledger)


def decide(ledger: Ledger, case: CaseRecord, verdict: Verdict) -> None:
    ledger.decide(
        case.case_id, seen_version=case.version, verdict=verdict, reviewer="ana", reason="r",
        decided_us=0,
    )  # fmt: skip


@pytest.mark.parametrize("verdict", Verdict)
def test_what_was_decided_upon_opens_no_other_case(
    verdict: Verdict, pack: Pack, ledger: Ledger, activity: str
) -> None:
    for day in (1, 2):
        judged(pack, ledger, activity, day)
    (case,) = ledger.cases()
    assert len(ledger.findings(case_id=case.case_id)) == 2
    decide(ledger, case, verdict)
    # The same conduct, judged a second later: another run, but nothing that was not decided upon.
    again = judged(pack, ledger, activity, 2, later_us=1_000_000)
    assert again.recorded is not None
    assert (again.recorded.added_cases, again.recorded.added_actions) == (0, 0)
    judged(pack, ledger, activity, 3)
    assert len(ledger.cases()) == 2


def test_what_an_exemption_stopped_is_proposed_once_it_has_expired(
    pack: Pack, ledger: Ledger, activity: str
) -> None:
    exemption = Exemption(
        "e", "contract", "o", "b", until_us=FIRST_US + DAY_US, accounts=frozenset({"probe"})
    )
    exempting = replace(pack, exemptions=(exemption,))
    judged(exempting, ledger, activity, 1)
    assert {action.status for action in ledger.actions()} == {ActionStatus.EXEMPT.value}
    assert judged(exempting, ledger, activity, 2).report.expired_exemptions == ("e",)
    (case,) = ledger.cases()
    statuses = sorted(action.status for action in ledger.actions(case_id=case.case_id))
    half = len(statuses) // 2
    assert statuses == ["exempt"] * half + ["proposed"] * half
    assert case.version == 2  # it is before a reviewer again


def exempting(pack: Pack, until_day: int) -> Pack:
    """The pack with an exemption of `probe`; it counts as another pack."""
    exemption = Exemption(
        "e", "contract", "o", "b", FIRST_US + until_day * DAY_US, accounts=frozenset({"probe"})
    )
    return replace(pack, exemptions=(exemption,), digest=f"until {until_day}")


def statuses(ledger: Ledger) -> list[str]:
    return sorted(action.status for action in ledger.actions())


def test_what_was_proposed_before_an_exemption_can_no_longer_be_approved(
    pack: Pack, ledger: Ledger, activity: str, tmp_path: Path
) -> None:
    judged(pack, ledger, activity, 1)
    (seen,) = ledger.cases()
    both = len(ledger.actions())
    assert statuses(ledger) == ["proposed"] * both

    # The same conduct, and again a day later: the account has gained an exemption.
    for day in (1, 2):
        judged(exempting(pack, 2), ledger, activity, day)
        assert statuses(ledger) == ["exempt"] * 2 * both
    with pytest.raises(StaleCase, match="or exempted accounts"):
        decide(ledger, seen, Verdict.APPROVE)
    reasons = {action.reason for action in ledger.actions()}
    assert reasons == {"", "exemption e: contract"}
    assert load_case_view(ledger, seen.case_id).effect == ()

    # Once it has expired everything is proposed anew, and what is exempted again goes once more.
    judged(exempting(pack, 2), ledger, activity, 3)
    assert statuses(ledger) == ["exempt"] * 2 * both + ["proposed"] * both
    judged(exempting(pack, 9), ledger, activity, 3)
    assert statuses(ledger) == ["exempt"] * 3 * both
    judged(pack, ledger, activity, 3, later_us=1)
    (case,) = ledger.cases()
    assert (case.status, case.version) == ("open", 5)
    decide(ledger, case, Verdict.APPROVE)
    assert statuses(ledger) == ["approved"] * both + ["exempt"] * 3 * both
    assert list(ledger.strikes(["probe"], 0)) == ["probe"]
    assert verify(str(tmp_path / "ledger.db")).problems == ()
