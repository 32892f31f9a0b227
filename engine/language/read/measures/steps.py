"""Steps: what happens, or after `not` what must not."""

from __future__ import annotations

import re

from engine.language.diagnostic import Diagnostics
from engine.language.model.measure import Step
from engine.language.read.selection import Selections
from engine.language.span import Span
from engine.language.yaml_nodes import Entry, MappingNode, Node, ScalarNode

_ABSENT = re.compile(r"(?i:not)\s+(?=\S)")


def read_step(selections: Selections, node: Node, problems: Diagnostics) -> Step:
    """Read `name`, `not name`, a selection, or `{not: selection}`."""
    absent = _absent(node)
    where = selections.read(node if absent is None else absent, problems)
    return Step(where, absent=absent is not None)


def _absent(node: Node) -> Node | None:
    """Return what must not happen, None for what must."""
    match node:
        case MappingNode(entries=(Entry(key="not", value=inner),)):
            return inner
        case ScalarNode(value=str()):
            found = _ABSENT.match(node.text)
            return None if found is None else _after(node, found.end())
    return None


def _after(node: ScalarNode, offset: int) -> ScalarNode:
    text, span = node.text[offset:], node.span
    if not node.quoted and span.line == span.end_line:
        span = Span(span.file, span.line, span.column + offset, span.end_line, span.end_column)
    return node._replace(value=text, text=text, place=span)
