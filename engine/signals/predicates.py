"""A test becomes one nullable column: TRUE it holds, FALSE it fails, NULL nothing is known.

The forms here compare an operand with values; whether the field is known is `leaves`'s part. A
comparison with a NULL operand yields NULL, one that no operand can satisfy folds to a constant.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlglot import exp, parse_one

from engine.activity.address import canonical_sql
from engine.activity.address import number_sql as address_number_sql
from engine.activity.cast import EXACT_TYPE, exact_sql, is_exact, number_sql
from engine.activity.folding import fold, folded_sql
from engine.activity.tables import column
from engine.errors import ExciseError
from engine.language.fields import FieldRef, FieldType
from engine.language.model.selection import Test
from engine.language.words import Match
from engine.signals import literals
from engine.signals.sql import (
    DIALECT,
    Condition,
    Sql,
    as_sql,
    boolean,
    call,
    case,
    coalesce,
    compare,
    every,
    integer,
    is_known,
    name,
    some,
    text,
)

_REGEX_CHARACTERS = 6000
"""Length of one combined expression. Measured on 200,000 texts of 230 characters: up to 300 phrases
of three words cost 0.05 s, 1000 of them 1.5 s, since RE2's automaton outgrows its memory."""
_ORDER: dict[Match, type[exp.Binary]] = {
    Match.GT: exp.GT, Match.GTE: exp.GTE, Match.LT: exp.LT, Match.LTE: exp.LTE,
}  # fmt: skip
_BIGGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Operand:
    """What a test looks at: the value as recorded, folded text, and an address's number."""

    raw: Sql
    folded: Sql
    address: Sql


def folded_name(column: str) -> str:
    """Return the name of the column with the folded text of another."""
    return f"folded_{column}"


@functools.cache
def _folded(column: str) -> Sql:
    return parse_one(folded_sql(column), dialect=DIALECT)


def folded(column: str) -> Sql:
    """Return the folded text of a column."""
    return _folded(column).copy()


def column_operand(column: str) -> Operand:
    """Return the operand of a scalar column, whose folded text stands beside it."""
    return Operand(name(column), name(folded_name(column)), name(f"{column}_number"))


def escaped(phrase: str) -> str:
    """Return an RE2 expression that matches just the phrase (RE2's QuoteMeta)."""
    return "".join(_escaped(character) for character in phrase)


def _escaped(character: str) -> str:
    if character == "\0":
        return "\\x00"
    plain = character.isascii() and not (character.isalnum() or character == "_")
    return f"\\{character}" if plain else character


def matches(operand: Sql, expression: str) -> Sql:
    """Return whether an RE2 expression is found anywhere in a text."""
    return call("regexp_matches", operand, text(expression))


def contains_some(operand: Sql, phrases: Sequence[str]) -> Condition:
    """Return whether a text contains one of the phrases: many at once by one expression."""
    if len(phrases) == 1:
        return call("contains", operand, text(phrases[0]))
    return some(matches(operand, "|".join(chunk)) for chunk in _chunks(map(escaped, phrases)))


def _chunks(expressions: Iterable[str]) -> Iterator[list[str]]:
    chunk: list[str] = []
    length = 0
    for expression in expressions:
        if chunk and length + len(expression) > _REGEX_CHARACTERS:
            yield chunk
            chunk, length = [], 0
        chunk.append(expression)
        length += len(expression)
    yield chunk


def phrases_of(test: Test) -> tuple[str, ...]:
    """Return what a test looks for in the folded text, empty if it looks for something else."""
    text_field = test.field.field.type is FieldType.TEXT
    if not text_field or test.cased or test.match is not Match.CONTAINS:
        return ()
    return tuple(dict.fromkeys(fold(literals.written(value)) for value in test.values))


def comparison(test: Test, operand: Operand) -> Condition:
    """Return whether a recorded scalar satisfies the test.

    Raises ExciseError when the type of the field has no such comparison.
    """
    values = [value for value in test.values if value is not None]
    if test.every and len(values) < len(test.values):
        return False
    if test.field.field.type is FieldType.ANY:
        return any_comparison(test, operand, values)
    parts = _by_value(test, operand, values)
    if parts is not None:
        return every(parts) if test.every else some(parts)
    targets = [_as_text(test, value) for value in values]
    subject = operand.folded if folds(test) else operand.raw
    return _text_comparison(test, subject, list(dict.fromkeys(targets)))


