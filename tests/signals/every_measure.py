"""Every measure of the language, with every kind of window and of filter, over generated fields.

A measure does not meet every window in company with every filter: each list is gone through in
turn, and each kind of subject goes on where the one before stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import count, cycle
from typing import Any

from worlds import DAY, HOUR, check, ref

from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING, After, AllOf, AnyOf, Not, Selection
from engine.language.words import (
    Anchor,
    CohortScale,
    Match,
    NoveltyScale,
    Operator,
    RankMethod,
    SubjectKind,
)

Windowed = dict[str, Any]
Make = Callable[[Selection, Windowed], m.Measure]

ELICITS = AnyOf((
    check("prompt", Match.CONTAINS, "step by step", "ahead of the final answer", "ﬁne"),
    check("labels", Match.EQUALS, "reasoning_elicitation"),
))  # fmt: skip
OK = check("status", Match.EQUALS, 200)
LATE = check("latency_ms", Match.GT, 1500.5)
TEMPERED = check("temperature", Match.LT, 0.7)
FREE = check("account.plan", Match.EQUALS, "Free")
AGENTIC = check("capability", Match.STARTSWITH, "agen")
FILTERS: list[Selection] = [
    EVERYTHING,
    ELICITS,
    AllOf((OK, FREE)),
    AnyOf((TEMPERED, Not(check("device_id", Match.EXISTS, True)))),
    Not(check("ip", Match.CIDR, "10.1.0.0/17", "2001:db8::/32")),
]
WINDOWS: list[Windowed] = [
    {"window_us": None},
    {"window_us": DAY},
    {"window_us": 7 * DAY},
    {"window_us": None, "after": After(Anchor.SIGNUP, 30 * DAY)},
    {"window_us": 10 * DAY, "after": After(Anchor.RELEASE, 2 * DAY)},
]
SPANS = cycle([HOUR, 0, 10 * 60 * 1_000_000, 3 * DAY, 6 * HOUR, 2**63])
TOKENS, TEMPERATURE = ref("input_tokens"), ref("temperature")


def _bounds(*pairs: tuple[Operator, float]) -> tuple[m.Bound, ...]:
    return tuple(m.Bound(operator, threshold) for operator, threshold in pairs)


def _windows(inner: Callable[[Selection], m.Inner], *pairs: tuple[Operator, float]) -> Make:
    return lambda where, rest: m.Windows(
        inner=inner(where), span_us=next(SPANS), bounds=_bounds(*pairs), **rest
    )


def _steps(*steps: Selection | m.Step) -> tuple[m.Step, ...]:
    return tuple(one if isinstance(one, m.Step) else m.Step(one) for one in steps)


GONE = m.Step(AGENTIC, absent=True)
_NUMBERS: list[Make] = [
    lambda where, rest: m.Sum(field=TOKENS, where=where, **rest),
    lambda where, rest: m.Sum(field=TEMPERATURE, where=where, **rest),
    lambda where, rest: m.Mean(field=ref("latency_ms"), where=where, **rest),
    lambda where, rest: m.Minimum(field=TEMPERATURE, where=where, **rest),
    lambda where, rest: m.Maximum(field=TOKENS, where=where, **rest),
    lambda where, rest: m.Quantile(field=ref("latency_ms"), q=0.95, where=where, **rest),
    lambda where, rest: m.Quantile(
        field=TEMPERATURE, q=0.333333333, method=RankMethod.LINEAR, min_of=2, where=where, **rest
    ),
]
_VALUES: list[Make] = [
    lambda where, rest: m.Distinct(field=ref("prompt_shape"), where=where, **rest),
    lambda where, rest: m.Distinct(field=ref("labels"), where=where, **rest),
    lambda where, rest: m.TopShare(field=ref("model"), min_of=3, where=where, **rest),
    lambda where, rest: m.Entropy(field=ref("end_user_id"), min_of=2, where=where, **rest),
    lambda where, rest: m.Entropy(field=ref("logit_bias_ids"), min_of=1, where=where, **rest),
    lambda where, rest: m.LongestRun(field=ref("logit_bias_ids"), where=where, **rest),
    lambda where, rest: m.LongestRun(field=ref("turn"), where=where, **rest),
]
_RHYTHM: list[Make] = [
    lambda where, rest: m.Count(where=where, **rest),
    lambda where, rest: m.Share(where=where, of=OK, min_of=2, **rest),
    lambda where, rest: m.Busiest(where=where, span_us=next(SPANS), **rest),
    lambda where, rest: m.GapCv(where=where, min_events=3, **rest),
    lambda where, rest: h.ActiveHours(where=where, **rest),
    lambda where, rest: h.HourFlatness(where=where, min_events=2, **rest),
    lambda where, rest: h.ReleaseShift(
        field=ref("model"), soon=After(Anchor.RELEASE, DAY), min_of=2, where=where, **rest
    ),
]
_PAST: list[Make] = [
    lambda where, _: h.Novel(
        field=ref("ip"), where=where, window_us=2 * DAY, history_us=7 * DAY
    ),
    lambda where, _: h.Novel(
        field=ref("labels"), where=where, window_us=DAY, history_us=3 * DAY,
        scale=NoveltyScale.SHARE,
    ),
    lambda where, _: h.Spike(where=where, window_us=DAY, baseline_us=9 * DAY + 5, min_windows=2),
]  # fmt: skip
_SLIDING: list[Make] = [
    _windows(lambda where: m.Count(where=where), (Operator.GTE, 3)),
    _windows(lambda where: m.Sum(field=TOKENS, where=where), (Operator.GT, 4000.5)),
    _windows(
        lambda where: m.Sum(field=TEMPERATURE, where=where), (Operator.NEQ, 1.4), (Operator.LT, 9)
    ),
    _windows(lambda where: m.Mean(field=TOKENS, where=where), (Operator.LTE, 1234.567)),
    _windows(lambda where: m.Minimum(field=TEMPERATURE, where=where), (Operator.EQ, 0.7)),
    _windows(lambda where: m.Maximum(field=TOKENS, where=where), (Operator.GTE, 2.0**62)),
    _windows(
        lambda where: m.Quantile(field=ref("latency_ms"), q=0.9, min_of=2, where=where),
        (Operator.GT, 2500.5), (Operator.LT, 9000),
    ),
    _windows(
        lambda where: m.Quantile(
            field=TEMPERATURE, q=0.25, method=RankMethod.LINEAR, min_of=1, where=where
        ),
        (Operator.GTE, 0.25),
    ),
    _windows(lambda where: m.Distinct(field=ref("session_id"), where=where), (Operator.GTE, 2)),
    _windows(lambda where: m.Distinct(field=ref("labels"), where=where), (Operator.LT, 1)),
    _windows(lambda where: m.Kinds(of=(where, AGENTIC, LATE)), (Operator.GTE, 2)),
    _windows(lambda where: m.Kinds(of=(where, LATE), ordered=True), (Operator.EQ, 2)),
    _windows(lambda where: m.Steps(of=(AGENTIC, where, LATE)), (Operator.GTE, 2)),
]  # fmt: skip
_ORDER: list[Make] = [
    lambda where, rest: m.Together(
        steps=_steps(AGENTIC, LATE), within_us=HOUR, where=where, **rest
    ),
    lambda where, rest: m.Together(
        steps=_steps(LATE, where), within_us=next(SPANS), ordered=True, **rest
    ),
    lambda where, rest: m.Together(steps=_steps(where, GONE), within_us=HOUR, **rest),
    lambda where, rest: m.Together(steps=_steps(GONE), within_us=HOUR, where=where, **rest),
    lambda where, rest: m.Sequence(
        steps=_steps(where, GONE, LATE), within_us=next(SPANS), **rest
    ),
    lambda where, rest: m.Sequence(steps=_steps(LATE, where, GONE), within_us=6 * HOUR, **rest),
    lambda where, rest: m.Sequence(steps=_steps(LATE, GONE), within_us=HOUR, where=where, **rest),
]  # fmt: skip
_OF_ANYBODY = [*_NUMBERS, *_VALUES, *_RHYTHM, *_PAST, *_SLIDING, *_ORDER]
_OF_CAMPAIGNS: list[Make] = [
    lambda where, rest: m.Carriers(where=where, of=OK, at_least_share=2 / 3, **rest),
    lambda where, rest: m.Carriers(where=where, at_least_share=1e-12, **rest),
    lambda where, rest: m.Shared(field=ref("device_id"), where=where, **rest),
    lambda where, rest: m.Shared(field=ref("labels"), where=where, **rest),
    lambda where, rest: m.Shared(field=ref("ip"), where=where, at_least_share=0.5, **rest),
    lambda where, rest: m.Shared(field=ref("labels"), where=where, at_least_share=0.5, **rest),
    lambda where, rest: m.Tenants(field=ref("user_agent"), at_least=2, where=where, **rest),
    lambda where, rest: m.Tenants(field=ref("labels"), at_least=2, where=where, **rest),
    lambda where, rest: m.PartitionIndex(field=ref("prompt_shape"), where=where, **rest),
]
_COMPARED: list[m.Cohort] = [
    m.Cohort(value=m.Count(where=OK), min_peers=2),
    m.Cohort(value=m.Count(where=OK), by=(ref("account.plan"),), min_peers=2),
    m.Cohort(
        value=m.Share(where=ELICITS, of=OK),
        by=(ref("account.org_id"), ref("account.email_class"), ref("account.signup_asn")),
        scale=CohortScale.ROBUST_Z,
        min_peers=1,
    ),
]
_ONCE: dict[SubjectKind, list[m.Measure]] = {
    SubjectKind.ACCOUNT: [m.Approved(approval="resale_approved"), *_COMPARED],
    SubjectKind.ORGANISATION: [m.Approved(approval="resale_approved"), *_COMPARED],
    SubjectKind.CAMPAIGN: [
        m.Approved(approval="resale_approved"),
        m.Members(),
        m.Payers(),
        m.Organisations(),
        m.Portion(),
        m.Shared(field=ref("account.payment_id")),
        m.Shared(field=ref("account.approvals")),
        *_COMPARED,
        *(m.MemberCohort(cohort=one) for one in _COMPARED),
    ],
}
_TIMES = {SubjectKind.ACCOUNT: 2, SubjectKind.ORGANISATION: 1, SubjectKind.CAMPAIGN: 2}
"""How many windows and filters a measure meets, by kind of subject: all of them, taken together."""


@cache
def every_measure() -> dict[SubjectKind, list[m.Measure]]:
    """Return the measures of each kind of subject, every time the same."""
    asked: dict[SubjectKind, list[m.Measure]] = {kind: list(_ONCE[kind]) for kind in SubjectKind}
    for start, make in enumerate(_OF_ANYBODY):
        turns = _turns(start)
        for kind in SubjectKind:
            asked[kind] += [make(*next(turns)) for _ in range(_TIMES[kind])]
    for start, make in enumerate(_OF_CAMPAIGNS):
        turns = _turns(start)
        asked[SubjectKind.CAMPAIGN] += [make(*next(turns)) for _ in FILTERS]
    return asked


def _turns(start: int) -> Iterator[tuple[Selection, Windowed]]:
    """Yield filters and windows in turn, each time in other company."""
    for at in count(start):
        yield FILTERS[at % len(FILTERS)], WINDOWS[(at + start) % len(WINDOWS)]
