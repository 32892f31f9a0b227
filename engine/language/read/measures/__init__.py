"""Signals: a measure and its parameters, one file a family of measures."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics, quote
from engine.language.model import measure as m
from engine.language.model.selection import EVERYTHING
from engine.language.read.mapping import InvalidError, Keys, nearest, suggestion, wrong_type
from engine.language.read.measures import approval, campaign, counts, numbers, rhythm, spread
from engine.language.read.measures.parameters import Parameters, Readers
from engine.language.read.selection import Selections
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode

_FAMILIES = (counts, numbers, spread, rhythm, campaign, approval)
MEASURES: Readers = {word: read for family in _FAMILIES for word, read in family.READERS.items()}
"""The measures by the word that the language has for them."""

BARE: dict[str, m.Measure] = {
    "count": m.Count(where=EVERYTHING),
    "gap_cv": m.GapCv(),
    "members": m.Members(),
    "payers": m.Payers(),
    "organisations": m.Organisations(),
}
"""Measures that may be written as the word alone."""


def read_measure(node: Node, selections: Selections, problems: Diagnostics) -> m.Measure:
    """Read the right side of a signal; InvalidError, reported, when it makes no sense."""
    if isinstance(node, ScalarNode) and isinstance(node.value, str):
        return _bare(node, problems)
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a measure", problems, "such as `{count: all, window: 7d}`")
    words = [entry for entry in node.entries if entry.key in MEASURES]
    if not words:
        raise _no_measure(node, problems)
    for second in words[1:]:
        message = f"a signal is one measure; {quote(words[0].key)} is there already"
        problems.error(codes.EXCLUSIVE, second.key_span, message)
    if words[1:]:
        raise InvalidError
    word = words[0].key
    keys = Keys(node, f"`{word}`", problems)
    return MEASURES[word](Parameters(word, keys, selections, problems))


def _bare(node: ScalarNode, problems: Diagnostics) -> m.Measure:
    if node.text in BARE:
        return BARE[node.text]
    if node.text in MEASURES:
        message = f"`{node.text}` needs a value"
        hint: str | None = f"write `{{{node.text}: …, window: 7d}}`"
        problems.error(codes.MISSING_KEY, node.span, message, hint=hint)
    else:
        message = f"unknown measure {quote(node.text)}"
        hint = suggestion(node.text, MEASURES, listed=len(MEASURES))
        problems.error(codes.UNKNOWN_MEASURE, node.span, message, hint=hint)
    raise InvalidError


def _no_measure(node: MappingNode, problems: Diagnostics) -> InvalidError:
    """Report a signal without a measure, at the key that was most likely meant as one."""
    for entry in node.entries:
        meant = nearest(entry.key, MEASURES)
        if meant is not None:
            message, hint = f"unknown measure {quote(entry.key)}", f"did you mean `{meant}`?"
            problems.error(codes.UNKNOWN_MEASURE, entry.key_span, message, hint=hint)
            return InvalidError()
    span = node.entries[0].key_span if node.entries else node.span
    hint = f"one of: {', '.join(MEASURES)}"
    problems.error(codes.UNKNOWN_MEASURE, span, "the signal has no measure", hint=hint)
    return InvalidError()
