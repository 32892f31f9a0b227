"""The measures in the reference: what they are, how they are computed, when they say nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from engine.language.checks.impossible_threshold import value_range
from engine.language.load import load_texts
from engine.language.model.measure import Measure
from engine.language.numerals import exact
from engine.language.reference.examples import DOCUMENTS, MEASURES

FAMILIES = {
    "Numbers of exchanges": ("count", "share"),
    "Numeric fields": ("sum", "mean", "min", "max", "quantile"),
    "Values of a field": ("distinct", "top_share", "entropy", "same_shape", "id_coverage"),
    "Rhythm": ("busiest", "gap_cv"),
    "Sliding intervals": ("windows",),
    "Together and in order": ("together", "sequence"),
    "Habits": ("active_hours", "hour_flatness", "novel", "spike", "release_shift"),
    "Campaigns": (
        "members",
        "payers",
        "organisations",
        "portion",
        "accounts",
        "partition_index",
        "shared",
        "tenants",
    ),
    "Approvals": ("approval",),
    "Peers": ("cohort",),
}
"""The measures by what they are about, in the order of the reference."""

_UNITS = {
    "count": "exchanges",
    "busiest": "exchanges",
    "windows": "intervals",
    "together": "times",
    "sequence": "times",
    "distinct": "values",
    "id_coverage": "values",
    "novel": "values; with `as: share`, a share",
    "active_hours": "hours of the week",
    "spike": "standard deviations",
    "members": "accounts",
    "payers": "payers",
    "organisations": "parties",
    "accounts": "accounts",
    "gap_cv": "a ratio",
    "cohort": "a share of the peers; with `as: robust_z`, standard deviations",
    "partition_index": "a ratio",
    "approval": "1 or 0",
    "entropy": "a ratio",
    "hour_flatness": "a ratio",
}
_OF_FIELD = frozenset({"sum", "mean", "min", "max", "quantile"})
_NAMES = re.compile(r"\b(\w+)_us\b")
_SOURCES = re.compile(r"\s*\(DOMAIN [^)]*\)")


def unit(word: str) -> str:
    """Return the unit of a measure."""
    return "the field's own unit" if word in _OF_FIELD else _UNITS.get(word, "a share")


def measured() -> dict[str, Measure]:
    """Return what each example means, by the word of its measure."""
    signals = "".join(f"  m_{word}: {text}\n" for word, text in MEASURES.items())
    policy = DOCUMENTS["policy"].replace("\nwhen:", f"\n{signals.rstrip()}\nwhen:", 1)
    files = {f"{kind}.yaml": text.encode() for kind, text in DOCUMENTS.items()}
    loaded = load_texts({**files, "policy.yaml": policy.encode()})
    assert loaded.pack is not None, loaded.diagnostics  # noqa: S101 - a test holds it
    known = {signal.name: signal.measure for signal in loaded.pack.policies[0].signals}
    return {word: known[f"m_{word}"] for word in MEASURES}


def explained(measure: Measure) -> str:
    """Return what a measure is, with its formula: the words that stand at its class."""
    lines = (type(measure).__doc__ or "").strip().split("\n")
    text = "\n".join(line.removeprefix("    ") for line in lines)
    return _NAMES.sub(r"\1", _SOURCES.sub("", text))


def value_of(word: str, measure: Measure) -> str:
    """Return what a measure's value is a number of, and between what it lies."""
    what, semicolon, also = unit(word).partition("; ")
    return f"{what}, {_range(measure)}{semicolon}{also}"


def _range(measure: Measure) -> str:
    low, high = value_range(measure)
    ends = [f"at least {exact(low)}"] if math.isfinite(low) else []
    ends += [f"at most {exact(high)}"] if math.isfinite(high) else []
    if len(ends) > 1:
        return f"{exact(low)} to {exact(high)}"
    return ends[0] if ends else "any number"


def by_family() -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the families with the words of their measures."""
    yield from FAMILIES.items()