def equality(test: Test, other: FieldRef) -> Sql:
    """Return whether two recorded scalars of one type are equal; NULL where one has no value."""
    one, two = (column_operand(column(ref.field)) for ref in (test.field, other))
    kind = test.field.field.type
    if kind is FieldType.ADDRESS:
        return compare(exp.EQ, one.address, two.address)
    if kind is not FieldType.ANY:
        ends = (one.folded, two.folded) if folds(test) else (one.raw, two.raw)
        return compare(exp.EQ, *ends)
    texts = (one.folded, two.folded) if folds(test) else (one.raw, two.raw)
    exact, nearest = (
        compare(exp.EQ, _computed(sql, one.raw), _computed(sql, two.raw))
        for sql in (exact_sql, number_sql)
    )
    as_numbers = coalesce(exact, coalesce(nearest, boolean(False)))
    alike = as_sql(some([compare(exp.EQ, *texts), as_numbers]))
    return case((as_sql(every(is_known(operand.raw) for operand in (one, two))), alike))


def folds(test: Test) -> bool:
    """Return whether a test compares folded text."""
    kind = test.field.field.type
    return kind in (FieldType.TEXT, FieldType.TEXTS, FieldType.ANY) and not test.cased


def _as_text(test: Test, value: literals.Value) -> str:
    target = literals.written(value)
    return fold(target) if folds(test) and test.match is not Match.RE else target


def _text_comparison(test: Test, subject: Sql, targets: list[str]) -> Condition:
    if not test.every and targets and test.match is Match.CONTAINS:
        return contains_some(subject, targets)
    if not test.every and targets and test.match is Match.EQUALS:
        return exp.In(this=subject, expressions=[text(target) for target in targets])
    parts = [_text_form(test)(subject, target) for target in targets]
    return every(parts) if test.every else some(parts)


def _text_form(test: Test) -> Callable[[Sql, str], Sql]:
    match test.match:
        case Match.EQUALS:
            return lambda subject, target: compare(exp.EQ, subject, text(target))
        case Match.CONTAINS:
            return lambda subject, target: call("contains", subject, text(target))
        case Match.STARTSWITH:
            return lambda subject, target: call("starts_with", subject, text(target))
        case Match.ENDSWITH:
            return lambda subject, target: call("ends_with", subject, text(target))
        case Match.RE:
            prefix = "(?i)" if folds(test) else ""
            return lambda subject, target: matches(subject, prefix + target)
    raise _unfit(test)


def _by_value(
    test: Test, operand: Operand, values: Sequence[literals.Value]
) -> list[Condition] | None:
    """Return one condition a value for the types that are not text, None for text."""
    field = test.field.field
    if field.type is FieldType.ADDRESS and test.match in (Match.CIDR, Match.EQUALS):
        return [_within(operand.address, literals.block(field, value)) for value in values]
    if field.type is FieldType.BOOLEAN:
        if test.match is not Match.EQUALS:
            raise _unfit(test)
        return [
            compare(exp.EQ, operand.raw, boolean(literals.truth_value(field, value)))
            for value in values
        ]
    if field.type.is_number or field.type is FieldType.INTEGERS:
        return [_numeric(test, _part(test, operand.raw), value) for value in values]
    return None


def _within(address: Sql, block: literals.Block) -> Sql:
    low, high = (
        exp.cast(exp.Literal.string(str(bound)), "UHUGEINT", dialect=DIALECT)
        for bound in (block.low, block.high)
    )
    return exp.Between(this=address, low=low, high=high)


def _part(test: Test, operand: Sql) -> Sql:
    """Return the part of a time that a test compares, or the operand itself."""
    if test.time_part is None:
        return operand
    return call("date_part", text(test.time_part.value), call("make_timestamp", operand))


def _numeric(test: Test, operand: Sql, value: literals.Value) -> Condition:
    threshold = literals.number(test.field.field, value)
    match test.match:
        case Match.EQUALS | Match.CONTAINS:
            if threshold.denominator != 1 or abs(threshold) > _BIGGEST:
                return False
            return compare(exp.EQ, operand, integer(int(threshold)))
        case Match.GT | Match.LTE:
            bound = literals.floor(threshold)
        case Match.GTE | Match.LT:
            bound = literals.ceiling(threshold)
        case _:
            raise _unfit(test)
    if abs(bound) > _BIGGEST:
        # Beyond every value of the column: above all of them, or below.
        return (bound < 0) == (test.match in (Match.GT, Match.GTE))
    return compare(_ORDER[test.match], operand, integer(bound))


