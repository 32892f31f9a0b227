"""The types of what a document says, before pySigma reads it: what it takes on trust is looked at.

Whether something is there, and whether a text means something, is pySigma's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.language.diagnostic import quote

Place = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Misshapen:
    """A value of the wrong type: where it stands, and what should be there."""

    place: Place
    message: str
    hint: str | None = None


Faults = Iterator[Misshapen]
Shape = Callable[[object, Place], Faults]
_SCALARS = (str, int, float, type(None))
"""What a field is compared with; a truth value is an `int`."""
_QUOTES = "put it in quotes"


def faults_of_shape(data: object) -> Faults:
    """Yield what has the wrong type in a document, in the order of its keys."""
    return _DOCUMENT(data, ())


def _text(value: object, place: Place) -> Faults:
    if not isinstance(value, str):
        yield _expected("text", value, place)
    elif not value.strip():
        yield Misshapen(place, "expected text, found none", "write it, or leave the key out")


def _wording(value: object, place: Place) -> Faults:
    """Text that may be empty."""
    if not isinstance(value, str):
        yield _expected("text", value, place)


def _action(value: object, place: Place) -> Faults:
    """Collections of rules in one file; null would be an action, too."""
    if value not in ("global", "reset", "repeat"):
        wanted = "one of global, reset and repeat"
        yield Misshapen(place, f"expected {wanted}, found {_kind(value)}", "leave the key out")


def _truth(value: object, place: Place) -> Faults:
    if not isinstance(value, bool):
        yield _expected("true or false", value, place)


def _date(value: object, place: Place) -> Faults:
    """A date, which YAML 1.1 has a type for, or the text of one."""
    if not (isinstance(value, str) or hasattr(value, "isoformat")):
        yield _expected("a date", value, place)


def _value(value: object, place: Place) -> Faults:
    if not isinstance(value, _SCALARS):
        yield _expected("text, a number, true, false or null", value, place)


def _list_of(inner: Shape) -> Shape:
    def check(value: object, place: Place) -> Faults:
        if not isinstance(value, list):
            yield _expected("a list", value, place)
            return
        for number, each in enumerate(value):
            yield from inner(each, (*place, number))

    return check


def _one_or_more(inner: Shape) -> Shape:
    several = _list_of(inner)
    return lambda value, place: (several if isinstance(value, list) else inner)(value, place)


def _optional(inner: Shape) -> Shape:
    """Return a shape that may be left out, which is what null says."""
    return lambda value, place: iter(()) if value is None else inner(value, place)


def _mapping(keys: dict[str, Shape], others: Shape | None = None) -> Shape:
    """Return the shape of a mapping; without `others`, other keys may hold anything."""

    def check(value: object, place: Place) -> Faults:
        if not isinstance(value, dict):
            yield _expected("a mapping", value, place)
            return
        for key, each in value.items():
            shape = keys.get(key, others)
            if shape is not None:
                yield from shape(each, (*place, key))

    return check


def _expected(wanted: str, value: object, place: Place) -> Misshapen:
    is_plain = isinstance(value, int | float) or hasattr(value, "isoformat")
    hint = _QUOTES if is_plain and "text" in wanted else f"write {wanted}"
    return Misshapen(place, f"expected {wanted}, found {_kind(value)}", hint)


def _kind(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return f"`{str(value).lower()}`"
        case int() | float():
            return f"the number {quote(value)}"
        case str():
            return f"the text {quote(value)}"
        case list():
            return "a list"
        case dict():
            return "a mapping"
    return f"the date {quote(value)}" if hasattr(value, "isoformat") else "binary data or a set"


def _detection(value: object, place: Place) -> Faults:
    """A map of fields, or a list of maps and keywords, or one keyword."""
    each = (
        [((*place, number), one) for number, one in enumerate(value)]
        if isinstance(value, list)
        else [(place, value)]
    )
    for where, part in each:
        yield from (_items if isinstance(part, dict) else _value)(part, where)


def _items(value: object, place: Place) -> Faults:
    for key, each in value.items() if isinstance(value, dict) else ():
        inner = _wording if "re" in key.split("|")[1:] else _value
        yield from _one_or_more(inner)(each, (*place, key))


_CONDITION = _one_or_more(_text)
_NAMES = _one_or_more(_text)
_ALIASES = _mapping({}, _mapping({}, _text))
_BOUNDS = _mapping({"field": _one_or_more(_text)}, _value)


def _correlation_condition(value: object, place: Place) -> Faults:
    yield from (_text if isinstance(value, str) else _BOUNDS)(value, place)


_DOCUMENT = _mapping(
    {
        "title": _text,
        "id": _optional(_text),
        "name": _optional(_text),
        "action": _action,
        "status": _optional(_text),
        "level": _optional(_text),
        "description": _optional(_wording),
        "author": _optional(_wording),
        "license": _optional(_wording),
        "date": _optional(_date),
        "modified": _optional(_date),
        "tags": _optional(_list_of(_text)),
        "references": _optional(_list_of(_text)),
        "fields": _optional(_list_of(_text)),
        "falsepositives": _optional(_list_of(_value)),
        "scope": _optional(_list_of(_text)),
        "related": _optional(_list_of(_mapping({}, _text))),
        "logsource": _mapping(
            {"category": _optional(_text), "product": _optional(_text), "service": _optional(_text)}
        ),
        "detection": _mapping({"condition": _CONDITION, "timeframe": _value}, _detection),
        "correlation": _mapping(
            {
                "type": _text,
                "rules": _NAMES,
                "group-by": _NAMES,
                "timespan": _text,
                "condition": _correlation_condition,
                "aliases": _ALIASES,
                "generate": _truth,
            }
        ),
        "filter": _mapping({"rules": _NAMES, "condition": _CONDITION}, _detection),
    }
)
