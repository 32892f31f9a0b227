"""Reads what an explanation prints, and judges it anew, with nothing of the engine's own code."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

TRUTH = {"yes": True, "no": False, "?": None, "undecided": None}
_WORDS = {"≥": "gte", ">": "gt", "≤": "lte", "<": "lt", "=": "eq", "≠": "neq"}
_LEAF = re.compile(
    r" *(?P<truth>yes|no|\?) +(?P<name>\S+) (?P<operator>[≥>≤<=≠]) (?P<threshold>\S+)"
    r"( of [a-z_, ]+)?( within \S+)? {3,}(?P<value>\S+( \S+)*)"
)
_VALUE = re.compile(
    r"(?P<unknown>unknown)|at least (?P<least>\S+)|at most (?P<most>\S+)"
    r"|between (?P<low>\S+) and (?P<high>\S+)|(?P<exact>\S+)"
)


def judge(low: float, high: float, operator: str, threshold: float) -> bool | None:
    """Whether every number of the interval satisfies the comparison, or none does."""
    tests = {
        "gte": (low >= threshold, high < threshold),
        "gt": (low > threshold, high <= threshold),
        "lte": (high <= threshold, low > threshold),
        "lt": (high < threshold, low >= threshold),
        "eq": (low == threshold == high, not low <= threshold <= high),
        "neq": (not low <= threshold <= high, low == threshold == high),
    }
    every, none = tests[operator]
    return True if every else False if none else None


def number(text: str) -> float:
    """A number as it is printed."""
    return float(text.replace(",", "").replace("∞", "inf"))


def interval(text: str) -> tuple[float, float]:
    """A value as it is printed."""
    found = _VALUE.fullmatch(text)
    assert found, text
    if found["unknown"]:
        return -math.inf, math.inf
    if found["least"]:
        return number(found["least"]), math.inf
    if found["most"]:
        return -math.inf, number(found["most"])
    if found["low"]:
        return number(found["low"]), number(found["high"])
    return number(found["exact"]), number(found["exact"])


def printed_leaves(text: str) -> Iterator[tuple[bool | None, bool | None]]:
    """For each comparison of a printed tree: the truth printed, and that of what is printed."""
    for line in text.splitlines():
        found = _LEAF.match(line)
        if found and not line.startswith("rung"):
            low, high = interval(found["value"].split("   ")[0].strip())
            again = judge(low, high, _WORDS[found["operator"]], number(found["threshold"]))
            yield TRUTH[found["truth"]], again


def recorded_branches(node: Mapping[str, Any]) -> Iterator[tuple[bool | None, bool | None]]:
    """For each branch of a JSON tree that can be judged anew: its truth, and that truth."""
    mine = TRUTH[node["truth"]]
    if "operator" in node:
        low, high = float(node["low"]), float(node["high"])
        yield mine, judge(low, high, node["operator"], node["threshold"])
    if "parts" in node:
        parts = node["parts"]
        for part in parts:
            yield from recorded_branches(part)
        yield mine, joined(node["condition"], [TRUTH[part["truth"]] for part in parts])


def joined(word: str, parts: list[bool | None]) -> bool | None:
    """Kleene's operators."""
    if word == "not":
        return None if parts[0] is None else not parts[0]
    decisive = word == "any"
    if decisive in parts:
        return decisive
    return None if None in parts else not decisive
