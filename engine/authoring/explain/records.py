"""An explanation as plain data for JSON: everything the text says, with full numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict

from engine.authoring.explain.explanation import VERDICT, Explanation
from engine.authoring.explain.overview import Brief
from engine.authoring.explain.reasons import Reason, Reasons
from engine.authoring.explain.room import Room
from engine.authoring.explain.rows import Rows
from engine.authoring.explain.tree import Answered, Branch, Explained, Number
from engine.authoring.explain.words import condition_words
from engine.batch.evidence import SubjectAccount
from engine.batch.outcome_json import end
from engine.batch.recording import exact
from engine.language.moments import format_instant
from engine.language.wording import signal_words
from engine.signals.facts import Fact
from engine.signals.measures.computation import Role

_TRUTH = {True: "yes", False: "no", None: "undecided"}


def explanation_record(explanation: Explanation, members: int = 0) -> dict[str, object]:
    """Return the whole explanation, with no more than some of the subject's accounts.

    Infinite ends are the texts `inf` and `-inf`.
    """
    since, extent = explanation.since_us, explanation.extent
    return {
        "subject": {"kind": explanation.subject.kind.value, "id": explanation.subject.id},
        "policy": explanation.policy.policy.name,
        "status": (explanation.written or explanation.policy.policy.status).value,
        "verdict": explanation.verdict,
        "as_of": format_instant(explanation.as_of_us),
        "since": None if since is None else format_instant(since),
        "active": None
        if extent is None
        else {
            "first": format_instant(extent.first_us),
            "last": format_instant(extent.last_us),
            "accounts": extent.accounts,
        },
        "members": [_member(one) for one in explanation.accounts[:members]],
        "clauses": list(explanation.clauses),
        "policies": [_policy(one, explanation.reasons) for one in explanation.policies],
        "responses": [_answered(one) for one in explanation.responses],
    }


def _member(one: SubjectAccount) -> dict[str, object]:
    ties = one.member.evidence if one.member else ()
    return {
        "account_id": one.target.account_id,
        "exchanges": one.exchanges,
        "strength": one.member.strength if one.member else None,
        "confidence": one.member.confidence if one.member else None,
        "shares": [
            {"shared": tie.shared, "value": tie.value, "accounts": tie.accounts} for tie in ties
        ],
    }


def _policy(one: Explained, reasons: Reasons) -> dict[str, object]:
    return {
        "policy": one.policy.name,
        "version": one.policy.version,
        "status": one.policy.status.value,
        "verdict": VERDICT[one.holds],
        "file": one.policy.span.file,
        "when": branch_record(one.when),
        "unless": [branch_record(root) for root in one.unless],
        "signals": {
            name: {
                "measure": signal_words(one.policy, name),
                **fact_record(fact),
                "not_known_because": [
                    _reason(reason) for reason in reasons.get((one.policy.name, name), ())
                ],
            }
            for name, fact in sorted(one.facts.items())
        },
    }


def _answered(one: Answered) -> dict[str, object]:
    return {
        "response": one.response.name,
        "when": branch_record(one.when),
        "rungs": [
            {
                "actions": [spec.kind.value for spec in rung.step.do],
                "guard": None if rung.guard is None else branch_record(rung.guard),
                "taken": rung.taken,
            }
            for rung in one.rungs
        ],
    }


def branch_record(branch: Branch) -> dict[str, object]:
    """Return a condition and how it came out."""
    node: dict[str, object] = {
        "condition": condition_words(branch),
        "truth": _TRUTH[branch.holds],
        "line": branch.condition.span.line,
        "column": branch.condition.span.column,
    }
    if branch.number is not None:
        node |= _number(branch.number)
    elif branch.composed:
        node["parts"] = [branch_record(part) for part in branch.parts]
    else:
        node["policies"] = {
            one.policy: {"verdict": VERDICT[one.holds], "telling": one.telling}
            for one in branch.asked
        }
        node["deniable"] = branch.deniable
    return node


def _number(number: Number) -> dict[str, object]:
    return {
        "signal": number.name,
        "operator": number.operator.value,
        "threshold": number.threshold,
        **fact_record(number.fact),
        "distance": _room(number.room),
        "distance_at_worst": _room(number.worst),
        "nearness": number.nearness,
    }


def fact_record(fact: Fact) -> dict[str, object]:
    """Return a value with the counts behind it."""
    counts = {name: exact(count) for name, count in sorted(fact.counts.items())}
    return {"low": end(fact.low), "high": end(fact.high), "counts": counts}


def _room(room: Room) -> dict[str, object]:
    return {"amount": end(room.amount), "factor": room.factor}


def _reason(reason: Reason) -> dict[str, object]:
    return {"reason": str(reason), **asdict(reason)}


def overview_record(briefs: Sequence[Brief]) -> list[dict[str, object]]:
    """Return every policy in brief, in order of nearness."""
    return [
        {
            "subject": {"kind": one.subject.kind.value, "id": one.subject.id},
            "policy": one.explained.policy.name,
            "version": one.explained.policy.version,
            "status": one.explained.policy.status.value,
            "verdict": VERDICT[one.explained.holds],
            "nearness": one.near.nearness,
            "lacking": None if one.near.leaf is None else branch_record(one.near.leaf),
        }
        for one in briefs
    ]


def rows_record(rows: Rows, limit: int) -> dict[str, object]:
    """Return the rows behind a signal, no more than `limit` of each kind."""
    return {
        "subject": {"kind": rows.subject.kind.value, "id": rows.subject.id},
        "policy": rows.policy,
        "signal": rows.signal,
        "measure": rows.words,
        **fact_record(rows.fact),
        "exchanges": {role.value: number for role, number in sorted_roles(rows.of_events)},
        "events": [
            {
                "event_id": event.event_id,
                "account_id": event.account_id,
                "ts": format_instant(event.ts_us),
                "role": rows.events.roles[event.part].value,
                "value": event.value,
            }
            for event in rows.events.events
        ],
        "accounts": None
        if rows.accounts is None
        else {
            **{role.value: number for role, number in sorted_roles(rows.of_accounts)},
            "rows": [
                {"account_id": one.account_id, "role": one.role.value, "value": one.value}
                for one in rows.accounts[:limit]
            ],
        },
    }


def sorted_roles(counted: Counter[Role]) -> list[tuple[Role, int]]:
    """Return how many rows there are in each role, in the order of roles."""
    return [(role, counted[role]) for role in Role if role in counted]
