"""Rulesets and facts in durable-rules' own terms.

Every pattern starts with the kind of fact, every compared field is guarded by `$ex`, every number
is a float, and no text of a policy or of activity is ever sent: only names made here.
"""

from __future__ import annotations

import math
from functools import lru_cache

from engine.decide.encode import encode_fact, encode_number
from engine.decide.lowering import MAX_PATTERNS
from engine.decide.packing import check_hashes
from engine.decide.program import NodePattern, NumberPattern, Pattern, Ruleset

_WARM_UP = "warm-up"
_WARM_UP_RULE = "warm"
_ALIASES = tuple(f"x{position}" for position in range(MAX_PATTERNS))
_FIRED = '{"r'
_FIELDS = ("sid", "id", "kind", "name", "low", "high")


def number(name: str, low: float, high: float) -> str:
    """Write the fact that says what is known of a number; an infinite end is left out.

    Raises `EncodingError` for what is no number.
    """
    lower = "" if low == -math.inf else f',"low":{encode_number(low)}'
    upper = "" if high == math.inf else f',"high":{encode_number(high)}'
    return f"{_begun('number', name)}{lower}{upper}}}"


def node(name: str) -> str:
    """Write the fact that says that a node has been derived."""
    return f"{_begun('node', name)}}}"


@lru_cache(maxsize=4096)  # every subject's facts have the same names
def _begun(kind: str, name: str) -> str:
    return encode_fact({"kind": kind, "name": name})[:-1]


WARM_UP = encode_fact({"kind": _WARM_UP, "name": _WARM_UP})
"""The fact that makes a new ruleset run its first action."""


def definition(ruleset: Ruleset) -> dict[str, object]:
    """Return a ruleset for `create_ruleset`: its rules by position, and the one to warm up."""
    named = {f"r{position}": rule for position, rule in enumerate(ruleset.rules)}
    check_hashes((*named, _WARM_UP_RULE, *_ALIASES, *_FIELDS))
    rules = {name: _joined(rule.patterns) for name, rule in named.items()}
    return {**rules, _WARM_UP_RULE: {"all": [{"x0": {"kind": _WARM_UP}}]}}


def position_of(firing: str) -> int:
    """Return the position of the rule that fired, by the engine's message: `{"r7":{...}}`.

    What it matched is as long as all of its facts, and not read. Raises `ValueError`.
    """
    if not firing.startswith(_FIRED):
        message = f"no firing of a rule: {firing[:40]!r}"
        raise ValueError(message)
    return int(firing[len(_FIRED) : firing.index('"', len(_FIRED))])


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
