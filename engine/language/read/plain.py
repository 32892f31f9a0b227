"""From nodes back to plain Python data."""

from __future__ import annotations

from engine.language.diagnostic import Diagnostics
from engine.language.read.mapping import InvalidError
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode


def plain(node: Node, problems: Diagnostics) -> object:
    """Return a node as scalars, lists and dicts; InvalidError where something was refused."""
    match node:
        case ScalarNode():
            return node.value
        case SequenceNode():
            return [plain(item, problems) for item in node.items]
        case MappingNode():
            return {key: plain(entry.value, problems) for key, entry in node.by_key.items()}
    raise InvalidError
