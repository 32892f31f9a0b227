"""Single changes anywhere in a pack, each with the path at which it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from typing import Any

from engine.language.fields import FieldRef
from engine.language.model.pack import Pack
from engine.language.words import ActionKind, Axis, Behaviour, TimePart

KINDS = {
    "policies": "policy",
    "responses": "response",
    "lists": "list",
    "exemptions": "exemption",
    "sources": "source",
    "addenda": "addendum",
}
NAMED = {
    "AddendumVersion": "version",
    "Clause": "id",
    "Connector": "shared",
    "NamedSelection": "name",
    "PolicyTest": "name",
    "Signal": "name",
    "Synchrony": "shared",
    "TermsVersion": "version",
    "Waiver": "clause",
}
_WORDS = {
    "axes": Axis.CONTENT,
    "behaviours": Behaviour.EVASION,
    "actions": ActionKind.SUSPEND,
}
_OPTIONAL = {"time_part": TimePart.HOUR, "other": FieldRef("device_id")}
"""What stands where there is nothing, of other types than numbers."""
_NO_MEANING = {"span", "text", "digest"}


@dataclass(frozen=True)
class Mutation:
    """A changed pack; `path` is where, as far as names and fields tell."""

    path: tuple[str, ...]
    pack: Pack


Rebuild = Callable[[Any], Pack]


def mutations(pack: Pack) -> Iterator[Mutation]:
    """Yield the pack with one thing changed, for everything that can be."""
    for item in fields(pack):
        if item.name in _NO_MEANING:
            continue
        value = getattr(pack, item.name)

        def rebuild(new: Any, name: str = item.name) -> Pack:
            return replace(pack, **{name: new})

        if isinstance(value, tuple) and all(hasattr(one, "name") for one in value):
            kind = KINDS.get(item.name, item.name)
            for position, one in enumerate(value):
                yield Mutation((kind, one.name), rebuild(_without(value, position)))
                yield from _inside(one, (kind, one.name), _element(value, position, rebuild))
        else:
            where = ("pack",) if item.name == "name" else ("pack", pack.name, item.name)
            yield from _inside(value, where, rebuild)


def _element(value: tuple[Any, ...], position: int, rebuild: Rebuild) -> Rebuild:
    return lambda new: rebuild((*value[:position], new, *value[position + 1 :]))


def _without(value: tuple[Any, ...], position: int) -> tuple[Any, ...]:
    return value[:position] + value[position + 1 :]


def _inside(value: Any, path: tuple[str, ...], rebuild: Rebuild) -> Iterator[Mutation]:
    if isinstance(value, FieldRef):
        other = FieldRef("device_id" if value.name != "device_id" else "org_id", value.of_account)
        yield Mutation(path, rebuild(other))
    elif is_dataclass(value):
        yield from _node(value, path, rebuild)
    elif isinstance(value, tuple):
        yield from _sequence(value, path, rebuild)
    elif isinstance(value, frozenset):
        words = _WORDS.get(path[-1], "extra") if path[0] != "exemption" else "extra"
        changed = value - {min(value, key=str)} if value else frozenset({words})
        yield Mutation(path, rebuild(changed))
    elif isinstance(value, Mapping):
        for key in value:
            rest = {other: value[other] for other in value if other is not key}
            yield Mutation((*path, str(getattr(key, "value", key))), rebuild(rest))
    elif value is None and path[-1] in _OPTIONAL:
        yield Mutation(path, rebuild(_OPTIONAL[path[-1]]))
    else:
        for other in _others(value):
            yield Mutation(path, rebuild(other))


def _node(value: Any, path: tuple[str, ...], rebuild: Rebuild) -> Iterator[Mutation]:
    key = NAMED.get(type(value).__name__)
    key = "name" if len(path) == 2 else key
    for item in fields(value):
        if item.name in _NO_MEANING:
            continue
        inner = getattr(value, item.name)

        def renewed(new: Any, name: str = item.name) -> Pack:
            return rebuild(replace(value, **{name: new}))

        # Under another name it is another part: that shows where the parts are listed.
        where = path[:-1] if item.name == key else (*path, item.name)
        yield from _inside(inner, where, renewed)


def _sequence(
    value: tuple[Any, ...], path: tuple[str, ...], rebuild: Rebuild
) -> Iterator[Mutation]:
    if len(value) > 1 and value[0] != value[-1]:
        yield Mutation(path, rebuild((value[-1], *value[1:-1], value[0])))
    for position, part in enumerate(value):
        yield Mutation(path, rebuild(_without(value, position)))
        key = NAMED.get(type(part).__name__)
        if not is_dataclass(part):
            for changed in _inside(part, path, _element(value, position, rebuild)):
                yield Mutation(path, changed.pack)
        else:
            name = str(position) if key is None else str(getattr(part, key))
            yield from _inside(part, (*path, name), _element(value, position, rebuild))


def _others(value: object) -> Iterator[object]:
    match value:
        case bool():
            yield not value
        case Enum():
            members = list(type(value))
            yield members[members.index(value) - 1]
        case int():
            yield value + 1
            yield value - 1
        case float():
            yield value + 0.5
            yield value / 2 if value else -1.0
        case str():
            yield f"{value}x"
            yield " " + value
        case None:
            yield 1
