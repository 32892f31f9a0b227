"""The sentence that tells what was found, with the numbers in it."""

from __future__ import annotations

import math
import re

from engine.decide.finding import Finding
from engine.signals.facts import Fact

_PLACEHOLDER = re.compile(r"\{([^{}:]+)(?::([a-z]+))?\}")


def explain(finding: Finding) -> str:
    """Return the policy's `explain` text with every `{signal}` and `{signal:percent}` filled in."""

    def fill(match: re.Match[str]) -> str:
        fact = finding.facts.get(match[1])
        return interval(fact, percent=match[2] == "percent") if fact else match[0]

    return " ".join(_PLACEHOLDER.sub(fill, finding.policy.explain).split())


def interval(fact: Fact, *, percent: bool = False) -> str:
    """Return a value in words: `412`, `31.5 %`, `at least 412`, `between 3 and 9`, `unknown`."""
    low, high = number(fact.low, percent=percent), number(fact.high, percent=percent)
    if fact.void:
        return "an unknown number of"
    if fact.known or low == high:
        return low
    if math.isinf(fact.high):
        return f"at least {low}"
    if math.isinf(fact.low):
        return f"at most {high}"
    return f"between {low} and {high}"


_THOUSAND = 1000


def number(value: float, *, percent: bool = False) -> str:
    """Return a number as people write it: whole ones in full, others rounded."""
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    if percent:
        return f"{value * 100:.4g} %"
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.1f}" if abs(value) >= _THOUSAND else f"{value:.3g}"
