"""Differences between event selections; what has a name is told of under that name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.authoring.diff.alignment import aligned, delta
from engine.authoring.diff.change import Change, Kind
from engine.authoring.diff.place import Named, Place
from engine.authoring.diff.words import listed, right_side, selection_words, value_words
from engine.language.canonical import canonical_bytes, meaning
from engine.language.model.policy import NamedSelection
from engine.language.model.selection import AllOf, AnyOf, Not, Selection, Test
from engine.language.words import Match


def names_of(select: Sequence[NamedSelection]) -> Named:
    """Return the names of selections by their canonical bytes."""
    names: dict[bytes, tuple[str, ...]] = {}
    for entry in select:
        key = canonical_bytes(entry.selection)
        names[key] = (*names.get(key, ()), entry.name)
    return names


def selections(
    old: Selection, new: Selection, at: Place, *, entry: str | None = None
) -> Iterator[Change]:
    """Yield what differs between two selections at one place.

    `entry` is the name under which they stand in `select` themselves: of several names for equal
    selections, a difference is told of at the first.
    """
    if canonical_bytes(old) == canonical_bytes(new):
        return
    here = at.at(old, new)
    before, after = (
        _earlier(_names(selection, known), entry)
        for selection, known in ((old, here.scope.old_names), (new, here.scope.new_names))
    )
    if not set(before).isdisjoint(after):
        return
    if before and after:
        yield here.change(Kind.CHANGED, f"{before[0]} → {after[0]}", old, new)
        return
    if _same_changed_list(old, new, here):
        return
    yield from _parts(old, new, here)


def _names(selection: Selection, known: Named) -> tuple[str, ...]:
    return known.get(canonical_bytes(selection), ())


def _earlier(names: tuple[str, ...], entry: str | None) -> tuple[str, ...]:
    return names[: names.index(entry)] if entry in names else names


def _parts(old: Selection, new: Selection, here: Place) -> Iterator[Change]:
    match old, new:
        case Test(), Test() if _compared(old) == _compared(new):
            yield from _tests(old, new, here)
        case Not(part=before), Not(part=after):
            yield from selections(before, after, here.inside("part"))
        case (AllOf(before), AllOf(after)) | (AnyOf(before), AnyOf(after)) if before and after:
            yield from _several(before, after, here.inside("parts"))
        case _:
            words = f"{selection_words(old)} → {selection_words(new)}"
            yield here.change(Kind.CHANGED, words, old, new)


def _compared(test: Test) -> tuple[object, ...]:
    return test.field, test.time_part, test.match


def _several(old: Sequence[Selection], new: Sequence[Selection], at: Place) -> Iterator[Change]:
    pairing = aligned(old, new, (_likeness, _kinship))
    for before, after in pairing.pairs:
        yield from selections(old[before], new[after], at.inside(str(after)))
    for position in pairing.removed:
        part = old[position]
        place = at.inside(str(position)).at(part, None)
        yield place.change(Kind.REMOVED, f"removed {selection_words(part)}", old=part)
    for position in pairing.added:
        part = new[position]
        place = at.inside(str(position)).at(None, part)
        yield place.change(Kind.ADDED, f"added {selection_words(part)}", new=part)
    if pairing.reordered:
        yield at.change(Kind.REWRITTEN, "tests in another order", old, new)


def _likeness(selection: Selection) -> object:
    match selection:
        case Test():
            return Test, *_compared(selection), selection.list_name
        case Not(part=part):
            return Not, _likeness(part)
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return type(selection), frozenset(_likeness(part) for part in parts)
    return type(selection)


def _kinship(selection: Selection) -> object:
    match selection:
        case Test():
            return Test, *_compared(selection)
        case Not(part=part):
            inner = _kinship(part)
            return None if inner is None else (Not, inner)
    return type(selection)


def _tests(old: Test, new: Test, at: Place) -> Iterator[Change]:
    said = f"{at.said}, {_key(old)}"
    differ = canonical_bytes(old.values) != canonical_bytes(new.values)
    if _list_now(old, at) != new.list_name:
        place = at.inside("values" if differ else "list_name", said)
        yield place.change(Kind.CHANGED, f"{right_side(old)} → {right_side(new)}", old, new)
    elif differ:
        yield values(old.values, new.values, at.inside("values", said))
    for name in meaning(old):
        before, after = getattr(old, name), getattr(new, name)
        if name not in ("values", "list_name") and canonical_bytes(before) != canonical_bytes(
            after
        ):
            ends = (value_words(name, before), value_words(name, after))
            yield at.field(old, name).change(Kind.CHANGED, " → ".join(ends), before, after)


def _list_now(test: Test, at: Place) -> str | None:
    return None if test.list_name is None else at.scope.now("list", test.list_name)


def _key(test: Test) -> str:
    words = [str(test.field), *([test.time_part.value] if test.time_part else [])]
    return "|".join(words if test.match is Match.EQUALS else [*words, test.match.value])


def values(old: Sequence[object], new: Sequence[object], at: Place) -> Change:
    """Return the difference between two collections of plain values whose order is moot."""
    found = delta(old, new)
    if not found.added and not found.removed:
        return at.change(Kind.REWRITTEN, "values in another order", old, new)
    words = [f"added {_listed(found.added)}"] if found.added else []
    words += [f"removed {_listed(found.removed)}"] if found.removed else []
    return at.change(Kind.CHANGED, "; ".join(words), old, new)


def _listed(items: Sequence[object]) -> str:
    return listed(value_words("", item) for item in items)


def _same_changed_list(old: Selection, new: Selection, at: Place) -> bool:
    """Say whether both compare with one list, alike, and just the list differs.

    A list with wildcards becomes several tests, one for each way of comparing.
    """
    before, after = _of_list(old), _of_list(new)
    if before is None or after is None or before.keys() != after.keys():
        return False
    names = {at.scope.now("list", name) for name in before.values()}
    return names == set(after.values()) and names <= at.scope.changed_lists


def _of_list(selection: Selection) -> Mapping[tuple[object, ...], str] | None:
    """Return by way of comparing the list that every test of a selection compares with."""
    tests = selection.parts if isinstance(selection, AllOf | AnyOf) else (selection,)
    found: dict[tuple[object, ...], str] = {}
    for test in tests:
        if not isinstance(test, Test) or test.list_name is None:
            return None
        found[type(selection), *_compared(test), test.every, test.cased] = test.list_name
    return found if len(set(found.values())) == 1 else None
