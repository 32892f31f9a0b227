"""Cohorts from a policy's text to what comes of it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from authored import came, crew, ends, measured, written

from engine.authoring.timeline import write_timeline
from engine.authoring.trial import try_out
from engine.batch.run import RunRequest, run

NOTHING = (-math.inf, math.inf)


def groups(*sizes: tuple[str, int, int], **fields: object) -> dict[str, Any]:
    """Return groups of accounts: the name, how many accounts, and how much each of them sends."""
    return {
        "accounts": [{"name": name, "count": count, **fields} for name, count, _ in sizes],
        "exchanges": [
            {"accounts": name, "per_account": each, "every": "1m"} for name, _, each in sizes
        ],
    }


RANK = {"sent": {"count": "all"}, "rank": {"cohort": "sent", "min_peers": 10}}
LOUD = groups(("loud", 1, 9), ("quiet", 10, 2))


def test_one_above_ten_others() -> None:
    assert came(LOUD, signals=RANK, when={"rank": {"gte": 1}}) == "finding"
    assert came(LOUD, signals=RANK, when={"rank": {"gt": 0.999}}) == "finding"


def test_one_peer_too_few_is_indeterminate() -> None:
    few = groups(("loud", 1, 9), ("quiet", 9, 2))
    assert came(few, signals=RANK, when={"rank": {"gte": 1}}) == "indeterminate"


def test_a_failed_test_says_that_peers_who_are_alike_leave_no_deviation() -> None:
    asked = {**RANK, "rank": {**RANK["rank"], "as": "robust_z"}}
    pack, policy = written(LOUD, signals=asked, when={"rank": {"gte": 1}})
    (fault,) = try_out(pack, policy, policy.tests[0], crew()).faults
    assert any("its peers are all alike" in line for line in fault.why)


def test_peers_share_the_fields_named() -> None:
    asked = {**RANK, "rank": {**RANK["rank"], "by": "plan"}}
    apart = groups(("loud", 1, 9), ("quiet", 10, 2))
    apart["accounts"][0]["plan"], apart["accounts"][1]["plan"] = "pro", "free"
    assert came(apart, signals=asked, when={"rank": {"gte": 1}}) == "indeterminate"
    apart["accounts"][0]["plan"] = "FREE"
    assert came(apart, signals=asked, when={"rank": {"gte": 1}}) == "finding"
    del apart["accounts"][0]["plan"]
    assert came(apart, signals=asked, when={"rank": {"gte": 1}}) == "indeterminate"


def test_a_value_that_is_unknown_makes_the_rank_an_interval() -> None:
    some = {"count": {"prompt|contains": "task"}}
    asked = {"it": {"cohort": "sent", "min_peers": 3}, "sent": some}
    accounts = groups(("own", 1, 4), ("less", 2, 3), ("perhaps", 2, 9))
    for series in accounts["exchanges"][:2]:
        series["prompt"] = "a task"
    facts = measured(accounts, "sent", signals=asked)
    own = facts["own-00000"]
    assert (own.low, own.high) == (0.5, 1.0)
    assert (own.counts["peers"], own.counts["unknown"]) == (4, 2)


def test_a_campaign_among_campaigns_has_few_peers() -> None:
    asked = {"sent": {"count": "all"}, "it": {"cohort": "sent"}}
    assert ends({**LOUD, "links": "all"}, "", signals=asked, subject="campaign") == NOTHING


def test_members_among_all_accounts() -> None:
    """Low and slow: the members are far down among accounts while the campaign is large."""
    asked = {"sent": {"count": "all"}, "it": {"cohort": "sent", "among": "accounts"}}
    everyone = groups(("slow", 30, 1), ("usual", 30, 5))
    everyone["accounts"][0]["payment_id"] = "one-card"
    everyone["exchanges"][0]["device_id"] = "one-device"
    facts = measured({**everyone, "links": "all"}, "", signals=asked, subject="campaign")
    (fact,) = facts.values()
    # Half of the members are below the other half: each at 29/118, or at 30/59 + 29/118.
    assert (fact.low, fact.high) == (0.5, 0.5)
    assert fact.counts["members"] == 60


@pytest.mark.parametrize("scale", ["percentile", "robust_z"])
def test_an_organisation_is_what_all_its_accounts_are(scale: str) -> None:
    asked = {
        "sent": {"count": "all"},
        "it": {"cohort": "sent", "by": "plan", "as": scale, "min_peers": 3},
    }
    timeline: dict[str, Any] = {"accounts": [], "exchanges": []}
    for at, plans in enumerate((["pro"], ["pro", "pro"], ["pro"], ["pro"], ["pro", "free"])):
        for inner, plan in enumerate(plans):
            name = f"org{at}-{inner}"
            timeline["accounts"].append({"name": name, "org_id": f"org{at}", "plan": plan})
            series = {"accounts": name, "per_account": at + 1, "every": "1m"}
            timeline["exchanges"].append(series)
    facts = measured(timeline, "", signals=asked, subject="organisation")
    assert {name: fact.counts["peers"] for name, fact in facts.items()} == {
        "org0": 3, "org1": 3, "org2": 3, "org3": 3, "org4": 0,
    }  # fmt: skip
    assert (facts["org4"].low, facts["org4"].high) == NOTHING
    assert facts["org3"].low == facts["org3"].high


def test_a_run_freezes_what_a_rank_was_computed_from(tmp_path: Path) -> None:
    """The facts of a finding suffice to compute it again; another order of rows changes nothing."""
    spread = {"cohort": "sent", "as": "robust_z", "min_peers": 10}
    asked = {
        "signals": {**RANK, "far": spread},
        "when": {"all": [{"rank": {"gte": 1}}, {"far": {"gte": 3}}]},
    }
    sizes = [(f"quiet{n}", 2, n) for n in range(1, 7)]
    pack, policy = written(groups(("loud", 1, 50), *sizes), **asked)
    facts = []
    for reverse in (False, True):
        folder = tmp_path / str(reverse)
        folder.mkdir()
        write_timeline(policy.tests[0], folder)
        if reverse:
            rows = folder.joinpath("exchanges.jsonl").read_text().splitlines()
            folder.joinpath("exchanges.jsonl").write_text("\n".join(reversed(rows)))
        records = run(pack, RunRequest(str(folder)), None).records
        assert records is not None
        facts.append(records.facts)
    assert facts[0] == facts[1]
    recorded = {fact.signal: fact for fact in facts[0]}
    rank, far = (json.loads(recorded[name].counts) for name in ("rank", "far"))
    assert (rank["below"], rank["equal"], rank["peers"]) == (12, 0, 12)
    assert (far["median_low"], far["deviation_low"]) == (3.5, 1.5)
    assert float(recorded["far"].low) == (50 - 3.5) / (1.4826 * 1.5)
