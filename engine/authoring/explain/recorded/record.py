"""A recorded decision as plain data for JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from engine.authoring.explain.recorded.decision import RecordedDecision, RecordedFinding
from engine.authoring.explain.records import branch_record, fact_record
from engine.language.moments import format_instant
from engine.ledger.records import ActionRecord, SuccessionRecord
from engine.review.outcome import Node
from engine.version import VERSION


@dataclass(frozen=True, slots=True)
class Step:
    """Actions that differ in nothing but the account."""

    first: ActionRecord
    accounts: tuple[str, ...]


def steps(actions: Sequence[ActionRecord]) -> tuple[Step, ...]:
    """Return the actions of a subject by what is done, where it stands, and why."""
    grouped: dict[tuple[str, ...], list[ActionRecord]] = {}
    for one in actions:
        key = (one.response, one.action, one.parameters, one.status, one.reason, one.policies)
        grouped.setdefault(key, []).append(one)
    return tuple(
        Step(grouped[key][0], tuple(sorted(one.account_id for one in grouped[key])))
        for key in sorted(grouped)
    )


def decision_record(decision: RecordedDecision, accounts: int) -> dict[str, object]:
    """Return the whole decision, naming no more than some accounts of each step."""
    run, then = decision.run, decision.then
    return {
        "run": {
            "run_id": run.run_id,
            "as_of": format_instant(run.as_of_us),
            "since": None if run.since_us is None else format_instant(run.since_us),
            "pack": run.pack_name,
            "pack_version": run.pack_version,
            "pack_digest": run.pack_digest,
            "engine_version": run.engine_version,
            "input_digest": run.input_digest,
        },
        "given": {
            "pack_digest": then.given,
            "engine_version": VERSION,
            "same_pack": then.same,
            "differences": dict(then.differences),
            "moved": dict(then.moved),
        },
        "subject": {"kind": decision.subject.kind.value, "id": decision.subject.id},
        "agrees": decision.agrees,
        "findings": [_finding(one, run.run_id) for one in decision.findings],
        "successions": [_succession(told.record) for told in decision.successions],
        "actions": [_step(one, accounts) for one in steps(decision.actions)],
    }


def _succession(told: SuccessionRecord) -> dict[str, object]:
    times = {"acted_us": "acted", "half_us": "half_began"}
    row = asdict(told)
    return {
        **{name: row[name] for name in row if name not in times},
        **{word: format_instant(row[name]) for name, word in times.items()},
        "evidence": json.loads(told.evidence),
    }


def _finding(one: RecordedFinding, run_id: str) -> dict[str, object]:
    record, again = one.record, one.again
    return {
        "finding_id": record.finding_id,
        "case_id": record.case_id,
        "recorded_by": record.run_id,
        "found_before": record.run_id != run_id,
        "policy": record.policy,
        "version": record.policy_version,
        "status": record.policy_status,
        "active": {
            "first": format_instant(record.first_event_us),
            "last": format_instant(record.last_event_us),
        },
        "explanation": record.explanation,
        "clauses": list(one.clauses),
        "signals": {
            name: {"measure": told.measure, **fact_record(told.fact)}
            for name, told in sorted(one.facts.items())
        },
        "recorded": _node(one.tree),
        "judged_again": None
        if again is None
        else {
            "when": branch_record(again.explained.when),
            "unless": [branch_record(root) for root in again.explained.unless],
            "conditions": again.conditions,
            "deviations": list(again.deviations),
        },
        "not_judged_again_because": one.why_not or None,
    }


def _node(node: Node) -> dict[str, object]:
    told: dict[str, object] = {
        "condition": node.text,
        "truth": {True: "yes", False: "no", None: "undecided"}[node.holds],
    }
    if node.parts:
        told["parts"] = [_node(part) for part in node.parts]
    return told | ({"role": "unless"} if node.unless else {})


def _step(step: Step, accounts: int) -> dict[str, object]:
    one = step.first
    return {
        "response": one.response,
        "action": one.action,
        "parameters": json.loads(one.parameters),
        "policies": one.policies.split(","),
        "status": one.status,
        "reason": one.reason,
        "approvals_needed": one.approvals_needed,
        "reversible": one.reversible,
        "case_id": one.case_id,
        "accounts": len(step.accounts),
        "account_ids": list(step.accounts[:accounts]),
    }
