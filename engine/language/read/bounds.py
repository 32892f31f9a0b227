"""Comparisons with numbers: `{gte: 10, lt: 20}`."""

from __future__ import annotations

from engine.language import codes
from engine.language.diagnostic import Diagnostics
from engine.language.model.measure import Bound
from engine.language.read.mapping import InvalidError, Keys, wrong_type
from engine.language.read.scalars import decimal
from engine.language.words import OPERATORS, Operator
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode

LARGEST = 1e15
_PLACES = 15
"""Decimals of a threshold that is multiplied out in whole numbers."""
_THRESHOLD = decimal(-LARGEST, LARGEST, places=_PLACES)


def read_bounds(node: Node, problems: Diagnostics) -> tuple[Bound, ...]:
    """Read comparisons that must all hold; a number alone is one with it."""
    if isinstance(node, ScalarNode):
        return (Bound(Operator.EQ, _THRESHOLD(node, problems), node.span),)
    if not isinstance(node, MappingNode):
        raise wrong_type(node, "a comparison", problems, "such as `{gte: 1}`")
    keys = Keys(node, "the comparison", problems)
    found = [
        (OPERATORS[entry.key], keys.required(entry.key, _THRESHOLD), entry.key_span)
        for entry in node.entries
        if entry.key in OPERATORS
    ]
    keys.mention(OPERATORS)
    keys.finish()
    if not found:
        if not node.entries:
            hint = f"use {', '.join(OPERATORS)}"
            problems.error(codes.EMPTY, node.span, "the comparison is empty", hint=hint)
        raise InvalidError
    return tuple(Bound(operator, limit.value, span) for operator, limit, span in found)
