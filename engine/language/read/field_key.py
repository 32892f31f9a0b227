"""The left side of a test: `account.plan|contains|cased`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.language import codes, other_words
from engine.language.diagnostic import Diagnostics, a, quote
from engine.language.fields import ACCOUNT_FIELDS, EXCHANGE_FIELDS, FieldRef, FieldType
from engine.language.read.mapping import InvalidError, nearest
from engine.language.span import Span
from engine.language.words import Match, TimePart
from engine.language.yaml_nodes import Entry

ACCOUNT_PREFIX = "account."
"""What stands before the fields of accounts."""
SELECTION_WORDS = frozenset({"all", "any", "not", "condition", "keywords"})
"""Keys of selections that are no fields."""
ALL_FIELDS: dict[str, FieldRef] = {
    **{name: FieldRef(name) for name in EXCHANGE_FIELDS},
    **{ACCOUNT_PREFIX + name: FieldRef(name, of_account=True) for name in ACCOUNT_FIELDS},
}

_MATCHES = {match.value: match for match in Match if match is not Match.EQUALS}
_FLAGS = ("i", "m", "s")
_PARTS = {part.value: part for part in TimePart}
MODIFIERS = (*_MATCHES, "in", "cased", "all", *_FLAGS, *_PARTS)

_TEXTUAL = frozenset({FieldType.TEXT, FieldType.IDENTIFIER})
_ANY = frozenset({FieldType.ANY})
_WORDS = _TEXTUAL | _ANY | {FieldType.TEXTS, FieldType.IDENTIFIERS}
_ORDERED = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.TIMESTAMP})
_LISTS = frozenset(type_ for type_ in FieldType if type_.is_list)
_FITS: dict[Match, frozenset[FieldType]] = {
    Match.EQUALS: frozenset(FieldType),
    Match.CONTAINS: _TEXTUAL | _ANY | _LISTS,
    Match.STARTSWITH: _WORDS,
    Match.ENDSWITH: _WORDS,
    Match.RE: _WORDS,
    Match.CIDR: frozenset({FieldType.ADDRESS}) | _ANY,
    Match.EXISTS: frozenset(FieldType),
    Match.FIELDREF: frozenset(FieldType) - _LISTS,
    **dict.fromkeys((Match.GT, Match.GTE, Match.LT, Match.LTE), _ORDERED | _ANY),
}


def modifiers_of(kind: FieldType) -> list[str]:
    """Return the modifiers that go with a type of field."""
    fit = [word for word, match in _MATCHES.items() if kind in _FITS[match]]
    flags = _FLAGS if kind in _FITS[Match.RE] else ()
    parts = _PARTS if kind is FieldType.TIMESTAMP else ()
    return [*fit, "in", "all", *(["cased"] if kind in _WORDS else []), *flags, *parts]


@dataclass(frozen=True, slots=True)
class FieldKey:
    """A field with its modifiers, checked against the field's type."""

    field: FieldRef
    match: Match
    every: bool
    cased: bool
    flags: str
    span: Span
    part: TimePart | None = None

    @property
    def type(self) -> FieldType:
        """The field's type."""
        return self.field.field.type


def field_named(
    name: str, declared: Mapping[str, FieldRef], span: Span, problems: Diagnostics
) -> FieldRef:
    """Return the field of that name; InvalidError, reported with a suggestion, when there is none.

    An account's field without its prefix is the commonest mistake, so it is looked for first.
    """
    if name in ALL_FIELDS:
        return ALL_FIELDS[name]
    if name in declared:
        return declared[name]
    word = other_words.meant("selection", name)
    meant = _meant(name) or nearest(name, declared)
    hint = f"did you mean `{meant}`?" if meant else _UNKNOWN
    hint = f"write `{word}`" if word else hint
    problems.error(codes.UNKNOWN_FIELD, span, f"unknown field {quote(name)}", hint=hint)
    raise InvalidError


_UNKNOWN = "a field that only your records have is declared in a `fields` document"


def _meant(name: str) -> str | None:
    first, dot, rest = name.partition(".")
    if dot and rest in MODIFIERS and first in ALL_FIELDS:
        return f"{first}|{rest}"
    if dot and first in ("accounts", "acct"):
        name = ACCOUNT_PREFIX + rest
    if name in ALL_FIELDS:
        return name
    own = name.removeprefix(ACCOUNT_PREFIX)
    if own != name:
        close = nearest(own, ACCOUNT_FIELDS)
        return ACCOUNT_PREFIX + close if close else nearest(own, EXCHANGE_FIELDS)
    if own in ACCOUNT_FIELDS:
        return ACCOUNT_PREFIX + own
    return nearest(name, EXCHANGE_FIELDS) or nearest(name, ALL_FIELDS)


