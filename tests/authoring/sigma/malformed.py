"""Sigma that is almost right: documents with one part of them deleted, doubled, retyped, renamed.

A mutation is made on the nodes that YAML is read to, and written out again: so a key may be there
twice, and everything else stays what it was.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import yaml

CASES = Path(__file__).parents[2] / "golden" / "sigma"
_ODD = (
    "null", "true", "0", "-1", "1.5", "1e400", ".nan", ".inf", "9" * 400, "0x1F", "1_000", "1:30",
    "''", "' '", "x", "'*'", "'%user%'", "'%'", "'\\'", "'(('", "'é'", "'a b'", "'300.1.2.3/99'",
    "2026-01-02", "2026-13-45", "!!binary aGVsbG8=", "!!set {a, b}", "!!str 5", "~",
    "[]", "{}", "[[]]", "[{}]", "[null]", "[a, [b, {c: d}]]", "{a: {b: c}}", "{a: }", "[1, x, ~]",
    "'{brace} {n:percent}'", "'list:x'", "x y z", "'\"'", "12345678-1234-1234-1234-123456789abc",
)  # fmt: skip
"""Values of other types than whoever reads them expects."""
_WORDS = (
    "title", "id", "name", "logsource", "detection", "condition", "selection", "correlation",
    "filter", "rules", "group-by", "timespan", "type", "field", "gte", "lt", "aliases", "action",
    "timeframe", "level", "status", "tags", "generate", "percentile", "user|re",
    "user|contains|all", "user|cidr", "user|base64offset|contains", "user|nothing", "user|expand",
    "user|fieldref", "user|exists", "user|gte", "user|minute", "|", "a|", "|all", "", "{}", "not",
    "all", "any", "_filt_x", "x*",
)  # fmt: skip
"""Names that mean something, somewhere else."""

Mutation = Callable[[random.Random, yaml.Node], None]


def valid_documents() -> list[str]:
    """Return the documents of the golden cases that are YAML, each as its text."""
    texts = []
    for case in sorted(CASES.glob("*.yml")):
        for text in case.read_text(encoding="utf-8").split("\n---\n"):
            try:
                root = yaml.compose(text, Loader=yaml.CSafeLoader)
            except yaml.YAMLError:
                continue
            if isinstance(root, yaml.MappingNode):
                texts.append(text)
    return texts


def mutated(source: random.Random, text: str, times: int = 1) -> str:
    """Return a document with so many mutations."""
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    for _ in range(times):
        holders = [node for node in _collections(root) if node.value]
        if holders:
            source.choice(_MUTATIONS)(source, source.choice(holders))
    written: str = yaml.serialize(root, Dumper=yaml.CSafeDumper, allow_unicode=True)
    return written


def _collections(root: yaml.Node) -> Iterator[yaml.CollectionNode]:
    if isinstance(root, yaml.CollectionNode):
        yield root
        for each in root.value:
            for node in each if isinstance(root, yaml.MappingNode) else (each,):
                yield from _collections(node)


def _delete(source: random.Random, holder: yaml.Node) -> None:
    del holder.value[source.randrange(len(holder.value))]


def _double(source: random.Random, holder: yaml.Node) -> None:
    holder.value.insert(source.randrange(len(holder.value) + 1), source.choice(holder.value))


def _retype(source: random.Random, holder: yaml.Node) -> None:
    place = source.randrange(len(holder.value))
    odd = yaml.compose(source.choice(_ODD), Loader=yaml.CSafeLoader)
    if source.random() < 0.2:
        odd = yaml.SequenceNode("tag:yaml.org,2002:seq", [odd, odd])
    is_pair = isinstance(holder, yaml.MappingNode)
    holder.value[place] = (holder.value[place][0], odd) if is_pair else odd


def _rename(source: random.Random, holder: yaml.Node) -> None:
    place = source.randrange(len(holder.value))
    name = yaml.ScalarNode("tag:yaml.org,2002:str", source.choice(_WORDS))
    is_pair = isinstance(holder, yaml.MappingNode)
    holder.value[place] = (name, holder.value[place][1]) if is_pair else name


def _move(source: random.Random, holder: yaml.Node) -> None:
    """Put one value where another one is."""
    first, second = (source.randrange(len(holder.value)) for _ in range(2))
    if isinstance(holder, yaml.MappingNode):
        holder.value[first] = (holder.value[first][0], holder.value[second][1])
    else:
        holder.value[first] = holder.value[second]


_MUTATIONS: Sequence[Mutation] = (_delete, _double, _retype, _rename, _move)
