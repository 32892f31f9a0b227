"""Sigma's values, modifiers applied, as the values and modifiers of the language.

Plain values have the same wildcards and escapes in both. What has a type here and none in Sigma is
brought to mean the same: identifiers compare without case, as Sigma's strings do; digits in quotes
are a number where the field is one; the first octets of an address are a network.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from ipaddress import ip_address

from sigma.types import (
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from engine.authoring.sigma import codes
from engine.authoring.sigma.fields import Target
from engine.authoring.sigma.refusal import RefusalError
from engine.language.diagnostic import a, quote
from engine.language.fields import FieldType
from engine.language.source_text import REFUSED
from engine.language.words import Match, TimePart

Plain = str | int | float | bool | None
_EXACT = frozenset({FieldType.IDENTIFIER, FieldType.IDENTIFIERS})
_WHOLE = frozenset({FieldType.INTEGER, FieldType.INTEGERS})
_NUMBERS = _WHOLE | {FieldType.DECIMAL}
_WORDS = frozenset({FieldType.TEXT, FieldType.TEXTS}) | _EXACT
_DIGITS = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,3})?")
_OCTETS = re.compile(r"([0-9]{1,3}\.){1,3}")
_META = re.compile(r"[\\.+*?()|\[\]{}^$]")
_LIST = "list:"
_WILD = {SpecialChars.WILDCARD_MULTI: "*", SpecialChars.WILDCARD_SINGLE: "?"}
_SHAPES = {"*-*": Match.CONTAINS, "-*": Match.STARTSWITH, "*-": Match.ENDSWITH}


@dataclass(frozen=True, slots=True)
class Spelled:
    """One value as a policy writes it."""

    modifiers: tuple[str, ...]
    value: Plain


def spell(
    values: Sequence[SigmaType], target: Target, lists: Collection[str] = ()
) -> list[Spelled]:
    """Return values as a policy writes them; RefusalError for what it cannot write.

    Strings of one test are spelled alike: all with `contains`, or all with wildcards. A placeholder
    is the one of the `lists` that has its name.
    """
    filled = [_filled_in(value, lists) for value in values]
    strings = [
        value
        for value, list_ in zip(values, filled, strict=True)
        if isinstance(value, SigmaString) and list_ is None
    ]
    shape = _shape_of_all(strings, target)
    return [
        list_ or _spelled(value, shape, target) for value, list_ in zip(values, filled, strict=True)
    ]


def _filled_in(value: SigmaType, lists: Collection[str]) -> Spelled | None:
    """Return the list that a placeholder names, where it is the whole value."""
    if not isinstance(value, SigmaString) or not value.contains_placeholder():
        return None
    star = SpecialChars.WILDCARD_MULTI
    match value.s:
        case [Placeholder(name=name)] if name in lists:
            return Spelled((), _LIST + name)
        case [first, Placeholder(name=name), last] if name in lists and first is last is star:
            return Spelled((Match.CONTAINS.value,), _LIST + name)
    raise _placeholder(str(value))


def _spelled(value: SigmaType, shape: Match | None, target: Target) -> Spelled:
    if isinstance(value, SigmaString):
        return _string(value, shape, target)
    return _other(value, target)


def _other(value: SigmaType, target: Target) -> Spelled:
    match value:
        case SigmaTimestampPart():
            return Spelled((_time_part(value, target),), value.number)
        case SigmaNull():
            return Spelled((), None)
        case SigmaExists():
            return Spelled((Match.EXISTS.value,), value.exists)
        case SigmaBool():
            return Spelled((), value.boolean)
        case SigmaNumber():
            return Spelled((), _number(value.number, target))
        case SigmaCompareExpression():
            return _comparison(value, target)
        case SigmaCIDRExpression():
            return Spelled((Match.CIDR.value,), str(value.network))
        case SigmaRegularExpression():
            return _regex(value)
    message = f"pySigma makes {a(type(value).__name__)} of the value"
    raise RefusalError(codes.NO_WORD, message)


def _number(number: float, target: Target) -> Plain:
    return str(number) if target.type in _WORDS else number


def _comparison(value: SigmaCompareExpression, target: Target) -> Spelled:
    """Return a comparison; with a whole number, a limit between two of them is the next one."""
    operator, limit = Match(value.op.name.lower()), value.number.number
    if isinstance(value.number, SigmaTimestampPart):
        return Spelled((_time_part(value.number, target), operator.value), limit)
    if target.type in _WHOLE and not float(limit).is_integer():
        up = operator in (Match.GT, Match.GTE)
        operator = Match.GTE if up else Match.LTE
        limit = math.ceil(limit) if up else math.floor(limit)
    return Spelled((operator.value,), limit)


def _time_part(value: SigmaTimestampPart, target: Target) -> str:
    part = TimePart[value.timestamp_part.name].value
    if target.type is FieldType.TIMESTAMP:
        return part
    message = f"`{part}` compares a part of a time, and {quote(target.name)} is none"
    hint = f"say which field it is: --map {target.name}=ts"
    raise RefusalError(codes.MISFIT, message, hint=hint)


def _regex(value: SigmaRegularExpression) -> Spelled:
    if value.contains_placeholder():
        raise _placeholder(str(value.regexp))
    flags = sorted(value.sigma_to_re_flag[flag] for flag in value.flags)
    return Spelled((Match.RE.value, *flags), _visible(str(value.regexp)))


def _visible(text: str) -> str:
    found = REFUSED.search(text)
    if found is None:
        return text
    message = f"the value holds the control character U+{ord(found.group()[0]):04X}"
    raise RefusalError(codes.MISFIT, message, hint="no policy may hold one")


def _placeholder(value: str) -> RefusalError:
    hint = "give the pack a list of that name, and let the placeholder be the whole value"
    return RefusalError(codes.PLACEHOLDER, f"nothing fills in {quote(value)}", hint=hint)


# Strings.


def _parts(value: SigmaString) -> list[str | SpecialChars]:
    """Return literal text and wildcards in turn; wildcards in a row that say the same once."""
    parts: list[str | SpecialChars] = []
    for part in value.s:
        if isinstance(part, Placeholder):  # `spell` has filled them in, or refused
            raise _placeholder(str(value))
        star = part is SpecialChars.WILDCARD_MULTI
        if not (star and parts and parts[-1] is part):
            parts.append(_visible(part) if isinstance(part, str) else part)
    return parts


def _shape_of_all(strings: Sequence[SigmaString], target: Target) -> Match | None:
    """Return how all of the strings compare, where one modifier says it."""
    if target.type not in {None, FieldType.TEXT}:
        return None
    shapes = {_shape(value) for value in strings}
    (shape,) = shapes if len(shapes) == 1 else (None,)
    return shape


def _shape(value: SigmaString) -> Match | None:
    parts = _parts(value)
    drawn = "".join("-" if isinstance(part, str) else _WILD[part] for part in parts)
    return None if _literal(parts).startswith(_LIST) else _SHAPES.get(drawn)


def _literal(parts: Sequence[str | SpecialChars]) -> str:
    return "".join(part for part in parts if isinstance(part, str))


def _string(value: SigmaString, shape: Match | None, target: Target) -> Spelled:
    parts = _parts(value)
    cased = ("cased",) if isinstance(value, SigmaCasedString) else ()
    if shape is not None:
        return Spelled((shape.value, *cased), _literal(parts))
    adapt = _ADAPTED.get(target.type) if target.type else None
    adapted = adapt(parts) if adapt else None
    if adapted is not None:
        return adapted
    exact = target.type in _EXACT
    literal = _literal(parts)
    if literal.startswith(_LIST) or (exact and not cased and literal.lower() != literal.upper()):
        return _as_regex(parts, cased=bool(cased))
    return Spelled(() if exact else cased, _with_wildcards(value, parts))


def _with_wildcards(value: SigmaString, parts: list[str | SpecialChars]) -> str:
    plain = SigmaString()
    plain.s = list(parts)
    return plain.to_plain(escape_backslash=True) if parts else value.to_plain()


def _as_regex(parts: Sequence[str | SpecialChars], *, cased: bool) -> Spelled:
    pattern = "".join(_in_regex(part) for part in parts)
    wild = any(isinstance(part, SpecialChars) for part in parts)
    flags = [flag for flag, wanted in (("i", not cased), ("s", wild)) if wanted]
    return Spelled((Match.RE.value, *flags), rf"\A{pattern}\z")


def _in_regex(part: str | SpecialChars) -> str:
    if isinstance(part, str):
        return _META.sub(lambda found: "\\" + found.group(), part)
    return ".*" if part is SpecialChars.WILDCARD_MULTI else "."


def _as_number(parts: Sequence[str | SpecialChars]) -> Spelled | None:
    match parts:
        case [str(text)] if _DIGITS.fullmatch(text):
            return Spelled((), float(text) if "." in text else int(text))
    return None


def _as_boolean(parts: Sequence[str | SpecialChars]) -> Spelled | None:
    match parts:
        case [str(text)] if text.lower() in ("true", "false"):
            return Spelled((), text.lower() == "true")
    return None


def _as_network(parts: Sequence[str | SpecialChars]) -> Spelled | None:
    """Return the network that `10.*` or `192.168.1.*` is."""
    match parts:
        case [str(text), SpecialChars.WILDCARD_MULTI] if _OCTETS.fullmatch(text):
            octets = text.removesuffix(".").split(".")
            base = ".".join([*octets, *["0"] * (4 - len(octets))])
            try:
                ip_address(base)
            except ValueError:
                return None
            return Spelled((Match.CIDR.value,), f"{base}/{8 * len(octets)}")
    return None


_ADAPTED: dict[FieldType, Callable[[Sequence[str | SpecialChars]], Spelled | None]] = {
    **dict.fromkeys(_NUMBERS, _as_number),
    FieldType.BOOLEAN: _as_boolean,
    FieldType.ADDRESS: _as_network,
}
"""What a string means to a field that is none; None where it is left as it is written."""
