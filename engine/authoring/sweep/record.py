"""A sweep as data."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import asdict

from engine.authoring.precision import CONFIDENCE
from engine.authoring.sweep.sweeping import Hit, Point, Sweep
from engine.authoring.sweep.text import names


def sweep_record(found: Sweep) -> dict[str, object]:
    """Return a sweep as JSON values."""
    return {
        "policy": found.policy.name,
        "subject": found.policy.subject.value,
        "judged": found.judged,
        "confidence": CONFIDENCE if found.reviewed else None,
        "thresholds": [
            {
                "name": dial.name,
                "signal": dial.signal,
                "operator": dial.compare.operator.value,
                "current": dial.threshold,
                "in": "unless" if dial.clears else "when",
            }
            for dial in found.dials
        ],
        "points": [
            {
                "thresholds": list(point.thresholds),
                **_outcome(point, reviewed=found.reviewed),
                **({} if len(found.dials) > 1 else _moves(point)),
                **({} if point.effects is None else {"effects": asdict(point.effects)}),
            }
            for point in found.points
        ],
    }


def sweep_csv(found: Sweep) -> str:
    """Return a sweep as CSV, a row a point; what nobody decided about is empty."""
    out = io.StringIO()
    lines = [
        {
            **dict(zip(names(found.dials), point.thresholds, strict=True)),
            **_outcome(point, reviewed=found.reviewed),
            "current": "true" if point.current else "false",
        }
        for point in found.points
    ]
    writer = csv.DictWriter(out, list(lines[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def _outcome(point: Point, *, reviewed: bool) -> dict[str, object]:
    found: dict[str, object] = {
        "hits": point.hits,
        "accounts": point.accounts,
        "undecided": point.undecided,
        "current": point.current,
    }
    if not reviewed:
        return found
    past = point.precision
    low, high = past.interval if past.decided else (None, None)
    return found | {
        "approved": past.approved,
        "rejected": past.rejected,
        "not_reviewed": point.unreviewed,
        "precision": past.share,
        "precision_low": low,
        "precision_high": high,
    }


def _moves(point: Point) -> dict[str, object]:
    return {"newly_hit": _hits(point.newly), "no_longer_hit": _hits(point.gone)}


def _hits(hits: Sequence[Hit]) -> list[dict[str, object]]:
    return [
        {
            "subject": {"kind": hit.subject.kind.value, "id": hit.subject.id},
            "accounts": hit.accounts,
            "case": hit.review and {"id": hit.review.case_id, "opinion": hit.review.opinion.value},
        }
        for hit in hits
    ]