def any_comparison(test: Test, operand: Operand, values: Sequence[literals.Value]) -> Condition:
    """Return whether a value of any type satisfies the test, as Sigma compares.

    Numbers are compared as numbers, whether the record has a number or a text that is one; all else
    as text. Of a list, any element may satisfy a value, and so may the whole as it is written.
    """
    ones = [[value] for value in values] if test.every else [values]
    condition = every(_whole_or_element(test, operand, wanted) for wanted in ones)
    if isinstance(condition, bool):
        return condition
    # What is recorded and is no number is not above 5, and not of unknown size either.
    return case((is_known(operand.raw), coalesce(condition, boolean(False))))


def _whole_or_element(test: Test, operand: Operand, values: Sequence[literals.Value]) -> Condition:
    whole = _some_scalar(test, operand, values)
    element = _some_scalar(test, Operand(name(_ELEMENT), folded(_ELEMENT), name(_ELEMENT)), values)
    if isinstance(whole, bool) or isinstance(element, bool):
        return whole
    kept = exp.Lambda(this=element, expressions=[exp.to_identifier(_ELEMENT)])
    found = call("len", call("list_filter", _elements(operand.raw), kept))
    listed = call("starts_with", operand.raw, text("["))
    inside = case((listed, compare(exp.GT, found, integer(0))))
    return some(coalesce(one, boolean(False)) for one in (whole, inside))


_ELEMENT = "element"


def _elements(array: Sql) -> Sql:
    """Return what is in a JSON array, as texts; NULL where a text is none."""
    valid = case((call("json_valid", array.copy()), array.copy()))
    parsed = exp.TryCast(this=valid, to=exp.DataType.build("JSON", dialect=DIALECT))
    return exp.TryCast(this=parsed, to=exp.DataType.build("VARCHAR[]", dialect=DIALECT))


def _some_scalar(test: Test, operand: Operand, values: Sequence[literals.Value]) -> Condition:
    if test.match in _ORDER:
        parts: list[Condition] = [_as_number(test, operand.raw, value) for value in values]
    elif test.match is Match.CIDR:
        address = exp.Paren(this=_address(operand.raw))
        parts = [_within(address.copy(), literals.block(test.field.field, one)) for one in values]
    else:
        texts = [_as_text(test, one) for one in values if not _is_number(test, one)]
        subject = operand.folded if folds(test) else operand.raw
        parts = [_as_number(test, operand.raw, one) for one in values if _is_number(test, one)]
        if texts:
            parts.append(_text_comparison(test, subject, list(dict.fromkeys(texts))))
    return some(coalesce(as_sql(part), boolean(False)) for part in parts)


def _is_number(test: Test, value: literals.Value) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and test.match is Match.EQUALS


def _as_number(test: Test, operand: Sql, value: literals.Value) -> Sql:
    """Compare exactly where both numbers have few enough digits, else as the nearest doubles."""
    form = _ORDER.get(test.match, exp.EQ)
    wanted = f"{Decimal(str(value)):f}"
    nearest = compare(form, _computed(number_sql, operand), exp.Literal.number(str(value)))
    if not is_exact(wanted):
        return nearest
    own = _computed(exact_sql, operand)
    bound = exp.cast(exp.Literal.string(wanted), EXACT_TYPE, dialect=DIALECT)
    return case((is_known(own), compare(form, own.copy(), bound)), default=nearest)


def _computed(sql: Callable[[str], str], operand: Sql) -> Sql:
    return parse_one(sql(operand.sql(dialect=DIALECT)), dialect=DIALECT)


def _address(operand: Sql) -> Sql:
    canonical = canonical_sql(operand.sql(dialect=DIALECT))
    return parse_one(address_number_sql(f"({canonical})"), dialect=DIALECT)


def _unfit(test: Test) -> ExciseError:
    kind = test.field.field.type.value
    return ExciseError(
        f"`{test.field}` is of type {kind}, which `{test.match.value}` cannot compare"
    )
