"""A backtest as plain data for JSON: everything the text says, with every subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.authoring.backtest.expectations import Checked
from engine.authoring.backtest.result import Backtest, Hit, PolicyResult
from engine.authoring.explain.explanation import VERDICT
from engine.authoring.explain.records import branch_record
from engine.authoring.precision import CONFIDENCE, Precision
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy
from engine.language.moments import format_instant


def backtest_record(found: Backtest, checks: Sequence[Checked]) -> dict[str, object]:
    """Return the whole backtest."""
    reach, since = found.reach, found.since_us
    return {
        "candidate": _pack(found.candidate),
        "live": _pack(found.live),
        "as_of": format_instant(found.as_of_us),
        "since": None if since is None else format_instant(since),
        "exchanges": found.exchanges,
        "active_accounts": found.active_accounts,
        "reviewed": found.reviewed,
        "links": {
            "same": found.linking.same_links,
            "campaigns": found.linking.campaigns,
            "campaigns_before": found.linking.before,
            "of_the_same_accounts": found.linking.kept,
        },
        "policies": [_policy(result) for result in found.policies],
        "actions": {"candidate": _plain(reach.actions), "live": _plain(reach.before)},
        "reasons": dict(reach.reasons),
        "held": reach.held,
        "newly_reached": reach.newly_reached,
        "no_longer_reached": reach.no_longer_reached,
        "settled": reach.settled,
        "expectations": [_checked(one) for one in checks],
    }


def _plain(counts: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, int]]:
    return {kind: dict(became) for kind, became in counts.items()}


def _pack(pack: Pack) -> dict[str, object]:
    return {"name": pack.name, "version": pack.version, "digest": pack.digest}


def _policy(result: PolicyResult) -> dict[str, object]:
    return {
        "policy": result.name,
        "subject": result.kind.value,
        "candidate": _version(result.candidate),
        "live": _version(result.live),
        "draft": result.draft,
        "judged": result.judged,
        "hits": result.hits,
        "undecided": result.undecided,
        "because": list(result.because),
        "lacking": list(result.lacking),
        "newly_hit": [_hit(hit) for hit in result.newly],
        "no_longer_hit": [_hit(hit) for hit in result.gone],
        "unchanged": [_hit(hit) for hit in result.unchanged],
        "accounts": result.accounts,
        "newly_hit_accounts": result.newly_accounts,
        "no_longer_hit_accounts": result.gone_accounts,
        "precision": precision_record(result.precision),
    }


def _version(policy: Policy | None) -> dict[str, object] | None:
    if policy is None:
        return None
    return {"policy": policy.name, "version": policy.version, "status": policy.status.value}


def precision_record(past: Precision) -> dict[str, object]:
    """Return a precision with its interval."""
    return {
        "approved": past.approved,
        "rejected": past.rejected,
        "share": past.share,
        "interval": list(past.interval) if past.decided else None,
        "confidence": CONFIDENCE,
    }


def _hit(hit: Hit) -> dict[str, object]:
    found: dict[str, object] = {
        "subject": {"kind": hit.subject.kind.value, "id": hit.subject.id},
        "accounts": hit.accounts,
        "case": None
        if hit.review is None
        else {"id": hit.review.case_id, "opinion": hit.review.opinion.value},
    }
    if hit.deciding is not None:
        found["verdict"] = VERDICT[hit.holds]
        found["deciding"] = [
            {"clears": one.clears, **branch_record(one.branch)} for one in hit.deciding
        ]
    return found


def _checked(one: Checked) -> dict[str, object]:
    expected = one.expectation
    return {
        "policy": one.policy,
        "counted": expected.counted,
        "bound": expected.bound.value,
        "number": expected.number,
        "seen": one.seen,
        "met": one.met,
    }
