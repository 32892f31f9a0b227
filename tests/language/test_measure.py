"""Signals."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_pack import policy_faults, policy_with

from engine.language.fields import FieldRef
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, After, Test
from engine.language.span import NOWHERE
from engine.language.words import Anchor, CohortScale, Match, NoveltyScale, Operator, RankMethod

_DAY = 86_400_000_000
_FIRST = {"turn": 1}
_WHERE = Test(FieldRef("turn"), Match.EQUALS, (1,))


def _measure(written: object) -> m.Measure:
    policy = policy_with(
        select=None, signals={"events": written}, when={"events": {"gt": 0.5}}, explain="{events}"
    )
    return policy.signals[0].measure


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"count": "all"}, m.Count(where=EVERYTHING)),
        ("count", m.Count(where=EVERYTHING)),
        ({"count": "all", "timespan": "2d"}, m.Count(where=EVERYTHING, window_us=2 * _DAY)),
        ({"sum": "input_tokens"}, m.Sum(field=FieldRef("input_tokens"))),
        ({"mean": "temperature"}, m.Mean(field=FieldRef("temperature"))),
        ({"min": "latency_ms", "window": "1d"},
         m.Minimum(field=FieldRef("latency_ms"), window_us=_DAY)),
        ({"max": "turn"}, m.Maximum(field=FieldRef("turn"))),
        ({"distinct": "account.payment_id"},
         m.Distinct(field=FieldRef("payment_id", of_account=True))),
        ({"top_share": "model", "min_of": 9}, m.TopShare(field=FieldRef("model"), min_of=9)),
        ({"entropy": "capability"}, m.Entropy(field=FieldRef("capability"))),
        ({"same_shape": "prompt"}, m.TopShare(field=FieldRef("prompt_shape"))),
        ({"same_shape": "system_prompt"}, m.TopShare(field=FieldRef("system_shape"))),
        ({"busiest": "all", "span": "1h"},
         m.Busiest(where=EVERYTHING, span_us=_DAY // 24)),
        ({"count": "all", "window": {"after": "release", "of": "model", "for": "24h"}},
         m.Count(where=EVERYTHING, after=After(Anchor.RELEASE, _DAY))),
        ({"entropy": "capability", "window": {"after": "signup", "for": "2d", "last": "1d"}},
         m.Entropy(field=FieldRef("capability"), window_us=_DAY,
                   after=After(Anchor.SIGNUP, 2 * _DAY))),
        ({"accounts": "all", "of": "all", "timespan": {"after": "signup", "for": "1d"}},
         m.Carriers(where=EVERYTHING, at_least_share=0.0, after=After(Anchor.SIGNUP, _DAY))),
        ("gap_cv", m.GapCv()),
        ({"gap_cv": None, "min_events": 500}, m.GapCv(min_events=500)),
        ({"gap_cv": {}, "min_events": 500}, m.GapCv(min_events=500)),
        ("active_hours", h.ActiveHours()),
        ({"active_hours": "all", "window": "1d"}, h.ActiveHours(window_us=_DAY)),
        ("hour_flatness", h.HourFlatness(min_events=240)),
        ({"hour_flatness": None, "min_events": 24}, h.HourFlatness(min_events=24)),
        ({"novel": "ip", "window": "1d", "history": "2d"},
         h.Novel(field=FieldRef("ip"), window_us=_DAY, history_us=2 * _DAY)),
        ({"novel": "labels", "window": "1d", "history": "2d", "as": "share", "min_history": 9},
         h.Novel(field=FieldRef("labels"), window_us=_DAY, history_us=2 * _DAY,
                 scale=NoveltyScale.SHARE, min_history=9)),
        ({"spike": "all", "window": "1d", "baseline": "7d"},
         h.Spike(where=EVERYTHING, window_us=_DAY, baseline_us=7 * _DAY)),
        ({"spike": "all", "window": "2d", "baseline": "7d", "min_windows": 3},
         h.Spike(where=EVERYTHING, window_us=2 * _DAY, baseline_us=7 * _DAY, min_windows=3)),
        ({"release_shift": "model"},
         h.ReleaseShift(field=FieldRef("model"), soon=After(Anchor.RELEASE, _DAY))),
        ({"release_shift": "model", "within": "2d", "min_of": 20, "window": "2d"},
         h.ReleaseShift(field=FieldRef("model"), soon=After(Anchor.RELEASE, 2 * _DAY), min_of=20,
                        window_us=2 * _DAY)),
        ({"id_coverage": "logit_bias_ids"}, m.Distinct(field=FieldRef("logit_bias_ids"))),
        ({"id_coverage": "logit_bias_ids", "as": "longest_run", "window": "1d"},
         m.LongestRun(field=FieldRef("logit_bias_ids"), window_us=_DAY)),
        ({"quantile": "latency_ms", "q": 0.95},
         m.Quantile(field=FieldRef("latency_ms"), q=0.95)),
        ({"quantile": "latency_ms", "q": 1, "method": "linear", "min_of": 20},
         m.Quantile(
            field=FieldRef("latency_ms"), q=1.0, method=RankMethod.LINEAR, min_of=20
         )),
        ("members", m.Members()),
        ({"payers": None}, m.Payers()),
        ({"organisations": "all"}, m.Organisations()),
        ({"accounts": "all", "at_least_share": 0.95},
         m.Carriers(where=EVERYTHING, at_least_share=0.95)),
        ({"accounts": "all"}, m.Carriers(where=EVERYTHING, at_least_share=0.0)),
        ({"partition_index": "prompt_shape"}, m.PartitionIndex(field=FieldRef("prompt_shape"))),
        ({"shared": "account.device_id"},
         m.Shared(field=FieldRef("device_id", of_account=True))),
        ({"shared": "prompt_hash", "at_least_share": 0.2},
         m.Shared(field=FieldRef("prompt_hash"), at_least_share=0.2)),
        ({"tenants": "user_agent", "at_least": 8, "window": "1d"},
         m.Tenants(field=FieldRef("user_agent"), at_least=8, window_us=_DAY)),
        ({"approval": "agreed"}, m.Approved(approval="agreed")),
    ],
)  # fmt: skip
def test_measures_by_their_words(written: object, expected: m.Measure) -> None:
    found = _measure(written)
    after = getattr(found, "after", None)
    if after is not None:
        assert after.span.file
        found = replace(found, after=replace(after, span=NOWHERE))  # type: ignore[call-arg]
    assert found == expected


def _compared(written: dict[str, object]) -> m.Measure:
    signals = {"it": written, "events": {"count": "all", "window": "1d"}, "size": "members"}
    signals |= {"other": {"cohort": "events"}}
    policy = policy_with(
        select=None, signals=signals, when={"it": {"gt": 0.5}}, explain="{events} {size} {other}"
    )
    return policy.signal("it").measure


_EVENTS = m.Count(where=EVERYTHING, window_us=_DAY)
_PLAN = FieldRef("plan", of_account=True)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ({"cohort": "events"}, m.Cohort(value=_EVENTS, min_peers=30)),
        ({"cohort": "size", "by": "plan", "as": "robust_z", "min_peers": 3},
         m.Cohort(value=m.Members(), by=(_PLAN,), scale=CohortScale.ROBUST_Z, min_peers=3)),
        ({"cohort": "events", "by": ["account.plan", "signup_asn"]},
         m.Cohort(value=_EVENTS, by=(_PLAN, FieldRef("signup_asn", of_account=True)),
                  min_peers=30)),
        ({"cohort": "events", "among": "accounts"},
         m.MemberCohort(cohort=m.Cohort(value=_EVENTS, min_peers=30))),
        ({"cohort": "other"},
         m.Cohort(value=m.Cohort(value=_EVENTS, min_peers=30), min_peers=30)),
    ],
)  # fmt: skip
def test_cohorts_hold_the_measure_that_they_compare(
    written: dict[str, object], expected: m.Measure
) -> None:
    assert _compared(written) == expected


def test_selections_of_measures_are_read() -> None:
    share = _measure({"share": _FIRST, "of": {"turn": 1}, "min_of": 5})
    assert isinstance(share, m.Share)
    for part in (share.where, share.of):
        assert isinstance(part, Test)
        assert (part.field, part.values) == (_WHERE.field, _WHERE.values)
    assert share.min_of == 5
    for written in ({"gap_cv": None, "where": _FIRST}, {"gap_cv": _FIRST}):
        gaps = _measure(written)
        assert isinstance(gaps, m.GapCv)
        assert getattr(gaps.where, "field", None) == _WHERE.field


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ({"count": "all", "where": _FIRST}, "EX121"),
        ({"share": "all", "min_of": 0}, "EX125"),
        ({"share": "all", "min_of": 2.5}, "EX123"),
        ({"gap_cv": "all", "min_events": 2}, "EX125"),
        ({"gap_cv": "all", "where": _FIRST}, "EX131"),
        ({"busiest": "all"}, "EX122"),
        ({"active_hours": "all", "where": _FIRST}, "EX131"),
        ({"hour_flatness": "all", "min_events": 23}, "EX125"),
        ({"novel": "ip", "window": "1d"}, "EX122"),
        ({"novel": "ip", "history": "1d"}, "EX122"),
        ({"novel": "ip", "window": {"after": "signup", "for": "1d"}, "history": "1d"}, "EX123"),
        ({"novel": "ip", "window": "1d", "history": "1d", "as": "ratio"}, "EX124"),
        ({"spike": "all", "window": "1d"}, "EX122"),
        ({"spike": "all", "window": "1d", "baseline": "6d"}, "EX125"),
        ({"spike": "all", "window": "1d", "baseline": "7d", "min_windows": 2}, "EX125"),
        ({"release_shift": "endpoint"}, "EX124"),
        ({"id_coverage": "prompt"}, "EX221"),
        ({"id_coverage": "logit_bias_ids", "as": "contiguous"}, "EX124"),
        ({"members": "all", "window": "7d"}, "EX121"),
        ({"shared": "account.payment_id", "window": "7d"}, "EX121"),
        ({"count": "all", "window": {"after": "release"}}, "EX122"),
        ({"count": "all", "window": {"for": "24h"}}, "EX122"),
        ({"count": "all", "window": {}}, "EX122"),
        ({"count": "all", "window": {"after": "lunch", "for": "24h"}}, "EX124"),
        ({"count": "all", "window": {"after": "release", "of": "account", "for": "24h"}}, "EX124"),
        ({"count": "all", "window": {"after": "release", "for": "soon"}}, "EX126"),
        ({"count": "all", "window": {"after": "release", "for": "1d", "every": "7d"}}, "EX121"),
        ({"count": "all", "window": ["7d"]}, "EX123"),
        ({"members": {"turn": 1}}, "EX123"),
        ({"payers": ["all"]}, "EX123"),
        ({"approval": 5}, "EX123"),
        ({"sum": 5}, "EX123"),
        ({"sum": "model"}, "EX221"),
        ({"distinct": "colour"}, "EX201"),
        ({"quantile": "turn"}, "EX122"),
        ({"quantile": "turn", "q": 95}, "EX125"),
        ({"quantile": "turn", "q": 0.0000000001}, "EX125"),
        ({"quantile": "model", "q": 0.5}, "EX221"),
        ({"tenants": "account.device_id", "at_least": 2}, "EX221"),
        ({"tenants": "account_id", "at_least": 2}, "EX221"),
        ({"tenants": "colour", "at_least": 2}, "EX201"),
        ({"tenants": "user_agent", "at_least": 1}, "EX125"),
        ({"shared": "prompt_hash", "at_least_share": 1.5}, "EX125"),
        ({"shared": "account.device_id", "at_least_share": 0.5}, "EX121"),
        ([], "EX123"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(written: object, code: str) -> None:
    assert code in policy_faults(select=None, signals={"events": written})


def test_an_approval_in_a_condition_adds_its_signal() -> None:
    policy = policy_with(unless=[{"approval": "agreed"}, {"approval": "agreed"}])
    signal = policy.signal("approval:agreed")
    assert signal.measure == m.Approved(approval="agreed")
    assert len(policy.signals) == 2
    comparison = policy.unless[0]
    assert getattr(comparison, "operator", None) is Operator.GTE
    assert getattr(comparison, "threshold", None) == 1.0