def read_field_key(
    entry: Entry, declared: Mapping[str, FieldRef], problems: Diagnostics
) -> FieldKey:
    """Read a key such as `prompt|contains|all`."""
    name, *modifiers = entry.key.split("|")
    places = _places(entry)
    ref = field_named(name, declared, places[0], problems)
    _check_known(modifiers, places[1:], ref.field.type, problems)
    matches = [modifier for modifier in modifiers if modifier in _MATCHES]
    key = FieldKey(
        field=ref,
        match=_MATCHES[matches[0]] if matches else Match.EQUALS,
        every="all" in modifiers,
        cased="cased" in modifiers,
        flags="".join(flag for flag in _FLAGS if flag in modifiers),
        span=entry.key_span,
        part=next((_PARTS[modifier] for modifier in modifiers if modifier in _PARTS), None),
    )
    _check_together(modifiers, matches, places[1:], problems)
    _check_fit(key, places[1:], problems)
    return key


def _places(entry: Entry) -> list[Span]:
    """Return the span of the field and of each modifier within the key."""
    span = entry.key_span
    if entry.quoted:
        return [span] * (entry.key.count("|") + 1)
    places, column = [], span.column
    for part in entry.key.split("|"):
        end = column + max(len(part), 1)
        places.append(Span(span.file, span.line, column, span.line, end))
        column += len(part) + 1
    return places


def _check_known(
    modifiers: list[str], places: list[Span], kind: FieldType, problems: Diagnostics
) -> None:
    unknown = [pair for pair in zip(modifiers, places, strict=True) if pair[0] not in MODIFIERS]
    for modifier, place in unknown:
        message = f"unknown modifier {quote(modifier)}"
        hint = _modifier_meant(modifier, kind)
        problems.error(codes.UNKNOWN_MODIFIER, place, message, hint=hint)
    if unknown:
        raise InvalidError


_OF_SIGMA = frozenset(
    {"base64", "base64offset", "expand", "neq", "utf16", "utf16be", "utf16le", "wide", "windash"}
)


def _modifier_meant(modifier: str, kind: FieldType) -> str:
    if modifier.casefold() in _OF_SIGMA:
        return "one of Sigma's: `excise policy import-sigma` writes out what it stands for"
    if "weekday" in modifier.casefold().replace("_", ""):
        return "a time has no day of the week here; `day` is that of the month"
    meant = other_words.meant("modifier", modifier)
    close = nearest(modifier, modifiers_of(kind))
    if meant is not None or close is not None:
        return f"write `{meant}`" if meant else f"did you mean `{close}`?"
    return f"one of: {', '.join(modifiers_of(kind))}"


def _check_together(
    modifiers: list[str], matches: list[str], places: list[Span], problems: Diagnostics
) -> None:
    """Refuse two ways of comparing at once, and modifiers of a comparison that is not there."""
    exclusive = matches + [modifier for modifier in modifiers if modifier == "in"]
    faults = [f"`{second}` does not go with `{exclusive[0]}`" for second in exclusive[1:]] + [
        f"`{flag}` follows `re` only"
        for flag in modifiers
        if flag in _FLAGS and "re" not in modifiers
    ]
    parts = [modifier for modifier in modifiers if modifier in _PARTS]
    faults += [f"`{second}` does not go with `{parts[0]}`" for second in parts[1:]]
    faults += [
        f"`{match}` does not go with `{parts[0]}`"
        for match in matches
        if parts and match in ("exists", "fieldref")
    ]
    if "in" in modifiers and "all" in modifiers:
        faults.append("`in` means any of the values, `all` every one")
    for fault in faults:
        problems.error(codes.MODIFIER_MISFIT, _join(places), fault)
    if faults:
        raise InvalidError


def _check_fit(key: FieldKey, places: list[Span], problems: Diagnostics) -> None:
    type_ = key.type
    if key.part is not None and type_ is not FieldType.TIMESTAMP:
        message = f"`{key.part.value}` does not apply to `{key.field}`, which is {a(type_.value)}"
        hint = f"it applies to: {FieldType.TIMESTAMP.value}"
        problems.error(codes.MODIFIER_MISFIT, _join(places), message, hint=hint)
        raise InvalidError
    if type_ not in _FITS[key.match]:
        fits = ", ".join(other.value for other in FieldType if other in _FITS[key.match])
        message = f"`{key.match.value}` does not apply to `{key.field}`, which is {a(type_.value)}"
        problems.error(codes.MODIFIER_MISFIT, _join(places), message, hint=f"it applies to: {fits}")
        raise InvalidError
    if key.cased and type_ not in _WORDS:
        message = f"`cased` does not apply to `{key.field}`, which is {a(type_.value)}"
        problems.error(codes.MODIFIER_MISFIT, _join(places), message)
        raise InvalidError
    if key.every and not type_.is_list and key.match in _NEVER_EVERY:
        message = f"`all` makes no sense here: `{key.field}` has one value"
        hint = "leave it out, or use it with `contains` or `re`"
        problems.error(codes.MODIFIER_MISFIT, _join(places), message, hint=hint)
        raise InvalidError


_NEVER_EVERY = frozenset(Match) - {Match.CONTAINS, Match.RE}


def _join(places: list[Span]) -> Span:
    first, last = places[0], places[-1]
    return Span(first.file, first.line, first.column, last.end_line, last.end_column)
