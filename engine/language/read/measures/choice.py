"""Which measure a mapping is: the one of its keys that is the word of a measure."""

from __future__ import annotations

from collections.abc import Iterable

from engine.language import codes, other_words
from engine.language.diagnostic import Diagnostics, quote
from engine.language.read.mapping import InvalidError, nearest
from engine.language.yaml_nodes import MappingNode

_PARAMETERS = frozenset({"window", "timespan", "where"})
"""Keys that are near the word of a measure, but meant as they are."""

_PARAMETER = {"windows": "window", "min": "min_of"}
"""Measures that are written where one of their parameters is meant."""


def measure_word(node: MappingNode, words: Iterable[str], what: str, problems: Diagnostics) -> str:
    """Return the word of the measure; InvalidError, reported, when there is none or another."""
    known = tuple(words)
    found = [entry for entry in node.entries if entry.key in known]
    if not found:
        raise _no_measure(node, known, what, problems)
    for second in found[1:]:
        message = f"{what} has one measure; {quote(found[0].key)} is there already"
        meant = _PARAMETER.get(second.key)
        hint = f"did you mean `{meant}`?" if meant else "write a signal of its own for each"
        problems.error(codes.EXCLUSIVE, second.key_span, message, hint=hint)
    if found[1:]:
        raise InvalidError
    return found[0].key


def _no_measure(
    node: MappingNode, known: tuple[str, ...], what: str, problems: Diagnostics
) -> InvalidError:
    """Report a mapping without a measure, at the key that was most likely meant as one."""
    others = [entry for entry in node.entries if entry.key not in _PARAMETERS]
    for entry in others:
        there = other_words.meant("measure", entry.key)
        meant = there if there in known else nearest(entry.key, known)
        if meant is not None:
            message = f"unknown measure {quote(entry.key)}"
            hint = f"that is `{meant}` here" if meant == there else f"did you mean `{meant}`?"
            problems.error(codes.UNKNOWN_MEASURE, entry.key_span, message, hint=hint)
            return InvalidError()
    span = node.entries[0].key_span if node.entries else node.span
    hint = f"one of: {', '.join(known)}"
    problems.error(codes.UNKNOWN_MEASURE, span, f"{what} has no measure", hint=hint)
    return InvalidError()
