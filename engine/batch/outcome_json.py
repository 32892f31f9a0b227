"""The condition tree of a finding as the ledger keeps it and the terminal shows it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from engine.decide.finding import Finding, Outcome
from engine.language.model.condition import (
    All,
    Any,
    Compare,
    Condition,
    Found,
    FoundAny,
    Negation,
    Struck,
)
from engine.language.model.policy import Policy
from engine.language.numerals import exact
from engine.language.words import Operator

SYMBOLS: Mapping[Operator, str] = {
    Operator.GT: ">",
    Operator.GTE: "≥",
    Operator.LT: "<",
    Operator.LTE: "≤",
    Operator.EQ: "=",
    Operator.NEQ: "≠",
}


def outcome_json(finding: Finding, measures: Mapping[tuple[str, str], str]) -> dict[str, object]:
    """Return the whole tree: `when` and every `unless`, each with how it came out.

    `measures` gives a measure in words, by policy and signal.
    """
    when, *cleared = finding.outcome.parts
    parts = [_node(when, finding.policy, measures)]
    for negation in cleared:
        node = _node(negation.parts[0], finding.policy, measures)
        parts.append({**node, "role": "unless"})
    return {"text": "all", "holds": finding.outcome.holds, "parts": parts}


def _node(
    outcome: Outcome, policy: Policy, measures: Mapping[tuple[str, str], str]
) -> dict[str, object]:
    condition = outcome.condition
    node: dict[str, object] = {
        "text": condition_text(condition),
        "holds": outcome.holds,
        "line": condition.span.line,
        "end_line": condition.span.end_line,
    }
    if isinstance(condition, Compare):
        node |= {
            "signal": condition.signal,
            "measure": measures[policy.name, condition.signal],
            "operator": condition.operator.value,
            "threshold": condition.threshold,
        }
        if outcome.fact is not None:
            node |= {"low": end(outcome.fact.low), "high": end(outcome.fact.high)}
    if isinstance(condition, Struck) and outcome.fact is not None:
        node["strikes"] = int(outcome.fact.low)
    if outcome.parts:
        node["parts"] = [_node(part, policy, measures) for part in outcome.parts]
    return node


def end(value: float) -> float | str:
    """Return an interval's end as JSON can hold it."""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return value


def condition_text(condition: Condition) -> str:
    """Return a condition in one line of words; for `all` and `any` only the word."""
    match condition:
        case Compare():
            return f"{condition.signal} {SYMBOLS[condition.operator]} {exact(condition.threshold)}"
        case Found():
            return f"finding {condition.policy}"
        case FoundAny():
            words = sorted(b.value for b in condition.behaviours)
            words += sorted(a.value for a in condition.axes)
            return f"findings {' '.join(words)}".rstrip()
        case Struck():
            return f"strikes {SYMBOLS[condition.operator]} {exact(condition.threshold)}"
        case All():
            return "all"
        case Any():
            return "any"
        case Negation():
            return "not"
