"""What the readers know: every kind of mapping with its keys, found by watching the readers read.

So nothing that describes the language, such as the schema for editors, can fall behind it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from engine.language.diagnostic import Diagnostics
from engine.language.draft import KINDS, read_draft
from engine.language.model.measure import Approved, Inner, Measure
from engine.language.read.condition import Conditions
from engine.language.read.field_test import Vocabulary
from engine.language.read.mapping import Asked, Keys, attempt
from engine.language.read.measures import MEASURES
from engine.language.read.measures.parameters import OfInterval, Parameters
from engine.language.read.measures.windows import INNER
from engine.language.read.selection import Selections
from engine.language.span import NOWHERE
from engine.language.yaml_nodes import Document, Entry, MappingNode, Node, ScalarNode

NOTHING = ScalarNode(None, "", quoted=False, place=NOWHERE)
WORD = ScalarNode("all", "all", quoted=False, place=NOWHERE)


class Survey(Diagnostics):
    """Takes notice of the keys that readers know, in the order in which they are done."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, Asked]] = []

    def understood(
        self,
        what: str,
        keys: Mapping[str, tuple[Any, bool, object]],
        many: Mapping[str, Any],
    ) -> None:
        """Keep a mapping's keys."""
        fields: Asked = {name: (read, False, None) for name, read in many.items()}
        self.found.append((what, {**keys, **fields}))


def mapping(**values: Node) -> MappingNode:
    """Return a mapping that stands nowhere."""
    return MappingNode({key: Entry(key, NOWHERE, value) for key, value in values.items()}, NOWHERE)


def documents() -> dict[str, Asked]:
    """Return the keys of each kind of document, by its first key."""
    found = {}
    for kind in KINDS:
        found[kind] = _document(**{kind: WORD})
    return found


def declaration() -> Asked:
    """Return the keys of a field that a pack declares."""
    return _document(fields=WORD, declare=mapping(x=mapping()))


def _document(**values: Node) -> Asked:
    """Return the keys of the mapping that is done first: the innermost."""
    survey = Survey()
    read_draft([Document(mapping(**values), "")], survey)
    return survey.found[0][1]


def measures() -> dict[str, Asked]:
    """Return the keys of each measure by its word, those that only some of its forms have too."""
    return {word: _measure(word, MEASURES[word]) for word in MEASURES}


def inner_measures() -> dict[str, Asked]:
    """Return the keys of each measure that another one takes."""
    return {word: _measure(word, INNER[word], OfInterval) for word in INNER}


def _measure(word: str, read: Any, of: type[Parameters] = Parameters) -> Asked:  # noqa: ANN401 - of any family
    survey = Survey()
    for value in (NOTHING, WORD):
        attempt(partial(_read_measure, word, read, of), mapping(**{word: value}), survey)
    known: Asked = {}
    for _, keys in survey.found:
        known |= {key: how for key, how in keys.items() if known.get(key, (None,))[0] is None}
    return known


def _read_measure(
    word: str,
    read: Any,  # noqa: ANN401 - of any family
    of: type[Parameters],
    node: Node,
    problems: Diagnostics,
) -> Measure | Inner:
    keys = Keys(node, f"`{word}`", problems)
    made: Measure | Inner = read(of(word, keys, Selections(Vocabulary({}, {})), _signal, problems))
    return made


def _signal(_: Node, __: Diagnostics) -> Measure:
    return Approved(approval="any")


def conditions() -> dict[str, Asked]:
    """Return the keys of the conditions that are mappings: `findings`, `strikes`."""
    survey = Survey()
    for word in ("findings", "strikes"):
        node = mapping(**{word: mapping()})
        attempt(Conditions((), {}).read, node, survey)
    return {what.strip("`"): keys for what, keys in survey.found}
