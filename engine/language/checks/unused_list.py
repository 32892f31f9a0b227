"""A list that no selection refers to.

Accepted:

    list: phrases
    ---
    policy: harness
    signals: {events: {count: {prompt|contains: list:phrases}, window: 7d}}

Refused:

    list: phrases
    ---
    policy: harness
    select: {first: {turn: 1}}
    signals: {events: {count: {prompt|contains: a phrase}, window: 7d}}
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.language.checks.problem import Problem
from engine.language.diagnostic import Level, quote
from engine.language.draft import Draft, sound
from engine.language.yaml_nodes import MappingNode, Node, ScalarNode, SequenceNode

ID = "EX406"
TITLE = "an unused list"
LEVEL = Level.WARNING


def check(draft: Draft) -> Iterator[Problem]:
    """Yield the lists that no policy refers to, be it sound or not."""
    used = {name for _, read in sound(draft.policies) for name in read.lists_used}
    for policy in draft.policies:
        if policy.reading.failed:
            used.update(text.removeprefix("list:") for text in _texts(policy.node))
    for written, read in sound(draft.lists):
        if read.model.name not in used:
            message = f"list {quote(read.model.name)} is never used"
            yield Problem(written.named_at, message, "refer to it, or remove it")


def _texts(root: Node) -> Iterator[str]:
    nodes = [root]
    for node in nodes:
        if isinstance(node, ScalarNode):
            yield node.text
        elif isinstance(node, MappingNode):
            nodes += [entry.value for entry in node.entries]
        elif isinstance(node, SequenceNode):
            nodes += node.items
