"""Rulesets and facts in durable-rules' own terms.

Every pattern starts with the kind of fact, every compared field is guarded by `$ex`, every number
is a float, and no text of a policy or of activity is ever sent: only names made here.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.decide.lowering import MAX_PATTERNS
from engine.decide.packing import check_hashes
from engine.decide.program import NodePattern, NumberPattern, Pattern, Ruleset

Fact = Mapping[str, str | float]

WARM_UP: Fact = {"kind": "warm-up", "name": "warm-up"}
"""The fact that makes a new ruleset run its first action."""

_WARM_UP_RULE = "warm"
_ALIASES = tuple(f"x{position}" for position in range(MAX_PATTERNS))
_FIELDS = ("sid", "id", "kind", "name", "low", "high")


def number(name: str, low: float, high: float) -> Fact:
    """Return the fact that says what is known of a number; an infinite end is left out."""
    fact: dict[str, str | float] = {"kind": "number", "name": name}
    if low != float("-inf"):
        fact["low"] = low
    if high != float("inf"):
        fact["high"] = high
    return fact


def node(name: str) -> Fact:
    """Return the fact that says that a node has been derived."""
    return {"kind": "node", "name": name}


def definition(ruleset: Ruleset) -> dict[str, object]:
    """Return a ruleset for `create_ruleset`: its rules by position, and the one to warm up."""
    named = {f"r{position}": rule for position, rule in enumerate(ruleset.rules)}
    check_hashes((*named, _WARM_UP_RULE, *_ALIASES, *_FIELDS))
    rules = {name: _joined(rule.patterns) for name, rule in named.items()}
    return {**rules, _WARM_UP_RULE: {"all": [{"x0": {"kind": WARM_UP["kind"]}}]}}


def position_of(firing: str) -> int:
    """Return the position of the rule that fired, by the engine's message: `{"r7":{...}}`.

    What it matched is as long as all of its facts, and not read. Raises `ValueError`.
    """
    _, name, _ = firing.split('"', 2)
    return int(name.removeprefix("r"))


def _joined(patterns: tuple[Pattern, ...]) -> dict[str, object]:
    aliases = _ALIASES[: len(patterns)]
    return {
        "all": [
            {alias: {"$and": _tests(pattern)}}
            for alias, pattern in zip(aliases, patterns, strict=True)
        ]
    }


def _tests(pattern: Pattern) -> list[object]:
    match pattern:
        case NodePattern(name):
            return [{"kind": "node"}, {"name": name}]
        case NumberPattern(name, bounds):
            tests: list[object] = [{"kind": "number"}, {"name": name}]
            for bound in bounds:
                tests.append({"$ex": {bound.end.value: 1}})
                tests.append({bound.operator: {bound.end.value: bound.threshold}})
            return tests
