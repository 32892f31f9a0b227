"""Every signal of the shipped pack can be said in words."""

from __future__ import annotations

from small_pack import policy_with

from engine.language.load import find_rules, require_pack
from engine.language.wording import signal_words

PACK = require_pack(find_rules())


def words(policy: str) -> dict[str, str]:
    found = next(p for p in PACK.policies if p.name == policy)
    return {signal.name: signal_words(found, signal.name) for signal in found.signals}


def test_signals_in_words() -> None:
    assert words("logit-sweep") == {
        "probes": "count of probe in 1d",
        "tokens": "different logit_bias_ids over probe in 1d",
    }
    assert (
        words("reasoning-harness")["carriers"]
        == "accounts with at least 0.3 demands_reasoning in 45d"
    )
    assert words("pooled-payment")["shared_payment"] == (
        "share of members with account.payment_id in common"
    )


def test_cohorts_and_anchored_windows_in_words() -> None:
    signals = {
        "fresh": {"count": "all", "window": {"after": "release", "for": "24h", "last": "7d"}},
        "young": {"count": "all", "window": {"after": "signup", "for": "7d"}},
        "rank": {"cohort": "fresh", "by": ["plan", "billing_country"]},
        "low": {"cohort": "fresh", "as": "robust_z", "among": "accounts"},
    }
    policy = policy_with(
        signals=signals, when={"fresh": {"gt": 1}}, explain="{young} {rank} {low}", select=None
    )
    assert [signal_words(policy, name) for name in signals] == [
        "count of requests within 1d after the model's release in 1w",
        "count of requests within 1w after the sign-up",
        "percentile of fresh among campaigns of the same plan and billing_country",
        "members' median robust z of fresh among accounts",
    ]


def test_habits_in_words() -> None:
    signals = {
        "hours": {"active_hours": "demands", "window": "7d"},
        "flat": {"hour_flatness": "all"},
        "new": {"novel": "ip", "window": "7d", "history": "30d"},
        "fresh": {
            "novel": "ip",
            "where": "demands",
            "window": "7d",
            "history": "30d",
            "as": "share",
        },
        "burst": {"spike": "demands", "window": "1d", "baseline": "28d"},
        "shift": {"release_shift": "model", "min_of": 9},
        "run": {"id_coverage": "logit_bias_ids", "as": "longest_run"},
    }  # fmt: skip
    shown = " ".join(f"{{{name}}}" for name in signals)
    policy = policy_with(signals=signals, when={"hours": {"gt": 1}}, explain=shown)
    assert [signal_words(policy, name) for name in signals] == [
        "hours of the week with demands in 1w",
        "evenness over the day",
        "ip not in the 30d before in 1w",
        "share of ip not in the 30d before over demands in 1w",
        "rise of demands over the 4w before in 1d",
        "share moved to a model within 1d of its release",
        "longest run of logit_bias_ids",
    ]


def test_every_shipped_signal_has_words() -> None:
    for policy in PACK.policies:
        for text in words(policy.name).values():
            assert text
            assert "chosen requests" not in text


_SELECT = {"first": {"turn": 1}, "refused": {"status": 403}}
_MEASURES = {
    "often": (
        {
            "windows": {"count": "first"},
            "span": "10m",
            "with": {"gte": 10, "lt": 20},
            "window": "7d",
        },
        "intervals of 10m with count of first at least 10 and below 20 in 1w",
    ),
    "slow": (
        {
            "windows": {"quantile": "latency_ms", "q": 0.95, "where": "first"},
            "span": "1h",
            "with": {"gt": 2.5},
        },
        "intervals of 1h with quantile 0.95 of latency_ms over first above 2.5",
    ),
    "kinds": (
        {"windows": {"kinds": ["first", "refused"]}, "span": "1h", "with": 2},
        "intervals of 1h with kinds among first, refused exactly 2",
    ),
    "steps": (
        {"windows": {"steps": ["first", "refused"]}, "span": "1h", "with": 2},
        "intervals of 1h with steps of first then refused exactly 2",
    ),
    "around": (
        {"together": ["first", "not refused"], "within": "1h", "ordered": True},
        "first with no refused within 1h in this order",
    ),
    "evading": (
        {"sequence": ["first", "not refused", "first"], "within": "1h", "window": "1d"},
        "first then no refused then first within 1h in 1d",
    ),
}


def test_measures_over_intervals_in_words() -> None:
    policy = policy_with(
        select=_SELECT,
        signals={name: written for name, (written, _) in _MEASURES.items()},
        when={"often": {"gte": 1}},
        explain=" ".join(f"{{{name}}}" for name in _MEASURES),
    )
    found = {name: signal_words(policy, name) for name in _MEASURES}
    assert found == {name: text for name, (_, text) in _MEASURES.items()}
