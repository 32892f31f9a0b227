"""Differences between any two nodes of the model, field by field.

What the comparison does not know by name it compares all the same, so that a part added to the
model is never passed over: packs of different digests always differ here, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import is_dataclass, replace
from typing import TYPE_CHECKING, TypeAlias, TypeGuard
from typing import Any as Anything

from engine.authoring.diff.alignment import aligned
from engine.authoring.diff.change import Change, Kind
from engine.authoring.diff.conditions import conditions, parts
from engine.authoring.diff.place import Place
from engine.authoring.diff.selections import names_of, selections, values
from engine.authoring.diff.words import node_words, plain, value_words
from engine.language.canonical import canonical_bytes, meaning
from engine.language.model.condition import Condition
from engine.language.model.links import Connector, Links, Synchrony
from engine.language.model.pack import Exemption, NamedList, Pack
from engine.language.model.policy import NamedSelection, Policy, PolicyTest, Signal
from engine.language.model.response import ActionSpec, Response, Step
from engine.language.model.selection import Selection
from engine.language.model.terms import AddendumVersion, Clause, TermsVersion, Waiver
from engine.language.walk import selections_of, walk_selection

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Special: TypeAlias = Callable[[Anything, Anything, Place], Iterator[Change]]

_KEYS: Mapping[type, str] = {
    AddendumVersion: "version",
    Clause: "id",
    Connector: "shared",
    NamedSelection: "name",
    PolicyTest: "name",
    Signal: "name",
    Synchrony: "shared",
    TermsVersion: "version",
    Waiver: "clause",
}
"""By which field the parts of a sequence are told apart."""

_ORDER_MOOT = frozenset(
    {
        (AddendumVersion, "clauses"),
        (AddendumVersion, "waives"),
        (Links, "connectors"),
        (Links, "synchronous"),
        (NamedList, "values"),
        (Pack, "owners"),
        (Policy, "clauses"),
        (Policy, "references"),
        (Policy, "select"),
        (Policy, "signals"),
        (Policy, "tests"),
        (Step, "do"),
        (TermsVersion, "clauses"),
    }
)
"""Sequences in which nothing depends on the order."""

_ONE = {
    "clauses": "clause",
    "connectors": "connect",
    "do": "action",
    "ladder": "step",
    "signals": "signal",
    "synchronous": "synchronous connector",
    "tests": "test",
    "versions": "version",
    "waives": "waiver of",
}
"""One of the parts of a sequence."""

_ACTIVITY = frozenset({"accounts", "exchanges", "models"})


def compare(old: object, new: object, at: Place) -> Iterator[Change]:
    """Yield what differs between two values of the model at one place."""
    if canonical_bytes(old) == canonical_bytes(new):
        return
    here = at.at(old, new)
    if isinstance(old, Condition) and isinstance(new, Condition):
        yield from conditions(old, new, here)
    elif isinstance(old, Selection) and isinstance(new, Selection):
        yield from selections(old, new, here)
    elif isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(old, new, here)
    elif type(old) in _SPECIAL and type(old) is type(new):
        yield from _SPECIAL[type(old)](old, new, here)
    elif _is_node(old) and _is_node(new) and type(old) is type(new):
        yield from node(old, new, here)
    else:
        name = at.path[-1]
        words = f"{value_words(name, old)} → {value_words(name, new)}"
        yield here.change(Kind.CHANGED, words, old, new)


def _is_node(value: object) -> TypeGuard[DataclassInstance]:
    return is_dataclass(value) and not isinstance(value, type)


def node(old: DataclassInstance, new: DataclassInstance, at: Place) -> Iterator[Change]:
    """Yield what differs between two nodes of one class."""
    for name in meaning(old):
        yield from of_field(old, new, name, at)


def of_field(
    old: DataclassInstance, new: DataclassInstance, name: str, at: Place
) -> Iterator[Change]:
    """Yield what differs between the same field of two nodes."""
    before, after = getattr(old, name), getattr(new, name)
    if canonical_bytes(before) == canonical_bytes(after):
        return
    place = at.field(old, name).at_key(old, new, name)
    if isinstance(before, frozenset) and isinstance(after, frozenset):
        yield values(_sorted(before), _sorted(after), place)
    elif isinstance(before, tuple) and isinstance(after, tuple):
        moot = (type(old), name) in _ORDER_MOOT
        yield from _sequences(before, after, place, at, order_moot=moot)
    else:
        yield from compare(before, after, place)


def _sorted(items: frozenset[object]) -> tuple[object, ...]:
    return tuple(sorted(items, key=canonical_bytes))


def _mappings(
    old: Mapping[object, object], new: Mapping[object, object], at: Place
) -> Iterator[Change]:
    for key in sorted(old.keys() | new.keys(), key=plain):
        place = at.inside(plain(key), f"{at.said}, {plain(key)}")
        if key not in new:
            words = f"removed {node_words(old[key])}"
            yield place.change(Kind.REMOVED, words, old=old[key])
        elif key not in old:
            words = f"added {node_words(new[key])}"
            yield place.change(Kind.ADDED, words, new=new[key])
        else:
            yield from compare(old[key], new[key], place)


def _sequences(
    old: tuple[object, ...], new: tuple[object, ...], at: Place, whole: Place, *, order_moot: bool
) -> Iterator[Change]:
    if not all(is_dataclass(part) for part in (*old, *new)):
        if order_moot:
            yield values(old, new, at)
        else:
            words = f"{node_words(old)} → {node_words(new)}"
            yield at.change(Kind.CHANGED, words, old, new)
        return
    keyed = _keyed(old) and _keyed(new)
    pairing = aligned(old, new, (_key,) if keyed else (_likeness, type))
    for before, after in pairing.pairs:
        yield from compare(old[before], new[after], _part(at, whole, new[after], after, keyed))
    for position in pairing.removed:
        part = old[position]
        place = _part(at, whole, part, position, keyed).at(part, None)
        yield place.change(Kind.REMOVED, _arrival("removed", part, keyed), old=part)
    for position in pairing.added:
        part = new[position]
        place = _part(at, whole, part, position, keyed).at(None, part)
        yield place.change(Kind.ADDED, _arrival("added", part, keyed), new=part)
    if pairing.reordered:
        kind = Kind.REWRITTEN if order_moot else Kind.CHANGED
        yield at.change(kind, "in another order", old, new)


def _keyed(items: Sequence[object]) -> bool:
    return all(type(part) in _KEYS for part in items) and len(set(map(_key, items))) == len(items)


def _key(part: object) -> str:
    return str(getattr(part, _KEYS[type(part)]))


def _likeness(part: object) -> object:
    match part:
        case ActionSpec():
            return part.kind, part.feature
        case Step():
            return frozenset(spec.kind for spec in part.do)
    return None


def _part(at: Place, whole: Place, part: object, position: int, keyed: bool) -> Place:  # noqa: FBT001
    name = _key(part) if keyed else str(position)
    shown = name if keyed else str(position + 1)
    field = at.path[-1]
    said = f"{_ONE.get(field, field)} {shown}"
    return at.inside(name, f"{whole.said}, {said}" if whole.said else said)


def _arrival(word: str, part: object, keyed: bool) -> str:  # noqa: FBT001
    """Return what came or went; what has a name needs no more, but for what a signal measures."""
    inner = part.measure if isinstance(part, Signal) else part
    inner = part.selection if isinstance(part, NamedSelection) else inner
    return word if keyed and inner is part else f"{word} {node_words(inner)}"


def _policies(old: Policy, new: Policy, at: Place) -> Iterator[Change]:
    before, after = names_of(old.select), names_of(new.select)
    here = replace(at, scope=replace(at.scope, old_names=before, new_names=after))
    for name in meaning(old):
        place = here.field(old, name)
        if name == "when":
            yield from conditions(old.when, new.when, replace(place, wanted=True))
        elif name == "unless":
            yield from parts(old.unless, new.unless, replace(place, wanted=False), conjoined=False)
        elif name == "select":
            for one in of_field(old, new, name, here):
                yield replace(one, affects=_counting(one, old, new))
        else:
            yield from of_field(old, new, name, here)


def _counting(change: Change, old: Policy, new: Policy) -> tuple[str, ...]:
    """Return the signals that count a selection that changed."""
    policy, entry = (old if change.kind is Kind.REMOVED else new), change.path[3:4]
    tree = next((one.selection for one in policy.select if (one.name,) == entry), None)
    if tree is None:
        return ()
    wanted = canonical_bytes(tree)
    return tuple(
        signal.name
        for signal in policy.signals
        if any(
            canonical_bytes(part) == wanted
            for selection in selections_of(signal.measure)
            for part in walk_selection(selection)
        )
    )


def _entries(old: NamedSelection, new: NamedSelection, at: Place) -> Iterator[Change]:
    place = at.inside("selection")
    yield from selections(old.selection, new.selection, place, entry=new.name)


def _signals(old: Signal, new: Signal, at: Place) -> Iterator[Change]:
    place = at.inside("measure")
    if type(old.measure) is type(new.measure):
        yield from node(old.measure, new.measure, place)
    else:
        words = f"{node_words(old.measure)} → {node_words(new.measure)}"
        yield place.change(Kind.CHANGED, words, old.measure, new.measure)


def _responses(old: Response, new: Response, at: Place) -> Iterator[Change]:
    for name in meaning(old):
        if name == "when":
            place = replace(at.field(old, name), wanted=True)
            yield from conditions(old.when, new.when, place)
        elif name == "exculpate" and old.exculpate and new.exculpate:
            place = replace(at.field(old, name), wanted=False)
            yield from conditions(old.exculpate, new.exculpate, place)
        else:
            yield from of_field(old, new, name, at)


def _steps(old: Step, new: Step, at: Place) -> Iterator[Change]:
    for name in meaning(old):
        yield from of_field(old, new, name, replace(at, wanted=True) if name == "guard" else at)


def _tests(old: PolicyTest, new: PolicyTest, at: Place) -> Iterator[Change]:
    for name in meaning(old):
        before, after = getattr(old, name), getattr(new, name)
        if name not in _ACTIVITY:
            yield from of_field(old, new, name, at)
        elif canonical_bytes(before) != canonical_bytes(after):
            yield at.field(old, name).change(Kind.CHANGED, "changed", before, after)


def _exemptions(old: Exemption, new: Exemption, at: Place) -> Iterator[Change]:
    now = frozenset(at.scope.now("policy", name) for name in old.policies)
    yield from node(replace(old, policies=now), new, at)


_SPECIAL: Mapping[type, Special] = {
    Exemption: _exemptions,
    NamedSelection: _entries,
    Policy: _policies,
    PolicyTest: _tests,
    Response: _responses,
    Signal: _signals,
    Step: _steps,
}
