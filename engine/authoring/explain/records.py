"""An explanation as plain data for JSON: everything the text says, with full numbers."""

from __future__ import annotations

from dataclasses import asdict

from engine.authoring.explain.explanation import VERDICT, Explanation
from engine.authoring.explain.reasons import Reason, Reasons
from engine.authoring.explain.room import Room
from engine.authoring.explain.tree import Answered, Branch, Explained, Number
from engine.authoring.explain.words import condition_words
from engine.batch.outcome_json import end
from engine.batch.recording import exact
from engine.language.moments import format_instant
from engine.language.wording import signal_words
from engine.signals.facts import Fact

_TRUTH = {True: "yes", False: "no", None: "undecided"}


def explanation_record(explanation: Explanation) -> dict[str, object]:
    """Return the whole explanation; infinite ends are the texts `inf` and `-inf`."""
    since, extent = explanation.since_us, explanation.extent
    return {
        "subject": {"kind": explanation.subject.kind.value, "id": explanation.subject.id},
        "policy": explanation.policy.policy.name,
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
        "clauses": list(explanation.clauses),
        "policies": [_policy(one, explanation.reasons) for one in explanation.policies],
        "responses": [_answered(one) for one in explanation.responses],
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
                **_fact(fact),
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
        **_fact(number.fact),
        "distance": _room(number.room),
        "distance_at_worst": _room(number.worst),
        "nearness": number.nearness,
    }


def _fact(fact: Fact) -> dict[str, object]:
    counts = {name: exact(count) for name, count in sorted(fact.counts.items())}
    return {"low": end(fact.low), "high": end(fact.high), "counts": counts}


def _room(room: Room) -> dict[str, object]:
    return {"amount": end(room.amount), "factor": room.factor}


def _reason(reason: Reason) -> dict[str, object]:
    return {"reason": str(reason), **asdict(reason)}
