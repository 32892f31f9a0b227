"""All that changed between two packs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from engine.authoring.diff.change import Change, Kind
from engine.authoring.diff.compare import compare, of_field
from engine.authoring.diff.documents import Documents, documents, other_fields
from engine.authoring.diff.notes import Note, notes
from engine.authoring.diff.place import Place, Scope, span_of
from engine.authoring.diff.words import quoted
from engine.language.canonical import canonical_bytes
from engine.language.model.pack import NamedList, Pack
from engine.language.model.policy import Policy
from engine.language.model.selection import Test
from engine.language.walk import selections_of, walk_selection


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one pack to another."""

    old: Pack
    new: Pack
    changes: tuple[Change, ...]
    """By kind of document in the order of the model, then by name; none for equal digests only."""
    notes: tuple[Note, ...]
    """What an author should know about the changes."""

    @property
    def decides(self) -> bool:
        """Return whether anybody could be judged or treated otherwise."""
        return any(change.decides for change in self.changes)


def difference(old: Pack, new: Pack) -> Difference:
    """Compare two packs by what they mean; texts, comments, places and files do not count."""
    matched = documents(old, new)
    scope = Scope(
        {key: name for kind in matched for key, name in kind.renamed.items()},
        frozenset(_changed_lists(matched)),
    )
    found = [*_of_pack(old, new, scope)]
    for kind in matched:
        found += _of_kind(kind, scope)
    users = {**_users(old), **_users(new)}
    changes = tuple(_with_users(change, users) for change in found)
    pairs = next((kind.pairs for kind in matched if kind.kind == "policy"), ())
    return Difference(old, new, changes, notes(old, new, pairs, changes))


def _of_pack(old: Pack, new: Pack, scope: Scope) -> Iterator[Change]:
    at = Place(("pack", new.name), None, None, scope)
    for name in other_fields(old, new):
        yield from of_field(old, new, name, at)


def _of_kind(kind: Documents, scope: Scope) -> Iterator[Change]:
    for one in kind.removed:
        place = Place((kind.kind, one.name), span_of(one), None, scope)
        yield place.change(Kind.REMOVED, _came("removed", one), old=one)
    for one in kind.added:
        place = Place((kind.kind, one.name), None, span_of(one), scope)
        yield place.change(Kind.ADDED, _came("added", one), new=one)
    for before, after in kind.pairs:
        place = Place((kind.kind, after.name), span_of(before), span_of(after), scope)
        if before.name != after.name:
            moved = replace(place, decides=False)
            yield moved.change(Kind.RENAMED, f"was called {quoted(before.name)}", before, after)
        yield from compare(replace(before, name=after.name), after, place)


def _came(word: str, one: object) -> str:
    return f"{word}, {one.status.value}" if isinstance(one, Policy) else word


def _changed_lists(matched: tuple[Documents, ...]) -> Iterator[str]:
    for kind in matched:
        for before, after in kind.pairs:
            if isinstance(after, NamedList) and _values(before) != _values(after):
                yield after.name


def _values(one: NamedList) -> bytes:
    return canonical_bytes(one.values)


def _users(pack: Pack) -> Mapping[str, tuple[str, ...]]:
    """Return by list the policies that select by it."""
    found: dict[str, dict[str, None]] = {}
    for policy in pack.policies:
        for signal in policy.signals:
            for selection in selections_of(signal.measure):
                for part in walk_selection(selection):
                    if isinstance(part, Test) and part.list_name is not None:
                        found.setdefault(part.list_name, {})[policy.name] = None
    return {name: tuple(policies) for name, policies in found.items()}


def _with_users(change: Change, users: Mapping[str, tuple[str, ...]]) -> Change:
    kind, name = change.document
    if kind != "list" or not change.decides:
        return change
    return replace(change, affects=users.get(name, ()))
