"""One small change to a pack's YAML, by seed: delete, duplicate, retype or rename a node."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

_STRING = "tag:yaml.org,2002:str"
_RETYPED = (
    "5", "-1", "0.5", "1e3", "1e400", "true", "null", "~", "''", "'5'", "yes", "7d", "2026-06-05",
    "[]", "{}", "[x, y]", "{x: y}", "[[x]]", "all", "list:phrases", "list:none", ".nan", "0x1F",
    "'*'", "a" * 300, "é\u200d", "99999999999999999999", "- -", "'{events}'", "any", "members",
)  # fmt: skip
"""What a node is replaced by."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed pack and what was done to it."""

    files: dict[str, bytes]
    what: str


@dataclass(slots=True)
class _Place:
    """A node with where it hangs: in an entry of a mapping, or in a list."""

    parent: MappingNode | SequenceNode
    at: int
    path: str

    @property
    def node(self) -> Node:
        held = self.parent.value[self.at]
        return held[1] if isinstance(self.parent, MappingNode) else held

    @node.setter
    def node(self, node: Node) -> None:
        if isinstance(self.parent, MappingNode):
            self.parent.value[self.at] = (self.parent.value[self.at][0], node)
        else:
            self.parent.value[self.at] = node


def mutant(files: dict[str, bytes], seed: int) -> Mutant:
    """Return the pack with one change at one place, both drawn from the seed."""
    chance = random.Random(seed)
    name = chance.choice(sorted(files))
    roots = list(yaml.compose_all(files[name].decode(), Loader=yaml.SafeLoader))
    place = chance.choice([place for root in roots for place in _places(root, "")])
    change = chance.choice((_delete, _duplicate, _retype, _rename, _move))
    what = f"{name}: {change.__name__[1:]} {place.path}: {change(place, chance)}"
    text = yaml.serialize_all(roots, allow_unicode=True)
    return Mutant({**files, name: text.encode()}, what)


def _places(node: Node, path: str) -> Iterator[_Place]:
    if isinstance(node, MappingNode):
        for at, (key, value) in enumerate(node.value):
            yield _Place(node, at, f"{path}/{key.value}")
            yield from _places(value, f"{path}/{key.value}")
    elif isinstance(node, SequenceNode):
        for at, value in enumerate(node.value):
            yield _Place(node, at, f"{path}/{at}")
            yield from _places(value, f"{path}/{at}")


def _delete(place: _Place, _: random.Random) -> str:
    del place.parent.value[place.at]
    return "gone"


def _duplicate(place: _Place, _: random.Random) -> str:
    place.parent.value.insert(place.at, copy.deepcopy(place.parent.value[place.at]))
    return "twice"


def _retype(place: _Place, chance: random.Random) -> str:
    text = chance.choice(_RETYPED)
    place.node = yaml.compose(text, Loader=yaml.SafeLoader)
    return text


def _rename(place: _Place, chance: random.Random) -> str:
    """Misspell a key or a word, or put another one of the same mapping in its place."""
    parent = place.parent
    if isinstance(parent, MappingNode) and (chance.random() < 0.6 or not _is_scalar(place.node)):
        key, value = parent.value[place.at]
        new = _misspelt(key.value, chance)
        parent.value[place.at] = (ScalarNode(_STRING, new), value)
        return new
    if _is_scalar(place.node):
        new = _misspelt(str(place.node.value), chance)
        place.node = ScalarNode(_STRING, new)
        return new
    return "nothing"


def _is_scalar(node: Node) -> bool:
    return isinstance(node, ScalarNode) and str(node.value).isidentifier()


def _misspelt(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) + 1)
    return chance.choice(
        (
            word[:at] + chance.choice("abcxyz_-|") + word[at:],
            word[:at] + word[at + 1 :] or "x",
            word.upper(),
            word.replace("_", "-"),
            f"{word}s",
        )
    )


def _move(place: _Place, chance: random.Random) -> str:
    """Wrap a node in a list or a mapping, or take it out of one."""
    node = place.node
    if isinstance(node, SequenceNode) and node.value:
        place.node = chance.choice(node.value)
        return "unwrapped"
    if isinstance(node, MappingNode) and node.value and chance.random() < 0.5:
        place.node = chance.choice(node.value)[1]
        return "unwrapped"
    if chance.random() < 0.5:
        place.node = SequenceNode("tag:yaml.org,2002:seq", [node])
        return "in a list"
    key = ScalarNode(_STRING, chance.choice(("all", "any", "not", "x", "count", "value")))
    place.node = MappingNode("tag:yaml.org,2002:map", [(key, node)])
    return f"under {key.value}"
