"""Signals: a measure and its parameters, one file a family of measures."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model import habit as h
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING
from engine.language.read.mapping import InvalidError, Keys, Read, suggested, wrong_type
from engine.language.read.measures import (
    approval,
    campaign,
    counts,
    habits,
    numbers,
    order,
    peers,
    rhythm,
    spread,
    windows,
)
from engine.language.read.measures.choice import measure_word
from engine.language.read.measures.parameters import Parameters, Readers
from engine.language.read.selection import Selections
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode

_FAMILIES = (counts, numbers, spread, rhythm, windows, order, habits, campaign, approval, peers)
MEASURES: Readers[m.Measure] = {
    word: read for family in _FAMILIES for word, read in family.READERS.items()
}
"""The measures by the word that the language has for them."""

BARE: dict[str, m.Measure] = {
    "count": m.Count(where=EVERYTHING),
    "gap_cv": m.GapCv(),
    "active_hours": h.ActiveHours(),
    "hour_flatness": h.HourFlatness(),
    "members": m.Members(),
    "payers": m.Payers(),
    "organisations": m.Organisations(),
    "portion": m.Portion(),
}
"""Measures that may be written as the word alone."""


def read_measure(
    node: Node, selections: Selections, signals: Read[m.Measure], problems: Diagnostics
) -> m.Measure:
    """Read the right side of a signal; InvalidError, reported, when it makes no sense.

    `signals` reads the name of another signal and gives its measure.
    """
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return _bare(node, selections, problems)
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a measure", problems, "such as `{count: all, window: 7d}`")
    word = measure_word(node, MEASURES, "the signal", problems)
    keys = Keys(node, f"`{word}`", problems)
    return MEASURES[word](Parameters(word, keys, selections, signals, problems))


def _bare(node: ScalarNode, selections: Selections, problems: Diagnostics) -> m.Measure:
    if node.text in BARE:
        return BARE[node.text]
    if node.text in MEASURES:
        message = f"`{node.text}` needs a value"
        hint: str | None = f"write `{{{node.text}: …, window: 7d}}`"
        problems.error(codes.MISSING_KEY, node.span, message, hint=hint)
    else:
        message = f"unknown measure {quote(node.text)}"
        if node.text in selections.names:
            hint = f"that is a selection: write `{{count: {node.text}, window: 7d}}`"
        else:
            hint = suggested("measure", node.text, MEASURES, listed=len(MEASURES))
        problems.error(codes.UNKNOWN_MEASURE, node.span, message, hint=hint)
    raise InvalidError
