"""Which document of the new pack is which of the old one: by name, or renamed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.language.canonical import canonical_bytes, meaning
from engine.language.model.pack import Pack
from engine.language.model.policy import Policy

_KINDS = {
    "policies": "policy",
    "responses": "response",
    "lists": "list",
    "exemptions": "exemption",
    "sources": "source",
    "addenda": "addendum",
}
_ALIKE = 0.7
"""The share of a policy's fields that must be equal for it to be the same under a new name."""


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of one kind in both packs."""

    kind: str
    """Their first key."""
    pairs: tuple[tuple[Any, Any], ...]
    removed: tuple[Any, ...]
    added: tuple[Any, ...]

    @property
    def renamed(self) -> Mapping[tuple[str, str], str]:
        """Return the new names by kind and old name."""
        return {(self.kind, a.name): b.name for a, b in self.pairs if a.name != b.name}


def documents(old: Pack, new: Pack) -> tuple[Documents, ...]:
    """Return the documents of both packs by kind, in the order of the model."""
    return tuple(
        _matched(_KINDS.get(name, name), getattr(old, name), getattr(new, name))
        for name in meaning(new)
        if _holds_documents(old, new, name)
    )


def other_fields(old: Pack, new: Pack) -> tuple[str, ...]:
    """Return the fields of packs that hold no documents."""
    return tuple(name for name in meaning(new) if not _holds_documents(old, new, name))


def _holds_documents(old: Pack, new: Pack, name: str) -> bool:
    before, after = getattr(old, name), getattr(new, name)
    return isinstance(before, tuple) and all(hasattr(one, "name") for one in (*before, *after))


def _matched(kind: str, old: Sequence[Any], new: Sequence[Any]) -> Documents:
    before, after = {one.name: one for one in old}, {one.name: one for one in new}
    gone = [before[name] for name in sorted(before.keys() - after.keys())]
    come = [after[name] for name in sorted(after.keys() - before.keys())]
    pairs = [(before[name], after[name]) for name in sorted(before.keys() & after.keys())]
    for one in list(gone):
        successor = next((other for other in come if _same(one, other)), None)
        if successor is not None:
            gone.remove(one)
            come.remove(successor)
            pairs.append((one, successor))
    pairs.sort(key=lambda pair: str(pair[1].name))
    return Documents(kind, tuple(pairs), tuple(gone), tuple(come))


def _same(old: Any, new: Any) -> bool:  # noqa: ANN401 - any kind of document
    """Say whether a document is an old one under another name; a policy may have changed a bit."""
    if canonical_bytes(replace(old, name=new.name)) == canonical_bytes(new):
        return True
    if not isinstance(old, Policy) or not isinstance(new, Policy):
        return False
    equal = frozenset(
        name
        for name in meaning(old)
        if canonical_bytes(getattr(old, name)) == canonical_bytes(getattr(new, name))
    )
    return len(equal) >= _ALIKE * len(meaning(old)) and bool(equal & {"signals", "when"})
