"""The self-test of a loaded ruleset: facts just below, at and just above every threshold.

What the engine derives from them must be what the rules say, read one by one. A cap that nobody
knew of, or a threshold read wrongly, so ends the run before the first subject is judged.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from engine.decide.adapter import LoadedRuleset, RulesError
from engine.decide.definition import node, number
from engine.decide.program import Bound, End, Interval, NodePattern, NumberPattern, Rule

_UNKNOWN: Interval = (-math.inf, math.inf)


def probe(loaded: LoadedRuleset) -> None:
    """Compare the engine with the rules; raises `RulesError`, which names the policy."""
    rules = loaded.ruleset.rules
    for numbers, nodes in _probes(rules):
        derived = loaded.derive(facts(numbers, nodes))
        expected = _expected(rules, numbers, nodes)
        for rule in rules:
            if (rule.gives in derived) is not (rule.gives in expected):
                message = f"{rule.owner}: the rules engine does not follow the rule `{rule}`"
                raise RulesError(message, hint=f"facts: {dict(numbers)}")


def facts(numbers: Mapping[str, Interval], nodes: Iterable[str]) -> list[str]:
    """Write the facts to assert, in a fixed order."""
    known = [number(name, *numbers[name]) for name in sorted(numbers)]
    return known + [node(name) for name in sorted(nodes)]


def _probes(rules: tuple[Rule, ...]) -> Iterator[tuple[dict[str, Interval], frozenset[str]]]:
    for rule in rules:
        nodes = frozenset(p.name for p in rule.patterns if isinstance(p, NodePattern))
        compared = [p for p in rule.patterns if isinstance(p, NumberPattern)]
        passing = {pattern.name: _passing(pattern.bounds) for pattern in compared}
        yield passing, nodes
        yield passing, frozenset()
        for pattern in compared:
            interval = passing[pattern.name]
            for bound in pattern.bounds:
                for value in _around(bound.threshold):
                    yield {**passing, pattern.name: _with(interval, bound, value)}, nodes


def _around(threshold: float) -> Iterator[float]:
    near = (math.nextafter(threshold, -math.inf), threshold, math.nextafter(threshold, math.inf))
    yield from (value for value in near if math.isfinite(value))


def _passing(bounds: tuple[Bound, ...]) -> Interval:
    """Return an interval that passes, or all but passes where no finite number does."""
    interval = _UNKNOWN
    for bound in bounds:
        values = list(_around(bound.threshold))
        passing = (value for value in values if bound.admits((value, value)))
        interval = _with(interval, bound, next(passing, bound.threshold))
    return interval


def _with(interval: Interval, bound: Bound, value: float) -> Interval:
    low, high = interval
    return (value, high) if bound.end is End.LOW else (low, value)


def _expected(
    rules: tuple[Rule, ...], numbers: Mapping[str, Interval], nodes: frozenset[str]
) -> set[str]:
    derived: set[str] = set()
    while True:
        known = derived | nodes
        more = {rule.gives for rule in rules if _fires(rule, numbers, known)} - derived
        if not more:
            return derived
        derived |= more


def _fires(rule: Rule, numbers: Mapping[str, Interval], nodes: set[str]) -> bool:
    for pattern in rule.patterns:
        match pattern:
            case NodePattern(name):
                matched = name in nodes
            case NumberPattern(name, bounds):
                interval = numbers.get(name, _UNKNOWN)
                matched = all(bound.admits(interval) for bound in bounds)
        if not matched:
            return False
    return True
